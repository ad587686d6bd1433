"""`/action-plan/import`: read a document, look, correct, say who is who, save."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint
from flask.views import MethodView

import ckan.plugins.toolkit as tk

from .. import labels
from ..core import due
from ..core.alphabet import alphabetical
from ..core.errors import DueError
from ..logic import corrections, importing, matching
from ..logic import participants as bound
from . import plan_import_forms as forms
from . import plan_import_pick as pick
from . import plan_import_rows as shown
from . import problems
from .plan_import_request import context as _context
from .plan_import_request import draft as _draft
from .plan_import_request import seen_at as _seen_at
from .plan_import_save import SaveView

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from werkzeug.exceptions import RequestEntityTooLarge

__all__ = ["actionplan_import"]

actionplan_import = Blueprint(
    "actionplan_import", __name__, url_prefix="/action-plan/import"
)
problems.register(actionplan_import)

#: More than this is not swallowed to be polite to a browser.
_SWALLOWED_BYTES: Final = 512 * 1024 * 1024
_PIECE_BYTES: Final = 1024 * 1024


def _may_import() -> None:
    tk.check_access("actionplan_draft_create", _context(), {})


@actionplan_import.errorhandler(413)
def _too_large(error: RequestEntityTooLarge) -> ResponseReturnValue:
    """Say what is wrong in our own page; browsers show it only to a finished upload."""
    left = min(tk.request.content_length or 0, _SWALLOWED_BYTES)
    stream = tk.request.environ["wsgi.input"]
    while left > 0:
        piece = stream.read(min(left, _PIECE_BYTES))
        if not piece:
            break
        left -= len(piece)
    _may_import()
    return _upload_page({"upload": [importing.too_large()]}), 413


def _upload_page(errors: dict[str, Any] | None = None, organization: str = "") -> str:
    context = _context()
    organizations = tk.get_action("organization_list_for_user")(
        context, {"permission": "create_dataset"}
    )
    drafts = tk.get_action("actionplan_draft_list")(context, {})
    return tk.render(
        "action_plan_import/upload.html",
        {
            "errors": errors or {},
            "organizations": sorted(
                organizations, key=lambda each: alphabetical(each["display_name"])
            ),
            "chosen": organization or tk.request.args.get("organization", ""),
            "drafts": drafts,
            "limit": importing.document_bytes(),
            "too_large": importing.too_large(),
            "endings": importing.endings(),
        },
    )


class UploadView(MethodView):
    """Step 1: the document and its organization."""

    def get(self) -> str:
        """Show the form and the imports that were begun."""
        _may_import()
        return _upload_page()

    def post(self) -> ResponseReturnValue:
        """Read the document."""
        _may_import()
        organization = tk.request.form.get("owner_org", "")
        data = {"owner_org": organization, "upload": tk.request.files.get("upload")}
        try:
            draft = tk.get_action("actionplan_draft_create")(_context(), data)
        except tk.ValidationError as error:
            return _upload_page(error.error_dict, organization), 422
        return tk.redirect_to("actionplan_import.check", draft_id=draft["id"])


def _check_page(draft: dict[str, Any], errors: dict[str, Any] | None = None) -> str:
    rows = shown.rows(draft)
    kept = [row for row in rows if not row["review"].get("left_out")]
    review = draft["review"]
    return tk.render(
        "action_plan_import/check.html",
        {
            "draft": draft,
            "data": draft["data"],
            "errors": errors or {},
            "doubts": [row for row in rows if row["doubt"]],
            "groups": shown.by_section(row for row in rows if not row["doubt"]),
            "tasks_count": len(kept),
            "sections_count": len({row["task"]["section"] for row in kept} - {""}),
            "notes": [importing.sentence(each) for each in review.get("notes") or ()],
            "left_over": shown.left_over(review),
            "topics": labels.topics(),
            "step": 2,
        },
    )


class CheckView(MethodView):
    """Step 2: what was read, row by row."""

    def get(self, draft_id: str) -> str:
        """Show the document's rows beside their reading."""
        return _check_page(_draft(draft_id))

    def post(self, draft_id: str) -> ResponseReturnValue:
        """Keep the corrections."""
        changes = forms.plan_changes(tk.request.form)
        try:
            draft = tk.get_action("actionplan_draft_update")(
                _context(), {**changes, "id": draft_id, "seen_at": _seen_at()}
            )
        except tk.ValidationError as error:
            return self._again(draft_id, changes, error.error_dict), 422
        if tk.request.form.get("do") == "next":
            return tk.redirect_to("actionplan_import.executors", draft_id=draft_id)
        if tk.request.form.get("do", "").startswith("add:"):
            return tk.redirect_to(self._added(draft, draft_id))
        tk.h.flash_success(tk._("The corrections are kept."))
        return tk.redirect_to("actionplan_import.check", draft_id=draft_id)

    @staticmethod
    def _again(draft_id: str, changes: dict[str, Any], errors: dict[str, Any]) -> str:
        """The page with what was typed, so that nothing has to be typed twice."""
        draft = _draft(draft_id)
        typed = corrections.correct(
            draft["data"], draft["review"], changes, importing.read_wording
        )
        wrong: dict[str, dict[str, Any]] = typed.errors.get("tasks") or {}
        for change in changes["tasks"]:
            for name in wrong.get(change.get("key"), {}):
                task = next(t for t in typed.data["tasks"] if t["key"] == change["key"])
                task[name] = change.get(name, task[name])
        return _check_page(
            {**draft, "data": typed.data, "review": typed.review}, errors
        )

    @staticmethod
    def _added(draft: dict[str, Any], draft_id: str) -> str:
        key = max((t["key"] for t in draft["data"]["tasks"]), key=lambda k: int(k[1:]))
        address = tk.url_for("actionplan_import.check", draft_id=draft_id)
        return f"{address}#row-{key}"


