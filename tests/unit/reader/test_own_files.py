"""Exported plans that people or programs have changed, and hostile ones."""

from __future__ import annotations

import copy
import io
import json
import zipfile
from typing import Any

import docx
import openpyxl
import pytest

from ckanext.actionplan import reader
from ckanext.actionplan.logic import plan_files
from ckanext.actionplan.reader.errors import ReaderError
from ckanext.actionplan.reader.own import record
from ckanext.actionplan.views.plan_paper import docx_file

IDS = [f"{number:08x}-0000-4000-8000-000000000000" for number in range(1, 4)]
SERVICE = {"id": "s-1", "name": "sluzhba", "title": "Служба транспорту"}
LINES = ["ЗАТВЕРДЖЕНО", "Рішення міської ради", "План дій на 2026–2027 роки"]


def task(at: int, **values: Any) -> dict[str, Any]:
    return {
        "id": IDS[at],
        "number": f"1.{at + 1}",
        "section": "1. Підготовка",
        "principle": "",
        "topic": "",
        "title": f"Скласти перелік номер {at + 1}\n\u200bта оприлюднити",
        "deadline": "до 31.03.2026",
        "due": "../2026-03-31",
        "indicator": f"Показник {at + 1}",
        "performed": "each",
        "continuity": "",
        "measure": "",
        "target": "",
        "withdrawn_by": "",
        "note": "примітка",
        "executors": ["Служба"],
        "lead": SERVICE,
        **values,
    }


@pytest.fixture
def plan() -> dict[str, Any]:
    """Return a plan of three tasks in two sections."""
    return {
        "id": "plan-id",
        "name": "plan",
        "title": "План дій з відкритих даних Калинівської громади на 2026–2027 роки",
        "notes": "",
        "approval_document": "Рішення міської ради",
        "approval_number": "77",
        "approval_date": "2025-12-15",
        "approval_signatory": "Міський голова Олена ПЕТРЕНКО",
        "approval_url": "",
        "period_start": "2026-01-01",
        "period_end": "2027-12-31",
        "in_force_from": "2026-01-01",
        "in_force_until": "",
        "tracked_from": "",
        "owner_org": SERVICE,
        "reviewing_organization": None,
        "replaces": None,
        "participants": [SERVICE],
        "executors": [
            {"name": "Служба", "who": "participants", "organizations": [SERVICE]}
        ],
        "amendments": [],
        "tasks": [task(0), task(1), task(2, section="2. Оприлюднення")],
    }


# ---------------------------------------------------------------- JSON


def spoiled(plan: dict[str, Any], change: Any) -> dict[str, Any]:
    data = copy.deepcopy(record(plan))
    change(data)
    return data


def at_task(name: str, value: Any) -> Any:
    return lambda data: data["plan"]["tasks"][2].update({name: value})


