"""Section headings that stand outside the table, above its first row."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from .approval import APPROVED, is_stamp
from .grid import Block, Paragraph, Row
from .heading import is_signature, title_lines
from .lookalike import cyrillic
from .rows import is_rule, names_principle, names_section, split_number

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Texts above a table that are longer than that are no section headings.
SECTION_LENGTH: Final = 300
_SECTION_DEPTH: Final = 2
_REMARK: Final = re.compile(
    r"(?:відповідальн|(?:спів)?викон|координатор|куратор|замовник|партнер|мета\b|строк|"
    r"термін|період|індикатор|показник|очікуван|результат|приміт|джерел|обсяг|таблиц)"
    r"\w*(?:\s[\w'’,/-]+){0,5}\s?(?:[:–—-]\s|\s\d+$)|(?:виконано\s)?\d{1,3}\s?%$",
    re.I,
)
#: A heading without a number or another mark is shorter than a sentence.
_PLAIN_LENGTH: Final = 120


def is_remark(text: str) -> bool:
    """Whether a line says something about a section: “Відповідальний: …”, “45 %”."""
    return bool(_REMARK.match(cyrillic(text)))


def like_section(block: Block) -> bool:
    """Whether a paragraph looks like a section heading by its number or words."""
    if not isinstance(block, Paragraph) or len(block.text) > SECTION_LENGTH:
        return False
    text = block.text
    if names_section(text) or names_principle(text):
        return True
    number = split_number(text)
    return bool(
        number.number and number.depth <= _SECTION_DEPTH and number.text[:1].isupper()
    ) and (text[-1:] not in ".;,:")


def sections_above(blocks: Sequence[Block], *, later: bool) -> set[int]:
    """Section headings that stand between the title and the first table.

    :param blocks: everything above the first table.
    :param later: whether other sections stand between the tables.
    :returns: their places.
    """
    out: set[int] = set()
    for at in range(len(blocks) - 1, -1, -1):
        block = blocks[at]
        if all(is_stamp(line) or is_remark(line) for line in lines_in(block) if line):
            continue
        # The last row on a page may stand alone there.
        if isinstance(block, Row) and len(block.filled) > 1:
            break
        if not like_section(Paragraph((block.text,), block.origin)):
            break
        out.add(at)
    if later and not out:
        out = _plain_heading(blocks)
    titled = any(
        isinstance(block, Paragraph) and block.text and at not in out
        for at, block in enumerate(blocks)
    )
    return out if titled else set()


def _plain_heading(blocks: Sequence[Block]) -> set[int]:
    """The last line above the table when it is neither title, act nor sentence."""
    said = [i for i, b in enumerate(blocks) if b.text and not is_remark(b.text)]
    at = max(said, default=-1)
    if at < 0 or isinstance(blocks[at], Row):
        return set()
    lines = [line for b in blocks[: at + 1] for line in lines_in(b)]
    text = blocks[at].text
    last = max(i for i, line in enumerate(lines) if line)
    start, end = title_lines(lines)
    other = is_rule(text) or is_stamp(text) or is_signature(text)
    plain = text[:1].isupper() and text[-1:] not in ".;,:" and not text.isupper()
    if start >= end or last < end or other or APPROVED.match(text) or not plain:
        return set()
    return {at} if len(text) <= _PLAIN_LENGTH else set()


def lines_in(block: Block) -> Sequence[str]:
    """The lines of a paragraph or of all cells of a row."""
    if isinstance(block, Row):
        return [line for cell in block.cells for line in cell.lines]
    return block.lines or ("",)
