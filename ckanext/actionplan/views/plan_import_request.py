"""What all pages of the import ask of a request."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk


def context() -> Any:
    """A context of the person who is signed in."""
    user = tk.current_user
    return {"user": user.name if user.is_authenticated else "", "auth_user_obj": user}


def draft(draft_id: str) -> dict[str, Any]:
    """An import in preparation.

    :raises ObjectNotFound: when there is none.
    :raises NotAuthorized: when it is somebody else's.
    """
    return tk.get_action("actionplan_draft_show")(context(), {"id": draft_id})


def seen_at() -> str:
    """The state of the draft that the page showed when it was opened."""
    return tk.request.form.get("seen_at", "")
