"""From pages to blocks in reading order: running titles, tables over several pages."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from .columns import Role, role_of
from .grid import Block, Cell, Grid, Origin, Paragraph, Remark, Row
from .pdf_columns import Loose, find_columns
from .pdf_tables import Area, Box, find_tables
from .pdf_text import Measure, TextLine, Writing, lines_of_words, pitch_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .limits import Budget
    from .pdf_page import Page, Word

#: Running titles and page numbers stand in that share of the page at either end.
_MARGIN: Final = 0.13
#: A text on that share of the pages is a running title.
_RUNNING: Final = 0.4
#: It stands equally high on all of them, in steps of so many points.
_LEVEL: Final = 5
_PAGE_NUMBER: Final = re.compile(
    r"[-–—\s]*(?:(?:стор(?:інка|\.)?|page)\s*)?\d{1,3}(?:\s*(?:з|із|of|/)\s*\d{1,3})?"
    r"[-–—\s]*",
    re.I,
)
#: Borders of one table may differ so much from page to page.
_SHIFT: Final = 4.0
_PADDING: Final = 8.0
_GRID_COLUMNS: Final = 3
_HEADING_WORDS: Final = 10
_HEADING_BANDS: Final = 4
#: A table of more rows is no block of approval.
_LONG: Final = 6
#: A cell that ends so near the border below, in lines, may go on on the next page.
_FULL: Final = 1.7
_NUMBERED: Final = re.compile(r"[\dIVXІХ]+[.)\s]|\d")
_TASK: Final = re.compile(r"\d{1,2}(?:\.\d{1,2})*[.)]?\s+[А-ЯІЇЄҐA-Z«\"]")
_SMALL: Final = re.compile(r"[a-zа-яіїєґ]")
#: A further deadline begins so, and small.
_DEADLINE: Final = re.compile(r"(?:до|з|із|від|по|щ\w+|кожн\w+|постійно|протягом)\b")
#: So many rows at a table's head may be repeated on each page.
_HEADS: Final = 3


@dataclass(slots=True)
class _Sheet:
    """What one page holds: tables, and lines outside them."""

    page: Page
    areas: list[Area]
    lines: list[TextLine]


def blocks_of(pages: Sequence[Page], budget: Budget) -> Grid:
    """Turn pages into the grid.

    :param pages: upright pages in order.
    :param budget: limits and time of this reading.
    """
    sheets: list[_Sheet] = []
    for page in pages:
        areas, loose = find_tables(page, budget.limits.cells)
        sheets.append(_Sheet(page, areas, lines_of_words(loose)))
        budget.tick()
    later = _take_running(sheets)
    if not any(_is_grid(area) for sheet in sheets for area in sheet.areas):
        _take_columns(sheets)
    builder = _Builder(sheets, budget)
    for sheet in sheets:
        builder.sheet(sheet)
        budget.tick()
    for number, line in later:
        builder.paragraph((line.text,), number)
    return Grid(tuple(builder.blocks), tuple(_remarks(pages)))


def _is_grid(area: Area) -> bool:
    """Whether ruling lines make the plan's table, or one that may be the plan's."""
    if len(area.xs) <= _GRID_COLUMNS or _is_band(area):
        return False
    texts = [
        " ".join(line.text for line in lines_of_words(words))
        for box, words in area.words.items()
        if len(words) <= _HEADING_WORDS and box.top < _HEADING_BANDS
    ]
    return Role.DEADLINE in map(role_of, texts) or len(area.ys) > _LONG


def _is_band(area: Area) -> bool:
    """Whether it is one row, as a shaded row without borders is."""
    return len(area.ys) == 2  # noqa: PLR2004


def _take_columns(sheets: Sequence[_Sheet]) -> None:
    """Find a table without ruling lines; shaded rows are no tables of their own."""
    pages: list[Loose] = []
    for sheet in sheets:
        bands = [area for area in sheet.areas if _is_band(area)]
        words = [w for area in bands for own in area.words.values() for w in own]
        lines = lines_of_words(
            [*words, *(w for line in sheet.lines for w in line.words)]
        )
        pages.append(Loose(sheet.page.number, lines, list(sheet.page.across)))
    found = find_columns(pages)
    for sheet, page in zip(sheets, pages, strict=True):
        area = found.get(page.page)
        if area is None:
            continue
        sheet.lines = page.lines
        kept = [other for other in sheet.areas if not _is_band(other)]
        sheet.areas = sorted([*kept, area], key=lambda each: each.ys[0])


def _take_running(sheets: list[_Sheet]) -> list[tuple[int, TextLine]]:
    """Take page numbers and running titles away.

    :returns: each once, with the number of its first page, but for the head of the
        first page, which stays: a stamp may hold the number of the act.
    """
    seen: dict[tuple[str, int], set[int]] = {}
    for sheet in sheets:
        for line in sheet.lines:
            if _in_margin(line, sheet.page):
                seen.setdefault(_pattern(line), set()).add(sheet.page.number)
    enough = max(2.0, len(sheets) * _RUNNING)
    running = {text for text, pages in seen.items() if len(pages) >= enough}
    first = {text: min(seen[text]) for text in running}
    later: list[tuple[int, TextLine]] = []
    for sheet in sheets:
        kept: list[TextLine] = []
        for line in sheet.lines:
            number, text = sheet.page.number, _pattern(line)
            margin = _in_margin(line, sheet.page)
            if margin and _PAGE_NUMBER.fullmatch(line.text):
                continue
            if not margin or text not in running:
                kept.append(line)
            elif first[text] == number:
                head = number == 1 and line.y < sheet.page.height / 2
                (kept.append(line) if head else later.append((number, line)))
        sheet.lines = kept
    return later


def _in_margin(line: TextLine, page: Page) -> bool:
    margin = page.height * _MARGIN
    return not margin < line.y < page.height - margin


def _pattern(line: TextLine) -> tuple[str, int]:
    """A line without what changes from page to page, and its height."""
    return re.sub(r"\d+", "#", line.text.casefold()), round(line.y / _LEVEL)


def _remarks(pages: Sequence[Page]) -> Iterator[Remark]:
    for page in pages:
        if page.picture:
            yield Remark("page_picture", {"page": str(page.number)})
        elif not page.height:
            yield Remark("page_damaged", {"page": str(page.number)})


@dataclass(frozen=True, slots=True)
class _Written:
    """The lines of a cell and the space they fill.

    :param full: whether they reach down to the border below.
    """

    lines: list[TextLine]
    measure: Measure
    full: bool


@dataclass(slots=True)
class _Table:
    """A table that may go on over several pages.

    :param heads: texts of its first rows, which may be repeated on each page.
    :param last: index of its last row among the blocks, and the cells of that row.
    """

    number: int
    xs: list[float]
    rows: int = 0
    heads: set[str] = field(default_factory=set[str])
    last: tuple[int, dict[int, _Written]] | None = None


class _Builder:
    """Makes rows and paragraphs of the pages, one after the other."""

    def __init__(self, sheets: Sequence[_Sheet], budget: Budget) -> None:
        self._budget = budget
        self._paragraphs = 0
        self._tables = 0
        self._table: _Table | None = None
        self.blocks: list[Block] = []
        cells = [
            lines_of_words(words)
            for sheet in sheets
            for area in sheet.areas
            for words in area.words.values()
        ]
        self._pitch = pitch_of(cells)
        loose = [line for sheet in sheets for line in sheet.lines]
        self._writing = Writing([*loose, *(line for cell in cells for line in cell)])

    def paragraph(self, lines: tuple[str, ...], page: int) -> None:
        """Add a paragraph outside tables."""
        self._budget.block()
        self._paragraphs += 1
        self.blocks.append(Paragraph(lines, Origin(0, self._paragraphs, page)))

    def sheet(self, sheet: _Sheet) -> None:
        """Add the blocks of a page from the top down."""
        lines = list(sheet.lines)
        measure = _measure(sheet)
        for area in sheet.areas:
            above = [line for line in lines if line.y < area.ys[0]]
            lines = lines[len(above) :]
            self._text(above, measure, sheet.page.number)
            self._rows(area)
        self._text(lines, measure, sheet.page.number)

    def _text(self, lines: Sequence[TextLine], measure: Measure, page: int) -> None:
        if lines:
            self._table = None
        for text in self._writing.paragraphs(lines, measure):
            self.paragraph((text,), page)

    def _rows(self, area: Area) -> None:
        table = self._table
        if table is None or not _same_columns(table.xs, area.xs):
            self._tables += 1
            table = self._table = _Table(self._tables, area.xs)
        if len(area.xs) > len(table.xs):
            table.xs = area.xs
        top = table.last is not None
        for band in range(len(area.ys) - 1):
            written = self._written(area, band, table)
            row = self._row(area, band, table, written)
            if top and row.text not in table.heads:
                top = False
                if self._goes_on(table, row, written):
                    continue
            table.rows += 1
            if table.rows <= _HEADS:
                table.heads.add(row.text)
            if not top:
                table.last = (len(self.blocks), written)
            self.blocks.append(row)

    def _written(self, area: Area, band: int, table: _Table) -> dict[int, _Written]:
        """The cells that begin in a band and hold text, by their first column."""
        return {
            _index(table.xs, area.xs[box.left]): self._cell(area, box)
            for box in area.boxes
            if box.top == band and area.words.get(box)
        }

    def _row(
        self, area: Area, band: int, table: _Table, written: dict[int, _Written]
    ) -> Row:
        cells: list[Cell] = []
        for box in sorted(area.boxes, key=lambda box: box.left):
            if not box.top <= band < box.bottom:
                continue
            left = _index(table.xs, area.xs[box.left])
            right = max(_index(table.xs, area.xs[box.right]), left + 1)
            begins = box.top == band
            text = self._paragraphs_of(written.get(left) if begins else None)
            cells.append(Cell(text, left, right - left, not begins))
        self._budget.block(len(cells))
        return Row(tuple(cells), Origin(table.number, table.rows + 1, area.page))

    def _paragraphs_of(self, cell: _Written | None) -> tuple[str, ...]:
        return self._writing.paragraphs(cell.lines, cell.measure) if cell else ()

    def _cell(self, area: Area, box: Box) -> _Written:
        words = area.words[box]
        left, right = area.xs[box.left], area.xs[box.right]
        turned = _is_turned(words)
        if turned:
            left, right = area.ys[box.top], area.ys[box.bottom]
        padding = min(area.padding, _PADDING)
        bottom = max(word.bottom for word in words)
        full = area.ys[box.bottom] - bottom < max(self._pitch, words[0].size) * _FULL
        measure = Measure(left + padding, right - padding, self._pitch)
        return _Written(lines_of_words(words), measure, full and not turned)

    def _goes_on(self, table: _Table, row: Row, written: dict[int, _Written]) -> bool:
        """Join the first row of a page with the row above when the page cut it.

        Only where the text shows it; what the layout can tell by itself is left to it.
        """
        if table.last is None:
            return False
        at, above = table.last
        if not _is_cut(above, written, row.cells[0].column if row.cells else 0):
            return False
        row_above = self.blocks[at]
        if not isinstance(row_above, Row):
            return False
        joined = {
            left: replace(cell, lines=[*above[left].lines, *cell.lines])
            for left, cell in written.items()
        }
        cells = [
            replace(cell, lines=self._paragraphs_of(joined[cell.column]))
            if cell.column in joined
            else cell
            for cell in row_above.cells
        ]
        self.blocks[at] = replace(row_above, cells=tuple(cells))
        table.last = (at, {**above, **joined})
        return True


def _is_cut(above: dict[int, _Written], below: dict[int, _Written], first: int) -> bool:
    """Whether the cells of two rows are one row that a page break cut."""
    if not below or any(left not in above or not above[left].full for left in below):
        return False
    if first in below and _NUMBERED.match(below[first].lines[0].text):
        return False
    if any(_counts(above[left], cell) for left, cell in below.items()):
        return False
    return any(_tail(above[left], cell) for left, cell in below.items())


def _counts(above: _Written, below: _Written) -> bool:
    """Whether two cells each begin with a task's number, beside a merged cell."""
    return all(_TASK.match(cell.lines[0].text) for cell in (above, below))


