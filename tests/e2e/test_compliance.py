"""The compliance pages in a browser: wide and narrow, both languages, a report."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import FloatRect, Page

WIDE = {"width": 1400, "height": 900}
NARROW = {"width": 390, "height": 844}
OURS = ".actionplan-main"
# The portal of these tests shows the time of Kyiv.
TODAY = datetime.now(ZoneInfo("Europe/Kyiv")).date()


@pytest.fixture(scope="session")
def world(portal: Any) -> dict[str, str]:
    """A council, a utility with an editor, a plan and datasets in several states."""
    names = {"council": "e2e-rada", "water": "e2e-water", "editor": "e2e-editor"}
    portal.action("organization_create", name="e2e-rada", title="Рада Вербова")
    water = portal.action("organization_create", name="e2e-water", title="Криниця")
    portal.user("e2e-editor", e2e_water="editor")
    day = TODAY
    tasks = [
        (
            "3.2",
            "Publish every dataset",
            f"../{day - timedelta(days=60)}",
            "publication",
        ),
        ("5.4", "Look after the harvest", f"../{day}", "harvest"),
        ("6.1", "Train people", f"../{day + timedelta(days=400)}", "training"),
        ("7.1", "Fill in the score card", "", "score_card"),
    ]
    portal.action(
        "package_create",
        type="action-plan",
        name="e2e-plan",
        title="План дій",
        owner_org="e2e-rada",
        period_start=f"{day.year - 1}-01-01",
        period_end=f"{day.year + 2}-12-31",
        in_force_from=f"{day.year - 1}-01-01",
        tracked_from=f"{day.year - 1}-01-01",
        participants=[water["id"]],
        executors=[
            {"name": "W", "who": "participants", "organizations": [water["id"]]}
        ],
        tasks=[
            {
                "number": number,
                "title": title,
                "deadline": "as printed",
                "due": due,
                "topic": topic,
                "executors": ["W"],
            }
            for number, title, due, topic in tasks
        ],
    )
    for name, resources in (
        ("e2e-stops", [{"url": "x.csv", "format": "CSV"}]),
        ("e2e-act", []),
    ):
        portal.action(
            "package_create",
            name=name,
            title=f"Набір {name}",
            owner_org="e2e-water",
            resources=resources,
        )
    return names


def _box(page: Page, selector: str) -> FloatRect:
    box = page.locator(selector).bounding_box()
    assert box
    return box


def _no_sideways(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.smoke
@pytest.mark.parametrize("language", ["en", "uk"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_all_publishers(
    world: dict[str, str],
    page: Page,
    axe: Callable[..., list[str]],
    size: Any,
    language: str,
) -> None:
    page.set_viewport_size(size)
    page.goto(f"/{language}/compliance")

    expect(page.locator(f"{OURS} h1")).to_have_count(1)
    fold = page.locator(f"#fold-{world['council']}")
    expect(fold).to_have_attribute("aria-expanded", "true")
    row = page.get_by_role("row").filter(has_text="Криниця")
    expect(row).to_be_visible()
    fold.focus()
    page.keyboard.press("Enter")
    expect(fold).to_have_attribute("aria-expanded", "false")
    expect(row).to_have_count(0)
    expect(page).to_have_url(re.compile("open="))
    fold.click()
    expect(row).to_be_visible()
    _no_sideways(page)
    assert axe() == []


@pytest.mark.smoke
@pytest.mark.parametrize("language", ["en", "uk"])
def test_three_columns_side_by_side(
    world: dict[str, str], page: Page, axe: Callable[..., list[str]], language: str
) -> None:
    page.set_viewport_size(WIDE)
    page.goto(f"/{language}/compliance/organization/{world['water']}")

    tasks, datasets, card = (
        _box(page, f"section[aria-labelledby=actionplan-{name}]")
        for name in ("tasks", "datasets", "card")
    )
    assert tasks["y"] == datasets["y"] == card["y"]
    assert tasks["x"] < datasets["x"] < card["x"]
    _no_sideways(page)
    assert axe() == []


def test_columns_follow_one_another_on_a_narrow_window(
    world: dict[str, str], page: Page, axe: Callable[..., list[str]]
) -> None:
    page.set_viewport_size(NARROW)
    page.goto(f"/compliance/organization/{world['water']}")

    tasks, datasets, card = (
        _box(page, f"section[aria-labelledby=actionplan-{name}]")
        for name in ("tasks", "datasets", "card")
    )
    assert tasks["x"] == datasets["x"] == card["x"]
    assert tasks["y"] < datasets["y"] < card["y"]
    _no_sideways(page)
    assert axe() == []


def test_a_task_marks_the_datasets_it_speaks_of(
    world: dict[str, str], page: Page
) -> None:
    page.set_viewport_size(WIDE)
    page.goto(f"/compliance/organization/{world['water']}")

    task = page.locator(".actionplan-item").filter(has_text="Fill in the score card")
    button = task.get_by_role("button")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    marked = page.locator(".actionplan-related")
    expect(page.locator("#criterion-quality.actionplan-related")).to_have_count(1)
    expect(page.locator("li[id^=dataset-].actionplan-related").first).to_be_visible()
    page.mouse.move(5, 5)
    expect(marked.first).to_be_visible()
    button.click()
    page.mouse.move(5, 5)
    expect(marked).to_have_count(0)


def test_an_editor_reports(
    world: dict[str, str],
    page: Page,
    sign_in: Callable[[str], None],
    axe: Callable[..., list[str]],
) -> None:
    sign_in(world["editor"])
    page.goto(f"/compliance/organization/{world['water']}")
    task = page.locator(".actionplan-item").filter(has_text="Publish every dataset")
    assert axe(OURS) == []

    task.get_by_role("link", name="Report").click()
    expect(page.locator(f"{OURS} h1")).to_have_text("Report on a task")
    page.get_by_label("What was done").fill("All of them")
    page.get_by_role("button", name="Submit the report").click()
    expect(page.get_by_role("alert")).to_contain_text("Done on")
    expect(page.get_by_label("What was done")).to_have_value("All of them")
    assert axe(OURS) == []

    page.get_by_label("Done on").fill(str(TODAY - timedelta(days=61)))
    page.get_by_role("button", name="Submit the report").click()
    expect(page.locator(".flash-messages")).to_contain_text("The report is saved")
    expect(task).to_contain_text("submitted")
    expect(task).to_contain_text("All of them")


def test_without_script_everything_is_there(
    world: dict[str, str], browser: Any, portal: Any
) -> None:
    context = browser.new_context(base_url=portal.url, java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto("/en/compliance")
        fold = page.locator(f"#fold-{world['council']}")
        expect(page.get_by_role("row").filter(has_text="Криниця")).to_be_visible()
        fold.click()
        expect(fold).to_have_attribute("aria-expanded", "false")
        page.goto(f"/en/compliance/organization/{world['water']}")
        expect(page.locator(".actionplan-highlight-button:visible")).to_have_count(0)
        page.locator(".actionplan-details summary").first.click()
        expect(page.locator(".actionplan-details dl").first).to_be_visible()
    finally:
        context.close()
