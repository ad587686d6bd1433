"""Days, months, quarters, halves and years in the tokens of a deadline."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from .units import Item, Unit, What, resolve
from .vocabulary import Tag
from .wording import Kind

if TYPE_CHECKING:
    from ..core.due import Span
    from .wording import Token

JOINTS: Final = (Kind.SEPARATOR, Tag.AND)
ORDINALS: Final = (Kind.NUMBER, Kind.ROMAN, Tag.ORDINAL)
COUNTS: Final = (Kind.NUMBER, Tag.COUNT)
UNITS: Final = (
    Tag.YEAR_WORD,
    Tag.MONTH_WORD,
    Tag.WEEK,
    Tag.DAY,
    Tag.QUARTER,
    Tag.HALF,
)
_TENS: Final = (20, 30)
_TEN: Final = 10
_CENTURY: Final = 100


@dataclass(slots=True)
class Dates:
    """Takes calendar units from the tokens, from left to right.

    :param tokens: of one wording.
    :param at: how many are taken.
    """

    tokens: list[Token]
    at: int = 0

    def _look(self, ahead: int = 0) -> Token | None:
        at = self.at + ahead
        return self.tokens[at] if at < len(self.tokens) else None

    def _is(self, *kinds: Kind | Tag, ahead: int = 0) -> bool:
        token = self._look(ahead)
        return token is not None and token.kind in kinds

    def _take(self, *kinds: Kind | Tag) -> Token | None:
        token = self._look()
        if token is None or token.kind not in kinds:
            return None
        self.at += 1
        return token

    def _skip(self, *kinds: Kind | Tag) -> int:
        start = self.at
        while self._take(*kinds):
            pass
        return self.at - start

    def _units(self) -> list[Span] | Item | None:
        """A list or range of units; parts left out are named by a neighbor."""
        units: list[Unit] = []
        dashes: list[bool] = []
        while True:
            unit = self._unit(bool(units))
            if isinstance(unit, Item):
                listed = 0 if any(dashes) else len(units)
                return replace(unit, count=unit.count + listed)
            if unit is None:
                break
            units.append(unit)
            link = self._link() if units[1:] else self._first_link(unit)
            if link is None:
                break
            dashes.append(link)
        if not units:
            return None
        if len(dashes) == len(units):
            self.at -= 1
            dashes.pop()
        return resolve(units, dashes)

    def _first_link(self, unit: Unit) -> bool | None:
        """“2025 I quarter” needs no comma."""
        part = self._is(Tag.QUARTER, Tag.HALF) or self._is(
            Tag.QUARTER, Tag.HALF, ahead=1
        )
        if unit.kind == "year" and part and not self._is(*JOINTS, Kind.DASH):
            return False if self._starts_unit() else None
        return self._link()

    def _link(self) -> bool | None:
        """Take what joins two units: True for a dash, False for a comma or “and”."""
        start, token = self.at, self._look()
        if token is not None and token.text == "/":
            return None
        dash = self._take(Kind.DASH) is not None
        joint = dash or self._take(*JOINTS) is not None or self._take_capital_and()
        if joint and self._starts_unit():
            return dash
        self.at = start
        return None

    def _take_capital_and(self) -> bool:
        token, after = self._look(), self._look(1)
        if token and token.text == "І" and after and after.kind in ORDINALS:
            self.at += 1
            return True
        return False

    def _starts_unit(self) -> bool:
        start = self.at
        unit = self._unit(later=True)
        self.at = start
        return unit is not None

    def _unit(self, later: bool) -> Unit | Item | None:
        if self._is(Kind.NO_DATE):
            self.at += 1
            return Item(What.FAULT, (), reason="deadline_no_such_date")
        token = self._take(Kind.DATE, Kind.DAY_MONTH, Kind.MONTH_YEAR)
        if token is not None:
            self._skip(Tag.YEAR_WORD)
            unit = _in_digits(token)
            return (
                unit
                if unit.year or unit.day
                else replace(unit, year=self._year_after())
            )
        if self._is(Kind.YEAR):
            return Unit("year", year=self._year())
        return self._numbered(later) or self._named()

    def _year(self) -> int:
        """Take a year with its word; in “2025-27 роки” the end may be short."""
        token = self._take(Kind.YEAR)
        if self._is(Tag.CALENDAR) and self._is(Tag.YEAR_WORD, ahead=1):
            self.at += 1
        self._skip(Tag.YEAR_WORD)
        return token.value if token else 0

    def _ordinal(self) -> Token | None:
        """Take a number, also of two words: двадцять п'яте."""
        tens, token = self._look(), self._look(1)
        if (
            tens
            and token
            and (tens.kind, token.kind) == (Tag.COUNT, Tag.ORDINAL)
            and tens.value in _TENS
            and token.value < _TEN
        ):
            self.at += 2
            return replace(token, value=tens.value + token.value)
        return self._take(*ORDINALS)

    def _numbered(self, later: bool) -> Unit | Item | None:
        start = self.at
        token = self._ordinal()
        if token is None:
            return None
        if self._is(Kind.DASH) and self._is(Tag.QUARTER, Tag.HALF, ahead=1):
            self.at += 1
        if self._take(Tag.QUARTER):
            return Unit("quarter", (token.value,), year=self._year_after())
        if self._take(Tag.HALF) or self._take(Tag.HALVED):
            return Unit("half", (token.value,), year=self._year_after())
        month = self._take(Tag.MONTH) if token.kind is not Kind.ROMAN else None
        if month is not None:
            return Unit("date", (token.value,), month.value, self._year_after())
        if self._take(Tag.DATE_OF_MONTH):
            self._skip(Tag.EVERY) if not self._is(*UNITS, ahead=1) else 0
            return Item(What.PART, (), reason="deadline_incomplete", count=1)
        short = self._short_year(token, start)
        if short is not None:
            return short
        # A number alone is a part of a list: “I, III quarter”.
        if later or self._is(Kind.DASH, Tag.UP_TO, *JOINTS):
            return Unit("open", (token.value,))
        self.at = start
        return None

    def _short_year(self, token: Token, start: int) -> Unit | None:
        """The end of “2025-27 роки”."""
        before = self.tokens[max(start - 2, 0) : start]
        if (
            [each.kind for each in before] == [Kind.YEAR, Kind.DASH]
            and token.text.isdigit()
            and len(token.text) == len("27")
            and self._take(Tag.YEAR_WORD)
        ):
            return Unit(
                "year", year=before[0].value // _CENTURY * _CENTURY + token.value
            )
        return None

    def _year_after(self) -> int:
        self._skip(Tag.IN)
        brackets = self._is(Kind.SEPARATOR) and self._is(Kind.YEAR, ahead=1)
        if brackets and (token := self._look()) and token.text == "(":
            self.at += 1
        return self._year() if self._is(Kind.YEAR) else 0

    def _named(self) -> Unit | Item | None:
        start = self.at
        self._take(Tag.MONTH_WORD)
        month = self._take(Tag.MONTH)
        if month is not None:
            self._skip(Tag.MONTH_WORD)
            return Unit("month", (month.value,), month.value, self._year_after())
        self.at = start
        if self._take(Tag.YEAR_WORD) and self._is(Kind.YEAR):
            return Unit("year", year=self._year())
        self.at = start
        word = self._take(Tag.QUARTER, Tag.HALF)
        number = self._take(Kind.ROMAN, Kind.NUMBER) if word else None
        if word is not None and number is not None:
            kind = "quarter" if word.kind is Tag.QUARTER else "half"
            return Unit(kind, (number.value,), year=self._year_after())
        self.at = start
        return None


def _in_digits(token: Token) -> Unit:
    day = token.day
    if token.kind is Kind.MONTH_YEAR and day is not None:
        return Unit("month", (day.month,), day.month, day.year)
    if day is not None:
        return Unit("day", day=day)
    return Unit("date", (token.value,), token.month)
