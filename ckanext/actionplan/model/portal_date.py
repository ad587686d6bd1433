"""Days of events that reviewers set once for all plans."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

import ckan.plugins.toolkit as tk

from .base import Timestamp, flag, text


class PortalDate(tk.BaseModel):
    """An event and its day: "score card for 2024: 1 March 2025".

    It ties tasks without a date that are about `topic` and speak of `words`; one of
    the two may be empty. A removed one stays, so that what it made due can be told.
    """

    __table__ = sa.Table(
        "actionplan_portal_date",
        tk.BaseModel.metadata,
        text("id", key=True),
        text("title", default=None),
        text("topic"),
        text("words"),
        sa.Column("due_on", sa.Date, nullable=False),
        flag("removed"),
        text("author_id"),
        sa.Column("created_at", Timestamp, nullable=False),
        sa.Column("changed_at", Timestamp, nullable=False),
    )
    id: Mapped[str]
    title: Mapped[str]
    topic: Mapped[str]
    words: Mapped[str]
    due_on: Mapped[date]
    removed: Mapped[bool]
    author_id: Mapped[str]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
