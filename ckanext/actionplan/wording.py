"""Dates, periods and numbers in the reader's language."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time
from babel.numbers import format_decimal
from flask_babel import get_locale

import ckan.plugins.toolkit as tk

from . import clock
from .core.obligation import Kind
from .core.period import LENGTHS, Period, PeriodError

if TYPE_CHECKING:
    from collections.abc import Mapping


YEAR: Final = LENGTHS[-1]


def _locale() -> Locale:
    """The reader's language; the default one outside of a request."""
    return get_locale() or Locale("en")


def as_day(value: date | str | None) -> date | None:
    """A date from what an action gives; None when there is none."""
    if isinstance(value, datetime):
        return value.astimezone(ZoneInfo(clock.zone_name())).date()
    if isinstance(value, str):
        return as_day(datetime.fromisoformat(value)) if "T" in value else _iso(value)
    return value


def _iso(value: str) -> date | None:
    return date.fromisoformat(value) if value else None


def day(value: date | str | None) -> str:
    """A date as the reader's language writes it, empty for none."""
    found = as_day(value)
    # A narrow space before the year sign reads as none in many fonts.
    text = format_date(found, "medium", locale=_locale()) if found else ""
    return text.replace("\u202f", "\u00a0")


def moment(value: datetime | str | None) -> str:
    """A date and a time of day in the portal's zone, empty for none."""
    if not value:
        return ""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    if value.tzinfo:
        value = value.astimezone(ZoneInfo(clock.zone_name()))
    return f"{day(value)}, {_time(value)}"


def time(value: datetime) -> str:
    """A time of day in the portal's zone.

    :param value: an aware moment.
    """
    return _time(value.astimezone(ZoneInfo(clock.zone_name())))


def _time(value: datetime) -> str:
    # The seconds matter to nobody here.
    text = format_time(value, "short", locale=_locale())
    return text.replace("\u202f", "\u00a0")


def number(value: float | None, digits: int = 1) -> str:
    """A number as the reader's language writes it, without needless zeros.

    :param digits: the most digits after the point
    """
    if value is None:
        return ""
    return format_decimal(round(float(value), digits), locale=_locale())


def percent(part: float | None, whole: float | None) -> int | None:
    """Percent of a whole, rounded down: what is short of its target stays short.

    :returns: 0 to 100, None when there is nothing to divide by
    """
    if part is None or not whole:
        return None
    return max(0, min(100, int(100 * float(part) / float(whole))))


def period(name: str) -> str:
    """A period such as `2026-Q3` in words; other texts have none.

    :returns: empty for an occurrence that is no calendar period
    """
    try:
        found = Period.parse(name)
    except PeriodError:
        return ""
    year = found.start.year
    if found.months == YEAR:
        # Translators: a whole year as a period: “confirm 2026, by 31 Dec 2026”.
        return tk._("{year}").format(year=year)
    if found.months == 1:
        return format_date(found.start, "LLLL y", locale=_locale())
    words = {
        2: tk._("2 months, {number} of {year}"),
        3: tk._("Q{number} {year}"),
        4: tk._("4 months, {number} of {year}"),
        6: tk._("half {number} of {year}"),
    }[found.months]
    return words.format(number=found.number, year=year)


def occasion(obligation: Mapping[str, Any]) -> str:
    """The period or the event that makes an obligation due, empty for a single day."""
    event: str | None = obligation.get("event_title")
    return event or period(obligation.get("occurrence") or "")


def due(obligation: Mapping[str, Any]) -> str:
    """When an obligation is due, in words."""
    last_day = day(obligation.get("due_on"))
    if not last_day:
        return tk._("no date")
    occurrence = occasion(obligation)
    if obligation.get("kind") == Kind.CONFIRMATION.value:
        if occurrence:
            return tk._("confirm {period}, by {day}").format(
                period=occurrence, day=last_day
            )
        return tk._("confirm by {day}").format(day=last_day)
    if occurrence:
        return tk._("{period}, by {day}").format(period=occurrence, day=last_day)
    return tk._("by {day}").format(day=last_day)


def days_past(days: int | None) -> str:
    """How many days have passed since the last day, empty for none."""
    if not days:
        return ""
    return tk.ungettext("{days} day", "{days} days", days).format(days=days)


def semicolons() -> bool:
    """Whether spreadsheets in the reader's language part cells by semicolons.

    They do where the comma stands in decimal numbers.
    """
    return "," in format_decimal(0.5, locale=_locale())
