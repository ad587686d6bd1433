"""A plan exported as XLSX: its sheets with every text as it stands in the cell.

Other workbooks are read as people see them, blanks put right; here a cell that nobody
touched must come back to the letter.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from .errors import LimitError
from .grid import Origin
from .numberformat import Formats, shown_date, shown_number
from .own import letters
from .own_rows import draft_of_tables
from .own_table import TASKS, Line, tables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from .draft import Draft
    from .limits import Budget
    from .package import Package

#: A key that stands in every export, wherever the program kept its texts.
_SIGN: Final = f"{TASKS}.title".encode()
_WORKBOOK: Final = "xl/workbook.xml"
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_COLUMN: Final = re.compile(r"([A-Z]{1,3})[0-9]{1,7}")
_WHOLE: Final = re.compile(r"[0-9]{1,7}")
_LETTERS: Final = 26
_WIDEST: Final = 1_000


def read_own_xlsx(package: Package, budget: Budget) -> Draft | None:
    """Read a plan from the sheets of its workbook.

    :param package: the opened archive.
    :param budget: limits and time of this reading.
    :returns: None when it is no export.
    :raises ReaderError: when it is damaged, too large or holds no task.
    """
    texts = [name for name in package.names if name.startswith("xl/")]
    if not any(name.endswith(".xml") and _SIGN in package.read(name) for name in texts):
        return None
    book = _Book(package, budget)
    found = tables([list(book.lines(part)) for part in book.parts()], formulas=False)
    return draft_of_tables(found, budget) if found else None


@dataclass(slots=True)
class _Book:
    """The texts and formats that all sheets share."""

    package: Package
    budget: Budget
    texts: list[str] = field(default_factory=list[str])
    formats: Formats = field(default_factory=Formats)

    def parts(self) -> list[str]:
        """The sheets in the order of their tabs, hidden ones as well."""
        related = self._related()
        shared = next(
            (p for kind, p in related.values() if kind == "sharedStrings"), ""
        )
        styles = next((p for kind, p in related.values() if kind == "styles"), "")
        self.texts = [
            _rich(item) for _, item in self.package.walk(shared, ends=frozenset({"si"}))
        ]
        book = self.package.xml(_WORKBOOK)
        properties = book.find("workbookPr") if book is not None else None
        mac = properties is not None and properties.get("date1904") in ("1", "true")
        self.formats = Formats.load(self.package.xml(styles), mac=mac)
        out: list[str] = []
        for element in book.findall("sheets/sheet") if book is not None else ():
            kind, part = related.pop(element.get("id", ""), ("", ""))
            if kind == "worksheet":
                out.append(part)
        if len(out) > self.budget.limits.sheets:
            raise LimitError("too_many_sheets", limit=self.budget.limits.sheets)
        return out

    def _related(self) -> dict[str, tuple[str, str]]:
        root = self.package.xml("xl/_rels/workbook.xml.rels")
        out: dict[str, tuple[str, str]] = {}
        for element in root if root is not None else ():
            target = posixpath.join("/xl", element.get("Target", ""))
            kind = element.get("Type", "").rpartition("/")[2]
            part = posixpath.normpath(target).lstrip("/")
            out[element.get("Id", "")] = kind, part
        return out

    def lines(self, part: str) -> Iterator[Line]:
        """The filled rows of a sheet."""
        number, cells = 0, dict[int, str]()
        walk = self.package.walk(
            part, starts=frozenset({"row"}), ends=frozenset({"c", "row"})
        )
        for event, element in walk:
            if event == "start":
                told = element.get("r", "")
                number = int(told) if _WHOLE.fullmatch(told) else number + 1
                cells = {}
            elif element.tag == "c":
                self._take(element, cells)
            elif any(cells.values()):
                self.budget.block(len(cells))
                width = max(cells) + 1
                yield Line(
                    [cells.get(at, "") for at in range(width)], Origin(1, number)
                )

    def _take(self, cell: Element, cells: dict[int, str]) -> None:
        found = _COLUMN.fullmatch(cell.get("r", ""))
        at = _place(found[1]) if found else max(cells, default=-1) + 1
        text = self._text(cell)
        limit = self.budget.limits.characters
        if len(text) > limit:
            raise LimitError("cell_too_long", limit=limit)
        if text and at < _WIDEST:
            cells[at] = letters(text)

    def _text(self, cell: Element) -> str:
        kind, value = cell.get("t", "n"), cell.findtext("v") or ""
        if kind == "s":
            at = int(value) if _WHOLE.fullmatch(value) else len(self.texts)
            return self.texts[at] if at < len(self.texts) else ""
        if kind == "inlineStr":
            inline = cell.find("is")
            return _rich(inline) if inline is not None else ""
        if kind == "str":
            return _unescaped(value)
        if kind in ("b", "e"):
            return ""
        code = self.formats.code(cell.get("s", ""))
        if kind == "d":
            return shown_date(value.strip(), code) or value
        return shown_number(value.strip(), code, mac=self.formats.mac)


def _place(letters_of: str) -> int:
    number = 0
    for letter in letters_of:
        number = number * _LETTERS + ord(letter) - 64
    return number - 1


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
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