def _tail(above: _Written, below: _Written) -> bool:
    """Whether a text can only be the end of the one above."""
    last, first = above.lines[-1].text, below.lines[0].text
    if not _SMALL.match(first) or (below.lines[0].y >= above.lines[-1].y):
        return False
    if last.endswith("-"):
        return True
    return len(above.lines) > 1 and not _DEADLINE.match(first)


def _is_turned(words: Sequence[Word]) -> bool:
    return sum(word.turn % 2 for word in words) * 2 > len(words)


def _same_columns(one: Sequence[float], other: Sequence[float]) -> bool:
    """Whether the borders of one table are all among those of the other."""
    few, many = sorted((one, other), key=len)
    ends = abs(few[0] - many[0]) <= _SHIFT and abs(few[-1] - many[-1]) <= _SHIFT
    return ends and all(any(abs(x - y) <= _SHIFT for y in many) for x in few)


def _index(xs: Sequence[float], x: float) -> int:
    return min(range(len(xs)), key=lambda at: abs(xs[at] - x))


def _measure(sheet: _Sheet) -> Measure:
    """The space of the text outside tables."""
    lines, areas = sheet.lines, sheet.areas
    lefts = [line.x0 for line in lines] + [area.xs[0] for area in areas]
    rights = [line.x1 for line in lines] + [area.xs[-1] for area in areas]
    if not lefts:
        return Measure(0.0, 0.0)
    return Measure(min(lefts), max(rights), pitch_of([lines]))
