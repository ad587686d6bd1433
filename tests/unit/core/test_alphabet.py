"""Words stand in the order of the Ukrainian alphabet, not in that of code points."""

from __future__ import annotations

from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from ckanext.actionplan.core.alphabet import alphabetical

ALPHABET: Final = "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя"


def test_the_alphabet_is_in_order() -> None:
    assert sorted(ALPHABET, key=alphabetical) == list(ALPHABET)


def test_case_does_not_part_words() -> None:
    words = ["Якість даних", "портал", "архів", "Інформаційний аудит"]
    in_order = ["архів", "Інформаційний аудит", "портал", "Якість даних"]
    assert sorted(words, key=alphabetical) == in_order


@given(st.lists(st.text(ALPHABET, min_size=1, max_size=4), max_size=6))
def test_words_stand_as_in_a_dictionary(words: list[str]) -> None:
    def places(word: str) -> list[int]:
        return [ALPHABET.index(letter) for letter in word]

    assert sorted(words, key=alphabetical) == sorted(words, key=places)
