"""The organizations of the demo."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import tables


@dataclass(frozen=True, slots=True)
class Publisher:
    """An organization of the portal.

    :param council: name of the council that it belongs to, empty for none.
    :param there: its name on the national portal, empty when it has no place there.
    :param formerly: the name it had in addresses before it was renamed.
    :param listed_by: name of the council on whose approved list it stands.
    :param merged_into: name of the organization that goes on as it, since the current
        quarter began at the first fill.
    :param gone: deleted since.
    """

    name: str
    title: str
    description: str
    council: str = ""
    there: str = ""
    formerly: str = ""
    listed_by: str = ""
    merged_into: str = ""
    gone: bool = False

    @property
    def id(self) -> str:
        """Its id on the portal."""
        return publisher_id(self.name)

    def organization(self) -> dict[str, Any]:
        """What `organization_create` takes."""
        return {
            "id": self.id,
            "name": self.name,
            "title": self.title,
            "description": self.description,
        }

    def membership(self) -> dict[str, str]:
        """What `member_create` takes to put it under its council.

        CKAN keeps parents of organizations so; `organization_create` takes either a
        parent or an id, not both.
        """
        return {
            "id": self.id,
            "object": publisher_id(self.council),
            "object_type": "group",
            "capacity": "public",
        }


def publisher_id(name: str) -> str:
    """The id of the organization of that name."""
    return tables.stable_id("organization", name)


@cache
def by_name() -> dict[str, Publisher]:
    """All organizations by name."""
    return {publisher.name: publisher for publisher in load()}


def load() -> list[Publisher]:
    """All organizations, councils before those that belong to them."""
    return [Publisher(**row) for row in tables.read("publishers")]
