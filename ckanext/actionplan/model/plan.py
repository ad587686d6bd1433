"""Derived rows of plans: the plan's term, its participants, its tasks."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

import ckan.plugins.toolkit as tk

from .base import Json, Timestamp, count, flag, text


class PlanRow(tk.BaseModel):
    """The term of a plan, so that SQL can join it; the package is the truth.

    `bound_on` is the first day on which it was seen public and in force; it stays when
    the plan is hidden or its term changes. `executors` is the mapping as it was derived
    last, null for rows of older versions: name to what it stands for and whom.
    """

    __table__ = sa.Table(
        "actionplan_plan",
        tk.BaseModel.metadata,
        text("id", key=True),
        sa.Column("period_start", sa.Date),
        sa.Column("period_end", sa.Date),
        sa.Column("in_force_from", sa.Date),
        sa.Column("in_force_until", sa.Date),
        sa.Column("tracked_from", sa.Date),
        text("replaces"),
        text("reviewing_organization_id"),
        count("tasks"),
        count("unmapped_executors"),
        sa.Column("bound_on", sa.Date),
        sa.Column("executors", Json),
        sa.Column(
            "derived_at", Timestamp, nullable=False, server_default=sa.func.now()
        ),
    )
    id: Mapped[str]
    period_start: Mapped[date | None]
    period_end: Mapped[date | None]
    in_force_from: Mapped[date | None]
    in_force_until: Mapped[date | None]
    tracked_from: Mapped[date | None]
    replaces: Mapped[str]
    reviewing_organization_id: Mapped[str]
    tasks: Mapped[int]
    unmapped_executors: Mapped[int]
    bound_on: Mapped[date | None]
    executors: Mapped[dict[str, Any] | None]
    derived_at: Mapped[datetime]


class Participant(tk.BaseModel):
    """An organization that a plan names; it owes once it is confirmed (decision 11).

    `owes_from` is the day of a later confirmation; null: since the plan's first day.
    """

    __table__ = sa.Table(
        "actionplan_participant",
        tk.BaseModel.metadata,
        text("plan_id", key=True),
        text("organization_id", key=True),
        count("position"),
        sa.Column("confirmed_at", Timestamp),
        text("confirmed_by"),
        sa.Column("owes_from", sa.Date),
        sa.Index("ix_actionplan_participant_organization_id", "organization_id"),
    )
    plan_id: Mapped[str]
    organization_id: Mapped[str]
    position: Mapped[int]
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[str]
    owes_from: Mapped[date | None]


class TaskRow(tk.BaseModel):
    """One row of a plan; a row taken out of the plan stays here as removed.

    `lead` is null for rows of older versions, which did not keep it.
    """

    __table__ = sa.Table(
        "actionplan_task",
        tk.BaseModel.metadata,
        text("plan_id", key=True),
        text("id", key=True),
        count("position"),
        text("number"),
        text("section"),
        text("principle"),
        text("topic"),
        text("title"),
        text("deadline"),
        text("due"),
        text("indicator"),
        text("executors"),
        text("performed"),
        sa.Column("lead", sa.UnicodeText),
        text("continuity"),
        text("measure"),
        text("target"),
        text("withdrawn_by"),
        text("note"),
        flag("removed"),
        sa.Index("ix_actionplan_task_topic", "topic"),
    )
    plan_id: Mapped[str]
    id: Mapped[str]
    position: Mapped[int]
    number: Mapped[str]
    section: Mapped[str]
    principle: Mapped[str]
    topic: Mapped[str]
    title: Mapped[str]
    deadline: Mapped[str]
    due: Mapped[str]
    indicator: Mapped[str]
    executors: Mapped[str]
    performed: Mapped[str]
    lead: Mapped[str | None]
    continuity: Mapped[str]
    measure: Mapped[str]
    target: Mapped[str]
    withdrawn_by: Mapped[str]
    note: Mapped[str]
    removed: Mapped[bool]
