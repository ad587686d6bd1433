"""Rows joined, parted, taken for headings: nothing that was printed or typed is lost."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from ckanext.actionplan.core.plan import TASK_TEXTS
from ckanext.actionplan.logic.corrections import correct

READINGS = {
    "до 31.03.2026": "../2026-03-31",
    "до 30.06.2026": "../2026-06-30",
    "до 31.03.2026 до 30.06.2026": "../2026-03-31; ../2026-06-30",
}


def _reread(wording: str, plan: Any) -> str:
    return READINGS.get(wording, "")


def _task(key: str, **values: Any) -> dict[str, Any]:
    return {
        "key": key,
        **dict.fromkeys(TASK_TEXTS, ""),
        "section": "А",
        "principle": "",
        "executors": [],
        **values,
    }


def _draft() -> tuple[dict[str, Any], dict[str, Any]]:
    data = {
        "title": "План",
        "executors": [
            {"name": "Відділ", "who": "outside", "organizations": []},
            {"name": "Служба", "who": "owner", "organizations": []},
        ],
        "tasks": [
            _task(
                "t1",
                number="1.1",
                title="Скласти перелік",
                deadline="до 31.03.2026",
                due="../2026-03-31",
                indicator="Перелік складено",
                executors=["Відділ"],
                id="kept",
            ),
            _task(
                "t2",
                title="та оприлюднити його",
                deadline="до 30.06.2026",
                due="../2026-06-30",
                indicator="і оприлюднено",
                executors=["Служба"],
                topic="register",
            ),
            _task("t3", number="1.2", title="Навчати", executors=["Відділ"]),
            _task("t4", number="2.1", title="Перевіряти", section="Б"),
        ],
    }
    review = {
        "tasks": {
            key: {
                "origin": {"table": 1, "row": row},
                "cells": {"task": data["tasks"][row - 2]["title"]},
                "joined": [],
                "notes": [],
            }
            for row, key in enumerate(("t1", "t2", "t3", "t4"), 2)
        },
        "rows": [
            {
                "key": "r1",
                "after": "t2",
                "taken_for": "noise",
                "text": "1.7. Рядок між завданнями",
                "origin": {"table": 1, "row": 9},
                "task": None,
            },
        ],
    }
    return data, review


def _do(data: Any, review: Any, *rows: dict[str, Any], **changes: Any) -> Any:
    before = copy.deepcopy((data, review))
    out = correct(data, review, {"rows": list(rows), **changes}, _reread)
    assert (data, review) == before, "the draft itself is not touched"
    return out


def _done(*rows: dict[str, Any], **changes: Any) -> Any:
    out = _do(*_draft(), *rows, **changes)
    assert out.errors == {}
    return out


def _keys(out: Any) -> list[str]:
    return [task["key"] for task in out.data["tasks"]]


JOIN = {"key": "t2", "act": "join"}


def test_a_row_is_joined_with_the_row_above() -> None:
    out = _done(JOIN)
    assert _keys(out) == ["t1", "t3", "t4"]
    task = out.data["tasks"][0]
    assert task["title"] == "Скласти перелік та оприлюднити його"
    assert task["indicator"] == "Перелік складено і оприлюднено"
    assert task["deadline"] == "до 31.03.2026 до 30.06.2026"
    assert task["due"] == "../2026-03-31; ../2026-06-30"
    assert task["executors"] == ["Відділ", "Служба"]
    assert out.review["tasks"]["t1"]["joined"] == [{"table": 1, "row": 3}]
    # The line that stood behind the joined row stands behind the task now.
    assert out.review["rows"][0]["after"] == "t1"


def test_an_empty_deadline_leaves_the_reading_alone() -> None:
    data, review = _draft()
    data["tasks"][1] |= {"deadline": "", "due": ""}
    out = _do(data, review, JOIN)
    assert out.data["tasks"][0]["due"] == "../2026-03-31"
    assert out.data["tasks"][0]["deadline"] == "до 31.03.2026"


def test_a_number_that_is_text_is_joined_with_its_row() -> None:
    data, review = _draft()
    data["tasks"][1] |= {"number": "2025", "title": "року"}
    review["tasks"]["t2"]["cells"] = {"task": "2025. року"}
    out = _do(data, review, JOIN)
    assert out.data["tasks"][0]["title"] == "Скласти перелік 2025. року"
    assert out.data["tasks"][0]["number"] == "1.1"


def test_separating_gives_back_the_rows() -> None:
    data, _ = _draft()
    joined = _done({"key": "t2", "act": "join"})
    out = _do(joined.data, joined.review, {"key": "t1", "act": "separate", "piece": 1})
    assert out.errors == {}
    first, second = out.data["tasks"][:2]
    assert first == data["tasks"][0]
    assert {**second, "key": "t2"} == data["tasks"][1]
    assert out.review["tasks"][second["key"]]["origin"] == {"table": 1, "row": 3}
    assert out.review["tasks"]["t1"]["pieces"] == []


def test_separating_keeps_what_was_typed_into_the_joined_row() -> None:
    joined = _done(JOIN)
    typed = {"key": "t1", "title": "Скласти повний перелік та оприлюднити його"}
    out = _do(
        joined.data,
        joined.review,
        {"key": "t1", "act": "separate", "piece": 1},
        tasks=[typed],
    )
    titles = [task["title"] for task in out.data["tasks"][:2]]
    assert titles == ["Скласти повний перелік", "та оприлюднити його"]


def test_rows_that_the_reader_joined_are_given_back() -> None:
    data, review = _draft()
    values = {"number": "", "title": "", "deadline": "до 30.06.2026", "indicator": ""}
    first = {n: data["tasks"][0][n] for n in ("number", "title", "deadline")}
    data["tasks"][0] |= {
        "deadline": "до 31.03.2026 до 30.06.2026",
        "due": READINGS["до 31.03.2026 до 30.06.2026"],
        "executors": ["Відділ Служба"],
    }
    review["tasks"]["t1"] |= {
        "notes": [{"code": "deadlines_joined", "field": "deadline", "params": {}}],
        "executors": ["Відділ Служба"],
        "pieces": [
            {
                "origin": {"table": 1, "row": 2},
                "cells": {"task": "1.1. Скласти перелік"},
                "values": {
                    **first,
                    "indicator": "Перелік складено",
                    "executors": ["Відділ"],
                },
            },
            {
                "origin": {"table": 1, "row": 7},
                "cells": {"deadline": "до 30.06.2026"},
                "values": {**values, "executors": ["Служба"]},
            },
        ],
    }
    out = _do(data, review, {"key": "t1", "act": "separate", "piece": 1})
    first, second = out.data["tasks"][:2]
    assert (first["due"], second["due"]) == ("../2026-03-31", "../2026-06-30")
    assert (first["executors"], second["executors"]) == (["Відділ"], ["Служба"])
    # Another deadline row is one more deadline of the same task.
    assert (second["number"], second["title"]) == ("1.1", "Скласти перелік")
    assert second["section"] == "А"
    assert out.review["tasks"]["t1"]["notes"] == []


def test_one_task_becomes_two_with_divided_texts() -> None:
    parts = [
        {"indicator": "Перелік складено"},
        {"title": "Оприлюднити", "deadline": "до 30.06.2026", "executors": ["Служба"]},
    ]
    out = _done({"key": "t1", "act": "split", "parts": parts})
    first, second = out.data["tasks"][:2]
    assert first["id"] == "kept"
    assert "id" not in second
    assert second["title"] == "Оприлюднити"
    assert second["due"] == "../2026-06-30"
    assert second["executors"] == ["Служба"]
    assert second["indicator"] == "Перелік складено"
    assert second["number"] == "1.1"


def test_a_proposal_is_confirmed_or_declined() -> None:
    data, review = _draft()
    parts = [
        {"indicator": "Перелік складено", "topic": "register"},
        {"indicator": "і перевірено", "topic": "audit", "due": ""},
    ]
    review["tasks"]["t1"] |= {
        "proposals": [
            {"kind": "split", "text": "і перевірено", "confidence": 0.7, "parts": parts}
        ],
        "notes": [{"code": "second_duty", "field": "indicator", "params": {}}],
    }
    out = _do(data, review, {"key": "t1", "act": "confirm", "proposal": 0})
    first, second = out.data["tasks"][:2]
    assert (first["topic"], second["topic"]) == ("register", "audit")
    assert (first["due"], second["due"]) == ("../2026-03-31", "")
    assert out.review["tasks"]["t1"]["proposals"] == []
    out = _do(data, review, {"key": "t1", "act": "decline", "proposal": 0})
    assert out.data["tasks"] == data["tasks"]
    assert out.review["tasks"]["t1"]["proposals"] == []
    assert out.review["tasks"]["t1"]["notes"] == []


def test_a_heading_names_the_section_of_what_follows() -> None:
    out = _done({"key": "t2", "act": "section"})
    sections = [task["section"] for task in out.data["tasks"]]
    assert sections == ["А", "А", "та оприлюднити його", "Б"]
    assert out.review["tasks"]["t2"]["left_out"] is True
    for act in ("task", "noise"):
        back = _do(out.data, out.review, {"key": "t2", "act": act})
        assert [task["section"] for task in back.data["tasks"]] == ["А", "А", "А", "Б"]
        assert back.review["tasks"]["t2"]["left_out"] is (act == "noise")


def test_a_line_becomes_a_task() -> None:
    out = _done({"key": "r1", "act": "task"})
    assert _keys(out) == ["t1", "t2", "t5", "t3", "t4"]
    task = out.data["tasks"][2]
    assert (task["number"], task["title"]) == ("1.7", "Рядок між завданнями")
    assert task["section"] == "А"
    assert out.review["tasks"]["t5"]["origin"] == {"table": 1, "row": 9}


def test_a_line_becomes_a_heading_and_nothing_again() -> None:
    out = _done({"key": "r1", "act": "section"})
    sections = [task["section"] for task in out.data["tasks"]]
    assert sections == ["А", "А", "1.7. Рядок між завданнями", "Б"]
    out = _do(out.data, out.review, {"key": "r1", "act": "noise"})
    assert [task["section"] for task in out.data["tasks"]] == ["А", "А", "А", "Б"]


def test_a_line_goes_on_a_field_of_the_task_above() -> None:
    out = _done({"key": "r1", "act": "join", "into": "indicator"})
    task = out.data["tasks"][1]
    assert task["indicator"] == "і оприлюднено 1.7. Рядок між завданнями"
    assert task["title"] == "та оприлюднити його"
    out = _do(out.data, out.review, {"key": "t2", "act": "separate", "piece": 1})
    assert out.data["tasks"][1]["indicator"] == "і оприлюднено"


def test_what_was_added_is_removed_and_what_was_printed_left_out() -> None:
    added = _done(tasks=[{"after": "t1"}])
    assert _keys(added) == ["t1", "t5", "t2", "t3", "t4"]
    out = _do(added.data, added.review, {"key": "t5", "act": "remove"})
    assert _keys(out) == ["t1", "t2", "t3", "t4"]
    out = _do(out.data, out.review, {"key": "t2", "act": "remove"})
    assert _keys(out) == ["t1", "t2", "t3", "t4"]
    assert out.review["tasks"]["t2"]["left_out"] is True


STEPS: tuple[dict[str, Any], ...] = (
    JOIN,
    {"key": "t2", "act": "noise"},
    {"key": "t2", "act": "section"},
    {"key": "r1", "act": "task"},
    {"key": "r1", "act": "section"},
    {"key": "r1", "act": "join", "into": "deadline"},
    {"key": "t1", "act": "split", "parts": [{}, {"title": "Інше"}]},
)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step["act"])
def test_every_step_can_be_undone_and_made_again(step: dict[str, Any]) -> None:
    data, review = _draft()
    done = _done(step)
    back = _do(done.data, done.review, {"act": "undo"})
    assert back.data == data
    assert back.review["tasks"] == review["tasks"]
    assert back.review["rows"] == review["rows"]
    again = _do(back.data, back.review, {"act": "redo"})
    assert again.data == done.data
    assert again.review["tasks"] == done.review["tasks"]
    assert again.review["rows"] == done.review["rows"]


def test_undoing_goes_through_what_was_typed_as_well() -> None:
    data, _ = _draft()
    out = _done(JOIN)
    typed = {"key": "t1", "title": "Скласти"}
    out = _do(out.data, out.review, tasks=[typed])
    out = _do(out.data, out.review, tasks=[{**typed, "title": "Скласти все"}])
    # Typing on in one field is one step.
    assert [step["act"] for step in out.review["history"]["steps"]] == ["join", "edit"]
    out = _do(out.data, out.review, {"act": "undo"})
    assert out.data["tasks"][0]["title"] == "Скласти перелік та оприлюднити його"
    out = _do(out.data, out.review, {"act": "undo"})
    assert out.data == data
    refused = _do(out.data, out.review, {"act": "undo"})
    assert len(refused.errors["rows"]) == 1


def test_who_is_who_outlives_undoing() -> None:
    out = _done({"key": "t2", "act": "noise"})
    assert [each["name"] for each in out.data["executors"]] == ["Відділ"]
    mapped = {"name": "Відділ", "who": "all", "organizations": []}
    out = _do(out.data, out.review, executors=[mapped])
    out = _do(out.data, out.review, {"act": "undo"})
    who = {each["name"]: each["who"] for each in out.data["executors"]}
    assert who == {"Відділ": "all", "Служба": "owner"}


def test_a_form_that_changes_nothing_is_no_step() -> None:
    data, _ = _draft()
    form = [{**task, "checked": False, "left_out": False} for task in data["tasks"]]
    out = _done(tasks=form)
    assert not out.review.get("history", {}).get("steps")
    assert out.data == data


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"key": "t1", "act": "join"}, "1.1"),
        ({"key": "t1", "act": "separate", "piece": 1}, "1.1"),
        ({"key": "t1", "act": "split"}, "1.1"),
        ({"key": "t1", "act": "split", "parts": [{}, {"title": " "}]}, "1.1"),
        ({"key": "t1", "act": "split", "parts": [{}, {"key": "t9"}]}, "1.1"),
        ({"key": "t1", "act": "confirm"}, "1.1"),
        ({"key": "t1", "act": "dance"}, "1.1"),
        ({"key": "r1", "act": "dance"}, "1.7. Рядок"),
        ({"key": "r1", "act": "join", "into": "due"}, "1.7. Рядок"),
        ({"key": "t9", "act": "join"}, "row"),
        ({"key": "r9", "act": "task"}, "line"),
    ],
)
def test_what_cannot_be_done_is_a_sentence_that_names_the_row(
    change: dict[str, Any], name: str
) -> None:
    data, _ = _draft()
    out = _do(*_draft(), change)
    assert name in out.errors["rows"][0]
    assert out.data["tasks"] == data["tasks"]
