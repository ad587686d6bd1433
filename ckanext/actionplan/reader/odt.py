"""ODT into the grid: numbering, merges, tracked changes, text boxes, inner tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from .errors import DamageError
from .grid import Block, Cell, Grid, Origin, Paragraph, Row, lines_of
from .lists import Counters, Lists, whole
from .spans import WIDEST, Piece, Spans, check_width, clipped, data_rows, is_layout

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from xml.etree.ElementTree import Element

    from .limits import Budget
    from .package import Package

#: Characters that OpenDocument stores as elements.
_CHARACTERS: Final = {"s": " ", "tab": "\t", "line-break": "\n"}
#: Not text of the document: what was deleted, notes, comments, contents, objects.
_SKIPPED: Final = frozenset(
    {
        "tracked-changes", "note", "annotation", "number", "ruby-text", "script",
        "table-of-content", "object", "object-ole", "forms", "meta", "sequence-decls",
        "hidden-paragraph", "event-listeners", "bibliography", "alphabetical-index",
    }
)  # fmt: skip
#: Drawings stand beside the text of their paragraph; boxes among them hold text.
_DRAWINGS: Final = frozenset(
    {
        "frame", "text-box", "custom-shape", "rect", "g", "ellipse", "circle",
        "polygon", "polyline", "path", "line", "connector", "caption", "regular-polygon",
    }
)  # fmt: skip
_ROW_GROUPS: Final = frozenset({"table-header-rows", "table-rows", "table-row-group"})
#: A merged cell may be declared as deep as that, the table ends earlier anyway.
_DEEPEST: Final = 100_000


@dataclass(frozen=True, slots=True)
class _Text:
    """A paragraph: its lines and the level of a heading."""

    lines: tuple[str, ...]
    heading: int = 0


_Item: TypeAlias = "_Text | Element"


def read_odt(package: Package, budget: Budget) -> Grid:
    """Turn an ODT into the grid.

    :param package: the opened archive.
    :param budget: limits and time of this reading.
    :raises DamageError: when the document has no body or is locked.
    """
    if _locked(package):
        raise DamageError("encrypted")
    content = package.xml("content.xml")
    body = content.find("body/text") if content is not None else None
    if content is None or body is None:
        raise DamageError("damaged_xml", part="content.xml")
    styles = package.xml("styles.xml")
    lists = Lists(styles, content)
    walk = _Walk(lists, _hidden_styles(styles, content), budget)
    return Grid(tuple(walk.blocks(body)))


def _locked(package: Package) -> bool:
    manifest = package.read("META-INF/manifest.xml")
    return "encrypted-package" in package.names or b"encryption-data" in manifest


def _hidden_styles(*roots: Element | None) -> frozenset[str]:
    return frozenset(
        style.get("name", "")
        for root in roots
        if root is not None
        for style in root.iter("style")
        for properties in style.findall("text-properties")
        if properties.get("display") == "none"
    )


@dataclass(slots=True)
class _Walk:
    """One pass through the document, in its order."""

    lists: Lists
    hidden: frozenset[str]
    budget: Budget
    tables: int = 0
    paragraphs: int = 0

    def blocks(self, parent: Element) -> Iterator[Block]:
        for item in self._items(parent):
            if isinstance(item, _Text):
                self.budget.block()
                self.paragraphs += 1
                yield Paragraph(item.lines, Origin(0, self.paragraphs), item.heading)
            else:
                yield from self._table(item)

    # paragraphs and lists

    def _items(self, parent: Element) -> Iterator[_Item]:
        """Paragraphs and tables in reading order, out of lists, sections and boxes."""
        for element in parent:
            tag = element.tag
            if tag == "p":
                yield from self._paragraph(element, _printed_number(element))
            elif tag == "h":
                label = self.lists.heading(element)
                yield from self._paragraph(element, _printed_number(element) or label)
            elif tag == "list":
                yield from self._list(element, self.lists.enter(element), "", 0)
            elif tag == "table":
                yield element
            elif not self._is_hidden(element):
                yield from self._items(element)

    def _paragraph(self, element: Element, label: str) -> Iterator[_Item]:
        if element.get("style-name") in self.hidden:
            return
        text = "".join(self._characters(element))
        heading = whole(element.get("outline-level"), 1) if element.tag == "h" else 0
        yield _Text(lines_of(f"{label} {text}" if label else text), heading)
        for box in _drawings(element):
            yield from self._items(box)

    def _list(
        self, element: Element, counters: Counters, style: str, level: int
    ) -> Iterator[_Item]:
        style = element.get("style-name") or style
        for item in element:
            if item.tag not in ("list-item", "list-header"):
                continue
            fresh = item.tag == "list-item"
            printed = _printed_number(item)
            for child in item:
                if child.tag == "list":
                    yield from self._list(child, counters, style, level + 1)
                elif child.tag in ("p", "h"):
                    label = ""
                    if fresh:
                        named = style or self.lists.style_of(child)
                        start = item.get("start-value")
                        label = self.lists.label(counters, named, level, start)
                    # Only the first paragraph of an item carries its number.
                    fresh = False
                    yield from self._paragraph(child, printed or label)
                    printed = ""
                elif child.tag == "table":
                    yield child

    def _characters(self, parent: Element) -> Iterator[str]:
        # A line's end in the file is a blank, a line's end in the text an element.
        yield _blank(parent.text)
        for element in parent:
            tag = element.tag
            if tag in _CHARACTERS:
                yield _CHARACTERS[tag]
            elif tag not in _DRAWINGS and not self._is_hidden(element):
                yield from self._characters(element)
            yield _blank(element.tail)

    def _is_hidden(self, element: Element) -> bool:
        return (
            element.tag in _SKIPPED
            or element.get("display") == "none"
            or element.get("is-hidden") == "true"
            or element.get("style-name") in self.hidden
        )

    # tables

    def _table(self, table: Element) -> Iterator[Block]:
        outer = data_rows(_widths(table))
        if any(is_layout(outer, _widths(inner)) for inner in _inner_tables(table)):
            for row in _rows_of(table):
                for cell in row:
                    yield from self.blocks(cell)
            return
        self.tables += 1
        number, spans = self.tables, Spans()
        for at, cells in enumerate(clipped(self._rows(table, spans)), start=1):
            yield Row(cells, Origin(number, at))

    def _rows(self, table: Element, spans: Spans) -> Iterator[tuple[Cell, ...]]:
        for element in _rows_of(table):
            check_width(len(element.findall("table-cell")), self.budget)
            repeated = max(whole(element.get("number-rows-repeated"), 1), 1)
            for pieces in self._bands(element):
                # What is repeated for the sake of a page's look holds no text.
                filled = any(piece.lines for piece in pieces)
                for _ in range(repeated if filled else 1):
                    cells = spans.row(pieces)
                    self.budget.block(len(cells))
                    yield cells

    def _bands(self, row: Element) -> Iterator[list[Piece]]:
        """The rows that a row is cut into where a cell was split into rows."""
        cells = [cell for cell in row if cell.tag in ("table-cell", _COVERED)]
        inner = [_sub_table(cell) for cell in cells]
        count = max(
            (len(list(_rows_of(sub))) for sub in inner if sub is not None), default=1
        )
        if count == 1:
            yield [piece for cell in cells for piece in self._pieces(cell)]
            return
        for at in range(count):
            band: list[Piece] = []
            for cell, sub in zip(cells, inner, strict=True):
                band += self._part(cell, sub, at, count)
            yield band

    def _part(
        self, cell: Element, sub: Element | None, at: int, count: int
    ) -> Iterator[Piece]:
        """What a cell puts into one of the rows that its row is cut into."""
        span = _span(cell)
        rows = [] if sub is None else list(_rows_of(sub))
        if at >= max(len(rows), 1):
            return
        if sub is None:
            for piece in self._pieces(cell):
                if not piece.covered:
                    yield Piece(piece.lines, piece.span, count)
            return
        deep = count - len(rows) + 1 if at == len(rows) - 1 else 1
        pieces = [p for inner in rows[at] for p in self._pieces(inner) if not p.covered]
        width = sum(piece.span for piece in pieces)
        if not pieces or width > span:
            lines = tuple(line for piece in pieces for line in piece.lines)
            yield Piece(lines, span, deep)
            return
        for piece in pieces[:-1]:
            yield Piece(piece.lines, piece.span, deep)
        last = pieces[-1]
        yield Piece(last.lines, last.span + span - width, deep)

    def _pieces(self, cell: Element) -> Iterator[Piece]:
        if cell.tag not in ("table-cell", _COVERED):
            return
        repeated = max(whole(cell.get("number-columns-repeated"), 1), 1)
        covered = cell.tag == _COVERED
        piece = Piece((), covered=True)
        if not covered:
            rows = min(whole(cell.get("number-rows-spanned"), 1), _DEEPEST)
            piece = Piece(tuple(self._lines(cell)), _span(cell), rows)
        for _ in range(min(repeated, WIDEST)):
            yield piece

    def _lines(self, parent: Element) -> Iterator[str]:
        for item in self._items(parent):
            if isinstance(item, _Text):
                yield from item.lines
            else:
                for row in _rows_of(item):
                    for cell in row:
                        yield from self._lines(cell)


_COVERED: Final = "covered-table-cell"


def _blank(text: str | None) -> str:
    return " ".join(text.splitlines()) if text else ""


def _span(cell: Element) -> int:
    return min(max(whole(cell.get("number-columns-spanned"), 1), 1), WIDEST)


def _printed_number(element: Element) -> str:
    """The label as the program printed it, for readers that do not count."""
    number = element.find("number")
    return "".join(number.itertext()).strip() if number is not None else ""


def _drawings(paragraph: Element) -> Iterator[Element]:
    for element in paragraph:
        if element.tag in _DRAWINGS:
            yield element
        elif element.tag not in _SKIPPED:
            yield from _drawings(element)


def _rows_of(table: Element) -> Iterator[Element]:
    for element in table:
        if element.tag == "table-row":
            yield element
        elif element.tag in _ROW_GROUPS:
            yield from _rows_of(element)


def _sub_table(cell: Element) -> Element | None:
    table = cell.find("table")
    whole_cell = table is not None and table.get("is-sub-table") == "true"
    return table if whole_cell else None


def _inner_tables(table: Element) -> Iterator[Element]:
    for row in _rows_of(table):
        for inner in row.iter("table"):
            if inner.get("is-sub-table") != "true":
                yield inner


def _widths(table: Element) -> Sequence[int]:
    return [
        sum(1 for cell in row if cell.tag == "table-cell") for row in _rows_of(table)
    ]
