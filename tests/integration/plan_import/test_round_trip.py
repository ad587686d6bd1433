"""A plan goes out through its page and comes in again: the same plan, ids included."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from typing import Any

import docx
import openpyxl
import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.cli.cli import ckan
from ckan.tests.helpers import call_action

from ckanext.actionplan import clock
from ckanext.actionplan.model import Merger

ENDINGS = ("docx", "xlsx", "csv", "json")
SAME = (
    "title",
    "notes",
    "approval_document",
    "approval_number",
    "approval_date",
    "approval_signatory",
    "approval_url",
    "period_start",
    "period_end",
    "in_force_from",
    "in_force_until",
    "tracked_from",
    "participants",
    "reviewing_organization",
    "executors",
    "amendments",
    "tasks",
)


def _as(world: dict[str, Any], name: str) -> dict[str, Any]:
    return {"user": world["people"][name]["name"], "ignore_auth": False}


def _plan(world: dict[str, Any], **more: Any) -> dict[str, Any]:
    digital, transport = world["digital"]["id"], world["transport"]["id"]
    tasks = [
        {
            "number": "1.1",
            "section": "1. Підготовка",
            "title": "=Скласти перелік\nнаборів «даних» 📊",
            "deadline": "до 31.03.2026",
            "due": "../2026-03-31",
            "indicator": "-5 наборів; перелік, складено",
            "executors": ["Відділ\u200b цифрових рішень", "Служба"],
            "performed": "each",
            "topic": "audit",
            "note": "примітка",
        },
        {
            "number": "2.10",
            "section": "2. Оприлюднення",
            "title": "Оприлюднювати розклади",
            "deadline": "постійно",
            "due": "../..",
            "executors": ["Служба"],
            "lead": transport,
            "continuity": "standing",
            "withdrawn_by": "Рішення № 9",
        },
        {"title": "Після перевірки", "deadline": "після перевірки"},
    ]
    values = {
        "type": "action-plan",
        "name": "plan-export",
        "title": "План дій з відкритих даних Калинівської громади на 2026–2027 роки",
        "notes": "*Опис*",
        "owner_org": world["council"]["id"],
        "approval_document": "Рішення виконавчого комітету",
        "approval_number": "77",
        "approval_date": "2025-12-15",
        "approval_signatory": "Міський голова Олена ПЕТРЕНКО",
        "approval_url": "https://rada.example/77",
        "period_start": "2026-01-01",
        "period_end": "2027-12-31",
        "in_force_from": "2026-01-01",
        "tracked_from": "2026-02-01",
        "participants": [digital, transport],
        "executors": [
            {"name": "Незадіяний", "who": "outside"},
            {"name": "Відділ\u200b цифрових рішень", "organizations": [digital]},
            {"name": "Служба", "organizations": [transport]},
        ],
        "reviewing_organization": digital,
        "amendments": [{"document": "Рішення", "number": "9", "date": "2026-05-01"}],
        "tasks": tasks,
        **more,
    }
    return call_action("package_create", _as(world, "admin"), **values)


def _file(app: Any, plan: dict[str, Any], ending: str, language: str = "en") -> bytes:
    prefix = "/uk" if language == "uk" else ""
    return app.get(f"{prefix}/action-plan/{plan['name']}/plan.{ending}").data


def _read(world: dict[str, Any], content: bytes, ending: str, **more: Any) -> Any:
    return call_action(
        "actionplan_draft_create",
        _as(world, "editor"),
        content=content,
        filename=f"plan.{ending}",
        owner_org=world["council"]["name"],
        **more,
    )


def _save(world: dict[str, Any], draft: dict[str, Any]) -> dict[str, Any]:
    return call_action("actionplan_draft_submit", _as(world, "editor"), id=draft["id"])


def _said(plan: dict[str, Any]) -> dict[str, Any]:
    return {name: plan.get(name) for name in SAME}


def test_a_deleted_plan_comes_back(world, app):
    plan = _plan(world)
    files = [
        (ending, _file(app, plan, ending, language))
        for ending in ENDINGS
        for language in ("en", "uk")
    ]
    for ending, content in files:
        call_action("package_delete", _as(world, "admin"), id=plan["id"])
        again = _save(world, _read(world, content, ending))
        assert again["id"] != plan["id"]
        assert _said(again) == _said(plan)
        plan = again


def test_a_purged_plan_keeps_its_name_and_for_sysadmins_its_id(world, app, sysadmin):
    plan = _plan(world)
    content = _file(app, plan, "json")
    ids = []
    for context in (_as(world, "editor"), {"user": sysadmin["name"]}):
        call_action("dataset_purge", {"user": sysadmin["name"]}, id=plan["name"])
        draft = _read(world, content, "json")
        again = call_action("actionplan_draft_submit", context, id=draft["id"])
        assert (again["name"], _said(again)) == (plan["name"], _said(plan))
        ids.append(again["id"])
    assert ids[0] != plan["id"]
    assert ids[1] == plan["id"]


def _form(page: BeautifulSoup) -> dict[str, Any]:
    """What a browser would post: fields of the import's form as they stand."""
    form = page.select_one("section.actionplan-import form[method=post]")
    data: dict[str, Any] = {}
    for field in form.select("input[name], textarea[name], select[name]"):
        name = str(field["name"])
        if field.name == "textarea":
            text = field.get_text().removeprefix("\n")
            data[name] = text.replace("\n", "\r\n")
        elif field.name == "select":
            chosen = field.select_one("option[selected]") or field.select_one("option")
            data[name] = chosen["value"] if chosen else ""
        elif field.get("type") in ("checkbox", "radio"):
            if field.has_attr("checked"):
                data.setdefault(name, []).append(field["value"])
        else:
            data[name] = field.get("value", "")
    return data


