"""`/compliance/organization/<name>/calendar.ics`: days of a publisher to subscribe to."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, Response
from icalendar import Calendar, Event, vDuration, vText

import ckan.plugins.toolkit as tk

from .. import clock, labels, wording
from ..core.status import Status
from ..logic import calendar, publishers
from . import export, problems
from .moved import leads_on

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from flask.typing import ResponseReturnValue

__all__ = ["actionplan_calendar"]

actionplan_calendar = Blueprint("actionplan_calendar", __name__)
problems.register(actionplan_calendar)

#: How long a program may show what it has without asking again, in seconds.
_FRESH: Final = 15 * 60
#: How often programs are asked to look for news: states turn once a day.
_REFRESH: Final = timedelta(hours=12)
_PRODUCT: Final = "-//ckanext-actionplan//calendar//EN"
#: Letters of a title that calendars show in a line or two; the description has all.
_TITLE: Final = 160
#: What RFC 5545 keeps out of texts, and the like of it.
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
#: States that ask for nothing any more.
_SETTLED: Final = (
    Status.DONE_ON_TIME.value,
    Status.DONE_LATE.value,
    Status.NOT_APPLICABLE.value,
    Status.WITHDRAWN.value,
)


@leads_on
def read(name: str) -> ResponseReturnValue:
    """The calendar of a publisher: the same for everybody, public plans only."""
    tk.check_access("actionplan_publisher_show", {}, {"id": name})
    organization = publishers.organization(name)
    if organization["name"] != name:
        canonical = organization["name"]
        return tk.h.redirect_to("actionplan_calendar.read", name=canonical)
    found = calendar.rows(organization["id"], clock.today())
    body = _calendar(organization, found).to_ical()
    response = export.attachment(body, "text/calendar", f"{name}.ics")
    return _cached(response, found)


def _cached(response: Response, found: Sequence[dict[str, Any]]) -> Response:
    """Let programs ask whether anything is new, and not too often."""
    # CKAN would write an age of its own into the answer.
    tk.request.environ["__no_cache__"] = True
    response.cache_control.max_age = _FRESH
    response.add_etag()
    # The tag decides alone, so the date follows later: an event that is gone, as that
    # of a plan made private, makes the whole no younger.
    response.make_conditional(tk.request.environ)
    if found:
        response.last_modified = max(row["changed_at"] for row in found)
    return response


def _calendar(
    organization: dict[str, str], found: Sequence[dict[str, Any]]
) -> Calendar:
    """A calendar with an event for each obligation.

    :param found: what `logic.calendar.rows` gives.
    """
    title = tk._("Action plans: {title}").format(title=organization["title"])
    about = tk._("Last days of what the publisher owes by public plans.")
    if len(found) > calendar.LIMIT:
        count = calendar.LIMIT
        more = tk._("Only the first {count} events are shown.").format(count=count)
        about = f"{about} {more}"
    made = Calendar()
    made.add("prodid", _PRODUCT)
    made.add("version", "2.0")
    # Most programs know the names with an X only. The library escapes texts of the
    # names that it knows: these are told to be texts.
    for key, text in (
        ("name", title),
        ("x-wr-calname", title),
        ("description", about),
        ("x-wr-caldesc", about),
    ):
        made.add(key, vText(_line(text)))
    made.add("refresh-interval", vDuration(_REFRESH, {"VALUE": "DURATION"}))
    made.add("x-published-ttl", vDuration(_REFRESH))
    address = cache(_address)
    for row in found[: calendar.LIMIT]:
        made.add_component(_event(row, organization["id"], address))
    return made


def _address(plan_name: str, task_id: str) -> str:
    return tk.h.url_for(
        "actionplan_task.read", name=plan_name, task_id=task_id, _external=True
    )


def _event(
    row: dict[str, Any], organization_id: str, address: Callable[[str, str], str]
) -> Event:
    changed: datetime = row["changed_at"]
    due_on: date = row["due_on"]
    cancelled = row["status"] == Status.WITHDRAWN.value
    event = Event()
    event.add("uid", row["id"])
    # Without a method both say when the event was changed last.
    event.add("dtstamp", changed.astimezone(timezone.utc))
    event.add("last-modified", changed.astimezone(timezone.utc))
    event.add("sequence", row["revision"])
    event.add("dtstart", due_on)
    event.add("dtend", due_on + timedelta(days=1))
    event.add("summary", _summary(row))
    event.add("description", "\n".join(_description(row, organization_id)))
    event.add("url", address(row["plan_name"], row["task_id"]))
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    # A last day takes nobody's time.
    event.add("transp", "TRANSPARENT")
    event.add("class", "PUBLIC")
    if row["topic"]:
        event.add("categories", [_line(labels.text("topic", row["topic"]))])
    return event


def _summary(row: dict[str, Any]) -> str:
    """Number, title and period; a sign before what is done or gone, as on pages."""
    title = _line(row["title"]) or tk._("task without a text")
    text = f"{_line(row['number'])} {_short(title)}".strip()
    occasion = _line(wording.occasion(row))
    if occasion:
        text = f"{text} ({occasion})"
    settled = row["status"] in _SETTLED
    return f"{labels.status(row['status']).sign} {text}" if settled else text


def _short(title: str) -> str:
    if len(title) <= _TITLE:
        return title
    # A title without blanks is cut in the middle of its word.
    return f"{title[:_TITLE].rsplit(' ', 1)[0].rstrip(',;:. ')}…"


def _description(row: dict[str, Any], organization_id: str) -> Iterator[str]:
    """What the page of the publisher says of an obligation, line by line."""
    title = _line(row["title"])
    if len(title) > _TITLE:
        yield title
    yield _pair(tk._("State"), labels.status(row["status"]).word)
    if row["withdrawn_by"]:
        act = _line(row["withdrawn_by"])
        yield tk._("withdrawn by {act}").format(act=act)
    yield _pair(tk._("Deadline as printed"), _line(row["deadline"]) or tk._("empty"))
    yield _pair(tk._("Due on"), wording.day(row["due_on"]))
    if row["due_before"]:
        yield _moved(row)
    yield _pair(tk._("Plan"), _line(row["plan_title"]) or row["plan_name"])
    if row["organization_id"] != organization_id:
        lead = _line(row["organization_title"])
        yield tk._("{organization} answers for it; this publisher takes part.").format(
            organization=lead
        )
    if row["mark"]:
        yield labels.text("mark", row["mark"])


def _moved(row: dict[str, Any]) -> str:
    day, act = wording.day(row["due_before"]), _line(row["moved_by"])
    if act:
        return tk._("was {day}, moved by {act}").format(day=day, act=act)
    return tk._("was {day} before an amendment").format(day=day)


def _pair(label: str, value: str) -> str:
    return f"{label}: {value}"


def _line(text: str | None) -> str:
    """A text in one line: plans bring line breaks of every kind, and worse."""
    return " ".join(_CONTROL.sub(" ", text or "").split())


actionplan_calendar.add_url_rule(
    "/compliance/organization/<name>/calendar.ics", view_func=read
)
