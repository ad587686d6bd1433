"""Rows on the check page: joined, parted, kept as one types, and undone."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import bs4
import pytest

import ckan.plugins.toolkit as tk
from ckan.tests.helpers import call_action

from ckanext.actionplan.views.plan_import_shown import PAGE_ROWS

if TYPE_CHECKING:
    from collections.abc import Callable

START = "/action-plan/import"
PASSWORD = "correct horse battery"
ROWS = (
    ("1.1. Скласти перелік наборів", "до 31.03.2026", "Перелік", "Відділ обліку"),
    ("громади та її установ", "", "оприлюднено", "Відділ праці"),
    ("1.2. Провести навчання", "Щоквартально", "Проведено", "Відділ обліку"),
    ("1.3. Оновити дані", "після перевірки", "Оновлено. Перевірено.", "Рада"),
)


class Person:
    """Somebody who is signed in as browsers are: by a cookie."""

    def __init__(self, app: Any, name: str) -> None:
        self.app = app
        self.client = app.test_client()
        self.name = name

    def sign_in(self) -> None:
        form = {"login": self.name, "password": PASSWORD}
        answer = self.client.post("/user/login", data=form, follow_redirects=False)
        assert answer.status_code == 302

    def sign_out(self) -> None:
        """Lose the session, as when it expires."""
        self.client = self.app.test_client()

    def get(self, path: str, status: int = 200) -> bs4.BeautifulSoup:
        response = self.client.get(path, follow_redirects=False)
        assert response.status_code == status
        return bs4.BeautifulSoup(response.get_data(as_text=True), "html.parser")

    def post(self, path: str, data: dict[str, Any], status: int = 302) -> Any:
        response = self.client.post(path, data=data, follow_redirects=False)
        assert response.status_code == status, _told(response)
        return response

    def upload(self, content: bytes, owner: str) -> str:
        data = {"upload": (io.BytesIO(content), "план.docx"), "owner_org": owner}
        location = self.post(START, data).headers["Location"]
        return f"{START}/{location.rstrip('/').rpartition('/')[2]}"


@pytest.fixture
def person(app: Any, world: dict[str, Any], user_factory: Any) -> Person:
    """Return an editor of the council."""
    user = user_factory(password=PASSWORD)
    call_action(
        "organization_member_create",
        id=world["council"]["id"],
        username=user["name"],
        role="editor",
    )
    editor = Person(app, user["name"])
    editor.sign_in()
    return editor


@pytest.fixture
def path(person: Person, world: dict[str, Any], plan_docx: Callable[..., bytes]) -> str:
    """Return the address of an import with a row that the reader joined."""
    return person.upload(plan_docx(ROWS), world["council"]["id"])


def _fields(page: bs4.BeautifulSoup) -> dict[str, str]:
    """What stands in the fields of the page's form, empty boxes left away."""
    form = page.select_one("section.actionplan-import form[method=post]")
    data: dict[str, str] = {}
    for field in form.select("input[name], textarea[name]"):
        if field.name == "textarea":
            data[str(field["name"])] = field.get_text().removeprefix("\n")
        elif field.get("type") != "checkbox" or field.has_attr("checked"):
            data[str(field["name"])] = str(field.get("value", ""))
    for field in form.select("select[name]"):
        chosen = field.select_one("option[selected]") or field.select_one("option")
        data[str(field["name"])] = str(chosen["value"])
    return data


def _row(page: bs4.BeautifulSoup, key: str, **typed: str) -> dict[str, str]:
    """What is sent when somebody types into one row."""
    block = page.select_one(f"#row-{key} [hx-post]")
    names = str(block["hx-params"]).split(",")
    fields = _fields(page)
    sent = {name: fields[name] for name in names if name in fields}
    assert {f"task-{key}-{name}" for name in typed} <= set(names)
    return sent | {f"task-{key}-{name}": text for name, text in typed.items()}


