"""Since when organizations owe tasks: who joined others, who took over from whom.

Both are decided once, when an organization first stands in a task, and read from the
obligations that were written then: so deriving again decides nothing anew.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import sqlalchemy as sa

from ckan import model

from ..core.obligation import by_each, debtors
from ..core.plan import Former
from ..model import Merger, ObligationRow, Party

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from ..core.plan import Plan

_row = ObligationRow.__table__.c
#: Rows that a reading of many shares keeps in memory.
_FETCHED: Final = 5_000


class Stand(NamedTuple):
    """What is written of an organization in a task.

    :param owes_from: the day from which it owes, None: from the start.
    :param stands: whether it owes anything now.
    :param owes: as `stands`, and not only in the place of others.
    :param first_due: the earliest last day of what it owes, None when it has none.
    :param led: whether it leads a task performed jointly, None: it is by each.
    """

    organization: str
    owes_from: date | None
    stands: bool
    owes: bool
    first_due: date | None = None
    led: bool | None = None


class Heirs:
    """Who took over from whom."""

    def __init__(self, mergers: Iterable[tuple[str, str, date]]) -> None:
        self._days: dict[str, date] = {}
        self._from: dict[str, list[str]] = defaultdict(list)
        for old, new, day in mergers:
            self._days[old] = day
            self._from[new].append(old)

    def former(self, organization: str) -> dict[str, date]:
        """Everybody whose duties an organization has now, and until when they owed."""
        found: dict[str, date] = {}
        waiting = sorted(self._from.get(organization, ()))
        while waiting:
            old = waiting.pop(0)
            if old not in found and old != organization:
                found[old] = self._days[old]
                waiting.extend(sorted(self._from.get(old, ())))
        return found


def known(plan: Plan, today: date, *, binds: bool) -> Plan:
    """A plan with what is known of its performers: at most four statements.

    :param plan: with its participants.
    :param today: the day on which an organization joins that was not there before.
    :param binds: whether the plan is public and in force: before that nobody joins.
    """
    heirs = _heirs(plan)
    joined: dict[tuple[str, str], date] = {}
    formers: dict[str, tuple[Former, ...]] = {}
    tasks = {task.id: task for task in plan.tasks}
    for task_id, stands in _stands(plan, heirs):
        task = tasks[task_id]
        found = _Found(debtors(plan, task).organizations, stands, heirs)
        if by_each(task):
            days = found.joined(today if binds else None)
        else:
            days = found.inherited()
        joined.update({(task_id, each): day for each, day in days.items()})
        if former := tuple(found.formers()):
            formers[task_id] = former
    return replace(plan, joined=joined, formers=formers)


class _Found:
    """One task: who performs it now, and who did."""

    def __init__(
        self, organizations: tuple[str, ...], stands: Mapping[str, Stand], heirs: Heirs
    ) -> None:
        self._organizations = organizations
        self._stands = stands
        self._heirs = heirs
        # Of a task that was withdrawn as a whole everybody is remembered.
        asleep = not any(each.stands for each in stands.values())
        self._awake = {
            each.organization for each in stands.values() if each.stands or asleep
        }

    def joined(self, today: date | None) -> dict[str, date]:
        """From when those owe a task "by each" who were not in it from the start."""
        others = any(
            each in self._stands and self._stands[each].owes
            for each in self._organizations
        )
        found: dict[str, date | None] = {}
        for each in self._organizations:
            own, taken = self._stands.get(each), self._taken_over(each)
            if own and (own.stands or not taken):
                found[each] = own.owes_from
            elif taken:
                found[each] = max(taken.values())
            else:
                found[each] = today if others else None
        return {each: day for each, day in found.items() if day}

    def inherited(self) -> dict[str, date]:
        """From when those perform a joint task who came by a merger alone."""
        found = {each: self._inherited(each) for each in self._organizations}
        return {each: day for each, day in found.items() if day}

    def _inherited(self, heir: str) -> date | None:
        taken, own = self._taken_over(heir), self._stands.get(heir)
        if not taken:
            return None
        day = max(taken.values())
        before = own is not None and own.first_due is not None and own.first_due < day
        return None if before else day

    def formers(self) -> Iterator[Former]:
        """Those who performed the task until one of today's performers took over."""
        for heir in self._organizations:
            for old, day in self._taken_over(heir).items():
                stand = self._stands[old]
                since = stand.owes_from
                if stand.led is not None:
                    since = self._inherited(old)
                yield Former(old, heir, since, day, bool(stand.led))

    def _taken_over(self, heir: str) -> dict[str, date]:
        return {
            old: day
            for old, day in self._heirs.former(heir).items()
            if old in self._awake and old not in self._organizations
        }


