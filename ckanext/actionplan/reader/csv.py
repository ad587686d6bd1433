"""CSV into the grid: the separator is told by the rows that it makes."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from .grid import Remark, lines_of
from .sheet import read_sheets
from .text import decode
from .workbook import Sheet

if TYPE_CHECKING:
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
_SWALLOWED: Final = 3
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
    return best if best != "\t" or _is_quoted(text) else ""


def _is_quoted(text: str) -> bool:
    """Whether quotation marks of a text with tabs are those of a CSV file."""
    fields = [found[1] for found in _QUOTED.finditer(text)]
    if any(map(_IN_QUOTES.search, fields)):
        return True
    # Somebody's names stand in quotes here and there, but not all that there is.
    return len(fields) > len(re.findall(r"[^\t\r\n]+", text)) * _REGULAR


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
    records, whole = _records(text[named.end() :] if named else text, mark)
    for number, record in enumerate(records, start=1):
        values = {at: lines_of(field) for at, field in enumerate(record)}
        filled = {at: lines for at, lines in values.items() if lines}
        if not sheet.add(number, filled, budget.limits):
            break
        budget.tick()
    grid = read_sheets([sheet], budget)
    return grid if whole else replace(grid, remarks=(Remark("quotes_open", {}),))


def _records(text: str, mark: str) -> tuple[list[list[str]], bool]:
    """Rows of fields, and whether all quotation marks are closed.

    One that is not would swallow all the rows down to the next one: then each line is
    a row, and cells with line breaks are cut.
    """
    rows: list[list[str]] = []
    for strict in (True, False):
        try:
            lines = io.StringIO(text, newline="")
            rows = list(csv.reader(lines, delimiter=mark, strict=strict))
        except csv.Error:
            continue
        if strict:
            return rows, True
    if rows and not any(_swallows(field, mark) for row in rows for field in row):
        return rows, True
    loose = [line.split(mark) for line in text.splitlines()]
    return [[_unquoted(field) for field in line] for line in loose], False


def _swallows(field: str, mark: str) -> bool:
    """Whether a field holds rows of the table."""
    if field.count(mark) < _SWALLOWED or "\n" not in field.replace("\r", "\n"):
        return False
    counts = Counter(line.count(mark) for line in field.splitlines())
    return any(
        marks >= _WIDTH - 1 and lines >= _SWALLOWED for marks, lines in counts.items()
    )


def _unquoted(field: str) -> str:
    return field.strip().strip('"').replace('""', '"')


def _regular(text: str, mark: str) -> int:
    """How many rows have the usual number of fields, 0 when it is no table."""
    # The sample may end within a row.
    sample = text if len(text) < _SAMPLE else text[: text.rfind("\n")]
    widths = [len(record) for record in _records(sample, mark)[0]]
    several = Counter(width for width in widths if width > 1)
    if not several:
        return 0
    width, count = several.most_common(1)[0]
    regular = count >= several.total() * _REGULAR
    return count if regular and count >= _LEAST and width >= _WIDTH else 0
