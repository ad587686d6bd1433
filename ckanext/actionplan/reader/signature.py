"""Who signs: a post and a name in one of the forms in which offices print it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from .approval import AGREED, APPROVED, LINE, TIME
from .lookalike import cyrillic

if TYPE_CHECKING:
    from collections.abc import Sequence

_CAPITAL: Final = "[А-ЯІЇЄҐ]"
_NAME: Final = rf"{_CAPITAL}[а-яіїєґ'’ʼ]+(?:-{_CAPITAL}[а-яіїєґ'’ʼ]+)?"
_PATRONYMIC: Final = rf"{_CAPITAL}[а-яіїєґ'’ʼ]+(?:ич|івна|ївна)"
_LARGE: Final = rf"{_CAPITAL}[А-ЯІЇЄҐ'’ʼ-]{{2,}}"
#: Остап ЖУРБА: such a name stands nowhere but in signatures.
_SIGNATORY: Final = re.compile(
    rf"(?<![\w.])({_NAME}(?:\s+{_PATRONYMIC})?\s+{_LARGE})(?![\w])"
)
_INITIALS: Final = rf"{_CAPITAL}\.\s?(?:{_CAPITAL}\.\s?)?"
_BY_INITIALS: Final = re.compile(
    rf"(?<!\w)({_INITIALS}{_CAPITAL}[А-ЯІЇЄҐа-яіїєґ'’ʼ-]{{2,}}"
    rf"|{_CAPITAL}[А-ЯІЇЄҐа-яіїєґ'’ʼ-]{{2,}}\s+{_CAPITAL}\.\s?(?:{_CAPITAL}\.)?)$"
)
#: Остап Журба, Остап Васильович Журба, Журба Остап Васильович: only after a post.
_IN_FULL: Final = re.compile(
    rf"(?<![\w.])({_NAME}\s+{_NAME}\s+{_PATRONYMIC}|{_NAME}(?:\s+{_PATRONYMIC})?\s+{_NAME})$"
)
_ACTING: Final = r"(?:(?:т\.?\s?)?в\.?\s?о\.?|виконувач\w*\s+обов.язк\w+)?\s*"
_POST: Final = re.compile(
    rf"{_ACTING}(?:перший\s+)?(?:заступни|[\w-]*(?:ий|ого)\s+голов[аи]|"
    r"голов[аи]\b|начальник|керуюч|секретар|директор|староста|керівник|завідувач)",
    re.I,
)
_HIGH_POST: Final = re.compile(
    rf"{_ACTING}(?:перший\s+)?(?:заступни|[\w-]*(?:ий|ого)\s+голов[аи]|голов[аи]\b|"
    r"керуюч|секретар|староста|начальник\w*\s+(?:[\w'’-]+\s+){0,4}адміністрації)",
    re.I,
)
#: Words in capitals that are no surnames.
_NO_NAME: Final = re.compile(
    r"(?:ЗАТВЕРДЖ|СХВАЛ|ПОГОДЖ|УЗГОДЖ|ЗАРЕЄСТР|ВИРІШИ|НАКАЗ|ЗОБОВ|ПОСТАНОВ|РІШЕН|РОЗПОРЯД|"
    r"УХВАЛ|ПРОПОНУ|ПЛАН|ДОДАТ|УКРАЇН|РАД[АИІ]$|ДІЙ$|ЗАХОД|КОМІТЕТ|МІСТ|ПРОЄКТ|ДАНИХ)"
)
_OTHERS: Final = re.compile(r"підписувач|виконав|документ|підготував|сертифікат", re.I)
#: A post may take so many lines above the name.
_POST_LINES: Final = 3


def is_signature(text: str) -> bool:
    """Whether a line is a post with the name of who signs."""
    text = cyrillic(text).strip()
    if len(text) >= LINE or not _POST.match(text):
        return False
    if _large(text) or _BY_INITIALS.search(text):
        return True
    return bool(_HIGH_POST.match(text) and _IN_FULL.search(text))


def is_name(text: str) -> bool:
    """Whether a text is nothing but the name of a person who signs."""
    return bool(_SIGNATORY.fullmatch(text) or _BY_INITIALS.fullmatch(text))


def find_signatory(lines: Sequence[str]) -> str:
    """The name of who signs, empty when there is none.

    :param lines: lines around the plan, in order.
    """
    lines = _not_agreed(lines)
    for text in lines:
        if TIME.search(text) or _OTHERS.match(text):
            continue
        found = _large(text)
        if found:
            return found
    for at, text in enumerate(lines):
        match = _BY_INITIALS.search(text) if len(text) < LINE else None
        if match and _after_post(lines, at, _POST):
            return match[1]
    for at, text in enumerate(lines):
        match = _IN_FULL.search(text) if len(text) < LINE else None
        if match and _after_post(lines, at, _HIGH_POST):
            return match[1]
    return ""


def _large(text: str) -> str:
    found = (match[1] for match in _SIGNATORY.finditer(text[: 10 * LINE]))
    return next((n for n in found if not _NO_NAME.match(n.split()[-1])), "")


def _after_post(lines: Sequence[str], at: int, post: re.Pattern[str]) -> bool:
    """Whether a post stands before a name, on its line or right above it."""
    for above in range(at, max(at - _POST_LINES, -1), -1):
        text = lines[above]
        if post.match(text):
            return True
        # A blank line or the end of a sentence parts a post from the name.
        if above < at and (not text or text[-1:] in ".;:" or len(text) >= LINE):
            return False
    return False


def _not_agreed(lines: Sequence[str]) -> list[str]:
    """The lines without blocks of those who agree: they sign neither act nor plan."""
    out: list[str] = []
    agreed = False
    for text in lines:
        agreed = bool(AGREED.match(text)) or (agreed and not APPROVED.match(text))
        if not agreed:
            out.append(text)
        # The name ends the block.
        agreed = agreed and bool(text) and not _large(text)
    return out
