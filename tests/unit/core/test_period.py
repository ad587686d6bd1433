from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.actionplan.core.period import LENGTHS, Period, PeriodError, periods

days = st.dates(date(1990, 1, 1), date(2099, 12, 31))


@pytest.mark.parametrize(
    ("name", "start", "end"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-H2", date(2026, 7, 1), date(2026, 12, 31)),
        ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31)),
        ("2026-T2", date(2026, 5, 1), date(2026, 8, 31)),
        ("2026-B6", date(2026, 11, 1), date(2026, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
    ],
)
def test_a_name_says_first_and_last_day(name: str, start: date, end: date) -> None:
    period = Period.parse(name)
    assert (period.start, period.end, period.name) == (start, end, name)


@pytest.mark.parametrize(
    "name", ["", "2026-Q5", "2026-Q0", "2026-13", "26-Q1", "2026-q1", "0000", "2026-H3"]
)
def test_other_texts_are_refused(name: str) -> None:
    with pytest.raises(PeriodError) as error:
        Period.parse(name)
    assert error.value.name == name


@given(days, st.sampled_from(LENGTHS))
def test_every_day_lies_in_one_period_of_each_length(day: date, months: int) -> None:
    period = Period.of(day, months)
    assert period.start <= day <= period.end
    assert Period.parse(period.name) == period
    assert period.next().start == period.end + timedelta(days=1)
    assert period.next().previous() == period


@given(days, st.integers(0, 800), st.sampled_from(LENGTHS))
def test_periods_cover_a_span_without_gaps(
    start: date, length: int, months: int
) -> None:
    end = start + timedelta(days=length)
    found = list(periods(start, end, months))
    assert found[0].start <= start
    assert found[-1].start <= end <= found[-1].end
    assert all(a.next() == b for a, b in pairwise(found))


def test_a_length_that_divides_no_year_is_refused() -> None:
    with pytest.raises(ValueError, match="5"):
        Period.of(date(2026, 1, 1), 5)
