"""A plan exported as CSV: its tables one below another in one file."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Final

from .errors import LayoutError, LimitError
from .grid import Origin
from .own import FORMAT, is_own_csv, letters
from .own_rows import draft_of_tables
from .own_table import Line, tables
from .text import decode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .draft import Draft
    from .limits import Budget

_FIRST: Final = re.compile(rf"\ufeff?\"?{re.escape(FORMAT)}\"?([,;\t|])")


def read_own_csv(data: bytes, budget: Budget) -> Draft | None:
    """Read a plan from its CSV.

    :param data: a file that is a text.
    :param budget: limits and time of this reading.
    :returns: None when it is no export.
    :raises ReaderError: when it has too many rows or too long cells, or its keys are
        lost: tables that stand one below another are no plan to read otherwise.
    """
    text = _text(data)
    first = _FIRST.match(text)
    if first is None:
        return None
    try:
        lines = list(_lines(text, first[1], budget))
    except csv.Error as error:
        raise LayoutError("own_lost") from error
    found = tables([lines], formulas=True)
    if found is None:
        raise LayoutError("own_lost")
    return draft_of_tables(found, budget)


def _text(data: bytes) -> str:
    """The text of a file; another encoding means that a spreadsheet has saved it."""
    try:
        return data.decode("utf-8-sig") if is_own_csv(data) else decode(data)
    except UnicodeDecodeError:
        return decode(data)


def _lines(text: str, mark: str, budget: Budget) -> Iterator[Line]:
    limit = budget.limits.characters
    records = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    next(records)
    for number, record in enumerate(records, start=2):
        if not any(record):
            continue
        budget.block(len(record))
        if any(len(field) > limit for field in record):
            raise LimitError("cell_too_long", limit=limit)
        cells = [letters(field) for field in record]
        yield Line(cells, Origin(1, number))
