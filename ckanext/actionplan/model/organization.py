"""What the portal remembers of organizations: whose they are, were called, became."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

import ckan.plugins.toolkit as tk

from .base import Timestamp, text


class CouncilMember(tk.BaseModel):
    """An organization that a council may bind: the list a sysadmin keeps (decision 11)."""

    __table__ = sa.Table(
        "actionplan_council_member",
        tk.BaseModel.metadata,
        text("council_id", key=True),
        text("organization_id", key=True),
        text("added_by"),
        sa.Column("added_at", Timestamp, nullable=False),
        sa.Index("ix_actionplan_council_member_organization_id", "organization_id"),
    )
    council_id: Mapped[str]
    organization_id: Mapped[str]
    added_by: Mapped[str]
    added_at: Mapped[datetime]


class PublisherName(tk.BaseModel):
    """A name that an organization has or had, so that old addresses lead on (decision 7)."""

    __table__ = sa.Table(
        "actionplan_publisher_name",
        tk.BaseModel.metadata,
        text("name", key=True),
        text("organization_id", default=None),
        sa.Column("seen_at", Timestamp, nullable=False),
        sa.Index("ix_actionplan_publisher_name_organization_id", "organization_id"),
    )
    name: Mapped[str]
    organization_id: Mapped[str]
    seen_at: Mapped[datetime]


class Merger(tk.BaseModel):
    """An organization whose obligations another one owes from a day on."""

    __table__ = sa.Table(
        "actionplan_merger",
        tk.BaseModel.metadata,
        text("old_id", key=True),
        text("new_id", default=None),
        sa.Column("merged_from", sa.Date, nullable=False),
        text("author_id"),
        sa.Column("changed_at", Timestamp, nullable=False),
        sa.Index("ix_actionplan_merger_new_id", "new_id"),
    )
    old_id: Mapped[str]
    new_id: Mapped[str]
    merged_from: Mapped[date]
    author_id: Mapped[str]
    changed_at: Mapped[datetime]