def test_a_plan_comes_back_through_the_pages(world, app):
    plan = _plan(world)
    content = _file(app, plan, "docx")
    call_action("package_delete", _as(world, "admin"), id=plan["id"])
    editor = world["people"]["editor"]["name"]
    token = call_action("api_token_create", user=editor, name="pages")["token"]
    headers = {"Authorization": token}
    data = {
        "upload": (io.BytesIO(content), "plan.docx"),
        "owner_org": world["council"]["name"],
    }
    options = {"headers": headers, "follow_redirects": False}
    answer = app.post("/action-plan/import", data=data, **options)
    start = answer.headers["Location"].partition("/action-plan/import/")[2]
    address = f"/action-plan/import/{start.partition('/')[0]}"
    for step in ("", "/executors", "/save"):
        page = app.get(address + step, headers=headers)
        form = _form(BeautifulSoup(page.body, "html.parser"))
        answer = app.post(address + step, data=form | {"do": "next"}, **options)
        assert answer.status_code == 302, answer.body
    name = answer.headers["Location"].rpartition("/")[2]
    again = call_action("package_show", _as(world, "editor"), id=name)
    assert _said(again) == _said(plan)


def test_a_file_of_a_plan_that_is_here_amends_it(world, app):
    plan = _plan(world)
    for ending in ENDINGS:
        draft = _read(world, _file(app, plan, ending), ending, plan=plan["name"])
        assert draft["data"]["plan_id"] == plan["id"]
        with pytest.raises(tk.ValidationError) as refusal:
            _save(world, draft)
        assert list(refusal.value.error_dict) == ["unchanged"]
    data = json.loads(_file(app, plan, "json"))
    data["plan"]["tasks"][0]["note"] = "інша примітка"
    draft = _read(world, json.dumps(data).encode(), "json", plan=plan["name"])
    amended = _save(world, draft)
    assert amended["tasks"][0].pop("note") == "інша примітка"
    del plan["tasks"][0]["note"]
    assert _said(amended) == _said(plan)


def test_the_page_offers_every_file(world, app):
    plan = _plan(world)
    page = BeautifulSoup(app.get("/action-plan/plan-export").body, "html.parser")
    links = [
        link["href"]
        for link in page.select(".actionplan-plan header .actionplan-exports a")
    ]
    assert [link.partition("?")[0].rpartition(".")[2] for link in links] == list(
        ENDINGS
    )
    for link in links:
        answer = app.get(link)
        assert answer.status_code == 200
        disposition = answer.headers["Content-Disposition"]
        assert f"filename={plan['name']}." in disposition


def test_ids_of_a_plan_that_is_here_are_not_taken_twice(world, app, sysadmin):
    plan = _plan(world)
    content = _file(app, plan, "json")
    draft = _read(world, content, "json")
    assert [task["id"] for task in draft["data"]["tasks"]] == [
        task["id"] for task in plan["tasks"]
    ]
    for user in (world["people"]["editor"], sysadmin):
        context = {"user": user["name"], "ignore_auth": False}
        draft = _read(world, content, "json")
        copied = call_action("actionplan_draft_submit", context, id=draft["id"])
        assert not {task["id"] for task in copied["tasks"]} & {
            task["id"] for task in plan["tasks"]
        }


def test_private_plans_are_for_members(world, app):
    plan = _plan(world, private=True)
    people = world["people"]
    for ending in ENDINGS:
        address = f"/action-plan/{plan['name']}/plan.{ending}"
        app.get(address, status=404)
        for name, status in (("stranger", 404), ("member", 200)):
            token = call_action(
                "api_token_create", user=people[name]["name"], name=f"{name}-{ending}"
            )["token"]
            app.get(address, headers={"Authorization": token}, status=status)
    app.get("/action-plan/no-such-plan/plan.docx", status=404)


