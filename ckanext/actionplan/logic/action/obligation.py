"""Obligations and the reports on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

import ckan.plugins.toolkit as tk
from ckan import model

from ... import clock, wording
from ...core.status import ReportState, Status
from ...model import ObligationRow, Report, ReportEvent
from .. import obligations, schema, standing
from ..viewer import Viewer

if TYPE_CHECKING:
    from ckan.types import Context, DataDict

__all__ = [
    "actionplan_obligation_list",
    "actionplan_obligation_show",
    "actionplan_report_submit",
]


@tk.side_effect_free
def actionplan_obligation_list(
    context: Context, data_dict: DataDict
) -> list[dict[str, Any]]:
    """List obligations with their state today, what needs doing first on top.

    :param organization_id: only those that this organization owes or shares
        (name or id, optional)
    :param plan_id: only those of this plan (name or id, optional)
    :param task_id: only those of this task (optional)
    :param topic: only those of tasks on this topic (optional)
    :param section: only those of tasks under this heading (optional)
    :param status: only those in this state, or in a state of this group: `todo`,
        `waiting`, `later`, `done`, `aside` (optional)
    :returns: dicts with the obligation (`id`, `occurrence`, `kind`, `starts_on`,
        `due_on`, `due_before` and `moved_by` of an amendment, `event_title`, `reason`,
        `mark`), its task and plan, `status`, `days` past the last day, who owes it
        (`organization_id`, `parties`) and its `report`.
    """
    tk.check_access("actionplan_obligation_list", context, data_dict)
    data, errors = tk.navl_validate(data_dict, schema.obligation_list(), context)
    if errors:
        raise tk.ValidationError(errors)
    organization_id = data.get("organization_id")
    if organization_id:
        group = model.Group.get(organization_id)
        if group is None:
            raise tk.ObjectNotFound(tk._("Organization not found"))
        organization_id = group.id
    status = data.get("status")
    return obligations.rows(
        Viewer.of(context),
        clock.today(),
        organization_id=organization_id,
        plan_id=data.get("plan_id"),
        task_id=data.get("task_id"),
        topic=data.get("topic"),
        section=data.get("section"),
        status=obligations.states_of(status) if status else (),
    )


@tk.side_effect_free
def actionplan_obligation_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Show one obligation with its state today.

    :param id: id of the obligation
    :returns: a dict as in `actionplan_obligation_list`
    """
    obligation_id = tk.get_or_bust(data_dict, "id")
    tk.check_access("actionplan_obligation_show", context, data_dict)
    found = obligations.rows(
        Viewer.of(context), clock.today(), obligation_id=obligation_id
    )
    if not found:
        raise tk.ObjectNotFound(tk._("Obligation not found"))
    return found[0]


def actionplan_report_submit(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Report on an obligation; earlier rounds are kept.

    :param obligation_id: id of the obligation
    :param done_on: day on which it was done (ISO date, not in the future)
    :param note: what was done (a note or a link is needed)
    :param link: address of the evidence
    :returns: the obligation with its new state
    """
    tk.check_access("actionplan_report_submit", context, data_dict)
    data, errors = tk.navl_validate(data_dict, schema.report_submit(), context)
    if not errors and not (data.get("note") or data.get("link")):
        errors["note"] = [tk._("Say what was done, or give a link")]
    if errors:
        raise tk.ValidationError(errors)
    obligation = _locked(data["obligation_id"])
    row = obligations.rows(
        Viewer(everything=True), clock.today(), obligation_id=obligation.id
    )
    _refuse_closed(row)
    _refuse_counted_link(obligation, data.get("link") or "")
    _write(context, obligation.id, data)
    standing.touch([obligation.organization_id, *row[0]["parties"]])
    if not context.get("defer_commit"):
        model.Session.commit()
    return actionplan_obligation_show(context, {"id": obligation.id})


def _locked(obligation_id: str) -> ObligationRow:
    """The row, locked: two reports at once follow one another."""
    row = model.Session.scalars(
        sa.select(ObligationRow)
        .where(ObligationRow.__table__.c.id == obligation_id)
        .with_for_update()
    ).one_or_none()
    if row is None:
        raise tk.ObjectNotFound(tk._("Obligation not found"))
    return row


def _refuse_closed(rows: list[dict[str, Any]]) -> None:
    if not rows:
        raise tk.ObjectNotFound(tk._("Obligation not found"))
    refusals = {
        Status.WITHDRAWN.value: tk._("This task was withdrawn"),
        Status.BEFORE_TRACKING.value: tk._(
            "This date lies before the portal began to follow the plan"
        ),
        Status.UNRESOLVED.value: tk._("The deadline of this task is not resolved yet"),
        Status.DONE_ON_TIME.value: tk._("The report on this task is accepted already"),
        Status.DONE_LATE.value: tk._("The report on this task is accepted already"),
        Status.NOT_APPLICABLE.value: tk._("This task is not applicable"),
    }
    refusal = refusals.get(rows[0]["status"])
    if refusal:
        raise tk.ValidationError({"obligation_id": [refusal]})


def _refuse_counted_link(obligation: ObligationRow, link: str) -> None:
    """A link proves one occurrence of a task, not two (decision 19)."""
    if not link:
        return
    report, other = Report.__table__, ObligationRow.__table__
    counted = (
        sa.select(other.c.occurrence)
        .join(report, report.c.obligation_id == other.c.id)
        .where(
            other.c.plan_id == obligation.plan_id,
            other.c.task_id == obligation.task_id,
            other.c.share == obligation.share,
            other.c.id != obligation.id,
            report.c.link == link,
            report.c.state.in_(
                [ReportState.SUBMITTED.value, ReportState.ACCEPTED.value]
            ),
        )
        .limit(1)
    )
    occurrence = model.Session.execute(counted).scalar()
    if occurrence:
        message = tk._("This link already counts for {occurrence} of this task")
        words = wording.period(occurrence) or occurrence
        raise tk.ValidationError({"link": [message.format(occurrence=words)]})


def _write(context: Context, obligation_id: str, data: dict[str, Any]) -> None:
    user = model.User.get(context.get("user"))
    values = {
        "obligation_id": obligation_id,
        "state": ReportState.SUBMITTED.value,
        "done_on": data["done_on"],
        "note": data.get("note") or "",
        "link": data.get("link") or "",
        "comment": "",
        "author_id": user.id if user else "",
        "changed_at": clock.now(),
    }
    model.Session.execute(sa.insert(ReportEvent.__table__), [values])
    statement = pg.insert(Report.__table__).values(values)
    model.Session.execute(
        statement.on_conflict_do_update(
            index_elements=["obligation_id"],
            set_={name: statement.excluded[name] for name in values},
        )
    )
