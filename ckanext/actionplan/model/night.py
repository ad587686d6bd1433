"""Nightly runs and their steps."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

import ckan.plugins.toolkit as tk

from .base import Timestamp, count, text


class Night(tk.BaseModel):
    """One nightly run; a run that was cut short goes on under its own day."""

    __table__ = sa.Table(
        "actionplan_night",
        tk.BaseModel.metadata,
        sa.Column("night_on", sa.Date, primary_key=True),
        sa.Column("started_at", Timestamp, nullable=False),
        sa.Column("finished_at", Timestamp),
    )
    night_on: Mapped[date]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class NightStep(tk.BaseModel):
    """What became of one step: `running`, `done`, `failed` or `skipped`, and why."""

    __table__ = sa.Table(
        "actionplan_night_step",
        tk.BaseModel.metadata,
        sa.Column("night_on", sa.Date, primary_key=True),
        text("name", key=True),
        count("position"),
        text("state", default=None),
        count("done"),
        text("message"),
        sa.Column("started_at", Timestamp, nullable=False),
        sa.Column("finished_at", Timestamp),
    )
    night_on: Mapped[date]
    name: Mapped[str]
    position: Mapped[int]
    state: Mapped[str]
    done: Mapped[int]
    message: Mapped[str]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
