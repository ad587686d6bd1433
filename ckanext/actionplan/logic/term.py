"""When a plan ends whose document does not say so (decision 12)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..core import due
from ..core.errors import DueError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date


def last_deadline(dues: Iterable[str]) -> date | None:
    """The last day that any deadline names; None when none names a day.

    :param dues: of the tasks; what is no due is passed over.
    """
    days: list[date] = []
    for text in dues:
        try:
            parts = due.parse(text)
        except DueError:
            continue
        days.extend(
            part.end for part in parts if isinstance(part, due.Span) and part.end
        )
    return max(days, default=None)
