"""Numbers and dates of a workbook as its number formats show them in Ukrainian.

Where a shown date would be read wrongly or not at all (month first, foreign or cut
names of months) the same day is written out in full: the cell holds a true date.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

GENERAL: Final = "General"
_DATE: Final = "dd.mm.yyyy"
_BUILT_IN: Final[dict[int, str]] = {
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    14: _DATE,
    15: "d mmm yyyy",
    16: "d mmm",
    17: "mmm yyyy",
    18: "h:mm",
    19: "h:mm:ss",
    20: "h:mm",
    21: "h:mm:ss",
    22: f"{_DATE} h:mm",
    # Dates of Asian systems: the day is what counts.
    **dict.fromkeys((*range(27, 32), 36, *range(50, 55), 57, 58), _DATE),
    37: "#,##0",
    38: "#,##0",
    39: "#,##0.00",
    40: "#,##0.00",
    45: "mm:ss",
    46: "h:mm:ss",
    47: "mm:ss",
}
_TOKEN: Final = re.compile(
    r"""(?P<text>"[^"]*"?|\\.)|(?P<skip>[_*].)|\[\$(?P<sign>[^\]-]*)[^\]]*\]|"""
    r"""\[(?P<elapsed>h+|m+|s+)\]|(?P<bracket>\[[^\]]*\])|(?P<noon>am/pm|a/p)|"""
    r"""(?P<general>general)|(?P<date>y+|m+|d+|h+|s+)|"""
    r"""(?P<number>[0#?][0#?,.]*|\.[0#?]+)|(?P<other>.)""",
    re.I | re.S,
)
_MONTHS: Final = (
    ("січень", "січня"), ("лютий", "лютого"), ("березень", "березня"),
    ("квітень", "квітня"), ("травень", "травня"), ("червень", "червня"),
    ("липень", "липня"), ("серпень", "серпня"), ("вересень", "вересня"),
    ("жовтень", "жовтня"), ("листопад", "листопада"), ("грудень", "грудня"),
)  # fmt: skip
_DAYS: Final = (
    "понеділок", "вівторок", "середа", "четвер", "п’ятниця", "субота", "неділя",
)  # fmt: skip
_EPOCH: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - sheets know no time zones
_EPOCH_MAC: Final = datetime(1904, 1, 1)  # noqa: DTZ001
#: Excel takes 1900 for a leap year: before its 29 February days are off by one.
_LEAP: Final = 60
_LONGEST: Final = 255
_DECIMALS: Final = 15
_DIGITS: Final = 10
_WHOLE: Final = 1e15
_NAMED: Final = 3
_WEEKDAY: Final = 3


@dataclass(frozen=True, slots=True)
class Formats:
    """The number formats of a workbook.

    :param codes: format code by number of the cell style.
    :param mac: whether days are counted from 1904.
    """

    codes: list[str] = field(default_factory=list[str])
    mac: bool = False

    @classmethod
    def load(cls, styles: Element | None, *, mac: bool) -> Formats:
        """Read them from `styles.xml`, None when the workbook has none."""
        if styles is None:
            return cls(mac=mac)
        own = {
            element.get("numFmtId", ""): element.get("formatCode", "")
            for element in styles.iterfind("numFmts/numFmt")
        }
        ids = [xf.get("numFmtId", "0") for xf in styles.iterfind("cellXfs/xf")]
        return cls([own.get(key) or _built_in(key) for key in ids], mac)

    def code(self, style: str) -> str:
        """The format code of a cell.

        :param style: its attribute `s`.
        """
        at = int(style) if re.fullmatch(r"[0-9]{1,6}", style) else 0
        return self.codes[at] if at < len(self.codes) else GENERAL


def _built_in(key: str) -> str:
    number = int(key) if re.fullmatch(r"[0-9]{1,4}", key) else 0
    return _BUILT_IN.get(number, GENERAL)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str


def _sections(code: str) -> list[list[_Token]]:
    """The parts of a format for positive, negative numbers, zero and text."""
    out: list[list[_Token]] = [[]]
    for match in _TOKEN.finditer(code[:_LONGEST]):
        kind, text = match.lastgroup or "other", match[0]
        if kind == "other" and text == ";":
            out.append([])
        elif kind == "text":
            inside = text[1:] if text[0] == "\\" else text.strip('"')
            out[-1].append(_Token("text", inside))
        elif kind == "sign":
            out[-1].append(_Token("text", match["sign"]))
        elif kind == "skip":
            out[-1].append(_Token("text", " " if text[0] == "_" else ""))
        elif kind not in ("bracket", "noon"):
            out[-1].append(_Token(kind, text.lower()))
    return out


def shown_number(value: str, code: str, *, mac: bool = False) -> str:
    """A number as its format shows it.

    :param value: as stored.
    :param code: format code.
    :param mac: whether days are counted from 1904.
    """
    try:
        number = float(value)
    except ValueError:
        return value
    if not math.isfinite(number):
        return value
    sections = _sections(code)
    tokens = sections[0]
    if any(token.kind in ("date", "elapsed") for token in tokens):
        moment = _moment(number, mac=mac)
        return _date(moment, tokens) if moment else _general(number)
    if number < 0 and len(sections) > 1:
        tokens, number = sections[1], -number
    elif number == 0 and len(sections) > 2:  # noqa: PLR2004 - the third is for zero
        tokens = sections[2]
    return _number(number, tokens)


