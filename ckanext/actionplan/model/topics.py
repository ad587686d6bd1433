"""The tasks on one topic in a year, across councils."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from ckan.model.group import group_table
from ckan.model.package import package_table

from ..core.status import ATTENTION, Status
from .obligation import ObligationRow, Report
from .plan import PlanRow, TaskRow
from .portal_date import PortalDate
from .status import obligations, visible_plans

if TYPE_CHECKING:
    from collections.abc import Collection

    from .status import Window

_plan, _task = PlanRow.__table__, TaskRow.__table__
_package, _group = package_table, group_table

#: How a council stands by what it owes on a topic, the worst first: its worst state
#: decides.
VERDICTS: Final[dict[str, tuple[Status, ...]]] = {
    "overdue": (Status.OVERDUE,),
    "open": (Status.RETURNED, Status.REPORTING, Status.TO_CONFIRM),
    "unresolved": (Status.UNRESOLVED,),
    "reported": (Status.SUBMITTED,),
    "done": (Status.DONE_LATE, Status.DONE_ON_TIME),
    "later": (Status.DUE, Status.UPCOMING),
    "aside": (Status.NOT_APPLICABLE, Status.BEFORE_TRACKING, Status.WITHDRAWN),
}
#: What makes obligations one row: a task on one day.
KEYS: Final = ("plan_id", "task_id", "kind", "occurrence", "due_on")
_TEXTS: Final = ("number", "section", "title", "deadline", "indicator", "position")
_DONE: Final = tuple(state.value for state in VERDICTS["done"])


def _place(status: Any) -> Any:
    """The place of a state among the verdicts, as SQL."""
    places = {
        state.value: place
        for place, states in enumerate(VERDICTS.values())
        for state in states
    }
    return sa.case(places, value=status)


def first_day() -> Any:
    """The first day on which a plan is in force; null for an open side."""
    return sa.func.coalesce(_plan.c.in_force_from, _plan.c.period_start)


def last_day() -> Any:
    """The last day on which a plan is in force; null for an open side."""
    # Of two ends the earlier one; PostgreSQL passes over a missing one.
    return sa.func.least(_plan.c.period_end, _plan.c.in_force_until)


def plans(private_of: Collection[str] | None, year: int | None = None) -> Any:
    """Plans of living organizations that the reader may see.

    :param private_of: see `status.visible_plans`.
    :param year: those in force on a day of it; None: all.
    :returns: a select of `id`, `owner_id`, `first`, `last`.
    """
    first, last = first_day(), last_day()
    found = (
        sa.select(
            _plan.c.id,
            _package.c.owner_org.label("owner_id"),
            first.label("first"),
            last.label("last"),
        )
        .select_from(
            _plan.join(_package, _package.c.id == _plan.c.id).join(
                _group, _group.c.id == _package.c.owner_org
            )
        )
        .where(
            visible_plans(private_of),
            _group.c.state == "active",
            _group.c.is_organization,
        )
    )
    if year is None:
        return found
    return found.where(
        sa.or_(first.is_(None), first <= date(year, 12, 31)),
        sa.or_(last.is_(None), last >= date(year, 1, 1)),
    )


def owed(
    as_of: date,
    window: Window,
    topic: str,
    year: int,
    private_of: Collection[str] | None = (),
) -> sa.Select[Any]:
    """Obligations on a topic whose last day lies in a year, those without a day too.

    :param as_of: the day to judge by, in the portal's zone.
    :param private_of: see `status.visible_plans`.
    """
    table = ObligationRow.__table__.c
    holds = plans(private_of, year).subquery("holds")
    return obligations(as_of, window, private_of=private_of).where(
        _task.c.topic == topic,
        table.plan_id.in_(sa.select(holds.c.id)),
        sa.or_(
            table.due_on.between(date(year, 1, 1), date(year, 12, 31)),
            table.reason != "",
        ),
    )


def worst(judged: Any) -> Any:
    """The place of each council's verdict.

    :param judged: public obligations, as a subquery.
    :returns: a subquery of `owner_id`, `place`.
    """
    return (
        sa.select(
            judged.c.owner_id, sa.func.min(_place(judged.c.status)).label("place")
        )
        .group_by(judged.c.owner_id)
        .subquery("worst")
    )


def councils(as_of: date, window: Window, topic: str, year: int) -> sa.Select[Any]:
    """Owners of public plans in force in a year, by title.

    :returns: `id`, `name`, `title`, `place` among `VERDICTS`, null where nothing is
        owed that year, and `has_task`: whether a plan has a task on the topic.
    """
    place = worst(owed(as_of, window, topic, year).subquery("judged"))
    public = plans((), year).cte("public_plans")
    tasked = (
        sa.select(public.c.owner_id)
        .join(_task, _task.c.plan_id == public.c.id)
        .where(
            _task.c.topic == topic,
            _task.c.removed.is_(False),
            _task.c.withdrawn_by == "",
        )
    )
    title = sa.func.coalesce(sa.func.nullif(_group.c.title, ""), _group.c.name)
    return (
        sa.select(
            _group.c.id,
            _group.c.name,
            title.label("title"),
            place.c.place,
            _group.c.id.in_(tasked).label("has_task"),
        )
        .select_from(_group.outerjoin(place, place.c.owner_id == _group.c.id))
        .where(_group.c.id.in_(sa.select(public.c.owner_id)))
        .order_by(sa.func.lower(title), _group.c.id)
    )


def rows(seen: Any, place: Any) -> sa.Select[Any]:
    """One row for each task and last day, what needs doing first on top.

    :param seen: obligations that the reader may see, as a subquery.
    :param place: what `worst` gave.
    """
    report, event = Report.__table__, PortalDate.__table__
    keys = [seen.c[name] for name in (*KEYS, "owner_id", "private")]
    grouped = (
        sa.select(
            *keys,
            sa.func.min(seen.c.reason).label("reason"),
            sa.func.max(report.c.done_on)
            .filter(seen.c.status.in_(_DONE))
            .label("done_on"),
            *(
                sa.func.count().filter(seen.c.status == state.value).label(state.value)
                for state in ATTENTION
            ),
        )
        .select_from(seen.outerjoin(report, report.c.obligation_id == seen.c.id))
        .group_by(*keys)
        .subquery("grouped")
    )
    title = sa.func.coalesce(sa.func.nullif(_group.c.title, ""), _group.c.name)
    return (
        sa.select(
            grouped,
            *(_task.c[name] for name in _TEXTS),
            _package.c.name.label("plan_name"),
            _package.c.title.label("plan_title"),
            _group.c.name.label("council_name"),
            title.label("council_title"),
            event.c.title.label("event_title"),
            place.c.place,
        )
        .select_from(
            grouped.join(
                _task,
                sa.and_(
                    _task.c.plan_id == grouped.c.plan_id,
                    _task.c.id == grouped.c.task_id,
                ),
            )
            .join(_package, _package.c.id == grouped.c.plan_id)
            .join(_group, _group.c.id == grouped.c.owner_id)
            .outerjoin(place, place.c.owner_id == grouped.c.owner_id)
            .outerjoin(event, grouped.c.occurrence == sa.literal("event-") + event.c.id)
        )
        .order_by(
            place.c.place.nulls_last(),
            sa.func.lower(title),
            _package.c.id,
            _task.c.position,
            grouped.c.due_on.nulls_last(),
            grouped.c.occurrence,
            grouped.c.kind,
        )
    )
