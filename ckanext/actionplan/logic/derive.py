"""Derived rows of plans, written in the plan's own transaction."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.model.package import package_table

from .. import clock, config
from ..core import change
from ..core import obligation as rules
from ..core.errors import TooManyObligationsError
from ..model import (
    Change,
    ObligationRow,
    Participant,
    Party,
    PlanRow,
    Report,
    ReportEvent,
    TaskRow,
)
from . import (
    changes,
    obligation_rows,
    participants,
    plan_rows,
    plan_source,
    standing,
    tenure,
)

if TYPE_CHECKING:
    from datetime import date

    from ckan.types import Context

    from ..core.change import PlanState
    from ..core.plan import Plan

DATASET_TYPE = "action-plan"

#: Where the rules of a save leave the amending act in words.
_ACT = "actionplan_act"


def package_saved(context: Context, pkg_dict: dict[str, Any]) -> None:
    """Derive the rows of a saved package when it is a plan.

    :param context: of the action that saved it.
    :param pkg_dict: what CKAN gives its hooks; only `id` is used (decision 4).
    """
    package = model.Session.get(model.Package, pkg_dict["id"])
    if package and package.type == DATASET_TYPE:
        derive(package.id, context)


def package_deleted(context: Context, pkg_dict: dict[str, Any]) -> None:
    """Give back what a deleted plan took over from the plan that it replaced.

    :param context: of the action that deleted it.
    :param pkg_dict: what CKAN gives its hooks; only `id` is used, which may be a name.
    """
    package = model.Package.get(pkg_dict["id"])
    if package is None or package.type != DATASET_TYPE:
        return
    # CKAN does so itself, a few lines after it has called this.
    package.state = "deleted"
    model.Session.flush()
    others = _living({_replaced_by(package.id)} - {package.id})
    for other in others:
        _derive(other, _without_act(context))
    standing.touch_plans([package.id, *others])


def derive(plan_id: str, context: Context | None = None) -> None:
    """Write plan, participants, tasks and obligations; nothing is committed.

    Deriving twice changes nothing. What is no longer derived is withdrawn. The plan
    that this one replaces is derived too, since it owes until this one is in force.

    :param context: of the action that saved the plan: its user is the author of the
        changes, its `actionplan_act` the act that amended the plan.
    :raises ckan.logic.ValidationError: when the plan has too many obligations; the
        transaction is rolled back then.
    """
    model.Session.flush()
    replaced = {_replaced_by(plan_id)}
    _derive(plan_id, context)
    replaced.add(_replaced_by(plan_id))
    # What another plan replaces does not change by this: one step is enough.
    others = _living(replaced - {plan_id})
    for other in others:
        _derive(other, _without_act(context))
    standing.touch_plans([plan_id, *others])


def lock(plan_id: str) -> None:
    """Let whoever derives a plan outside its save wait for savers, and they for it.

    Whoever saves the plan holds its row until the commit: what is derived after this
    is derived from what they wrote. Take it before writing anything of the plan.
    """
    row = package_table.c.id
    statement = sa.select(row).where(row == plan_id).with_for_update(key_share=True)
    model.Session.flush()
    model.Session.execute(statement)
    # What was read before waiting may be what they have changed.
    model.Session.expire_all()


def outdated(today: date) -> list[str]:
    """Ids of active plans that were not derived since a day began, oldest first.

    :param today: a date in the portal's zone.
    """
    row, package = PlanRow.__table__.c, package_table.c
    derived_on = sa.cast(sa.func.timezone(clock.zone_name(), row.derived_at), sa.Date)
    statement = (
        sa.select(package.id)
        .select_from(package_table.outerjoin(PlanRow.__table__, row.id == package.id))
        .where(
            package.type == DATASET_TYPE,
            package.state == "active",
            sa.or_(row.id.is_(None), derived_on < today),
        )
        .order_by(row.derived_at.asc().nulls_first(), package.id)
    )
    return list(model.Session.scalars(statement))


def forget_purged() -> None:
    """Remove what was derived from plans that exist no more, and reports on them.

    Purging a dataset calls no hook of plugins. The caller commits.
    """

    def gone(plan_id: Any) -> Any:
        return ~sa.exists().where(package_table.c.id == plan_id)

    obligation = ObligationRow.__table__
    ids = sa.select(obligation.c.id).where(gone(obligation.c.plan_id))
    for table in (Party.__table__, Report.__table__, ReportEvent.__table__):
        model.Session.execute(sa.delete(table).where(table.c.obligation_id.in_(ids)))
    of_plans = (obligation, TaskRow.__table__, Participant.__table__, Change.__table__)
    for table in of_plans:
        model.Session.execute(sa.delete(table).where(gone(table.c.plan_id)))
    plan = PlanRow.__table__
    model.Session.execute(sa.delete(plan).where(gone(plan.c.id)))


def _replaced_by(plan_id: str) -> str:
    """Id of the plan that a plan replaced when it was derived last, or empty."""
    row = PlanRow.__table__.c
    return model.Session.scalar(sa.select(row.replaces).where(row.id == plan_id)) or ""


def _living(plan_ids: set[str]) -> list[str]:
    """Those that are active plans, in order."""
    wanted = sorted(each for each in plan_ids if each)
    if not wanted:
        return []
    package = package_table.c
    return list(
        model.Session.scalars(
            sa.select(package.id)
            .where(
                package.id.in_(wanted),
                package.type == DATASET_TYPE,
                package.state == "active",
            )
            .order_by(package.id)
        )
    )


def _without_act(context: Context | None) -> Context | None:
    """The context for another plan: an act amends the plan that names it only."""
    if context is None:
        return None
    return cast("Context", {**context, _ACT: ""})


def _derive(plan_id: str, context: Context | None) -> None:
    """Derive one plan; the sums of publishers are the caller's."""
    pkg = tk.get_action("package_show")(
        cast("Context", {"ignore_auth": True, "use_cache": False}), {"id": plan_id}
    )
    today = clock.today()
    plan = plan_source.plan_of(pkg)
    successor = plan_source.successor_of(plan)
    plan = plan_source.surrounded(plan, successor)
    _check_count(plan, today)
    before = changes.stored(plan_id)
    bound = participants.write(plan_id, plan.owner, plan.participants, context)
    plan = replace(plan, since=bound.since, pending=_pending(plan, bound))
    binds = _binds(pkg, plan, today)
    if before:
        plan = tenure.known(plan, today, binds=binds or before.bound)
    act = str(cast("dict[str, Any]", context or {}).get(_ACT) or "")
    found = _changes(before, pkg, plan, today, act)
    changes.write(plan_id, found, context)
    removed_by = act if before and before.in_force(today) else ""
    plan_rows.write_plan(pkg, plan, today if binds and _lasts(plan, today) else None)
    plan_rows.write_tasks(plan_id, pkg.get("tasks") or [], removed_by)
    reasons = _reasons(plan, found, successor)
    obligations = rules.derive(plan, today, config.obligations_count())
    obligation_rows.write(plan_id, obligations, reasons)


