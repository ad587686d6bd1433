"""Derived rows of plans."""

from __future__ import annotations

from typing import Any


def package_saved(pkg_dict: dict[str, Any]) -> None:
    """Derive the obligations of a saved plan."""
