"""Whom a plan may bind without asking, for the form while its owner is chosen."""

from __future__ import annotations

from flask import Blueprint

import ckan.plugins.toolkit as tk

__all__ = ["actionplan_proposals"]

actionplan_proposals = Blueprint("actionplan_proposals", __name__)


@actionplan_proposals.route("/action-plan/new/participants", endpoint="participants")
def participants() -> str:
    """Organizations below an owner and on its approved list, as a piece of the form."""
    user = tk.current_user
    context = {
        "user": user.name if user.is_authenticated else "",
        "auth_user_obj": user,
    }
    try:
        tk.check_access("package_create", context)  # pyright: ignore[reportArgumentType]
    except tk.NotAuthorized:
        tk.abort(403)
    owner = tk.request.args.get("owner", "")
    return tk.render("action_plan/snippets/form_proposed.html", {"owner": owner})
