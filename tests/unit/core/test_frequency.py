"""Codes of the national list and their usual spellings."""

from __future__ import annotations

import pytest

from ckanext.actionplan.core import frequency
from ckanext.actionplan.core.frequency import Frequency

SPELLINGS = {
    "once a month": Frequency.MONTHLY,
    '"once a month"': Frequency.MONTHLY,
    "once a month'": Frequency.MONTHLY,
    "Once_a-Month ": Frequency.MONTHLY,
    "ЩОМІСЯЦЯ.": Frequency.MONTHLY,
    "«щокварталу»": Frequency.QUARTERLY,
    "Кожного півріччя": Frequency.HALF_YEARLY,
    # A Latin "i" in a Ukrainian word.
    "щомiсяця": Frequency.MONTHLY,
    "Більш як  один раз на день": Frequency.MORE_THAN_DAILY,
    "Щорічно": Frequency.YEARLY,
    "щоденно": Frequency.DAILY,
    "один раз на тиждень": Frequency.WEEKLY,
    "Відразу після внесення змін": Frequency.IMMEDIATELY,
    "Більше не оновлюється": Frequency.NEVER,
    "Позапланово": Frequency.UNSCHEDULED,
    "": None,
    "коли матимемо час": None,
    "once a": None,
}

DAYS = {
    Frequency.MORE_THAN_DAILY: 1,
    Frequency.DAILY: 1,
    Frequency.WEEKLY: 7,
    Frequency.MONTHLY: 31,
    Frequency.QUARTERLY: 92,
    Frequency.HALF_YEARLY: 183,
    Frequency.YEARLY: 365,
    Frequency.IMMEDIATELY: None,
    Frequency.NEVER: None,
    Frequency.UNSCHEDULED: None,
    None: None,
}


@pytest.mark.parametrize(("text", "expected"), SPELLINGS.items(), ids=repr)
def test_spelling(text, expected):
    assert frequency.read(text) == expected


@pytest.mark.parametrize("code", Frequency)
def test_every_code_reads_itself(code):
    assert frequency.read(code.value) is code


@pytest.mark.parametrize(("code", "expected"), DAYS.items(), ids=repr)
def test_days(code, expected):
    assert frequency.days(code) == expected
