"""Reads documents of plans and saves plans, as the pages of the portal do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan_site
import documents
from publishers import publisher_id

import ckan.plugins.toolkit as tk

from ckanext.actionplan.logic import fields

if TYPE_CHECKING:
    from moves import Moves
    from plans import Plan


def draft(plan: Plan, moves: Moves) -> dict[str, Any]:
    """A new draft of what the reader reads in the document of a day."""
    return ckan_site.call(
        "actionplan_draft_create",
        {
            "content": documents.write(plan, moves),
            "filename": plan.filename,
            "owner_org": publisher_id(plan.owner),
        },
    )


def tasks(plan: Plan, moves: Moves) -> list[dict[str, Any]]:
    """The tasks as the reader reads the document of a day; no draft stays."""
    made = draft(plan, moves)
    ckan_site.call("actionplan_draft_delete", {"id": made["id"]})
    return made["data"]["tasks"]


def save(plan_id: str, user: str = ckan_site.ADMIN, **values: Any) -> None:
    """Give a plan new values; organizations that it names may be deleted by now."""
    context: Any = {"user": user, fields.DEPARTED: True}
    tk.get_action("package_patch")(context, {"id": plan_id, **values})
