"""Cells that reach over columns and rows, put into their places of the grid."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from .errors import LimitError
from .grid import Cell

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from .limits import Budget

#: Browsers allow no wider cell either.
WIDEST: Final = 1000
#: A table with that many columns and rows holds data.
_DATA_COLUMNS: Final = 3
_DATA_ROWS: Final = 2


@dataclass(frozen=True, slots=True)
class Piece:
    """A cell as the document gives it, without its place.

    :param lines: its paragraphs and lines.
    :param span: columns it covers.
    :param rows: rows it covers.
    :param covered: whether it only holds the place of a merged cell.
    """

    lines: tuple[str, ...] = ()
    span: int = 1
    rows: int = 1
    covered: bool = False


@dataclass(slots=True)
class _Reach:
    """A cell that goes on below: its width and the rows it still covers."""

    span: int
    rows: int


@dataclass(slots=True)
class Spans:
    """The merged cells of one table, row after row."""

    _open: dict[int, _Reach] = field(default_factory=dict[int, _Reach])

    def row(self, pieces: Sequence[Piece]) -> tuple[Cell, ...]:
        """Put the cells of the next row into their columns.

        :param pieces: from left to right; places of merged cells may be left out,
            as HTML does, or printed, as OpenDocument does.
        """
        fresh: dict[int, _Reach] = {}
        printed = any(piece.covered for piece in pieces)
        cells = tuple(self._placed(pieces, fresh, printed=printed))
        for reach in self._open.values():
            reach.rows -= 1
        left = {at: reach for at, reach in self._open.items() if reach.rows > 0}
        self._open = left | fresh
        return cells

    def close(self) -> None:
        """End all merged cells, as the end of a group of rows does."""
        self._open.clear()

    def _placed(
        self, pieces: Sequence[Piece], fresh: dict[int, _Reach], *, printed: bool
    ) -> Iterator[Cell]:
        at, owed = 0, 0
        for piece in pieces:
            if piece.covered:
                if owed:
                    owed -= 1
                    continue
                span = self._open[at].span if at in self._open else 1
                yield Cell((), at, span, continued=True)
                at, owed = at + span, span - 1
                continue
            while not printed and at in self._open:
                span = self._open[at].span
                yield Cell((), at, span, continued=True)
                at += span
            span = min(max(piece.span, 1), WIDEST)
            yield Cell(piece.lines, at, span)
            if piece.rows > 1:
                fresh[at] = _Reach(span, piece.rows - 1)
            at, owed = at + span, span - 1
        while at in self._open:
            span = self._open[at].span
            yield Cell((), at, span, continued=True)
            at += span


def check_width(cells: int, budget: Budget) -> None:
    """Refuse a row before its cells are read.

    :param cells: how many the document gives it.
    :param budget: limits and time of this reading.
    :raises LimitError: when there are too many.
    """
    limit = budget.limits.cells
    if cells > limit:
        raise LimitError("too_many_cells", limit=limit)


def clipped(rows: Iterable[tuple[Cell, ...]]) -> list[tuple[Cell, ...]]:
    """The rows of a table, none wider than those with several cells.

    A merged row may be declared wider than the table, to be on the safe side.
    """
    out = list(rows)
    width = max((_end(row) for row in out if len(row) > 1), default=0)
    if not width:
        return out
    return [tuple(_cut(cell, width) for cell in row) for row in out]


def is_layout(outer: int, inner: Sequence[int]) -> bool:
    """Whether a table only lays out the page around the table inside it.

    :param outer: rows of the outer table with at least three cells.
    :param inner: cells of each row of the inner table.
    """
    wide = data_rows(inner)
    return len(inner) >= _DATA_ROWS and wide > 0 and outer <= wide


def data_rows(widths: Sequence[int]) -> int:
    """How many rows have as many cells as rows of data.

    :param widths: cells of each row.
    """
    return sum(1 for width in widths if width >= _DATA_COLUMNS)


def _end(row: tuple[Cell, ...]) -> int:
    return max((cell.column + cell.span for cell in row), default=0)


def _cut(cell: Cell, width: int) -> Cell:
    if cell.column + cell.span <= width or cell.column >= width:
        return cell
    return replace(cell, span=width - cell.column)
