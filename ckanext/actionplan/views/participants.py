"""A council's own page: whom its plans bind, joint tasks once, what is to be mended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

from flask import Blueprint

import ckan.plugins.toolkit as tk

from .. import config, labels, wording
from ..logic import importing, matching
from . import export, moved, problems, shaping

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Response
    from flask.typing import ResponseReturnValue

    from .tables import Table

actionplan_participants = Blueprint("actionplan_participants", __name__)
problems.register(actionplan_participants)

_Row: TypeAlias = "dict[str, Any]"

#: What participants can be filtered by; the keys stand in the address.
TESTS: Final[dict[str, Callable[[_Row], bool]]] = {
    # Who is not named any more was mapped anew or merged: nothing is left to mend.
    "deleted": lambda row: row["organization"]["deleted"] and bool(row["plans"]),
    "pending": lambda row: bool(row["pending"]) and not row["organization"]["deleted"],
    "overdue": lambda row: row["tasks_overdue"] > 0,
    "unresolved": lambda row: row["tasks_unresolved"] > 0,
    "to_confirm": lambda row: row["tasks_to_confirm"] > 0,
}
#: More than this nobody reads; whoever writes on sees fewer.
_FOUND: Final = 20


def _council(name: str) -> dict[str, Any]:
    return tk.get_action("actionplan_council_show")({}, {"id": name})


def _shown(rows: list[_Row]) -> list[_Row]:
    """Rows that the filter of the address finds; an unknown filter finds all."""
    test = TESTS.get(tk.request.args.get("state", ""))
    return [row for row in rows if test(row)] if test else rows


@moved.leads_on
def index(name: str) -> ResponseReturnValue:
    """Whom a council's plans bind, with what they owe by these plans."""
    council = _council(name)
    living = council["organization"]["name"]
    if living != name:
        return tk.h.redirect_to("actionplan_participants.index", name=living)
    return _page(council)


def _page(
    council: dict[str, Any],
    picked: list[dict[str, Any]] | None = None,
    **more: Any,
) -> str:
    """The page; sysadmins see the approved list as a form.

    :param picked: organizations offered for the list with `chosen`; None: as saved
    """
    args, rows = tk.request.args, council["participants"]
    state = args.get("state", "")
    name = council["organization"]["name"]

    def address(**changes: Any) -> str:
        merged = {"state": state, **changes}
        kept = {key: value for key, value in merged.items() if value}
        return tk.h.url_for("actionplan_participants.index", name=name, **kept)

    saved = [{**each, "chosen": True} for each in council["listed"]]
    extra_vars: dict[str, Any] = {
        "council": council,
        "organization": council["organization"],
        "plans": {plan["id"]: plan for plan in council["plans"]},
        "state": state if state in TESTS else "",
        "counts": {key: sum(map(test, rows)) for key, test in TESTS.items()},
        "rows": shaping.cut(
            _shown(rows), shaping.page_number(args.get("page")), config.rows_count()
        ),
        "parties_shown": config.rows_count(),
        "address": address,
        "picked": saved if picked is None else picked,
        "sought": "",
        "found": "",
        "errors": [],
        **more,
    }
    return tk.render("compliance/participants.html", extra_vars)


@moved.leads_on
def index_export(name: str, ending: str) -> Response:
    """A table of a council's page, or all of it as JSON."""
    council = _council(name)
    stem = council["organization"]["name"]
    table = tk.request.args.get("table")
    if table == "joint":
        columns, cells = _joint_table(council)
        return export.table_response(
            ending,
            f"{stem}-joint",
            columns,
            cells,
            title=tk._("Joint tasks"),
            data=council["joint"],
        )
    if table == "open":
        columns, cells = _open_table(council)
        return export.table_response(
            ending, f"{stem}-open", columns, cells, title=tk._("To be mended")
        )
    council["participants"] = _shown(council["participants"])
    columns, cells = _participants_table(council)
    return export.table_response(
        ending,
        f"{stem}-participants",
        columns,
        cells,
        title=tk._("Participants"),
        data=council,
    )


def _bound(row: _Row) -> str:
    """In a word how a participant is bound, as the page says it."""
    if row["organization"]["deleted"]:
        return tk._("deleted")
    if row["council"]:
        return tk._("owner of the plan")
    if row["pending"]:
        return tk._("waits for confirmation")
    return tk._("bound") if row["plans"] else tk._("not named in the plan")


def _participants_table(council: dict[str, Any]) -> Table:
    columns = [
        export.Column("organization", tk._("Participant")),
        export.Column("bound", tk._("Bound")),
        export.Column("owes_from", tk._("Owes from")),
        export.Column("tasks_due", tk._("Tasks due")),
        export.Column("tasks_done", tk._("Tasks done")),
        export.Column("tasks_overdue", tk._("Tasks overdue")),
        export.Column("tasks_unresolved", tk._("Tasks unresolved")),
        export.Column("tasks_to_confirm", tk._("Tasks to confirm")),
        export.Column("tasks_upcoming", tk._("Tasks upcoming")),
        export.Column("takes_part", tk._("Takes part in joint tasks")),
        export.Column("datasets", tk._("Datasets")),
        export.Column("datasets_on_time", tk._("Datasets on time")),
        export.Column("datasets_judged", tk._("Datasets judged")),
        export.Column("upstream_present", tk._("On the national portal")),
        export.Column("upstream_judged", tk._("Compared with the national portal")),
        export.Column("total", tk._("Points of 100")),
        export.Column("address", tk._("Address")),
    ]
    keys = [column.key for column in columns[3:-1]]
    cells = [
        [
            row["organization"]["title"] or row["organization"]["id"],
            _bound(row),
            wording.as_day(row["owes_from"]),
            *(row[key] for key in keys),
            _address(row["organization"]),
        ]
        for row in council["participants"]
    ]
    return columns, cells


