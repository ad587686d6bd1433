"""The log of changes: plans as they stood, and what a save made of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from ckan import model

from .. import clock
from ..core.change import COMPARED, Mapped, PlanState, TaskState
from ..core.plan import TASK_TEXTS
from ..model import Change, Participant, PlanRow, TaskRow
from . import plan_source

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ckan.types import Context

    from ..core import change
    from ..core.plan import Plan

#: Between the names of executors, as one text.
JOINT = "; "


def texts_of(task: dict[str, Any]) -> dict[str, str]:
    """The texts of a task that are kept and compared.

    :param task: a row of `tasks` of a dataset.
    """
    found = {name: task.get(name) or "" for name in (*TASK_TEXTS, "withdrawn_by")}
    found["executors"] = JOINT.join(plan_source.texts(task.get("executors")))
    return found


def stored(plan_id: str) -> PlanState | None:
    """A plan as it was derived last, None when it was not; three statements at most."""
    row = model.Session.execute(
        sa.select(PlanRow.__table__).where(PlanRow.__table__.c.id == plan_id)
    ).first()
    if row is None:
        return None
    task, participant = TaskRow.__table__.c, Participant.__table__.c
    tasks = model.Session.execute(
        sa.select(task.id, *(task[name] for name in COMPARED))
        .where(task.plan_id == plan_id, task.removed.is_(False))
        .order_by(task.position, task.id)
    )
    participants = model.Session.scalars(
        sa.select(participant.organization_id)
        .where(participant.plan_id == plan_id)
        .order_by(participant.position, participant.organization_id)
    )
    return PlanState(
        period_start=row.period_start,
        period_end=row.period_end,
        in_force_from=row.in_force_from,
        in_force_until=row.in_force_until,
        tracked_from=row.tracked_from,
        participants=tuple(participants),
        tasks={
            found.id: TaskState({name: getattr(found, name) for name in COMPARED})
            for found in tasks
        },
        executors=_mapping_of(row.executors),
        bound=row.bound_on is not None,
    )


def _mapping_of(kept: dict[str, Any] | None) -> dict[str, Mapped] | None:
    if kept is None:
        return None
    return {name: Mapped(who, tuple(ids)) for name, (who, ids) in kept.items()}


def mapping(plan: Plan) -> dict[str, Mapped]:
    """Whom the names of executors stand for, as it is kept and compared.

    :param plan: as `plan_source.plan_of` gives it.
    """
    return {
        each.name: Mapped(each.who.value, each.organizations) for each in plan.executors
    }


def state_of(plan: Plan, pkg: dict[str, Any]) -> PlanState:
    """A plan as it is saved.

    :param plan: as `plan_source.plan_of` gives it.
    :param pkg: the same plan as a dataset.
    """
    return PlanState(
        period_start=plan.start,
        period_end=plan.end,
        in_force_from=plan.in_force_from,
        in_force_until=plan_source.day(pkg.get("in_force_until")),
        tracked_from=plan.tracked_from,
        participants=plan.participants,
        tasks={
            task["id"]: TaskState(texts_of(task)) for task in pkg.get("tasks") or ()
        },
        executors=mapping(plan),
    )


def write(
    plan_id: str, found: Sequence[change.Change], context: Context | None
) -> None:
    """Log changes, in the caller's transaction; one statement besides the author's.

    :param context: of the action that saved the plan.
    """
    if not found:
        return
    now, author = clock.now(), _author(context)
    rows = [
        {
            "plan_id": plan_id,
            "task_id": each.task,
            "kind": each.kind.value,
            "field": each.field,
            "before": each.before,
            "after": each.after,
            "act": each.act,
            "author_id": author,
            "changed_at": now,
        }
        for each in found
    ]
    model.Session.execute(pg.insert(Change.__table__), rows)


def _author(context: Context | None) -> str:
    user = model.User.get(context.get("user")) if context else None
    return user.id if user else ""
