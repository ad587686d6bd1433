"""The portal comes up with the plugin, in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

pytestmark = pytest.mark.smoke


@pytest.mark.parametrize("language", ["en", "uk"])
def test_front_page(page: Page, axe: Callable[..., list[str]], language: str) -> None:
    page.goto(f"/{language}/")

    expect(page.locator("html")).to_have_attribute("lang", language)
    assert axe() == []


def test_administrator_signs_in(sign_in: Callable[[str], None], page: Page) -> None:
    sign_in("administrator")

    page.goto("/ckan-admin/config")
    expect(page.locator("#field-ckan-site-title")).to_have_value("Test portal")
