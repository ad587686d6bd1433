"""Lines of a PDF into paragraphs: wraps, hyphens, broken words."""

from __future__ import annotations

import pytest

from ckanext.actionplan.reader.pdf_page import Word, upright
from ckanext.actionplan.reader.pdf_text import Measure, Writing, lines_of_words

LETTER = 5.0


def words(*texts, left=0.0, pitch=12.0, turn=0):
    """Lines of text in a font whose letters are all 5 points wide."""
    out = []
    for number, text in enumerate(texts):
        x = left
        for word in text.split(" "):
            end = x + len(word) * LETTER
            out.append(Word(word, x, number * pitch, end, number * pitch + 9, 10, turn))
            x = end + LETTER
    return out


def joined(*texts, letters=20, known=""):
    lines = lines_of_words(words(*texts))
    writing = Writing([*lines, *lines_of_words(words(known))] if known else lines)
    return writing.paragraphs(lines, Measure(0.0, letters * LETTER))


@pytest.mark.parametrize(
    ("above", "below", "known", "whole"),
    [
        ("перелік некомер-", "ційних установ", "", "перелік некомерційних установ"),
        ("на цьому веб-", "порталі ради", "", "на цьому веб-порталі ради"),
        ("на цьому веб-", "порталі", "є вебпорталі та", "на цьому вебпорталі"),
        ("на 2024-", "2027 роки", "", "на 2024-2027 роки"),
        ("місто Івано-", "Франківськ", "", "місто Івано-Франківськ"),
        ("мешканці й будь-", "які люди", "", "мешканці й будь-які люди"),
        ("звіт прес-", "служби", "", "звіт прес-служби"),
        ("план -", "графік робіт", "", "план - графік робіт"),
        ("річний звіт і/", "або довідка", "", "річний звіт і/або довідка"),
        (
            "сайт https://data.ua/",
            "dataset/17 ради",
            "",
            "сайт https://data.ua/dataset/17 ради",
        ),
        (
            "музейно-",
            "архівний",
            "є музейно-архівного того",
            "музейно-архівний",
        ),
    ],
)
def test_hyphens_and_slashes(above, below, known, whole):
    assert joined(above, below, letters=len(above) + 1, known=known) == (whole,)


def test_a_full_line_goes_on_and_a_short_one_ends():
    assert joined("Відділ освіти ради", "Громади") == ("Відділ освіти ради Громади",)
    assert joined("Відділ", "Управління") == ("Відділ", "Управління")


def test_a_small_letter_may_have_been_wrapped_early():
    assert joined("Управління 123456", "до", letters=21) == ("Управління 123456 до",)
    assert joined("Управління 123456", "До", letters=21) == ("Управління 123456", "До")


def test_a_word_too_long_for_its_cell():
    assert joined("замовчуван", "ням", letters=10) == ("замовчуванням",)
    assert joined("Відкритість", "за", letters=11) == ("Відкритість за",)
    assert joined("Упровадження", "даних", letters=12) == ("Упровадження даних",)


@pytest.mark.parametrize(
    ("above", "below", "whole"),
    [
        ("інформа\u2010", "ційних", "інформаційних"),
        ("квітень-", "травень", "квітень-травень"),
        ("щоквартал", "у", "щокварталу"),
        ("житлово-комунальног", "о господарства", "житлово-комунального господарства"),
        ("інтероперабель", "ність", "інтероперабельність"),
        ("до 01.09.202", "5", "до 01.09.2025"),
        ("КП «Соснівінформ", "»", "КП «Соснівінформ»"),
        ("Оприлюднено", "три набори", "Оприлюднено три набори"),
        ("щонайменше", "сто осіб", "щонайменше сто осіб"),
        ("Перевіряти", "дати", "Перевіряти дати"),
        ("Забезпечити", "доступність", "Забезпечити доступність"),
    ],
)
def test_words_in_narrow_columns(above, below, whole):
    assert joined(above, below, letters=len(above)) == (whole,)


def test_a_further_deadline_is_a_line_of_its_own():
    lines = ("І квартал 2026 р.", "до 1 липня 2026 р.")
    assert joined(*lines, letters=21) == lines


def test_lines_far_apart_are_paragraphs():
    lines = lines_of_words(words("Повний рядок тексту", "ще рядок", pitch=30.0))
    measure = Measure(0.0, 100.0, pitch=12.0)
    assert len(Writing(lines).paragraphs(lines, measure)) == 2


@pytest.mark.parametrize("turn", [0, 1, 2, 3])
def test_turned_text_reads_from_its_own_left(turn):
    """The page's text runs in one direction, so the page is turned as a whole."""
    corners = {
        0: lambda x, y: (x, y),
        1: lambda x, y: (y, -x),
        2: lambda x, y: (-x, -y),
        3: lambda x, y: (-y, x),
    }
    raw = []
    for text, x, y in (("перше", 10, 30), ("друге", 40, 30), ("нижче", 10, 10)):
        (x0, y0), (x1, y1) = corners[turn](x, y), corners[turn](x + 25, y + 9)
        low, high = sorted((x0, x1)), sorted((y0, y1))
        raw.append([text, low[0], low[-2], low[1], high[1], 10, turn])
        raw[-1][2] = high[0]
    box = (*map(min, zip(*map(corners[turn], (0, 100), (0, 60)), strict=True)),
           *map(max, zip(*map(corners[turn], (0, 100), (0, 60)), strict=True)))  # fmt: skip
    page = upright(1, {
        "box": box, "rotation": 0, "words": raw, "segments": [], "images": 0,
    })  # fmt: skip
    assert [line.text for line in lines_of_words(page.words)] == [
        "перше друге",
        "нижче",
    ]
    assert (page.width, page.height) == (100, 60)
