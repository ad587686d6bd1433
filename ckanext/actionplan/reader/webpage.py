"""A saved web page as a tree of what matters for its text: blocks, tables, breaks."""

from __future__ import annotations

import binascii
import codecs
import quopri
import re
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final
from xml.etree import ElementTree as ET

from .charset import text_of
from .errors import DamageError, LimitError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .limits import Budget

#: It comes without types.
_LXML: Final[Any] = import_module("lxml.etree")
#: Elements that begin a new line or hold rows; all others are parts of a line.
_KEPT: Final = frozenset(
    {
        "html", "body", "main", "article", "section", "header", "footer", "nav", "aside",
        "div", "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt",
        "dd", "blockquote", "pre", "center", "address", "figure", "figcaption", "details",
        "summary", "fieldset", "legend", "form", "menu", "dir", "br", "hr", "table",
        "caption", "thead", "tbody", "tfoot", "tr", "td", "th",
    }
)  # fmt: skip
#: No text of the page: programs, forms' fields, other media, Word's own data.
_SKIPPED: Final = frozenset(
    {
        "script", "style", "title", "noscript", "template", "iframe", "object", "embed",
        "applet", "svg", "math", "audio", "video", "canvas", "map", "select", "option",
        "datalist", "button", "textarea", "input", "noframes", "xml", "rp", "rt", "del",
        "colgroup", "col", "meta", "link", "base",
    }
)  # fmt: skip
_ROLES: Final = {
    "table": "table", "grid": "table", "treegrid": "table", "rowgroup": "tbody",
    "row": "tr", "cell": "td", "gridcell": "td", "columnheader": "td", "rowheader": "td",
}  # fmt: skip
_ATTRIBUTES: Final = (
    "colspan", "rowspan", "style", "class", "id", "role", "start", "value", "type",
)  # fmt: skip
_HIDDEN: Final = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all"
    r"|mso-element\s*:\s*(?:foot|end)?(?:note|comment|header|footer)"
    r"|mso-(?:foot|end)note-id|mso-comment-",
    re.I,
)
#: Word prints the label of a numbered paragraph into an element of this style.
_LABEL: Final = re.compile(r"mso-list\s*:\s*ignore", re.I)
_PRESERVED: Final = re.compile(r"white-space\s*:\s*(?:pre|break-spaces)", re.I)
_BLANKS: Final = re.compile(r"[\t\n\r\f\v\x1c-\x1e\x85\u2028\u2029 ]+")
_DECLARED: Final = re.compile(
    rb"<meta\b[^<>]*?\bcharset\s*=\s*[\"']?\s*([\w:.-]{2,40})"
    rb"|<\?xml\b[^<>]*?\bencoding\s*=\s*[\"']([\w:.-]{2,40})",
    re.I,
)
_HEAD: Final = 65536
_STEP: Final = 1 << 18
#: Elements within elements, whatever they are: what the parser itself can bear.
_NESTED: Final = 1500
_COMMENTS: Final = rb"\s*(?:(?:<\?xml[^>]*>|<!--(?:(?!-->).)*-->)\s*)*"
_PAGE: Final = re.compile(
    _COMMENTS + rb"<(?:!doctype\s+html|html|head|body|meta|title)\b", re.I | re.S
)
_FRAGMENT: Final = re.compile(_COMMENTS + rb"<[a-z]", re.I | re.S)
_PAGE_INSIDE: Final = re.compile(rb"<(?:html|body)[\s>]", re.I)
_ROW: Final = re.compile(rb"<tr[\s>]", re.I)
_CELL: Final = re.compile(rb"<t[dh][\s>]", re.I)
_ARCHIVE: Final = re.compile(rb"^content-type:\s*multipart/related\b", re.I | re.M)
_BOUNDARY: Final = re.compile(
    rb"\bboundary\s*=\s*(?:\"([^\"\r\n]+)\"|([^\s;\"]+))", re.I
)
_PAGE_PART: Final = re.compile(
    rb"^content-type:\s*(?:text/html|application/xhtml)", re.I | re.M
)
_CHARSET: Final = re.compile(rb"\bcharset\s*=\s*\"?([\w:.-]{2,40})", re.I)
_TRANSFER: Final = re.compile(rb"^content-transfer-encoding:\s*([\w-]+)", re.I | re.M)
_HEADERS_END: Final = re.compile(rb"\r?\n[ \t]*\r?\n")


def is_page(data: bytes) -> bool:
    """Whether a file is a web page, a part of one, or an archive with one.

    :param data: the file.
    """
    head = data[:_HEAD].removeprefix(codecs.BOM_UTF8)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, b"<\x00", b"\x00<")):
        head = head.lstrip(b"\xff\xfe").replace(b"\x00", b"")
    if _PAGE.match(head) or is_page_archive(head):
        return True
    # A part of a page is told by its table, not to take text with a few tags for it.
    early = _FRAGMENT.match(head) or _PAGE_INSIDE.search(head)
    return bool(early and _ROW.search(head) and _CELL.search(head))


def is_page_archive(data: bytes) -> bool:
    """Whether a file is a page saved with its pictures as one file (MHTML)."""
    head = data[:4096]
    return bool(
        re.search(rb"^mime-version:", head, re.I | re.M) and _ARCHIVE.search(head)
    )


