"""Formats as people write them."""

from __future__ import annotations

import pytest

from ckanext.actionplan.core import formats

SPELLINGS = {
    "CSV": ("CSV",),
    ".csv": ("CSV",),
    # A Cyrillic "с", a Cyrillic "о".
    ".сsv": ("CSV",),
    ".оds": ("ODS",),
    "ХLSХ": ("XLSX",),
    "XLXS": ("XLSX",),
    "XLS XLSX": ("XLS", "XLSX"),
    "csv, CSV; json/xml": ("CSV", "JSON", "XML"),
    "text/csv": ("CSV",),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ("XLSX",),
    "GTFS-RT": ("GTFS-RT",),
    "": (),
    "таблиця": (),
    "A" * 50: (),
}


@pytest.mark.parametrize(("text", "expected"), SPELLINGS.items(), ids=repr)
def test_spelling(text, expected):
    assert formats.read(text) == expected


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("CSV",), True),
        (("PDF", "GEOJSON"), True),
        (("PDF", "DOCX", "ZIP", "PNG"), False),
        ((), False),
    ],
)
def test_machine_readable(names, expected):
    assert formats.machine_readable(names) is expected
