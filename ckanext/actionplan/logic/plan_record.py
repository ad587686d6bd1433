"""A plan as exports carry it: organizations by name, lines as papers print them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.model.group import group_table
from ckan.model.package import package_table

from ..core.plan import Performed
from ..reader.own import AMENDMENT_TEXTS, PLAN_TEXTS, TASK_TEXTS, Named
from ..reader.own_table import COLUMNS, PLAN, PLAN_FIELDS
from . import fields

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: What councils print over the act; the paper is in Ukrainian on every portal.
_APPROVED = "ЗАТВЕРДЖЕНО"


def plan_of(pkg_dict: Mapping[str, Any]) -> dict[str, Any]:
    """A plan with every field of an export; two statements, however large it is.

    :param pkg_dict: the plan as `package_show` gives it.
    """
    executors, tasks = _rows(pkg_dict, "executors"), _rows(pkg_dict, "tasks")
    participants = fields.texts(pkg_dict.get("participants"))
    reviewing = fields.text(pkg_dict.get("reviewing_organization"))
    owner = fields.text(pkg_dict.get("owner_org"))
    named = _organizations(
        [
            owner,
            reviewing,
            *participants,
            *(
                key
                for row in executors
                for key in fields.texts(row.get("organizations"))
            ),
            *(fields.text(row.get("lead")) for row in tasks),
        ]
    )
    return {
        "id": pkg_dict["id"],
        "name": pkg_dict["name"],
        **_texts(pkg_dict, PLAN_TEXTS),
        "owner_org": named.get(owner),
        "reviewing_organization": named.get(reviewing),
        "replaces": _replaced(fields.text(pkg_dict.get("replaces"))),
        "participants": [named[key] for key in participants],
        "executors": [
            {
                **_texts(row, ("name", "who")),
                "organizations": [
                    named[key] for key in fields.texts(row.get("organizations"))
                ],
            }
            for row in executors
        ],
        "amendments": [
            _texts(row, AMENDMENT_TEXTS) for row in _rows(pkg_dict, "amendments")
        ],
        "tasks": [
            {
                **_texts(row, TASK_TEXTS),
                "performed": row.get("performed") or Performed.JOINTLY.value,
                "executors": fields.texts(row.get("executors")),
                "lead": named.get(fields.text(row.get("lead"))),
            }
            for row in tasks
        ],
    }


def _rows(pkg_dict: Mapping[str, Any], field: str) -> list[dict[str, Any]]:
    return pkg_dict.get(field) or []


def _texts(row: Mapping[str, Any], names: Iterable[str]) -> dict[str, str]:
    return {name: str(row.get(name) or "") for name in names}


def _organizations(ids: Iterable[str]) -> dict[str, Named]:
    """Organizations by id; one that is gone keeps its id."""
    keys = {key for key in ids if key}
    table = group_table.c
    columns = (table.id, table.name, table.title)
    found = model.Session.execute(sa.select(*columns).where(table.id.in_(sorted(keys))))
    out = {key: Named(id=key, name="", title="") for key in keys}
    for row in found:
        out[row.id] = Named(id=row.id, name=row.name, title=row.title or row.name)
    return out


def _replaced(plan_id: str) -> Named | None:
    """The plan that this one replaces; what a private one is called is not told."""
    table = package_table.c
    statement = sa.select(table.name, table.title).where(
        table.id == plan_id, table.private.is_(False), table.state == "active"
    )
    row = model.Session.execute(statement).one_or_none()
    if not plan_id:
        return None
    name, title = (row.name, row.title or row.name) if row else ("", "")
    return Named(id=plan_id, name=name, title=title)


def approval_lines(plan: Mapping[str, Any]) -> list[str]:
    """The block of approval as councils print it; none when nothing is known."""
    act, number, day = (
        plan[f"approval_{name}"] for name in ("document", "number", "date")
    )
    parts = [f"від {_day(day)}"] if day else []
    parts += [f"№ {number}"] if number else []
    if not (act or parts):
        return []
    return [line for line in (_APPROVED, act, " ".join(parts)) if line]


def title_lines(plan: Mapping[str, Any]) -> list[str]:
    """The title of the plan, a line for each of its lines."""
    return [line for line in plan["title"].splitlines() if line.strip()]


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).strftime("%d.%m.%Y")
    except ValueError:
        return text


def labels() -> dict[str, str]:
    """What fields are called in the reader's language, by `tasks.title` and so on."""
    schema = tk.h.scheming_get_dataset_schema("action-plan")
    out = {
        f"{PLAN}.field": tk._("Field"),
        f"{PLAN}.label": tk._("Name of the field"),
        f"{PLAN}.value": tk._("Value"),
        f"{PLAN}.id": tk._("Id"),
        f"{PLAN}.printed": tk._("Printed above the tasks"),
        "tasks.seal": tk._("Sign of the deadline; leave it as it is"),
    }
    for field in schema["dataset_fields"]:
        name = field["field_name"]
        if name in PLAN_FIELDS:
            out[f"{PLAN}.{name}"] = fields.label(field)
        for each in field.get("repeating_subfields", ()):
            if each["field_name"] in COLUMNS.get(name, ()):
                out[f"{name}.{each['field_name']}"] = fields.label(each)
        if name in COLUMNS:
            out[name] = fields.label(field)
    out[PLAN] = tk._("Plan")
    return out
