"""What the plans of one council ask of whom: set-based, whatever their size."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ckan.model.group import group_table
from ckan.model.package import package_table

from ..core.status import Status
from . import members
from .obligation import ObligationRow, Party
from .organization import CouncilMember
from .plan import Participant, PlanRow, TaskRow
from .publishers import SUMS, latest, state_sums
from .status import obligations, visible_plans

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from .status import Window

_package = package_table
_plan = PlanRow.__table__


def plans(council_id: str, private_of: Collection[str] | None) -> sa.Select[Any]:
    """Plans of a council that a viewer may see.

    :param private_of: see `status.visible_plans`.
    :returns: columns id, name, title, private, tasks, unmapped_executors.
    """
    title = sa.func.coalesce(sa.func.nullif(_package.c.title, ""), _package.c.name)
    return (
        sa.select(
            _package.c.id,
            _package.c.name,
            title.label("title"),
            _package.c.private,
            _plan.c.tasks,
            _plan.c.unmapped_executors,
        )
        .select_from(_plan.join(_package, _package.c.id == _plan.c.id))
        .where(_package.c.owner_org == council_id, visible_plans(private_of))
        .order_by(_plan.c.in_force_from.desc().nulls_last(), _package.c.id)
    )


def named(plan_ids: Sequence[str]) -> sa.Select[Any]:
    """Who is named in plans.

    :returns: columns of the participant in the plans' order.
    """
    table = Participant.__table__
    return (
        sa.select(table)
        .where(members.among(table.c.plan_id, plan_ids))
        .order_by(table.c.plan_id, table.c.position)
    )


def owed(council_id: str, as_of: date, window: Window, private_of: Any) -> Any:
    """Obligations of a council's plans with their state, to select from."""
    return (
        obligations(as_of, window, private_of=private_of)
        .where(_package.c.owner_org == council_id)
        .subquery("owed")
    )


def sums(owes: Any) -> sa.Select[Any]:
    """What each organization owes by these plans; joint tasks count for who leads.

    :param owes: what `owed` gave.
    :returns: columns `organization_id`, `TASK_SUMS`.
    """
    return sa.select(owes.c.organization_id, *state_sums(owes.c.status)).group_by(
        owes.c.organization_id
    )


def by_task(owes: Any, council_id: str) -> sa.Select[Any]:
    """States of tasks: joint ones by who leads, the council's own, what is open.

    Of tasks performed by each only what the council itself owes and what is
    unresolved is read, so the rows are as many as tasks, not as participants.

    :returns: columns `plan_id`, `task_id`, `joint`, `organization_id` (empty: not
        told apart), `mark`, `status`, `number`, `title`, `position`, `count`.
    """
    task = TaskRow.__table__
    joint = owes.c.share == ""
    told = sa.or_(joint, owes.c.organization_id == council_id)
    unresolved = owes.c.status == Status.UNRESOLVED.value
    read = (
        sa.select(
            owes.c.plan_id,
            owes.c.task_id,
            joint.label("joint"),
            sa.case((told, owes.c.organization_id), else_="").label("organization_id"),
            owes.c.mark,
            owes.c.status,
        )
        .where(sa.or_(told, unresolved), owes.c.status != Status.WITHDRAWN.value)
        .subquery("read")
    )
    rows = (
        sa.select(read, sa.func.count().label("count"))
        .group_by(*read.c)
        .subquery("by_task")
    )
    return (
        sa.select(rows, task.c.number, task.c.title, task.c.position)
        .join(
            task,
            sa.and_(task.c.plan_id == rows.c.plan_id, task.c.id == rows.c.task_id),
        )
        .order_by(rows.c.plan_id, task.c.position, task.c.id)
    )


def parties(plan_ids: Sequence[str]) -> sa.Select[Any]:
    """Who takes part in joint tasks besides who leads.

    :returns: columns `plan_id`, `task_id`, `organization_ids`.
    """
    obligation, party = ObligationRow.__table__, Party.__table__
    return (
        sa.select(
            obligation.c.plan_id,
            obligation.c.task_id,
            sa.func.array_agg(party.c.organization_id.distinct()).label(
                "organization_ids"
            ),
        )
        .join(party, party.c.obligation_id == obligation.c.id)
        .where(
            members.among(obligation.c.plan_id, plan_ids),
            obligation.c.withdrawn.is_(False),
        )
        .group_by(obligation.c.plan_id, obligation.c.task_id)
    )


def organizations(ids: Sequence[str]) -> sa.Select[Any]:
    """Titles of organizations in their order, deleted ones too.

    :returns: columns id, name, title, `deleted`.
    """
    group = group_table.c
    title = sa.func.coalesce(sa.func.nullif(group.title, ""), group.name)
    alive = sa.and_(group.state == "active", group.is_organization)
    return (
        sa.select(
            group.id, group.name, title.label("title"), sa.not_(alive).label("deleted")
        )
        .where(members.among(group.id, ids))
        .order_by(sa.func.lower(title), group.id)
    )


def standings(period: str, ids: Sequence[str]) -> sa.Select[Any]:
    """The sums of whole publishers, all councils together.

    :param period: name of the current period.
    :returns: columns `organization_id`, `SUMS`, `counts`.
    """
    found = latest(period)
    return sa.select(
        found.c.organization_id, *(found.c[name] for name in SUMS), found.c.counts
    ).where(members.among(found.c.organization_id, ids))


def by_right(council_id: str) -> Any:
    """Whom a council may bind without asking, and why.

    :returns: columns `id`, `listed` (else below it in the tree).
    """
    listed = CouncilMember.__table__.c
    tree = members.below(sa.select(sa.literal(council_id)), "council_tree")
    return (
        sa.select(listed.organization_id.label("id"), sa.true().label("listed"))
        .where(listed.council_id == council_id)
        .union_all(sa.select(tree.c.id, sa.false()))
    )


def namings(private_of: Collection[str] | None) -> sa.Select[Any]:
    """Participants with their plan, its council and themselves, to be narrowed.

    :param private_of: see `status.visible_plans`.
    :returns: columns of the participant (`confirmed_by` left out), `plan_name`,
        `plan_title`, `private`, `council_*`, `organization_*`, `deleted`.
    """
    participant = Participant.__table__
    council, group = (
        group_table.alias("council"),
        group_table.alias("participant_group"),
    )

    def title(row: Any) -> Any:
        return sa.func.coalesce(sa.func.nullif(row.c.title, ""), row.c.name)

    return (
        sa.select(
            *(each for each in participant.c if each.name != "confirmed_by"),
            _package.c.name.label("plan_name"),
            title(_package).label("plan_title"),
            _package.c.private,
            council.c.id.label("council_id"),
            council.c.name.label("council_name"),
            title(council).label("council_title"),
            group.c.name.label("organization_name"),
            title(group).label("organization_title"),
            sa.func.coalesce(group.c.state != "active", sa.true()).label("deleted"),
        )
        .select_from(
            participant.join(_package, _package.c.id == participant.c.plan_id)
            .outerjoin(council, council.c.id == _package.c.owner_org)
            .outerjoin(group, group.c.id == participant.c.organization_id)
        )
        .where(visible_plans(private_of))
        .order_by(
            sa.func.lower(title(_package)),
            participant.c.plan_id,
            participant.c.position,
        )
    )
