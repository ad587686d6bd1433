"""Organizations that go on as others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.model.package import package_table

from .. import merging
from ..derive import DATASET_TYPE

if TYPE_CHECKING:
    from collections.abc import Callable

    from ckan.types import Context, DataDict

__all__ = [
    "actionplan_publisher_merge",
    "group_delete",
    "group_purge",
    "group_update",
    "organization_delete",
    "organization_purge",
    "organization_update",
]


def actionplan_publisher_merge(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Let one organization owe from a day on what another one owed.

    All plans that name the old organization name the new one afterwards, as
    participant, executor, lead, reviewer and owner. Obligations that were due before
    the day, and the reports on them, stay with the old one. Its datasets and members
    are moved in CKAN. A merger is not undone; the same one may be asked for again and
    then only mends plans that named the old organization meanwhile.

    :param old: name or id of the organization that ends; it may be deleted already
    :param new: name or id of the organization that goes on
    :param merged_from: first day on which the new one owes (ISO date, not in the
        future)
    :param dry_run: tell what would be done, do nothing (optional)
    :returns: `old`, `new`, `merged_from`, `dry_run`; `plans` that change, each with
        its `fields`; numbers of obligations: `kept` with the old one, `passed` to the
        new one, of which `reported` on; `datasets` and `members` left to be moved
    """
    tk.check_access("actionplan_publisher_merge", context, data_dict)
    data, errors = tk.navl_validate(data_dict, merging.schema(), context)
    if errors:
        raise tk.ValidationError(errors)
    asked = merging.wanted(data["old"], data["new"], data["merged_from"])
    dry_run: bool = data["dry_run"]
    done = merging.preview(asked) if dry_run else merging.merge(asked, context)
    return {**done, "dry_run": dry_run}


@tk.chained_action
def organization_delete(
    original_action: Callable[[Context, DataDict], None],
    context: Context,
    data_dict: DataDict,
) -> None:
    """Delete an organization that owns no plans: a plan without an owner owes nothing.

    :param id: as in CKAN
    """
    _refuse_owner("organization_delete", context, data_dict)
    return original_action(context, data_dict)


@tk.chained_action
def organization_purge(
    original_action: Callable[[Context, DataDict], None],
    context: Context,
    data_dict: DataDict,
) -> None:
    """Purge an organization that owns no plans.

    :param id: as in CKAN
    """
    _refuse_owner("organization_purge", context, data_dict)
    return original_action(context, data_dict)


@tk.chained_action
def organization_update(
    original_action: Callable[[Context, DataDict], dict[str, Any]],
    context: Context,
    data_dict: DataDict,
) -> dict[str, Any]:
    """Update an organization; one that owns plans does not become deleted by it.

    :param id: as in CKAN
    """
    if data_dict.get("state") == model.State.DELETED:
        _refuse_owner("organization_update", context, data_dict)
    return original_action(context, data_dict)


@tk.chained_action
def group_delete(
    original_action: Callable[[Context, DataDict], None],
    context: Context,
    data_dict: DataDict,
) -> None:
    """Delete a group; CKAN takes an organization here too.

    :param id: as in CKAN
    """
    _refuse_owner("group_delete", context, data_dict)
    return original_action(context, data_dict)


@tk.chained_action
def group_purge(
    original_action: Callable[[Context, DataDict], None],
    context: Context,
    data_dict: DataDict,
) -> None:
    """Purge a group; CKAN takes an organization here too.

    :param id: as in CKAN
    """
    _refuse_owner("group_purge", context, data_dict)
    return original_action(context, data_dict)


@tk.chained_action
def group_update(
    original_action: Callable[[Context, DataDict], dict[str, Any]],
    context: Context,
    data_dict: DataDict,
) -> dict[str, Any]:
    """Update a group; CKAN takes an organization here too.

    :param id: as in CKAN
    """
    if data_dict.get("state") == model.State.DELETED:
        _refuse_owner("group_update", context, data_dict)
    return original_action(context, data_dict)


def _refuse_owner(action: str, context: Context, data_dict: DataDict) -> None:
    """CKAN would first take its datasets away, one by one, then fail on the plan."""
    group = model.Group.get(data_dict.get("id"))
    if group is None or not group.is_organization:
        return
    table = package_table.c
    found = model.Session.scalars(
        sa.select(sa.func.coalesce(sa.func.nullif(table.title, ""), table.name))
        .where(
            table.owner_org == group.id,
            table.type == DATASET_TYPE,
            table.state != "deleted",
        )
        .order_by(table.title, table.name)
    ).all()
    if not found:
        return
    # Titles of private plans are for those who may delete only.
    tk.check_access(action, context, {"id": group.id})
    message = tk._(
        "The organization owns plans: {titles}. Give them to another organization or "
        "delete them first."
    )
    titles = "; ".join(f"“{title}”" for title in found)
    raise tk.ValidationError({"message": message.format(titles=titles)})
