"""Calendar units of a deadline: days, months, quarters, halves, years and their lists."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum
from typing import TYPE_CHECKING, Final

from ..core.due import Repeat, Span
from ..core.period import Period
from .vocabulary import DAILY, WEEKLY, YEARLY, Tag

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .wording import Token


_MONTHS: Final = {"month": 1, "quarter": 3, "half": 6, "year": YEARLY}
_MONTHS_OF: Final = {Tag.MONTH_WORD: 1, Tag.QUARTER: 3, Tag.HALF: 6, Tag.YEAR_WORD: 12}
#: More are no number of months or days that a due can name.
_LONGEST: Final = 999


class What(str, Enum):
    """Kinds of time expressions."""

    BY = "by"
    SPAN = "span"
    SINCE = "since"
    CONTINUOUS = "continuous"
    REPEAT = "repeat"
    TERM = "term"
    BY_TERM = "by term"
    PART = "part"
    LENGTH = "length"
    FAULT = "fault"
    WORD = "word"


@dataclass(frozen=True, slots=True)
class Item:
    """One time expression, or one word that is none.

    :param what: its kind.
    :param tokens: the tokens it was read from.
    :param value: its reading, None when it has none of its own.
    :param reason: code of the reason why it has none.
    :param bounded: whether a word such as “during” introduces it.
    :param joined: whether a comma, “and” or “then” stands before it.
    :param then: whether that is “and” or “then”.
    :param cap: whether “not later than” introduces it.
    :param count: how many days or periods without a year it lists.
    """

    what: What
    tokens: tuple[Token, ...]
    value: Span | Repeat | None = None
    reason: str = ""
    bounded: bool = False
    joined: bool = False
    then: bool = False
    cap: bool = False
    count: int = 1


@dataclass(frozen=True, slots=True)
class Unit:
    """A day, month, quarter, half or year that may lack parts named by a neighbor."""

    kind: str
    numbers: tuple[int, ...] = ()
    month: int = 0
    year: int = 0
    day: date | None = None


def resolve(units: list[Unit], dashes: list[bool]) -> list[Span] | Item:
    """Name what neighbors name and turn units into spans of days.

    :param units: in printed order.
    :param dashes: for each gap between two of them, whether a dash joins them.
    :returns: the spans, or an item that says why there are none.
    """
    filled = _filled(units)
    # “2025 - I quarter” is a heading with its part, or a range that lacks a year.
    if filled is None or (len(filled) < len(units) and dashes[0]):
        return _ambiguous()
    if any(unit.kind == "open" for unit in filled):
        return Item(What.FAULT, (), reason="deadline_unknown")
    if len(units) > 1 and not any(_named(unit) for unit in filled):
        count = _whole_year(units) if any(dashes) else len(units)
        return _part(filled[-1], count)
    dashes = dashes[len(units) - len(filled) :]
    spans = _spans_of(filled)
    if isinstance(spans, list):
        if any(_goes_back(units, spans, dashes)):
            return _ambiguous()
        return _ranges(spans, dashes)
    return spans


def _part(unit: Unit, count: int = 1) -> Item:
    """A part of any year: a day, or a time that bounds a rule."""
    time = unit.kind != "date"
    reason = "deadline_incomplete"
    return Item(What.PART, (), reason=reason, bounded=time, count=count)


def _whole_year(units: list[Unit]) -> int:
    """How many parts a range has that is a year in parts: I to IV quarter; else 1."""
    first, last = units[0].numbers, units[-1].numbers
    parts = {"quarter": 4, "half": 2}.get(units[-1].kind, 1)
    return parts if (first, last) == ((1,), (parts,)) else 1


def _spans_of(units: list[Unit]) -> list[Span] | Item:
    spans: list[Span] = []
    for unit in units:
        span = _span_of(unit)
        if isinstance(span, Item):
            return span
        spans.append(span)
    return spans


def _ambiguous() -> Item:
    return Item(What.FAULT, (), reason="deadline_ambiguous")


def _goes_back(
    units: list[Unit], spans: list[Span], dashes: list[bool]
) -> Iterator[bool]:
    """Whether a year taken from the right puts a list out of order: November, January."""
    units = units[len(units) - len(spans) :]
    for unit, dash, (one, two) in zip(
        units, dashes, itertools.pairwise(spans), strict=False
    ):
        yield (
            not dash
            and not _named(unit)
            and (one.start or date.max) > (two.start or date.min)
        )


def _ranges(spans: list[Span], dashes: list[bool]) -> list[Span] | Item:
    """Join what dashes join; only two can be the ends of a range."""
    if any(one and two for one, two in itertools.pairwise(dashes)):
        return _ambiguous()
    out = [spans[0]]
    for span, dash in zip(spans[1:], dashes, strict=True):
        if not dash:
            out.append(span)
            continue
        start, end = out[-1].start, span.end
        if start and end and start > end:
            return Item(What.FAULT, (), reason="deadline_reversed")
        out[-1] = Span(start, end)
    return out


def between(first: Unit, second: Unit) -> list[Span] | Item:
    """From the first day of one unit to the last day of another, of any kinds."""
    if first.kind in ("open", "year") or second.kind != "year":
        return resolve([first, second], [True])
    if not _named(first):
        first = replace(first, year=second.year)
    spans = _spans_of([first, second])
    return _ranges(spans, [True]) if isinstance(spans, list) else spans


def _filled(units: list[Unit]) -> list[Unit] | None:
    """Name the parts that are left out; None when a list can be read in two ways."""
    years = [unit for unit in units if unit.kind == "year"]
    parts = [unit for unit in units if unit.kind != "year"]
    if years and parts:
        # “2025: I, III quarter” has one year in front; anything else stays open.
        lonely = len(years) == 1 and units[0].kind == "year"
        if not lonely or any(_named(unit) for unit in parts):
            return None
        units = [*parts[:-1], replace(parts[-1], year=years[0].year)]
    out = [units[-1]]
    for unit in reversed(units[:-1]):
        right = out[0]
        out.insert(0, _completed(unit, right))
    return out


def _completed(unit: Unit, right: Unit) -> Unit:
    """Name what is left out as the neighbor on the right names it."""
    if unit.kind == "open":
        kind = "date" if right.kind in ("date", "day") else right.kind
        unit = replace(unit, kind=kind, month=right.month or _month_of(right))
    if _named(unit):
        return unit
    return replace(unit, year=right.year or _year_of(right))


def _named(unit: Unit) -> bool:
    return bool(unit.year or unit.day)


def _month_of(unit: Unit) -> int:
    return unit.day.month if unit.day else 0


def _year_of(unit: Unit) -> int:
    return unit.day.year if unit.day else 0


def _span_of(unit: Unit) -> Span | Item:
    if unit.day is not None:
        return Span(unit.day, unit.day)
    if not unit.year:
        return _part(unit)
    number = unit.numbers[0] if unit.numbers else 1
    if unit.kind == "date":
        return _day_span(unit.year, unit.month, number)
    months = _MONTHS[unit.kind]
    if not 1 <= number <= YEARLY // months:
        return Item(What.FAULT, (), reason="deadline_no_such_date")
    period = Period.of(date(unit.year, (number - 1) * months + 1, 1), months)
    return Span(period.start, period.end)


def _day_span(year: int, month: int, number: int) -> Span | Item:
    try:
        day = date(year, month, number)
    except ValueError:
        return Item(What.FAULT, (), reason="deadline_no_such_date")
    return Span(day, day)


def by_or_span(span: Span, bounded: bool, joined: bool) -> Item:
    """A bare date is read as “by” that date, anything longer as a period."""
    if span.start == span.end:
        return Item(What.BY, (), Span(None, span.end), joined=joined)
    return Item(What.SPAN, (), span, bounded=bounded, joined=joined)


def repeat_of(length: int) -> Repeat:
    """The rule for a period of that many months, or `DAILY`, `WEEKLY`."""
    if length in (DAILY, WEEKLY):
        return Repeat(1, "D" if length == DAILY else "W")
    return Repeat(1, "Y") if length == YEARLY else Repeat(length, "M")


def divided(times: int, count: int, unit: Token) -> Item:
    """So many times in so many units; the parts must be whole calendar units."""
    days = {Tag.DAY: "D", Tag.WEEK: "W"}.get(Tag(unit.kind))
    length = count if days else _MONTHS_OF[Tag(unit.kind)] * count
    if times and not length % times:
        part, sign = length // times, days or "M"
        if not days and not part % YEARLY:
            part, sign = part // YEARLY, "Y"
        if 0 < part <= _LONGEST:
            return Item(What.REPEAT, (), Repeat(part, sign))
    return Item(What.FAULT, (), reason="deadline_uneven")
