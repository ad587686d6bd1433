"""The pages of the import, as a person without JavaScript uses them."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import bs4
import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.tests.helpers import call_action

from ckanext.actionplan.logic import importing
from ckanext.actionplan.model import Draft

if TYPE_CHECKING:
    from collections.abc import Callable

START = "/action-plan/import"


def _token(world: dict[str, Any], role: str) -> dict[str, str]:
    name = world["people"][role]["name"]
    token = call_action("api_token_create", {"user": name}, user=name, name="test")
    return {"Authorization": token["token"]}


class Visitor:
    """A browser without JavaScript."""

    def __init__(self, app: Any, headers: dict[str, str], language: str = "en") -> None:
        self.app, self.headers, self.language = app, headers, language

    def get(self, path: str, status: int = 200) -> bs4.BeautifulSoup:
        response = self.app.get(
            f"/{self.language}{path}", headers=self.headers, status=status
        )
        return bs4.BeautifulSoup(response.body, "html.parser")

    def post(self, path: str, data: Any, status: int | None = None) -> Any:
        response = self.app.post(
            f"/{self.language}{path}",
            data=data,
            headers=self.headers,
            follow_redirects=False,
        )
        if status:
            assert response.status_code == status, response.status_code
        return response

    def upload(
        self, content: bytes, owner: str, name: str = "план.docx", status: int = 302
    ) -> Any:
        data = {"upload": (io.BytesIO(content), name), "owner_org": owner}
        return self.post(START, data, status)

    def begin(self, content: bytes, owner: str) -> str:
        """Upload a plan and return the id of its draft."""
        location = self.upload(content, owner).headers["Location"]
        return location.removesuffix("/plan").rpartition("/")[2]


@pytest.fixture
def editor(app: Any, world: dict[str, Any]) -> Visitor:
    """Return the council's editor."""
    return Visitor(app, _token(world, "editor"))


def _form(page: bs4.BeautifulSoup) -> dict[str, Any]:
    """What a browser would post: fields of the import's form as they stand."""
    form = page.select_one("section.actionplan-import form[method=post]")
    assert form is not None
    data: dict[str, Any] = {}
    for field in form.select("input[name], textarea[name], select[name]"):
        name = str(field["name"])
        if field.name == "textarea":
            data[name] = field.get_text().removeprefix("\n")
        elif field.name == "select":
            chosen = field.select_one("option[selected]") or field.select_one("option")
            data[name] = chosen["value"] if chosen else ""
        elif field.get("type") in ("checkbox", "radio"):
            if field.has_attr("checked"):
                data.setdefault(name, []).append(field["value"])
        else:
            data[name] = field.get("value", "")
    return data


def _messages(response: Any) -> str:
    page = bs4.BeautifulSoup(response.body, "html.parser")
    alert = page.select_one(".actionplan-import [role=alert].alert")
    return alert.get_text(" ", strip=True) if alert else ""


def _nothing_left() -> bool:
    tables = (Draft.__table__, model.Package.__table__)
    counts = [
        model.Session.scalar(sa.select(sa.func.count()).select_from(table))
        for table in tables
    ]
    return counts == [0, 0]


def test_the_address_wins_over_plans(editor: Visitor) -> None:
    page = editor.get(START)
    assert page.select_one("#actionplan-import-title") is not None
    assert (
        page.select_one("[aria-current=step]").get_text(strip=True).endswith("Document")
    )


def test_only_organizations_where_one_may_create(
    editor: Visitor, world: dict[str, Any]
) -> None:
    options = editor.get(START).select("#owner_org option")
    assert [option["value"] for option in options] == [world["council"]["id"]]


