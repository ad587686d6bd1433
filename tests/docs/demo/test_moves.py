"""The demo's dates move with today."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import plans
import pytest
from moves import Moves, first_of_quarter
from plans import moved

from ckanext.actionplan.reader import Term, read_deadline

YEAR = [date(2026, 1, 1) + timedelta(days=n) for n in range(365 * 2)]
GRACE_DAYS = 15
#: Those that another one replaced have fixed days only.
FORMER = {plan.replaces for plan in plans.load()}
PLANS = [plan for plan in plans.load() if plan.name not in FORMER]


@cache
def due_on(wording: str) -> date | None:
    """The last day that our reader sees in a wording, None when there is none."""
    due = read_deadline(wording, Term()).due or ""
    last = due.rpartition("/")[2]
    return date.fromisoformat(last) if last[:1].isdigit() else None


def states(plan: plans.Plan, day: date) -> set[str]:
    """States in which tasks with a date are, in plain arithmetic."""
    found: set[str] = set()
    for _, task in plan.tasks():
        last = due_on(Moves(day).wording(task.deadline))
        if last is None:
            found.add("open")
        elif last < day:
            late = (day - last).days
            found.add("reporting" if late <= GRACE_DAYS else "overdue")
        else:
            now = first_of_quarter(last) == first_of_quarter(day)
            found.add("due" if now else "upcoming")
    return found


@pytest.mark.parametrize(
    ("today", "anchor"),
    [
        (date(2026, 11, 21), date(2026, 11, 16)),
        (date(2026, 11, 23), date(2026, 11, 23)),
        (date(2026, 10, 1), date(2026, 10, 1)),
        (date(2026, 10, 4), date(2026, 10, 1)),
        (date(2026, 10, 5), date(2026, 10, 5)),
    ],
)
def test_anchor_is_monday_or_first_day_of_quarter(today: date, anchor: date) -> None:
    assert Moves(today).anchor == anchor


@pytest.mark.parametrize(
    ("deadline", "wording"),
    [
        ({"by": -3}, "до 13.11.2026"),
        ({"date": [-2, 12, 1]}, "до 01.12.2024"),
        ({"from": [-1, 9, 1]}, "з 01.09.2025 і постійно"),
        ({"quarter": 0}, "IV квартал 2026 року"),
        ({"quarter": 1}, "I квартал 2027 року"),
        ({"quarter": -4}, "IV квартал 2025 року"),
        ({"year": 1}, "2027 рік"),
        ({"text": "Щороку"}, "Щороку"),
    ],
)
def test_wordings(deadline: dict[str, object], wording: str, today: date) -> None:
    assert Moves(today).wording(deadline) == wording


def test_unknown_form_is_refused(today: date) -> None:
    with pytest.raises(ValueError, match="sometime"):
        Moves(today).wording({"sometime": 1})


def test_every_day_has_tasks_in_all_states() -> None:
    missing = [
        (day, plan.name)
        for plan in PLANS
        for day in YEAR
        if states(plan, day) != {"overdue", "reporting", "due", "upcoming", "open"}
    ]
    assert missing == []


def test_tasks_move_only_with_the_anchor() -> None:
    for plan in PLANS:
        for day in YEAR[:100]:
            same = Moves(Moves(day).anchor)
            for _, task in plan.tasks():
                assert Moves(day).wording(task.deadline) == same.wording(task.deadline)


def task(number: str, deadline: str, due: str, **more: str) -> dict[str, str]:
    return {"number": number, "title": "T", "deadline": deadline, "due": due, **more}


def test_moved_keeps_ids_and_what_people_changed() -> None:
    before = [task("1", "до 1", "../1"), task("2", "до 1", "../1")]
    after = [task("1", "до 2", "../2"), task("2", "до 2", "../2")]
    there = [
        task("2", "до 1", "../1", id="b", note="mine"),
        task("1", "до 9", "../9", id="a"),
        task("3", "до 1", "../1", id="c"),
    ]
    assert moved(there, before, after) == [
        task("2", "до 2", "../2", id="b", note="mine"),
        task("1", "до 9", "../9", id="a"),
        task("3", "до 1", "../1", id="c"),
    ]


def test_moved_keeps_a_reading_that_a_person_corrected() -> None:
    before, after = [task("1", "after", "")], [task("1", "after", "")]
    there = [task("1", "after", "../9", id="a")]
    assert moved(there, before, after) == there


def test_days_that_an_act_moved_move_on() -> None:
    plan = next(plan for plan in PLANS if plan.act).as_amended()
    for day in YEAR[:100]:
        for _, each in plan.tasks():
            if each.amended:
                last = due_on(Moves(day).wording(each.deadline))
                assert last
                assert last > day
