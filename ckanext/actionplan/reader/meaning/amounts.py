"""Numbers that set a threshold: digits or words, never years, acts or addresses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Final

from ...core.measure import Scale, Target

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Numbers of a sentence that are looked at.
_MOST: Final = 50
_WHOLE: Final = Decimal(100)
#: Number words in their cases, as patterns.
_NUMERALS: Final = {
    r"од(?:ин|на|не|ну|ного|ному|ним|нієї|ної|ній|нією)": 1,
    r"дв(?:а|і|ох|ом|ома)": 2,
    r"тр(?:и|ьох|ьом|ьома)": 3,
    r"чотир(?:и|ьох|ьом|ма)": 4,
    r"п'ят(?:ь|и|ьох)": 5,
    r"ш(?:ість|ести|істьох)": 6,
    r"с(?:ім|еми|імох)": 7,
    r"в(?:ісім|осьми|ісьмох)": 8,
    r"дев'ят(?:ь|и|ьох)": 9,
    r"десят(?:ь|и|ьох)": 10,
    r"одинадцят\w{1,3}": 11,
    r"дванадцят\w{1,3}": 12,
    r"тринадцят\w{1,3}": 13,
    r"чотирнадцят\w{1,3}": 14,
    r"п'ятнадцят\w{1,3}": 15,
    r"шістнадцят\w{1,3}": 16,
    r"сімнадцят\w{1,3}": 17,
    r"вісімнадцят\w{1,3}": 18,
    r"дев'ятнадцят\w{1,3}": 19,
    r"двадцят\w{1,3}": 20,
    r"тридцят\w{1,3}": 30,
    r"сорока?": 40,
    r"п'ятдесят\w{0,2}": 50,
    r"шістдесят\w{0,2}": 60,
    r"сімдесят\w{0,2}": 70,
    r"вісімдесят\w{0,2}": 80,
    r"дев'яност[оа]": 90,
    r"ст[оа]": 100,
}
_NUMERAL: Final = "|".join(_NUMERALS)
_TENS: Final = range(20, 100)
_NUMBER: Final = re.compile(
    rf"(?<![\w.,/'-])(?:(?P<digits>\d{{1,6}}(?:[.,]\d{{1,2}})?)(?![\d/\w]|[.,-]\d)"
    rf"(?:-?(?:ти|х|ох|ми)\b)?|(?P<words>(?:{_NUMERAL})(?: (?:{_NUMERAL}))?)(?!\w))"
    r"(?P<share>\s?%|\s(?:\([^)]*\)\s)?(?:відс|процент)\w*)?"
    r"|(?P<all>(?<!\w)(?:усі|всі|усіх|всіх|кож(?:ен|н\w{1,3}))(?!\w))"
)
_YEARS: Final = re.compile(r"(?:19|20)\d\d")
_LOOK_BACK: Final = 80  # letters
#: Before a number: it is that of an act, an address, a part of a text, a bound above.
_NAMED: Final = re.compile(
    r"(?:№|\bn|\bст(?:ат\w+)?\.?|\bп(?:п|ункт\w*)?\.|\bпункт\w*|\bрозділ\w*|\bдодат\w+"
    r"|\bчастин\w+|\bформ\w+|\bкабінет\w*|\bкімнат\w+|\bпостанов\w+(?: \w+){0,3}"
    r"|\b(?:вул(?:иц\w+|\.)|просп(?:ект\w*|\.)|пл(?:ощ\w+|\.)|пров(?:ул\w+|\.)|бульв\w*"
    r"|буд(?:инк\w+|инок|\.)|тел(?:ефон\w*|\.))[^;]{0,40}|\bдо|\bпротягом|\bупродовж"
    r"|\bне пізніше(?: ніж)?(?: за)?|\bв?продовж|\bне більше(?: ніж)?)\s*$"
)
#: After a number: it counts days, times or money, or is the day of a date.
_OTHERS: Final = re.compile(
    r"\s?(?:-\w{1,3}\s)?(?:календарн\w+ |робоч\w+ )?"
    r"(?:д(?:ень|ні|нів|ня|оби|іб)\b|годин|хвилин|тиж|місяц|кварта|р(?:ік|ок\w+|\.)|раз"
    r"|грн|гривен|тис|млн|січн|лют|берез|квітн|травн|червн|липн|серпн|вересн|жовтн"
    r"|листоп|грудн|півріч)"
)
#: The few words between a number and what it counts.
_BETWEEN: Final = r"[^\w.;]*(?:[\w'/-]+[^\w.;]+){0,4}?"
_AFTER_DASH: Final = re.compile(
    r"(?:-|:|становить|складає|сягає|дорівнює)\s*(?:(?:не менше?|щонайменше|мінімум|понад|більше)(?: ніж| за)?\s*)?$"
)


@dataclass(frozen=True, slots=True)
class Amount:
    """A threshold and where it stands.

    :param target: a count, a share or all.
    :param start: its first letter in the sentence.
    :param end: behind its last letter.
    """

    target: Target
    start: int
    end: int


def amounts(plain: str) -> Iterator[Amount]:
    """The thresholds of a sentence.

    :param plain: the sentence as `said` gives it.
    """
    for match in islice(_NUMBER.finditer(plain), _MOST):
        target = _target(match)
        unit = _OTHERS.match(plain, match.end())
        before = plain[max(0, match.start() - _LOOK_BACK) : match.start()]
        named = match["all"] is None and _NAMED.search(before)
        if target is not None and not (unit or named):
            yield Amount(target, *match.span())


def counted(plain: str, noun: str) -> Target | None:
    """The first threshold of something: “не менше трьох нових наборів”, “новин - 3”.

    :param plain: the sentence as `said` gives it.
    :param noun: pattern of what is counted.
    """
    behind = re.compile(rf"{_BETWEEN}\b(?:{noun})")
    before = re.compile(rf"\b(?:{noun})")
    for amount in amounts(plain):
        if behind.match(plain, amount.end):
            return amount.target
        from_ = max(0, amount.start - 2 * _LOOK_BACK)
        dash = _AFTER_DASH.search(plain, from_, amount.start)
        if dash and before.search(plain, from_, dash.start()):
            return amount.target
    return None


def _target(match: re.Match[str]) -> Target | None:
    if match["all"]:
        return Target(Scale.ALL, _WHOLE)
    digits = match["digits"]
    if digits and _YEARS.fullmatch(digits) and not match["share"]:
        return None
    value = Decimal(digits.replace(",", ".")) if digits else _of_words(match["words"])
    if match["share"]:
        return Target(Scale.SHARE, value) if 0 < value <= _WHOLE else None
    whole = value > 0 and value == value.to_integral_value()
    return Target(Scale.COUNT, value) if whole else None


def _of_words(words: str) -> Decimal:
    """Twenty, or twenty three; of two numbers that make none, the first."""
    values = [
        next(n for form, n in _NUMERALS.items() if re.fullmatch(form, word))
        for word in words.split()
    ]
    joined = len(values) > 1 and values[0] in _TENS and values[1] < min(_TENS) // 2
    return Decimal(sum(values) if joined else values[0])