def test_the_whole_way(
    app: Any, editor: Visitor, world: dict[str, Any], plan_docx: Callable[..., bytes]
) -> None:
    draft = editor.begin(plan_docx(), world["council"]["id"])
    page = editor.get(f"{START}/{draft}")
    summary = page.select_one(".actionplan-import-summary").get_text(" ", strip=True)
    assert "3 tasks in 1 section" in " ".join(summary.split())
    assert "1 row to check" in summary
    assert "77" in summary

    form = _form(page)
    assert form["task-t1-title"] == "Скласти перелік наборів даних громади"
    form |= {"task-t3-due": "../2026-06-30", "do": "next"}
    location = editor.post(f"{START}/{draft}", form, 302).headers["Location"]
    assert location.endswith(f"{draft}/executors")

    page = editor.get(f"{START}/{draft}/executors")
    form = _form(page)
    # Titles are equal, so both are proposed; the third name is nobody here.
    assert form["executor-0-organizations"] == [world["digital"]["id"]]
    assert form["executor-1-organizations"] == [world["transport"]["id"]]
    assert form["executor-2-who"] == [""]
    form |= {
        "executor-2-who": "outside",
        "task-t2-performed": "each",
        "do": "next",
    }
    editor.post(f"{START}/{draft}/executors", form, 302)

    page = editor.get(f"{START}/{draft}/save")
    final = page.select_one(".actionplan-import-final").get_text(" ")
    assert "3 tasks" in final
    # The act is what a person compares with the paper before saving.
    assert "№ 77" in final
    response = editor.post(f"{START}/{draft}/save", _form(page), 302)
    name = response.headers["Location"].rpartition("/")[2]
    assert re.fullmatch(r"plan-dii-z-rozvytku-vidkrytykh-danykh[a-z0-9-]*", name)

    plan = call_action("package_show", {}, id=name)
    assert plan["private"] is False
    assert plan["tasks"][1]["performed"] == "each"
    assert plan["tasks"][2]["due"] == "../2026-06-30"
    assert [each["who"] for each in plan["executors"]] == [
        "participants",
        "participants",
        "outside",
    ]
    # The document can be fetched by anybody, as the plan is public.
    assert app.get(_path(plan["resources"][0]["url"])).status_code == 200


def _path(url: str) -> str:
    return "/" + url.split("/", 3)[3]


def test_the_document_of_a_private_plan_is_not_for_everybody(
    app: Any, editor: Visitor, world: dict[str, Any], plan_docx: Callable[..., bytes]
) -> None:
    draft = editor.begin(plan_docx(), world["council"]["id"])
    response = editor.post(f"{START}/{draft}/save", {"private": "true"}, 302)
    plan = call_action(
        "package_show", {}, id=response.headers["Location"].split("/")[-1]
    )
    assert plan["private"] is True
    path = _path(plan["resources"][0]["url"])
    anonymous = app.get(path, follow_redirects=False)
    assert anonymous.status_code in (302, 403, 404)
    assert anonymous.body[:2] != "PK"
    stranger = app.get(path, headers=_token(world, "stranger"), follow_redirects=False)
    assert stranger.status_code in (403, 404)
    member = app.get(path, headers=_token(world, "member"))
    assert member.status_code == 200


def test_corrections_outlive_the_session(
    app: Any, editor: Visitor, world: dict[str, Any], plan_docx: Callable[..., bytes]
) -> None:
    draft = editor.begin(plan_docx(), world["council"]["id"])
    form = _form(editor.get(f"{START}/{draft}"))
    form |= {"task-t1-indicator": "Перелік оприлюднено"}
    editor.post(f"{START}/{draft}", {**form, "do": "noise:t2"}, 302)
    again = Visitor(app, _token(world, "editor"))
    page = again.get(f"{START}/{draft}")
    form = _form(page)
    assert form["task-t1-indicator"] == "Перелік оприлюднено"
    assert "actionplan-import-out" in page.select_one("#row-t2")["class"]
    assert again.get(START).select_one(f"a[href$='{draft}']") is not None


def test_what_is_wrong_is_shown_and_what_was_typed_stays(
    editor: Visitor, world: dict[str, Any], plan_docx: Callable[..., bytes]
) -> None:
    draft = editor.begin(plan_docx(), world["council"]["id"])
    form = _form(editor.get(f"{START}/{draft}"))
    form |= {
        "task-t2-due": "колись",
        "task-t1-title": "Інша назва",
        "period_end": "31.12.2027",
        "do": "next",
    }
    response = editor.post(f"{START}/{draft}", form, 422)
    page = bs4.BeautifulSoup(response.body, "html.parser")
    typed = _form(page)
    assert typed["task-t2-due"] == "колись"
    assert typed["task-t1-title"] == "Інша назва"
    assert "колись" in page.select_one("#task-t2-due-words").get_text()
    assert page.select_one("#row-t2").has_attr("open")
    assert "please check" in page.select_one("#row-t2-head").get_text()
    assert page.select_one("#period_end-error") is not None


