"""State of obligations on a day: the one SQL expression (decision 18)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ckan.model.package import package_table

from ..core.obligation import Kind
from ..core.period import Period
from ..core.status import ReportState, Status
from .members import among
from .obligation import ObligationRow, Party, Report, ReportEvent
from .plan import TaskRow

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date, datetime

_obligation = ObligationRow.__table__.c


@dataclass(frozen=True, slots=True)
class Window:
    """What a portal sets for states.

    :param grace_days: days of the reporting window after the last day.
    :param return_days: days to answer a returned report.
    :param zone: name of the zone in which a moment becomes a date.
    """

    grace_days: int
    return_days: int
    zone: str


def report_as_of(moment: datetime | None, plan_id: str | None = None) -> Any:
    """Reports as they stood at a moment: the table itself for now.

    :param moment: aware; events after it are not seen. None: the latest state.
    :param plan_id: id of the only plan that is asked for: the events of others need
        not be sorted.
    """
    if moment is None:
        return Report.__table__
    event = ReportEvent.__table__
    found = sa.select(event).where(event.c.changed_at <= moment)
    if plan_id is not None:
        owed = sa.select(_obligation.id).where(_obligation.plan_id == plan_id)
        found = found.where(event.c.obligation_id.in_(owed))
    return (
        found.distinct(event.c.obligation_id)
        .order_by(event.c.obligation_id, event.c.changed_at.desc(), event.c.id.desc())
        .subquery("report")
    )


def status_case(as_of: date, window: Window, report: Any) -> Any:
    """State of an obligation on a day, as text of `Status`.

    :param as_of: the day, in the portal's zone.
    :param report: what `report_as_of` gave, outer-joined by obligation id.
    """
    confirmation = _obligation.kind == Kind.CONFIRMATION.value
    due_on = _obligation.due_on
    changed_on = sa.cast(sa.func.timezone(window.zone, report.c.changed_at), sa.Date)
    accepted = report.c.state == ReportState.ACCEPTED.value
    done_on = sa.func.coalesce(report.c.done_on, changed_on)
    late = sa.and_(sa.not_(confirmation), done_on > due_on)
    answering = as_of - changed_on <= window.return_days
    quarter_end = Period.of(as_of).end
    cases = (
        (_obligation.withdrawn, Status.WITHDRAWN),
        (_obligation.before_tracking, Status.BEFORE_TRACKING),
        (
            report.c.state == ReportState.NOT_APPLICABLE.value,
            Status.NOT_APPLICABLE,
        ),
        (sa.and_(accepted, late), Status.DONE_LATE),
        (accepted, Status.DONE_ON_TIME),
        (report.c.state == ReportState.SUBMITTED.value, Status.SUBMITTED),
        (
            sa.and_(report.c.state == ReportState.RETURNED.value, answering),
            Status.RETURNED,
        ),
        (_obligation.reason != "", Status.UNRESOLVED),
        (sa.and_(confirmation, due_on < as_of), Status.TO_CONFIRM),
        (due_on > quarter_end, Status.UPCOMING),
        (due_on >= as_of, Status.DUE),
        (as_of - due_on <= window.grace_days, Status.REPORTING),
    )
    whens = [(condition, sa.literal(state.value)) for condition, state in cases]
    return sa.case(*whens, else_=sa.literal(Status.OVERDUE.value))


def visible_plans(private_of: Collection[str] | None = ()) -> Any:
    """The condition that a plan owes and may be seen (decision 14).

    :param private_of: ids of the organizations whose private plans are seen too;
        None: of all.
    """
    package = package_table.c
    active = package.state == "active"
    if private_of is None:
        return active
    public = package.private.is_(False)
    if not private_of:
        return sa.and_(active, public)
    return sa.and_(active, sa.or_(public, package.owner_org.in_(list(private_of))))


def promised(report: Any) -> Any:
    """The condition that an obligation is or was a promise.

    What was withdrawn without an act, and nobody reported on, came of a reading that
    was mended: it never was promised.

    :param report: what `report_as_of` gave, outer-joined by obligation id.
    """
    return sa.or_(
        _obligation.withdrawn.is_(False),
        _obligation.withdrawn_by != "",
        report.c.obligation_id.is_not(None),
    )


def obligations(
    as_of: date,
    window: Window,
    *,
    moment: datetime | None = None,
    private_of: Collection[str] | None = (),
    plan_id: str | None = None,
) -> sa.Select[Any]:
    """Promises of active plans with their state: ids, dates, status.

    :param as_of: the day to judge by, in the portal's zone.
    :param moment: reports after it are not seen; None: the latest ones.
    :param private_of: see `visible_plans`; the default gives public figures.
    :param plan_id: those of this plan only.
    :returns: columns of the obligation, `status`, `topic`, and the plan's
        `owner_id` and `private`.
    """
    report = report_as_of(moment, plan_id)
    package = package_table
    task = TaskRow.__table__
    table = ObligationRow.__table__
    found = (
        sa.select(
            *table.c,
            status_case(as_of, window, report).label("status"),
            task.c.topic,
            package.c.owner_org.label("owner_id"),
            package.c.private,
        )
        .select_from(
            table.join(package, package.c.id == table.c.plan_id)
            .join(
                task,
                sa.and_(
                    task.c.plan_id == table.c.plan_id, task.c.id == table.c.task_id
                ),
            )
            .outerjoin(report, report.c.obligation_id == table.c.id)
        )
        .where(visible_plans(private_of), promised(report))
    )
    return found if plan_id is None else found.where(table.c.plan_id == plan_id)


def owed_by(organization_id: str) -> Any:
    """The condition that an organization owes an obligation or shares it."""
    party = Party.__table__.c
    shared = sa.select(party.obligation_id).where(
        party.organization_id == organization_id
    )
    return sa.or_(
        _obligation.organization_id == organization_id, _obligation.id.in_(shared)
    )


def owed_by_any(organization_ids: Sequence[str]) -> Any:
    """The condition that one of many organizations owes an obligation or shares it."""
    party = Party.__table__.c
    shared = sa.select(party.obligation_id).where(
        among(party.organization_id, organization_ids)
    )
    return sa.or_(
        among(_obligation.organization_id, organization_ids),
        _obligation.id.in_(shared),
    )
