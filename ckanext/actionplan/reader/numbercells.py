"""Numbers of tasks that a spreadsheet took for fractions: 1.10 became 1.1."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from .columns import Columns, Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .grid import Row

_FRACTION: Final = re.compile(r"(\d{1,3})[.,](\d{1,3})")
_TEN: Final = 10


def restored(
    rows: Sequence[Row], columns: Columns | None
) -> tuple[list[Row], list[str]]:
    """Give back the zeros at the end of numbers, and points for commas.

    :param rows: the rows of a sheet's table.
    :param columns: its columns, None when it has no heading.
    :returns: the rows, and the numbers to which a zero was added.
    """
    start = columns.start(Role.NUMBER) if columns else -1
    if start < 0:
        return list(rows), []
    out: list[Row] = []
    added: list[str] = []
    whole = part = 0
    for row in rows:
        at = next((i for i, c in enumerate(row.cells) if c.column == start), -1)
        match = _FRACTION.fullmatch(row.cells[at].text) if at >= 0 else None
        if match is None:
            out.append(row)
            continue
        text = f"{match[1]}.{match[2]}"
        # Nothing but 1.10 follows 1.9 that a sheet shows as 1.1.
        if int(match[1]) == whole and part + 1 == int(match[2]) * _TEN:
            text = f"{text}0"
            added.append(text)
        whole, part = int(match[1]), int(text.partition(".")[2])
        cell = replace(row.cells[at], lines=(text,))
        cells = (*row.cells[:at], cell, *row.cells[at + 1 :])
        out.append(replace(row, cells=cells))
    return out, added
