"""Tasks whose deadline names no day: their wordings, and what a date would tie."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from ckan import model
from ckan.model.package import package_table

from ..core.event import Event, matches
from ..core.obligation import Reason
from ..model import ObligationRow, PlanRow, TaskRow
from ..model.status import visible_plans
from . import dates

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from .viewer import Viewer

#: Tasks named for each group of unresolved wordings.
_SAMPLES: Final = 10
_PUNCTUATION: Final = ' .,;:!?()[]«»“”„"…–—-'
_WORDS: Final = 12

_task = TaskRow.__table__
_owed = ObligationRow.__table__


def _open_tasks(private_of: Any) -> sa.Select[Any]:
    """Tasks of active plans whose deadline names no day, resolved by dates or not."""
    return (
        sa.select(*dates.texts(), _task.c.position, _task.c.indicator)
        .select_from(_task)
        .join(package_table, package_table.c.id == _task.c.plan_id)
        .where(
            _task.c.due == "",
            _task.c.withdrawn_by == "",
            _task.c.removed.is_(False),
            visible_plans(private_of),
        )
    )


def _with_terms(statement: sa.Select[Any]) -> sa.Select[Any]:
    """With the first and last day of each task's plan, null for an open side."""
    plan, replaced = PlanRow.__table__, _replaced()
    first = sa.func.coalesce(plan.c.period_start, plan.c.in_force_from)
    # Of several ends the earliest; PostgreSQL passes over missing ones.
    last = sa.func.least(plan.c.period_end, plan.c.in_force_until, replaced.c.last)
    return (
        statement.add_columns(first.label("first"), last.label("last"))
        .join(plan, plan.c.id == _task.c.plan_id)
        .outerjoin(replaced, replaced.c.plan_id == _task.c.plan_id)
    )


def _replaced() -> Any:
    """Plans that others replace, with the last day before those are in force."""
    later, package = PlanRow.__table__.alias("later"), package_table.alias("newer")
    return (
        sa.select(
            later.c.replaces.label("plan_id"),
            (sa.func.min(later.c.in_force_from) - 1).label("last"),
        )
        .join(package, package.c.id == later.c.id)
        .where(
            later.c.replaces != "",
            package.c.state == "active",
            package.c.private.is_(False),
        )
        .group_by(later.c.replaces)
        .subquery("replaced")
    )


def _unresolved(viewer: Viewer, topic: str) -> Any:
    """Open tasks that no date ties, with the key by which wordings are grouped."""
    waits = sa.exists().where(
        _owed.c.plan_id == _task.c.plan_id,
        _owed.c.task_id == _task.c.id,
        _owed.c.reason == Reason.NO_DATE.value,
        _owed.c.withdrawn.is_(False),
    )
    squeezed = sa.func.regexp_replace(_task.c.deadline, r"\s+", " ", "g")
    key = sa.func.lower(sa.func.btrim(squeezed, dates.PUNCTUATION))
    statement = _open_tasks(viewer.private_of).where(waits)
    if topic:
        statement = statement.where(_task.c.topic == topic)
    return statement.add_columns(key.label("key")).subquery("unresolved")


