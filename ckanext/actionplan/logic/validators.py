"""Validators of plan fields; each message names the task."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, NoReturn
from urllib.parse import urlsplit

import ckan.plugins.toolkit as tk
from ckan import model

from .. import clock
from ..core import due
from ..core.errors import DueError
from . import amending, fields, measuring, naming, plan_rules

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from ckan.types import Context, FlattenDataDict, FlattenErrorDict, FlattenKey

    Validator: TypeAlias = Callable[
        [FlattenKey, FlattenDataDict, FlattenErrorDict, Context], None
    ]

#: Our own addresses stand where a plan of that name would.
NAMES_TAKEN: Final = ("import", "new", "due")

DATASET_TYPE: Final = "action-plan"


def _of_field(make: Callable[..., Validator]) -> Callable[..., Validator]:
    """Let scheming call a function with field and schema to make the validator."""
    make.__dict__["is_a_scheming_validator"] = True
    return make


def _drop(key: FlattenKey, data: FlattenDataDict) -> NoReturn:
    """Leave an empty field of the dataset out, as CKAN's `ignore_empty` does."""
    data.pop(key, None)
    raise tk.StopOnError


def _message(key: FlattenKey, data: FlattenDataDict, message: str) -> str:
    """A message of a subfield begins with the name of its row."""
    if len(key) == 1:
        return message
    return tk._("{row}: {message}").format(
        row=fields.row_name(key, data), message=message
    )


def actionplan_text(value: Any) -> str:
    """Text without space around it; missing is empty."""
    return fields.text(value)


def actionplan_list_output(value: Any) -> list[str]:
    """A stored list of texts as a list."""
    return fields.texts(value)


