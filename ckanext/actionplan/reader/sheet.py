"""Rows of a spreadsheet or CSV file into the grid, and the sheet that holds the plan.

A sheet has no paragraphs: what stands above and below its table are rows as well, and
a workbook may hold other sheets beside the plan, among them hidden ones.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from .approval import APPROVED
from .columns import Columns, Role, find_columns
from .errors import LimitError
from .grid import Block, Cell, Grid, Origin, Paragraph, Remark, Row
from .guess import guess_columns
from .heading import is_signature, title_lines
from .numbercells import restored
from .rows import split_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from .limits import Budget
    from .workbook import Area, Sheet

#: A row with so many filled cells belongs to a table.
_FULL: Final = 3
_LEAST: Final = 2
#: A heading is looked for in so many rows of a sheet.
_SEARCHED: Final = 300
_CONTINUED: Final = re.compile(r"\s*\(?\s*продовження\s*\)?\s*$", re.I)
#: Columns that every sheet of one plan has.
_MORE: Final = (Role.INDICATOR, Role.EXECUTOR)
#: A sheet whose tasks stand in another one already is a copy.
_COPY_SHARE: Final = 0.5


def read_sheets(sheets: Sequence[Sheet], budget: Budget) -> Grid:
    """Find the sheets of the plan and turn them into the grid.

    :param sheets: all sheets in the order of their tabs.
    :param budget: limits and time of this reading.
    :raises LimitError: when there are too many, or the plan's own is too large.
    """
    if len(sheets) > budget.limits.sheets:
        raise LimitError("too_many_sheets", limit=budget.limits.sheets)
    # What is hidden is no part of the plan that people see, unless nothing else is one.
    for shown in (True, False):
        found = [
            _Found(sheet.visible() if shown else sheet, sheet, budget)
            for sheet in sheets
            if not (shown and sheet.hidden)
        ]
        chosen = _chosen(found)
        if chosen or not shown:
            break
    taken = chosen or found
    for one in taken:
        if one.sheet.overflow is not None:
            raise one.sheet.overflow
    blocks = list(_joined(found, taken, budget))
    hidden = [sheet for sheet in sheets if sheet.hidden and shown]
    remarks = list(_remarks(found, chosen, hidden)) if chosen else []
    return Grid(tuple(blocks), tuple(remarks))


class _Found:
    """A sheet as blocks, with its heading when it has one."""

    def __init__(self, sheet: Sheet, whole: Sheet, budget: Budget) -> None:
        self.sheet = sheet
        self.omitted = whole.cells() - sheet.cells()
        budget.tick()
        first, last = _extent(sheet)
        if len(_used(sheet, first, last)) > budget.limits.cells:
            limit = budget.limits.cells
            sheet.overflow = LimitError("too_many_cells", limit=limit)
            first, last = 1, 0
        rows = list(_rows(sheet, first, last))
        at, self.columns = _heading(rows)
        if self.columns is not None and at:
            # What stands above the heading is no table, however many cells it fills.
            first = rows[at].origin.row
            rows = list(_rows(sheet, first, last))
            again = find_columns(rows[0], rows[1] if rows[1:] else None)
            self.columns = again[0] if again else self.columns
        elif (
            self.columns is None and sum(len(r.filled) >= _FULL for r in rows) < _LEAST
        ):
            # Date, town and number of an order alone are no table.
            rows, last = [], max(sheet.rows, default=0)
            first = last + 1
        self.table, self.restored = restored(rows, self.columns)
        numbers = [] if sheet.overflow else sorted(sheet.rows)
        self.above = list(_paragraphs(sheet, [n for n in numbers if n < first]))
        self.below = list(_paragraphs(sheet, [n for n in numbers if n > last]))

    def keys(self) -> set[tuple[str, str]]:
        """Tasks and deadlines, to tell a copy."""
        if self.columns is None:
            return set()
        out: set[tuple[str, str]] = set()
        for row in self.table[1:]:
            values = self.columns.assign(row)
            task, day = (
                " ".join(cell.text for cell in values.get(role, []))
                for role in (Role.TASK, Role.DEADLINE)
            )
            if task and day:
                out.add((task, day))
        return out

    def roles(self) -> set[Role]:
        """What its columns are known to hold."""
        columns = self.columns.columns if self.columns else ()
        return {column.role for column in columns} & {Role.TASK, Role.DEADLINE, *_MORE}

    def title(self) -> str:
        """The title of a plan above the table, empty when there is none."""
        lines = [text for block in self.above for text in block.lines or ("",)]
        start, end = title_lines(lines)
        text = " ".join(text for text in lines[start:end] if text)
        return _CONTINUED.sub("", text).strip()


def _heading(rows: Sequence[Row]) -> tuple[int, Columns | None]:
    for at, row in enumerate(rows[:_SEARCHED]):
        found = find_columns(row, rows[at + 1] if at + 1 < len(rows) else None)
        if found is not None:
            return at, found[0]
    return 0, None


def _chosen(found: Sequence[_Found]) -> list[_Found]:
    """The sheets of the plan: with a heading, no copy and no other plan."""
    plans = [one for one in found if one.keys()]
    if not plans:
        guessed = (one for one in found if guess_columns(one.table[:_SEARCHED]))
        return [one for one in (next(guessed, None),) if one]
    # Without a title the largest is the plan: notes may have a table as well.
    largest = max(plans, key=lambda one: len(one.keys()))
    main = next((one for one in plans if one.title()), largest)
    known = main.keys()
    out: list[_Found] = []
    for one in plans:
        keys = one.keys()
        copied = len(keys & known) > len(keys) * _COPY_SHARE
        if one is main or (not copied and _goes_on(main, one)):
            out.append(one)
            known |= keys
    return out


def _goes_on(main: _Found, other: _Found) -> bool:
    """Whether a sheet belongs to the same plan as the main one."""
    title = other.title()
    if title:
        return title.casefold() == main.title().casefold()
    return main.roles() <= other.roles()


def _joined(
    found: Sequence[_Found], taken: Sequence[_Found], budget: Budget
) -> Iterator[Block]:
    """The blocks of the chosen sheets, and the texts of others without a table."""
    table = 0
    for one in found:
        if one in taken:
            table += 1
        elif one.table or one.sheet.overflow:
            continue
        for block in (*one.above, *one.table, *one.below):
            if isinstance(block, Row):
                budget.block(len(block.cells))
                yield replace(block, origin=replace(block.origin, table=table))
            else:
                budget.block()
                yield block


def _remarks(
    found: Sequence[_Found], chosen: Sequence[_Found], hidden: Sequence[Sheet]
) -> Iterator[Remark]:
    others = (one for one in found if one not in chosen)
    left: list[str] = []
    for one in others:
        title = one.title()
        if title and one.columns is not None and title != chosen[0].title():
            params = {"name": one.sheet.name, "title": title}
            yield Remark("other_plan", params)
        elif one.table or one.sheet.overflow:
            left.append(one.sheet.name)
    left += [sheet.name for sheet in hidden if sheet.rows]
    if left:
        yield Remark("sheets_unread", {"names": ", ".join(left)})
    for one in chosen:
        if one.omitted:
            yield Remark("hidden_unread", {"name": one.sheet.name})
        if one.restored:
            yield Remark("numbers_restored", {"numbers": ", ".join(one.restored)})


# ---------------------------------------------------------------- one sheet


def _extent(sheet: Sheet) -> tuple[int, int]:
    """First and last row of the table; an empty range when there is none."""
    counts = {number: len(sheet.rows[number]) for number in sorted(sheet.rows)}
    most = max(counts.values(), default=0)
    if most < _LEAST:
        end = max(counts, default=0)
        return end + 1, end
    full = [
        n
        for n, count in counts.items()
        if count >= min(_FULL, most) or (count >= _LEAST and _numbered(sheet, n))
    ]
    first = full[0]
    # A heading in two rows: its upper row may have few cells, but one reaches down.
    reaching = [a.top for a in sheet.areas if a.top < first <= a.bottom]
    first = min([top for top in reaching if top in counts], default=first)
    last = next((n for n in reversed(full) if not _signs(sheet, n)), full[-1])
    # Only what stands right below may still belong to the last task.
    while last + 1 in counts and not _signs(sheet, last + 1):
        last += 1
    return first, last


def _numbered(sheet: Sheet, number: int) -> bool:
    return bool(split_number(_text(sheet, number)).number)


def _signs(sheet: Sheet, number: int) -> bool:
    """Whether a signature begins in a row: a post with a name there or in the next."""
    text = _text(sheet, number)
    if is_signature(text):
        return True
    if len(sheet.rows[number]) > 1:
        return False
    if APPROVED.match(text):
        return True
    below = number + 1 in sheet.rows
    return below and is_signature(f"{text} {_text(sheet, number + 1)}")


def _text(sheet: Sheet, number: int) -> str:
    values = sheet.rows[number]
    return " ".join(" ".join(values[at]) for at in sorted(values))


def _used(sheet: Sheet, first: int, last: int) -> list[int]:
    """The columns of the table that are not empty everywhere."""
    found = {
        at for n, values in sheet.rows.items() if first <= n <= last for at in values
    }
    return sorted(found)


def _rows(sheet: Sheet, first: int, last: int) -> Iterator[Row]:
    """The rows of the table; columns that are empty everywhere are left out."""
    numbers = [n for n in sorted(sheet.rows) if first <= n <= last]
    used = _used(sheet, first, last)
    merges = _Merges(sheet.areas, used)
    for number in numbers:
        values = sheet.rows[number]
        cells: list[Cell] = []
        areas = merges.at(number)
        at = 0
        while at < len(used):
            area = areas.get(at)
            if area is None:
                cells.append(Cell(values.get(used[at], ()), at))
                at += 1
                continue
            lines = values.get(area.left, ()) if number == area.top else ()
            end = sum(1 for column in used if column <= area.right)
            cells.append(Cell(lines, at, end - at, number > area.top))
            at = end
        yield Row(tuple(cells), Origin(1, number, sheet=sheet.name))


class _Merges:
    """Merged ranges that reach into a row, asked for rows from the top down."""

    def __init__(self, areas: Iterable[Area], used: Sequence[int]) -> None:
        self._used = used
        self._waiting = sorted(areas, key=lambda a: (a.top, a.left), reverse=True)
        self._active: dict[int, Area] = {}

    def at(self, row: int) -> dict[int, Area]:
        """The ranges that cover a row, by the place of their first used column."""
        self._active = {at: a for at, a in self._active.items() if a.bottom >= row}
        while self._waiting and self._waiting[-1].top <= row:
            area = self._waiting.pop()
            covered = [
                at for at, c in enumerate(self._used) if area.left <= c <= area.right
            ]
            taken = any(
                area.left <= a.right and a.left <= area.right
                for a in self._active.values()
            )
            # Ranges that overlap are damage: the first one holds.
            if covered and area.bottom >= row and not taken:
                self._active[covered[0]] = area
        return self._active


def _paragraphs(sheet: Sheet, numbers: Sequence[int]) -> Iterator[Paragraph]:
    """Lines outside the table, blocks that stand side by side one after the other."""
    above = 0
    for group in _groups(sheet, numbers):
        if above and group[0] > above + 1:
            yield Paragraph((), Origin(0, above + 1, sheet=sheet.name))
        above = group[-1]
        if len(group) == 1:
            values = sheet.rows[above]
            lines = tuple(line for at in sorted(values) for line in values[at])
            # Date, town and number of an act stand in one row.
            lines = (" ".join(lines),) if len(values) > 1 else lines
            yield Paragraph(lines, Origin(0, above, sheet=sheet.name))
            continue
        for at in sorted(sheet.rows[group[0]]):
            for number in group:
                lines = sheet.rows[number].get(at, ())
                if lines:
                    yield Paragraph(lines, Origin(0, number, sheet=sheet.name))


def _groups(sheet: Sheet, numbers: Sequence[int]) -> Iterator[list[int]]:
    """Single rows, and runs of rows with texts side by side."""
    run: list[int] = []
    for number in numbers:
        if run and not _beside(sheet, run, number):
            yield run
            run = []
        run.append(number)
    if run:
        yield run


def _beside(sheet: Sheet, run: Sequence[int], number: int) -> bool:
    """Whether a row goes on with the columns of the rows above it."""
    base, columns = set(sheet.rows[run[0]]), set(sheet.rows[number])
    if number != run[-1] + 1 or len(base) == 1 or not columns <= base:
        return False
    # A text on the left alone is the next thing, such as the title.
    return len(columns) > 1 or min(columns) != min(base)
