"""Local datasets beside their copies on the upstream: set-based, by id and by name."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ckan.model.package import package_table

from .dataset import DatasetFact
from .facts import UPSTREAM, datasets, package, public

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


class Presence(str, Enum):
    """State of one dataset on the upstream."""

    PRESENT = "present"
    OUTDATED = "outdated"
    MISSING = "missing"
    ORPHANED = "orphaned"
    NOT_MEASURED = "not_measured"


_by_id = DatasetFact.__table__.alias("copy_by_id")
_by_name = DatasetFact.__table__.alias("copy_by_name")
_twin = package_table.alias("twin")


def _copy(column: str) -> Any:
    """A column of the copy: matched by id, else by name.

    A copy whose id is that of another dataset here is that dataset's copy, whatever
    it is called.
    """
    return sa.case(
        (_by_id.c.dataset_id.is_not(None), _by_id.c[column]),
        (_twin.c.id.is_(None), _by_name.c[column]),
    )


def joined(dataset_types: Sequence[str]) -> Any:
    """Local datasets, joined twice with the upstream: each join uses its own index.

    :param dataset_types: types of packages that count as datasets.
    """
    return (
        datasets(dataset_types)
        .outerjoin(
            _by_id,
            sa.and_(_by_id.c.source == UPSTREAM, _by_id.c.dataset_id == package.c.id),
        )
        .outerjoin(
            _by_name,
            sa.and_(_by_name.c.source == UPSTREAM, _by_name.c.name == package.c.name),
        )
        .outerjoin(
            _twin,
            sa.and_(_twin.c.id == _by_name.c.dataset_id, _twin.c.id != package.c.id),
        )
    )


def columns() -> dict[str, Any]:
    """What is told of a copy: columns over `joined`."""
    return {
        "upstream_id": _copy("dataset_id"),
        "upstream_name": _copy("name"),
        "upstream_title": _copy("title"),
    }


def presence_case(cutoff: datetime | None) -> Any:
    """Presence of a dataset, as text of `Presence`; over `joined`.

    Null for a dataset that is not public here and has no copy there.

    :param cutoff: changes after this moment the upstream has not had time to take;
        aware. None: nothing is measured.
    """
    found = _copy("dataset_id").is_not(None)
    orphaned = sa.literal(Presence.ORPHANED.value)
    not_measured = sa.literal(Presence.NOT_MEASURED.value)
    if cutoff is None:
        return sa.case((public(), not_measured))
    # CKAN keeps UTC without a zone.
    settled = sa.literal(cutoff.replace(tzinfo=None), sa.DateTime)
    modified = package.c.metadata_modified
    copied = sa.func.timezone("UTC", _copy("metadata_modified"))
    outdated = sa.and_(copied < modified, modified < settled)
    return sa.case(
        (sa.and_(sa.not_(public()), found), orphaned),
        (sa.not_(public()), sa.null()),
        (sa.and_(found, outdated), sa.literal(Presence.OUTDATED.value)),
        (found, sa.literal(Presence.PRESENT.value)),
        (package.c.metadata_created < settled, sa.literal(Presence.MISSING.value)),
        else_=not_measured,
    )
