"""An import as an edition of a plan: what is taken over from the plan. Pure."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, Final

from . import fields, pairing
from .comparison import same
from .corrections import kept_tasks

if TYPE_CHECKING:
    from collections.abc import Mapping

    #: A draft: the plan, and what is known of its rows.
    Draft = tuple[dict[str, Any], dict[str, Any]]

#: Of a task: what no ordinary document prints.
_OF_TASKS: Final = (
    "topic",
    "performed",
    "lead",
    "continuity",
    "measure",
    "target",
    "note",
    "withdrawn_by",
)
#: Of the plan: the act that approved it stays whatever act amends it.
_APPROVAL: Final = (
    "approval_document",
    "approval_number",
    "approval_date",
    "approval_signatory",
    "approval_url",
)
_OF_PLAN: Final = (
    "notes",
    "in_force_from",
    "in_force_until",
    "tracked_from",
    "reviewing_organization",
    "replaces",
)
_TERM: Final = ("period_start", "period_end")
#: The reader's note that the end was proposed, not read.
_END_PROPOSED: Final = "end_proposed"


def attach(
    data: Mapping[str, Any], review: Mapping[str, Any], plan: Mapping[str, Any]
) -> Draft:
    """Make a draft an edition of a plan, or look again at one that is.

    Whatever a person changed stays changed. Doing it again changes nothing, unless the
    draft or the plan has changed.

    :param plan: as `package_show` gives it.
    :returns: a draft with `plan_id`, each task with the `id` of the one it stays;
        `review["plan"]` tells which plan it is and what act its heading names.
    """
    plan_data, seen = copy.deepcopy(dict(data)), copy.deepcopy(dict(review))
    memory: dict[str, Any] = seen.setdefault("plan", {})
    if memory.get("id") not in ("", None, plan["id"]):
        plan_data, seen = detach(plan_data, seen)
        memory = seen.setdefault("plan", {})
    first = not memory.get("id")
    plan_data["plan_id"] = plan["id"]
    memory |= {name: plan.get(name) or "" for name in ("id", "name", "title")}
    memory["modified"] = plan["metadata_modified"]
    own = any(_row(seen, task).get("file_id") for task in plan_data["tasks"])
    # What was taken out of a file of our own says nothing: the plan does.
    missing: list[str] = seen.get("missing") or []
    listed = "executors" in missing
    mapped = bool(seen.get("mapped")) and not listed
    _spell(plan_data, plan, mapped=mapped, listed=listed)
    _stay(plan_data, seen, plan, own=own)
    _take_over(plan_data, seen, plan, own=own)
    bound = "plan.participants" not in missing
    if first and not (bound and (own or seen.get("mapped"))):
        plan_data["participants"] = list(plan.get("participants") or ())
    return plan_data, seen


def detach(data: Mapping[str, Any], review: Mapping[str, Any]) -> Draft:
    """Make a draft a plan of its own again.

    :returns: the draft as the document has it, with what a person changed.
    """
    plan_data, seen = copy.deepcopy(dict(data)), copy.deepcopy(dict(review))
    for task in plan_data["tasks"]:
        row = _row(seen, task)
        _carry(task, row, {})
        task["id"] = row.get("file_id", "")
        row.pop("stays", None)
    memory: dict[str, Any] = seen.get("plan") or {}
    _carry(plan_data, memory, {})
    seen["plan"] = {"proposed": memory.get("proposed", "")}
    seen.pop("stays", None)
    plan_data["plan_id"] = ""
    plan_data.pop("amendment", None)
    if not seen.get("mapped"):
        plan_data["participants"] = []
    return plan_data, seen


def remember_ids(data: dict[str, Any], review: dict[str, Any]) -> None:
    """Keep the ids that a file of our own brings, before anything else is done.

    :param data: as it was read; changed in place.
    :param review: likewise.
    """
    review["plan"] = {"proposed": data.get("plan_id") or ""}
    data["plan_id"] = ""
    for task in data["tasks"]:
        task["id"] = task.get("id") or ""
        if task["id"]:
            review["tasks"].setdefault(task["key"], {})["file_id"] = task["id"]


def choose(review: dict[str, Any], chosen: Mapping[str, str]) -> None:
    """Keep what a person says of rows; a task that one row takes, others lose.

    :param review: changed in place.
    :param chosen: by key: id of the task that the row stays, empty for a new task.
    """
    stays: dict[str, str] = review.setdefault("stays", {})
    for key, task_id in chosen.items():
        for other, theirs in list(stays.items()):
            if task_id and theirs == task_id:
                del stays[other]
        stays[key] = task_id


def unsure(data: Mapping[str, Any], review: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows that stay a task perhaps: a person should look.

    :returns: tasks of the draft.
    """
    rows = review["tasks"]
    return [
        task
        for task in kept_tasks(data, review)
        if task.get("id")
        and not (rows.get(task["key"], {}).get("stays") or {}).get("sure", True)
    ]


