"""Facts of datasets, written when a dataset is saved."""

from __future__ import annotations

from typing import Any


def package_saved(pkg_dict: dict[str, Any]) -> None:
    """Write the facts of one dataset."""
