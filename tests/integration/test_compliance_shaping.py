"""Rows arranged for pages, words of dates and states, cells of exports."""

from __future__ import annotations

from datetime import date, datetime, timezone
from typing import Any

import pytest

import ckan.plugins.toolkit as tk

from ckanext.actionplan import labels, wording
from ckanext.actionplan.core.status import ATTENTION, Status
from ckanext.actionplan.logic import history
from ckanext.actionplan.views import shaping


def dataset(**values: Any) -> dict[str, Any]:
    row = {
        "on_time": True,
        "passport_gaps": [],
        "machine_readable": True,
        "presence": "present",
    }
    return {**row, **values}


@pytest.mark.parametrize(
    ("text", "number"),
    [(None, 1), ("", 1), ("0", 1), ("-2", 1), ("x", 1), ("7", 7), ("9" * 30, 1)],
)
def test_page_numbers_of_addresses(text: str | None, number: int) -> None:
    assert shaping.page_number(text) == number


def test_a_page_too_far_is_the_last_one() -> None:
    rows = [{"n": n} for n in range(5)]
    page = shaping.cut(rows, 9, 2)
    assert (page.rows, page.number, page.pages, page.count) == ([{"n": 4}], 3, 3, 5)
    assert shaping.cut([], 4, 2).pages == 1


def test_every_state_stands_in_one_group() -> None:
    grouped = [state for states in shaping.GROUPS.values() for state in states]
    assert sorted(grouped) == sorted(Status)


def test_groups_show_the_first_rows_and_count_all() -> None:
    tasks = [{"status": state.value} for state in reversed(ATTENTION)] * 2
    groups = {group.key: group for group in shaping.groups(tasks, 3)}
    assert list(groups) == ["todo", "waiting", "later", "done", "aside"]
    assert (len(groups["todo"].rows), groups["todo"].count) == (3, 12)
    assert list(shaping.counts(tasks)) == [state.value for state in ATTENTION]
    assert set(shaping.counts(tasks).values()) == {2}
    assert shaping.groups([], 3) == []


def task(**values: Any) -> dict[str, Any]:
    row = {
        "status": "due",
        "topic": "",
        "section": "",
        "plan_name": "p",
        "plan_title": "План",
        "position": 0,
    }
    return {**row, **values}


def test_filters_take_a_state_or_a_group() -> None:
    tasks = [task(status=state) for state in ("overdue", "due", "done_late")]
    assert shaping.tasks(tasks, {"status": "due"}) == [tasks[1]]
    assert shaping.tasks(tasks, {"status": "todo"}) == tasks[:2]
    assert shaping.tasks(tasks, {"status": "nonsense"}) == []
    assert shaping.tasks(tasks, {}) == tasks


def test_filters_of_tasks_narrow_together() -> None:
    first = task(topic="audit", section="I")
    second = task(topic="audit", section="II", plan_name="q")
    tasks = [first, second]
    assert shaping.tasks(tasks, {"topic": "audit"}) == tasks
    assert shaping.tasks(tasks, {"topic": "audit", "section": "II"}) == [second]
    assert shaping.tasks(tasks, {"plan": "p", "section": "II"}) == []
    assert shaping.tasks(tasks, {"plan": "", "section": "", "status": "due"}) == tasks


def test_only_choices_that_part_the_tasks_are_offered() -> None:
    rows = [
        task(topic="training", section="Б. Друге", position=1),
        task(topic="audit", section="А. Після другого", position=2),
        task(topic="audit", section="", position=3),
    ]
    assert shaping.task_choices(rows) == {
        "topic": [("audit", "Information audit"), ("training", "Training")],
        "section": [("Б. Друге",) * 2, ("А. Після другого",) * 2],
    }
    other = task(plan_name="a", plan_title="А план", section="З іншого")
    offered = shaping.task_choices([*rows, other])
    assert offered["plan"] == [("a", "А план"), ("p", "План")]
    assert offered["section"][0] == ("З іншого", "З іншого")


@pytest.mark.parametrize(
    ("values", "key", "concerns"),
    [
        ({"on_time": False}, "late", ["timeliness"]),
        ({"on_time": None}, "not_judged", []),
        ({"passport_gaps": ["purpose"]}, "passport", ["quality"]),
        ({"passport_gaps": ["maintainer"]}, "passport", ["quality", "openness"]),
        ({"machine_readable": False}, "formats", ["quality"]),
        ({"presence": "missing"}, "missing", ["harvest"]),
        ({"presence": "outdated"}, "outdated", ["harvest"]),
        ({"presence": "not_measured"}, "presence_not_measured", []),
    ],
)
def test_filters_of_datasets(
    values: dict[str, Any], key: str, concerns: list[str]
) -> None:
    good, other = dataset(), dataset(**values)
    assert shaping.datasets([good, other], key) == [other]
    assert shaping.dataset_concerns(other) == concerns
    assert shaping.dataset_counts([good, other])[key] == 1
    assert shaping.datasets([good], "nonsense") == []