def _kept(path: str) -> dict[str, Any]:
    return call_action("actionplan_draft_show", {}, id=path.rpartition("/")[2])


def _titles(path: str) -> list[str]:
    return [task["title"] for task in _kept(path)["data"]["tasks"]]


def _told(response: Any) -> list[str]:
    return [each.get_text(" ") for each in _answer(response).select("[role=alert]")]


def _answer(response: Any) -> bs4.BeautifulSoup:
    return bs4.BeautifulSoup(response.get_data(as_text=True), "html.parser")


def _status(answer: bs4.BeautifulSoup) -> str:
    found = answer.select_one("[hx-swap-oob*=import-status]")
    return found.get_text(" ", strip=True)


def _do(person: Person, path: str, act: str, **more: str) -> bs4.BeautifulSoup:
    fields = _fields(person.get(path))
    response = person.post(path, fields | more | {"do": act})
    return person.get(response.headers["Location"])


def test_joined_rows_are_shown_apart_and_can_be_separated(
    person: Person, path: str
) -> None:
    page = person.get(path)
    printed = page.select("#row-t1 .actionplan-import-printed dl")
    assert ["громади та її установ" in each.get_text() for each in printed] == [
        False,
        True,
    ]
    assert "rows 3, 4" in page.select_one("#row-t1 .actionplan-import-place").get_text()
    page = _do(person, path, "separate:t1:1")
    assert "separated" in page.select_one(".flash-messages").get_text()
    tasks = _kept(path)["data"]["tasks"]
    assert [task["title"] for task in tasks[:2]] == [
        "Скласти перелік наборів",
        "громади та її установ",
    ]
    assert [task["executors"] for task in tasks[:2]] == [
        ["Відділ обліку"],
        ["Відділ праці"],
    ]
    # Joined again it is what the reader made of it.
    _do(person, path, f"join:{tasks[1]['key']}")
    assert _titles(path)[0] == "Скласти перелік наборів громади та її установ"


def test_each_step_is_undone_by_a_button_that_names_it(
    person: Person, path: str
) -> None:
    before = _kept(path)["data"]["tasks"]
    page = _do(person, path, "join:t2")
    assert page.select_one("#row-t1").has_attr("open")
    undo = page.select_one("button[value=undo]")
    assert "row 1.2 joined with the row above" in undo.get_text()
    assert not page.select("button[value=redo]")
    page = _do(person, path, "undo")
    assert _kept(path)["data"]["tasks"] == before
    assert "1.2" in page.select_one("button[value=redo]").get_text()
    _do(person, path, "redo")
    assert len(_titles(path)) == 2


def test_a_heading_and_noise(person: Person, path: str) -> None:
    _do(person, path, "section:t2")
    assert _kept(path)["data"]["tasks"][2]["section"] == "1.2. Провести навчання"
    page = person.get(path)
    state = page.select_one("#row-t2 .actionplan-import-state").get_text()
    assert "section heading" in state
    _do(person, path, "task:t2")
    _do(person, path, "noise:t2")
    page = person.get(path)
    assert "2 tasks" in " ".join(
        page.select_one(".actionplan-import-summary").get_text().split()
    )
    assert _kept(path)["data"]["tasks"][2]["section"] == "1. Підготовка даних"


def test_lines_that_were_not_read_can_be_made_tasks(person: Person, path: str) -> None:
    page = person.get(path)
    lines = page.select(".actionplan-import-lines > li")
    line = next(each for each in lines if "Підготовка даних" in each.get_text())
    key = line.select_one("button[value^=task]")["value"].partition(":")[2]
    page = _do(person, path, f"task:{key}")
    assert _titles(path)[0] == "Підготовка даних"
    assert all(not task["section"] for task in _kept(path)["data"]["tasks"])
    _do(person, path, "undo")
    _do(person, path, f"join:{key}", **{f"line-{key}-into": "indicator"})
    assert _kept(path)["data"]["tasks"][0]["indicator"].endswith("Підготовка даних")


