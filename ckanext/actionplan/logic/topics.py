"""One topic across councils: what each of them owes on it in a year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from ckan import model
from ckan.model.group import group_table

from .. import clock, config
from ..core.status import ATTENTION, ReportState, Status
from ..model import PlanRow, Report, topics
from ..model.members import among
from . import obligations

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from .viewer import Viewer

#: What is said of a council that owes nothing on the topic that year.
APART: Final = ("another_year", "none")
#: All that can be said of a council, in the order of the sentence.
VERDICTS: Final = (
    "done",
    "overdue",
    *(key for key in topics.VERDICTS if key not in ("done", "overdue")),
    *APART,
)
#: Links shown of one row; the page of the task has all.
_LINKS: Final = 3
#: Years offered on either side of this one at most: a slip of the pen offers no century.
_YEARS: Final = 10
_PLACES: Final = tuple(topics.VERDICTS)
_LATE: Final = (Status.OVERDUE.value, Status.REPORTING.value)


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked of a topic.

    :param state: a key of `topics.VERDICTS`, empty: any.
    :param words: part of the title or name of a council, empty: any.
    :param page: number of the page, from 1.
    :param rows: rows on a page, 0: as the portal sets.
    """

    topic: str
    year: int
    state: str = ""
    words: str = ""
    page: int = 1
    rows: int = 0


def show(viewer: Viewer, query: Query) -> dict[str, Any]:
    """A topic as the action `actionplan_topic_show` documents it.

    The number of statements does not depend on councils, plans or obligations.
    """
    today = clock.today()
    councils = _councils(today, query)
    counts = {
        key: sum(council["state"] == key for council in councils) for key in VERDICTS
    }
    seen = topics.owed(
        today, obligations.window(), query.topic, query.year, viewer.private_of
    )
    page = _page(today, query, seen)
    _add_evidence(viewer, seen, page["tasks"])
    return {
        "topic": query.topic,
        "year": query.year,
        "years": _years(today, query.year),
        "as_of": today,
        "councils": len(councils),
        "counts": {key: count for key, count in counts.items() if count},
        **page,
        "without": [council for council in councils if council["state"] in APART],
    }


def _councils(today: date, query: Query) -> list[dict[str, Any]]:
    """Owners of public plans in force that year with what is said of them."""
    found = model.Session.execute(
        topics.councils(today, obligations.window(), query.topic, query.year)
    )
    return [
        {
            "organization": {"id": row.id, "name": row.name, "title": row.title},
            "state": _verdict(row.place, has_task=row.has_task),
        }
        for row in found
    ]


def _verdict(place: int | None, *, has_task: bool) -> str:
    if place is not None:
        return _PLACES[place]
    return APART[0] if has_task else APART[1]


