"""Plans as plain, pasted or extracted text."""

from __future__ import annotations

import time

import pytest

from ckanext.actionplan import reader

TITLE = "ПЛАН ДІЙ\n\nз відкритих даних у Вербицькій селищній раді на 2025-2027 роки\n\n"
HEADER = "Завдання\tСтрок виконання\tПоказники\tВиконавець\n"


def read(text, encoding="utf-8"):
    return reader.read(text.encode(encoding)).as_dict()


def column(draft, name):
    return [task[name] for task in draft["tasks"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
def test_encodings(encoding):
    draft = read(
        TITLE + HEADER + "1.1. Описати\tпостійно\tЄ опис\tВерба І.І.\n", encoding
    )
    assert column(draft, "title") == ["Описати"]
    assert column(draft, "executors") == [["Верба І.І."]]
    assert draft["authority"] == "Вербицька селищна рада"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_and_page_breaks(end):
    text = TITLE + HEADER + "1.1. Опи\tщороку\tЄ\tВідділ\n\f\n\n\n\t\tще й це\t\n"
    draft = read(text.replace("\n", end))
    assert column(draft, "indicator") == ["Є ще й це"]


def test_markdown_and_html_remains():
    draft = read(
        "**ПЛАН ДІЙ**  \n**щодо відкритих даних на 2025 рік**\n\n"
        "<b>Завдання</b>\t<b>Строк виконання</b>\t<b>Показники</b>\t**Виконавець**\n"
        "### 1. Правила\n\n"
        '<p>1.1 Ухвалити</p>\t<p>до 01.06.2025</p>\t<p>Є (<a href="https://a.b/c">'
        "https://a.b/c</a>)</p>\t<p>Відділ &quot;Ц&quot;</p><p>Сектор</p>\n"
        "------\t-----\t-----\t----\n"
        "#### 2. Люди\n"
        "2.1 **Навчити**\tщороку\t[курс](https://x.y/z)\tВідділ\n"
    )
    assert draft["title"] == "ПЛАН ДІЙ щодо відкритих даних на 2025 рік"
    assert column(draft, "section") == ["1. Правила", "2. Люди"]
    assert column(draft, "title") == ["Ухвалити", "Навчити"]
    assert column(draft, "indicator") == ["Є (https://a.b/c)", "курс"]
    assert column(draft, "executors")[0] == ['Відділ "Ц"', "Сектор"]


def test_table_with_pipes():
    draft = read(
        "# План дій з відкритих даних на 2025–2026 роки\n\n"
        "| № | Завдання | Термін виконання | Очікуваний результат | Відповідальні |\n"
        "|---|---|:--|---|---|\n"
        "| 1 | Ухвалити | до 1 червня 2025 року | Є | Відділ |\n"
        "| 2 | Навчити | двічі на рік | Курс | Сектор |\n"
    )
    assert column(draft, "number") == ["1", "2"]
    assert column(draft, "due") == ["../2025-06-01", "R/P6M"]
    assert draft["title"] == "План дій з відкритих даних на 2025–2026 роки"


def test_rows_with_lost_tabs_and_a_tab_after_the_number():
    draft = read(
        TITLE
        + HEADER
        + "1. Правила\t\t\t\n"
        + "1.1.\tУхвалити\tпостійно\tЄ\tВідділ\n"
        + "1.2. Навчити\tщороку\tЄ\n"
    )
    assert column(draft, "number") == ["1.1", "1.2"]
    assert column(draft, "title") == ["Ухвалити", "Навчити"]
    assert column(draft, "due") == ["../..", "R/P1Y"]
    assert column(draft, "executors") == [["Відділ"], []]


def test_continuation_may_begin_with_a_capital_or_hold_the_executor_alone():
    draft = read(
        TITLE
        + HEADER
        + "1.1. Ухвалити Порядок\tпостійно\tЄ\tУправління освіти,\n"
        + "\f\n"
        + "Міської ради\t\tЗатверджено\t\n"
        + "\f\n"
        + "\t\t\tвідділ кадрів\n"
        + "1.2. Навчити\tщороку\tЄ\tВідділ\n"
    )
    assert column(draft, "title") == ["Ухвалити Порядок Міської ради", "Навчити"]
    assert column(draft, "indicator")[0] == "Є Затверджено"
    assert column(draft, "executors")[0] == ["Управління освіти", "відділ кадрів"]
    assert len(draft["review"]["tasks"][0]["joined"]) == 2


def test_deadline_cut_by_a_page_break_is_one_deadline():
    draft = read(
        TITLE
        + HEADER
        + "1.1. Ухвалити\tпротягом 2025 –\tЄ\tВідділ\n"
        + "\t2027 років\t\t\n"
        + "1.2. Навчити\tне рідше одного разу\tЄ\tВідділ\n"
        + "\tна квартал\t\t\n"
    )
    assert column(draft, "due") == ["2025-01-01/2027-12-31", "R/P3M"]
    assert column(draft, "deadline")[0] == "протягом 2025 – 2027 років"


def test_column_numbers_on_each_page_and_the_tail_of_a_title_with_a_deadline():
    draft = read(
        TITLE
        + "Завдання\tСтроки\tРезультативність\n1\t2\t3\n"
        + "Створити сервіс\tI квартал 2025\tПроєкт\n"
        + "\n\n1\t2\t3\n"
        + "для відкритих даних\tII квартал 2025\tСервіс\n"
        + "Наступне\tщороку\tЗвіт\n"
    )
    assert column(draft, "title") == ["Створити сервіс для відкритих даних", "Наступне"]
    assert column(draft, "due")[0] == "2025-01-01/2025-03-31; 2025-04-01/2025-06-30"
    doubts = {d["code"] for d in draft["review"]["tasks"][0]["doubts"]}
    assert "continuation_uncertain" in doubts


def test_charter_columns_with_a_principle_in_a_row_of_its_own():
    head = (
        "Принципи\tЗміст принципу\tЗавдання\tСтрок\tОчікуваний результат\tВідповідальні"
    )
    draft = read(
        TITLE
        + head
        + "\n1\t2\t3\t4\t5\t6\n"
        + "І. Відкритість за\tНабори\t1. Описати\tпостійно\tЄ\tВідділ\n"
        + "замовчуванням\tвідкриті\t\t\tще\t\n"
        + "\t\t2. Звірити\tщороку\tЄ\tВідділ\n"
        + "II. Вчасність\t\t\t\t\t\n"
        + "\tНабори нові\t1. Оновити\tщомісяця\tЄ\tСектор\n"
    )
    assert column(draft, "principle") == [
        "І. Відкритість за замовчуванням",
        "І. Відкритість за замовчуванням",
        "II. Вчасність",
    ]
    assert column(draft, "section") == ["Набори відкриті"] * 2 + ["Набори нові"]
    assert column(draft, "indicator") == ["Є ще", "Є", "Є"]


def test_merged_cells_printed_in_each_row_are_one_task():
    draft = read(
        TITLE
        + HEADER
        + "1.1. Визначити\tдо 01.03.2025\tНаказ\tВідділ\n"
        + "1.1. Визначити\tдо 01.04.2025\tЗміни\tСектор\n"
    )
    assert column(draft, "number") == ["1.1", "1.1"]
    assert column(draft, "due") == ["../2025-03-01", "../2025-04-01"]


def test_misread_digit_in_a_number_is_corrected_and_marked():
    draft = read(
        TITLE
        + HEADER
        + "3.1. Перше\tщороку\tЄ\tВідділ\n"
        + "З.2. Друге\tщороку\tЄ\tВідділ\n"
    )
    assert column(draft, "number") == ["3.1", "3.2"]
    doubts = {d["code"] for d in draft["review"]["tasks"][1]["doubts"]}
    assert "number_corrected" in doubts


def test_repeated_and_skipped_numbers_are_kept():
    draft = read(
        TITLE
        + HEADER
        + "1.1. Перше\tщороку\tЄ\tВідділ\n"
        + "1.1. Друге\tщороку\tЄ\tВідділ\n"
        + "1.4. Третє\tщороку\tЄ\tВідділ\n"
    )
    assert column(draft, "number") == ["1.1", "1.1", "1.4"]
    doubts = {d["code"] for d in draft["review"]["tasks"][1]["doubts"]}
    assert "number_repeated" in doubts


@pytest.mark.parametrize(
    "text",
    [
        "Просто лист без жодної таблиці.\n" * 5,
        "Назва\tЦіна\nХліб\t20\nМолоко\t40\n",
        "Завдання\tСтрок виконання\tВиконавець\n",
    ],
)
def test_what_is_no_plan_is_refused_with_a_sentence(text):
    with pytest.raises(reader.ReaderError) as caught:
        read(text)
    assert caught.value.code in ("no_plan", "no_tasks")
    assert "plan" in str(caught.value) or "table" in str(caught.value)


def test_tail_that_looks_like_a_registration_is_a_tail():
    draft = read(
        TITLE
        + HEADER
        + "1.1. Діяти згідно з постановою Кабінету Міністрів\tпостійно\tАкт\tВідділ\n"
        + "\f\nвід 21 жовтня 2015 р. № 835\t\t\t\n"
        + "\f\n\t\t№ 7\t\n"
    )
    assert column(draft, "title")[0].endswith("від 21 жовтня 2015 р. № 835")
    assert column(draft, "indicator") == ["Акт № 7"]
    assert draft["approval_number"] == ""


def test_wrapped_line_of_the_order_is_no_registration():
    draft = read(
        "РІШЕННЯ\nВідповідно до закону та постанови Кабінету Міністрів України\n"
        "від 21 жовтня 2015 р. № 835\n"
        + TITLE
        + HEADER
        + "1. Діяти\tщороку\tЄ\tВідділ\n"
    )
    assert draft["approval_number"] == ""


def test_section_row_without_numbers_anywhere():
    draft = read(
        TITLE
        + "Завдання\tСтроки\tРезультативність\n"
        + "Загальні заходи\t\t\n"
        + "Створити сервіс\tI квартал 2025\tСервіс\n"
        + "Заходи з навчання\t\t\n"
        + "Провести курс\tщороку\tКурс для\n"
        + "\f\n"
        + "Громади\t\tвідповідальних\n"
    )
    assert column(draft, "section") == ["Загальні заходи", "Заходи з навчання"]
    assert column(draft, "title") == ["Створити сервіс", "Провести курс Громади"]
    assert column(draft, "indicator")[1] == "Курс для відповідальних"


def test_a_wrong_ending_is_a_doubt_only():
    text = (TITLE + HEADER + "1. Діяти\tщороку\tЄ\tВідділ\n").encode()
    for name, doubted in (("plan.docx", True), ("plan.TXT", False), ("", False)):
        review = reader.read(text, name).as_dict()["review"]
        assert ("wrong_ending" in {d["code"] for d in review["doubts"]}) is doubted


def test_plain_sections_between_numbered_tasks():
    text = (
        "Правила\t\t\t\n1. Ухвалити порядок\tщороку\tЄ\tВідділ\n"
        "Портал\t\t\t\n2. Відкрити набори\tпостійно\tЄ\tВідділ\n"
        "Люди та звички\t\t\t\n3. Навчити\tщороку\tЄ\tВідділ\n"
    )
    draft = read(TITLE + HEADER + text)
    assert column(draft, "section") == ["Правила", "Портал", "Люди та звички"]
    assert column(draft, "title") == ["Ухвалити порядок", "Відкрити набори", "Навчити"]


def test_without_plain_sections_a_lone_text_goes_on_with_the_task():
    text = (
        "1. Правила\t\t\t\n1.1. Ухвалити порядок\tщороку\tЄ\tВідділ\n"
        "Вербицької ради\t\t\t\n1.2. Відкрити набори\tпостійно\tЄ\tВідділ\n"
    )
    draft = read(TITLE + HEADER + text)
    assert column(draft, "title")[0] == "Ухвалити порядок Вербицької ради"
    assert column(draft, "section") == ["1. Правила"] * 2


def test_a_heading_in_the_column_of_numbers():
    text = (
        "№ з/п\tЗахід\tСтрок\tВиконавець\n"
        "1\tУхвалити порядок\tщороку\tВідділ\n"
        "Портал і набори\t\t\t\n"
        "2\tВідкрити набори\tпостійно\tВідділ\n"
    )
    draft = read(TITLE + text)
    assert column(draft, "section") == ["", "Портал і набори"]


def test_a_row_that_begins_like_a_heading_is_none_when_it_holds_a_deadline():
    rows = (
        "1. Ухвалити порядок\tщороку\tЄ\tВідділ\n\n"
        "2. Вказати день\tщокварталу\tДата виконання є\tРозпорядники\n"
    )
    draft = read(TITLE + HEADER + rows)
    assert column(draft, "title") == ["Ухвалити порядок", "Вказати день"]


def test_time_is_up_while_rows_are_read(monkeypatch):
    now = time.monotonic()
    ticks = iter([now] * 90)
    monkeypatch.setattr("time.monotonic", lambda: next(ticks, now + 99))
    rows = "1.1. Скласти перелік\tщороку\tЄ\tВідділ\n" * 60
    with pytest.raises(reader.ReaderError) as caught:
        read(TITLE + HEADER + rows)
    assert caught.value.code == "too_slow"


def test_many_rows_that_go_on_with_one_cell_and_many_approvals():
    tail = "\t\tслово\tта Відділ\n" * 3000
    approvals = "Додаток до рішення від 01.02.2025 № 5\n" * 3000
    text = approvals + TITLE + HEADER + "1.1. Скласти\tщороку\tЄ\tВідділ\n" + tail
    started = time.monotonic()
    draft = read(text)
    assert len(draft["tasks"]) == 1
    assert draft["approval_number"] == "5"
    assert time.monotonic() - started < 10


@pytest.mark.parametrize(
    "total", ["Підсумок: 3 завдання", "Загалом 3 заходи", "Разом за розділом: 5"]
)
def test_a_total_below_the_rows_is_no_tail_of_the_last_one(total: str) -> None:
    lines = (
        "План дій на 2026 рік",
        "Завдання\tСтрок виконання\tПоказник\tВиконавець",
        "1. Провести аудит\tдо 01.06.2026\tЗвіт\tВідділ",
        "2. Оновити реєстр\tдо 01.09.2026\tРеєстр\tВідділ",
        f"{total}\t\t\t",
    )
    draft = reader.read("\n".join(lines).encode(), "plan.txt")
    assert [task.values["title"] for task in draft.tasks] == [
        "Провести аудит",
        "Оновити реєстр",
    ]


def test_latin_letters_that_look_cyrillic_hide_no_words() -> None:
    lines = (
        "ЗАТВЕРДЖЕНО рiшенням вiд 03.02.2026 № 17",
        "Плaн дiй щодo вiдкритих дaних Тиховoдської мiської рaди нa 2026–2027 рoки",
        "I. Вiдкритiсть за зaмовчуванням\t\t\t",
        "Зaвдaння\tСтрoк викoнaння\tПoкaзник\tВикoнaвeць",
        "1. Склaсти перелік\tдo 01.06.2026\tПерелік у Excel\tВідділ",
        "Зaвдання\tСтрок викoнання\tПoказник\tВиконавeць",
        "2. Оновити реєстр\tпостійнo\tРеєстр\tВідділ",
    )
    draft = reader.read("\n".join(lines).encode(), "plan.txt").as_dict()
    assert draft["title"] == lines[1]
    assert (draft["authority"], draft["period_end"]) == (
        "Тиховодська міська рада",
        "2027-12-31",
    )
    assert (draft["approval_number"], draft["approval_date"]) == ("17", "2026-02-03")
    read = [(t["title"], t["deadline"], t["due"]) for t in draft["tasks"]]
    assert read == [
        ("Склaсти перелік", "дo 01.06.2026", "../2026-06-01"),
        ("Оновити реєстр", "постійнo", "../.."),
    ]
    assert {t["principle"] for t in draft["tasks"]} == {
        "I. Вiдкритiсть за зaмовчуванням"
    }
