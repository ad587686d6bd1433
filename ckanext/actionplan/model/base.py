"""Columns that several tables share."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

Timestamp = sa.DateTime(timezone=True)
Json = pg.JSONB(astext_type=sa.Text())


def text(name: str, *, key: bool = False, default: str | None = "") -> sa.Column[str]:
    """A text column that is never null; empty says "nothing".

    :param key: part of the primary key, so without a default.
    :param default: what the server fills in, None when a value must be given.
    """
    if key or default is None:
        return sa.Column(name, sa.UnicodeText, primary_key=key, nullable=False)
    return sa.Column(name, sa.UnicodeText, nullable=False, server_default=default)


def count(name: str) -> sa.Column[int]:
    """A whole number that is never null and starts at zero."""
    return sa.Column(name, sa.Integer, nullable=False, server_default="0")


def flag(name: str) -> sa.Column[bool]:
    """A yes or no that starts at no."""
    return sa.Column(name, sa.Boolean, nullable=False, server_default=sa.false())
