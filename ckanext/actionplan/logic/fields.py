"""Flattened plan data as validators see it: rows, their names, organizations."""

from __future__ import annotations

import json
import re
import uuid
from datetime import date
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import authz, model
from ckan.model.package import package_table

from .. import words
from ..model import Merger, Participant, TaskRow

if TYPE_CHECKING:
    from collections.abc import Collection

    from ckan.types import Context, FlattenDataDict, FlattenKey

TITLE_LETTERS: Final = 60
#: How many names a message lists.
_LISTED: Final = 12

#: Field, index and subfield: the length of a subfield's key.
_KEY_PARTS: Final = 3

_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_CACHE: Final = "actionplan_organizations"
#: Key of a context in which a plan may go on naming deleted organizations.
DEPARTED: Final = "actionplan_departed"


class Organization(NamedTuple):
    """An active organization that a plan names.

    :param heir: title of the one that it was merged into, empty: of none.
    """

    id: str
    name: str
    title: str
    heir: str = ""


def label(field: dict[str, Any]) -> str:
    """The label of a field of the schema in the reader's language."""
    return tk.h.scheming_language_text(field["label"], words.language())


def trusted(context: Context) -> bool:
    """Whether the caller is a sysadmin or the portal itself."""
    return bool(context.get("ignore_auth")) or authz.is_sysadmin(context.get("user"))


def text(value: Any) -> str:
    """A value as text without space around it; missing and None are empty."""
    if value is tk.missing or value is None:
        return ""
    return str(value).strip()


def texts(value: Any) -> list[str]:
    """A value as texts, each once: a list, a JSON list, or one text for each line."""
    if isinstance(value, str):
        value = _loaded(value) if value.lstrip().startswith("[") else value.splitlines()
    elif not isinstance(value, list):
        value = []
    found = (text(element) for element in cast("list[Any]", value))
    return list(dict.fromkeys(element for element in found if element))


def _loaded(value: str) -> list[Any]:
    try:
        return json.loads(value)
    except ValueError:
        return value.splitlines()


def day(value: Any) -> date | None:
    """A day written as 2026-06-01 or 01.06.2026; None when it is empty.

    :raises ValueError: when it is no day.
    """
    written = text(value)
    if not written:
        return None
    dotted = _DOTTED.fullmatch(written)
    if dotted:
        return date(int(dotted[3]), int(dotted[2]), int(dotted[1]))
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", written):
        raise ValueError(written)
    return date.fromisoformat(written)


def day_or_none(value: Any) -> date | None:
    """As `day`; what is no day is reported by another validator."""
    try:
        return day(value)
    except ValueError:
        return None


def rows(data: FlattenDataDict, field: str) -> dict[int, dict[str, Any]]:
    """The rows of a repeating field by their index, in order."""
    found: dict[int, dict[str, Any]] = {}
    for key, value in data.items():
        if len(key) == _KEY_PARTS and key[0] == field:
            found.setdefault(key[1], {})[key[2]] = value
    return dict(sorted(found.items()))


def row_name(key: FlattenKey, data: FlattenDataDict) -> str:
    """What a message calls the row of a subfield: the task, executor or amendment."""
    field, index = key[0], key[1]

    def value(name: str) -> str:
        return text(data.get((field, index, name)))

    if field == "tasks":
        return task_name(value("number"), value("title"), index)
    if field == "executors":
        return executor_name(value("name"), index)
    return tk._("Amendment {number}").format(number=index + 1)


def task_name(number: str, title: str, index: int) -> str:
    """What a message calls a task."""
    if len(title) > TITLE_LETTERS:
        title = title[:TITLE_LETTERS].rstrip() + "…"
    if number and title:
        return tk._("Task {number} “{title}”").format(number=number, title=title)
    if number:
        return tk._("Task {number}").format(number=number)
    if title:
        return tk._("Task “{title}”").format(title=title)
    return tk._("Task in row {number}").format(number=index + 1)


def executor_name(name: str, index: int) -> str:
    """What a message calls an executor."""
    if name:
        return tk._("Executor “{name}”").format(name=name)
    return tk._("Executor in row {number}").format(number=index + 1)


