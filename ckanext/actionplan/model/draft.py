"""Imports in preparation (decision 28)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, deferred

import ckan.plugins.toolkit as tk

from .base import Json, Timestamp, text


class Draft(tk.BaseModel):
    """A document that was read, with the corrections made so far."""

    __table__ = sa.Table(
        "actionplan_draft",
        tk.BaseModel.metadata,
        text("id", key=True),
        text("user_id", default=None),
        text("organization_id", default=None),
        text("filename", default=None),
        text("mimetype"),
        sa.Column("content", sa.LargeBinary, nullable=False),
        # The dataset dict as corrected, and what the reader said of its rows.
        sa.Column("data", Json, nullable=False),
        sa.Column("review", Json, nullable=False),
        sa.Column("created_at", Timestamp, nullable=False),
        sa.Column("changed_at", Timestamp, nullable=False),
        sa.Index("ix_actionplan_draft_user_id", "user_id", "changed_at"),
    )
    id: Mapped[str]
    user_id: Mapped[str]
    organization_id: Mapped[str]
    filename: Mapped[str]
    mimetype: Mapped[str]
    # Read only when asked for: permissions and lists need no document.
    content: Mapped[bytes] = deferred(__table__.c.content)
    data: Mapped[dict[str, Any]]
    review: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
