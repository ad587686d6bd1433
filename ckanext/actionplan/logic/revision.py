"""An amended edition of a plan: the plan as it will be, and who may save it."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, Final, cast

import ckan.plugins.toolkit as tk
from ckan import model

from . import amending, carrying, fields, importing
from .comparison import PLAN_FIELDS, Comparison, compare
from .corrections import kept_tasks
from .derive import DATASET_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ckan.types import Context

#: What an act is written with.
ACT_FIELDS: Final = ("document", "number", "date", "url")
#: More plans than any council has.
_PLANS: Final = 1000
_LISTED_FIELDS: Final = ("amended_by", "period_start", "period_end")


def find(context: Context, name: str) -> dict[str, Any]:
    """A plan that somebody may amend, as `package_show` gives it.

    :param name: its name or id.
    :raises ObjectNotFound: when there is no such plan.
    :raises NotAuthorized: when it is not theirs to change.
    """
    package = model.Package.get(name) if name else None
    if package is None or package.type != DATASET_TYPE or package.state != "active":
        raise tk.ObjectNotFound(tk._("Plan not found"))
    tk.check_access("package_update", tk.fresh_context(context), {"id": package.id})
    fresh = cast("Context", {**tk.fresh_context(context), "use_cache": False})
    return tk.get_action("package_show")(fresh, {"id": package.id})


def plans_of(context: Context, owner: str) -> list[dict[str, Any]]:
    """Plans of an organization that somebody may see, the newest first; one search.

    :param owner: name of the organization.
    :returns: dicts with `id`, `name` and `title`.
    """
    found = tk.get_action("package_search")(
        tk.fresh_context(context),
        {
            "fq": f'+dataset_type:{DATASET_TYPE} +organization:"{owner}"',
            "include_private": True,
            "rows": _PLANS,
            "sort": "metadata_created desc",
            "fl": ["id", "name", "title"],
        },
    )
    return found["results"]


def check_owner(plan: Mapping[str, Any], organization_id: str) -> None:
    """Refuse to amend the plan of another organization.

    :raises ValidationError: when it is another one's.
    """
    if plan.get("owner_org") != organization_id:
        message = tk._("“{title}” is a plan of another organization")
        raise tk.ValidationError({"plan": [message.format(title=plan["title"])]})


def compared(
    data: Mapping[str, Any], review: Mapping[str, Any], plan: Mapping[str, Any]
) -> Comparison:
    """What a draft changes in the plan that it amends.

    :param data: as `carrying.attach` gives it.
    :param review: likewise.
    :param plan: as `package_show` gives it.
    """
    after = amended(data, review, plan, {})
    names = [name for name in PLAN_FIELDS if name in data]
    values = {name: after.get(name) or "" for name in names}
    values["participants"] = after["participants"]
    values["executors"] = after["executors"]
    return compare(kept_tasks(data, review), plan, values)


def amended(
    data: Mapping[str, Any],
    review: Mapping[str, Any],
    plan: Mapping[str, Any],
    act: Mapping[str, str],
) -> dict[str, Any]:
    """The plan as it will be saved, for `package_update`.

    Tasks that the document has no more are withdrawn by the act and stay in the plan;
    without an act they are gone.

    :param data: as `carrying.attach` gives it.
    :param review: likewise.
    :param plan: as `package_show` gives it; whatever the draft does not know stays.
    :param act: the amending act, empty for none.
    """
    out = copy.deepcopy(dict(plan))
    # CKAN lets system administrators keep it, and would then believe its old index.
    out.pop("metadata_modified", None)
    built = importing.plan_of(data, review)
    for name in PLAN_FIELDS:
        if data.get(name):
            out[name] = data[name]
        elif name in data:
            out.pop(name, None)
    out["title"] = data.get("title") or plan["title"]
    out["participants"] = built["participants"]
    out["tasks"] = _tasks(kept_tasks(data, review), plan, act)
    used = {name for task in out["tasks"] for name in task.get("executors") or ()}
    names = {row["name"] for row in built["executors"]}
    out["executors"] = built["executors"] + [
        row
        for row in plan.get("executors") or ()
        if row["name"] in used and row["name"] not in names
    ]
    _drop_leads(out)
    out["amendments"] = _amendments(data, plan, act)
    if act:
        out["amended_by"] = act.get("number") or act.get("date") or ""
    return out


def _tasks(
    rows: Sequence[Mapping[str, Any]], plan: Mapping[str, Any], act: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Tasks in the order of the document, withdrawn ones where they stood."""
    stored: dict[str, dict[str, Any]] = {
        task["id"]: task for task in plan.get("tasks") or ()
    }
    out: list[dict[str, Any]] = []
    for row in rows:
        task = dict(stored.get(row.get("id") or "", {}))
        task.update({name: row[name] for name in row if name != "key"})
        if not task.get("id"):
            task.pop("id", None)
        out.append(task)
    _put_back(out, stored, act)
    return out


def _put_back(
    out: list[dict[str, Any]],
    stored: Mapping[str, dict[str, Any]],
    act: Mapping[str, str],
) -> None:
    """Put tasks that are not in the document behind those that they followed."""
    present = {task["id"] for task in out if "id" in task}
    sections = {task.get("section") for task in out}
    before: Mapping[str, Any] | None = None
    for task_id, task in stored.items():
        kept = task_id in present
        if not kept and (task.get("withdrawn_by") or act):
            gone = dict(task)
            gone["withdrawn_by"] = task.get("withdrawn_by") or amending.words(act)
            place = _after(out, before)
            _follow_section(gone, before, out[place - 1] if place else None, sections)
            out.insert(place, gone)
            kept = True
        if kept:
            before = task


