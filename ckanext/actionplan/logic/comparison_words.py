"""What an amended edition changes, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import ckan.plugins.toolkit as tk

from ..core.change import PARTICIPANTS, STANDS_FOR
from . import choices, comparison, history

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .comparison import Comparison, FieldChange

#: Fields whose words are compared one by one.
_TEXTS: Final = frozenset(
    ("section", "title", "deadline", "indicator", "executors", "principle", "note")
)
#: Letters of a title in a list to choose from.
_TITLE_LETTERS: Final = 90


def titles_of(found: Comparison) -> dict[str, str]:
    """Titles of the organizations that changes may name; one statement at most."""
    changes = [
        *found.plan,
        *(each for entry in found.changed for each in entry.changes),
    ]
    named = (PARTICIPANTS, "lead", "executors", "reviewing_organization")
    return choices.titles() if any(c.field in named for c in changes) else {}


def in_words(
    changes: Sequence[FieldChange], titles: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Changed fields with their labels, both values in pieces.

    :param titles: titles of organizations by id.
    :returns: dicts with `label`, `before` and `after`.
    """
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


def called(task: Mapping[str, Any]) -> str:
    """What a list to choose from calls a task of the plan.

    :param task: a task as it is stored.
    """
    title = str(task.get("title") or "")
    if len(title) > _TITLE_LETTERS:
        title = title[:_TITLE_LETTERS].rstrip() + "…"
    words = " ".join(filter(None, (task.get("number"), title)))
    if task.get("withdrawn_by"):
        return tk._("{task} (withdrawn before)").format(task=words)
    return words
