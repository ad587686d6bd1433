"""Tables and set-based select statements."""

from __future__ import annotations

from .change import Change
from .dataset import DatasetFact, Snapshot
from .draft import Draft
from .night import Night, NightStep
from .obligation import ObligationRow, Party, Report, ReportEvent
from .organization import CouncilMember, Merger, PublisherName
from .plan import Participant, PlanRow, TaskRow
from .portal_date import PortalDate
from .standing import Standing

__all__ = [
    "Change",
    "CouncilMember",
    "DatasetFact",
    "Draft",
    "Merger",
    "Night",
    "NightStep",
    "ObligationRow",
    "Participant",
    "Party",
    "PlanRow",
    "PortalDate",
    "PublisherName",
    "Report",
    "ReportEvent",
    "Snapshot",
    "Standing",
    "TaskRow",
]
