from __future__ import annotations

from datetime import date

import pytest

from ckanext.actionplan.core.event import Event, matches, plain

DAY = date(2025, 3, 1)


@pytest.mark.parametrize(
    ("topic", "words", "tied"),
    [
        ("score_card", "", True),
        ("score_card", "картк оцін", True),
        ("", "КАРТКИ оцінки", True),
        ("", "обов'язкової", True),
        ("", "обовʼязкової  картки,", True),
        ("news", "картки", False),
        ("", "картки 2025", False),
        ("", "цінки", False),
        ("", "", False),
        ("", " – ", False),
    ],
)
def test_an_event_ties_a_task_by_topic_and_words(
    topic: str, words: str, tied: bool
) -> None:
    text = "Заповнення обов’язкової картки оцінки\nу визначені строки"
    assert matches(Event("e", topic, words, DAY), "score_card", text) is tied


def test_words_are_compared_without_signs() -> None:
    assert plain("  «Об’єкт»,\tне-1 ") == "обєкт не 1"
