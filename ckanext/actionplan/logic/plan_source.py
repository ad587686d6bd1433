"""A plan as the rules see it, from its dataset and from what surrounds it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from ckan import model
from ckan.model.package import package_table

from ..core.plan import Continuity, Executor, Performed, Plan, Task, Who
from ..model import PlanRow
from ..model.status import visible_plans
from . import dates

if TYPE_CHECKING:
    from collections.abc import Iterable


class Successor(NamedTuple):
    """The plan that owes in place of another one.

    :param first_day: its first day in force.
    """

    title: str
    first_day: date
    name: str


def plan_of(pkg: dict[str, Any]) -> Plan:
    """The plan of a dataset dict, for the rules.

    :param pkg: as `package_show` gives it.
    """
    start = day(pkg.get("period_start"))
    approved = [each for each in (day(pkg.get("approval_date")), start) if each]
    in_force_from = day(pkg.get("in_force_from"))
    return Plan(
        id=pkg["id"],
        owner=pkg["owner_org"],
        start=start or in_force_from or (max(approved) if approved else None),
        end=day(pkg.get("period_end")),
        in_force_from=in_force_from or (max(approved) if approved else None),
        tracked_from=day(pkg.get("tracked_from")),
        participants=texts(pkg.get("participants")),
        executors=tuple(map(_executor, pkg.get("executors") or ())),
        tasks=tuple(map(_task, pkg.get("tasks") or ())),
        until=day(pkg.get("in_force_until")),
    )


def surrounded(plan: Plan, successor: Successor | None) -> Plan:
    """A plan with the portal-wide dates and what the plan that replaces it leaves it.

    :param successor: what `successor_of` gave.
    """
    lasts = [plan.until] if plan.until else []
    if successor:
        lasts.append(successor.first_day - timedelta(days=1))
    until = min(lasts) if lasts else None
    return replace(plan, until=until, events=dates.events())


def successor_of(plan: Plan) -> Successor | None:
    """The first active public plan of the same owner that replaces a plan."""
    return successor(plan.id, plan.owner)


def successor(plan_id: str, owner_id: str) -> Successor | None:
    """The first active public plan of an owner that replaces a plan; one statement."""
    row, package = PlanRow.__table__.c, package_table.c
    found = model.Session.execute(
        sa.select(package.title, package.name, row.in_force_from)
        .select_from(PlanRow.__table__.join(package_table, package.id == row.id))
        .where(
            row.replaces == plan_id,
            row.id != plan_id,
            row.in_force_from.is_not(None),
            package.owner_org == owner_id,
            visible_plans(),
        )
        .order_by(row.in_force_from, row.id)
        .limit(1)
    ).first()
    return Successor(found[0] or found[1], found[2], found[1]) if found else None


def _executor(row: dict[str, Any]) -> Executor:
    return Executor(
        row["name"], Who(row.get("who") or ""), texts(row.get("organizations"))
    )


def _task(row: dict[str, Any]) -> Task:
    continuity = row.get("continuity")
    said = (row.get(name) or "" for name in ("title", "deadline", "indicator"))
    return Task(
        id=row["id"],
        due=row.get("due") or "",
        executors=texts(row.get("executors")),
        performed=Performed(row.get("performed") or Performed.JOINTLY),
        lead=row.get("lead") or "",
        continuity=Continuity(continuity) if continuity else None,
        withdrawn_by=row.get("withdrawn_by") or "",
        topic=row.get("topic") or "",
        text="\n".join(said),
    )


def texts(value: Iterable[str] | str | None) -> tuple[str, ...]:
    """The texts of a field that holds one or several."""
    if isinstance(value, str):
        value = [value]
    return tuple(text for text in value or () if text)


def day(value: str | None) -> date | None:
    """The day of a field of a dataset."""
    return date.fromisoformat(value) if value else None
