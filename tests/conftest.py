"""Fixtures that need no CKAN: the pure tests run without it."""

from __future__ import annotations

from datetime import date

import pytest


@pytest.fixture
def today() -> date:
    """Return one fixed day, in the middle of a quarter: tests never ask the clock."""
    return date(2026, 11, 21)