def open_page(data: bytes, budget: Budget) -> ET.Element:
    """The tree of a page's visible elements.

    :param data: the file, an HTML page or an archive with one.
    :param budget: limits and time of this reading.
    :raises LimitError: when it is nested too deep or too large.
    :raises DamageError: when it cannot be taken apart.
    """
    declared = b""
    if is_page_archive(data):
        data, declared = _page_of_archive(data)
    match = _DECLARED.search(data[:_HEAD])
    found = declared or (match[1] or match[2] if match else b"")
    text = text_of(data, found.decode("ascii", errors="replace"))
    return _tree(text, budget)


def _tree(text: str, budget: Budget) -> ET.Element:
    # Nothing outside is asked for, whatever the page names; limits are the builder's.
    parser: Any = _LXML.HTMLParser(
        target=_Builder(budget), encoding="utf-8", huge_tree=True, no_network=True
    )
    try:
        for start in range(0, len(text), _STEP):
            piece = text[start : start + _STEP].replace("\x00", "")
            parser.feed(piece.encode("utf-8", errors="replace"))
        return parser.close()
    except (_LXML.LxmlError, ET.ParseError, ValueError) as error:
        raise DamageError("damaged_page") from error


def _page_of_archive(data: bytes) -> tuple[bytes, bytes]:
    """The first page of an MHTML archive, and the encoding that is declared for it."""
    boundary = _BOUNDARY.search(data[:_HEAD])
    name = (boundary[1] or boundary[2]) if boundary else b""
    for part in data.split(b"--" + name)[1:] if name else ():
        end = _HEADERS_END.search(part[:_HEAD])
        headers = part[: end.start()] if end else b""
        if end is None or not _PAGE_PART.search(headers):
            continue
        charset = _CHARSET.search(headers)
        transfer = _TRANSFER.search(headers)
        body = _transferred(part[end.end() :], transfer[1] if transfer else b"")
        return body, charset[1] if charset else b""
    raise DamageError("damaged_page")


def _transferred(body: bytes, transfer: bytes) -> bytes:
    try:
        if transfer.lower() == b"quoted-printable":
            return quopri.decodestring(body)
        if transfer.lower() == b"base64":
            return binascii.a2b_base64(body)
    except (binascii.Error, ValueError) as error:
        raise DamageError("damaged_page") from error
    return body


class _Builder:
    """Builds the tree of kept elements; refuses depth and mass."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        # A damaged page may have elements behind its end: they need a root as well.
        self._tree = ET.TreeBuilder()
        self._tree.start("div", {})
        # For each open element the tag it was kept as, if any, and whether ends of
        # lines in its source count.
        self._stack: list[tuple[str, bool]] = []
        self._count = 0
        self._depth = 0
        self._skipping = 0
        self._label: list[str] | None = None
        self._label_depth = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Open an element."""
        self._guard()
        style = attributes.get("style", "")
        kept = _ROLES.get(attributes.get("role", "").lower(), tag)
        hidden = "hidden" in attributes or bool(_HIDDEN.search(style))
        if self._skipping or tag in _SKIPPED or (hidden and kept not in _KEPT):
            self._skipping += 1
            return
        if self._label is None and _LABEL.search(style):
            self._label, self._label_depth = [], len(self._stack)
        inside = bool(self._stack) and self._stack[-1][1]
        preserved = inside or kept == "pre" or bool(_PRESERVED.search(style))
        if kept not in _KEPT or self._label is not None:
            self._stack.append(("", preserved))
            return
        self._depth += 1
        if self._depth > self._budget.limits.depth:
            raise LimitError("too_deep", limit=self._budget.limits.depth)
        own = {name: attributes[name] for name in _ATTRIBUTES if name in attributes}
        if hidden:
            own["hidden"] = "hidden"
        self._tree.start(kept, own)
        self._stack.append((kept, preserved))

    def _guard(self) -> None:
        self._count += 1
        if self._count > self._budget.limits.elements:
            raise LimitError("too_many_elements", limit=self._budget.limits.elements)
        if len(self._stack) + self._skipping > _NESTED:
            raise LimitError("too_deep", limit=_NESTED)
        if self._count % 1024 == 0:
            self._budget.tick()

    def end(self, _tag: str) -> None:
        """Close the element that was opened last."""
        if self._skipping:
            self._skipping -= 1
            return
        if not self._stack:
            return
        kept, _ = self._stack.pop()
        if kept:
            self._depth -= 1
            self._tree.end(kept)
        if self._label is not None and len(self._stack) == self._label_depth:
            label = "".join(self._label).strip()
            self._label = None
            # A bullet is a letter of a font of signs, often a plain small o.
            if label != "o" and any(map(str.isalnum, label)):
                self._tree.data(f"{label} ")

    def data(self, text: str) -> None:
        """Take a piece of text."""
        if self._skipping:
            return
        if self._label is not None:
            self._label.append(text)
            return
        preserved = bool(self._stack) and self._stack[-1][1]
        self._tree.data(text if preserved else _BLANKS.sub(" ", text))

    def comment(self, _text: str) -> None:
        """Leave a comment out."""

    def close(self) -> ET.Element:
        """The root of the tree."""
        while self._stack:
            self.end("")
        self._tree.end("div")
        return self._tree.close()
