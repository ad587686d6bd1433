"""What a person changes in a plan that was read: pure, nothing is saved here."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Final, cast

import ckan.plugins.toolkit as tk

from ..core import due
from ..core.errors import DueError
from ..core.plan import TASK_TEXTS, Continuity, Performed, Who

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

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
#: A cell of a plan is a paragraph or two; anything longer is no cell.
TEXT_LENGTH: Final = 10_000
TASKS_COUNT: Final = 2_000


@dataclass(slots=True)
class Corrected:
    """A draft after corrections.

    :param data: the plan, tasks with their keys.
    :param review: what the reader said, and which rows a person has looked at.
    :param errors: messages by field; those of tasks under `tasks` by key.
    """

    data: dict[str, Any]
    review: dict[str, Any]
    errors: dict[str, Any] = field(default_factory=dict[str, Any])

    def fail(self, name: str, message: str, key: str = "") -> None:
        """Note that a field cannot be taken as it is."""
        place = (
            self.errors.setdefault("tasks", {}).setdefault(key, {})
            if key
            else self.errors
        )
        place.setdefault(name, []).append(message)


def correct(
    data: Mapping[str, Any],
    review: Mapping[str, Any],
    changes: Mapping[str, Any],
    reread: Callable[[str, Mapping[str, Any]], str],
) -> Corrected:
    """Apply corrections to a draft.

    :param data: the plan as it stands.
    :param review: what the reader said of it.
    :param changes: fields to change; `tasks` is a list of changed and new tasks.
    :param reread: reads a wording that was changed: wording, plan -> due.
    """
    out = Corrected(copy.deepcopy(dict(data)), copy.deepcopy(dict(review)))
    if _misshapen(out, changes):
        return out
    for name in PLAN_TEXTS:
        if name in changes:
            out.data[name] = _text(out, name, changes[name])
    for name in PLAN_DATES:
        if name in changes:
            out.data[name] = _day(out, name, changes[name])
    _check_order(out)
    for change in changes.get("tasks") or ():
        _task(out, change, reread)
    if "executors" in changes:
        _executors(out, changes["executors"])
    if "participants" in changes:
        out.data["participants"] = list(dict.fromkeys(changes["participants"] or ()))
    out.data["executors"] = mapped_executors(out.data, out.review)
    return out


def _misshapen(out: Corrected, changes: Mapping[str, Any]) -> bool:
    """Note lists that are none: the changes may come from any program."""
    shapes = (
        ("tasks", dict, "executors", str),
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
    names = dict.fromkeys(
        name for task in kept_tasks(data, review) for name in task["executors"]
    )
    return [
        known.get(name, {"name": name, "who": "", "organizations": []})
        for name in names
    ]


def _text(out: Corrected, name: str, value: Any, key: str = "") -> str:
    text = str(value or "").strip()
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
    reread: Callable[[str, Mapping[str, Any]], str],
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
    row = out.review["tasks"].setdefault(task["key"], {})
    for name in ("checked", "left_out"):
        if name in change:
            row[name] = bool(change[name])


def _add(out: Corrected, change: Mapping[str, Any]) -> dict[str, Any] | None:
    """A new empty task, behind the one that `after` names, else at the end."""
    tasks: list[dict[str, Any]] = out.data["tasks"]
    if len(tasks) >= TASKS_COUNT:
        message = tk._("A plan has at most {limit} tasks")
        out.fail("add", message.format(limit=TASKS_COUNT))
        return None
    number = 1 + max((int(each["key"][1:]) for each in tasks), default=0)
    task: dict[str, Any] = {"key": f"t{number}", "executors": []}
    task.update(dict.fromkeys(TASK_TEXTS, ""))
    keys = [each["key"] for each in tasks]
    after = str(change.get("after") or "")
    if after in keys:
        neighbour = tasks[keys.index(after)]
        task["section"] = neighbour["section"]
        task["principle"] = neighbour["principle"]
        tasks.insert(keys.index(after) + 1, task)
    else:
        tasks.append(task)
    out.review["tasks"][task["key"]] = {"added": True}
    return task


def _change(
    out: Corrected,
    task: dict[str, Any],
    change: Mapping[str, Any],
    reread: Callable[[str, Mapping[str, Any]], str],
) -> None:
    key, wording, read = task["key"], task["deadline"], task["due"]
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
    if task["deadline"] != wording and task["due"] == read:
        # Whoever mends the wording alone wants it read again.
        task["due"] = reread(task["deadline"], out.data)
    try:
        task["due"] = due.render(due.parse(task["due"]))
    except DueError as error:
        out.fail("due", due_message(error), key)


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
    out.review["mapped"] = True
