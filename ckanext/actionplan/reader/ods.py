"""ODS into the grid: cells as shown, merged ranges, hidden rows, columns and sheets."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from .errors import DamageError, LimitError
from .grid import lines_of
from .numberformat import shown_date
from .sheet import read_sheets
from .workbook import Area, Sheet

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from .grid import Grid
    from .limits import Budget
    from .package import Package

_CONTENT: Final = "content.xml"
_STARTS: Final = frozenset({"table", "table-row-group"})
_ENDS: Final = frozenset(
    {
        "covered-table-cell",
        "style",
        "table-cell",
        "table-column",
        "table-row",
        "table-row-group",
    }
)
_CELLS: Final = frozenset({"table-cell", "covered-table-cell"})
_DATE: Final = "dd.mm.yyyy"
#: A date in another language's order or words, which the reader would misread.
_FOREIGN: Final = re.compile(r"\d+/\d+/\d+|.*[A-Za-z]")
_NUMBER: Final = re.compile(r"[0-9]{1,7}")
_SKIPPED: Final = frozenset({"annotation", "shapes", "note", "ruby-text"})


def read_ods(package: Package, budget: Budget) -> Grid:
    """Turn a workbook into the grid.

    :param package: the opened archive.
    :param budget: limits and time of this reading.
    :raises ReaderError: when it is damaged, locked or the plan's sheet is too large.
    """
    if b"encryption-data" in package.read("META-INF/manifest.xml"):
        raise DamageError("encrypted")
    book = _Book(budget)
    for event, element in package.walk(_CONTENT, starts=_STARTS, ends=_ENDS):
        book.take(event, element)
    if not book.sheets:
        raise DamageError("damaged_xml", part=_CONTENT)
    return read_sheets(book.sheets, budget)


@dataclass(slots=True)
class _Book:
    """Sheets under construction while the content goes by."""

    budget: Budget
    sheets: list[Sheet] = field(default_factory=list[Sheet])
    hidden_styles: set[str] = field(default_factory=set[str])
    row: int = 0
    column: int = 0
    cell: int = 0
    groups: int = 0
    values: dict[int, tuple[str, ...]] = field(
        default_factory=dict[int, "tuple[str, ...]"]
    )

    def take(self, event: str, element: Element) -> None:
        """Take the beginning or end of an element."""
        tag = element.tag
        if tag == "table":
            hidden = element.get("style-name", "") in self.hidden_styles
            self.sheets.append(Sheet(element.get("name", ""), hidden=hidden))
            self.row = self.column = self.cell = self.groups = 0
            self.values = {}
            if len(self.sheets) > self.budget.limits.sheets:
                limit = self.budget.limits.sheets
                raise LimitError("too_many_sheets", limit=limit)
        elif tag == "table-row-group":
            self.groups += 1 if event == "start" else -1
        elif tag == "style":
            shown = element.find("table-properties")
            if shown is not None and shown.get("display") == "false":
                self.hidden_styles.add(element.get("name", ""))
        elif self.sheets:
            self._part(tag, element)

    def _part(self, tag: str, element: Element) -> None:
        if tag in _CELLS:
            self._cell(element)
        elif tag == "table-row":
            self._row(element)
        else:
            self._column(element)

    def _column(self, element: Element) -> None:
        count = _count(element, "number-columns-repeated")
        if element.get("visibility") == "collapse":
            span = self.column, self.column + count - 1
            self.sheets[-1].hidden_columns.append(span)
        self.column += count

    def _cell(self, cell: Element) -> None:
        count = _count(cell, "number-columns-repeated")
        lines = _lines(cell) if cell.tag == "table-cell" else ()
        if lines:
            # One more than allowed is enough to know that there are too many.
            last = min(self.cell + count, self.cell + self.budget.limits.cells + 1)
            self.values.update(dict.fromkeys(range(self.cell, last), lines))
        wide = _count(cell, "number-columns-spanned")
        high = _count(cell, "number-rows-spanned")
        if wide > 1 or high > 1:
            top, left = self.row + 1, self.cell
            area = Area(top, left, top + high - 1, left + wide - 1)
            self.sheets[-1].merge(area, self.budget.limits)
        self.cell += count

    def _row(self, element: Element) -> None:
        """Rows that are alike are stored once: filled ones are repeated up to a limit."""
        sheet, count = self.sheets[-1], _count(element, "number-rows-repeated")
        # Rows of a filter or a closed group belong to the plan all the same.
        hidden = element.get("visibility") == "collapse" and not self.groups
        for number in range(self.row + 1, self.row + count + 1 if self.values else 0):
            if not sheet.add(number, self.values, self.budget.limits):
                break
            if hidden:
                sheet.hidden_rows.add(number)
        self.row += count
        self.cell, self.values = 0, {}


def _count(element: Element, name: str) -> int:
    text = element.get(name, "1")
    return max(int(text), 1) if _NUMBER.fullmatch(text) else 1


def _lines(cell: Element) -> tuple[str, ...]:
    """The lines of a cell as shown, or its value when nothing is stored as shown."""
    texts = ["".join(_text(p)) for p in _paragraphs(cell)]
    lines = tuple(line for text in texts for line in lines_of(text))
    day = cell.get("date-value", "")
    if day and cell.get("value-type") == "date":
        shown = " ".join(lines)
        if not shown or _FOREIGN.match(shown):
            return lines_of(shown_date(day, _DATE) or shown or day)
    if lines or cell.get("value-type") is None:
        return lines
    return lines_of(cell.get("string-value") or cell.get("value") or "")


def _paragraphs(parent: Element) -> Iterator[Element]:
    for element in parent:
        if element.tag in ("p", "h"):
            yield element
        elif element.tag not in _SKIPPED and element.tag != "table":
            yield from _paragraphs(element)


def _text(parent: Element) -> Iterator[str]:
    yield parent.text or ""
    for element in parent:
        if element.tag in ("s", "tab"):
            yield " "
        elif element.tag == "line-break":
            yield "\n"
        elif element.tag not in _SKIPPED:
            yield from _text(element)
        yield element.tail or ""
