"""Tables as CSV, XLSX and JSON: what spreadsheets and programs find in them."""

from __future__ import annotations

import io
import json
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook

import ckan.plugins.toolkit as tk

from ckanext.actionplan.views import export
from ckanext.actionplan.views.export import Column

if TYPE_CHECKING:
    from collections.abc import Callable

HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1"]
COLUMNS = [Column("title", "Назва"), Column("n", "n")]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_is_taken_for_a_formula(text: str) -> None:
    assert export.safe(text) == f"'{text}"


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        (True, "yes"),
        (False, "no"),
        (-3, -3),
        (Decimal("7.5"), Decimal("7.5")),
        (date(2026, 9, 30), "2026-09-30"),
        ("1.1 = 2", "1.1 = 2"),
        ("", ""),
    ],
)
def test_other_cells_stay_as_they_are(value: Any, cell: Any) -> None:
    assert export.safe(value) == cell


@pytest.mark.parametrize(
    ("query", "mark"),
    [("", ","), ("?separator=semicolon", ";"), ("?separator=x", ",")],
)
def test_csv_is_utf8_that_a_spreadsheet_knows(
    test_request_context: Callable[..., Any], query: str, mark: str
) -> None:
    with test_request_context(f"/{query}"):
        response = export.table_response("csv", "t", COLUMNS, [["а;б,в", 1]])
    assert response.data.startswith(b"\xef\xbb\xbf")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    head, row = response.data.decode("utf-8-sig").splitlines()
    assert head == f"Назва{mark}n"
    assert row == f'"а;б,в"{mark}1'


def test_json_writes_dates_and_decimals() -> None:
    data = {"day": date(2026, 9, 30), "points": Decimal("7.5"), "назва": "а"}
    response = export.json_response("t", data)
    assert json.loads(response.data) == {
        "day": "2026-09-30",
        "points": 7.5,
        "назва": "а",
    }
    with pytest.raises(TypeError):
        export.json_response("t", {"x": object()})


def test_json_of_a_table_names_its_columns_in_no_language() -> None:
    rows = [["а", None], ["=1+1", date(2026, 9, 30)]]
    response = export.table_response("json", "t", COLUMNS, rows)
    assert json.loads(response.data) == [
        {"title": "а", "n": None},
        {"title": "=1+1", "n": "2026-09-30"},
    ]
    more = export.table_response("json", "t", COLUMNS, rows, data={"all": 1})
    assert json.loads(more.data) == {"all": 1}


def sheet(rows: list[list[Any]], title: str = "Завдання") -> Any:
    response = export.table_response("xlsx", "t", COLUMNS, rows, title=title)
    assert response.headers["Content-Disposition"] == "attachment; filename=t.xlsx"
    return load_workbook(io.BytesIO(response.data)).worksheets[0]


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("text", [*HOSTILE, "#N/A", "https://example.org/?a=b"])
def test_no_cell_of_a_workbook_computes(text: str) -> None:
    cell = sheet([[text, 1]])["A2"]
    # Not every writer of XML keeps a carriage return.
    assert cell.value.replace("\r", "\n") == text.replace("\r", "\n")
    assert cell.data_type not in ("f", "e")
    assert cell.quotePrefix == (text in HOSTILE)


@pytest.mark.usefixtures("app")
def test_a_workbook_holds_dates_as_dates_and_numbers_as_numbers() -> None:
    kyiv = timezone(timedelta(hours=2))
    moment = datetime(2026, 11, 21, 9, 40, tzinfo=kyiv)
    found = sheet(
        [
            ["день", date(2026, 9, 30)],
            ["мить", moment],
            ["очки", Decimal("7.5")],
            ["так", True],
            ["порожньо", None],
            ["порожній текст", ""],
        ]
    )
    values = [row[1].value for row in found.iter_rows(min_row=2)]
    local = export.safe(moment).replace(" ", "T")
    assert values == [
        datetime(2026, 9, 30),  # noqa: DTZ001
        datetime.fromisoformat(local),
        7.5,
        tk._("yes"),
        None,
        None,
    ]
    assert found["B2"].is_date
    assert found["B3"].is_date
    assert [cell.value for cell in found[1]] == ["Назва", "n"]
    assert found["A1"].font.bold
    assert (found.freeze_panes, found.auto_filter.ref) == ("A2", "A1:B7")


@pytest.mark.usefixtures("app")
def test_texts_that_a_workbook_cannot_hold_are_tamed() -> None:
    found = sheet(
        [["a\x00b\x0bc", 1], ["я" * 40_000, 2]], "План: 2026/2027 [" + "x" * 50
    )
    assert found["A2"].value == "abc"
    assert len(found["A3"].value) == 32_767
    assert found.title.startswith("План  2026 2027")
    assert len(found.title) <= 31
    # An apostrophe is a letter's neighbor in Ukrainian; only the ends forbid it.
    assert sheet([["а", 1]], "'Зобов'язання'").title == "Зобов'язання"
