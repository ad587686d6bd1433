"""ODS: repeated cells, hidden parts, dates of other languages, damage."""

from __future__ import annotations

import io
import random
import time
import zipfile
from dataclasses import replace

import pytest

from ckanext.actionplan import reader
from ckanext.actionplan.reader import Limits, ReaderError
from ckanext.actionplan.reader.messages import MESSAGES

SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "style", "table", "text")
)
ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
HEADER = ("Завдання", "Строк виконання", "Показник", "Виконавець")
TASK = ("1. Скласти перелік", "щороку", "Перелік", "Відділ")
OPEN = replace(Limits(), ratio=1_000_000)


def cell(inside, attributes="", tag="table-cell"):
    return f"<table:{tag} {attributes}>{inside}</table:{tag}>"


def line(*texts, attributes=""):
    cells = "".join(cell(f"<text:p>{text}</text:p>") for text in texts)
    return f"<table:table-row {attributes}>{cells}</table:table-row>"


def sheet(rows, name="План", style=""):
    return f'<table:table table:name="{name}" table:style-name="{style}">{rows}</table:table>'


def book(*sheets, styles="", **parts):
    content = (
        f"<office:document-content {SPACES}>"
        f"<office:automatic-styles>{styles}</office:automatic-styles><office:body>"
        f"<office:spreadsheet>{''.join(sheets)}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    return archive({"mimetype": ODS_TYPE, "content.xml": content, **parts})


def archive(parts):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in parts.items():
            target.writestr(name, data)
    return stream.getvalue()


def read(*sheets, **more):
    return reader.read(book(*sheets, **more), "plan.ods", OPEN).as_dict()


def titles(draft):
    return [task["title"] for task in draft["tasks"]]


def doubts(draft):
    return {d["code"]: d["params"] for d in draft["review"]["doubts"]}


def refused(data, limits=OPEN):
    started = time.monotonic()
    with pytest.raises(ReaderError) as caught:
        reader.read(data, "plan.ods", limits)
    assert time.monotonic() - started < 10
    assert caught.value.code in MESSAGES
    return caught.value.code


PLAN = line("План дій на 2025 рік") + line(*HEADER) + line(*TASK)


@pytest.mark.parametrize(
    ("shown", "value", "deadline"),
    [
        ("01.06.2025", "2025-06-01", "01.06.2025"),
        ("1 червня 2025 р.", "2025-06-01", "1 червня 2025 р."),
        ("06/01/25", "2025-06-01", "01.06.2025"),
        ("June 1, 2025", "2025-06-01", "01.06.2025"),
        ("", "2025-06-01T00:00:00", "01.06.2025"),
        ("06/01/25", "колись", "06/01/25"),
    ],
)
def test_dates_as_shown_unless_that_would_mislead(shown, value, deadline):
    day = cell(
        f"<text:p>{shown}</text:p>" if shown else "",
        f'office:value-type="date" office:date-value="{value}"',
    )
    row = f"<table:table-row>{cell('<text:p>1. Діяти</text:p>')}{day}</table:table-row>"
    (task,) = read(sheet(line(*HEADER) + row))["tasks"]
    assert task["deadline"] == deadline


def test_text_with_marks_breaks_notes_and_bare_values():
    task = cell(
        "<office:annotation><text:p>примітка</text:p></office:annotation>"
        "<text:p>1. Скла<text:span>сти</text:span><text:s text:c='3'/>перелік</text:p>"
    )
    shown = cell("<text:p>що</text:p>").replace("що", "щороку")
    lines = cell("<text:p>Є<text:line-break/>опис</text:p><text:p>ще</text:p>")
    bare = cell("", 'office:value-type="string" office:string-value="Відділ"')
    row = f"<table:table-row>{task}{shown}{lines}{bare}</table:table-row>"
    (found,) = read(sheet(line(*HEADER) + row))["tasks"]
    assert found["title"] == "Скласти перелік"
    assert found["indicator"] == "Є опис ще"
    assert found["executors"] == ["Відділ"]


def test_hidden_rows_columns_and_sheets_are_left_out_and_told():
    styles = (
        '<style:style style:name="off"><style:table-properties table:display="false"/>'
        "</style:style>"
    )
    columns = (
        '<table:table-column table:number-columns-repeated="4"/>'
        '<table:table-column table:visibility="collapse"/>'
    )
    draft = read(
        sheet(
            columns
            + line(*HEADER, "Примітка")
            + line(*TASK, "таємне")
            + line("2. Чернетка", "щороку", attributes='table:visibility="collapse"')
            + line("3. Навчити", "щороку", attributes='table:visibility="filter"')
        ),
        sheet(line(*HEADER) + line("9. Старе", "щороку", "Є", "Я"), "Архів", "off"),
        styles=styles,
    )
    assert titles(draft) == ["Скласти перелік", "Навчити"]
    assert doubts(draft)["hidden_unread"] == {"name": "План"}
    assert doubts(draft)["sheets_unread"] == {"names": "Архів"}
    assert "column_unread" not in doubts(draft)


def test_rows_of_a_closed_group_belong_to_the_plan():
    closed = line("2. Навчити", "щороку", attributes='table:visibility="collapse"')
    group = (
        f'<table:table-row-group table:display="false">{closed}</table:table-row-group>'
    )
    assert titles(read(sheet(PLAN + group))) == ["Скласти перелік", "Навчити"]


def test_a_sheet_filled_with_repeated_cells():
    empty = (
        '<table:table-row table:number-rows-repeated="1048000">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    far = line("кінець")
    assert titles(read(sheet(PLAN + empty + far))) == ["Скласти перелік"]
    full = line("х", "щороку", attributes='table:number-rows-repeated="1048000"')
    assert refused(book(sheet(PLAN + full))) == "too_many_rows"
    wide = (
        '<table:table-row table:number-rows-repeated="1048000">'
        + cell("<text:p>х</text:p>", 'table:number-columns-repeated="16384"')
        + "</table:table-row>"
    )
    assert refused(book(sheet(PLAN + wide))) == "too_many_cells"


def test_counts_that_mean_nothing():
    odd = line("2. Навчити", "щороку", attributes='table:number-rows-repeated="-5"')
    odd += line(
        "3. Діяти", "щороку", attributes=f'table:number-rows-repeated="{9**99}"'
    )
    draft = read(sheet(PLAN + odd))
    assert titles(draft) == ["Скласти перелік", "Навчити", "Діяти"]


def test_locked_damaged_and_empty_workbooks():
    locked = '<m:manifest xmlns:m="x"><m:encryption-data/></m:manifest>'
    data = book(sheet(PLAN), **{"META-INF/manifest.xml": locked})
    assert refused(data) == "encrypted"
    assert refused(book()) == "damaged_xml"
    assert (
        refused(archive({"mimetype": ODS_TYPE, "content.xml": "<a"})) == "damaged_xml"
    )
    entity = '<!DOCTYPE a [<!ENTITY b "bb">]><a>&b;</a>'
    assert refused(archive({"mimetype": ODS_TYPE, "content.xml": entity})) == "doctype"
    many = [sheet(PLAN, f"Аркуш {at}") for at in range(101)]
    assert refused(book(*many)) == "too_many_sheets"


@pytest.mark.parametrize("seed", range(40))
def test_damaged_workbooks_never_crash(seed):
    chance = random.Random(seed)  # noqa: S311 - a seeded damage, no secret
    with zipfile.ZipFile(io.BytesIO(book(sheet(PLAN)))) as opened:
        text = bytearray(opened.read("content.xml"))
    for _ in range(chance.randrange(1, 5)):
        text[chance.randrange(len(text))] = chance.choice(b'<>"/= 019AZr\xff')
    data = archive({"mimetype": ODS_TYPE, "content.xml": bytes(text)})
    try:
        reader.read(data).as_dict()
    except ReaderError as error:
        assert str(error)  # noqa: PT017 - damage may also leave a plan that can be read
