"""A web page into the grid: its plan's tables and lines, without the site around."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from .grid import Block, Cell, Grid, Origin, Paragraph, Row, lines_of
from .numbering import LATIN, letters, roman
from .spans import Piece, Spans, check_width, clipped, data_rows, is_layout
from .webpage import open_page

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from .limits import Budget

_GROUPS: Final = frozenset({"thead", "tbody", "tfoot"})
_CELLS: Final = frozenset({"td", "th"})
_PARTS: Final = _GROUPS | _CELLS | {"tr"}
_WHOLE: Final = ("table", "caption")
#: Parts of the site that stand on every page.
_FURNITURE: Final = frozenset({"nav", "footer", "aside"})
_FURNITURE_ROLES: Final = frozenset(
    {"navigation", "contentinfo", "search", "complementary", "banner", "menu", "dialog"}
)
_FURNITURE_NAMES: Final = re.compile(
    r"(?!(?:has|with|no|without)[_-])(?:\w+[_-])?"
    r"(?:breadcrumbs?|nav|navbar|navigation|menu|footer|sidebar|cookies?|pagination|"
    r"pager|share|social|comments?|copyright|skip-link|screen-reader-text|sr-only|"
    r"visually-hidden|counter|subscribe|widgets?)(?:[_-]\w+)?",
    re.I,
)
_LONGEST_NAME: Final = 60
#: Elements that may be furniture by their name; the page itself never is.
_NAMED: Final = frozenset({"div", "section", "ul", "ol", "p", "form", "header", "menu"})
_HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
_NUMBERED: Final = re.compile(r"\(?[0-9]{1,3}(?:\.[0-9]{1,3})*[.)]")
_PLAIN_LIST: Final = re.compile(
    r"list-style(?:-type)?\s*:\s*(?:none|disc|circle|square)", re.I
)
_LARGEST: Final = 399
_LONGEST: Final = 100_000


@dataclass(frozen=True, slots=True)
class _Text:
    """Lines of one block of text, and the level of a heading."""

    lines: tuple[str, ...]
    heading: int = 0


_Item: TypeAlias = "_Text | Element"


def read_html(data: bytes, budget: Budget) -> Grid:
    """Turn a web page into the grid.

    :param data: the file.
    :param budget: limits and time of this reading.
    :raises ReaderError: when it exceeds a limit or cannot be taken apart.
    """
    return Grid(tuple(_Walk(budget).blocks(open_page(data, budget))))


@dataclass(slots=True)
class _Walk:
    """One pass through the page, in its order."""

    budget: Budget
    tables: int = 0
    paragraphs: int = 0

    def blocks(self, parent: Element) -> Iterator[Block]:
        for item in _Flow().items(parent):
            if isinstance(item, _Text):
                self.budget.block()
                self.paragraphs += 1
                yield Paragraph(item.lines, Origin(0, self.paragraphs), item.heading)
            else:
                yield from self._table(item)

    def _table(self, table: Element) -> Iterator[Block]:
        for loose in _loose(table):
            yield from self.blocks(loose)
        if _lays_out(table):
            for row in _rows(table):
                for cell in row.cells:
                    yield from self.blocks(cell)
            return
        self.tables += 1
        number, rows = self.tables, list(clipped(self._rows(table)))
        for at, cells in enumerate(rows, start=1):
            if cells:
                yield Row(cells, Origin(number, at))

    def _rows(self, table: Element) -> Iterator[tuple[Cell, ...]]:
        spans, group = Spans(), None
        for row in _rows(table):
            if row.group is not group:
                # Merged cells end with their head, body or foot of the table.
                spans.close()
                group = row.group
            check_width(len(row.cells), self.budget)
            cells = spans.row([_piece(cell) for cell in row.cells])
            self.budget.block(len(cells))
            yield cells


@dataclass(slots=True)
class _Flow:
    """Cuts a part of the page into blocks of text and tables."""

    label: str = ""
    heading: int = 0

    def items(self, parent: Element) -> Iterator[_Item]:
        yield from self._walk(parent)

    def _walk(self, parent: Element) -> Iterator[_Item]:
        pending = [parent.text or ""]
        number = _start(parent)
        for child in _with_tables(parent):
            tag = child.tag
            if tag == "br":
                pending.append("\n")
            elif tag == "table":
                yield from self._text(pending)
                if not child.get("hidden"):
                    yield child
            elif not _is_furniture(child):
                yield from self._text(pending)
                if tag == "li":
                    self.label, number = _label(parent, child, number)
                yield from self._block(child)
            pending.append(child.tail or "")
        yield from self._text(pending)

    def _block(self, element: Element) -> Iterator[_Item]:
        outside = self.heading
        self.heading = _HEADINGS.get(element.tag, outside)
        empty = True
        for item in self._walk(element):
            empty = False
            yield item
        if empty and element.tag == "p":
            yield _Text(())
        self.heading = outside
        if element.tag == "li":
            self.label = ""

    def _text(self, pending: list[str]) -> Iterator[_Text]:
        lines = lines_of("".join(pending))
        pending.clear()
        if not lines:
            return
        label, self.label = self.label, ""
        if label and not _NUMBERED.match(lines[0]):
            lines = (f"{label} {lines[0]}", *lines[1:])
        yield _Text(lines, self.heading)


def _with_tables(parent: Element) -> Iterator[Element]:
    """The children of an element; rows outside any table make up one."""
    table: Element | None = None
    for child in parent:
        if child.tag in _PARTS:
            if table is None:
                table = parent.makeelement("table", {})
            table.append(child)
            continue
        if table is not None:
            yield table
            table = None
        yield child
    if table is not None:
        yield table


# lists


def _start(parent: Element) -> int:
    if parent.tag != "ol":
        return 0
    return _whole(parent.get("start"), 1)


def _label(parent: Element, item: Element, number: int) -> tuple[str, int]:
    """The label that a browser shows before an item, and the number of the next."""
    if parent.tag != "ol" or _PLAIN_LIST.search(parent.get("style", "")):
        return "", number
    number = _whole(item.get("value"), number)
    if _PLAIN_LIST.search(item.get("style", "")) or item.get("hidden"):
        return "", number + 1
    form = item.get("type") or parent.get("type") or "1"
    shown = str(number)
    if form in ("i", "I") and 0 < number <= _LARGEST:
        shown = roman(number) if form == "I" else roman(number).lower()
    elif form in ("a", "A") and number > 0:
        shown = letters(number, LATIN.upper() if form == "A" else LATIN, repeated=False)
    return f"{shown}.", number + 1


def _whole(text: str | None, default: int) -> int:
    return int(text) if text and re.fullmatch(r"[0-9]{1,6}", text.strip()) else default


# tables


@dataclass(frozen=True, slots=True)
class _TableRow:
    """The cells of a row and the group of rows it stands in."""

    cells: list[Element]
    group: Element


def _rows(table: Element) -> Iterator[_TableRow]:
    """The rows of a table as they are seen: the foot stands at the end."""
    feet = [child for child in table if child.tag == "tfoot"]
    yield from _rows_in(table)
    for foot in feet:
        yield from _rows_in(foot)


def _rows_in(group: Element) -> Iterator[_TableRow]:
    loose: list[Element] = []
    for child in group:
        if child.tag in _CELLS:
            loose.append(child)
            continue
        if loose and child.tag in _PARTS:
            yield _TableRow(loose, group)
            loose = []
        if child.get("hidden"):
            continue
        if child.tag == "tr":
            yield _TableRow(list(_cells_in(child)), group)
        elif child.tag != "tfoot" and child.tag not in _WHOLE:
            yield from _rows_in(child)
    if loose:
        yield _TableRow(loose, group)


def _cells_in(row: Element) -> Iterator[Element]:
    for child in row:
        if child.tag in _CELLS and not child.get("hidden"):
            yield child
        elif child.tag in ("form", "div", "center"):
            yield from _cells_in(child)


def _piece(cell: Element) -> Piece:
    lines = tuple(_lines(cell))
    span = max(_whole(cell.get("colspan"), 1), 1)
    # A span of 0 rows goes to the end of the group.
    rows = _whole(cell.get("rowspan"), 1) or _LONGEST
    return Piece(lines, span, rows)


def _lines(parent: Element) -> Iterator[str]:
    for item in _Flow().items(parent):
        if isinstance(item, _Text):
            yield from item.lines
            continue
        for loose in _loose(item):
            yield from _lines(loose)
        for row in _rows(item):
            for cell in row.cells:
                yield from _lines(cell)


def _loose(part: Element) -> Iterator[Element]:
    """What stands in a table, but in none of its cells: browsers show it above."""
    if part.text and part.text.strip():
        yield _wrapped(part, text=part.text)
    for child in part:
        whole = child.tag in _WHOLE or child.find(".//tr") is None
        if whole and child.tag not in _PARTS:
            yield _wrapped(part, child)
            continue
        if child.tag not in _CELLS:
            yield from _loose(child)
        if child.tail and child.tail.strip():
            yield _wrapped(part, text=child.tail)


def _wrapped(part: Element, child: Element | None = None, text: str = "") -> Element:
    element = part.makeelement("div", {})
    element.text = text
    if child is not None:
        element.append(child)
    return element


def _widths(table: Element) -> list[int]:
    return [len(row.cells) for row in _rows(table)]


def _lays_out(table: Element) -> bool:
    """Whether a table only puts the parts of the page beside each other."""
    inner = [
        each
        for row in _rows(table)
        for cell in row.cells
        for each in cell.iter("table")
    ]
    if not inner:
        return False
    outer = data_rows(_widths(table))
    return any(is_layout(outer, _widths(each)) for each in inner)


# the site around


def _is_furniture(element: Element) -> bool:
    """Whether an element is hidden or belongs to the site, and holds no table of data."""
    if not (element.get("hidden") or _looks_like_furniture(element)):
        return False
    return not any(data_rows(_widths(table)) > 1 for table in element.iter("table"))


def _looks_like_furniture(element: Element) -> bool:
    tag = element.tag
    if tag in _FURNITURE or element.get("role", "").lower() in _FURNITURE_ROLES:
        return True
    if tag == "header" and _is_site_header(element):
        return True
    if tag not in _NAMED:
        return False
    names = f"{element.get('class', '')} {element.get('id', '')}".split()
    return any(_FURNITURE_NAMES.fullmatch(name[:_LONGEST_NAME]) for name in names)


def _is_site_header(element: Element) -> bool:
    """A page's head names the site; the head of an article names its title."""
    return all(next(element.iter(tag), None) is None for tag in ("h1", "h2", "h3"))
