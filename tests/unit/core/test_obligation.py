from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date

import pytest

from ckanext.actionplan.core.errors import TooManyObligationsError
from ckanext.actionplan.core.event import Event
from ckanext.actionplan.core.obligation import (
    NAMESPACE,
    Kind,
    Mark,
    Obligation,
    Reason,
    debtors,
    derive,
    obligation_id,
    occurrences,
)
from ckanext.actionplan.core.plan import (
    Continuity,
    Executor,
    Former,
    Performed,
    Plan,
    Task,
    Who,
)

TODAY = date(2025, 5, 15)
PLAN = Plan(
    id="plan",
    owner="council",
    start=date(2025, 1, 1),
    end=date(2026, 12, 31),
    in_force_from=date(2025, 1, 1),
    tracked_from=date(2025, 1, 1),
    participants=("water", "roads", "schools"),
    executors=(
        Executor("Water works", Who.PARTICIPANTS, ("water",)),
        Executor("Vodokanal", Who.PARTICIPANTS, ("water",)),
        Executor("Roads and schools", Who.PARTICIPANTS, ("roads", "schools")),
        Executor("Everybody", Who.ALL),
        Executor("Council", Who.OWNER),
        Executor("Ministry", Who.OUTSIDE),
        Executor("Somebody", Who.UNMAPPED),
    ),
)


def owed(task: Task, plan: Plan = PLAN, today: date = TODAY) -> list[Obligation]:
    return list(derive(replace(plan, tasks=(task,)), today, 1000))


@pytest.mark.parametrize(
    ("names", "organizations", "mark"),
    [
        (("Water works", "Vodokanal"), ("water",), None),
        (("Roads and schools", "Water works"), ("roads", "schools", "water"), None),
        (("Everybody",), ("water", "roads", "schools"), None),
        (("Council", "Ministry"), ("council",), None),
        (("Ministry",), ("council",), Mark.OUTSIDE),
        (("Ministry", "Somebody"), ("council",), Mark.UNMAPPED),
        (("Nobody knows",), ("council",), Mark.UNMAPPED),
        ((), ("council",), Mark.UNMAPPED),
        (("Water works", "Somebody"), ("water",), None),
    ],
)
def test_who_owes(
    names: tuple[str, ...], organizations: tuple[str, ...], mark: Mark | None
) -> None:
    found = debtors(PLAN, Task("t", executors=names))
    assert (found.organizations, found.mark) == (organizations, mark)


def test_a_joint_task_is_owed_once_by_its_lead() -> None:
    task = Task("t", "../2025-06-01", ("Everybody",), lead="roads")
    (obligation,) = owed(task)
    assert obligation.organization == "roads"
    assert obligation.parties == ("water", "schools")
    assert obligation.share == ""
    assert obligation.id == obligation_id("plan", "t", "", "once")


@pytest.mark.parametrize("number", range(40))
def test_ids_are_uuids_of_what_they_name(number: int) -> None:
    names = ("plan", f"завдання {number}", "", "2025-Q1")
    expected = uuid.uuid5(NAMESPACE, "\n".join(names))
    assert obligation_id(*names) == str(expected)


def test_a_lead_that_does_not_perform_the_task_does_not_owe_it() -> None:
    (obligation,) = owed(Task("t", "../2025-06-01", ("Water works",), lead="roads"))
    assert obligation.organization == "water"


def test_by_each_is_owed_by_each() -> None:
    task = Task("t", "../2025-06-01", ("Everybody",), Performed.EACH)
    found = owed(task)
    assert [(o.share, o.organization) for o in found] == [
        ("water", "water"),
        ("roads", "roads"),
        ("schools", "schools"),
    ]
    assert len({o.id for o in found}) == 3


def test_ids_do_not_change_with_date_lead_or_order() -> None:
    task = Task("t", "../2025-06-01; R/P1Y", ("Everybody",))
    other = replace(task, due="R/P1Y; ../2025-07-09", lead="schools")
    assert {o.id for o in owed(task)} == {o.id for o in owed(other)}


