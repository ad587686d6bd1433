"""Title, term, council and approving act; other acts are never taken for it."""

from __future__ import annotations

from datetime import date

import pytest

from ckanext.actionplan import reader
from ckanext.actionplan.reader.approval import is_stamp
from ckanext.actionplan.reader.heading import Line, is_signature, read_heading

TITLE = ("ПЛАН ДІЙ", "щодо відкритих даних на 2025-2027 роки")


def heading(*before, after=()):
    lines = [Line(text) for text in before] + [Line(text, False) for text in after]
    return read_heading(lines)


def codes(found):
    return {code for code, _, _ in found.doubts}


@pytest.mark.parametrize(
    ("block", "number", "day"),
    [
        (("ЗАТВЕРДЖЕНО", "Розпорядження голови", "від 05.02.2025 № 15-р"), "15-р", (5, 2)),
        (("ЗАТВЕРДЖЕНО", "рішення виконкому", "12 березня 2025 року № 7/2"), "7/2", (12, 3)),
        (("Затверджено рішенням міської ради від 01.04.2025 № 12-VIII",), "12-VIII", (1, 4)),
        (("ЗАТВЕРДЖУЮ", 'Наказ "20" травня 2025 р. № 44',), "44", (20, 5)),
        (("Додаток № 1", "до рішення ради", "від 03.06.2025 № 99"), "99", (3, 6)),
        (("Додаток 2", "до розпорядження голови", "від «03» 06 2025 р. № 99"), "99", (3, 6)),
        (("ЗАТВЕРДЖЕНО", "Розпорядження голови", "від 05.02.2025", "№ 15"), "15", (5, 2)),
    ],
)  # fmt: skip
def test_approval_block(block, number, day):
    found = heading(*block, "", *TITLE)
    assert found.number == number
    assert found.day == date(2025, day[1], day[0])
    assert not codes(found) & {"approval_missing", "approval_partial"}


def test_stamp_when_the_block_is_blank():
    found = heading(
        "РОЗПОРЯДЖЕННЯ",
        'від "___" ________ 20__ року',
        "№ ____",
        "Про затвердження Плану дій на 2025-2027 роки",
        "Відповідно до постанови Кабінету Міністрів від 21 жовтня 2015 року № 835:",
        "1. Затвердити План дій.",
        "Міський голова Олег ЛИПА",
        "ДОКУМЕНТ СЕД",
        "Сертифікат 58E2D9",
        "Підписувач Липа Олег",
        "Дійсний з 01.02.2024 0:00:00 по 31.01.2026 23:59:59",
        "№ 77 від 14.02.2025",
        "ЗАТВЕРДЖЕНО",
        "Розпорядження міського голови",
        '"___" ______ 2025 року № ___',
        *TITLE,
    )
    assert (found.number, found.day) == ("77", date(2025, 2, 14))
    assert found.document == "Розпорядження міського голови"
    assert found.signatory == "Олег ЛИПА"
    assert found.source == "stamp"


def test_heading_of_the_order():
    found = heading(
        "РІШЕННЯ",
        "15.05.2025        м. Вербове        № 321",
        "Про затвердження Плану дій",
        "Керуючись постановою від 21.10.2015 № 835",
        *TITLE,
    )
    assert (found.number, found.day) == ("321", date(2025, 5, 15))


def test_stamp_after_the_plan():
    found = heading(*TITLE, after=("Голова Ганна ВЕРБА", "№ 5 від 01.03.2025"))
    assert (found.number, found.day) == ("5", date(2025, 3, 1))
    assert found.signatory == "Ганна ВЕРБА"


def test_other_acts_are_no_approval():
    found = heading(
        "Розроблено відповідно до постанови від 21.10.2015 № 835",
        "та наказу Мінцифри від 03.03.2023 № 25",
        *TITLE,
        after=("Сертифікат дійсний до 01.01.2026", "14.02.2025 13:45:10"),
    )
    assert (found.number, found.day) == ("", None)
    assert "approval_missing" in codes(found)


def test_two_registrations_are_a_doubt():
    found = heading("ЗАТВЕРДЖЕНО", "Наказ від 01.02.2025 № 3", *TITLE, after=("№ 4 від 02.02.2025",))  # fmt: skip
    assert found.number == "3"
    assert "approval_conflict" in codes(found)


