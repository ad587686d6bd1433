"""What plan forms offer to choose from; each list is read once in a request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

import flask
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ..model import Merger

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class Choice(TypedDict):
    """One thing to choose."""

    id: str
    name: str
    title: str


def organizations() -> list[Choice]:
    """All active organizations by title: one statement in a request."""
    return _once("actionplan_organizations", _organizations)


def offered() -> list[Choice]:
    """Organizations that a plan may name: those merged into others are left out."""
    merged = _once("actionplan_merged", _merged)
    return [choice for choice in organizations() if choice["id"] not in merged]


def titles() -> dict[str, str]:
    """Titles of all active organizations by id."""
    return {choice["id"]: choice["title"] for choice in organizations()}


def departed(ids: Iterable[str]) -> list[Choice]:
    """Deleted organizations among some, by title: what a plan still names."""
    known = {choice["id"] for choice in organizations()}
    sought = sorted({*ids} - known)
    return _titled("deleted", model.Group.id.in_(sought)) if sought else []


def plans() -> list[dict[str, Any]]:
    """Plans that the reader may see, newest first: one search in a request."""
    return _once("actionplan_plans", _plans)


def sets_dates() -> bool:
    """Whether the reader may set portal-wide dates: asked once in a request."""
    return _once("actionplan_sets_dates", _sets_dates)


def _once(name: str, read: Callable[[], Any]) -> Any:
    if not flask.has_request_context():
        return read()
    if name not in flask.g:
        setattr(flask.g, name, read())
    return getattr(flask.g, name)


def _merged() -> frozenset[str]:
    return frozenset(model.Session.scalars(sa.select(Merger.__table__.c.old_id)))


def _organizations() -> list[Choice]:
    return _titled("active")


def _titled(state: str, *conditions: Any) -> list[Choice]:
    table: Any = model.Group
    title = sa.func.coalesce(sa.func.nullif(table.title, ""), table.name)
    rows = model.Session.execute(
        sa.select(table.id, table.name, title.label("title"))
        .where(table.is_organization, table.state == state, *conditions)
        .order_by(title)
    )
    return [Choice(id=row.id, name=row.name, title=row.title) for row in rows]


def _sets_dates() -> bool:
    try:
        return tk.check_access("actionplan_portal_date_create", {}, {})
    except tk.NotAuthorized:
        return False


def _plans() -> list[dict[str, Any]]:
    found = tk.get_action("package_search")(
        {},
        {
            "fq": "+dataset_type:action-plan",
            "include_private": True,
            "rows": 1000,
            "sort": "metadata_created desc",
            "fl": ["id", "name", "title"],
        },
    )
    return found["results"]
