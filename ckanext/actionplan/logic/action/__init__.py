"""Actions, one module a noun; `__all__` is what the blanket registers."""

from __future__ import annotations

from .admin import (
    actionplan_doctor_show,
    actionplan_night_run,
    actionplan_night_show,
)
from .dataset import actionplan_dataset_rebuild
from .draft import (
    actionplan_draft_create,
    actionplan_draft_delete,
    actionplan_draft_list,
    actionplan_draft_show,
    actionplan_draft_submit,
    actionplan_draft_update,
)
from .execution import actionplan_execution_show
from .my_task import actionplan_my_task_list
from .obligation import (
    actionplan_obligation_list,
    actionplan_obligation_show,
    actionplan_report_submit,
)
from .organization import (
    actionplan_publisher_merge,
    group_delete,
    group_purge,
    group_update,
    organization_delete,
    organization_purge,
    organization_update,
)
from .package import package_list
from .participant import (
    actionplan_council_show,
    actionplan_council_update,
    actionplan_participant_confirm,
    actionplan_participant_list,
)
from .plan import actionplan_plan_derive
from .portal_date import (
    actionplan_portal_date_create,
    actionplan_portal_date_delete,
    actionplan_portal_date_list,
    actionplan_portal_date_match,
    actionplan_portal_date_show,
    actionplan_portal_date_update,
    actionplan_wording_list,
)
from .publisher import (
    actionplan_publisher_list,
    actionplan_publisher_show,
    actionplan_standing_refresh,
)
from .task import actionplan_change_list, actionplan_task_show
from .topic import actionplan_topic_show
from .upstream import actionplan_upstream_refresh, actionplan_upstream_show

__all__ = [
    "actionplan_change_list",
    "actionplan_council_show",
    "actionplan_council_update",
    "actionplan_dataset_rebuild",
    "actionplan_doctor_show",
    "actionplan_draft_create",
    "actionplan_draft_delete",
    "actionplan_draft_list",
    "actionplan_draft_show",
    "actionplan_draft_submit",
    "actionplan_draft_update",
    "actionplan_execution_show",
    "actionplan_my_task_list",
    "actionplan_night_run",
    "actionplan_night_show",
    "actionplan_obligation_list",
    "actionplan_obligation_show",
    "actionplan_participant_confirm",
    "actionplan_participant_list",
    "actionplan_plan_derive",
    "actionplan_portal_date_create",
    "actionplan_portal_date_delete",
    "actionplan_portal_date_list",
    "actionplan_portal_date_match",
    "actionplan_portal_date_show",
    "actionplan_portal_date_update",
    "actionplan_publisher_list",
    "actionplan_publisher_merge",
    "actionplan_publisher_show",
    "actionplan_report_submit",
    "actionplan_standing_refresh",
    "actionplan_task_show",
    "actionplan_topic_show",
    "actionplan_upstream_refresh",
    "actionplan_upstream_show",
    "actionplan_wording_list",
    "group_delete",
    "group_purge",
    "group_update",
    "organization_delete",
    "organization_purge",
    "organization_update",
    "package_list",
]
