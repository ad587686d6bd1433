"""Headings of columns in the words that councils use."""

from __future__ import annotations

import pytest

from ckanext.actionplan.reader.columns import Role, role_of

HEADINGS = {
    Role.NUMBER: ("№", "№ з/п", "№ п/п", "Порядковий номер"),
    Role.TASK: (
        "Завдання",
        "Назва заходу",
        "Зміст завдання (заходу)",
        "Ключові дії",
        "Пріоритетні завдання",
        "Кроки",
        "Що потрібно зробити",
        "№ з/п та назва заходу",
    ),
    Role.DEADLINE: (
        "Строк",
        "Терміни реалізації",
        "Кінцевий термін виконання",
        "Дата виконання",
        "Рік виконання",
        "Виконання (строк)",
        "Період реалізації",
    ),
    Role.INDICATOR: (
        "Індикатор виконання",
        "Очікуваний кінцевий результат",
        "Результативність",
        "Ключові показники",
        "KPI",
    ),
    Role.EXECUTOR: (
        "Виконавець",
        "Головний виконавець",
        "Особа, відповідальна за виконання",
        "Прізвище виконавця",
        "Структурний підрозділ",
        "Розпорядник інформації",
    ),
    Role.DIRECTION: ("Назва напрямку", "Стратегічна ціль", "Пріоритет", "Мета"),
    Role.PRINCIPLE: ("Принципи Хартії", "Назва принципу"),
    Role.CONTENT: ("Зміст принципу",),
    None: ("Примітки", "Стан виконання", "Джерело фінансування", "Дата є в паспорті"),
}


@pytest.mark.parametrize(
    ("heading", "role"),
    [(heading, role) for role, texts in HEADINGS.items() for heading in texts],
)
def test_headings(heading, role):
    assert role_of(heading) is role
    assert role_of(f"{heading.upper()}:") is role