def test_a_task_can_be_added(
    editor: Visitor, world: dict[str, Any], plan_docx: Callable[..., bytes]
) -> None:
    draft = editor.begin(plan_docx(), world["council"]["id"])
    form = _form(editor.get(f"{START}/{draft}"))
    response = editor.post(f"{START}/{draft}", {**form, "do": "add:t1"}, 302)
    assert response.headers["Location"].endswith("#row-t4")
    page = editor.get(f"{START}/{draft}")
    assert page.select_one("#row-t4") is not None


def test_a_number_that_two_tasks_share_is_told_once(
    editor: Visitor, world: dict[str, Any], plan_docx: Callable[..., bytes]
) -> None:
    draft = editor.begin(plan_docx(), world["council"]["id"])
    form = _form(editor.get(f"{START}/{draft}"))
    number, executors = form["task-t1-number"], form["task-t1-executors"]
    form |= {"task-t2-number": number, "task-t2-executors": executors, "do": "next"}
    editor.post(f"{START}/{draft}", form, 302)
    page = editor.get(f"{START}/{draft}/executors")
    numbers = page.select_one("fieldset p.text-muted").get_text(" ").split("·")[0]
    assert numbers.split() == ["task", number]


def test_an_unknown_organization_is_named(
    editor: Visitor, world: dict[str, Any], plan_docx: Callable[..., bytes]
) -> None:
    draft = editor.begin(plan_docx(), world["council"]["id"])
    form = _form(editor.get(f"{START}/{draft}/executors"))
    form |= {"executor-2-others": "nobody-here", "do": "next"}
    response = editor.post(f"{START}/{draft}/executors", form, 422)
    assert "nobody-here" in _messages(response)


def test_other_organizations_can_be_typed(
    editor: Visitor, world: dict[str, Any], plan_docx: Callable[..., bytes]
) -> None:
    draft = editor.begin(plan_docx(), world["council"]["id"])
    form = _form(editor.get(f"{START}/{draft}/executors"))
    names = f"{world['transport']['name']}, {world['digital']['title']}"
    # The choice above may be forgotten: names say by themselves what is meant.
    form |= {"executor-2-others": names, "do": "stay"}
    editor.post(f"{START}/{draft}/executors", form, 302)
    shown = call_action("actionplan_draft_show", {}, id=draft)
    assert shown["data"]["executors"][2]["organizations"] == [
        world["transport"]["id"],
        world["digital"]["id"],
    ]


def _boxes(response: Any) -> dict[str, bool]:
    page = bs4.BeautifulSoup(response.body, "html.parser")
    boxes = page.select("input[type=checkbox]")
    titles = [label.get_text(strip=True) for label in page.select("label")]
    return {
        title: box.has_attr("checked") for title, box in zip(titles, boxes, strict=True)
    }


def test_organizations_are_found_as_one_types(
    editor: Visitor, world: dict[str, Any], plan_docx: Callable[..., bytes]
) -> None:
    draft = editor.begin(plan_docx(), world["council"]["id"])
    address = f"{START}/{draft}/organizations?field=executor-2"
    ticked = {"executor-2-organizations": world["digital"]["id"]}

    found = editor.post(address, {**ticked, "executor-2-others": "ТРАНСП служб"}, 200)
    assert _boxes(found) == {"Відділ цифрових рішень": True, "Служба транспорту": False}
    assert "1 organization found" in found.body
    none = editor.post(address, {**ticked, "executor-2-others": "немає"}, 200)
    assert _boxes(none) == {"Відділ цифрових рішень": True}
    assert "No organization has this in its name" in none.body

    everybody = f"{START}/{draft}/organizations?field=participants"
    found = editor.post(everybody, {"participants-others": "транспорт"}, 200)
    assert _boxes(found) == {"Служба транспорту": False}
    assert len(_boxes(editor.post(everybody, {}, 200))) > 1
    for field in ("", "executor-9", "executor--1", "other-1"):
        editor.post(f"{START}/{draft}/organizations?field={field}", {}, 404)


