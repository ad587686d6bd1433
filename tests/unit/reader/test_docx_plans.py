"""Plans as DOCX in several layouts: columns, sections, rows that belong together."""

from __future__ import annotations

import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

IT = "Відділ цифрового розвитку"
HR = "Відділ кадрів"


def column(draft, name):
    return [task[name] for task in draft["tasks"]]


def codes(draft, at):
    return {doubt["code"] for doubt in draft["review"]["tasks"][at]["doubts"]}


def taken(draft):
    return [row["taken_for"] for row in draft["review"]["rows"]]


def test_sections_between_tables_of_which_only_the_first_has_a_heading(titled, header):
    titled.table(
        header,
        ("1. Правила",),
        ("1.1. Ухвалити порядок", "до 01.06.2025", "Порядок ухвалено", IT),
    )
    titled.heading("2. Люди", 4)
    titled.table(
        ("2.1 Навчити фахівців", "щороку", "Фахівці пройшли курс", HR),
        ("2.2.Скласти рейтинг", "постійно", "Рейтинг складено", ""),
    )
    draft = titled.read()
    assert column(draft, "number") == ["1.1", "2.1", "2.2"]
    assert column(draft, "section") == ["1. Правила", "2. Люди", "2. Люди"]
    assert column(draft, "title")[2] == "Скласти рейтинг"
    assert column(draft, "due") == ["../2025-06-01", "R/P1Y", "../.."]
    assert column(draft, "executors") == [[IT], [HR], []]
    assert "executor_missing" in codes(draft, 2)
    assert draft["title"] == (
        "ПЛАН ДІЙ з розвитку відкритих даних у Джерельненській міській раді "
        "на 2025–2026 роки"
    )
    assert (draft["period_start"], draft["period_end"]) == ("2025-01-01", "2026-12-31")
    assert draft["authority"] == "Джерельненська міська рада"


def test_columns_in_another_order_with_a_number_column(titled):
    titled.table(
        (
            "№ з/п",
            "Відповідальні",
            "Термін",
            "Найменування заходу",
            "Індикатор",
            "Кошти",
        ),
        ("1", "2", "3", "4", "5", "6"),
        ("1.", "Правила", "", "", "", ""),
        ("1.1", IT, "І квартал 2025 року", "Описати набори", "Опис готовий", "0"),
        ("1.2", HR, "щокварталу", "Провести навчання", "Звіт", "5"),
    )
    draft = titled.read()
    assert column(draft, "number") == ["1.1", "1.2"]
    assert column(draft, "title") == ["Описати набори", "Провести навчання"]
    assert column(draft, "due") == ["2025-01-01/2025-03-31", "R/P3M"]
    assert column(draft, "executors") == [[IT], [HR]]
    assert column(draft, "indicator") == ["Опис готовий", "Звіт"]
    assert {d["code"] for d in draft["review"]["doubts"]} >= {"column_unread"}
    assert "column numbers" in taken(draft)


def test_plain_headings_above_each_table(titled, header):
    titled.lines("Цей план складено за участі громади.")
    titled.lines("Якість наборів")
    titled.table(header, ("Описати набори", "щороку", "Є опис", HR))
    titled.lines("Розвиток спільноти")
    titled.table(header, ("Провести зустріч", "щороку", "Зустріч", IT))
    draft = titled.read()
    assert column(draft, "section") == ["Якість наборів", "Розвиток спільноти"]


def test_the_title_above_the_first_of_several_tables_is_no_section(titled, header):
    titled.table(header, ("Описати набори", "щороку", "Є опис", HR))
    titled.lines("Розвиток спільноти")
    titled.table(header, ("Провести зустріч", "щороку", "Зустріч", IT))
    draft = titled.read()
    assert column(draft, "section") == ["", "Розвиток спільноти"]
    assert draft["title"].endswith("на 2025–2026 роки")


