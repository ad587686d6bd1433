"""Derived rows of one plan: its term and its tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from ckan import model

from .. import clock
from ..core.change import COMPARED
from ..model import PlanRow, TaskRow
from . import bulk, changes, plan_source

if TYPE_CHECKING:
    from datetime import date

    from ..core.plan import Plan

_task = TaskRow.__table__
_TASK: Final = ("plan_id", "id", "position", "removed", *COMPARED)


def write_plan(pkg: dict[str, Any], plan: Plan, bound_on: date | None) -> None:
    """Write the term of a plan, and that it was derived now.

    :param bound_on: today when the plan is public and in force; the first such day is
        kept for ever.
    """
    mapped = {executor.name for executor in plan.executors if executor.who.value}
    names = {name for task in plan.tasks for name in task.executors}
    row = {
        "id": plan.id,
        "period_start": plan.start,
        "period_end": plan.end,
        "in_force_from": plan.in_force_from,
        "in_force_until": plan_source.day(pkg.get("in_force_until")),
        "tracked_from": plan.tracked_from,
        "replaces": pkg.get("replaces") or "",
        "reviewing_organization_id": pkg.get("reviewing_organization") or "",
        "tasks": len(plan.tasks),
        "unmapped_executors": len(names - mapped),
        "bound_on": bound_on,
        "executors": changes.mapping(plan),
        "derived_at": clock.now(),
    }
    table = PlanRow.__table__
    statement = pg.insert(table).values(row)
    written: dict[str, Any] = {
        name: statement.excluded[name] for name in row if name != "id"
    }
    written["bound_on"] = sa.func.coalesce(table.c.bound_on, written["bound_on"])
    model.Session.execute(
        statement.on_conflict_do_update(
            index_elements=["id"],
            set_=written,
        )
    )


def write_tasks(plan_id: str, tasks: list[dict[str, Any]], act: str) -> None:
    """Write the rows of a plan; those that are gone stay, with the act that did it.

    :param act: the amending act in words, empty when none was needed or named.
    """
    ids = [task["id"] for task in tasks]
    model.Session.execute(
        sa.update(_task)
        .where(
            _task.c.plan_id == plan_id,
            _task.c.removed.is_(False),
            bulk.among(_task.c.id, ids, absent=True),
        )
        .values(
            removed=True,
            withdrawn_by=sa.case(
                (_task.c.withdrawn_by == "", act), else_=_task.c.withdrawn_by
            ),
        )
    )
    rows = [
        {
            "plan_id": plan_id,
            "id": task["id"],
            "position": position,
            "removed": False,
            **changes.texts_of(task),
        }
        for position, task in enumerate(tasks)
    ]
    types = {name: _task.c[name].type for name in _TASK}
    given = sa.select(bulk.recordset("given", rows, types)).subquery("given_tasks")
    bulk.upsert(_task, given)
