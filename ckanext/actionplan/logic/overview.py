"""All publishers from their stored sums: a fixed number of statements for a page."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from .. import config
from ..model import publishers as selects
from ..model.publishers import SUMS, TASK_SUMS
from ..rules.criteria import criteria
from . import scope as scopes
from . import standing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ckan.types import Schema, Validator, ValidatorFactory

#: What publishers can be filtered by.
STATES: Final = ("overdue", "unresolved", "to_confirm", "late", "missing")
SORTS: Final = ("title", "total", *SUMS)


_WORDS_LENGTH: Final = 200


@tk.validator_args
def schema(
    ignore_missing: Validator,
    ignore_empty: Validator,
    unicode_safe: Validator,
    is_positive_integer: Validator,
    one_of: ValidatorFactory,
) -> Schema:
    """What `actionplan_publisher_list` takes."""
    sorts = [f"{sort}{end}" for sort in SORTS for end in ("", " asc", " desc")]
    text = [ignore_missing, ignore_empty, unicode_safe]
    return {
        "q": [*text, lambda value: value.strip()[:_WORDS_LENGTH]],
        "sort": [*text, one_of(sorts)],
        "state": [*text, one_of(list(STATES))],
        "page": [ignore_missing, ignore_empty, is_positive_integer],
        "rows": [ignore_missing, ignore_empty, is_positive_integer],
    }


@dataclass(frozen=True, slots=True)
class Query:
    """What a reader asks for.

    :param words: part of a title or name.
    :param sort: one of `SORTS`.
    :param state: one of `STATES`, empty for all.
    :param page: from 1.
    :param rows: councils and lone publishers on a page; 0: as configured.
    """

    words: str = ""
    sort: str = "title"
    descending: bool = False
    state: str = ""
    page: int = 1
    rows: int = 0


def overview(period: str, query: Query) -> dict[str, Any]:
    """One page of councils with their participants, and publishers without a council.

    :param period: name of the current period.
    """
    top = selects.top_rows(period, tuple(criteria()))
    conditions = _conditions(top, query)
    size = query.rows or config.rows_count()
    count = model.Session.scalar(
        sa.select(sa.func.count()).select_from(top).where(*conditions)
    )
    pages = max(1, math.ceil((count or 0) / size))
    page = min(max(1, query.page), pages)
    start = (page - 1) * size
    page_of = _by_total if query.sort == "total" else _by_column
    rows = page_of(top, conditions, query, slice(start, start + size))
    nested = _participants(period, [row["id"] for row in rows if row["is_council"]])
    items = [_item(row, nested) for row in rows]
    totals = scopes.mappings(selects.totals(period))[0]
    as_of = totals.pop("as_of")
    return {
        "as_of": as_of.isoformat() if as_of else None,
        "count": count,
        "page": page,
        "pages": pages,
        "rows": size,
        "totals": _whole(totals),
        "councils": [item for item in items if "participants" in item],
        "publishers": [item for item in items if "participants" not in item],
    }


def _conditions(top: Any, query: Query) -> list[Any]:
    states: dict[str, Callable[[], Any]] = {
        "overdue": lambda: top.c.tasks_overdue > 0,
        "unresolved": lambda: top.c.tasks_unresolved > 0,
        "to_confirm": lambda: top.c.tasks_to_confirm > 0,
        "late": lambda: top.c.datasets_on_time < top.c.datasets_judged,
        "missing": lambda: top.c.upstream_present < top.c.upstream_judged,
    }
    found: list[Any] = []
    if query.words:
        found.append(selects.matching(top, query.words.lower()))
    if query.state:
        found.append(states[query.state]())
    return found


def _by_column(
    top: Any, conditions: Sequence[Any], query: Query, part: slice
) -> list[dict[str, Any]]:
    column = sa.func.lower(top.c.title) if query.sort == "title" else top.c[query.sort]
    return scopes.mappings(
        sa.select(top)
        .where(*conditions)
        .order_by(
            top.c.is_council.desc(),
            column.desc() if query.descending else column,
            sa.func.lower(top.c.title),
            top.c.id,
        )
        .offset(part.start)
        .limit(part.stop - part.start)
    )


def _by_total(
    top: Any, conditions: Sequence[Any], query: Query, part: slice
) -> list[dict[str, Any]]:
    """Points are weighed in `core`, so all rows are weighed before a page is cut."""
    rows = scopes.mappings(
        sa.select(top)
        .where(*conditions)
        .order_by(top.c.is_council.desc(), sa.func.lower(top.c.title), top.c.id)
    )

    def place(row: dict[str, Any]) -> tuple[bool, bool, float]:
        points = standing.total(row["counts"])[0]
        sign = -1 if query.descending else 1
        return not row["is_council"], points is None, sign * (points or 0)

    return sorted(rows, key=place)[part]


def _participants(
    period: str, council_ids: Sequence[str]
) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    if not council_ids:
        council_ids = [""]
    for row in scopes.mappings(selects.participants(period, council_ids)):
        found[row["council_id"]].append(row)
    return found


def _item(
    row: dict[str, Any], nested: dict[str, list[dict[str, Any]]]
) -> dict[str, Any]:
    item = _publisher(row)
    if not row["is_council"]:
        item["without_plan"] = not any(row[name] for name in TASK_SUMS)
        return item
    parts = {part["id"]: _publisher(part) for part in nested[row["id"]]}
    own = parts.pop(row["id"])
    item["own"] = {name: own[name] for name in (*SUMS, "total")}
    item["plans"] = row["plans"]
    item["without_plan"] = False
    item["participants"] = [{**part, "without_plan": False} for part in parts.values()]
    return item


def _publisher(row: dict[str, Any]) -> dict[str, Any]:
    points, weight = standing.total(row["counts"] or {})
    return {
        "organization": {name: row[name] for name in ("id", "name", "title")},
        **_whole({name: row[name] for name in SUMS}),
        "total": points,
        "measured_weight": weight,
    }


def _whole(sums: dict[str, Any]) -> dict[str, int]:
    """PostgreSQL sums whole numbers up to a numeric."""
    return {name: int(value) for name, value in sums.items()}
