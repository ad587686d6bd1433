"""Portal-wide dates: days of events that reviewers set once for all plans.

A task whose deadline names no day ("at the prescribed times") owes nothing until a
person gives a day in its plan, or until a date set here speaks of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from ckan import model
from ckan.model.package import package_table

from ..core.event import Event
from ..model import ObligationRow, PortalDate, Report, TaskRow
from ..model.status import obligations, visible_plans

if TYPE_CHECKING:
    from datetime import date

    from ..model.status import Window
    from .viewer import Viewer

#: What an occurrence made by a date is called: `event-<id of the date>`.
PREFIX: Final = "event-"
#: What stands around words and is none of them.
PUNCTUATION: Final = ' .,;:!?()[]«»“”„"…–—-'
#: The most words that are proposed for a wording.
_WORDS: Final = 12

_date = PortalDate.__table__
_task = TaskRow.__table__
_owed = ObligationRow.__table__


@dataclass(frozen=True, slots=True)
class Judged:
    """By which day, and by which settings, states are told."""

    as_of: date
    window: Window


def events() -> tuple[Event, ...]:
    """All dates that hold, for the rules; one statement."""
    rows = model.Session.execute(
        sa.select(_date.c.id, _date.c.topic, _date.c.words, _date.c.due_on)
        .where(_date.c.removed.is_(False))
        .order_by(_date.c.due_on, _date.c.id)
    )
    return tuple(Event(row.id, row.topic, row.words, row.due_on) for row in rows)


def of_day(day: date, but: str = "") -> list[tuple[str, Event]]:
    """Titles and events of the dates that hold on a day; one statement.

    :param but: id of a date to leave out.
    """
    rows = model.Session.execute(
        sa.select(_date)
        .where(_date.c.removed.is_(False), _date.c.due_on == day, _date.c.id != but)
        .order_by(_date.c.title, _date.c.id)
    )
    return [
        (row.title, Event(row.id, row.topic, row.words, row.due_on)) for row in rows
    ]


def proposed_words(wording: str) -> str:
    """The words by which tasks of one wording are found, without its punctuation."""
    found = (word.strip(PUNCTUATION) for word in wording.split())
    return " ".join([word for word in found if word][:_WORDS])


def next_title(title: str) -> str:
    """A title with its years moved on by one: “Score card for 2025”."""
    return re.sub(r"\b20\d\d\b", lambda year: str(int(year[0]) + 1), title)


def next_day(day: date) -> date:
    """The same day of the next year."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)


def dictize(row: Any) -> dict[str, Any]:
    """A date as the actions give it; who set it is not told."""
    return {
        "id": row.id,
        "title": row.title,
        "topic": row.topic,
        "words": row.words,
        "due_on": row.due_on.isoformat(),
        "removed": row.removed,
        "changed_at": row.changed_at.isoformat(),
    }


def listed(
    viewer: Viewer, *, removed: bool | None = False, date_id: str = ""
) -> list[dict[str, Any]]:
    """Dates with how many tasks and plans each ties; one statement.

    :param removed: those that were taken back instead of those that hold; None: both.
    :param date_id: only this one; empty: all.
    """
    tied = (
        sa.select(
            _owed.c.occurrence,
            sa.func.count(sa.distinct(_owed.c.plan_id)).label("plans"),
            sa.func.count(
                sa.distinct(sa.tuple_(_owed.c.plan_id, _owed.c.task_id))
            ).label("tasks"),
        )
        .select_from(_owed.join(_task, _on_open_task()))
        .join(package_table, package_table.c.id == _owed.c.plan_id)
        .where(
            _owed.c.occurrence.startswith(PREFIX, autoescape=True),
            _owed.c.withdrawn.is_(False),
            visible_plans(viewer.private_of),
        )
        .group_by(_owed.c.occurrence)
        .subquery("tied")
    )
    statement = (
        sa.select(_date, tied.c.plans, tied.c.tasks)
        .outerjoin(tied, tied.c.occurrence == sa.literal(PREFIX) + _date.c.id)
        .order_by(_date.c.due_on.desc(), _date.c.title, _date.c.id)
    )
    if removed is not None:
        statement = statement.where(_date.c.removed.is_(removed))
    if date_id:
        statement = statement.where(_date.c.id == date_id)
    return [
        {**dictize(row), "plans": row.plans or 0, "tasks": row.tasks or 0}
        for row in model.Session.execute(statement)
    ]


def tied(
    viewer: Viewer, date_id: str, scope: Judged, *, limit: int, offset: int = 0
) -> list[dict[str, Any]]:
    """Tasks that a date ties, with their obligations by state; one statement.

    :param scope: the day to judge by and what the portal sets for states.
    :param limit: the most tasks to give, after those left out by `offset`.
    :returns: dicts with plan, task and `statuses` (how many obligations in each).
    """
    owed = (
        obligations(scope.as_of, scope.window, private_of=viewer.private_of)
        .where(
            _owed.c.occurrence == f"{PREFIX}{date_id}",
            _owed.c.withdrawn.is_(False),
            _task.c.due == "",
        )
        .subquery("owed")
    )
    counted = (
        sa.select(
            owed.c.plan_id, owed.c.task_id, owed.c.status, sa.func.count().label("n")
        )
        .group_by(owed.c.plan_id, owed.c.task_id, owed.c.status)
        .subquery("counted")
    )
    on_task = sa.and_(
        _task.c.plan_id == counted.c.plan_id, _task.c.id == counted.c.task_id
    )
    statement = (
        sa.select(
            *texts(),
            sa.func.jsonb_object_agg(counted.c.status, counted.c.n).label("statuses"),
        )
        .select_from(
            counted.join(_task, on_task).join(
                package_table, package_table.c.id == counted.c.plan_id
            )
        )
        .group_by(_task.c.plan_id, _task.c.id, package_table.c.id)
        .order_by(package_table.c.title, package_table.c.id, _task.c.position)
        .limit(limit)
        .offset(offset)
    )
    return [dict(row) for row in model.Session.execute(statement).mappings()]


def lock() -> None:
    """Let changes of dates follow one another until the transaction ends."""
    key = sa.func.hashtext(_date.name)
    model.Session.execute(sa.select(sa.func.pg_advisory_xact_lock(key)))


def reports_count(date_id: str) -> int:
    """How many reports stand on obligations that a date made due."""
    report = Report.__table__
    reported = report.join(_owed, _owed.c.id == report.c.obligation_id)
    return model.Session.execute(
        sa.select(sa.func.count())
        .select_from(reported.join(_task, _on_open_task()))
        .where(_owed.c.occurrence == f"{PREFIX}{date_id}", _owed.c.withdrawn.is_(False))
    ).scalar_one()


def _on_open_task() -> Any:
    """Only tasks without a day of their own: few, so the index on plans is used."""
    return sa.and_(
        _task.c.plan_id == _owed.c.plan_id,
        _task.c.id == _owed.c.task_id,
        _task.c.due == "",
    )


def texts() -> list[Any]:
    """What a row says of a task and its plan."""
    names = ("plan_id", "number", "title", "topic", "deadline")
    return [
        _task.c.id.label("task_id"),
        *(_task.c[name] for name in names),
        package_table.c.name.label("plan_name"),
        sa.func.coalesce(
            sa.func.nullif(package_table.c.title, ""), package_table.c.name
        ).label("plan_title"),
        package_table.c.private,
    ]
