"""Compliance of one publisher, live, and of all publishers from their sums."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.model.group import group_table

from .. import config, words
from ..core import scorecard
from ..core.scorecard import Count
from ..model import facts as selects
from ..model import presence
from ..model.presence import Presence
from ..rules import formula
from ..rules.criteria import criteria
from . import scope as scopes
from . import standing, texts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..core.scorecard import Card, Result, Row
    from ..rules.base import Scope
    from .viewer import Viewer

_FIRST: Final = 5
_FACT: Final = (
    "frequency",
    "interval_days",
    "updated_at",
    "resources",
    "formats",
    "machine_readable",
    "passport_gaps",
)


def organization(name: str) -> dict[str, str]:
    """The organization whose page or calendar is asked for.

    :param name: its name or id.
    :returns: `id`, `name`, `title`.
    :raises ObjectNotFound: when no active organization is called so.
    """
    group = group_table.c
    found = model.Session.execute(
        sa.select(group.id, group.name, group.title).where(
            sa.or_(group.id == name, group.name == name),
            group.is_organization,
            group.state == "active",
        )
    ).first()
    if found is None:
        raise tk.ObjectNotFound(tk._("Organization not found"))
    return {"id": found.id, "name": found.name, "title": found.title or found.name}


def datasets(
    scope: Scope, viewer: Viewer, organization_id: str
) -> list[dict[str, Any]]:
    """Datasets of a publisher that the viewer may see, worst first; one statement.

    Those that live on upstream only are among them, in the state `orphaned`.
    """
    package, fact = selects.package, selects.fact
    zone = scope.window.zone
    state = presence.presence_case(scope.upstream.cutoff)
    updated_on = sa.cast(sa.func.timezone(zone, fact.c.updated_at), sa.Date)
    # A private one is seen by members only, whatever is known of its copy.
    shown = sa.or_(
        selects.seen(viewer.private_of),
        sa.and_(package.c.state == "deleted", state == Presence.ORPHANED.value),
    )
    statement = (
        sa.select(
            package.c.id,
            package.c.name,
            package.c.title,
            package.c.private,
            package.c.state,
            *(fact.c[name] for name in _FACT),
            selects.days_late(scope.as_of, zone).label("late_days"),
            (sa.literal(scope.as_of, sa.Date) - updated_on).label("days_since"),
            state.label("presence"),
            *(column.label(name) for name, column in presence.columns().items()),
        )
        .select_from(presence.joined(scope.dataset_types))
        .where(package.c.owner_org == organization_id, shown)
    )
    found = [_dataset(row) for row in scopes.mappings(statement)]
    return sorted(found, key=_severity)


def _dataset(row: dict[str, Any]) -> dict[str, Any]:
    late = row["late_days"]
    row["on_time"] = None if late is None else late <= 0
    row["late_days"] = late if late and late > 0 else None
    row["updated_at"] = row["updated_at"].isoformat() if row["updated_at"] else None
    row["presence"] = row["presence"] or Presence.NOT_MEASURED.value
    row["title"] = row["title"] or row["name"]
    name = row["upstream_name"]
    row["upstream_url"] = f"{config.upstream_url()}/dataset/{name}" if name else None
    return row


def _severity(row: Mapping[str, Any]) -> tuple[Any, ...]:
    states = (
        row["late_days"] is not None,
        row["presence"] in (Presence.MISSING.value, Presence.OUTDATED.value),
        bool(row["passport_gaps"]) or not row["machine_readable"],
    )
    place = next((place for place, holds in enumerate(states) if holds), len(states))
    return (place, -(row["late_days"] or 0), row["title"].lower(), row["id"])


def split(
    rows: Sequence[dict[str, Any]],
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Part datasets of this portal from copies that outlived them.

    :returns: active datasets, and the orphaned ones in short.
    """
    active = [
        {name: value for name, value in row.items() if name not in _ORPHAN_ONLY}
        for row in rows
        if row["state"] == "active"
    ]
    orphaned = [
        {
            "id": row["id"],
            "name": row["name"],
            "title": row["upstream_title"] or row["title"],
            "state": "private" if row["state"] == "active" else "deleted",
            "upstream_name": row["upstream_name"],
            "upstream_url": row["upstream_url"],
        }
        for row in rows
        if row["presence"] == Presence.ORPHANED.value
    ]
    return active, orphaned


