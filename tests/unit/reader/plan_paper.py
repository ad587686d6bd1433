"""Plans on paper, free of any format, and what office programs and sites save of them."""

from __future__ import annotations

import html
import io
import re
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeAlias
from xml.sax.saxutils import escape

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: Marks inside texts: {-deleted-}, {+inserted+}, {~hidden~}, {^footnote^}.
_MARKS: Final = re.compile(r"\{([-+~^])(.*?)\1\}")


@dataclass(frozen=True)
class P:
    """A paragraph; each line of its text is a paragraph of its own.

    :param level: of a heading, 0 for plain text.
    :param label: its number, which office programs count instead of storing it.
    :param depth: level of that number from 0.
    """

    text: str
    level: int = 0
    label: str = ""
    depth: int = 0


@dataclass(frozen=True)
class C:
    """A cell: its text (lines are paragraphs), and how far it reaches."""

    text: str
    span: int = 1
    rows: int = 1
    label: str = ""
    depth: int = 0


#: A place that the cell above covers.
UP: Final = None


@dataclass(frozen=True)
class Table:
    """Rows of cells."""

    rows: Sequence[Sequence[str | C | None]]


@dataclass(frozen=True)
class Box:
    """Blocks inside something that office programs lay beside the text.

    :param kind: `text`, a text box; `control`, a content control; `side`, a table
        that only puts its cells beside each other.
    """

    kind: str
    parts: Sequence[Sequence[Block]]


@dataclass(frozen=True)
class Page:
    """The end of a page."""

    footer: str = ""


Block: TypeAlias = "P | Table | Box | Page"


def cells(row: Sequence[str | C | None]) -> Iterator[C | None]:
    """The cells of a row; texts are cells of one column."""
    for each in row:
        yield C(each) if isinstance(each, str) else each


def grid(table: Table) -> Iterator[list[tuple[C | None, int]]]:
    """The rows with covered places filled in: a cell and its span, or None."""
    reach: dict[int, tuple[int, int]] = {}
    for row in table.rows:
        out: list[tuple[C | None, int]] = []
        at = 0
        for cell in cells(row):
            if cell is UP:
                rows, span = reach[at]
                reach[at] = (rows - 1, span)
                out.append((UP, span))
                at += span
                continue
            reach[at] = (cell.rows, cell.span)
            out.append((cell, cell.span))
            at += cell.span
        yield out


def shown(text: str) -> str:
    """The text as it is read: without what is deleted, hidden or noted below."""
    return _MARKS.sub(lambda m: m[2] if m[1] == "+" else "", text)


def _inline(text: str, forms: dict[str, str], plain: str, end: str = "") -> str:
    """A text with its marks as elements; `%` is the place of their text."""
    out, at = "", 0
    for match in _MARKS.finditer(text):
        out += _put(plain, text[at : match.start()])
        out += _put(forms[match[1]], match[2])
        at = match.end()
    return out + _put(plain, text[at:]) + end


def _put(form: str, text: str) -> str:
    return form.replace("%", escape(text)) if text else ""


# ------------------------------------------------------------------------- DOCX

_RUN: Final = '<w:r><w:t xml:space="preserve">%</w:t></w:r>'
_DOCX: Final = {
    "-": '<w:del w:id="901" w:author="a"><w:r><w:delText xml:space="preserve">%'
    "</w:delText></w:r></w:del>",
    "+": f'<w:ins w:id="902" w:author="a">{_RUN}</w:ins>',
    "~": '<w:r><w:rPr><w:vanish/></w:rPr><w:t xml:space="preserve">%</w:t></w:r>',
    "^": '<w:r><w:footnoteReference w:id="2"/></w:r>',
}
_NUMBERING: Final = (
    f'<w:abstractNum {nsdecls("w")} w:abstractNumId="88">'
    + "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="decimal"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for level, text in enumerate(("%1.", "%1.%2."))
    )
    + "</w:abstractNum>"
)


