"""Names that organizations had: an old address leads to whoever lives now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from ckan import model

from .. import clock
from ..model import Merger, PublisherName
from . import standing

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Mergers followed from one organization to the next.
_STEPS: Final = 50
_group: Any = model.group_table
_name = PublisherName.__table__


def saved(entity: Any) -> None:
    """Remember the name of an organization that is being saved, and its former one.

    Runs inside CKAN's transaction, before the commit.

    :param entity: what CKAN gives its hooks; anything but an organization is passed
        over.
    """
    if not isinstance(entity, model.Group) or not entity.is_organization:
        return
    attributes: Any = sa.inspect(entity, raiseerr=True).attrs
    former = list(attributes.name.history.deleted or ())
    revived = bool(attributes.state.history.deleted)
    model.Session.flush()
    remember(entity.id, [*former, entity.name])
    if revived:
        # Deleted or restored: its datasets may have gone past our hooks meanwhile.
        standing.touch([entity.id])


def remember(organization_id: str, names: Iterable[str]) -> None:
    """Let names lead to an organization; the caller commits.

    Whoever had a name last keeps it.
    """
    rows = [
        {"name": name, "organization_id": organization_id, "seen_at": clock.now()}
        for name in dict.fromkeys(names)
        if name
    ]
    if rows:
        model.Session.execute(_upsert(pg.insert(_name).values(rows)))


def remember_all() -> int:
    """Remember the names that all organizations have now; the caller commits.

    One statement. A second run changes nothing.

    :returns: how many names were new or lead to another organization now.
    """
    names = sa.select(
        _group.c.name, _group.c.id, sa.literal(clock.now(), _name.c.seen_at.type)
    ).where(_group.c.is_organization)
    statement = pg.insert(_name).from_select(
        ["name", "organization_id", "seen_at"], names
    )
    found = model.Session.execute(_upsert(statement).returning(_name.c.name))
    return len(found.all())


def _upsert(statement: Any) -> Any:
    new = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=["name"],
        set_={"organization_id": new.organization_id, "seen_at": new.seen_at},
        where=_name.c.organization_id != new.organization_id,
    )


def known(name: str) -> str | None:
    """Id of the organization that has a name or id, or had the name last.

    An organization that was purged is known by its names still.
    """
    return model.Session.scalars(_known(name).limit(1)).first()


def _known(name: str) -> Any:
    """Ids that a name stands for: who has it goes before who had it."""
    own = sa.select(_group.c.id, sa.literal(0).label("place")).where(
        _group.c.is_organization, sa.or_(_group.c.name == name, _group.c.id == name)
    )
    had = sa.select(_name.c.organization_id, sa.literal(1)).where(_name.c.name == name)
    found = own.union_all(had).subquery("known")
    return sa.select(found.c.id).order_by(found.c.place)


def current(name: str) -> str | None:
    """The name of the living organization that an old name leads to; one statement.

    An organization that lives under this name goes first; then whoever had the name
    last, under its name of today; then, when that one is gone, the organization that
    it was merged into, from merger to merger.

    :param name: name or id.
    :returns: its name today, None when nobody living is known by it.
    """
    start = _known(name).limit(1).subquery("start")
    step: Any = sa.select(start.c.id, sa.literal(0).label("step")).cte(
        "step", recursive=True
    )
    merger = Merger.__table__
    step = step.union_all(
        sa.select(merger.c.new_id, step.c.step + 1).where(
            merger.c.old_id == step.c.id, step.c.step < _STEPS
        )
    )
    statement = (
        sa.select(_group.c.name)
        .select_from(step.join(_group, _group.c.id == step.c.id))
        .where(_group.c.is_organization, _group.c.state == "active")
        .order_by(step.c.step)
        .limit(1)
    )
    return model.Session.scalars(statement).first()


def last(organization_id: str) -> str | None:
    """The name under which an organization was seen last, purged ones included."""
    return model.Session.scalars(
        sa.select(_name.c.name)
        .where(_name.c.organization_id == organization_id)
        .order_by(_name.c.seen_at.desc(), _name.c.name)
        .limit(1)
    ).first()


def succession(organization_id: str) -> dict[str, Any]:
    """Whom an organization was merged into, and whose duties it took over.

    One statement. Those that were purged are left out: nothing is known to show.

    :returns: `heir` (None when it goes on itself) and `formers`, earliest first: dicts
        with `id`, `name`, `title`, `living` and the day `merged_from`.
    """
    merger = Merger.__table__.c
    other = sa.or_(
        sa.and_(merger.old_id == organization_id, _group.c.id == merger.new_id),
        sa.and_(merger.new_id == organization_id, _group.c.id == merger.old_id),
    )
    rows = model.Session.execute(
        sa.select(
            _group.c.id,
            _group.c.name,
            sa.func.coalesce(sa.func.nullif(_group.c.title, ""), _group.c.name).label(
                "title"
            ),
            (_group.c.state == "active").label("living"),
            merger.merged_from,
            merger.old_id,
        )
        .select_from(sa.join(Merger.__table__, _group, other))
        .order_by(merger.merged_from, _group.c.title, _group.c.id)
    )
    found: dict[str, Any] = {"heir": None, "formers": []}
    for row in rows.mappings():
        each = dict(row)
        if each.pop("old_id") == organization_id:
            found["heir"] = each
        else:
            found["formers"].append(each)
    return found