@pytest.mark.parametrize(
    ("change", "code", "place"),
    [
        (lambda d: d.update(format="other"), "json_foreign", ""),
        (lambda d: d.update(version="1"), "json_version", ""),
        (lambda d: d.update(version=True), "json_version", ""),
        (lambda d: d.update(version=2), "json_newer", ""),
        (lambda d: d.update(plan=[]), "json_object", "plan"),
        (lambda d: d.update(more=1), "json_unknown", "more"),
        (lambda d: d["plan"].update(more=1), "json_unknown", "plan.more"),
        (lambda d: d["plan"].update(title=7), "json_text", "plan.title"),
        (lambda d: d["plan"].update(tasks={}), "json_list", "plan.tasks"),
        (lambda d: d["plan"].update(tasks=[]), "json_no_tasks", "plan.tasks"),
        (lambda d: d["plan"].update(period_end="31.12"), "json_day", "plan.period_end"),
        (
            lambda d: d["plan"].update(participants=[{}]),
            "json_nameless",
            "plan.participants[1]",
        ),
        (
            lambda d: d["plan"]["executors"].append({"name": "Служба"}),
            "json_executor_twice",
            "plan.executors[2].name",
        ),
        (
            lambda d: d["plan"]["executors"][0].update(who="me"),
            "json_choice",
            "plan.executors[1].who",
        ),
        (at_task("title", ["a"]), "json_text", "plan.tasks[3].title"),
        (at_task("titel", "a"), "json_unknown", "plan.tasks[3].titel"),
        (at_task("id", IDS[0]), "json_id_twice", "plan.tasks[3].id"),
        (at_task("id", "a b"), "json_id", "plan.tasks[3].id"),
        (at_task("due", "завтра"), "json_due", "plan.tasks[3].due"),
        (at_task("lead", "Служба"), "json_object", "plan.tasks[3].lead"),
        (at_task("executors", [1]), "json_text", "plan.tasks[3].executors[1]"),
        (at_task("title", "\x00"), "json_letters", "plan.tasks[3].title"),
        (at_task("title", "\ud800"), "json_letters", "plan.tasks[3].title"),
        (at_task("title", "x" * 200_000), "json_long", "plan.tasks[3].title"),
        (at_task("performed", "never"), "json_choice", "plan.tasks[3].performed"),
    ],
)
def test_json_is_refused_with_its_place(plan, change, code, place):
    data = json.dumps(spoiled(plan, change)).encode()
    with pytest.raises(ReaderError) as refusal:
        reader.read(data)
    assert refusal.value.code == code
    assert refusal.value.params.get("place", place) == place
    assert place in str(refusal.value)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'{"format": ', "json_damaged"),
        (b'{"a": NaN}', "json_damaged_value"),
        (b'{"a": 1, "a": 2}', "json_name_twice"),
        (b'{"a": ' + b"[" * 300_000 + b"]" * 300_000 + b"}", "too_deep"),
        (b'{"a": [' + b"0," * 1_100_000 + b"0]}", "too_many_elements"),
        (b'{"a": ' + b"9" * 10_000 + b"}", ("json_damaged", "json_foreign")),
        (b'{"a": "\xff"}', "unreadable_text"),
        (b"{}", "json_foreign"),
    ],
)
def test_damaged_json_is_a_sentence(data, code):
    with pytest.raises(ReaderError) as refusal:
        reader.read(data)
    assert refusal.value.code in (code if isinstance(code, tuple) else (code,))
    assert str(refusal.value)


def test_a_name_that_comes_twice_is_found_among_many_at_once():
    names = ", ".join(f'"k{number}": 1' for number in range(200_000))
    with pytest.raises(ReaderError) as refusal:
        reader.read(f'{{"format": 1, {names}, "k199999": 2}}'.encode())
    assert refusal.value.code == "json_name_twice"
    assert refusal.value.params["name"] == "k199999"


def test_a_limit_of_rows_holds_for_json(plan):
    plan["tasks"] = [{**task(0), "id": ""} for _ in range(30)]
    data = plan_files.json_file(plan)
    assert len(reader.read(data).tasks) == 30
    with pytest.raises(ReaderError) as refusal:
        reader.read(data, limits=reader.Limits(rows=20))
    assert refusal.value.code == "too_many_rows"


# ---------------------------------------------------------------- DOCX


def edited(plan: dict[str, Any], edit: Any) -> dict[str, Any]:
    paper = docx.Document(io.BytesIO(docx_file(plan)))
    edit(paper)
    stream = io.BytesIO()
    paper.save(stream)
    return reader.read(stream.getvalue()).as_dict()


def rows_of(paper: Any) -> list[Any]:
    """Rows of tasks: neither the header nor headings of sections."""
    rows = paper.tables[0].rows
    return [row for row in rows if len(row._tr.tc_lst) == 4][1:]


def typed(cell: Any, text: str) -> None:
    """What Word does to a cell whose whole text is typed anew: the bookmark goes."""
    for paragraph in list(cell.paragraphs)[1:]:
        paragraph._p.getparent().remove(paragraph._p)
    for child in list(cell.paragraphs[0]._p):
        if not child.tag.endswith("}pPr"):
            cell.paragraphs[0]._p.remove(child)
    cell.paragraphs[0].add_run(text)


def ids(draft: dict[str, Any]) -> list[str]:
    return [each["id"] for each in draft["tasks"]]


def test_rows_that_are_moved_keep_their_ids_and_change_their_section(plan):
    def move(paper: Any) -> None:
        first, _, last = rows_of(paper)
        last._tr.addnext(first._tr)

    draft = edited(plan, move)
    assert ids(draft) == [IDS[1], IDS[2], IDS[0]]
    assert draft["tasks"][2]["section"] == "2. Оприлюднення"
    assert draft["tasks"][2]["title"] == plan["tasks"][0]["title"]
    assert draft["tasks"][2]["lead"] == "Служба транспорту | sluzhba | s-1"


