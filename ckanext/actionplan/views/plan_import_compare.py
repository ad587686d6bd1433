"""What the last step shows of an amended edition; two statements at most."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import ckan.plugins.toolkit as tk

from ..core.change import PARTICIPANTS, STANDS_FOR
from ..logic import amending, carrying, choices, comparison, history, revision
from ..logic import corrections as drafts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ..logic.comparison import Comparison, Entry, FieldChange

#: Fields whose words are compared one by one.
_TEXTS: Final = frozenset(
    ("section", "title", "deadline", "indicator", "executors", "principle", "note")
)
#: Letters of a title in a list to choose from.
_TITLE_LETTERS: Final = 90


def shown(draft: Mapping[str, Any], plan: Mapping[str, Any]) -> dict[str, Any]:
    """The comparison of a draft with the plan that it amends, for the template.

    :param draft: as `actionplan_draft_show` gives it.
    :param plan: as `package_show` gives it.
    """
    data, review = carrying.attach(draft["data"], draft["review"], plan)
    found = revision.compared(data, review, plan)
    titles = _titles(found)
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
        "fields": _fields(found.plan, titles),
        "moved": found.moved,
        "empty": found.empty,
        "options": _options(plan, found, doubts),
        "act": data.get("amendment") or {},
        "needed": bool(needed),
        "known_document": _attached(draft, plan),
        "pairs": {
            task["key"]: task.get("id") or ""
            for task in drafts.kept_tasks(data, review)
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
        "changes": _fields(entry.changes, titles),
        "percent": round(100 * row.get("confidence", 1)),
    }


def _titles(found: Comparison) -> dict[str, str]:
    """Titles of the organizations that changes may name."""
    changes = [
        *found.plan,
        *(each for entry in found.changed for each in entry.changes),
    ]
    named = (PARTICIPANTS, "lead", "executors", "reviewing_organization")
    return choices.titles() if any(c.field in named for c in changes) else {}


def _fields(
    changes: Sequence[FieldChange], titles: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Changed fields with their labels, both values in pieces."""
    said = history.in_words(
        (
            {
                # What stands behind a name is said here, not there.
                "task_id": "-",
                "kind": "",
                "field": each.field,
                "before": each.before,
                "after": each.after,
            }
            for each in changes
        ),
        titles,
    )
    return [_field(each, titles) for each in said]


def _field(said: dict[str, Any], titles: Mapping[str, str]) -> dict[str, Any]:
    values = [said["before_words"], said["after_words"]]
    if "\t" in said["before"] + said["after"] or said["field"] == PARTICIPANTS:
        values = [_listed(said[side], titles) for side in ("before", "after")]
    elif said["field"] == "reviewing_organization":
        values = [titles.get(value, value) for value in values]
    if said["field"] in _TEXTS:
        before, after = comparison.pieces(*values)
    else:
        before, after = (
            [comparison.Piece(value, differs=True)] if value else [] for value in values
        )
    return {"label": said["label"], "before": before, "after": after}


def _listed(value: str, titles: Mapping[str, str]) -> str:
    """Organizations, or names and whom they stand for, as one text."""
    return "; ".join(_named(line.split("\t"), titles) for line in value.splitlines())


def _named(parts: list[str], titles: Mapping[str, str]) -> str:
    if len(parts) == 1:
        return titles.get(parts[0], parts[0])
    name, who, *ids = parts
    whom = ", ".join(titles.get(each, each) for each in ids)
    if whom:
        return f"{name}{STANDS_FOR}{whom}"
    stands = f"{name}{STANDS_FOR}{who}" if who else name
    change = {"task_id": "", "kind": "", "field": "executors", "after": ""}
    (said,) = history.in_words([{**change, "before": stands}], titles)
    return said["before_words"]


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
        (task["id"], _called(task))
        for task in plan.get("tasks") or ()
        if task["id"] not in settled
    ]


def _called(task: Mapping[str, Any]) -> str:
    title = str(task.get("title") or "")
    if len(title) > _TITLE_LETTERS:
        title = title[:_TITLE_LETTERS].rstrip() + "…"
    words = " ".join(filter(None, (task.get("number"), title)))
    if task.get("withdrawn_by"):
        return tk._("{task} (withdrawn before)").format(task=words)
    return words
