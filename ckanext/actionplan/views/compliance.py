"""Compliance pages: all publishers, one publisher, a report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from flask import Blueprint
from flask.views import MethodView

import ckan.plugins.toolkit as tk

from .. import clock, config, labels
from . import addresses, export, problems, shaping, tables
from .moved import leads_on

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Response
    from flask.typing import ResponseReturnValue

compliance = Blueprint("compliance", __name__)
problems.register(compliance)

#: Columns that `/compliance` sorts by, the first direction of each.
SORTS: Final = {
    "title": "asc",
    "tasks_done": "desc",
    "tasks_overdue": "desc",
    "datasets_on_time": "desc",
    "upstream_present": "desc",
    "total": "desc",
}
#: What publishers can be filtered by.
STATES: Final = ("overdue", "unresolved", "to_confirm", "late", "missing")
_FIELDS: Final = ("done_on", "link", "note")
#: Rows of a file: all that there are.
_ALL: Final = 1_000_000


@compliance.errorhandler(tk.ValidationError)
def not_valid(error: tk.ValidationError) -> ResponseReturnValue:
    """Show the report's form again with what is wrong; other pages answer 400."""
    errors = cast("dict[str, list[str]]", error.error_dict)
    if tk.request.endpoint == "compliance.report" and tk.request.view_args:
        obligation = _obligation(tk.request.view_args["obligation_id"])
        # As CKAN's own forms answer: a browser's console takes 400 for a failure.
        return _form(obligation, tk.request.form.to_dict(), errors)
    return problems.not_valid(error)


def _sort(text: str) -> tuple[str, str]:
    """Column and direction of a sort in the address; an unknown one is the title."""
    column, _, direction = text.partition(" ")
    if column not in SORTS:
        return "title", SORTS["title"]
    return column, direction if direction in ("asc", "desc") else SORTS[column]


def _list_query() -> dict[str, str]:
    args = tk.request.args
    state = args.get("state", "")
    return {
        "q": args.get("q", "").strip()[:200],
        "sort": args.get("sort", ""),
        "state": state if state in STATES else "",
    }


def _publishers(query: dict[str, str], **more: int) -> dict[str, Any]:
    column, direction = _sort(query["sort"])
    return tk.get_action("actionplan_publisher_list")(
        {}, {**query, "sort": f"{column} {direction}", **more}
    )


def with_slash() -> ResponseReturnValue:
    """CKAN's own lists end with a slash: who types one gets the same page."""
    return tk.h.redirect_to("compliance.index")


def index() -> str:
    """All publishers: councils, their participants unfold."""
    query = _list_query()
    column, direction = _sort(query["sort"])
    found = _publishers(query, page=shaping.page_number(tk.request.args.get("page")))
    narrowed = bool(query["q"] or query["state"])
    opened = tk.request.args.get("open")
    extra_vars = {
        "found": found,
        "query": query,
        "states": STATES,
        "topics": labels.topics(),
        "column": column,
        "direction": direction,
        "sorts": SORTS,
        "unfolded": _unfolded(found, opened, narrowed=narrowed),
        "address": addresses.builder("compliance.index", {**query, "open": opened}),
    }
    return tk.render("compliance/index.html", extra_vars)


def _unfolded(found: dict[str, Any], text: str | None, *, narrowed: bool) -> list[str]:
    """Names of the councils whose participants are shown.

    Without a word in the address a short list is open, as a filtered one always is.
    """
    councils = found["councils"]
    if text is not None and not narrowed:
        return [name for name in text.split(",") if name]
    shown = sum(len(council["participants"]) for council in councils)
    if narrowed or shown <= config.rows_count():
        return [council["organization"]["name"] for council in councils]
    return []


def index_export(ending: str) -> Response:
    """All publishers that the address finds, as a file."""
    query = _list_query()
    found = _publishers(query, rows=_ALL)
    del found["page"], found["pages"], found["rows"]
    listed: list[tuple[str, dict[str, Any]]] = []
    for council in found["councils"]:
        title = council["organization"]["title"]
        listed.append((title, council))
        listed += [(title, row) for row in council["participants"]]
    listed += [("", row) for row in found["publishers"]]
    return export.table_response(
        ending,
        "compliance",
        *tables.standings(listed),
        title=tk._("All publishers"),
        data=found,
    )


def _publisher(name: str) -> dict[str, Any]:
    data = {"id": name}
    period = tk.request.args.get("period")
    if period:
        data["period"] = period
    return tk.get_action("actionplan_publisher_show")({}, data)


