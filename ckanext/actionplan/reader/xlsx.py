"""XLSX into the grid: cells as shown, merged ranges, hidden rows, columns and sheets.

Read part by part from the guarded archive: formulas by their stored results only,
links to other workbooks and macros never.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from .errors import DamageError, LimitError
from .grid import lines_of
from .numberformat import Formats, shown_date, shown_number
from .sheet import read_sheets
from .workbook import Area, Sheet

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from .grid import Grid
    from .limits import Budget
    from .package import Package

_WORKBOOK: Final = "xl/workbook.xml"
_REFERENCE: Final = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
#: A character that XML cannot hold, as Excel writes it.
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_TRUE: Final = frozenset({"1", "true", "on"})
_BOOLEANS: Final = {"1": "ІСТИНА", "0": "ХИБНІСТЬ"}
_STARTS: Final = frozenset({"row"})
_ENDS: Final = frozenset({"c", "row", "cols", "mergeCell", "sheetPr", "autoFilter"})
_LAST_COLUMN: Final = 16_384
_LAST_ROW: Final = 1_048_576
_WHOLE: Final = re.compile(r"[0-9]{1,7}")
_NOWHERE: Final = 10**7


def read_xlsx(package: Package, budget: Budget) -> Grid:
    """Turn a workbook into the grid.

    :param package: the opened archive.
    :param budget: limits and time of this reading.
    :raises ReaderError: when it is damaged or the plan's sheet is too large.
    """
    return read_sheets(list(_Workbook(package, budget).sheets()), budget)


@dataclass(slots=True)
class _Workbook:
    """The parts that all sheets share."""

    package: Package
    budget: Budget
    texts: list[tuple[str, ...]] = field(default_factory=list["tuple[str, ...]"])
    formats: Formats = field(default_factory=Formats)
    filtered: bool = False

    def sheets(self) -> Iterator[Sheet]:
        book = self.package.xml(_WORKBOOK)
        if book is None or book.find("sheets") is None:
            raise DamageError("damaged_xml", part=_WORKBOOK)
        properties = book.find("workbookPr")
        mac = properties is not None and properties.get("date1904", "") in _TRUE
        parts = self._relations()
        shared = next((p for kind, p in parts.values() if kind == "sharedStrings"), "")
        styles = next((p for kind, p in parts.values() if kind == "styles"), "")
        self.texts = [
            lines_of(_rich(item))
            for _, item in self.package.walk(shared, ends=frozenset({"si"}))
        ]
        self.formats = Formats.load(self.package.xml(styles), mac=mac)
        self.filtered = self._filtered_tables()
        elements = book.findall("sheets/sheet")
        if len(elements) > self.budget.limits.sheets:
            raise LimitError("too_many_sheets", limit=self.budget.limits.sheets)
        for element in elements:
            # A part is one sheet, however many tabs claim it.
            kind, part = parts.pop(element.get("id", ""), ("", ""))
            if kind == "worksheet":
                hidden = element.get("state", "visible") != "visible"
                yield self._sheet(part, element.get("name", ""), hidden=hidden)

    def _relations(self) -> dict[str, tuple[str, str]]:
        """Kind and part by identifier; what lies outside the archive is left out."""
        root = self.package.xml("xl/_rels/workbook.xml.rels")
        out: dict[str, tuple[str, str]] = {}
        for element in root if root is not None else ():
            if element.get("TargetMode") == "External":
                continue
            target = posixpath.normpath(
                posixpath.join("/xl", element.get("Target", ""))
            )
            kind = element.get("Type", "").rpartition("/")[2]
            out[element.get("Id", "")] = kind, target.lstrip("/")
        return out

    def _sheet(self, part: str, name: str, *, hidden: bool) -> Sheet:
        sheet = Sheet(name, hidden=hidden)
        row = _Row()
        for event, element in self.package.walk(part, starts=_STARTS, ends=_ENDS):
            if event == "start":
                row = _Row(_row_number(element, row.number), _is_hidden(element))
            elif element.tag == "c":
                row.add(element, self._lines(element))
            elif element.tag != "row":
                self._around(sheet, element)
            elif not sheet.add(row.number, row.values, self.budget.limits):
                break
            elif row.hidden:
                sheet.hidden_rows.add(row.number)
        # Rows that a filter hides at the moment belong to the plan all the same.
        if self.filtered or sheet.filtered:
            sheet.hidden_rows.clear()
        return sheet

    def _around(self, sheet: Sheet, element: Element) -> None:
        """What is said before and after the cells."""
        if element.tag == "cols":
            sheet.hidden_columns += _hidden_columns(element)
        elif element.tag == "mergeCell":
            area = _area(element.get("ref", ""))
            if area is not None:
                sheet.merge(area, self.budget.limits)
        elif _filters(element):
            sheet.filtered = True

    def _filtered_tables(self) -> bool:
        """Whether one of the workbook's tables has a filter that is in use."""
        tables = [name for name in self.package.names if name.startswith("xl/tables/")]
        roots = (self.package.xml(name) for name in sorted(tables))
        return any(
            r is not None and r.find(".//filterColumn") is not None for r in roots
        )

    def _lines(self, cell: Element) -> tuple[str, ...]:
        if cell.get("t") == "s":
            at = _whole(cell.findtext("v") or "")
            return self.texts[at] if at < len(self.texts) else ()
        return lines_of(self._text(cell))

    def _text(self, cell: Element) -> str:
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            inline = cell.find("is")
            return _rich(inline) if inline is not None else ""
        value = cell.findtext("v") or ""
        if kind == "str":
            return _unescaped(value)
        if kind == "b":
            return _BOOLEANS.get(value.strip(), "")
        if kind == "e":
            return ""
        return self._number(value.strip(), cell.get("s", ""), iso=kind == "d")

    def _number(self, value: str, style: str, *, iso: bool) -> str:
        code = self.formats.code(style)
        if iso:
            return shown_date(value, code) or value
        return shown_number(value, code, mac=self.formats.mac)