def _row(review: Mapping[str, Any], task: Mapping[str, Any]) -> dict[str, Any]:
    return review["tasks"].setdefault(task["key"], {})


def _spell(
    data: dict[str, Any], plan: Mapping[str, Any], *, mapped: bool, listed: bool
) -> None:
    """Write names of executors as the plan does, and take over whom they mean.

    :param listed: whether the names of the plan are taken over, too.
    """
    known = {pairing.plain(row["name"]): row for row in plan.get("executors") or ()}

    def spelled(name: str) -> str:
        row = known.get(pairing.plain(name))
        return row["name"] if row else name

    for task in data["tasks"]:
        task["executors"] = list(dict.fromkeys(map(spelled, task["executors"])))
    rows: dict[str, dict[str, Any]] = {}
    for row in data.get("executors") or ():
        name = spelled(row["name"])
        stood = known.get(pairing.plain(name))
        if stood and not mapped and not row.get("who"):
            row = {**row, "who": stood.get("who") or ""}  # noqa: PLW2901 - a copy
            row["organizations"] = list(stood.get("organizations") or ())
        rows.setdefault(name, {**row, "name": name})
    if listed:
        for row in known.values():
            rows.setdefault(row["name"], copy.deepcopy(dict(row)))
    data["executors"] = list(rows.values())


def _stay(
    data: dict[str, Any],
    review: dict[str, Any],
    plan: Mapping[str, Any],
    *,
    own: bool,
) -> None:
    """Find the task that each row stays, and what it takes over from it."""
    stored: list[dict[str, Any]] = plan.get("tasks") or []
    by_id = {task["id"]: task for task in stored}
    kept = kept_tasks(data, review)
    rows = [{**task, "id": _known_id(_row(review, task))} for task in kept]
    chosen: dict[str, str] = review.get("stays") or {}
    keys = {task["key"] for task in kept}
    found = pairing.pairs(
        rows, stored, {key: value for key, value in chosen.items() if key in keys}
    )
    for task in data["tasks"]:
        row, pair = _row(review, task), found.get(task["key"])
        if pair is None:
            task["id"] = ""
            row.pop("stays", None)
            _carry(task, row, {})
            continue
        task["id"] = pair.id
        before: dict[str, Any] = row.get("stays") or {}
        if before.get("id") != pair.id or not before.get("sure"):
            row["stays"] = {
                "id": pair.id,
                "confidence": pair.confidence,
                "sure": pair.sure,
            }
        stood = by_id[pair.id]
        values = _lost(review, stood) if own else _of_task(task, stood)
        _carry(task, row, values)


def _known_id(row: Mapping[str, Any]) -> str:
    """The id that a row brought, or that was found for it beyond doubt."""
    stays: Mapping[str, Any] = row.get("stays") or {}
    return row.get("file_id") or (stays.get("id", "") if stays.get("sure") else "")


def _lost(review: Mapping[str, Any], stood: Mapping[str, Any]) -> dict[str, Any]:
    """Values of a task whose columns were taken out of a file of our own."""
    columns = [key.partition(".") for key in review.get("missing") or ()]
    return {
        name: list(stood.get(name) or ())
        if name == "executors"
        else str(stood.get(name) or "")
        for table, _, name in columns
        if table == "tasks"
    }


def _of_task(task: Mapping[str, Any], stood: Mapping[str, Any]) -> dict[str, str]:
    values = {name: str(stood.get(name) or "") for name in _OF_TASKS}
    if same(task["deadline"], str(stood.get("deadline") or "")):
        values["due"] = str(stood.get("due") or "")
    return values


