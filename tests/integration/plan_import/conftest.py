"""A plan document built by the tests in their own words, and people to import it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import docx
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

HEADINGS = ("Завдання", "Строк виконання", "Показник виконання", "Виконавець")
SECTION = "1. Підготовка даних"
ROWS: tuple[tuple[str, str, str, str], ...] = (
    (
        "1.1. Скласти перелік наборів даних громади",
        "до 31.03.2026",
        "Перелік складено",
        "Відділ цифрових рішень",
    ),
    (
        "1.2. Провести навчання відповідальних працівників",
        "Щоквартально",
        "Проведено не менше одного заняття",
        "Відділ цифрових рішень, Служба транспорту",
    ),
    (
        "1.3. Оновити дані після завершення перевірки",
        "після завершення перевірки",
        "Дані оновлено",
        "Громадська організація «Зірниця»",
    ),
)


@pytest.fixture
def plan_rows() -> tuple[tuple[str, str, str, str], ...]:
    """Return the rows of the usual plan."""
    return ROWS


@pytest.fixture
def plan_docx() -> Callable[..., bytes]:
    """Return a builder of plan documents."""

    def build(
        rows: Sequence[tuple[str, str, str, str]] = ROWS,
        title: str = "План дій з розвитку відкритих даних Калинівської громади "
        "на 2026–2027 роки",
        act: str = "15.12.2025 № 77",
    ) -> bytes:
        document = docx.Document()
        document.add_paragraph("ЗАТВЕРДЖЕНО")
        document.add_paragraph(f"рішення виконавчого комітету від {act}")
        document.add_paragraph(title)
        table = document.add_table(rows=1, cols=len(HEADINGS))
        for cell, text in zip(table.rows[0].cells, HEADINGS, strict=True):
            cell.text = text
        section = table.add_row().cells
        section[0].merge(section[-1]).text = SECTION
        for row in rows:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
        stream = io.BytesIO()
        document.save(stream)
        return stream.getvalue()

    return build


@pytest.fixture
def world(  # noqa: PLR0917 - pytest passes fixtures by name
    clean_db: None,
    clean_index: None,
    organization_factory: Any,
    user_factory: Any,
    ckan_config: Any,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> dict[str, Any]:
    """Return a council, two bodies that may be executors, and people in every role."""
    monkeypatch.setitem(ckan_config, "ckan.storage_path", str(tmp_path))
    people = {
        name: user_factory()
        for name in ("admin", "editor", "colleague", "member", "stranger")
    }
    council = organization_factory(
        title="Калинівська рада",
        users=[
            {"name": people["admin"]["name"], "capacity": "admin"},
            {"name": people["editor"]["name"], "capacity": "editor"},
            {"name": people["colleague"]["name"], "capacity": "editor"},
            {"name": people["member"]["name"], "capacity": "member"},
        ],
    )
    digital = organization_factory(title="Відділ цифрових рішень")
    transport = organization_factory(title="Служба транспорту")
    # A stranger is at home elsewhere, so may import there but not here.
    organization_factory(
        users=[{"name": people["stranger"]["name"], "capacity": "editor"}]
    )
    return {
        "council": council,
        "digital": digital,
        "transport": transport,
        "people": people,
    }
