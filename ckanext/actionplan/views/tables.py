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
        wording.occasion(row),
        wording.as_day(row["due_on"]),
        wording.as_day(row["due_before"]),
        row["indicator"],
        row["plan_title"],
        row.get("organization_title"),
        wording.as_day((row.get("report") or {}).get("done_on")),
        _address(row["plan_name"], row["task_id"]),
    ]


def _address(plan_name: str, task_id: str) -> str:
    return tk.h.url_for(
        "actionplan_task.read", name=plan_name, task_id=task_id, _external=True
    )


def topic(rows: Iterable[dict[str, Any]]) -> Table:
    """What councils owe on a topic, one row for each task and last day."""
    columns = [
        Column("council", tk._("Council")),
        Column("number", tk._("Number")),
        Column("title", tk._("Task")),
        Column("deadline", tk._("Deadline as printed")),
        Column("occurrence", tk._("Period")),
        Column("due_on", tk._("Due on")),
        Column("days", tk._("Days overdue")),
        Column("states", tk._("State")),
        Column("done_on", tk._("Done on")),
        Column("evidence", tk._("Evidence")),
        Column("plan_title", tk._("Plan")),
        Column("address", tk._("Address")),
    ]
    return columns, [
        [
            row["council"]["title"],
            row["number"],
            row["title"],
            row["deadline"],
            wording.occasion(row),
            wording.as_day(row["due_on"]),
            row["days"],
            "; ".join(
                f"{labels.status(state).word}: {count}"
                for state, count in row["states"].items()
            ),
            wording.as_day(row["done_on"]),
            "; ".join(each["link"] for each in row["evidence"]),
            row["plan_title"] or row["plan_name"],
            _address(row["plan_name"], row["task_id"]),
        ]
        for row in rows
    ]


def reports(publishers: Iterable[dict[str, Any]]) -> Table:
    """The rounds of the reports on a task."""
    columns = [
        Column("organization_title", tk._("Publisher")),
        Column("occurrence", tk._("Period")),
        Column("due_on", tk._("Due on")),
        Column("changed_at", tk._("Written on")),
        Column("state", tk._("State of the report")),
        Column("done_on", tk._("Done on")),
        Column("note", tk._("What was done")),
        Column("link", tk._("Link to the evidence")),
        Column("comment", tk._("Comment of the reviewer")),
        Column("author", tk._("Author")),
    ]
    rows = [
        [
            obligation["organization_title"],
            wording.occasion(obligation),
            wording.as_day(obligation["due_on"]),
            each["changed_at"],
            labels.text("report", each["state"]),
            wording.as_day(each["done_on"]),
            *(each[name] for name in ("note", "link", "comment", "author")),
        ]
        for publisher in publishers
        for obligation in publisher["obligations"]
        for each in obligation["rounds"]
    ]
    return columns, rows


def changes(shown: Iterable[dict[str, Any]]) -> Table:
    """What was changed in a plan or a task, in words."""
    columns = [
        Column("changed_at", tk._("Changed on")),
        Column("kind", tk._("Kind of change")),
        Column("act", tk._("Act")),
        Column("number", tk._("Number")),
        Column("title", tk._("Task")),
        Column("label", tk._("What was changed")),
        Column("before", tk._("Before")),
        Column("after", tk._("After")),
        Column("author", tk._("Author")),
    ]
    rows = [
        [
            change["changed_at"],
            labels.text("change", change["kind"]),
            change["act"],
            change["number"],
            change["title"],
            change["label"],
            change["before_words"],
            change["after_words"],
            change["author"],
        ]
        for change in shown
    ]
    return columns, rows


def plan(plan_name: str, sections: Iterable[dict[str, Any]]) -> Table:
    """The tasks of a plan as its page shows them, with how many stand where."""
    columns = [
        Column("number", tk._("Number")),
        Column("section", tk._("Section")),
        Column("title", tk._("Task")),
        Column("deadline", tk._("Deadline as printed")),
        Column("due", tk._("Read as")),
        Column("indicator", tk._("Indicator")),
        Column("executors", tk._("Executors")),
        Column("by_each", tk._("Each on its own")),
        Column("topic", tk._("Topic")),
        Column("withdrawn_by", tk._("Withdrawn by")),
        Column("states", tk._("State")),
        Column("address", tk._("Address")),
    ]
    rows = [
        [
            task.get("number"),
            section["title"],
            task["title"],
            task.get("deadline"),
            task["due_words"],
            task.get("indicator"),
            "; ".join(performer["name"] for performer in task["performers"]),
            task["by_each"],
            task["topic_words"],
            task.get("withdrawn_by"),
            "; ".join(
                f"{each['label'].word}: {each['count']}" for each in task["states"]
            ),
            _address(plan_name, task["id"]),
        ]
        for section in sections
        for task in section["tasks"]
    ]
    return columns, rows


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
