"""An amended edition in a real browser: compared, paired otherwise, saved by its act."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import docx
import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from playwright.sync_api import Page

OURS = ".actionplan-main"
TITLE = "План дій з відкритих даних Ясеневої громади на 2026-2027 роки"
HEADINGS = ("Завдання", "Строк виконання", "Показник", "Виконавці")
EXECUTOR = "Відділ освіти"
FIRST = ("1.1. Описати набори даних", "до 31.03.2027", "Описано", EXECUTOR)
SECOND = ("1.2. Оприлюднити набори даних", "Щоквартально", "Оприлюднено", EXECUTOR)
THIRD = ("1.3. Виправити помилки", "до 30.06.2027", "Виправлено", EXECUTOR)


def _document(rows: Sequence[Sequence[str]]) -> Any:
    document = docx.Document()
    document.add_paragraph(TITLE)
    table = document.add_table(rows=1, cols=len(HEADINGS))
    cells = [table.rows[0].cells, *(table.add_row().cells for _ in rows)]
    for row, texts in zip(cells, (HEADINGS, *rows), strict=True):
        for cell, text in zip(row, texts, strict=True):
            cell.text = text
    stream = io.BytesIO()
    document.save(stream)
    content = stream.getvalue()
    return {"name": "зміни.docx", "mimeType": "application/zip", "buffer": content}


@pytest.fixture(scope="session")
def name(portal: Any) -> str:
    """Return the name of a plan in force."""
    portal.action("organization_create", name="reimport-council", title="Рада Ясенева")
    # With one organization alone its plans would be offered before it is chosen.
    portal.action("organization_create", name="reimport-other", title="Інша рада")
    tasks = [
        {
            "number": title[:3],
            "title": title[5:],
            "deadline": deadline,
            "due": "R/P3M" if deadline == SECOND[1] else f"../2027-{month}",
            "indicator": indicator,
            "executors": [EXECUTOR],
        }
        for (title, deadline, indicator, _), month in zip(
            (FIRST, SECOND, THIRD), ("03-31", "", "06-30"), strict=True
        )
    ]
    portal.action(
        "package_create",
        type="action-plan",
        name="reimport-plan",
        title=TITLE,
        owner_org="reimport-council",
        period_start="2026-01-01",
        period_end="2027-12-31",
        in_force_from="2026-01-01",
        tracked_from="2026-01-01",
        executors=[{"name": EXECUTOR, "who": "outside"}],
        tasks=tasks,
    )
    return "reimport-plan"


def test_an_amended_edition(
    page: Page,
    name: str,
    sign_in: Callable[[str], None],
    axe: Callable[..., list[str]],
) -> None:
    sign_in("administrator")
    page.goto(f"/action-plan/{name}")
    page.get_by_role("link", name="Import an amended edition").click()
    expect(page.locator("#plan")).to_have_value(name)
    assert axe(OURS) == []

    # The organization and its plan are found by the fields alone, too.
    page.goto("/action-plan/import")
    page.wait_for_load_state("load")
    page.select_option("#owner_org", label="Рада Ясенева")
    expect(page.locator("#plan")).to_contain_text(TITLE)
    page.select_option("#plan", name)
    rows = (FIRST, (SECOND[0], "Щороку", *SECOND[2:]))
    page.set_input_files("#upload", _document(rows))
    page.get_by_role("button", name="Read the document").click()
    expect(page.locator(".actionplan-import-edition")).to_contain_text(TITLE)

    page.goto(f"{page.url}/save")
    changed = page.locator(".actionplan-compare-changed")
    expect(changed.locator("del").first).to_have_text("Щоквартально")
    expect(changed.locator("ins").first).to_have_text("Щороку")
    expect(page.locator(".actionplan-compare-withdrawn")).to_contain_text("1.3")
    assert axe(OURS) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert axe(OURS) == []
    page.set_viewport_size({"width": 1280, "height": 900})

    # A page of its own: the refused request is an error in the browser's console.
    refused = page.context.new_page()
    refused.goto(page.url)
    refused.get_by_role("button", name="Save the amended plan").click()
    expect(refused.locator("#act_document-error")).to_contain_text("in force")
    refused.close()
    page.reload()
    page.fill("#act_document", "Рішення ради")
    page.fill("#act_number", "5")
    page.fill("#act_date", "2026-05-05")
    page.get_by_role("button", name="Save the amended plan").click()
    expect(page.locator(".flash-messages")).to_contain_text("amended")
    expect(page.locator("#content")).to_contain_text("Рішення ради № 5")
