"""Drafts: reading, correcting, saving, forgetting, and who may do it."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
import sqlalchemy as sa
from werkzeug.datastructures import FileStorage

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.tests.helpers import call_action

from ckanext.actionplan.logic import importing
from ckanext.actionplan.model import Draft
from ckanext.actionplan.reader.errors import LimitError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def _as(name: str) -> dict[str, Any]:
    return {"user": name, "ignore_auth": False}


def _create(world: dict[str, Any], content: bytes, **more: Any) -> dict[str, Any]:
    values = {"filename": "план.docx", "owner_org": world["council"]["name"], **more}
    return call_action(
        "actionplan_draft_create",
        {"user": world["people"]["editor"]["name"]},
        content=content,
        **values,
    )


def _count(table: Any) -> int:
    return model.Session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


@pytest.fixture
def draft(world: dict[str, Any], plan_docx: Callable[..., bytes]) -> dict[str, Any]:
    """Return a draft of the usual plan."""
    return _create(world, plan_docx())


TITLE = "План дій з відкритих даних Калинівської громади на 2026–2027 роки"
HEADINGS = ("Завдання", "Строк виконання", "Показник виконання", "Виконавець")


def _csv(rows: Sequence[tuple[str, ...]]) -> bytes:
    stream = io.StringIO()
    csv.writer(stream, delimiter=";").writerows([(TITLE,), HEADINGS, *rows])
    return stream.getvalue().encode("utf-8-sig")


def _html(rows: Sequence[tuple[str, ...]]) -> bytes:
    lines = "".join(
        "<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>"
        for row in (HEADINGS, *rows)
    )
    page = f"<h1>{TITLE}</h1><table>{lines}</table><script>alert(1)</script>"
    return f"<!DOCTYPE html><meta charset=utf-8><body>{page}".encode()


def _xlsx(rows: Sequence[tuple[str, ...]]) -> bytes:
    book = openpyxl.Workbook()
    for row in ((TITLE,), HEADINGS, *rows):
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


FORMATS: dict[str, Callable[[Sequence[tuple[str, ...]]], bytes]] = {
    "csv": _csv,
    "html": _html,
    "xlsx": _xlsx,
}


class TestCreate:
    def test_reads_tasks_and_approval(self, draft: dict[str, Any]) -> None:
        data = draft["data"]
        assert [task["number"] for task in data["tasks"]] == ["1.1", "1.2", "1.3"]
        assert [task["due"] for task in data["tasks"]] == [
            "../2026-03-31",
            "R/P3M",
            "",
        ]
        assert (data["period_start"], data["period_end"]) == (
            "2026-01-01",
            "2027-12-31",
        )
        assert (data["approval_number"], data["approval_date"]) == ("77", "2025-12-15")
        assert data["in_force_from"] == "2026-01-01"

    def test_keeps_the_printed_row_and_the_doubts(self, draft: dict[str, Any]) -> None:
        row = draft["review"]["tasks"]["t3"]
        task = draft["data"]["tasks"][2]
        assert row["cells"]["deadline"] == "після завершення перевірки"
        assert [n["code"] for n in importing.open_notes(task, row)] == [
            "deadline_event"
        ]
        assert importing.open_notes({**task, "due": "../2026-06-30"}, row) == []

    def test_takes_an_upload(
        self, world: dict[str, Any], plan_docx: Callable[..., bytes]
    ) -> None:
        upload = FileStorage(io.BytesIO(plan_docx()), "C:\\папка\\план.docx")
        result = call_action(
            "actionplan_draft_create",
            {"user": world["people"]["editor"]["name"]},
            upload=upload,
            owner_org=world["council"]["id"],
        )
        assert result["filename"] == "план.docx"
        assert result["size"] > 1000

    def test_forgets_old_imports(
        self,
        world: dict[str, Any],
        draft: dict[str, Any],
        plan_docx: Callable[..., bytes],
    ) -> None:
        old = dt.datetime.now(dt.timezone.utc) - dt.timedelta(days=31)
        model.Session.execute(sa.update(Draft.__table__).values(changed_at=old))
        model.Session.commit()
        latest = _create(world, plan_docx())
        assert model.Session.scalars(sa.select(Draft.__table__.c.id)).all() == [
            latest["id"]
        ]

    def test_asks_for_organization_and_document(self, world: dict[str, Any]) -> None:
        with pytest.raises(tk.ValidationError) as no_organization:
            call_action(
                "actionplan_draft_create", {}, content=b"x", owner_org="nowhere"
            )
        assert list(no_organization.value.error_dict) == ["owner_org"]
        with pytest.raises(tk.ValidationError) as no_document:
            call_action(
                "actionplan_draft_create", {}, owner_org=world["council"]["name"]
            )
        assert list(no_document.value.error_dict) == ["upload"]


def _bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("word/document.xml", "w") as part:
            for _ in range(300):
                part.write(b" " * 1024 * 1024)
    return stream.getvalue()


def _letter(builder: Callable[..., bytes]) -> bytes:
    import docx

    document = docx.Document()
    document.add_paragraph("Запрошуємо на засідання робочої групи у вівторок.")
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


BAD: dict[str, Callable[[Callable[..., bytes]], bytes]] = {
    "empty": lambda build: b"",
    "no_plan": _letter,
    "cut_off": lambda build: build()[:-2000],
    "bomb": lambda build: _bomb(),
    "pdf": lambda build: b"%PDF-1.7\n" + bytes(500),
    "picture": lambda build: b"\x89PNG\r\n\x1a\n" + bytes(500),
    "noise": lambda build: bytes(range(256)) * 40,
    "other_archive": lambda build: _archive(),
}


def _archive() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("photo.jpg", b"x")
    return stream.getvalue()


@pytest.mark.parametrize("kind", BAD)
def test_bad_input_is_a_sentence_and_leaves_nothing(
    kind: str, world: dict[str, Any], plan_docx: Callable[..., bytes]
) -> None:
    with pytest.raises(tk.ValidationError) as error:
        _create(world, BAD[kind](plan_docx))
    found: Any = error.value.error_dict["upload"]
    (message,) = found
    assert len(message.split()) > 3
    assert "{" not in message
    assert "Traceback" not in message
    assert _count(Draft.__table__) == 0
    assert _count(model.Package.__table__) == 0


@pytest.mark.parametrize("option", ["document_rows", "document_cells"])
def test_limits_are_those_of_the_portal(
    option: str,
    world: dict[str, Any],
    ckan_config: Any,
    monkeypatch: pytest.MonkeyPatch,
    plan_docx: Callable[..., bytes],
) -> None:
    content = plan_docx()
    with monkeypatch.context() as context:
        context.setitem(ckan_config, f"ckanext.actionplan.{option}", 3)
        with pytest.raises(tk.ValidationError) as error:
            _create(world, content)
    assert "3" in error.value.error_dict["upload"][0]
    assert _count(Draft.__table__) == 0
    assert _create(world, content)["data"]["tasks"]


def test_too_large_is_said_before_it_is_read(
    world: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Endless(io.RawIOBase):
        """A file of 300 MB that must not be read."""

        def seek(self, offset: int, whence: int = 0) -> int:
            return 0

        def tell(self) -> int:
            return 300 * 1024 * 1024

        def read(self, size: int = -1) -> bytes:
            raise AssertionError("was read")

    with pytest.raises(tk.ValidationError) as error:
        call_action(
            "actionplan_draft_create",
            {},
            upload=FileStorage(Endless(), "plan.docx"),
            owner_org=world["council"]["id"],
        )
    assert "MB" in error.value.error_dict["upload"][0]
    assert _count(Draft.__table__) == 0


class TestUpdate:
    def _update(self, draft: dict[str, Any], **changes: Any) -> dict[str, Any]:
        return call_action("actionplan_draft_update", {}, id=draft["id"], **changes)

    def test_changes_what_is_sent_and_keeps_the_rest(
        self, draft: dict[str, Any]
    ) -> None:
        result = self._update(
            draft,
            title="План громади",
            tasks=[{"key": "t1", "indicator": "Перелік оприлюднено"}],
        )
        first = result["data"]["tasks"][0]
        assert result["data"]["title"] == "План громади"
        assert result["data"]["approval_number"] == "77"
        assert first["indicator"] == "Перелік оприлюднено"
        assert first["title"] == draft["data"]["tasks"][0]["title"]

    def test_a_mended_wording_is_read_again(self, draft: dict[str, Any]) -> None:
        result = self._update(draft, tasks=[{"key": "t3", "deadline": "до 30.06.2026"}])
        assert result["data"]["tasks"][2]["due"] == "../2026-06-30"

    def test_a_given_due_wins_over_the_wording(self, draft: dict[str, Any]) -> None:
        change = {"key": "t3", "deadline": "до 30.06.2026", "due": "../2026-07-31"}
        result = self._update(draft, tasks=[change])
        assert result["data"]["tasks"][2]["due"] == "../2026-07-31"

    @pytest.mark.parametrize(
        ("field", "value"),
        [("due", "tomorrow"), ("due", "2026-02-30/.."), ("performed", "never")],
    )
    def test_a_wrong_field_is_named_and_nothing_changes(
        self, draft: dict[str, Any], field: str, value: str
    ) -> None:
        with pytest.raises(tk.ValidationError) as error:
            self._update(draft, title="Інше", tasks=[{"key": "t2", field: value}])
        found: Any = error.value.error_dict["tasks"]
        assert list(found["t2"]) == [field]
        kept = call_action("actionplan_draft_show", {}, id=draft["id"])
        assert kept["data"] == draft["data"]

    def test_dates_and_their_order(self, draft: dict[str, Any]) -> None:
        with pytest.raises(tk.ValidationError) as error:
            self._update(draft, approval_date="15.12.2025", period_end="2020-01-01")
        assert sorted(error.value.error_dict) == ["approval_date", "period_end"]

    def test_adds_and_leaves_out(self, draft: dict[str, Any]) -> None:
        result = self._update(
            draft,
            tasks=[
                {"after": "t1", "title": "Додане завдання", "number": "1.1а"},
                {"key": "t3", "left_out": True},
            ],
        )
        assert [task["key"] for task in result["data"]["tasks"]] == [
            "t1",
            "t4",
            "t2",
            "t3",
        ]
        assert result["data"]["tasks"][1]["section"] == "1. Підготовка даних"
        names = [each["name"] for each in result["data"]["executors"]]
        assert names == ["Відділ цифрових рішень", "Служба транспорту"]
        again = self._update(draft, tasks=[{"key": "t3", "left_out": False}])
        assert len(again["data"]["executors"]) == 3

    def test_a_name_stays_mapped_while_rows_change(
        self, world: dict[str, Any], draft: dict[str, Any]
    ) -> None:
        self._update(
            draft,
            executors=[
                {
                    "name": "Служба транспорту",
                    "who": "participants",
                    "organizations": [world["transport"]["id"]],
                }
            ],
        )
        result = self._update(draft, tasks=[{"key": "t1", "number": "1"}])
        mapped = {e["name"]: e["organizations"] for e in result["data"]["executors"]}
        assert mapped["Служба транспорту"] == [world["transport"]["id"]]

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("tasks", "all"),
            ("tasks", ["t1"]),
            ("tasks", [{"key": "t1", "executors": "one"}]),
            ("executors", {"name": "x"}),
            ("executors", [{"name": "x", "who": "all", "organizations": [[]]}]),
            ("participants", [{}]),
        ],
    )
    def test_another_shape_is_refused(
        self, draft: dict[str, Any], field: str, value: Any
    ) -> None:
        with pytest.raises(tk.ValidationError) as error:
            self._update(draft, **{field: value})
        assert list(error.value.error_dict) == [field]

    def test_participants_need_an_organization(self, draft: dict[str, Any]) -> None:
        with pytest.raises(tk.ValidationError) as error:
            self._update(
                draft,
                executors=[{"name": "Служба транспорту", "who": "participants"}],
            )
        assert "Служба транспорту" in error.value.error_dict["executors"][0]


class TestSubmit:
    def _mapped(self, world: dict[str, Any], draft: dict[str, Any]) -> None:
        one, two, three = (each["name"] for each in draft["data"]["executors"])
        call_action(
            "actionplan_draft_update",
            {},
            id=draft["id"],
            executors=[
                {
                    "name": one,
                    "who": "participants",
                    "organizations": [world["digital"]["id"]],
                },
                {
                    "name": two,
                    "who": "participants",
                    "organizations": [world["transport"]["id"]],
                },
                {"name": three, "who": "outside"},
            ],
        )

    def _submit(self, world: dict[str, Any], draft: dict[str, Any], **more: Any) -> Any:
        user = {"user": world["people"]["editor"]["name"]}
        return call_action("actionplan_draft_submit", user, id=draft["id"], **more)

    def test_saves_the_plan_with_its_document(
        self,
        world: dict[str, Any],
        draft: dict[str, Any],
        plan_docx: Callable[..., bytes],
    ) -> None:
        self._mapped(world, draft)
        plan = self._submit(world, draft)
        assert plan["type"] == "action-plan"
        assert plan["owner_org"] == world["council"]["id"]
        assert [task["number"] for task in plan["tasks"]] == ["1.1", "1.2", "1.3"]
        assert set(plan["participants"]) == {
            world["digital"]["id"],
            world["transport"]["id"],
        }
        (resource,) = plan["resources"]
        assert (resource["name"], resource["format"]) == ("план.docx", "DOCX")
        assert resource["url_type"] == "upload"
        assert _count(Draft.__table__) == 0

    @pytest.mark.parametrize("kind", FORMATS)
    def test_other_formats_are_read_and_kept(
        self,
        kind: str,
        app: Any,
        world: dict[str, Any],
        plan_rows: Sequence[tuple[str, ...]],
    ) -> None:
        content = FORMATS[kind](plan_rows)
        draft = _create(world, content, filename=f"план.{kind}")
        assert [task["number"] for task in draft["data"]["tasks"]] == [
            "1.1",
            "1.2",
            "1.3",
        ]
        (resource,) = self._submit(world, draft)["resources"]
        assert resource["format"] == kind.upper()
        served = app.get(resource["url"])
        assert served.data == content
        # What a stranger wrote must not run in the reader's browser.
        assert served.mimetype != "text/html"

    def test_derives_obligations(
        self, world: dict[str, Any], draft: dict[str, Any]
    ) -> None:
        self._mapped(world, draft)
        plan = self._submit(world, draft)
        rows = call_action("actionplan_obligation_list", {}, plan_id=plan["id"])
        assert {row["number"] for row in rows} == {"1.1", "1.2", "1.3"}

    def test_a_second_plan_of_that_title_gets_a_name_of_its_own(
        self,
        world: dict[str, Any],
        draft: dict[str, Any],
        plan_docx: Callable[..., bytes],
    ) -> None:
        first = self._submit(world, draft)
        second = self._submit(world, _create(world, plan_docx()))
        assert second["name"] == f"{first['name']}-2"

    def test_a_refused_plan_leaves_the_draft_and_nothing_else(
        self, world: dict[str, Any], draft: dict[str, Any]
    ) -> None:
        call_action(
            "actionplan_draft_update",
            {},
            id=draft["id"],
            tasks=[{"key": "t1", "title": ""}],
        )
        with pytest.raises(tk.ValidationError):
            self._submit(world, draft)
        assert _count(model.Package.__table__) == 0
        assert _count(Draft.__table__) == 1

    def test_a_document_that_cannot_be_kept_takes_the_plan_back(
        self,
        world: dict[str, Any],
        draft: dict[str, Any],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        from ckan.lib import uploader

        class FullDisk:
            mimetype, filesize = "text/plain", 1

            def __init__(self, resource: dict[str, Any]) -> None:
                resource.pop("upload", None)

            def upload(self, *args: Any) -> None:
                raise OSError("no space left on device")

        monkeypatch.setattr(uploader, "get_resource_uploader", FullDisk)
        with pytest.raises(OSError, match="no space"):
            self._submit(world, draft)
        model.Session.rollback()
        assert _count(model.Package.__table__) == 0
        assert _count(Draft.__table__) == 1

    def test_a_document_over_the_limit_of_files_is_refused_at_once(
        self,
        world: dict[str, Any],
        ckan_config: Any,
        monkeypatch: pytest.MonkeyPatch,
        plan_docx: Callable[..., bytes],
    ) -> None:
        monkeypatch.setitem(ckan_config, "ckan.max_resource_size", 0)
        with pytest.raises(tk.ValidationError) as error:
            _create(world, plan_docx())
        assert "larger" in error.value.error_dict["upload"][0]


def test_wrong_endings_are_not_believed(plan_docx: Callable[..., bytes]) -> None:
    document = importing.kind_of(plan_docx())
    text = importing.kind_of(b"text")
    assert importing.attachment_name("план.docx", document) == "план.docx"
    assert importing.attachment_name("план.pdf", document) == "план.pdf.docx"
    assert importing.attachment_name("план.exe", text) == "план.exe.txt"


def test_the_kind_is_told_within_the_portals_limits(
    ckan_config: Any, monkeypatch: pytest.MonkeyPatch, plan_docx: Callable[..., bytes]
) -> None:
    option = "ckanext.actionplan.document_unpacked_megabytes"
    monkeypatch.setitem(ckan_config, option, 0)
    with pytest.raises(LimitError):
        importing.kind_of(plan_docx())


ROLES = ("anonymous", "stranger", "member", "colleague", "editor", "admin", "sysadmin")
#: What each role may do with a draft that the editor began.
MAY: dict[str, dict[str, bool]] = {
    "actionplan_draft_create": dict.fromkeys(
        ("colleague", "editor", "admin", "sysadmin"), True
    ),
    "actionplan_draft_list": dict.fromkeys(ROLES[1:], True),
    "actionplan_draft_show": {"editor": True, "sysadmin": True},
    "actionplan_draft_update": {"editor": True, "sysadmin": True},
    "actionplan_draft_delete": {"editor": True, "sysadmin": True},
    "actionplan_draft_submit": {"editor": True, "sysadmin": True},
}


def test_who_may(
    world: dict[str, Any], draft: dict[str, Any], sysadmin: dict[str, Any]
) -> None:
    names = {role: world["people"].get(role, {}).get("name", "") for role in ROLES}
    names["sysadmin"] = sysadmin["name"]
    data = {"id": draft["id"], "owner_org": world["council"]["id"]}
    found = {
        (action, role): _allowed(action, names[role], data)
        for action in MAY
        for role in ROLES
    }
    assert found == {
        (action, role): MAY[action].get(role, False) for action in MAY for role in ROLES
    }


def _allowed(action: str, name: str, data: dict[str, Any]) -> bool:
    try:
        return tk.check_access(action, _as(name), data)
    except tk.NotAuthorized:
        return False


def test_an_editor_who_left_may_no_longer_continue(
    world: dict[str, Any], draft: dict[str, Any]
) -> None:
    editor = world["people"]["editor"]["name"]
    call_action(
        "organization_member_delete",
        {"user": world["people"]["admin"]["name"]},
        id=world["council"]["id"],
        username=editor,
    )
    assert not _allowed("actionplan_draft_show", editor, {"id": draft["id"]})


@pytest.mark.parametrize("verb", ["show", "update", "submit", "delete"])
def test_what_is_gone_is_not_found(non_clean_db: None, verb: str) -> None:
    with pytest.raises(tk.ObjectNotFound):
        call_action(f"actionplan_draft_{verb}", {}, id="gone")


def test_everybody_lists_their_own(
    world: dict[str, Any], draft: dict[str, Any]
) -> None:
    own = call_action("actionplan_draft_list", _as(world["people"]["editor"]["name"]))
    other = call_action(
        "actionplan_draft_list", _as(world["people"]["colleague"]["name"])
    )
    assert [(each["id"], each["tasks"]) for each in own] == [(draft["id"], 3)]
    assert other == []


def test_delete(draft: dict[str, Any]) -> None:
    call_action("actionplan_draft_delete", {}, id=draft["id"])
    assert _count(Draft.__table__) == 0
    with pytest.raises(tk.ObjectNotFound):
        call_action("actionplan_draft_show", {}, id=draft["id"])