def actionplan_name_proposed(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Make an address from the title when none was typed; a saved one is kept."""
    if not fields.text(data.get(key)):
        saved = context.get("package")
        title = fields.text(data.get(("title",)))
        if saved is not None:
            data[key] = saved.name
        elif title:
            data[key] = naming.free_name(title)


def actionplan_name_free(value: str) -> str:
    """Refuse addresses that lead to pages of our own."""
    if value in NAMES_TAKEN:
        message = tk._("The address “{name}” is taken by a page of the portal")
        raise tk.Invalid(message.format(name=value))
    return value


@_of_field
def actionplan_required(field: dict[str, Any], schema: dict[str, Any]) -> Validator:
    """A subfield that must not be empty."""

    def validate(
        key: FlattenKey,
        data: FlattenDataDict,
        errors: FlattenErrorDict,
        context: Context,
    ) -> None:
        data[key] = fields.text(data.get(key))
        if not data[key]:
            message = tk._("“{field}” is empty").format(field=fields.label(field))
            errors[key].append(_message(key, data, message))

    return validate


@_of_field
def actionplan_choice(field: dict[str, Any], schema: dict[str, Any]) -> Validator:
    """One of the field's choices; empty is the field's default."""
    values = [choice["value"] for choice in field["choices"]]

    def validate(
        key: FlattenKey,
        data: FlattenDataDict,
        errors: FlattenErrorDict,
        context: Context,
    ) -> None:
        value = fields.text(data.get(key)) or field.get("default", "")
        data[key] = value
        if value not in values:
            message = tk._(
                "“{value}” is not a choice of “{field}”; possible: {choices}"
            )
            choices = ", ".join(choice for choice in values if choice)
            message = message.format(
                value=value, field=fields.label(field), choices=choices
            )
            errors[key].append(_message(key, data, message))

    return validate


@_of_field
def actionplan_day(field: dict[str, Any], schema: dict[str, Any]) -> Validator:
    """A day, stored as 2026-06-01; 01.06.2026 is understood."""

    def validate(
        key: FlattenKey,
        data: FlattenDataDict,
        errors: FlattenErrorDict,
        context: Context,
    ) -> None:
        value = fields.text(data.get(key))
        if not value and len(key) == 1:
            _drop(key, data)
        try:
            found = fields.day(value)
        except ValueError:
            message = tk._("“{value}” is not a date; write it as 2026-06-01")
            errors[key].append(_message(key, data, message.format(value=value)))
            raise tk.StopOnError from None
        data[key] = found.isoformat() if found else ""

    return validate


def actionplan_in_force_from(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Propose the later of the approval and the first day (decision 12)."""
    if not fields.text(data.get(key)):
        days = (
            fields.day_or_none(data.get((name,)))
            for name in ("approval_date", "period_start")
        )
        found = [day for day in days if day]
        data[key] = max(found).isoformat() if found else ""


def actionplan_tracked_from(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Keep the day of the first save (decision 12)."""
    if not fields.text(data.get(key)):
        before = fields.stored(context).get(key[-1])
        data[key] = before or clock.today().isoformat()


def actionplan_not_later(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Refuse a later day than before: it would make overdue tasks disappear."""
    before = fields.day_or_none(fields.stored(context).get(key[-1]))
    now = fields.day_or_none(data.get(key))
    if before and now and now > before and not fields.trusted(context):
        message = tk._(
            "The plan is followed from {day} already; only an earlier day can be set"
        )
        errors[key].append(message.format(day=before.isoformat()))


def actionplan_due(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """A due in normal form; empty while it is unresolved."""
    value = fields.text(data.get(key))
    try:
        data[key] = due.render(due.parse(value))
    except DueError as error:
        message = tk._(
            "“{part}” is not a due date; write ../2026-06-01 for a day, "
            "2026-09-01/.. or ../.. for a continuous task, R/P3M for every quarter, "
            "or leave the field empty"
        )
        errors[key].append(_message(key, data, message.format(part=error.part)))


def actionplan_measure(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """A measure of the list; a text that the saved plan holds may stay."""
    data[key] = value = fields.text(data.get(key))
    message = measuring.measure_fault(value)
    if message and not _held(value, key, context):
        errors[key].append(_message(key, data, message))


def actionplan_target(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """A target that fits the measure; a text that the saved plan holds may stay."""
    value = fields.text(data.get(key))
    chosen = fields.text(data.get((*key[:-1], "measure")))
    target, message = measuring.read_target(value, chosen)
    data[key] = target
    if message and not _held(value, key, context):
        errors[key].append(_message(key, data, message))


def _held(value: str, key: FlattenKey, context: Context) -> bool:
    """Whether the saved plan holds a text in some row of this subfield."""
    saved = fields.stored_rows(context, key[0])
    return any(fields.text(row.get(key[-1])) == value for row in saved)


def actionplan_link(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """An address of a web page, or nothing."""
    value = fields.text(data.get(key))
    data[key] = value
    try:
        parts = urlsplit(value)
        good = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        good = False
    if value and not good:
        message = tk._("“{value}” is not a link; it begins with https:// or http://")
        errors[key].append(_message(key, data, message.format(value=value)))


def actionplan_names(value: Any) -> list[str]:
    """Names, each once: a list, or one on a line."""
    return fields.texts(value)


def _organization_ids(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> list[str]:
    """Ids of the organizations that a field names; unknown ones are errors."""
    known = fields.organizations(data, context)
    ids: dict[str, None] = {}
    for value in fields.texts(data.get(key)):
        found = known.get(value)
        if found is None:
            message = tk._("There is no organization “{name}” on this portal")
            errors[key].append(_message(key, data, message.format(name=value)))
        elif found.heir:
            message = tk._("“{old}” was merged into “{new}”; choose that one")
            message = message.format(old=found.title, new=found.heir)
            errors[key].append(_message(key, data, message))
        else:
            ids[found.id] = None
    return list(ids)


def actionplan_organizations(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Organizations by name or id, stored as ids."""
    ids = _organization_ids(key, data, errors, context)
    if not errors[key]:
        data[key] = ids


def actionplan_participants(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Participants; organizations that executors are mapped to belong to them."""
    ids = _organization_ids(key, data, errors, context)
    known = fields.organizations(data, context)
    for row in fields.rows(data, "executors").values():
        if fields.text(row.get("who")) in ("", "participants"):
            ids.extend(
                known[value].id
                for value in fields.texts(row.get("organizations"))
                if value in known
            )
    if errors[key]:
        raise tk.StopOnError
    data[key] = json.dumps(list(dict.fromkeys(ids)))


def actionplan_organization(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """One organization by name or id, stored as its id."""
    ids = _organization_ids(key, data, errors, context)
    if errors[key]:
        raise tk.StopOnError
    data[key] = ids[0]


def actionplan_lead(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """The organization that leads a task, or nothing."""
    ids = _organization_ids(key, data, errors, context)
    if not errors[key]:
        data[key] = ids[0] if ids else ""


def actionplan_replaces(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Another plan of the same owner by name or id, stored as its id."""
    package = model.Package.get(data[key])
    if package is not None:
        ours = package.owner_org == data.get(("owner_org",))
        # Others are not to know that a private plan is there, nor its title.
        if not ours and (package.private or package.state != "active"):
            package = None
    if package is None or package.type != DATASET_TYPE or package.state == "deleted":
        raise tk.Invalid(tk._("There is no plan “{name}”").format(name=data[key]))
    saved = context.get("package")
    if saved is not None and saved.id == package.id:
        raise tk.Invalid(tk._("A plan cannot replace itself"))
    if package.owner_org != data.get(("owner_org",)):
        message = tk._("“{title}” is a plan of another organization")
        raise tk.Invalid(message.format(title=package.title or package.name))
    data[key] = package.id


def actionplan_form_modified(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Keep what the form says for `actionplan_plan_rules`; it is never stored."""
    plan_rules.remember_opened(context, fields.text(data.get(key)))
    _drop(key, data)


def actionplan_form_tasks(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Leave out what only a refused form needs."""
    _drop(key, data)


def actionplan_amended_by(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Keep which act the save names for `actionplan_plan_rules`; never stored."""
    amending.remember_chosen(context, fields.text(data.get(key)))
    _drop(key, data)


@_of_field
def actionplan_plan_rules(field: None, schema: dict[str, Any]) -> Validator:
    """What concerns several fields: term, executors, leads, ids, concurrent edits."""

    def validate(
        key: FlattenKey,
        data: FlattenDataDict,
        errors: FlattenErrorDict,
        context: Context,
    ) -> None:
        plan_rules.check(data, errors, context, schema)

    return validate
