"""One organization goes on as another: plans name the new one (decision 27)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.model.package import package_table
from ckan.types import Context

from .. import clock, compat
from ..core import change
from ..model import CouncilMember, Draft, Merger, ObligationRow, Participant, Report
from . import changes, fields, names, rewriting
from .derive import DATASET_TYPE
from .importing import messages

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from ckan.types import ErrorDict, Schema, Validator, ValidatorFactory

_group: Any = model.group_table
_merger = Merger.__table__


class Side(NamedTuple):
    """An organization of a merger.

    :param state: `active`, `deleted`, or `purged` when only its name is remembered.
    """

    id: str
    name: str
    title: str
    state: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """A merger that is asked for."""

    old: Side
    new: Side
    day: date


@tk.validator_args
def schema(
    not_empty: Validator,
    unicode_safe: Validator,
    default: ValidatorFactory,
    boolean_validator: Validator,
) -> Schema:
    """What `actionplan_publisher_merge` takes."""
    return {
        "old": [not_empty, unicode_safe],
        "new": [not_empty, unicode_safe],
        "merged_from": [_day],
        "dry_run": [default(False), boolean_validator],
    }


def _day(value: Any) -> date:
    try:
        day = fields.day(value)
    except ValueError as error:
        raise tk.Invalid(tk._("Give the day as YYYY-MM-DD")) from error
    if day is None:
        raise tk.Invalid(tk._("Say from which day the new organization owes"))
    if day > clock.today():
        message = tk._("The day {day} lies in the future; merge them on that day")
        raise tk.Invalid(message.format(day=day.isoformat()))
    return day


def wanted(old: str, new: str, day: date) -> Wanted:
    """Find both organizations and refuse what cannot be merged.

    :param old: name or id, a former name too; it may be deleted or purged.
    :param new: name or id of a living organization.
    :raises ckan.logic.ValidationError: by field.
    """
    found, target = _side(old), _side(new)
    message = tk._("There is no organization “{name}” on this portal")
    errors: ErrorDict = {}
    if found is None:
        errors["old"] = [message.format(name=old)]
    if target is None:
        errors["new"] = [message.format(name=new)]
    elif target.state != "active":
        gone = tk._("“{new}” is deleted; restore it, or choose another organization")
        errors["new"] = [gone.format(new=target.title)]
    if errors or found is None or target is None:
        raise tk.ValidationError(errors)
    asked = Wanted(found, target, day)
    errors = _refusals(asked)
    if errors:
        raise tk.ValidationError(errors)
    return asked


def _side(name: str) -> Side | None:
    organization_id = names.known(name)
    if organization_id is None:
        return None
    return _sides([organization_id]).get(organization_id)


def _sides(ids: Iterable[str]) -> dict[str, Side]:
    """Organizations by id, purged ones with what is remembered of them."""
    wanted_ids = list(ids)
    rows = model.Session.execute(
        sa.select(_group.c.id, _group.c.name, _group.c.title, _group.c.state).where(
            _group.c.id.in_(wanted_ids)
        )
    )
    found = {
        row.id: Side(row.id, row.name, row.title or row.name, row.state) for row in rows
    }
    for each in set(wanted_ids) - found.keys():
        last = names.last(each) or each
        found[each] = Side(each, last, last, "purged")
    return found


def _refusals(asked: Wanted) -> ErrorDict:
    """Why the merger cannot be, by field: one way only, and in order of days."""
    old, new = asked.old, asked.new
    if old.id == new.id:
        message = tk._("“{old}” cannot be merged into itself")
        return {"new": [message.format(old=old.title)]}
    rows = model.Session.scalars(
        sa.select(Merger).where(
            sa.or_(_merger.c.old_id.in_([old.id, new.id]), _merger.c.new_id == old.id)
        )
    ).all()
    sides = _sides({each for row in rows for each in (row.old_id, row.new_id)})
    for row in rows:
        values = {
            "old": sides[row.old_id].title,
            "new": sides[row.new_id].title,
            "day": row.merged_from.isoformat(),
        }
        same = row.new_id == new.id and row.merged_from == asked.day
        if row.old_id == old.id and not same:
            message = tk._("“{old}” was merged into “{new}” from {day}; that stays so")
            return {"old": [message.format(**values)]}
        if row.old_id == new.id:
            message = tk._("“{old}” itself was merged into “{new}” from {day}")
            return {"new": [message.format(**values)]}
        if row.new_id == old.id and row.merged_from > asked.day:
            message = tk._(
                "“{new}” took over “{old}” only from {day}; choose a later day"
            )
            return {"merged_from": [message.format(**values)]}
    return {}


def preview(asked: Wanted) -> dict[str, Any]:
    """What a merger would do, without doing it."""
    return _told(asked, _changes(asked))


def _told(
    asked: Wanted, rewritten: list[tuple[dict[str, Any], dict[str, Any]]]
) -> dict[str, Any]:
    plans = [
        {
            **{
                name: plan[name] for name in ("id", "name", "title", "private", "state")
            },
            "fields": [name for name in rewriting.FIELDS if name in values],
        }
        for plan, values in rewritten
    ]
    return {
        "old": asked.old._asdict(),
        "new": asked.new._asdict(),
        "merged_from": asked.day.isoformat(),
        "plans": plans,
        **_obligations(asked),
        **_left(asked.old.id),
    }


def merge(asked: Wanted, context: Context) -> dict[str, Any]:
    """Let the new organization stand in all plans; one transaction for all of it.

    Asked again with the same day, it mends what names the old one meanwhile.

    :param context: of a sysadmin; its user is noted as the author.
    :returns: what was done, as `preview` tells it.
    :raises ckan.logic.ValidationError: when a plan cannot be saved; nothing is done
        then.
    """
    # Two mergers at once could close a ring.
    model.Session.execute(
        sa.text(f"LOCK TABLE {_merger.name} IN SHARE ROW EXCLUSIVE MODE")
    )
    errors = _refusals(asked)
    if errors:
        model.Session.rollback()
        raise tk.ValidationError(errors)
    rewritten = _changes(asked)
    done = _told(asked, rewritten)
    _note(asked, context)
    _move_rows(asked, context)
    for plan, values in rewritten:
        _save(plan, values, context)
    model.Session.commit()
    compat.index_packages([plan["id"] for plan, _values in rewritten])
    return done


def _note(asked: Wanted, context: Context) -> None:
    user = model.User.get(context.get("user"))
    row = {
        "old_id": asked.old.id,
        "new_id": asked.new.id,
        "merged_from": asked.day,
        "author_id": user.id if user else "",
        "changed_at": clock.now(),
    }
    if model.Session.get(Merger, asked.old.id) is None:
        model.Session.execute(sa.insert(_merger), [row])
    if asked.old.state != "purged":
        names.remember(asked.old.id, [asked.old.name])


def _move_rows(asked: Wanted, context: Context) -> None:
    """Let confirmations, lists of councils and begun imports be the new one's.

    Without that the new one would be bound where the old one never agreed.
    """
    old, new = asked.old.id, asked.new.id
    participant = Participant.__table__
    for plan_id in _move(participant, "organization_id", "plan_id", old, new):
        # The save that follows finds the row moved already, so it logs nothing.
        kind, field = change.Kind.CORRECTION, change.PARTICIPANTS
        left = change.Change("", kind, field, old, "")
        came = change.Change("", kind, field, "", new)
        changes.write(plan_id, [left, came], context)
    _agree(asked)
    member = CouncilMember.__table__
    _move(member, "organization_id", "council_id", old, new)
    _move(member, "council_id", "organization_id", old, new)
    model.Session.execute(
        sa.delete(member).where(
            sa.or_(member.c.organization_id == old, member.c.council_id == old)
        )
    )
    drafts = model.Session.scalars(sa.select(Draft)).all()
    for draft in drafts:
        values = rewriting.rewritten(draft.data, old, new)
        values.pop("owner_org", None)
        if values:
            draft.data = {**draft.data, **values}
    model.Session.flush()


def _move(table: Any, column: str, other: str, old: str, new: str) -> list[str]:
    """Give rows of one organization to another, unless it has its own there.

    :returns: what stands in the other column of the rows that were moved.
    """
    twin = table.alias("twin")
    own = sa.exists().where(twin.c[column] == new, twin.c[other] == table.c[other])
    moved = model.Session.execute(
        sa.update(table)
        .where(table.c[column] == old, sa.not_(own), table.c[other] != new)
        .values({column: new})
        .returning(table.c[other])
    )
    return [row[0] for row in moved]


def _agree(asked: Wanted) -> None:
    """Where both are named and only the old one agreed, its word holds from the day."""
    table = Participant.__table__
    twin = table.alias("twin")
    model.Session.execute(
        sa.update(table)
        .where(
            table.c.organization_id == asked.new.id,
            table.c.confirmed_at.is_(None),
            twin.c.plan_id == table.c.plan_id,
            twin.c.organization_id == asked.old.id,
            twin.c.confirmed_at.is_not(None),
        )
        .values(
            confirmed_at=twin.c.confirmed_at,
            confirmed_by=twin.c.confirmed_by,
            owes_from=asked.day,
        )
    )


def _changes(asked: Wanted) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Plans that name the old one, each with its new values, replaced ones first."""
    package = package_table.c
    ids = model.Session.scalars(
        sa.select(package.id)
        .where(
            package.type == DATASET_TYPE,
            sa.or_(package.owner_org == asked.old.id, compat.extras_hold(asked.old.id)),
        )
        .order_by(package.name)
    ).all()
    plans = [
        tk.get_action("package_show")(
            Context(ignore_auth=True, use_cache=False), {"id": each}
        )
        for each in ids
    ]
    return [
        (plan, values)
        for plan in rewriting.replaced_first(plans)
        if (values := rewriting.rewritten(plan, asked.old.id, asked.new.id))
    ]