@leads_on
def organization(name: str) -> ResponseReturnValue:
    """A publisher: tasks, datasets and score card side by side."""
    shown = _publisher(name)
    if shown["organization"]["name"] != name:
        canonical = shown["organization"]["name"]
        return tk.h.redirect_to("compliance.organization", name=canonical)
    params = _filters()
    tasks, datasets = shown["tasks"], shown["datasets"]
    concerned = shaping.concern(tasks, datasets)
    # The figures above the list are of what the other filters leave.
    listed = shaping.tasks(tasks, {**params, "status": ""})
    address = addresses.builder("compliance.organization", params, name=name)
    extra_vars = {
        "shown": shown,
        "organization": shown["organization"],
        "params": params,
        "task_counts": shaping.counts(listed),
        "task_choices": shaping.task_choices(tasks),
        "task_groups": shaping.groups(listed, config.rows_count()),
        "tasks": _cut(shaping.tasks(listed, params), "task_page"),
        "dataset_counts": shaping.dataset_counts(datasets),
        "datasets": _cut(shaping.datasets(datasets, params["dataset"]), "dataset_page"),
        "concerned": concerned,
        "address": address,
    }
    page = tk.render("compliance/organization.html", extra_vars)
    return page, addresses.pushed(address)


def _filters() -> dict[str, str]:
    """What the address narrows a publisher's page to."""
    names = ("period", *shaping.TASK_FILTERS, "dataset")
    return {name: tk.request.args.get(name, "") for name in names}


def _cut(rows: list[dict[str, Any]], param: str) -> shaping.Slice:
    number = shaping.page_number(tk.request.args.get(param))
    return shaping.cut(rows, number, config.rows_count())


@leads_on
def organization_export(name: str, ending: str) -> Response:
    """A table of a publisher's page as a file; JSON of no table is the whole page."""
    shown = _publisher(name)
    params, table = _filters(), tk.request.args.get("table", "")
    shown["tasks"] = shaping.tasks(shown["tasks"], params)
    shown["datasets"] = shaping.datasets(shown["datasets"], params["dataset"])
    if ending == "json" and table not in _TABLES:
        return export.json_response(name, shown)
    table = table if table in _TABLES else "tasks"
    make, title = _TABLES[table]
    return export.table_response(
        ending,
        f"{name}-{table}",
        *make(shown[table]),
        title=title(),
        data=shown[table],
    )


_TABLES: Final[dict[str, tuple[Callable[..., tables.Table], labels.Text]]] = {
    "tasks": (tables.tasks, lambda: tk._("Tasks")),
    "datasets": (tables.datasets, lambda: tk._("Datasets")),
    "card": (tables.card, lambda: tk._("Score card")),
}


def _obligation(obligation_id: str) -> dict[str, Any]:
    """An obligation, or "not found" where even its being is not to be known."""
    try:
        return tk.get_action("actionplan_obligation_show")({}, {"id": obligation_id})
    except tk.NotAuthorized as error:
        raise tk.ObjectNotFound(tk._("Obligation not found")) from error


def _form(
    obligation: dict[str, Any], data: dict[str, Any], errors: dict[str, list[str]]
) -> str:
    extra_vars = {
        "obligation": obligation,
        "data": data,
        "errors": errors,
        "others": {key: texts for key, texts in errors.items() if key not in _FIELDS},
        "today": clock.today().isoformat(),
        "back": _back(obligation),
    }
    return tk.render("compliance/report.html", extra_vars)


def _back(obligation: dict[str, Any]) -> str:
    """Name of the publisher from whose page the form was opened."""
    name = tk.request.values.get("publisher", "")
    return name if name.isascii() and name else obligation["organization_name"]


class ReportView(MethodView):
    """The form with which a publisher reports on an obligation."""

    def get(self, obligation_id: str) -> str:
        """Show the form, filled with the last report."""
        obligation = _obligation(obligation_id)
        tk.check_access(
            "actionplan_report_submit", {}, {"obligation_id": obligation_id}
        )
        report: dict[str, Any] = obligation.get("report") or {}
        data = {field: report.get(field) or "" for field in _FIELDS}
        return _form(obligation, data, {})

    def post(self, obligation_id: str) -> ResponseReturnValue:
        """Save the report and go back to the publisher's page."""
        obligation = _obligation(obligation_id)
        form = tk.request.form
        data = {field: form.get(field, "").strip() for field in _FIELDS}
        tk.get_action("actionplan_report_submit")(
            {}, {"obligation_id": obligation_id, **data}
        )
        tk.h.flash_success(tk._("The report is saved"))
        return tk.h.redirect_to(
            "compliance.organization",
            name=_back(obligation),
            _anchor=f"task-{obligation_id}",
        )


compliance.add_url_rule("/compliance", view_func=index)
compliance.add_url_rule("/compliance/", view_func=with_slash)
compliance.add_url_rule(f"/compliance.{export.ENDINGS}", view_func=index_export)
compliance.add_url_rule("/compliance/organization/<name>", view_func=organization)
compliance.add_url_rule(
    f"/compliance/organization/<name>.{export.ENDINGS}", view_func=organization_export
)
compliance.add_url_rule(
    "/compliance/obligation/<obligation_id>/report",
    view_func=ReportView.as_view("report"),
)
