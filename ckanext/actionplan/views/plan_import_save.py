"""The last step of the import: what will be saved, and saving it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flask.views import MethodView

import ckan.plugins.toolkit as tk

from ..logic import corrections, duplicates, importing, revision
from . import plan_import_compare as compared
from .plan_import_request import context, draft, seen_at

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

__all__ = ["SaveView"]

_STAYS: Final = "stays-"
#: Errors that stand beside a field of the page.
_ACT: Final = tuple(f"act_{name}" for name in revision.ACT_FIELDS)


class SaveView(MethodView):
    """Step 4: the plan is saved, or amended."""

    def get(self, draft_id: str) -> ResponseReturnValue:
        """Show what will be saved."""
        found = draft(draft_id)
        if not found["data"].get("plan_id"):
            return _page(found)
        plan = _plan(found)
        return _edition_page(found, plan) if plan else _lost(found)

    def post(self, draft_id: str) -> ResponseReturnValue:
        """Save the plan and go to its page."""
        found = draft(draft_id)
        if not found["data"].get("plan_id"):
            return self._save(found)
        plan = _plan(found)
        return self._amend(found, plan) if plan else _lost(found)

    @staticmethod
    def _save(found: dict[str, Any]) -> ResponseReturnValue:
        private = tk.request.form.get("private", "") == "true"
        values = {"id": found["id"], "private": private, "seen_at": seen_at()}
        try:
            plan = tk.get_action("actionplan_draft_submit")(context(), values)
        except tk.ValidationError as error:
            return _page(draft(found["id"]), error.error_dict), 422
        message = tk._("The plan is saved with {count} tasks.")
        tk.h.flash_success(message.format(count=len(plan.get("tasks") or ())))
        return _to(plan)

    @staticmethod
    def _amend(found: dict[str, Any], plan: dict[str, Any]) -> ResponseReturnValue:
        form = tk.request.form
        act = {name: form.get(f"act_{name}", "") for name in revision.ACT_FIELDS}
        attach = form.get("do") == "attach"
        try:
            if not attach:
                found = _keep(found, plan, act)
            if form.get("do") == "stay":
                tk.h.flash_success(tk._("Compared anew."))
                return tk.redirect_to("actionplan_import.save", draft_id=found["id"])
            values = {
                "id": found["id"],
                "seen_at": seen_at() if attach else found["changed_at"],
                "plan_modified": form.get("plan_modified", ""),
                "attach": attach,
            }
            plan = tk.get_action("actionplan_draft_submit")(context(), values)
        except tk.ValidationError as error:
            again = draft(found["id"])
            again["data"] = {**again["data"], "amendment": act}
            return _edition_page(again, plan, error.error_dict), 422
        done = {
            True: tk._("The document is attached to the plan."),
            False: tk._("The plan is amended; what stayed kept its reports."),
        }
        tk.h.flash_success(done[attach])
        return _to(plan)


def _plan(found: Mapping[str, Any]) -> dict[str, Any] | None:
    """The plan that a draft amends, None when it is there no more."""
    try:
        return revision.find(context(), found["data"]["plan_id"])
    except tk.ObjectNotFound:
        return None


def _lost(found: Mapping[str, Any]) -> ResponseReturnValue:
    tk.h.flash_error(tk._("The plan that this document amends is there no more."))
    return tk.redirect_to("actionplan_import.plan", draft_id=found["id"])


def _to(plan: Mapping[str, Any]) -> ResponseReturnValue:
    return tk.redirect_to(f"{plan['type']}.read", id=plan["name"])


def _keep(
    found: Mapping[str, Any], plan: Mapping[str, Any], act: dict[str, str]
) -> dict[str, Any]:
    """Keep the act and the pairs that somebody chose otherwise."""
    pairs: dict[str, str] = compared.shown(found, plan)["pairs"]
    chosen = {
        name.removeprefix(_STAYS): value
        for name, value in tk.request.form.items()
        if name.startswith(_STAYS)
    }
    return tk.get_action("actionplan_draft_update")(
        context(),
        {
            "id": found["id"],
            "stays": {k: v for k, v in chosen.items() if pairs.get(k) != v},
            "amendment": act,
            "seen_at": seen_at(),
        },
    )


def _state(found: Mapping[str, Any]) -> dict[str, Any]:
    """What both pages show of a draft."""
    data, review = found["data"], found["review"]
    tasks = corrections.kept_tasks(data, review)
    rows = review["tasks"]
    doubts = [t for t in tasks if importing.open_notes(t, rows.get(t["key"], {}))]
    return {
        "draft": found,
        "data": data,
        "tasks": tasks,
        "doubts": doubts,
        "unresolved": [task for task in tasks if not task["due"]],
        "unmapped": [e["name"] for e in data["executors"] if not e["who"]],
        "attached": importing.storage_available(),
        "step": 4,
    }


def _page(found: dict[str, Any], errors: dict[str, Any] | None = None) -> str:
    return tk.render(
        "action_plan_import/save.html",
        {
            **_state(found),
            "messages": importing.messages(errors or {}),
            "private": tk.request.form.get("private", "") == "true",
            "duplicates": duplicates.likely(
                context(),
                found["organization"]["name"],
                found["data"],
                found["review"].get("fingerprint", ""),
            ),
        },
    )


def _edition_page(
    found: dict[str, Any],
    plan: dict[str, Any],
    errors: Mapping[str, Any] | None = None,
) -> str:
    errors = dict(errors or {})
    beside = {name: errors.pop(name) for name in _ACT if name in errors}
    shown = compared.shown(found, plan)
    if errors.pop("plan_modified", None):
        shown["since"] = True
    return tk.render(
        "action_plan_import/amend.html",
        {
            **_state(found),
            **shown,
            "errors": beside,
            "messages": importing.messages(errors),
        },
    )
