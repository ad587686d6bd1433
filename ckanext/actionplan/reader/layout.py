"""From the grid to rows of the plan: where its tables are and what each row is."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from .approval import cites_act, is_stamp, is_stamp_mark
from .columns import Columns, Role
from .errors import LayoutError
from .grid import Block, Cell, Grid, Paragraph, Row
from .heading import Line, is_name, is_signature
from .rows import (
    Numbered,
    Taken,
    is_column_numbers,
    is_rule,
    is_total,
    names_principle,
    names_section,
    restarts,
    split_number,
    split_task_number,
)
from .sections import SECTION_LENGTH, is_remark, like_section, lines_in, sections_above
from .tables import Placed, place

if TYPE_CHECKING:
    from collections.abc import Callable

_NUMBERED_SHARE: Final = 0.5
#: Columns whose cells are printed once and hold for the rows below.
LABELS: Final = (Role.PRINCIPLE, Role.CONTENT, Role.DIRECTION)
#: A text that ends so is not finished.
_DANGLING: Final = re.compile(
    r"(?:[,(«:–-]|\b(?:та|і|й|або|в|у|на|з|із|зі|до|для|від|про|щодо|за|по|при|не|що))$"
)
_TEXTS: Final = (Role.DEADLINE, Role.INDICATOR, Role.EXECUTOR)
_SIGNATURE_CELLS: Final = 3


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A row of the plan's tables, or a section heading between them.

    :param block: the row or paragraph.
    :param taken: what it was taken for.
    :param values: cells by the role of their column.
    :param number: the task's number, taken off the title.
    :param sure: False when it could be something else.
    """

    block: Block
    taken: Taken
    values: dict[Role, list[Cell]] = field(default_factory=dict[Role, "list[Cell]"])
    number: Numbered = field(default_factory=lambda: Numbered("", ""))
    sure: bool = True

    def lines(self, role: Role) -> tuple[str, ...]:
        """The lines of the cells in columns with that role."""
        return tuple(line for cell in self.values.get(role, []) for line in cell.lines)

    def text(self, role: Role) -> str:
        """The text of the cells in columns with that role."""
        return " ".join(self.lines(role))

    def continued(self, role: Role) -> bool:
        """Whether the cell is the lower part of a merged one and has no text."""
        cells = self.values.get(role, [])
        return any(cell.continued for cell in cells) and not self.lines(role)


@dataclass(frozen=True, slots=True)
class Layout:
    """The rows of the plan in order, and the lines around them.

    :param rows: all blocks with what they were taken for.
    :param lines: lines outside the tasks, for title and approval.
    :param columns: the columns of the first table.
    :param numbered: whether tasks carry numbers.
    """

    rows: tuple[PlanRow, ...]
    lines: tuple[Line, ...]
    columns: Columns
    numbered: bool


def read_layout(grid: Grid, tick: Callable[[], None] = lambda: None) -> Layout:
    """Find the plan's tables and tell what each of their rows is.

    :param tick: called for each row; stops the reading when time is up.
    :raises LayoutError: when there is no table of tasks.
    """
    placed = place(grid.blocks, tick)
    columns = next((p.columns for p in placed if p.columns), None)
    if columns is None:
        filled = sum(1 for block in grid.blocks if block.text)
        raise LayoutError("no_plan", rows=filled)
    return _Classifier(placed, columns).layout(tick)