def test_number_without_a_date_is_marked():
    found = heading("ЗАТВЕРДЖЕНО", "Розпорядження голови № 3", *TITLE)
    assert found.number == "3"
    assert "approval_partial" in codes(found)


@pytest.mark.parametrize(
    ("title", "start", "end"),
    [
        ("План дій щодо відкритих даних на 2025–2027 роки", "2025-01-01", "2027-12-31"),
        ("План заходів з відкритих даних на 2025 рік", "2025-01-01", "2025-12-31"),
        ("План дій (2024 — 2026)", "2024-01-01", "2026-12-31"),
        ("План дій на період до 2027 року", None, "2027-12-31"),
        ("План дій щодо відкритих даних", None, None),
    ],
)
def test_term(title, start, end):
    term = heading(title).term
    assert (term.start and term.start.isoformat()) == start
    assert (term.end and term.end.isoformat()) == end


def test_title_is_taken_from_the_order_when_the_plan_has_none():
    found = heading("РОЗПОРЯДЖЕННЯ", "Про затвердження Плану дій на 2025 рік")
    assert found.title.startswith("Про затвердження")
    assert "title_from_order" in codes(found)
    assert found.term.end == date(2025, 12, 31)


def test_title_ends_where_the_first_section_begins():
    found = heading(
        "ПЛАН ДІЙ", "", "з відкритих даних", "на 2025 рік", "", "1. Правила"
    )
    assert found.title == "ПЛАН ДІЙ з відкритих даних на 2025 рік"


@pytest.mark.parametrize(
    ("title", "council"),
    [
        ("у Вербівській міській раді на 2025 рік", "Вербівська міська рада"),
        (
            "в Липовецькій районній військовій адміністрації Зоряної області на 2025 рік",
            "Липовецька районна військова адміністрація Зоряної області",
        ),
        ("на 2025 рік", ""),
    ],
)
def test_council_in_the_nominative(title, council):
    assert heading(f"План дій щодо відкритих даних {title}").authority == council


@pytest.mark.parametrize(
    ("text", "stamp"),
    [
        ("Сторінка 3 з 12", True),
        ("- 4 -", True),
        ("17", True),
        ("№ 140 від 13.12.2024", True),
        ("Підписувач Липа Олег Іванович", True),
        ("Відділ цифрового розвитку", False),
        ("до 01.06.2025 включно подати звіт", False),
        ("відповідно до постанови від 21.10.2015 № 835", False),
    ],
)
def test_stamps(text, stamp):
    assert is_stamp(text) is stamp


def test_signature_is_a_post_with_a_name():
    assert is_signature("Міський голова    Ганна ВЕРБА")
    assert is_signature("Керуючий справами виконкому О. Липа")
    assert not is_signature("Начальник відділу кадрів")
    assert not is_signature("Верба Г.І.")


def test_plan_with_its_act_in_a_borderless_table(plan, header):
    plan.table(("", "ЗАТВЕРДЖЕНО\nРозпорядження голови\nвід 05.02.2025 № 15"))
    plan.lines(*TITLE)
    plan.table(header, ("1. Створити", "постійно", "Є", "Відділ"))
    draft = reader.read(plan.data).as_dict()
    assert draft["approval_number"] == "15"
    assert draft["approval_date"] == "2025-02-05"
    assert draft["approval_document"] == "Розпорядження голови"


NAMED = (
    "ПЛАН ДІЙ",
    "щодо відкритих даних у Липовецькій міській раді",
    "на 2025-2027 роки",
)


