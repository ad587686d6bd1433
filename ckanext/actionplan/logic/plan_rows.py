"""Derived rows of one plan: its term, tasks, obligations and who shares them."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from ckan import model

from .. import clock
from ..model import ObligationRow, Party, PlanRow, TaskRow
from . import changes, plan_source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from ..core.obligation import Obligation
    from ..core.plan import Plan

#: Obligations and sharers that are held in memory and written at once.
_BATCH: Final = 10_000

_task = TaskRow.__table__
_owed = ObligationRow.__table__
_party = Party.__table__


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why obligations are owed no more.

    :param acts: by task: the act that took it, or an occurrence of it, away.
    :param amended: ids of the tasks whose wording an act changed.
    :param renamed: by task: the act as it was written before, and as it is now.
    :param until: last day on which the plan owes.
    :param successor: title of the plan that owes in its place after that day.
    """

    acts: Mapping[str, str] = field(default_factory=dict[str, str])
    amended: frozenset[str] = frozenset()
    renamed: Mapping[str, tuple[str, str]] = field(
        default_factory=dict[str, "tuple[str, str]"]
    )
    until: date | None = None
    successor: str = ""


def write_plan(pkg: dict[str, Any], plan: Plan) -> None:
    """Write the term of a plan, and that it was derived now."""
    mapped = {executor.name for executor in plan.executors if executor.who.value}
    names = {name for task in plan.tasks for name in task.executors}
    row = {
        "id": plan.id,
        "period_start": plan.start,
        "period_end": plan.end,
        "in_force_from": plan.in_force_from,
        "in_force_until": plan_source.day(pkg.get("in_force_until")),
        "tracked_from": plan.tracked_from,
        "replaces": pkg.get("replaces") or "",
        "reviewing_organization_id": pkg.get("reviewing_organization") or "",
        "tasks": len(plan.tasks),
        "unmapped_executors": len(names - mapped),
        "derived_at": clock.now(),
    }
    statement = pg.insert(PlanRow.__table__).values(row)
    model.Session.execute(
        statement.on_conflict_do_update(
            index_elements=["id"],
            set_={name: statement.excluded[name] for name in row if name != "id"},
        )
    )


def write_tasks(plan_id: str, tasks: list[dict[str, Any]], act: str) -> None:
    """Write the rows of a plan; those that are gone stay, with the act that did it.

    :param act: the amending act in words, empty when none was needed or named.
    """
    ids = [task["id"] for task in tasks]
    model.Session.execute(
        sa.update(_task)
        .where(
            _task.c.plan_id == plan_id,
            _task.c.removed.is_(False),
            _among(_task.c.id, ids, absent=True),
        )
        .values(
            removed=True,
            withdrawn_by=sa.case(
                (_task.c.withdrawn_by == "", act), else_=_task.c.withdrawn_by
            ),
        )
    )
    rows = [
        {
            "plan_id": plan_id,
            "id": task["id"],
            "position": position,
            "removed": False,
            **changes.texts_of(task),
        }
        for position, task in enumerate(tasks)
    ]
    _upsert(_task, rows)


def write_obligations(
    plan_id: str, obligations: Iterable[Obligation], reasons: Reasons
) -> None:
    """Write obligations task by task; what is no longer owed is withdrawn.

    The number of statements depends on the obligations by tens of thousands only.

    :param obligations: those of a task one after another.
    :param reasons: what is noted on those that are withdrawn.
    """
    written: list[str] = []
    computed = {"due_before": _due_before(reasons)} if reasons.amended else {}
    for batch in _batches(obligations):
        tasks = list({each.task: None for each in batch})
        for first in range(0, len(batch), _BATCH):
            rows = [_row(plan_id, each) for each in batch[first : first + _BATCH]]
            _upsert(_owed, rows, **computed)
        ids = [each.id for each in batch]
        _withdraw(
            reasons,
            _owed.c.plan_id == plan_id,
            _among(_owed.c.task_id, tasks),
            _among(_owed.c.id, ids, absent=True),
        )
        _write_parties(batch)
        written += tasks
    gone = _among(_owed.c.task_id, written, absent=True)
    _withdraw(reasons, _owed.c.plan_id == plan_id, gone)
    _rename(plan_id, reasons)