def test_two_tasks_from_one(person: Person, path: str) -> None:
    fields = _fields(person.get(path)) | {"task-t3-title": "Оновити"}
    response = person.post(path, fields | {"do": "divide:t3"})
    split = response.headers["Location"]
    parts = _fields(person.get(split))
    # What was typed is kept first, and sentences are proposed apart.
    assert parts["part-0-title"] == parts["part-1-title"] == "Оновити"
    assert (parts["part-0-indicator"], parts["part-1-indicator"]) == (
        "Оновлено.",
        "Перевірено.",
    )
    refused = person.post(split, parts | {"part-1-title": ""}, 422)
    alert = _answer(refused).select_one("[role=alert].alert")
    assert "1.3" in alert.get_text()
    person.post(split, parts | {"part-1-title": "Перевірити"})
    assert _titles(path)[2:] == ["Оновити", "Перевірити"]
    tasks = _kept(path)["data"]["tasks"]
    assert [task["indicator"] for task in tasks[2:]] == ["Оновлено.", "Перевірено."]


def test_what_cannot_be_done_is_told_and_nothing_typed_is_lost(
    person: Person, path: str
) -> None:
    fields = _fields(person.get(path)) | {"task-t1-title": "Інша назва"}
    refused = person.post(path, fields | {"do": "join:t1"}, 422)
    page = _answer(refused)
    assert "1.1" in page.select_one("[role=alert].alert").get_text()
    assert _fields(page)["task-t1-title"] == "Інша назва"


def test_an_added_task_is_removed(person: Person, path: str) -> None:
    page = _do(person, path, "add:t1")
    assert page.select_one("#row-t4").has_attr("open")
    _do(person, path, "remove:t4")
    assert len(_titles(path)) == 3


def test_a_row_is_kept_as_one_types(person: Person, path: str) -> None:
    page = person.get(path)
    sent = _row(page, "t3", deadline="до 30.06.2026")
    answer = _answer(person.post(f"{path}/row", sent, 200))
    assert "Kept at" in _status(answer)
    # The wording was read again, and the page hears the new state of the import.
    assert answer.select_one("#task-t3-due")["value"] == "../2026-06-30"
    seen = answer.select_one("#actionplan-import-seen")["value"]
    assert seen == _kept(path)["changed_at"] != sent["seen_at"]
    head = answer.select_one("[hx-swap-oob$='#row-t3-head']").get_text()
    assert "June" in head or "Jun" in head
    assert "1.3" in answer.select_one("button[value=undo]").get_text()

    sent |= {"seen_at": seen, "task-t3-due": "R/P3M"}
    answer = _answer(person.post(f"{path}/row", sent, 200))
    # The field where somebody types is left alone; only the words beside it change.
    assert answer.select_one("#task-t3-due") is None
    words = answer.select_one("[hx-swap-oob$='#task-t3-due-words']").get_text()
    assert "every quarter" in words
    assert _kept(path)["data"]["tasks"][2]["due"] == "R/P3M"


def test_what_is_half_typed_does_not_hold_up_the_rest(
    person: Person, path: str
) -> None:
    sent = _row(person.get(path), "t1", due="ско", title="Нова назва")
    answer = _answer(person.post(f"{path}/row", sent, 200))
    assert "except" in _status(answer)
    assert "ско" in answer.select_one("[hx-swap-oob$='#task-t1-due-words']").get_text()
    task = _kept(path)["data"]["tasks"][0]
    assert (task["title"], task["due"]) == ("Нова назва", "../2026-03-31")


def test_fields_of_the_plan_are_kept_too(person: Person, path: str) -> None:
    page = person.get(path)
    names = str(page.select_one(".actionplan-import-plan")["hx-params"]).split(",")
    fields = _fields(page)
    sent = {name: fields[name] for name in names} | {"title": "Інший план"}
    sent |= {"period_end": "потім"}
    answer = _answer(person.post(f"{path}/row", sent, 200))
    assert "потім" in _status(answer)
    assert _kept(path)["data"]["title"] == "Інший план"
    assert _kept(path)["data"]["period_end"] == "2027-12-31"


