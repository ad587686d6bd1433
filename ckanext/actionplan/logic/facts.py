"""Facts of datasets, written when a dataset is saved and rebuilt from the rows."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from ckan import model
from ckan.model.group import member_table
from ckan.model.package import package_table
from ckan.model.resource import resource_table
from ckan.model.tag import package_tag_table, tag_table

from .. import clock, compat, config
from ..core import facts
from ..core.facts import Fact, Fields
from ..model import DatasetFact
from ..model.facts import LOCAL
from . import standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

BATCH: Final = 500
_PACKAGE: Final = (
    "id",
    "name",
    "title",
    "notes",
    "owner_org",
    "maintainer",
    "maintainer_email",
    "license_id",
    "metadata_modified",
)
_FACT: Final = tuple(field.name for field in dataclasses.fields(Fact))
_RESOURCE: Final = ("format", "last_modified", "metadata_modified", "created")


def package_saved(pkg_dict: dict[str, Any]) -> None:
    """Write the facts of a saved dataset and refresh its publisher's sums.

    Reads the rows, since the dict may lack resources (decision 4); nothing is queued,
    so a save needs no Redis (decision 5).

    :param pkg_dict: what CKAN gives its hooks; only `id` is used.
    """
    package_id = pkg_dict["id"]
    model.Session.flush()
    if write([package_id]):
        standing.touch(_organizations(package_id))


def package_deleted(pkg_dict: dict[str, Any]) -> None:
    """Refresh the sums of those whom a deleted dataset concerns.

    :param pkg_dict: what CKAN gives its hooks; only `id` is used, which may be a name.
    """
    package = model.Package.get(pkg_dict["id"])
    if package is None:
        return
    if package.type in config.dataset_types():
        # CKAN does so itself, a few lines after it has called this.
        package.state = "deleted"
        standing.touch(_organizations(package.id))


def _organizations(package_id: str) -> list[str]:
    """The owner of a dataset and its former owners, whose sums it leaves."""
    member = member_table
    return list(
        model.Session.scalars(
            sa.select(member.c.group_id).where(
                member.c.table_name == "package",
                member.c.table_id == package_id,
                member.c.capacity == "organization",
            )
        )
    )


def write(package_ids: Sequence[str]) -> int:
    """Write the facts of packages that count as datasets; nothing is committed.

    :param package_ids: ids; a fixed number of statements for all of them.
    :returns: how many facts were written.
    """
    fields = passport_fields()
    found = [facts.read(dataset, fields) for dataset in _datasets(package_ids)]
    save(LOCAL, found)
    return len(found)


def passport_fields() -> Fields:
    """Where this portal keeps the passport."""
    return Fields(
        frequency=config.frequency_field(),
        purpose=config.purpose_field(),
        language=config.language_field(),
    )


def _datasets(package_ids: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Packages as facts read them, from the rows."""
    package = package_table.c
    rows = model.Session.execute(
        sa.select(*(package[name] for name in _PACKAGE)).where(
            package.id.in_(list(package_ids)),
            package.type.in_(config.dataset_types()),
        )
    ).mappings()
    datasets = [dict(row) for row in rows]
    if not datasets:
        return
    ids = [dataset["id"] for dataset in datasets]
    extras, tags, resources = compat.package_extras(ids), _tags(ids), _resources(ids)
    for dataset in datasets:
        key = dataset["id"]
        yield {
            **dataset,
            "extras": extras.get(key, {}),
            "tags": tags[key],
            "resources": resources[key],
        }


def _tags(package_ids: Sequence[str]) -> dict[str, list[str]]:
    link, tag = package_tag_table, tag_table
    rows = model.Session.execute(
        sa.select(link.c.package_id, tag.c.name)
        .select_from(link.join(tag, tag.c.id == link.c.tag_id))
        .where(link.c.package_id.in_(list(package_ids)), link.c.state == "active")
    )
    found: dict[str, list[str]] = defaultdict(list)
    for package_id, name in rows:
        found[package_id].append(name)
    return found


def _resources(package_ids: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    resource = resource_table.c
    rows = model.Session.execute(
        sa.select(resource.package_id, *(resource[name] for name in _RESOURCE))
        .where(resource.package_id.in_(list(package_ids)), resource.state == "active")
        .order_by(resource.package_id, resource.position)
    ).mappings()
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        found[row["package_id"]].append(dict(row))
    return found


def save(source: str, found: Iterable[Fact]) -> None:
    """Write facts by one statement; nothing is committed.

    :param source: `local`, or what a snapshot being read is kept under.
    """
    now = clock.now()
    rows = [
        {
            **{name: getattr(fact, name) for name in _FACT},
            "formats": list(fact.formats),
            "passport_gaps": list(fact.passport_gaps),
            "source": source,
            "checked_at": now,
        }
        for fact in found
    ]
    if not rows:
        return
    statement = pg.insert(DatasetFact.__table__).values(rows)
    model.Session.execute(
        statement.on_conflict_do_update(
            index_elements=["source", "dataset_id"],
            set_={
                name: statement.excluded[name]
                for name in rows[0]
                if name not in ("source", "dataset_id")
            },
        )
    )


def rebuild() -> dict[str, int]:
    """Write the facts of all datasets and the sums made of them.

    Each batch is committed, so a rebuild that is stopped may just be started again.

    :returns: how many were `written` and `removed`.
    """
    found = repair(clock.now())
    standing.refresh()
    model.Session.commit()
    return found


def repair(since: datetime) -> dict[str, int]:
    """Write the facts of datasets, batch by batch, and remove orphans.

    Each batch is committed; started again with the same moment it goes on.

    :param since: facts written after it, aware, are new enough.
    :returns: how many were `written` and `removed`.
    """
    package, fact = package_table.c, DatasetFact.__table__.c
    new_enough = sa.exists().where(
        fact.source == LOCAL, fact.dataset_id == package.id, fact.checked_at >= since
    )
    written, last = 0, ""
    while True:
        ids = model.Session.scalars(
            sa.select(package.id)
            .where(
                package.id > last,
                package.type.in_(config.dataset_types()),
                ~new_enough,
            )
            .order_by(package.id)
            .limit(BATCH)
        ).all()
        if not ids:
            break
        written += write(ids)
        model.Session.commit()
        last = ids[-1]
    removed = _remove_orphans()
    analyze()
    model.Session.commit()
    return {"written": written, "removed": removed}


def analyze() -> None:
    """Let the planner know of many new rows before sums are made of them."""
    model.Session.execute(sa.text(f"ANALYZE {DatasetFact.__table__.name}"))


def _remove_orphans() -> int:
    """Facts of purged packages, and of packages that are no datasets any more."""
    fact, package = DatasetFact.__table__, package_table.c
    kept = sa.select(package.id).where(
        package.id == fact.c.dataset_id, package.type.in_(config.dataset_types())
    )
    removed = model.Session.execute(
        sa.delete(fact)
        .where(fact.c.source == LOCAL, sa.not_(kept.exists()))
        .returning(fact.c.dataset_id)
    )
    return len(removed.all())
