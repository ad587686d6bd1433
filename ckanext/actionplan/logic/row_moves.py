"""Rows joined, parted, taken for headings or for nothing: pure, nothing is saved here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

import ckan.plugins.toolkit as tk

from . import row_joints, row_lines, row_pieces
from .corrected import TEXT_LENGTH, name_of
from .row_sections import end_section, heading_of, start_section

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .corrected import Corrected, Reread

    _Move: TypeAlias = Callable[
        [Corrected, dict[str, Any], Mapping[str, Any], Reread], None
    ]
#: What may differ between the parts of a task that is divided.
_PARTED: Final = frozenset(
    (
        *("number", "due", "topic", "performed", "continuity", "measure", "target"),
        *row_pieces.TEXTS,
    )
)


def move(out: Corrected, change: Mapping[str, Any], reread: Reread) -> str:
    """Do one thing to one row.

    :param out: the draft; its errors say what cannot be done.
    :param change: `key` of a task (t…) or of a line that was read as none (r…), `act`,
        and what the act needs besides.
    :param reread: reads a wording that has changed.
    :returns: what the row was called before.
    """
    key, act = str(change.get("key") or ""), str(change.get("act") or "")
    if key.startswith("r"):
        return row_lines.move(out, change, reread)
    at = out.at(key)
    if at < 0:
        out.fail("rows", tk._("This row is not part of the import any more"))
        return ""
    task = out.tasks[at]
    name = name_of(task)
    if act not in _MOVES:
        message = tk._("Row {row}: “{act}” is nothing that can be done with a row")
        out.fail("rows", message.format(row=name, act=act[:40]))
        return name
    _MOVES[act](out, task, change, reread)
    return name


# divided by hand


def _split(
    out: Corrected, task: dict[str, Any], change: Mapping[str, Any], reread: Reread
) -> None:
    """Two tasks from one, its texts divided by a person."""
    parts: Any = change.get("parts")
    if not _parts(parts) or len(parts) < 2:  # noqa: PLR2004 - two make a division
        out.refuse(task, tk._("Row {row}: say what belongs to each of its parts"))
        return
    if not all(str(part.get("title", task["title"])).strip() for part in parts):
        out.refuse(task, tk._("Row {row}: each part needs a text of its task"))
        return
    _divide(out, task, parts, reread)


def _parts(parts: Any) -> bool:
    """Whether these are the texts of tasks: they may come from any program."""
    return isinstance(parts, list) and all(
        isinstance(part, dict)
        and all(_right(*item) for item in cast("dict[str, Any]", part).items())
        for part in cast("list[Any]", parts)
    )


def _right(name: str, value: Any) -> bool:
    if name == "executors":
        return isinstance(value, list) and all(
            isinstance(each, str) for each in cast("list[Any]", value)
        )
    return name in _PARTED and isinstance(value, str) and len(value) <= TEXT_LENGTH


def _divide(
    out: Corrected,
    task: dict[str, Any],
    parts: list[dict[str, Any]],
    reread: Reread,
) -> None:
    """Each part differs from the row in what it names; the first stays the task."""
    whole, printed = dict(task), out.row(task["key"])
    last = task
    for number, part in enumerate(parts):
        if number:
            second = out.blank()
            if second is None:
                return
            kept = {n: v for n, v in whole.items() if n not in ("key", "id")}
            target: dict[str, Any] = {**kept, "key": second["key"]}
            row = out.row(second["key"])
            row |= {
                name: printed[name] for name in ("origin", "cells") if name in printed
            }
            row["part"] = True
            out.insert_after(last, target)
            last = target
        else:
            target = task
        _write(out, target, part, reread)
    printed["pieces"], printed["proposals"] = [], []
    printed["notes"] = [
        note for note in printed.get("notes") or () if note["code"] != "second_duty"
    ]


def _write(
    out: Corrected, task: dict[str, Any], part: Mapping[str, Any], reread: Reread
) -> None:
    wording = task["deadline"]
    for name, value in part.items():
        task[name] = list(value) if isinstance(value, list) else value.strip()
    if task["deadline"] != wording and "due" not in part:
        task["due"] = reread(task["deadline"], out.data) if task["deadline"] else ""


# what the reader proposes


def _confirm(
    out: Corrected, task: dict[str, Any], change: Mapping[str, Any], reread: Reread
) -> None:
    """Take a proposed change of the row."""
    row = out.row(task["key"])
    proposal = _proposal(out, task, row, change)
    if proposal is not None:
        _divide(out, task, proposal["parts"], reread)
        row["notes"] = [n for n in row.get("notes") or () if n["code"] != "second_duty"]


def _decline(
    out: Corrected, task: dict[str, Any], change: Mapping[str, Any], reread: Reread
) -> None:
    """Leave the row as it is, whatever is proposed."""
    row = out.row(task["key"])
    proposal = _proposal(out, task, row, change)
    if proposal is not None:
        row["proposals"] = [each for each in row["proposals"] if each is not proposal]
        if not row["proposals"]:
            row["notes"] = [
                n for n in row.get("notes") or () if n["code"] != "second_duty"
            ]


def _proposal(
    out: Corrected,
    task: Mapping[str, Any],
    row: Mapping[str, Any],
    change: Mapping[str, Any],
) -> Any:
    proposals: list[Any] = row.get("proposals") or []
    at = change.get("proposal", 0)
    if not isinstance(at, int) or not 0 <= at < len(proposals):
        out.refuse(task, tk._("Row {row}: nothing is proposed for it any more"))
        return None
    return proposals[at]


# no task, or a task after all


def _section(
    out: Corrected, task: dict[str, Any], change: Mapping[str, Any], reread: Reread
) -> None:
    """A heading: the tasks that follow stand in its section."""
    title = heading_of(task)
    if not title:
        out.refuse(task, tk._("Row {row}: it has no text that could be a heading"))
        return
    row = out.row(task["key"])
    row |= {"section": title, "left_out": True}
    start_section(out, out.at(task["key"]) + 1, title)


def _noise(
    out: Corrected, task: dict[str, Any], change: Mapping[str, Any], reread: Reread
) -> None:
    """No task and no heading; the row stays to be seen."""
    _no_heading(out, task)
    out.row(task["key"])["left_out"] = True


def _task(
    out: Corrected, task: dict[str, Any], change: Mapping[str, Any], reread: Reread
) -> None:
    """A task after all."""
    _no_heading(out, task)
    out.row(task["key"])["left_out"] = False


def _no_heading(out: Corrected, task: Mapping[str, Any]) -> None:
    title = out.row(task["key"]).pop("section", "")
    if title:
        end_section(out, out.at(task["key"]) + 1, title, task["section"])


def _remove(
    out: Corrected, task: dict[str, Any], change: Mapping[str, Any], reread: Reread
) -> None:
    """Take a task away that somebody added; a printed row is left out instead."""
    if not out.row(task["key"]).get("added"):
        _noise(out, task, change, reread)
        return
    at = out.at(task["key"])
    out.tasks.pop(at)
    del out.review["tasks"][task["key"]]
    out.follow(task["key"], out.tasks[at - 1]["key"] if at else "")


_MOVES: Final[dict[str, _Move]] = {
    "join": row_joints.join,
    "separate": row_joints.separate,
    "split": _split,
    "confirm": _confirm,
    "decline": _decline,
    "section": _section,
    "noise": _noise,
    "task": _task,
    "remove": _remove,
}
