"""Formats of resources: one spelling for each, and which of them machines read."""

from __future__ import annotations

import re
from typing import Final

#: Cyrillic letters that look like Latin ones; both end up in file names.
_LOOKALIKES: Final = str.maketrans("АВЕІКМНОРСТХУЅЈҮ", "ABEIKMHOPCTXYSJY")
_MISSPELT: Final = {
    "XLXS": "XLSX",
    "XSLX": "XLSX",
    "XSL": "XLS",
    "CVS": "CSV",
    "JSOM": "JSON",
    "GEOJSN": "GEOJSON",
    "EXCEL": "XLSX",
}
_MIMETYPES: Final = {
    "TEXT/CSV": "CSV",
    "APPLICATION/CSV": "CSV",
    "TEXT/TAB-SEPARATED-VALUES": "TSV",
    "APPLICATION/JSON": "JSON",
    "APPLICATION/GEO+JSON": "GEOJSON",
    "APPLICATION/VND.GEO+JSON": "GEOJSON",
    "APPLICATION/LD+JSON": "JSON-LD",
    "APPLICATION/XML": "XML",
    "TEXT/XML": "XML",
    "APPLICATION/RDF+XML": "RDF",
    "TEXT/TURTLE": "TTL",
    "APPLICATION/VND.MS-EXCEL": "XLS",
    "APPLICATION/VND.OPENXMLFORMATS-OFFICEDOCUMENT.SPREADSHEETML.SHEET": "XLSX",
    "APPLICATION/VND.OASIS.OPENDOCUMENT.SPREADSHEET": "ODS",
    "APPLICATION/VND.OPENXMLFORMATS-OFFICEDOCUMENT.WORDPROCESSINGML.DOCUMENT": "DOCX",
    "APPLICATION/MSWORD": "DOC",
    "APPLICATION/PDF": "PDF",
    "TEXT/HTML": "HTML",
    "TEXT/PLAIN": "TXT",
    "APPLICATION/ZIP": "ZIP",
    "APPLICATION/YAML": "YAML",
    "APPLICATION/VND.GOOGLE-EARTH.KML+XML": "KML",
}

#: Structured and semi-structured formats of the national classes, and geodata.
MACHINE_READABLE: Final = frozenset(
    (
        "CSV",
        "TSV",
        "JSON",
        "JSON-LD",
        "JSONL",
        "XML",
        "RDF",
        "TTL",
        "N3",
        "YAML",
        "YML",
        "XLS",
        "XLSX",
        "ODS",
        "PARQUET",
        "GEOJSON",
        "TOPOJSON",
        "KML",
        "GML",
        "GPX",
        "GPKG",
        "SHP",
        "GTFS",
        "GTFS-RT",
        "API",
    )
)
#: A format is a word; what is longer is a remark and says nothing.
_LENGTH: Final = 20
_SEPARATORS: Final = re.compile(r"[\s,;/|]+")
_WORD: Final = re.compile(r"[A-Z0-9][A-Z0-9+\-]*")


def read(text: str) -> tuple[str, ...]:
    """The formats that a resource names, in one spelling.

    :param text: the format as entered: `.сsv`, `XLS XLSX`, `text/csv`.
    :returns: upper-case names without repetition, in the order given.
    """
    whole = text.strip().upper()
    if whole in _MIMETYPES:
        return (_MIMETYPES[whole],)
    words = (_plain(word) for word in _SEPARATORS.split(whole))
    return tuple(dict.fromkeys(word for word in words if word))


def _plain(word: str) -> str:
    plain = word.translate(_LOOKALIKES).strip(".()\"'«»*")
    plain = _MISSPELT.get(plain, plain)
    return plain if len(plain) <= _LENGTH and _WORD.fullmatch(plain) else ""


def machine_readable(formats: tuple[str, ...]) -> bool:
    """Whether at least one of the formats is read by machines as data."""
    return not MACHINE_READABLE.isdisjoint(formats)