def shown_date(iso: str, code: str) -> str:
    """A date stored as ISO 8601 as its format shows it, empty when it is none."""
    try:
        moment = datetime.fromisoformat(iso.removesuffix("Z")).replace(tzinfo=None)
    except ValueError:
        return ""
    tokens = _sections(code)[0]
    dated = any(token.kind == "date" for token in tokens)
    return _date(moment, tokens if dated else _sections(_DATE)[0])


def _moment(number: float, *, mac: bool) -> datetime | None:
    if number < 0:
        return None
    days = number + 1 if not mac and number < _LEAP else number
    try:
        moment = (_EPOCH_MAC if mac else _EPOCH) + timedelta(days=days)
        # A time of day is stored as a fraction and comes back a little off.
        return (moment + timedelta(milliseconds=500)).replace(microsecond=0)
    except OverflowError:
        return None


def _general(number: float) -> str:
    if number.is_integer() and abs(number) < _WHOLE:
        return str(int(number))
    return f"{number:.{_DIGITS}g}"


def _number(number: float, tokens: list[_Token]) -> str:
    digits = [token.text for token in tokens if token.kind == "number"]
    marks = "".join(token.text for token in tokens if token.kind == "other")
    # Fractions and powers of ten are no part of a plan.
    plain = len(digits) == 1 and not re.search("[/e]", marks)
    out: list[str] = []
    for token in tokens:
        if token.kind == "number" and plain:
            out.append(_digits(number * (100 if "%" in marks else 1), token.text))
        elif token.kind == "general" or (token.text == "@" and token.kind == "other"):
            out.append(_general(number))
        elif token.kind in ("text", "other"):
            out.append(token.text)
    shown = any(token.kind == "general" or token.text == "@" for token in tokens)
    shown = shown or (not digits and bool("".join(out).strip()))
    return "".join(out) if plain or shown else _general(number)


def _digits(number: float, form: str) -> str:
    whole, _, fraction = form.partition(".")
    places = min(sum(fraction.count(sign) for sign in "0#?"), _DECIMALS)
    needed = min(fraction.count("0"), places)
    text = f"{number:,.{places}f}" if "," in whole else f"{number:.{places}f}"
    text = text.replace(",", " ")
    for _ in range(places - needed):
        text = text.removesuffix("0")
    text = text.removesuffix(".")
    least = min(whole.count("0"), _DECIMALS)
    head, dot, tail = text.partition(".")
    return head.zfill(least) + dot + tail


def _date(moment: datetime, tokens: list[_Token]) -> str:
    tokens = _whole_days(moment, tokens)
    letters = [token.text for token in tokens if token.kind == "date"]
    calendar = [text[0] for text in letters if text[0] in "ymd"]
    days = [t for t in letters if t[0] == "d" and len(t) < _WEEKDAY]
    named = any(t[0] == "m" and len(t) >= _NAMED for t in letters)
    if named and days and "y" in calendar and calendar[0] == "m":
        return f"{moment.day} {_MONTHS[moment.month - 1][1]} {moment.year}"
    if not named and days and calendar[:1] == ["m"]:
        return moment.strftime("%d.%m.%Y") if "y" in calendar else f"{moment:%d.%m}"
    out = [_piece(moment, tokens, at, named, bool(days)) for at in range(len(tokens))]
    return " ".join("".join(out).split())


def _whole_days(moment: datetime, tokens: list[_Token]) -> list[_Token]:
    """Without the time of day when it is midnight and there is a date."""
    dated = any(t.kind == "date" and t.text[0] in "yd" for t in tokens)
    first = next(
        (at for at, t in enumerate(tokens) if t.kind == "date" and t.text[0] == "h"), 0
    )
    midnight = not (moment.hour or moment.minute or moment.second)
    if not (dated and first and midnight):
        return tokens
    kept = tokens[:first]
    while kept and kept[-1].text in ("", " ", "t", ","):
        kept.pop()
    return kept


def _piece(
    moment: datetime, tokens: list[_Token], at: int, named: bool, days: bool
) -> str:
    token = tokens[at]
    if token.kind == "elapsed":
        return str(moment.hour)
    if token.kind != "date":
        # “1-чер-24” and “чер.24” are the day and month with a name, so blanks do.
        return " " if named and token.text in "-./" else token.text
    letter, length = token.text[0], len(token.text)
    if letter == "m" and _is_minute(tokens, at):
        return f"{moment.minute:02}"
    if letter == "m" and length >= _NAMED:
        return _MONTHS[moment.month - 1][days]
    if letter == "y":
        return f"{moment.year:04}" if named or length >= _NAMED else f"{moment:%y}"
    if letter == "d" and length >= _WEEKDAY:
        return _DAYS[moment.weekday()]
    value = {
        "d": moment.day,
        "m": moment.month,
        "h": moment.hour,
        "s": moment.second,
    }[letter]
    return f"{value:02}" if length > 1 else str(value)


def _is_minute(tokens: list[_Token], at: int) -> bool:
    before = next((t for t in reversed(tokens[:at]) if t.kind in _CLOCK), None)
    after = next((t for t in tokens[at + 1 :] if t.kind in _CLOCK), None)
    hour = before is not None and before.text[0] == "h"
    return hour or (after is not None and after.text[0] == "s")


_CLOCK: Final = frozenset({"date", "elapsed"})
