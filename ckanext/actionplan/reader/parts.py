"""The parts of a due from the expressions of a deadline, when they fit together."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from ..core.due import Part, Repeat, Span
from .units import Item, What
from .vocabulary import Tag
from .wording import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

_START_AFTER: Final = (What.CONTINUOUS, What.SINCE)
_TERMS: Final = (What.TERM, What.BY_TERM)
_PERIODS: Final = (What.SPAN, What.SINCE)
_BASES: Final = (What.REPEAT, What.CONTINUOUS)
#: Kinds of expressions that are parts of a due.
VALUED: Final = (What.BY, What.SPAN, What.SINCE, What.CONTINUOUS, What.REPEAT)


@dataclass(frozen=True, slots=True)
class Term:
    """The validity of a plan.

    :param start: its first day, None when not known.
    :param end: its last day, None when not known.
    """

    start: date | None = None
    end: date | None = None


def absorbed(items: list[Item]) -> list[Item]:
    """Join a start with the “continuously” beside it: one expression, not two."""
    out: list[Item] = []
    for item in items:
        last = out[-1] if out else None
        if (
            last is not None
            and item.what is What.CONTINUOUS
            and last.what is What.SINCE
        ):
            continue
        if last is not None and (last.what, item.what) == _START_AFTER:
            out.pop()
        if last is not None and item.what is What.CONTINUOUS and _bare_day(last):
            day = last.value.end if isinstance(last.value, Span) else None
            out[-1] = Item(What.SINCE, last.tokens, Span(day, None))
            continue
        out.append(item)
    return out


def _bare_day(item: Item) -> bool:
    """Whether it is a date without “until”: 01.07.2024 і постійно."""
    days = [t for t in item.tokens if t.kind in (Kind.DATE, Tag.MONTH)]
    return (
        item.what is What.BY
        and len(days) == 1
        and item.tokens[0].kind in (Kind.DATE, Kind.NUMBER)
    )


def with_term(items: list[Item], plan: Term) -> list[Item]:
    """Put the plan's own dates in for its term."""
    return [_dated(i, plan) if i.what in _TERMS else i for i in items]


def _dated(item: Item, plan: Term) -> Item:
    if plan.start is None or plan.end is None:
        return Item(What.TERM, item.tokens, reason="deadline_no_term")
    if item.what is What.TERM:
        return Item(What.SPAN, item.tokens, Span(plan.start, plan.end), bounded=True)
    return Item(What.BY, item.tokens, Span(None, plan.end), bounded=True)


def kept_parts(items: list[Item], plan: Term) -> tuple[Part, ...] | str:
    """The parts of the due, or the reason why they do not fit together."""
    valued = [item for item in items if item.what in VALUED]
    base = next((i for i, item in enumerate(valued) if item.what in _BASES), None)
    out: list[Part] = []
    limits: list[Span] = []
    for at, item in enumerate(valued):
        value = item.value
        if base is None or item.what in _BASES or isinstance(value, Repeat):
            out += [value] if value else []
        elif value and _bounds(item, at, valued[base], base, plan):
            limits.append(value)
        elif value:
            out.append(value)
    if sum(item.what in _BASES for item in valued) == 1:
        limits = _merged(limits)
    if not all(_whole_term(limit, plan) for limit in limits):
        return "deadline_bounded"
    named_twice = {Span(None, plan.end), Span(plan.start, plan.end)}
    if plan.start and plan.end and named_twice <= set(out):
        # “By the end of 2027 (the plan's term)” says one thing.
        out.remove(Span(plan.start, plan.end))
    elif base is None and (_day_within(valued) or _two_ends(valued)):
        return "deadline_ambiguous"
    return tuple(dict.fromkeys(out))


def _day_within(items: Sequence[Item]) -> bool:
    """Whether a last day lies within a period beside it: 2025 рік, до 1 грудня."""
    for one, two in itertools.combinations(items, 2):
        by, span = (one, two) if one.what is What.BY else (two, one)
        apart = span.what is What.SPAN and (two.then or _capital(two))
        if by.what is not What.BY and What.SINCE in (by.what, span.what):
            # “From May” beside a period, the plan's term for one.
            if not (two.then or _capital(two)):
                return True
            continue
        if by.what is not What.BY or span.what not in _PERIODS or apart:
            continue
        day, period = by.value, span.value
        if (
            isinstance(day, Span)
            and isinstance(period, Span)
            and day.end
            and (period.start or day.end) <= day.end <= (period.end or day.end)
        ):
            return True
    return False


def _two_ends(items: Sequence[Item]) -> bool:
    """Whether a last day has another one as its limit: by May, not later than June."""
    return len({item.cap for item in items if item.what is What.BY}) > 1


def _merged(spans: Sequence[Span]) -> list[Span]:
    """Years that follow one another as one span."""
    out: list[Span] = []
    for span in spans:
        last = out[-1] if out else None
        if last and last.end and last.end + timedelta(days=1) == span.start:
            out[-1] = Span(last.start, span.end)
        else:
            out.append(span)
    return out


def _bounds(item: Item, at: int, base: Item, base_at: int, plan: Term) -> bool:
    """Whether a date limits a rule beside it instead of standing for itself."""
    if item.what is What.SPAN and at < base_at:
        # “2025 Continuously”: a capital begins another expression.
        return not (base.then or (_capital(base) and not _covers(item, plan)))
    if at > base_at:
        # “Yearly and by May”, “Yearly By May” are two, “yearly, by May” may be one.
        two = item.then or _capital(item)
        return not (two and item.what is What.BY)
    if item.bounded or item.what is What.SINCE:
        return True
    # Two deadlines side by side; in small letters and without a comma it is one.
    return not (base.joined or _capital(base))


def _covers(item: Item, plan: Term) -> bool:
    return isinstance(item.value, Span) and _whole_term(item.value, plan)


def _capital(item: Item) -> bool:
    """Whether it begins with a capital, and more than one letter."""
    return bool(item.tokens) and item.tokens[0].text[:2].istitle()


def _whole_term(limit: Span, plan: Term) -> bool:
    """Whether a limit is the plan's own, so that it limits nothing."""
    if plan.end is None or (limit.end is not None and limit.end < plan.end):
        return False
    late = limit.start is not None and (plan.start is None or limit.start > plan.start)
    return not late