def test_typing_in_two_windows_is_told(person: Person, path: str) -> None:
    page = person.get(path)
    person.post(f"{path}/row", _row(page, "t1", title="З іншого вікна"), 200)
    sent = _row(page, "t1", title="З цього вікна")
    answer = _answer(person.post(f"{path}/row", sent, 200))
    assert "another window" in _status(answer)
    assert answer.select_one("[data-actionplan-refused]") is not None
    assert _titles(path)[0] == "З іншого вікна"
    seen = answer.select_one("#actionplan-import-seen")["value"]
    assert seen == sent["seen_at"]


def test_what_was_typed_outlives_the_way_back(person: Person, path: str) -> None:
    response = person.client.get(path)
    # A browser that goes back asks again instead of showing an old copy.
    assert "no-store" in response.headers["Cache-Control"]
    page = person.get(path)
    person.post(f"{path}/row", _row(page, "t1", title="Набрано"), 200)
    person.get(f"{path}/executors")
    assert _fields(person.get(path))["task-t1-title"] == "Набрано"


def test_what_was_typed_outlives_an_expired_session(person: Person, path: str) -> None:
    page = person.get(path)
    person.post(f"{path}/row", _row(page, "t1", title="Набрано"), 200)
    person.sign_out()
    person.post(f"{path}/row", _row(page, "t1", title="Без сеансу"), 403)
    refused = person.get(path, 403)
    assert refused.select("a[href*='/user/login']")
    told = page.select_one("template[data-actionplan-signed-out]")
    assert "/user/login?came_from=" in str(told)
    person.sign_in()
    page = person.get(path)
    assert _fields(page)["task-t1-title"] == "Набрано"
    person.post(f"{path}/row", _row(page, "t1", title="Набрано знову"), 200)
    assert _titles(path)[0] == "Набрано знову"


def test_what_was_typed_outlives_a_restart(
    person: Person, path: str, make_app: Any
) -> None:
    page = person.get(path)
    person.post(f"{path}/row", _row(page, "t1", title="Набрано"), 200)
    again = Person(make_app(), person.name)
    again.sign_in()
    page = again.get(path)
    assert _fields(page)["task-t1-title"] == "Набрано"
    again.post(path, _fields(page) | {"do": "undo"})
    assert _titles(path)[0] == "Скласти перелік наборів громади та її установ"


def test_proposals_are_confirmed_in_the_row(
    person: Person, world: dict[str, Any], plan_docx: Callable[..., bytes]
) -> None:
    rows = (
        (
            "1.1. Наповнювати реєстр",
            "Постійно",
            "Реєстр наповнено, перевірка не рідше одного разу на рік",
            "Відділ",
        ),
    )
    path = person.upload(plan_docx(rows), world["council"]["id"])
    draft = _kept(path)
    if not draft["review"]["tasks"]["t1"]["proposals"]:
        pytest.skip("the reader proposes nothing here")
    page = person.get(path)
    assert "please confirm" in page.select_one(".actionplan-import-proposal").get_text()
    page = _do(person, path, "confirm:t1:0")
    assert not page.select(".actionplan-import-proposal")