def test_a_stamp_in_any_column_is_no_part_of_a_task(titled, header):
    titled.table(
        header,
        ("1.1. Описати набори", "до 01.09.2025", "Сертифікат", HR),
        ("", "", "отримано", ""),
        ("", "Документ СЕД АСКОД", "", ""),
        ("", "", "Сертифікат 58E2D9E7F900307B040000001", ""),
        ("1.2. Відкрити набори", "щороку", "Набори", IT),
    )
    draft = titled.read()
    assert column(draft, "deadline") == ["до 01.09.2025", "щороку"]
    assert column(draft, "indicator") == ["Сертифікат отримано", "Набори"]
    assert taken(draft).count("stamp") == 2


def test_heading_over_two_rows(titled):
    titled.table(
        ("Завдання", "Строк виконання", "Показники", "Показники", "Виконавець"),
        (None, None, "показник якості", "показник кількості", None),
        ("1. Створити каталог", "до 31.12.2025", "повний", "не менше 10", IT),
    )
    draft = titled.read()
    assert column(draft, "title") == ["Створити каталог"]
    assert column(draft, "indicator") == ["повний не менше 10"]
    assert column(draft, "executors") == [[IT]]


def test_heading_over_two_rows_that_names_the_columns_below_only(titled):
    head = (
        ("№", "Завдання", "Виконання", "Виконання", "Виконавці"),
        (None, None, "строк", "результат", None),
    )
    table = titled.table(
        *head,
        ("1.1", "Описати набори", "до 15 січня 2026 р.", "Є опис", HR),
        *head,
        ("1.2", "Відкрити набори", "щокварталу", "Набори відкрито", IT),
    )
    for at in (0, 3):
        table.cell(at, 3).text = ""
        table.cell(at, 2).merge(table.cell(at, 3))
    draft = titled.read()
    assert column(draft, "number") == ["1.1", "1.2"]
    assert column(draft, "due") == ["../2026-01-15", "R/P3M"]
    assert column(draft, "indicator") == ["Є опис", "Набори відкрито"]
    assert taken(draft).count("header") == 4


def test_charter_with_merged_principles_and_numbers_that_restart(titled):
    head = (
        "Принципи Хартії",
        "Зміст принципу",
        "Завдання",
        "Строк виконання",
        "Очікуваний результат",
        "Відповідальні",
    )
    titled.table(
        head,
        ("I. Відкритість", "Дані відкриті", "1. Описати", "постійно", "Є опис", IT),
        (None, None, "2. Оприлюднити", "щороку", "Набори видно", IT),
        (None, "Дані вчасні", "1. Оновити", "щомісяця", "Набори нові", HR),
        ("II. Якість", "Дані точні", "1. Перевірити", "2026 рік", "Акт", HR),
    )
    draft = titled.read()
    assert column(draft, "number") == ["1", "2", "1", "1"]
    assert column(draft, "principle") == ["I. Відкритість"] * 3 + ["II. Якість"]
    assert column(draft, "section") == [
        "Дані відкриті",
        "Дані відкриті",
        "Дані вчасні",
        "Дані точні",
    ]
    assert not any("number_repeated" in codes(draft, at) for at in range(4))


def test_principle_that_goes_on_over_the_page(titled):
    titled.table(
        ("Принцип", "Завдання", "Строк", "Результат", "Виконавець"),
        ("Доступність", "1. Створити", "2025 р.", "Є", IT),
        ("і використання", "портал даних", "", "портал", ""),
        ("", "2. Навчити", "2026 р.", "Курс", HR),
    )
    draft = titled.read()
    assert column(draft, "principle") == ["Доступність і використання"] * 2
    assert column(draft, "title") == ["Створити портал даних", "Навчити"]


def test_roadmap_without_executors_and_numbers(plan):
    plan.lines("ДОРОЖНЯ КАРТА", "розвитку відкритих даних на 2025–2026 роки")
    plan.table(
        ("Завдання", "Строки", "Результативність"),
        ("Запустити портал", "ІІ квартал 2025", "Портал працює"),
        (None, "IV квартал 2025", "Портал доступний"),
        ("Підготувати звіт", "щопівроку", "Звіт подано"),
    )
    draft = plan.read()
    assert column(draft, "title") == ["Запустити портал", "Підготувати звіт"]
    assert column(draft, "due") == [
        "2025-04-01/2025-06-30; 2025-10-01/2025-12-31",
        "R/P6M",
    ]
    assert column(draft, "deadline")[0] == "ІІ квартал 2025 IV квартал 2025"
    assert column(draft, "indicator")[0] == "Портал працює Портал доступний"
    assert draft["executors"] == []
    assert "executor_missing" not in codes(draft, 0)
    assert draft["title"].startswith("ДОРОЖНЯ КАРТА розвитку")