_ORPHAN_ONLY: Final = ("state", "upstream_title")


def card(scope: Scope, organization_id: str, *, without_plan: bool) -> dict[str, Any]:
    """The live card of a publisher, of public rows only; two statements.

    :param scope: narrowed to the publisher.
    :param without_plan: no plan binds it.
    """
    counts = dict(standing.counts_of(scope).get(organization_id, {}))
    number = counts.pop("datasets", Count(0, 0)).denominator
    weighed = scorecard.weigh(formula.current(), counts)
    missing = _missing(scope)
    reasons = _reasons(scope, number, without_plan)
    language = words.language()
    return {
        "formula": weighed.formula.version,
        "provisional": weighed.formula.provisional,
        "total": None if weighed.total is None else scorecard.tenths(weighed.total),
        "measured_weight": weighed.measured_weight,
        "without_plan": without_plan,
        "criteria": [
            _criterion(result, missing, reasons, language) for result in weighed.results
        ],
        "do_first": _do_first(weighed, missing),
    }


def _missing(scope: Scope) -> list[Row]:
    """What does not meet a criterion, by criterion, the most urgent first."""
    parts: list[Any] = []
    for criterion in criteria().values():
        found = criterion.rows(scope)
        if found is None or criterion.why_not(scope):
            continue
        judged = found.subquery(f"{criterion.id}_rows")
        parts.append(
            sa.select(
                sa.literal(criterion.id).label("criterion"),
                judged.c.kind,
                judged.c.id,
                judged.c.name,
                judged.c.title,
                judged.c.urgency,
            ).where(sa.not_(judged.c.counted))
        )
    rows = sa.union_all(*parts).subquery("missing")
    ordered = sa.select(rows).order_by(rows.c.urgency, rows.c.title, rows.c.id)
    return [
        scorecard.Row(row.criterion, row.kind, row.id, row.name, row.title or row.name)
        for row in model.Session.execute(ordered)
    ]


def _reasons(scope: Scope, number: int, without_plan: bool) -> dict[str, str]:
    """Why a criterion has nothing to count, by its id."""
    reasons: dict[str, str] = {}
    for criterion in criteria().values():
        reason = criterion.why_not(scope) or criterion.nothing
        if reason == "no_tasks" and without_plan:
            reason = "no_plan"
        elif reason in ("nothing_judged", "too_new") and not number:
            reason = "no_datasets"
        reasons[criterion.id] = reason
    return reasons


def _criterion(
    result: Result, missing: Sequence[Row], reasons: Mapping[str, str], language: str
) -> dict[str, Any]:
    weight, count = result.weight, result.count
    criterion = weight.criterion
    return {
        "id": criterion,
        "label": texts.pick(weight.label, language),
        "explanation": texts.pick(weight.explanation, language),
        "weight": weight.weight,
        "numerator": count.numerator if count else None,
        "denominator": count.denominator if count else None,
        "value": None if result.value is None else float(result.value),
        "points": None if result.points is None else scorecard.tenths(result.points),
        "measured": count is not None,
        "why_not": "" if count else reasons.get(criterion, ""),
        "rows": [_row(row) for row in missing if row.criterion == criterion],
    }


def _row(row: Row) -> dict[str, Any]:
    return {"kind": row.kind, "id": row.id, "name": row.name, "title": row.title}


def _do_first(weighed: Card, missing: Sequence[Row]) -> list[dict[str, Any]]:
    return [
        {
            "criterion": step.row.criterion,
            **_row(step.row),
            "gain": scorecard.tenths(step.gain),
        }
        for step in scorecard.do_first(weighed, missing, _FIRST)
    ]
