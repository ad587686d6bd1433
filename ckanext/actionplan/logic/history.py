"""What was changed in a plan, in words: amendments apart from corrections."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from .. import labels, wording, words
from ..core.change import (
    ADDED,
    EXECUTORS,
    PARTICIPANTS,
    REMOVED,
    STANDS_FOR,
    Kind,
)
from ..model import Change, TaskRow
from . import fields
from .derive import DATASET_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_CHANGE: Final = (
    "task_id",
    "kind",
    "field",
    "before",
    "after",
    "act",
    "changed_at",
)
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


def rows(
    plan_id: str,
    *,
    task_id: str | None = None,
    authors: bool = False,
    limit: int | None = None,
) -> list[dict[str, Any]]:
    """Changes of a plan, the latest first; one statement.

    :param task_id: only those of this task; empty: of the plan itself.
    :param authors: tell who made them.
    :param limit: the most rows to give.
    :returns: dicts with `task_id`, `number` and `title` of the task, `kind`, `field`,
        `before`, `after`, `act`, `changed_at`, `author`.
    """
    change, task = Change.__table__, TaskRow.__table__
    user: Any = model.User
    called = sa.func.coalesce(sa.func.nullif(user.fullname, ""), user.name)
    of_task = sa.and_(task.c.plan_id == change.c.plan_id, task.c.id == change.c.task_id)
    statement = (
        sa.select(
            *(change.c[name] for name in _CHANGE),
            task.c.number,
            task.c.title,
            called.label("author"),
        )
        .select_from(
            change.outerjoin(task, of_task).outerjoin(
                user, user.id == change.c.author_id
            )
        )
        .where(change.c.plan_id == plan_id)
        .order_by(change.c.changed_at.desc(), change.c.id)
        .limit(limit)
    )
    if task_id is not None:
        statement = statement.where(change.c.task_id == task_id)
    found = [dict(row) for row in model.Session.execute(statement).mappings()]
    for row in found:
        row["author"] = row["author"] if authors else None
    return found


def titled(changes: Iterable[Mapping[str, Any]]) -> set[str]:
    """Ids that changes may name: what `in_words` wants titles of."""
    found: set[str] = set()
    for change in changes:
        values = (change["before"], change["after"])
        if change["field"] in (PARTICIPANTS, "lead"):
            found.update(text for value in values for text in _parts(value))
        elif _is_mapping(change):
            found.update(value.rpartition(STANDS_FOR)[2] for value in values if value)
    return found


def _is_mapping(change: Mapping[str, Any]) -> bool:
    """Whether it tells whom an executor stands for, not who performs a task."""
    return change["field"] == EXECUTORS and not change["task_id"]


def in_words(
    changes: Iterable[dict[str, Any]], titles: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Changes with the label of their field and their values as pages say them.

    :param titles: titles of organizations by id.
    """
    named = _labels()
    return [
        {
            **change,
            "amendment": change["kind"] == Kind.AMENDMENT.value,
            "label": _label(change["field"], named),
            **{
                f"{name}_words": _stands_for(change[name], named, titles)
                if _is_mapping(change)
                else _value(change["field"], change[name], named, titles)
                for name in ("before", "after")
            },
        }
        for change in changes
    ]


def saves(changes: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Changes that were saved together, in the order given.

    Organizations that came and went in one save are one change.

    :param changes: as `in_words` gives them.
    :returns: dicts with `changed_at`, `author`, `act`, `amendment` and `changes`.
    """
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for change in changes:
        key = (change["changed_at"], change["amendment"], change["act"])
        if key not in found:
            head = ("changed_at", "author", "act", "amendment")
            found[key] = {**{name: change[name] for name in head}, "changes": []}
        listed = found[key]["changes"]
        if change["field"] == PARTICIPANTS or _is_mapping(change):
            _join(listed, change)
        else:
            listed.append(change)
    return list(found.values())


def _join(listed: list[dict[str, Any]], change: dict[str, Any]) -> None:
    same = ("field", "task_id")
    known = next(
        (each for each in listed if all(each[key] == change[key] for key in same)), None
    )
    if known is None:
        listed.append(dict(change))
        return
    for name in ("before_words", "after_words"):
        known[name] = "; ".join(filter(None, (known[name], change[name])))


def _labels() -> dict[str, dict[str, Any]]:
    """Fields of the schema by name; those of tasks win."""
    schema: dict[str, Any] = tk.h.scheming_get_dataset_schema(DATASET_TYPE) or {}
    listed: list[dict[str, Any]] = schema.get("dataset_fields") or []
    named = {field["field_name"]: field for field in listed}
    tasks: list[dict[str, Any]] = (
        named.get("tasks", {}).get("repeating_subfields") or []
    )
    mapped: list[dict[str, Any]] = (
        named.get(EXECUTORS, {}).get("repeating_subfields") or []
    )
    return {
        **named,
        **{field["field_name"]: field for field in (*mapped, *tasks)},
    }


def _label(name: str, named: Mapping[str, dict[str, Any]]) -> str:
    known = {
        ADDED: lambda: tk._("Task added"),
        REMOVED: lambda: tk._("Task removed"),
    }
    if name in known:
        return known[name]()
    field = named.get(name)
    return fields.label(field) if field and field.get("label") else name


def _parts(value: str) -> list[str]:
    return [part for part in map(str.strip, value.split(";")) if part]


def _stands_for(
    value: str, named: Mapping[str, dict[str, Any]], titles: Mapping[str, str]
) -> str:
    """A name and what it stands for, as a page says it."""
    name, arrow, what = value.rpartition(STANDS_FOR)
    if not arrow:
        return value
    said = titles.get(what) or _value("who", what, named, titles)
    return f"{name}{arrow}{said}"


def _value(
    name: str,
    value: str,
    named: Mapping[str, dict[str, Any]],
    titles: Mapping[str, str],
) -> str:
    """A stored value as a page says it; empty stays empty."""
    if name == "due":
        return words.due_words(value)
    if not value:
        return ""
    if name == "topic":
        return labels.text("topic", value)
    if _DAY.fullmatch(value):
        return wording.day(value)
    for choice in named.get(name, {}).get("choices") or ():
        if choice["value"] == value:
            return fields.label(choice)
    if name in (PARTICIPANTS, "lead"):
        return "; ".join(titles.get(part, part) for part in _parts(value))
    return value
