"""Where something stands in the document that was imported, in words."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

import ckan.plugins.toolkit as tk

from ..reader.columns import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: Fields of a task that the reader may have found in another row.
_FIELDS: Final = {
    "section": "section",
    "principle": "principle",
    "deadline": "deadline",
    "indicator": "indicator",
    "executor": "executors",
    "executors": "executors",
}


def place(row: Mapping[str, Any]) -> str:
    """Where a task stands in the document.

    :param row: its review.
    """
    origin = row.get("origin")
    return words_of([origin, *(row.get("joined") or ())]) if origin else ""


def words_of(origins: Iterable[Mapping[str, Any]]) -> str:
    """Where rows stand: page or sheet, table, rows.

    :param origins: places as the reader gives them, in printed order.
    """
    return "; ".join(
        _rows(*where, [str(each["row"]) for each in group])
        for where, group in groupby(origins, key=_where)
    )


def _where(origin: Mapping[str, Any]) -> tuple[int, str, int]:
    return origin.get("page") or 0, origin.get("sheet") or "", origin["table"]


def _rows(page: int, sheet: str, table: int, rows: list[str]) -> str:
    values = {"page": page, "sheet": sheet, "table": table, "rows": ", ".join(rows)}
    # The rows are listed, not counted: “рядки 20, 21” though 21 ends in one.
    count = min(len(rows), 2)
    if sheet:
        text = tk.ungettext(
            "sheet “{sheet}”, row {rows}", "sheet “{sheet}”, rows {rows}", count
        )
    elif page and table:
        text = tk.ungettext(
            "page {page}, table {table}, row {rows}",
            "page {page}, table {table}, rows {rows}",
            count,
        )
    elif page:
        text = tk.ungettext(
            "page {page}, line {rows}", "page {page}, lines {rows}", count
        )
    elif table:
        text = tk.ungettext(
            "table {table}, row {rows}", "table {table}, rows {rows}", count
        )
    else:
        text = tk.ungettext("line {rows}", "lines {rows}", count)
    return text.format(**values)


def elsewhere(row: Mapping[str, Any]) -> dict[str, str]:
    """Where fields were found that stand in another row than their task, by field.

    :param row: the review of the task.
    """
    sources: Mapping[str, Any] = row.get("sources") or {}
    own = row.get("origin")
    return {
        _FIELDS[name]: words_of([origin])
        for name, origin in sources.items()
        if name in _FIELDS and origin and origin != own
    }


def cells(row: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The printed cells of a task with the headings of their columns.

    :param row: its review, or one of its pieces.
    """
    headings = {
        Role.NUMBER.value: lambda: tk._("Number"),
        Role.PRINCIPLE.value: lambda: tk._("Principle"),
        Role.CONTENT.value: lambda: tk._("Content of the principle"),
        Role.DIRECTION.value: lambda: tk._("Direction"),
        Role.TASK.value: lambda: tk._("Task"),
        Role.DEADLINE.value: lambda: tk._("Deadline"),
        Role.INDICATOR.value: lambda: tk._("Indicator"),
        Role.EXECUTOR.value: lambda: tk._("Executor"),
        Role.OTHER.value: lambda: tk._("Other column"),
    }
    printed: dict[str, str] = row.get("cells") or {}
    return [
        (word(), printed[role]) for role, word in headings.items() if role in printed
    ]
