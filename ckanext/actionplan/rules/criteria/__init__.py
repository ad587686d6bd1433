"""The criteria of score cards: ours and those of other plugins."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ckan.plugins as p

from ...interfaces import IActionPlan
from .datasets import Harvest, Openness, Quality, Timeliness
from .plan import Plan
from .publication import Publication

if TYPE_CHECKING:
    from ..base import Criterion

__all__ = ["criteria"]


def criteria() -> dict[str, Criterion]:
    """All criteria by id; one of a plugin stands in for ours of the same id."""
    found: list[Criterion] = [
        Plan(),
        Publication(),
        Timeliness(),
        Quality(),
        Harvest(),
        Openness(),
    ]
    for plugin in p.PluginImplementations(IActionPlan):
        found.extend(plugin.get_criteria())
    return {criterion.id: criterion for criterion in found}
