"""What a dataset is, from its dict: the same for datasets here and copies elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, Final, cast

from . import formats, frequency

TITLE_LENGTH: Final = 254
NOTES_LENGTH: Final = 4000
PURPOSE_LENGTH: Final = 512
_NAME_LENGTH: Final = 1000
_NO_LICENSE: Final = frozenset(("", "notspecified"))


@dataclass(frozen=True, slots=True)
class Fields:
    """Names of the fields or extras in which a portal keeps the passport.

    :param frequency: the update frequency.
    :param purpose: basis and purpose.
    :param language: the language.
    """

    frequency: str
    purpose: str
    language: str


@dataclass(frozen=True, slots=True)
class Fact:
    """What a dataset is (decision 25); whether it is late depends on the day.

    :param frequency: code of the national list, else the text as entered.
    :param interval_days: None when the frequency is not judged by the calendar.
    :param updated_at: latest change of data, aware; None when nothing says.
    :param passport_gaps: names of passport fields that are missing or not valid.
    """

    dataset_id: str
    name: str
    title: str
    organization_id: str
    organization_name: str
    frequency: str
    interval_days: int | None
    metadata_modified: datetime | None
    updated_at: datetime | None
    resources: int
    formats: tuple[str, ...]
    machine_readable: bool
    passport_gaps: tuple[str, ...]


def read(dataset: Mapping[str, Any], fields: Fields) -> Fact:
    """Read a dataset dict of CKAN, of any version; values of wrong types are nothing.

    :param dataset: as `package_show` gives it: extras as a list of keys and values or
        as a mapping, tags as dicts or names.
    """
    extras = _extras(dataset.get("extras"))

    def field(name: str) -> str:
        return _text(dataset.get(name)) or _text(extras.get(name))

    entered = field(fields.frequency)
    code = frequency.read(entered)
    resources = _dicts(dataset.get("resources"))
    found = dict.fromkeys(
        name
        for resource in resources
        for name in formats.read(_text(resource.get("format")))
    )
    modified = moment(dataset.get("metadata_modified"))
    organization = dataset.get("organization")
    if not isinstance(organization, Mapping):
        organization = {}
    return Fact(
        dataset_id=_text(dataset.get("id")),
        name=_text(dataset.get("name")),
        title=_text(dataset.get("title"))[:_NAME_LENGTH],
        organization_id=_text(dataset.get("owner_org")),
        organization_name=_text(organization.get("name")),
        frequency=(code.value if code else entered)[:_NAME_LENGTH],
        interval_days=frequency.days(code),
        metadata_modified=modified,
        updated_at=_updated(resources) or modified,
        resources=len(resources),
        formats=tuple(found),
        machine_readable=formats.machine_readable(tuple(found)),
        passport_gaps=tuple(
            name
            for name, valid in (
                ("title", 0 < len(field("title")) <= TITLE_LENGTH),
                ("notes", 0 < len(field("notes")) <= NOTES_LENGTH),
                ("language", bool(field(fields.language))),
                ("frequency", code is not None),
                ("tags", bool(dataset.get("tags"))),
                ("purpose", 0 < len(field(fields.purpose)) <= PURPOSE_LENGTH),
                ("maintainer", bool(field("maintainer"))),
                ("maintainer_email", "@" in field("maintainer_email")),
                ("license", field("license_id") not in _NO_LICENSE),
            )
            if not valid
        ),
    )


def moment(value: Any) -> datetime | None:
    """A moment of CKAN, which writes UTC without saying so.

    :param value: ISO 8601 text or a datetime.
    :returns: aware; None when it is no moment.
    """
    if isinstance(value, str):
        try:
            # Python 3.10 reads no "Z".
            value = datetime.fromisoformat(value.strip().replace("Z", "+00:00"))
        except ValueError:
            return None
    if not isinstance(value, datetime):
        return None
    if value.tzinfo:
        try:
            return value.astimezone(timezone.utc)
        except OverflowError:
            return None
    return value.replace(tzinfo=timezone.utc)


def _updated(resources: Sequence[Mapping[str, Any]]) -> datetime | None:
    """When data changed last: a linked file says so only through its description."""
    moments = (
        moment(resource.get("last_modified"))
        or moment(resource.get("metadata_modified"))
        or moment(resource.get("created"))
        for resource in resources
    )
    return max((found for found in moments if found), default=None)


def _extras(value: Any) -> Mapping[str, Any]:
    if isinstance(value, Mapping):
        return cast("Mapping[str, Any]", value)
    return {_text(row.get("key")): row.get("value") for row in _dicts(value)}


def _dicts(value: Any) -> list[Mapping[str, Any]]:
    if not isinstance(value, list):
        return []
    rows = cast("list[Any]", value)
    return [row for row in rows if isinstance(row, Mapping)]


def _text(value: Any) -> str:
    """Text without what PostgreSQL refuses; lists of texts are joined."""
    if isinstance(value, list):
        parts = cast("list[Any]", value)
        value = "; ".join(part for part in parts if isinstance(part, str))
    if not isinstance(value, str):
        return ""
    return _storable(value).strip()


def _storable(value: str) -> str:
    return value.replace("\0", "").encode("utf-8", "ignore").decode("utf-8")
