"""Actions, one module a noun; `__all__` is what the blanket registers."""

from __future__ import annotations

from .draft import (
    actionplan_draft_create,
    actionplan_draft_delete,
    actionplan_draft_list,
    actionplan_draft_show,
    actionplan_draft_submit,
    actionplan_draft_update,
)
from .obligation import (
    actionplan_obligation_list,
    actionplan_obligation_show,
    actionplan_report_submit,
)
from .plan import actionplan_plan_derive

__all__ = [
    "actionplan_draft_create",
    "actionplan_draft_delete",
    "actionplan_draft_list",
    "actionplan_draft_show",
    "actionplan_draft_submit",
    "actionplan_draft_update",
    "actionplan_obligation_list",
    "actionplan_obligation_show",
    "actionplan_plan_derive",
    "actionplan_report_submit",
]
