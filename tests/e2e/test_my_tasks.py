"""My tasks in a browser: from the dashboard to the tasks, narrowed and shared."""

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
ITEMS = "#actionplan-my .actionplan-item"
# The portal of these tests shows the time of Kyiv.
TODAY = datetime.now(ZoneInfo("Europe/Kyiv")).date()


@pytest.fixture(scope="session")
def duties(portal: Any) -> str:
    """The editor of a library and member of a clinic that one plan binds."""
    portal.action("organization_create", name="e2e-my-rada", title="Рада Осокорова")
    bound = [
        portal.action("organization_create", name=f"e2e-my-{name}", title=title)
        for name, title in (("library", "Книгозбірня"), ("clinic", "Поліклініка"))
    ]
    past, coming = TODAY - timedelta(days=60), TODAY + timedelta(days=200)
    ids = [each["id"] for each in bound]
    tasks = [
        ("1.1", "Призначити відповідальних", f"../{past}", "each"),
        ("1.2", "Оприлюднити розклад", f"../{coming}", "each"),
        ("1.3", "Підписати угоду", "", "each"),
    ]
    portal.action(
        "package_create",
        type="action-plan",
        name="e2e-my-plan",
        title="План Осокорової громади",
        owner_org="e2e-my-rada",
        period_start=f"{TODAY.year - 1}-01-01",
        period_end=f"{TODAY.year + 2}-12-31",
        in_force_from=f"{TODAY.year - 1}-01-01",
        tracked_from=str(TODAY - timedelta(days=200)),
        participants=ids,
        executors=[{"name": "Заклади", "who": "participants", "organizations": ids}],
        tasks=[
            {
                "number": number,
                "title": title,
                "deadline": "як надруковано",
                "due": due,
                "executors": ["Заклади"],
                "performed": performed,
            }
            for number, title, due, performed in tasks
        ],
    )
    return portal.user("e2e-my-editor", e2e_my_library="editor", e2e_my_clinic="member")


@pytest.fixture
def signed_in(duties: str, sign_in: Callable[[str], None]) -> str:
    """Return the name of the editor, who is signed in."""
    sign_in(duties)
    return duties


@pytest.mark.usefixtures("signed_in")
@pytest.mark.parametrize("language", ["en", "uk"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_my_tasks_are_readable_for_everybody(
    page: Page,
    axe: Callable[..., list[str]],
    size: Any,
    language: str,
) -> None:
    page.set_viewport_size(size)
    page.goto(f"/{language}/compliance/my")
    expect(page.locator(ITEMS)).to_have_count(6)
    # CKAN's own frame is a little wider than a narrow window; ours is not.
    assert page.locator(OURS).evaluate("ours => ours.scrollWidth <= ours.clientWidth")
    assert axe(OURS) == []
    for folded in page.locator("details.actionplan-group > summary").all():
        folded.click()
    assert axe(OURS) == []
    page.goto(f"/{language}/compliance/my?q=відсутнє")
    expect(page.locator(ITEMS)).to_have_count(0)
    assert axe(OURS) == []


@pytest.mark.usefixtures("signed_in")
def test_from_the_dashboard_to_a_report(page: Page) -> None:
    page.set_viewport_size(WIDE)
    page.goto("/en/dashboard/datasets")
    page.locator(".nav-tabs a", has_text="My tasks").click()
    expect(page).to_have_url(re.compile("/en/compliance/my$"))
    page.wait_for_load_state()
    items = page.locator(ITEMS)
    page.get_by_label("Organization").select_option("e2e-my-library")
    expect(items).to_have_count(3)
    page.locator("#actionplan-my-overdue").click()
    expect(items).to_have_count(1)
    expect(page).to_have_url(re.compile("organization=e2e-my-library&group=overdue"))
    with page.expect_download() as download:
        page.locator(f"{OURS} a", has_text="XLSX").click()
    assert download.value.suggested_filename == "my-tasks.xlsx"
    items.get_by_role("link", name="Report").click()
    expect(page.locator("#actionplan-done_on")).to_be_visible()


@pytest.mark.usefixtures("signed_in")
def test_tasks_are_searched_while_typing_and_the_address_is_shared(page: Page) -> None:
    page.goto("/en/compliance/my")
    items = page.locator(ITEMS)
    page.get_by_role("searchbox", name="Search tasks").fill("призначити")
    expect(items).to_have_count(2)
    expect(page).to_have_url(re.compile(r"/my\?q=[^&]+$"))
    expect(page.locator("#actionplan-filter-q")).to_be_focused()
    page.goto(page.url)
    expect(items).to_have_count(2)


def test_whoever_signs_in_comes_back(duties: str, page: Page) -> None:
    page.goto("/en/compliance/my?group=overdue")
    expect(page).to_have_url(re.compile("/user/login"))
    page.fill("#field-login", duties)
    page.fill("#field-password", "correct horse battery")
    page.locator("form .form-actions button[type=submit]").click()
    expect(page).to_have_url(re.compile(r"/compliance/my\?group=overdue$"))
    expect(page.locator("#actionplan-title")).to_have_text("My tasks")
