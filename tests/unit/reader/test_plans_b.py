"""Plans in many layouts as PDF, XLSX, ODS and CSV against their right reading."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date

import openpyxl
import plans_b as plans
import plans_b_hard as hard
import pytest
from printing import (
    Document,
    Style,
    Table,
    add_sheet,
    as_csv,
    as_ods,
    as_pdf,
    as_xlsx,
    saved,
)
from scoring import score

from ckanext.actionplan import reader

ENOUGH = 0.97
STAMP = ("Документ СЕД АСКОД", "Сертифікат 3FAA9288358EC00304000000A1B2")
SHEETS = {
    "xlsx": lambda document: as_xlsx(("План", document)),
    "ods": lambda document: as_ods(("План", document)),
    "semicolons": as_csv,
    "commas": lambda document: as_csv(document, ",", "cp1251", csv.QUOTE_ALL),
    "tabs": lambda document: as_csv(document, "\t", "utf-8", csv.QUOTE_ALL),
}
STYLES = {
    "landscape": Style(),
    "portrait": Style("P", size=9, leading=4),
    "no lines": Style(borders="none"),
    "rows only": Style(borders="rows", repeat=True),
    "both ways": Style("PPL", repeat=True),
    "small": Style("P", size=7, leading=2.9, pad=0.6, repeat=True, bottom=60),
    "cut": Style(bottom=90, stamp=STAMP, foot="Сторінка {page} з 9"),
    "cut portrait": Style("P", bottom=140, centered=(1,), size=10, leading=4.6),
    "cut without lines": Style(borders="none", bottom=80),
}
#: Merged cells and a missing heading show by their lines only.
LINELESS = {"no lines", "cut without lines", "rows only"}


def turns(cases):
    """Every case in every third style: all of them are all styles, at a third of the cost."""
    return [
        (case, style)
        for at, case in enumerate(cases)
        for number, style in enumerate(STYLES)
        if not (at + number) % 3
    ]


def told(plan, *blocks):
    return plan, plan.around(*blocks)


CASES = {
    "principles": told(plans.VERBOHRAD, plans.by_principles(plans.VERBOHRAD)),
    "roadmap": told(plans.LYMANETS, plans.roadmap(plans.LYMANETS)),
    "roadmap in cells": told(
        plans.LYMANETS, plans.roadmap(plans.LYMANETS, apart=False)
    ),
    "numbers": told(plans.TYKHOBEREZHNE, plans.with_numbers(plans.TYKHOBEREZHNE)),
    "other order": told(plans.KLENIV, plans.reordered(plans.KLENIV)),
    "four": told(plans.OZERNE, plans.four(plans.OZERNE)),
    "no heading": told(plans.OZERNE, plans.four(plans.OZERNE, head=False)),
}
RULED_ONLY = {"roadmap", "no heading"}


def check(plan, data, name):
    draft = reader.read(data, name).as_dict()
    result = score(plan.truth, draft)
    assert result.value >= ENOUGH, result.misses
    return result, draft


@pytest.mark.parametrize("form", SHEETS)
@pytest.mark.parametrize("case", CASES)
def test_sheets(case, form):
    plan, document = CASES[case]
    result, draft = check(plan, SHEETS[form](document), "plan")
    assert result.value == 1.0, result.misses
    assert draft["authority"] == plan.authority
    assert draft["approval_signatory"] == plan.signatory
    assert draft["approval_document"].casefold() == plan.document.casefold()
    assert not result.notes


@pytest.mark.parametrize(("case", "style"), turns(CASES))
def test_pages(case, style):
    plan, document = CASES[case]
    if case in RULED_ONLY and style in LINELESS:
        pytest.skip("nothing tells the rows apart")
    if case == "roadmap in cells" and style == "cut without lines":
        pytest.skip("nothing tells the rows apart")
    _, draft = check(plan, as_pdf(document, STYLES[style]), "plan.pdf")
    assert draft["authority"] == plan.authority
    assert draft["approval_signatory"] == plan.signatory


def doubts(draft):
    return {each["code"]: each["params"] for each in draft["review"]["doubts"]}


def test_another_plan_in_the_workbook_is_named():
    other = replace(plans.KLENIV, title=("План дій на 2031 рік",))
    data = as_xlsx(
        ("2025", plans.OZERNE.around(plans.four(plans.OZERNE))),
        ("2031", other.around(plans.reordered(other))),
    )
    _, draft = check(plans.OZERNE, data, "plan.xlsx")
    params = {"name": "2031", "title": "План дій на 2031 рік"}
    assert doubts(draft)["other_plan"] == params


def test_notes_and_hidden_sheets_are_left_out():
    book = openpyxl.Workbook()
    book.remove(book.active)
    notes = Document([
        "Пам'ятка для тих, хто заповнює план",
        Table([("Колонка", "Пояснення", "Приклад"), ("Строк", "дата", "до 01.01.2030"),
               ("Виконавець", "назва", "відділ")], (1, 1, 1)),
    ])  # fmt: skip
    add_sheet(book, "Пам'ятка", notes)
    table = plans.with_numbers(plans.TYKHOBEREZHNE)
    add_sheet(book, "План", plans.TYKHOBEREZHNE.around(table))
    draft_of_plan = plans.KLENIV.around(plans.reordered(plans.KLENIV))
    add_sheet(book, "Чернетка", draft_of_plan).sheet_state = "hidden"
    _, draft = check(plans.TYKHOBEREZHNE, saved(book), "plan.xlsx")
    assert doubts(draft)["sheets_unread"] == {"names": "Пам'ятка, Чернетка"}


def test_true_dates_and_numbers_as_fractions():
    tasks = [
        plans.Task(f"1.{at}", f"Оприлюднити відомості про набір {at}", f"{at:02}.06.2026",
                   f"../2026-06-{at:02}", "Набір оприлюднено", ("Відділ статистики",),
                   day=date(2026, 6, at))
        for at in range(1, 13)
    ]  # fmt: skip
    section = plans.Section("1", "1. Набори", tuple(tasks))
    plan = replace(plans.OZERNE, sections=(section,))
    table = plans.with_numbers(plan)
    table.rows[4:] = [(float(row[0]), *row[1:]) for row in table.rows[4:]]
    document = plan.around(table)
    for form in ("xlsx", "ods", "semicolons"):
        data = SHEETS[form](document)
        result, draft = check(plan, data, "plan")
        assert result.value == 1.0, result.misses
        numbers = [task["number"] for task in draft["tasks"]]
        assert numbers == [task.number for task in tasks]
        assert doubts(draft)["numbers_restored"] == {"numbers": "1.10"}


HARD = {
    "directions": told(hard.SOSNIV, hard.directions(hard.SOSNIV)),
    "remarks": told(hard.BILOVID, hard.with_remarks(hard.BILOVID)),
    "soft hyphens": told(hard.YASENIV, hard.narrow(hard.YASENIV)),
    "goals": told(hard.KRUCHA, hard.goals(hard.KRUCHA)),
    "several tables": told(hard.VYSHNIAK, *hard.apart(hard.VYSHNIAK)),
}


@pytest.mark.parametrize("form", SHEETS)
@pytest.mark.parametrize("case", HARD)
def test_harder_sheets(case, form):
    plan, document = HARD[case]
    result, draft = check(plan, SHEETS[form](document), "plan")
    assert result.value == 1.0, result.misses
    assert draft["authority"] == plan.authority
    assert draft["approval_signatory"] == plan.signatory
    assert draft["approval_document"].casefold() == plan.document.casefold()


@pytest.mark.parametrize(("case", "style"), turns(HARD))
def test_harder_pages(case, style):
    plan, document = HARD[case]
    _, draft = check(plan, as_pdf(document, STYLES[style]), "plan.pdf")
    assert draft["authority"] == plan.authority
    assert draft["approval_signatory"] == plan.signatory
