"""From tasks to obligations: who owes what, once, in which occurrence."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum
from typing import TYPE_CHECKING, Final

from . import due
from .errors import DueError, TooManyObligationsError
from .period import QUARTER, Period, periods
from .plan import Continuity, Performed, Who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .plan import Plan, Task

#: Names obligations by plan, task, share and occurrence (decision 15).
NAMESPACE: Final = uuid.UUID("5b0f2a0e-5f5c-5c0e-9a57-6c6f7a1d9b11")
ONCE: Final = "once"


class Kind(str, Enum):
    """What an occurrence asks for."""

    DATED = "dated"
    RECURRING = "recurring"
    CONFIRMATION = "confirmation"
    UNRESOLVED = "unresolved"


class Reason(str, Enum):
    """Why an obligation waits for a person."""

    NO_DATE = "no_date"
    BEFORE_APPROVAL = "before_approval"
    NO_START = "no_start"
    QUOTIENT = "quotient"


class Mark(str, Enum):
    """Why the plan's owner owes what others were to do."""

    OUTSIDE = "outside"
    UNMAPPED = "unmapped"


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time at which a task is due.

    :param name: `once`, `once-2`, `2025-Q1`; never a date that can move.
    :param starts_on: first day on which it can be done, None when open.
    :param due_on: its last day, None when unresolved.
    :param reason: why it is unresolved, None when it is not.
    """

    name: str
    kind: Kind
    starts_on: date | None
    due_on: date | None
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Debtors:
    """Who performs a task.

    :param organizations: ids in the order of the executors, each once; the owner's
        alone when nobody inside the portal performs it.
    :param mark: why the owner stands in, None when it does not.
    """

    organizations: tuple[str, ...]
    mark: Mark | None


@dataclass(frozen=True, slots=True)
class Obligation:
    """One promise: task, occurrence, who owes it.

    :param id: uuid5 of plan, task, share and occurrence.
    :param share: the organization for "by each", empty for "jointly".
    :param organization: id of the organization that owes it (the lead when jointly).
    :param parties: ids of the co-executors of a joint task.
    :param before_tracking: its last day lies before the plan was in force or tracked.
    """

    id: str
    task: str
    share: str
    organization: str
    parties: tuple[str, ...]
    occurrence: Occurrence
    mark: Mark | None
    before_tracking: bool


def obligation_id(plan: str, task: str, share: str, occurrence: str) -> str:
    """The id of an obligation; the same four give the same id for ever."""
    return str(uuid.uuid5(NAMESPACE, "\n".join((plan, task, share, occurrence))))


def debtors(plan: Plan, task: Task) -> Debtors:
    """Who performs a task, by the plan's mapping of executor names."""
    mapping = {executor.name: executor for executor in plan.executors}
    found: dict[str, None] = {}
    unmapped = not task.executors
    for name in task.executors:
        executor = mapping.get(name)
        if executor is None or executor.who is Who.UNMAPPED:
            unmapped = True
        elif executor.who is Who.ALL:
            found.update(dict.fromkeys(plan.participants))
        elif executor.who is Who.OWNER:
            found[plan.owner] = None
        elif executor.who is Who.PARTICIPANTS:
            found.update(dict.fromkeys(executor.organizations))
    if found:
        return Debtors(tuple(found), None)
    return Debtors((plan.owner,), Mark.UNMAPPED if unmapped else Mark.OUTSIDE)


def occurrences(plan: Plan, task: Task, today: date) -> list[Occurrence]:
    """When a task is due, by the rules of decisions 15 to 17.

    :param today: an open plan rolls on to the period after the one that holds it.
    """
    try:
        parts = due.parse(task.due)
    except DueError:
        parts = ()
    found: dict[str, Occurrence] = {}
    dated = [p for p in parts if isinstance(p, due.Span) and p.end]
    repeats = [p for p in parts if isinstance(p, due.Repeat)]
    for number, span in enumerate(dated, 1):
        _add(found, _dated(plan, span, number))
    for repeat in repeats:
        for occurrence in _recurring(plan, repeat, today, len(dated) + 1):
            _add(found, occurrence)
    if not repeats:
        for span in parts:
            if isinstance(span, due.Span) and span.continuous:
                start = _confirmed_from(plan, span, dated)
                for occurrence in _confirmations(plan, task, start, today):
                    _add(found, occurrence)
    if not found:
        return [_unresolved(Reason.NO_DATE)] if not parts else []
    return list(found.values())