def listed(names: list[str], joint: str) -> str:
    """The first of many names as one text, and how many more there are.

    :param joint: what stands between them.
    """
    told, more = joint.join(names[:_LISTED]), len(names) - _LISTED
    if more <= 0:
        return told
    text = tk.ungettext("{listed} and {count} more", "{listed} and {count} more", more)
    return text.format(listed=told, count=more)


def organizations(data: FlattenDataDict, context: Context) -> dict[str, Organization]:
    """Every organization that the plan names, by id and by name: one statement.

    Deleted ones that the saved plan names are among them: saving something else does
    not take them out of the plan, so that a restored one finds its tasks again.
    """
    cache = cast("dict[str, Any]", context)
    if _CACHE not in cache:
        saved = context.get("package")
        cache[_CACHE] = _select(
            _mentioned(data),
            departed=bool(cache.get(DEPARTED)),
            plan_id=saved.id if saved is not None else "",
        )
    return cache[_CACHE]


def _mentioned(data: FlattenDataDict) -> list[str]:
    found: dict[str, None] = {}
    for key, value in data.items():
        if key[0] in ("participants", "reviewing_organization") or (
            len(key) == _KEY_PARTS and key[2] in ("organizations", "lead")
        ):
            found.update(dict.fromkeys(texts(value)))
    return list(found)


def _select(
    mentioned: list[str], *, departed: bool, plan_id: str
) -> dict[str, Organization]:
    if not mentioned:
        return {}
    table, heir = model.group_table, model.group_table.alias("heir")
    merger = Merger.__table__
    named = Participant.__table__
    of_plan = sa.select(named.c.organization_id).where(named.c.plan_id == plan_id)
    gone = sa.true() if departed else table.c.id.in_(of_plan)
    found = model.Session.execute(
        sa.select(
            table.c.id,
            table.c.name,
            table.c.title,
            sa.func.coalesce(sa.func.nullif(heir.c.title, ""), heir.c.name).label(
                "heir"
            ),
        )
        .select_from(
            table.outerjoin(merger, merger.c.old_id == table.c.id).outerjoin(
                heir, heir.c.id == merger.c.new_id
            )
        )
        .where(
            table.c.is_organization,
            sa.or_(
                table.c.state == "active", sa.and_(table.c.state == "deleted", gone)
            ),
            sa.or_(table.c.id.in_(mentioned), table.c.name.in_(mentioned)),
        )
    )
    by_key: dict[str, Organization] = {}
    for row in found:
        title = row.title or row.name
        organization = Organization(row.id, row.name, title, row.heir or "")
        by_key[row.name] = organization
        by_key[row.id] = organization
    return by_key


def stored(context: Context) -> dict[str, Any]:
    """The fields of the plan as saved before, as text; empty for a new plan."""
    package = context.get("package")
    if package is None:
        return {}
    fields: dict[str, Any] = dict(package.extras)
    return {**fields, "title": package.title, "notes": package.notes}


def stored_rows(context: Context, field: str) -> list[dict[str, Any]]:
    """The rows of a repeating field as saved before."""
    value = stored(context).get(field) or "[]"
    return json.loads(value) if isinstance(value, str) else value


def known_task_ids(context: Context) -> set[str]:
    """Ids that tasks of this plan have or had: a removed task may come back."""
    package = context.get("package")
    if package is None:
        return set()
    ids = {row["id"] for row in stored_rows(context, "tasks") if row.get("id")}
    column: Any = TaskRow.id
    plan: Any = TaskRow.plan_id
    ids.update(model.Session.scalars(sa.select(column).where(plan == package.id)))
    return ids


def task_ids_in_use(ids: Collection[str]) -> set[str]:
    """Those of some ids that tasks of plans on this portal have; not deleted plans."""
    if not ids:
        return set()
    task, package = TaskRow.__table__, package_table
    statement = (
        sa.select(task.c.id)
        .join(package, package.c.id == task.c.plan_id)
        .where(package.c.state != "deleted", task.c.id.in_(sorted(ids)))
    )
    return set(model.Session.scalars(statement))


def is_uuid(value: str) -> bool:
    """Whether an id is one that a server made."""
    try:
        return str(uuid.UUID(value)) == value
    except ValueError:
        return False