def test_a_title_typed_anew_keeps_its_task(plan):
    def edit(paper: Any) -> None:
        typed(rows_of(paper)[1].cells[0], "1.2. Скласти новий перелік")

    draft = edited(plan, edit)
    assert ids(draft) == IDS
    assert draft["tasks"][1]["title"] == "Скласти новий перелік"
    assert draft["tasks"][1]["number"] == "1.2"
    assert draft["tasks"][1]["note"] == "примітка"


def test_a_bookmark_tells_a_row_of_which_nothing_is_left(plan):
    def edit(paper: Any) -> None:
        first, second, _ = rows_of(paper)
        for row, number in ((first, "7.1"), (second, "1.1")):
            for at, cell in enumerate(row.cells):
                for run in (run for p in cell.paragraphs for run in p.runs):
                    run.text = f"{number}. Інше" if not at else "інше"

    draft = edited(plan, edit)
    assert ids(draft) == IDS
    assert [each["number"] for each in draft["tasks"]] == ["7.1", "1.1", "1.3"]


def test_a_deadline_is_read_again_and_the_rest_stays(plan):
    def edit(paper: Any) -> None:
        typed(rows_of(paper)[0].cells[1], "щокварталу")
        typed(rows_of(paper)[1].cells[1], "за окремим рішенням")

    draft = edited(plan, edit)
    first, second, third = draft["tasks"]
    assert (first["deadline"], first["due"]) == ("щокварталу", "R/P3M")
    assert (second["due"], third["due"]) == ("", "../2026-03-31")
    assert draft["review"]["tasks"][1]["doubts"]
    assert first["title"] == plan["tasks"][0]["title"]


def test_sections_and_executors_are_edited(plan):
    def edit(paper: Any) -> None:
        heading = next(r for r in paper.tables[0].rows if len(r._tr.tc_lst) == 1)
        typed(heading.cells[0], "1. Нова назва")
        typed(rows_of(paper)[2].cells[3], "Служба; Відділ освіти")

    draft = edited(plan, edit)
    assert [each["section"] for each in draft["tasks"]] == [
        "1. Нова назва",
        "1. Нова назва",
        "2. Оприлюднення",
    ]
    assert draft["tasks"][2]["executors"] == ["Служба", "Відділ освіти"]
    names = [each["name"] for each in draft["executors"]]
    assert names == ["Служба", "Відділ освіти"]
    assert draft["own"]["executors"][0]["organizations"] == [SERVICE]


def test_title_approval_and_signature_are_edited(plan):
    def edit(paper: Any) -> None:
        for paragraph in paper.paragraphs:
            for run in paragraph.runs:
                run.text = (
                    run.text.replace("2026–2027", "2026–2028")
                    .replace("№ 77", "№ 78")
                    .replace("Олена ПЕТРЕНКО", "Іван КОВАЛЬ")
                )

    draft = edited(plan, edit)
    assert draft["title"].endswith("на 2026–2028 роки")
    assert draft["period_end"] == "2028-12-31"
    assert draft["approval_number"] == "78"
    assert draft["approval_date"] == "2025-12-15"
    assert draft["approval_signatory"] == "Міський голова Іван КОВАЛЬ"


def test_without_bookmarks_rows_are_known_by_their_texts(plan):
    def edit(paper: Any) -> None:
        for mark in list(paper.element.iter()):
            if str(mark.tag).endswith(("bookmarkStart", "bookmarkEnd")):
                mark.getparent().remove(mark)
        typed(rows_of(paper)[1].cells[2], "Інший показник")

    draft = edited(plan, edit)
    assert ids(draft) == IDS
    assert draft["tasks"][1]["indicator"] == "Інший показник"


def test_a_new_row_without_a_number_takes_no_id(plan):
    plan["tasks"][1]["number"] = ""

    def edit(paper):
        rows = rows_of(paper)
        gone = next(r for r in rows if "номер 2" in r.cells[0].text)
        gone._tr.getparent().remove(gone._tr)
        added = paper.tables[0].add_row()
        texts = ("Провести хакатон", "до 01.06.2026", "хакатон", "Служба")
        for cell, text in zip(added.cells, texts, strict=True):
            cell.text = text

    draft = edited(plan, edit)
    assert ids(draft) == [IDS[0], IDS[2], ""]


