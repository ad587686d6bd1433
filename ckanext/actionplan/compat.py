"""What differs between CKAN 2.12 and 2.11; newest branch first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ckan import model
from ckan.model.package import package_table

if TYPE_CHECKING:
    from collections.abc import Sequence


def package_extras(package_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Extras of packages, read from the rows; one statement.

    :param package_ids: ids of the packages.
    :returns: by package id: values by key.
    """
    if "extras" in package_table.c:
        extras = package_table.c["extras"]
        rows = model.Session.execute(
            sa.select(package_table.c.id, extras).where(
                package_table.c.id.in_(list(package_ids))
            )
        )
        return {row[0]: row[1] or {} for row in rows}
    extra: sa.Table = package_table.metadata.tables["package_extra"]
    rows = model.Session.execute(
        sa.select(extra.c.package_id, extra.c.key, extra.c.value).where(
            extra.c.package_id.in_(list(package_ids)), extra.c.state == "active"
        )
    )
    found: dict[str, dict[str, Any]] = {}
    for package_id, key, value in rows:
        found.setdefault(package_id, {})[key] = value
    return found
