"""The page of a task and the filters of a publisher's tasks in a browser."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

WIDE = {"width": 1400, "height": 900}
NARROW = {"width": 390, "height": 844}
OURS = ".actionplan-main"
# The portal of these tests shows the time of Kyiv.
TODAY = datetime.now(ZoneInfo("Europe/Kyiv")).date()


@pytest.fixture(scope="session")
def story(portal: Any) -> dict[str, str]:
    """A plan that binds ten schools, one of its tasks moved by an act."""
    portal.action("organization_create", name="e2e-story-rada", title="Рада Лугова")
    schools = [
        portal.action("organization_create", name=f"e2e-school-{n}", title=f"Школа {n}")
        for n in range(10)
    ]
    portal.user("e2e-story-editor", e2e_school_3="editor")
    ids = [school["id"] for school in schools]
    past, coming = TODAY - timedelta(days=60), TODAY + timedelta(days=3)
    tasks = [
        ("1.1", "І. Навчання", "training", "Навчити працівників", f"../{past}"),
        ("2.1", "ІІ. Дані", "publication", "Оприлюднити набори", "R/P3M"),
        ("2.2", "ІІ. Дані", "audit", "Провести аудит", f"../{past}"),
    ]
    plan = portal.action(
        "package_create",
        type="action-plan",
        name="e2e-story-plan",
        title="План Лугової громади",
        owner_org="e2e-story-rada",
        period_start=f"{TODAY.year - 1}-01-01",
        period_end=f"{TODAY.year + 1}-12-31",
        in_force_from=f"{TODAY.year - 1}-01-01",
        tracked_from=str(TODAY - timedelta(days=200)),
        participants=ids,
        executors=[{"name": "Школи", "who": "participants", "organizations": ids}],
        tasks=[
            {
                "number": number,
                "section": section,
                "topic": topic,
                "title": title,
                "deadline": "як надруковано",
                "due": due,
                "executors": ["Школи"],
                "performed": "each",
            }
            for number, section, topic, title, due in tasks
        ],
    )
    moved = {**plan["tasks"][2], "deadline": "до кінця року", "due": f"../{coming}"}
    act = {"document": "Рішення", "number": "5", "date": str(TODAY)}
    portal.action(
        "package_patch",
        id=plan["id"],
        tasks=[*plan["tasks"][:2], moved],
        amendments=[act],
    )
    paths = [f"/action-plan/e2e-story-plan/task/{task['id']}" for task in plan["tasks"]]
    return {"training": paths[0], "recurring": paths[1], "moved": paths[2]}


def _no_sideways(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.parametrize("language", ["en", "uk"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_the_story_of_a_task(
    story: dict[str, str],
    page: Page,
    axe: Callable[..., list[str]],
    size: Any,
    language: str,
) -> None:
    page.set_viewport_size(size)
    for name in ("moved", "recurring"):
        page.goto(f"/{language}{story[name]}")
        expect(page.locator(f"{OURS} h1")).to_have_count(1)
        _no_sideways(page)
        assert axe() == []
    page.goto(f"/{language}{story['moved']}")
    expect(page.locator("#actionplan-owed")).to_contain_text("Рішення № 5")
    changes = page.locator("section[aria-labelledby=actionplan-amended]")
    expect(changes.locator("del").first).to_be_visible()


def test_publishers_of_a_task_are_searched_while_typing(
    story: dict[str, str], page: Page
) -> None:
    page.goto(f"/en{story['training']}")
    rows = page.locator(".actionplan-promises tbody")
    expect(rows).to_have_count(10)
    page.get_by_role("searchbox", name="Search publishers").fill("школа 7")
    expect(rows).to_have_count(1)
    expect(page).to_have_url(re.compile(r"q=.*7$"))
    expect(page.locator("#actionplan-owed-q")).to_be_focused()
    page.locator("#actionplan-owed-q").fill("")
    expect(rows).to_have_count(10)
    page.locator("#actionplan-owed-overdue").click()
    expect(page).to_have_url(re.compile("status=overdue"))
    expect(page.locator("#actionplan-owed-overdue")).to_have_attribute(
        "aria-current", "true"
    )
    page.go_back()
    expect(page.locator("[aria-current=true]")).to_have_count(0)


def test_filters_of_a_publisher_renew_only_its_tasks(
    story: dict[str, str], page: Page, axe: Callable[..., list[str]]
) -> None:
    page.set_viewport_size(WIDE)
    page.goto("/en/compliance/organization/e2e-school-3")
    items = page.locator("#actionplan-tasks-column .actionplan-item:visible")
    expect(items.filter(has_text="Навчити працівників")).to_have_count(1)
    page.locator("#actionplan-card").evaluate("card => { card.dataset.kept = 'yes' }")
    page.get_by_label("Section").select_option("ІІ. Дані")
    expect(items.filter(has_text="Навчити працівників")).to_have_count(0)
    expect(items.filter(has_text="Провести аудит")).to_have_count(1)
    page.get_by_label("Topic").select_option("audit")
    expect(items).to_have_count(1)
    expect(page).to_have_url(re.compile("section=.+topic=audit"))
    assert "status=" not in page.url
    expect(page.locator("#actionplan-card")).to_have_attribute("data-kept", "yes")
    assert axe() == []
    shared = page.url
    link = page.locator("#actionplan-tasks-column a", has_text="XLSX")
    with page.expect_download() as download:
        link.click()
    assert download.value.suggested_filename == "e2e-school-3-tasks.xlsx"
    page.goto(shared)
    expect(items).to_have_count(1)
    page.locator("#actionplan-tasks-due").click()
    expect(page).to_have_url(re.compile("status=due"))
    expect(items).to_have_count(1)


def test_without_script_filters_are_applied_by_a_button(
    story: dict[str, str], browser: Any, portal: Any
) -> None:
    context = browser.new_context(base_url=portal.url, java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto("/en/compliance/organization/e2e-school-3")
        page.get_by_label("Topic").select_option("training")
        page.get_by_role("button", name="Filter").click()
        items = page.locator("#actionplan-tasks-column .actionplan-item")
        expect(items).to_have_count(1)
        page.get_by_role("link", name="Навчити працівників").click()
        expect(page).to_have_url(re.compile(re.escape(story["training"])))
        page.locator("#actionplan-owed-q").fill("школа 2")
        page.get_by_role("button", name="Search").last.click()
        expect(page.locator(".actionplan-promises tbody")).to_have_count(1)
    finally:
        context.close()
