"""One task of a plan with its whole story: who owes it, reports, changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.model.group import group_table

from .. import clock, config, words
from ..core.plan import Performed, Who
from ..core.status import ATTENTION, Status
from ..model import Participant, ReportEvent, TaskRow
from ..model.members import among
from ..reader.own import TASK_TEXTS
from . import fields, history, obligations
from .derive import DATASET_TYPE
from .viewer import Viewer

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import date

    from ckan.types import Context

_ROUND: Final = ("state", "done_on", "note", "link", "comment", "changed_at")
#: Changes shown of one task; more than a person reads.
_CHANGES: Final = 500
#: So many organizations of an executor are named; a class of executors may have more.
_NAMED: Final = 100
#: States of obligations that need no day.
_UNDATED: Final = frozenset((Status.UNRESOLVED.value, Status.WITHDRAWN.value))


@dataclass(frozen=True, slots=True)
class Query:
    """What of a task's obligations is asked for.

    :param plan: id or name of the plan.
    :param task_id: id of the task.
    :param words: part of the title or name of a publisher, empty: any.
    :param status: a state or a group of states, empty: any.
    :param page: number of the page of publishers, from 1.
    :param rows: publishers on a page, 0: as the portal sets.
    """

    plan: str
    task_id: str
    words: str = ""
    status: str = ""
    page: int = 1
    rows: int = 0


def show(context: Context, query: Query) -> dict[str, Any]:
    """A task as the action `actionplan_task_show` documents it.

    The number of statements does not depend on publishers, obligations or reports.

    :raises ckan.logic.NotFound: when the plan never had this task.
    """
    pkg = tk.get_action("package_show")(tk.fresh_context(context), {"id": query.plan})
    task = _task(pkg, query.task_id)
    viewer, today = Viewer.of(context), clock.today()
    counts = obligations.counts(viewer, today, pkg["id"], task_id=query.task_id)
    page = _page(viewer, today, pkg["id"], query)
    owed = obligations.rows(
        viewer,
        today,
        plan_id=pkg["id"],
        task_id=query.task_id,
        leads=page["ids"],
        status=obligations.states_of(query.status) if query.status else (),
    )
    _add_rounds(owed)
    editor = viewer.may_edit([pkg["owner_org"]])
    changes = history.rows(
        pkg["id"], task_id=query.task_id, authors=editor, limit=_CHANGES
    )
    named = _organizations(_ids(pkg, task, owed, page["ids"], history.titled(changes)))
    titles = {key: row["title"] for key, row in named.items()}
    return {
        "plan": _plan(pkg, named),
        "task": {
            **_dictize(pkg, task, named),
            "due_words": due_words(task, counts.get(query.task_id, {})),
        },
        "counts": {
            state.value: counts[query.task_id][state.value]
            for state in ATTENTION
            if counts.get(query.task_id, {}).get(state.value)
        },
        "publishers": _grouped(page["ids"], owed, named),
        **{name: page[name] for name in ("count", "page", "pages", "rows")},
        "changes": history.in_words(changes, titles),
    }


def _task(pkg: dict[str, Any], task_id: str) -> dict[str, Any]:
    """The row of the plan, or what is kept of one that was taken out of it."""
    if pkg.get("type") == DATASET_TYPE:
        listed: list[dict[str, Any]] = pkg.get("tasks") or []
        for task in listed:
            if task["id"] == task_id:
                return {**task, "removed": False}
        table = TaskRow.__table__
        kept = model.Session.execute(
            sa.select(table).where(table.c.plan_id == pkg["id"], table.c.id == task_id)
        ).mappings()
        for row in kept:
            executors = [name for name in row["executors"].split("; ") if name]
            return {"lead": "", **row, "executors": executors, "removed": True}
    raise tk.ObjectNotFound(tk._("The plan has no such task"))


def _page(viewer: Viewer, today: date, plan_id: str, query: Query) -> dict[str, Any]:
    """Ids of the publishers on a page, what needs doing first on top; two statements."""
    owed = obligations.select(
        viewer, today, plan_id=plan_id, task_id=query.task_id
    ).subquery("owed")
    group = group_table
    title = sa.func.coalesce(sa.func.nullif(group.c.title, ""), group.c.name)
    worst = sa.func.min(obligations.attention(owed.c.status))
    listed = (
        sa.select(owed.c.organization_id)
        .select_from(owed.outerjoin(group, group.c.id == owed.c.organization_id))
        .group_by(owed.c.organization_id, group.c.title, group.c.name)
    )
    if query.status:
        listed = listed.where(owed.c.status.in_(obligations.states_of(query.status)))
    if query.words:
        said = sa.func.lower(title + " " + group.c.name)
        part = sa.func.lower(query.words)
        listed = listed.where(sa.func.strpos(said, part) > 0)
    count: int = model.Session.execute(
        sa.select(sa.func.count()).select_from(listed.subquery("listed"))
    ).scalar_one()
    size = query.rows or config.rows_count()
    pages = max(1, -(-count // size))
    number = min(query.page, pages)
    ordered = listed.order_by(worst, title, owed.c.organization_id)
    found = model.Session.execute(ordered.limit(size).offset((number - 1) * size))
    ids = [row[0] for row in found]
    return {"ids": ids, "count": count, "page": number, "pages": pages, "rows": size}


def _add_rounds(owed: list[dict[str, Any]]) -> None:
    """Give each obligation the rounds of its report that the reader may see."""
    event: Any = ReportEvent.__table__
    user: Any = model.User
    author = sa.func.coalesce(sa.func.nullif(user.fullname, ""), user.name)
    found = model.Session.execute(
        sa.select(
            event.c.obligation_id,
            *(event.c[name] for name in _ROUND),
            author.label("author"),
        )
        .select_from(event.outerjoin(user, user.id == event.c.author_id))
        .where(among(event.c.obligation_id, [row["id"] for row in owed]))
        .order_by(event.c.changed_at, event.c.id)
    ).mappings()
    rounds: dict[str, list[dict[str, Any]]] = {}
    for row in found:
        values = dict(row)
        rounds.setdefault(values.pop("obligation_id"), []).append(values)
    for row in owed:
        seen = [
            obligations.report_seen(each, insider=row["insider"])
            for each in rounds.get(row["id"], [])
        ]
        row["rounds"] = [each for each in seen if each]


def _ids(
    pkg: dict[str, Any],
    task: dict[str, Any],
    owed: Iterable[dict[str, Any]],
    shown: Iterable[str],
    more: Collection[str],
) -> set[str]:
    """Ids of all organizations that the page names."""
    names = set(fields.texts(task.get("executors")))
    found = {*shown, *more, pkg["owner_org"], task.get("lead") or ""}
    for executor in pkg.get("executors") or ():
        if executor["name"] in names:
            found.update(fields.texts(executor.get("organizations")))
    for row in owed:
        found.update(row["parties"])
    return found - {""}


def _organizations(ids: Collection[str]) -> dict[str, dict[str, Any]]:
    """Organizations by id, deleted ones too: a story keeps their names."""
    table = group_table.c
    rows = model.Session.execute(
        sa.select(table.id, table.name, table.title, table.state).where(
            among(table.id, list(ids)), table.is_organization
        )
    )
    return {
        row.id: {
            "id": row.id,
            "name": row.name,
            "title": row.title or row.name,
            "deleted": row.state != "active",
        }
        for row in rows
    }


def _plan(pkg: dict[str, Any], named: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    return {
        **{
            name: pkg.get(name)
            for name in ("id", "name", "title", "private", "state", "in_force_from")
        },
        "owner": named.get(pkg["owner_org"]),
        "amendments": pkg.get("amendments") or [],
        **{
            f"approval_{name}": pkg.get(f"approval_{name}")
            for name in ("document", "number", "date", "url")
        },
    }


def due_words(task: Mapping[str, Any], counted: Collection[str]) -> str:
    """How a task's deadline is read; without a day of its own maybe a portal-wide one.

    :param task: a row of a plan.
    :param counted: states of its obligations that the reader may see.
    """
    due = task.get("due") or ""
    if not due and not _UNDATED.issuperset(counted):
        return tk._("A portal-wide date")
    return words.due_words(due)


def _dictize(
    pkg: dict[str, Any], task: dict[str, Any], named: Mapping[str, dict[str, Any]]
) -> dict[str, Any]:
    mapped = {row["name"]: row for row in pkg.get("executors") or ()}
    waiting = pending(pkg["id"])
    executors: list[dict[str, Any]] = []
    for name in fields.texts(task.get("executors")):
        row: dict[str, Any] = mapped.get(name, {})
        known = [key for key in fields.texts(row.get("organizations")) if key in named]
        executors.append(
            {
                "name": name,
                "who": row.get("who") or Who.UNMAPPED.value,
                "count": len(known),
                "organizations": [
                    {**named[key], "pending": key in waiting} for key in known[:_NAMED]
                ],
            }
        )
    return {
        **{name: task.get(name) or "" for name in TASK_TEXTS},
        "removed": task["removed"],
        "by_each": task.get("performed") == Performed.EACH.value,
        "lead": named.get(task.get("lead") or ""),
        "executors": executors,
        "participants": len(fields.texts(pkg.get("participants"))),
    }


def pending(plan_id: str) -> set[str]:
    """Ids of the organizations that a plan names without their word: they owe nothing."""
    table = Participant.__table__
    return set(
        model.Session.scalars(
            sa.select(table.c.organization_id).where(
                table.c.plan_id == plan_id, table.c.confirmed_at.is_(None)
            )
        )
    )


def _grouped(
    ids: Iterable[str],
    owed: Iterable[dict[str, Any]],
    named: Mapping[str, dict[str, Any]],
) -> list[dict[str, Any]]:
    """Obligations under who answers for them, in the order of time."""
    found: dict[str, list[dict[str, Any]]] = {each: [] for each in ids}
    for row in owed:
        found[row["organization_id"]].append(row)
        row["parties"] = [named[key] for key in row["parties"] if key in named]
    for rows in found.values():
        rows.sort(key=lambda row: (row["due_on"] is None, row["due_on"], row["id"]))
    return [
        {"organization": named.get(each), "obligations": rows}
        for each, rows in found.items()
    ]
