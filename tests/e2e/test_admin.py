"""The page for system administrators: what to do, and the last nightly run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import FloatRect, Page

OURS = ".actionplan-main"
WIDE = {"width": 1280, "height": 900}
NARROW = {"width": 390, "height": 844}
STEPS = 7


@pytest.fixture(scope="module")
def after_a_night(portal: Any) -> None:
    """Run the night once, as cron does; the steps are there whatever became of them."""
    portal.ckan("actionplan", "nightly", "--again")


@pytest.mark.parametrize("language", ["en", "uk"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.usefixtures("after_a_night")
def test_page(
    sign_in: Callable[[str], None],
    page: Page,
    axe: Callable[..., list[str]],
    language: str,
    size: Any,
) -> None:
    sign_in("administrator")
    page.set_viewport_size(size)
    page.goto(f"/{language}/ckan-admin/actionplan")

    worker = page.locator("#actionplan-check-worker")
    expect(worker.locator("pre")).to_contain_text("jobs worker")
    expect(page.locator(".actionplan-night tbody tr")).to_have_count(STEPS)
    assert axe(OURS) == []
    box: FloatRect = page.locator(OURS).bounding_box() or {
        "x": 0,
        "y": 0,
        "width": 9999,
        "height": 0,
    }
    assert box["x"] + box["width"] <= size["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def test_way_there(
    after_a_night: None, sign_in: Callable[[str], None], page: Page
) -> None:
    sign_in("administrator")
    page.goto("/ckan-admin/")
    page.get_by_role("link", name="Action plans").first.click()
    expect(page).to_have_url(
        f"{page.url.split('/ckan-admin')[0]}/ckan-admin/actionplan"
    )
    page.locator(".page-header .active a, .nav-tabs .active a").first.wait_for()
    expect(page.locator("#actionplan-title")).to_be_visible()


def test_way_from_the_chips(
    after_a_night: None, sign_in: Callable[[str], None], page: Page
) -> None:
    sign_in("administrator")
    page.goto("/ckan-admin/actionplan")
    page.locator(".actionplan-head .actionplan-chip").last.click()
    expect(page).to_have_url(f"{page.url.split('#')[0]}#actionplan-ok")
    expect(page.locator("#actionplan-ok")).to_be_in_viewport()


def test_a_worker_is_asked_to_start_it(
    after_a_night: None, sign_in: Callable[[str], None], page: Page
) -> None:
    sign_in("administrator")
    page.goto("/ckan-admin/actionplan")
    page.get_by_role("button", name="Start it now").click()
    expect(page.locator(".flash-messages")).to_contain_text("A worker starts")
    expect(page.locator("#actionplan-title")).to_be_visible()
