"""The tables of the compliance pages, as columns and rows for `export`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import ckan.plugins.toolkit as tk

from .. import labels, wording
from .export import Column

if TYPE_CHECKING:
    from collections.abc import Iterable

Table: TypeAlias = "tuple[list[Column], list[list[Any]]]"


def tasks(obligations: Iterable[dict[str, Any]]) -> Table:
    """The obligations of a publisher, a plan or a task."""
    columns = [
        Column("status", tk._("State")),
        Column("days", tk._("Days overdue")),
        Column("number", tk._("Number")),
        Column("section", tk._("Section")),
        Column("title", tk._("Task")),
        Column("topic", tk._("Topic")),
        Column("deadline", tk._("Deadline as printed")),
        Column("occurrence", tk._("Period")),
        Column("due_on", tk._("Due on")),
        Column("due_before", tk._("Due on before an amendment")),
        Column("indicator", tk._("Indicator")),
        Column("plan_title", tk._("Plan")),
        Column("organization_title", tk._("Answers for it")),
        Column("done_on", tk._("Done on")),
        Column("address", tk._("Address")),
    ]
    return columns, [_task(row) for row in obligations]


def _task(row: dict[str, Any]) -> list[Any]:
    return [
        labels.status(row["status"]).word,
        row.get("days"),
        row["number"],
        row["section"],
        row["title"],
        labels.text("topic", row["topic"] or ""),
        row["deadline"],
        wording.period(row["occurrence"]),
        wording.as_day(row["due_on"]),
        wording.as_day(row["due_before"]),
        row["indicator"],
        row["plan_title"],
        row.get("organization_title"),
        wording.as_day((row.get("report") or {}).get("done_on")),
        tk.h.url_for("action-plan.read", id=row["plan_name"], _external=True),
    ]


def datasets(shown: Iterable[dict[str, Any]]) -> Table:
    """The datasets of a publisher."""
    columns = [
        Column("title", tk._("Dataset")),
        Column("on_time", tk._("Updates")),
        Column("late_days", tk._("Days late")),
        Column("updated_at", tk._("Updated on")),
        Column("frequency", tk._("Update frequency")),
        Column("presence", tk._("National portal")),
        Column("passport_gaps", tk._("Missing in the passport")),
        Column("formats", tk._("Formats")),
        Column("machine_readable", tk._("Machine-readable")),
        Column("address", tk._("Address")),
        Column("upstream_url", tk._("Address on the national portal")),
    ]
    rows = [
        [
            dataset["title"] or dataset["name"],
            labels.freshness(dataset["on_time"]).word,
            dataset["late_days"],
            wording.as_day(dataset["updated_at"]),
            labels.text("frequency", dataset["frequency"]),
            labels.presence(dataset["presence"]).word,
            ", ".join(labels.text("gap", gap) for gap in dataset["passport_gaps"]),
            ", ".join(dataset["formats"]),
            dataset["machine_readable"],
            tk.h.url_for("dataset.read", id=dataset["name"], _external=True),
            dataset["upstream_url"],
        ]
        for dataset in shown
    ]
    return columns, rows


def card(shown: dict[str, Any]) -> Table:
    """The criteria of a score card."""
    columns = [
        Column("label", tk._("Criterion")),
        Column("explanation", tk._("Counts")),
        Column("numerator", tk._("Numerator")),
        Column("denominator", tk._("Denominator")),
        Column("points", tk._("Points")),
        Column("weight", tk._("Weight")),
        Column("why_not", tk._("Why it is not measured")),
    ]
    rows = [
        [
            criterion["label"],
            criterion["explanation"],
            criterion["numerator"] if criterion["measured"] else None,
            criterion["denominator"] if criterion["measured"] else None,
            criterion["points"],
            criterion["weight"],
            labels.text("why_not", criterion["why_not"] or ""),
        ]
        for criterion in shown["criteria"]
    ]
    return columns, rows


def standings(listed: Iterable[tuple[str, dict[str, Any]]]) -> Table:
    """All publishers with their figures.

    :param listed: title of the council (empty for none) and the row of a publisher
    """
    figures = [
        Column("tasks_due", tk._("Tasks due")),
        Column("tasks_done", tk._("Tasks done")),
        Column("tasks_overdue", tk._("Tasks overdue")),
        Column("tasks_unresolved", tk._("Tasks unresolved")),
        Column("tasks_to_confirm", tk._("Tasks to confirm")),
        Column("datasets", tk._("Datasets")),
        Column("datasets_on_time", tk._("Datasets on time")),
        Column("datasets_judged", tk._("Datasets judged")),
        Column("upstream_present", tk._("On the national portal")),
        Column("upstream_judged", tk._("Compared with the national portal")),
        Column("total", tk._("Points of 100")),
    ]
    columns = [
        Column("council", tk._("Council")),
        Column("publisher", tk._("Publisher")),
        *figures,
        Column("address", tk._("Address")),
    ]
    rows = [
        [
            council,
            row["organization"]["title"],
            *(row.get(figure.key) for figure in figures),
            tk.h.url_for(
                "compliance.organization",
                name=row["organization"]["name"],
                _external=True,
            ),
        ]
        for council, row in listed
    ]
    return columns, rows
