"""One topic across councils in a browser: both languages, wide and narrow, filters."""

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
PATH = "/compliance/topic/finance"
# The portal of these tests shows the time of Kyiv.
TODAY = datetime.now(ZoneInfo("Europe/Kyiv")).date()


@pytest.fixture(scope="session")
def councils(portal: Any) -> None:
    """Three councils: one owes on the topic soon, one without a day, one nothing."""
    for name, title, topic, due in (
        ("e2e-topic-dubrava", "Рада Дібровна", "finance", f"../{TODAY.year}-12-31"),
        ("e2e-topic-ozero", "Рада Озерянська", "finance", ""),
        ("e2e-topic-yar", "Рада Яружна", "cooperation", f"../{TODAY.year}-12-31"),
    ):
        portal.action("organization_create", name=name, title=title)
        portal.action(
            "package_create",
            type="action-plan",
            name=f"{name}-plan",
            title=f"План, {title}",
            owner_org=name,
            period_start=f"{TODAY.year}-01-01",
            period_end=f"{TODAY.year + 1}-12-31",
            in_force_from=f"{TODAY.year}-01-01",
            tracked_from=str(TODAY - timedelta(days=200)),
            tasks=[
                {
                    "number": "7.1",
                    "title": "Передбачити видатки на розвиток порталу",
                    "deadline": "під час складання бюджету",
                    "due": due,
                    "topic": topic,
                }
            ],
        )


@pytest.mark.usefixtures("councils")
@pytest.mark.parametrize("language", ["en", "uk"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_a_topic_in_both_languages(
    page: Page, axe: Callable[..., list[str]], size: Any, language: str
) -> None:
    page.set_viewport_size(size)
    page.goto(f"/{language}{PATH}")
    expect(page.locator(f"{OURS} h1")).to_have_count(1)
    table = page.locator(".actionplan-topic-table")
    expect(table).to_contain_text("Рада Дібровна")
    expect(page.locator("#actionplan-without")).to_contain_text("Рада Яружна")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert axe() == []
    page.goto(f"/{language}/compliance")
    expect(page.locator("#actionplan-by-topic")).to_be_visible()
    assert axe() == []


@pytest.mark.usefixtures("councils")
def test_filters_renew_the_page_and_its_address(page: Page) -> None:
    page.goto("/en/compliance")
    page.get_by_label("By topic").select_option("cooperation")
    page.get_by_role("button", name="Compare councils").click()
    heading = page.locator("#actionplan-title")
    expect(heading).to_have_text(f"Cooperation, {TODAY.year}")
    # The filters need their script.
    page.wait_for_load_state()
    page.get_by_label("Topic", exact=True).select_option("finance")
    expect(heading).to_have_text(f"Finance, {TODAY.year}")
    expect(page).to_have_url(re.compile(r"/compliance/topic/finance$"))
    rows = page.locator(".actionplan-topic-table tbody tr")
    page.get_by_role("searchbox", name="Search councils").fill("озерян")
    expect(rows).to_have_count(1)
    expect(page).to_have_url(re.compile(r"finance\?q="))
    expect(page.locator("#actionplan-topic-q")).to_be_focused()
    page.locator("#actionplan-topic-all").click()
    expect(rows).not_to_have_count(1)
    page.locator("#actionplan-topic-unresolved").click()
    expect(page).to_have_url(re.compile("state=unresolved"))
    expect(rows).to_have_count(1)
    page.get_by_label("Year", exact=True).select_option(str(TODAY.year + 1))
    expect(heading).to_have_text(f"Finance, {TODAY.year + 1}")
    expect(page).to_have_url(re.compile(f"year={TODAY.year + 1}"))
