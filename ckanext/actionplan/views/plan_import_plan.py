"""Saying that a document amends a plan that stands, or that it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask.views import MethodView

import ckan.plugins.toolkit as tk

from ..logic import duplicates, revision
from .plan_import_request import context, draft, seen_at

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

__all__ = ["PlanView", "likely", "offered", "plans"]


def likely(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Plans of the owner that a draft seems to be an edition of, the likeliest first.

    :param found: the draft.
    :returns: dicts with `name`, `title` and `reason`.
    """
    owner, review = found["organization"]["name"], found["review"]
    plans: list[dict[str, Any]] = [
        {**each}
        for each in duplicates.likely(
            context(), owner, found["data"], review.get("fingerprint", "")
        )
    ]
    # A file that was exported here says itself of which plan.
    exported: str = _memory(found).get("proposed", "")
    named = next((e for e in offered(owner) if exported and e["id"] == exported), None)
    if named:
        plans = [each for each in plans if each["name"] != named["name"]]
        reason = tk._("the file was exported from it")
        plans.insert(0, {**named, "reason": reason})
    return plans


def _memory(found: Mapping[str, Any]) -> dict[str, Any]:
    return found["review"].get("plan") or {}


def offered(owner: str) -> list[dict[str, Any]]:
    """Plans of an organization to choose from.

    :param owner: name or id of the organization, empty: none.
    """
    return revision.plans_of(context(), owner) if owner else []


def plans() -> str:
    """The field with the plans of the organization that was chosen just now."""
    tk.check_access("actionplan_draft_create", context(), {})
    chosen = tk.request.args.get("owner_org", "")
    try:
        group = tk.get_action("organization_show")(context(), {"id": chosen})
    except (tk.ObjectNotFound, tk.ValidationError):
        group = {"name": ""}
    return tk.render(
        "action_plan_import/snippets/plans.html",
        {"plans": offered(group["name"]), "plan": "", "organization": group["name"]},
    )


class PlanView(MethodView):
    """Between the first step and the second: which plan a document amends."""

    def get(self, draft_id: str) -> str:
        """Show the plans of the owner, the likely ones first."""
        return self._page(draft(draft_id))

    def post(self, draft_id: str) -> ResponseReturnValue:
        """Keep the choice."""
        form = tk.request.form
        amends = form.get("amends") == "yes"
        plan = form.get("plan", "") if amends else ""
        changes = {"id": draft_id, "plan": plan, "seen_at": seen_at()}
        if amends and not plan:
            message = tk._("Choose the plan that the document amends")
            return self._page(draft(draft_id), {"plan": [message]}), 422
        try:
            tk.get_action("actionplan_draft_update")(context(), changes)
        except tk.ValidationError as error:
            return self._page(draft(draft_id), error.error_dict), 422
        return tk.redirect_to("actionplan_import.check", draft_id=draft_id)

    @staticmethod
    def _page(found: dict[str, Any], errors: dict[str, Any] | None = None) -> str:
        proposed = likely(found)
        plans = offered(found["organization"]["name"])
        # A plan that was chosen may have been deleted since.
        known = {each["name"] for each in plans}
        chosen: str = _memory(found).get("name", "")
        if chosen not in known:
            chosen = proposed[0]["name"] if proposed else ""
        return tk.render(
            "action_plan_import/plan.html",
            {
                "draft": found,
                "likely": proposed,
                "plans": plans,
                "plan": chosen,
                "errors": errors or {},
                "step": 1,
            },
        )
