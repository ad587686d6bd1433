"""A plan as files that can be read back: JSON, CSV and XLSX.

Everything here is a function of the record of a plan (`plan_record.plan_of`) and of
labels: no request and no database is asked. The paper is written by the views.
"""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING, Any, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from ..core.plan import Continuity, Performed, Who
from ..reader.own import FORMAT, VERSION, record
from ..reader.own_table import EXECUTORS, RESTS, TASKS, Block, blocks, guarded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

#: Without it Excel takes UTF-8 for the code page of the country.
_BOM: Final = "\ufeff"
#: A cell of Excel holds 32,767 signs, of which one may take seven.
_LONGEST: Final = 4_500
_CELL: Final = 32_000
#: What XML cannot hold or would change, and what looks like such a sign already.
_ESCAPED: Final = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_NOT_IN_SHEETS: Final = re.compile(r"[\[\]:*?/\\']")
_SHEET_LENGTH: Final = 31
#: Widths of columns in letters, by how much they usually hold.
_WIDTHS: Final = {
    "section": 24,
    "number": 8,
    "title": 60,
    "deadline": 24,
    "indicator": 40,
    "executors": 40,
    "label": 30,
    "value": 80,
    "name": 50,
    "organizations": 60,
    "document": 40,
    "text": 80,
}
_WIDTH: Final = 18
_CHOICES: Final = {
    f"{TASKS}.performed": [each.value for each in Performed],
    f"{TASKS}.continuity": [each.value for each in Continuity],
    f"{EXECUTORS}.who": [each.value for each in Who if each.value],
}


def json_file(plan: Mapping[str, Any]) -> bytes:
    """A plan as JSON, UTF-8."""
    return json.dumps(record(plan), ensure_ascii=False, indent=2).encode()


def csv_file(
    plan: Mapping[str, Any],
    lines: Sequence[str],
    labels: Mapping[str, str],
    separator: str = ",",
) -> bytes:
    """A plan as CSV: its tables one below another, the tasks last.

    :param lines: what is printed above the tasks
    :param labels: what fields are called
    :param separator: comma, semicolon or tab
    """
    text = io.StringIO()
    text.write(_BOM)
    writer = csv.writer(text, delimiter=separator)
    writer.writerow([FORMAT, VERSION])

    def write(cells: Sequence[str]) -> None:
        writer.writerow([guarded(cell, formulas=True) for cell in cells])

    for line in lines:
        write([line])
    for block in blocks(plan, lines, labels):
        writer.writerow([])
        writer.writerow(block.keys)
        write(_labels(block, labels))
        for row in block.rows:
            write(row)
    return text.getvalue().encode()


def _labels(block: Block, labels: Mapping[str, str]) -> list[str]:
    pairs = zip(block.columns, block.keys, strict=True)
    return [labels.get(key, column) for column, key in pairs]


def xlsx_file(
    plan: Mapping[str, Any], lines: Sequence[str], labels: Mapping[str, str]
) -> bytes:
    """A plan as XLSX: first the sheet that people read, then what stands around it.

    :param lines: what is printed above the tasks
    :param labels: what fields are called
    """
    workbook = Workbook(write_only=True)
    workbook.properties.title = _escaped(plan["title"])[:255]
    *others, tasks = blocks(plan, lines, labels)
    rests: list[list[str]] = []
    for block in (tasks, *others):
        above = lines if block.name == TASKS else ()
        _sheet(workbook, _cut(block, rests), above, labels)
    if rests:
        _sheet(workbook, Block(RESTS, ("place", "text"), rests), (), labels)
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def _cut(block: Block, rests: list[list[str]]) -> Block:
    """A table whose cells Excel can hold; the rests of long texts go elsewhere."""
    rows: list[list[str]] = []
    for number, row in enumerate(block.rows, 1):
        values = dict(zip(block.columns, row, strict=True))
        key = values.get("id") or values.get("field") or str(number)
        for column, text in values.items():
            if len(_escaped(text)) <= _CELL:
                continue
            place = f"{block.name}.{key}.{column}"
            parts = [text[at : at + _LONGEST] for at in range(0, len(text), _LONGEST)]
            values[column] = parts[0]
            rests += [[place, part] for part in parts[1:]]
        rows.append(list(values.values()))
    return Block(block.name, block.columns, rows)


def _sheet(
    workbook: Workbook, block: Block, above: Sequence[str], labels: Mapping[str, str]
) -> None:
    name = labels.get(block.name, block.name)
    sheet: Any = workbook.create_sheet(_NOT_IN_SHEETS.sub(" ", name)[:_SHEET_LENGTH])
    # Keys are for programs; the labels below them are for people.
    keys = len(above) + 1 + bool(above)
    sheet.row_dimensions[keys].hidden = True
    sheet.freeze_panes = f"A{keys + 2}"
    last = get_column_letter(len(block.columns))
    sheet.auto_filter.ref = f"A{keys + 1}:{last}{keys + 1 + len(block.rows)}"
    for place, column in enumerate(block.columns, start=1):
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = _WIDTHS.get(column, _WIDTH)
        sheet.column_dimensions[letter].hidden = column == "seal"
    _offer(sheet, block, keys + 2)
    large, bold = Font(bold=True, size=14), Font(bold=True)
    grey = PatternFill("solid", fgColor="E7E6E6")
    for line in above:
        sheet.append([_cell(sheet, line, font=large, wrap=False)])
    if above:
        sheet.append([])
    sheet.append(block.keys)
    sheet.append(
        [_cell(sheet, t, font=bold, fill=grey) for t in _labels(block, labels)]
    )
    for row in block.rows:
        sheet.append([_cell(sheet, text) for text in row])
    if block.name == TASKS:
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.print_title_rows = f"{keys + 1}:{keys + 1}"
        # On paper the columns that councils print.
        sheet.print_area = f"A1:F{keys + 1 + len(block.rows)}"


def _offer(sheet: Any, block: Block, first: int) -> None:
    """Offer the values of columns that know only a few."""
    for place, key in enumerate(block.keys, start=1):
        if key in _CHOICES and block.rows:
            listed = ",".join(_CHOICES[key])
            offer = DataValidation("list", formula1=f'"{listed}"', allow_blank=True)
            letter = get_column_letter(place)
            offer.add(f"{letter}{first}:{letter}{first + len(block.rows) + 200}")
            sheet.data_validations.append(offer)


def _cell(
    sheet: WriteOnlyWorksheet,
    text: str,
    *,
    font: Font | None = None,
    fill: PatternFill | None = None,
    wrap: bool = True,
) -> Any:
    """A cell that shows its text and never computes it."""
    shown = _escaped(guarded(text, formulas=False))
    cell: Any = WriteOnlyCell(sheet, shown or None)
    if shown:
        # Without this "=1+1" is a formula and "#N/A" an error.
        cell.data_type = "s"
        cell.quotePrefix = guarded(text, formulas=True) != text
        # A text stays one when somebody edits it: "1.10" is no number.
        cell.number_format = "@"
    cell.alignment = Alignment(vertical="top", wrap_text=wrap)
    if font:
        cell.font = font
    if fill:
        cell.fill = fill
    return cell


def _escaped(text: str) -> str:
    """A text as sheets write signs that XML cannot hold."""
    return _ESCAPED.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
