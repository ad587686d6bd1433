"""DOCX into the grid: numbering, merges, breaks, nested tables and text boxes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from .errors import DamageError
from .grid import Block, Cell, Grid, Origin, Paragraph, Row, lines_of
from .numbering import Numbering, value_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from .limits import Budget
    from .package import Package

#: Characters that Word stores as elements.
_CHARACTERS: Final = {
    "tab": "\t",
    "ptab": "\t",
    "br": "\n",
    "cr": "\n",
    "noBreakHyphen": "-",
}
#: Not text of the document: deleted, moved away, notes, fields' instructions.
_SKIPPED: Final = frozenset(
    {"del", "moveFrom", "pPr", "rPr", "instrText", "delText", "Fallback", "footnote"}
)
_OFF: Final = frozenset({"0", "false", "off"})
#: An inner table of that many columns and rows is no part of a cell but a layout.
_LAYOUT_COLUMNS: Final = 3
_LAYOUT_ROWS: Final = 2


def read_docx(package: Package, budget: Budget) -> Grid:
    """Turn a DOCX into the grid.

    :param package: the opened archive.
    :param budget: limits and time of this reading.
    :raises DamageError: when the document has no body.
    """
    document = package.xml("word/document.xml")
    body = document.find("body") if document is not None else None
    if body is None:
        raise DamageError("damaged_xml", part="word/document.xml")
    numbering = Numbering(
        package.xml("word/numbering.xml"), package.xml("word/styles.xml")
    )
    return Grid(tuple(_Walk(numbering, budget).blocks(body)))


@dataclass(slots=True)
class _Walk:
    """One pass through the document, in its order."""

    numbering: Numbering
    budget: Budget
    tables: int = 0
    paragraphs: int = 0

    def blocks(self, parent: Element) -> Iterator[Block]:
        for element in parent:
            if element.tag == "p":
                yield from self._paragraph(element)
            elif element.tag == "tbl":
                yield from self._table(element)
            elif element.tag not in _SKIPPED:
                yield from self.blocks(element)

    def _paragraph(self, element: Element) -> Iterator[Block]:
        self.budget.block()
        self.paragraphs += 1
        lines = lines_of(self._text(element))
        heading = self.numbering.heading(element.find("pPr"))
        yield Paragraph(lines, Origin(0, self.paragraphs), heading)
        for box in _boxes(element):
            yield from self.blocks(box)

    def _text(self, paragraph: Element) -> str:
        properties = paragraph.find("pPr")
        label = self.numbering.label(properties)
        text = "".join(_characters(paragraph))
        return f"{label} {text}" if label else text

    def _table(self, table: Element) -> Iterator[Block]:
        if any(_is_layout(inner) for inner in _inner_tables(table)):
            for cell in _cells_of(table):
                yield from self.blocks(cell)
            return
        self.tables += 1
        number = self.tables
        for index, element in enumerate(_rows_of(table), start=1):
            cells = tuple(self._row(element))
            self.budget.block(len(cells))
            marks = tuple(b.get("name", "") for b in element.iter("bookmarkStart"))
            yield Row(cells, Origin(number, index), marks)

    def _row(self, row: Element) -> Iterator[Cell]:
        column = _grid_gap(row.find("trPr"), "gridBefore")
        for element in _children(row, "tc"):
            properties = element.find("tcPr")
            span = max(_grid_gap(properties, "gridSpan"), 1)
            merge = value_of(properties, "vMerge")
            lines = tuple(self._cell_lines(element))
            continued = merge is not None and merge != "restart"
            yield Cell(() if continued else lines, column, span, continued)
            column += span

    def _cell_lines(self, parent: Element) -> Iterator[str]:
        for element in parent:
            if element.tag == "p":
                yield from lines_of(self._text(element))
                for box in _boxes(element):
                    yield from self._cell_lines(box)
            elif element.tag not in _SKIPPED:
                yield from self._cell_lines(element)


def _characters(parent: Element) -> Iterator[str]:
    for element in parent:
        tag = element.tag
        if tag == "t":
            yield element.text or ""
        elif tag in _CHARACTERS:
            yield _CHARACTERS[tag]
        elif tag == "r" and _hidden(element):
            continue
        elif tag not in _SKIPPED and tag != "txbxContent":
            yield from _characters(element)


def _hidden(run: Element) -> bool:
    mark = value_of(run, "rPr/vanish")
    return mark is not None and mark not in _OFF


def _boxes(paragraph: Element) -> Iterator[Element]:
    """Text boxes; the copy for old programs (`Fallback`) is left out."""
    for element in paragraph:
        if element.tag == "txbxContent":
            yield element
        elif element.tag not in _SKIPPED:
            yield from _boxes(element)


def _children(parent: Element, tag: str) -> Iterator[Element]:
    """Children with a tag, also inside content controls and tracked insertions."""
    for element in parent:
        if element.tag == tag:
            yield element
        elif element.tag in ("sdt", "sdtContent", "ins", "customXml", "smartTag"):
            yield from _children(element, tag)


def _rows_of(table: Element) -> Iterator[Element]:
    for row in _children(table, "tr"):
        if row.find("trPr/del") is None:
            yield row


def _cells_of(table: Element) -> Iterator[Element]:
    for row in _rows_of(table):
        yield from _children(row, "tc")


def _inner_tables(table: Element) -> Iterator[Element]:
    for cell in _cells_of(table):
        yield from cell.iter("tbl")


def _is_layout(table: Element) -> bool:
    rows = list(_rows_of(table))
    widest = max((len(list(_children(row, "tc"))) for row in rows), default=0)
    return len(rows) >= _LAYOUT_ROWS and widest >= _LAYOUT_COLUMNS


def _grid_gap(properties: Element | None, tag: str) -> int:
    text = value_of(properties, tag)
    return int(text) if text and re.fullmatch(r"[0-9]{1,4}", text) else 0
