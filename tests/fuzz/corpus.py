"""Plans of invented councils in every format, as office programs write them."""

from __future__ import annotations

import csv
import io
import random
import zipfile
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any, Final

import docx
import font_roboto
import openpyxl
from fpdf import FPDF
from fpdf.fonts import FontFace

from ckanext.actionplan.logic import plan_files
from ckanext.actionplan.reader.own import PLAN_NAMED, PLAN_TEXTS, TASK_TEXTS

if TYPE_CHECKING:
    from collections.abc import Callable

HEADER: Final = ("№", "Завдання", "Строк виконання", "Показник", "Виконавець")
_VERBS: Final = ("Ухвалити", "Оприлюднити", "Оновлювати", "Провести", "Описати")
_THINGS: Final = (
    "перелік наборів даних",
    "правила ведення реєстрів",
    "навчання відповідальних осіб",
    "опитування користувачів",
    "дані про рух автобусів",
)
_DEADLINES: Final = (
    "до 31.12.2025",
    "ІІ квартал 2025 року",
    "постійно",
    "щокварталу, до 10 числа наступного місяця",
    "протягом строку дії плану",
    "1 вересня 2025 р.; грудень 2026 р.",
    "після затвердження бюджету",
    "31.02.2026",
)
_SIGNS: Final = ("Розпорядження підписано", "не менше 80 %", "Так/ні", "12 наборів", "")
_UNITS: Final = (
    "Відділ цифрового розвитку",
    "Відділ кадрів, юридичний відділ",
    "Управління з питань освіти, культури та спорту",
    "Усі розпорядники",
)
_CELLS: Final = 5


@dataclass(frozen=True, slots=True)
class Sample:
    """What one document says.

    :param lines: above the table.
    :param rows: of the table; one text alone is a section.
    :param end: lines below.
    """

    lines: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    end: tuple[str, ...]


def sample(seed: int, tasks: int = 6) -> Sample:
    """A plan of some tasks in two sections.

    :param seed: the same number gives the same plan.
    :param tasks: how many.
    """
    chance = random.Random(seed)  # noqa: S311 - documents for tests, no secret
    rows: list[tuple[str, ...]] = [HEADER]
    if seed % 2:
        rows.append(("1", "2", "3", "4", "5"))
    for number in range(tasks):
        if number in (0, tasks // 2):
            rows.append((f"{'I' * (1 + (number > 0))}. Напрям робіт {number + 1}",))
        title = f"{chance.choice(_VERBS)} {chance.choice(_THINGS)} ({number + 1})"
        rows.append(
            (
                f"{number + 1}.",
                title,
                chance.choice(_DEADLINES),
                chance.choice(_SIGNS),
                chance.choice(_UNITS),
            )
        )
    lines = (
        "ЗАТВЕРДЖЕНО",
        "Розпорядження міського голови",
        f"від 14.03.2025 № {chance.randrange(10, 300)}-р",
        "ПЛАН ДІЙ",
        "з розвитку відкритих даних у Джерельненській міській раді",
        "на 2025–2026 роки",
    )
    return Sample(lines, tuple(rows), ("Міський голова", "Олена ДЖЕРЕЛЬНА"))


def as_docx(plan: Sample) -> bytes:
    """A Word document with merged section rows."""
    document: Any = docx.Document()
    for line in plan.lines:
        document.add_paragraph(line)
    table = document.add_table(rows=len(plan.rows), cols=_CELLS)
    for at, row in enumerate(plan.rows):
        cells = table.rows[at].cells
        if len(row) == 1:
            cells[0].merge(cells[-1]).text = row[0]
            continue
        for cell, text in zip(cells, row, strict=True):
            cell.text = text
    for line in plan.end:
        document.add_paragraph(line)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _archive(parts: dict[str, str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name, text in parts.items():
            target.writestr(name, text)
    return stream.getvalue()


def _open_document(kind: str, body: str) -> bytes:
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "style", "text", "table")
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {names}>'
        '<office:automatic-styles><style:style style:name="P1" '
        'style:family="paragraph"/></office:automatic-styles>'
        f"<office:body><office:{kind}>{body}</office:{kind}></office:body>"
        "</office:document-content>"
    )
    styles = (
        f"<office:document-styles {names}><office:styles/></office:document-styles>"
    )
    media = "text" if kind == "text" else "spreadsheet"
    return _archive(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{media}",
            "content.xml": content,
            "styles.xml": styles,
        }
    )


def _paragraph(text: str) -> str:
    return f'<text:p text:style-name="P1">{escape(text)}</text:p>'


def _open_row(row: tuple[str, ...]) -> str:
    kind = 'office:value-type="string"'
    if len(row) == 1:
        cells = (
            f'<table:table-cell {kind} table:number-columns-spanned="{_CELLS}">'
            f"{_paragraph(row[0])}</table:table-cell>"
            f'<table:covered-table-cell table:number-columns-repeated="{_CELLS - 1}"/>'
        )
    else:
        cells = "".join(
            f"<table:table-cell {kind}>{_paragraph(text)}</table:table-cell>"
            for text in row
        )
    return f"<table:table-row>{cells}</table:table-row>"


def _open_table(rows: list[tuple[str, ...]]) -> str:
    return (
        '<table:table table:name="План"><table:table-column '
        f'table:number-columns-repeated="{_CELLS}"/>'
        f"{''.join(map(_open_row, rows))}</table:table>"
    )


