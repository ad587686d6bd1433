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

from .grid import squeeze
from .vocabulary import FORMS, Tag

_DASHES: Final = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
_QUOTES: Final = dict.fromkeys(map(ord, "’ʼ`´"), "'")
_LOOKALIKE: Final = str.maketrans("aceiopxykmthb", "асеіорхукмтнв")
_DIGITS_IN_WORDS: Final = str.maketrans("013", "оіз")
_LETTERS_IN_DATES: Final = str.maketrans("OОoоЗзlІI", "000033111")
_ROMAN_LETTERS: Final = str.maketrans("іхвivxІХВ", "IXVIVXIXV")
_ROMANS: Final = {
    roman: number
    for number, roman in enumerate(
        ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"],
        start=1,
    )
}
_SUFFIX: Final = (
    r"(?:\s?-\s?(?i:ого|ому|ший|шого|шому|ша|шій|ше|гий|гого|гому|га|ге|тій|тього|тя|тє"
    r"|тий|го|му|ий|ій|й|а|е|є|я|ї|м|ма|х)(?![^\W\d_]))?"
)
_GAP: Final = r"(?!\d|\s?\.\.|\.?_|…)"
#: “30” червня: the day of an act is printed in quotation marks.
_QUOTED_DAY: Final = re.compile(r"[\"«“„]\s?(\d{1,2})\s?[\"»”“]")
_HALF_YEAR: Final = re.compile(r"\bпів[ -]року\b", re.I)
_SCAN: Final = re.compile(
    rf"""
    (?P<iso>\d{{4}}-\d{{2}}-\d{{2}}(?!\d))
  | (?P<date>[\dOОЗ]\d?\s?[./]\s?[\dOО]\d?\s?[./]\s?(?:[12][\dOО]\d\d|\d\d){_GAP}
      |\d[\dOО]?\s?[./]\s?\d[\dOО]?\s?[./]\s?(?:[12][\dOО]\d\d|\d\d){_GAP}
      |\d{{1,2}}\s?-\s?\d{{1,2}}\s?-\s?[12]\d{{3}}{_GAP})
  | (?P<daymonth>\d{{1,2}}\.\d{{1,2}}(?![\d])(?!\s?\.\s?\d)(?!\.?_)(?!\.\.))
  | (?P<year>(?:19|2[0OО])\d\d(?!\d)(?!\s?\.\.)(?!_))
  | (?P<number>\d+{_SUFFIX})
  | (?P<roman>(?:[IVXІХВ]+|[ivxіх]{{2,}}){_SUFFIX}(?![^\W\d_]|\d|'))
  | (?P<word>[^\W\d_](?:[^\W\d_]|[\d'](?=[^\W\d_]))*)
  | (?P<dash>-)
  | (?P<sep>[,;()/&\n:])
  | (?P<stop>\.)
  | (?P<other>\S)
    """,
    re.VERBOSE,
)
#: Shorter words are too alike for a typing error to be told from another word.
_TYPO_LENGTH: Final = 6
_CENTURY: Final = 100
_BLANK_YEAR: Final = 20


class Kind(str, Enum):
    """Kinds of tokens besides key words."""

    DATE = "date"
    NO_DATE = "no date"
    DAY_MONTH = "day and month"
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
    :param day: the date of a date.
    :param typo: whether the key word has a typing error.
    """

    kind: Kind | Tag
    text: str
    value: int = 0
    day: date | None = None
    typo: bool = False

    @property
    def lower(self) -> str:
        """Its text in small letters."""
        return self.text.casefold()


def tokens_of(wording: str) -> list[Token]:
    """Cut a wording into tokens."""
    text = squeeze(wording).translate(_DASHES).translate(_QUOTES)
    text = _HALF_YEAR.sub("півроку", _QUOTED_DAY.sub(r"\1", text))
    out: list[Token] = []
    for match in _SCAN.finditer(text):
        token = _token(str(match.lastgroup), match[0])
        if token is not None:
            out.append(token)
    return out


def _token(group: str, text: str) -> Token | None:
    if group == "stop":
        return None
    if group in ("iso", "date"):
        return _date_token(text)
    if group == "year":
        return Token(Kind.YEAR, text, int(text.translate(_LETTERS_IN_DATES)))
    if group == "number":
        digits = re.match(r"\d+", text)
        return Token(Kind.NUMBER, text, int(digits[0][:6]) if digits else 0)
    if group == "roman":
        return _roman_token(text)
    if group == "word":
        return _word_token(text)
    simple = {
        "daymonth": Kind.DAY_MONTH,
        "dash": Kind.DASH,
        "sep": Kind.SEPARATOR,
    }
    return Token(simple.get(group, Kind.OTHER), text)


def _date_token(text: str) -> Token:
    """A date in digits; two-digit years are of this century."""
    numbers = [int(n) for n in re.findall(r"\d+", text.translate(_LETTERS_IN_DATES))]
    if text[:4].isdigit():
        numbers.reverse()
    day, month, year = numbers
    if year < _CENTURY:
        # “30.12.20” is more often a form left blank than the year 2020.
        if year <= _BLANK_YEAR:
            return Token(Kind.DAY_MONTH, text)
        year += 20 * _CENTURY
    try:
        return Token(Kind.DATE, text, day=date(year, month, day))
    except ValueError:
        return Token(Kind.NO_DATE, text)


def _roman_token(text: str) -> Token:
    letters = re.sub(r"[\s-].*", "", text)
    roman = letters.translate(_ROMAN_LETTERS).upper()
    if letters in ("В", "в", "Х", "х") or roman not in _ROMANS:
        return _word_token(text)
    return Token(Kind.ROMAN, text, _ROMANS[roman])


def plain(word: str) -> str:
    """A word in small Cyrillic letters, also when Latin ones or digits are mixed in."""
    low = word.casefold()
    if re.search(r"[а-яіїєґ]", low) or len(low) == 1:
        low = low.translate(_LOOKALIKE).translate(_DIGITS_IN_WORDS)
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
    if len(word) < _TYPO_LENGTH:
        return None
    found = {
        meaning
        for form, meaning in FORMS.items()
        if len(form) >= _TYPO_LENGTH and meaning[0].forgiving and one_edit(word, form)
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