class _Classifier:
    """Tells task rows from continuations, sections and noise."""

    def __init__(self, placed: list[Placed], columns: Columns) -> None:
        self._placed = placed
        self._columns = columns
        self._lines: list[Line] = []
        self._rows: list[PlanRow] = []
        body = [at for at, p in enumerate(placed) if p.columns]
        self._first, self._last = body[0], body[-1]
        self._numbers = [self._number_at(at) for at in range(len(placed))]
        self.numbered, self._depth = self._numbering()
        self._open = False
        self._plain_sections = False

    def layout(self, tick: Callable[[], None]) -> Layout:
        above = self._sections_above()
        for at, placed in enumerate(self._placed):
            tick()
            block = placed.block
            if isinstance(block, Row) and placed.columns is not None:
                row = self._row(at, block, placed)
            elif at in above:
                row = PlanRow(block, Taken.SECTION)
            else:
                row = self._outside(at, block)
            self._rows.append(row)
            self._plain_sections |= _plain_section(row)
            if row.taken in (Taken.SECTION, Taken.HEADER):
                self._open = self._open and row.taken is Taken.HEADER
            elif row.taken is Taken.TASK:
                self._open = True
        return Layout(
            tuple(self._rows), tuple(self._lines), self._columns, self.numbered
        )

    def _number_at(self, at: int) -> Numbered:
        """The number of a row of the plan, from its own column or the title."""
        placed = self._placed[at]
        if placed.columns is None or placed.header or not isinstance(placed.block, Row):
            return Numbered("", "")
        values = placed.columns.assign(placed.block)
        title = " ".join(c.text for c in values.get(Role.TASK, []) if c.lines)
        own = " ".join(c.text for c in values.get(Role.NUMBER, []) if c.lines)
        inside, apart = split_task_number(title), split_number(own)
        if apart.number and not apart.text:
            same = inside.number and inside.depth >= apart.depth
            return inside if same else Numbered(apart.number, title)
        return inside

    def _numbering(self) -> tuple[bool, int]:
        """Whether tasks carry numbers, and of how many parts."""
        depths: list[int] = []
        for placed, number in zip(self._placed, self._numbers, strict=True):
            if placed.columns is None or not isinstance(placed.block, Row):
                continue
            values = placed.columns.assign(placed.block)
            full = _filled(values, Role.TASK) and _filled(values, Role.DEADLINE)
            if full and not (placed.header or is_column_numbers(placed.block)):
                depths.append(number.depth)
        with_number = [depth for depth in depths if depth]
        if not depths or len(with_number) < len(depths) * _NUMBERED_SHARE:
            return False, 0
        return True, Counter(with_number).most_common(1)[0][0]

    # paragraphs and rows of other tables

    def _outside(self, at: int, block: Block) -> PlanRow:
        text = block.text
        before = at < self._first
        inside = self._first < at < self._last
        if (
            inside
            and isinstance(block, Paragraph)
            and self._is_section_between(at, block)
        ):
            return PlanRow(block, Taken.SECTION, sure=bool(block.heading))
        if isinstance(block, Row):
            self._lines += [Line(t, before) for c in block.cells for t in c.lines]
        else:
            self._lines += [Line(t, before) for t in (block.lines or ("",))]
        if not text or is_rule(text):
            return PlanRow(block, Taken.NOISE)
        if all(is_stamp(line) for line in lines_in(block)):
            return PlanRow(block, Taken.STAMP)
        if not before and is_signature(text):
            return PlanRow(block, Taken.SIGNATURE)
        return PlanRow(block, Taken.OUTSIDE, sure=not inside)

    def _is_section_between(self, at: int, block: Paragraph) -> bool:
        text = block.text
        noise = not text or is_rule(text) or is_stamp(text) or is_remark(text)
        if noise or len(text) > SECTION_LENGTH:
            return False
        if not self._table_follows(at):
            return False
        if block.heading or names_section(text) or names_principle(text):
            return True
        number = split_number(text)
        if number.number:
            return number.depth < self._depth or self._depth <= 1
        return not is_signature(text) and text[:1].isupper() and text[-1:] not in ".;,:"

    def _table_follows(self, at: int) -> bool:
        """Whether the next thing that counts is a row of the plan or another section."""
        for placed in self._placed[at + 1 :]:
            text = placed.block.text
            if placed.columns is not None:
                return True
            if text and not (is_stamp(text) or is_rule(text) or is_remark(text)):
                heading = isinstance(placed.block, Paragraph) and placed.block.heading
                return bool(heading) or like_section(placed.block)
        return False

    def _sections_above(self) -> set[int]:
        blocks = [p.block for p in self._placed[: self._first]]
        later = any(
            isinstance(p.block, Paragraph) and self._is_section_between(at, p.block)
            for at, p in enumerate(self._placed[: self._last])
            if at > self._first
        )
        return sections_above(blocks, later=later)

    # rows of the plan

    def _row(self, at: int, row: Row, placed: Placed) -> PlanRow:
        columns = placed.columns or self._columns
        if placed.header:
            return PlanRow(row, Taken.HEADER)
        text = row.text
        values = columns.assign(row)
        if not text or is_rule(text) or is_total(text):
            return PlanRow(row, Taken.NOISE, values)
        if is_column_numbers(row):
            return PlanRow(row, Taken.COLUMN_NUMBERS)
        if self._is_stamp_row(row, values):
            self._lines += [Line(t, False) for c in row.cells for t in c.lines]
            return PlanRow(row, Taken.STAMP)
        number = self._numbers[at]
        if self._is_signature_row(row, values, number):
            self._lines.append(Line(text, False))
            return PlanRow(row, Taken.SIGNATURE)
        section = self._section(at, row, values, number, columns)
        if section is not None:
            return section
        return PlanRow(row, self._kind(values, number), values, number)

    def _is_stamp_row(self, row: Row, values: dict[Role, list[Cell]]) -> bool:
        """Whether a row is a stamp or page number and not the tail of a cell."""
        if len(row.filled) != 1 or not is_stamp(row.text):
            return False
        cell = row.filled[0]
        if is_stamp_mark(row.text):
            return True
        if not cell.column:
            above = self._above().text(Role.TASK) if self._open else ""
            return not (cites_act(above) or above.endswith("№"))
        return not any(values.get(role) for role in _TEXTS)

    def _above(self) -> PlanRow:
        """The last row that belongs to a task."""
        body = (Taken.TASK, Taken.DEADLINE, Taken.CONTINUATION)
        return next(row for row in reversed(self._rows) if row.taken in body)

    def _is_signature_row(
        self, row: Row, values: dict[Role, list[Cell]], number: Numbered
    ) -> bool:
        first = row.filled[0]
        return (
            not number.number
            and all(is_name(c.text) for c in values.get(Role.DEADLINE, []) if c.lines)
            and first.column <= max(self._columns.start(Role.TASK), 0)
            and is_signature(row.text)
            and len(row.filled) <= _SIGNATURE_CELLS
        )

    def _section(
        self,
        at: int,
        row: Row,
        values: dict[Role, list[Cell]],
        number: Numbered,
        columns: Columns,
    ) -> PlanRow | None:
        cells = [c for c in row.filled if c not in values.get(Role.NUMBER, [])]
        labels = [c for role in LABELS for c in values.get(role, [])]
        # The first heading under a principle stands beside it.
        cells = [c for c in cells if c not in labels] or cells
        if len(cells) > 1 or not row.filled:
            return None
        cell = cells[0] if cells else row.filled[0]
        covered = [
            c
            for c in columns.columns
            if c.start < cell.column + cell.span and cell.column < c.end
        ]
        merged = len(covered) > 1 and row.width == columns.width
        if not merged and covered and covered[0].role in LABELS:
            charter = covered[0].role is Role.DIRECTION and names_principle(cell.text)
            return PlanRow(row, Taken.SECTION, values, number) if charter else None
        early = cell.column <= columns.start(Role.TASK)
        # A text without a number in the column of numbers can only be a heading.
        apart = not cells and not split_number(row.text).number
        own = " ".join(c.text for c in values.get(Role.NUMBER, []) if c.lines)
        text = row.text if apart or not cells else f"{own} {cell.text}".strip()
        verdict = self._section_verdict(at, text, number, merged or apart, early)
        if verdict is None:
            return None
        return PlanRow(row, Taken.SECTION, values, number, sure=verdict)

    def _section_verdict(
        self, at: int, text: str, number: Numbered, merged: bool, early: bool
    ) -> bool | None:
        """True for a section, False for a likely one, None for none."""
        if merged or (early and (names_section(text) or names_principle(text))):
            return True
        depth = split_number(text).depth or number.depth
        if not early:
            follows = self._next_number(at).number.startswith(
                f"{split_number(text).number or '-'}."
            )
            return True if depth and depth < self._depth and follows else None
        if depth:
            return True if self._is_section_number(at, depth) else None
        if not self._open:
            return False
        return False if self._stands_alone(at, text) else None

    def _stands_alone(self, at: int, text: str) -> bool:
        """Whether a lone text without a number is a section, not a row's tail.

        Only a page break cuts a row: right under a finished row nothing goes on.
        """
        above = self._rows[-1] if self._rows else None
        numbers = (row.number.number for row in reversed(self._rows))
        last = next(filter(None, numbers), "")
        following = self._values_at(at + 1)
        fresh = restarts(last, self._next_number(at).number) and not any(
            _filled(following, role) for role in LABELS
        )
        known = not self.numbered or self._plain_sections or fresh
        if not known or not text[:1].isupper() or above is None:
            return False
        whole = above.taken in (Taken.TASK, Taken.DEADLINE, Taken.CONTINUATION)
        dangling = _DANGLING.search(above.text(Role.TASK) or ".")
        full = _filled(following, Role.TASK) and _filled(following, Role.DEADLINE)
        return whole and not dangling and full

    def _values_at(self, at: int) -> dict[Role, list[Cell]]:
        """The cells of a row of the plan by role, none for other blocks."""
        placed = self._placed[at] if at < len(self._placed) else None
        if placed is None or placed.columns is None:
            return {}
        block = placed.block
        return placed.columns.assign(block) if isinstance(block, Row) else {}

    def _is_section_number(self, at: int, depth: int) -> bool:
        if self._depth != depth:
            return depth < self._depth or not self.numbered
        # Tasks and sections are both numbered 1, 2, 3: a section restarts the tasks.
        return depth == 1 and self._next_number(at).number == "1"

    def _next_number(self, at: int) -> Numbered:
        later = range(at + 1, len(self._numbers))
        return next((self._numbers[i] for i in later if self._numbers[i].number), _NONE)

    def _kind(self, values: dict[Role, list[Cell]], number: Numbered) -> Taken:
        """Task, continuation or a further deadline (the rule of continuations)."""
        deadline = _filled(values, Role.DEADLINE)
        task = _filled(values, Role.TASK)
        if number.number and (number.text or task):
            return Taken.TASK
        if not self._open:
            return Taken.TASK if task else Taken.CONTINUATION
        if not task:
            return Taken.DEADLINE if deadline else Taken.CONTINUATION
        merged = any(c.continued for c in values.get(Role.DEADLINE, []))
        if not deadline and not merged:
            return Taken.CONTINUATION
        small = number.text[:1].islower()
        return Taken.CONTINUATION if small and not deadline else Taken.TASK


_NONE: Final = Numbered("", "")


def _filled(values: dict[Role, list[Cell]], role: Role) -> bool:
    return any(cell.lines for cell in values.get(role, []))


def _plain_section(row: PlanRow) -> bool:
    """Whether a row of the table is a section without a number."""
    if row.taken is not Taken.SECTION or not isinstance(row.block, Row):
        return False
    return not split_number(row.block.text).number