def _page(today: date, query: Query, seen: sa.Select[Any]) -> dict[str, Any]:
    """Rows of a page; two statements."""
    # The verdict on a council is of what everybody sees.
    public = topics.owed(today, obligations.window(), query.topic, query.year)
    place = topics.worst(public.subquery("judged"))
    listed = topics.rows(seen.subquery("seen"), place)
    if query.state:
        listed = listed.where(place.c.place == _PLACES.index(query.state))
    if query.words:
        group = group_table.c
        said = sa.func.lower(sa.func.concat(group.title, " ", group.name))
        listed = listed.where(sa.func.strpos(said, sa.func.lower(query.words)) > 0)
    count: int = model.Session.execute(
        sa.select(sa.func.count()).select_from(listed.order_by(None).subquery("listed"))
    ).scalar_one()
    size = query.rows or config.rows_count()
    pages = max(1, -(-count // size))
    page = min(max(1, query.page), pages)
    found = model.Session.execute(listed.limit(size).offset((page - 1) * size))
    return {
        "tasks": [_row(dict(row), today) for row in found.mappings()],
        "count": count,
        "page": page,
        "pages": pages,
        "rows": size,
    }


def _row(row: dict[str, Any], today: date) -> dict[str, Any]:
    states = {state.value: row.pop(state.value) for state in ATTENTION}
    row["states"] = {state: count for state, count in states.items() if count}
    late = row["due_on"] and any(states[state] for state in _LATE)
    row["days"] = (today - row["due_on"]).days if late else None
    place = row.pop("place")
    row["state"] = "" if place is None else _PLACES[place]
    row["council"] = {
        "id": row.pop("owner_id"),
        "name": row.pop("council_name"),
        "title": row.pop("council_title"),
    }
    row.pop("position")
    row["evidence"], row["evidence_count"] = [], 0
    return row


def _add_evidence(
    viewer: Viewer, seen: sa.Select[Any], rows: Collection[dict[str, Any]]
) -> None:
    """Give each row the first links of its reports that the reader may see."""
    by_key = {_key(row): row for row in rows}
    plan_ids = sorted({row["plan_id"] for row in rows})
    for found in model.Session.execute(_links(viewer, seen, plan_ids)).mappings():
        row = by_key.get(_key(found))
        if row is None:
            continue
        concerned = [found["organization_id"], *(found["parties"] or ())]
        report = obligations.report_seen(
            {
                "state": found["report_state"],
                "link": found["link"],
                "note": None,
                "comment": None,
            },
            insider=viewer.may_edit(concerned)
            or viewer.may_review(found["reviewing_organization_id"], found["owner_id"]),
        )
        if report and report["link"]:
            row["evidence"].append({name: report[name] for name in ("link", "state")})
            # All accepted ones are counted; they come first. Of others, what is shown.
            row["evidence_count"] = (
                found["number"] if found["is_accepted"] else row["evidence_count"] + 1
            )


def _key(row: Any) -> tuple[Any, ...]:
    return tuple(row[name] for name in topics.KEYS)


def _links(viewer: Viewer, seen: sa.Select[Any], plan_ids: list[str]) -> Any:
    """Reports with a link, a few of each row; own ones and the latest first."""
    owed, report, plan = seen.subquery("owed"), Report.__table__, PlanRow.__table__
    accepted = report.c.state == ReportState.ACCEPTED.value
    keys = [owed.c[name] for name in topics.KEYS]
    own = among(owed.c.organization_id, sorted(viewer.edits))
    order = (own.desc(), report.c.changed_at.desc(), owed.c.id)
    listed = (
        sa.select(
            *keys,
            owed.c.owner_id,
            owed.c.organization_id,
            plan.c.reviewing_organization_id,
            obligations.parties(owed).label("parties"),
            report.c.state.label("report_state"),
            report.c.link,
            accepted.label("is_accepted"),
            sa.func.row_number()
            .over(partition_by=[*keys, accepted], order_by=order)
            .label("place"),
            sa.func.count().over(partition_by=[*keys, accepted]).label("number"),
        )
        .select_from(
            owed.join(report, report.c.obligation_id == owed.c.id).join(
                plan, plan.c.id == owed.c.plan_id
            )
        )
        .where(among(owed.c.plan_id, plan_ids), report.c.link != "")
    )
    if not (viewer.everything or viewer.edits):
        listed = listed.where(accepted)
    found = listed.subquery("links")
    return (
        sa.select(found)
        .where(found.c.place <= _LINKS)
        .order_by(found.c.is_accepted.desc(), found.c.place)
    )


def _years(today: date, chosen: int) -> list[int]:
    """Years to choose from: those in which public plans are in force."""
    listed = topics.plans(()).subquery("plans")
    first, last = model.Session.execute(
        sa.select(sa.func.min(listed.c.first), sa.func.max(listed.c.last))
    ).one()
    start = max(first.year if first else today.year, today.year - _YEARS)
    end = min(last.year if last else today.year, today.year + _YEARS)
    return sorted({*range(start, end + 1), today.year, chosen}, reverse=True)
