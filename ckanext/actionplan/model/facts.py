"""Datasets with their facts; whether they are late is judged when read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from ckan.model.package import package_table

from .dataset import DatasetFact

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

#: The two values of `source`; a snapshot being read has one of its own.
LOCAL: Final = "local"
UPSTREAM: Final = "upstream"

fact = DatasetFact.__table__
package = package_table


def public() -> Any:
    """The condition that a package is seen by everybody."""
    return sa.and_(package.c.state == "active", package.c.private.is_(False))


def seen(private_of: Collection[str] | None = ()) -> Any:
    """The condition that a dataset may be seen.

    :param private_of: ids of the organizations whose private datasets are seen too;
        None: of all.
    """
    if not private_of and private_of is not None:
        return public()
    active = package.c.state == "active"
    if private_of is None:
        return active
    mine = package.c.owner_org.in_(list(private_of))
    return sa.and_(active, sa.or_(package.c.private.is_(False), mine))


def of_organizations(organization_ids: Sequence[str] | None, column: Any) -> Any:
    """The condition that a row belongs to one of the organizations.

    :param organization_ids: None: to any organization.
    """
    if organization_ids is None:
        return column.is_not(None)
    return column.in_(list(organization_ids))


def days_late(as_of: date, zone: str) -> Any:
    """Days past the day on which an update was expected; null when not judged.

    :param as_of: the day, in the portal's zone.
    :param zone: name of the portal's zone.
    """
    updated_on = sa.cast(sa.func.timezone(zone, fact.c.updated_at), sa.Date)
    return sa.type_coerce(
        sa.literal(as_of, sa.Date) - (updated_on + fact.c.interval_days), sa.Integer
    )


def datasets(dataset_types: Sequence[str]) -> Any:
    """The join of local datasets with their facts, to select from.

    :param dataset_types: types of packages that count as datasets.
    """
    return package.join(
        fact,
        sa.and_(
            fact.c.source == LOCAL,
            fact.c.dataset_id == package.c.id,
            package.c.type.in_(list(dataset_types)),
        ),
    )
