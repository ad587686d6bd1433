"""The demo's documents are what our reader reads."""

from __future__ import annotations

import documents
import plans
import pytest
from moves import Moves

from ckanext.actionplan.reader import read

PLANS = plans.load()


def of(name: str) -> plans.Plan:
    return next(plan for plan in PLANS if plan.name == name)


@pytest.fixture(params=[plan.name for plan in PLANS])
def plan(request) -> plans.Plan:
    return of(request.param)


@pytest.fixture
def draft(plan, today):
    return read(documents.write(plan, Moves(today)), plan.filename).as_dict()


def test_all_tasks_are_read(plan, draft) -> None:
    printed = [(number, task.title) for number, task in plan.tasks()]
    found = [(task["number"].rstrip("."), task["title"]) for task in draft["tasks"]]
    assert found == printed


def test_wordings_indicators_and_executors_are_read(plan, draft, today) -> None:
    for task, (_, printed) in zip(draft["tasks"], plan.tasks(), strict=True):
        assert task["deadline"] == Moves(today).wording(printed.deadline)
        assert task["indicator"] == printed.indicator
        assert task["executors"] == printed.executors


def test_heading_is_read(plan, draft, today) -> None:
    assert draft["title"] == plan.heading(Moves(today))
    assert draft["approval_number"] == plan.approval["number"]
    first, last = (today.year + offset for offset in plan.term)
    assert draft["period_start"] == f"{first}-01-01"
    assert draft["period_end"] == f"{last}-12-31"


def test_deadlines_cover_the_families(today) -> None:
    dues: set[str] = set()
    for plan in PLANS:
        data = read(documents.write(plan, Moves(today)), plan.filename).as_dict()
        dues |= {task["due"] for task in data["tasks"]}
    assert {"", "../..", "R/P1M", "R/P3M", "R/P1Y"} <= dues
    assert "2026-10-01/2026-12-31" in dues
    assert any(due.startswith("../2") for due in dues)
    assert any(due.endswith("/..") and due[0] == "2" for due in dues)


def test_the_layouts_differ() -> None:
    assert {plan.layout for plan in PLANS} == {"four columns", "six columns"}
    numbers = [number for number, _ in of("plan-dii-sosnivka").tasks()]
    assert numbers.count("1") > 1


def test_the_amended_document_is_read_too(plan, today) -> None:
    moves = Moves(today)
    amended = plan.as_amended()
    data = read(documents.write(amended, moves), plan.filename).as_dict()
    for task, (_, before), (_, after) in zip(
        data["tasks"], plan.tasks(), amended.tasks(), strict=True
    ):
        assert task["deadline"] == moves.wording(before.amended or before.deadline)
        assert task["deadline"] == moves.wording(after.deadline)
        assert task["title"] == before.title


def test_an_act_moves_one_task_and_takes_out_another(today) -> None:
    amended = [plan for plan in PLANS if plan.act]
    assert amended
    for plan in amended:
        tasks = [task for _, task in plan.tasks()]
        assert any(task.amended for task in tasks)
        assert any(task.withdrawn for task in tasks)
        assert any(task.read_as for task in tasks)


def test_what_is_read_anew_by_a_person_had_no_day(plan, draft) -> None:
    for task, (_, printed) in zip(draft["tasks"], plan.tasks(), strict=True):
        if printed.read_as:
            assert task["due"] == ""


def test_a_plan_whose_reading_changed_is_refused(plan, draft, today) -> None:
    data = {"tasks": [{**task, "key": "k"} for task in draft["tasks"]]}
    data["tasks"][0]["executors"] = ["Хтось інший"]
    with pytest.raises(LookupError):
        plan.corrections(data, Moves(today))
