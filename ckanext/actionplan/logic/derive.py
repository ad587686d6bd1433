"""Derived rows of plans, written in the plan's own transaction."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.model.package import package_table

from .. import clock, config
from ..core import obligation as rules
from ..core.errors import TooManyObligationsError
from ..core.plan import Continuity, Executor, Performed, Plan, Task, Who
from ..model import (
    ObligationRow,
    Participant,
    Party,
    PlanRow,
    Report,
    ReportEvent,
    TaskRow,
)
from . import standing

if TYPE_CHECKING:
    from ckan.types import Context

    from ..core.obligation import Obligation

DATASET_TYPE = "action-plan"

_TASK_TEXTS = (
    "number",
    "section",
    "principle",
    "topic",
    "title",
    "deadline",
    "due",
    "indicator",
    "performed",
    "continuity",
    "measure",
    "target",
    "withdrawn_by",
    "note",
)


def package_saved(pkg_dict: dict[str, Any]) -> None:
    """Derive the rows of a saved package when it is a plan.

    :param pkg_dict: what CKAN gives its hooks; only `id` is used (decision 4).
    """
    package = model.Session.get(model.Package, pkg_dict["id"])
    if package and package.type == DATASET_TYPE:
        derive(package.id)


def derive(plan_id: str) -> None:
    """Write plan, participants, tasks and obligations; nothing is committed.

    Deriving twice changes nothing. What is no longer derived is withdrawn.

    :raises ckan.logic.ValidationError: when the plan has too many obligations; the
        transaction is rolled back then.
    """
    model.Session.flush()
    context: Context = {"ignore_auth": True, "use_cache": False}
    pkg = tk.get_action("package_show")(context, {"id": plan_id})
    plan = plan_of(pkg)
    limit = config.obligations_count()
    try:
        obligations = list(rules.derive(plan, clock.today(), limit))
    except TooManyObligationsError as error:
        model.Session.rollback()
        message = tk._(
            "The plan would have {count} obligations; this portal allows {limit}. "
            "Let tasks be performed jointly, or ask the administrator."
        ).format(count=error.count, limit=error.limit)
        raise tk.ValidationError({"tasks": [message]}) from error
    _write_plan(pkg, plan)
    _write_participants(plan)
    _write_tasks(plan, pkg.get("tasks") or [])
    _write_obligations(plan, obligations)
    _write_parties(plan, obligations)
    standing.touch_plan(plan_id)


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
    for table in (obligation, TaskRow.__table__, Participant.__table__):
        model.Session.execute(sa.delete(table).where(gone(table.c.plan_id)))
    plan = PlanRow.__table__
    model.Session.execute(sa.delete(plan).where(gone(plan.c.id)))


def plan_of(pkg: dict[str, Any]) -> Plan:
    """The plan of a dataset dict, for the rules."""
    start = _day(pkg.get("period_start"))
    approved = [day for day in (_day(pkg.get("approval_date")), start) if day]
    ends = [
        day
        for day in (_day(pkg.get("period_end")), _day(pkg.get("in_force_until")))
        if day
    ]
    in_force_from = _day(pkg.get("in_force_from"))
    return Plan(
        id=pkg["id"],
        owner=pkg["owner_org"],
        start=start or in_force_from or (max(approved) if approved else None),
        end=min(ends) if ends else None,
        in_force_from=in_force_from or (max(approved) if approved else None),
        tracked_from=_day(pkg.get("tracked_from")),
        participants=_texts(pkg.get("participants")),
        executors=tuple(map(_executor, pkg.get("executors") or ())),
        tasks=tuple(map(_task, pkg.get("tasks") or ())),
    )


def _executor(row: dict[str, Any]) -> Executor:
    return Executor(
        row["name"], Who(row.get("who") or ""), _texts(row.get("organizations"))
    )


def _task(row: dict[str, Any]) -> Task:
    continuity = row.get("continuity")
    return Task(
        id=row["id"],
        due=row.get("due") or "",
        executors=_texts(row.get("executors")),
        performed=Performed(row.get("performed") or Performed.JOINTLY),
        lead=row.get("lead") or "",
        continuity=Continuity(continuity) if continuity else None,
        withdrawn_by=row.get("withdrawn_by") or "",
    )


def _texts(value: list[str] | str | None) -> tuple[str, ...]:
    if isinstance(value, str):
        value = [value]
    return tuple(text for text in value or () if text)


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _upsert(table: sa.Table, rows: list[dict[str, Any]]) -> None:
    """Insert rows or, where a row differs, replace its values."""
    if not rows:
        return
    statement = pg.insert(table)
    keys = [column.name for column in table.primary_key]
    values = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    changed = sa.or_(
        *(table.c[name].is_distinct_from(value) for name, value in values.items())
    )
    statement = statement.on_conflict_do_update(
        index_elements=keys, set_=values, where=changed
    )
    model.Session.execute(statement, rows)


def _write_plan(pkg: dict[str, Any], plan: Plan) -> None:
    mapped = {executor.name for executor in plan.executors if executor.who.value}
    names = {name for task in plan.tasks for name in task.executors}
    row = {
        "id": plan.id,
        "period_start": plan.start,
        "period_end": _day(pkg.get("period_end")),
        "in_force_from": plan.in_force_from,
        "in_force_until": _day(pkg.get("in_force_until")),
        "tracked_from": plan.tracked_from,
        "reviewing_organization_id": pkg.get("reviewing_organization") or "",
        "tasks": len(plan.tasks),
        "unmapped_executors": len(names - mapped),
    }
    _upsert(PlanRow.__table__, [row])


def _write_participants(plan: Plan) -> None:
    table = Participant.__table__
    model.Session.execute(
        sa.delete(table).where(
            table.c.plan_id == plan.id,
            table.c.organization_id.notin_(plan.participants),
        )
    )
    rows = [
        {"plan_id": plan.id, "organization_id": organization, "position": position}
        for position, organization in enumerate(plan.participants)
    ]
    _upsert(table, rows)


def _write_tasks(plan: Plan, tasks: list[dict[str, Any]]) -> None:
    table = TaskRow.__table__
    model.Session.execute(
        sa.update(table)
        .where(
            table.c.plan_id == plan.id,
            table.c.id.notin_([task["id"] for task in tasks]),
        )
        .values(removed=True)
    )
    rows = [
        {
            "plan_id": plan.id,
            "id": task["id"],
            "position": position,
            "executors": "; ".join(_texts(task.get("executors"))),
            "removed": False,
            **{name: task.get(name) or "" for name in _TASK_TEXTS},
        }
        for position, task in enumerate(tasks)
    ]
    _upsert(table, rows)


def _write_obligations(plan: Plan, obligations: list[Obligation]) -> None:
    table = ObligationRow.__table__
    ids = [obligation.id for obligation in obligations]
    acts = {task.id: task.withdrawn_by for task in plan.tasks if task.withdrawn_by}
    withdrawn = (
        sa.case(acts, value=table.c.task_id, else_="") if acts else sa.literal("")
    )
    model.Session.execute(
        sa.update(table)
        .where(
            table.c.plan_id == plan.id,
            table.c.id != sa.all_(sa.literal(ids, pg.ARRAY(sa.Text))),
        )
        .values(withdrawn=True, withdrawn_by=withdrawn)
    )
    _upsert(table, [_row(plan, obligation) for obligation in obligations])


def _row(plan: Plan, obligation: Obligation) -> dict[str, Any]:
    occurrence = obligation.occurrence
    return {
        "id": obligation.id,
        "plan_id": plan.id,
        "task_id": obligation.task,
        "share": obligation.share,
        "occurrence": occurrence.name,
        "organization_id": obligation.organization,
        "kind": occurrence.kind.value,
        "starts_on": occurrence.starts_on,
        "due_on": occurrence.due_on,
        "reason": occurrence.reason.value if occurrence.reason else "",
        "mark": obligation.mark.value if obligation.mark else "",
        "before_tracking": obligation.before_tracking,
        "withdrawn": False,
        "withdrawn_by": "",
    }


def _write_parties(plan: Plan, obligations: list[Obligation]) -> None:
    table = Party.__table__
    obligation = ObligationRow.__table__
    model.Session.execute(
        sa.delete(table).where(
            table.c.obligation_id.in_(
                sa.select(obligation.c.id).where(obligation.c.plan_id == plan.id)
            )
        )
    )
    rows = [
        {"obligation_id": o.id, "organization_id": party}
        for o in obligations
        for party in o.parties
    ]
    if rows:
        model.Session.execute(pg.insert(table).on_conflict_do_nothing(), rows)