def _after(out: Sequence[Mapping[str, Any]], before: Mapping[str, Any] | None) -> int:
    """The place behind a task, 0 for none."""
    ids = [task.get("id") for task in out]
    return ids.index(before["id"]) + 1 if before else 0


def _follow_section(
    gone: dict[str, Any],
    before: Mapping[str, Any] | None,
    stands: Mapping[str, Any] | None,
    sections: set[Any],
) -> None:
    """A section that was renamed is renamed for what was withdrawn from it, too."""
    section = gone.get("section")
    followed = before is not None and before.get("section") == section
    if followed and stands and section and section not in sections:
        gone["section"] = stands.get("section") or ""


def _drop_leads(plan: dict[str, Any]) -> None:
    """A lead that performs its task no more leads it no more."""
    mapped: dict[str, set[str]] = {}
    for row in plan["executors"]:
        whom: set[str] = set(row.get("organizations") or ())
        if row.get("who") == "all":
            whom = set(plan["participants"])
        elif row.get("who") == "owner":
            whom = {plan["owner_org"]}
        mapped[row["name"]] = whom
    for task in plan["tasks"]:
        names: Iterable[str] = task.get("executors") or ()
        possible = {each for name in names for each in mapped.get(name, ())}
        if task.get("lead") and task["lead"] not in possible:
            task["lead"] = ""


def _amendments(
    data: Mapping[str, Any], plan: Mapping[str, Any], act: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Acts that the plan knows, those that a file of our own brings, and this one."""
    rows: list[dict[str, Any]] = list(plan.get("amendments") or ())
    brought: list[dict[str, Any]] = [*(data.get("amendments") or ())]
    for each in (*brought, *([dict(act)] if act else [])):
        if not any(carrying.same_act(each, row) for row in rows):
            rows.append(each)
    return rows


def act_of(written: Mapping[str, Any] | None) -> dict[str, str]:
    """An amending act as somebody wrote it, empty when nothing was written.

    :param written: `document`, `number`, `date`, `url`.
    """
    act = {name: fields.text((written or {}).get(name)) for name in ACT_FIELDS}
    return act if any(act.values()) else {}


def check_act(act: Mapping[str, str], plan: Mapping[str, Any]) -> dict[str, Any]:
    """What is wrong with an act, by field of the form.

    :param act: as `act_of` gives it.
    :param plan: the plan that it amends.
    """
    errors: dict[str, Any] = {}
    if not act:
        return errors
    if not act["document"]:
        errors["act_document"] = [tk._("Say what kind of act it is")]
    if not (act["number"] or act["date"]):
        errors["act_number"] = [tk._("Give the number of the act or its date")]
    if act["date"] and fields.day_or_none(act["date"]) is None:
        message = tk._("“{text}” is not a date; write it as 2025-12-31")
        errors["act_date"] = [message.format(text=act["date"][:40])]
    approval = {name: plan.get(f"approval_{name}") or "" for name in ACT_FIELDS}
    if not errors and carrying.same_act(act, approval):
        message = tk._("This is the act that approved the plan, not one that amends it")
        errors["act_number"] = [message]
    return errors


def act_needed(found: Comparison, *, in_force: bool) -> list[str]:
    """The changes that need an act, by the names of their tasks.

    :param found: the comparison.
    :param in_force: whether the plan is in force.
    """
    if not in_force:
        return []
    tasks = [entry.row or entry.stored or {} for entry in found.protected]
    return [
        fields.task_name(fields.text(t.get("number")), fields.text(t.get("title")), at)
        for at, t in enumerate(tasks)
    ]


def refusal(tasks: list[str]) -> str:
    """The sentence for changes without their act.

    :param tasks: names of the changed tasks.
    """
    message = tk._(
        "The plan is in force, so the act that changes it must be named. It adds, "
        "withdraws or words anew: {tasks}."
    )
    return message.format(tasks=fields.listed(tasks, "; "))


def changed_since() -> str:
    """The sentence for a plan that was saved while its edition was being imported."""
    return tk._(
        "The plan was saved by somebody after this page was opened. The comparison "
        "below is that with the plan as it is now: look at it and save again."
    )


def unchanged() -> str:
    """The sentence for a document that says what the plan says."""
    return tk._(
        "The document says what the plan says already, so there is nothing to save. "
        "It can be attached to the plan."
    )


def told(errors: Mapping[str, Any], act: Mapping[str, str]) -> dict[str, Any]:
    """Errors of the saved plan, those about the act beside the fields of the form.

    :param errors: as `package_update` raises them.
    :param act: the act that was sent.
    """
    out: dict[str, Any] = {}
    for name, messages in errors.items():
        if name in _LISTED_FIELDS and not act:
            out.setdefault("act_document", []).extend(messages)
        elif name == "amendments" and isinstance(messages, list) and messages:
            last: Any = cast("list[Any]", messages)[-1]
            row = cast("dict[str, Any]", last if isinstance(last, dict) else {})
            for field, texts in row.items():
                out[f"act_{field}" if field in ACT_FIELDS else field] = texts
        else:
            out[name] = messages
    return out
