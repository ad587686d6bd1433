"""Ukrainian deadline wordings as tokens: normal spelling, numerals, key words.

Case, mixed alphabets, dashes, ordinal suffixes and one typing error in a key word are
settled here, so that the grammar in `deadline` sees kinds and numbers only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import lru_cache
from typing import Final

from .lookalike import SMALL
from .spelling import ROMAN_LETTERS, ROMANS, respelled
from .vocabulary import FORMS, Tag

_DIGITS_IN_WORDS: Final = str.maketrans("013", "оіз")
_SUFFIX: Final = (
    r"(?:(?:(?:\s?-\s?)?(?i:ого|ому|шого|шому|ший|ша|шій|ше|гий|гого|гому|га|ге|тій|тього"
    r"|тя|тє|тий|го|му|ий|ій|й)|\s?-\s?(?i:а|е|є|я|ї|м|ма|х|ти|ми))(?![^\W\d_]))?"
)
_OF_YEAR: Final = r"(?:\s?-\s?(?:го|му|ому|й|ий|х|ті)(?![^\W\d_]))?"
_GAP: Final = r"(?!\d|\s?\.\.|\.?_|…)"
_SCAN: Final = re.compile(
    rf"""
    (?P<cited>(?:№|\bN)\s?\d[\w/-]*)
  | (?P<iso>\d{{4}}-\d{{2}}-\d{{2}}(?!\d))
  | (?P<date>\d\d?\s?[./]\s?\d\d?\s?[./]\s?(?:[12]\d{{3}}|\d\d){_GAP}{_OF_YEAR}
      |\d{{1,2}}\s?-\s?\d{{1,2}}\s?-\s?[12]\d{{3}}{_GAP})
  | (?P<monthyear>(?<![\w.,])(?<![._]\s)(?:0\d|1\d)\s?[./]\s?20\d\d{_GAP})
  | (?P<daymonth>\d{{1,2}}\.\d{{1,2}}(?![\d])(?!\s?\.\s?\d)(?!\.?_)(?!\.\.))
  | (?P<year>(?:19|20)\d\d(?!\d)(?!\s?\.\.)(?!_){_OF_YEAR})
  | (?P<number>\d+{_SUFFIX})
  | (?P<roman>(?:[IVXІХВ]+|[ivxіх]{{2,}}){_SUFFIX}(?![^\W\d_]|\d|'))
  | (?P<word>[^\W\d_](?:[^\W\d_]|[\d'](?=[^\W\d_]))*)
  | (?P<dash>-)
  | (?P<sep>[,;()/&\n:])
  | (?P<stop>\.)
  | (?P<doubt>[?+~<>≈≤≥=\\|→⇒])
  | (?P<other>\S)
    """,
    re.VERBOSE,
)
_ROMAN: Final = re.compile(r"[IVXІХВ]+|[ivxіх]+")
#: Shorter words are too alike for a typing error to be told from another word.
_TYPO_LENGTH: Final = 6
_YEARS: Final = range(1990, 2100)
_CENTURY: Final = 100
_MANY: Final = 999_999
_SHORT_YEARS: Final = range(21, 60)


class Kind(str, Enum):
    """Kinds of tokens besides key words."""

    DATE = "date"
    NO_DATE = "no date"
    DAY_MONTH = "day and month"
    MONTH_YEAR = "month and year"
    CITED = "number of an act"
    YEAR = "year"
    NUMBER = "number"
    ROMAN = "roman"
    WORD = "word"
    DASH = "dash"
    SEPARATOR = "separator"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a wording.

    :param kind: what it is; the tag for key words.
    :param text: as printed.
    :param value: its number, month or length, else 0.
    :param month: the month of a day without a year, else 0.
    :param day: the date of a date.
    :param typo: whether the key word has a typing error.
    """

    kind: Kind | Tag
    text: str
    value: int = 0
    month: int = 0
    day: date | None = None
    typo: bool = False

    @property
    def lower(self) -> str:
        """Its text in small letters."""
        return self.text.casefold()


def tokens_of(wording: str) -> list[Token]:
    """Cut a wording into tokens."""
    out: list[Token] = []
    for match in _SCAN.finditer(respelled(wording)):
        token = _token(str(match.lastgroup), match[0])
        if token is not None:
            out.append(token)
    return out


def _token(group: str, text: str) -> Token | None:
    if group == "stop":
        return None
    if group in _IN_DIGITS:
        return _IN_DIGITS[group](text, [int(n) for n in re.findall(r"\d+", text)])
    if group == "roman":
        return _roman_token(text)
    if group == "word":
        return _word_token(text)
    simple: dict[str, Kind | Tag] = {
        "cited": Kind.CITED,
        "dash": Kind.DASH,
        "sep": Kind.SEPARATOR,
        "doubt": Tag.VAGUE,
    }
    return Token(simple.get(group, Kind.OTHER), text)


def _date_token(text: str, numbers: list[int]) -> Token:
    """A date in digits; two-digit years are of this century."""
    if text[:4].isdigit():
        numbers.reverse()
    day, month, year = numbers
    if year < _CENTURY:
        # “30.12.20” is more often a form left blank than the year 2020.
        if year not in _SHORT_YEARS:
            return Token(Kind.DAY_MONTH, text)
        year += 20 * _CENTURY
    return _dated(Kind.DATE, text, (year, month, day))


def _dated(kind: Kind, text: str, numbers: tuple[int, int, int]) -> Token:
    try:
        day = date(*numbers)
    except ValueError:
        return Token(Kind.NO_DATE, text)
    return Token(kind if day.year in _YEARS else Kind.NO_DATE, text, day=day)


def _month_year_token(text: str, numbers: list[int]) -> Token:
    return _dated(Kind.MONTH_YEAR, text, (numbers[1], numbers[0], 1))


def _day_month_token(text: str, numbers: list[int]) -> Token:
    return Token(Kind.DAY_MONTH, text, numbers[0], numbers[1])


def _year_token(text: str, numbers: list[int]) -> Token:
    return Token(Kind.YEAR, text, numbers[0])


def _number_token(text: str, numbers: list[int]) -> Token:
    return Token(Kind.NUMBER, text, min(numbers[0], _MANY))


_IN_DIGITS: Final = {
    "iso": _date_token,
    "date": _date_token,
    "monthyear": _month_year_token,
    "daymonth": _day_month_token,
    "year": _year_token,
    "number": _number_token,
}


def _roman_token(text: str) -> Token:
    found = _ROMAN.match(text)
    letters = found[0] if found else ""
    roman = letters.translate(ROMAN_LETTERS).upper()
    if letters in ("В", "в", "Х", "х") or roman not in ROMANS:
        return _word_token(text)
    return Token(Kind.ROMAN, text, ROMANS[roman])


def plain(word: str) -> str:
    """A word in small Cyrillic letters, also when Latin ones or digits are mixed in."""
    low = word.casefold()
    if re.search(r"[а-яіїєґ]", low) or len(low) == 1:
        low = low.translate(SMALL).translate(_DIGITS_IN_WORDS)
    return low


def _word_token(text: str) -> Token:
    word = plain(text)
    if word in FORMS:
        tag, value = FORMS[word]
        return Token(tag, text, value)
    near = _nearest(word)
    if near is not None:
        return Token(near[0], text, near[1], typo=True)
    return Token(Kind.WORD, text)


@lru_cache(maxsize=4096)
def _nearest(word: str) -> tuple[Tag, int] | None:
    found = {
        meaning
        for form, meaning in FORMS.items()
        if min(len(form), len(word) + 1) >= _TYPO_LENGTH - (meaning[0] is Tag.MONTH)
        and meaning[0].forgiving
        and one_edit(word, form)
    }
    return found.pop() if len(found) == 1 else None


def one_edit(one: str, other: str) -> bool:
    """Whether one typing error (a letter more, less, other, or two swapped) parts them."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    at = 0
    while at < min(len(one), len(other)) and one[at] == other[at]:
        at += 1
    left, right = one[at:], other[at:]
    return (
        left[1:] == right[1:]
        or left[1:] == right
        or left == right[1:]
        or (len(left) > 1 and left[:2] == right[1::-1] and left[2:] == right[2:])
    )
