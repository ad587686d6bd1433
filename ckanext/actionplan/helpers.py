"""Template helpers; they run no queries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import labels, wording

if TYPE_CHECKING:
    from datetime import date, datetime


def actionplan_status(key: str) -> labels.Label:
    """Sign and word of an obligation's state."""
    return labels.status(key)


def actionplan_presence(key: str) -> labels.Label:
    """Sign and word of a dataset's presence on the upstream."""
    return labels.presence(key)


def actionplan_freshness(on_time: bool | None) -> labels.Label:
    """Sign and word of a dataset's age."""
    return labels.freshness(on_time)


def actionplan_text(kind: str, key: str) -> str:
    """Words for a key: a reason, mark, topic, criterion, frequency and so on."""
    return labels.text(kind, key)


def actionplan_day(value: date | str | None) -> str:
    """A date in the reader's language."""
    return wording.day(value)


def actionplan_moment(value: datetime | str | None) -> str:
    """A date and time of day in the portal's zone and the reader's language."""
    return wording.moment(value)


def actionplan_number(value: float | None, digits: int = 1) -> str:
    """A number in the reader's language."""
    return wording.number(value, digits)


def actionplan_percent(part: float | None, whole: float | None) -> int | None:
    """Percent of a whole, rounded down; None when nothing is measured."""
    return wording.percent(part, whole)


def actionplan_period(name: str) -> str:
    """A period such as `2026-Q3` in words."""
    return wording.period(name)


def actionplan_due(obligation: dict[str, Any]) -> str:
    """When an obligation is due, in words."""
    return wording.due(obligation)


def actionplan_days_past(days: int | None) -> str:
    """How many days have passed since the last day."""
    return wording.days_past(days)


def actionplan_separator() -> str | None:
    """The separator of CSV that spreadsheets in the reader's language expect.

    :returns: None for the comma, which needs no naming
    """
    return "semicolon" if wording.semicolons() else None