def test_second_deadline_row_with_its_own_executor_is_a_second_task(titled, header):
    titled.table(
        header,
        ("1.1. Призначити осіб", "до 01.03.2025", "Наказ", IT),
        (None, "до 01.04.2025", "Зміни до інструкцій", HR),
    )
    draft = titled.read()
    assert column(draft, "number") == ["1.1", "1.1"]
    assert column(draft, "title") == ["Призначити осіб"] * 2
    assert column(draft, "due") == ["../2025-03-01", "../2025-04-01"]
    assert column(draft, "executors") == [[IT], [HR]]
    assert "deadline_row" in codes(draft, 1)


def test_second_deadline_row_with_the_same_executor_is_one_task(titled, header):
    titled.table(
        header,
        ("1.1. Призначити осіб", "до 01.03.2025", "Наказ", IT),
        (None, "до 01.04.2025", "Зміни", None),
    )
    draft = titled.read()
    assert column(draft, "due") == ["../2025-03-01; ../2025-04-01"]
    assert column(draft, "executors") == [[IT]]


def test_rows_cut_by_a_page_break(titled, header):
    titled.table(
        header,
        ("1.1. Провести інвентаризацію", "протягом", "Перелік складено", IT),
        ("наборів", "2025 року", "", ", відділ"),
        ("", "", "та затверджено", "кадрів"),
        ("1.2. Наступне", "постійно", "Так", HR),
    )
    draft = titled.read()
    assert column(draft, "title") == ["Провести інвентаризацію наборів", "Наступне"]
    assert column(draft, "deadline")[0] == "протягом 2025 року"
    assert column(draft, "due")[0] == "2025-01-01/2025-12-31"
    assert column(draft, "indicator")[0] == "Перелік складено та затверджено"
    assert column(draft, "executors")[0] == [IT, HR[0].lower() + HR[1:]] or (
        column(draft, "executors")[0] == [IT, HR]
    )
    assert [len(r["joined"]) for r in draft["review"]["tasks"]] == [2, 0]
    assert "rows_joined" in codes(draft, 0)


def test_repeated_heading_stamp_and_dashes_between_rows(titled, header):
    titled.table(header, ("1. Перше", "постійно", "Так", IT))
    titled.table(("ДОКУМЕНТ СЕД\nСертифікат 3FAA92\nДійсний з 01.02.2024",))
    titled.lines("Сторінка 2 з 3")
    titled.table(
        header,
        ("1", "2", "3", "4"),
        ("-----", "-----", "-----", "-----"),
        ("", "", "ще так", ""),
        ("2. Друге", "щороку", "Так", HR),
    )
    draft = titled.read()
    assert column(draft, "title") == ["Перше", "Друге"]
    assert column(draft, "indicator") == ["Так ще так", "Так"]
    assert taken(draft).count("header") == 2
    assert "stamp" in taken(draft)


def test_merged_deadline_and_executor_are_carried_down(titled, header):
    titled.table(
        header,
        ("1. Перше", "до 01.06.2025", "Так", IT),
        ("2. Друге", None, "Теж", None),
    )
    draft = titled.read()
    assert column(draft, "due") == ["../2025-06-01"] * 2
    assert column(draft, "executors") == [[IT]] * 2
    assert "value_carried" in codes(draft, 1)


def test_unmerged_section_row_and_signature_row(titled, header):
    titled.table(
        header,
        ("1. Правила", "", "", ""),
        ("1.1. Ухвалити", "до 01.06.2025", "Є", IT),
        ("2. Люди", "", "", ""),
        ("2.1. Навчити", "щороку", "Є", HR),
        ("Міський голова", "", "", "Ганна ВЕРБА"),
    )
    draft = titled.read()
    assert column(draft, "section") == ["1. Правила", "2. Люди"]
    assert column(draft, "indicator") == ["Є", "Є"]
    assert draft["approval_signatory"] == "Ганна ВЕРБА"
    assert taken(draft)[-1] == "signature"