def derive(plan: Plan, today: date, limit: int) -> Iterator[Obligation]:
    """All obligations of a plan.

    :param today: for plans without an end.
    :param limit: the most obligations that a plan may have.
    :raises TooManyObligationsError: before the first one is given out.
    """
    shares = [
        (task, debtors(plan, task), occurrences(plan, task, today))
        for task in plan.tasks
        if not task.withdrawn_by
    ]
    count = sum(
        len(times) * (len(who.organizations) if _by_each(task) else 1)
        for task, who, times in shares
    )
    if count > limit:
        raise TooManyObligationsError(count, limit)
    return (
        obligation
        for task, who, times in shares
        for occurrence in times
        for obligation in _obligations(plan, task, who, occurrence)
    )


def _obligations(
    plan: Plan, task: Task, who: Debtors, occurrence: Occurrence
) -> Iterator[Obligation]:
    if _by_each(task):
        shares = [
            (organization, organization, ()) for organization in who.organizations
        ]
    else:
        lead = task.lead if task.lead in who.organizations else who.organizations[0]
        parties = tuple(o for o in who.organizations if o != lead)
        shares = [("", lead, parties)]
    for share, organization, parties in shares:
        yield Obligation(
            id=obligation_id(plan.id, task.id, share, occurrence.name),
            task=task.id,
            share=share,
            organization=organization,
            parties=parties,
            occurrence=occurrence,
            mark=who.mark,
            before_tracking=_before_tracking(plan, occurrence),
        )


def _by_each(task: Task) -> bool:
    return task.performed is Performed.EACH


def _before_tracking(plan: Plan, occurrence: Occurrence) -> bool:
    if occurrence.due_on is None or occurrence.reason:
        return False
    starts = [day for day in (plan.in_force_from, plan.tracked_from) if day]
    return bool(starts) and occurrence.due_on < max(starts)


def _add(found: dict[str, Occurrence], occurrence: Occurrence) -> None:
    found.setdefault(occurrence.name, occurrence)


def _once(number: int) -> str:
    return ONCE if number == 1 else f"{ONCE}-{number}"


def _unresolved(reason: Reason, number: int = 1) -> Occurrence:
    return Occurrence(_once(number), Kind.UNRESOLVED, None, None, reason)


def _dated(plan: Plan, span: due.Span, number: int) -> Occurrence:
    early = plan.in_force_from and span.end and span.end < plan.in_force_from
    reason = Reason.BEFORE_APPROVAL if early else None
    return Occurrence(_once(number), Kind.DATED, span.start, span.end, reason)


def _last_day(plan: Plan, today: date, months: int) -> date:
    """The plan's end; an open plan reaches to the end of the next period."""
    return plan.end or Period.of(today, months).next().end


def _recurring(
    plan: Plan, repeat: due.Repeat, today: date, number: int
) -> Iterator[Occurrence]:
    if repeat.shorter_than_month:
        # Too short to be asked for one by one: an activity, confirmed each quarter.
        yield from _quarterly(plan, plan.start, today)
    elif repeat.months is None:
        yield _unresolved(Reason.QUOTIENT, number)
    elif plan.start is None:
        yield _unresolved(Reason.NO_START)
    else:
        last = _last_day(plan, today, repeat.months)
        for period in periods(plan.start, last, repeat.months):
            due_on = min(period.end, last)
            yield Occurrence(period.name, Kind.RECURRING, period.start, due_on)


def _confirmed_from(plan: Plan, span: due.Span, dated: list[due.Span]) -> date | None:
    """Confirmations begin after the last dated part, else with the span or plan."""
    after = [p.end + timedelta(days=1) for p in dated if p.end]
    starts = [day for day in (*after, span.start, plan.start) if day]
    return max(starts) if starts else None


def _confirmations(
    plan: Plan, task: Task, start: date | None, today: date
) -> Iterator[Occurrence]:
    if task.continuity is not Continuity.STANDING:
        yield from _quarterly(plan, start, today)
        return
    # Asked once, so not in a quarter that nobody follows.
    asked = [day for day in (start, plan.in_force_from, plan.tracked_from) if day]
    for first in _quarterly(plan, max(asked) if asked else None, today):
        yield replace(first, name=f"{ONCE}-standing")
        return


def _quarterly(plan: Plan, start: date | None, today: date) -> Iterator[Occurrence]:
    if start is None:
        yield _unresolved(Reason.NO_START)
        return
    last = _last_day(plan, today, QUARTER)
    for period in periods(start, last, QUARTER):
        due_on = min(period.end, last)
        first = max(period.start, start)
        yield Occurrence(period.name, Kind.CONFIRMATION, first, due_on)
