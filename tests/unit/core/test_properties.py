"""What holds for every plan: ids outlive edits, nobody owes who was not asked."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.actionplan.core.errors import TooManyObligationsError
from ckanext.actionplan.core.obligation import (
    Kind,
    Mark,
    Obligation,
    debtors,
    derive,
    obligation_id,
)
from ckanext.actionplan.core.period import QUARTER, Period, periods
from ckanext.actionplan.core.plan import (
    Continuity,
    Executor,
    Performed,
    Plan,
    Task,
    Who,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

OWNER = "council"
PEOPLE = ("heat", "parks", "roads", "water")
LIMIT = 100_000
FIRST, LAST = date(2024, 1, 1), date(2027, 12, 31)

every = settings(max_examples=30, deadline=None, derandomize=True, database=None)

#: Any day, and often one at the edge of a quarter, where days fall together.
EDGES = [
    day
    for quarter in periods(FIRST, LAST, QUARTER)
    for day in (quarter.start, quarter.end)
]
days = st.one_of(st.dates(FIRST, LAST), st.sampled_from(EDGES))
parts = st.one_of(
    days.map(lambda day: f"../{day}"),
    days.map(lambda day: f"{day}/.."),
    st.just("../.."),
    st.sampled_from(["R/P1M", "R/P3M", "R/P6M", "R/P1Y", "R/P1W", "R/P5M"]),
)
dues = st.lists(parts, max_size=3, unique=True).map("; ".join)
who = st.sampled_from([Who.ALL, Who.OWNER, Who.OUTSIDE, Who.UNMAPPED])
groups = st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=4, unique=True)
executors = st.one_of(
    st.builds(Executor, st.just(""), who),
    st.builds(Executor, st.just(""), st.just(Who.PARTICIPANTS), groups.map(tuple)),
)


@st.composite
def tasks(draw: Any, names: Sequence[str]) -> list[Task]:
    return [
        Task(
            id=f"t{number}",
            due=draw(dues),
            executors=tuple(draw(st.lists(st.sampled_from(names), max_size=3))),
            performed=draw(st.sampled_from(list(Performed))),
            continuity=draw(st.sampled_from([None, *Continuity])),
            lead=draw(st.sampled_from(["", *PEOPLE])),
        )
        for number in range(draw(st.integers(1, 5)))
    ]


@st.composite
def plans(draw: Any) -> Plan:
    """Plans of four years, or without an end, that bind some organizations."""
    found = draw(st.lists(executors, min_size=1, max_size=4))
    named = [replace(each, name=f"e{place}") for place, each in enumerate(found)]
    pending = draw(st.frozensets(st.sampled_from(PEOPLE), max_size=2))
    return Plan(
        id="plan",
        owner=OWNER,
        start=FIRST,
        end=draw(st.sampled_from([None, LAST])),
        in_force_from=draw(st.one_of(st.none(), days)),
        tracked_from=draw(st.one_of(st.none(), days)),
        participants=tuple(draw(groups)),
        executors=tuple(named),
        tasks=tuple(draw(tasks([each.name for each in named]))),
        until=draw(st.one_of(st.none(), days)),
        since={each: draw(st.one_of(st.none(), days)) for each in PEOPLE},
        pending=pending,
    )


def owed(plan: Plan, today: date) -> list[Obligation]:
    return list(derive(plan, today, LIMIT))


def keys(obligations: list[Obligation]) -> set[tuple[str, str, str]]:
    return {(each.task, each.share, each.occurrence.name) for each in obligations}


@every
@given(plans(), days)
def test_an_id_is_made_of_plan_task_share_and_occurrence(
    plan: Plan, today: date
) -> None:
    found = owed(plan, today)
    for each in found:
        occurrence = each.occurrence.name
        assert each.id == obligation_id("plan", each.task, each.share, occurrence)
    assert len({each.id for each in found}) == len(found)
    other = owed(replace(plan, id="copy"), today)
    assert keys(other) == keys(found)
    assert not {each.id for each in other} & {each.id for each in found}


@every
@given(plans(), days, st.randoms(use_true_random=False))
def test_order_of_tasks_and_participants_changes_no_id(
    plan: Plan, today: date, dice: Any
) -> None:
    shuffled, moved = list(plan.tasks), list(plan.participants)
    dice.shuffle(shuffled)
    dice.shuffle(moved)
    again = replace(plan, tasks=tuple(shuffled), participants=tuple(moved))
    before = {each.id: each.occurrence for each in owed(plan, today)}
    assert {each.id: each.occurrence for each in owed(again, today)} == before


@every
@given(plans(), days, st.sampled_from(["", OWNER, *PEOPLE]))
def test_a_new_lead_changes_no_id_and_loses_nobody(
    plan: Plan, today: date, lead: str
) -> None:
    led = replace(plan, tasks=tuple(replace(task, lead=lead) for task in plan.tasks))

    def concerned(obligations: list[Obligation]) -> dict[str, frozenset[str]]:
        return {
            each.id: frozenset((each.organization, *each.parties))
            for each in obligations
        }

    found = owed(led, today)
    assert concerned(found) == concerned(owed(plan, today))
    for each in found:
        assert each.organization not in each.parties
        if not each.share and lead in (each.organization, *each.parties):
            assert each.organization == lead


@every
@given(plans(), days, st.lists(days, min_size=2, max_size=2))
def test_a_moved_date_keeps_the_id(plan: Plan, today: date, moved: list[date]) -> None:
    always = replace(plan, until=None, since={})

    def dated(day: date) -> set[str]:
        tasks = tuple(replace(task, due=f"../{day}") for task in plan.tasks)
        return {each.id for each in owed(replace(always, tasks=tasks), today)}

    assert dated(moved[0]) == dated(moved[1])


@every
@given(plans(), days)
def test_everybody_who_was_confirmed_by_the_last_day_owes_and_nobody_else(
    plan: Plan, today: date
) -> None:
    by_id = {task.id: debtors(plan, task) for task in plan.tasks}
    found: dict[tuple[str, str], set[str]] = {}
    for each in owed(plan, today):
        if each.mark or each.occurrence.name.endswith("standing"):
            continue
        key = (each.task, each.occurrence.name)
        found.setdefault(key, set()).update((each.organization, *each.parties))
        last = each.occurrence.due_on
        expected = {
            organization
            for organization in by_id[each.task].organizations
            if last is None or (plan.since.get(organization) or last) <= last
        }
        assert found[key] <= expected
        assert each.share or found[key] == expected
    for each in owed(plan, today):
        assert not {each.organization, *each.parties} & plan.pending
        assert not each.mark or (each.organization, each.parties) == (OWNER, ())


@every
@given(st.sampled_from(EDGES), st.sampled_from(list(Performed)))
def test_who_joins_on_the_last_day_of_a_period_owes_it(
    since: date, performed: Performed
) -> None:
    task = Task("t", due="R/P3M", executors=("e",), performed=performed)
    plan = Plan(
        id="plan",
        owner=OWNER,
        start=FIRST,
        end=LAST,
        in_force_from=FIRST,
        tracked_from=FIRST,
        participants=("heat", "water"),
        executors=(Executor("e", Who.ALL),),
        tasks=(task,),
        since={"heat": None, "water": since},
    )
    joined = [
        each.occurrence.due_on
        for each in owed(plan, since)
        if "water" in (each.organization, *each.parties)
    ]
    ends = [quarter.end for quarter in periods(FIRST, LAST, QUARTER)]
    assert joined == [end for end in ends if end >= since]


@every
@given(plans(), days)
def test_by_each_nobody_is_left_out(plan: Plan, today: date) -> None:
    tasks = tuple(replace(task, performed=Performed.EACH) for task in plan.tasks)
    each_alone = owed(replace(plan, tasks=tasks), today)
    jointly = tuple(replace(task, performed=Performed.JOINTLY) for task in plan.tasks)

    def concerned(obligations: list[Obligation]) -> set[tuple[str, str, str]]:
        return {
            (each.task, each.occurrence.name, organization)
            for each in obligations
            for organization in (each.organization, *each.parties)
        }

    assert concerned(each_alone) == concerned(owed(replace(plan, tasks=jointly), today))


@every
@given(plans(), days)
def test_before_tracking_ends_on_the_first_day_that_is_followed(
    plan: Plan, today: date
) -> None:
    first = max(plan.in_force_from or FIRST, plan.tracked_from or FIRST)
    for each in owed(plan, today):
        last, reason = each.occurrence.due_on, each.occurrence.reason
        assert each.before_tracking == bool(last and not reason and last < first)


@every
@given(plans(), days)
def test_an_open_plan_owes_the_current_and_the_next_occurrence(
    plan: Plan, today: date
) -> None:
    task = Task("t", due="R/P3M", executors=("e0",))
    open_end = replace(plan, end=None, until=None, tasks=(task,), since={})
    now = Period.of(today)
    assert [each.occurrence.name for each in owed(open_end, today)][-2:] == [
        now.name,
        now.next().name,
    ]


@every
@given(plans(), days)
def test_pending_ones_leave_the_owner_or_the_others(plan: Plan, today: date) -> None:
    nobody = replace(plan, pending=frozenset(PEOPLE))
    for each in owed(nobody, today):
        assert (each.organization, each.parties) == (OWNER, ())
    marks = {each.mark for each in owed(nobody, today) if each.share in PEOPLE}
    assert not marks
    named = any(
        organization in PEOPLE
        for task in plan.tasks
        for executor in plan.executors
        if executor.name in task.executors
        for organization in executor.organizations
    )
    if named and plan.until is None:
        pending = {each.mark for each in owed(nobody, today)}
        owner = any(executor.who is Who.OWNER for executor in plan.executors)
        assert Mark.PENDING in pending or owner


@every
@given(plans(), days)
def test_jointly_once_and_by_each_once_for_each(plan: Plan, today: date) -> None:
    by_id = {task.id: task for task in plan.tasks}
    counted = Counter((each.task, each.occurrence.name) for each in owed(plan, today))
    for each in owed(plan, today):
        if by_id[each.task].performed is Performed.JOINTLY:
            assert each.share == ""
            assert counted[each.task, each.occurrence.name] == 1
        else:
            assert each.share == each.organization
            assert each.parties == ()


@every
@given(plans(), days, st.integers(0, 500))
def test_an_open_plan_rolls_on_and_loses_nothing(
    plan: Plan, today: date, later: int
) -> None:
    open_end = replace(plan, end=None, until=None)
    before = keys(owed(open_end, today))
    assert before <= keys(owed(open_end, today + timedelta(days=later)))


@every
@given(plans(), days, days)
def test_a_plan_with_an_end_does_not_depend_on_the_day(
    plan: Plan, today: date, another: date
) -> None:
    ending = replace(plan, end=LAST, until=None)
    assert owed(ending, today) == owed(ending, another)


@every
@given(plans(), days)
def test_nothing_is_owed_after_the_last_day(plan: Plan, today: date) -> None:
    recurring = (Kind.RECURRING, Kind.CONFIRMATION)
    for each in owed(replace(plan, end=LAST), today):
        last = each.occurrence.due_on
        if last and each.occurrence.kind in recurring:
            assert last <= LAST
        if last and plan.until:
            assert last <= plan.until


@every
@given(plans(), days, days)
def test_two_plans_in_a_row_owe_nothing_twice(
    plan: Plan, today: date, until: date
) -> None:
    """What the first owes until a day, and the second from it on, is one plan's."""
    begins = until + timedelta(days=1)
    first = replace(
        plan, end=LAST, until=until, tracked_from=FIRST, in_force_from=FIRST, since={}
    )
    second = replace(first, id="next", until=None, in_force_from=begins)
    before, after = owed(first, today), owed(second, today)

    def asked(obligations: list[Obligation]) -> Counter[Any]:
        return Counter(
            (each.task, each.share, each.occurrence.name)
            for each in obligations
            if each.occurrence.due_on
            and not each.occurrence.reason
            and not each.before_tracking
            and not each.occurrence.name.endswith("standing")
        )

    alone = owed(replace(first, until=None), today)
    assert asked(before) + asked(after) == asked(alone)


@every
@given(plans(), days)
def test_the_limit_is_asked_before_the_first(plan: Plan, today: date) -> None:
    found = owed(plan, today)
    assert list(derive(plan, today, len(found))) == found
    if found:
        with pytest.raises(TooManyObligationsError) as refused:
            derive(plan, today, len(found) - 1)
        assert refused.value.count == len(found)


@every
@given(plans(), days, st.integers(0, 4))
def test_a_withdrawn_task_owes_nothing_and_touches_no_other(
    plan: Plan, today: date, place: int
) -> None:
    gone = plan.tasks[place % len(plan.tasks)]
    kept = [
        replace(task, withdrawn_by="Рішення № 5") if task is gone else task
        for task in plan.tasks
    ]
    found = owed(replace(plan, tasks=tuple(kept)), today)
    others = [each for each in owed(plan, today) if each.task != gone.id]
    assert found == others
