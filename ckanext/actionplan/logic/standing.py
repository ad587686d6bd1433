"""The sums that `/compliance` sorts by, and the cards made of the same counts.

Saving a dataset refreshes its publisher in the same transaction: a few statements by
index, so nothing is left to a queue that may be down (decision 5).
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from ckan import model
from ckan.model.package import package_table

from .. import clock
from ..core import scorecard
from ..core.scorecard import Count
from ..model import ObligationRow, Participant, Party, Standing
from ..model import facts as selects
from ..model.publishers import SUMS, TASK_SUMS, task_sums
from ..rules import formula
from ..rules.criteria import criteria
from . import scope as scopes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ..rules.base import Scope

#: Sums of a standing that criteria count: numerator and denominator.
_COUNTED: Final = {
    "timeliness": ("datasets_on_time", "datasets_judged"),
    "harvest": ("upstream_present", "upstream_judged"),
}
_DATASETS: Final = "datasets"


def touch(organization_ids: Iterable[str | None]) -> None:
    """Refresh the sums of some publishers in the caller's transaction.

    Two savers of one publisher follow one another from here to their commits, so the
    later one counts what the earlier one wrote. Ids are locked in order.

    :param organization_ids: ids; empty ones are passed over.
    """
    ids = sorted({each for each in organization_ids if each})
    if not ids:
        return
    model.Session.flush()
    scope = scopes.current(ids)
    table = Standing.__table__
    rows = sa.func.unnest(sa.literal(ids, pg.ARRAY(sa.UnicodeText)))
    lock = pg.insert(table).from_select(
        ["organization_id", "period", "refreshed_at"],
        sa.select(
            rows.label("organization_id"),
            sa.literal(scope.period.name),
            sa.literal(clock.now(), table.c.refreshed_at.type),
        ),
    )
    model.Session.execute(
        lock.on_conflict_do_update(
            index_elements=["organization_id", "period"],
            set_={"refreshed_at": lock.excluded.refreshed_at},
        )
    )
    _write(scope, {**dict.fromkeys(ids, _nothing()), **measure(scope)})


def touch_plans(plan_ids: Sequence[str]) -> None:
    """Refresh everybody whom plans concern: their owners, participants and debtors.

    All plans of one transaction are named at once, so that ids are locked in order.

    :param plan_ids: ids of packages.
    """
    obligation, participant = ObligationRow.__table__.c, Participant.__table__.c
    party = Party.__table__
    shared = party.join(ObligationRow.__table__, obligation.id == party.c.obligation_id)
    ids = list(plan_ids)
    concerned = sa.union(
        sa.select(package_table.c.owner_org).where(package_table.c.id.in_(ids)),
        sa.select(participant.organization_id).where(participant.plan_id.in_(ids)),
        sa.select(obligation.organization_id).where(obligation.plan_id.in_(ids)),
        sa.select(party.c.organization_id)
        .select_from(shared)
        .where(obligation.plan_id.in_(ids)),
    )
    model.Session.flush()
    touch(row[0] for row in model.Session.execute(concerned))


def refresh() -> int:
    """Refresh the sums of all publishers; the caller commits.

    Savers wait meanwhile, so that no newer sum is overwritten by an older one.

    :returns: how many publishers have sums now.
    """
    table = Standing.__table__
    model.Session.flush()
    model.Session.execute(
        sa.text(f"LOCK TABLE {table.name} IN SHARE ROW EXCLUSIVE MODE")
    )
    scope = scopes.current()
    sums = measure(scope)
    gone = sa.or_(
        table.c.period != scope.period.name,
        table.c.organization_id != sa.all_(sa.literal(list(sums), pg.ARRAY(sa.Text))),
    )
    model.Session.execute(sa.delete(table).where(gone))
    _write(scope, sums)
    return len(sums)


def _nothing() -> dict[str, Any]:
    return {**dict.fromkeys(SUMS, 0), "counts": {}, "total": None}


def measure(scope: Scope) -> dict[str, dict[str, Any]]:
    """Sums and totals of publishers; two statements, whatever their number.

    :returns: by organization id: the columns of a standing.
    """
    found: dict[str, dict[str, Any]] = defaultdict(_nothing)
    counts = counts_of(scope)
    tasks = task_sums(scope.as_of, scope.window, scope.organization_ids)
    for row in model.Session.execute(tasks).mappings():
        found[row["organization_id"]].update({name: row[name] for name in TASK_SUMS})
    for organization_id, by_criterion in counts.items():
        sums = found[organization_id]
        sums[_DATASETS] = by_criterion.pop(_DATASETS, Count(0, 0)).denominator
        for criterion, (numerator, denominator) in _COUNTED.items():
            count = by_criterion.get(criterion, Count(0, 0))
            sums[numerator], sums[denominator] = count.numerator, count.denominator
        sums["counts"] = {
            name: [count.numerator, count.denominator]
            for name, count in by_criterion.items()
        }
        sums["total"] = total(sums["counts"])[0]
    return found


def counts_of(scope: Scope) -> dict[str, dict[str, Count]]:
    """What all criteria counted, by organization id; one statement.

    The key `datasets` holds the number of public datasets besides.
    """
    package = selects.package
    parts = [
        sa.select(
            package.c.owner_org.label("organization_id"),
            sa.literal(_DATASETS).label("criterion"),
            sa.literal(0).label("numerator"),
            sa.func.count().label("denominator"),
        )
        .select_from(selects.datasets(scope.dataset_types))
        .where(
            selects.public(),
            selects.of_organizations(scope.organization_ids, package.c.owner_org),
        )
        .group_by(package.c.owner_org)
    ]
    for criterion in criteria().values():
        counted = criterion.counts(scope)
        if counted is None or criterion.why_not(scope):
            continue
        part = counted.subquery(f"{criterion.id}_counts")
        parts.append(
            sa.select(
                part.c.organization_id,
                sa.literal(criterion.id),
                part.c.numerator,
                part.c.denominator,
            )
        )
    found: dict[str, dict[str, Count]] = defaultdict(dict)
    for row in model.Session.execute(sa.union_all(*parts)):
        found[row[0]][row[1]] = Count(row[2], row[3])
    return found


def total(counts: Mapping[str, Any]) -> tuple[float | None, int]:
    """Points of 100 and the weight that was measured, from stored counts.

    :param counts: by criterion: numerator and denominator.
    :returns: the points are None with less than half of the weight measured.
    """
    card = scorecard.weigh(
        formula.current(), {name: Count(*pair) for name, pair in counts.items()}
    )
    points = None if card.total is None else scorecard.tenths(card.total)
    return points, card.measured_weight


def _write(scope: Scope, sums: Mapping[str, dict[str, Any]]) -> None:
    """One statement for any number of publishers."""
    if not sums:
        return
    table = Standing.__table__
    rows = [{"organization_id": each, **sums[each]} for each in sorted(sums)]
    given = [sa.column("organization_id", sa.UnicodeText)]
    given += [
        sa.column(name, table.c[name].type) for name in (*SUMS, "counts", "total")
    ]
    recordset = (
        sa.func.jsonb_to_recordset(sa.literal(rows, pg.JSONB))
        .table_valued(*given)
        .render_derived(name="given", with_types=True)
    )
    names = [column.name for column in given]
    statement = pg.insert(table).from_select(
        [*names, "period", "refreshed_at"],
        sa.select(
            *(recordset.c[name] for name in names),
            sa.literal(scope.period.name),
            sa.literal(clock.now(), table.c.refreshed_at.type),
        ),
    )
    statement = statement.on_conflict_do_update(
        index_elements=["organization_id", "period"],
        set_={
            name: statement.excluded[name]
            for name in (*SUMS, "counts", "total", "refreshed_at")
        },
    )
    model.Session.execute(statement)
