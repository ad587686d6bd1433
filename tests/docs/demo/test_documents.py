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
    assert draft["period_start"] == "2025-01-01"
    assert draft["period_end"] == "2027-12-31"


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


def test_a_plan_whose_reading_changed_is_refused(plan, draft, today) -> None:
    data = {"tasks": [{**task, "key": "k"} for task in draft["tasks"]]}
    data["tasks"][0]["executors"] = ["Хтось інший"]
    with pytest.raises(LookupError):
        plan.corrections(data, Moves(today))
