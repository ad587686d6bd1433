"""A sheet as its format module finds it, bounded while it is filled."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeAlias

from .errors import LimitError

if TYPE_CHECKING:
    from .limits import Limits

Values: TypeAlias = "dict[int, tuple[str, ...]]"


@dataclass(frozen=True, slots=True)
class Area:
    """A merged range; rows from 1, columns from 0, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(slots=True)
class Sheet:
    """A sheet as its format module found it: filled cells only.

    :param name: as on its tab.
    :param rows: lines of filled cells by row (from 1) and column (from 0).
    :param areas: merged ranges.
    :param hidden: whether the sheet itself is hidden.
    :param hidden_rows: rows that are hidden by hand; not those of a filter or group.
    :param hidden_columns: the same for columns, as ranges with both ends.
    :param overflow: the limit that it exceeds; of no interest unless it is the plan's.
    :param size: characters of all cells.
    :param filtered: whether a filter is in use, which hides rows for the moment.
    """

    name: str = ""
    rows: dict[int, Values] = field(default_factory=dict[int, "Values"])
    areas: list[Area] = field(default_factory=list[Area])
    hidden: bool = False
    hidden_rows: set[int] = field(default_factory=set[int])
    hidden_columns: list[tuple[int, int]] = field(
        default_factory=list["tuple[int, int]"]
    )
    overflow: LimitError | None = None
    size: int = 0
    filtered: bool = False

    def add(self, row: int, values: Values, limits: Limits) -> bool:
        """Take a row with its filled cells.

        :returns: False when a limit is exceeded and the sheet need not be read on.
        """
        if not values or self.overflow is not None:
            return self.overflow is None
        sizes = [sum(map(len, lines)) for lines in values.values()]
        self.size += sum(sizes)
        if len(self.rows) >= limits.rows:
            self.overflow = LimitError("too_many_rows", limit=limits.rows)
        elif len(values) > limits.cells:
            self.overflow = LimitError("too_many_cells", limit=limits.cells)
        elif max(sizes) > limits.characters:
            self.overflow = LimitError("cell_too_long", limit=limits.characters)
        elif self.size > limits.part_bytes:
            self.overflow = LimitError(
                "too_much_text", name=self.name, limit=limits.part_bytes
            )
        else:
            self.rows[row] = values
        return self.overflow is None

    def merge(self, area: Area, limits: Limits) -> None:
        """Take a merged range; more than a plan can have are not remembered."""
        if len(self.areas) < limits.rows:
            self.areas.append(area)

    def visible(self) -> Sheet:
        """The sheet without what was hidden by hand."""
        rows: dict[int, Values] = {}
        for number, values in self.rows.items():
            if number in self.hidden_rows:
                continue
            shown = {at: v for at, v in values.items() if not self._is_hidden(at)}
            if shown:
                rows[number] = shown
        return replace(self, rows=rows)

    def _is_hidden(self, column: int) -> bool:
        return any(first <= column <= last for first, last in self.hidden_columns)

    def cells(self) -> int:
        """How many cells are filled."""
        return sum(map(len, self.rows.values()))
