"""Writes tables as PDF, XLSX, ODS and CSV, with merged cells and rows cut by pages."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from xml.sax.saxutils import escape

import font_roboto
import openpyxl
from fpdf import FPDF
from fpdf.enums import MethodReturnValue

SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "style", "table", "text")
)
ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"


@dataclass
class Table:
    """A table: None is the lower part of the cell above, `...` goes on from the left.

    :param rows: cells from left to right; a row of one cell is merged.
    :param widths: of the columns on paper.
    :param head: how many rows are the heading.
    """

    rows: list[tuple[Any, ...]]
    widths: tuple[float, ...]
    head: int = 1


@dataclass
class Document:
    """Lines and tables in printed order."""

    blocks: list[Any] = field(default_factory=list)


def shown(value: Any) -> str:
    """A value as a person reads it."""
    if value is None or value is ...:
        return ""
    return value.strftime("%d.%m.%Y") if isinstance(value, date) else str(value)


# ---------------------------------------------------------------- PDF


@dataclass
class Style:
    """How pages look.

    :param sides: orientations of the pages in turn, the last one for all the rest.
    :param borders: "all", "rows" or "none".
    :param repeat: whether the heading returns on each page.
    :param foot: text at the foot of each page.
    :param stamp: lines printed right under the table on each page.
    """

    sides: str = "L"
    borders: str = "all"
    repeat: bool = False
    size: float = 11
    leading: float = 5.0
    pad: float = 1.5
    bottom: float = 20.0
    foot: str = "{page}"
    stamp: tuple[str, ...] = ()
    centered: tuple[int, ...] = ()


class Pdf:
    """Pages in millimetres, filled from the top."""

    def __init__(self, style: Style) -> None:
        self.style = style
        self.pdf = FPDF("P", "mm", "A4")
        self.pdf.set_auto_page_break(False)
        self.pdf.add_font("R", "", font_roboto.Roboto)
        self.pdf.c_margin = style.pad
        self.left = 18.0
        self.page()

    def page(self) -> None:
        style, at = self.style, self.pdf.pages_count
        side = style.sides[min(at, len(style.sides) - 1)]
        self.pdf.add_page(side)
        self.pdf.set_font("R", "", 9)
        text = style.foot.format(page=self.pdf.page)
        self.pdf.text(self.pdf.w / 2, self.pdf.h - 8, text)
        self.pdf.set_font("R", "", style.size)
        self.y = 18.0

    @property
    def width(self) -> float:
        return self.pdf.w - 2 * self.left

    @property
    def floor(self) -> float:
        stamp = len(self.style.stamp) * self.style.leading
        return self.pdf.h - self.style.bottom - stamp

    def wrapped(self, width: float, text: str) -> list[str]:
        if not text:
            return []
        lines: Any = self.pdf.multi_cell(
            width,
            self.style.leading,
            text,
            dry_run=True,
            output=MethodReturnValue.LINES,
            align="L",
        )
        return lines

    def line(self, text: str) -> None:
        """A paragraph; a tab pushes it to the right half, two to the middle."""
        leading = self.style.leading
        if not text.strip():
            self.y += leading
            return
        left = self.width / 2 if text.startswith("\t") else 0.0
        align = "C" if text.startswith("\t\t") else "L"
        left = 0.0 if align == "C" else left
        for part in self.wrapped(self.width - left, text.strip()):
            if self.y + leading > self.floor:
                self.page()
            self.pdf.set_xy(self.left + left, self.y)
            self.pdf.cell(self.width - left, leading, part, align=align)
            self.y += leading
        self.y += 1.5

    def table(self, table: Table) -> None:
        start = self.pdf.page
        head, body = table.rows[: table.head], table.rows[table.head :]
        self.rows(table, head)
        slots: list[dict[str, Any]] = []
        for at, row in enumerate(body):
            self._slots(table, body, at, row, slots)
        self._paint(table, slots, head)
        self.y += 4
        assert self.pdf.page >= start

    def rows(self, table: Table, rows: list[tuple[Any, ...]]) -> None:
        slots: list[dict[str, Any]] = []
        for at, row in enumerate(rows):
            self._slots(table, rows, at, row, slots)
        self._paint(table, slots, [])

    def _edges(self, table: Table) -> list[float]:
        scale = self.width / sum(table.widths)
        out = [self.left]
        for width in table.widths:
            out.append(out[-1] + width * scale)
        return out

    def _slots(
        self,
        table: Table,
        rows: list[tuple[Any, ...]],
        at: int,
        row: tuple[Any, ...],
        slots: list[dict[str, Any]],
    ) -> None:
        """Lines of the row; a merged cell's lines run on beside the rows below."""
        edges = self._edges(table)
        first = len(slots)
        below = rows[at + 1] if at + 1 < len(rows) else ()
        texts: dict[int, list[str]] = {}
        spans: dict[int, int] = {}
        for column, value in enumerate(row):
            if value is None or value is ...:
                continue
            end = column + 1
            while end < len(row) and row[end] is ...:
                end += 1
            end = len(table.widths) if len(row) == 1 else end
            spans[column] = end
            texts[column] = self.wrapped(edges[end] - edges[column], shown(value))
        merged = {
            c for c in texts if len(below) == len(row) and c < len(below)
            and below[c] is None
        }  # fmt: skip
        own = [len(lines) for c, lines in texts.items() if c not in merged]
        slots += [{"texts": {}, "row": at} for _ in range(max([*own, 1]))]
        for column, lines in texts.items():
            for number, line in enumerate(lines):
                if column in merged and first + number >= len(slots):
                    self._rest.setdefault(column, []).append((line, spans[column]))
                else:
                    slots[first + number]["texts"][column] = (line, spans[column])
        upright = [c for c, value in enumerate(row) if value is None]
        self._run_on(upright, below, slots, first)
        closing = upright + list(texts)
        slots[first]["first"] = {
            c for c in closing if row[c if len(row) > 1 else 0] is not None
        }
        slots[first]["spans"] = spans
        slots[first]["one"] = len(row) == 1

    def _run_on(
        self,
        columns: list[int],
        below: tuple[Any, ...],
        slots: list[dict[str, Any]],
        first: int,
    ) -> None:
        """Lines of merged cells go on beside the row; their last row makes room."""
        row = slots[first]["row"]
        for column in columns:
            rest = self._rest.get(column, [])
            ends = column >= len(below) or below[column] is not None
            for slot in slots[first:]:
                if rest:
                    slot["texts"][column] = rest.pop(0)
            while ends and rest:
                slots.append({"texts": {column: rest.pop(0)}, "row": row})

    @property
    def _rest(self) -> dict[int, list[Any]]:
        if not hasattr(self, "_kept"):
            self._kept: dict[int, list[Any]] = {}
        return self._kept

    def _paint(
        self, table: Table, slots: list[dict[str, Any]], head: list[tuple[Any, ...]]
    ) -> None:
        style, edges = self.style, self._edges(table)
        one, spans = False, {}
        for slot in slots:
            begins = "first" in slot
            room = style.leading + (style.pad * 2 if begins else 0)
            if self.y + room > self.floor:
                self._rule(edges)
                self._turn(table, head)
                edges = self._edges(table)
                self._rule(edges)
            if begins:
                one, spans = slot["one"], slot["spans"]
                self._tops(edges, slot, one=one)
                self._sides(edges, style.pad, spans, one=one)
                self.y += style.pad
            for column, (text, end) in slot["texts"].items():
                self._text(edges, column, end, text)
            self._sides(edges, style.leading, spans, one=one)
            self.y += style.leading
        self._rule(edges)

    def _text(self, edges: list[float], column: int, end: int, text: str) -> None:
        x = edges[column] + self.style.pad
        if column in self.style.centered:
            room = edges[end] - edges[column]
            x = edges[column] + (room - self.pdf.get_string_width(text)) / 2
        self.pdf.text(x, self.y + self.style.leading * 0.75, text)

    def _rule(self, edges: list[float]) -> None:
        if self.style.borders in ("all", "rows"):
            self.pdf.line(edges[0], self.y, edges[-1], self.y)

    def _tops(self, edges: list[float], slot: dict[str, Any], *, one: bool) -> None:
        if self.style.borders == "none":
            return
        if one:
            self._rule(edges)
            return
        for column in slot["first"]:
            end = slot["spans"].get(column, column + 1)
            self.pdf.line(edges[column], self.y, edges[end], self.y)

    def _sides(
        self, edges: list[float], height: float, spans: dict[int, int], *, one: bool
    ) -> None:
        if self.style.borders != "all":
            return
        hidden = {c for a, b in spans.items() for c in range(a + 1, b)}
        for at, edge in enumerate(edges):
            inner = 0 < at < len(edges) - 1
            if inner and (one or at in hidden):
                continue
            self.pdf.line(edge, self.y, edge, self.y + height)

    def _turn(self, table: Table, head: list[tuple[Any, ...]]) -> None:
        for text in self.style.stamp:
            self.y += self.style.leading
            self.pdf.text(self.left + 5, self.y, text)
        self.page()
        if self.style.repeat and head:
            self.rows(table, head)

    @property
    def data(self) -> bytes:
        return bytes(self.pdf.output())


