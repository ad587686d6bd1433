"""Facts of datasets here and of their copies on the upstream, in one shape."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.orm import Mapped

import ckan.plugins.toolkit as tk

from .base import Timestamp, count, flag, text


class DatasetFact(tk.BaseModel):
    """What a dataset is (decision 25); lateness is judged when read.

    `private`, `state` and `owner_org` of local datasets come from CKAN's own table.
    """

    __table__ = sa.Table(
        "actionplan_dataset",
        tk.BaseModel.metadata,
        text("source", key=True),
        text("dataset_id", key=True),
        text("name", default=None),
        text("title"),
        # Upstream copies only: id and name of the organization there.
        text("organization_id"),
        text("organization_name"),
        text("frequency"),
        # Days within which the frequency asks for an update; null: not judged.
        sa.Column("interval_days", sa.Integer),
        sa.Column("metadata_modified", Timestamp),
        # The latest change of data: of the resources, else of the metadata.
        sa.Column("updated_at", Timestamp),
        count("resources"),
        sa.Column(
            "formats",
            pg.ARRAY(sa.UnicodeText),
            nullable=False,
            server_default="{}",
        ),
        flag("machine_readable"),
        # Names of the passport fields that are missing or not valid.
        sa.Column(
            "passport_gaps",
            pg.ARRAY(sa.UnicodeText),
            nullable=False,
            server_default="{}",
        ),
        sa.Column("checked_at", Timestamp, nullable=False),
        sa.Index("ix_actionplan_dataset_name", "source", "name"),
    )
    source: Mapped[str]
    dataset_id: Mapped[str]
    name: Mapped[str]
    title: Mapped[str]
    organization_id: Mapped[str]
    organization_name: Mapped[str]
    frequency: Mapped[str]
    interval_days: Mapped[int | None]
    metadata_modified: Mapped[datetime | None]
    updated_at: Mapped[datetime | None]
    resources: Mapped[int]
    formats: Mapped[list[str]]
    machine_readable: Mapped[bool]
    passport_gaps: Mapped[list[str]]
    checked_at: Mapped[datetime]


class Snapshot(tk.BaseModel):
    """One attempt to read the other portal; only whole ones replace the copies."""

    __table__ = sa.Table(
        "actionplan_snapshot",
        tk.BaseModel.metadata,
        text("id", key=True),
        text("url", default=None),
        sa.Column("started_at", Timestamp, nullable=False),
        sa.Column("finished_at", Timestamp),
        text("state", default=None),
        count("datasets"),
        text("error"),
        sa.Index("ix_actionplan_snapshot_finished_at", "state", "finished_at"),
    )
    id: Mapped[str]
    url: Mapped[str]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    state: Mapped[str]
    datasets: Mapped[int]
    error: Mapped[str]