def test_a_column_that_was_taken_out_stays_as_it_was(plan):
    def edit(paper: Any) -> None:
        for row in paper.tables[0].rows:
            if len(row._tr.tc_lst) == 4:
                row._tr.remove(row._tr.tc_lst[2])

    draft = edited(plan, edit)
    assert ids(draft) == IDS
    assert [each["indicator"] for each in draft["tasks"]] == [
        each["indicator"] for each in plan["tasks"]
    ]
    assert draft["tasks"][0]["executors"] == ["Служба"]


def annexed(data: bytes, change: Any) -> bytes:
    """The same paper with another annex."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            body = old.read(name)
            ours = name.startswith("customXml/") and b"ckanext-actionplan" in body
            new.writestr(name, change(body) if ours else body)
    return stream.getvalue()


@pytest.mark.parametrize(
    "change",
    [
        lambda body: body[: len(body) // 2],
        lambda body: body.replace(b'"version":1', b'"version":"x"'),
        lambda body: body.replace(b'"printed"', b'"painted"'),
        lambda body: body.replace(b'"rows":[[', b'"rows":[[],['),
        lambda body: body.replace(
            b"<plan", b'<!DOCTYPE plan [<!ENTITY a "aaaa">]><plan', 1
        ),
    ],
)
def test_a_damaged_annex_is_a_doubt_and_the_paper_is_read(plan, change):
    draft = reader.read(annexed(docx_file(plan), change)).as_dict()
    codes = [doubt["code"] for doubt in draft["review"]["doubts"]]
    assert "own_damaged" in codes
    assert "own" not in draft
    assert [each["number"] for each in draft["tasks"]] == ["1.1", "1.2", "1.3"]
    assert draft["tasks"][0]["due"] == "../2026-03-31"


def hidden(text: str) -> bytes:
    """A text as the data of a paper writes it."""
    return json.dumps(text)[1:-1].encode()


@pytest.mark.parametrize(
    ("shown", "smuggled"),
    [("Показник 2", "Інший показник"), ("План дій з", "Програма без")],
)
def test_data_that_never_stood_on_the_paper_is_not_taken(plan, shown, smuggled):
    one, other = hidden(shown), hidden(smuggled)

    def change(body: bytes) -> bytes:
        before, plan_is, after = body.partition(b'"plan":')
        assert one in after
        return before + plan_is + after.replace(one, other, 1)

    draft = reader.read(annexed(docx_file(plan), change)).as_dict()
    assert "own" not in draft
    assert smuggled not in json.dumps(draft, ensure_ascii=False)
    codes = [doubt["code"] for doubt in draft["review"]["doubts"]]
    assert "own_damaged" in codes


# ---------------------------------------------------------------- XLSX and CSV


def in_excel(plan: dict[str, Any], edit: Any) -> dict[str, Any]:
    book = openpyxl.load_workbook(
        io.BytesIO(plan_files.xlsx_file(plan, LINES, {"tasks": "Завдання"}))
    )
    edit(book)
    stream = io.BytesIO()
    book.save(stream)
    return reader.read(stream.getvalue()).as_dict()


def columns_of(sheet: Any) -> tuple[dict[str, int], int]:
    """Columns by name, and the first row of tasks."""
    for row in sheet.iter_rows():
        if row[0].value == "tasks.section":
            found = {cell.value.partition(".")[2]: cell.column for cell in row}
            return found, row[0].row + 2
    raise AssertionError


def test_rows_are_sorted_copied_and_added(plan):
    def edit(book: Any) -> None:
        sheet = book.worksheets[0]
        at, first = columns_of(sheet)
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=first)]
        for number, row in enumerate([*reversed(rows), rows[0]]):
            for column, value in enumerate(row, 1):
                sheet.cell(first + number, column).value = value
        sheet.cell(first + 4, at["title"]).value = "Нове завдання"
        sheet.cell(first + 5, at["section"]).value = "Лише розділ"

    draft = in_excel(plan, edit)
    assert ids(draft) == [*reversed(IDS), "", ""]
    assert draft["tasks"][3]["title"] == plan["tasks"][0]["title"]
    assert draft["tasks"][4]["title"] == "Нове завдання"
    codes = [doubt["code"] for doubt in draft["review"]["doubts"]]
    assert codes == ["text_unread"]


@pytest.mark.parametrize("column", ["due", "deadline", "seal"])
def test_a_deadline_survives_when_a_column_of_it_is_taken_out(plan, column):
    plan["tasks"][2] |= {"deadline": "до 01.05.2026", "due": ""}

    def edit(workbook):
        sheet = workbook.worksheets[0]
        columns, _ = columns_of(sheet)
        sheet.delete_cols(columns[column])

    draft = in_excel(plan, edit)
    dues = [task["due"] for task in draft["tasks"]]
    assert dues[:2] == ["../2026-03-31"] * 2
    assert column == "seal" or not dues[2]
    lost = [] if column == "seal" else [f"tasks.{column}"]
    assert draft["own"]["missing"] == lost


def test_a_wrong_cell_is_a_doubt(plan):
    def edit(book: Any) -> None:
        sheet = book.worksheets[0]
        at, first = columns_of(sheet)
        sheet.cell(first, at["due"]).value = "завтра"
        sheet.cell(first + 1, at["performed"]).value = "разом"
        sheet.cell(first + 2, at["lead"]).value = "sluzhba"

    draft = in_excel(plan, edit)
    assert [each["due"] for each in draft["tasks"]] == ["", *["../2026-03-31"] * 2]
    doubts = [each["doubts"] for each in draft["review"]["tasks"]]
    assert doubts[0][0]["params"] == {"name": "due", "text": "завтра"}
    assert doubts[1][0]["field"] == "performed"
    assert draft["tasks"][2]["lead"] == "sluzhba |  | "


def test_a_sheet_that_was_taken_out_leaves_its_fields_open(plan):
    def edit(book: Any) -> None:
        for sheet in book.worksheets[1:]:
            book.remove(sheet)

    draft = in_excel(plan, edit)
    assert ids(draft) == IDS
    assert draft["own"]["plan_id"] == ""
    assert {"executors", "plan.notes"} <= set(draft["own"]["missing"])
    assert draft["title"] == "План дій на 2026–2027 роки"
    assert draft["period_end"] == "2027-12-31"
    assert draft["executors"] == [{"name": "Служба", "who": "", "organizations": []}]


def test_a_title_above_the_tasks_is_edited(plan):
    def edit(book: Any) -> None:
        book.worksheets[0]["A3"] = "План дій на 2026–2028 роки"

    plan["title"] = LINES[2]
    draft = in_excel(plan, edit)
    assert draft["title"] == "План дій на 2026–2028 роки"
    assert draft["period_end"] == "2028-12-31"


def test_a_csv_that_a_spreadsheet_saved_again(plan):
    plan["tasks"][0]["title"] = "Скласти перелік"
    text = plan_files.csv_file(plan, LINES, {}, ";").decode("utf-8-sig")
    saved = text.replace("\u200b", "").encode("cp1251")
    draft = reader.read(saved).as_dict()
    assert ids(draft) == IDS
    assert draft["tasks"][0]["title"] == "Скласти перелік"


def test_a_csv_without_its_keys_is_refused(plan):
    lines = plan_files.csv_file(plan, LINES, {}).decode().split("\r\n")
    kept = [line for line in lines if not line.startswith("tasks.section")]
    for data in ("\r\n".join(kept), lines[0] + '\r\n"open', lines[0]):
        with pytest.raises(ReaderError) as refusal:
            reader.read(data.encode())
        assert refusal.value.code == "own_lost"


def test_a_long_text_goes_through_a_sheet(plan):
    plan["tasks"][1]["indicator"] = "а\x01" * 40_000
    plan["notes"] = "б" * 90_000
    data = plan_files.xlsx_file(plan, LINES, {})
    draft = reader.read(data).as_dict()
    assert draft["tasks"][1]["indicator"] == plan["tasks"][1]["indicator"]
    assert draft["own"]["notes"] == plan["notes"]
    book = openpyxl.load_workbook(io.BytesIO(data))
    lengths = [
        len(str(cell.value or ""))
        for s in book
        for row in s.iter_rows()
        for cell in row
    ]
    assert max(lengths) < 32_767
