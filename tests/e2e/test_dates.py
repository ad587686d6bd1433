"""Portal-wide dates in a browser: a wording is tied, seen by all, taken back."""

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

NARROW = {"width": 390, "height": 844}
OURS = ".actionplan-main"
# The portal of these tests shows the time of Kyiv.
TODAY = datetime.now(ZoneInfo("Europe/Kyiv")).date()
WORDING = "У дні, які назве обласна комісія"


@pytest.fixture(scope="session")
def commission(portal: Any) -> dict[str, str]:
    """Two councils whose plans wait for a day that somebody else names."""
    portal.action("organization_create", name="e2e-komisiia", title="Комісія")
    for name in ("e2e-rada-a", "e2e-rada-b"):
        portal.action("organization_create", name=name, title=f"Рада {name[-1]}")
        portal.action(
            "package_create",
            type="action-plan",
            name=f"{name}-plan",
            title=f"План ради {name[-1]}",
            owner_org=name,
            period_start=f"{TODAY.year}-01-01",
            period_end=f"{TODAY.year + 1}-12-31",
            in_force_from=f"{TODAY.year}-01-01",
            tracked_from=f"{TODAY.year}-01-01",
            tasks=[
                {
                    "number": "5.4",
                    "title": "Подати картку комісії",
                    "deadline": WORDING,
                    "due": "",
                    "topic": "score_card",
                }
            ],
        )
    return {"plan": "e2e-rada-a-plan"}


def _no_sideways(page: Page) -> None:
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.evaluate("document.documentElement.clientWidth")


def _waiting(page: Page) -> Any:
    return page.locator(".actionplan-waiting > li").filter(has_text=WORDING)


@pytest.mark.smoke
@pytest.mark.parametrize("language", ["en", "uk"])
@pytest.mark.parametrize("size", [{"width": 1280, "height": 900}, NARROW])
def test_everybody_sees_which_wordings_wait(
    commission: dict[str, str],
    page: Page,
    axe: Callable[..., list[str]],
    language: str,
    size: Any,
) -> None:
    page.set_viewport_size(size)
    page.goto(f"/{language}/compliance/dates")

    expect(_waiting(page)).to_be_visible()
    _waiting(page).locator("summary").click()
    expect(_waiting(page).get_by_role("link")).to_have_count(2)
    _no_sideways(page)
    assert axe() == []


def test_a_wording_is_tied_looked_at_and_let_go(
    commission: dict[str, str],
    page: Page,
    sign_in: Callable[[str], None],
    axe: Callable[..., list[str]],
) -> None:
    sign_in("administrator")
    page.goto("/en/compliance/dates")
    _waiting(page).get_by_role("link", name="Set a date").click()
    page.wait_for_url("**/compliance/dates/new?*")

    preview = page.get_by_role("region", name="Tasks of the date")
    expect(preview).to_contain_text("2 tasks in 2 plans")
    page.get_by_label("Words of the tasks").fill("комісія якої немає")
    expect(preview).to_contain_text("No task without a day is found")
    page.get_by_label("Words of the tasks").fill("назв комісі")
    expect(preview).to_contain_text("2 tasks in 2 plans")
    page.get_by_role("button", name="Save the date").click()
    expect(page.get_by_role("alert")).to_contain_text("Give the day of the event")
    expect(page.get_by_label("Words of the tasks")).to_have_value("назв комісі")
    assert axe(OURS) == []

    page.get_by_label("Day").fill(str(TODAY - timedelta(days=1)))
    page.get_by_label("Event").fill("Засідання комісії")
    page.get_by_role("button", name="Save the date").click()
    expect(page.locator(".flash-messages")).to_contain_text("It ties 2 tasks")
    expect(page.get_by_role("row").filter(has_text="План ради a")).to_be_visible()
    assert axe(OURS) == []

    page.goto("/en/compliance/dates")
    expect(_waiting(page)).to_have_count(0)
    row = page.get_by_role("row").filter(has_text="Засідання комісії")
    expect(row).to_contain_text("2")
    assert axe(OURS) == []
    page.set_viewport_size(NARROW)
    _no_sideways(page)
    row.get_by_role("link", name="Remove").click()
    expect(page.locator(OURS)).to_contain_text("2 tasks will have no day again")
    assert axe(OURS) == []
    page.get_by_role("button", name="Remove the date").click()
    expect(page).to_have_url(re.compile(r"/compliance/dates$"))
    expect(_waiting(page)).to_be_visible()


def test_without_script_the_form_shows_its_tasks(
    commission: dict[str, str], browser: Any, portal: Any, context: Any
) -> None:
    opened = browser.new_context(base_url=portal.url, java_script_enabled=False)
    try:
        page = opened.new_page()
        page.goto("/en/user/login?came_from=/en/compliance/dates/new")
        page.fill("#field-login", "administrator")
        page.fill("#field-password", "correct horse battery")
        page.locator("form .form-actions button[type=submit]").click()
        page.goto("/en/compliance/dates/new")
        page.get_by_label("Words of the tasks").fill("назве комісія")
        page.get_by_role("button", name="Show its tasks").click()
        expect(page.locator("#actionplan-dates-preview")).to_contain_text(
            "2 tasks in 2 plans"
        )
        expect(page.get_by_label("Words of the tasks")).to_have_value("назве комісія")
    finally:
        opened.close()
