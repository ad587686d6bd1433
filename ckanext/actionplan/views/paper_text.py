"""Texts of a paper as elements of WordprocessingML."""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import urlsplit

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from docx.document import Document

__all__ = [
    "TWIPS",
    "addresses",
    "clean",
    "element",
    "field",
    "linked",
    "named",
    "properties",
    "run",
]

# Without types for lxml a checker knows nothing of what it returns.
_LXML: Final[Any] = import_module("lxml.etree")

#: Twentieths of a point in a millimetre.
TWIPS: Final = 1440 / 25.4
_ADDRESS: Final = re.compile(r"https?://[^\s<>\"'«»]+")
#: Longer ones are opened by no office program.
_LONGEST: Final = 2_000
_NOT_ITS_END: Final = ".,;:!?)]}"
#: What XML cannot hold.
_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@cache
def named(tag: str) -> str:
    """The whole name of an element or attribute: `w:p`."""
    return qn(tag)


def clean(text: str) -> str:
    """A text without the characters that XML cannot hold, one kind of line end."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _NOT_XML.sub("", text)


def element(tag: str, parent: Any = None, **attributes: str | int | None) -> Any:
    """A new element of WordprocessingML, at the end of its parent."""
    given = {
        named(f"w:{name}"): str(value)
        for name, value in attributes.items()
        if value is not None
    }
    # python-docx's own way to make one takes most of a long paper's time.
    if parent is None:
        return _LXML.Element(named(tag), given)
    return _LXML.SubElement(parent, named(tag), given)


def run(
    parent: Any, text: str, *, bold: bool = False, size: int = 0, line: bool = False
) -> None:
    """Letters of one look.

    :param size: half points; 0: as the paragraph has them
    :param line: whether a line is below
    """
    letters = element("w:r", parent)
    if bold or size or line:
        look = element("w:rPr", letters)
        if bold:
            element("w:b", look)
            element("w:bCs", look)
        if size:
            element("w:sz", look, val=size)
            element("w:szCs", look, val=size)
        if line:
            element("w:u", look, val="single")
    for place, piece in enumerate(text.split("\t")):
        if place:
            element("w:tab", letters)
        if piece:
            held = element("w:t", letters)
            held.text = piece
            held.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def field(code: str) -> Iterable[Any]:
    """Runs of a field that the word processor computes."""
    for kind in ("begin", "code", "separate", "result", "end"):
        letters = element("w:r")
        if kind == "code":
            element("w:instrText", letters).text = f" {code} "
        elif kind == "result":
            element("w:t", letters).text = "2"
        else:
            element("w:fldChar", letters, fldCharType=kind)
        yield letters


def properties(
    paragraph: Any,
    *,
    align: str = "",
    before: int = 0,
    after: int = 0,
    indent: float = 0,
    together: bool = False,
    tabs: Sequence[tuple[str, str, float]] = (),
) -> None:
    """What a paragraph looks like, in the order that the format demands.

    :param before: points above it
    :param indent: millimetres from the left
    :param together: stays on the page of the next paragraph
    :param tabs: kinds, leaders and places in millimetres
    """
    look = paragraph.find(named("w:pPr"))
    if look is None:
        look = element("w:pPr", paragraph)
    if together:
        element("w:keepNext", look)
    if tabs:
        stops = element("w:tabs", look)
        for kind, leader, place in tabs:
            element("w:tab", stops, val=kind, leader=leader, pos=round(place * TWIPS))
    if before or after:
        element("w:spacing", look, before=before * 20, after=after * 20)
    if indent:
        element("w:ind", look, left=round(indent * TWIPS))
    if align:
        element("w:jc", look, val=align)


def _opens(address: str) -> bool:
    """Whether an address leads anywhere: programs refuse files with broken ones."""
    try:
        return len(address) <= _LONGEST and bool(urlsplit(address).hostname)
    except ValueError:
        return False


def addresses(text: str) -> Iterator[tuple[str, bool]]:
    """The pieces of a text in their order, and whether each is an address."""
    place = 0
    for found in _ADDRESS.finditer(text):
        address = found.group().rstrip(_NOT_ITS_END)
        if not _opens(address):
            continue
        if found.start() > place:
            yield text[place : found.start()], False
        place = found.start() + len(address)
        yield address, True
    if text[place:]:
        yield text[place:], False


def linked(paper: Document, paragraph: Any, text: str, size: int = 0) -> None:
    """A text whose addresses can be clicked."""
    for piece, address in addresses(text):
        if not address:
            run(paragraph, piece, size=size)
            continue
        link = element("w:hyperlink", paragraph, history=1)
        link.set(named("r:id"), _target(paper, piece))
        run(link, piece, size=size, line=True)


def _target(paper: Document, address: str) -> str:
    """The id of an address in the paper."""
    rels: Any = paper.part.rels
    # Word's library looks through all links for a free name: minutes for thousands.
    known: dict[str, str] = cast(
        "dict[str, str]", vars(rels).setdefault("addresses_of_paper", {})
    )
    if address not in known:
        known[address] = f"rIdAddress{len(known) + 1}"
        rels.add_relationship(
            RELATIONSHIP_TYPE.HYPERLINK, address, known[address], is_external=True
        )
    return known[address]