def to_docx(blocks: Sequence[Block]) -> bytes:
    """The document as a word processor saves it."""
    document: Any = docx.Document()
    numbering = document.part.numbering_part.element
    numbering.insert(0, parse_xml(_NUMBERING))
    numbering.append(
        parse_xml(
            f'<w:num {nsdecls("w")} w:numId="88"><w:abstractNumId w:val="88"/></w:num>'
        )
    )
    body = document.element.body
    end = body[-1]
    for block in blocks:
        for xml in _docx(block):
            end.addprevious(parse_xml(_spaced(xml)))
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _spaced(xml: str) -> str:
    spaces = f'{nsdecls("w")} xmlns:v="urn:schemas-microsoft-com:vml"'
    return re.sub(r"^<[\w:]+", lambda m: f"{m[0]} {spaces}", xml, count=1)


def _docx(block: Block) -> Iterator[str]:
    if isinstance(block, P):
        for line in block.text.split("\n"):
            yield _docx_paragraph(line, block.level, block.label, block.depth)
    elif isinstance(block, Table):
        yield _docx_table(block)
    elif isinstance(block, Page):
        if block.footer:
            yield _docx_paragraph(block.footer)
        yield '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'
    else:
        parts = ["".join(x for b in part for x in _docx(b)) for part in block.parts]
        if block.kind == "text":
            yield (
                "<w:p><w:r><w:pict><v:shape><v:textbox><w:txbxContent>"
                f"{''.join(parts)}</w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>"
            )
        elif block.kind == "control":
            yield f"<w:sdt><w:sdtPr/><w:sdtContent>{''.join(parts)}</w:sdtContent></w:sdt>"
        else:
            row = "".join(f"<w:tc><w:tcPr/>{part}<w:p/></w:tc>" for part in parts)
            yield f"<w:tbl><w:tblPr/><w:tblGrid/><w:tr>{row}</w:tr></w:tbl>"


def _docx_paragraph(text: str, level: int = 0, label: str = "", depth: int = 0) -> str:
    style = f'<w:pStyle w:val="Heading{level}"/>' if level else ""
    if label:
        style += f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="88"/></w:numPr>'
    return f"<w:p><w:pPr>{style}</w:pPr>{_inline(text, _DOCX, _RUN)}</w:p>"


def _docx_table(table: Table) -> str:
    rows = ""
    for row in grid(table):
        rows += "<w:tr>"
        for cell, span in row:
            wide = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
            deep = "<w:vMerge/>" if cell is UP else ""
            if cell is not UP and cell.rows > 1:
                deep = '<w:vMerge w:val="restart"/>'
            lines = [""] if cell is UP else cell.text.split("\n")
            text = "".join(
                _docx_paragraph(
                    line,
                    label=cell.label if cell is not UP and not at else "",
                    depth=cell.depth if cell is not UP else 0,
                )
                for at, line in enumerate(lines)
            )
            rows += f"<w:tc><w:tcPr>{wide}{deep}</w:tcPr>{text}</w:tc>"
        rows += "</w:tr>"
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{rows}</w:tbl>"


# -------------------------------------------------------------------------- ODT

_SPACES: Final = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "style", "table", "text")
) + (
    ' xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"'
    ' xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"'
)
_ODT: Final = {
    "-": '<text:change text:change-id="ct1"/>',
    "+": '<text:change-start text:change-id="ct2"/>%<text:change-end '
    'text:change-id="ct2"/>',
    "~": '<text:span text:style-name="Hidden">%</text:span>',
    "^": '<text:note text:note-class="footnote"><text:note-citation>1'
    "</text:note-citation><text:note-body><text:p>%</text:p></text:note-body>"
    "</text:note>",
}
_AUTOMATIC: Final = (
    '<style:style style:name="Hidden" style:family="text"><style:text-properties '
    'text:display="none"/></style:style><text:list-style style:name="L1">'
    '<text:list-level-style-number text:level="1" style:num-suffix="." '
    'style:num-format="1"/><text:list-level-style-number text:level="2" '
    'style:num-suffix="." style:num-format="1" text:display-levels="2"/>'
    "</text:list-style>"
)
_CHANGES: Final = (
    '<text:tracked-changes><text:changed-region text:id="ct1"><text:deletion>'
    "<text:p>вилучене</text:p></text:deletion></text:changed-region>"
    "</text:tracked-changes>"
)


