"""The pages that amend a plan, as a person without JavaScript uses them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import bs4
import pytest

from ckan.tests.helpers import call_action

if TYPE_CHECKING:
    from collections.abc import Callable

START = "/action-plan/import"
Rows = tuple[tuple[str, str, str, str], ...]
NEW_ROW = (
    "1.3. Затвердити положення про відкриті дані",
    "до 30.06.2026",
    "Положення затверджено",
    "Відділ цифрових рішень",
)
ACT = {
    "act_document": "Рішення виконавчого комітету",
    "act_number": "12",
    "act_date": "2026-03-02",
    "act_url": "",
}


class Visitor:
    """The council's editor in a browser without JavaScript."""

    def __init__(self, app: Any, world: dict[str, Any], role: str) -> None:
        self.app, self.owner = app, world["council"]["id"]
        self.name = world["people"][role]["name"]
        token = call_action(
            "api_token_create", {"user": self.name}, user=self.name, name="test"
        )
        self.headers = {"Authorization": token["token"]}

    def get(self, path: str, status: int = 200) -> bs4.BeautifulSoup:
        response = self.app.get(path, headers=self.headers, status=status)
        return bs4.BeautifulSoup(response.body, "html.parser")

    def post(self, path: str, data: Any, status: int = 302) -> Any:
        response = self.app.post(
            path, data=data, headers=self.headers, follow_redirects=False
        )
        assert response.status_code == status, response.status_code
        return response

    def upload(self, content: bytes, plan: str = "", status: int = 302) -> str:
        """Upload a document and return the path that it leads to."""
        data = {"upload": (io.BytesIO(content), "план.docx"), "owner_org": self.owner}
        response = self.post(START, {**data, "plan": plan}, status)
        return response.headers.get("Location", "").partition("/action-plan/")[2]


def _form(page: bs4.BeautifulSoup) -> dict[str, Any]:
    """What a browser would post: the fields of the form as they stand."""
    form = page.select_one("section.actionplan-import form[method=post]")
    assert form is not None
    data: dict[str, Any] = {}
    for field in form.select("input[name], select[name]"):
        name = str(field["name"])
        if field.name == "select":
            chosen = field.select_one("option[selected]") or field.select_one("option")
            data[name] = chosen["value"] if chosen else ""
        elif field.get("type") not in ("radio", "checkbox") or field.has_attr(
            "checked"
        ):
            data[name] = field.get("value", "")
    return data


def _text(page: bs4.BeautifulSoup, selector: str) -> str:
    return " ".join(" ".join(e.get_text(" ") for e in page.select(selector)).split())


@pytest.fixture
def editor(app: Any, world: dict[str, Any]) -> Visitor:
    """Return the council's editor."""
    return Visitor(app, world, "editor")


@pytest.fixture
def plan(
    editor: Visitor, plan_docx: Callable[..., bytes], plan_rows: Rows
) -> dict[str, Any]:
    """Return the usual plan, public and in force."""
    context = {"user": editor.name}
    draft = call_action(
        "actionplan_draft_create",
        context,
        content=plan_docx(plan_rows),
        filename="план.docx",
        owner_org=editor.owner,
    )
    plan = call_action("actionplan_draft_submit", context, id=draft["id"])
    return call_action(
        "package_patch", context, id=plan["id"], in_force_from="2026-01-01"
    )


@pytest.fixture
def amended(plan_docx: Callable[..., bytes], plan_rows: Rows) -> bytes:
    """Return the plan with a task reworded, one added and one gone."""
    one, two, _ = plan_rows
    later = (one[0], "до 30.04.2026", one[2], one[3])
    return plan_docx((later, two, NEW_ROW))


