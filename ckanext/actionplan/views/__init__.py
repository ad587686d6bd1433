"""Blueprints; `__all__` is what the blanket registers."""

from __future__ import annotations

from .compliance import compliance

__all__ = ["compliance"]
