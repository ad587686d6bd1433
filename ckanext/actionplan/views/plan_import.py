"""`/action-plan/import`: read a document, look, correct, say who is who, save."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint
from flask.views import MethodView

import ckan.plugins.toolkit as tk

from ..core.alphabet import alphabetical
from ..logic import importing, matching, revision
from ..logic import participants as bound
from . import plan_import_forms as forms
from . import plan_import_pick as pick
from . import plan_import_rows as shown
from . import problems
from .plan_import_check import CheckView, SplitView, answer, keep
from .plan_import_plan import PlanView, likely, offered, plans
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


def _upload_page(
    errors: dict[str, Any] | None = None, organization: str = "", plan: str = ""
) -> str:
    context = _context()
    organizations = tk.get_action("organization_list_for_user")(
        context, {"permission": "create_dataset"}
    )
    chosen = organization or tk.request.args.get("organization", "")
    if not chosen and len(organizations) == 1:
        chosen = organizations[0]["id"]
    owner = next((e for e in organizations if chosen in (e["id"], e["name"])), None)
    drafts = tk.get_action("actionplan_draft_list")(context, {})
    return tk.render(
        "action_plan_import/upload.html",
        {
            "errors": errors or {},
            "organizations": sorted(
                organizations, key=lambda each: alphabetical(each["display_name"])
            ),
            "chosen": chosen,
            "plan": plan,
            "plans": offered(owner["name"] if owner else ""),
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
        name = tk.request.args.get("plan", "")
        if not name:
            return _upload_page()
        plan = revision.find(_context(), name)
        return _upload_page(None, plan["owner_org"], plan["name"])

    def post(self) -> ResponseReturnValue:
        """Read the document."""
        _may_import()
        organization = tk.request.form.get("owner_org", "")
        plan = tk.request.form.get("plan", "")
        upload = tk.request.files.get("upload")
        data = {"owner_org": organization, "plan": plan, "upload": upload}
        try:
            draft = tk.get_action("actionplan_draft_create")(_context(), data)
        except tk.ValidationError as error:
            return _upload_page(error.error_dict, organization, plan), 422
        # A document that looks like a plan that stands is asked about at once.
        step = "check" if plan or not likely(draft) else "plan"
        return tk.redirect_to(f"actionplan_import.{step}", draft_id=draft["id"])


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
            shown.executor(
                each,
                proposals[each["name"]],
                organizations,
                # The plan that is amended has said already who most of them are.
                mapped or bool(each["who"]),
            )
            | {"tasks": used.get(each["name"], [])}
            for each in data["executors"]
        ]
        # Whoever has looked once decides; nothing is ticked behind their back.
        settled = mapped or draft["review"].get("bound") or data.get("plan_id")
        proposed = [] if settled else bound.proposed(draft["organization"]["id"])
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


def keep_executors(draft_id: str) -> str:
    """Keep one choice of that page at once."""
    draft = _draft(draft_id)
    changes = forms.one_by_one(tk.request.form, draft["data"]["executors"])
    errors: dict[str, Any] = {}
    try:
        draft = tk.get_action("actionplan_draft_update")(
            _context(), {**changes, "id": draft_id, "seen_at": _seen_at()}
        )
    except tk.ValidationError as error:
        errors = error.error_dict
    return answer(draft, errors, rows=None)


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
_add("/plans", view_func=plans)
_add("/<draft_id>/plan", view_func=PlanView.as_view("plan"))
_add("/<draft_id>/save", view_func=SaveView.as_view("save"))
_add("/<draft_id>/row", view_func=keep, methods=["POST"])
_add("/<draft_id>/executor", view_func=keep_executors, methods=["POST"])
_add("/<draft_id>/split/<key>", view_func=SplitView.as_view("split"))
_add("/<draft_id>/organizations", view_func=organizations, methods=["POST"])
_add("/<draft_id>/delete", view_func=delete, methods=["POST"])
