"""Blueprints; `__all__` is what the blanket registers."""

from __future__ import annotations

from .admin import actionplan_admin
from .calendar import actionplan_calendar
from .compliance import compliance
from .dates import actionplan_dates
from .due import actionplan_due
from .execution_report import actionplan_execution
from .my_tasks import actionplan_my_tasks
from .participants import actionplan_participants
from .plan_export import actionplan_export
from .plan_import import actionplan_import
from .plan_proposals import actionplan_proposals
from .task import actionplan_task
from .topic import actionplan_topic

__all__ = [
    "actionplan_admin",
    "actionplan_calendar",
    "actionplan_dates",
    "actionplan_due",
    "actionplan_execution",
    "actionplan_export",
    "actionplan_import",
    "actionplan_my_tasks",
    "actionplan_participants",
    "actionplan_proposals",
    "actionplan_task",
    "actionplan_topic",
    "compliance",
]
