"""Rows joined with the row above and parted where they were joined. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import ckan.plugins.toolkit as tk

from ..core import due
from . import row_pieces
from .corrected import TEXT_LENGTH

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .corrected import Corrected, Reread

#: Doubts that end when a row is no row of its own any more.
_OWN_DOUBTS: Final = frozenset(
    ("number_missing", "executor_missing", "deadline_missing", "number_repeated")
)


def join(
    out: Corrected, task: dict[str, Any], change: Mapping[str, Any], reread: Reread
) -> None:
    """Join a row with the one above by the continuation rule."""
    at = out.at(task["key"])
    above = next(
        (each for each in reversed(out.tasks[:at]) if not out.left_out(each)), None
    )
    if above is None:
        message = tk._("Row {row}: no row above that it could be joined with")
        out.refuse(task, message)
        return
    upper, lower = out.row(above["key"]), out.row(task["key"])
    pieces = [
        *row_pieces.pieces_of(above, upper),
        *row_pieces.pieces_of(task, lower),
    ]
    _join_texts(out, above, task, lower, reread)
    if out.errors:
        return
    notes = [n for n in lower.get("notes") or () if n["code"] not in _OWN_DOUBTS]
    upper["notes"] = [*(upper.get("notes") or ()), *notes]
    _keep_pieces(upper, above, pieces)
    out.tasks.remove(task)
    del out.review["tasks"][task["key"]]
    out.follow(task["key"], above["key"])


def _join_texts(
    out: Corrected,
    above: dict[str, Any],
    task: Mapping[str, Any],
    row: Mapping[str, Any],
    reread: Reread,
) -> None:
    title = _printed_title(task, row)
    if title != above["title"]:
        above["title"] = row_pieces.joined(above["title"], title)
    above["indicator"] = row_pieces.joined(above["indicator"], task["indicator"])
    _join_deadlines(out, above, task, reread)
    above["executors"] = row_pieces.union(above["executors"], task["executors"])
    above["number"] = above["number"] or task["number"]
    if task.get("id") and not above.get("id"):
        above["id"] = task["id"]
    if any(len(above[name]) > TEXT_LENGTH for name in row_pieces.TEXTS):
        message = tk._("Row {row}: together with the row above it is too long")
        out.refuse(task, message)


def _printed_title(task: Mapping[str, Any], row: Mapping[str, Any]) -> str:
    """The text of a row that goes on in the middle of a sentence, its number in it."""
    printed = str((row.get("cells") or {}).get("task") or "")
    numbered = task["number"] and printed.startswith(task["number"])
    return printed if numbered and printed.endswith(task["title"]) else task["title"]


def _join_deadlines(
    out: Corrected, above: dict[str, Any], task: Mapping[str, Any], reread: Reread
) -> None:
    first, second = above["deadline"], task["deadline"]
    above["deadline"] = first if first == second else row_pieces.joined(first, second)
    both = union_of_dues(above["due"], task["due"])
    if first and second and first != second:
        # Together they may mean what neither means alone: two halves of a date.
        both = reread(above["deadline"], out.data) or both
    above["due"] = both


def union_of_dues(first: str, second: str) -> str:
    """Both dues as one, each part once, in normal form."""
    parts = [part for text in (first, second) for part in text.split("; ") if part]
    return due.render(due.parse("; ".join(dict.fromkeys(parts))))


def _keep_pieces(
    row: dict[str, Any], task: Mapping[str, Any], pieces: list[dict[str, Any]]
) -> None:
    several = len(pieces) > 1
    row["pieces"] = pieces if several else []
    row["joined"] = row_pieces.origins(pieces[1:])
    row["executors"] = list(task["executors"])


def separate(
    out: Corrected, task: dict[str, Any], change: Mapping[str, Any], reread: Reread
) -> None:
    """Part a task at the joint of printed rows: what follows becomes a task again."""
    row = out.row(task["key"])
    pieces: list[dict[str, Any]] = row.get("pieces") or []
    at = change.get("piece")
    if not isinstance(at, int) or not 0 < at < len(pieces):
        out.refuse(task, tk._("Row {row}: there is no such joint in it"))
        return
    second = out.blank(like=task)
    if second is None:
        return
    head, tail = pieces[:at], pieces[at:]
    _restore(second, tail, task)
    _take_tail(task, row, head, tail, second)
    _read_again(out, task, head, reread)
    _read_again(out, second, tail, reread)
    out.insert_after(task, second)
    below = out.row(second["key"])
    below |= {
        "origin": tail[0].get("origin"),
        "cells": tail[0]["cells"],
        "notes": tail[0].get("notes") or [],
    }
    _keep_pieces(row, task, head)
    _keep_pieces(below, second, tail)
    row["notes"] = _kept_notes(row, head, tail)


def _kept_notes(
    row: Mapping[str, Any], head: list[dict[str, Any]], tail: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """The notes of the first part: none of the joint, none of the second part only."""
    above = [note for piece in head for note in piece.get("notes") or ()]
    below = [note for piece in tail for note in piece.get("notes") or ()]
    joints = ("rows_joined", "deadlines_joined") if len(head) == 1 else ()
    return [
        note
        for note in row.get("notes") or ()
        if note["code"] not in joints and (note in above or note not in below)
    ]


def _restore(
    second: dict[str, Any], tail: list[dict[str, Any]], task: dict[str, Any]
) -> None:
    """Give a parted task back what its rows say."""
    values = tail[0]["values"]
    second |= {name: value for name, value in values.items() if name != "key"}
    if second.get("id") and second["id"] == task.get("id"):
        del task["id"]
    if second["deadline"] and not second["title"]:
        # A row with a deadline only is one more deadline of the same task.
        second["title"], second["number"] = task["title"], task["number"]
        tail[0]["values"] |= {"title": task["title"], "number": task["number"]}


def _take_tail(
    task: dict[str, Any],
    row: Mapping[str, Any],
    head: list[dict[str, Any]],
    tail: list[dict[str, Any]],
    second: dict[str, Any],
) -> None:
    upper, lower = row_pieces.composed(head), row_pieces.composed(tail)
    for name in row_pieces.TEXTS:
        task[name], second[name] = row_pieces.parted(
            task[name], upper[name], lower[name]
        )
    task["executors"], second["executors"] = row_pieces.parted_names(
        task["executors"],
        row.get("executors") or (),
        upper["executors"],
        lower["executors"],
    )


def _read_again(
    out: Corrected,
    task: dict[str, Any],
    pieces: list[dict[str, Any]],
    reread: Reread,
) -> None:
    """The due of a part: as it was when the part was a row, else read anew."""
    values = pieces[0]["values"]
    known = len(pieces) == 1 and values.get("deadline") == task["deadline"]
    if known and "due" in values:
        task["due"] = values["due"]
    else:
        task["due"] = reread(task["deadline"], out.data) if task["deadline"] else ""