def _save(plan: dict[str, Any], values: dict[str, Any], context: Context) -> None:
    """Patch one plan inside the transaction."""
    session = model.Session()
    outer = session.get_nested_transaction()
    patch: Any = Context(
        user=context.get("user", ""),
        ignore_auth=True,
        defer_commit=True,
        return_id_only=True,
        use_cache=False,
    )
    # Organizations deleted before their own merger do not stand in the way.
    patch[fields.DEPARTED] = True
    # CKAN 2.12 tells the stream of activities of commits only.
    patch["changed_entities"] = {"packages": {plan["id"]}}
    try:
        tk.get_action("package_patch")(patch, {"id": plan["id"], **values})
    except tk.ValidationError as error:
        model.Session.rollback()
        message = tk._("The plan “{title}” cannot be saved: {reasons}").format(
            title=plan["title"], reasons="; ".join(messages(error.error_dict))
        )
        raise tk.ValidationError({"plans": [message]}) from error
    # CKAN 2.12 leaves its savepoint open when the commit is left to the caller.
    while (nested := session.get_nested_transaction()) not in (None, outer):
        nested.commit()


def _obligations(asked: Wanted) -> dict[str, int]:
    """How many of the old one's obligations stay with it, and how many pass on."""
    obligation, report = ObligationRow.__table__, Report.__table__
    passes = sa.or_(obligation.c.due_on.is_(None), obligation.c.due_on >= asked.day)
    row = model.Session.execute(
        sa.select(
            sa.func.count().filter(sa.not_(passes)).label("kept"),
            sa.func.count().filter(passes).label("passed"),
            sa.func.count(report.c.obligation_id).filter(passes).label("reported"),
        )
        .select_from(
            obligation.join(
                package_table, package_table.c.id == obligation.c.plan_id
            ).outerjoin(report, report.c.obligation_id == obligation.c.id)
        )
        .where(
            obligation.c.organization_id == asked.old.id,
            sa.not_(obligation.c.withdrawn),
            package_table.c.state == "active",
        )
    ).one()
    return {"kept": row.kept, "passed": row.passed, "reported": row.reported}


def _left(organization_id: str) -> dict[str, int]:
    """What CKAN itself keeps with the old one: its datasets and its people."""
    package, member = package_table.c, model.member_table.c
    datasets = sa.select(sa.func.count()).where(
        package.owner_org == organization_id,
        package.type != DATASET_TYPE,
        package.state == "active",
    )
    people = sa.select(sa.func.count()).where(
        member.group_id == organization_id,
        member.table_name == "user",
        member.state == "active",
    )
    row = model.Session.execute(
        sa.select(datasets.scalar_subquery(), people.scalar_subquery())
    ).one()
    return {"datasets": row[0], "members": row[1]}
