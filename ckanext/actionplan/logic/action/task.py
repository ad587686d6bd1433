"""Tasks of plans and what was changed in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk

from .. import history, schema, tasks
from ..viewer import Viewer

if TYPE_CHECKING:
    from ckan.types import Context, DataDict

__all__ = ["actionplan_change_list", "actionplan_task_show"]


@tk.side_effect_free
def actionplan_task_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Show a task of a plan with its whole story.

    A task that was taken out of the plan is shown too. What is not accepted of reports
    is for those who make and judge them.

    :param plan_id: name or id of the plan
    :param id: id of the task
    :param q: part of the title or name of a publisher (optional)
    :param status: only obligations in this state, or in a state of this group: `todo`,
        `waiting`, `later`, `done`, `aside` (optional)
    :param page: number of the page of publishers, from 1 (optional)
    :param rows: publishers on a page (optional)
    :returns: `plan`, `task` with its `executors`, `counts` of obligations by state,
        `publishers`, what needs doing first on top: `organization`, `obligations` as
        `actionplan_obligation_list` gives them, with the `rounds` of their reports;
        `count`, `page`, `pages`, `rows`, and `changes` as `actionplan_change_list`
        gives them
    """
    data, errors = tk.navl_validate(data_dict, schema.task_show(), context)
    if errors:
        raise tk.ValidationError(errors)
    tk.check_access("actionplan_task_show", context, {"plan_id": data["plan_id"]})
    query = tasks.Query(
        plan=data["plan_id"],
        task_id=data["id"],
        words=data.get("q") or "",
        status=data.get("status") or "",
        page=data.get("page") or 1,
        rows=data.get("rows") or 0,
    )
    return tasks.show(context, query)


@tk.side_effect_free
def actionplan_change_list(
    context: Context, data_dict: DataDict
) -> list[dict[str, Any]]:
    """List what was changed in a plan, the latest first.

    Amendments name their act; corrections of the reading need none. Editors of the
    plan also see who made a change.

    :param plan_id: name or id of the plan
    :param task_id: only changes of this task (optional)
    :param limit: the most rows to give (optional)
    :returns: dicts with `task_id`, `number` and `title` of the task (empty for the
        plan itself), `kind`, `field`, `before`, `after`, `act`, `changed_at`, `author`
    """
    data, errors = tk.navl_validate(data_dict, schema.change_list(), context)
    if errors:
        raise tk.ValidationError(errors)
    tk.check_access("actionplan_change_list", context, {"plan_id": data["plan_id"]})
    pkg = tk.get_action("package_show")(
        tk.fresh_context(context), {"id": data["plan_id"]}
    )
    return history.rows(
        pkg["id"],
        task_id=data.get("task_id"),
        authors=Viewer.of(context).may_edit([pkg["owner_org"]]),
        limit=data.get("limit"),
    )