def test_from_the_page_of_the_plan_to_its_amendment(
    editor: Visitor, plan: dict[str, Any], amended: bytes
) -> None:
    page = editor.get(f"/action-plan/{plan['name']}")
    link = page.select_one(f"a[href$='import?plan={plan['name']}']")
    assert link is not None
    upload = editor.get(f"{START}?plan={plan['name']}")
    assert _form(upload)["plan"] == plan["name"]
    assert _form(upload)["owner_org"] == editor.owner

    draft = f"/action-plan/{editor.upload(amended, plan['name'])}"
    check = editor.get(draft)
    assert plan["title"] in _text(check, ".actionplan-import-edition")
    page = editor.get(f"{draft}/save")
    assert "1.3" in _text(page, ".actionplan-compare-added")
    changed = _text(page, ".actionplan-compare-changed")
    assert "до 31.03.2026" in changed
    assert page.select_one(".actionplan-compare-changed ins").get_text() == "30.04.2026"
    assert "після завершення" in _text(page, ".actionplan-compare-withdrawn")

    # Without the act nothing is saved, and the page says why beside the field.
    refused = editor.post(f"{draft}/save", {**_form(page), "do": "save"}, 422)
    page = bs4.BeautifulSoup(refused.body, "html.parser")
    assert "in force" in _text(page, "#act_document-error")
    assert call_action("package_show", {}, id=plan["id"])["tasks"] == plan["tasks"]

    answer = editor.post(f"{draft}/save", {**_form(page), **ACT, "do": "save"})
    assert answer.headers["Location"].endswith(plan["name"])
    after = call_action("package_show", {}, id=plan["id"])
    assert [task["id"] for task in after["tasks"]][:2] == [
        task["id"] for task in plan["tasks"]
    ][:2]
    assert after["amendments"][0]["number"] == "12"


def test_a_likely_edition_is_asked_about(
    editor: Visitor, plan: dict[str, Any], amended: bytes
) -> None:
    path = editor.upload(amended)
    assert path.endswith("/plan")
    page = editor.get(f"/action-plan/{path}")
    assert plan["title"] in _text(page, ".actionplan-import-like")
    form = _form(page)
    assert (form["amends"], form["plan"]) == ("yes", plan["name"])
    editor.post(f"/action-plan/{path}", {**form, "plan": ""}, 422)
    editor.post(f"/action-plan/{path}", form)
    draft = path.removesuffix("/plan")
    assert editor.get(f"/action-plan/{draft}").select(".actionplan-import-edition")
    # And back: it is a plan of its own.
    editor.post(f"/action-plan/{path}", {"amends": "no"})
    assert not editor.get(f"/action-plan/{draft}").select(".actionplan-import-edition")
    assert "It is an amended edition" in _text(
        editor.get(f"/action-plan/{draft}/save"), ".alert"
    )


def test_rows_are_paired_otherwise(
    editor: Visitor, plan: dict[str, Any], amended: bytes
) -> None:
    draft = f"/action-plan/{editor.upload(amended, plan['name'])}"
    page = editor.get(f"{draft}/save")
    form = _form(page)
    gone = plan["tasks"][2]["id"]
    assert form["stays-t3"] == ""
    editor.post(
        f"{draft}/save", {**form, "stays-t3": gone, "act_number": "9", "do": "stay"}
    )
    page = editor.get(f"{draft}/save")
    assert not page.select(".actionplan-compare-withdrawn")
    assert _form(page)["stays-t3"] == gone
    # What was typed is kept, however often it is compared.
    assert _form(page)["act_number"] == "9"


def test_an_unchanged_document_is_only_attached(
    editor: Visitor,
    plan: dict[str, Any],
    plan_docx: Callable[..., bytes],
    plan_rows: Rows,
) -> None:
    # Other bytes that say the same.
    content = plan_docx(plan_rows, act="15.12.2025  № 77")
    draft = f"/action-plan/{editor.upload(content, plan['name'])}"
    page = editor.get(f"{draft}/save")
    assert "nothing is changed" in _text(page, ".actionplan-compare-none")
    assert not page.select("#act")
    editor.post(f"{draft}/save", {**_form(page), "do": "attach"})
    after = call_action("package_show", {}, id=plan["id"])
    assert len(after["resources"]) == 2
    # Once more: it is attached already.
    draft = f"/action-plan/{editor.upload(content, plan['name'])}"
    page = editor.get(f"{draft}/save")
    assert not page.select("button[value=attach]")


