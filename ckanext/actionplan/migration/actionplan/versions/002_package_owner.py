"""An index on CKAN's package table, by owner

CKAN has none, and every page and sum of one publisher asks for its packages.

Revision ID: 002
Revises: 001
"""

from __future__ import annotations

from alembic import op

revision = "002"
down_revision = "001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_actionplan_package_owner_org", "package", ["owner_org"])


def downgrade() -> None:
    op.drop_index("ix_actionplan_package_owner_org", table_name="package")
