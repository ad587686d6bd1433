"""Spans of time for which one reports on a plan's execution."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from .period import QUARTER, YEAR, Period, PeriodError, periods

if TYPE_CHECKING:
    from collections.abc import Sequence

#: The plan's whole term up to today.
WHOLE: Final = "whole"
#: Lengths in months of the periods that offices report for.
LENGTHS: Final = (QUARTER, 6, YEAR)


@dataclass(frozen=True, slots=True)
class Term:
    """What a report is about.

    :param name: `2026-Q3`, `2026-H1`, `2026`, or `WHOLE`.
    :param start: its first day.
    :param end: its last day.
    """

    name: str
    start: date
    end: date

    def judged_on(self, today: date, grace_days: int) -> date:
        """The day by which a report on it is judged.

        What was done is reported within a window after the last day, so that day
        comes after it; while the window is open it is today.

        :param grace_days: days of the reporting window.
        """
        if self.name == WHOLE:
            return today
        # The calendar may end before the window of its last year does.
        if today - self.end < timedelta(days=grace_days):
            return today
        return self.end + timedelta(days=grace_days)


def term(name: str, start: date, end: date | None, today: date) -> Term:
    """The span of time that a name means for a plan.

    :param name: of a quarter, a half-year or a year, or `WHOLE`.
    :param start: the plan's first day.
    :param end: its last day, None for an open plan.
    :raises PeriodError: when the name is none of them.
    """
    if name == WHOLE:
        last = min(end, today) if end else today
        return Term(WHOLE, start, max(start, last))
    period = Period.parse(name)
    if period.months not in LENGTHS:
        raise PeriodError(name)
    return Term(period.name, period.start, period.end)


def names(start: date, end: date | None, today: date) -> dict[int, Sequence[str]]:
    """Names of the periods of a plan that have begun, the latest first.

    :returns: by length in months.
    """
    last = min(end, today) if end else today
    if last < start:
        return {}
    return {
        months: [period.name for period in periods(start, last, months)][::-1]
        for months in LENGTHS
    }


def usual(start: date, end: date | None, today: date) -> str:
    """The name of the period that one most likely reports for.

    The last complete quarter of the plan; of a plan that has just begun the quarter
    that runs, and before its first day the whole term.
    """
    last = Period.of(today).previous()
    if end and end < last.start:
        last = Period.of(end)
    if last.end >= start:
        return last.name
    return Period.of(today).name if start <= today else WHOLE
