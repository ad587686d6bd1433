"""Whom a plan binds: named by its owner, owing once confirmed (decision 11)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

import ckan.plugins.toolkit as tk
from ckan import authz, model
from ckan.model.group import group_table

from .. import clock
from ..model import CouncilMember, ObligationRow, Participant
from ..model import council as council_selects
from ..model import members as selects
from .choices import Choice

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from ckan.types import Context, Schema, Validator

    from .viewer import Viewer

_table = Participant.__table__


@dataclass(frozen=True, slots=True)
class Bound:
    """Whom a plan names.

    :param since: confirmed organizations and the day from which they owe; None: from
        the plan's first day.
    :param pending: those that nobody of theirs has confirmed: they owe nothing.
    """

    since: Mapping[str, date | None]
    pending: frozenset[str]


def write(
    plan_id: str,
    owner_id: str,
    organization_ids: Iterable[str],
    context: Context | None = None,
) -> Bound:
    """Write the participants of a plan in the caller's transaction.

    A new one is bound at once when it is the owner, stands below it in the tree of
    organizations or on the council's list, or when the saver speaks for it. One that
    waited and is the owner's by right now owes from today. The number of statements
    does not depend on how many there are.

    :param organization_ids: ids in the plan's order.
    :param context: the saver's; without a user only with `ignore_auth` the portal
        itself speaks. None: nobody speaks for anybody.
    """
    ids = list(dict.fromkeys(each for each in organization_ids if each))
    model.Session.flush()
    saver = model.User.get(context.get("user")) if context else None
    model.Session.execute(
        sa.delete(_table).where(
            _table.c.plan_id == plan_id, selects.beside(_organization(), ids)
        )
    )
    kept = {row.organization_id: row for row in _rows(plan_id)}
    waiting = {each for each, row in kept.items() if row.confirmed_at is None}
    new = [each for each in ids if each not in kept]
    rightful = _by_right(owner_id) if new or waiting else frozenset[str]()
    agreed = rightful | _spoken_for(new, saver, context)
    confirmed = {each: None for each in new if each in agreed}
    confirmed |= dict.fromkeys(waiting & rightful, clock.today())
    changed = [
        (place, each)
        for place, each in enumerate(ids)
        if each not in kept or kept[each].position != place or each in confirmed
    ]
    _save(plan_id, changed, confirmed, saver.id if saver else "")
    since = {
        each: kept[each].owes_from if each in kept else None
        for each in ids
        if each in confirmed or (each in kept and each not in waiting)
    }
    since |= {each: day for each, day in confirmed.items() if each in since}
    return Bound(since, frozenset(ids) - since.keys())


def _organization() -> Any:
    return _table.c.organization_id


def _rows(plan_id: str) -> Sequence[Any]:
    columns = (_organization(), _table.c.position, _table.c.confirmed_at)
    return model.Session.execute(
        sa.select(*columns, _table.c.owes_from).where(_table.c.plan_id == plan_id)
    ).all()


def _by_right(owner_id: str) -> frozenset[str]:
    return frozenset(model.Session.scalars(selects.by_right(owner_id)))


def _spoken_for(
    ids: list[str], user: model.User | None, context: Context | None
) -> frozenset[str]:
    """Those for which the saver may speak."""
    if not ids or context is None:
        return frozenset()
    if user is None:
        return frozenset(ids if context.get("ignore_auth") else ())
    if user.sysadmin and user.state == model.State.ACTIVE:
        return frozenset(ids)
    return administered(user.name) & frozenset(ids)


def administered(user_name: str) -> frozenset[str]:
    """Ids of the organizations for which a user may speak: those of an admin.

    :param user_name: empty or unknown: none.
    """
    user = model.User.get(user_name) if user_name else None
    if user is None or user.state != model.State.ACTIVE:
        return frozenset()
    roles = authz.check_config_permission("roles_that_cascade_to_sub_groups")
    cascades = isinstance(roles, list) and "admin" in roles
    statement = selects.administered(user.id, cascades=cascades)
    return frozenset(model.Session.scalars(statement))


def _save(
    plan_id: str,
    places: list[tuple[int, str]],
    confirmed: Mapping[str, date | None],
    user_id: str,
) -> None:
    """Insert or move rows; who was confirmed meanwhile stays so."""
    if not places:
        return
    now = clock.now()
    rows = [
        {
            "plan_id": plan_id,
            "organization_id": each,
            "position": place,
            "confirmed_at": now if each in confirmed else None,
            "confirmed_by": user_id if each in confirmed else "",
            "owes_from": confirmed.get(each),
        }
        for place, each in places
    ]
    statement = pg.insert(_table)
    waits = _table.c.confirmed_at.is_(None)
    statement = statement.on_conflict_do_update(
        index_elements=["plan_id", "organization_id"],
        set_={
            "position": statement.excluded.position,
            **{
                name: sa.case((waits, statement.excluded[name]), else_=_table.c[name])
                for name in ("confirmed_at", "confirmed_by", "owes_from")
            },
        },
    )
    model.Session.execute(statement, rows)


def proposed(owner_id: str) -> list[Choice]:
    """Organizations that a council may bind without asking, by title, itself left out.

    :param owner_id: id of the organization that owns the plan; empty: none.
    """
    if not owner_id:
        return []
    group = group_table.c
    title = sa.func.coalesce(sa.func.nullif(group.title, ""), group.name)
    rows = model.Session.execute(
        sa.select(group.id, group.name, title.label("title"))
        .where(
            group.id.in_(selects.by_right(owner_id)),
            group.id != owner_id,
            group.is_organization,
            group.state == "active",
        )
        .order_by(sa.func.lower(title), group.id)
    )
    return [Choice(id=row.id, name=row.name, title=row.title) for row in rows]


@tk.validator_args
def list_schema(
    ignore_missing: Validator,
    ignore_empty: Validator,
    unicode_safe: Validator,
    boolean_validator: Validator,
) -> Schema:
    """What `actionplan_participant_list` takes."""
    return {
        "plan_id": [ignore_missing, ignore_empty, unicode_safe],
        "organization_id": [ignore_missing, ignore_empty, unicode_safe],
        "pending": [ignore_missing, ignore_empty, boolean_validator],
    }


@tk.validator_args
def confirm_schema(not_empty: Validator, unicode_safe: Validator) -> Schema:
    """What `actionplan_participant_confirm` takes."""
    return {
        "plan_id": [not_empty, unicode_safe],
        "organization_id": [not_empty, unicode_safe],
    }


def rows(
    viewer: Viewer,
    *,
    plan_id: str | None = None,
    organization_id: str | None = None,
    pending: bool | None = None,
) -> list[dict[str, Any]]:
    """Participants of plans that the viewer may see, by one statement.

    :param pending: only those that wait, or only those that are confirmed.
    """
    statement = council_selects.namings(viewer.private_of)
    if plan_id:
        statement = statement.where(_table.c.plan_id == plan_id)
    if organization_id:
        statement = statement.where(_organization() == organization_id)
    if pending is not None:
        waits = _table.c.confirmed_at.is_(None)
        statement = statement.where(waits if pending else sa.not_(waits))
    found = model.Session.execute(statement).mappings()
    return [_dictize(dict(row)) for row in found]


def _dictize(row: dict[str, Any]) -> dict[str, Any]:
    def who(prefix: str) -> dict[str, str]:
        names = ("id", "name", "title")
        return {name: row[f"{prefix}_{name}"] or "" for name in names}

    def iso(value: date | None) -> str | None:
        return value.isoformat() if value else None

    return {
        "plan": who("plan"),
        "council": who("council"),
        "organization": who("organization"),
        "pending": row["confirmed_at"] is None,
        "confirmed_at": iso(row["confirmed_at"]),
        "owes_from": iso(row["owes_from"]),
        "private": row["private"],
        "deleted": row["deleted"],
    }


def confirm(plan_id: str, organization_ids: list[str], user_id: str) -> int:
    """Let those that wait owe from today; the caller derives and commits.

    Who owed under the plan before, left it and was named again owes from the day of
    then: leaving is no way out of what was overdue.

    :param user_id: id of who confirms, empty for the portal itself.
    :returns: how many had waited.
    """
    owed = ObligationRow.__table__.c
    before = (
        sa.select(sa.func.min(sa.func.coalesce(owed.owes_from, owed.due_on)))
        .where(
            owed.plan_id == plan_id,
            owed.organization_id == _organization(),
            owed.mark == "",
        )
        .scalar_subquery()
    )
    waiting = (
        sa.update(_table)
        .where(
            _table.c.plan_id == plan_id,
            selects.among(_organization(), organization_ids),
            _table.c.confirmed_at.is_(None),
        )
        .values(
            confirmed_at=clock.now(),
            confirmed_by=user_id,
            owes_from=sa.func.least(before, clock.today()),
        )
    )
    result: Any = model.Session.execute(waiting)
    return result.rowcount


def organization_ids(names: Iterable[Any]) -> list[str]:
    """Ids of living organizations, each once in the order given.

    :param names: ids or names.
    :raises ckan.logic.ValidationError: naming those that there are not.
    """
    given = list(dict.fromkeys(str(name).strip() for name in names))
    group = group_table.c
    found = model.Session.execute(
        sa.select(group.id, group.name).where(
            sa.or_(selects.among(group.id, given), selects.among(group.name, given)),
            group.is_organization,
            group.state == "active",
        )
    )
    by_name: dict[str, str] = {}
    for row in found:
        by_name |= {row.name: row.id, row.id: row.id}
    message = tk._("There is no organization “{name}”")
    wrong = [message.format(name=name) for name in given if name not in by_name]
    if wrong:
        raise tk.ValidationError({"organizations": wrong})
    return list(dict.fromkeys(by_name[name] for name in given))


def write_list(council_id: str, ids: list[str], user_id: str) -> None:
    """Replace the list of organizations that a council may bind without asking."""
    listed = CouncilMember.__table__
    model.Session.execute(
        sa.delete(listed).where(
            listed.c.council_id == council_id,
            selects.beside(listed.c.organization_id, ids),
        )
    )
    if not ids:
        return
    added = {"council_id": council_id, "added_by": user_id, "added_at": clock.now()}
    model.Session.execute(
        pg.insert(listed).on_conflict_do_nothing(),
        [{**added, "organization_id": each} for each in ids],
    )


def plans_of(council_id: str) -> list[str]:
    """Ids of a council's active plans, public or not."""
    return [
        row.id for row in model.Session.execute(council_selects.plans(council_id, None))
    ]
