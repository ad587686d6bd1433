"""The report on a plan's execution."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk

from .. import execution, schema

if TYPE_CHECKING:
    from ckan.types import Context, DataDict

__all__ = ["actionplan_execution_show"]


@tk.side_effect_free
def actionplan_execution_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Show what was done of a plan in a period.

    It names what was due in the period, what was left over from before it, what was
    done ahead of its day, and what has no day. What is not accepted of reports is for
    those who make and judge them.

    :param plan_id: name or id of the plan
    :param period: a quarter, a half-year, a year (`2026-Q3`, `2026-H1`, `2026`) or
        `whole`: the plan's term up to today (optional: the last complete quarter)
    :param as_of: the day by which it is judged, reports after it are not seen (ISO
        date; optional: the last day of the reporting window, or today)
    :param organization: only what this publisher owes or shares (name or id, optional)
    :returns: `plan`, `owner`, `organization`, the `period` with `start` and `end`,
        `as_of`, whether it has `begun` and is `complete`, the `periods` and
        `organizations` to choose from, `counts`, how many reports are `newer` than
        `as_of`, and `sections` with their tasks: what
        is printed of each, its `state` as lines of text, and its `obligations` with
        `status`, `days` past the last day, `report` and `evidence`
    """
    data, errors = tk.navl_validate(data_dict, schema.execution_show(), context)
    if errors:
        raise tk.ValidationError(errors)
    tk.check_access("actionplan_execution_show", context, {"plan_id": data["plan_id"]})
    query = execution.Query(
        plan=data["plan_id"],
        period=data.get("period") or "",
        as_of=data.get("as_of"),
        organization=data.get("organization") or "",
    )
    return execution.show(context, query)
