"""Portal-wide dates: the list, one date, setting and removing it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint
from flask.views import MethodView

import ckan.plugins.toolkit as tk

from .. import labels, wording
from ..logic import dates
from . import export, problems, shaping

if TYPE_CHECKING:
    from flask import Response
    from flask.typing import ResponseReturnValue

    from .tables import Table

actionplan_dates = Blueprint("actionplan_dates", __name__)
problems.register(actionplan_dates)

FIELDS: Final = ("title", "topic", "words", "due_on")
#: Rows of a file: all that there are.
_ALL: Final = 1_000_000


def _allowed(action: str) -> bool:
    try:
        return tk.check_access(action, {}, {})
    except tk.NotAuthorized:
        return False


def _topic() -> str:
    """The topic of the address; an unknown one is none."""
    topic = tk.request.args.get("topic", "")
    return topic if topic in labels.topics() else ""


def index() -> str:
    """Dates that hold, and wordings that wait for one."""
    topic = _topic()
    waiting = tk.get_action("actionplan_wording_list")(
        {}, {"topic": topic, "page": shaping.page_number(tk.request.args.get("page"))}
    )
    listed = tk.get_action("actionplan_portal_date_list")
    extra_vars = {
        "dates": listed({}, {}),
        "removed": listed({}, {"removed": True}),
        "waiting": waiting,
        "topic": topic,
        "topics": labels.topics(),
        "may_set": _allowed("actionplan_portal_date_create"),
    }
    return tk.render("compliance/dates.html", extra_vars)


def index_export(ending: str) -> Response:
    """Dates or wordings as CSV, XLSX or JSON: `table` in the address says which."""
    if tk.request.args.get("table") == "wordings":
        found = tk.get_action("actionplan_wording_list")(
            {}, {"topic": _topic(), "rows": _ALL}
        )
        columns, rows = _wordings(found["groups"])
        title = tk._("Wordings without a day")
        return export.table_response(ending, "wordings", columns, rows, title=title)
    columns, rows = _dates(tk.get_action("actionplan_portal_date_list")({}, {}))
    title = tk._("Portal-wide dates")
    return export.table_response(ending, "dates", columns, rows, title=title)


def _dates(listed: list[dict[str, Any]]) -> Table:
    columns = [
        export.Column("due_on", tk._("Day")),
        export.Column("title", tk._("Event")),
        export.Column("topic", tk._("Topic")),
        export.Column("words", tk._("Words")),
        export.Column("tasks", tk._("Tasks")),
        export.Column("plans", tk._("Plans")),
        export.Column("address", tk._("Address")),
    ]
    rows = [
        [
            wording.as_day(row["due_on"]),
            row["title"],
            _topic_words(row["topic"]),
            row["words"],
            row["tasks"],
            row["plans"],
            tk.h.url_for("actionplan_dates.show", date_id=row["id"], _external=True),
        ]
        for row in listed
    ]
    return columns, rows


def _wordings(groups: list[dict[str, Any]]) -> Table:
    columns = [
        export.Column("topic", tk._("Topic")),
        export.Column("wording", tk._("Deadline as printed")),
        export.Column("tasks", tk._("Tasks")),
        export.Column("plans", tk._("Plans")),
    ]
    rows = [
        [_topic_words(row["topic"]), row["wording"], row["tasks"], row["plans"]]
        for row in groups
    ]
    return columns, rows


def _topic_words(topic: str) -> str:
    return labels.text("topic", topic) if topic else ""


def show(date_id: str) -> str:
    """A date and the tasks that it ties."""
    shown = tk.get_action("actionplan_portal_date_show")(
        {},
        {"id": date_id, "page": shaping.page_number(tk.request.args.get("page"))},
    )
    may_set = _allowed("actionplan_portal_date_update")
    extra_vars = {"date": shown, "may_set": may_set}
    return tk.render("compliance/dates_one.html", extra_vars)


def preview() -> str:
    """What the form would tie, while somebody fills it in."""
    tk.check_access("actionplan_portal_date_match", {}, {})
    args = tk.request.args
    data = {name: args.get(name, "") for name in FIELDS}
    extra_vars = {"found": _found(data, args.get("id", ""))}
    return tk.render("compliance/dates_preview.html", extra_vars)


def _found(data: dict[str, Any], date_id: str) -> dict[str, Any] | None:
    """What a form would tie; None while it cannot be told."""
    asked = {name: data.get(name) or "" for name in ("topic", "words")}
    try:
        given = {"due_on": data.get("due_on") or "", "id": date_id}
        return tk.get_action("actionplan_portal_date_match")({}, {**asked, **given})
    except tk.ValidationError as error:
        if "due_on" not in error.error_dict or len(error.error_dict) > 1:
            return None
    return tk.get_action("actionplan_portal_date_match")({}, asked)


def _form(
    data: dict[str, Any],
    *,
    date_id: str = "",
    errors: dict[str, list[str]] | None = None,
) -> str:
    extra_vars = {
        "date_id": date_id,
        "data": data,
        "errors": errors or {},
        "others": {
            key: texts for key, texts in (errors or {}).items() if key not in FIELDS
        },
        "topics": labels.topics(),
        "found": _found(data, date_id),
    }
    return tk.render("compliance/dates_form.html", extra_vars)


def _posted() -> dict[str, str]:
    return {name: tk.request.form.get(name, "").strip() for name in FIELDS}


def _save(action: str, data: dict[str, str], **more: str) -> ResponseReturnValue:
    """Save what the form holds; what is wrong is shown in the form again."""
    date_id = more.get("id", "")
    if tk.request.form.get("do") == "look":
        tk.check_access(action, {}, {})
        return _form(data, date_id=date_id)
    try:
        saved = tk.get_action(action)({}, {**more, **data})
    except tk.ValidationError as error:
        errors: Any = error.error_dict
        # As CKAN's own forms answer: a browser's console takes 400 for a failure.
        return _form(data, date_id=date_id, errors=errors)
    message = tk.ungettext(
        "The date is set. It ties {count} task.",
        "The date is set. It ties {count} tasks.",
        saved["tasks"],
    ).format(count=saved["tasks"])
    _tell(message, saved)
    return tk.h.redirect_to("actionplan_dates.show", date_id=saved["id"])


def _tell(message: str, saved: dict[str, Any]) -> None:
    """Say what was done, and what still comes."""
    tk.h.flash_success(message)
    later = saved["queued"] + saved["late"]
    if saved["queued"]:
        text = tk.ungettext(
            "{count} more plan follows in the background.",
            "{count} more plans follow in the background.",
            later,
        )
        tk.h.flash_notice(text.format(count=later))
    elif later:
        text = tk.ungettext(
            "{count} more plan follows in the nightly run.",
            "{count} more plans follow in the nightly run.",
            later,
        )
        tk.h.flash_notice(text.format(count=later))
    if saved["failed"]:
        text = tk.ungettext(
            "{count} plan could not be brought up to date. The nightly run tries again.",
            "{count} plans could not be brought up to date. "
            "The nightly run tries again.",
            saved["failed"],
        )
        tk.h.flash_error(text.format(count=saved["failed"]))


class NewView(MethodView):
    """The form with which a reviewer sets a date."""

    def get(self) -> str:
        """Show the form, filled in by the address or from an earlier date."""
        tk.check_access("actionplan_portal_date_create", {}, {})
        args = tk.request.args
        if "after" in args:
            return _form(_next_of(args["after"]))
        data = {name: args.get(name, "").strip() for name in FIELDS}
        if data["topic"] in labels.topics() and not data["title"]:
            data["title"] = labels.text("topic", data["topic"])
        return _form(data)

    def post(self) -> ResponseReturnValue:
        """Set the date."""
        return _save("actionplan_portal_date_create", _posted())


def _next_of(date_id: str) -> dict[str, str]:
    """A date as it would be a year later."""
    shown = tk.get_action("actionplan_portal_date_show")({}, {"id": date_id, "rows": 1})
    day = dates.next_day(date.fromisoformat(shown["due_on"]))
    return {
        "title": dates.next_title(shown["title"]),
        "topic": shown["topic"],
        "words": shown["words"],
        "due_on": day.isoformat(),
    }


class EditView(MethodView):
    """The form with which a reviewer changes a date."""

    def get(self, date_id: str) -> str:
        """Show the form as the date is."""
        tk.check_access("actionplan_portal_date_update", {}, {"id": date_id})
        shown = _one(date_id)
        return _form({name: shown[name] for name in FIELDS}, date_id=date_id)

    def post(self, date_id: str) -> ResponseReturnValue:
        """Save the date."""
        return _save("actionplan_portal_date_update", _posted(), id=date_id)


class DeleteView(MethodView):
    """The question whether a date is to be removed."""

    def get(self, date_id: str) -> str:
        """Say what would be withdrawn."""
        tk.check_access("actionplan_portal_date_delete", {}, {"id": date_id})
        return tk.render("compliance/dates_delete.html", {"date": _one(date_id)})

    def post(self, date_id: str) -> ResponseReturnValue:
        """Remove the date."""
        saved = tk.get_action("actionplan_portal_date_delete")({}, {"id": date_id})
        _tell(tk._("The date is removed"), saved)
        return tk.h.redirect_to("actionplan_dates.index")


def restore(date_id: str) -> ResponseReturnValue:
    """Bring a removed date back."""
    tk.check_access("actionplan_portal_date_update", {}, {"id": date_id})
    shown = _one(date_id)
    data = {name: shown[name] for name in ("id", *FIELDS)}
    saved = tk.get_action("actionplan_portal_date_update")(
        {}, {**data, "removed": False}
    )
    _tell(tk._("The date holds again"), saved)
    return tk.h.redirect_to("actionplan_dates.show", date_id=date_id)


def _one(date_id: str) -> dict[str, Any]:
    return tk.get_action("actionplan_portal_date_show")({}, {"id": date_id, "rows": 1})


_ROOT: Final = "/compliance/dates"
_ONE: Final = f"{_ROOT}/<date_id>"
_add = actionplan_dates.add_url_rule
_add(_ROOT, view_func=index)
_add(f"{_ROOT}.{export.ENDINGS}", view_func=index_export)
_add(f"{_ROOT}/new", view_func=NewView.as_view("new"))
_add(f"{_ROOT}/preview", view_func=preview)
_add(_ONE, view_func=show)
_add(f"{_ONE}/edit", view_func=EditView.as_view("edit"))
_add(f"{_ONE}/delete", view_func=DeleteView.as_view("delete"))
_add(f"{_ONE}/restore", view_func=restore, methods=["POST"])
