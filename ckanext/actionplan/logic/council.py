"""A council and those its plans bind: what its own page shows."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from .. import compat
from ..core.period import Period
from ..core.status import ATTENTION, Status
from ..model import council as selects
from ..model.publishers import DATASET_SUMS, TASK_SUMS
from . import fields, participants, standing
from . import scope as scopes
from .obligations import window

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from .viewer import Viewer

_ATTENTION: Final = {state.value: place for place, state in enumerate(ATTENTION)}
_HEAD: Final = ("plan_id", "task_id", "number", "title")


@dataclass(frozen=True, slots=True)
class _Read:
    """Rows of a constant number of statements.

    :param named: rows of the plans' participants, by organization id.
    :param owed: what each organization owes by these plans, by its id.
    :param tasks: states of tasks, see `model.council.by_task`.
    :param parties: ids of co-executors by plan and task.
    :param takes_part: how many joint tasks each organization takes part in.
    :param rightful: by organization id: whether it is listed, else a child.
    :param titles: organizations by id, in the order of their titles.
    :param standings: sums of whole publishers by organization id.
    """

    council_id: str
    plans: list[dict[str, Any]]
    named: dict[str, list[dict[str, Any]]]
    owed: dict[str, dict[str, Any]]
    tasks: list[dict[str, Any]]
    parties: dict[tuple[str, str], list[str]]
    takes_part: Counter[str]
    rightful: dict[str, set[bool]]
    titles: dict[str, dict[str, Any]]
    standings: dict[str, dict[str, Any]]


def page(
    organization: dict[str, Any], viewer: Viewer, user: str, today: date
) -> dict[str, Any]:
    """Everything of a council that the viewer may see.

    :param organization: id, name, title of the council.
    :param user: name of the viewer: for whom they may confirm.
    :returns: as `actionplan_council_show` documents.
    """
    read = _read(organization["id"], viewer, today)
    mine = frozenset[str]() if viewer.everything else participants.administered(user)

    def may_confirm(organization_id: str) -> bool:
        return viewer.everything or organization_id in mine

    return {
        "organization": organization,
        "as_of": today.isoformat(),
        "may_edit": viewer.may_edit([organization["id"]]),
        "may_update": viewer.everything,
        "plans": read.plans,
        "participants": _participants(read, may_confirm),
        "sums": _sums(read),
        "joint": _joint(read),
        **_own(read),
        "unresolved": _unresolved(read),
        "unmapped": _unmapped(read.plans),
        "listed": [
            _organization(read, each)
            for each in read.titles
            if True in read.rightful.get(each, ())
        ],
    }


def _sums(read: _Read) -> dict[str, int]:
    """Totals of the plans; deleted organizations stand outside, as everywhere."""
    living = [
        row
        for organization_id, row in read.owed.items()
        if not _organization(read, organization_id)["deleted"]
    ]
    return {name: sum(row[name] for row in living) for name in TASK_SUMS}


def _read(council_id: str, viewer: Viewer, today: date) -> _Read:
    private_of = viewer.private_of
    plans = scopes.mappings(selects.plans(council_id, private_of))
    plan_ids = [plan["id"] for plan in plans]
    named: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in scopes.mappings(selects.named(plan_ids)):
        named[row["organization_id"]].append(row)
    owes = selects.owed(council_id, today, window(), private_of)
    owed = {
        row.pop("organization_id"): row for row in scopes.mappings(selects.sums(owes))
    }
    parties = {
        (row["plan_id"], row["task_id"]): list(row["organization_ids"])
        for row in scopes.mappings(selects.parties(plan_ids))
    }
    rightful: dict[str, set[bool]] = defaultdict(set)
    for row in scopes.mappings(selects.by_right(council_id)):
        rightful[row["id"]].add(row["listed"])
    ids = {council_id, *named, *owed, *rightful}.union(*parties.values())
    return _Read(
        council_id=council_id,
        plans=plans,
        named=named,
        owed=owed,
        tasks=scopes.mappings(selects.by_task(owes, council_id)),
        parties=parties,
        takes_part=Counter(each for ids in parties.values() for each in ids),
        rightful=rightful,
        titles={
            row["id"]: row
            for row in scopes.mappings(selects.organizations(sorted(ids)))
        },
        standings={
            row["organization_id"]: row
            for row in scopes.mappings(
                selects.standings(Period.of(today).name, sorted(ids))
            )
        },
    )


def _organization(read: _Read, organization_id: str) -> dict[str, Any]:
    """Who it is; one that was purged has its id only."""
    gone = {"id": organization_id, "name": "", "title": "", "deleted": True}
    return read.titles.get(organization_id, gone)


def _participants(
    read: _Read, may_confirm: Callable[[str], bool]
) -> list[dict[str, Any]]:
    """Whom the plans name or who owes by them; what needs a hand stands on top."""
    concerned = {*read.named, *read.owed}
    known = [each for each in read.titles if each in concerned]
    rows = [
        _participant(read, each, may_confirm)
        for each in (*known, *sorted(concerned - read.titles.keys()))
    ]

    def place(row: dict[str, Any]) -> tuple[bool, bool, bool]:
        deleted = row["organization"]["deleted"] and row["plans"]
        return not row["council"], not deleted, not row["pending"]

    return sorted(rows, key=place)


def _participant(
    read: _Read, organization_id: str, may_confirm: Callable[[str], bool]
) -> dict[str, Any]:
    named = read.named.get(organization_id, [])
    pending = [row["plan_id"] for row in named if row["confirmed_at"] is None]
    owed = read.owed.get(organization_id, dict.fromkeys(TASK_SUMS, 0))
    whole = read.standings.get(organization_id, {})
    organization = _organization(read, organization_id)
    rights = read.rightful.get(organization_id, ())
    since = [row["owes_from"] for row in named if row["owes_from"]]
    return {
        "organization": organization,
        "council": organization_id == read.council_id,
        "child": False in rights,
        "listed": True in rights,
        "plans": [row["plan_id"] for row in named],
        "pending": pending,
        "owes_from": max(since).isoformat() if since else None,
        "may_confirm": bool(pending)
        and not organization["deleted"]
        and may_confirm(organization_id),
        **owed,
        **{name: whole.get(name, 0) for name in DATASET_SUMS},
        "total": standing.total(whole.get("counts") or {})[0],
        "takes_part": read.takes_part[organization_id],
    }


def _joint(read: _Read) -> list[dict[str, Any]]:
    """Tasks performed jointly by several, each once."""
    found: list[dict[str, Any]] = []
    for key, rows in _by_task(row for row in read.tasks if row["joint"]).items():
        if key not in read.parties:
            continue
        leads: dict[str, int] = defaultdict(int)
        for row in rows:
            leads[row["organization_id"]] += row["count"]
        lead = max(leads, key=lambda each: leads[each])
        concerned = set(read.parties[key])
        parties = [each for each in read.titles if each in concerned]
        found.append(
            {
                **_task(rows),
                "lead": _organization(read, lead),
                "parties": [_organization(read, each) for each in parties],
            }
        )
    return found


def _own(read: _Read) -> dict[str, list[dict[str, Any]]]:
    """What the council owes itself, and what it owes for want of somebody else."""
    mine = [
        row
        for row in read.tasks
        if row["organization_id"] == read.council_id
        and (row["plan_id"], row["task_id"]) not in read.parties
    ]
    own = _by_task(row for row in mine if not row["mark"])
    others = _by_task(row for row in mine if row["mark"])
    return {
        "own": [_task(rows) for rows in own.values()],
        "stands_in": [
            {**_task(rows), "mark": rows[0]["mark"]} for rows in others.values()
        ],
    }


def _unresolved(read: _Read) -> list[dict[str, Any]]:
    unresolved = Status.UNRESOLVED.value
    rows = _by_task(row for row in read.tasks if row["status"] == unresolved)
    return [{name: each[0][name] for name in _HEAD} for each in rows.values()]


def _by_task(
    rows: Iterable[dict[str, Any]],
) -> dict[tuple[str, str], list[dict[str, Any]]]:
    found: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        found[row["plan_id"], row["task_id"]].append(row)
    return found


def _task(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """A task with the states of its obligations, what needs doing first on top."""
    counts: dict[str, int] = defaultdict(int)
    for row in rows:
        counts[row["status"]] += row["count"]
    states = sorted(counts, key=lambda state: _ATTENTION[state])
    return {
        **{name: rows[0][name] for name in _HEAD},
        "statuses": {state: counts[state] for state in states},
    }


def _unmapped(plans: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Names of executors that stand for nobody yet, in the order of the plans.

    Only the extras of the datasets know them; those of all plans that lack a match
    are read by one statement.
    """
    lacking = [plan["id"] for plan in plans if plan["unmapped_executors"]]
    extras = compat.package_extras(lacking) if lacking else {}
    found: list[dict[str, Any]] = []
    for plan_id in lacking:
        stored = extras.get(plan_id, {})
        mapped = {row["name"] for row in _kept(stored, "executors") if row.get("who")}
        tasks: dict[str, int] = defaultdict(int)
        for task in _kept(stored, "tasks"):
            for name in dict.fromkeys(fields.texts(task.get("executors"))):
                tasks[name] += name not in mapped
        found += [
            {"plan_id": plan_id, "name": name, "tasks": count}
            for name, count in tasks.items()
            if count
        ]
    return found


def _kept(extras: dict[str, Any], field: str) -> list[dict[str, Any]]:
    """The rows of a repeating field, which is kept as JSON or as its text."""
    value: Any = extras.get(field) or "[]"
    return json.loads(value) if isinstance(value, str) else value
