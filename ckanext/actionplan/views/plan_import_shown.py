"""What the check page of the import shows of a draft; no queries."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

import ckan.plugins.toolkit as tk

from .. import words
from ..logic import doubts, importing, places, row_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: So many rows with all their fields a browser shows without delay.
PAGE_ROWS: Final = 100
#: More lines that were not read nobody looks through.
_LINES: Final = 300


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of one page of a draft: doubts first, the least sure of them first.

    :param doubts: rows to look at.
    :param groups: the other rows under their sections, in the order of the document.
    :param doubts_count: rows to look at on all pages.
    :param number: number of the page, from 1.
    :param pages: how many pages there are.
    """

    doubts: list[dict[str, Any]]
    groups: list[tuple[str, list[dict[str, Any]]]]
    doubts_count: int
    number: int
    pages: int


def sheet(draft: Mapping[str, Any], number: int, key: str = "") -> Sheet:
    """One page of the rows of a draft.

    :param draft: the draft.
    :param number: number of the page; the nearest one there is is taken.
    :param key: key of a task; the page where it stands is taken instead.
    """
    tasks: list[dict[str, Any]] = draft["data"]["tasks"]
    reviews: Mapping[str, dict[str, Any]] = draft["review"]["tasks"]
    open_tasks: list[dict[str, Any]] = []
    others: list[dict[str, Any]] = []
    for task in tasks:
        row = reviews.get(task["key"], {})
        (open_tasks if doubts.doubtful(task, row) else others).append(task)
    open_tasks.sort(
        key=lambda task: doubts.sureness(task, reviews.get(task["key"], {}))
    )
    ordered = [*open_tasks, *others]
    pages = max(1, -(-len(ordered) // PAGE_ROWS))
    keys = [task["key"] for task in ordered]
    if key in keys:
        number = keys.index(key) // PAGE_ROWS + 1
    number = min(max(1, number), pages)
    first = (number - 1) * PAGE_ROWS
    shown = ordered[first : first + PAGE_ROWS]
    split = max(0, len(open_tasks) - first)
    rows = [row_of(task, reviews.get(task["key"], {})) for task in shown]
    return Sheet(
        rows[:split], _by_section(rows[split:]), len(open_tasks), number, pages
    )


def above(draft: Mapping[str, Any]) -> dict[str, str]:
    """The task that a row would be joined with, by keys; none for the first.

    :param draft: the draft.
    """
    out: dict[str, str] = {}
    last = ""
    for task in draft["data"]["tasks"]:
        out[task["key"]] = last
        if not draft["review"]["tasks"].get(task["key"], {}).get("left_out"):
            last = task["key"]
    return out


def row_of(task: Mapping[str, Any], review: Mapping[str, Any]) -> dict[str, Any]:
    """A task with the document's row beside it.

    :param task: the task as corrected.
    :param review: what is known of its printed row.
    """
    open_notes = importing.open_notes(task, review)
    return {
        "task": task,
        "review": review,
        "place": places.place(review),
        "pieces": _pieces(review),
        "elsewhere": places.elsewhere(review),
        "unsure": doubts.unsure(task, review),
        "proposals": _proposals(task, review),
        "doubt": doubts.doubtful(task, review),
        "notes": [
            {"text": importing.sentence(note), "open": note in open_notes}
            for note in review.get("notes") or ()
        ],
    }


def _pieces(review: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The printed rows of a task: one, or those that were joined."""
    pieces: list[Any] = review.get("pieces") or []
    if not pieces:
        return [{"place": "", "cells": places.cells(review)}]
    return [
        {
            "place": places.words_of([piece["origin"]]) if piece.get("origin") else "",
            "cells": places.cells(piece),
        }
        for piece in pieces
    ]


def _proposals(
    task: Mapping[str, Any], review: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Proposed changes of a row, each part as it would be."""
    return [
        {
            "kind": each["kind"],
            "text": each["text"],
            "parts": [
                {
                    "indicator": part.get("indicator", ""),
                    "title": part.get("title", ""),
                    "due": words.due_words(due) if (due := _due(task, part)) else "",
                }
                for part in each["parts"]
            ],
        }
        for each in doubts.open_proposals(review)
    ]


def _due(task: Mapping[str, Any], part: Mapping[str, Any]) -> str:
    return part.get("due", task["due"]) or ""


def _by_section(
    shown: Iterable[dict[str, Any]],
) -> list[tuple[str, list[dict[str, Any]]]]:
    """Rows under their sections, in the order of the document."""
    return [
        (section, list(group))
        for section, group in groupby(shown, key=lambda row: row["task"]["section"])
    ]


def lines(review: Mapping[str, Any]) -> tuple[list[dict[str, Any]], int]:
    """Lines that were read as no task, and how many more there are.

    :param review: what the reader said of the draft.
    """
    found = [
        line
        for line in review.get("rows") or ()
        if line["taken_for"] in row_lines.SHOWN
        and "key" in line
        and any(map(str.isalnum, line["text"]))
    ]
    shown = [
        {**line, "place": places.words_of([line["origin"]])} for line in found[:_LINES]
    ]
    return shown, len(found) - len(shown)


def steps(review: Mapping[str, Any]) -> dict[str, str]:
    """What would be taken back and what would be made again, in words.

    :param review: what is known of the draft.
    :returns: `undo` and `redo`, empty when there is nothing.
    """
    history: Mapping[str, Any] = review.get("history") or {}
    return {
        act: _step(history[name][-1]) if history.get(name) else ""
        for act, name in (("undo", "steps"), ("redo", "undone"))
    }


def _step(step: Mapping[str, Any]) -> str:
    texts = {
        "edit": lambda: tk._("correction in row {row}"),
        "add": lambda: tk._("a task added"),
        "join": lambda: tk._("row {row} joined with the row above"),
        "separate": lambda: tk._("row {row} separated"),
        "split": lambda: tk._("row {row} divided"),
        "confirm": lambda: tk._("proposal for row {row} confirmed"),
        "decline": lambda: tk._("proposal for row {row} declined"),
        "section": lambda: tk._("row {row} taken for a heading"),
        "noise": lambda: tk._("row {row} left out"),
        "task": lambda: tk._("row {row} taken for a task"),
        "remove": lambda: tk._("row {row} removed"),
    }
    if step["act"] == "edit" and not step["name"]:
        return tk._("corrections in several rows")
    return texts[step["act"]]().format(row=step["name"] or "–")