def as_pdf(document: Document, style: Style | None = None) -> bytes:
    """The document printed."""
    pdf = Pdf(style or Style())
    for block in document.blocks:
        if isinstance(block, Table):
            pdf.table(block)
        elif block == "\f":
            pdf.page()
        else:
            pdf.line(block)
    return pdf.data


# ---------------------------------------------------------------- sheets


def _grid(document: Document) -> tuple[list[list[Any]], list[tuple[int, ...]]]:
    """All rows of one sheet and its merged ranges."""
    rows: list[list[Any]] = []
    areas: list[tuple[int, ...]] = []
    for block in document.blocks:
        if not isinstance(block, Table):
            if block != "\f":
                rows.append([block.strip() or None])
            continue
        width = len(block.widths)
        for row in block.rows:
            rows.append([value if value is not ... else None for value in row])
            number = len(rows)
            if len(row) == 1:
                areas.append((number, 1, number, width))
            for column, value in enumerate(row, start=1):
                if value is ... and row[column - 2] is not ...:
                    end = column
                    while end < len(row) and row[end] is ...:
                        end += 1
                    areas.append((number, column - 1, number, end))
        _upright(block, len(rows) - len(block.rows), areas)
    return rows, areas


def _upright(table: Table, above: int, areas: list[tuple[int, ...]]) -> None:
    for column in range(len(table.widths)):
        top = 0
        for at, row in enumerate([*table.rows, ()], start=1):
            below = len(row) > column and row[column] is None
            if below and not top:
                top = at - 1
            elif not below and top:
                areas.append((above + top, column + 1, above + at - 1, column + 1))
                top = 0


