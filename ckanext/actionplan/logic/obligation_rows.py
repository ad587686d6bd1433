"""Derived rows of one plan: what is owed, and who shares it."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from ckan import model

from ..model import ObligationRow, Party
from . import bulk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from ..core.obligation import Obligation

#: Obligations and sharers that are held in memory and written at once.
_BATCH: Final = 10_000

_owed = ObligationRow.__table__
_party = Party.__table__
#: What many obligations have in common.
_TERMS: Final = (
    "task_id",
    "occurrence",
    "kind",
    "starts_on",
    "due_on",
    "owes_from",
    "reason",
    "mark",
    "before_tracking",
)


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


def write(plan_id: str, obligations: Iterable[Obligation], reasons: Reasons) -> None:
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
            given = _given(plan_id, batch[first : first + _BATCH])
            bulk.upsert(_owed, given, computed)
        ids = [each.id for each in batch]
        _withdraw(
            reasons,
            _owed.c.plan_id == plan_id,
            bulk.among(_owed.c.task_id, tasks),
            bulk.among(_owed.c.id, ids, absent=True),
        )
        for joint in _portions(each for each in batch if not each.share):
            _write_parties(joint)
        written += tasks
    gone = bulk.among(_owed.c.task_id, written, absent=True)
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


def _given(plan_id: str, obligations: list[Obligation]) -> Any:
    """Obligations to write; what many of them have in common is sent once."""
    numbers: list[int] = []
    terms: list[dict[str, Any]] = []
    known: dict[tuple[Any, ...], int] = {}
    for each in obligations:
        key = (each.task, each.occurrence, each.mark, each.owes_from)
        number = known.setdefault(key, len(known))
        if number == len(terms):
            terms.append({"number": number, **_term(each)})
        numbers.append(number)
    term = bulk.recordset(
        "term",
        terms,
        {"number": sa.Integer(), **{name: _owed.c[name].type for name in _TERMS}},
    )
    owed = bulk.unnested(
        "owed",
        id=([each.id for each in obligations], sa.UnicodeText),
        share=([each.share for each in obligations], sa.UnicodeText),
        organization_id=([o.organization for o in obligations], sa.UnicodeText),
        number=(numbers, sa.Integer),
    )
    return (
        sa.select(
            owed.c.id,
            sa.literal(plan_id, sa.UnicodeText).label("plan_id"),
            owed.c.share,
            owed.c.organization_id,
            *(term.c[name] for name in _TERMS),
            sa.false().label("withdrawn"),
            sa.literal("", sa.UnicodeText).label("withdrawn_by"),
        )
        .select_from(owed.join(term, term.c.number == owed.c.number))
        .subquery("given")
    )


def _term(obligation: Obligation) -> dict[str, Any]:
    occurrence = obligation.occurrence
    values = (
        obligation.task,
        occurrence.name,
        occurrence.kind.value,
        _iso(occurrence.starts_on),
        _iso(occurrence.due_on),
        _iso(obligation.owes_from),
        occurrence.reason.value if occurrence.reason else "",
        obligation.mark.value if obligation.mark else "",
        obligation.before_tracking,
    )
    return dict(zip(_TERMS, values, strict=True))


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
            bulk.among(task, list(before)),
            _owed.c.withdrawn_by == sa.case(before, value=task),
        )
        .values(withdrawn_by=sa.case(after, value=task))
    )


def _portions(joint: Iterable[Obligation]) -> Iterator[list[Obligation]]:
    """Obligations with so many sharers that PostgreSQL compares them in memory."""
    portion: list[Obligation] = []
    size = 0
    for each in joint:
        portion.append(each)
        size += len(each.parties)
        if size >= _BATCH:
            yield portion
            portion, size = [], 0
    if portion:
        yield portion


def _write_parties(joint: list[Obligation]) -> None:
    """Write who shares what is owed jointly; withdrawn promises keep their sharers."""
    # Most occurrences are shared by the same organizations, which are sent once.
    circles = {parties: n for n, parties in enumerate({o.parties for o in joint})}
    members = [
        (number, party) for party_of, number in circles.items() for party in party_of
    ]
    owed = bulk.unnested(
        "owed",
        id=([each.id for each in joint], sa.UnicodeText),
        circle=([circles[each.parties] for each in joint], sa.Integer),
    )
    member = bulk.unnested(
        "member",
        circle=([number for number, _party_id in members], sa.Integer),
        organization_id=([party for _number, party in members], sa.UnicodeText),
    )
    given = sa.select(
        owed.c.id.label("obligation_id"), member.c.organization_id
    ).select_from(owed.join(member, member.c.circle == owed.c.circle))
    pair = sa.tuple_(_party.c.obligation_id, _party.c.organization_id)
    model.Session.execute(
        sa.delete(_party).where(
            bulk.among(_party.c.obligation_id, [each.id for each in joint]),
            pair.not_in(given),
        )
    )
    statement = pg.insert(_party).from_select(
        ["obligation_id", "organization_id"], given
    )
    model.Session.execute(statement.on_conflict_do_nothing())