@pytest.mark.parametrize(
    ("text", "names", "last"),
    [
        ("R/P3M", 8, date(2026, 12, 31)),
        ("R/P1M", 24, date(2026, 12, 31)),
        ("R/P6M", 4, date(2026, 12, 31)),
        ("R/P1Y", 2, date(2026, 12, 31)),
        ("../..", 8, date(2026, 12, 31)),
        ("2025-08-15/..", 6, date(2026, 12, 31)),
        ("2025-01-01/2025-12-31; ../..", 5, date(2026, 12, 31)),
        ("../..; R/P6M", 4, date(2026, 12, 31)),
        ("R/P1W", 8, date(2026, 12, 31)),
        ("../2025-04-01; ../2025-05-01", 2, date(2025, 5, 1)),
    ],
)
def test_occurrences(text: str, names: int, last: date) -> None:
    found = occurrences(PLAN, Task("t", text), TODAY)
    assert len({o.name for o in found}) == names
    assert max(o.due_on for o in found if o.due_on) == last


def test_confirmations_begin_the_day_after_a_dated_part() -> None:
    found = occurrences(PLAN, Task("t", "../2025-02-10; ../.."), TODAY)
    confirmations = [o for o in found if o.kind is Kind.CONFIRMATION]
    assert confirmations[0].starts_on == date(2025, 2, 11)
    assert confirmations[0].name == "2025-Q1"


def test_a_standing_task_is_asked_once() -> None:
    task = Task("t", "2025-08-15/..", continuity=Continuity.STANDING)
    (occurrence,) = occurrences(PLAN, task, TODAY)
    assert occurrence.kind is Kind.CONFIRMATION
    assert occurrence.due_on == date(2025, 9, 30)


def test_a_standing_task_is_asked_where_the_plan_is_followed() -> None:
    plan = replace(PLAN, tracked_from=date(2026, 5, 20))
    (obligation,) = owed(Task("t", "../..", continuity=Continuity.STANDING), plan)
    assert obligation.occurrence.due_on == date(2026, 6, 30)
    assert not obligation.before_tracking


def test_an_open_plan_reaches_to_the_next_occurrence() -> None:
    plan = replace(PLAN, end=None)
    names = [o.name for o in occurrences(plan, Task("t", "R/P3M"), TODAY)]
    assert names == ["2025-Q1", "2025-Q2", "2025-Q3"]


def test_the_last_occurrence_ends_with_the_plan() -> None:
    plan = replace(PLAN, end=date(2025, 11, 20))
    assert occurrences(plan, Task("t", "R/P3M"), TODAY)[-1].due_on == plan.end


@pytest.mark.parametrize(
    ("task", "plan", "reason"),
    [
        (Task("t"), PLAN, Reason.NO_DATE),
        (Task("t", "after the audit"), PLAN, Reason.NO_DATE),
        (Task("t", "R/P5M"), PLAN, Reason.QUOTIENT),
        (Task("t", "R/P3M"), replace(PLAN, start=None), Reason.NO_START),
        (Task("t", "../.."), replace(PLAN, start=None), Reason.NO_START),
        (Task("t", "../2024-12-01"), PLAN, Reason.BEFORE_APPROVAL),
    ],
)
def test_what_waits_for_a_person(task: Task, plan: Plan, reason: Reason) -> None:
    (occurrence,) = occurrences(plan, task, TODAY)
    assert occurrence.reason is reason
    assert not owed(task, plan)[0].before_tracking


def test_occurrences_before_tracking_are_marked() -> None:
    plan = replace(PLAN, tracked_from=date(2025, 4, 10))
    marks = {
        o.occurrence.name: o.before_tracking for o in owed(Task("t", "R/P3M"), plan)
    }
    assert marks["2025-Q1"]
    assert not marks["2025-Q2"]


def test_withdrawn_tasks_owe_nothing() -> None:
    assert owed(Task("t", "R/P3M", withdrawn_by="act 7")) == []


def test_a_dated_part_beside_a_bad_quotient_still_counts() -> None:
    found = occurrences(PLAN, Task("t", "../2025-06-01; R/P5M"), TODAY)
    assert [(o.name, o.kind) for o in found] == [
        ("once", Kind.DATED),
        ("once-2", Kind.UNRESOLVED),
    ]