def _address(organization: dict[str, Any]) -> str:
    if organization["deleted"]:
        return ""
    return tk.h.url_for(
        "compliance.organization", name=organization["name"], _external=True
    )


def _titles(council: dict[str, Any]) -> dict[str, str]:
    return {plan["id"]: plan["title"] for plan in council["plans"]}


def _joint_table(council: dict[str, Any]) -> Table:
    columns = [
        export.Column("number", tk._("Number")),
        export.Column("title", tk._("Task")),
        export.Column("lead", tk._("Leads")),
        export.Column("parties", tk._("Take part")),
        export.Column("statuses", tk._("State")),
        export.Column("plan", tk._("Plan")),
    ]
    plans = _titles(council)
    cells = [
        [
            task["number"],
            task["title"],
            task["lead"]["title"],
            "; ".join(each["title"] for each in task["parties"]),
            "; ".join(
                f"{labels.status(key).word}: {count}"
                for key, count in task["statuses"].items()
            ),
            plans[task["plan_id"]],
        ]
        for task in council["joint"]
    ]
    return columns, cells


def _open_table(council: dict[str, Any]) -> Table:
    columns = [
        export.Column("problem", tk._("To be mended")),
        export.Column("number", tk._("Number")),
        export.Column("title", tk._("Executor or task")),
        export.Column("plan", tk._("Plan")),
    ]
    plans = _titles(council)
    cells: list[list[Any]] = [
        [
            tk._("executor without an organization"),
            "",
            row["name"],
            plans[row["plan_id"]],
        ]
        for row in council["unmapped"]
    ]
    cells += [
        [
            tk._("deadline without a day"),
            row["number"],
            row["title"],
            plans[row["plan_id"]],
        ]
        for row in council["unresolved"]
    ]
    return columns, cells


def confirm(name: str) -> ResponseReturnValue:
    """Confirm that plans bind an organization; back to where the form stood.

    :param name: name of the council, or of the organization for its own page
    """
    form = tk.request.form
    organization_id = form.get("organization_id", "")
    found: dict[str, Any] = {}
    for plan_id in form.getlist("plan_id"):
        found = tk.get_action("actionplan_participant_confirm")(
            {}, {"plan_id": plan_id, "organization_id": organization_id}
        )
    if not found:
        raise tk.ValidationError({"plan_id": [tk._("Name a plan")]})
    message = tk._("“{title}” is bound by the plan and owes its tasks from today.")
    tk.h.flash_success(message.format(title=found["organization"]["title"]))
    if form.get("back") == "publisher":
        return tk.h.redirect_to("compliance.organization", name=name)
    return tk.h.redirect_to("actionplan_participants.index", name=name)


def save_list(name: str) -> ResponseReturnValue:
    """Save whom a council may bind without asking, or look for one more."""
    council = _council(name)
    tk.check_access("actionplan_council_update", {}, {"id": name})
    form = tk.request.form
    chosen = list(dict.fromkeys(form.getlist("organizations")))
    if form.get("do") == "find":
        sought = form.get("find", "").strip()[:200]
        picked, found = _picked(council, chosen, sought)
        return _page(council, picked, sought=sought, found=found)
    try:
        saved = tk.get_action("actionplan_council_update")(
            {}, {"id": name, "organizations": chosen}
        )
    except tk.ValidationError as error:
        wrong = cast("list[str]", error.error_dict.get("organizations") or [])
        picked, _ = _picked(council, chosen, "")
        return _page(council, picked, errors=wrong)
    message = tk.ungettext(
        "The list is saved; {count} participant who waited is bound from today.",
        "The list is saved; {count} participants who waited are bound from today.",
        saved["confirmed"],
    )
    words = message.format(count=saved["confirmed"])
    tk.h.flash_success(words if saved["confirmed"] else tk._("The list is saved."))
    return tk.h.redirect_to("actionplan_participants.index", name=name)


def _picked(
    council: dict[str, Any], chosen: list[str], sought: str
) -> tuple[list[dict[str, Any]], str]:
    """Organizations to tick: those chosen, those on the list, those looked for.

    :returns: they with `chosen`, and how many were found in words
    """
    everybody = importing.organizations()
    found = matching.find(sought, everybody)
    listed = {each["id"] for each in council["listed"]}
    offered = {*chosen, *listed, *(each.id for each in found[:_FOUND])}
    picked = [
        {"id": each.id, "title": each.title, "chosen": each.id in chosen}
        for each in everybody
        if each.id in offered and each.id != council["organization"]["id"]
    ]
    if not sought:
        return picked, ""
    if len(found) > _FOUND:
        message = tk._("{count} organizations found; write more of the name")
        return picked, message.format(count=len(found))
    if not found:
        return picked, tk._("No organization has this in its name")
    message = tk.ungettext(
        "{count} organization found", "{count} organizations found", len(found)
    )
    return picked, message.format(count=len(found))


_PATH: Final = "/compliance/organization/<name>/participants"
_add = actionplan_participants.add_url_rule
_add(_PATH, "index", index)
_add(f"{_PATH}.{export.ENDINGS}", "index_export", index_export)
_add(f"{_PATH}/confirm", "confirm", confirm, methods=["POST"])
_add(f"{_PATH}/list", "save_list", save_list, methods=["POST"])
