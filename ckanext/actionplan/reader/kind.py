"""What a file is, told by its content and never by its name."""

from __future__ import annotations

import codecs
from enum import Enum
from typing import Final

from .errors import DamageError, KindError
from .own import is_own_csv
from .own_json import is_json
from .webpage import is_page


class Kind(str, Enum):
    """Kinds of documents that can be read."""

    DOCX = "docx"
    ODT = "odt"
    PDF = "pdf"
    XLSX = "xlsx"
    ODS = "ods"
    CSV = "csv"
    HTML = "html"
    JSON = "json"
    TEXT = "text"

    @property
    def endings(self) -> tuple[str, ...]:
        """Endings of names of such files, the usual one first."""
        return _ENDINGS[self]

    @property
    def mimetype(self) -> str:
        """Media type under which such a file may be served.

        A page of strangers is served as plain text, so that no browser runs it.
        """
        return _MIMETYPES[self]


_ENDINGS: Final = {
    Kind.DOCX: (".docx", ".docm", ".dotx"),
    Kind.ODT: (".odt", ".ott"),
    Kind.PDF: (".pdf",),
    Kind.XLSX: (".xlsx", ".xlsm", ".xltx"),
    Kind.ODS: (".ods", ".ots"),
    Kind.CSV: (".csv", ".tsv", ".txt"),
    Kind.HTML: (".html", ".htm", ".xhtml", ".mht", ".mhtml"),
    Kind.JSON: (".json",),
    Kind.TEXT: (".txt", ".text", ".md", ".tsv"),
}
_OFFICE: Final = "application/vnd.openxmlformats-officedocument."
_OPEN_DOCUMENT: Final = "application/vnd.oasis.opendocument."
_MIMETYPES: Final = {
    Kind.DOCX: f"{_OFFICE}wordprocessingml.document",
    Kind.ODT: f"{_OPEN_DOCUMENT}text",
    Kind.PDF: "application/pdf",
    Kind.XLSX: f"{_OFFICE}spreadsheetml.sheet",
    Kind.ODS: f"{_OPEN_DOCUMENT}spreadsheet",
    Kind.CSV: "text/csv",
    Kind.HTML: "text/plain",
    Kind.JSON: "application/json",
    Kind.TEXT: "text/plain",
}
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE: Final = "EncryptedPackage".encode("utf-16-le")
_REFUSED: Final[tuple[tuple[bytes, str, str], ...]] = (
    (b"{\\rtf", "kind_rtf", "RTF"),
    (b"\x89PNG", "kind_image", "PNG"),
    (b"\xff\xd8\xff", "kind_image", "JPEG"),
    (b"GIF8", "kind_image", "GIF"),
    (b"II*\x00", "kind_image", "TIFF"),
    (b"MM\x00*", "kind_image", "TIFF"),
    (b"BM", "kind_image", "BMP"),
    (b"Rar!", "kind_archive", "RAR"),
    (b"7z\xbc\xaf", "kind_archive", "7Z"),
    (b"\x1f\x8b", "kind_archive", "GZIP"),
)
_OFFICE_PARTS: Final[tuple[tuple[str, str, str], ...]] = (
    ("xl/", "kind_sheet", "XLSB"),
    ("ppt/", "kind_archive", "PPTX"),
)


def kind_of(data: bytes) -> Kind | None:
    """Tell what a file is from its first bytes.

    :param data: the whole file.
    :returns: the kind, or None for a zip archive, whose entries decide.
    :raises KindError: when it is something that cannot be read.
    :raises DamageError: when it is locked by a password.
    """
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return None
    if data.startswith(_OLE):
        if _ENCRYPTED_PACKAGE in data:
            raise DamageError("encrypted")
        raise KindError("kind_doc")
    body = data.removeprefix(codecs.BOM_UTF8)
    for magic, code, name in _REFUSED:
        # Text may begin with the two letters of a bitmap; a bitmap holds zero bytes.
        if body.startswith(magic) and (magic != b"BM" or b"\x00" in body[:64]):
            raise KindError(code, kind=name)
    # Texts of an export may hold what the other kinds are known by.
    if is_json(data):
        return Kind.JSON
    if is_own_csv(data):
        return Kind.CSV
    if b"%PDF-" in data[:1024]:
        return Kind.PDF
    if is_page(data):
        return Kind.HTML
    return Kind.TEXT


def kind_of_archive(names: frozenset[str], mimetype: bytes) -> Kind:
    """Tell what a zip archive is from its entries.

    :param names: names of its entries.
    :param mimetype: content of its entry `mimetype`, or of its manifest.
    :raises KindError: when it is no document that can be read.
    """
    if b"opendocument.text" in mimetype:
        return Kind.ODT
    if b"opendocument.spreadsheet" in mimetype and "content.xml" in names:
        return Kind.ODS
    if "word/document.xml" in names:
        return Kind.DOCX
    if "xl/workbook.xml" in names:
        return Kind.XLSX
    for folder, code, name in _OFFICE_PARTS:
        if any(entry.startswith(folder) for entry in names):
            raise KindError(code, kind=name)
    raise KindError("kind_archive")