def _check_count(plan: Plan, today: date) -> None:
    """Refuse a plan of too many obligations, as if everybody was confirmed already."""
    limit = config.obligations_count()
    try:
        rules.derive(plan, today, limit)
    except TooManyObligationsError as error:
        model.Session.rollback()
        message = tk._(
            "The plan would have {count} obligations; this portal allows {limit}. "
            "Let tasks be performed jointly, or ask the administrator."
        ).format(count=error.count, limit=error.limit)
        raise tk.ValidationError({"tasks": [message]}) from error


def _pending(plan: Plan, bound: participants.Bound) -> frozenset[str]:
    """Who owes nothing yet: nobody is bound by the mapping of executors alone."""
    mapped = {each for row in plan.executors for each in row.organizations}
    return bound.pending | (mapped - bound.since.keys() - {plan.owner})


def _binds(pkg: dict[str, Any], plan: Plan, today: date) -> bool:
    """Whether the plan is public and in force, so that others owe it already."""
    in_force = plan.in_force_from is not None and plan.in_force_from <= today
    return in_force and not pkg.get("private")


def _lasts(plan: Plan, today: date) -> bool:
    return plan.until is None or today <= plan.until


def _changes(
    before: PlanState | None, pkg: dict[str, Any], plan: Plan, today: date, act: str
) -> list[change.Change]:
    if before is None:
        return []
    return change.changes(before, changes.state_of(plan, pkg), today, act)


def _reasons(
    plan: Plan, found: list[change.Change], successor: plan_source.Successor | None
) -> obligation_rows.Reasons:
    """Why obligations are owed no more, as far as this save says it."""
    acts = {each.task: each.act for each in found if each.task and each.act}
    acts |= {task.id: task.withdrawn_by for task in plan.tasks if task.withdrawn_by}
    renamed = {
        each.task: (each.before, each.after)
        for each in found
        if each.field == change.WITHDRAWN_BY and each.before
    }
    return obligation_rows.Reasons(
        acts=acts,
        amended=change.amended(found),
        renamed=renamed,
        until=plan.until,
        successor=successor.title if successor else "",
    )
