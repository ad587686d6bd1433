"""The plan form: rows of repeating fields, labels once, errors as sentences."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, TypedDict, cast

import ckan.plugins.toolkit as tk

from . import fields

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Scheming sorts the keys of rows as texts: `tasks-10` would come before `tasks-2`.
INDEX_DIGITS: Final = 4
#: Where a refused form keeps the tasks that somebody else added meanwhile.
TAKEN: Final = "tasks_taken"


class Column(TypedDict):
    """A subfield as the form shows it, with its texts in the reader's language."""

    name: str
    label: str
    help: str
    placeholder: str
    kind: str
    width: int
    rows: int
    required: bool
    choices: list[tuple[str, str]]


class Row(TypedDict):
    """A row of a repeating field with what was typed and what is wrong with it."""

    index: str
    values: dict[str, Any]
    errors: dict[str, list[str]]


class Problem(TypedDict):
    """A sentence of the summary and the field that it leads to."""

    field: str
    text: str


#: Subfields that are not one line of text.
_KINDS: Final = {
    ("tasks", "id"): "hidden",
    ("tasks", "title"): "area",
    ("tasks", "indicator"): "area",
    ("tasks", "deadline"): "line",
    ("tasks", "due"): "due",
    ("tasks", "executors"): "names",
    ("tasks", "lead"): "lead",
    ("executors", "organizations"): "organizations",
    ("amendments", "date"): "day",
}


def columns(field: dict[str, Any]) -> list[Column]:
    """The subfields of a repeating field of the schema."""
    return [_column(field["field_name"], sub) for sub in field["repeating_subfields"]]


def _column(name: str, sub: dict[str, Any]) -> Column:
    say = tk.h.scheming_language_text
    choices = [
        (choice["value"], say(choice["label"])) for choice in sub.get("choices", ())
    ]
    kind = "choice" if choices else "line"
    return Column(
        name=sub["field_name"],
        label=say(sub["label"]),
        help=say(sub.get("help_text")),
        placeholder=say(sub.get("form_placeholder")),
        kind=_KINDS.get((name, sub["field_name"]), kind),
        width=sub.get("actionplan_width", 12),
        rows=sub.get("actionplan_rows", 1),
        required=bool(sub.get("required")),
        choices=choices,
    )


def rows(field: str, data: dict[str, Any], errors: dict[str, Any]) -> list[Row]:
    """The rows of a repeating field, stored or as a refused form sent them."""
    wrong: list[Any] = errors.get(field) or []
    return [
        Row(
            index=str(index).zfill(INDEX_DIGITS),
            values=values,
            errors=_row_errors(wrong, index),
        )
        for index, values in enumerate(
            _values(field, data) + (data.get(TAKEN, []) if field == "tasks" else [])
        )
    ]


def take_over(saved: dict[str, Any], typed: dict[str, Any]) -> None:
    """Add the tasks to a refused form that were not there when it was opened.

    :param saved: the plan as `package_show` has it.
    :param typed: the form's data, changed in place.
    """
    if "form_tasks" not in typed:
        return
    known = set(fields.text(typed["form_tasks"]).split())
    known.update(fields.text(row.get("id")) for row in _values("tasks", typed))
    tasks: list[dict[str, Any]] = saved.get("tasks") or []
    typed[TAKEN] = [task for task in tasks if task["id"] not in known]


def _row_errors(wrong: list[Any], index: int) -> dict[str, list[str]]:
    if index < len(wrong) and isinstance(wrong[index], dict):
        return wrong[index]
    return {}


def _values(field: str, data: dict[str, Any]) -> list[dict[str, Any]]:
    key = re.compile(rf"{re.escape(field)}-(\d+)-(\w+)")
    found: dict[str, dict[str, Any]] = {}
    for name, value in data.items():
        match = key.fullmatch(name)
        if match:
            found.setdefault(match[1], {})[match[2]] = value
    # What was typed stands beside the saved rows in a refused form of CKAN 2.12.
    if not found and isinstance(data.get(field), list):
        return data[field]
    return [found[index] for index in sorted(found)]


def problems(errors: dict[str, Any], schema: dict[str, Any]) -> list[Problem]:
    """Sentences for everything that is wrong, in the order of the form."""
    found: list[Problem] = []
    left = dict(errors)
    for field in schema["dataset_fields"]:
        name = field["field_name"]
        if name not in left:
            continue
        wrong = left.pop(name)
        if "repeating_subfields" in field:
            found.extend(_row_problems(field, wrong))
        else:
            found.append(_problem(field, wrong))
    for name, wrong in left.items():
        found.append(Problem(field="", text=f"{name}: {_first(wrong)}"))
    return found


def _problem(field: dict[str, Any], wrong: Any) -> Problem:
    text = _first(wrong)
    if field.get("form_snippet", "") is None:
        return Problem(field="", text=text)
    message = tk._("{field}: {message}").format(field=fields.label(field), message=text)
    anchor = {"owner_org": "organizations"}.get(field["field_name"])
    return Problem(field=f"field-{anchor or field['field_name']}", text=message)


def _row_problems(field: dict[str, Any], wrong: list[Any]) -> Iterator[Problem]:
    name = field["field_name"]
    for index, row in enumerate(wrong):
        if not isinstance(row, dict):
            yield Problem(field="", text=str(row))
            continue
        for sub in field["repeating_subfields"]:
            messages = cast("list[str]", row.get(sub["field_name"]) or [])
            for message in messages:
                anchor = f"field-{name}-{str(index).zfill(INDEX_DIGITS)}"
                yield Problem(field=f"{anchor}-{sub['field_name']}", text=message)


def _first(wrong: Any) -> str:
    if isinstance(wrong, (list, tuple)) and wrong:
        return str(wrong[0])
    return str(wrong)
