"""Days of a publisher's calendar: what is public, by one statement."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from ckan import model
from ckan.model.group import group_table
from ckan.model.package import package_table

from .. import clock, config
from ..core.period import Period
from ..core.status import ReportState, Status
from ..model import Change, ObligationRow, PortalDate, Report, TaskRow
from ..model.status import owed_by
from . import obligations
from .viewer import Viewer

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Days back from today on which a calendar begins.
BACK: Final = timedelta(days=90)
#: The most days of a calendar; the latest ones are left out.
LIMIT: Final = 10_000

_DAY: Final = timedelta(days=1)
#: What was never asked stands on no day.
_ABSENT: Final = (Status.BEFORE_TRACKING.value,)


def rows(organization_id: str, today: date) -> list[dict[str, Any]]:
    """What a publisher owes or shares by public plans, by its last day.

    Whoever asks gets the same: calendar programs carry no session.

    :param today: the day to judge by, in the portal's zone.
    :returns: obligations whose day is known and at most `BACK` ago, `LIMIT` + 1 of
        them at most: the last tells that there are more. `changed_at` is the moment
        since which they read as they do, `revision` grows with each change of the
        task.
    """
    base = obligations.select(Viewer(), today).where(
        owed_by(organization_id), ObligationRow.__table__.c.due_on >= today - BACK
    )
    found = model.Session.execute(_with_texts(base.subquery("owed")))
    zone = ZoneInfo(clock.zone_name())
    return [_dictize(dict(row), zone) for row in found.mappings()]


def _with_texts(owed: Any) -> sa.Select[Any]:
    task, package, event = TaskRow.__table__, package_table, PortalDate.__table__
    group, report = group_table, Report.__table__
    changes = _changes(owed)
    same_task = sa.and_(task.c.plan_id == owed.c.plan_id, task.c.id == owed.c.task_id)
    tied = owed.c.occurrence == sa.literal(obligations.EVENT) + event.c.id
    return (
        sa.select(
            owed,
            *(task.c[name] for name in ("number", "title", "deadline")),
            package.c.name.label("plan_name"),
            package.c.title.label("plan_title"),
            group.c.title.label("organization_title"),
            event.c.title.label("event_title"),
            obligations.moved_by(owed).label("moved_by"),
            sa.func.coalesce(changes.c.revision, 0).label("revision"),
            # The greatest of those that are there: PostgreSQL passes over nulls.
            sa.func.greatest(
                _plan_changed(owed),
                changes.c.changed_at,
                _reported(),
                event.c.changed_at,
            ).label("changed_at"),
        )
        .select_from(
            owed.join(package, package.c.id == owed.c.plan_id)
            .join(task, same_task)
            .outerjoin(group, group.c.id == owed.c.organization_id)
            .outerjoin(report, report.c.obligation_id == owed.c.id)
            .outerjoin(event, tied)
            .outerjoin(
                changes,
                sa.and_(
                    changes.c.plan_id == owed.c.plan_id,
                    changes.c.task_id == owed.c.task_id,
                ),
            )
        )
        .where(owed.c.status.not_in(_ABSENT))
        .order_by(owed.c.due_on, package.c.name, task.c.position, owed.c.id)
        .limit(LIMIT + 1)
    )


def _changes(owed: Any) -> Any:
    """How often each task of the plans concerned was changed, and when last."""
    change = Change.__table__.c
    return (
        sa.select(
            change.plan_id,
            change.task_id,
            sa.func.count().label("revision"),
            sa.func.max(change.changed_at).label("changed_at"),
        )
        .where(change.plan_id.in_(sa.select(owed.c.plan_id)), change.task_id != "")
        .group_by(change.plan_id, change.task_id)
        .subquery("changes")
    )


def _plan_changed(owed: Any) -> Any:
    """When the plan came; for what was withdrawn, when it was saved last."""
    package = package_table.c
    moment = sa.case(
        (owed.c.withdrawn, package.metadata_modified), else_=package.metadata_created
    )
    # CKAN keeps its moments in UTC, without a zone.
    return sa.func.timezone("UTC", moment)


def _reported() -> Any:
    """When the report became what the public may know of it."""
    report = Report.__table__.c
    return sa.case((report.state != ReportState.DRAFT.value, report.changed_at))


def _dictize(row: dict[str, Any], zone: ZoneInfo) -> dict[str, Any]:
    turned = _turned(row)
    if turned:
        moment = datetime.combine(turned, time(), zone)
        row["changed_at"] = max(row["changed_at"], moment)
    return row


def _turned(row: Mapping[str, Any]) -> date | None:
    """The day on which the mere date brought about a state."""
    due_on: date = row["due_on"]
    return {
        Status.DUE.value: Period.of(due_on).start,
        Status.REPORTING.value: due_on + _DAY,
        Status.TO_CONFIRM.value: due_on + _DAY,
        Status.OVERDUE.value: due_on + (config.grace_days() + 1) * _DAY,
    }.get(row["status"])
