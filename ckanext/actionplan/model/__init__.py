"""Tables and set-based select statements."""

from __future__ import annotations

from .dataset import DatasetFact, Snapshot
from .draft import Draft
from .obligation import ObligationRow, Party, Report, ReportEvent
from .plan import Participant, PlanRow, TaskRow
from .standing import Standing

__all__ = [
    "DatasetFact",
    "Draft",
    "ObligationRow",
    "Participant",
    "Party",
    "PlanRow",
    "Report",
    "ReportEvent",
    "Snapshot",
    "Standing",
    "TaskRow",
]
