"""plans, obligations, facts and drafts

Revision ID: 001
Revises:
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "actionplan_dataset",
        sa.Column("source", sa.UnicodeText(), nullable=False),
        sa.Column("dataset_id", sa.UnicodeText(), nullable=False),
        sa.Column("name", sa.UnicodeText(), nullable=False),
        sa.Column("title", sa.UnicodeText(), server_default="", nullable=False),
        sa.Column(
            "organization_id", sa.UnicodeText(), server_default="", nullable=False
        ),
        sa.Column(
            "organization_name", sa.UnicodeText(), server_default="", nullable=False
        ),
        sa.Column("frequency", sa.UnicodeText(), server_default="", nullable=False),
        sa.Column("interval_days", sa.Integer(), nullable=True),
        sa.Column("metadata_modified", sa.DateTime(timezone=True), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resources", sa.Integer(), server_default="0", nullable=False),
        sa.Column(
            "formats",
            postgresql.ARRAY(sa.UnicodeText()),
            server_default="{}",
            nullable=False,
        ),
        sa.Column(
            "machine_readable",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
        ),
        sa.Column(
            "passport_gaps",
            postgresql.ARRAY(sa.UnicodeText()),
            server_default="{}",
            nullable=False,
        ),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("source", "dataset_id"),
    )
    op.create_index(
        "ix_actionplan_dataset_name",
        "actionplan_dataset",
        ["source", "name"],
        unique=False,
    )
    op.create_table(
        "actionplan_draft",
        sa.Column("id", sa.UnicodeText(), nullable=False),
        sa.Column("user_id", sa.UnicodeText(), nullable=False),
        sa.Column("organization_id", sa.UnicodeText(), nullable=False),
        sa.Column("filename", sa.UnicodeText(), nullable=False),
        sa.Column("mimetype", sa.UnicodeText(), server_default="", nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("review", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "ix_actionplan_draft_user_id",
        "actionplan_draft",
        ["user_id", "changed_at"],
        unique=False,
    )
    op.create_table(
        "actionplan_obligation",
        sa.Column("id", sa.UnicodeText(), nullable=False),
        sa.Column("plan_id", sa.UnicodeText(), nullable=False),
        sa.Column("task_id", sa.UnicodeText(), nullable=False),
        sa.Column("share", sa.UnicodeText(), server_default="", nullable=False),
        sa.Column("occurrence", sa.UnicodeText(), nullable=False),
        sa.Column("organization_id", sa.UnicodeText(), nullable=False),
        sa.Column("kind", sa.UnicodeText(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_before", sa.Date(), nullable=True),
        sa.Column("reason", sa.UnicodeText(), server_default="", nullable=False),
        sa.Column("mark", sa.UnicodeText(), server_default="", nullable=False),
        sa.Column(
            "before_tracking",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
        ),
        sa.Column(
            "withdrawn", sa.Boolean(), server_default=sa.text("false"), nullable=False
        ),
        sa.Column("withdrawn_by", sa.UnicodeText(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "ix_actionplan_obligation_organization_id",
        "actionplan_obligation",
        ["organization_id", "due_on"],
        unique=False,
    )
    op.create_index(
        "ix_actionplan_obligation_plan_id",
        "actionplan_obligation",
        ["plan_id", "task_id"],
        unique=False,
    )
    op.create_table(
        "actionplan_obligation_party",
        sa.Column("obligation_id", sa.UnicodeText(), nullable=False),
        sa.Column("organization_id", sa.UnicodeText(), nullable=False),
        sa.PrimaryKeyConstraint("obligation_id", "organization_id"),
    )
    op.create_index(
        "ix_actionplan_obligation_party_organization_id",
        "actionplan_obligation_party",
        ["organization_id"],
        unique=False,
    )
    op.create_table(
        "actionplan_participant",
        sa.Column("plan_id", sa.UnicodeText(), nullable=False),
        sa.Column("organization_id", sa.UnicodeText(), nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.UnicodeText(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("plan_id", "organization_id"),
    )
    op.create_index(
        "ix_actionplan_participant_organization_id",
        "actionplan_participant",
        ["organization_id"],
        unique=False,
    )
    op.create_table(
        "actionplan_plan",
        sa.Column("id", sa.UnicodeText(), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=True),
        sa.Column("period_end", sa.Date(), nullable=True),
        sa.Column("in_force_from", sa.Date(), nullable=True),
        sa.Column("in_force_until", sa.Date(), nullable=True),
        sa.Column("tracked_from", sa.Date(), nullable=True),
        sa.Column(
            "reviewing_organization_id",
            sa.UnicodeText(),
            server_default="",
            nullable=False,
        ),
        sa.Column("tasks", sa.Integer(), server_default="0", nullable=False),
        sa.Column(
            "unmapped_executors", sa.Integer(), server_default="0", nullable=False
        ),
        sa.Column(
            "derived_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "actionplan_report",
        sa.Column("obligation_id", sa.UnicodeText(), nullable=False),
        sa.Column("state", sa.UnicodeText(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("note", sa.UnicodeText(), server_default="", nullable=False),
        sa.Column("link", sa.UnicodeText(), server_default="", nullable=False),
        sa.Column("comment", sa.UnicodeText(), server_default="", nullable=False),
        sa.Column("author_id", sa.UnicodeText(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("obligation_id"),
    )
    op.create_table(
        "actionplan_report_event",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("obligation_id", sa.UnicodeText(), nullable=False),
        sa.Column("state", sa.UnicodeText(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("note", sa.UnicodeText(), server_default="", nullable=False),
        sa.Column("link", sa.UnicodeText(), server_default="", nullable=False),
        sa.Column("comment", sa.UnicodeText(), server_default="", nullable=False),
        sa.Column("author_id", sa.UnicodeText(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "ix_actionplan_report_event_obligation_id",
        "actionplan_report_event",
        ["obligation_id", "changed_at"],
        unique=False,
    )
    op.create_table(
        "actionplan_snapshot",
        sa.Column("id", sa.UnicodeText(), nullable=False),
        sa.Column("url", sa.UnicodeText(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.UnicodeText(), nullable=False),
        sa.Column("datasets", sa.Integer(), server_default="0", nullable=False),
        sa.Column("error", sa.UnicodeText(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "ix_actionplan_snapshot_finished_at",
        "actionplan_snapshot",
        ["state", "finished_at"],
        unique=False,
    )
    op.create_table(
        "actionplan_standing",
        sa.Column("organization_id", sa.UnicodeText(), nullable=False),
        sa.Column("period", sa.UnicodeText(), nullable=False),
        sa.Column("tasks_due", sa.Integer(), server_default="0", nullable=False),
        sa.Column("tasks_done", sa.Integer(), server_default="0", nullable=False),
        sa.Column("tasks_overdue", sa.Integer(), server_default="0", nullable=False),
        sa.Column("tasks_unresolved", sa.Integer(), server_default="0", nullable=False),
        sa.Column("tasks_to_confirm", sa.Integer(), server_default="0", nullable=False),
        sa.Column("tasks_upcoming", sa.Integer(), server_default="0", nullable=False),
        sa.Column("datasets", sa.Integer(), server_default="0", nullable=False),
        sa.Column("datasets_on_time", sa.Integer(), server_default="0", nullable=False),
        sa.Column("datasets_judged", sa.Integer(), server_default="0", nullable=False),
        sa.Column("upstream_present", sa.Integer(), server_default="0", nullable=False),
        sa.Column("upstream_judged", sa.Integer(), server_default="0", nullable=False),
        sa.Column(
            "counts",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="{}",
            nullable=False,
        ),
        sa.Column("total", sa.Numeric(precision=5, scale=1), nullable=True),
        sa.Column("refreshed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "period"),
    )
    op.create_table(
        "actionplan_task",
        sa.Column("plan_id", sa.UnicodeText(), nullable=False),
        sa.Column("id", sa.UnicodeText(), nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("number", sa.UnicodeText(), server_default="", nullable=False),
        sa.Column("section", sa.UnicodeText(), server_default="", nullable=False),
        sa.Column("principle", sa.UnicodeText(), server_default="", nullable=False),
        sa.Column("topic", sa.UnicodeText(), server_default="", nullable=False),
        sa.Column("title", sa.UnicodeText(), server_default="", nullable=False),
        sa.Column("deadline", sa.UnicodeText(), server_default="", nullable=False),
        sa.Column("due", sa.UnicodeText(), server_default="", nullable=False),
        sa.Column("indicator", sa.UnicodeText(), server_default="", nullable=False),
        sa.Column("executors", sa.UnicodeText(), server_default="", nullable=False),
        sa.Column("performed", sa.UnicodeText(), server_default="", nullable=False),
        sa.Column("continuity", sa.UnicodeText(), server_default="", nullable=False),
        sa.Column("measure", sa.UnicodeText(), server_default="", nullable=False),
        sa.Column("target", sa.UnicodeText(), server_default="", nullable=False),
        sa.Column("withdrawn_by", sa.UnicodeText(), server_default="", nullable=False),
        sa.Column("note", sa.UnicodeText(), server_default="", nullable=False),
        sa.Column(
            "removed", sa.Boolean(), server_default=sa.text("false"), nullable=False
        ),
        sa.PrimaryKeyConstraint("plan_id", "id"),
    )
    op.create_index(
        "ix_actionplan_task_topic", "actionplan_task", ["topic"], unique=False
    )


def downgrade() -> None:
    op.drop_index("ix_actionplan_task_topic", table_name="actionplan_task")
    op.drop_table("actionplan_task")
    op.drop_table("actionplan_standing")
    op.drop_index(
        "ix_actionplan_snapshot_finished_at", table_name="actionplan_snapshot"
    )
    op.drop_table("actionplan_snapshot")
    op.drop_index(
        "ix_actionplan_report_event_obligation_id", table_name="actionplan_report_event"
    )
    op.drop_table("actionplan_report_event")
    op.drop_table("actionplan_report")
    op.drop_table("actionplan_plan")
    op.drop_index(
        "ix_actionplan_participant_organization_id", table_name="actionplan_participant"
    )
    op.drop_table("actionplan_participant")
    op.drop_index(
        "ix_actionplan_obligation_party_organization_id",
        table_name="actionplan_obligation_party",
    )
    op.drop_table("actionplan_obligation_party")
    op.drop_index(
        "ix_actionplan_obligation_plan_id", table_name="actionplan_obligation"
    )
    op.drop_index(
        "ix_actionplan_obligation_organization_id", table_name="actionplan_obligation"
    )
    op.drop_table("actionplan_obligation")
    op.drop_index("ix_actionplan_draft_user_id", table_name="actionplan_draft")
    op.drop_table("actionplan_draft")
    op.drop_index("ix_actionplan_dataset_name", table_name="actionplan_dataset")
    op.drop_table("actionplan_dataset")
