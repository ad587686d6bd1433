"""Changes of a plan in force need the act that made them (decision 13)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from .. import clock
from ..model import ObligationRow, PlanRow, Report
from . import fields

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ckan.types import Context, FlattenDataDict, FlattenErrorDict

_CHOSEN: Final = "actionplan_amended_by"
_ACT: Final = "actionplan_act"
#: First and last days of the term.
_FIRST: Final = ("period_start", "in_force_from")
_LAST: Final = ("period_end", "in_force_until")
#: What tells one amending act from another.
_KEY: Final = ("document", "number", "date")


def remember_chosen(context: Context, value: str) -> None:
    """Keep which act a save names until all fields are validated."""
    cast("dict[str, Any]", context)[_CHOSEN] = value


def check(data: FlattenDataDict, errors: FlattenErrorDict, context: Context) -> None:
    """Refuse a change of a plan in force without its act.

    The act in words waits for `hand_over`, empty when none is named.

    :param data: flattened and valid field by field.
    :param errors: flattened; the message is added to `amended_by`.
    """
    notes = cast("dict[str, Any]", context)
    chosen = fields.text(notes.pop(_CHOSEN, ""))
    rows = list(fields.rows(data, "amendments").values())
    acts = _new(rows, fields.stored_rows(context, "amendments"))
    if chosen:
        named = _named(rows, chosen)
        if named is None:
            message = tk._("“{act}” is none of the amendments of this plan")
            errors[("amended_by",)] = [message.format(act=chosen)]
            return
        if named not in acts:
            acts.append(named)
    package = context.get("package")
    if package is not None:
        waiting = model.Session.info.setdefault(_ACT, {})
        waiting[package.id] = "; ".join(map(words, acts))
    if not acts and _in_force(context):
        changed = _changed(data, context)
        if changed:
            errors[("amended_by",)] = [_sentence(changed)]
        if not fields.trusted(context):
            _check_term(data, errors, context)


def _check_term(
    data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Refuse to take days that have passed out of the term: what was due stays due."""
    before, today = fields.stored(context), clock.today()
    for name in (*_FIRST, *_LAST):
        stood = fields.day_or_none(before.get(name))
        stands = fields.day_or_none(data.get((name,)))
        if name in _FIRST:
            shorter = stood and stood < today and (stands is None or stands > stood)
        else:
            shorter = stands and stands < today and (stood is None or stands < stood)
        if shorter:
            message = tk._(
                "The plan is in force: only an act can take days that have passed out "
                "of its term. Add the act to the amendments, or ask a system "
                "administrator."
            )
            errors.setdefault((name,), []).append(message)


def in_force(plan_id: str) -> bool:
    """Whether a plan is in force, so that only acts change it.

    :param plan_id: id of its package.
    """
    package = model.Package.get(plan_id)
    return _in_force(cast("Context", {"package": package}))


def hand_over(context: Context, plan_id: str) -> None:
    """Put the act of this save into the context of the hooks, where it is looked for.

    Validators get a copy of the context, so what they find out goes another way.

    :param context: of the hook; `actionplan_act` is written, empty for no act.
    :param plan_id: id of the saved package.
    """
    act = model.Session.info.get(_ACT, {}).pop(plan_id, "")
    cast("dict[str, Any]", context)[_ACT] = act


def words(row: Mapping[str, Any]) -> str:
    """An amending act as `Рішення № 5 (12.03.2025)`.

    :param row: a row of `amendments`.
    """
    parts = [fields.text(row.get("document"))]
    number = fields.text(row.get("number"))
    if number:
        parts.append(f"№ {_bare(number)}")
    day = fields.day_or_none(row.get("date"))
    if day:
        parts.append(f"({day:%d.%m.%Y})")
    return " ".join(part for part in parts if part)


def _bare(number: str) -> str:
    return number.removeprefix("№").removeprefix("N ").strip()


def _new(rows: list[dict[str, Any]], before: list[dict[str, Any]]) -> list[Any]:
    """Acts that the plan did not have; a corrected row is none."""
    known = [_key(row) for row in before]
    fresh = [row for row in rows if _key(row) not in known]
    return fresh if len(rows) > len(before) else []


def _key(row: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(fields.text(row.get(name)) for name in _KEY)


def _named(rows: list[dict[str, Any]], chosen: str) -> dict[str, Any] | None:
    """The amendment of that number, else of that date; the latest row wins."""
    day = fields.day_or_none(chosen)
    for row in reversed(rows):
        number = fields.text(row.get("number"))
        if number and _bare(number).casefold() == _bare(chosen).casefold():
            return row
    for row in reversed(rows):
        if day and fields.day_or_none(row.get("date")) == day:
            return row
    return None


def _in_force(context: Context) -> bool:
    """Whether the plan as saved before is in force today, or ever was in public.

    A private plan that never was public and that nobody has reported on is still being
    prepared.
    """
    package = context.get("package")
    if package is None:
        return False
    if _bound(package.id):
        return True
    before = fields.stored(context)
    start = fields.day_or_none(before.get("in_force_from"))
    until = fields.day_or_none(before.get("in_force_until"))
    today = clock.today()
    if start is None or start > today or (until and until < today):
        return False
    return not package.private or _reported(package.id)


def _bound(plan_id: str) -> bool:
    row = PlanRow.__table__.c
    statement = sa.select(row.bound_on.is_not(None)).where(row.id == plan_id)
    return bool(model.Session.scalar(statement))


def _reported(plan_id: str) -> bool:
    obligation, report = ObligationRow.__table__.c, Report.__table__.c
    found = sa.exists().where(
        report.obligation_id == obligation.id, obligation.plan_id == plan_id
    )
    return bool(model.Session.scalar(sa.select(found)))


def _changed(data: FlattenDataDict, context: Context) -> list[str]:
    """Tasks that no act allows to change, in the order of the form."""
    before = {row["id"]: row for row in fields.stored_rows(context, "tasks")}
    changed: list[str] = []
    for index, task in fields.rows(data, "tasks").items():
        old = before.pop(task.get("id"), None)
        name = fields.row_name(("tasks", index), data)
        if old is None:
            changed.append(tk._("{task} (added)").format(task=name))
        elif _reworded(old, task):
            changed.append(tk._("{task} (another wording)").format(task=name))
    for index, old in enumerate(before.values()):
        if not fields.text(old.get("withdrawn_by")):
            name = fields.task_name(old.get("number", ""), old.get("title", ""), index)
            changed.append(tk._("{task} (removed)").format(task=name))
    return changed


def _reworded(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether the printed deadline differs and no act of the task itself says why."""
    act = fields.text(new.get("withdrawn_by"))
    if act and act != fields.text(old.get("withdrawn_by")):
        return False
    before, now = (fields.text(row.get("deadline")).split() for row in (old, new))
    return before != now


def _sentence(changed: list[str]) -> str:
    message = tk._(
        "The plan is in force, so its wordings and tasks change by an act only. "
        "Changed without one: {tasks}. Add the act to the amendments, or choose it if "
        "it stands there already."
    )
    return message.format(tasks=fields.listed(changed, "; "))
