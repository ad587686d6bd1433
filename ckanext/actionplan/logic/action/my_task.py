"""Tasks of the signed-in person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk

from .. import my_tasks, schema

if TYPE_CHECKING:
    from ckan.types import Context, DataDict

__all__ = ["actionplan_my_task_list"]


@tk.side_effect_free
def actionplan_my_task_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """List what the organizations owe of which the user is a member, by day.

    Done, withdrawn and not applicable tasks are left out; those of private plans are
    for members of the plan's owner.

    :param organization: only those of this organization (name or id, optional)
    :param plan: only those of this plan (name or id, optional)
    :param group: only those of this group (optional): `overdue`, `returned`, `now` (the
        day has passed, the report is awaited), `month`, `quarter`, `later`, `waiting`
        (for review), `unresolved`
    :param q: words that all stand in the task (optional)
    :returns: `organizations` of the user, `plans` that bind them, `counts` by group,
        `urgent` (what needs doing by the end of the month), `count`, and `tasks` as
        `actionplan_obligation_list` gives them, with their `group`, and as `mine` the
        user's organizations that owe or share each
    """
    tk.check_access("actionplan_my_task_list", context, data_dict)
    data, errors = tk.navl_validate(data_dict, schema.my_task_list(), context)
    if errors:
        raise tk.ValidationError(errors)
    query = my_tasks.Query(
        organization=data.get("organization") or "",
        plan=data.get("plan") or "",
        group=data.get("group") or "",
        words=data.get("q") or "",
    )
    return my_tasks.show(context, query)
