"""Receivers of CKAN's signals."""

from __future__ import annotations

from typing import Any


def get_subscriptions() -> dict[Any, Any]:
    """Signals and their receivers."""
    return {}
