"""What was changed in plans, by which act or as a correction of the reading."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

import ckan.plugins.toolkit as tk

from .base import Timestamp, text


class Change(tk.BaseModel):
    """One field of a task, or of the plan, that got another value (decision 13).

    `task_id` is empty for the plan itself; `kind` a `core.change.Kind`; `act` the
    amending act in words, empty for what needs none.
    """

    __table__ = sa.Table(
        "actionplan_change",
        tk.BaseModel.metadata,
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=True),
        text("plan_id", default=None),
        text("task_id"),
        text("kind", default=None),
        text("field", default=None),
        text("before"),
        text("after"),
        text("act"),
        text("author_id"),
        sa.Column("changed_at", Timestamp, nullable=False),
        sa.Index("ix_actionplan_change_plan_id", "plan_id", "task_id"),
    )
    id: Mapped[int]
    plan_id: Mapped[str]
    task_id: Mapped[str]
    kind: Mapped[str]
    field: Mapped[str]
    before: Mapped[str]
    after: Mapped[str]
    act: Mapped[str]
    author_id: Mapped[str]
    changed_at: Mapped[datetime]