@pytest.mark.parametrize(
    ("before", "after", "document", "number", "day", "signatory"),
    [
        (("Р І Ш Е Н Н Я", "12 лютого 2025 року № 77", *NAMED), (),
         "Рішення", "77", date(2025, 2, 12), ""),
        (("ЗАТВЕРДЖЕНО", "рішення 15 сесії 8 скликання Липовецької міської ради",
          "від 14 лютого 2025 року №1234", *NAMED), (),
         "рішення 15 сесії 8 скликання Липовецької міської ради", "1234",
         date(2025, 2, 14), ""),
        (("ЗАТВЕРДЖЕНО", "Розпорядженням голови", "_05.06.2025_ № _17_", *NAMED), (),
         "Розпорядження голови", "17", date(2025, 6, 5), ""),
        (("РОЗПОРЯДЖЕННЯ", "МІСЬКОГО ГОЛОВИ", "від 10.03.2025 р. № 33-рг",
          "Про затвердження Плану дій", "На виконання рішення від 01.01.2024 № 5",
          "Міський голова   Ольга Василівна ВЕРБА", *NAMED), (),
         "Розпорядження міського голови", "33-рг", date(2025, 3, 10),
         "Ольга Василівна ВЕРБА"),
        ((*NAMED, "(рішення виконкому від 03.04.2025 № 88)"),
         ("Керуючий справами", "виконкому    І. М. Ковальчук"),
         "рішення виконкому", "88", date(2025, 4, 3), "І. М. Ковальчук"),
        (NAMED, ("Секретар міської ради   Ткач Леся Іванівна",
                 "Рішення № 15 від 03.03.2025"),
         "Рішення", "15", date(2025, 3, 3), "Ткач Леся Іванівна"),
        (("ЗАТВЕРДЖУЮ", "Міський голова", "______ Остап ЛИПА",
          "«05» травня 2025 року", *NAMED), (), "", "", date(2025, 5, 5), "Остап ЛИПА"),
        (("ЗАТВЕРДЖЕНО", "постановою Кабінету Міністрів України",
          "від 21 жовтня 2015 р. № 835", *NAMED), ("Міський голова Іван Петренко",),
         "", "", None, "Іван Петренко"),
    ],
)  # fmt: skip
def test_acts_and_names_in_their_usual_forms(
    *, before, after, document, number, day, signatory
):
    found = heading(*before, after=after)
    assert found.title == " ".join(NAMED)
    assert (found.document, found.number, found.day) == (document, number, day)
    assert found.signatory == signatory
    assert found.authority == "Липовецька міська рада"


@pytest.mark.parametrize(
    ("years", "start", "end"),
    [
        ("на 2025/2026 роки", "2025-01-01", "2026-12-31"),
        ("на 2025 та 2026 роки", "2025-01-01", "2026-12-31"),
        ("з 2025 по 2027 рік", "2025-01-01", "2027-12-31"),
        ("на 2026-й рік", "2026-01-01", "2026-12-31"),
        ("на ІІ півріччя 2025 року", "2025-07-01", "2025-12-31"),
        ("на період з 01.03.2025 до 31.12.2026", "2025-03-01", "2026-12-31"),
        ("на виконання Стратегії до 2030 року на 2025-2026 роки", "2025-01-01",
         "2026-12-31"),
        ("на виконання рішення від 12.03.2024 № 5", None, None),
    ],
)  # fmt: skip
def test_years_in_other_words(years, start, end):
    term = heading(f"План дій щодо відкритих даних {years}").term
    assert (term.start and term.start.isoformat()) == start
    assert (term.end and term.end.isoformat()) == end


@pytest.mark.parametrize(
    ("title", "council"),
    [
        ("Вербоградської міської ради", "Вербоградська міська рада"),
        ("У ВЕРБОГРАДСЬКІЙ МІСЬКІЙ РАДІ", "Вербоградська міська рада"),
        ("у Тихобережній селищній раді", "Тихобережна селищна рада"),
        ("виконавчого комітету Дібровської сільської ради", "Дібровська сільська рада"),
        ("Лиманецької обласної державної адміністрації",
         "Лиманецька обласна державна адміністрація"),
        ("у департаменті цифрового розвитку Лиманецької міської ради",
         "Департамент цифрового розвитку Лиманецької міської ради"),
    ],
)  # fmt: skip
def test_council_in_any_case(title, council):
    assert heading(f"План дій {title} на 2025 рік").authority == council


def test_council_of_the_letterhead():
    found = heading("УКРАЇНА", "ОЗЕРНИНСЬКА СІЛЬСЬКА РАДА", "РІШЕННЯ", *TITLE)
    assert found.authority == "Озернинська сільська рада"


@pytest.mark.parametrize(
    ("annex", "document"),
    [
        ("до наказу Департаменту", "наказ Департаменту"),
        ("до постанови колегії", "постанова колегії"),
        ("до рішення ради", "рішення ради"),
    ],
)
def test_the_act_of_an_annex_is_named_in_the_nominative(annex, document):
    found = heading(
        "Додаток", f"{annex} від 02.04.2025 № 12-од", "План дій на 2026 рік"
    )
    assert (found.document, found.number) == (document, "12-од")
