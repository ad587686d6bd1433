"""What happened to plans and organizations after the plans came into force.

Each event leaves a trace by which the next fill sees that it has happened.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import ckan_site
import plans
import publishers
import reading
import sqlalchemy as sa
from moves import first_of_quarter
from publishers import publisher_id

from ckan import model

from ckanext.actionplan import model as own
from ckanext.actionplan.logic import amending

if TYPE_CHECKING:
    from moves import Moves
    from plans import Plan

#: She names participants that belong to nobody of hers, so they are asked.
_COORDINATOR: Final = "koordynatorka"


def rename() -> None:
    """Let organizations have had another name, so that old addresses lead on."""
    for publisher in publishers.load():
        former = publisher.formerly
        if former and model.Session.get(own.PublisherName, former) is None:
            for name in (former, publisher.name):
                patch = {"id": publisher.id, "name": name}
                ckan_site.call("organization_patch", patch)


def approve() -> None:
    """Put organizations on the approved lists of councils; others there stay."""
    for council in {each.listed_by for each in publishers.load() if each.listed_by}:
        shown = ckan_site.call("actionplan_council_show", {"id": council})
        there = [each["id"] for each in shown["listed"]]
        wanted = [each.id for each in publishers.load() if each.listed_by == council]
        if not set(wanted) <= set(there):
            ckan_site.call(
                "actionplan_council_update",
                {"id": council, "organizations": [*there, *wanted]},
            )


def happen(moves: Moves) -> None:
    """Let everything happen that has not happened yet."""
    for plan in plans.load():
        _amend(plan, moves)
        _correct(plan, moves)
        _name(plan)
        _replace(plan)
    for publisher in publishers.load():
        if publisher.merged_into:
            _merge(publisher, moves)
        if publisher.gone:
            _delete(publisher.id)


def _shown(plan: Plan) -> dict[str, Any]:
    return ckan_site.call("package_show", {"id": plan.name})


def _amend(plan: Plan, moves: Moves) -> None:
    """An act moves the days of some tasks and takes others out."""
    package = _shown(plan)
    known = [each.get("number") for each in package.get("amendments") or ()]
    if not plan.act or plan.act["number"] in known:
        return
    signed = moves.anchor + timedelta(days=plan.act["by"])
    act = {name: plan.act[name] for name in ("document", "number", "note")}
    act["date"] = signed.isoformat()
    before, after = (reading.tasks(one, moves) for one in (plan, plan.as_amended()))
    out = {task.title for _, task in plan.tasks() if task.withdrawn}
    tasks = [
        {**task, "withdrawn_by": amending.words(act)} if task["title"] in out else task
        for task in plans.moved(package["tasks"], before, after)
    ]
    reading.save(
        package["id"], amendments=[*(package.get("amendments") or ()), act], tasks=tasks
    )
    ckan_site.say(f"portal: plan {plan.name!r} amended")


def _correct(plan: Plan, moves: Moves) -> None:
    """A person reads a deadline anew that the reader could not date."""
    package = _shown(plan)
    days = {
        task.title: f"../{moves.day(*task.read_as)}"
        for _, task in plan.tasks()
        if task.read_as
    }
    unread = [
        task
        for task in package["tasks"]
        if task["title"] in days and not task.get("due")
    ]
    for task in unread:
        task["due"] = days[task["title"]]
    if unread:
        reading.save(package["id"], _COORDINATOR, tasks=package["tasks"])


def _name(plan: Plan) -> None:
    """The coordinator names strangers and finds out who some executors are."""
    package = _shown(plan)
    named = [publisher_id(each) for each in plan.named]
    rows = package["executors"]
    new = False
    for row in rows:
        ids = [publisher_id(each) for each in plan.joined.get(row["name"], ())]
        there: list[str] = row.get("organizations") or []
        if not set(ids) <= set(there):
            row |= {"who": "participants", "organizations": [*there, *ids]}
            new = True
    if new or not set(named) <= set(package["participants"]):
        participants = dict.fromkeys([*package["participants"], *named])
        reading.save(
            package["id"], _COORDINATOR, participants=list(participants), executors=rows
        )


def _replace(plan: Plan) -> None:
    if not plan.replaces:
        return
    package = _shown(plan)
    if not package.get("replaces"):
        former = ckan_site.call("package_show", {"id": plan.replaces})
        reading.save(package["id"], replaces=former["id"])


def _merge(publisher: publishers.Publisher, moves: Moves) -> None:
    if _merged(publisher):
        return
    wanted = {
        "old": publisher.id,
        "new": publisher_id(publisher.merged_into),
        "merged_from": first_of_quarter(moves.today).isoformat(),
    }
    ckan_site.call("actionplan_publisher_merge", wanted)


def _merged(publisher: publishers.Publisher) -> bool:
    return model.Session.get(own.Merger, publisher.id) is not None


def _delete(organization_id: str) -> None:
    if _state(organization_id) == model.State.ACTIVE:
        ckan_site.call("organization_delete", {"id": organization_id})


def importable(plan: Plan) -> Plan:
    """A plan that is imported anew, when what happens later has happened already.

    A merged organization cannot be named any more; a deleted one comes back until
    the plan names it.
    """
    heirs = {
        each.name: each.merged_into
        for each in publishers.load()
        if each.merged_into and _merged(each)
    }
    for name in plan.participants:
        organization_id = publisher_id(name)
        if name not in heirs and _state(organization_id) == model.State.DELETED:
            patch = {"id": organization_id, "state": model.State.ACTIVE}
            ckan_site.call("organization_patch", patch)
    return plan.inherited(heirs)


def _state(organization_id: str) -> str | None:
    table: Any = model.group_table
    return model.Session.scalar(
        sa.select(table.c.state).where(table.c.id == organization_id)
    )