def test_words_that_were_only_looked_for_are_no_names(
    editor: Visitor, world: dict[str, Any], plan_docx: Callable[..., bytes]
) -> None:
    draft = editor.begin(plan_docx(), world["council"]["id"])
    form = _form(editor.get(f"{START}/{draft}/executors"))
    form |= {
        "executor-2-others": "транс",
        "executor-2-searched": "транс",
        "executor-2-organizations": world["transport"]["id"],
        "do": "stay",
    }
    editor.post(f"{START}/{draft}/executors", form, 302)
    shown = call_action("actionplan_draft_show", {}, id=draft)
    assert shown["data"]["executors"][2]["organizations"] == [world["transport"]["id"]]
    form = _form(editor.get(f"{START}/{draft}/executors")) | {
        "executor-2-others": "транс, інше",
        "do": "stay",
    }
    editor.post(f"{START}/{draft}/executors", form, 422)
    # Names mean nothing where no organization of the portal is meant.
    form |= {"executor-2-who": "outside"}
    editor.post(f"{START}/{draft}/executors", form, 302)


@pytest.mark.parametrize("step", ["", "/executors", "/save"])
def test_of_two_windows_the_later_is_told(
    editor: Visitor, world: dict[str, Any], plan_docx: Callable[..., bytes], step: str
) -> None:
    draft = editor.begin(plan_docx(), world["council"]["id"])
    form = _form(editor.get(f"{START}/{draft}{step}"))
    elsewhere = _form(editor.get(f"{START}/{draft}"))
    elsewhere |= {"task-t1-title": "З іншого вікна", "do": "stay"}
    editor.post(f"{START}/{draft}", elsewhere, 302)

    form |= {"do": "stay", "title": "Моя назва", "executor-2-who": "outside"}
    refused = editor.post(f"{START}/{draft}{step}", form, 422)
    assert "changed in another window" in _messages(refused)
    kept = call_action("actionplan_draft_show", {}, id=draft)
    assert kept["data"]["tasks"][0]["title"] == "З іншого вікна"
    assert kept["data"]["title"] != "Моя назва"
    # What was typed stands on the page; after a look it can be saved.
    again = _form(bs4.BeautifulSoup(refused.body, "html.parser"))
    assert again["seen_at"] != form["seen_at"]
    for name in {"title", "executor-2-who"} & set(again):
        assert again[name] in (form[name], [form[name]])
    editor.post(f"{START}/{draft}{step}", again | {"do": "stay"}, 302)


def test_the_same_plan_again_is_told_on_the_last_step(
    editor: Visitor, world: dict[str, Any], plan_docx: Callable[..., bytes]
) -> None:
    owner, content = world["council"]["id"], plan_docx()
    first = editor.begin(content, owner)
    page = editor.get(f"{START}/{first}/save")
    assert not page.select(".alert-warning")
    context = {"user": world["people"]["editor"]["name"]}
    saved = call_action("actionplan_draft_submit", context, id=first)

    def warned(changes: dict[str, str], document: bytes = content) -> list[str]:
        draft = editor.begin(document, owner)
        call_action("actionplan_draft_update", {}, id=draft, **changes)
        page = editor.get(f"{START}/{draft}/save")
        for link in page.select(".alert-warning li a"):
            assert str(link["href"]).endswith(f"/action-plan/{saved['name']}")
        return [line.get_text(" ") for line in page.select(".alert-warning li")]

    other = {"title": "Інший план", "approval_number": "78"}
    another = plan_docx(title="План дій іншої громади на 2028 рік")
    assert "the same document" in warned(other)[0]
    assert "the same approving act" in warned({}, another)[0]
    same = {"title": saved["title"], "approval_number": "79"}
    term = {name: saved[name] for name in ("period_start", "period_end")}
    assert "the same title and term" in warned(same | term, another)[0]
    assert warned(other, another) == []


