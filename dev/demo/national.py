"""Fills the national portal: a plain CKAN that got some of our datasets.

python dev/demo/national.py INI ACCOUNTS TODAY
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Any

import ckan_site
import datasets
import people
import publishers
import tables
from ckan_site import ADMIN, Age, say
from datasets import Dataset

from ckan import model


def fill(password: str, today: date) -> None:
    """Bring the national portal in place for a day.

    :param password: of its administrator.
    """
    ckan_site.ensure_admin(_administrator(password))
    ckan_site.ensure_passwords([ADMIN], password)
    wanted = _organizations()
    known = ckan_site.names(model.Group)
    for organization in wanted:
        if organization["name"] not in known:
            ckan_site.call("organization_create", organization)
    copies = [(_copy(dataset), dataset.days_there) for dataset in _arrived()]
    copies += [(_stranger(row), int(row["days"])) for row in _strangers()]
    _packages(copies, today)


def _packages(copies: list[tuple[dict[str, Any], int]], today: date) -> None:
    known = ckan_site.names(model.Package)
    new = [(package, days) for package, days in copies if package["name"] not in known]
    old = [package["id"] for package, _ in copies if package["name"] in known]
    for package, _ in new:
        ckan_site.call_uncommitted("package_create", package)
    ckan_site.make_old(Age(package["id"], days) for package, days in new)
    touched = [package["id"] for package, _ in new]
    before = ckan_site.filled_for()
    if before and before < today:
        ckan_site.shift(old, (today - before).days)
        touched += old
    ckan_site.finish(touched, today)
    say(f"national portal: {len(new)} datasets new, {len(old)} were there")


def _administrator(password: str) -> dict[str, str]:
    return {
        "name": ADMIN,
        "fullname": "Адміністратор національного порталу",
        "email": "admin@national.example",
        "password": password,
    }


def _organizations() -> list[dict[str, str]]:
    ours = [
        {"name": publisher.there, "title": publisher.title}
        for publisher in publishers.load()
        if publisher.there
    ]
    others = tables.read("national")["organizations"]
    return [{**row, "id": _organization_id(row["name"])} for row in [*ours, *others]]


def _organization_id(name: str) -> str:
    return tables.stable_id("organization there", name)


def _arrived() -> list[Dataset]:
    return [dataset for dataset in datasets.load() if dataset.there != "missing"]


def _copy(dataset: Dataset) -> dict[str, Any]:
    owner = _organization_id(datasets.owner_there(dataset))
    return {**dataset.package(owner), "id": dataset.id_there}


def _strangers() -> list[dict[str, Any]]:
    return tables.read("national")["datasets"]


def _stranger(row: dict[str, Any]) -> dict[str, Any]:
    dataset = Dataset(
        publisher=row["organization"],
        name=row["name"],
        title=row["title"],
        every="once a year",
        days=row["days"],
        tags=("відкриті дані",),
    )
    package = dataset.package(_organization_id(row["organization"]))
    return {**package, "id": dataset.id}


if __name__ == "__main__":
    ckan_site.open_site(Path(sys.argv[1]))
    fill(people.password(Path(sys.argv[2])), date.fromisoformat(sys.argv[3]))
