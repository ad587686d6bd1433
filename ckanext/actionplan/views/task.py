"""`/action-plan/<name>/task/<id>`: one task with its whole story; tables of a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from flask import Blueprint

import ckan.plugins.toolkit as tk

from .. import labels
from ..logic import history, plan_page
from . import addresses, export, problems, shaping, tables

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Response
    from flask.typing import ResponseReturnValue

__all__ = ["actionplan_task"]

actionplan_task = Blueprint("actionplan_task", __name__, url_prefix="/action-plan")
problems.register(actionplan_task)

#: Publishers of a file: all that there are.
_ALL: Final = 1_000_000


@actionplan_task.errorhandler(tk.NotAuthorized)
def hidden(error: tk.NotAuthorized) -> ResponseReturnValue:
    """Answer as for a plan that does not exist: its being is not to be known."""
    return problems.not_found(tk.ObjectNotFound(tk._("Plan not found")))


def _query() -> dict[str, str]:
    args = tk.request.args
    status = args.get("status", "")
    known = status in labels.statuses() or status in shaping.GROUPS
    return {"q": args.get("q", "").strip()[:200], "status": status if known else ""}


def _shown(name: str, task_id: str, **more: Any) -> dict[str, Any]:
    return tk.get_action("actionplan_task_show")(
        {}, {"plan_id": name, "id": task_id, **_query(), **more}
    )


def read(name: str, task_id: str) -> ResponseReturnValue:
    """A task: its wording and reading, who owes it, reports, changes."""
    page = shaping.page_number(tk.request.args.get("page"))
    shown = _shown(name, task_id, page=page)
    canonical = shown["plan"]["name"]
    if canonical != name:
        return tk.h.redirect_to("actionplan_task.read", name=canonical, task_id=task_id)
    query = _query()
    address = addresses.builder(
        "actionplan_task.read", query, name=name, task_id=task_id
    )
    saves = history.saves(shown["changes"])
    extra_vars = {
        "shown": shown,
        "plan": shown["plan"],
        "task": shown["task"],
        "query": query,
        "publishers": shaping.fold(shown["publishers"], whole=bool(query["status"])),
        "amendments": [save for save in saves if save["amendment"]],
        "corrections": [save for save in saves if not save["amendment"]],
        "address": address,
    }
    return tk.render("action_plan/task.html", extra_vars), addresses.pushed(address)


def task_export(name: str, task_id: str, ending: str) -> Response:
    """A table of a task as a file; JSON of no table is the whole page."""
    shown = _shown(name, task_id, rows=_ALL)
    table = tk.request.args.get("table", "")
    if ending == "json" and table not in _TABLES:
        return export.json_response(f"{shown['plan']['name']}-task", shown)
    table = table if table in _TABLES else "obligations"
    rows = {
        "obligations": [
            row for each in shown["publishers"] for row in each["obligations"]
        ],
        "reports": shown["publishers"],
        "changes": shown["changes"],
    }[table]
    return _file(ending, shown["plan"]["name"], table, rows)


_TABLES: Final[dict[str, tuple[Callable[..., tables.Table], labels.Text]]] = {
    "obligations": (tables.tasks, lambda: tk._("Obligations")),
    "reports": (tables.reports, lambda: tk._("Reports")),
    "changes": (tables.changes, lambda: tk._("Changes")),
}


def _file(ending: str, name: str, table: str, rows: Any) -> Response:
    make, title = _TABLES[table]
    columns, cells = make(rows)
    # The rounds of a report stand inside of publishers: the table itself is flat.
    data = None if table == "reports" else rows
    return export.table_response(
        ending, f"{name}-{table}", columns, cells, title=title(), data=data
    )


def plan_export(name: str, ending: str) -> Response:
    """A table of a plan as a file: its tasks, obligations or changes."""
    pkg = tk.get_action("package_show")({}, {"id": name})
    if pkg["type"] != "action-plan":
        raise tk.ObjectNotFound(tk._("Plan not found"))
    table = tk.request.args.get("table", "")
    if table == "changes":
        return _file(ending, pkg["name"], table, plan_page.changes(pkg))
    if table == "obligations":
        data = {"plan_id": pkg["id"], **_filters()}
        rows = tk.get_action("actionplan_obligation_list")({}, data)
        return _file(ending, pkg["name"], table, rows)
    return export.table_response(
        ending,
        f"{pkg['name']}-tasks",
        *tables.plan(pkg["name"], plan_page.page(pkg)["sections"]),
        title=tk._("Tasks"),
        data=pkg.get("tasks") or [],
    )


def _filters() -> dict[str, str]:
    names = ("status", "topic", "section")
    args = cast("dict[str, str]", tk.request.args)
    return {name: args[name] for name in names if args.get(name)}


_add = actionplan_task.add_url_rule
_add("/<name>/task/<task_id>", view_func=read)
_add(f"/<name>/task/<task_id>.{export.ENDINGS}", view_func=task_export)
_add(f"/<name>/tasks.{export.ENDINGS}", view_func=plan_export)
