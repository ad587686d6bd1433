"""Lines of the document that were not read as tasks, and what a person makes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import ckan.plugins.toolkit as tk

from ..reader.rows import section_title, split_number
from . import row_pieces
from .corrected import TEXT_LENGTH, name_of
from .row_sections import end_section, start_section

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .corrected import Corrected, Reread

#: What a line can be that a person may take for something else.
SHOWN: Final = ("noise", "outside", "section")
#: Fields of a task that a line may go on.
FIELDS: Final = (*row_pieces.TEXTS, "executors")


def move(out: Corrected, change: Mapping[str, Any], reread: Reread) -> str:
    """Make a task, a heading, a part of a task or nothing of a line.

    :param out: the draft; its errors say what cannot be done.
    :param change: `key` of the line, `act`, for `join` the field `into`.
    :param reread: reads a wording that has changed.
    :returns: what the line says, shortened.
    """
    line = _line(out, str(change["key"]))
    if line is None:
        out.fail("rows", tk._("This line is not part of the import any more"))
        return ""
    name, act = name_of(line), change.get("act")
    if act == "task":
        _task(out, line)
    elif act == "section":
        _section(out, line)
    elif act == "join":
        _join(out, line, str(change.get("into") or "title"), reread)
    elif act == "noise":
        _no_section(out, line)
        line["taken_for"] = "noise"
    else:
        message = tk._("Line “{row}”: “{act}” is nothing that can be done with a line")
        out.fail("rows", message.format(row=name, act=str(act)[:40]))
    return name


def _line(out: Corrected, key: str) -> dict[str, Any] | None:
    lines = out.review.get("rows") or ()
    return next(
        (e for e in lines if e.get("key") == key and e["taken_for"] in SHOWN), None
    )


def _place(out: Corrected, line: Mapping[str, Any]) -> int:
    """Index of the first task after a line."""
    return out.at(str(line.get("after") or "")) + 1


def _task(out: Corrected, line: dict[str, Any]) -> None:
    _no_section(out, line)
    at = _place(out, line)
    neighbour = out.tasks[at - 1] if at else next(iter(out.tasks), None)
    task = out.blank(like=neighbour)
    if task is None:
        return
    split = split_number(str(line["text"])[:TEXT_LENGTH])
    task["number"], task["title"] = split.number, split.text
    out.tasks.insert(at, task)
    out.row(task["key"]).update(
        {"origin": line["origin"], "cells": {"task": line["text"]}, "line": line["key"]}
    )
    line["taken_for"] = "task"
    lines: list[dict[str, Any]] = out.review["rows"]
    for later in lines[lines.index(line) + 1 :]:
        if later.get("after") == line.get("after"):
            later["after"] = task["key"]


def _section(out: Corrected, line: dict[str, Any]) -> None:
    if line["taken_for"] == "section":
        message = tk._("Line “{row}” is a heading already")
        out.fail("rows", message.format(row=name_of(line)))
        return
    at = _place(out, line)
    line["taken_for"] = "section"
    line["section"] = out.tasks[at]["section"] if at < len(out.tasks) else ""
    start_section(out, at, section_title(str(line["text"])[:TEXT_LENGTH]))


def _no_section(out: Corrected, line: dict[str, Any]) -> None:
    """The tasks under a heading that is none stand in the section before it."""
    if line["taken_for"] != "section":
        return
    at = _place(out, line)
    before = line.pop("section", out.tasks[at - 1]["section"] if at else "")
    end_section(out, at, section_title(str(line["text"])[:TEXT_LENGTH]), before)


def _join(out: Corrected, line: dict[str, Any], into: str, reread: Reread) -> None:
    """A line goes on a field of the task above it."""
    task = next(iter(out.tasks[max(0, _place(out, line) - 1) :]), None)
    if task is None or into not in FIELDS:
        message = tk._("Line “{row}”: choose the field that it goes on")
        out.fail("rows", message.format(row=name_of(line)))
        return
    text = str(line["text"])
    if into != "executors" and len(task[into]) + len(text) > TEXT_LENGTH:
        message = tk._("Line “{row}”: together with the row above it is too long")
        out.fail("rows", message.format(row=name_of(line)))
        return
    _no_section(out, line)
    row = out.row(task["key"])
    pieces = row_pieces.pieces_of(task, row)
    if into == "executors":
        task["executors"] = row_pieces.union(task["executors"], [text])
    else:
        task[into] = row_pieces.joined(task[into], text)
    if into == "deadline":
        task["due"] = reread(task["deadline"], out.data)
    values = {into: [text] if into == "executors" else text}
    piece = {"origin": line["origin"], "cells": {_COLUMNS[into]: text}}
    row["pieces"] = [*pieces, {**piece, "values": values}]
    row["joined"] = row_pieces.origins(row["pieces"][1:])
    row["executors"] = list(task["executors"])
    line["taken_for"] = "continuation"


_COLUMNS: Final = {
    "title": "task",
    "deadline": "deadline",
    "indicator": "indicator",
    "executors": "executor",
}
