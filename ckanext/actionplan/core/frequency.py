"""Update frequencies: the national codes, their spellings, their days.

Days are those of the national tools; what has no interval is not judged: a dataset
that changes when something happens is never late by the calendar.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import Final


class Frequency(str, Enum):
    """A code of the national list, and `unscheduled`, which portals use beside it."""

    MORE_THAN_DAILY = "more than once a day"
    DAILY = "once a day"
    WEEKLY = "once a week"
    MONTHLY = "once a month"
    QUARTERLY = "once a quarter"
    HALF_YEARLY = "once a half year"
    YEARLY = "once a year"
    IMMEDIATELY = "immediately after making changes"
    NEVER = "no longer updated"
    UNSCHEDULED = "unscheduled"


_DAYS: Final = {
    Frequency.MORE_THAN_DAILY: 1,
    Frequency.DAILY: 1,
    Frequency.WEEKLY: 7,
    Frequency.MONTHLY: 31,
    Frequency.QUARTERLY: 92,
    Frequency.HALF_YEARLY: 183,
    Frequency.YEARLY: 365,
}

_SPELLINGS: Final = {
    Frequency.MORE_THAN_DAILY: (
        "більш як один раз на день",
        "більше одного разу на день",
        "більше ніж один раз на день",
        "кілька разів на день",
        "щогодини",
        "в режимі реального часу",
        "у режимі реального часу",
        "continuous",
        "hourly",
    ),
    Frequency.DAILY: (
        "щодня",
        "щоденно",
        "кожного дня",
        "один раз на день",
        "раз на день",
        "daily",
    ),
    Frequency.WEEKLY: (
        "щотижня",
        "щотижнево",
        "кожного тижня",
        "один раз на тиждень",
        "раз на тиждень",
        "weekly",
    ),
    Frequency.MONTHLY: (
        "щомісяця",
        "щомісячно",
        "кожного місяця",
        "один раз на місяць",
        "раз на місяць",
        "monthly",
    ),
    Frequency.QUARTERLY: (
        "щокварталу",
        "щоквартально",
        "кожного кварталу",
        "один раз на квартал",
        "раз на квартал",
        "quarterly",
    ),
    Frequency.HALF_YEARLY: (
        "кожного півріччя",
        "щопівроку",
        "щопіврічно",
        "кожні півроку",
        "один раз на півріччя",
        "раз на півріччя",
        "раз на півроку",
        "двічі на рік",
        "once half a year",
        "biannual",
    ),
    Frequency.YEARLY: (
        "щороку",
        "щорічно",
        "кожного року",
        "один раз на рік",
        "раз на рік",
        "annual",
        "yearly",
    ),
    Frequency.IMMEDIATELY: (
        "відразу після внесення змін",
        "одразу після внесення змін",
        "негайно після внесення змін",
        "після внесення змін",
        "у разі змін",
        "immediately after changes",
    ),
    Frequency.NEVER: (
        "більше не оновлюється",
        "не оновлюється",
        "never",
    ),
    Frequency.UNSCHEDULED: (
        "позапланово",
        "за потреби",
        "у разі потреби",
        "за необхідності",
        "нерегулярно",
        "irregular",
        "as needed",
    ),
}

_KNOWN: Final = {
    spelling: frequency
    for frequency, spellings in _SPELLINGS.items()
    for spelling in (frequency.value, *spellings)
}
#: Quotes of every kind, and what stands for an apostrophe.
_QUOTES: Final = re.compile(r"""["'`´‘’‚“”„«»‹›ʼ]""")
_BETWEEN: Final = re.compile(r"[\s_\-‐-―]+")


def read(text: str) -> Frequency | None:
    """The frequency that a text names, whatever its case, quotes or language.

    :param text: a code of the national list, its Ukrainian label or a usual spelling.
    :returns: None when it names none.
    """
    plain = _BETWEEN.sub(" ", _QUOTES.sub("", text)).strip(" .,;:").casefold()
    # Labels are copied with a Latin "i" as often as not.
    return _KNOWN.get(plain) or _KNOWN.get(plain.replace("i", "і"))


def days(frequency: Frequency | None) -> int | None:
    """Days within which an update is expected.

    :returns: None when the frequency names no interval: it is not judged.
    """
    return _DAYS.get(frequency) if frequency else None
