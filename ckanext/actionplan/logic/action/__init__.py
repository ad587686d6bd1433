"""Actions, one module a noun; `__all__` is what the blanket registers."""

from __future__ import annotations

from .dataset import actionplan_dataset_rebuild
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
from .package import package_list
from .plan import actionplan_plan_derive
from .publisher import (
    actionplan_publisher_list,
    actionplan_publisher_show,
    actionplan_standing_refresh,
)
from .upstream import actionplan_upstream_refresh, actionplan_upstream_show

__all__ = [
    "actionplan_dataset_rebuild",
    "actionplan_draft_create",
    "actionplan_draft_delete",
    "actionplan_draft_list",
    "actionplan_draft_show",
    "actionplan_draft_submit",
    "actionplan_draft_update",
    "actionplan_obligation_list",
    "actionplan_obligation_show",
    "actionplan_plan_derive",
    "actionplan_publisher_list",
    "actionplan_publisher_show",
    "actionplan_report_submit",
    "actionplan_standing_refresh",
    "actionplan_upstream_refresh",
    "actionplan_upstream_show",
    "package_list",
]
