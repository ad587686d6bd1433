"""Plans of invented councils as sheets, in layouts unlike each other.

Each is written as XLSX, ODS and CSV and must be read alike.
"""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import dataclass, field
from datetime import date
from xml.sax.saxutils import escape

import openpyxl
import pytest

from ckanext.actionplan import reader
from ckanext.actionplan.reader import Limits
from ckanext.actionplan.reader.grid import Row

ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "style", "table", "text")
)


@dataclass
class Tab:
    """A sheet: rows of cells, and merged ranges as rows and columns from 1."""

    name: str
    rows: list[tuple[object, ...]]
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)


def shown(value):
    if isinstance(value, date):
        return value.strftime("%d.%m.%Y")
    return "" if value is None else str(value)


def as_xlsx(tabs):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for tab in tabs:
        sheet = book.create_sheet(tab.name)
        for at, row in enumerate(tab.rows, start=1):
            for column, value in enumerate(row, start=1):
                cell = sheet.cell(at, column, value)
                if isinstance(value, date):
                    cell.number_format = "dd.mm.yyyy"
        for top, left, bottom, right in tab.merged:
            sheet.merge_cells(None, top, left, bottom, right)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def ods_cell(value, span):
    tag, extra = "table:table-cell", ""
    if span == (0, 0):
        tag = "table:covered-table-cell"
    elif span != (1, 1):
        extra = (
            f' table:number-rows-spanned="{span[0]}"'
            f' table:number-columns-spanned="{span[1]}"'
        )
    if isinstance(value, date):
        extra += f' office:value-type="date" office:date-value="{value.isoformat()}"'
    lines = shown(value).split("\n") if value is not None else []
    inside = "".join(f"<text:p>{escape(line)}</text:p>" for line in lines)
    return f"<{tag}{extra}>{inside}</{tag}>"


def ods_table(tab, attributes=""):
    spans = {}
    for top, left, bottom, right in tab.merged:
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                spans[row, column] = (0, 0)
        spans[top, left] = (bottom - top + 1, right - left + 1)
    width = max((len(row) for row in tab.rows), default=1)
    body = ""
    for at, row in enumerate(tab.rows, start=1):
        cells = [*row, *[None] * (width - len(row))]
        body += "<table:table-row>"
        body += "".join(
            ods_cell(value, spans.get((at, column), (1, 1)))
            for column, value in enumerate(cells, start=1)
        )
        body += (
            '<table:table-cell table:number-columns-repeated="16000"/>'
            "</table:table-row>"
        )
    # Office programs write the empty rest of the sheet like this.
    body += (
        '<table:table-row table:number-rows-repeated="1048500">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    return (
        f'<table:table table:name="{escape(tab.name)}"{attributes}>{body}</table:table>'
    )


def ods_archive(content, **parts):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("mimetype", ODS_TYPE)
        target.writestr("content.xml", content)
        for name, data in parts.items():
            target.writestr(name, data)
    return stream.getvalue()


def as_ods(tabs):
    tables = "".join(map(ods_table, tabs))
    return ods_archive(
        f"<office:document-content {SPACES}><office:body><office:spreadsheet>"
        f"{tables}</office:spreadsheet></office:body></office:document-content>"
    )


def as_csv(tabs):
    """The tab with the most rows: a CSV file has no others."""
    tab = max(tabs, key=lambda one: len(one.rows))
    width = max(len(row) for row in tab.rows)
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=";")
    for row in tab.rows:
        writer.writerow([*map(shown, row), *[""] * (width - len(row))])
    return stream.getvalue().encode("utf-8-sig")


FORMS = {"xlsx": as_xlsx, "ods": as_ods, "csv": as_csv}

