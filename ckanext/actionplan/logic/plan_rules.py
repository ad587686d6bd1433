"""Rules of a plan that concern several of its fields (decisions 10 to 12)."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Final, cast

import ckan.plugins.toolkit as tk

from ..core.plan import Who
from . import amending, fields

if TYPE_CHECKING:
    from ckan.types import Context, FlattenDataDict, FlattenErrorDict

_OPENED: Final = "actionplan_form_modified"


def remember_opened(context: Context, moment: str) -> None:
    """Keep when a form was opened until all fields are validated."""
    cast("dict[str, Any]", context)[_OPENED] = moment


def check(
    data: FlattenDataDict,
    errors: FlattenErrorDict,
    context: Context,
    schema: dict[str, Any],
) -> None:
    """Check a plan whose fields are valid one by one, and give new tasks their ids.

    :param data: flattened; ids and executors are written in place.
    :param errors: flattened; messages are added next to their fields.
    :param schema: the scheming schema, for labels.
    """
    _check_order(data, errors, "period_start", "period_end")
    _check_order(data, errors, "in_force_from", "in_force_until")
    mapping = _check_executors(data, errors)
    names = fields.organizations(data, context)
    titles = {found.id: found.title for found in names.values()}
    rows = fields.rows(data, "tasks")
    for index in rows:
        _check_performers(index, data, errors, mapping)
        _check_lead(index, data, errors, mapping, titles)
    _check_reviewer(data, errors)
    _check_ids(data, errors, context)
    if not any(errors.get(("tasks", index, "id")) for index in rows):
        # Of tasks that are not known nobody can say what changed in them.
        amending.check(data, errors, context)
    _check_opened(data, errors, context, schema)


def _check_order(
    data: FlattenDataDict, errors: FlattenErrorDict, first: str, last: str
) -> None:
    start = fields.day_or_none(data.get((first,)))
    end = fields.day_or_none(data.get((last,)))
    if start and end and end < start:
        message = tk._("The last day {end} lies before the first day {start}")
        errors.setdefault((last,), []).append(
            message.format(start=start.isoformat(), end=end.isoformat())
        )


def _check_executors(
    data: FlattenDataDict, errors: FlattenErrorDict
) -> dict[str, set[str]]:
    """Executor names and the ids of the organizations that they stand for."""
    mapping: dict[str, set[str]] = {}
    participants = set(fields.texts(data.get(("participants",))))
    for index, row in fields.rows(data, "executors").items():
        name = fields.text(row.get("name"))
        who = fields.text(row.get("who"))
        ids = fields.texts(row.get("organizations"))
        if ids and not who:
            who = Who.PARTICIPANTS.value
        if who != Who.PARTICIPANTS.value:
            ids = []
        elif not ids:
            message = tk._("{executor}: choose at least one organization").format(
                executor=fields.executor_name(name, index)
            )
            errors["executors", index, "organizations"].append(message)
        if name in mapping:
            message = tk._("{executor}: this name stands in the list twice").format(
                executor=fields.executor_name(name, index)
            )
            errors["executors", index, "name"].append(message)
        if not errors["executors", index, "organizations"]:
            data["executors", index, "organizations"] = ids
        data["executors", index, "who"] = who
        mapping[name] = _stands_for(who, ids, participants, data)
    return mapping


def _stands_for(
    who: str, ids: list[str], participants: set[str], data: FlattenDataDict
) -> set[str]:
    if who == Who.ALL.value:
        return participants
    if who == Who.OWNER.value:
        return {fields.text(data.get(("owner_org",)))}
    return set(ids)


def _check_performers(
    index: int,
    data: FlattenDataDict,
    errors: FlattenErrorDict,
    mapping: dict[str, set[str]],
) -> None:
    for name in fields.texts(data.get(("tasks", index, "executors"))):
        if name not in mapping:
            message = tk._(
                "{task}: “{name}” is not among the executors of the plan; add the name "
                "to them or correct it here"
            ).format(task=fields.row_name(("tasks", index), data), name=name)
            errors["tasks", index, "executors"].append(message)


def _check_lead(
    index: int,
    data: FlattenDataDict,
    errors: FlattenErrorDict,
    mapping: dict[str, set[str]],
    titles: dict[str, str],
) -> None:
    key = ("tasks", index, "lead")
    lead = fields.text(data.get(key))
    names = fields.texts(data.get(("tasks", index, "executors")))
    possible = {found for name in names for found in mapping.get(name, ())}
    if lead and lead not in possible and not errors[key]:
        message = tk._("{task}: the lead “{lead}” is none of the task's executors")
        row = fields.row_name(("tasks", index), data)
        errors[key].append(message.format(task=row, lead=titles.get(lead, lead)))


def _check_reviewer(data: FlattenDataDict, errors: FlattenErrorDict) -> None:
    """Nobody judges the reports on a plan of its own (decision 11)."""
    reviewer = fields.text(data.get(("reviewing_organization",)))
    if reviewer and reviewer == fields.text(data.get(("owner_org",))):
        message = tk._(
            "The owner of a plan cannot review its own reports; choose another "
            "organization or leave the field empty"
        )
        errors.setdefault(("reviewing_organization",), []).append(message)


def _check_ids(
    data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    known = fields.known_task_ids(context)
    made = context.get("package") is None
    # Whoever restores an exported plan needs its ids: reports hang on them.
    restored = made and fields.trusted(context)
    rows = fields.rows(data, "tasks")
    given = [fields.text(task.get("id")) for task in rows.values()]
    # An exported plan that is not here any more comes back with its ids. Those that a
    # plan of this portal has are of the plan that the new one was copied from.
    fresh = {each for each in given if made and fields.is_uuid(each)}
    fresh -= fields.task_ids_in_use(fresh)
    seen: set[str] = set()
    for index, task_id in zip(rows, given, strict=True):
        row = fields.row_name(("tasks", index), data)
        key = ("tasks", index, "id")
        if not task_id or (made and not restored and task_id not in fresh):
            data[key] = str(uuid.uuid4())
        elif task_id in seen:
            message = tk._("{task}: another task has the same id; leave the id empty")
            errors[key].append(message.format(task=row))
        elif task_id not in known and not made:
            message = tk._("{task}: the plan has no task with this id; leave it empty")
            errors[key].append(message.format(task=row))
        seen.add(task_id)


def _check_opened(
    data: FlattenDataDict,
    errors: FlattenErrorDict,
    context: Context,
    schema: dict[str, Any],
) -> None:
    """Refuse a form that was opened before the last save, and say what differs."""
    opened = cast("dict[str, Any]", context).pop(_OPENED, "")
    package = context.get("package")
    if not opened or package is None:
        return
    if opened == package.metadata_modified.isoformat():
        return
    message = tk._(
        "The plan was saved by somebody else after you opened this form. Nothing was "
        "overwritten, and nothing that you typed is lost. Your form differs from the "
        "saved plan in: {changes}. Compare below and save again."
    )
    changes = _changed_fields(data, context, schema) + _changed_tasks(data, context)
    listed = fields.listed(changes, ", ") or tk._("nothing")
    errors[("form_modified",)] = [message.format(changes=listed)]


def _changed_fields(
    data: FlattenDataDict, context: Context, schema: dict[str, Any]
) -> list[str]:
    before = fields.stored(context)
    changed: list[str] = []
    for field in schema["dataset_fields"]:
        name = field["field_name"]
        if field.get("form_snippet", "") is None or name in ("name", "owner_org"):
            continue
        if "repeating_subfields" in field:
            same = name == "tasks" or _same_rows(data, context, name)
        elif name == "participants":
            typed, saved = (
                fields.texts(d) for d in (data.get((name,)), before.get(name))
            )
            same = set(typed) == set(saved)
        else:
            same = fields.text(data.get((name,))) == fields.text(before.get(name))
        if not same:
            changed.append(fields.label(field))
    return changed


def _same_rows(data: FlattenDataDict, context: Context, field: str) -> bool:
    return list(fields.rows(data, field).values()) == fields.stored_rows(context, field)


def _changed_tasks(data: FlattenDataDict, context: Context) -> list[str]:
    """Names of the tasks that differ, the missing ones included."""
    before = {row["id"]: row for row in fields.stored_rows(context, "tasks")}
    changed: list[str] = []
    for index, task in fields.rows(data, "tasks").items():
        if before.pop(task.get("id"), None) != task:
            changed.append(fields.row_name(("tasks", index), data))
    changed.extend(
        fields.task_name(row.get("number", ""), row.get("title", ""), index)
        for index, row in enumerate(before.values())
    )
    return changed
