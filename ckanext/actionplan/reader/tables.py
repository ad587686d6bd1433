"""Where the plan's tables are: under a heading, going on without one, or guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from .columns import Columns, Role, find_columns, guess_columns
from .deadline import Term, read_deadline
from .grid import Block, Cell, Paragraph, Row
from .heading import is_signature
from .rows import is_rule, split_number

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

#: Headings of columns are short.
_HEADING_LENGTH: Final = 60
#: So many rows tell whether a table holds deadlines.
_ASKED_ROWS: Final = 30


@dataclass(frozen=True, slots=True)
class Placed:
    """A block and, for a row of the plan, its columns."""

    block: Block
    columns: Columns | None = None
    header: bool = False


def place(blocks: Sequence[Block], tick: Callable[[], None]) -> list[Placed]:
    """Tell for each block whether it belongs to the plan's tables, and its columns.

    :param blocks: the document in reading order.
    :param tick: called for each row; stops the reading when time is up.
    """
    tables: dict[int, list[Row]] = {}
    for block in blocks:
        if isinstance(block, Row):
            tables.setdefault(block.origin.table, []).append(block)
    out = _with_headings(blocks, tables, tick)
    found = [p.columns for p in out if p.columns]
    if len({columns.named for columns in found}) > 1:
        # Beside a plan that names its tasks other tables hold something else.
        return _with_headings(blocks, tables, tick, named=True)
    if found:
        return out
    for number, rows in tables.items():
        guessed = guess_columns(rows, tick)
        if guessed is not None:
            return _with_guess(blocks, tables, number, guessed)
    return out


def _with_headings(
    blocks: Sequence[Block],
    tables: dict[int, list[Row]],
    tick: Callable[[], None],
    *,
    named: bool = False,
) -> list[Placed]:
    out: list[Placed] = []
    columns: Columns | None = None
    table, second = 0, False
    # Every row of a large table asks the same about it.
    known: dict[tuple[int, int, Columns | None], bool] = {}
    for at, block in enumerate(blocks):
        tick()
        if isinstance(block, Paragraph):
            out.append(Placed(block))
            continue
        if second:
            # Markdown rules a line between the two rows of a heading.
            second = not block.text or is_rule(block.text)
            out.append(Placed(block, columns, header=True))
            continue
        if columns is not None and columns.repeats(block):
            table = block.origin.table
            out.append(Placed(block, columns, header=True))
            continue
        fresh = columns is None or block.origin.table != table
        found = find_columns(block, _row_below(blocks, at)) if fresh else None
        if found is not None and not _is_beside(found[0], columns, named=named):
            columns, table, second = found[0], block.origin.table, found[1]
            out.append(Placed(block, columns, header=True))
            continue
        asked = (block.origin.table, table, columns)
        if asked not in known:
            rows = tables[block.origin.table]
            known[asked] = columns is not None and _belongs(rows, columns, table)
        out.append(Placed(block, columns if known[asked] else None))
    return out


def _has_other_heading(rows: Sequence[Row], columns: Columns) -> bool:
    """Whether a table begins with a heading of its own and holds no deadlines."""
    first, *rest = [row for row in rows if row.filled]
    cells = first.filled
    if len(cells) < len(columns.columns) or not rest or any(map(_is_datum, cells)):
        return False
    texts = [
        " ".join(c.text for c in columns.assign(row).get(Role.DEADLINE, []))
        for row in rest[:_ASKED_ROWS]
    ]
    return not any(read_deadline(text[:200], Term()).due for text in texts if text)


def _is_datum(cell: Cell) -> bool:
    return len(cell.text) > _HEADING_LENGTH or bool(re.match(r"\d|.*\d\d", cell.text))


def _with_guess(
    blocks: Sequence[Block], tables: dict[int, list[Row]], first: int, columns: Columns
) -> list[Placed]:
    taken = {
        number
        for number, rows in tables.items()
        if number >= first and _belongs(rows, columns, first)
    }
    return [
        Placed(block, columns)
        if isinstance(block, Row) and block.origin.table in taken
        else Placed(block)
        for block in blocks
    ]


def _is_beside(found: Columns, plan: Columns | None, *, named: bool) -> bool:
    """Whether a heading begins no plan, but a table of money or data sets beside it."""
    if named and not found.named:
        return True
    both = (Role.INDICATOR, Role.EXECUTOR)
    return plan is not None and any(map(plan.has, both)) > any(map(found.has, both))


def _row_below(blocks: Sequence[Block], at: int) -> Row | None:
    """The row under a row; a rule between them does not count."""
    for below in blocks[at + 1 : at + 3]:
        if not isinstance(below, Row):
            return None
        if below.text and not is_rule(below.text):
            return below
    return None


def _belongs(rows: Sequence[Row], columns: Columns, table: int) -> bool:
    """Whether a table without a heading goes on with the plan's columns."""
    if rows[0].origin.table == table:
        return True
    expected = len(columns.columns)
    widest = max(len(row.cells) for row in rows)
    if all(is_signature(row.text) or not row.filled for row in rows):
        return False
    if widest in (expected, columns.width):
        return not _has_other_heading(rows, columns)
    if abs(widest - expected) > 1:
        return False
    return any(split_number(row.cells[0].text).number for row in rows if row.cells)
