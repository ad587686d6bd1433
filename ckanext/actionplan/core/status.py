"""The words for the state of an obligation, in the order of decision 18."""

from __future__ import annotations

from enum import Enum
from typing import Final


class Status(str, Enum):
    """State of an obligation on a day."""

    WITHDRAWN = "withdrawn"
    BEFORE_TRACKING = "before_tracking"
    NOT_APPLICABLE = "not_applicable"
    DONE_ON_TIME = "done_on_time"
    DONE_LATE = "done_late"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    UNRESOLVED = "unresolved"
    TO_CONFIRM = "to_confirm"
    DUE = "due"
    UPCOMING = "upcoming"
    REPORTING = "reporting"
    OVERDUE = "overdue"


class ReportState(str, Enum):
    """State of a report on an obligation."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    NOT_APPLICABLE = "not_applicable"


#: What counts as done on a card; submitted counts while nobody judged it.
DONE: Final = (Status.DONE_ON_TIME, Status.DONE_LATE, Status.SUBMITTED)

#: What needs doing first stands on top (pages: a publisher).
ATTENTION: Final = (
    Status.OVERDUE,
    Status.RETURNED,
    Status.REPORTING,
    Status.DUE,
    Status.TO_CONFIRM,
    Status.UNRESOLVED,
    Status.SUBMITTED,
    Status.UPCOMING,
    Status.DONE_LATE,
    Status.DONE_ON_TIME,
    Status.NOT_APPLICABLE,
    Status.BEFORE_TRACKING,
    Status.WITHDRAWN,
)
