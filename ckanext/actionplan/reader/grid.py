"""The one model that every format is turned into: paragraphs and table rows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, TypeAlias

_BLANKS: Final = re.compile(r"\s+")
#: Soft hyphen, zero width space, word joiner, byte order mark: not part of the text.
#: Neither are control characters, of which the database refuses the first.
_INVISIBLE: Final[dict[int, None]] = dict.fromkeys(
    (0x00AD, 0x200B, 0x2060, 0xFEFF, *range(9), *range(0x0E, 0x1C), *range(0x7F, 0x85))
)


def squeeze(text: str) -> str:
    """The text without invisible characters, each run of white space as one blank."""
    return _BLANKS.sub(" ", text.translate(_INVISIBLE)).strip()


def lines_of(text: str) -> tuple[str, ...]:
    """The lines of a text that hold something, each squeezed."""
    return tuple(line for line in map(squeeze, text.splitlines()) if line)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where something stands in the document.

    :param table: number of the table from 1, 0 outside tables.
    :param row: number of the row in its table, or of the paragraph, from 1.
    :param page: number of the printed page from 1, 0 where there are no pages.
    :param sheet: name of the sheet, empty where there are no sheets.
    """

    table: int
    row: int
    page: int = 0
    sheet: str = ""

    def as_dict(self) -> dict[str, int | str]:
        """The origin as JSON; page and sheet only where the document has them."""
        out: dict[str, int | str] = {"table": self.table, "row": self.row}
        if self.page:
            out["page"] = self.page
        if self.sheet:
            out["sheet"] = self.sheet
        return out


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a row.

    :param lines: its paragraphs and lines.
    :param column: first grid column it covers, from 0.
    :param span: how many grid columns it covers.
    :param continued: whether it is the lower part of a vertically merged cell.
    """

    lines: tuple[str, ...]
    column: int
    span: int = 1
    continued: bool = False

    @property
    def text(self) -> str:
        """Its lines joined with blanks."""
        return " ".join(self.lines)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table.

    :param cells: its cells from left to right.
    :param origin: where it stands.
    :param marks: names of the bookmarks that begin in it.
    """

    cells: tuple[Cell, ...]
    origin: Origin
    marks: tuple[str, ...] = ()

    @property
    def filled(self) -> tuple[Cell, ...]:
        """The cells that hold text."""
        return tuple(cell for cell in self.cells if cell.lines)

    @property
    def text(self) -> str:
        """The text of all cells."""
        return " ".join(cell.text for cell in self.filled)

    @property
    def width(self) -> int:
        """Number of grid columns."""
        return max((cell.column + cell.span for cell in self.cells), default=0)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph outside tables.

    :param lines: its lines; none for an empty paragraph.
    :param origin: where it stands.
    :param heading: level of a heading, 0 for plain text.
    """

    lines: tuple[str, ...]
    origin: Origin
    heading: int = 0

    @property
    def text(self) -> str:
        """Its lines joined with blanks."""
        return " ".join(self.lines)


Block: TypeAlias = Row | Paragraph


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about the document that a person should know: a doubt of the file.

    :param code: key of `messages.MESSAGES`.
    :param params: values for the placeholders of its sentence.
    """

    code: str
    params: dict[str, str]


@dataclass(frozen=True, slots=True)
class Grid:
    """A document as blocks in reading order.

    :param blocks: its paragraphs and rows.
    :param remarks: what the format left out or could not be sure of.
    """

    blocks: tuple[Block, ...]
    remarks: tuple[Remark, ...] = ()
