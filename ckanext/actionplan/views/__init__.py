"""Blueprints; `__all__` is what the blanket registers."""

from __future__ import annotations

__all__: list[str] = []
