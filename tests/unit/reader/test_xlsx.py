"""XLSX: what Excel stores beside the texts, and workbooks from strangers."""

from __future__ import annotations

import io
import random
import time
import zipfile
from dataclasses import replace

import openpyxl
import pytest
from openpyxl.worksheet.table import Table

from ckanext.actionplan import reader
from ckanext.actionplan.reader import Limits, ReaderError
from ckanext.actionplan.reader.messages import MESSAGES

TITLE = "План дій з відкритих даних на 2025–2026 роки"
HEADER = ("Завдання", "Строк виконання", "Показник", "Виконавець")
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def workbook(*rows):
    book = openpyxl.Workbook()
    book.active.title = "План"
    for row in ((TITLE,), HEADER, *rows):
        book.active.append(row)
    return book


def saved(book):
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def read(book):
    return reader.read(saved(book), "plan.xlsx").as_dict()


def titles(draft):
    return [task["title"] for task in draft["tasks"]]


def doubts(draft):
    return {d["code"]: d["params"] for d in draft["review"]["doubts"]}


def archive(parts):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in parts.items():
            target.writestr(name, data)
    return stream.getvalue()


def relation(number, kind, target, mode=""):
    return (
        f'<Relationship Id="rId{number}" Type="{RELATIONS}/{kind}"'
        f' Target="{target}"{mode}/>'
    )


def raw(sheet, shared="", tabs=1, **parts):
    """A workbook as bare XML; all tabs are the same part."""
    names = "".join(
        f'<sheet name="Аркуш{at}" sheetId="{at}" r:id="rId1"/>'
        for at in range(1, tabs + 1)
    )
    links = relation(1, "worksheet", "/xl/worksheets/sheet1.xml")
    links += relation(2, "sharedStrings", "sharedStrings.xml")
    return archive(
        {
            "xl/workbook.xml": f'<workbook xmlns:r="{RELATIONS}">'
            f"<sheets>{names}</sheets></workbook>",
            "xl/_rels/workbook.xml.rels": f"<Relationships>{links}</Relationships>",
            "xl/worksheets/sheet1.xml": f"<worksheet>{sheet}</worksheet>",
            "xl/sharedStrings.xml": f"<sst>{shared}</sst>",
            **parts,
        }
    )


def cell(text, reference=""):
    place = f' r="{reference}"' if reference else ""
    return f'<c{place} t="inlineStr"><is><t>{text}</t></is></c>'


def line(*texts):
    return "<row>" + "".join(map(cell, texts)) + "</row>"


TASK = ("1. Скласти перелік", "щороку", "Перелік", "Відділ")
PLAN = line(TITLE) + line(*HEADER) + line(*TASK)
OPEN = replace(Limits(), ratio=1_000_000)


def refused(data, limits=OPEN):
    started = time.monotonic()
    with pytest.raises(ReaderError) as caught:
        reader.read(data, "plan.xlsx", limits)
    assert time.monotonic() - started < 10
    assert caught.value.code in MESSAGES
    assert "{" not in str(caught.value)
    return caught.value.code


def test_hidden_rows_columns_and_sheets_are_left_out_and_told():
    book = workbook(
        ("1. Скласти перелік", "щороку", "Перелік", "Відділ", "1. Таємне"),
        ("2. Чернетка", "щороку", "Немає", "Відділ"),
        ("3. Навчити", "щороку", "Курс", "Відділ"),
    )
    sheet = book.active
    sheet.row_dimensions[4].hidden = True
    sheet.column_dimensions["E"].hidden = True
    former = book.create_sheet("Архів")
    former.sheet_state = "hidden"
    former.append(HEADER)
    former.append(("9. Старе", "щороку", "Є", "Відділ"))
    draft = read(book)
    assert titles(draft) == ["Скласти перелік", "Навчити"]
    assert doubts(draft)["hidden_unread"] == {"name": "План"}
    assert doubts(draft)["sheets_unread"] == {"names": "Архів"}


def test_a_plan_that_is_hidden_as_a_whole_is_read():
    book = workbook(TASK)
    book.active.sheet_state = "hidden"
    book.create_sheet("Порожній")
    book.active = 1
    assert titles(read(book)) == ["Скласти перелік"]


def test_rows_of_a_filter_or_a_closed_group_belong_to_the_plan():
    book = workbook(TASK, ("2. Навчити", "щороку", "Курс", "Сектор"))
    sheet = book.active
    sheet.row_dimensions[4].hidden = True
    sheet.auto_filter.ref = "A2:D4"
    sheet.auto_filter.add_filter_column(3, ["Відділ"])
    draft = read(book)
    assert titles(draft) == ["Скласти перелік", "Навчити"]
    assert "hidden_unread" not in doubts(draft)
    sheet.auto_filter.ref = None
    sheet.auto_filter.filterColumn = []
    sheet.row_dimensions.group(4, 4, hidden=True)
    assert titles(read(book)) == ["Скласти перелік", "Навчити"]


def test_rows_that_the_filter_of_a_table_hides():
    book = workbook(TASK, ("2. Навчити", "щороку", "Курс", "Сектор"))
    sheet = book.active
    table = Table(displayName="Plan", ref="A2:D4")
    table._initialise_columns()
    table.autoFilter.add_filter_column(3, ["Відділ"])
    for column, heading in zip(table.tableColumns, HEADER, strict=True):
        column.name = heading
    sheet.add_table(table)
    sheet.row_dimensions[4].hidden = True
    assert titles(read(book)) == ["Скласти перелік", "Навчити"]


