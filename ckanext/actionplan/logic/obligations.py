"""Obligations as pages and exports show them, by one statement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from ckan import model
from ckan.model.group import group_table
from ckan.model.package import package_table

from .. import clock, config
from ..core.status import ATTENTION, ReportState, Status
from ..model import (
    Change,
    ObligationRow,
    Party,
    PlanRow,
    PortalDate,
    Report,
    TaskRow,
)
from ..model.members import among
from ..model.status import Window, obligations, owed_by, owed_by_any

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from .viewer import Viewer

#: States that stand together on pages and in filters, what needs doing first on top.
GROUPS: Final[Mapping[str, tuple[Status, ...]]] = {
    "todo": (
        Status.OVERDUE,
        Status.RETURNED,
        Status.REPORTING,
        Status.DUE,
        Status.TO_CONFIRM,
        Status.UNRESOLVED,
    ),
    "waiting": (Status.SUBMITTED,),
    "later": (Status.UPCOMING,),
    "done": (Status.DONE_LATE, Status.DONE_ON_TIME),
    "aside": (Status.NOT_APPLICABLE, Status.BEFORE_TRACKING, Status.WITHDRAWN),
}
#: How the day of an event names its occurrences; the rest is the id of the event.
EVENT: Final = "event-"
#: Fields of a task whose amendment moves days.
_MOVING: Final = ("deadline", "due")

_TASK: Final = ("number", "section", "title", "deadline", "due", "indicator")
_REPORT: Final = ("state", "done_on", "note", "link", "comment", "changed_at")
_HIDDEN: Final = ("note", "link", "comment", "author")


def window() -> Window:
    """What this portal sets for states."""
    return Window(config.grace_days(), config.return_days(), clock.zone_name())


def states_of(name: str) -> list[str]:
    """The states that a filter means: those of a group, or the state itself."""
    return [state.value for state in GROUPS.get(name, ())] or [name]


def rows(
    viewer: Viewer,
    today: date,
    *,
    organization_id: str | None = None,
    plan_id: str | None = None,
    task_id: str | None = None,
    obligation_id: str | None = None,
    leads: Collection[str] | None = None,
    members: Collection[str] | None = None,
    topic: str | None = None,
    section: str | None = None,
    status: Collection[str] = (),
) -> list[dict[str, Any]]:
    """Obligations that the viewer may see, what needs doing first on top.

    :param today: the day to judge by.
    :param organization_id: those that it owes or shares.
    :param plan_id: those of this plan, by id or name.
    :param leads: those for which one of these organizations answers.
    :param members: those that one of these organizations owes or shares.
    :param section: those of tasks under this heading.
    :param status: those in one of these states.
    :returns: dicts as the action `actionplan_obligation_list` documents.
    """
    base = select(viewer, today, plan_id=plan_id, task_id=task_id)
    obligation, task = ObligationRow.__table__, TaskRow.__table__
    if organization_id:
        base = base.where(owed_by(organization_id))
    if leads is not None:
        base = base.where(among(obligation.c.organization_id, list(leads)))
    if members is not None:
        base = base.where(owed_by_any(list(members)))
    for column, value in (
        (obligation.c.id, obligation_id),
        (task.c.topic, topic),
        (task.c.section, section),
    ):
        if value is not None:
            base = base.where(column == value)
    found = model.Session.execute(_with_texts(base.subquery("owed"), status))
    return [
        _dictize(dict(row), viewer, today, organization_id) for row in found.mappings()
    ]


def select(
    viewer: Viewer,
    today: date,
    *,
    plan_id: str | None = None,
    task_id: str | None = None,
) -> sa.Select[Any]:
    """Obligations with their state that the viewer may see: what `rows` begins with.

    :param plan_id: id or name of the plan.
    """
    base = obligations(today, window(), private_of=viewer.private_of)
    package = package_table.c
    if plan_id is not None:
        base = base.where(sa.or_(package.id == plan_id, package.name == plan_id))
    if task_id is not None:
        base = base.where(ObligationRow.__table__.c.task_id == task_id)
    return base


def counts(
    viewer: Viewer, today: date, plan_id: str, *, task_id: str | None = None
) -> dict[str, dict[str, int]]:
    """How many obligations of each task of a plan are in each state; one statement.

    :returns: by task id: numbers by state.
    """
    owed = select(viewer, today, plan_id=plan_id, task_id=task_id).subquery("owed")
    statement = sa.select(owed.c.task_id, owed.c.status, sa.func.count()).group_by(
        owed.c.task_id, owed.c.status
    )
    found: dict[str, dict[str, int]] = {}
    for task, status, count in model.Session.execute(statement):
        found.setdefault(task, {})[status] = count
    return found


def attention(status: Any) -> Any:
    """The place of a state in the order of what needs doing, as SQL.

    :param status: the column with the state.
    """
    places = {state.value: place for place, state in enumerate(ATTENTION)}
    return sa.case(places, value=status)


def _with_texts(owed: Any, status: Collection[str]) -> sa.Select[Any]:
    task, package = TaskRow.__table__, package_table
    group, plan = group_table, PlanRow.__table__
    report, event = Report.__table__, PortalDate.__table__
    statement = (
        sa.select(
            owed,
            *(task.c[name] for name in _TASK),
            task.c.position,
            package.c.name.label("plan_name"),
            package.c.title.label("plan_title"),
            plan.c.reviewing_organization_id,
            group.c.name.label("organization_name"),
            group.c.title.label("organization_title"),
            parties(owed).label("parties"),
            event.c.title.label("event_title"),
            moved_by(owed).label("moved_by"),
            *(report.c[name].label(f"report_{name}") for name in _REPORT),
        )
        .select_from(
            owed.join(package, package.c.id == owed.c.plan_id)
            .join(
                task,
                sa.and_(task.c.plan_id == owed.c.plan_id, task.c.id == owed.c.task_id),
            )
            .join(plan, plan.c.id == owed.c.plan_id)
            .outerjoin(group, group.c.id == owed.c.organization_id)
            .outerjoin(report, report.c.obligation_id == owed.c.id)
            .outerjoin(event, owed.c.occurrence == sa.literal(EVENT) + event.c.id)
        )
        .order_by(
            attention(owed.c.status),
            owed.c.due_on.nulls_last(),
            task.c.position,
            owed.c.id,
        )
    )
    return statement.where(owed.c.status.in_(list(status))) if status else statement


def parties(owed: Any) -> Any:
    """Ids of the co-executors of an obligation as an array; null for none.

    :param owed: obligations, as a subquery.
    """
    party = Party.__table__
    return (
        sa.select(pg.array_agg(party.c.organization_id))
        .where(party.c.obligation_id == owed.c.id)
        .scalar_subquery()
    )


def moved_by(owed: Any) -> Any:
    """The act that moved the day of an obligation; null when nothing moved it.

    :param owed: obligations, as a subquery.
    """
    change = Change.__table__
    act = (
        sa.select(change.c.act)
        .where(
            change.c.plan_id == owed.c.plan_id,
            change.c.task_id == owed.c.task_id,
            change.c.field.in_(_MOVING),
            change.c.act != "",
        )
        .order_by(change.c.changed_at.desc(), change.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return sa.case((owed.c.due_before.is_not(None), act))


def _dictize(
    row: dict[str, Any], viewer: Viewer, today: date, organization_id: str | None
) -> dict[str, Any]:
    row["parties"] = list(row["parties"] or ())
    concerned = [row["organization_id"], *row["parties"]]
    reviewing = row.pop("reviewing_organization_id")
    row["may_report"] = viewer.may_edit(concerned) and _reportable(row)
    row["lead"] = organization_id in (None, row["organization_id"])
    late = row["status"] in (Status.OVERDUE.value, Status.REPORTING.value)
    row["days"] = (today - row["due_on"]).days if late else None
    row["insider"] = viewer.may_edit(concerned) or viewer.may_review(
        reviewing, row["owner_id"]
    )
    row["report"] = report_seen(
        {name: row.pop(f"report_{name}") for name in _REPORT}, insider=row["insider"]
    )
    return row


def report_seen(report: dict[str, Any], *, insider: bool) -> dict[str, Any] | None:
    """A report, or one of its rounds, as a reader may see it.

    What is not accepted is seen by its publisher and by reviewers only.

    :param report: `state`, `done_on`, `note`, `link`, `comment`, `changed_at`, and
        `author` where it is known.
    :returns: None for one that the reader is not to know of.
    """
    if report["state"] is None or (
        report["state"] == ReportState.DRAFT.value and not insider
    ):
        return None
    if insider:
        return report
    accepted = report["state"] == ReportState.ACCEPTED.value
    hidden = ("author",) if accepted else _HIDDEN
    return {name: None if name in hidden else value for name, value in report.items()}


def _reportable(row: dict[str, Any]) -> bool:
    return row["status"] not in (
        Status.WITHDRAWN.value,
        Status.BEFORE_TRACKING.value,
        Status.NOT_APPLICABLE.value,
        Status.DONE_ON_TIME.value,
        Status.DONE_LATE.value,
        Status.UNRESOLVED.value,
    )