def test_who_is_who_is_kept_as_one_goes(
    person: Person, path: str, world: dict[str, Any]
) -> None:
    page = person.get(f"{path}/executors")
    card = page.select_one("fieldset[hx-post]")
    name = str(card.select_one("input[type=radio]")["name"]).removesuffix("-who")
    assert str(card["hx-params"]).split(",") == [
        "seen_at",
        f"{name}-who",
        f"{name}-organizations",
    ]
    seen = _fields(page)["seen_at"]
    ids = [world["digital"]["id"], world["transport"]["id"]]
    sent = {"seen_at": seen, f"{name}-who": "participants"}
    answer = _answer(
        person.post(f"{path}/executor", sent | {f"{name}-organizations": ids}, 200)
    )
    assert "Kept at" in _status(answer)
    first, second = _kept(path)["data"]["executors"][:2]
    # One name may mean several organizations; the others stay proposals.
    assert first["organizations"] == ids
    assert second["who"] == ""
    assert not _kept(path)["review"].get("mapped")
    refused = _answer(person.post(f"{path}/executor", sent, 200))
    assert "another window" in _status(refused)
    seen = answer.select_one("#actionplan-import-seen")["value"]
    none = {"seen_at": seen, "participants-shown": "1"}
    person.post(f"{path}/executor", none, 200)
    page = person.get(f"{path}/executors")
    ticked = page.select(f"input[name={name}-organizations][checked]")
    assert [box["value"] for box in ticked] == ids


def _many(count: int) -> list[tuple[str, str, str, str]]:
    return [
        (f"1.{at}. Оновити набір {at}", "до 31.03.2026", "Оновлено", "Відділ")
        for at in range(1, count + 1)
    ]


def test_a_large_plan_has_pages_of_rows(
    person: Person,
    world: dict[str, Any],
    plan_docx: Callable[..., bytes],
    count_queries: Callable[[], Any],
) -> None:
    owner = world["council"]["id"]
    counts = []
    for size in (3, PAGE_ROWS + 20):
        path = person.upload(plan_docx(_many(size)), owner)
        person.get(path)
        page = person.get(path)
        with count_queries() as statements:
            person.get(path)
        counts.append(len(statements))
        with count_queries() as statements:
            person.post(f"{path}/row", _row(page, "t1", title=f"Набір {size}"), 200)
        counts.append(len(statements))
    assert counts[:2] == counts[2:]
    page = person.get(path)
    assert len(page.select(".actionplan-import-row")) == PAGE_ROWS
    fields = _fields(page) | {"task-t2-title": "Змінено", "do": "page:2"}
    response = person.post(path, fields)
    page = person.get(response.headers["Location"])
    assert len(page.select(".actionplan-import-row")) == 20
    assert _titles(path)[1] == "Змінено"
    # A row is found on whatever page it stands.
    key = f"t{PAGE_ROWS + 5}"
    assert person.get(f"{path}?row={key}").select_one(f"#row-{key}").has_attr("open")
    assert person.get(f"{path}?page=99").select_one("#row-t120") is not None


def test_the_least_sure_stand_first(
    person: Person, world: dict[str, Any], plan_docx: Callable[..., bytes]
) -> None:
    path = person.upload(plan_docx(ROWS), world["council"]["id"])
    draft = _kept(path)["data"]
    page = person.get(path)
    first = page.select(".actionplan-import-row")[0]
    assert first["id"] == "row-t3"
    assert [task["key"] for task in draft["tasks"]] == ["t1", "t2", "t3"]


def test_programs_are_told_which_row(path: str) -> None:
    with pytest.raises(tk.ValidationError) as error:
        call_action(
            "actionplan_draft_update",
            {},
            id=path.rpartition("/")[2],
            rows=[{"key": "t1", "act": "join"}],
        )
    assert "1.1" in error.value.error_dict["rows"][0]


def test_who_is_who_does_not_grow_with_the_portal(
    person: Person, path: str, organization_factory: Any, count_queries: Any
) -> None:
    counts = []
    sizes = []
    for title in ("Перша служба", "Друга служба"):
        person.get(f"{path}/executors")
        with count_queries() as statements:
            page = person.get(f"{path}/executors")
        counts.append(len(statements))
        sizes.append(len(page.select("input[name=participants]")))
        for at in range(40):
            organization_factory(title=f"{title} {at}")
    assert counts[0] == counts[1]
    # All of a small portal are offered; of a large one those that are looked for.
    page = person.get(f"{path}/executors")
    assert sizes[1] > sizes[0] > 0
    assert len(page.select("input[name=participants]")) < sizes[1]
    assert page.select("#participants-others")
