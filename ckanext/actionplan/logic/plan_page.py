"""The page of a plan: sections with their tasks, readings, executors and states."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, TypedDict

import ckan.plugins.toolkit as tk

from .. import labels, words
from ..core.plan import Performed, Who
from ..core.status import ATTENTION
from . import choices, fields

if TYPE_CHECKING:
    from collections.abc import Iterable


class State(TypedDict):
    """How many obligations are in one state."""

    status: str
    label: labels.Label
    count: int


class Performer(TypedDict):
    """A name of the executor column and who stands behind it."""

    name: str
    who: str
    titles: list[str]


def page(pkg_dict: dict[str, Any]) -> dict[str, Any]:
    """What the page of a plan shows.

    :param pkg_dict: the plan as `package_show` gives it.
    :returns: `sections` with their tasks, `states` of the whole plan, `participants`,
        and titles of what the plan names by ids; two statements, however many tasks.
    """
    by_id = {choice["id"]: choice for choice in choices.organizations()}
    obligations = tk.get_action("actionplan_obligation_list")(
        {}, {"plan_id": pkg_dict["id"]}
    )
    by_task: dict[str, list[str]] = {}
    for row in obligations:
        by_task.setdefault(row["task_id"], []).append(row["status"])
    titles = {key: choice["title"] for key, choice in by_id.items()}
    performers = {
        row["name"]: _performer(row, titles) for row in _rows(pkg_dict, "executors")
    }
    tasks = [
        _task(row, performers, titles, by_task.get(row["id"], []))
        for row in _rows(pkg_dict, "tasks")
    ]
    return {
        "sections": _sections(tasks),
        "tasks_count": len(tasks),
        "states": _states(row["status"] for row in obligations),
        "participants": [
            by_id[key]
            for key in fields.texts(pkg_dict.get("participants"))
            if key in by_id
        ],
        "reviewing": by_id.get(pkg_dict.get("reviewing_organization") or ""),
        "owner": by_id.get(pkg_dict.get("owner_org") or ""),
        "replaces": _replaced(pkg_dict.get("replaces")),
        "unmapped": [each["name"] for each in performers.values() if not each["who"]],
    }


def _rows(pkg_dict: dict[str, Any], field: str) -> list[dict[str, Any]]:
    return pkg_dict.get(field) or []


def _replaced(plan_id: str | None) -> dict[str, Any] | None:
    """The plan that this one replaces, when the reader may see it."""
    if not plan_id:
        return None
    return next((plan for plan in choices.plans() if plan["id"] == plan_id), None)


def _performer(row: dict[str, Any], titles: dict[str, str]) -> Performer:
    ids = fields.texts(row.get("organizations"))
    return Performer(
        name=row["name"],
        who=row.get("who") or "",
        titles=[titles[key] for key in ids if key in titles],
    )


def _task(
    row: dict[str, Any],
    performers: dict[str, Performer],
    titles: dict[str, str],
    statuses: list[str],
) -> dict[str, Any]:
    unmapped = Performer(name="", who=Who.UNMAPPED.value, titles=[])
    names = fields.texts(row.get("executors"))
    return {
        **row,
        "due_words": words.due_words(row.get("due") or ""),
        "topic_words": labels.text("topic", row["topic"]) if row.get("topic") else "",
        "performers": [
            {**performers.get(name, unmapped), "name": name} for name in names
        ],
        "lead_title": titles.get(row.get("lead") or "", ""),
        "by_each": row.get("performed") == Performed.EACH.value,
        "states": _states(statuses),
    }


def _states(statuses: Iterable[str]) -> list[State]:
    """Counts of the states, what needs doing first in front."""
    counts = Counter(statuses)
    return [
        State(
            status=status.value,
            label=labels.status(status.value),
            count=counts[status.value],
        )
        for status in ATTENTION
        if counts[status.value]
    ]


def _sections(tasks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Tasks under the heading that they stand under, in the order of the plan."""
    sections: list[dict[str, Any]] = []
    for task in tasks:
        title = task.get("section") or ""
        if not sections or sections[-1]["title"] != title:
            sections.append({"title": title, "tasks": []})
        sections[-1]["tasks"].append(task)
    return sections
