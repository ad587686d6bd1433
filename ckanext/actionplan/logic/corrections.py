"""What a person changes in a plan that was read: pure, nothing is saved here."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final, cast

import ckan.plugins.toolkit as tk

from ..core import due
from ..core.errors import DueError
from ..core.plan import TASK_TEXTS, Continuity, Performed, Who
from . import measuring, own_plan, row_moves, row_steps
from .corrected import TEXT_LENGTH, Corrected, copied, name_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .corrected import Reread

PLAN_TEXTS: Final = (
    "title",
    "notes",
    "approval_document",
    "approval_number",
    "approval_signatory",
    "approval_url",
)
PLAN_DATES: Final = (
    "period_start",
    "period_end",
    "approval_date",
    "in_force_from",
    "in_force_until",
    "tracked_from",
)
_CHOICES: Final = {
    "performed": frozenset(("", *(each.value for each in Performed))),
    "continuity": frozenset(("", *(each.value for each in Continuity))),
}
_BACK: Final = {"undo": row_steps.undo, "redo": row_steps.redo}


def correct(
    data: Mapping[str, Any],
    review: Mapping[str, Any],
    changes: Mapping[str, Any],
    reread: Reread,
) -> Corrected:
    """Apply corrections to a draft.

    :param data: the plan as it stands.
    :param review: what the reader said of it.
    :param changes: fields to change; `tasks` is a list of changed and new tasks, `rows`
        what is done with whole rows after that, in order.
    :param reread: reads a wording that was changed: wording, plan -> due.
    """
    out = Corrected(copied(dict(data)), copied(dict(review)))
    if _misshapen(out, changes):
        return out
    for name in PLAN_TEXTS:
        if name in changes:
            out.data[name] = _text(out, name, changes[name])
    for name in PLAN_DATES:
        if name in changes:
            out.data[name] = _day(out, name, changes[name])
    _check_order(out)
    _tasks(out, changes.get("tasks") or [], reread)
    _rows(out, changes.get("rows") or [], reread)
    if "executors" in changes:
        _executors(out, changes["executors"])
    if "participants" in changes:
        out.data["participants"] = list(dict.fromkeys(changes["participants"] or ()))
        out.review["bound"] = True
    out.data["executors"] = mapped_executors(out.data, out.review)
    return out


def _tasks(out: Corrected, changed: list[dict[str, Any]], reread: Reread) -> None:
    """Change and add tasks: one step, whatever a form has changed at once."""
    if not changed:
        return
    before = row_steps.snapshot(out)
    count = len(out.tasks)
    for change in changed:
        _task(out, change, reread)
    act = row_steps.EDIT if len(out.tasks) == count else "add"
    keys = {change.get("key") for change in changed}
    names = [
        name_of(task)
        for was, task in zip(before[0]["tasks"], out.tasks, strict=False)
        if was != task and task["key"] in keys
    ]
    out.data["executors"] = mapped_executors(out.data, out.review)
    row_steps.keep(out, before, act, names[0] if len(names) == 1 else "")


def _rows(out: Corrected, changed: list[dict[str, Any]], reread: Reread) -> None:
    """Join, part and so on; each is a step of its own."""
    for change in changed:
        act = str(change.get("act") or "")
        if act in _BACK:
            if not _BACK[act](out):
                out.fail("rows", tk._("There is no step to go back to"))
            continue
        before = row_steps.snapshot(out)
        name = row_moves.move(out, change, reread)
        if not out.errors:
            out.data["executors"] = mapped_executors(out.data, out.review)
            row_steps.keep(out, before, act, name)


def _misshapen(out: Corrected, changes: Mapping[str, Any]) -> bool:
    """Note lists that are none: the changes may come from any program."""
    shapes = (
        ("tasks", dict, "executors", str),
        ("rows", dict, "", dict),
        ("executors", dict, "organizations", str),
        ("participants", str, "", str),
    )
    for name, kind, inner, inner_kind in shapes:
        value: Any = changes.get(name) or []
        if not _list_of(value, kind) or not all(
            _list_of(each.get(inner) or [], inner_kind) for each in value if inner
        ):
            out.fail(name, tk._("This is not the list that was expected"))
    return bool(out.errors)


def _list_of(value: Any, kind: type) -> bool:
    return isinstance(value, list) and all(
        isinstance(each, kind) for each in cast("list[Any]", value)
    )


def kept_tasks(
    data: Mapping[str, Any], review: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """The tasks that will be saved: those that nobody left out."""
    rows = review["tasks"]
    return [
        task for task in data["tasks"] if not rows.get(task["key"], {}).get("left_out")
    ]


def mapped_executors(
    data: Mapping[str, Any], review: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Executors' names in the order of the plan, each once, with their mapping."""
    known = {each["name"]: each for each in data.get("executors") or ()}
    names = own_plan.in_order(
        (name for task in kept_tasks(data, review) for name in task["executors"]),
        review,
    )
    return [
        known.get(name, {"name": name, "who": "", "organizations": []})
        for name in names
    ]


