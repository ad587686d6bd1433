"""The last step of the import: what will be saved, and saving it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask.views import MethodView

import ckan.plugins.toolkit as tk

from ..logic import corrections, duplicates, importing
from .plan_import_request import context, draft, seen_at

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

__all__ = ["SaveView"]


class SaveView(MethodView):
    """Step 4: the plan is saved."""

    def get(self, draft_id: str) -> str:
        """Show what will be saved."""
        return self._page(draft(draft_id))

    def post(self, draft_id: str) -> ResponseReturnValue:
        """Save the plan and go to its page."""
        private = tk.request.form.get("private", "") == "true"
        try:
            plan = tk.get_action("actionplan_draft_submit")(
                context(),
                {"id": draft_id, "private": private, "seen_at": seen_at()},
            )
        except tk.ValidationError as error:
            return self._page(draft(draft_id), error.error_dict), 422
        message = tk._("The plan is saved with {count} tasks.")
        tk.h.flash_success(message.format(count=len(plan.get("tasks") or ())))
        return tk.redirect_to(f"{plan['type']}.read", id=plan["name"])

    @staticmethod
    def _page(found: dict[str, Any], errors: dict[str, Any] | None = None) -> str:
        data, review = found["data"], found["review"]
        tasks = corrections.kept_tasks(data, review)
        rows = review["tasks"]
        doubts = [t for t in tasks if importing.open_notes(t, rows.get(t["key"], {}))]
        return tk.render(
            "action_plan_import/save.html",
            {
                "draft": found,
                "data": data,
                "tasks": tasks,
                "doubts": doubts,
                "unresolved": [task for task in tasks if not task["due"]],
                "unmapped": [e["name"] for e in data["executors"] if not e["who"]],
                "messages": importing.messages(errors or {}),
                "attached": importing.storage_available(),
                "private": tk.request.form.get("private", "") == "true",
                "duplicates": duplicates.likely(
                    context(),
                    found["organization"]["name"],
                    data,
                    review.get("fingerprint", ""),
                ),
                "step": 4,
            },
        )
