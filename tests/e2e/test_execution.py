"""The report on a plan's execution in a browser: both languages, wide and narrow."""

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

WIDE = {"width": 1280, "height": 900}
NARROW = {"width": 390, "height": 844}
OURS = ".actionplan-main"
# The portal of these tests shows the time of Kyiv.
TODAY = datetime.now(ZoneInfo("Europe/Kyiv")).date()


@pytest.fixture(scope="session")
def reported(portal: Any) -> str:
    """A plan that binds two enterprises, with a task of the past and one each quarter."""
    portal.action("organization_create", name="e2e-paper-rada", title="Рада Степова")
    enterprises = [
        portal.action(
            "organization_create", name=f"e2e-paper-{n}", title=f"Підприємство {n}"
        )
        for n in range(2)
    ]
    ids = [each["id"] for each in enterprises]
    past = TODAY - timedelta(days=200)
    plan = portal.action(
        "package_create",
        type="action-plan",
        name="e2e-paper-plan",
        title="План дій Степової громади",
        owner_org="e2e-paper-rada",
        period_start=f"{TODAY.year - 1}-01-01",
        period_end=f"{TODAY.year + 1}-12-31",
        in_force_from=f"{TODAY.year - 1}-01-01",
        tracked_from=f"{TODAY.year - 1}-01-01",
        participants=ids,
        executors=[
            {"name": "Підприємства", "who": "participants", "organizations": ids}
        ],
        tasks=[
            {
                "number": number,
                "section": "І. Дані",
                "title": title,
                "deadline": "як надруковано",
                "due": due,
                "indicator": "кількість наборів",
                "executors": ["Підприємства"],
                "performed": "each",
            }
            for number, title, due in (
                ("1.1", "Провести аудит", f"../{past}"),
                ("1.2", "Оновити набори", "R/P3M"),
            )
        ],
    )
    return f"/action-plan/{plan['name']}/execution"


@pytest.mark.parametrize("language", ["en", "uk"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_the_page_can_be_read_by_everybody(
    reported: str,
    page: Page,
    axe: Callable[..., list[str]],
    size: Any,
    language: str,
) -> None:
    page.set_viewport_size(size)
    for query in ("", "?period=2099-Q1"):
        page.goto(f"/{language}{reported}{query}")
        expect(page.locator(f"{OURS} h1")).to_have_count(1)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        assert axe() == []


def test_another_period_and_publisher_renew_only_the_report(
    reported: str, page: Page
) -> None:
    page.goto(f"/en{reported}")
    rows = page.locator("#actionplan-execution tbody tr")
    expect(rows).to_have_count(2)
    page.locator(f"{OURS} h1").evaluate("head => { head.dataset.kept = 'yes' }")
    page.get_by_label("Period").select_option("whole")
    expect(page).to_have_url(re.compile(r"\?period=whole$"))
    expect(page.locator("#actionplan-execution h2")).to_contain_text("from Jan 1")
    page.get_by_label("Publisher").select_option("e2e-paper-1")
    expect(page).to_have_url(re.compile("organization=e2e-paper-1$"))
    report = page.locator("#actionplan-execution")
    expect(report).to_contain_text("Tasks of: Підприємство 1")
    expect(page.locator(f"{OURS} h1")).to_have_attribute("data-kept", "yes")
    with page.expect_download() as download:
        report.get_by_role("link", name="download as DOCX").click()
    name = "e2e-paper-plan-execution-whole-e2e-paper-1.docx"
    assert download.value.suggested_filename == name


def test_ways_to_the_report(reported: str, page: Page) -> None:
    page.goto("/en/action-plan/e2e-paper-plan")
    page.get_by_role("link", name="Report on execution").click()
    expect(page).to_have_url(re.compile(f"{reported}$"))
    page.goto("/en/compliance/organization/e2e-paper-0")
    page.locator(".actionplan-reports a").click()
    expect(page).to_have_url(re.compile("organization=e2e-paper-0$"))
    expect(page.locator("#actionplan-publisher")).to_have_value("e2e-paper-0")
