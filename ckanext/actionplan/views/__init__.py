"""Blueprints; `__all__` is what the blanket registers."""

from __future__ import annotations

from .compliance import compliance
from .due import actionplan_due
from .plan_import import actionplan_import

__all__ = ["actionplan_due", "actionplan_import", "compliance"]
