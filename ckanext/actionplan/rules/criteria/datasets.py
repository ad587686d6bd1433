"""Criteria over public datasets: on time, complete, there, with a contact."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from ...model import presence
from ...model.facts import (
    datasets,
    days_late,
    fact,
    of_organizations,
    package,
    public,
)
from ...model.presence import Presence
from ..base import Criterion, row

if TYPE_CHECKING:
    from ..base import Scope

_CONTACT: Final = ("maintainer", "maintainer_email")


def _select(scope: Scope, counted: Any, urgency: Any, joined: Any) -> sa.Select[Any]:
    """Public datasets as the rows of a criterion."""
    columns = (package.c.id, package.c.name, package.c.title)
    return (
        sa.select(
            *row(
                package.c.owner_org,
                "dataset",
                columns,
                counted=counted,
                urgency=urgency,
            )
        )
        .select_from(joined)
        .where(public(), of_organizations(scope.organization_ids, package.c.owner_org))
    )


class Timeliness(Criterion):
    """Datasets updated within their declared frequency; without one not judged."""

    id = "timeliness"

    def rows(self, scope: Scope) -> sa.Select[Any]:
        """Datasets with an interval: see the base class."""
        late = days_late(scope.as_of, scope.window.zone)
        found = _select(scope, late <= 0, -late, datasets(scope.dataset_types))
        return found.where(late.is_not(None))


class Quality(Criterion):
    """Datasets with a complete passport and a machine-readable resource."""

    id = "quality"
    nothing = "no_datasets"

    def rows(self, scope: Scope) -> sa.Select[Any]:
        """All public datasets: see the base class."""
        gaps = sa.func.cardinality(fact.c.passport_gaps)
        complete = sa.and_(gaps == 0, fact.c.machine_readable)
        return _select(scope, complete, gaps, datasets(scope.dataset_types))


class Harvest(Criterion):
    """Datasets whose up-to-date copy is on the upstream."""

    id = "harvest"
    nothing = "too_new"

    def why_not(self, scope: Scope) -> str:
        """No upstream, no snapshot of it, or one that is too old."""
        return scope.upstream.reason

    def rows(self, scope: Scope) -> sa.Select[Any] | None:
        """Datasets that the upstream has had time to take: see the base class."""
        if scope.upstream.reason:
            return None
        state = presence.presence_case(scope.upstream.cutoff)
        found = _select(
            scope,
            state == Presence.PRESENT.value,
            sa.case((state == Presence.MISSING.value, 0), else_=1),
            presence.joined(scope.dataset_types),
        )
        return found.where(state != Presence.NOT_MEASURED.value)


class Openness(Criterion):
    """Datasets that name a responsible person and an address."""

    id = "openness"
    nothing = "no_datasets"

    def rows(self, scope: Scope) -> sa.Select[Any]:
        """All public datasets: see the base class."""
        contact = sa.literal(list(_CONTACT), pg.ARRAY(sa.UnicodeText))
        named = sa.not_(fact.c.passport_gaps.overlap(contact))
        urgency = sa.case((named, 1), else_=0)
        return _select(scope, named, urgency, datasets(scope.dataset_types))
