"""Tables as files: CSV, XLSX and JSON, none of which a spreadsheet may run."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from flask import Response
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

import ckan.plugins.toolkit as tk

from .. import clock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

__all__ = [
    "ENDINGS",
    "Column",
    "attachment",
    "json_response",
    "safe",
    "table_response",
]

#: For the rules of addresses: the formats in which every table is offered.
ENDINGS: Final = "<any(csv, xlsx, json):ending>"

#: What a spreadsheet would take for the start of a formula.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
#: Without it Excel takes UTF-8 for the code page of the country.
_BOM: Final = "\ufeff"
_SEPARATORS: Final = {"semicolon": ";", "tab": "\t"}

_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: The two formats that spreadsheets show as the reader's country writes dates.
_DAY: Final = "mm-dd-yy"
_MOMENT: Final = "m/d/yy h:mm"
#: What the name of a sheet may not hold, and how long it may be.
_NOT_IN_SHEETS: Final = re.compile(r"[\[\]:*?/\\]|^'|'$")
_SHEET_LENGTH: Final = 31
#: Widths of columns, in letters.
_NARROW, _WIDE = 8, 60


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    :param key: its name in JSON, the same in every language
    :param label: its heading elsewhere, translated
    """

    key: str
    label: str


def table_response(
    ending: str,
    name: str,
    columns: Sequence[Column],
    rows: Sequence[Sequence[Any]],
    *,
    title: str = "",
    data: Any = None,
) -> Response:
    """A table as a file.

    CSV takes its separator from the address: `separator=semicolon` or `tab`.

    :param ending: `csv`, `xlsx` or `json`
    :param name: name of the file without ending, ASCII
    :param columns: the columns
    :param rows: as many cells each as there are columns: texts, numbers, booleans,
        dates, aware datetimes or None
    :param title: what the table is, translated: the name of its sheet
    :param data: what JSON holds when it is more than the rows as objects
    """
    if ending == "json":
        keys = [column.key for column in columns]
        objects = [dict(zip(keys, row, strict=True)) for row in rows]
        return json_response(name, objects if data is None else data)
    header = [column.label for column in columns]
    if ending == "xlsx":
        return attachment(_workbook(title or name, header, rows), _XLSX, f"{name}.xlsx")
    separator = _SEPARATORS.get(tk.request.args.get("separator", ""), ",")
    return attachment(_csv(header, rows, separator), "text/csv", f"{name}.csv")


def json_response(name: str, data: Any) -> Response:
    """What a page shows as JSON.

    :param name: name of the file, without ending
    """
    text = json.dumps(data, ensure_ascii=False, indent=2, default=_json)
    return attachment(text, "application/json", f"{name}.json")


def safe(value: Any) -> Any:
    """A cell of CSV that no spreadsheet takes for a formula; numbers stay numbers."""
    value = _plain(value)
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (int, float, Decimal)):
        return value
    # Some programs skip leading blanks before they look for a formula.
    return f"'{value}" if _looks_active(value) else value


def _plain(value: Any) -> Any:
    """A value that every format of a table can hold."""
    if isinstance(value, bool):
        return tk._("yes") if value else tk._("no")
    if isinstance(value, datetime) and value.tzinfo:
        # Spreadsheets know no zones: the portal's clock is meant.
        return value.astimezone(ZoneInfo(clock.zone_name())).replace(tzinfo=None)
    if value is None or isinstance(value, (int, float, Decimal, date)):
        return value
    return str(value)


def _looks_active(text: str) -> bool:
    return text.lstrip(" ").startswith(_FORMULA)


def _csv(header: Sequence[str], rows: Sequence[Sequence[Any]], separator: str) -> str:
    text = io.StringIO()
    text.write(_BOM)
    writer = csv.writer(text, delimiter=separator)
    writer.writerow([safe(cell) for cell in header])
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return text.getvalue()


def _workbook(
    title: str, header: Sequence[str], rows: Sequence[Sequence[Any]]
) -> bytes:
    workbook = Workbook(write_only=True)
    workbook.properties.creator = tk.config["ckan.site_title"]
    workbook.properties.title = _printable(title)
    name = _printable(_NOT_IN_SHEETS.sub(" ", title))[:_SHEET_LENGTH].strip()
    sheet: Any = workbook.create_sheet(name or None)
    sheet.freeze_panes = "A2"
    last = get_column_letter(max(1, len(header)))
    sheet.auto_filter.ref = f"A1:{last}{len(rows) + 1}"
    for place, width in enumerate(_widths(header, rows), start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    bold = Font(bold=True)
    sheet.append([_cell(sheet, label, font=bold) for label in header])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def _cell(sheet: WriteOnlyWorksheet, value: Any, font: Font | None = None) -> Any:
    """A cell that shows its value and never computes it."""
    value = _plain(value)
    if not isinstance(value, str) or not value:
        value = None if value == "" else value
        cell: Any = WriteOnlyCell(sheet, value)
        if isinstance(value, date):
            moment = isinstance(value, datetime)
            cell.number_format = _MOMENT if moment else _DAY
        return cell
    text = _printable(value)
    cell = WriteOnlyCell(sheet, text)
    # Without this "=1+1" is a formula and "#N/A" an error.
    cell.data_type = "s"
    # And with this it stays a text when somebody edits the cell.
    cell.quotePrefix = _looks_active(text)
    cell.alignment = Alignment(vertical="top", wrap_text=len(text) > _WIDE)
    if font:
        cell.font = font
    return cell


def _printable(text: str) -> str:
    """Without the control characters that XML cannot hold."""
    return ILLEGAL_CHARACTERS_RE.sub("", text)


def _widths(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[int]:
    widths = [len(label) + 2 for label in header]
    for row in rows:
        for place, value in enumerate(row):
            length = 11 if isinstance(value, date) else len(str(value or ""))
            widths[place] = max(widths[place], length + 1)
    return [min(max(width, _NARROW), _WIDE) for width in widths]


def _json(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(type(value).__name__)


def attachment(body: str | bytes, mimetype: str, filename: str) -> Response:
    """A file to download; JSON is shown instead.

    :param filename: with its ending, ASCII
    """
    response = Response(body, mimetype=mimetype)
    shown = mimetype == "application/json"
    disposition = "inline" if shown else "attachment"
    response.headers.set("Content-Disposition", disposition, filename=filename)
    return response