IT = "Відділ цифрового розвитку"
HR = "Сектор кадрів"
CHARTER = Tab(
    "План",
    [
        (None, None, None, None, None, "ЗАТВЕРДЖЕНО", None),
        (None, None, None, None, None, "Рішення виконавчого комітету", None),
        (None, None, None, None, None, "Калинівської міської ради", None),
        (None, None, None, None, None, "14 січня 2026 року № 17/2", None),
        (),
        (None, "ПЛАН ЗАХОДІВ", None, None, None, None, None),
        (
            None,
            "з розвитку відкритих даних у Калинівській міській раді\nна 2026–2028 роки",
        ),
        (),
        (
            None,
            "Принцип Хартії",
            "Зміст принципу",
            "Завдання",
            "Термін виконання",
            "Очікуваний результат",
            "Відповідальні",
        ),
        (None, 1, 2, 3, 4, 5, 6),
        (
            None,
            "I. Відкритість за замовчуванням",
            "Дані відкриті, якщо немає підстав їх закрити",
            "1. Скласти реєстр даних, якими володіє рада",
            "до 30.06.2026",
            "Реєстр оприлюднено",
            IT,
        ),
        (
            None,
            None,
            None,
            "2. Переглядати реєстр",
            "щороку",
            "Зміни внесено",
            f"{IT},\n{HR}",
        ),
        (
            None,
            None,
            "Закриті дані мають пояснення",
            "1. Пояснити кожну відмову",
            "постійно",
            "Пояснення є на порталі",
            "Усі виконавчі органи ради",
        ),
        (
            None,
            "II. Оперативність і чіткість",
            "Дані вчасні",
            "1. Оновлювати набори за розкладом",
            "щокварталу",
            "Набори не старші за розклад",
            IT,
        ),
        (),
        (
            None,
            None,
            None,
            "2. Виміряти запізнення",
            "ІІ півріччя 2027 року",
            "Звіт",
            HR,
        ),
        (),
        (None, "Керуюча справами", None, None, None, "Ольга КРИНИЧНА", None),
    ],
    [
        (6, 2, 6, 7),
        (7, 2, 7, 7),
        (11, 2, 13, 2),
        (11, 3, 12, 3),
        (14, 2, 16, 2),
        (14, 3, 16, 3),
    ],
)
ROADMAP = Tab(
    "Дорожня карта",
    [
        ("Додаток до розпорядження селищного голови від 03.02.2025 № 24-р",),
        ("Дорожня карта відкритих даних Озерненської селищної ради на 2025 рік",),
        (),
        ("№ з/п", "Виконання", None, "Що потрібно зробити", "Показник"),
        (None, "строк", "відповідальний", None, None),
        (1, None, None, "Правила", None),
        ("1.1", date(2025, 4, 1), "Юридичний сектор", "Ухвалити порядок", "Порядок"),
        (None, date(2025, 9, 15), "Селищна рада", None, "Зміни до порядку"),
        ("1.2", "не рідше двох разів на рік", HR, "Навчати людей", "Два курси"),
        (2, None, None, "Портал", None),
        (
            "2.1",
            "з 01.06.2025 постійно",
            "Відділ освіти, відділ культури",
            "Відкрити розклади гуртків",
            "Набір\nЙого опис",
        ),
        ("2.2", "І квартал 2025 року", IT, "Описати набори", "Описи"),
    ],
    [
        (4, 1, 5, 1),
        (4, 2, 4, 3),
        (4, 4, 5, 4),
        (4, 5, 5, 5),
        (7, 4, 8, 4),
        (7, 1, 8, 1),
    ],
)
PLAIN = Tab(
    "Аркуш1",
    [
        ("ПОГОДЖЕНО", None, None, "ЗАТВЕРДЖУЮ"),
        ("Голова комісії", None, None, "Наказ начальника військової адміністрації"),
        ("Іван ДУБ", None, None, "від 05.05.2024 № 61"),
        ("План дій щодо відкритих даних Степової військової адміністрації",),
        ("на 2024-2026 роки",),
        ("Захід", "Строк", "Виконавець"),
        ("Організаційні заходи",),
        ("Призначити відповідальних", "протягом місяця", "Керівник апарату"),
        ("Скласти перелік наборів", "до 1 липня 2024 року", IT),
        ("Технічні заходи",),
        ("Завантажити набори на портал", "щомісяця до 10 числа", IT),
        ("Виправляти помилки", "протягом строку дії плану", IT),
        ("Начальник", None, "Петро ЯВІР"),
    ],
    [(4, 1, 4, 4), (5, 1, 5, 4), (7, 1, 7, 3), (10, 1, 10, 3)],
)