def test_too_many_obligations_are_refused_before_the_first() -> None:
    plan = replace(PLAN, tasks=(Task("t", "R/P1M", ("Everybody",), Performed.EACH),))
    with pytest.raises(TooManyObligationsError) as error:
        derive(plan, TODAY, 71)
    assert (error.value.count, error.value.limit) == (72, 71)
    assert len(list(derive(plan, TODAY, 72))) == 72


def share(found: list[Obligation], occurrence: str) -> list[str]:
    return [o.share for o in found if o.occurrence.name == occurrence]


EACH = Task("t", "R/P3M", ("Everybody",), Performed.EACH)


def test_who_is_not_confirmed_owes_nothing() -> None:
    plan = replace(PLAN, pending=frozenset({"roads"}))
    assert share(owed(EACH, plan), "2025-Q1") == ["water", "schools"]
    joint = owed(replace(EACH, performed=Performed.JOINTLY, lead="roads"), plan)[0]
    assert (joint.organization, joint.parties) == ("water", ("schools",))


def test_the_owner_stands_in_while_nobody_is_confirmed() -> None:
    plan = replace(PLAN, pending=frozenset(PLAN.participants))
    assert {(o.share, o.mark) for o in owed(EACH, plan)} == {("council", Mark.PENDING)}


def test_a_participant_owes_from_its_confirmation() -> None:
    plan = replace(PLAN, since={"water": None, "roads": date(2025, 4, 1)})
    assert share(owed(EACH, plan), "2025-Q1") == ["water", "schools"]
    assert share(owed(EACH, plan), "2025-Q2") == ["water", "roads", "schools"]
    days = {o.share: o.owes_from for o in owed(EACH, plan)}
    assert days == {"water": None, "roads": date(2025, 4, 1), "schools": None}


def test_what_was_due_before_any_confirmation_stays_with_the_owner() -> None:
    plan = replace(PLAN, since=dict.fromkeys(PLAN.participants, date(2025, 4, 1)))
    for performed, share_of_owner in (
        (Performed.EACH, "council"),
        (Performed.JOINTLY, ""),
    ):
        first, second = owed(replace(EACH, performed=performed), plan)[:2]
        assert (first.organization, first.mark) == ("council", Mark.PENDING)
        assert (first.share, first.parties) == (share_of_owner, ())
        assert second.mark is None


def test_who_joins_a_task_of_others_owes_from_that_day() -> None:
    plan = replace(PLAN, joined={("t", "roads"): date(2025, 7, 2)})
    found = owed(EACH, plan)
    assert share(found, "2025-Q2") == ["water", "schools"]
    assert share(found, "2025-Q3") == ["water", "roads", "schools"]
    only = replace(EACH, executors=("Roads and schools",))
    plan = replace(plan, joined={("t", each): TODAY for each in ("roads", "schools")})
    assert "2025-Q1" not in {o.occurrence.name for o in owed(only, plan)}


def test_what_stands_is_asked_of_who_joins() -> None:
    task = replace(EACH, due="../..", continuity=Continuity.STANDING)
    plan = replace(PLAN, joined={("t", "roads"): date(2025, 8, 2)})
    days = {o.share: o.occurrence.due_on for o in owed(task, plan)}
    assert days["water"] == date(2025, 3, 31)
    assert days["roads"] == date(2025, 9, 30)
    late = replace(PLAN, since=dict.fromkeys(PLAN.participants, date(2025, 8, 2)))
    (joint,) = owed(replace(task, performed=Performed.JOINTLY), late)
    assert (joint.occurrence.due_on, joint.mark) == (date(2025, 9, 30), None)


MERGER = date(2025, 7, 1)


def merged(*, led: bool = False, heir_performed: bool = False) -> Plan:
    former = Former("old", "roads", None, MERGER, led)
    joined = {} if heir_performed else {("t", "roads"): MERGER}
    return replace(PLAN, formers={"t": (former,)}, joined=joined)


def test_a_merged_organization_keeps_what_was_due_before() -> None:
    found = owed(EACH, merged())
    assert share(found, "2025-Q2") == ["water", "old", "schools"]
    assert share(found, "2025-Q3") == ["water", "roads", "schools"]
    both = owed(EACH, merged(heir_performed=True))
    assert share(both, "2025-Q2") == ["water", "old", "roads", "schools"]
    assert share(both, "2025-Q3") == ["water", "roads", "schools"]


