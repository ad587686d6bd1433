"""What the doctor looks at; the order is that of the page."""

from __future__ import annotations

from typing import Final

from .base import ERROR, OK, WARNING, Check, Finding
from .contents import Datasets, Facts, Frequencies, Licenses
from .installation import Migrations, Plugins, Schema, Zone
from .people import PlanReviewers, Reviewers
from .runs import Derived, LastNight, OtherPortal
from .services import Mail, Redis, Search, Sizes, Storage, Worker

__all__ = ["ERROR", "OK", "WARNING", "Check", "Finding", "checks"]

_CHECKS: Final[tuple[type[Check], ...]] = (
    Plugins,
    Schema,
    Migrations,
    Zone,
    Search,
    Redis,
    Worker,
    Storage,
    Sizes,
    Mail,
    Reviewers,
    PlanReviewers,
    Datasets,
    Facts,
    Frequencies,
    Licenses,
    OtherPortal,
    LastNight,
    Derived,
)


def checks() -> tuple[Check, ...]:
    """All checks, in order."""
    return tuple(check() for check in _CHECKS)
