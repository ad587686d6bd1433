"""Which rows of an import a person should look at, the least sure first. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from .importing import open_notes

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Below that a value is a proposal that a person is asked to confirm.
_SURE: Final = 0.75
#: How sure the reader is where it says that it is not.
_DOUBT: Final = 0.5
#: Fields whose reading has a name of its own.
_READ_AS: Final = {"deadline": "due"}


def open_proposals(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Changes of a row that nobody has confirmed or declined.

    :param row: its review.
    """
    if row.get("checked") or row.get("left_out"):
        return []
    return list(row.get("proposals") or ())


def doubtful(task: Mapping[str, Any], row: Mapping[str, Any]) -> bool:
    """Whether a person should look at a row before anything else.

    :param task: the task as corrected so far.
    :param row: its review.
    """
    fresh = row.get("added") or row.get("line") or "pieces" in row
    nameless = not task["title"] and not row.get("left_out") and fresh
    return bool(open_notes(task, row) or open_proposals(row) or nameless)


def unsure(task: Mapping[str, Any], row: Mapping[str, Any]) -> list[str]:
    """Fields whose value the reader only proposes.

    :param task: the task as corrected so far.
    :param row: its review.
    """
    if row.get("checked") or row.get("left_out"):
        return []
    mended: list[str] = row.get("mended") or []
    confidence: Mapping[str, float] = row.get("confidence") or {}
    return [
        name
        for name, sure in confidence.items()
        if sure < _SURE and task.get(name) and name not in mended
    ]


def sureness(task: Mapping[str, Any], row: Mapping[str, Any]) -> float:
    """How sure the reading of a row is, from 0 to 1: to sort by.

    :param task: the task as corrected so far.
    :param row: its review.
    """
    confidence: Mapping[str, float] = row.get("confidence") or {}
    fields: list[str] = [note["field"] for note in open_notes(task, row)]
    doubts = [confidence.get(_READ_AS.get(name, name), _DOUBT) for name in fields]
    proposed: list[float] = [each["confidence"] for each in open_proposals(row)]
    return min([*doubts, *proposed, 1.0 if task["title"] else 0.0])
