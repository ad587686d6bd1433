"""What is counted now, by the portal's settings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ckan import model

from .. import clock, config
from ..core.period import Period
from ..model import Snapshot
from ..rules.base import Scope, Upstream
from . import obligations

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Snapshots:
    """The last attempt to read the upstream, and the last that read it whole.

    :param old: the whole one is older than the portal allows.
    """

    last: Snapshot | None
    whole: Snapshot | None
    old: bool

    def upstream(self) -> Upstream:
        """What may be said of the upstream."""
        if not config.upstream_url():
            return Upstream(reason="no_upstream")
        if self.whole is None:
            return Upstream(reason="no_snapshot")
        if self.old:
            return Upstream(reason="snapshot_old")
        grace = timedelta(days=config.presence_days())
        return Upstream(cutoff=self.whole.started_at - grace)


def snapshots(now: datetime) -> Snapshots:
    """The snapshots of the upstream that is configured; one statement.

    :param now: the moment to judge age by, aware.
    """
    table = Snapshot.__table__
    is_whole = table.c.state == "whole"
    found = model.Session.scalars(
        sa.select(Snapshot)
        .where(table.c.url == config.upstream_url())
        .distinct(is_whole)
        .order_by(is_whole, table.c.started_at.desc())
    ).all()
    whole = next((each for each in found if each.state == "whole"), None)
    last = max(found, key=lambda each: each.started_at, default=None)
    oldest = now - timedelta(days=config.snapshot_days())
    return Snapshots(last, whole, bool(whole and whole.started_at < oldest))


def current(
    organization_ids: Iterable[str] | None = None, found: Snapshots | None = None
) -> Scope:
    """What is counted today, for the current quarter.

    :param organization_ids: only rows of these organizations; None: of all.
    :param found: the snapshots, when they are known already.
    """
    today = clock.today()
    found = found or snapshots(clock.now())
    return Scope(
        as_of=today,
        period=Period.of(today),
        window=obligations.window(),
        dataset_types=tuple(config.dataset_types()),
        upstream=found.upstream(),
        organization_ids=None if organization_ids is None else tuple(organization_ids),
    )


def mappings(statement: Any) -> list[dict[str, Any]]:
    """All rows of a statement as dicts."""
    return [dict(row) for row in model.Session.execute(statement).mappings()]