@dataclass(slots=True)
class _Row:
    """A row while its cells go by."""

    number: int = 0
    hidden: bool = False
    column: int = -1
    values: dict[int, tuple[str, ...]] = field(
        default_factory=dict[int, "tuple[str, ...]"]
    )

    def add(self, cell: Element, lines: tuple[str, ...]) -> None:
        """Take a cell; one without a reference stands right of the one before."""
        match = _REFERENCE.fullmatch(cell.get("r", ""))
        self.column = _column(match[1]) if match else self.column + 1
        if lines and self.column < _LAST_COLUMN:
            self.values[self.column] = lines


def _rich(parent: Element) -> str:
    """The text of a string, without the readings of Asian signs."""
    out: list[str] = []
    for element in parent:
        if element.tag == "t":
            out.append(element.text or "")
        elif element.tag == "r":
            out.append(element.findtext("t") or "")
    return _unescaped("".join(out))


def _unescaped(text: str) -> str:
    def character(found: re.Match[str]) -> str:
        sign = chr(int(found[1], 16))
        return sign if sign.isprintable() or sign.isspace() else ""

    return _ESCAPED.sub(character, text)


def _whole(text: str) -> int:
    """A number of a few digits; one too large to mean anything when it is none."""
    return int(text) if _WHOLE.fullmatch(text) else _NOWHERE


def _row_number(row: Element, above: int) -> int:
    number = _whole(row.get("r", ""))
    return max(number, above + 1) if number < _NOWHERE else above + 1


def _is_hidden(row: Element) -> bool:
    """Hidden by hand; what stands in a closed group is still the plan's."""
    grouped = row.get("outlineLevel", "0") != "0"
    return row.get("hidden", "") in _TRUE and not grouped


def _hidden_columns(columns: Element) -> Iterator[tuple[int, int]]:
    for column in columns:
        if _is_hidden(column):
            yield _whole(column.get("min", "")) - 1, _whole(column.get("max", "")) - 1


def _filters(element: Element) -> bool:
    if element.tag == "sheetPr":
        return element.get("filterMode", "") in _TRUE
    return element.tag == "autoFilter" and element.find("filterColumn") is not None


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def _area(reference: str) -> Area | None:
    first, _, last = reference.partition(":")
    one, other = _REFERENCE.fullmatch(first), _REFERENCE.fullmatch(last or first)
    if not one or not other:
        return None
    area = Area(int(one[2]), _column(one[1]), int(other[2]), _column(other[1]))
    inside = area.top and area.bottom <= _LAST_ROW and area.right < _LAST_COLUMN
    return area if inside else None