def reading(draft_id: str) -> str:
    """The field with the due of one task and its reading, as one types."""
    draft = _draft(draft_id)
    key = tk.request.args.get("key", "")
    args = tk.request.args
    task: dict[str, Any] = {"key": key, "due": args.get(f"task-{key}-due", "")}
    errors: list[str] = []
    if tk.request.args.get("of") == "deadline":
        wording = args.get(f"task-{key}-deadline", "")
        task["due"] = importing.read_wording(wording, draft["data"])
    try:
        task["due"] = due.render(due.parse(task["due"]))
    except DueError as error:
        errors = [corrections.due_message(error)]
    return tk.render(
        "action_plan_import/snippets/due.html",
        {"task": task, "draft_id": draft_id, "errors": errors},
    )


class ExecutorsView(MethodView):
    """Step 3: whom the names in the executor column mean."""

    def get(self, draft_id: str) -> str:
        """Show each name once, with proposals."""
        return self._page(_draft(draft_id))

    def post(self, draft_id: str) -> ResponseReturnValue:
        """Keep the mapping."""
        draft = _draft(draft_id)
        changes, unknown = forms.executor_changes(
            tk.request.form, draft["data"]["executors"]
        )
        changes["tasks"] = forms.task_leads(tk.request.form)
        try:
            _refuse_unknown(unknown)
            tk.get_action("actionplan_draft_update")(
                _context(), {**changes, "id": draft_id, "seen_at": _seen_at()}
            )
        except tk.ValidationError as error:
            typed = {**draft["data"], **changes, "tasks": draft["data"]["tasks"]}
            review = {**draft["review"], "mapped": True}
            again = {**draft, "data": typed, "review": review}
            return self._page(again, error.error_dict), 422
        step = {"back": "check", "next": "save"}.get(tk.request.form.get("do", ""))
        if step is None:
            tk.h.flash_success(tk._("The corrections are kept."))
        return tk.redirect_to(
            f"actionplan_import.{step or 'executors'}", draft_id=draft_id
        )

    @staticmethod
    def _page(draft: dict[str, Any], errors: dict[str, Any] | None = None) -> str:
        organizations = importing.organizations()
        data, mapped = draft["data"], draft["review"].get("mapped")
        proposals = matching.propose(
            [each["name"] for each in data["executors"]],
            organizations,
            draft["organization"]["id"],
        )
        used = importing.tasks_by_executor(data, draft["review"])
        rows = [
            shown.executor(each, proposals[each["name"]], organizations, mapped)
            | {"tasks": used.get(each["name"], [])}
            for each in data["executors"]
        ]
        # Whoever has looked once decides; nothing is ticked behind their back.
        proposed = [] if mapped else bound.proposed(draft["organization"]["id"])
        participants = shown.participants(
            data, rows, organizations, [each["id"] for each in proposed]
        )
        return tk.render(
            "action_plan_import/executors.html",
            {
                "draft": draft,
                "rows": rows,
                "mapped": mapped,
                "errors": errors or {},
                "participants": participants,
                "proposed": bool(proposed),
                "shared": shown.shared_tasks(draft),
                "leads": shown.leads(participants),
                "step": 3,
            },
        )


def organizations(draft_id: str) -> str:
    """The boxes of one field: those that are ticked and those that were looked for."""
    draft = _draft(draft_id)
    field = tk.request.args.get("field", "")
    inputs = field if field == pick.PARTICIPANTS else f"{field}-organizations"
    values = pick.picked(
        draft,
        field,
        tk.request.form.get(f"{field}-others", "").strip(),
        tk.request.form.getlist(inputs),
        importing.organizations(),
    )
    return tk.render("action_plan_import/snippets/organizations.html", values)


def _refuse_unknown(names: list[str]) -> None:
    if names:
        message = tk._("No organization is called “{name}”")
        texts = [message.format(name=name) for name in names]
        raise tk.ValidationError({"executors": texts})


def delete(draft_id: str) -> ResponseReturnValue:
    """Forget an import."""
    tk.get_action("actionplan_draft_delete")(_context(), {"id": draft_id})
    tk.h.flash_success(tk._("The import is deleted."))
    return tk.redirect_to("actionplan_import.index")


_add = actionplan_import.add_url_rule
_add("", view_func=UploadView.as_view("index"))
_add("/<draft_id>", view_func=CheckView.as_view("check"))
_add("/<draft_id>/executors", view_func=ExecutorsView.as_view("executors"))
_add("/<draft_id>/save", view_func=SaveView.as_view("save"))
_add("/<draft_id>/reading", view_func=reading)
_add("/<draft_id>/organizations", view_func=organizations, methods=["POST"])
_add("/<draft_id>/delete", view_func=delete, methods=["POST"])
