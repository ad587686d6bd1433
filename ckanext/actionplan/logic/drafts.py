"""Imports in preparation: those left alone, and those open in two windows."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from .. import config
from ..model import Draft

if TYPE_CHECKING:
    from datetime import datetime


def forget_old(now: datetime) -> int:
    """Remove the drafts that were left alone too long; nothing is committed.

    :param now: the moment to judge age by, aware.
    :returns: how many were removed.
    """
    table = Draft.__table__
    oldest = now - timedelta(days=config.draft_days())
    removed = model.Session.execute(
        sa.delete(table).where(table.c.changed_at < oldest).returning(table.c.id)
    )
    return len(removed.all())


def changed_elsewhere() -> str:
    """The sentence for changes to a draft that was changed since it was opened."""
    return tk._(
        "This import was changed in another window after you opened this page. What "
        "you typed is still here and is not saved yet: look at it and save again."
    )
