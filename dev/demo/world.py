"""Fills the portal: accounts, organizations, datasets, plans, reports.

python dev/demo/world.py INI ACCOUNTS TODAY
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import ckan_site
import datasets
import later
import people
import plans
import portal_dates
import publishers
import reading
import reports
from ckan_site import Age, say
from moves import Moves

from ckan import model

if TYPE_CHECKING:
    from datasets import Dataset
    from people import Person
    from plans import Plan

#: The document of the amendment by which the dates of a plan move.
_MOVED: Final = "уточнення строків демонстрації"


def fill(password: str, today: date) -> None:
    """Bring the portal in place for a day; what is there stays.

    :param password: of the accounts that are new.
    """
    before = ckan_site.filled_for()
    _people(password)
    _organizations()
    later.rename()
    later.approve()
    for plan in plans.load():
        _plan(plan, before, Moves(today))
    later.happen(Moves(today))
    portal_dates.ensure(today)
    count = sum(reports.tell(plan, today) for plan in plans.load())
    say(f"portal: {count} reports new")
    _datasets(before, today)


def _people(password: str) -> None:
    persons = people.load()
    ckan_site.ensure_admin(persons[0].user(password))
    known = ckan_site.names(model.User)
    new = [person for person in persons if person.name not in known]
    for person in new:
        ckan_site.call("user_create", person.user(password))
    ckan_site.ensure_passwords([person.name for person in persons], password)
    say(f"portal: {len(persons)} accounts")


def _organizations() -> None:
    known = ckan_site.names(model.Group)
    members: dict[str, list[Person]] = {}
    for person in people.load():
        members.setdefault(person.organization, []).append(person)
    for publisher in publishers.load():
        if publisher.name in known:
            continue
        users = [
            {"name": person.name, "capacity": person.capacity}
            for person in members.get(publisher.name, [])
        ]
        ckan_site.call(
            "organization_create", {**publisher.organization(), "users": users}
        )
        if publisher.council:
            ckan_site.call("member_create", publisher.membership())
    say(f"portal: {len(publishers.load())} organizations")


def _datasets(before: date | None, today: date) -> None:
    known = ckan_site.names(model.Package)
    new = [dataset for dataset in datasets.load() if dataset.name not in known]
    old = [dataset.id for dataset in datasets.load() if dataset.name in known]
    for dataset in new:
        _create(dataset)
    ckan_site.make_old(Age(dataset.id, dataset.days) for dataset in new)
    touched = [dataset.id for dataset in new]
    if before and before < today:
        ckan_site.shift(old, (today - before).days)
        touched += old
    ckan_site.finish(touched, today)
    if touched:
        ckan_site.call("actionplan_dataset_rebuild", {})
    say(f"portal: {len(new)} datasets new, {len(old)} were there")


def _create(dataset: Dataset) -> None:
    owner = publishers.publisher_id(dataset.publisher)
    package: dict[str, Any] = {
        **dataset.package(owner),
        "id": dataset.id,
        "private": dataset.hidden,
    }
    ckan_site.call_uncommitted("package_create", package)
    if dataset.gone:
        ckan_site.call_uncommitted("package_delete", {"id": dataset.id})


def _plan(plan: Plan, before: date | None, moves: Moves) -> None:
    known = ckan_site.names(model.Package, packages_of="action-plan")
    if plan.name not in known:
        _import(plan, moves)
        say(f"portal: plan {plan.name!r} imported")
    elif before and Moves(before).anchor < moves.anchor:
        _move(plan, Moves(before), moves)
        say(f"portal: plan {plan.name!r} moved to {moves.anchor}")


def _import(plan: Plan, moves: Moves) -> None:
    """Read the document and save what was read, as the import pages do."""
    plan = later.importable(plan)
    draft = reading.draft(plan, moves)
    corrections = plan.corrections(draft["data"], moves)
    ckan_site.call("actionplan_draft_update", {"id": draft["id"], **corrections})
    ckan_site.call("actionplan_draft_submit", {"id": draft["id"], "name": plan.name})


def _move(plan: Plan, before: Moves, after: Moves) -> None:
    """Give the plan the dates of a later day; tasks keep their ids.

    The change of a deadline needs an act, so an amendment of the demo's own says it.
    """
    package = ckan_site.call("package_show", {"id": plan.name})
    then, now = plan.moving_fields(before), plan.moving_fields(after)
    amendment = {
        "document": _MOVED,
        "number": after.anchor.isoformat(),
        "date": after.anchor.isoformat(),
        "note": "Строки плану рухаються разом із сьогоднішнім днем.",
    }
    kept = [row for row in package.get("amendments") or () if row["document"] != _MOVED]
    amended = plan.as_amended()
    patch: dict[str, Any] = {
        **{key: now[key] for key in plans.MOVING if package.get(key) == then[key]},
        "amendments": [*kept, amendment],
        "amended_by": amendment["number"],
        "tasks": plans.moved(
            package["tasks"],
            reading.tasks(amended, before),
            reading.tasks(amended, after),
        ),
    }
    reading.save(package["id"], **patch)


if __name__ == "__main__":
    ckan_site.open_site(Path(sys.argv[1]))
    fill(people.password(Path(sys.argv[2])), date.fromisoformat(sys.argv[3]))
