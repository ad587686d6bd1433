"""What differs between CKAN 2.12 and 2.11; newest branch first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import logic, model
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


def extras_hold(words: str) -> Any:
    """The condition that some extra of a package holds a text.

    :param words: ASCII without quotes and backslashes, such as an id.
    """
    if "extras" in package_table.c:
        extras = sa.cast(package_table.c["extras"], sa.Text)
        return extras.contains(words, autoescape=True)
    extra: sa.Table = package_table.metadata.tables["package_extra"]
    return package_table.c.id.in_(
        sa.select(extra.c.package_id).where(
            extra.c.state == "active", extra.c.value.contains(words, autoescape=True)
        )
    )


def index_packages(package_ids: Sequence[str]) -> None:
    """Index packages that were saved with `defer_commit`, after the commit."""
    index: Any = getattr(logic, "index_update_package", None)
    if index is None:
        # CKAN 2.11 does it itself when the caller commits.
        return
    for package_id in package_ids:
        index({"ignore_auth": True}, package_id)


def uploads_enabled() -> bool:
    """Whether files of datasets can be kept, so documents of plans too."""
    if tk.check_ckan_version(min_version="2.12"):
        return bool(tk.h.uploads_enabled("resource"))
    return bool(tk.h.uploads_enabled())