def test_sections_and_tasks_both_numbered_from_one(titled, header):
    titled.table(
        header,
        ("1. Правила", "", "", ""),
        ("1. Ухвалити", "до 01.06.2025", "Є", IT),
        ("2. Переглянути", "щороку", "Є", IT),
        ("2. Люди", "", "", ""),
        ("1. Навчити", "щороку", "Є", HR),
    )
    draft = titled.read()
    assert column(draft, "number") == ["1", "2", "1"]
    assert column(draft, "section") == ["1. Правила", "1. Правила", "2. Люди"]


def test_section_above_the_first_table(titled, header):
    titled.lines("", "1. Правила")
    titled.table(header, ("1.1. Ухвалити", "до 01.06.2025", "Є", IT))
    draft = titled.read()
    assert column(draft, "section") == ["1. Правила"]
    assert "Правила" not in draft["title"]


def test_automatic_numbering(titled, header, numbered, define_list):
    table = titled.table(
        header,
        ("Правила",),
        ("Ухвалити", "до 01.06.2025", "Є", IT),
        ("Переглянути", "щороку", "Є", IT),
        ("Люди",),
        ("Навчити", "щороку", "Є", HR),
    )
    num = define_list(titled.document, ("decimal", "%1."), ("decimal", "%1.%2."))
    for row, level in ((1, 0), (2, 1), (3, 1), (4, 0), (5, 1)):
        numbered(table.cell(row, 0).paragraphs[0], level, num)
    draft = titled.read()
    assert column(draft, "number") == ["1.1", "1.2", "2.1"]
    assert column(draft, "section") == ["1. Правила"] * 2 + ["2. Люди"]
    assert column(draft, "title") == ["Ухвалити", "Переглянути", "Навчити"]


def test_empty_number_cells_filled_by_automatic_numbering(
    titled, header, numbered, define_list
):
    table = titled.table(
        ("№", *header),
        ("", "Ухвалити порядок", "до 01.06.2025", "Є", IT),
        ("", "Навчити", "щороку", "Є", HR),
    )
    num = define_list(titled.document, ("decimal", "%1."))
    for row in (1, 2):
        numbered(table.cell(row, 0).paragraphs[0], 0, num)
    assert column(titled.read(), "number") == ["1", "2"]


def test_bullets_and_roman_levels(titled, header, numbered, define_list):
    table = titled.table(
        header,
        ("Правила",),
        ("1. Ухвалити", "до 01.06.2025", "порядок", IT),
    )
    num = define_list(titled.document, ("upperRoman", "%1."), ("bullet", "•"))
    numbered(table.cell(1, 0).paragraphs[0], 0, num)
    numbered(table.cell(2, 2).paragraphs[0], 1, num)
    draft = titled.read()
    assert column(draft, "section") == ["I. Правила"]
    assert column(draft, "indicator") == ["порядок"]


def test_invisible_characters_breaks_and_runs(titled, header):
    table = titled.table(header, ("", "до\u00a001.06.2025", "", IT))
    paragraph = table.cell(1, 0).paragraphs[0]
    paragraph.add_run("1.1.\tОпри")
    soft = OxmlElement("w:softHyphen")
    paragraph.add_run()._r.append(soft)
    paragraph.add_run("людню\u00adвати")
    paragraph.add_run().add_break()
    paragraph.add_run("набори")
    hidden = paragraph.add_run(" приховано")
    hidden.font.hidden = True
    draft = titled.read()
    assert column(draft, "title") == ["Оприлюднювати набори"]
    assert column(draft, "deadline") == ["до 01.06.2025"]


def test_deleted_text_is_left_out_and_inserted_text_is_read(titled, header):
    table = titled.table(header, ("1. Створити", "постійно", "Є", IT))
    paragraph = table.cell(1, 0).paragraphs[0]
    for tag, name, text in (("del", "delText", " старе"), ("ins", "t", " нове")):
        change = OxmlElement(f"w:{tag}")
        run = OxmlElement("w:r")
        piece = OxmlElement(f"w:{name}")
        piece.text = text
        piece.set(qn("xml:space"), "preserve")
        run.append(piece)
        change.append(run)
        paragraph._p.append(change)
    assert column(titled.read(), "title") == ["Створити нове"]


