"""Obligations, who shares them, and the reports on them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

import ckan.plugins.toolkit as tk

from .base import Timestamp, flag, text


class ObligationRow(tk.BaseModel):
    """One promise: task, occurrence, who owes it (decision 15). Never deleted.

    `due_before` is the last day before an amendment moved it; `owes_from` the day on
    which an organization joined a task that others performed already.
    """

    __table__ = sa.Table(
        "actionplan_obligation",
        tk.BaseModel.metadata,
        text("id", key=True),
        text("plan_id", default=None),
        text("task_id", default=None),
        text("share"),
        text("occurrence", default=None),
        text("organization_id", default=None),
        text("kind", default=None),
        sa.Column("starts_on", sa.Date),
        sa.Column("due_on", sa.Date),
        sa.Column("due_before", sa.Date),
        sa.Column("owes_from", sa.Date),
        text("reason"),
        text("mark"),
        flag("before_tracking"),
        flag("withdrawn"),
        text("withdrawn_by"),
        sa.Index("ix_actionplan_obligation_plan_id", "plan_id", "task_id"),
        sa.Index(
            "ix_actionplan_obligation_organization_id", "organization_id", "due_on"
        ),
    )
    id: Mapped[str]
    plan_id: Mapped[str]
    task_id: Mapped[str]
    share: Mapped[str]
    occurrence: Mapped[str]
    organization_id: Mapped[str]
    kind: Mapped[str]
    starts_on: Mapped[date | None]
    due_on: Mapped[date | None]
    due_before: Mapped[date | None]
    owes_from: Mapped[date | None]
    reason: Mapped[str]
    mark: Mapped[str]
    before_tracking: Mapped[bool]
    withdrawn: Mapped[bool]
    withdrawn_by: Mapped[str]


class Party(tk.BaseModel):
    """A co-executor of a joint obligation; the lead stands on the obligation."""

    __table__ = sa.Table(
        "actionplan_obligation_party",
        tk.BaseModel.metadata,
        text("obligation_id", key=True),
        text("organization_id", key=True),
        sa.Index("ix_actionplan_obligation_party_organization_id", "organization_id"),
    )
    obligation_id: Mapped[str]
    organization_id: Mapped[str]


def _round() -> list[sa.Column[Any]]:
    """What a round of a report says; the report itself holds the latest one."""
    return [
        text("state", default=None),
        sa.Column("done_on", sa.Date),
        text("note"),
        text("link"),
        text("comment"),
        text("author_id", default=None),
        sa.Column("changed_at", Timestamp, nullable=False),
    ]


class Report(tk.BaseModel):
    """The latest state of what a publisher says about an obligation."""

    __table__ = sa.Table(
        "actionplan_report",
        tk.BaseModel.metadata,
        text("obligation_id", key=True),
        *_round(),
    )
    obligation_id: Mapped[str]
    state: Mapped[str]
    done_on: Mapped[date | None]
    note: Mapped[str]
    link: Mapped[str]
    comment: Mapped[str]
    author_id: Mapped[str]
    changed_at: Mapped[datetime]


class ReportEvent(tk.BaseModel):
    """One round of a report; nothing is overwritten."""

    __table__ = sa.Table(
        "actionplan_report_event",
        tk.BaseModel.metadata,
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=True),
        text("obligation_id", default=None),
        *_round(),
        sa.Index(
            "ix_actionplan_report_event_obligation_id", "obligation_id", "changed_at"
        ),
    )
    id: Mapped[int]
    obligation_id: Mapped[str]
    state: Mapped[str]
    done_on: Mapped[date | None]
    note: Mapped[str]
    link: Mapped[str]
    comment: Mapped[str]
    author_id: Mapped[str]
    changed_at: Mapped[datetime]