def wordings(
    viewer: Viewer, *, topic: str = "", page: int = 1, rows: int
) -> dict[str, Any]:
    """Unresolved wordings in groups of topic and wording, the most frequent first.

    Two statements, whatever their number.

    :param topic: only this topic; empty: all.
    :param page: number of the page, from 1; one too high gives the last.
    :param rows: groups on a page.
    :returns: `count` of groups, `page`, `pages` and `groups`; each with `topic`,
        `wording`, `words` (to tie it by), `tasks`, `plans` and some tasks as `samples`.
    """
    found = _unresolved(viewer, topic)
    number = sa.func.count()
    grouped = sa.select(
        found.c.topic,
        found.c.key,
        sa.func.min(found.c.deadline).label("wording"),
        number.label("tasks"),
        sa.func.count(sa.distinct(found.c.plan_id)).label("plans"),
        number.over().label("groups"),
    ).group_by(found.c.topic, found.c.key)
    grouped = grouped.order_by(number.desc(), found.c.topic, found.c.key).limit(rows)
    listed = model.Session.execute(grouped.offset((page - 1) * rows)).all()
    if not listed and page > 1:
        first = model.Session.execute(grouped).first()
        last = max(1, -(-first.groups // rows)) if first else 1
        return wordings(viewer, topic=topic, page=last, rows=rows)
    count: int = listed[0].groups if listed else 0
    pages = max(1, -(-count // rows))
    samples = _samples(found, [(row.topic, row.key) for row in listed])
    groups = [
        {
            "topic": row.topic,
            "wording": row.wording,
            "words": dates.proposed_words(row.wording),
            "tasks": row.tasks,
            "plans": row.plans,
            "samples": samples[row.topic, row.key],
        }
        for row in listed
    ]
    return {"count": count, "page": page, "pages": pages, "groups": groups}


def _samples(
    found: Any, keys: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """The first tasks of each group."""
    place = sa.func.row_number().over(
        partition_by=(found.c.topic, found.c.key),
        order_by=(found.c.plan_title, found.c.plan_id, found.c.position),
    )
    numbered = (
        sa.select(found, place.label("place"))
        .where(sa.tuple_(found.c.topic, found.c.key).in_(keys))
        .subquery("numbered")
    )
    samples: dict[tuple[str, str], list[dict[str, Any]]] = {key: [] for key in keys}
    names = [column.name for column in dates.texts()]
    if not keys:
        return samples
    rows = model.Session.execute(
        sa.select(numbered)
        .where(numbered.c.place <= _SAMPLES)
        .order_by(numbered.c.place)
    )
    for row in rows.mappings():
        sample = {name: row[name] for name in names}
        samples[row["topic"], row["key"]].append(sample)
    return samples


def matched(
    viewer: Viewer, event: Event, rows: int, *, dated: bool = True
) -> dict[str, Any]:
    """What a date would tie, before it is set; two statements.

    :param event: with the id of the date when it is set already.
    :param rows: the most tasks to name.
    :param dated: False while the day is not known: terms of plans are not asked then.
    :returns: `tasks` and `plans` in number, `outside` (tasks of plans in whose term
        the day does not lie) and the first tasks as `rows`, each with `same_day`:
        titles of other dates that make it due on this day too.
    """
    found = [
        row
        for row in _candidates(viewer.private_of, [event])
        if matches(event, row["topic"], _text_of(row))
    ]
    inside = [row for row in found if not dated or in_term(row, event.due_on)]
    others = dates.of_day(event.due_on, but=event.id) if dated else []
    return {
        "tasks": len(inside),
        "plans": len({row["plan_id"] for row in inside}),
        "outside": len(found) - len(inside),
        "rows": [_with_same_day(row, others) for row in inside[:rows]],
    }


def concerned(changed: Iterable[Event]) -> list[str]:
    """Ids of the active plans, public and private, that some dates tie; one statement.

    :param changed: the dates before and after a change.
    """
    asked = list(changed)
    found = (
        row["plan_id"]
        for row in _candidates(None, asked)
        if any(matches(event, row["topic"], _text_of(row)) for event in asked)
    )
    return list(dict.fromkeys(found))


def in_term(row: dict[str, Any], day: date) -> bool:
    """Whether a day lies in the term of a plan; an open side reaches everywhere."""
    first, last = row["first"], row["last"]
    return (first is None or day >= first) and (last is None or day <= last)


def _candidates(private_of: Any, asked: Sequence[Event]) -> list[dict[str, Any]]:
    statement = _with_terms(_open_tasks(private_of))
    topics = [event.topic for event in asked]
    if all(topics):
        statement = statement.where(_task.c.topic.in_(topics))
    order = (package_table.c.title, package_table.c.id, _task.c.position)
    found = model.Session.execute(statement.order_by(*order)).mappings()
    return [dict(row) for row in found]


def _text_of(row: dict[str, Any]) -> str:
    return "\n".join((row["title"], row["deadline"], row["indicator"]))


def _with_same_day(
    row: dict[str, Any], others: Iterable[tuple[str, Event]]
) -> dict[str, Any]:
    """A row with other dates of the same day: the task would owe twice by them."""
    kept = {column.name: row[column.name] for column in dates.texts()}
    text = _text_of(row)
    same_day = [title for title, other in others if matches(other, row["topic"], text)]
    return {**kept, "same_day": same_day}
