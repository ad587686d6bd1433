"""Plans in the search index."""

from __future__ import annotations

from typing import Any


def document(pkg_dict: dict[str, Any]) -> dict[str, Any]:
    """The document to index."""
    return pkg_dict


def search(search_params: dict[str, Any]) -> dict[str, Any]:
    """The search to run."""
    return search_params
