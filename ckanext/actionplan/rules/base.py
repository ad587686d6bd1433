"""The shape that criteria share: counts for all publishers, rows behind each."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import sqlalchemy as sa

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from ..core.period import Period
    from ..model.status import Window


@dataclass(frozen=True, slots=True)
class Upstream:
    """What may be said of the upstream.

    :param cutoff: changes after it the upstream has not had time to take; None when
        presence cannot be measured.
    :param reason: code of why it cannot, empty when it can.
    """

    cutoff: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """What is counted: the day, the portal's settings, whose rows.

    :param as_of: the day to judge by, in the portal's zone.
    :param period: the period of the card.
    :param dataset_types: types of packages that count as datasets.
    :param organization_ids: only rows of these organizations; None: of all.
    """

    as_of: date
    period: Period
    window: Window
    dataset_types: tuple[str, ...]
    upstream: Upstream
    organization_ids: tuple[str, ...] | None = None


class Criterion(ABC):
    """One thing a card measures, of public rows only (decision 14).

    Plugins add their own through `IActionPlan.get_criteria`; a formula gives them
    weight and texts.
    """

    #: Id by which formulas name it.
    id: ClassVar[str]
    #: Code of the reason when a publisher has nothing to count; `labels.py` has words.
    nothing: ClassVar[str] = "nothing_judged"

    def why_not(self, scope: Scope) -> str:
        """Code of the reason why nobody is measured, empty when it is measured."""
        del scope
        return ""

    @abstractmethod
    def rows(self, scope: Scope) -> sa.Select[Any] | None:
        """What is judged, one row each.

        :returns: columns `organization_id`, `kind` (`obligation`, `dataset`, `item`),
            `id`, `name`, `title`, `counted` (whether it meets the criterion) and
            `urgency` (a whole number, the smallest first). None: not measured.
        """

    def counts(self, scope: Scope) -> sa.Select[Any] | None:
        """How many are judged and how many of them meet the criterion, for publishers.

        :returns: columns `organization_id`, `numerator`, `denominator`.
        """
        found = self.rows(scope)
        if found is None:
            return None
        judged = found.subquery(f"{self.id}_rows")
        return sa.select(
            judged.c.organization_id,
            sa.func.count().filter(judged.c.counted).label("numerator"),
            sa.func.count().label("denominator"),
        ).group_by(judged.c.organization_id)


def row(
    organization_id: Any,
    kind: str,
    columns: Sequence[Any],
    *,
    counted: Any,
    urgency: Any,
) -> list[Any]:
    """The columns of `Criterion.rows`.

    :param columns: id, name and title.
    """
    key, name, title = columns
    return [
        organization_id.label("organization_id"),
        sa.literal(kind).label("kind"),
        key.label("id"),
        name.label("name"),
        title.label("title"),
        counted.label("counted"),
        urgency.label("urgency"),
    ]
