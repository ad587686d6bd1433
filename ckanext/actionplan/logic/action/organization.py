"""Organizations that go on as others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk

from .. import merging

if TYPE_CHECKING:
    from ckan.types import Context, DataDict

__all__ = ["actionplan_publisher_merge"]


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