def _heirs(plan: Plan) -> Heirs:
    """Mergers into organizations that the plan names, through several steps too."""
    merger = Merger.__table__.c
    rows = model.Session.execute(
        sa.select(merger.old_id, merger.new_id, merger.merged_from)
    )
    return Heirs((row[0], row[1], row[2]) for row in rows)


def _stands(plan: Plan, heirs: Heirs) -> Iterator[tuple[str, dict[str, Stand]]]:
    """By task of the plan what was written of its performers."""
    each = {task.id for task in plan.tasks if by_each(task)}
    if each:
        yield from _grouped(_shares(plan), each)
    former = _former(plan, heirs)
    jointly = {task.id for task in plan.tasks if not by_each(task)}
    if former and jointly:
        yield from _grouped(_joint(plan, former), jointly)


def _former(plan: Plan, heirs: Heirs) -> set[str]:
    """Former organizations of the plan, with those who took over."""
    named = {plan.owner, *plan.participants}
    named.update(each for row in plan.executors for each in row.organizations)
    found: set[str] = set()
    for heir in named:
        if old := heirs.former(heir):
            found |= {heir, *old}
    return found


def _grouped(statement: Any, tasks: set[str]) -> Iterator[tuple[str, dict[str, Stand]]]:
    """Read shares task by task: a plan may have hundreds of thousands."""
    rows = model.Session.execute(
        statement.execution_options(stream_results=True)
    ).yield_per(_FETCHED)
    for task_id, group in groupby(rows, key=lambda row: row[0]):
        if task_id in tasks:
            yield task_id, {row[1]: Stand(*row[1:]) for row in group}


def _shares(plan: Plan) -> sa.Select[Any]:
    stands = _row.withdrawn.is_(False)
    return (
        sa.select(
            _row.task_id,
            _row.share,
            sa.func.max(_row.owes_from),
            sa.func.bool_or(stands),
            sa.func.bool_or(sa.and_(stands, _row.mark == "")),
        )
        .where(_row.plan_id == plan.id, _row.share != "")
        .group_by(_row.task_id, _row.share)
        .order_by(_row.task_id, _row.share)
    )


def _joint(plan: Plan, organizations: set[str]) -> sa.Select[Any]:
    party = Party.__table__
    lead = sa.select(
        _row.task_id,
        _row.organization_id,
        _row.withdrawn,
        _row.due_on,
        sa.true().label("led"),
    ).where(_row.plan_id == plan.id, _row.share == "")
    shared = (
        sa.select(
            _row.task_id,
            party.c.organization_id,
            _row.withdrawn,
            _row.due_on,
            sa.false().label("led"),
        )
        .select_from(
            party.join(ObligationRow.__table__, _row.id == party.c.obligation_id)
        )
        .where(_row.plan_id == plan.id, _row.share == "")
    )
    both = sa.union_all(lead, shared).subquery("both")
    stands = both.c.withdrawn.is_(False)
    return (
        sa.select(
            both.c.task_id,
            both.c.organization_id,
            sa.cast(sa.null(), sa.Date),
            sa.func.bool_or(stands),
            sa.func.bool_or(stands),
            sa.func.min(both.c.due_on).filter(stands),
            sa.func.bool_or(both.c.led),
        )
        .where(both.c.organization_id.in_(sorted(organizations)))
        .group_by(both.c.task_id, both.c.organization_id)
        .order_by(both.c.task_id, both.c.organization_id)
    )
