"""When a task is due: its occurrences, by decisions 15 to 17."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum
from typing import TYPE_CHECKING, Final

from . import due
from .errors import DueError
from .event import matches
from .period import QUARTER, Period, periods
from .plan import Continuity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .plan import Plan, Task

ONCE: Final = "once"
#: The one confirmation of a standing task.
STANDING: Final = f"{ONCE}-standing"


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


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time at which a task is due.

    :param name: `once`, `once-2`, `2025-Q1`, `event-…`; never a date that can move.
    :param starts_on: first day on which it can be done, None when open.
    :param due_on: its last day, None when unresolved.
    :param reason: why it is unresolved, None when it is not.
    """

    name: str
    kind: Kind
    starts_on: date | None
    due_on: date | None
    reason: Reason | None = None


def occurrences(plan: Plan, task: Task, today: date) -> list[Occurrence]:
    """When a task is due, by the rules of decisions 15 to 17.

    :param today: an open plan rolls on to the period after the one that holds it.
    """
    parts = _parts(task)
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
    if not parts:
        for occurrence in _tied(plan, task) or [_unresolved(Reason.NO_DATE)]:
            _add(found, occurrence)
    return [each for each in found.values() if _owed(plan, each, today)]


def _parts(task: Task) -> tuple[due.Part, ...]:
    """The parts of a due; what cannot be read has none."""
    try:
        return due.parse(task.due)
    except DueError:
        return ()


def asked_from(plan: Plan, occurrence: Occurrence, day: date | None) -> Occurrence:
    """The occurrence for somebody who owes from a day on.

    What stands is asked once: of those who come later, in the quarter in which they
    come.
    """
    asked_on = occurrence.due_on
    if occurrence.name != STANDING or not day or not asked_on or day <= asked_on:
        return occurrence
    due_on = min(each for each in (Period.of(day).end, _end(plan)) if each)
    return replace(occurrence, starts_on=day, due_on=max(due_on, asked_on))


def _owed(plan: Plan, occurrence: Occurrence, today: date) -> bool:
    """Whether the plan still owes it; what has no day while it has not ended."""
    if plan.until is None:
        return True
    if occurrence.reason and today > plan.until:
        return False
    return occurrence.due_on is None or occurrence.due_on <= plan.until


def _tied(plan: Plan, task: Task) -> list[Occurrence]:
    """What portal-wide dates within the plan's term make of a task without a date.

    Several dates of one day are one promise, that of the first of them.
    """
    end = _end(plan)
    found: dict[date, Occurrence] = {}
    for event in plan.events:
        within = (plan.start is None or plan.start <= event.due_on) and (
            end is None or event.due_on <= end
        )
        if within and matches(event, task.topic, task.text):
            tied = Occurrence(f"event-{event.id}", Kind.DATED, None, event.due_on)
            found.setdefault(event.due_on, tied)
    return list(found.values())


def _end(plan: Plan) -> date | None:
    """The last day that is known of the plan, None when it is open."""
    return plan.end or plan.until


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
    return _end(plan) or Period.of(today, months).next().end


def _clipped(plan: Plan, period: Period) -> date:
    """The last day of a period; that of the plan when the plan ends within it.

    A plan that is replaced within a period leaves it to the one that replaces it.
    """
    return min(period.end, plan.end) if plan.end else period.end


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
            due_on = _clipped(plan, period)
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
        yield replace(first, name=STANDING)
        return


def _quarterly(plan: Plan, start: date | None, today: date) -> Iterator[Occurrence]:
    if start is None:
        yield _unresolved(Reason.NO_START)
        return
    last = _last_day(plan, today, QUARTER)
    for period in periods(start, last, QUARTER):
        due_on = _clipped(plan, period)
        first = max(period.start, start)
        yield Occurrence(period.name, Kind.CONFIRMATION, first, due_on)