def _text(out: Corrected, name: str, value: Any, key: str = "") -> str:
    # Browsers send line ends of their own.
    text = str(value or "").strip().replace("\r\n", "\n")
    if len(text) > TEXT_LENGTH:
        message = tk._("At most {limit} characters are allowed")
        out.fail(name, message.format(limit=TEXT_LENGTH), key)
        return text[:TEXT_LENGTH]
    return text


def _day(out: Corrected, name: str, value: Any) -> str:
    text = str(value or "").strip()
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError:
        message = tk._("“{text}” is not a date; write it as 2025-12-31")
        out.fail(name, message.format(text=text[:40]))
        return text[:40]


def _check_order(out: Corrected) -> None:
    if "period_start" in out.errors or "period_end" in out.errors:
        return
    start, end = out.data.get("period_start"), out.data.get("period_end")
    if start and end and start > end:
        out.fail("period_end", tk._("The plan ends before it begins"))


def _task(
    out: Corrected,
    change: Mapping[str, Any],
    reread: Reread,
) -> None:
    tasks: list[dict[str, Any]] = out.data["tasks"]
    key = str(change.get("key") or "")
    task = next((each for each in tasks if each["key"] == key), None)
    if task is None:
        if key:
            out.fail("key", tk._("This row is not part of the import any more"), key)
            return
        task = _add(out, change)
        if task is None:
            return
    _change(out, task, change, reread)
    row = out.review["tasks"].get(task["key"], {})
    for name in ("checked", "left_out"):
        if name in change and bool(row.get(name)) != bool(change[name]):
            out.row(task["key"])[name] = bool(change[name])


def _add(out: Corrected, change: Mapping[str, Any]) -> dict[str, Any] | None:
    """A new empty task, behind the one that `after` names, else at the end."""
    at = out.at(str(change.get("after") or ""))
    task = out.blank(like=out.tasks[at] if at >= 0 else None)
    if task is None:
        return None
    if at >= 0:
        out.insert_after(out.tasks[at], task)
    else:
        out.tasks.append(task)
    out.review["tasks"][task["key"]] = {"added": True}
    return task


def _change(
    out: Corrected,
    task: dict[str, Any],
    change: Mapping[str, Any],
    reread: Reread,
) -> None:
    key, wording, read = task["key"], task["deadline"], task["due"]
    before = dict(task)
    _take(out, task, change)
    if task["deadline"] != wording and task["due"] == read:
        # Whoever mends the wording alone wants it read again.
        task["due"] = reread(task["deadline"], out.data)
    try:
        task["due"] = due.render(due.parse(task["due"]))
    except DueError as error:
        out.fail("due", due_message(error), key)
    _measure(out, task, before)
    mended = [name for name in before if before[name] != task[name]]
    if mended:
        row = out.row(key)
        row["mended"] = list(dict.fromkeys([*(row.get("mended") or ()), *mended]))


def _take(out: Corrected, task: dict[str, Any], change: Mapping[str, Any]) -> None:
    """Take the fields of a change over into a task."""
    key = task["key"]
    for name in TASK_TEXTS:
        if name in change:
            task[name] = _text(out, name, change[name], key)
    for name, choices in _CHOICES.items():
        if task[name] not in choices:
            out.fail(name, tk._("Choose one of the values offered"), key)
            task[name] = ""
    if "executors" in change:
        names = (_text(out, "executors", each, key) for each in change["executors"])
        task["executors"] = list(dict.fromkeys(name for name in names if name))


def _measure(out: Corrected, task: dict[str, Any], before: Mapping[str, Any]) -> None:
    """Check measure and target; what the amended plan holds already may stay."""
    names = ("measure", "target")
    if out.data.get("plan_id") and all(task[name] == before[name] for name in names):
        return
    fault = measuring.measure_fault(task["measure"])
    if fault:
        out.fail("measure", fault, task["key"])
    task["target"], fault = measuring.read_target(task["target"], task["measure"])
    if fault:
        out.fail("target", fault, task["key"])


def due_message(error: DueError) -> str:
    """What to tell a person who wrote a due that is none."""
    message = tk._(
        "“{part}” cannot be read; write for example ../2025-06-30 (by a day), "
        "2025-01-01/2025-03-31 (within a period), ../.. (continuously) or R/P3M "
        "(every quarter)"
    )
    return message.format(part=error.part[:80])


def _executors(out: Corrected, changed: list[dict[str, Any]]) -> None:
    known = {each["name"]: each for each in out.data.get("executors") or ()}
    for change in changed:
        who = str(change.get("who") or "")
        name = str(change.get("name") or "")
        organizations = list(dict.fromkeys(change.get("organizations") or ()))
        if who not in {each.value for each in Who}:
            out.fail("executors", tk._("Choose one of the values offered"))
            continue
        if who == Who.PARTICIPANTS.value and not organizations:
            message = tk._("Choose an organization for “{name}”, or leave it open")
            out.fail("executors", message.format(name=name))
        if who != Who.PARTICIPANTS.value:
            organizations = []
        known[name] = {"name": name, "who": who, "organizations": organizations}
    out.data["executors"] = list(known.values())
    said = {change.get("name") for change in changed}
    if said >= {each["name"] for each in mapped_executors(out.data, out.review)}:
        out.review["mapped"] = True
