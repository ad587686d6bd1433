"""What the last step shows of an amended edition; two statements at most."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..logic import amending, carrying, corrections, revision
from ..logic import comparison_words as words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ..logic.comparison import Comparison, Entry


def shown(draft: Mapping[str, Any], plan: Mapping[str, Any]) -> dict[str, Any]:
    """The comparison of a draft with the plan that it amends, for the template.

    :param draft: as `actionplan_draft_show` gives it.
    :param plan: as `package_show` gives it.
    """
    data, review = carrying.attach(draft["data"], draft["review"], plan)
    found = revision.compared(data, review, plan)
    titles = words.titles_of(found)
    doubts = {task["key"] for task in carrying.unsure(data, review)}
    stays = [*found.changed, *found.same]
    unsure = [entry for entry in stays if _key(entry) in doubts]
    sure = [entry for entry in found.changed if _key(entry) not in doubts]
    needed = revision.act_needed(found, in_force=amending.in_force(plan["id"]))
    return {
        "plan": plan,
        "since": review["plan"]["modified"] != draft["review"]["plan"].get("modified"),
        "modified": plan["metadata_modified"],
        "unsure": [_stays(entry, review, titles) for entry in unsure],
        "added": [_row(entry) for entry in found.added],
        "changed": [_stays(entry, review, titles) for entry in sure],
        "withdrawn": [_row(entry) for entry in found.withdrawn],
        "gone": [_row(entry) for entry in found.gone],
        "same": [_row(entry) for entry in found.same if _key(entry) not in doubts],
        "fields": words.in_words(found.plan, titles),
        "moved": found.moved,
        "empty": found.empty,
        "options": _options(plan, found, doubts),
        "act": data.get("amendment") or {},
        "needed": bool(needed),
        "known_document": _attached(draft, plan),
        "pairs": {
            task["key"]: task.get("id") or ""
            for task in corrections.kept_tasks(data, review)
        },
    }


def _attached(draft: Mapping[str, Any], plan: Mapping[str, Any]) -> bool:
    fingerprint = draft["review"].get("fingerprint")
    resources: list[dict[str, Any]] = plan.get("resources") or []
    return any(each.get("hash") == fingerprint for each in resources)


def _key(entry: Entry) -> str:
    return entry.row["key"] if entry.row else ""


def _row(entry: Entry) -> dict[str, Any]:
    task = entry.row or entry.stored or {}
    return {
        "key": _key(entry),
        "task": task,
        "stored": entry.stored,
        "id": entry.stored["id"] if entry.stored else "",
    }


def _stays(
    entry: Entry, review: Mapping[str, Any], titles: Mapping[str, str]
) -> dict[str, Any]:
    row: Mapping[str, Any] = review["tasks"].get(_key(entry), {}).get("stays") or {}
    return {
        **_row(entry),
        "changes": words.in_words(entry.changes, titles),
        "percent": round(100 * row.get("confidence", 1)),
    }


def _options(
    plan: Mapping[str, Any], found: Comparison, doubts: Iterable[str]
) -> list[tuple[str, str]]:
    """Tasks of the plan that a row may stay: all but those found beyond doubt."""
    settled = {
        entry.stored["id"]
        for entry in found.same
        if entry.stored and _key(entry) not in doubts
    }
    return [
        (task["id"], words.called(task))
        for task in plan.get("tasks") or ()
        if task["id"] not in settled
    ]
