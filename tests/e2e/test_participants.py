"""A council's own page in a browser, and the confirmation of who was named."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

WIDE = {"width": 1280, "height": 900}
NARROW = {"width": 390, "height": 844}
OURS = ".actionplan-main"


@pytest.fixture(scope="session")
def council(portal: Any) -> SimpleNamespace:
    """Return a council whose plan names a listed organization and three strangers."""
    titles = {
        "people-rada": "Рада Калинова",
        "people-listed": "Архів Калинової громади",
        "people-water": "Водоканал Калинової громади",
        "people-heat": "Тепломережа Калинової громади",
        "people-park": "Зеленгосп Калинової громади",
    }
    ids = {
        name: portal.action("organization_create", name=name, title=title)["id"]
        for name, title in titles.items()
    }
    portal.user("people-editor", people_rada="editor")
    portal.user("people-admin", people_water="admin")
    listed = [ids["people-listed"]]
    portal.action("actionplan_council_update", id="people-rada", organizations=listed)
    token = portal.action("api_token_create", user="people-editor", name="tests")
    tasks = [
        ("1.1", "Опублікувати набори", "../2026-03-31", ["усі"], "each"),
        ("1.2", "Провести спільний захід", "../2099-12-31", ["усі"], "jointly"),
        ("2.1", "Навчити людей", "", ["усі"], "each"),
        ("2.2", "Скласти звіт", "../2099-12-31", ["робоча група"], "jointly"),
    ]
    keys = ("number", "title", "due", "executors", "performed")
    portal.action(
        "package_create",
        token=token["token"],
        type="action-plan",
        name="people-plan",
        title="План Калинової громади",
        owner_org=ids["people-rada"],
        period_start="2026-01-01",
        period_end="2099-12-31",
        in_force_from="2026-01-01",
        tracked_from="2026-01-01",
        participants=[ids[name] for name in titles if name != "people-rada"],
        executors=[
            {"name": "усі", "who": "all", "organizations": []},
            {"name": "робоча група", "who": "", "organizations": []},
        ],
        tasks=[
            {"deadline": "як надруковано", **dict(zip(keys, each, strict=True))}
            for each in tasks
        ],
    )
    return SimpleNamespace(path="/compliance/organization/people-rada/participants")


def _no_sideways(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.smoke
@pytest.mark.parametrize("language", ["en", "uk"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_everybody_reads_the_councils_page(
    council: SimpleNamespace,
    page: Page,
    axe: Callable[..., list[str]],
    size: Any,
    language: str,
) -> None:
    page.set_viewport_size(size)
    page.goto(f"/{language}{council.path}")
    expect(page.locator(f"{OURS} h1")).to_have_text("Рада Калинова")
    expect(page.locator(".actionplan-open")).to_contain_text("робоча група")
    rows = page.locator("#actionplan-council-rows tbody tr")
    expect(rows.filter(has_text="Архів")).to_be_visible()
    _no_sideways(page)
    assert axe() == []


def test_a_chip_narrows_the_table_in_place_and_in_the_address(
    council: SimpleNamespace, page: Page
) -> None:
    page.goto(council.path)
    rows = page.locator("#actionplan-council-rows tbody tr")
    expect(rows).to_have_count(5)
    page.locator("#actionplan-state-pending").click()
    expect(rows.filter(has_text="Архів")).to_have_count(0)
    expect(rows.filter(has_text="Зеленгосп")).to_contain_text("waits")
    expect(page).to_have_url(re.compile(r"\?state=pending$"))
    page.go_back()
    expect(rows).to_have_count(5)


def test_an_admin_confirms_for_the_own_organization(
    council: SimpleNamespace,
    page: Page,
    sign_in: Callable[[str], None],
    axe: Callable[..., list[str]],
) -> None:
    sign_in("people-admin")
    page.goto("/compliance/organization/people-water")
    asked = page.locator(".actionplan-asked")
    expect(asked).to_contain_text("A plan of Рада Калинова names you")
    assert axe(OURS) == []
    asked.get_by_role("button").click()
    expect(page.locator(".flash-messages")).to_contain_text("owes its tasks from today")
    expect(asked).to_have_count(0)
    page.goto(council.path)
    rows = page.locator("#actionplan-council-rows tbody tr")
    row = rows.filter(has_text="Водоканал")
    expect(row).to_contain_text("bound")
    expect(row).to_contain_text("since")


def test_a_sysadmin_finds_ticks_and_saves(
    council: SimpleNamespace,
    page: Page,
    sign_in: Callable[[str], None],
    axe: Callable[..., list[str]],
) -> None:
    sign_in("administrator")
    page.goto(council.path)
    picked = page.locator("#actionplan-picked")
    listed = picked.get_by_label("Архів Калинової громади")
    expect(listed).to_be_checked()
    page.get_by_label("Find an organization to add").press_sequentially("тепломер")
    found = picked.get_by_label("Тепломережа Калинової громади")
    expect(found).not_to_be_checked()
    expect(listed).to_be_checked()
    found.check()
    assert axe(OURS) == []
    page.get_by_role("button", name="Save the list").click()
    expect(page.locator(".flash-messages")).to_contain_text("The list is saved")
    expect(found).to_be_checked()
    rows = page.locator("#actionplan-council-rows tbody tr")
    expect(rows.filter(has_text="Тепломережа")).to_contain_text("bound")
