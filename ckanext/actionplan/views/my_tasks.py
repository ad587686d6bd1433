"""`/compliance/my`: what the organizations of the signed-in person owe."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint

import ckan.plugins.toolkit as tk

from .. import config
from ..logic.my_tasks import GROUPS
from . import addresses, export, problems, shaping, tables

if TYPE_CHECKING:
    from flask import Response
    from flask.typing import ResponseReturnValue

__all__ = ["actionplan_my_tasks"]

actionplan_my_tasks = Blueprint("actionplan_my_tasks", __name__)
problems.register(actionplan_my_tasks)

_FILTERS: Final = ("organization", "plan", "group", "q")


@actionplan_my_tasks.before_request
def signed_in() -> ResponseReturnValue | None:
    """Lead whoever is not signed in to CKAN's form, and from there back."""
    if tk.current_user.is_authenticated:
        return None
    came_from = tk.h.full_current_url()
    return tk.h.redirect_to("user.login", came_from=came_from)


def _query() -> dict[str, str]:
    args = tk.request.args
    query = {name: args.get(name, "").strip()[:200] for name in _FILTERS}
    return {**query, "group": query["group"] if query["group"] in GROUPS else ""}


def _found(query: dict[str, str]) -> dict[str, Any]:
    return tk.get_action("actionplan_my_task_list")({}, query)


def group_words() -> dict[str, str]:
    """Groups of tasks in the reader's language, in their order."""
    return {
        "overdue": tk._("Overdue"),
        "returned": tk._("Returned"),
        "now": tk._("To report now"),
        "month": tk._("This month"),
        "quarter": tk._("This quarter"),
        "later": tk._("Later"),
        "waiting": tk._("Waiting for review"),
        "unresolved": tk._("Without a day"),
    }


def index() -> ResponseReturnValue:
    """Tasks by group; one group alone goes page by page."""
    query = _query()
    found = _found(query)
    rows, size = found["tasks"], config.rows_count()
    number = shaping.page_number(tk.request.args.get("page"))
    address = addresses.builder("actionplan_my_tasks.index", query)
    extra_vars = {
        "found": found,
        "query": query,
        "narrowed": any(query[name] for name in ("organization", "plan", "q")),
        "words": group_words(),
        "groups": _groups(rows, size),
        "page": shaping.cut(rows, number, size),
        "address": address,
    }
    return tk.render("compliance/my.html", extra_vars), addresses.pushed(address)


def _groups(rows: list[dict[str, Any]], size: int) -> list[shaping.Group]:
    """The first tasks of each group that has any."""
    members: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        members.setdefault(row["group"], []).append(row)
    return [
        shaping.Group(key, found[:size], len(found)) for key, found in members.items()
    ]


def index_export(ending: str) -> Response:
    """All tasks that the address finds, as a file."""
    found = _found(_query())
    columns, cells = tables.tasks(found["tasks"])
    words = group_words()
    first = [
        export.Column("group", tk._("Group")),
        export.Column("mine", tk._("My organization")),
    ]
    mine = [
        [words[row["group"]], "; ".join(each["title"] for each in row["mine"])]
        for row in found["tasks"]
    ]
    return export.table_response(
        ending,
        "my-tasks",
        [*first, *columns],
        [[*own, *rest] for own, rest in zip(mine, cells, strict=True)],
        title=tk._("My tasks"),
        data=found,
    )


actionplan_my_tasks.add_url_rule("/compliance/my", view_func=index)
actionplan_my_tasks.add_url_rule(
    f"/compliance/my.{export.ENDINGS}", view_func=index_export
)
