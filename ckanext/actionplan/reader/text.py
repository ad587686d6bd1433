"""Plain or pasted text into the grid: tabs or pipes, remains of Markdown and HTML."""

from __future__ import annotations

import codecs
import html
import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from .errors import KindError
from .grid import Block, Cell, Grid, Origin, Paragraph, Row, lines_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .limits import Budget

_BREAK: Final = re.compile(r"<br\s*/?>|</p>\s*<p[^<>]*>|</?(?:p|div|li)\b[^<>]*>", re.I)
_TAG: Final = re.compile(
    r"</?(?:a|b|i|u|s|em|strong|span|font|sup|sub|small|big|ul|ol|h[1-6]|center)"
    r"\b[^<>]*>",
    re.I,
)
_ENTITY: Final = re.compile(r"&(?:[a-z]{2,8}|#\d{2,5}|#x[0-9a-f]{2,5});", re.I)
_HEADING: Final = re.compile(r"\s{0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
_BOLD: Final = re.compile(r"(\*\*|\b__)(?=\S)(.+?)(?<=\S)\1")
_LINK: Final = re.compile(r"\[([^\[\]]+)\]\((?:https?:|mailto:)[^()\s]*\)")
_ESCAPED: Final = re.compile(r"\\([\\`*_{}\[\]()#+.!|-])")
_PIPES: Final = re.compile(r"\s*\|(.*)\|\s*$")
_UNESCAPED_PIPE: Final = re.compile(r"(?<!\\)\|")
#: So many lines with so many bars each are a table without bars at its edges.
_BARS: Final = 2
_BARRED_LINES: Final = 3
#: Share of control characters above which bytes are no text.
_CONTROL_SHARE: Final = 0.01
#: Share of broken characters up to which a text is in UTF-8 all the same.
_BROKEN_SHARE: Final = 0.02
_CONTROL: Final = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


def decode(data: bytes) -> str:
    """The text of a file in UTF-8, UTF-16 with a mark, or Windows-1251.

    :raises KindError: when it is no text.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = data.decode("utf-16", errors="replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = _damaged_utf8(data) or data.decode("cp1251", errors="replace")
    noise = len(_CONTROL.findall(text)) + text.count("\ufffd")
    if noise > len(text) * _CONTROL_SHARE:
        raise KindError("unreadable_text")
    return text


def _damaged_utf8(data: bytes) -> str:
    """Text in UTF-8 with a few broken bytes, empty when it is in another encoding."""
    text = data.decode("utf-8-sig", errors="replace")
    foreign = len(text) - len(text.encode("ascii", errors="ignore"))
    return text if text.count("\ufffd") < foreign * _BROKEN_SHARE else ""


def read_text(data: bytes, budget: Budget) -> Grid:
    """Turn a text into the grid.

    :param data: the file.
    :param budget: limits and time of this reading.
    :raises KindError: when the bytes are no text.
    """
    return Grid(tuple(_blocks(decode(data), budget)))


def _blocks(text: str, budget: Budget) -> Iterator[Block]:
    table, row, paragraph, inside = 0, 0, 0, False
    lines = re.split(r"\r\n|[\n\r\f\v\u2028\u2029]", text)
    bars = _bars(lines)
    for line in lines:
        pieces = _pieces(line, bars)
        budget.block(len(pieces))
        if len(pieces) > 1:
            table, row = (table, row + 1) if inside else (table + 1, 1)
            inside = True
            cells = tuple(Cell(_clean(piece), at) for at, piece in enumerate(pieces))
            yield Row(cells, Origin(table, row))
            continue
        # A blank line is a page break inside a table as often as its end.
        paragraph += 1
        match = _HEADING.match(line)
        lines = _clean(match[2] if match else line)
        inside = inside and not lines
        yield Paragraph(lines, Origin(0, paragraph), len(match[1]) if match else 0)


def _bars(lines: Sequence[str]) -> int:
    """How many bars part the cells of a weak table (a | b | c), 0 without one."""
    counts = Counter(
        len(_UNESCAPED_PIPE.findall(line))
        for line in lines
        if "|" in line and "\t" not in line and not _PIPES.match(line)
    )
    usual = [(n, bars) for bars, n in counts.items() if bars >= _BARS]
    return max(usual)[1] if usual and max(usual)[0] >= _BARRED_LINES else 0


def _pieces(line: str, bars: int) -> list[str]:
    if "\t" in line.strip(" "):
        return line.split("\t")
    match = _PIPES.match(line)
    count = line.count("|")
    # The first and the last cell of a weak table may be empty, its bars are no edges.
    if match and count != bars:
        return _UNESCAPED_PIPE.split(match[1])
    weak = bars and bars - 1 <= count <= bars + 1
    return _UNESCAPED_PIPE.split(line) if weak else [line]


def _clean(text: str) -> tuple[str, ...]:
    text = _TAG.sub("", _BREAK.sub("\n", text))
    if _ENTITY.search(text):
        text = html.unescape(text)
    text = _BOLD.sub(r"\2", _LINK.sub(r"\1", text))
    return lines_of(_ESCAPED.sub(r"\1", text))