def test_texts_in_pieces_escapes_booleans_errors_and_stored_results():
    shared = (
        "<si><r><t>1. Скла</t></r><r><rPr/><t>сти</t></r>"
        "<rPh><t>читання</t></rPh></si>"
        "<si><t>Перший_x000D_\nдругий _x005F_x0041_ _xD800_</t></si>"
    )
    row = (
        '<row r="9"><c r="B9" t="s"><v>0</v></c>'
        '<c r="C9" t="str"><f>A1&amp;"x"</f><v>щороку</v></c>'
        '<c r="D9" t="s"><v>1</v></c><c r="E9" t="e"><v>#REF!</v></c>'
        '<c r="F9" t="s"><v>77</v></c><c r="G9"><f>A1+1</f></c></row>'
    )
    head = "".join(
        cell(text, f"{letter}2") for letter, text in zip("BCDE", HEADER, strict=True)
    )
    data = raw(f'<sheetData><row r="2">{head}</row>{row}</sheetData>', shared)
    (task,) = reader.read(data).as_dict()["tasks"]
    assert [task["number"], task["title"]] == ["1", "Скласти"]
    assert task["deadline"] == "щороку"
    assert task["indicator"] == "Перший другий _x0041_"
    assert task["executors"] == []


def test_cells_and_rows_without_references():
    assert titles(reader.read(raw(PLAN)).as_dict()) == ["Скласти перелік"]


def test_merged_ranges_that_overlap_or_mean_nothing():
    merged = "".join(
        f'<mergeCell ref="{reference}"/>'
        for reference in ("A1:XFD1", "A1:D1", "B9", "D4:A1", "", "A0:ZZZ9999999", "1:2")
    )
    draft = reader.read(raw(PLAN + f"<mergeCells>{merged}</mergeCells>")).as_dict()
    assert titles(draft) == ["Скласти перелік"]


def test_a_cell_at_the_end_of_the_sheet_and_a_claimed_million_of_rows():
    far = f'<row r="1048576">{cell("кінець", "XFD1048576")}</row>'
    data = raw(f'<dimension ref="A1:XFD1048576"/><sheetData>{PLAN}{far}</sheetData>')
    started = time.monotonic()
    assert titles(reader.read(data).as_dict()) == ["Скласти перелік"]
    assert time.monotonic() - started < 2


def test_limits_of_the_plan_say_which():
    rows = "".join(line(f"{at}. Діяти", "щороку", "Є", "Я") for at in range(1, 40))
    data = raw(PLAN + rows)
    for name, limit, code in (
        ("rows", 20, "too_many_rows"),
        ("cells", 3, "too_many_cells"),
        ("characters", 5, "cell_too_long"),
        ("elements", 50, "too_many_elements"),
    ):
        assert refused(data, replace(OPEN, **{name: limit})) == code
    assert refused(raw(PLAN, tabs=101)) == "too_many_sheets"


def test_texts_that_are_used_again_and_again():
    shared = f"<si><t>{'щороку ' * 14_000}</t></si>"
    long = "".join(
        "<row>" + '<c t="s"><v>0</v></c>' * 40 + "</row>" for _ in range(300)
    )
    assert refused(raw(PLAN + long, shared)) == "too_much_text"


def test_columns_scattered_over_the_whole_width():
    rows = "".join(
        f'<row r="{at}">{cell("є", f"{chr(65 + at % 26)}{chr(65 + at // 26 % 26)}{at}")}'
        "</row>"
        for at in range(4, 2000)
    )
    assert refused(raw(PLAN + rows)) == "too_many_cells"


def test_a_large_list_beside_the_plan_does_no_harm():
    book = workbook(TASK)
    other = book.create_sheet("Довідник")
    for at in range(300):
        other.append([f"запис {at}"] * 90)
    assert titles(read(book)) == ["Скласти перелік"]
    assert doubts(read(book))["sheets_unread"] == {"names": "Довідник"}


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"xl/workbook.xml": "<x/>"}, "damaged_xml"),
        ({"xl/workbook.xml": "<workbook><sheets/></workbook>"}, "no_plan"),
        ({"xl/workbook.xml": "<workbook"}, "damaged_xml"),
        ({"xl/workbook.bin": "x"}, "kind_sheet"),
    ],
)
def test_workbooks_without_content(parts, code):
    assert refused(archive(parts)) == code


def test_document_types_links_and_macros():
    entity = '<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet>&a;</worksheet>'
    assert refused(raw("", **{"xl/worksheets/sheet1.xml": entity})) == "doctype"
    links = relation(
        1, "worksheet", "https://example.org/a.xml", ' TargetMode="External"'
    )
    links += relation(3, "worksheet", "../../../etc/passwd")
    links = f"<Relationships>{links}</Relationships>"
    data = raw(PLAN, **{"xl/_rels/workbook.xml.rels": links})
    assert refused(data) == "no_plan"
    data = raw(PLAN, **{"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0 macro"})
    assert titles(reader.read(data).as_dict()) == ["Скласти перелік"]


@pytest.mark.parametrize("seed", range(60))
def test_damaged_workbooks_never_crash(seed):
    chance = random.Random(seed)  # noqa: S311 - a seeded damage, no secret
    source = saved(workbook(TASK)) if seed % 2 else raw(PLAN)
    if seed % 3:
        parts = {}
        with zipfile.ZipFile(io.BytesIO(source)) as opened:
            for name in opened.namelist():
                text = bytearray(opened.read(name))
                for _ in range(chance.randrange(1, 6) if text else 0):
                    text[chance.randrange(len(text))] = chance.choice(
                        b'<>"/= 019AZr\xff'
                    )
                parts[name] = bytes(text)
        data = archive(parts)
    else:
        data = bytearray(source)
        for _ in range(chance.randrange(1, 60)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        data = bytes(data)
    try:
        reader.read(data).as_dict()
    except ReaderError as error:
        assert str(error)  # noqa: PT017 - damage may also leave a plan that can be read