def as_odt(plan: Sample) -> bytes:
    """A Writer document; the end of the plan is a numbered list."""
    items = "".join(
        f"<text:list-item>{_paragraph(line)}</text:list-item>" for line in plan.end
    )
    body = "".join(map(_paragraph, plan.lines)) + _open_table(list(plan.rows))
    return _open_document("text", f'{body}<text:list xml:id="l1">{items}</text:list>')


def as_ods(plan: Sample) -> bytes:
    """A Calc workbook with the title above the table."""
    above = [(line, *[""] * (_CELLS - 1)) for line in plan.lines]
    return _open_document("spreadsheet", _open_table([*above, *plan.rows]))


def as_xlsx(plan: Sample) -> bytes:
    """An Excel workbook with a second sheet."""
    book = openpyxl.Workbook()
    sheet: Any = book.active
    for line in plan.lines:
        sheet.append([line])
    for row in plan.rows:
        sheet.append(list(row))
        if len(row) == 1:
            at = sheet.max_row
            sheet.merge_cells(
                start_row=at, end_row=at, start_column=1, end_column=_CELLS
            )
    other: Any = book.create_sheet("Примітки")
    other.append(["Складено для перевірки"])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def as_csv(plan: Sample) -> bytes:
    """Semicolons and the encoding of an old office program."""
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";")
    for row in plan.rows:
        writer.writerow([*row, *[""] * (_CELLS - len(row))])
    return stream.getvalue().encode("cp1251")


def as_html(plan: Sample) -> bytes:
    """A page of a council's site."""
    rows = "".join(
        f"<tr><td colspan={_CELLS}>{escape(row[0])}</td></tr>"
        if len(row) == 1
        else "<tr>" + "".join(f"<td>{escape(text)}</td>" for text in row) + "</tr>"
        for row in plan.rows
    )
    lines = "".join(f"<p>{escape(line)}</p>" for line in plan.lines)
    end = "".join(f"<li>{escape(line)}" for line in plan.end)
    return (
        "<!DOCTYPE html><html><head><meta charset=utf-8><title>План</title>"
        "<style>.n{color:red}</style></head><body><nav><a href=/>Головна</a></nav>"
        f"{lines}<table border=1>{rows}</table><ol>{end}</ol></body></html>"
    ).encode()


def as_text(plan: Sample) -> bytes:
    """Text with tabs between the columns."""
    rows = ["\t".join(row) for row in plan.rows]
    return "\n".join([*plan.lines, *rows, *plan.end]).encode()


def as_pdf(plan: Sample, compressed: bool = False) -> bytes:
    """Pages with ruled tables; open streams let mutations reach what is drawn."""
    pdf = FPDF("L", "mm", "A4")
    pdf.set_compression(compressed)
    pdf.add_font("R", "", font_roboto.Roboto)
    pdf.add_page()
    pdf.set_font("R", "", 11)
    for line in plan.lines:
        pdf.cell(text=line, new_x="LMARGIN", new_y="NEXT")
    plain = FontFace(emphasis="")
    with pdf.table(headings_style=plain, col_widths=(1, 6, 4, 4, 4)) as table:
        for row in plan.rows:
            drawn = table.row()
            for text in row:
                drawn.cell(text, colspan=_CELLS if len(row) == 1 else 1)
    for line in plan.end:
        pdf.cell(text=line, new_x="LMARGIN", new_y="NEXT")
    return bytes(pdf.output())


def _exported(plan: Sample) -> dict[str, Any]:
    """The same plan as a portal exports it."""
    named = {"id": "o-1", "name": "rada", "title": "Джерельненська міська рада"}
    rows = [row for row in plan.rows[1:] if len(row) == _CELLS and row[0] != "1"]
    tasks = [
        {
            **dict.fromkeys(TASK_TEXTS, ""),
            "id": f"{at:08x}-0000-4000-8000-000000000000",
            "number": number,
            "title": title,
            "deadline": deadline,
            "due": "../2025-12-31",
            "indicator": sign,
            "performed": "each",
            "executors": [unit],
            "lead": named if at % 2 else None,
        }
        for at, (number, title, deadline, sign, unit) in enumerate(rows)
    ]
    return {
        **dict.fromkeys(PLAN_TEXTS, ""),
        **dict.fromkeys(PLAN_NAMED),
        "id": "p-1",
        "name": "plan",
        "title": " ".join(plan.lines[3:]),
        "approval_date": "2025-03-14",
        "owner_org": named,
        "participants": [named],
        "executors": [
            {"name": unit, "who": "participants", "organizations": [named]}
            for unit in _UNITS
        ],
        "amendments": [
            {"document": "=1", "number": "2", "date": "", "url": "", "note": "x"}
        ],
        "tasks": tasks,
    }


def as_json(plan: Sample) -> bytes:
    """An export as JSON."""
    return plan_files.json_file(_exported(plan))


def as_export_csv(plan: Sample) -> bytes:
    """An export as CSV."""
    return plan_files.csv_file(_exported(plan), plan.lines, {}, ";")


def as_export_xlsx(plan: Sample) -> bytes:
    """An export as XLSX."""
    return plan_files.xlsx_file(_exported(plan), plan.lines, {})


FORMATS: Final[dict[str, Callable[[Sample], bytes]]] = {
    "docx": as_docx,
    "odt": as_odt,
    "pdf": as_pdf,
    "xlsx": as_xlsx,
    "ods": as_ods,
    "csv": as_csv,
    "html": as_html,
    "text": as_text,
    "json": as_json,
    "export-csv": as_export_csv,
    "export-xlsx": as_export_xlsx,
}
