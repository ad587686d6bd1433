"""Spans of time for which one reports on a plan's execution."""

from __future__ import annotations

from datetime import date

import pytest

from ckanext.actionplan.core.execution import WHOLE, names, term, usual
from ckanext.actionplan.core.period import PeriodError

START, END = date(2026, 2, 1), date(2027, 12, 31)
TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("name", "start", "end"),
    [
        ("2026-Q3", date(2026, 7, 1), date(2026, 9, 30)),
        ("2026-H1", date(2026, 1, 1), date(2026, 6, 30)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        (WHOLE, START, TODAY),
    ],
)
def test_names_of_terms(name, start, end):
    found = term(name, START, END, TODAY)
    assert (found.name, found.start, found.end) == (name, start, end)


@pytest.mark.parametrize("name", ["2026-03", "2026-B1", "2026-T1", "2026-Q5", "", "x"])
def test_what_offices_do_not_report_for(name):
    with pytest.raises(PeriodError):
        term(name, START, END, TODAY)


def test_whole_term_of_a_plan_that_ended():
    assert term(WHOLE, START, date(2026, 5, 31), TODAY).end == date(2026, 5, 31)


def test_whole_term_of_a_plan_to_come_is_its_first_day():
    later = date(2027, 1, 1)
    assert term(WHOLE, later, None, TODAY).end == later


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("2026-Q3", date(2026, 10, 15)),
        ("2026-Q4", TODAY),
        ("2026", TODAY),
        (WHOLE, TODAY),
    ],
)
def test_day_of_judging_is_the_end_of_the_reporting_window_or_today(name, day):
    assert term(name, START, END, TODAY).judged_on(TODAY, 15) == day


def test_open_window_is_judged_today():
    today = date(2026, 10, 10)
    assert term("2026-Q3", START, END, today).judged_on(today, 15) == today


@pytest.mark.parametrize("name", ["9999", "9999-H2", "9999-Q4"])
def test_the_last_year_of_the_calendar_is_judged_today(name):
    assert term(name, START, END, TODAY).judged_on(TODAY, 15) == TODAY


def test_periods_to_choose_from_have_begun():
    found = names(START, END, TODAY)
    assert found[3] == ["2026-Q4", "2026-Q3", "2026-Q2", "2026-Q1"]
    assert found[6] == ["2026-H2", "2026-H1"]
    assert found[12] == ["2026"]
    assert names(date(2027, 1, 1), None, TODAY) == {}


@pytest.mark.parametrize(
    ("start", "end", "name"),
    [
        (START, END, "2026-Q3"),
        (START, None, "2026-Q3"),
        (START, date(2026, 5, 31), "2026-Q2"),
        (date(2026, 10, 1), END, "2026-Q4"),
        (date(2027, 1, 1), END, WHOLE),
    ],
)
def test_the_usual_period(start, end, name):
    assert usual(start, end, TODAY) == name
