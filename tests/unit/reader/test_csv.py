"""CSV: separators, encodings, line breaks in quotes, and text that is no CSV."""

from __future__ import annotations

import csv
import io
import random
import time
from dataclasses import replace

import pytest

from ckanext.actionplan import reader
from ckanext.actionplan.reader import Limits, ReaderError
from ckanext.actionplan.reader.csv import is_csv

ROWS = (
    ("План дій з відкритих даних", "", "", ""),
    ("у Верховинській міській раді на 2025–2026 роки", "", "", ""),
    ("Завдання", "Строк виконання", "Показник", "Виконавець"),
    ("1", "2", "3", "4"),
    ("1. Правила; порядок", "", "", ""),
    (
        '1.1. Ухвалити "Порядок", зокрема зміни; опис',
        "до 01.06.2025",
        "Порядок,\nзміни",
        "Юридичний відділ; канцелярія",
    ),
    ("1.2. Навчити", "щокварталу", "Курс\tі тест", "Сектор кадрів\nВідділ освіти"),
)
ENCODINGS = ("utf-8", "utf-8-sig", "cp1251", "utf-16")


def written(rows, mark=";", end="\r\n", quoting=csv.QUOTE_MINIMAL):
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=mark, lineterminator=end, quoting=quoting).writerows(
        rows
    )
    return stream.getvalue()


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("end", ["\r\n", "\n"])
@pytest.mark.parametrize("mark", [";", ",", "\t"])
def test_separators_line_ends_and_encodings(mark, end, encoding):
    data = written(ROWS, mark, end).encode(encoding)
    draft = reader.read(data, "plan.csv").as_dict()
    first, second = draft["tasks"]
    assert first["title"] == 'Ухвалити "Порядок", зокрема зміни; опис'
    assert [first["section"], first["number"]] == ["1. Правила; порядок", "1.1"]
    assert first["indicator"] == "Порядок, зміни"
    assert [first["due"], second["due"]] == ["../2025-06-01", "R/P3M"]
    assert second["executors"] == ["Сектор кадрів", "Відділ освіти"]
    assert draft["title"].endswith("раді на 2025–2026 роки")
    assert "wrong_ending" not in {d["code"] for d in draft["review"]["doubts"]}


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
@pytest.mark.parametrize("mark", [";", ",", "\t", "|"])
def test_all_fields_in_quotes(mark, end):
    data = written(ROWS, mark, end, csv.QUOTE_ALL).encode()
    draft = reader.read(data).as_dict()
    assert [task["number"] for task in draft["tasks"]] == ["1.1", "1.2"]


@pytest.mark.parametrize("mark", [";", ",", "\t", "|"])
def test_a_first_line_that_names_the_separator(mark):
    data = f"sep={mark}\r\n{written(ROWS, mark)}".encode("utf-8-sig")
    draft = reader.read(data).as_dict()
    assert [task["number"] for task in draft["tasks"]] == ["1.1", "1.2"]


def test_rows_without_the_empty_fields_at_their_ends():
    rows = [tuple(filter(None, row)) for row in ROWS]
    draft = reader.read(written(rows).encode()).as_dict()
    assert [task["number"] for task in draft["tasks"]] == ["1.1", "1.2"]
    assert draft["title"].startswith("План дій")


def test_empty_columns_and_a_column_of_numbers():
    rows = [
        ("", "План дій на 2025 рік", "", "", "", ""),
        ("", "№", "Завдання", "", "Строк", "Виконавець"),
        ("", "1", "Скласти перелік", "", "щороку", "Відділ"),
        ("", "", "", "", "", ""),
        ("", "2", "Навчити", "", "до 01.10.2025", "Сектор"),
    ]
    draft = reader.read(written(rows).encode()).as_dict()
    found = [(t["number"], t["title"], t["executors"]) for t in draft["tasks"]]
    assert found == [("1", "Скласти перелік", ["Відділ"]), ("2", "Навчити", ["Сектор"])]
    origins = [task["origin"] for task in draft["review"]["tasks"]]
    assert [origin["row"] for origin in origins] == [3, 5]
    assert "sheet" not in origins[0]