def add_sheet(
    book: Any, name: str, document: Document, codes: dict[type, str] | None = None
) -> Any:
    """A sheet of an open workbook."""
    sheet = book.create_sheet(name)
    rows, areas = _grid(document)
    for at, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            cell = sheet.cell(at, column, value)
            if isinstance(value, date):
                cell.number_format = "dd.mm.yyyy"
            if isinstance(value, float) and codes:
                cell.number_format = codes[float]
    for area in areas:
        sheet.merge_cells(None, *area)
    return sheet


def as_xlsx(*sheets: tuple[str, Document]) -> bytes:
    """A workbook with those sheets."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, document in sheets:
        add_sheet(book, name, document)
    return saved(book)


def saved(book: Any) -> bytes:
    """The file of a workbook."""
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _ods_cell(value: Any, span: tuple[int, int]) -> str:
    if span == (0, 0):
        return "<table:covered-table-cell/>"
    extra = ""
    if span != (1, 1):
        extra = (
            f' table:number-rows-spanned="{span[0]}"'
            f' table:number-columns-spanned="{span[1]}"'
        )
    if isinstance(value, date):
        extra += f' office:value-type="date" office:date-value="{value.isoformat()}"'
    elif isinstance(value, (int, float)):
        extra += f' office:value-type="float" office:value="{value}"'
    lines = shown(value).split("\n") if value is not None else []
    inside = "".join(f"<text:p>{escape(line)}</text:p>" for line in lines)
    return f"<table:table-cell{extra}>{inside}</table:table-cell>"


def as_ods(*sheets: tuple[str, Document]) -> bytes:
    """The same as an OpenDocument spreadsheet."""
    body = ""
    for name, document in sheets:
        rows, areas = _grid(document)
        spans: dict[tuple[int, int], tuple[int, int]] = {}
        for top, left, bottom, right in areas:
            for row in range(top, bottom + 1):
                for column in range(left, right + 1):
                    spans[row, column] = (0, 0)
            spans[top, left] = (bottom - top + 1, right - left + 1)
        width = max(map(len, rows))
        body += f'<table:table table:name="{escape(name)}">'
        for at, row in enumerate(rows, start=1):
            cells = [*row, *[None] * (width - len(row))]
            inside = "".join(
                _ods_cell(value, spans.get((at, column), (1, 1)))
                for column, value in enumerate(cells, start=1)
            )
            body += f"<table:table-row>{inside}</table:table-row>"
        body += "</table:table>"
    content = (
        f"<office:document-content {SPACES}><office:body><office:spreadsheet>"
        f"{body}</office:spreadsheet></office:body></office:document-content>"
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("mimetype", ODS_TYPE)
        target.writestr("content.xml", content)
    return stream.getvalue()


def as_csv(
    document: Document,
    mark: str = ";",
    encoding: str = "utf-8-sig",
    quoting: Any = csv.QUOTE_MINIMAL,
    *,
    full: bool = True,
) -> bytes:
    """A CSV file as a spreadsheet program saves it."""
    rows, _ = _grid(document)
    width = max(map(len, rows))
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=mark, quoting=quoting)
    for row in rows:
        cells = [shown(value) for value in row]
        writer.writerow([*cells, *[""] * (width - len(cells) if full else 0)])
    return stream.getvalue().encode(encoding)
