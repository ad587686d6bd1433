"""From a document to a draft: sizes, reading, and what the reader says in words."""

from __future__ import annotations

import os
from datetime import date
from pathlib import PurePath
from typing import IO, TYPE_CHECKING, Any, Final

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib import uploader
from ckan.model.group import group_table

from .. import clock, config, reader, wording
from ..model import Merger
from ..reader.deadline import Term, read_deadline
from ..reader.errors import LimitError, ReaderError
from ..reader.kind import Kind
from ..reader.limits import MEGABYTE, Limits
from ..reader.messages import MESSAGES
from . import own_plan, term
from .corrections import TASK_TEXTS, kept_tasks, mapped_executors
from .derive import DATASET_TYPE
from .matching import Organization

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Request

#: What a form adds to the document it carries.
_FORM_BYTES: Final = 64 * 1024
#: The one note that is not the reader's.
_END_PROPOSED: Final = "end_proposed"
#: Notes of the reader that say what it did, not what it is unsure of.
_REMARKS: Final = frozenset(
    (
        "rows_joined",
        "deadline_row",
        "deadlines_joined",
        "value_carried",
        "title_from_order",
    )
)


def document_bytes() -> int:
    """The largest document that can be read and also attached, in bytes."""
    if not storage_available():
        return config.document_bytes()
    return min(config.document_bytes(), uploader.get_max_resource_size() * MEGABYTE)


def document_limits() -> Limits:
    """What a document may cost at most, as the portal is configured."""
    return Limits(
        file_bytes=document_bytes(),
        unpacked_bytes=config.document_unpacked_bytes(),
        pages=config.document_pages(),
        rows=config.document_rows(),
        cells=config.document_cells(),
        depth=config.document_depth(),
        seconds=config.document_seconds(),
    )


