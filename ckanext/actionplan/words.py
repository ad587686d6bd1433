"""Due dates in normal form as a sentence in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import flask
from babel.dates import format_date

import ckan.plugins.toolkit as tk

from . import wording
from .core import due
from .core.errors import DueError
from .core.period import QUARTER, YEAR, Period

if TYPE_CHECKING:
    from datetime import date

#: Lengths in months of periods that people call by a name.
_NAMED: Final = (1, QUARTER, 6, YEAR)
_YEAR_DAYS: Final = ((1, 1), (12, 31))


def language() -> str:
    """The reader's language, the portal's own where nobody reads: in commands, jobs."""
    # CKAN 2.11 runs its commands within a request that has no language.
    said = tk.h.lang() if flask.has_request_context() else None
    return said or tk.config["ckan.locale_default"]


def due_words(text: str) -> str:
    """A due in words: “by 1 June 2026”, “every quarter; continuously”.

    :param text: the normal form; empty while there is no date.
    :returns: the text itself when it is no due in normal form.
    """
    try:
        parts = due.parse(text)
    except DueError:
        return text
    if not parts:
        return tk._("no date yet")
    return "; ".join(_part(part) for part in parts)


def _part(part: due.Part) -> str:
    return _repeat(part) if isinstance(part, due.Repeat) else _span(part)


def _day(day: date) -> str:
    # A narrow space before the year sign reads as none in many fonts.
    return format_date(day, "long", locale=language()).replace("\u202f", "\u00a0")


def _span(span: due.Span) -> str:
    start, end = span.start, span.end
    if start and end:
        return _between(start, end)
    if end:
        return tk._("by {day}").format(day=_day(end))
    if start:
        return tk._("continuously from {day}").format(day=_day(start))
    return tk._("continuously")


def _between(start: date, end: date) -> str:
    for months in _NAMED:
        period = Period.of(start, months)
        if (period.start, period.end) == (start, end):
            return wording.period(period.name)
    if ((start.month, start.day), (end.month, end.day)) == _YEAR_DAYS:
        return tk._("{first} to {last}").format(first=start.year, last=end.year)
    return tk._("from {start} to {end}").format(start=_day(start), end=_day(end))


def _repeat(repeat: due.Repeat) -> str:
    known = {
        "P1D": lambda: tk._("every day"),
        "P1W": lambda: tk._("every week"),
        "P1M": lambda: tk._("every month"),
        "P3M": lambda: tk._("every quarter"),
        "P6M": lambda: tk._("every half-year"),
        "P1Y": lambda: tk._("every year"),
    }
    word = known.get(f"P{repeat.count}{repeat.unit}")
    if word:
        return word()
    count = repeat.count
    sentence = {
        "D": lambda: tk.ungettext("every {count} day", "every {count} days", count),
        "W": lambda: tk.ungettext("every {count} week", "every {count} weeks", count),
        "M": lambda: tk.ungettext("every {count} month", "every {count} months", count),
        "Y": lambda: tk.ungettext("every {count} year", "every {count} years", count),
    }[repeat.unit]
    return sentence().format(count=count)


def plan_words(purpose: str) -> str:
    """What CKAN's pages call a plan, where they would name a dataset.

    :param purpose: as in CKAN's helper `humanize_entity_type`.
    """
    sentences = {
        "add link": lambda: tk._("Add a plan by hand"),
        "breadcrumb": lambda: tk._("Action plans"),
        "content tab": lambda: tk._("Plan"),
        "create label": lambda: tk._("New plan"),
        "create title": lambda: tk._("New plan"),
        "delete confirmation": lambda: tk._(
            "Are you sure you want to delete this plan? Its obligations and reports "
            "disappear from all pages."
        ),
        "edit label": lambda: tk._("Edit the plan"),
        "facet label": lambda: tk._("Action plans"),
        "main nav": lambda: tk._("Action plans"),
        "my label": lambda: tk._("My plans"),
        "no any objects": lambda: tk._("There are no action plans yet."),
        "no description": lambda: tk._("The plan has no description."),
        "page title": lambda: tk._("Action plans"),
        "save label": lambda: tk._("Save the plan"),
        "search placeholder": lambda: tk._("Search plans and their tasks"),
        "update label": lambda: tk._("Save the plan"),
        "view label": lambda: tk._("View the plan"),
    }
    word = sentences.get(purpose)
    return word() if word else tk._("Action plan")