def test_a_merged_lead_keeps_what_was_due_before() -> None:
    task = replace(EACH, performed=Performed.JOINTLY, lead="roads")
    found = {o.occurrence.name: o for o in owed(task, merged(led=True))}
    assert found["2025-Q2"].organization == "old"
    assert found["2025-Q2"].parties == ("water", "schools")
    assert found["2025-Q3"].organization == "roads"
    assert found["2025-Q3"].parties == ("water", "schools")
    assert {o.id for o in found.values()} == {o.id for o in owed(task)}


def test_what_stood_before_a_merger_is_asked_of_the_heir_too() -> None:
    task = replace(EACH, due="../..", continuity=Continuity.STANDING)
    days = {o.share: o.occurrence.due_on for o in owed(task, merged())}
    assert days["old"] == date(2025, 3, 31)
    assert days["roads"] == date(2025, 9, 30)


@pytest.mark.parametrize(
    ("text", "until", "names"),
    [
        ("R/P3M", date(2025, 9, 30), ["2025-Q1", "2025-Q2", "2025-Q3"]),
        ("R/P3M", date(2025, 9, 29), ["2025-Q1", "2025-Q2"]),
        ("../..", date(2025, 9, 29), ["2025-Q1", "2025-Q2"]),
        ("../2025-06-01; ../2025-06-20", date(2025, 6, 10), ["once"]),
        ("../2025-06-01", date(2025, 5, 31), []),
        ("", date(2025, 5, 15), ["once"]),
        ("", date(2025, 5, 14), []),
        ("../2024-12-01", date(2025, 5, 14), []),
    ],
)
def test_a_plan_owes_nothing_that_is_due_after_it(
    text: str, until: date, names: list[str]
) -> None:
    plan = replace(PLAN, until=until)
    assert [o.name for o in occurrences(plan, Task("t", text), TODAY)] == names


def test_an_open_plan_that_is_replaced_reaches_to_its_last_day() -> None:
    plan = replace(PLAN, end=None, until=date(2025, 12, 31))
    assert len(occurrences(plan, Task("t", "R/P3M"), TODAY)) == 4


EVENTS = (
    Event("a", "score_card", "", date(2025, 3, 1)),
    Event("b", "", "картк", date(2026, 3, 1)),
    Event("c", "score_card", "", date(2024, 3, 1)),
    Event("d", "score_card", "", date(2027, 3, 1)),
    Event("e", "news", "", date(2025, 4, 1)),
)


def test_portal_wide_dates_make_a_task_without_a_date_due() -> None:
    plan = replace(PLAN, events=EVENTS)
    task = Task("t", topic="score_card", text="Картку подано")
    found = [(o.name, o.kind, o.due_on) for o in occurrences(plan, task, TODAY)]
    assert found == [
        ("event-a", Kind.DATED, date(2025, 3, 1)),
        ("event-b", Kind.DATED, date(2026, 3, 1)),
    ]
    dated = replace(task, due="../2025-06-01")
    assert [o.name for o in occurrences(plan, dated, TODAY)] == ["once"]
    other = Task("t", topic="audit", text="Аудит")
    assert occurrences(plan, other, TODAY)[0].reason is Reason.NO_DATE


def test_portal_wide_dates_of_one_day_are_one_promise() -> None:
    again = (EVENTS[0], replace(EVENTS[1], due_on=EVENTS[0].due_on), EVENTS[1])
    plan = replace(PLAN, events=again)
    task = Task("t", topic="score_card", text="Картку подано")
    found = [(o.name, o.due_on) for o in occurrences(plan, task, TODAY)]
    assert found == [("event-a", date(2025, 3, 1)), ("event-b", date(2026, 3, 1))]


def test_a_portal_wide_date_before_approval_is_before_tracking() -> None:
    plan = replace(PLAN, events=EVENTS[:1], in_force_from=date(2025, 3, 2))
    (obligation,) = owed(Task("t", topic="score_card"), plan)
    assert obligation.before_tracking
