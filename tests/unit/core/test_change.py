from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ckanext.actionplan.core.change import (
    COMPARED,
    Change,
    Kind,
    Mapped,
    PlanState,
    TaskState,
    amended,
    changes,
)

TODAY = date(2026, 5, 15)
ACT = "Рішення № 5 (12.05.2026)"


def task(**values: str) -> TaskState:
    return TaskState({**dict.fromkeys(COMPARED, ""), "title": "Audit", **values})


STOOD = PlanState(
    in_force_from=date(2026, 1, 1),
    tracked_from=date(2026, 2, 1),
    participants=("water", "roads"),
    tasks={"a": task(deadline="by March", due="../2026-03-31"), "b": task()},
)


def with_task(**values: str) -> PlanState:
    texts = {**STOOD.tasks["a"].texts, **values}
    return replace(STOOD, tasks={**STOOD.tasks, "a": TaskState(texts)})


def test_nothing_differs() -> None:
    assert changes(STOOD, with_task(), TODAY, ACT) == []


def test_a_changed_wording_is_an_amendment_with_all_that_comes_with_it() -> None:
    after = with_task(deadline="by May", due="../2026-05-31")
    found = changes(STOOD, after, TODAY, ACT)
    assert found == [
        Change("a", Kind.AMENDMENT, "deadline", "by March", "by May", ACT),
        Change("a", Kind.AMENDMENT, "due", "../2026-03-31", "../2026-05-31", ACT),
    ]
    assert amended(found) == {"a"}


def test_a_reading_under_the_same_wording_is_a_correction() -> None:
    found = changes(STOOD, with_task(due="../2026-03-01", lead="roads"), TODAY, ACT)
    assert [(c.kind, c.field, c.act) for c in found] == [
        (Kind.CORRECTION, "due", ""),
        (Kind.CORRECTION, "lead", ""),
    ]
    assert not amended(found)


def test_tasks_come_and_go_by_an_act() -> None:
    after = replace(STOOD, tasks={"b": task(), "c": task(title="News")})
    assert changes(STOOD, after, TODAY, ACT) == [
        Change("c", Kind.AMENDMENT, "added", "", "News", ACT),
        Change("a", Kind.AMENDMENT, "removed", "Audit", "", ACT),
    ]


def test_a_withdrawn_task_names_its_act() -> None:
    (change,) = changes(STOOD, with_task(withdrawn_by="Order 7"), TODAY, "")
    assert (change.kind, change.act) == (Kind.AMENDMENT, "Order 7")
    back = with_task(withdrawn_by="Order 7")
    (change,) = changes(back, STOOD, TODAY, ACT)
    assert (change.kind, change.before, change.act) == (Kind.AMENDMENT, "Order 7", ACT)


@pytest.mark.parametrize(
    ("stood", "kind"),
    [
        ({"in_force_from": None}, Kind.EDIT),
        ({"in_force_from": date(2026, 5, 16)}, Kind.EDIT),
        ({"in_force_from": TODAY}, Kind.AMENDMENT),
        ({"in_force_until": TODAY}, Kind.AMENDMENT),
        ({"in_force_until": date(2026, 5, 14)}, Kind.EDIT),
    ],
)
def test_only_a_plan_in_force_is_amended(
    stood: dict[str, date | None], kind: Kind
) -> None:
    before = replace(STOOD, **stood)
    after = replace(before, tasks={**STOOD.tasks, "a": task(deadline="by May")})
    found = changes(before, after, TODAY, ACT)
    assert {c.kind for c in found} == {kind}
    assert {c.act for c in found} == {ACT if kind is Kind.AMENDMENT else ""}


@pytest.mark.parametrize(
    "stood",
    [{"in_force_from": date(2027, 1, 1)}, {"in_force_until": date(2026, 5, 14)}],
)
def test_what_bound_once_is_amended_whatever_its_term(stood: dict[str, date]) -> None:
    before = replace(STOOD, bound=True, **stood)
    after = replace(before, tasks={"b": task()})
    (found,) = changes(before, after, TODAY, ACT)
    assert (found.kind, found.act) == (Kind.AMENDMENT, ACT)


def test_whom_executors_stand_for_is_compared() -> None:
    before = replace(
        STOOD,
        executors={
            "Staff": Mapped(""),
            "Utilities": Mapped("participants", ("water", "roads")),
            "Abroad": Mapped("outside"),
        },
    )
    after = replace(
        STOOD,
        executors={
            "Utilities": Mapped("participants", ("roads", "heat")),
            "Staff": Mapped("participants", ("water",)),
        },
    )
    found = changes(before, after, TODAY, ACT)
    assert {(c.task, c.kind, c.field, c.act) for c in found} == {
        ("", Kind.CORRECTION, "executors", "")
    }
    assert [(c.before, c.after) for c in found] == [
        ("Utilities → water", ""),
        ("", "Utilities → heat"),
        ("Staff", "Staff → participants"),
        ("", "Staff → water"),
        ("Abroad → outside", ""),
    ]
    assert changes(STOOD, after, TODAY, ACT) == []


def test_the_plan_itself_is_compared() -> None:
    after = replace(
        STOOD,
        period_start=date(2026, 1, 1),
        period_end=date(2026, 12, 31),
        in_force_from=date(2026, 1, 2),
        in_force_until=date(2026, 12, 31),
        tracked_from=date(2026, 1, 1),
        participants=("roads", "schools"),
    )
    found = [(c.field, c.before, c.after) for c in changes(STOOD, after, TODAY, ACT)]
    assert found == [
        ("period_start", "", "2026-01-01"),
        ("period_end", "", "2026-12-31"),
        ("in_force_from", "2026-01-01", "2026-01-02"),
        ("in_force_until", "", "2026-12-31"),
        ("tracked_from", "2026-02-01", "2026-01-01"),
        ("participants", "water", ""),
        ("participants", "", "schools"),
    ]
    order = replace(STOOD, participants=("roads", "water"))
    assert changes(STOOD, order, TODAY, "") == []


def test_what_was_not_kept_is_no_change() -> None:
    unknown = replace(
        STOOD,
        tasks={**STOOD.tasks, "a": TaskState({**STOOD.tasks["a"].texts, "lead": None})},
    )
    assert changes(unknown, with_task(lead="roads"), TODAY, "") == []