def too_large() -> str:
    """The sentence for a document that is too large."""
    message = tk._("The document is larger than {limit} MB, so it was not read.")
    return message.format(limit=document_bytes() // MEGABYTE)


def limit_request(request: Request) -> None:
    """Stop an upload that is too large before it is read from the network.

    To be called when a request starts: the check of the form's token reads the form.

    :param request: any request; others than the upload are left alone.
    """
    if request.method == "POST" and request.endpoint == "actionplan_import.index":
        request.max_content_length = document_bytes() + _FORM_BYTES


def bytes_of(stream: IO[bytes]) -> bytes:
    """The bytes of an upload; its size is asked for before it is read.

    :raises ValidationError: when it is too large.
    """
    stream.seek(0, os.SEEK_END)
    if stream.tell() > document_bytes():
        raise tk.ValidationError({"upload": [too_large()]})
    stream.seek(0)
    return stream.read()


def read(
    content: bytes, filename: str, owner: str = ""
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Read a document into a plan and what a person should look at.

    :param content: the document.
    :param filename: its name.
    :param owner: id of the organization that will own the plan.
    :returns: plan and review, as a draft keeps them.
    :raises ValidationError: with a sentence, when it cannot be read.
    """
    try:
        draft = reader.read(content, filename, document_limits()).as_dict()
    except LimitError as error:
        message = too_large() if error.code == "too_large" else _sentence(error)
        raise tk.ValidationError({"upload": [message]}) from error
    except ReaderError as error:
        raise tk.ValidationError({"upload": [_sentence(error)]}) from error
    return _split(draft, owner)


def _sentence(error: ReaderError) -> str:
    return sentence({"code": error.code, "params": error.params})


def _split(draft: dict[str, Any], owner: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """What will be saved, and what only helps to check it; tasks get keys."""
    said, own = draft.pop("review"), draft.pop("own", None)
    draft.pop("authority", None)
    review: dict[str, Any] = {
        "tasks": {},
        "notes": said["doubts"],
        "rows": _lines(said["rows"]),
        "sources": said["sources"],
    }
    for number, (task, row) in enumerate(
        zip(draft["tasks"], said["tasks"], strict=True), 1
    ):
        task["key"] = f"t{number}"
        for name in TASK_TEXTS:
            task[name] = task.get(name) or ""
        review["tasks"][task["key"]] = {
            "origin": row["origin"],
            "cells": row["cells"],
            "joined": row["joined"],
            "notes": row["doubts"],
            "confidence": row["confidence"],
            "proposals": row["proposals"],
            "pieces": row["pieces"],
            # As read: whoever parts the rows again gets the names of each.
            "executors": list(task["executors"]),
            "sources": row["sources"],
        }
    draft["participants"] = []
    if own is not None:
        own_plan.settle(draft, review, own, organizations(), owner)
        return draft, review
    _propose_end(draft, review)
    draft["in_force_from"] = max(draft["approval_date"], draft["period_start"])
    draft["tracked_from"] = clock.today().isoformat()
    return draft, review


def _lines(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows that belong to no task, each with a key and the task that it stands after."""
    lines: list[dict[str, Any]] = []
    after = ""
    for row in rows:
        if row["task"] is not None:
            after = f"t{row['task'] + 1}"
            continue
        lines.append({**row, "key": f"r{len(lines) + 1}", "after": after})
    return lines


def _propose_end(draft: dict[str, Any], review: dict[str, Any]) -> None:
    """Take the last deadline as the last day when no end is printed (decision 12)."""
    last = term.last_deadline(task["due"] for task in draft["tasks"])
    if (
        last
        and not draft.get("period_end")
        and last.isoformat() >= draft["period_start"]
    ):
        draft["period_end"] = last.isoformat()
        note = {"code": _END_PROPOSED, "params": {"day": last.isoformat()}}
        review["notes"] = [*review["notes"], note]


def sentence(note: Mapping[str, Any]) -> str:
    """What a code of the reader says, in the user's language.

    :param note: `code` and `params`.
    """
    if note["code"] == _END_PROPOSED:
        message = tk._(
            "No end is printed: {day}, the last deadline, is proposed as the last day. "
            "Empty the field if the plan has no end."
        )
        return message.format(day=wording.day(note["params"]["day"]))
    message = MESSAGES[note["code"]]
    return tk._(message).format(**(note.get("params") or {}))


def printed(note: Mapping[str, Any]) -> str:
    """The printed words that a note is about and its sentence does not quote.

    :param note: `code` and `params`.
    """
    params: Mapping[str, Any] = note.get("params") or {}
    quoted = "{text}" in MESSAGES.get(note["code"], "")
    return "" if quoted else str(params.get("text", ""))


def doubtful(note: Mapping[str, Any]) -> bool:
    """Whether a note asks a person to look, and is not a mere remark."""
    return note["code"] not in _REMARKS


def open_notes(task: Mapping[str, Any], row: Mapping[str, Any]) -> list[Any]:
    """The doubts about a row that nobody has settled yet.

    :param task: the task as corrected so far.
    :param row: its review.
    """
    if row.get("checked") or row.get("left_out"):
        return []
    return [
        note
        for note in row.get("notes") or ()
        if doubtful(note) and not _settled(note["code"], task)
    ]


def _settled(code: str, task: Mapping[str, Any]) -> bool:
    if code.startswith("deadline_") and code not in ("deadline_qualified",):
        return bool(task["due"])
    if code == "number_missing":
        return bool(task["number"])
    return code == "executor_missing" and bool(task["executors"])


def read_wording(wording: str, plan: Mapping[str, Any]) -> str:
    """Read a deadline that a person has corrected.

    :param wording: the deadline as printed.
    :param plan: the plan, whose term some wordings mean.
    :returns: the due in normal form, empty when it stays open.
    """
    term = Term(_day(plan.get("period_start")), _day(plan.get("period_end")))
    return read_deadline(wording, term).due or ""


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def plan_of(data: Mapping[str, Any], review: Mapping[str, Any]) -> dict[str, Any]:
    """The dataset dict of a draft, without a name.

    :param data: the plan as corrected.
    :param review: which rows are left out.
    """
    plan = {
        name: value
        for name, value in data.items()
        if value not in ("", None, []) and name not in ("tasks", "executors", "id")
    }
    plan["title"] = data.get("title") or tk._("Action plan")
    plan["type"] = DATASET_TYPE
    plan["executors"] = [
        each for each in mapped_executors(data, review) if each["name"]
    ]
    plan["tasks"] = [
        {name: value for name, value in task.items() if value and name != "key"}
        for task in kept_tasks(data, review)
    ]
    mapped = (
        organization
        for each in plan["executors"]
        for organization in each["organizations"]
    )
    participants = dict.fromkeys([*(data.get("participants") or ()), *mapped])
    plan["participants"] = list(participants)
    return plan


def storage_available() -> bool:
    """Whether the portal can keep files: on its disk or through a plugin."""
    # Only CKAN's own uploader has a path, and none when nothing is configured.
    keeper = uploader.get_resource_uploader({})
    return getattr(keeper, "storage_path", "") is not None


def kind_of(content: bytes) -> Kind:
    """What a document is, told by its content and within the portal's limits.

    :raises ReaderError: when it is nothing that can be read.
    """
    return reader.kind_of_document(content, document_limits())


def format_of(kind: Kind) -> str:
    """The format of a document as CKAN writes it."""
    return "TXT" if kind is Kind.TEXT else kind.value.upper()


def endings() -> list[str]:
    """Endings of names of all documents that can be read."""
    return sorted({ending for kind in Kind for ending in kind.endings})


def attachment_name(filename: str, kind: Kind) -> str:
    """The name under which a document is kept; a wrong ending is not believed.

    A page gets the ending of a text: CKAN serves files by their names, and what a
    stranger wrote must not run in a reader's browser.
    """
    if kind is Kind.HTML:
        return f"{filename}.txt"
    right = PurePath(filename).suffix.lower() in kind.endings
    return filename if right else filename + kind.endings[0]


def organizations() -> list[Organization]:
    """All active organizations by title, without merged ones; one statement."""
    merged = sa.exists().where(Merger.__table__.c.old_id == group_table.c.id)
    rows = model.Session.execute(
        sa.select(group_table.c.id, group_table.c.name, group_table.c.title)
        .where(
            group_table.c.is_organization.is_(True),
            group_table.c.state == "active",
            sa.not_(merged),
        )
        .order_by(sa.func.lower(group_table.c.title), group_table.c.name)
    )
    return [Organization(row.id, row.name, row.title or row.name) for row in rows]


def tasks_by_executor(
    data: Mapping[str, Any], review: Mapping[str, Any]
) -> dict[str, list[str]]:
    """Numbers of the tasks in which each executor's name stands, each number once."""
    # Tasks that were divided share their number.
    out: dict[str, dict[str, None]] = {}
    for task in kept_tasks(data, review):
        for name in task["executors"]:
            out.setdefault(name, {})[task["number"] or "–"] = None
    return {name: list(numbers) for name, numbers in out.items()}


def messages(errors: Any) -> list[str]:
    """The sentences of an error dict, however deep, each once."""
    if isinstance(errors, str):
        return [errors] if errors else []
    values: Any = errors.values() if isinstance(errors, dict) else errors  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
    found = (message for value in values or () for message in messages(value))
    return list(dict.fromkeys(found))