def test_table_inside_a_layout_table(plan, header):
    outer = plan.document.add_table(rows=1, cols=1)
    cell = outer.cell(0, 0)
    cell.paragraphs[0].text = "ПЛАН ДІЙ щодо відкритих даних на 2025 рік"
    inner = cell.add_table(rows=2, cols=4)
    for at, text in enumerate(header):
        inner.cell(0, at).text = text
    for at, text in enumerate(("1. Створити", "постійно", "Є", IT)):
        inner.cell(1, at).text = text
    draft = plan.read()
    assert column(draft, "title") == ["Створити"]
    assert draft["period_start"] == "2025-01-01"


def test_header_and_footer_are_left_out(titled, header):
    section = titled.document.sections[0]
    section.header.paragraphs[0].text = "№ 999 від 01.01.2020"
    section.footer.paragraphs[0].text = "17"
    titled.table(header, ("1. Створити", "постійно", "Є", IT))
    draft = titled.read()
    assert draft["approval_number"] == ""


def test_table_without_any_heading_is_guessed_and_says_so(titled):
    titled.table(
        ("1.1. Ухвалити порядок оприлюднення", "до 01.06.2025", "Порядок є", IT),
        ("1.2. Навчити відповідальних", "щороку", "Курс пройдено", HR),
        ("1.3. Провести аудит", "постійно", "Звіт складено", IT),
    )
    draft = titled.read()
    assert column(draft, "number") == ["1.1", "1.2", "1.3"]
    assert column(draft, "executors") == [[IT], [HR], [IT]]
    assert "columns_guessed" in {d["code"] for d in draft["review"]["doubts"]}


def test_points_of_the_order_are_no_tasks(plan, header):
    plan.lines(
        "РОЗПОРЯДЖЕННЯ",
        "Про затвердження Плану дій на 2025–2026 роки",
        "1. Затвердити План дій, що додається.",
        "2. Контроль залишаю за собою.",
        "ПЛАН ДІЙ",
        "щодо відкритих даних на 2025–2026 роки",
    )
    plan.table(header, ("1. Створити", "постійно", "Є", IT))
    draft = plan.read()
    assert column(draft, "title") == ["Створити"]
    assert draft["title"] == "ПЛАН ДІЙ щодо відкритих даних на 2025–2026 роки"


def test_text_between_rows_is_never_lost_silently(titled, header):
    titled.table(header, ("1. Створити", "постійно", "Є", IT))
    titled.lines("примітка: строки може бути переглянуто.")
    titled.table(header, ("2. Навчити", "щороку", "Є", HR))
    draft = titled.read()
    doubts = [d for d in draft["review"]["doubts"] if d["code"] == "text_unread"]
    assert doubts[0]["params"]["text"].startswith("примітка")


@pytest.mark.parametrize(
    ("wording", "reason"),
    [
        ("до 31.04.2025", "deadline_no_such_date"),
        ("І квартал", "deadline_incomplete"),
        ("після аудиту", "deadline_event"),
        ("", "deadline_missing"),
    ],
)
def test_open_deadlines_say_why(titled, header, wording, reason):
    titled.table(
        header, ("1. Створити", wording, "Є", IT), ("2. Далі", "2025", "Є", IT)
    )
    draft = titled.read()
    assert draft["tasks"][0]["due"] == ""
    assert draft["tasks"][0]["deadline"] == wording
    assert reason in codes(draft, 0)


def test_every_row_has_an_origin_and_a_reading(titled, header):
    titled.table(header, ("1. Правила",), ("1.1. Ухвалити", "постійно", "Є", IT))
    review = titled.read()["review"]
    assert [row["taken_for"] for row in review["rows"]][-3:] == [
        "header",
        "section",
        "task",
    ]
    assert review["tasks"][0]["origin"] == {"table": 1, "row": 3}
    assert review["tasks"][0]["cells"]["task"] == "1.1. Ухвалити"
    assert review["tasks"][0]["sources"]["section"] == {"table": 1, "row": 2}