def test_a_plan_saved_meanwhile_is_shown_anew(
    editor: Visitor, plan: dict[str, Any], amended: bytes
) -> None:
    draft = f"/action-plan/{editor.upload(amended, plan['name'])}"
    form = _form(editor.get(f"{draft}/save"))
    call_action("package_patch", {"user": editor.name}, id=plan["id"], title="Інша")
    refused = editor.post(f"{draft}/save", {**form, **ACT, "do": "save"}, 422)
    page = bs4.BeautifulSoup(refused.body, "html.parser")
    assert "saved by somebody" in _text(page, ".alert-warning")
    assert _form(page)["act_number"] == "12"
    editor.post(f"{draft}/save", {**_form(page), "do": "save"})


def test_a_plan_deleted_meanwhile_leads_to_the_choice(
    editor: Visitor, plan: dict[str, Any], amended: bytes
) -> None:
    draft = f"/action-plan/{editor.upload(amended, plan['name'])}"
    call_action("package_delete", {"user": editor.name}, id=plan["id"])
    response = editor.app.get(
        f"{draft}/save", headers=editor.headers, follow_redirects=False
    )
    assert response.headers["Location"].endswith("/plan")
    page = editor.get(f"{draft}/plan")
    # Neither named nor chosen: what is left is a plan of its own.
    assert page.select_one(".actionplan-import-edition") is None
    assert page.select_one("#amends-no").has_attr("checked")


def test_who_may_amend(
    app: Any, world: dict[str, Any], editor: Visitor, plan: dict[str, Any]
) -> None:
    editor.get(f"{START}?plan=немає", 404)
    for role in ("member", "stranger"):
        other = Visitor(app, world, role)
        other.get(f"{START}?plan={plan['name']}", 403)
        page = other.get(f"/action-plan/{plan['name']}")
        assert not page.select("a[href*='import?plan']")


def test_plans_of_the_chosen_organization(
    editor: Visitor, plan: dict[str, Any], world: dict[str, Any]
) -> None:
    page = editor.get(f"{START}/plans?owner_org={editor.owner}")
    assert [option["value"] for option in page.select("option")] == ["", plan["name"]]
    other = editor.get(f"{START}/plans?owner_org={world['digital']['id']}")
    assert len(other.select("option")) == 1
    assert len(editor.get(f"{START}/plans").select("option")) == 1


def _many(count: int) -> Rows:
    return tuple(
        (f"1.{at}. Оприлюднити набір {at * 7919}", "до 31.12.2026", "Так", "Архів")
        for at in range(1, count + 1)
    )


def test_the_page_costs_the_same_for_any_number_of_tasks(
    editor: Visitor, plan_docx: Callable[..., bytes], count_queries: Callable[[], Any]
) -> None:
    counts: list[int] = []
    for size in (10, 60):
        title = f"План дій Калинівської громади на 2026–2027 роки, {size}"
        rows = _many(size)
        context = {"user": editor.name}
        draft = call_action(
            "actionplan_draft_create",
            context,
            content=plan_docx(rows, title=title),
            filename="план.docx",
            owner_org=editor.owner,
        )
        plan = call_action("actionplan_draft_submit", context, id=draft["id"])
        later = [(a, "до 30.11.2026", c, d) for a, _, c, d in rows[1:]]
        content = plan_docx(later, title=title)
        path = f"/action-plan/{editor.upload(content, plan['name'])}/save"
        editor.get(path)
        with count_queries() as statements:
            page = editor.get(path)
        assert len(page.select(".actionplan-compare-changed li")) == size - 1
        counts.append(len(statements))
    assert counts[0] == counts[1]
