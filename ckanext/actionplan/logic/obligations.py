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
from ..model import ObligationRow, Party, PlanRow, Report, TaskRow
from ..model.status import Window, obligations, owed_by

if TYPE_CHECKING:
    from datetime import date

    from .viewer import Viewer

_TASK: Final = ("number", "section", "title", "deadline", "due", "indicator")
_REPORT: Final = ("state", "done_on", "note", "link", "comment", "changed_at")
_HIDDEN: Final = ("note", "link", "comment")


def window() -> Window:
    """What this portal sets for states."""
    return Window(config.grace_days(), config.return_days(), clock.zone_name())


def rows(
    viewer: Viewer,
    today: date,
    *,
    organization_id: str | None = None,
    plan_id: str | None = None,
    task_id: str | None = None,
    obligation_id: str | None = None,
    status: Status | None = None,
) -> list[dict[str, Any]]:
    """Obligations that the viewer may see, what needs doing first on top.

    :param today: the day to judge by.
    :param organization_id: those that it owes or shares.
    :param status: only those in this state.
    :returns: dicts as the action `actionplan_obligation_list` documents.
    """
    base = obligations(today, window(), private_of=viewer.private_of)
    if organization_id:
        base = base.where(owed_by(organization_id))
    for column, value in (
        ("plan_id", plan_id),
        ("task_id", task_id),
        ("id", obligation_id),
    ):
        if value:
            base = base.where(ObligationRow.__table__.c[column] == value)
    found = model.Session.execute(_with_texts(base.subquery("owed"), status))
    return [
        _dictize(dict(row), viewer, today, organization_id) for row in found.mappings()
    ]


def _with_texts(owed: Any, status: Status | None) -> sa.Select[Any]:
    task, package = TaskRow.__table__, package_table
    group, plan = group_table, PlanRow.__table__
    report, party = Report.__table__, Party.__table__
    parties = (
        sa.select(pg.array_agg(party.c.organization_id))
        .where(party.c.obligation_id == owed.c.id)
        .scalar_subquery()
    )
    order = sa.case(
        {state.value: place for place, state in enumerate(ATTENTION)},
        value=owed.c.status,
    )
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
            parties.label("parties"),
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
        )
        .order_by(order, owed.c.due_on.nulls_last(), task.c.position, owed.c.id)
    )
    return statement.where(owed.c.status == status.value) if status else statement


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
    row["report"] = _report(
        {name: row.pop(f"report_{name}") for name in _REPORT},
        viewer.may_edit(concerned) or viewer.may_review(reviewing),
    )
    return row


def _report(report: dict[str, Any], insider: bool) -> dict[str, Any] | None:
    """What is not accepted is seen by its publisher and by reviewers."""
    if report["state"] is None or (
        report["state"] == ReportState.DRAFT.value and not insider
    ):
        return None
    if insider or report["state"] == ReportState.ACCEPTED.value:
        return report
    return {name: None if name in _HIDDEN else value for name, value in report.items()}


def _reportable(row: dict[str, Any]) -> bool:
    return row["status"] not in (
        Status.WITHDRAWN.value,
        Status.BEFORE_TRACKING.value,
        Status.NOT_APPLICABLE.value,
        Status.DONE_ON_TIME.value,
        Status.DONE_LATE.value,
        Status.UNRESOLVED.value,
    )
