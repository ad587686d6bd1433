"""confirmed participants, changes, portal-wide dates, mergers, nightly runs

Revision ID: 003
Revises: 002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "003"
down_revision = "002"
branch_labels = None
depends_on = None

TABLES = (
    "actionplan_change",
    "actionplan_portal_date",
    "actionplan_council_member",
    "actionplan_publisher_name",
    "actionplan_merger",
    "actionplan_night",
    "actionplan_night_step",
)


def _text(name: str, default: str | None = "") -> sa.Column[str]:
    return sa.Column(name, sa.UnicodeText(), server_default=default, nullable=False)


def _moment(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.add_column("actionplan_plan", _text("replaces"))
    op.add_column("actionplan_participant", sa.Column("owes_from", sa.Date()))
    op.add_column("actionplan_obligation", sa.Column("owes_from", sa.Date()))
    # Who was bound before there were confirmations stays bound.
    op.execute(
        "UPDATE actionplan_participant SET confirmed_at = now() "
        "WHERE confirmed_at IS NULL"
    )
    _create_changes()
    _create_portal_dates()
    _create_organizations()
    _create_nights()


def _create_changes() -> None:
    op.create_table(
        "actionplan_change",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        _text("plan_id", None),
        _text("task_id"),
        _text("kind", None),
        _text("field", None),
        _text("before"),
        _text("after"),
        _text("act"),
        _text("author_id"),
        _moment("changed_at"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "ix_actionplan_change_plan_id", "actionplan_change", ["plan_id", "task_id"]
    )


def _create_portal_dates() -> None:
    op.create_table(
        "actionplan_portal_date",
        _text("id", None),
        _text("title", None),
        _text("topic"),
        _text("words"),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "removed", sa.Boolean(), server_default=sa.text("false"), nullable=False
        ),
        _text("author_id"),
        _moment("created_at"),
        _moment("changed_at"),
        sa.PrimaryKeyConstraint("id"),
    )


def _create_organizations() -> None:
    op.create_table(
        "actionplan_council_member",
        _text("council_id", None),
        _text("organization_id", None),
        _text("added_by"),
        _moment("added_at"),
        sa.PrimaryKeyConstraint("council_id", "organization_id"),
    )
    op.create_index(
        "ix_actionplan_council_member_organization_id",
        "actionplan_council_member",
        ["organization_id"],
    )
    op.create_table(
        "actionplan_publisher_name",
        _text("name", None),
        _text("organization_id", None),
        _moment("seen_at"),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_index(
        "ix_actionplan_publisher_name_organization_id",
        "actionplan_publisher_name",
        ["organization_id"],
    )
    op.create_table(
        "actionplan_merger",
        _text("old_id", None),
        _text("new_id", None),
        sa.Column("merged_from", sa.Date(), nullable=False),
        _text("author_id"),
        _moment("changed_at"),
        sa.PrimaryKeyConstraint("old_id"),
    )
    op.create_index("ix_actionplan_merger_new_id", "actionplan_merger", ["new_id"])


def _create_nights() -> None:
    op.create_table(
        "actionplan_night",
        sa.Column("night_on", sa.Date(), nullable=False),
        _moment("started_at"),
        _moment("finished_at", nullable=True),
        sa.PrimaryKeyConstraint("night_on"),
    )
    op.create_table(
        "actionplan_night_step",
        sa.Column("night_on", sa.Date(), nullable=False),
        _text("name", None),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        _text("state", None),
        sa.Column("done", sa.Integer(), server_default="0", nullable=False),
        _text("message"),
        _moment("started_at"),
        _moment("finished_at", nullable=True),
        sa.PrimaryKeyConstraint("night_on", "name"),
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_column("actionplan_obligation", "owes_from")
    op.drop_column("actionplan_participant", "owes_from")
    op.drop_column("actionplan_plan", "replaces")
