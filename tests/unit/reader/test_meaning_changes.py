"""Changes that are proposed: a period of the indicator's own, deeds told apart."""

from __future__ import annotations

import pytest

from ckanext.actionplan import reader
from ckanext.actionplan.core.due import parse
from ckanext.actionplan.reader.meaning import meaning_of, own_period

YEARLY = "Щонайменше один раз на рік складено акт"
MONITORING = "Здійснено моніторинг наборів."
CARD = "У визначені строки до міністерства подається картка оцінки стану."


def changes(title, indicator, due):
    return meaning_of(title, indicator, due, ["Відділ"]).changes


@pytest.mark.parametrize(
    ("indicator", "due"),
    [
        (YEARLY, "R/P1Y"),
        ("Не рідше ніж раз на квартал", "R/P3M"),
        ("двічі на рік проведено зустріч", "R/P6M"),
        ("Зустріч щопівроку", "R/P6M"),
        ("Кожного кварталу зустріч", "R/P3M"),
        ("Дві зустрічі на місяць", "R/P1M"),
        ("3 публікації за квартал", "R/P3M"),
        ("щонайменше 4 на рік", "R/P1Y"),
    ],
)
def test_a_period_of_its_own_suppresses_confirmations(indicator, due):
    (change,) = changes("Зустрічі", indicator, "../..")
    assert change.kind == "period"
    assert change.text in indicator
    assert change.parts == ({"due": f"{due}; ../.."},)
    assert parse(change.parts[0]["due"])
    assert 0.5 < change.confidence < 1


def test_a_start_is_kept_beside_the_period():
    (change,) = changes("Зустрічі", "Зустріч раз на рік", "2026-09-01/..")
    assert change.parts == ({"due": "R/P1Y; 2026-09-01/.."},)


@pytest.mark.parametrize(
    ("indicator", "due"),
    [
        (YEARLY, "R/P1Y"),
        (YEARLY, "R/P1Y; ../.."),
        ("Складено акт за рік", "../.."),
        ("Дані за 2025 рік", "../.."),
        ("Щодня оновлено дані", "../.."),
        ("Щотижня проведено нараду", "../.."),
        ("Складено акт", "../.."),
        (YEARLY, ""),
        ("", "../.."),
    ],
)
def test_nothing_is_proposed(indicator, due):
    assert changes("Аудит", indicator, due) == ()


def test_a_period_beside_a_date_is_only_a_doubt():
    assert changes("Аудит", YEARLY, "../2026-12-31") == ()
    assert own_period(YEARLY, "../2026-12-31") == "Щонайменше один раз на рік"


def test_a_card_at_times_said_elsewhere_is_a_task_of_its_own():
    (change,) = changes("Моніторинг якості", f"{MONITORING} {CARD}", "R/P3M")
    first, second = change.parts
    assert change.kind == "split"
    assert change.text == CARD
    assert (first["indicator"], second["indicator"]) == (MONITORING, CARD)
    assert (first["topic"], second["topic"]) == ("monitoring", "score_card")
    assert (first["due"], second["due"]) == ("R/P3M", "")
    assert (first["measure"], second["measure"]) == ("", "score_card")


def test_a_card_in_a_continuous_row_is_apart_as_well():
    (change,) = changes("Моніторинг якості", f"{MONITORING} {CARD}", "../..")
    first, second = change.parts
    assert (first["due"], second["due"]) == ("../..", "")
    assert (first["continuity"], second["continuity"]) == ("activity", "")


def test_what_the_title_speaks_of_stays_in_its_row():
    title = "Моніторинг якості та подання картки оцінки"
    assert changes(title, f"{MONITORING} {CARD}", "R/P3M") == ()


def test_deeds_of_two_rhythms_are_told_apart():
    text = "Новина щокварталу; раз на рік проводиться зустріч"
    (change,) = changes("Розповідати про дані", text, "../..")
    assert change.kind == "split"
    assert [part["due"] for part in change.parts] == ["R/P3M; ../..", "R/P1Y; ../.."]
    assert [part["indicator"] for part in change.parts] == [
        "Новина щокварталу;",
        "раз на рік проводиться зустріч",
    ]


def test_another_rhythm_than_the_deadline_is_another_deed():
    text = "Проведено перевірку. Раз на рік складено звіт"
    (change,) = changes("Перевірки", text, "R/P1M")
    assert [part["due"] for part in change.parts] == ["R/P1M", "R/P1Y"]


def test_all_words_of_an_indicator_are_in_its_parts():
    text = f"{MONITORING} Листи надіслано. {CARD}"
    (change,) = changes("Моніторинг", text, "R/P3M")
    joined = " ".join(part["indicator"] for part in change.parts)
    assert sorted(joined.split()) == sorted(text.split())


def test_a_cell_that_is_not_read_to_its_end_is_not_parted():
    text = f"{MONITORING} {CARD} " + "Надіслано листи. " * 400
    assert changes("Моніторинг", text, "R/P3M") == ()


def test_proposals_stand_in_the_review_with_confidences():
    document = (
        "План дій з відкритих даних Калинівської громади на 2026-2027 роки\n\n"
        "Завдання\tСтрок виконання\tПоказник\tВиконавець\n"
        f"1. Провести ревізію даних\tпостійно\t{YEARLY}\tВідділ\n"
        "2. Вести новини\tщокварталу\tОдна новина\tВідділ\n"
    )
    draft = reader.read(document.encode(), "plan.txt").as_dict()
    audit, news = draft["review"]["tasks"]
    assert audit["proposals"] == [
        {
            "kind": "period",
            "text": "Щонайменше один раз на рік",
            "parts": [{"due": "R/P1Y; ../.."}],
            "confidence": 0.8,
        }
    ]
    assert "second_duty" in {doubt["code"] for doubt in audit["doubts"]}
    assert news["proposals"] == []
    assert draft["tasks"][1]["measure"] == "news"
    assert draft["tasks"][1]["target"] == "1"
    fields = {"topic", "performed", "continuity", "measure", "target"}
    assert fields <= news["confidence"].keys()
    assert all(0 <= sure <= 1 for sure in news["confidence"].values())
