"""«Стан виконання» and headings of a report, built from rows alone."""

from __future__ import annotations

from datetime import date, datetime, timezone

import pytest

from ckanext.actionplan import clock
from ckanext.actionplan.core.status import Status
from ckanext.actionplan.logic import execution_words
from ckanext.actionplan.logic.execution_words import evidence_words, lines, obligation

AS_OF = date(2026, 10, 15)


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setattr(execution_words.words, "language", lambda: "en")
    monkeypatch.setattr(clock, "zone_name", lambda: "Europe/Kyiv")


def row(status, **values):
    title = values.pop("title", "Водоканал")
    given = {
        "id": f"{title}-{values.get('occurrence', 'once')}",
        "occurrence": "once",
        "event_title": None,
        "due_on": date(2026, 9, 30),
        "due_before": None,
        "moved_by": None,
        "reason": "",
        "withdrawn_by": "",
        "status": Status(status).value,
        "days": 15,
        "organization": {"title": title},
        "parties": [],
        "report": None,
        "insider": False,
        "evidence": [],
    }
    return {**given, **values}


def report(state="accepted", **values):
    given = {
        "state": state,
        "done_on": date(2026, 9, 12),
        "note": None,
        "comment": None,
        "changed_at": datetime(2026, 9, 20, 12, tzinfo=timezone.utc),
    }
    return {**given, **values}


@pytest.mark.parametrize(
    ("status", "values", "said"),
    [
        ("done_on_time", {"report": report()}, "done on Sep 12, 2026."),
        (
            "done_late",
            {"report": report(), "due_on": date(2026, 8, 31)},
            "done late, on Sep 12, 2026 instead of Aug 31, 2026.",
        ),
        (
            "submitted",
            {"report": report("submitted", done_on=None)},
            "reported on Sep 20, 2026, under review.",
        ),
        (
            "submitted",
            {"report": report("submitted"), "insider": True},
            "reported as done on Sep 12, 2026, not accepted yet.",
        ),
        (
            "returned",
            {"report": report("returned")},
            "the report was returned on Sep 20, 2026.",
        ),
        ("overdue", {}, "not done, overdue by 15 days as of Oct 15, 2026."),
        (
            "reporting",
            {"days": 1},
            "not done, overdue by 1 day as of Oct 15, 2026.",
        ),
        (
            "to_confirm",
            {},
            "not confirmed as of Oct 15, 2026, was to be by Sep 30, 2026.",
        ),
        ("due", {}, "not reported yet, due by Sep 30, 2026."),
        ("upcoming", {}, "not reported yet, due by Sep 30, 2026."),
        ("withdrawn", {"withdrawn_by": "Рішення № 5"}, "withdrawn by Рішення № 5."),
        ("withdrawn", {}, "withdrawn."),
        ("not_applicable", {"report": report()}, "not applicable."),
        (
            "before_tracking",
            {},
            "was due on Sep 30, 2026, before the portal began to follow the plan.",
        ),
        ("unresolved", {}, "not judged: the deadline names no day."),
        (
            "unresolved",
            {"reason": "no_start"},
            "not judged: the plan has no first day.",
        ),
    ],
)
def test_each_state_in_words(status, values, said):
    assert lines([row(status, **values)], AS_OF) == [f"Водоканал: {said}"]


def test_no_state_is_without_words():
    for status in Status:
        assert obligation(row(status, report=report()), AS_OF)


def test_what_was_done_and_what_proves_it_come_after_the_day():
    order = {
        "kind": "act",
        "title": "Наказ",
        "number": "12",
        "date": date(2026, 9, 11),
        "link": "https://council.example/12",
    }
    done = row("done_on_time", report=report(note="Набори оновлено"), evidence=[order])
    assert obligation(done, AS_OF) == (
        "Done on Sep 12, 2026. Набори оновлено. "
        "Наказ of Sep 11, 2026 № 12, https://council.example/12"
    )


def test_evidence_names_what_there_is():
    only = {"kind": "link", "title": "", "number": "", "date": None, "link": "x"}
    assert evidence_words(only) == "x"
    assert execution_words.evidence(None) == []
    assert execution_words.evidence({"link": None}) == []
    assert execution_words.evidence({"link": "x"}) == [only]


