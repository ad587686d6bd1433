"""Times that an indicator names by itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from ...core.due import Repeat, parse
from ...core.measure import Scale
from ..deadline import Term, read_deadline
from .amounts import amounts
from .clauses import said

_UNIT: Final = r"(?:рік|року|квартал|місяць|тиждень|півріччя|півроку|день)"
_OWN: Final = re.compile(
    r"(?:(?:щонайменше|мінімум|не (?:рідше|менше|менш)(?: ніж| як)?)\s+)?"
    rf"(?:\b(?:[\w']+\s+)?раз\w*\s+(?:на|у|в|за)\s+{_UNIT}\b"
    rf"|(?:двічі|тричі)\s+(?:на|у|в|за)\s+{_UNIT}\b"
    r"|що(?:дня|денно|тижня|тижнево|місяця|місячно|кварталу|квартально|півроку"
    r"|півріччя|року|річно)\b"
    r"|кожн(?:ого|ий|е|ому)\s+(?:дня|день|тижня|тиждень|місяця|місяць|кварталу|квартал"
    r"|півріччя|року|рік)\b)",
    re.I,
)
#: So many of something in a period: “two posts a month”.
_RATE: Final = re.compile(
    rf"\b(?:\d+|[а-яіїє']+)\s+(?:[\w'-]+\s+){{0,4}}?(?:на|за|у|в)\s+{_UNIT}\b", re.I
)
_BARE_RATE: Final = re.compile(rf"\b(?:на|за)\s+({_UNIT})\b", re.I)
_UNSAID: Final = re.compile(
    r"(?:у|в|за|до|згідно з?)\s?(?:визначен|встановлен|установлен|передбачен)\w+"
    r"(?: [\w']+){0,3}? (?:строк|термін|дат)\w*"
    r"|(?:строк|термін|дат)\w*,? (?:що |які |яку )?(?:визнач|встановл|установл|передбач)\w*"
    r"|за (?:окремим )?(?:графіком|запитом)"
)


@dataclass(frozen=True, slots=True)
class Period:
    """A period that a sentence names.

    :param words: as printed.
    :param due: normal form.
    """

    words: str
    due: str


def period_of(sentence: str) -> Period | None:
    """The first period that a printed sentence names."""
    for match in _OWN.finditer(sentence):
        due = read_deadline(match[0], Term()).due
        if due and _repeats(due):
            return Period(match[0], due)
    rate = _RATE.search(sentence)
    unit = _BARE_RATE.search(rate[0]) if rate else None
    if rate and unit and _counts(rate[0]):
        due = read_deadline(f"раз на {unit[1]}", Term()).due
        if due and _repeats(due):
            return Period(rate[0], due)
    return None


def at_times_unsaid(sentence: str) -> bool:
    """Whether a sentence refers to a time that is said elsewhere."""
    return bool(_UNSAID.search(said(sentence)))


def _counts(rate: str) -> bool:
    return any(amount.target.scale is Scale.COUNT for amount in amounts(said(rate)))


def _repeats(due: str) -> bool:
    return any(isinstance(part, Repeat) for part in parse(due))
