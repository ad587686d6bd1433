"""The datasets of the demo: here and as they arrived on the national portal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, cast

import publishers
import tables

_SITE: Final = "https://data.dzherelna.example"
#: A copy that the national portal did not renew is older by that many days.
_BEHIND_DAYS: Final = 75
#: It was published here once, then deleted; the copy there lives on.
GONE: Final = "pereviznyky-arkhiv"


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset.

    :param every: code of its update frequency.
    :param days: days since its last change.
    :param there: its copy on the national portal: present, outdated, renamed, missing.
    :param flaws: passport fields that are left out, or bad.
    :param hidden: private.
    :param gone: deleted here.
    """

    publisher: str
    name: str
    title: str
    every: str
    days: int
    tags: tuple[str, ...]
    files: tuple[str, ...] = ("CSV",)
    there: str = "present"
    flaws: tuple[str, ...] = ()
    hidden: bool = False
    gone: bool = False

    @property
    def id(self) -> str:
        """Its id on the portal."""
        return tables.stable_id("dataset", self.name)

    @property
    def id_there(self) -> str:
        """The id of its copy on the national portal."""
        if self.there == "renamed":
            return tables.stable_id("dataset there", self.name)
        return self.id

    @property
    def days_there(self) -> int:
        """Days since the copy on the national portal changed; it comes a day later."""
        if self.there == "outdated":
            return self.days + _BEHIND_DAYS
        return max(self.days - 1, 0)

    def package(self, owner_org: str) -> dict[str, Any]:
        """What `package_create` takes, without an id.

        :param owner_org: id of the organization that owns it on that portal.
        """
        return {
            "name": self.name,
            "title": self.title,
            "owner_org": owner_org,
            "license_id": "cc-by",
            "notes": self._unless("notes", _notes(self.title)),
            "maintainer": self._unless("maintainer", "Відповідальна особа за дані"),
            "maintainer_email": self._email(),
            "tags": [{"name": tag} for tag in self.tags],
            "extras": self._extras(),
            "resources": [self._resource(form) for form in self.files],
        }

    def _unless(self, flaw: str, value: str) -> str:
        return "" if flaw in self.flaws else value

    def _email(self) -> str:
        if "maintainer" in self.flaws or "email" in self.flaws:
            return ""
        return f"dani@{self.publisher}.example"

    def _extras(self) -> list[dict[str, str]]:
        values = {
            "update_frequency": self._unless("frequency", self.every),
            "purpose_of_collecting_information": self._unless(
                "purpose", "Виконання повноважень розпорядника, визначених законом."
            ),
            "language": self._unless("language", "ua"),
        }
        return [{"key": key, "value": value} for key, value in values.items() if value]

    def _resource(self, form: str) -> dict[str, str]:
        address = f"{_SITE}/{self.publisher}/{self.name}.{form.lower()}"
        name = f"{self.name.replace('-', '_')}.{form.lower()}"
        return {"name": name, "url": address, "format": form}


def _notes(title: str) -> str:
    return f"{title}: таблиця, яку веде розпорядник, з поясненням кожного поля."


def load() -> list[Dataset]:
    """All datasets of the portal, the deleted one last."""
    found = [
        Dataset(publisher=publisher, **{key: _frozen(row[key]) for key in row})
        for publisher, rows in tables.read("datasets").items()
        for row in rows
    ]
    gone = Dataset(
        publisher="dzherelna-transport",
        name=GONE,
        title="Перевізники минулих років",
        every="no longer updated",
        days=420,
        tags=("транспорт", "архів"),
        gone=True,
    )
    return [*found, gone]


def owner_there(dataset: Dataset) -> str:
    """Name of the organization that owns the copy on the national portal.

    A publisher without a place of its own there is filed under its council.
    """
    known = publishers.by_name()
    owner = known[dataset.publisher]
    return owner.there or known[owner.council].there


def _frozen(value: Any) -> Any:
    return tuple(cast("list[str]", value)) if isinstance(value, list) else value
