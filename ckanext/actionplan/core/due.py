"""Due dates in normal form: EDTF / ISO 8601 intervals and repetitions.

`../2024-06-01` by a day, `2024-01-01/2024-03-31` within a span, `2024-09-01/..` from a
day on, `../..` continuously, `R/P3M` once in each quarter; several are joined by `; `.
Written by hand, a month (`2024-02`), a quarter (`2024-33` to `2024-36`) or a half
(`2024-40`, `2024-41`) stands for its days.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias

from .errors import DueError
from .period import LENGTHS, YEAR

OPEN: Final = ".."
JOINT: Final = "; "
_SHORTEST_MONTH: Final = 28  # days

_REPEAT = re.compile(r"R/P(\d{1,3})([DWMY])")
_DAY = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")
#: Codes of EDTF for the parts of a year: quarters, thirds, halves.
_DIVISIONS: Final = {
    **{33 + n: (3 * n + 1, 3 * n + 3) for n in range(4)},
    **{37 + n: (4 * n + 1, 4 * n + 4) for n in range(3)},
    **{40 + n: (6 * n + 1, 6 * n + 6) for n in range(2)},
}


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of days; an open side is None.

    :param start: first day, None when open.
    :param end: last day, None when open.
    """

    start: date | None
    end: date | None

    @property
    def continuous(self) -> bool:
        """Whether it has no end."""
        return self.end is None

    def __str__(self) -> str:
        start = self.start.isoformat() if self.start else OPEN
        end = self.end.isoformat() if self.end else OPEN
        return f"{start}/{end}"


@dataclass(frozen=True, slots=True)
class Repeat:
    """Once in every period of that length.

    :param count: how many units.
    :param unit: `D`, `W`, `M` or `Y`.
    """

    count: int
    unit: str

    @property
    def months(self) -> int | None:
        """Its length in months when a year divides into such periods, else None."""
        months = {"M": self.count, "Y": 12 * self.count}.get(self.unit)
        return months if months in LENGTHS else None

    @property
    def shorter_than_month(self) -> bool:
        """Whether it is counted in days or weeks and is shorter than a month."""
        return self.count * {"D": 1, "W": 7}.get(self.unit, 31) < _SHORTEST_MONTH

    def __str__(self) -> str:
        return f"R/P{self.count}{self.unit}"


Part: TypeAlias = Span | Repeat


def parse(text: str) -> tuple[Part, ...]:
    """Read a due in normal form.

    :param text: parts joined by `;`; empty text has no parts.
    :returns: its parts in the order given, each once.
    :raises DueError: with the part that is none.
    """
    parts = (_part(piece.strip()) for piece in text.split(";") if piece.strip())
    return tuple(dict.fromkeys(parts))


def render(parts: tuple[Part, ...]) -> str:
    """The normal form of some parts; the reverse of `parse`."""
    return JOINT.join(str(part) for part in parts)


def _part(piece: str) -> Part:
    repeat = _REPEAT.fullmatch(piece)
    if repeat:
        if not int(repeat[1]):
            raise DueError(piece)
        count = int(repeat[1])
        if repeat[2] == "M" and count % YEAR == 0:
            return Repeat(count // YEAR, "Y")
        return Repeat(count, repeat[2])
    start, slash, end = piece.partition("/")
    if not slash:
        return Span(_first_day(piece, piece), _last_day(piece, piece))
    span = Span(
        None if start == OPEN else _first_day(start, piece),
        None if end == OPEN else _last_day(end, piece),
    )
    if span.start and span.end and span.start > span.end:
        raise DueError(piece)
    return span


def _numbers(text: str, piece: str) -> tuple[int, int | None, int | None]:
    match = _DAY.fullmatch(text)
    if not match:
        raise DueError(piece)
    year, month, day = match.groups()
    return int(year), int(month) if month else None, int(day) if day else None


def _first_day(text: str, piece: str) -> date:
    year, month, day = _numbers(text, piece)
    if day is None and month in _DIVISIONS:
        month = _DIVISIONS[month][0]
    return _date(year, month or 1, day or 1, piece)


def _last_day(text: str, piece: str) -> date:
    year, month, day = _numbers(text, piece)
    if day is None and month in _DIVISIONS:
        month = _DIVISIONS[month][1]
    last = _date(year, month or 12, day or 1, piece)
    if day:
        return last
    return last.replace(day=calendar.monthrange(last.year, last.month)[1])


def _date(year: int, month: int, day: int, piece: str) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise DueError(piece) from error
