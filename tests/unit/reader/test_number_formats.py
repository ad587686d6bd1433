"""Numbers and dates of sheets as a Ukrainian office program shows them."""

from __future__ import annotations

import re
from datetime import date

import pytest

from ckanext.actionplan.reader.deadline import Term, read_deadline
from ckanext.actionplan.reader.numberformat import shown_date, shown_number

#: 1 June 2024.
DAY = "45444"


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        ("1", "General", "1"),
        ("1.1", "General", "1.1"),
        ("0.30000000000000004", "General", "0.3"),
        ("-2.5", "General", "-2.5"),
        ("1e999", "General", "1e999"),
        ("слово", "0", "слово"),
        ("1.1", "0.00", "1.10"),
        ("3", '0"."', "3."),
        ("3", "0\\.", "3."),
        ("7", "000", "007"),
        ("2.50", "0.##", "2.5"),
        ("2", "0.##", "2"),
        ("0.95", "0%", "95%"),
        ("0.125", "0.0%", "12.5%"),
        ("12500", "#,##0", "12 500"),
        ("12500", '#,##0.00" грн"', "12 500.00 грн"),
        ("5", "[$₴-422]0", "₴5"),
        ("-4", "0;(0)", "(4)"),
        ("0", '0;-0;"немає"', "немає"),
        ("5", '"№ "@', "№ 5"),
        ("0.5", "# ?/?", "0.5"),
        ("5", "[Red][>3]0", "5"),
    ],
)
def test_numbers(value, code, text):
    assert shown_number(value, code) == text


@pytest.mark.parametrize(
    ("code", "text", "due"),
    [
        ("dd.mm.yyyy", "01.06.2024", "../2024-06-01"),
        ("d.m.yy", "1.6.24", "../2024-06-01"),
        ("dd/mm/yyyy", "01/06/2024", "../2024-06-01"),
        ("m/d/yyyy", "01.06.2024", "../2024-06-01"),
        ("[$-409]m/d/yy h:mm AM/PM;@", "01.06.2024", "../2024-06-01"),
        ("yyyy-mm-dd", "2024-06-01", "../2024-06-01"),
        ("yyyy-mm-dd h:mm:ss", "2024-06-01", "../2024-06-01"),
        ('[$-FC22]d mmmm yyyy" р.";@', "1 червня 2024 р.", "../2024-06-01"),
        ("[$-422]dddd, d mmmm yyyy", "субота, 1 червня 2024", "../2024-06-01"),
        ("[$-409]mmmm d, yyyy;@", "1 червня 2024", "../2024-06-01"),
        ("[$-409]d\\-mmm\\-yy;@", "1 червня 2024", "../2024-06-01"),
        ("mmmm yyyy", "червень 2024", "2024-06-01/2024-06-30"),
        ("mmm yy", "червень 2024", "2024-06-01/2024-06-30"),
        ('"до "dd.mm.yyyy', "до 01.06.2024", "../2024-06-01"),
        ("yyyy", "2024", "2024-01-01/2024-12-31"),
        ("d mmmm", "1 червня", None),
        ("mm/dd", "01.06", None),
    ],
)
def test_dates_are_shown_so_that_they_are_read(code, text, due):
    assert shown_number(DAY, code) == text
    reading = read_deadline(text, Term(date(2024, 1, 1), date(2025, 12, 31)))
    assert reading.due == due


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        ("45444.75", "dd.mm.yyyy hh:mm", "01.06.2024 18:00"),
        ("0.5", "h:mm", "12:00"),
        ("0.5104166", "hh:mm:ss", "12:15:00"),
        ("1", "dd.mm.yyyy", "01.01.1900"),
        ("-1", "dd.mm.yyyy", "-1"),
        ("99999999999", "dd.mm.yyyy", "99999999999"),
    ],
)
def test_times_and_days_that_do_not_exist(value, code, text):
    assert shown_number(value, code) == text


def test_days_counted_from_1904():
    assert shown_number("43982", "dd.mm.yyyy", mac=True) == "01.06.2024"


@pytest.mark.parametrize(
    ("iso", "text"),
    [
        ("2024-06-01", "01.06.2024"),
        ("2024-06-01T00:00:00Z", "01.06.2024"),
        ("колись", ""),
    ],
)
def test_dates_stored_as_text(iso, text):
    assert shown_date(iso, "General") == text


@pytest.mark.parametrize(
    "code",
    [
        "",
        ";;;",
        '"',
        "[",
        "[$",
        "\\",
        "_",
        "*",
        "y" * 300,
        "m" * 200 + '"' * 90,
        "E+",
        "0E+0",
    ],
)
def test_damaged_formats_are_harmless(code):
    assert not re.search("[{}]", shown_number(DAY, code))