def _take_over(
    data: dict[str, Any],
    review: dict[str, Any],
    plan: Mapping[str, Any],
    *,
    own: bool,
) -> None:
    """Keep what an amending act does not change: the approval above all."""
    memory: dict[str, Any] = review["plan"]
    if "heading" not in memory:
        memory["heading"] = {name: data.get(name) or "" for name in _APPROVAL}
    heading: dict[str, str] = memory["heading"]
    values: dict[str, str] = {}
    if _approved(plan) or not _approves(heading, plan):
        values |= {name: str(plan.get(name) or "") for name in _APPROVAL}
    printed = _printed(data, memory)
    lost = review.get("missing") or ()
    names = [
        name
        for name in _OF_PLAN
        if not own or name not in printed or f"plan.{name}" in lost
    ]
    values |= {name: str(plan.get(name) or "") for name in names}
    if pairing.plain(printed.get("title")) in ("", pairing.plain(plan.get("title"))):
        values["title"] = str(plan.get("title") or "")
    notes = [note.get("code") for note in review.get("notes") or ()]
    for name in _TERM:
        proposed = name == "period_end" and _END_PROPOSED in notes
        if proposed or not printed.get(name):
            values[name] = str(plan.get(name) or "")
    _carry(data, memory, values)
    memory["act"] = {} if "approval_number" not in values else _act(heading, plan)
    data.setdefault("amendment", dict(memory["act"]))


def _printed(data: Mapping[str, Any], memory: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of the plan without those that were only taken over."""
    read: dict[str, Any] = memory.get("read") or {}
    carried: dict[str, Any] = memory.get("carried") or {}
    taken = {name for name in carried if data.get(name) == carried[name]}
    own = {name: value for name, value in data.items() if name not in taken}
    return own | {name: read[name] for name in taken if read[name]}


def _approved(plan: Mapping[str, Any]) -> bool:
    return bool(plan.get("approval_number") or plan.get("approval_date"))


def _approves(heading: Mapping[str, str], plan: Mapping[str, Any]) -> bool:
    """Whether the act in the heading can have approved a plan that names none."""
    in_force = fields.day_or_none(plan.get("in_force_from"))
    day = fields.day_or_none(heading["approval_date"])
    return bool(day and in_force and day <= in_force)


def _act(heading: Mapping[str, str], plan: Mapping[str, Any]) -> dict[str, str]:
    """The act in the heading, when the plan does not know it yet."""
    names = ("document", "number", "date", "url")
    act = {name: heading[f"approval_{name}"] for name in names}
    approval = {name: str(plan.get(f"approval_{name}") or "") for name in names}
    known = [approval, *(plan.get("amendments") or ())]
    if not (act["number"] or act["date"]) or any(same_act(act, each) for each in known):
        return {}
    return act


def same_act(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two acts are one: what is printed of both is equal.

    :param one: an act with `number` and `date`.
    :param other: likewise.
    """
    numbers = [_number(each) for each in (one, other)]
    days = [fields.text(each.get("date")) for each in (one, other)]
    if all(numbers) or not all(days):
        # An order of a year and one of another may have the same number.
        return (
            bool(numbers[0])
            and numbers[0] == numbers[1]
            and (not all(days) or days[0] == days[1])
        )
    return days[0] == days[1]


def _number(act: Mapping[str, Any]) -> str:
    return fields.text(act.get("number")).removeprefix("№").strip().casefold()


def _carry(
    target: dict[str, Any], memory: dict[str, Any], values: Mapping[str, Any]
) -> None:
    """Set values, and give back those that were set before and are not wanted now.

    A value that is neither the one read nor the one set last is a person's: it stays.

    :param target: the plan or a task.
    :param memory: where `read` and `carried` values are kept.
    """
    read: dict[str, Any] = memory.setdefault("read", {})
    carried: dict[str, Any] = memory.setdefault("carried", {})
    for name in {**carried, **values}:
        current = target.get(name)
        current = "" if current is None else current
        if current != carried.get(name, read.get(name, current)):
            continue
        read.setdefault(name, current)
        if name in values:
            target[name] = carried[name] = values[name]
        else:
            target[name] = read[name]
            del carried[name]