@pytest.mark.parametrize(
    "text",
    [
        "Просто лист, у якому є коми; і крапка з комою.\n" * 9,
        "Завдання\tСтрок, дата\tВиконавець\n1. Діяти, так\tщороку\tЯ, ти\n",
        "| Завдання | Строк | Хто |\n|---|---|---|\n| а, б | в, г | д; е |\n",
        "План дій, зокрема, на 2025 рік\n\nодин, два\nтри, чотири, п’ять\n",
        "",
    ],
)
def test_text_is_no_csv(text):
    assert not is_csv(text.encode())


@pytest.mark.parametrize("mark", [";", ",", "|"])
def test_a_quote_that_is_not_closed_swallows_no_rows(mark):
    rows = [("План дій на 2025 рік", "", "", "")]
    rows += [("Завдання", "Строк виконання", "Показник", "Виконавець")]
    rows += [(f"{at}. Діяти", "щороку", "Є", "Відділ") for at in range(1, 7)]
    text = written(rows, mark)
    for place in ("План дій", "Завдання", "2. Діяти", "щороку"):
        broken = text.replace(place, f'"{place}', 1)
        draft = reader.read(broken.encode()).as_dict()
        assert [task["number"] for task in draft["tasks"]] == list("123456")
        assert "quotes_open" in {d["code"] for d in draft["review"]["doubts"]}


def test_cells_with_many_lines_and_separators_are_no_open_quotes():
    lines = "один, два, три\nчотири, п’ять, шість\nсім, вісім, дев’ять"
    rows = [
        ROWS[2],
        ("1. Діяти", "щороку", lines, "Відділ"),
        ("2. Ще", "щороку", "", ""),
    ]
    draft = reader.read(written(rows, ",").encode()).as_dict()
    assert [task["number"] for task in draft["tasks"]] == ["1", "2"]
    assert "quotes_open" not in {d["code"] for d in draft["review"]["doubts"]}


@pytest.mark.parametrize("start", ['"', "х;", '"х\n', ';"'])
def test_huge_files_of_one_row(start):
    started = time.monotonic()
    for text in (start + "х;" * 300_000, start + "х" * 600_000, start * 200_000):
        with pytest.raises(ReaderError):
            reader.read(text.encode())
    assert time.monotonic() - started < 10


def test_limits_say_which():
    rows = written([*ROWS, *[("2. Діяти", "щороку", "Є", "Я")] * 50]).encode()
    for name, limit, code in (
        ("rows", 20, "too_many_rows"),
        ("cells", 3, "too_many_cells"),
        ("characters", 9, "cell_too_long"),
    ):
        with pytest.raises(ReaderError) as caught:
            reader.read(rows, limits=replace(Limits(), **{name: limit}))
        assert caught.value.code == code


@pytest.mark.parametrize("seed", range(60))
def test_damaged_files_never_crash(seed):
    chance = random.Random(seed)  # noqa: S311 - a seeded damage, no secret
    text = list(written(ROWS, ";,\t"[seed % 3]))
    for _ in range(chance.randrange(1, 12)):
        text[chance.randrange(len(text))] = chance.choice('";,\t\n\r\0а1')
    try:
        reader.read("".join(text).encode(ENCODINGS[seed % 4])).as_dict()
    except ReaderError as error:
        assert str(error)  # noqa: PT017 - damage may also leave a plan that can be read


def test_one_broken_byte_is_no_other_encoding():
    data = bytearray(written(ROWS).encode())
    data[data.index("Курс".encode())] = 0xFF
    draft = reader.read(bytes(data)).as_dict()
    assert [task["number"] for task in draft["tasks"]] == ["1.1", "1.2"]
    assert draft["title"].startswith("План дій")