def test_a_private_plan_of_others_is_as_if_it_were_not_there(
    world, app, organization_factory, sysadmin
):
    plan, other = _plan(world), organization_factory()
    secret = call_action(
        "package_create",
        {"user": sysadmin["name"]},
        type="action-plan",
        name="plan-of-others",
        title="Прихований задум",
        owner_org=other["id"],
        private=True,
    )
    data = json.loads(_file(app, plan, "json"))
    data["plan"] |= {
        "id": secret["id"],
        "replaces": {"id": "", "name": secret["name"], "title": ""},
    }
    draft = _read(world, json.dumps(data).encode(), "json")
    assert draft["data"]["replaces"] == ""
    assert draft["review"]["plan"]["proposed"] == ""
    for key in (secret["id"], secret["name"]):
        with pytest.raises(tk.ValidationError) as refusal:
            call_action(
                "package_create",
                _as(world, "editor"),
                type="action-plan",
                title="План",
                name="plan-new",
                owner_org=world["council"]["id"],
                replaces=key,
            )
        assert secret["title"] not in str(refusal.value.error_dict)
        assert "There is no plan" in refusal.value.error_dict["replaces"][0]


def test_an_organization_merged_since_is_the_one_it_became(
    world, app, organization_factory
):
    content = _file(app, _plan(world), "docx")
    between, heir = organization_factory()["id"], organization_factory()["id"]
    old = world["transport"]["id"]
    chain = [(old, between), (between, heir)]
    values = {"merged_from": date(2026, 7, 1), "changed_at": clock.now()}
    rows = [{"old_id": a, "new_id": b, **values} for a, b in chain]
    model.Session.execute(sa.insert(Merger.__table__), rows)
    model.Session.commit()
    draft = _read(world, content, "docx")
    service = next(e for e in draft["data"]["executors"] if e["name"] == "Служба")
    assert service["organizations"] == [heir]
    assert draft["data"]["participants"] == [world["digital"]["id"], heir]
    codes = {note["code"] for note in draft["review"]["notes"]}
    assert "own_unknown" not in codes


def test_other_datasets_are_no_plans(world, app, package_factory):
    dataset = package_factory()
    app.get(f"/action-plan/{dataset['name']}/plan.json", status=404)


def test_organizations_are_found_by_name_or_left_open(world, app):
    plan = _plan(world)
    data = json.loads(_file(app, plan, "json"))
    call_action("package_delete", _as(world, "admin"), id=plan["id"])
    digital, transport = data["plan"]["executors"][1:]
    digital["organizations"][0]["id"] = "of-another-portal"
    transport["organizations"][0] |= {
        "id": "unknown",
        "name": "unknown",
        "title": "Невідома служба",
    }
    data["plan"]["tasks"][1]["lead"] = transport["organizations"][0]
    draft = _read(world, json.dumps(data).encode(), "json")
    executors = draft["data"]["executors"]
    assert executors[1]["organizations"] == [world["digital"]["id"]]
    assert executors[2] == {"name": "Служба", "who": "", "organizations": []}
    notes = {note["code"]: note["params"] for note in draft["review"]["notes"]}
    assert "Невідома служба" in notes["own_unknown"]["name"]
    assert draft["data"]["tasks"][1]["lead"] == ""


def test_word_edits_win_and_ids_stay(world, app):
    plan = _plan(world)
    paper = docx.Document(io.BytesIO(_file(app, plan, "docx")))
    table = paper.tables[0]
    rows = [row for row in table.rows if len(set(row._tr.tc_lst)) == 4][1:]
    rows[0].cells[2].paragraphs[0].runs[0].text = "Перелік оприлюднено"
    table._tbl.remove(rows[1]._tr)
    fresh = table.add_row()
    texts = ("3.1. Провести навчання", "до 30.06.2026", "Проведено", "Служба")
    for cell, text in zip(fresh.cells, texts, strict=True):
        cell.text = text
    stream = io.BytesIO()
    paper.save(stream)

    tasks = _read(world, stream.getvalue(), "docx")["data"]["tasks"]
    before = plan["tasks"]
    assert [task["id"] for task in tasks] == [before[0]["id"], before[2]["id"], ""]
    assert tasks[0]["indicator"] == "Перелік оприлюднено"
    assert tasks[0]["title"] == before[0]["title"]
    assert tasks[0]["executors"] == before[0]["executors"]
    assert tasks[2]["number"] == "3.1"
    assert tasks[2]["due"] == "../2026-06-30"
    assert tasks[2]["executors"] == ["Служба"]