def _batches(obligations: Iterable[Obligation]) -> Iterator[list[Obligation]]:
    """Whole tasks, so many that they make a batch."""
    batch: list[Obligation] = []
    size = 0
    for _task_id, group in groupby(obligations, key=lambda each: each.task):
        for each in group:
            batch.append(each)
            size += 1 + len(each.parties)
        if size >= _BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _row(plan_id: str, obligation: Obligation) -> dict[str, Any]:
    occurrence = obligation.occurrence
    return {
        "id": obligation.id,
        "plan_id": plan_id,
        "task_id": obligation.task,
        "share": obligation.share,
        "occurrence": occurrence.name,
        "organization_id": obligation.organization,
        "kind": occurrence.kind.value,
        "starts_on": _iso(occurrence.starts_on),
        "due_on": _iso(occurrence.due_on),
        "owes_from": _iso(obligation.owes_from),
        "reason": occurrence.reason.value if occurrence.reason else "",
        "mark": obligation.mark.value if obligation.mark else "",
        "before_tracking": obligation.before_tracking,
        "withdrawn": False,
        "withdrawn_by": "",
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _due_before(reasons: Reasons) -> Any:
    """An amendment that moves a day leaves the former one to be seen."""

    def value(given: Any) -> Any:
        moved = sa.and_(
            _owed.c.task_id.in_(sorted(reasons.amended)),
            _owed.c.withdrawn.is_(False),
            _owed.c.due_on.is_not(None),
            _owed.c.due_on.is_distinct_from(given.due_on),
        )
        return sa.case((moved, _owed.c.due_on), else_=_owed.c.due_before)

    return value


def _upsert(table: Any, rows: list[dict[str, Any]], **computed: Any) -> None:
    """Insert rows or, where one differs, replace its values: one statement.

    :param rows: values as JSON has them, the same columns in each.
    :param computed: by column: what makes its value of the values given.
    """
    if not rows:
        return
    names = list(rows[0])
    columns = [sa.column(name, table.c[name].type) for name in names]
    given = (
        sa.func.jsonb_to_recordset(sa.literal(rows, pg.JSONB))
        .table_valued(*columns)
        .render_derived(name="given", with_types=True)
    )
    keys = [column.name for column in table.primary_key]
    # Rows that are the same are not touched: an upsert would lock and log each.
    stored = table.alias("stored")
    same = sa.exists().where(
        *(stored.c[name] == given.c[name] for name in keys),
        *(
            stored.c[name].is_not_distinct_from(given.c[name])
            for name in names
            if name not in keys
        ),
    )
    statement = pg.insert(table).from_select(
        names, sa.select(*(given.c[name] for name in names)).where(sa.not_(same))
    )
    values = {name: statement.excluded[name] for name in names if name not in keys}
    values |= {name: value(statement.excluded) for name, value in computed.items()}
    model.Session.execute(
        statement.on_conflict_do_update(index_elements=keys, set_=values)
    )


def _among(column: Any, values: list[str], *, absent: bool = False) -> Any:
    """The condition that a column has one of many values, or none of them."""
    each = sa.func.unnest(_array(values))
    found = sa.select(each.column_valued("each"))
    # A hashed subplan: the time does not grow with the product of both sides.
    return column.not_in(found) if absent else column.in_(found)


def _array(values: list[str]) -> Any:
    return sa.cast(values, pg.ARRAY(sa.UnicodeText))


def _withdraw(reasons: Reasons, *conditions: Any) -> None:
    """Withdraw what is still owed; what was withdrawn before keeps its reason."""
    model.Session.execute(
        sa.update(_owed)
        .where(_owed.c.withdrawn.is_(False), *conditions)
        .values(withdrawn=True, withdrawn_by=_reason(reasons))
    )


def _reason(reasons: Reasons) -> Any:
    replaced: Any = sa.literal("")
    if reasons.until and reasons.successor:
        later = sa.or_(_owed.c.due_on.is_(None), _owed.c.due_on > reasons.until)
        replaced = sa.case((later, reasons.successor), else_="")
    if not reasons.acts:
        return replaced
    return sa.case(dict(reasons.acts), value=_owed.c.task_id, else_=replaced)


def _rename(plan_id: str, reasons: Reasons) -> None:
    """Write an act anew where only its words changed."""
    if not reasons.renamed:
        return
    before = {task: pair[0] for task, pair in reasons.renamed.items()}
    after = {task: pair[1] for task, pair in reasons.renamed.items()}
    task = _owed.c.task_id
    model.Session.execute(
        sa.update(_owed)
        .where(
            _owed.c.plan_id == plan_id,
            _owed.c.withdrawn,
            _among(task, list(before)),
            _owed.c.withdrawn_by == sa.case(before, value=task),
        )
        .values(withdrawn_by=sa.case(after, value=task))
    )


def _write_parties(obligations: list[Obligation]) -> None:
    """Write who shares what is owed jointly; withdrawn promises keep their sharers."""
    joint = [each.id for each in obligations if not each.share]
    if not joint:
        return
    pairs = [(each.id, party) for each in obligations for party in each.parties]
    given = (
        sa.func.unnest(
            _array([pair[0] for pair in pairs]), _array([pair[1] for pair in pairs])
        )
        .table_valued(
            sa.column("obligation_id", sa.UnicodeText),
            sa.column("organization_id", sa.UnicodeText),
        )
        .render_derived(name="given")
    )
    kept = sa.select(given.c.obligation_id, given.c.organization_id)
    model.Session.execute(
        sa.delete(_party).where(
            _among(_party.c.obligation_id, joint),
            sa.tuple_(_party.c.obligation_id, _party.c.organization_id).not_in(kept),
        )
    )
    statement = pg.insert(_party).from_select(
        ["obligation_id", "organization_id"], kept
    )
    model.Session.execute(statement.on_conflict_do_nothing())
