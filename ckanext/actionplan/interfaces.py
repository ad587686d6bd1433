"""What other plugins may add."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ckan.plugins as p

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .rules.base import Criterion


class IActionPlan(p.Interface):
    """Extends score cards."""

    def get_criteria(self) -> Iterable[Criterion]:
        """Criteria of score cards besides those of this extension.

        A criterion is used when a formula gives it weight; one with the id of ours
        takes its place.
        """
        return []
