"""What a form would change in a plan that somebody else saved meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypedDict

import ckan.plugins.toolkit as tk

from ..core import due
from ..core.errors import DueError
from . import choices, fields, plan_form

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: Fields with which a row of a list is found again.
_KEYS: Final = {"tasks": ("id",), "executors": ("name",)}
#: What tells a reader which row is meant.
_SHOWN: Final = {
    "tasks": ("number", "title", "deadline"),
    "executors": ("name", "who"),
    "amendments": ("document", "number", "date"),
}
_HIDDEN: Final = frozenset(("id",))
_ORGANIZATIONS: Final = frozenset(
    ("owner_org", "participants", "reviewing_organization", "organizations", "lead")
)


class Difference(TypedDict):
    """A field, or a whole row, that differs; texts in the reader's language."""

    place: str
    field: str
    saved: str
    yours: str
    anchor: str


def differences(
    saved: Mapping[str, Any], typed: Mapping[str, Any], schema: Mapping[str, Any]
) -> list[Difference]:
    """Where a refused form differs from the saved plan, in the order of the form.

    :param saved: the plan as `package_show` has it.
    :param typed: the form's data.
    :param schema: the scheming schema.
    """
    found: list[Difference] = []
    for field in schema["dataset_fields"]:
        name = field["field_name"]
        if "repeating_subfields" in field:
            found.extend(_rows(field, saved, typed))
        elif "form_snippet" not in field or field["form_snippet"] is not None:
            if name not in typed or name == "amended_by":
                continue
            found.extend(_one("", field, saved, typed, f"field-{name}"))
        if name == "owner_org":
            found.extend(_visibility(saved, typed))
    return found


def _visibility(
    saved: Mapping[str, Any], typed: Mapping[str, Any]
) -> Iterator[Difference]:
    before, now = (tk.asbool(each.get("private") or False) for each in (saved, typed))
    if before != now:
        words = {True: tk._("Private"), False: tk._("Public")}
        yield Difference(
            place="",
            field=tk._("Visibility"),
            saved=words[before],
            yours=words[now],
            anchor="field-private",
        )


def _one(
    place: str,
    field: dict[str, Any],
    saved: Mapping[str, Any],
    typed: Mapping[str, Any],
    anchor: str,
) -> Iterator[Difference]:
    name = field["field_name"]
    before, now = (_value(field, each.get(name)) for each in (saved, typed))
    if before != now:
        yield Difference(
            place=place,
            field=fields.label(field),
            saved=_words(field, before),
            yours=_words(field, now),
            anchor=anchor,
        )


def _rows(
    field: dict[str, Any], saved: Mapping[str, Any], typed: Mapping[str, Any]
) -> Iterator[Difference]:
    name = field["field_name"]
    stored: list[dict[str, Any]] = saved.get(name) or []
    before = dict(enumerate(stored))
    taken = [row["id"] for row in typed.get(plan_form.TAKEN, [])]
    for index, row in enumerate(plan_form.rows(name, dict(typed), {})):
        values, anchor = row["values"], f"field-{name}-{row['index']}"
        at = _same_row(name, values, before)
        place = _place(name, values, index)
        if at is None:
            yield _whole(field, place, {}, values, f"{anchor}-{_SHOWN[name][0]}")
            continue
        old = before.pop(at)
        if name == "tasks" and values.get("id") in taken:
            both = _whole(field, place, old, values, f"{anchor}-number")
            both["yours"] = tk._("taken over into your form")
            yield both
            continue
        for sub in field["repeating_subfields"]:
            if sub["field_name"] not in _HIDDEN and sub["field_name"] in values:
                target = f"{anchor}-{sub['field_name']}"
                yield from _one(place, sub, old, values, target)
    for index, old in before.items():
        yield _whole(field, _place(name, old, index), old, {}, f"field-{name}")


def _same_row(
    name: str, values: Mapping[str, Any], before: Mapping[int, Mapping[str, Any]]
) -> int | None:
    """Where a typed row stands among the saved ones, of those not yet found."""
    keys = _KEYS.get(name, _SHOWN[name])
    sought = [fields.text(values.get(key)) for key in keys]
    if not any(sought):
        return None
    for at, row in before.items():
        if [fields.text(row.get(key)) for key in keys] == sought:
            return at
    return None


def _whole(
    field: dict[str, Any],
    place: str,
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    anchor: str,
) -> Difference:
    """A row that only one of the two has."""
    missing = tk._("not there")
    return Difference(
        place=place,
        field="",
        saved=_row_words(field, old) if old else missing,
        yours=_row_words(field, new) if new else missing,
        anchor=anchor,
    )


def _row_words(field: dict[str, Any], row: Mapping[str, Any]) -> str:
    subs = {sub["field_name"]: sub for sub in field["repeating_subfields"]}
    shown = (
        _words(subs[name], _value(subs[name], row.get(name)))
        for name in _SHOWN[field["field_name"]]
    )
    return " · ".join(words for words in shown if words)


def _place(name: str, row: Mapping[str, Any], index: int) -> str:
    if name == "tasks":
        number, title = (fields.text(row.get(key)) for key in ("number", "title"))
        return fields.task_name(number, title, index)
    if name == "executors":
        return fields.executor_name(fields.text(row.get("name")), index)
    return tk._("Amendment {number}").format(number=index + 1)


def _value(field: dict[str, Any], value: Any) -> Any:
    """A value in one form, whether it is stored or was typed."""
    name = field["field_name"]
    if name in ("participants", "organizations"):
        return sorted(fields.texts(value))
    if name == "executors":
        return fields.texts(value)
    text = "\n".join(fields.text(value).splitlines())
    if name == "due":
        try:
            return due.render(due.parse(text))
        except DueError:
            return text
    if field.get("choices"):
        return text or field.get("default", "")
    day = fields.day_or_none(text)
    return day.isoformat() if day else text


def _words(field: dict[str, Any], value: Any) -> str:
    """A value as the reader knows it from the form."""
    name = field["field_name"]
    texts = fields.texts(value)
    if name in _ORGANIZATIONS:
        titles = choices.titles()
        return "; ".join(titles.get(each, each) for each in texts)
    if name == "replaces":
        plans = {each["id"]: each.get("title") for each in choices.plans()}
        return str(plans.get(value) or value)
    for choice in field.get("choices", ()):
        if choice["value"] == value:
            return tk.h.scheming_language_text(choice["label"])
    return "; ".join(texts) if isinstance(value, list) else str(value)