def test_organizations_below_the_owner_are_proposed(
    editor: Visitor, world: dict[str, Any], plan_docx: Callable[..., bytes]
) -> None:
    member = model.Member(
        group=model.Group.get(world["transport"]["id"]),
        table_id=world["council"]["id"],
        table_name="group",
        capacity="public",
    )
    model.Session.add(member)
    model.Session.commit()
    owner = world["council"]["id"]
    rows = (("1.1. Описати дані", "Щоквартально", "Описано", "Хтось"),)
    draft = editor.begin(plan_docx(rows), owner)
    form = _form(editor.get(f"{START}/{draft}/executors"))
    assert form["participants"] == [world["transport"]["id"]]
    # What a person has taken away is not brought back.
    del form["participants"]
    editor.post(f"{START}/{draft}/executors", form | {"do": "stay"}, 302)
    assert "participants" not in _form(editor.get(f"{START}/{draft}/executors"))

    piece = editor.get(f"/action-plan/new/participants?owner={owner}")
    button = piece.select_one("[data-actionplan-tick]")
    assert button is not None
    assert button["data-actionplan-tick"] == world["transport"]["id"]
    assert not editor.get("/action-plan/new/participants?owner=").select("button")
    editor.headers = {}
    editor.get(f"/action-plan/new/participants?owner={owner}", 403)


def test_the_last_deadline_is_proposed_as_the_end(
    editor: Visitor, world: dict[str, Any], plan_docx: Callable[..., bytes]
) -> None:
    owner = world["council"]["id"]
    draft = editor.begin(plan_docx(title="План дій громади"), owner)
    page = editor.get(f"{START}/{draft}")
    form = _form(page)
    assert form["period_end"] == "2026-03-31"
    assert "Mar 31, 2026" in page.select(".actionplan-import-notes")[0].text
    # A plan without an end is one, too.
    editor.post(f"{START}/{draft}", form | {"period_end": "", "do": "stay"}, 302)
    assert not _form(editor.get(f"{START}/{draft}"))["period_end"]


def test_a_doubt_about_a_heading_names_the_heading(
    editor: Visitor, world: dict[str, Any], plan_docx: Callable[..., bytes]
) -> None:
    rows = [
        ("1.1. Скласти перелік", "до 31.03.2026", "Складено", "Відділ"),
        ("Завершальні кроки", "", "", ""),
        ("2.1. Оновити портал", "до 31.03.2027", "Оновлено", "Відділ"),
    ]
    draft = editor.begin(plan_docx(rows), world["council"]["id"])
    notes = editor.get(f"{START}/{draft}").select(".actionplan-import-notes")[0]
    assert "section heading" in notes.get_text()
    assert [quote.get_text() for quote in notes.select("q")] == ["Завершальні кроки"]


def test_cells_are_escaped(
    editor: Visitor, world: dict[str, Any], plan_docx: Callable[..., bytes]
) -> None:
    evil = '"><img src=x onerror=alert(1)>'
    rows = [
        (
            f"1.1. Завдання {evil}",
            "до 31.03.2026",
            f"Показник {evil}",
            f"Відділ {evil}",
        )
    ]
    draft = editor.begin(plan_docx(rows), world["council"]["id"])
    for step in ("", "/executors", "/save"):
        page = editor.get(f"{START}/{draft}{step}")
        assert not page.select("img[src=x]")
    response = editor.post(f"{START}/{draft}/save", {"private": "false"}, 302)
    assert not editor.get(
        _path(response.headers["Location"]).removeprefix("/en")
    ).select("img[src=x]")


@pytest.mark.parametrize("step", ["", "/executors", "/save", "/split/t1"])
def test_a_strangers_draft_is_refused(
    app: Any,
    editor: Visitor,
    world: dict[str, Any],
    plan_docx: Callable[..., bytes],
    step: str,
) -> None:
    draft = editor.begin(plan_docx(), world["council"]["id"])
    for role in ("stranger", "colleague"):
        other = Visitor(app, _token(world, role))
        other.get(f"{START}/{draft}{step}", status=403)
    # Whoever has only to sign in again comes back to the same page.
    refused = Visitor(app, {}).get(f"{START}/{draft}{step}", status=403)
    link: Any = refused.select_one("a[href*='came_from']")
    (came_from,) = parse_qs(urlsplit(link["href"]).query)["came_from"]
    assert urlsplit(came_from).path == f"/en{START}/{draft}{step}"
    editor.get(f"{START}/nothing{step}", status=404)