def test_tasks_speak_of_the_datasets_that_fall_short() -> None:
    tasks = [{"topic": "harvest"}, {"topic": "news"}]
    datasets = [dataset(presence="missing", on_time=False), dataset()]
    assert shaping.concern(tasks, datasets) == {"timeliness", "harvest"}
    assert [task["concerns"] for task in tasks] == [["harvest"], []]
    assert datasets[1]["concerns"] == []


def test_every_state_has_a_sign_and_a_word() -> None:
    found = labels.statuses()
    assert set(found) == {state.value for state in Status}
    assert all(label.sign and label.word for label in found.values())
    words = [label.word for label in found.values()]
    assert len(set(words)) == len(words)
    assert labels.status("new state").word == "new state"


def test_an_unknown_key_is_shown_as_it_is() -> None:
    assert labels.text("reason", "new-reason") == "new-reason"
    assert labels.topics()["harvest"]


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [(17, 20, 85), (2, 3, 66), (0, 5, 0), (7, 5, 100), (1, 0, None), (None, 5, None)],
)
def test_a_share_is_never_rounded_up(part: Any, whole: Any, percent: Any) -> None:
    assert wording.percent(part, whole) == percent


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("2026-Q3", "Q3 2026"),
        ("2026-H1", "half 1 of 2026"),
        ("2026-03", "March 2026"),
        ("2026", "2026"),
        ("once", ""),
        ("once-2", ""),
    ],
)
def test_periods_in_words(name: str, words: str) -> None:
    assert wording.period(name) == words


def test_days_and_moments_stand_in_the_portals_zone() -> None:
    late = datetime(2026, 9, 30, 22, 30, tzinfo=timezone.utc)
    assert wording.as_day(late) == date(2026, 10, 1)
    assert wording.as_day(late.isoformat()) == date(2026, 10, 1)
    assert wording.day("2026-09-30") == wording.day(date(2026, 9, 30)) == "Sep 30, 2026"
    assert wording.moment(late).startswith("Oct 1, 2026, 1:30")
    assert (wording.day(None), wording.moment(None), wording.as_day("")) == (
        "",
        "",
        None,
    )


def test_due_in_words() -> None:
    day = date(2026, 9, 30)
    due = wording.due
    assert due({"due_on": None}) == "no date"
    assert due({"due_on": day, "occurrence": "once", "kind": "dated"}).startswith("by ")
    quarter = {"due_on": day, "occurrence": "2026-Q3"}
    assert due({**quarter, "kind": "recurring"}).startswith("Q3 2026, by ")
    assert due({**quarter, "kind": "confirmation"}).startswith("confirm Q3 2026, by ")
    assert wording.days_past(1) == "1 day"
    assert wording.days_past(52) == "52 days"
    assert wording.days_past(None) == ""


def test_spreadsheets_of_a_language_with_decimal_commas_want_semicolons(
    app: Any,
) -> None:
    with app.flask_app.test_request_context(environ_overrides={"CKAN_LANG": "en"}):
        assert tk.h.actionplan_separator() is None
    with app.flask_app.test_request_context(environ_overrides={"CKAN_LANG": "uk"}):
        assert tk.h.actionplan_separator() == "semicolon"
        assert wording.number(7.5) == "7,5"


def test_what_asks_nothing_now_is_folded() -> None:
    def row(status: str, report: bool = False) -> dict[str, Any]:
        return {"status": status, "report": {"state": "accepted"} if report else None}

    names = ("before_tracking", "before_tracking", "overdue", "due", "upcoming")
    rows = [row(name) | {"id": n} for n, name in enumerate((*names, "upcoming"))]
    rows[0]["report"] = {"state": "accepted"}
    (folded,) = shaping.fold([{"obligations": rows}], whole=False)
    assert [row["id"] for row in folded["shown"]] == [0, 2, 3, 4]
    assert folded["folded"] == {"upcoming": 1, "before_tracking": 1}
    (whole,) = shaping.fold([{"obligations": rows}], whole=True)
    assert (whole["shown"], whole["folded"]) == (rows, {})
    (few,) = shaping.fold([{"obligations": rows[-2:]}], whole=False)
    assert (few["shown"], few["folded"]) == (rows[-2:], {})
    past = [row("before_tracking") | {"id": n} for n in range(5)]
    (quiet,) = shaping.fold([{"obligations": past}], whole=False)
    assert quiet["shown"]


def test_what_was_saved_together_stands_together() -> None:
    def change(field: str, *, act: str = "", **words: str) -> dict[str, Any]:
        return {
            "changed_at": datetime(2026, 11, 1, tzinfo=timezone.utc),
            "author": None,
            "act": act,
            "amendment": bool(act),
            "task_id": "",
            "field": field,
            "before_words": "",
            "after_words": "",
            **words,
        }

    saves = history.saves(
        [
            change("participants", after_words="Водоканал"),
            change("participants", before_words="Архів"),
            change("deadline", act="Рішення № 5"),
            change("topic"),
            change("deadline", act="Рішення № 5"),
        ]
    )
    assert [(save["act"], len(save["changes"])) for save in saves] == [
        ("", 2),
        ("Рішення № 5", 2),
    ]
    joined = saves[0]["changes"][0]
    assert (joined["before_words"], joined["after_words"]) == ("Архів", "Водоканал")
