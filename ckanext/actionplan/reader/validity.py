"""The years of validity that a plan's title names."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from .deadline import Term, read_deadline

_DASH: Final = r"[-‐‑‒–—―−]"
#: The word after a year, in any case and shortening.
_WORD: Final = r"(?:-?(?:й|го|му|ий)?\s*р(?:ік|оку|оки|оків|оках|оці|р)?(?![\w])\.?)"
#: Two years with a dash, a stroke, words or the years between them.
_YEARS: Final = re.compile(
    rf"(?<![\d.])(20\d\d)\s*{_WORD}?\s*(?:{_DASH}|/|по|до|та|і|й"
    rf"|(?:,\s*20\d\d\s*)*(?:,|та|і|й))\s*(20\d\d)(?!\d)",
    re.I,
)
_SHORT_YEARS: Final = re.compile(
    rf"(?<![\d.])(20(\d\d))\s*(?:{_DASH}|/)\s*(\d\d)(?!\d)"
)
_YEAR: Final = re.compile(
    rf"(?:на|у|в|протягом|упродовж|впродовж)\s+(?:період\s+)?(20\d\d)(?:\s*{_WORD}"
    r"|\s*[.)»]*$)",
    re.I,
)
_BARE_YEAR: Final = re.compile(rf"(?<![\d.])(20\d\d)\s*{_WORD}?\)?\.?$", re.I)
_UNTIL_YEAR: Final = re.compile(rf"до\s+(?:кінця\s+)?(20\d\d)(?:\s*{_WORD}|$)", re.I)
_UNTIL_DATE: Final = re.compile(
    r"до\s+\d{1,2}(?:\.\d\d\.|\s+[а-яіїєґ]{5,9}\s+)20\d\d(?!\d)", re.I
)
#: A term given by two dates or as a part of a year.
_PRINTED: Final = re.compile(
    r"(?:на|у|в|протягом)\s+((?:період\s+)?(?:з|від|[IVІ]{1,3}|перше|друге|січень|"
    r"лютий|березень|квітень|травень|червень|липень|серпень|вересень|жовтень|"
    r"листопад|\d{1,2}\.)(?![\w]).{6,60})$",
    re.I,
)
_OTHER_ACT: Final = re.compile(r"\bвід\s+[\d«\"“].*?20\d\d(?:\s*р(?:оку|\.)?)?")
_LAST: Final = (12, 31)


def find_term(text: str) -> Term | None:
    """The validity that a title names, None when it names none.

    :param text: the title; the last day alone is known of one “until 2027”.
    """
    text = _OTHER_ACT.sub(" ", text).strip()
    printed = _PRINTED.search(text)
    if printed:
        words = re.sub(r"^період\s+", "", printed[1], flags=re.I)
        due = read_deadline(words.strip(" .()"), Term()).due or ""
        start, _, end = due.partition("/")
        if "" not in (start, end) and ".." not in (start, end) and ";" not in due:
            return _dated(start, end)
    found = list(_YEARS.finditer(text))
    if found and found[-1][1] <= found[-1][2]:
        return _of(int(found[-1][1]), int(found[-1][2]))
    short = _SHORT_YEARS.search(text)
    if short and short[2] < short[3]:
        return _of(int(short[1]), 2000 + int(short[3]))
    single = _YEAR.search(text)
    if single:
        return _of(int(single[1]), int(single[1]))
    last = _UNTIL_DATE.search(text)
    due = read_deadline(last[0], Term()).due or "" if last else ""
    if re.fullmatch(r"\.\./\d{4}-\d\d-\d\d", due):
        return Term(None, date.fromisoformat(due[3:]))
    until = _UNTIL_YEAR.search(text)
    if until:
        return Term(None, date(int(until[1]), *_LAST))
    bare = _BARE_YEAR.search(text)
    # A roadmap “2030” ends then; only a plan “2026” is one of that year.
    if bare and re.search(r"\b(?:план|заход)", text, re.I):
        return _of(int(bare[1]), int(bare[1]))
    return None


def has_years(text: str) -> bool:
    """Whether a text names the years of a plan."""
    return find_term(text) is not None


def _of(first: int, last: int) -> Term:
    return Term(date(first, 1, 1), date(last, *_LAST))


def _dated(start: str, end: str) -> Term | None:
    try:
        return Term(date.fromisoformat(start), date.fromisoformat(end))
    except ValueError:
        return None
