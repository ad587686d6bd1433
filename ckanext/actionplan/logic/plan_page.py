"""The page of a plan: sections with their tasks, readings, executors and states."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final, TypedDict

import ckan.plugins.toolkit as tk

from .. import clock, labels
from ..core.plan import Performed, Who
from ..core.status import ATTENTION
from . import choices, fields, history, obligations, plan_source, tasks
from .viewer import Viewer

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Changes told on the page itself; the files have them all.
_CHANGES: Final = 200


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
        titles of what the plan names by ids, and what was changed; the number of
        statements does not depend on how much there is of all that.
    """
    by_id = {choice["id"]: choice for choice in choices.organizations()}
    viewer = Viewer.of({"user": getattr(tk.g, "user", "")})
    counted = obligations.counts(viewer, clock.today(), pkg_dict["id"])
    pending = tasks.pending(pkg_dict["id"])
    saves = history.saves(changes(pkg_dict, limit=_CHANGES))
    titles = {key: choice["title"] for key, choice in by_id.items()}
    performers = {
        row["name"]: _performer(row, titles) for row in _rows(pkg_dict, "executors")
    }
    listed = [
        _task(row, performers, titles, counted.get(row["id"], {}))
        for row in _rows(pkg_dict, "tasks")
    ]
    return {
        "sections": _sections(listed),
        "tasks_count": len(listed),
        "states": _states(sum(map(Counter, counted.values()), Counter())),
        "participants": [
            {**by_id[key], "pending": key in pending}
            for key in fields.texts(pkg_dict.get("participants"))
            if key in by_id
        ],
        "reviewing": by_id.get(pkg_dict.get("reviewing_organization") or ""),
        "owner": by_id.get(pkg_dict.get("owner_org") or ""),
        "replaces": _replaced(pkg_dict.get("replaces")),
        "replaced_by": plan_source.successor(
            pkg_dict["id"], pkg_dict.get("owner_org") or ""
        ),
        "unmapped": [each["name"] for each in performers.values() if not each["who"]],
        "amendments": [save for save in saves if save["amendment"]],
        "corrections": [save for save in saves if not save["amendment"]],
    }


def changes(
    pkg_dict: dict[str, Any], *, limit: int | None = None
) -> list[dict[str, Any]]:
    """What was changed in a plan, in words, the latest first.

    :param limit: the most changes to tell.
    """
    data = {"plan_id": pkg_dict["id"], "limit": limit}
    found = tk.get_action("actionplan_change_list")({}, data)
    return history.in_words(found, choices.titles() if found else {})


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
    counted: Mapping[str, int],
) -> dict[str, Any]:
    unmapped = Performer(name="", who=Who.UNMAPPED.value, titles=[])
    names = fields.texts(row.get("executors"))
    return {
        **row,
        "due_words": tasks.due_words(row, counted),
        "topic_words": labels.text("topic", row["topic"]) if row.get("topic") else "",
        "performers": [
            {**performers.get(name, unmapped), "name": name} for name in names
        ],
        "lead_title": titles.get(row.get("lead") or "", ""),
        "by_each": row.get("performed") == Performed.EACH.value,
        "states": _states(counted),
    }


def _states(counts: Mapping[str, int]) -> list[State]:
    """Counts of the states, what needs doing first in front."""
    return [
        State(
            status=status.value,
            label=labels.status(status.value),
            count=counts[status.value],
        )
        for status in ATTENTION
        if counts.get(status.value)
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
