"""The file of a paper: an empty one to begin with, and its bytes in the end."""

from __future__ import annotations

import io
import uuid
import zipfile
from datetime import datetime, timezone
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

import docx
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.shared import Pt

from .paper_text import named

if TYPE_CHECKING:
    from docx.document import Document

__all__ = ["blank", "element_of", "packed"]

# Without types for lxml a checker knows nothing of what it returns.
_LXML: Final[Any] = import_module("lxml.etree")

_FONT: Final = "Times New Roman"
_FONTS: Final = ("ascii", "hAnsi", "cs", "eastAsia")
#: Styles of the template that papers use; hundreds of others only make them large.
_STYLES: Final = frozenset(
    {
        "Normal",
        "DefaultParagraphFont",
        "TableNormal",
        "NoList",
        "Title",
        "TableGrid",
        "Header",
        "Footer",
    }
)
#: Parts of the template that say nothing about papers.
_NEEDLESS: Final = ("thumbnail", "stylesWithEffects", "numbering", "customXml")
#: Papers hold no moment of their making: the same plan gives the same file.
_DAY: Final = datetime(2000, 1, 1, tzinfo=timezone.utc)
_ZIP_DAY: Final = (1980, 1, 1, 0, 0, 0)
_WORD: Final = "15"

_STORE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/customXml"
_PROPERTIES: Final = (
    "<?xml version='1.0' encoding='UTF-8' standalone='no'?>\n"
    '<ds:datastoreItem xmlns:ds="{store}" ds:itemID="{{{id}}}"><ds:schemaRefs/>'
    "</ds:datastoreItem>"
)


def element_of(paragraph: Any) -> Any:
    """The element of a paragraph; python-docx has no public way."""
    return paragraph._p


def blank(language: str) -> Document:
    """An empty paper in Times New Roman 14, its spelling checked in the language.

    :param language: as BCP 47: `uk-UA`
    """
    paper = docx.Document()
    parts: tuple[Any, ...] = (paper.part, paper.part.package)
    for part in parts:
        rels: Any = part.rels
        for key in [k for k, rel in rels.items() if rel.reltype.endswith(_NEEDLESS)]:
            del rels[key]
    _styles(paper, language)
    _settings(paper, language)
    about = paper.core_properties
    about.created = about.modified = _DAY
    about.author = about.last_modified_by = about.comments = ""
    return paper


def packed(paper: Document, annex: bytes | None) -> bytes:
    """The bytes of a paper, the same at any time.

    :param annex: see `paper.document`
    """
    if annex is not None:
        _attach(paper, annex)
    written, stream = io.BytesIO(), io.BytesIO()
    paper.save(written)
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(stream, "w") as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, _ZIP_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return stream.getvalue()


def _styles(paper: Document, language: str) -> None:
    styles: Any = paper.styles.element
    for style in list(styles.findall(named("w:style"))):
        if style.get(named("w:styleId")) not in _STYLES:
            styles.remove(style)
        else:
            # A style that is linked to a missing one makes Word repair the file.
            for link in style.findall(named("w:link")):
                style.remove(link)
    defaults = styles.find(named("w:docDefaults"))
    look = defaults.find(f".//{named('w:rPr')}")
    _font(look.find(named("w:rFonts")))
    look.find(named("w:lang")).set(named("w:val"), language)
    spacing = defaults.find(f".//{named('w:spacing')}")
    spacing.set(named("w:after"), "0")
    spacing.set(named("w:line"), "240")
    normal, title = paper.styles["Normal"], paper.styles["Title"]
    for style in (normal, title):
        font: Any = getattr(style, "font")  # noqa: B009 - not every style has one
        font.name, font.size = _FONT, Pt(14)
    _plain(title)


def _plain(title: Any) -> None:
    """The template's title has a line below, colour and wide letters."""
    element = title.element
    look = element.get_or_add_pPr()
    for child in list(look):
        look.remove(child)
    for tag, value in (("keepNext", None), ("jc", "center"), ("outlineLvl", "0")):
        given = {} if value is None else {named("w:val"): value}
        _LXML.SubElement(look, named(f"w:{tag}"), given)
    letters = element.get_or_add_rPr()
    for child in list(letters):
        if child.tag not in (named("w:rFonts"), named("w:sz"), named("w:szCs")):
            letters.remove(child)
    _font(letters.find(named("w:rFonts")))
    title.font.bold = True


def _font(fonts: Any) -> None:
    fonts.attrib.clear()
    for name in _FONTS:
        fonts.set(named(f"w:{name}"), _FONT)


def _settings(paper: Document, language: str) -> None:
    settings: Any = paper.settings.element
    # "Checked already" would keep Word from checking anything.
    for name in ("proofState", "savePreviewPicture", "rsids"):
        for element in settings.findall(named(f"w:{name}")):
            settings.remove(element)
    settings.find(named("w:themeFontLang")).set(named("w:val"), language)
    zoom = settings.find(named("w:zoom"))
    zoom.set(named("w:percent"), "100")
    for mode in settings.iter(named("w:compatSetting")):
        if mode.get(named("w:name")) == "compatibilityMode":
            mode.set(named("w:val"), _WORD)


def _attach(paper: Document, annex: bytes) -> None:
    """Keep data with the paper, in the one place that Word carries along unseen."""
    safe = _LXML.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    try:
        _LXML.fromstring(annex, safe)
    except _LXML.XMLSyntaxError as error:
        raise ValueError("an annex is XML") from error
    package: Any = paper.part.package
    item = Part(PackURI("/customXml/item1.xml"), CONTENT_TYPE.XML, annex, package)
    # Word keeps an item only if it has an id; it follows from what the item holds.
    identity = str(uuid.uuid5(uuid.NAMESPACE_OID, annex.hex())).upper()
    text = _PROPERTIES.format(store=_STORE, id=identity)
    described = Part(
        PackURI("/customXml/itemProps1.xml"),
        CONTENT_TYPE.OFC_CUSTOM_XML_PROPERTIES,
        text.encode(),
        package,
    )
    item.relate_to(described, RELATIONSHIP_TYPE.CUSTOM_XML_PROPS)
    paper.part.relate_to(item, RELATIONSHIP_TYPE.CUSTOM_XML)
