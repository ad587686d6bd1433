"""What the organizations of a signed-in person owe, by when it is to be done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from ckan import model
from ckan.model.group import group_table, member_table
from ckan.model.user import user_table

from .. import clock
from ..core.alphabet import alphabetical
from ..core.period import Period
from ..core.status import Status
from ..model.status import owed_by_any
from . import obligations
from .viewer import Viewer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from ckan.types import Context

#: Groups of tasks in the order of a page. `now`: the day has passed, and the window
#: for the report is open.
GROUPS: Final = (
    "overdue",
    "returned",
    "now",
    "month",
    "quarter",
    "later",
    "waiting",
    "unresolved",
)
#: What needs doing by the end of the month: the number on the dashboard.
URGENT: Final = ("overdue", "returned", "now", "month")

#: The group of a state; what is due in this quarter is told apart by its day.
_BY_STATE: Final = {
    Status.OVERDUE: "overdue",
    Status.RETURNED: "returned",
    Status.REPORTING: "now",
    Status.TO_CONFIRM: "now",
    Status.DUE: "quarter",
    Status.UPCOMING: "later",
    Status.SUBMITTED: "waiting",
    Status.UNRESOLVED: "unresolved",
}
_OPEN: Final = {state.value: group for state, group in _BY_STATE.items()}
#: Columns in which words are searched.
_SEARCHED: Final = ("number", "title", "section", "deadline", "indicator")


@dataclass(frozen=True, slots=True)
class Query:
    """What of a person's tasks is asked for; empty values ask for all.

    :param organization: id or name of one of their organizations.
    :param plan: id or name of a plan.
    :param group: one of `GROUPS`.
    :param words: words that all stand in a task.
    """

    organization: str = ""
    plan: str = ""
    group: str = ""
    words: str = ""


def show(context: Context, query: Query) -> dict[str, Any]:
    """Tasks as the action `actionplan_my_task_list` documents them.

    The number of statements depends neither on tasks nor on organizations.
    """
    today = clock.today()
    own = organizations(context.get("user") or "")
    rows = _rows(Viewer.of(context), today, own) if own else []
    plans = {row["plan_name"]: row["plan_title"] or row["plan_name"] for row in rows}
    found = [row for row in rows if _matches(row, query)]
    counts = _counts(found)
    listed = [row for row in found if query.group in ("", row["group"])]
    return {
        "as_of": today,
        "organizations": own,
        "plans": [
            {"name": name, "title": title}
            for name, title in sorted(
                plans.items(), key=lambda plan: (alphabetical(plan[1]), plan[0])
            )
        ],
        "counts": counts,
        "urgent": sum(counts.get(group, 0) for group in URGENT),
        "count": len(listed),
        "tasks": listed,
    }


def organizations(user_name: str) -> list[dict[str, Any]]:
    """The organizations of which a person is a member, by title; one statement.

    :returns: dicts with `id`, `name`, `title` and `capacity`.
    """
    group, member, user = group_table.c, member_table.c, user_table.c
    rows = model.Session.execute(
        sa.select(group.id, group.name, group.title, member.capacity)
        .join(member_table, member.group_id == group.id)
        .join(user_table, user.id == member.table_id)
        .where(
            user.name == user_name,
            user.state == "active",
            member.table_name == "user",
            member.state == "active",
            group.is_organization,
            group.state == "active",
        )
    )
    found = {
        row.id: {
            "id": row.id,
            "name": row.name,
            "title": row.title or row.name,
            "capacity": row.capacity,
        }
        for row in rows
    }
    return sorted(
        found.values(), key=lambda each: (alphabetical(each["title"]), each["name"])
    )


def urgent(user_name: str) -> int:
    """How many tasks of a person need doing by the end of the month.

    The number of statements depends neither on tasks nor on organizations.
    """
    own = organizations(user_name)
    if not own:
        return 0
    today = clock.today()
    viewer = Viewer.of({"user": user_name})
    mine = owed_by_any([each["id"] for each in own])
    owed = obligations.select(viewer, today).where(mine).subquery("owed")
    states = [state for state, group in _OPEN.items() if group in URGENT]
    this_month = sa.and_(
        owed.c.status == Status.DUE.value, owed.c.due_on <= _month_end(today)
    )
    statement = (
        sa.select(sa.func.count())
        .select_from(owed)
        .where(sa.or_(owed.c.status.in_(states), this_month))
    )
    return model.Session.scalar(statement) or 0


def group_of(status: str, due_on: date | None, today: date) -> str:
    """The group of an open task.

    :param status: a state of `_BY_STATE`.
    """
    due = status == Status.DUE.value
    if due and due_on is not None and due_on <= _month_end(today):
        return "month"
    return _OPEN[status]


def _month_end(today: date) -> date:
    return Period.of(today, 1).end


def _rows(
    viewer: Viewer, today: date, own: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Open tasks of organizations, by group and day."""
    named = {each["id"]: each for each in own}
    rows = obligations.rows(viewer, today, members=list(named), status=list(_OPEN))
    for row in rows:
        row["group"] = group_of(row["status"], row["due_on"], today)
        concerned = dict.fromkeys((row["organization_id"], *row["parties"]))
        row["mine"] = [
            {name: named[key][name] for name in ("id", "name", "title")}
            for key in concerned
            if key in named
        ]
        row["lead"] = row["organization_id"] in named
    places = {group: place for place, group in enumerate(GROUPS)}
    return sorted(
        rows,
        key=lambda row: (
            places[row["group"]],
            row["due_on"] is None,
            row["due_on"] or today,
        ),
    )


def _matches(row: Mapping[str, Any], query: Query) -> bool:
    mine = {value for each in row["mine"] for value in (each["id"], each["name"])}
    if query.organization and query.organization not in mine:
        return False
    if query.plan and query.plan not in (row["plan_id"], row["plan_name"]):
        return False
    text = " ".join(row[name] or "" for name in _SEARCHED).casefold()
    return all(word in text for word in query.words.casefold().split())


def _counts(rows: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """How many tasks stand in each group that has any, in their order."""
    found = dict.fromkeys(GROUPS, 0)
    for row in rows:
        found[row["group"]] += 1
    return {group: count for group, count in found.items() if count}