def to_odt(blocks: Sequence[Block]) -> bytes:
    """The document as LibreOffice saves it."""
    body = "".join(_odt(block) for block in blocks)
    content = (
        f"<office:document-content {_SPACES}><office:automatic-styles>{_AUTOMATIC}"
        f"</office:automatic-styles><office:body><office:text>{_CHANGES}{body}"
        "</office:text></office:body></office:document-content>"
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        mimetype = "application/vnd.oasis.opendocument.text"
        target.writestr("mimetype", mimetype, zipfile.ZIP_STORED)
        target.writestr("content.xml", content)
    return stream.getvalue()


def _odt(block: Block) -> str:
    if isinstance(block, P):
        return "".join(
            _odt_paragraph(line, block.level, block.label, block.depth)
            for line in block.text.split("\n")
        )
    if isinstance(block, Table):
        return _odt_table(block)
    if isinstance(block, Page):
        return _odt_paragraph(block.footer) + "<text:p><text:soft-page-break/></text:p>"
    parts = ["".join(map(_odt, part)) for part in block.parts]
    if block.kind == "text":
        return f"<text:p><draw:frame><draw:text-box>{''.join(parts)}</draw:text-box></draw:frame></text:p>"
    if block.kind == "control":
        return f'<text:section text:name="s1">{"".join(parts)}</text:section>'
    row = "".join(f"<table:table-cell>{part}</table:table-cell>" for part in parts)
    return f"<table:table><table:table-row>{row}</table:table-row></table:table>"


def _odt_paragraph(text: str, level: int = 0, label: str = "", depth: int = 0) -> str:
    inner = f"<text:p>{_inline(text, _ODT, '%')}</text:p>"
    if level:
        inner = (
            f'<text:h text:outline-level="{level}">{_inline(text, _ODT, "%")}</text:h>'
        )
    if not label:
        return inner
    for _ in range(depth):
        inner = f"<text:list><text:list-item>{inner}</text:list-item></text:list>"
    return (
        '<text:list text:style-name="L1" text:continue-numbering="true">'
        f"<text:list-item>{inner}</text:list-item></text:list>"
    )


def _shown_label(label: str, text: str) -> str:
    return f"{label} {text}" if label else text


def _odt_table(table: Table) -> str:
    rows = ""
    for row in grid(table):
        rows += "<table:table-row>"
        for cell, span in row:
            if cell is UP:
                rows += "<table:covered-table-cell/>" * span
                continue
            wide = f' table:number-columns-spanned="{span}"' if span > 1 else ""
            deep = f' table:number-rows-spanned="{cell.rows}"' if cell.rows > 1 else ""
            text = "".join(
                _odt_paragraph(line, 0, "" if at else cell.label, cell.depth)
                for at, line in enumerate(cell.text.split("\n"))
            )
            rows += f"<table:table-cell{wide}{deep}>{text}</table:table-cell>"
            rows += "<table:covered-table-cell/>" * (span - 1)
        rows += "</table:table-row>"
    return f"<table:table>{rows}</table:table>"


# ------------------------------------------------------------------------- HTML

_HTML: Final = {
    "-": "<del>%</del>",
    "+": "<ins>%</ins>",
    "~": '<span style="display:none">%</span>',
    "^": '<a href="#_ftn1" style="mso-footnote-id:ftn1"><sup>[1]</sup></a>',
}
_SITE: Final = """<!doctype html><html lang="uk"><head><meta charset="utf-8">
<title>План дій - Громада</title><style>td {{ border: 1px solid }}</style></head><body>
<header class="site-header"><a href="/">Офіційний сайт громади</a></header>
<nav><ul><li><a href="/n">Новини</a></li><li><a href="/r">Рада</a></li></ul></nav>
<aside><h3>Останні новини</h3><p>12.03.2024 Оголошено конкурс № 5 на посаду</p>
<table><tr><td>Пн</td><td>Вт</td><td>Ср</td></tr><tr><td>1</td><td>2</td><td>3</td></tr>
</table></aside><main><article>{body}</article></main>
<footer><p>© 2026 Громада. Розпорядження № 77 від 01.02.2020</p></footer></body></html>"""


def to_html(blocks: Sequence[Block]) -> bytes:
    """The document on a saved page of a council's site."""
    return _SITE.format(body="".join(map(_html, blocks))).encode()


def _html(block: Block) -> str:
    if isinstance(block, P):
        tag = f"h{block.level + 1}" if block.level else "p"
        lines = block.text.split("\n")
        lines[0] = _shown_label(block.label, lines[0])
        return "".join(f"<{tag}>{_inline(x, _HTML, '%')}</{tag}>" for x in lines)
    if isinstance(block, Table):
        return _html_table(block)
    if isinstance(block, Page):
        return f"<p>{html.escape(block.footer)}</p>" if block.footer else "<hr>"
    parts = ["".join(map(_html, part)) for part in block.parts]
    if block.kind == "side":
        row = "".join(f"<td>{part}</td>" for part in parts)
        return f"<table><tr>{row}</tr></table>"
    return f"<div>{''.join(parts)}</div>"


def _html_table(table: Table) -> str:
    rows = ""
    for row in table.rows:
        rows += "<tr>"
        for cell in cells(row):
            if cell is UP:
                continue
            spans = f' colspan="{cell.span}"' if cell.span > 1 else ""
            spans += f' rowspan="{cell.rows}"' if cell.rows > 1 else ""
            lines = [_inline(x, _HTML, "%") for x in cell.text.split("\n")]
            lines[0] = _shown_label(cell.label, lines[0])
            rows += f"<td{spans}>{'<br>'.join(lines)}</td>"
        rows += "</tr>"
    return f"<table>{rows}</table>"


# ------------------------------------------------------------------------- text


@dataclass
class Plain:
    """Text as it is pasted or extracted.

    :param kind: `tabs`, `pipes` (Markdown) or `weak` (a | b | c).
    """

    kind: str
    lines: list[str] = field(default_factory=list)

    def add(self, block: Block) -> None:
        """Write a block down."""
        if isinstance(block, P):
            lines = shown(block.text).split("\n")
            lines[0] = _shown_label(block.label, lines[0])
            if block.level and self.kind != "weak":
                lines[0] = f"{'#' * block.level} {lines[0]}"
            self.lines += [*lines, ""] if self.kind == "pipes" else lines
        elif isinstance(block, Table):
            self._table(block)
        elif isinstance(block, Page):
            self.lines += ["", *([block.footer] if block.footer else []), "\f"]
        else:
            for part in block.parts:
                for each in part:
                    self.add(each)

    def _table(self, table: Table) -> None:
        self.lines.append("")
        for number, row in enumerate(grid(table)):
            texts: list[str] = []
            for cell, span in row:
                text = "" if cell is UP else _shown_label(cell.label, shown(cell.text))
                texts += [text, *[""] * (span - 1)]
            self.lines.append(self._row(texts))
            if self.kind == "pipes" and not number:
                self.lines.append("|" + "---|" * len(texts))
        self.lines.append("")

    def _row(self, texts: Sequence[str]) -> str:
        if self.kind == "tabs":
            return "\t".join(text.replace("\n", " ") for text in texts)
        if self.kind == "pipes":
            joined = " | ".join(text.replace("\n", "<br>") for text in texts)
            return f"| {joined} |"
        return " | ".join(text.replace("\n", " ") for text in texts)


def to_text(blocks: Sequence[Block], kind: str) -> bytes:
    """The document as plain text, see `Plain`."""
    plain = Plain(kind)
    for block in blocks:
        plain.add(block)
    return "\n".join(plain.lines).encode()


FORMATS: Final = {
    "docx": to_docx,
    "odt": to_odt,
    "html": to_html,
    "tabs": lambda blocks: to_text(blocks, "tabs"),
    "pipes": lambda blocks: to_text(blocks, "pipes"),
    "weak": lambda blocks: to_text(blocks, "weak"),
}
