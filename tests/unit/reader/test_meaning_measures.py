"""Measure and target from an indicator's words; which numbers are no thresholds."""

from __future__ import annotations

import time

import pytest

from ckanext.actionplan.core.measure import Measure, fits, parse
from ckanext.actionplan.reader.meaning import meaning_of
from ckanext.actionplan.reader.meaning.amounts import counted
from ckanext.actionplan.reader.meaning.clauses import clauses, said

SETS = "набор|набір"


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("Щонайменше 85% наборів відповідають стандартам", "85%"),
        ("Не менше 85 % наборів", "85%"),
        ("щонайменше 85 відсотків наборів", "85%"),
        ("не менш як 84,5 % наборів", "84.5%"),
        ("вісімдесят п'ять відсотків наборів", "85%"),
        ("щонайменше вісімдесяти процентів наборів", "80%"),
        ("100 % наборів", "100%"),
        ("не менше трьох нових наборів", "3"),
        ("щонайменше три додаткові набори", "3"),
        ("оприлюднено двадцять п’ять наборів", "25"),
        ("10 наборів", "10"),
        ("5-ти наборів", "5"),
        ("одинадцять наборів", "11"),
        ("Кількість нових наборів – 4", "4"),
        ("Кількість наборів: не менше 4", "4"),
        ("усі обов'язкові набори", "all"),
        ("Всіх наборів", "all"),
        ("кожний набір", "all"),
        ("кожного з наборів", "all"),
    ],
)
def test_thresholds_in_digits_and_words(text, target):
    assert str(counted(said(text), SETS)) == target


@pytest.mark.parametrize(
    "text",
    [
        "набори за 2025 рік",
        "у 2026 році набори оновлено",
        "постановою № 835 визначено набори",
        "постановою Кабінету Міністрів України 835 визначено набори",
        "рішення від 12.03.2024 № 15 про набори",
        "від 21 жовтня 2015 року, набори",
        "протягом 5 днів набори оновлено",
        "за 3 робочі дні набори оновлено",
        "двічі на рік набори",
        "один раз на квартал набори оновлено",
        "за адресою вул. Миру, 12, набори",
        "до 10 наборів",
        "не більше 3 наборів",
        "п. 4 переліку наборів",
        "розділу 2 наборів",
        "0 наборів",
        "набори-3",
        "01/43 набори",
        "150% наборів",
        "декілька наборів",
        "кожного року набори оновлено",
    ],
)
def test_years_acts_addresses_and_times_are_no_thresholds(text):
    assert counted(said(text), SETS) is None


def test_a_number_counts_what_stands_near_it():
    text = said("Проведено 3 зустрічі з мешканцями міста та району, оновлено набори")
    assert counted(text, SETS) is None
    assert str(counted(text, "зустріч")) == "3"


@pytest.mark.parametrize(
    "text",
    ["12 " * 2000, "оприлюд" * 1000, "а; " * 2000, "раз на рік; " * 500, ". А" * 2000],
)
def test_a_cell_that_is_none_is_read_in_time(text):
    started = time.perf_counter()
    meaning_of(text, text, "../..", [text] * 5)
    assert time.perf_counter() - started < 3


@pytest.mark.parametrize(
    ("title", "indicator", "measure", "target"),
    [
        ("Якість", "Не менше 85% наборів відповідають вимогам", "conformity", "85%"),
        (
            "Дотримання стандартів",
            "Щонайменше дев'яносто відсотків наборів опубліковано за стандартами",
            "conformity",
            "90%",
        ),
        (
            "Публікація наборів",
            "Усі набори за постановою № 835 оприлюднено",
            "mandatory_sets",
            "all",
        ),
        (
            "Публікація",
            "Оприлюднено набори, визначені постановою від 21.10.2015 № 835",
            "mandatory_sets",
            "all",
        ),
        (
            "Публікація",
            "Оприлюднено 40 наборів з обов'язкового переліку",
            "mandatory_sets",
            "40",
        ),
        (
            "Публікація",
            "Опубліковано щонайменше два набори понад обов'язковий перелік",
            "additional_sets",
            "2",
        ),
        (
            "Популяризація",
            "Щоквартально розміщено не менше трьох новин",
            "news",
            "3",
        ),
        ("Інформаційний аудит", "Аудит проведено", "audit", "1"),
        ("Аудит", "Проведено", "audit", "1"),
        ("Навчання", "Особа пройшла щонайменше два курси", "courses", "2"),
        ("Навчання", "Кожна відповідальна особа пройшла навчання", "trained", "all"),
        ("Навчання", "Навчено 90 % відповідальних осіб", "trained", "90%"),
        ("Обмін із порталом", "Набори збирає харвестинг", "harvested", ""),
        ("Реєстр наборів", "Реєстр повний та актуальний", "register", ""),
        ("Картка оцінки", "Картку оцінки стану надіслано", "score_card", ""),
        ("Аналітика", "Створено не менше двох дашбордів", "dashboards", "2"),
    ],
)
def test_measure_and_target(title, indicator, measure, target):
    values = meaning_of(title, indicator, "../2026-06-30", ["Відділ"]).values
    assert (values["measure"], values["target"]) == (measure, target)


@pytest.mark.parametrize(
    ("title", "indicator"),
    [
        ("Положення про набори", "Затверджено положення про набори"),
        ("Положення", "Оприлюднено рішення від 01.02.2025 № 835"),
        ("Упровадження результатів аудиту", "Рекомендації аудиту враховано"),
        ("Навчання", "Проведено два семінари для громад"),
        ("Відповідальні особи", "Усі відповідальні особи призначені"),
        ("Зустрічі", "Проведено зустріч 12.05.2025"),
        ("Опитування", "Опитано 50 мешканців"),
        ("Портал", "Портал працює цілодобово"),
        ("Реєстрація", "Раду зареєстровано на порталі"),
        ("", ""),
    ],
)
def test_nothing_is_measured(title, indicator):
    values = meaning_of(title, indicator, "../2026-06-30", ["Відділ"]).values
    assert (values["measure"], values["target"]) == ("", "")


def test_proposed_targets_fit_their_measures():
    texts = ("Усі набори", "85% наборів", "3 набори", "Два курси", "Кожна особа")
    ends = ("відповідають", "оприлюднено за постановою № 835", "додатково", "навчено")
    for start in texts:
        for end in ends:
            found = meaning_of("", f"{start} {end}", "../..", []).values
            target = parse(found["target"])
            if target is not None:
                assert fits(Measure(found["measure"]), target), found


def test_a_short_indicator_goes_on_with_the_title():
    values = meaning_of("Новини", "Дві", "R/P3M", ["Відділ"]).values
    assert (values["measure"], values["target"]) == ("news", "2")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Одне. Друге", ["Одне.", "Друге"]),
        ("Одне; друге", ["Одне;", "друге"]),
        ("Рішення від 1 р. № 5. Друге", ["Рішення від 1 р. № 5.", "Друге"]),
        ("за адресою вул. Миру", ["за адресою вул. Миру"]),
        ("на 2025 р. Затверджено", ["на 2025 р. Затверджено"]),
        ("діє з 01.02.2025. 2. Далі", ["діє з 01.02.2025.", "2.", "Далі"]),
        (" ; . ", []),
    ],
)
def test_sentences(text, parts):
    assert clauses(text) == parts


def test_latin_letters_and_soft_hyphens_do_no_harm():
    assert said("Haбo\u00adри") == "набори"
    assert said("наб\u2019ір  «Про набори» (зі змінами)") == "наб'ір"
