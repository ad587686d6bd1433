"""Calendar periods: months, quarters, half-years and years with their names."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from .errors import ActionPlanError

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Lengths in months that a calendar year divides into (decision 16).
LENGTHS: Final = (1, 2, 3, 4, 6, 12)
QUARTER: Final = 3
YEAR: Final = 12

_NAME = re.compile(r"(\d{4})(?:-(?:(\d{2})|([BQTH])(\d)))?")
_LETTERS: Final = {2: "B", 3: "Q", 4: "T", 6: "H"}
_MONTHS: Final = {letter: months for months, letter in _LETTERS.items()}


class PeriodError(ActionPlanError):
    """A text names no calendar period.

    :param name: the text.
    """

    def __init__(self, name: str) -> None:
        super().__init__(f"not a period: {name!r}")
        self.name = name


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A calendar period of 1, 2, 3, 4, 6 or 12 months.

    :param start: its first day.
    :param months: its length in months.
    """

    start: date
    months: int

    @classmethod
    def of(cls, day: date, months: int = QUARTER) -> Period:
        """The period of that length which holds the day.

        :param day: any day in it.
        :param months: length in months, one of `LENGTHS`.
        """
        if months not in LENGTHS:
            raise ValueError(months)
        first = (day.month - 1) // months * months + 1
        return cls(date(day.year, first, 1), months)

    @classmethod
    def parse(cls, name: str) -> Period:
        """The period of a name such as `2026-Q3`, `2026-H1`, `2026-03` or `2026`.

        :raises PeriodError: when the text names none.
        """
        match = _NAME.fullmatch(name)
        if not match:
            raise PeriodError(name)
        year, month, letter, index = match.groups()
        months = _MONTHS[letter] if letter else (1 if month else 12)
        number = int(index or month or 1)
        if not 1 <= number <= 12 // months or year == "0000":
            raise PeriodError(name)
        return cls(date(int(year), (number - 1) * months + 1, 1), months)

    @property
    def end(self) -> date:
        """Its last day."""
        month = self.start.month + self.months - 1
        return date(
            self.start.year, month, calendar.monthrange(self.start.year, month)[1]
        )

    @property
    def number(self) -> int:
        """Its place in the year, from 1."""
        return (self.start.month - 1) // self.months + 1

    @property
    def name(self) -> str:
        """Its name: `2026-Q3`, `2026-H1`, `2026-03`, `2026`."""
        if self.months == YEAR:
            return f"{self.start.year:04}"
        if self.months == 1:
            return f"{self.start.year:04}-{self.start.month:02}"
        return f"{self.start.year:04}-{_LETTERS[self.months]}{self.number}"

    def next(self) -> Period:
        """The period that follows."""
        return Period.of(self.end + timedelta(days=1), self.months)

    def previous(self) -> Period:
        """The period before."""
        return Period.of(self.start - timedelta(days=1), self.months)


def periods(start: date, end: date, months: int) -> Iterator[Period]:
    """All calendar periods that share a day with the span, in order.

    :param start: first day of the span.
    :param end: last day of the span.
    :param months: length of the periods.
    """
    period = Period.of(start, months)
    while period.start <= end:
        yield period
        period = period.next()
