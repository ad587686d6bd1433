"""What the forms of the import post, as changes to a draft."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from ckan import model

from ..core.plan import TASK_TEXTS, Who
from ..logic.corrections import PLAN_DATES, PLAN_TEXTS
from ..logic.row_pieces import TEXTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from werkzeug.datastructures import ImmutableMultiDict

    Form = ImmutableMultiDict[str, str]

_FIELD: Final = re.compile(r"task-(t\d{1,6})-([a-z_]{1,20})")
#: What a button does with a row, and the name of what it says besides.
_ACTS: Final = {
    "join": "into",
    "separate": "piece",
    "confirm": "proposal",
    "decline": "proposal",
    "section": "",
    "noise": "",
    "task": "",
    "remove": "",
    "undo": "",
    "redo": "",
}
_PART: Final = re.compile(r"part-(\d)-([a-z]{1,20})")
_SEPARATORS: Final = re.compile(r"[,;\n]")


def plan_changes(form: Form) -> dict[str, Any]:
    """Changes of the page that shows what was read.

    :param form: the posted form.
    """
    changes: dict[str, Any] = {
        name: form[name] for name in (*PLAN_TEXTS, *PLAN_DATES) if name in form
    }
    tasks: dict[str, dict[str, Any]] = {}
    for name, value in form.items():
        match = _FIELD.fullmatch(name)
        if match:
            key, field = match.groups()
            task = tasks.setdefault(key, {"key": key})
            if field in TASK_TEXTS:
                task[field] = value
            elif field == "executors":
                task[field] = [line.strip() for line in value.splitlines()]
    for key, task in tasks.items():
        if f"row-{key}" in form:
            # An empty box is not sent; the row says that it stood on the page.
            task["checked"] = f"task-{key}-checked" in form
    changes["tasks"] = list(tasks.values())
    changes["rows"] = _acts(form)
    added = form.get("do", "").partition("add:")[2]
    if form.get("do", "").startswith("add:"):
        changes["tasks"].append({"after": added})
    return changes


def _acts(form: Form) -> list[dict[str, Any]]:
    """What a button does: its value names the act, the row and what else is needed."""
    act, _, rest = form.get("do", "").partition(":")
    if act not in _ACTS:
        return []
    key, _, more = rest.partition(":")
    change: dict[str, Any] = {"act": act}
    if key:
        change["key"] = key
    if act == "join":
        change["into"] = form.get(f"line-{key}-into", "title")
    elif _ACTS[act] and more.isdecimal():
        change[_ACTS[act]] = int(more)
    return [change]


def parts(form: Form) -> list[dict[str, Any]]:
    """The texts of the tasks that one task is divided into.

    :param form: the posted form.
    """
    out: dict[str, dict[str, Any]] = {}
    for name, value in form.items():
        match = _PART.fullmatch(name)
        if match:
            part = out.setdefault(match[1], {})
            if match[2] == "executors":
                lines = (line.strip() for line in value.splitlines())
                part["executors"] = [line for line in lines if line]
            elif match[2] in ("number", *TEXTS):
                part[match[2]] = value
    return [out[at] for at in sorted(out)]


def executor_changes(
    form: Form, executors: Sequence[Mapping[str, Any]]
) -> tuple[dict[str, Any], list[str]]:
    """Changes of the page that says who is who.

    :param form: the posted form.
    :param executors: the executors of the draft, in their order.
    :returns: changes, and names of organizations that the portal does not know.
    """
    typed = {
        at: _typed(form, f"executor-{at}", f"executor-{at}-organizations")
        for at in range(len(executors))
    }
    more = _typed(form, "participants", "participants")
    known = _ids({name for names in typed.values() for name in names} | set(more))
    unknown = [
        name for names in (*typed.values(), more) for name in names if name not in known
    ]
    changed: list[dict[str, Any]] = []
    for at, executor in enumerate(executors):
        chosen = form.getlist(f"executor-{at}-organizations")
        chosen += [known[name] for name in typed[at] if name in known]
        who = form.get(f"executor-{at}-who", "")
        changed.append(
            {
                "name": executor["name"],
                # A ticked organization says by itself that organizations are meant.
                "who": who or (Who.PARTICIPANTS.value if chosen else ""),
                "organizations": chosen,
            }
        )
    participants = form.getlist("participants")
    participants += [known[name] for name in more if name in known]
    return {"executors": changed, "participants": participants}, unknown


def one_by_one(form: Form, executors: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Changes of those fields of that page that were sent, the others left alone.

    :param form: a part of the page's form, without words that are only looked for.
    :param executors: the executors of the draft, in their order.
    """
    everything, _ = executor_changes(form, executors)
    changes: dict[str, Any] = {
        "executors": [
            change
            for at, change in enumerate(everything["executors"])
            if f"executor-{at}-who" in form
        ],
        "tasks": task_leads(form),
    }
    if "participants-shown" in form:
        changes["participants"] = everything["participants"]
    return changes


def task_leads(form: Form) -> list[dict[str, Any]]:
    """Jointly or by each, as chosen for tasks with several executors."""
    changes: dict[str, dict[str, Any]] = {}
    for name, value in form.items():
        match = _FIELD.fullmatch(name)
        if match and match[2] in ("performed", "lead"):
            change = changes.setdefault(match[1], {"key": match[1]})
            change[match[2]] = value
    return list(changes.values())


def _typed(form: Form, field: str, boxes: str) -> list[str]:
    """Names typed into a field; words that were only looked for are none."""
    if form.get(f"{field}-who", "") not in ("", Who.PARTICIPANTS.value):
        return []
    text = form.get(f"{field}-others", "").strip()
    looked_for = text == form.get(f"{field}-searched", "") and form.getlist(boxes)
    return [] if looked_for else _names(text)


def _names(text: str) -> list[str]:
    return [name for name in map(str.strip, _SEPARATORS.split(text)) if name]


def _ids(names: set[str]) -> dict[str, str]:
    """Ids of organizations by what was typed: a name in addresses or a title."""
    if not names:
        return {}
    rows = (
        model.Session.query(model.Group.id, model.Group.name, model.Group.title)
        .filter(model.Group.is_organization.is_(True), model.Group.state == "active")
        .filter(model.Group.name.in_(names) | model.Group.title.in_(names))
    )
    return {
        text: id_ for id_, *texts in rows for text in reversed(texts) if text in names
    }