NAMES = ("number", "title", "due", "indicator", "executors")
TASKS = {
    "charter": [
        ("1", "Скласти реєстр даних, якими володіє рада", "../2026-06-30",
         "Реєстр оприлюднено", [IT]),
        ("2", "Переглядати реєстр", "R/P1Y", "Зміни внесено", [IT, HR]),
        ("1", "Пояснити кожну відмову", "../..", "Пояснення є на порталі",
         ["Усі виконавчі органи ради"]),
        ("1", "Оновлювати набори за розкладом", "R/P3M",
         "Набори не старші за розклад", [IT]),
        ("2", "Виміряти запізнення", "2027-07-01/2027-12-31", "Звіт", [HR]),
    ],
    "roadmap": [
        ("1.1", "Ухвалити порядок", "../2025-04-01", "Порядок", ["Юридичний сектор"]),
        ("1.1", "Ухвалити порядок", "../2025-09-15", "Зміни до порядку",
         ["Селищна рада"]),
        ("1.2", "Навчати людей", "R/P6M", "Два курси", [HR]),
        ("2.1", "Відкрити розклади гуртків", "2025-06-01/..", "Набір Його опис",
         ["Відділ освіти", "відділ культури"]),
        ("2.2", "Описати набори", "2025-01-01/2025-03-31", "Описи", [IT]),
    ],
    "plain": [
        ("", "Призначити відповідальних", "", "", ["Керівник апарату"]),
        ("", "Скласти перелік наборів", "../2024-07-01", "", [IT]),
        ("", "Завантажити набори на портал", "R/P1M", "", [IT]),
        ("", "Виправляти помилки", "2024-01-01/2026-12-31", "", [IT]),
    ],
}  # fmt: skip
PLANS = {"charter": CHARTER, "roadmap": ROADMAP, "plain": PLAIN}
HEADS = {
    "charter": {
        "title": "ПЛАН ЗАХОДІВ з розвитку відкритих даних у Калинівській міській раді"
        " на 2026–2028 роки",
        "period_start": "2026-01-01",
        "period_end": "2028-12-31",
        "approval_number": "17/2",
        "approval_date": "2026-01-14",
        "approval_signatory": "Ольга КРИНИЧНА",
    },
    "roadmap": {
        "title": "Дорожня карта відкритих даних Озерненської селищної ради на 2025 рік",
        "approval_number": "24-р",
        "approval_date": "2025-02-03",
    },
    "plain": {
        "title": "План дій щодо відкритих даних Степової військової адміністрації"
        " на 2024-2026 роки",
        "approval_number": "61",
        "approval_date": "2024-05-05",
        "approval_signatory": "Петро ЯВІР",
    },
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", PLANS)
def test_tasks(name, form):
    draft = reader.read(FORMS[form]([PLANS[name]]), f"plan.{form}").as_dict()
    found = [tuple(task[key] or "" for key in NAMES) for task in draft["tasks"]]
    assert found == TASKS[name]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", PLANS)
def test_title_and_act(name, form):
    draft = reader.read(FORMS[form]([PLANS[name]]), f"plan.{form}").as_dict()
    assert {key: draft[key] for key in HEADS[name]} == HEADS[name]
    assert "wrong_ending" not in {d["code"] for d in draft["review"]["doubts"]}


@pytest.mark.parametrize("form", FORMS)
def test_sections_and_principles(form):
    draft = reader.read(FORMS[form]([CHARTER])).as_dict()
    principles = [task["principle"] for task in draft["tasks"]]
    one, two = "I. Відкритість за замовчуванням", "II. Оперативність і чіткість"
    assert principles == [one, one, one, two, two]
    draft = reader.read(FORMS[form]([ROADMAP])).as_dict()
    sections = [task["section"] for task in draft["tasks"]]
    assert sections == ["1. Правила"] * 3 + ["2. Портал"] * 2
    draft = reader.read(FORMS[form]([PLAIN])).as_dict()
    sections = [task["section"] for task in draft["tasks"]]
    assert sections == ["Організаційні заходи"] * 2 + ["Технічні заходи"] * 2


@pytest.mark.parametrize("form", ["xlsx", "ods"])
def test_values_know_their_sheet_and_row(form):
    review = reader.read(FORMS[form]([CHARTER])).as_dict()["review"]
    origins = [task["origin"] for task in review["tasks"]]
    assert [origin["row"] for origin in origins] == [11, 12, 13, 14, 16]
    assert {origin["sheet"] for origin in origins} == {"План"}


ORDER = Tab("Розпорядження", [("РОЗПОРЯДЖЕННЯ",), ("12.03.2025", "Лугове", "№ 45")])
SETS = Tab(
    "Набори",
    [
        ("Назва", "Формат", "Частота", "Розпорядник"),
        ("Бюджет", "CSV", "щороку", "Фінансове управління"),
        ("Розклад", "GTFS", "щомісяця", "Відділ транспорту"),
    ],
)
HEADER = ("Завдання", "Строк виконання", "Показник", "Виконавець")
FIRST = Tab(
    "2025",
    [
        ("План дій з відкритих даних на 2025–2026 роки",),
        HEADER,
        ("1. Скласти перелік", "щороку", "Перелік", IT),
        ("2. Навчити", "до 01.10.2025", "Курс", HR),
    ],
)
SECOND = Tab("2026", [HEADER, ("3. Звірити", "до 01.10.2026", "Звіт", IT)])
REPORT = Tab(
    "Звіт",
    [
        (*HEADER, "Стан виконання"),
        ("1. Скласти перелік", "щороку", "Перелік", IT, "виконано"),
        ("2. Навчити", "до 01.10.2025", "Курс", HR, "виконано"),
    ],
)
FORMER = Tab(
    "Попередній",
    [
        ("План дій з відкритих даних на 2022–2024 роки",),
        HEADER,
        ("1. Створити групу", "до 01.10.2022", "Група", IT),
    ],
)


@pytest.mark.parametrize("form", ["xlsx", "ods"])
def test_the_sheets_of_the_plan_are_found_among_others(form):
    tabs = [ORDER, SETS, FIRST, SECOND, REPORT, FORMER, Tab("Порожній", [])]
    draft = reader.read(FORMS[form](tabs)).as_dict()
    titles = [task["title"] for task in draft["tasks"]]
    assert titles == ["Скласти перелік", "Навчити", "Звірити"]
    assert [draft["approval_number"], draft["approval_date"]] == ["45", "2025-03-12"]
    doubts = {d["code"]: d["params"] for d in draft["review"]["doubts"]}
    assert doubts["sheets_unread"] == {"names": "Набори, Звіт"}
    title = "План дій з відкритих даних на 2022–2024 роки"
    assert doubts["other_plan"] == {"name": "Попередній", "title": title}
    sheets = [task["origin"]["sheet"] for task in draft["review"]["tasks"]]
    assert sheets == ["2025", "2025", "2026"]


@pytest.mark.parametrize("form", ["xlsx", "ods"])
def test_a_heading_is_guessed_in_one_sheet_only(form):
    bare = Tab("Б", [row for row in FIRST.rows if row != HEADER])
    draft = reader.read(FORMS[form]([ORDER, bare, SETS])).as_dict()
    assert [task["number"] for task in draft["tasks"]] == ["1", "2"]
    assert "columns_guessed" in {d["code"] for d in draft["review"]["doubts"]}


@pytest.mark.parametrize("form", ["xlsx", "ods"])
def test_a_workbook_without_a_plan_is_refused(form):
    with pytest.raises(reader.ReaderError) as caught:
        reader.read(FORMS[form]([Tab("А", [("Лист",), ("Рядок",)])]))
    assert caught.value.code == "no_plan"


@pytest.mark.parametrize("form", FORMS)
def test_beginning_and_end_in_columns_of_their_own(form):
    tab = Tab(
        "План",
        [
            ("Захід", "Термін виконання", None, "Виконавець"),
            (None, "початок", "завершення", None),
            ("1. Ухвалити порядок", date(2025, 3, 1), date(2025, 6, 1), IT),
            ("2. Навчити", None, "щороку", HR),
        ],
        [(1, 1, 2, 1), (1, 2, 1, 3), (1, 4, 2, 4)],
    )
    draft = reader.read(FORMS[form]([tab])).as_dict()
    assert [task["due"] for task in draft["tasks"]] == ["../2025-06-01", "R/P1Y"]
    assert "column_unread" in {d["code"] for d in draft["review"]["doubts"]}


@pytest.mark.parametrize("form", FORMS)
def test_directions_merged_downwards_and_an_act_right_under_the_table(form):
    tab = Tab(
        "План",
        [
            ("Напрям", "Завдання", "Виконавець", "Строк"),
            ("Правила", "1.1. Порядок", HR, "ІІ квартал 2025"),
            (None, "1.2. Перелік", HR, "щороку"),
            ("Портал", "2.1. Набори", IT, "постійно"),
            (None, "2.2. Описи", None, "щокварталу"),
            ("Затверджено рішенням від 01.02.2025 № 5",),
        ],
        [(2, 1, 3, 1), (4, 1, 5, 1)],
    )
    draft = reader.read(FORMS[form]([tab])).as_dict()
    sections = [task["section"] for task in draft["tasks"]]
    assert sections == ["Правила", "Правила", "Портал", "Портал"]


@pytest.mark.parametrize("form", ["xlsx", "ods"])
def test_merged_cells_keep_their_size_without_the_empty_columns(form):
    grid = reader.read_grid(FORMS[form]([CHARTER]), Limits())
    rows = {b.origin.row: b for b in grid.blocks if isinstance(b, Row)}
    assert [cell.column for cell in rows[9].cells] == [0, 1, 2, 3, 4, 5]
    assert [cell.continued for cell in rows[12].cells] == [True, True] + [False] * 4
    grid = reader.read_grid(FORMS[form]([ROADMAP]), Limits())
    first, second = (b for b in grid.blocks if isinstance(b, Row) and b.origin.row < 6)
    assert [(cell.column, cell.span) for cell in first.cells] == [
        (0, 1),
        (1, 2),
        (3, 1),
        (4, 1),
    ]
    assert [cell.continued for cell in second.cells] == [True, False, False, True, True]
