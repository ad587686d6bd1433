"""Actions, one module a noun; `__all__` is what the blanket registers."""

from __future__ import annotations

from .obligation import (
    actionplan_obligation_list,
    actionplan_obligation_show,
    actionplan_report_submit,
)
from .plan import actionplan_plan_derive

__all__ = [
    "actionplan_obligation_list",
    "actionplan_obligation_show",
    "actionplan_plan_derive",
    "actionplan_report_submit",
]
