"""What `/compliance` sorts by: sums of one publisher in one open period."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

import ckan.plugins.toolkit as tk

from .base import Json, Timestamp, count, text


class Standing(tk.BaseModel):
    """Sums of public rows (decisions 14 and 23), refreshed after saves and nightly."""

    __table__ = sa.Table(
        "actionplan_standing",
        tk.BaseModel.metadata,
        text("organization_id", key=True),
        text("period", key=True),
        count("tasks_due"),
        count("tasks_done"),
        count("tasks_overdue"),
        count("tasks_unresolved"),
        count("tasks_to_confirm"),
        count("tasks_upcoming"),
        count("datasets"),
        count("datasets_on_time"),
        count("datasets_judged"),
        count("upstream_present"),
        count("upstream_judged"),
        # Criterion id: [numerator, denominator]; the card's provisional inputs.
        sa.Column("counts", Json, nullable=False, server_default="{}"),
        # Points of 100; null when less than half of the weight is measured.
        sa.Column("total", sa.Numeric(5, 1)),
        sa.Column("refreshed_at", Timestamp, nullable=False),
    )
    organization_id: Mapped[str]
    period: Mapped[str]
    tasks_due: Mapped[int]
    tasks_done: Mapped[int]
    tasks_overdue: Mapped[int]
    tasks_unresolved: Mapped[int]
    tasks_to_confirm: Mapped[int]
    tasks_upcoming: Mapped[int]
    datasets: Mapped[int]
    datasets_on_time: Mapped[int]
    datasets_judged: Mapped[int]
    upstream_present: Mapped[int]
    upstream_judged: Mapped[int]
    counts: Mapped[dict[str, Any]]
    total: Mapped[Decimal | None]
    refreshed_at: Mapped[datetime]
