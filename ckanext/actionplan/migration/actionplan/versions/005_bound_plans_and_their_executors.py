"""plans that have bound somebody, and whom executors stood for

Revision ID: 005
Revises: 004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "005"
down_revision = "004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("actionplan_plan", sa.Column("bound_on", sa.Date()))
    # Null for plans that were derived before: their former mapping is not known.
    op.add_column("actionplan_plan", sa.Column("executors", JSONB()))
    op.execute(
        """
        UPDATE actionplan_plan AS plan
        SET bound_on = current_date
        FROM package
        WHERE package.id = plan.id
            AND NOT package.private
            AND plan.in_force_from <= current_date
            AND (plan.in_force_until IS NULL OR plan.in_force_until >= current_date)
        """
    )


def downgrade() -> None:
    op.drop_column("actionplan_plan", "executors")
    op.drop_column("actionplan_plan", "bound_on")
