"""the lead of a task, so that its change can be told

Revision ID: 004
Revises: 003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "004"
down_revision = "003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Null for tasks that were derived before: their former lead is not known.
    op.add_column("actionplan_task", sa.Column("lead", sa.UnicodeText()))


def downgrade() -> None:
    op.drop_column("actionplan_task", "lead")