def test_a_stranger_changes_nothing(
    app: Any, editor: Visitor, world: dict[str, Any], plan_docx: Callable[..., bytes]
) -> None:
    draft = editor.begin(plan_docx(), world["council"]["id"])
    stranger = Visitor(app, _token(world, "stranger"))
    for step in ("", "/executors", "/save", "/delete", "/row", "/split/t1"):
        stranger.post(f"{START}/{draft}{step}", {"title": "x"}, 403)
    stranger.upload(plan_docx(), world["council"]["id"], status=403)
    Visitor(app, {}).get(START, status=403)
    Visitor(app, _token(world, "member")).get(START, status=403)
    assert call_action("actionplan_draft_show", {}, id=draft)["data"]["title"] != "x"


def test_delete(
    editor: Visitor, world: dict[str, Any], plan_docx: Callable[..., bytes]
) -> None:
    draft = editor.begin(plan_docx(), world["council"]["id"])
    editor.post(f"{START}/{draft}/delete", {}, 302)
    assert _nothing_left()


@pytest.mark.parametrize("language", ["en", "uk"])
@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n", "Просто лист.".encode()])
def test_bad_input_is_a_sentence_on_the_page(
    app: Any, world: dict[str, Any], language: str, content: bytes
) -> None:
    visitor = Visitor(app, _token(world, "editor"), language)
    response = visitor.upload(content, world["council"]["id"], status=422)
    assert len(_messages(response).split()) > 3
    assert _nothing_left()


@pytest.mark.parametrize("language", ["en", "uk"])
def test_an_upload_that_is_too_large_is_a_sentence(
    app: Any,
    world: dict[str, Any],
    language: str,
    monkeypatch: pytest.MonkeyPatch,
    ckan_config: Any,
) -> None:
    monkeypatch.setitem(ckan_config, "ckanext.actionplan.document_megabytes", 1)
    visitor = Visitor(app, _token(world, "editor"), language)
    content = bytes(3 * 1024 * 1024)

    def limit(sender: Any, **extra: Any) -> None:
        importing.limit_request(tk.request)

    with tk.signals.request_started.connected_to(limit):
        response = visitor.upload(content, world["council"]["id"], status=413)
    assert "1" in _messages(response)
    assert _nothing_left()


def _large(count: int) -> list[tuple[str, str, str, str]]:
    text = "Упорядкувати та оприлюднити набори даних громади за вимогами. " * 4
    return [
        (f"1.{number}. {text}", "до 31.03.2026", text * 2, "Відділ цифрових рішень")
        for number in range(1, count + 1)
    ]


def test_two_hundred_long_tasks_can_be_posted(
    editor: Visitor, world: dict[str, Any], plan_docx: Callable[..., bytes]
) -> None:
    draft = editor.begin(plan_docx(_large(200)), world["council"]["id"])
    form = _form(editor.get(f"{START}/{draft}"))
    form |= {"task-t200-number": "200", "do": "next"}
    editor.post(f"{START}/{draft}", form, 302)
    shown = call_action("actionplan_draft_show", {}, id=draft)
    assert len(shown["data"]["tasks"]) == 200
    assert shown["data"]["tasks"][-1]["number"] == "200"


def test_statements_do_not_grow_with_tasks(
    editor: Visitor,
    world: dict[str, Any],
    plan_docx: Callable[..., bytes],
    count_queries: Callable[[], Any],
) -> None:
    counts: list[list[int]] = []
    for size in (10, 100):
        draft = editor.begin(plan_docx(_large(size)), world["council"]["id"])
        for step in ("", "/executors", "/save"):
            editor.get(f"{START}/{draft}{step}")
        steps: list[int] = []
        for step in ("", "/executors", "/save"):
            with count_queries() as statements:
                editor.get(f"{START}/{draft}{step}")
            steps.append(len(statements))
        counts.append(steps)
    assert counts[0] == counts[1]


def test_limit_of_a_request(app: Any, world: dict[str, Any]) -> None:
    with app.flask_app.test_request_context(START, method="POST"):
        importing.limit_request(tk.request)
        assert tk.request.max_content_length > importing.document_bytes()
    with app.flask_app.test_request_context("/action-plan/new", method="POST"):
        before = tk.request.max_content_length
        importing.limit_request(tk.request)
        assert tk.request.max_content_length == before
