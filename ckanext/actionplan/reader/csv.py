"""CSV into the grid: the separator is told by the rows that it makes."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from .grid import lines_of
from .sheet import read_sheets
from .text import decode
from .workbook import Sheet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .grid import Grid
    from .limits import Budget

_SEPARATORS: Final = ";,\t"
#: Excel's own first line that names the separator.
_NAMED: Final = re.compile(r"\ufeff?\"?sep=([;,\t|])\"?\s*\r?\n", re.I)
#: A field in quotes; a line break or doubled quote inside is what no plain text has.
_QUOTED: Final = re.compile(r'(?:^|[\t\r\n])"((?:[^"]|"")*)"(?=[\t\r\n]|$)')
_IN_QUOTES: Final = re.compile(r'[\r\n]|""')
#: A table of Markdown, which plain text may hold.
_PIPED: Final = re.compile(r"^[ \t]*\|", re.M)
_SAMPLE: Final = 200_000
_SAMPLE_ROWS: Final = 500
_WIDTH: Final = 3
_LEAST: Final = 2
_REGULAR: Final = 0.8


def is_csv(data: bytes) -> bool:
    """Whether a text is a CSV file.

    :param data: a file that is no document of another kind.
    :raises KindError: when it is no text at all.
    """
    return bool(_separator(decode(data)))


def _separator(text: str) -> str:
    """The separator of a CSV file, empty when the text is none."""
    named = _NAMED.match(text)
    if named:
        return named[1]
    text = text[:_SAMPLE]
    marks = _SEPARATORS if _PIPED.search(text) else f"{_SEPARATORS}|"
    rows = {mark: _regular(text, mark) for mark in marks}
    best = max(marks, key=lambda mark: rows[mark])
    if not rows[best]:
        return ""
    # Plain text with tabs is read as text, which knows pages; quotes make it a CSV.
    quoted = any(_IN_QUOTES.search(found[1]) for found in _QUOTED.finditer(text))
    return best if best != "\t" or quoted else ""


def read_csv(data: bytes, budget: Budget) -> Grid:
    """Turn a CSV file into the grid.

    :param data: the file.
    :param budget: limits and time of this reading.
    :raises ReaderError: when it is no text or has too many rows or cells.
    """
    text = decode(data)
    mark = _separator(text) or ";"
    named = _NAMED.match(text)
    sheet = Sheet()
    records = _records(text[named.end() :] if named else text, mark)
    for number, record in enumerate(records, start=1):
        values = {at: lines_of(field) for at, field in enumerate(record)}
        filled = {at: lines for at, lines in values.items() if lines}
        if not sheet.add(number, filled, budget.limits):
            break
        budget.tick()
    return read_sheets([sheet], budget)


def _records(text: str, mark: str) -> Iterator[list[str]]:
    """Rows of fields; a row that breaks the rules of CSV ends the file."""
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    except csv.Error:
        return


def _regular(text: str, mark: str) -> int:
    """How many rows have the usual number of fields, 0 when it is no table."""
    widths: list[int] = []
    for record in _records(text, mark):
        widths.append(len(record))
        if len(widths) >= _SAMPLE_ROWS:
            break
    if len(text) >= _SAMPLE and len(widths) < _SAMPLE_ROWS:
        widths.pop()
    several = Counter(width for width in widths if width > 1)
    if not several:
        return 0
    width, count = several.most_common(1)[0]
    regular = count >= several.total() * _REGULAR
    return count if regular and count >= _LEAST and width >= _WIDTH else 0