def test_amendments_are_told():
    moved = row("due", due_before=date(2026, 6, 30), moved_by="Рішення № 5")
    assert lines([moved], AS_OF, alone=True) == [
        "Not reported yet, due by Sep 30, 2026 "
        "(the last day was Jun 30, 2026, moved by Рішення № 5)."
    ]


def test_drafts_and_remarks_are_marked():
    draft = row("overdue", report=report("draft", note="ще пишемо"))
    assert lines([draft], AS_OF)[0].endswith("Draft: ще пишемо.")
    sent_back = row("returned", report=report("returned", comment="Де посилання?"))
    assert lines([sent_back], AS_OF)[0].endswith("Reviewer: Де посилання?")


def test_several_occurrences_are_told_apart():
    quarters = [
        row(
            "done_on_time",
            report=report(),
            occurrence="2026-Q1",
            due_on=date(2026, 3, 31),
        ),
        row("overdue", occurrence="2026-Q2", due_on=date(2026, 6, 30)),
        row("overdue", occurrence="once"),
    ]
    assert lines(quarters, AS_OF, alone=True)[::2] == [
        "Quarter I of 2026:",
        "Quarter II of 2026:",
        "By Sep 30, 2026:",
    ]


def test_co_executors_are_named_or_counted():
    few = row("overdue", parties=[{"title": "Архів"}, {"title": "Музей"}])
    assert lines([few], AS_OF)[0].startswith(
        "Водоканал (together with Архів, Музей): not done"
    )
    many = row("overdue", parties=[{"title": str(n)} for n in range(5)])
    assert lines([many], AS_OF)[0].startswith("Водоканал and 5 more: not done")


def test_many_are_summed_up():
    done = [row("done_on_time", title=f"А{n}", report=report()) for n in range(3)]
    missing = [row("overdue", title=f"Б{n}") for n in range(2)]
    aside = [row("not_applicable", title="В")]
    assert lines([*missing, *aside, *done], AS_OF) == [
        "Done: 3 of 5.",
        "Done on Sep 12, 2026: А0; А1; А2.",
        "Not done, overdue by 15 days as of Oct 15, 2026: Б0; Б1.",
        "Not applicable: В.",
    ]


def test_few_tell_each_what_they_did_and_many_do_not():
    def told(count):
        rows = [
            row("done_on_time", title=f"А{n}", report=report(note=f"справа {n}"))
            for n in range(count)
        ]
        return lines(rows, AS_OF)

    assert told(10)[1] == "А0: done on Sep 12, 2026. справа 0."
    assert len(told(10)) == 11
    assert len(told(11)) == 2


def test_only_those_set_aside_are_not_counted():
    found = lines([row("withdrawn", title="А"), row("withdrawn", title="Б")], AS_OF)
    assert found == ["Withdrawn: А; Б."]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("2026-Q3", "quarter III of 2026"),
        ("2026-H2", "half-year II of 2026"),
        ("2026", "the year 2026"),
        ("2026-03", "March 2026"),
        ("once", ""),
    ],
)
def test_periods_in_words(name, said):
    assert execution_words.period(name) == said


@pytest.mark.parametrize(
    ("language", "title", "said"),
    [
        ("uk", "План дій громади", "on the execution of Плану дій громади"),
        ("uk", "ПЛАН ДІЙ", "on the execution of ПЛАНУ ДІЙ"),
        ("uk", "Програма розвитку", "on the execution of Програми розвитку"),
        ("uk", "Дорожня карта", "on the execution of “Дорожня карта”"),
        ("uk", "План", "on the execution of “План”"),
        ("en", "План дій громади", "on the execution of “План дій громади”"),
    ],
)
def test_title_of_the_plan_in_its_case(monkeypatch, language, title, said):
    monkeypatch.setattr(execution_words.words, "language", lambda: language)
    shown = {"plan": {"title": title, "name": "plan"}, "period": "2026-Q3"}
    assert execution_words.heading(shown) == ["REPORT", said, "for quarter III of 2026"]


def test_days_of_a_ukrainian_paper_are_in_digits(monkeypatch):
    monkeypatch.setattr(execution_words.words, "language", lambda: "uk")
    assert execution_words.day(date(2026, 9, 3)) == "03.09.2026"
    assert execution_words.day(None) == ""
