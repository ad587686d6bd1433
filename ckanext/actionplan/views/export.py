"""Tables of the compliance pages as CSV and JSON."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from flask import Response

import ckan.plugins.toolkit as tk

from .. import labels, wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

#: What a spreadsheet would take for the start of a formula.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
#: Without it Excel takes UTF-8 for the code page of the country.
_BOM: Final = "\ufeff"
_SEPARATORS: Final = {"semicolon": ";", "tab": "\t"}


def safe(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula; numbers stay numbers."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return tk._("yes") if value else tk._("no")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (int, float, Decimal)):
        return value
    text = str(value)
    # Some programs skip leading blanks before they look for a formula.
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


def csv_response(
    name: str, header: Sequence[str], rows: Iterable[Sequence[Any]], separator: str = ""
) -> Response:
    """A table as CSV that a spreadsheet opens right.

    :param name: name of the file, without ending
    :param separator: `semicolon` or `tab`, anything else is the comma
    """
    text = io.StringIO()
    text.write(_BOM)
    writer = csv.writer(text, delimiter=_SEPARATORS.get(separator, ","))
    writer.writerow([safe(cell) for cell in header])
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return _attachment(text.getvalue(), "text/csv", f"{name}.csv")


def json_response(name: str, data: Any) -> Response:
    """What a page shows as JSON.

    :param name: name of the file, without ending
    """
    text = json.dumps(data, ensure_ascii=False, indent=2, default=_plain)
    return _attachment(text, "application/json", f"{name}.json")


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(type(value).__name__)


def _attachment(text: str, mimetype: str, filename: str) -> Response:
    response = Response(text, mimetype=mimetype)
    disposition = "attachment" if mimetype == "text/csv" else "inline"
    response.headers.set("Content-Disposition", disposition, filename=filename)
    return response


def task_rows(tasks: Iterable[dict[str, Any]]) -> tuple[list[str], list[list[Any]]]:
    """Header and rows of a publisher's tasks."""
    header = [
        tk._("State"),
        tk._("Days overdue"),
        tk._("Number"),
        tk._("Section"),
        tk._("Task"),
        tk._("Deadline as printed"),
        tk._("Period"),
        tk._("Due on"),
        tk._("Indicator"),
        tk._("Plan"),
        tk._("Answers for it"),
        tk._("Done on"),
        tk._("Address"),
    ]
    rows = [
        [
            labels.status(task["status"]).word,
            task.get("days"),
            task["number"],
            task["section"],
            task["title"],
            task["deadline"],
            wording.period(task["occurrence"]),
            wording.as_day(task["due_on"]),
            task["indicator"],
            task["plan_title"],
            task.get("organization_title"),
            wording.as_day((task.get("report") or {}).get("done_on")),
            tk.h.url_for("action-plan.read", id=task["plan_name"], _external=True),
        ]
        for task in tasks
    ]
    return header, rows


def dataset_rows(
    datasets: Iterable[dict[str, Any]],
) -> tuple[list[str], list[list[Any]]]:
    """Header and rows of a publisher's datasets."""
    header = [
        tk._("Dataset"),
        tk._("Updates"),
        tk._("Days late"),
        tk._("Updated on"),
        tk._("Update frequency"),
        tk._("National portal"),
        tk._("Missing in the passport"),
        tk._("Formats"),
        tk._("Machine-readable"),
        tk._("Address"),
        tk._("Address on the national portal"),
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
        for dataset in datasets
    ]
    return header, rows


def card_rows(card: dict[str, Any]) -> tuple[list[str], list[list[Any]]]:
    """Header and rows of a score card."""
    header = [
        tk._("Criterion"),
        tk._("Counts"),
        tk._("Numerator"),
        tk._("Denominator"),
        tk._("Points"),
        tk._("Weight"),
        tk._("Why it is not measured"),
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
        for criterion in card["criteria"]
    ]
    return header, rows


def standing_rows(
    listed: Iterable[tuple[str, dict[str, Any]]],
) -> tuple[list[str], list[list[Any]]]:
    """Header and rows of all publishers.

    :param listed: title of the council (empty for none) and the row of a publisher
    """
    header = [
        tk._("Council"),
        tk._("Publisher"),
        tk._("Tasks due"),
        tk._("Tasks done"),
        tk._("Tasks overdue"),
        tk._("Tasks unresolved"),
        tk._("Tasks to confirm"),
        tk._("Datasets"),
        tk._("Datasets on time"),
        tk._("Datasets judged"),
        tk._("On the national portal"),
        tk._("Compared with the national portal"),
        tk._("Points of 100"),
        tk._("Address"),
    ]
    keys = (
        "tasks_due",
        "tasks_done",
        "tasks_overdue",
        "tasks_unresolved",
        "tasks_to_confirm",
        "datasets",
        "datasets_on_time",
        "datasets_judged",
        "upstream_present",
        "upstream_judged",
        "total",
    )
    rows = [
        [
            council,
            row["organization"]["title"],
            *(row.get(key) for key in keys),
            tk.h.url_for(
                "compliance.organization",
                name=row["organization"]["name"],
                _external=True,
            ),
        ]
        for council, row in listed
    ]
    return header, rows
