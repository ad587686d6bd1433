"""Ukrainian deadline wordings in one spelling, before they are cut into tokens."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from .grid import squeeze

if TYPE_CHECKING:
    from collections.abc import Callable

_DASHES: Final = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
_QUOTES: Final = dict.fromkeys(map(ord, "’ʼ`´"), "'")
_LETTERS_IN_DATES: Final = str.maketrans("OОoоЗзlІI", "000033111")
ROMAN_LETTERS: Final = str.maketrans("іхвivxІХВ", "IXVIVXIXV")
ROMANS: Final = {
    roman: number
    for number, roman in enumerate(
        ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"],
        start=1,
    )
}
_NUMERALS_MISREAD: Final = str.maketrans("ІlПШХВ", "IIПШXV") | {
    ord("П"): "II",
    ord("Ш"): "III",
}
#: A month as a Roman numeral: 01.VI.2025, 1 ХІІ 2025, VI.2025; not “II 2025”.
_ROMAN_DATE: Final = re.compile(
    r"(?:\b(?P<day>\d{1,2})\s?(?:\.\s?(?P<one>[IVXІХ]{1,4})\s?\.|(?P<two>[IVXІХ]{2,4}))\s?"
    r"|(?<![\w.])(?P<alone>[IVXІХ]{2,4})\.)(?P<year>20\d\d)\b"
)


def _misread(match: re.Match[str]) -> str:
    return match[0].translate(_LETTERS_IN_DATES)


def _roman_date(match: re.Match[str]) -> str:
    roman = match["one"] or match["two"] or match["alone"]
    month = ROMANS.get(roman.translate(ROMAN_LETTERS))
    day = f"{match['day']}." if match["day"] else ""
    return f"{day}{month:02}.{match['year']}" if month else match[0]


def _misread_numeral(match: re.Match[str]) -> str:
    return f"{match[1].translate(_NUMERALS_MISREAD)}{match[2]} "


#: Other spellings of the same, before the text is cut into tokens.
_SPELLINGS: Final[
    tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...]
] = (
    # A blank left for the day, and the day of an act printed in quotation marks.
    (re.compile(r"[\"«“„]\s*[\"»”“]|(?:(?<=\s)|^)(?:…|\.{2,})"), " _ "),
    (re.compile(r"[\"«“„]\s?(\d{1,2})\s?[\"»”“]"), r"\1"),
    # A time of day, numbers of a list before a key word.
    (re.compile(r"(?:\b(?:о|об|до)\s)?\b\d{1,2}:\d\d\b(?:\s?год\w*)?"), ""),
    (re.compile(r"(?:^|\s)\d{1,2}\.\s(?=(?:До|Щ|Пост|Протяг|Кож|Раз))"), "; "),
    (re.compile(r"\bкв-л[уі]?\b"), "кв"),
    (re.compile(r"\bпів[ -]року\b", re.I), "півроку"),
    (
        re.compile(
            r"\b(що)[ -]+(?=(?:року|місяця|кварталу|тижня|дня|півроку|півріччя|річно"
            r"|місячно|квартально|тижнево|денно)\b)",
            re.I,
        ),
        r"\1",
    ),
    # Letters for digits, a digit for the letter «З», commas for dots in dates.
    (
        re.compile(
            r"\b(?:(?=[OОЗlІI]*\d|З[OО]\b)[\dOОЗlІI]{2}|[12][\dOО]{3})(?![^\W_])"
        ),
        _misread,
    ),
    (re.compile(r"(?:^|(?<=[,;] ))3 (?=\d{1,2}\.\d{1,2}\.\d{4})"), "з "),
    (re.compile(r"\b(\d\d)\s?[.,]\s?(\d\d)\s?[.,]\s?(20\d\d)\b"), r"\1.\2.\3"),
    (re.compile(r"\b(20\d\d)\.(\d\d)\.(\d\d)\b"), r"\1-\2-\3"),
    (_ROMAN_DATE, _roman_date),
    # Misread numerals of quarters, and those that lack a blank.
    (
        re.compile(
            r"\b(?!В\b)([IІlПШVХXВ]{1,4})((?:\s?-?\s?(?:й|го|му|ий|ше|ге|е)\b)?)\s?"
            r"(?=(?i:кв|півр))"
        ),
        _misread_numeral,
    ),
)


def respelled(wording: str) -> str:
    """A wording with one kind of dashes, quotes, blanks, digits and numerals."""
    text = unicodedata.normalize("NFC", squeeze(wording)).replace("\u0301", "")
    text = text.translate(_DASHES).translate(_QUOTES)
    for pattern, normal in _SPELLINGS:
        text = pattern.sub(normal, text)
    return text
