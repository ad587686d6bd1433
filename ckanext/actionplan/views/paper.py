"""Papers as DOCX, as offices hand them in: a table of tasks with room to sign."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from docx.enum.section import WD_ORIENT
from docx.shared import Mm

from .paper_file import blank, element_of, packed
from .paper_text import (
    TWIPS,
    addresses,
    clean,
    element,
    field,
    linked,
    properties,
    run,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docx.document import Document

__all__ = ["Row", "Section", "addresses", "document"]

#: Landscape A4 with the margins of official papers, in millimetres.
_PAGE: Final = (297.0, 210.0)
_LEFT, _RIGHT, _EDGE = 30.0, 10.0, 20.0
_BODY: Final = _PAGE[0] - _LEFT - _RIGHT
#: Half points: the letters of tables.
_SMALL: Final = 22
#: What a letter of a table takes on average, and how many lines a page holds.
_LETTER: Final = 2.05
_PAGE_LINES: Final = 28

#: Names that Word accepts for bookmarks.
_BOOKMARK: Final = re.compile(r"[^\W\d]\w{0,39}")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table.

    :param cells: as many texts as there are columns; a line each is a paragraph
    :param bookmark: name of a Word bookmark around the text of the first cell, which
        survives when people edit the paper; unique in the paper, a letter or `_`
        first, then at most 39 letters, digits and `_`
    """

    cells: Sequence[str]
    bookmark: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Rows under a heading that goes across the table.

    :param title: "" for rows before any heading
    """

    title: str
    rows: Sequence[Row]


def document(
    *,
    title: Sequence[str],
    approval: Sequence[str],
    header: Sequence[str],
    widths: Sequence[float],
    sections: Sequence[Section],
    signature: Sequence[tuple[str, str]],
    subject: str,
    language: str = "uk-UA",
    annex: bytes | None = None,
    lead: Sequence[str] = (),
    author: str = "",
) -> bytes:
    """A paper as DOCX; the same arguments give the same bytes.

    Rows stay whole on a page unless they are longer than one, the header returns on
    every page, pages but the first are numbered, addresses can be clicked.

    :param title: lines in the middle, bold
    :param approval: lines of the block on the right half above the title
    :param header: headings of the columns; none: no table
    :param widths: of the columns, as shares of any whole
    :param sections: the rows
    :param signature: posts and names; the line to sign on stands between
    :param subject: what the paper is about, for its properties
    :param language: of its texts, as BCP 47
    :param annex: a whole XML document that Word keeps with the paper
    :param lead: paragraphs between title and table
    :param author: whose paper it is, for its properties
    :raises ValueError: for a row of another length, a bookmark's name that Word does
        not accept or that comes twice, an annex that is no XML.
    """
    paper = blank(language)
    _page(paper)
    about = paper.core_properties
    about.title = clean(" ".join(title))[:255]
    about.subject = clean(subject)[:255]
    about.author = clean(author)[:255]
    about.language = language
    for line in approval:
        _paragraph(paper, line, indent=_BODY / 2)
    for place, line in enumerate(title):
        last = place == len(title) - 1
        _paragraph(
            paper, line, style="Title", before=12 * (place == 0), after=12 * last
        )
    for line in lead:
        _paragraph(paper, line, after=6)
    if header:
        table = _Table(paper, header, widths)
        table.fill(sections, signed=bool(signature))
        table.describe(about.title, about.subject)
    if not signature:
        # Nothing may end with a table.
        _paragraph(paper, "")
    for place, (post, name) in enumerate(signature):
        _signature(paper, post, name, first=place == 0)
    return packed(paper, annex)


def _page(paper: Document) -> None:
    section = paper.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(_PAGE[0]), Mm(_PAGE[1])
    section.left_margin, section.right_margin = Mm(_LEFT), Mm(_RIGHT)
    section.top_margin = section.bottom_margin = Mm(_EDGE)
    section.header_distance = section.footer_distance = Mm(10)
    # Office rules put the number above the text, and none on the first page.
    section.different_first_page_header_footer = True
    paragraph = element_of(section.header.paragraphs[0])
    properties(paragraph, align="center")
    paragraph.extend(field("PAGE"))


def _paragraph(
    paper: Document, text: str, style: str | None = None, **look: Any
) -> Any:
    """A paragraph above the table; lines within it stay lines of it."""
    added: Any = paper.add_paragraph(style=style)
    paragraph = element_of(added)
    properties(paragraph, **look)
    for place, line in enumerate(clean(text).split("\n")):
        if place:
            element("w:br", element("w:r", paragraph))
        linked(paper, paragraph, line)
    return paragraph


def _signature(paper: Document, post: str, name: str, *, first: bool) -> None:
    """Post, a line to sign on, name at the right edge."""
    paragraph = _paragraph(
        paper,
        post,
        before=36 if first else 18,
        tabs=(
            ("left", "none", _BODY * 0.56),
            ("left", "underscore", _BODY * 0.74),
            ("right", "none", _BODY),
        ),
    )
    run(paragraph, f"\t\t\t{clean(name)}")


class _Table:
    """The paper's table, as elements.

    python-docx looks through the whole table for every cell: minutes for thousands.
    """

    def __init__(
        self, paper: Document, header: Sequence[str], widths: Sequence[float]
    ) -> None:
        if len(widths) != len(header):
            raise ValueError("as many widths as columns")
        whole = sum(widths)
        self.paper = paper
        self.millimetres = [_BODY * width / whole for width in widths]
        self.widths = [round(each * TWIPS) for each in self.millimetres]
        self.bookmarks: set[str] = set()
        self.element = element("w:tbl")
        body: Any = paper.element.body  # pyright: ignore[reportUnknownVariableType]
        body.insert_element_before(self.element, "w:sectPr")
        self._looks()
        self._row(header, bold=True, repeated=True)

    def _looks(self) -> None:
        look = element("w:tblPr", self.element)
        element("w:tblStyle", look, val="TableGrid")
        element("w:tblW", look, w=sum(self.widths), type="dxa")
        element("w:tblLayout", look, type="fixed")
        margins = element("w:tblCellMar", look)
        for side in ("left", "right"):
            element(f"w:{side}", margins, w=85, type="dxa")
        # The first row is a header for those who hear the table, too.
        element("w:tblLook", look, val="0620", firstRow=1, noHBand=1, noVBand=1)
        self.look = look
        grid = element("w:tblGrid", self.element)
        for width in self.widths:
            element("w:gridCol", grid, w=width)

    def describe(self, title: str, subject: str) -> None:
        """Say what the table is to those who hear it."""
        element("w:tblCaption", self.look, val=title)
        element("w:tblDescription", self.look, val=subject)

    def fill(self, sections: Sequence[Section], *, signed: bool) -> None:
        """Write the rows; the last one stays with the signature."""
        for number, section in enumerate(sections, start=1):
            if section.title:
                self._across(section.title)
            for place, row in enumerate(section.rows, start=1):
                last = number == len(sections) and place == len(section.rows)
                self._row(row.cells, bookmark=row.bookmark, together=last and signed)

    def _across(self, title: str) -> None:
        line = self._line(whole=True)
        look = element("w:tcPr", element("w:tc", line))
        element("w:tcW", look, w=sum(self.widths), type="dxa")
        element("w:gridSpan", look, val=len(self.widths))
        self._texts(look.getparent(), title, bold=True, align="center", together=True)

    def _row(
        self,
        cells: Sequence[str],
        *,
        bookmark: str = "",
        bold: bool = False,
        repeated: bool = False,
        together: bool = False,
    ) -> None:
        if len(cells) != len(self.widths):
            raise ValueError("as many cells as columns")
        line = self._line(whole=self._fits(cells), repeated=repeated)
        for place, (text, width) in enumerate(zip(cells, self.widths, strict=True)):
            cell = element("w:tc", line)
            look = element("w:tcPr", cell)
            element("w:tcW", look, w=width, type="dxa")
            if repeated:
                element("w:vAlign", look, val="center")
            self._texts(
                cell,
                text,
                bold=bold,
                align="center" if repeated else "",
                together=together or repeated,
                bookmark="" if place else bookmark,
            )

    def _line(self, *, whole: bool, repeated: bool = False) -> Any:
        line = element("w:tr", self.element)
        look = element("w:trPr", line)
        if whole:
            element("w:cantSplit", look)
        if repeated:
            element("w:tblHeader", look)
        return line

    def _fits(self, cells: Sequence[str]) -> bool:
        """Whether a row fits on a page: some programs cut off what does not."""
        for text, width in zip(cells, self.millimetres, strict=True):
            letters = max(1, int((width - 3) / _LETTER))
            lines = sum(1 + len(line) // letters for line in text.split("\n"))
            if lines > _PAGE_LINES:
                return False
        return True

    def _texts(
        self,
        cell: Any,
        text: str,
        *,
        bold: bool = False,
        bookmark: str = "",
        **look: Any,
    ) -> None:
        """The paragraphs of a cell: one at least, or the table is broken."""
        paragraphs: list[Any] = []
        for line in clean(text).split("\n"):
            paragraph = element("w:p", cell)
            properties(paragraph, **look)
            paragraphs.append(paragraph)
            start = len(paragraph)
            if bold:
                run(paragraph, line, bold=True, size=_SMALL)
            else:
                linked(self.paper, paragraph, line, _SMALL)
            if bookmark and len(paragraphs) == 1:
                paragraph.insert(start, self._bookmark(bookmark))
        if bookmark:
            element("w:bookmarkEnd", paragraphs[-1], id=len(self.bookmarks))

    def _bookmark(self, name: str) -> Any:
        if not _BOOKMARK.fullmatch(name) or name in self.bookmarks:
            raise ValueError(f"no name for a bookmark, or used before: {name!r}")
        self.bookmarks.add(name)
        return element("w:bookmarkStart", id=len(self.bookmarks), name=name)