def test_excel_edits_win_and_ids_stay(world, app):
    plan = _plan(world)
    book = openpyxl.load_workbook(io.BytesIO(_file(app, plan, "xlsx", "uk")))
    sheet: Any = book.worksheets[0]
    keys: Any = next(
        row for row in sheet.iter_rows() if row[0].value == "tasks.section"
    )
    column: dict[Any, Any] = {cell.value: cell.column for cell in keys}
    first = keys[0].row + 2
    sheet.cell(first, column["tasks.deadline"]).value = "до 30.04.2026"
    sheet.cell(first + 1, column["tasks.title"]).value = "Оприлюднити розклади"
    sheet.delete_rows(first + 2)
    sheet.cell(first + 2, column["tasks.title"]).value = "Нове завдання"
    sheet.cell(first + 2, column["tasks.deadline"]).value = "щокварталу"
    stream = io.BytesIO()
    book.save(stream)

    tasks = _read(world, stream.getvalue(), "xlsx")["data"]["tasks"]
    before = plan["tasks"]
    assert [task["id"] for task in tasks] == [before[0]["id"], before[1]["id"], ""]
    assert (tasks[0]["deadline"], tasks[0]["due"]) == ("до 30.04.2026", "../2026-04-30")
    assert tasks[0]["title"] == before[0]["title"]
    assert tasks[1]["title"] == "Оприлюднити розклади"
    assert tasks[1]["due"] == "../.."
    assert tasks[2]["due"] == "R/P3M"


def test_what_was_taken_out_of_a_workbook_stays_in_the_plan(world, app):
    plan = _plan(world)
    book = openpyxl.load_workbook(io.BytesIO(_file(app, plan, "xlsx")))
    for gone in book.worksheets[1:]:
        book.remove(gone)
    sheet: Any = book.worksheets[0]
    keys: Any = next(
        row for row in sheet.iter_rows() if row[0].value == "tasks.section"
    )
    first = keys[0].row + 2
    columns: dict[Any, Any] = {cell.value: cell.column for cell in keys}
    sheet.cell(first, columns["tasks.indicator"]).value = "Перелік складено"
    kept = ("section", "title", "indicator", "id")
    for key, column in sorted(columns.items(), key=lambda item: -item[1]):
        if key.partition(".")[2] not in kept:
            sheet.delete_cols(column)
    stream = io.BytesIO()
    book.save(stream)

    draft = _read(world, stream.getvalue(), "xlsx", plan=plan["name"])
    amended = _save(world, draft)
    plan["tasks"][0]["indicator"] = "Перелік складено"
    said, before = _said(amended), _said(plan)
    # Nobody performs anything under a name that stands in no task.
    unused = before["executors"].pop(0)
    assert unused["name"] == "Незадіяний"
    for values in (said, before):
        rows = values["tasks"]
        values["tasks"] = [{k: v for k, v in row.items() if v} for row in rows]
    assert said == before


def test_no_cell_of_csv_is_a_formula(world, app):
    text = _file(app, _plan(world), "csv").decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert "'=Скласти перелік\nнаборів «даних» 📊" in cells
    assert not [
        cell for cell in cells if cell.lstrip(" ").startswith(("=", "+", "-", "@"))
    ]


def test_a_command_writes_the_file_of_the_page(world, app, cli, tmp_path):
    plan = _plan(world)
    for ending in ENDINGS:
        path = tmp_path / f"plan.{ending}"
        done = cli.invoke(
            ckan, ["actionplan", "plan", "export", plan["name"], str(path)]
        )
        assert done.exit_code == 0, done.output
        assert path.read_bytes() == _file(app, plan, ending) or ending == "xlsx"
    for arguments in (
        ["no-such-plan", str(tmp_path / "a.csv")],
        [plan["name"], "plan.pdf"],
    ):
        done = cli.invoke(ckan, ["actionplan", "plan", "export", *arguments])
        assert done.exit_code == 1
        assert "no-such-plan" in done.output or ".docx" in done.output


def test_the_cost_of_a_file_does_not_grow(world, app, count_queries):
    counts = []
    for number in (3, 30):
        executors = [
            {"name": f"Назва {at}", "organizations": [world["digital"]["id"]]}
            for at in range(number)
        ]
        tasks = [
            {"title": f"Завдання {at}", "executors": [executors[at]["name"]]}
            for at in range(number)
        ]
        plan = _plan(
            world,
            name=f"plan-{number}",
            executors=executors,
            tasks=tasks,
            private=False,
        )
        for ending in ENDINGS:
            with count_queries() as statements:
                _file(app, plan, ending)
            counts.append(len(statements))
    assert counts[:4] == counts[4:]
