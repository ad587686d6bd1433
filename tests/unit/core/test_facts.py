"""Facts of a dataset dict, here and from a CKAN 2.7."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest

from ckanext.actionplan.core import facts
from ckanext.actionplan.core.facts import Fields

FIELDS = Fields("update_frequency", "purpose_of_collecting_information", "language")
COMPLETE: dict[str, Any] = {
    "id": "d1",
    "name": "zupynky",
    "title": "Зупинки транспорту",
    "notes": "Де стоять зупинки міського транспорту",
    "owner_org": "o1",
    "organization": {"name": "transport"},
    "maintainer": "Олена Приклад",
    "maintainer_email": "olena@example.org",
    "license_id": "cc-by",
    "metadata_modified": "2026-11-01T08:00:00.123456",
    "update_frequency": '"once a month',
    "language": "ua",
    "purpose_of_collecting_information": "Облік зупинок",
    "tags": [{"name": "зупинки"}],
    "resources": [
        {"format": ".сsv", "last_modified": "2026-10-01T10:00:00"},
        {"format": "PDF", "created": "2026-09-01T10:00:00"},
    ],
}


def utc(*parts):
    return datetime(*parts, tzinfo=timezone.utc)


def test_complete():
    found = facts.read(COMPLETE, FIELDS)
    assert found.dataset_id == "d1"
    assert found.organization_name == "transport"
    assert found.frequency == "once a month"
    assert found.interval_days == 31
    assert found.metadata_modified == utc(2026, 11, 1, 8, 0, 0, 123456)
    assert found.updated_at == utc(2026, 10, 1, 10)
    assert found.resources == 2
    assert found.formats == ("CSV", "PDF")
    assert found.machine_readable
    assert found.passport_gaps == ()


@pytest.mark.parametrize("as_list", [True, False])
def test_passport_in_extras(as_list):
    names = ("update_frequency", "language", "purpose_of_collecting_information")
    extras = {name: COMPLETE[name] for name in names}
    dataset = {key: value for key, value in COMPLETE.items() if key not in names}
    dataset["extras"] = (
        [{"key": key, "value": value} for key, value in extras.items()]
        if as_list
        else extras
    )
    assert facts.read(dataset, FIELDS).passport_gaps == ()


def test_own_field_names():
    dataset = {**COMPLETE, "periodicity": "щотижня"}
    fields = Fields("periodicity", FIELDS.purpose, FIELDS.language)
    assert facts.read(dataset, fields).interval_days == 7


@pytest.mark.parametrize(
    ("change", "gap"),
    [
        ({"title": ""}, "title"),
        ({"title": "а" * 255}, "title"),
        ({"notes": None}, "notes"),
        ({"notes": "а" * 4001}, "notes"),
        ({"language": ""}, "language"),
        ({"update_frequency": "колись"}, "frequency"),
        ({"tags": []}, "tags"),
        ({"purpose_of_collecting_information": "а" * 513}, "purpose"),
        ({"maintainer": " "}, "maintainer"),
        ({"maintainer_email": "на сайті"}, "maintainer_email"),
        ({"license_id": "notspecified"}, "license"),
    ],
)
def test_one_gap(change, gap):
    assert facts.read({**COMPLETE, **change}, FIELDS).passport_gaps == (gap,)


def test_unknown_frequency_is_kept_and_not_judged():
    found = facts.read({**COMPLETE, "update_frequency": "колись"}, FIELDS)
    assert (found.frequency, found.interval_days) == ("колись", None)


def test_linked_files_say_nothing_of_their_data():
    resources = [{"format": "CSV", "metadata_modified": "2026-05-05T00:00:00"}]
    found = facts.read({**COMPLETE, "resources": resources}, FIELDS)
    assert found.updated_at == utc(2026, 5, 5)
    found = facts.read({**COMPLETE, "resources": []}, FIELDS)
    assert found.updated_at == found.metadata_modified


@pytest.mark.parametrize(
    "dataset",
    [
        {},
        {"id": 5, "name": ["x"], "title": {"uk": "x"}, "extras": "x", "tags": 3},
        {"resources": "x", "organization": 7, "metadata_modified": 12},
        {"resources": [1, {"format": 5, "last_modified": "учора"}], "extras": [4]},
        {"metadata_modified": "0001-01-01T00:00:00+14:00"},
    ],
)
def test_wrong_types_are_nothing(dataset):
    found = facts.read(dataset, FIELDS)
    assert found.updated_at is None
    assert found.formats == ()
    assert "frequency" in found.passport_gaps


def test_text_that_a_database_refuses():
    found = facts.read({**COMPLETE, "title": "a\0b\ud800c"}, FIELDS)
    assert found.title == "abc"


def test_list_of_texts():
    dataset = {**COMPLETE, "language": ["ua", "en", 3]}
    assert facts.read(dataset, FIELDS).passport_gaps == ()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-11-01T08:00:00", utc(2026, 11, 1, 8)),
        ("2026-11-01T08:00:00Z", utc(2026, 11, 1, 8)),
        ("2026-11-01T08:00:00+02:00", utc(2026, 11, 1, 6)),
        (datetime(2026, 11, 1, 8), utc(2026, 11, 1, 8)),  # noqa: DTZ001
        (utc(2026, 11, 1, 8), utc(2026, 11, 1, 8)),
        ("учора", None),
        (None, None),
    ],
)
def test_moment(value, expected):
    assert facts.moment(value) == expected
