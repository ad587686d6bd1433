"""A real document in a real browser: from the file to the publisher's page."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import docx
import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import BrowserContext, FilePayload, Page, ViewportSize

OURS = ".actionplan-main"
NARROW: ViewportSize = {"width": 390, "height": 844}
WIDE: ViewportSize = {"width": 1400, "height": 900}
TODAY = datetime.now(ZoneInfo("Europe/Kyiv")).date()
HEADINGS = ("Завдання", "Строк виконання", "Показник", "Виконавці")
PASSWORD = "correct horse battery"
TRANSPORT = "Служба міського транспорту"


def _document(place: str) -> bytes:
    """Return a plan with one date ahead, a quarterly task and a deadline unread."""
    day = TODAY + timedelta(days=40)
    return _docx(
        place,
        ("1.1. Описати набори даних", f"до {day:%d.%m.%Y}", "Описано", TRANSPORT),
        ("1.2. Оприлюднити набори даних", "Щоквартально", "Оприлюднено", TRANSPORT),
        (
            "1.3. Виправити помилки за зверненнями",
            "після звернення громади",
            "Виправлено",
            "Рада молоді",
        ),
    )


def _joined() -> bytes:
    """Return a plan with a row that goes on in the next one, and a heading as a row."""
    return _docx(
        "Кленової",
        ("1.1. Описати набори даних", "до 31.03.2030", "Описано", TRANSPORT),
        ("громади та її установ", "", "і погоджено", TRANSPORT),
        ("1.2. Провести навчання", "Щоквартально", "Проведено", TRANSPORT),
        ("Розвиток порталу", "до 30.06.2030", "Так", "Рада молоді"),
    )


def _docx(place: str, *rows: tuple[str, str, str, str]) -> bytes:
    """Return a plan; one that is never saved has a place of its own.

    The import would ask whether it is an edition of the one that another test saved.
    """
    document = docx.Document()
    document.add_paragraph(
        f"План дій з відкритих даних {place} громади на "
        f"{TODAY.year}-{TODAY.year + 1} роки"
    )
    table = document.add_table(rows=1, cols=len(HEADINGS))
    for cells, texts in ((table.rows[0].cells, HEADINGS), *_cells(table, rows)):
        for cell, text in zip(cells, texts, strict=True):
            cell.text = text
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _file(content: bytes) -> FilePayload:
    return {"name": "план.docx", "mimeType": "application/zip", "buffer": content}


def _cells(table: Any, rows: Any) -> list[tuple[Any, Any]]:
    return [(table.add_row().cells, row) for row in rows]


@pytest.fixture(scope="session")
def names(portal: Any) -> dict[str, str]:
    """Return a council and a publisher with a dataset."""
    portal.action("organization_create", name="import-council", title="Рада Липова")
    portal.action("organization_create", name="import-transport", title=TRANSPORT)
    portal.action(
        "package_create",
        name="import-stops",
        title="Зупинки",
        owner_org="import-transport",
        resources=[{"url": "https://example.org/x.csv", "format": "CSV"}],
    )
    return {"council": "import-council", "publisher": "import-transport"}


def _find_organizations(page: Page, axe: Callable[..., list[str]]) -> None:
    """Look for organizations in the field of one executor; what is ticked stays."""
    # What is typed before the page's scripts have run asks for nothing.
    page.wait_for_load_state("load")
    third = page.locator("fieldset").filter(has_text="Рада молоді")
    third.get_by_label("Find other organizations").fill("міського транспорту")
    third.get_by_label(TRANSPORT).check()
    expect(
        third.get_by_label("organizations of the portal, chosen below")
    ).to_be_checked()
    assert axe(OURS) == []
    third.get_by_label("Find other organizations").fill("немає такої")
    expect(third.get_by_role("status")).to_contain_text("No organization")
    expect(third.get_by_label(TRANSPORT)).to_be_checked()
    third.get_by_label("outside this portal").check()
    # Each choice is kept at once.
    expect(page.locator("#actionplan-import-status")).to_contain_text("Kept at")


@pytest.mark.smoke
def test_from_the_document_to_the_publishers_page(
    page: Page,
    names: dict[str, str],
    sign_in: Callable[[str], None],
    axe: Callable[..., list[str]],
) -> None:
    sign_in("administrator")
    page.set_viewport_size(WIDE)

    page.goto("/action-plan/import")
    assert axe(OURS) == []
    page.set_input_files("#upload", _file(_document("Липової")))
    page.select_option("#owner_org", label="Рада Липова")
    page.get_by_role("button", name="Read the document").click()

    expect(page.locator(".actionplan-import-summary")).to_contain_text("3 tasks")
    assert axe(OURS) == []
    page.wait_for_load_state("load")
    # The doubt is unfolded; a corrected wording shows its reading as one types.
    day = TODAY + timedelta(days=90)
    page.fill("#task-t3-deadline", f"до {day:%d.%m.%Y}")
    expect(page.locator("#task-t3-due")).to_have_value(f"../{day:%Y-%m-%d}")
    page.set_viewport_size(NARROW)
    assert axe(OURS) == []
    page.set_viewport_size(WIDE)
    page.get_by_role("button", name="Next: who is who").click()

    expect(page.get_by_role("heading", name="Who is who")).to_be_visible()
    assert axe(OURS) == []
    first = page.locator("fieldset").filter(has_text="1.1, 1.2")
    expect(first.get_by_label(TRANSPORT)).to_be_checked()
    _find_organizations(page, axe)
    page.get_by_role("button", name="Next: save").click()

    expect(page.locator("[aria-current=step]")).to_contain_text("Save")
    assert axe(OURS) == []
    page.get_by_role("button", name="Save the plan").click()
    expect(page.locator(".flash-messages")).to_contain_text("3 tasks")
    expect(page.locator("#content")).to_contain_text("Описати набори даних")
    expect(page.locator("#content")).to_contain_text("план.docx")

    page.goto(f"/compliance/organization/{names['publisher']}")
    ours = page.locator(OURS)
    expect(ours).to_contain_text("Описати набори даних")
    expect(ours).to_contain_text("Оприлюднити набори даних")
    expect(ours).to_contain_text("Зупинки")
    page.goto(f"/uk/compliance/organization/{names['publisher']}")
    expect(page.locator("html")).to_have_attribute("lang", "uk")
    expect(page.locator(OURS)).to_contain_text("Описати набори даних")


def _begin(page: Page, document: bytes) -> None:
    page.goto("/action-plan/import")
    page.set_input_files("#upload", _file(document))
    page.select_option("#owner_org", label="Рада Липова")
    page.get_by_role("button", name="Read the document").click()
    expect(page.locator(".actionplan-import-summary")).to_be_visible()
    # What is typed before the page's scripts have run is kept by the button only.
    page.wait_for_load_state("load")


def _press(page: Page, row: str, name: str) -> None:
    """Press a button of a row, which is unfolded first when it is not."""
    block = page.locator(f"#row-{row}")
    if not block.evaluate("row => row.open"):
        block.locator("summary").click()
    block.get_by_role("button", name=name).click()
    page.wait_for_load_state("load")


def test_rows_are_corrected_kept_and_undone(
    page: Page,
    names: dict[str, str],
    sign_in: Callable[[str], None],
    axe: Callable[..., list[str]],
) -> None:
    sign_in("administrator")
    _begin(page, _joined())
    rows = page.locator(".actionplan-import-row")
    count = rows.count()
    # Rows that were joined stand apart beside the reading and can be separated.
    _press(page, "t1", "Separate")
    expect(rows).to_have_count(count + 1)
    expect(page.locator("#task-t1-title")).to_have_value("Описати набори даних")
    page.get_by_role("button", name="Undo: row 1.1 separated").click()
    page.wait_for_load_state("load")
    expect(rows).to_have_count(count)

    # What is typed is kept at once, and told.
    page.locator("#row-t1 summary").click()
    page.locator("#task-t1-indicator").fill("Описано всі набори")
    status = page.locator("#actionplan-import-status")
    expect(status).to_contain_text("Kept at")
    expect(page.get_by_role("button", name="Undo: correction")).to_be_visible()
    assert axe(OURS) == []
    page.goto("/action-plan/import")
    page.go_back()
    expect(page.locator("#task-t1-indicator")).to_have_value("Описано всі набори")

    page.wait_for_load_state("load")
    _press(page, "t2", "Two tasks from this one")
    expect(page.get_by_role("heading", name="Two tasks from one")).to_be_visible()
    assert axe(OURS) == []
    second = page.get_by_role("group", name="Second task")
    second.get_by_label("Task", exact=True).fill("Оцінити навчання")
    page.get_by_role("button", name="Make two tasks").click()
    expect(rows).to_have_count(count + 1)
    page.wait_for_load_state("load")
    page.set_viewport_size(NARROW)
    assert axe(OURS) == []
    # CKAN's own frame is a little wider than a narrow window; ours is not.
    assert page.locator(OURS).evaluate("ours => ours.scrollWidth <= ours.clientWidth")


def test_what_is_typed_outlives_the_session(
    context: BrowserContext, portal: Any, names: dict[str, str]
) -> None:
    # A page of its own: the refused request is an error in the browser's console.
    page = context.new_page()
    page.goto("/user/login")
    _sign_in(page)
    _begin(page, _joined())
    address = page.url
    page.locator("#row-t1 summary").click()
    page.locator("#task-t1-title").fill("Набрано до")
    status = page.locator("#actionplan-import-status")
    expect(status).to_contain_text("Kept at")
    context.clear_cookies()
    page.locator("#task-t1-indicator").fill("Набрано після")
    expect(status).to_contain_text("please sign in again")
    page.once("dialog", lambda dialog: dialog.accept())
    status.get_by_role("link", name="Sign in").click()
    _sign_in(page)
    expect(page).to_have_url(address)
    # Both are there: what the portal kept, and what it could not keep.
    expect(page.locator("#task-t1-title")).to_have_value("Набрано до")
    expect(page.locator("#task-t1-indicator")).to_have_value("Набрано після")
    expect(status).to_contain_text("Kept at")
    draft = portal.action("actionplan_draft_show", id=address.rpartition("/")[2])
    assert draft["data"]["tasks"][0]["indicator"] == "Набрано після"


def _sign_in(page: Page) -> None:
    page.fill("#field-login", "administrator")
    page.fill("#field-password", PASSWORD)
    page.locator("form .form-actions button[type=submit]").click()
    expect(page.locator(".account .username")).to_be_visible()


def test_a_document_that_is_too_large_is_told_before_it_is_sent(
    page: Page, names: dict[str, str], sign_in: Callable[[str], None]
) -> None:
    sign_in("administrator")
    page.goto("/action-plan/import")
    page.set_input_files("#upload", _file(bytes(21 * 1024 * 1024)))
    expect(page.locator("#upload-error")).to_contain_text("MB")
    expect(page.locator("#upload")).to_have_class("form-control is-invalid")


def test_an_import_is_deleted_only_after_a_question(
    page: Page, names: dict[str, str], sign_in: Callable[[str], None]
) -> None:
    sign_in("administrator")
    name = "план <b>новий.docx"
    page.goto("/action-plan/import")
    page.set_input_files("#upload", {**_file(_document("Вербової")), "name": name})
    page.select_option("#owner_org", label="Рада Липова")
    page.get_by_role("button", name="Read the document").click()
    expect(page.locator(".actionplan-import-summary")).to_be_visible()
    page.goto("/action-plan/import")
    page.wait_for_load_state("load")
    button = page.get_by_role("button", name=f"Delete the import {name}")
    dialog = page.get_by_role("dialog")
    button.click()
    expect(dialog).to_contain_text("with all its corrections?")
    expect(dialog.locator("b")).to_have_count(0)
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_be_hidden()
    expect(button).to_be_visible()
    button.click()
    dialog.get_by_role("button", name="Delete").click()
    expect(page.locator(".flash-messages")).to_contain_text("The import is deleted.")
    expect(button).to_have_count(0)
