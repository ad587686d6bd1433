"""The grammar of deadlines: from tokens to time expressions, in printed order."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from ..core.due import Span
from .units import Item, Unit, What, by_or_span, divided, repeat_of, resolve
from .vocabulary import Tag
from .wording import Kind, Token

if TYPE_CHECKING:
    from collections.abc import Callable

_JOINTS: Final = (Kind.SEPARATOR, Tag.AND)
_ORDINALS: Final = (Kind.NUMBER, Kind.ROMAN, Tag.ORDINAL)
_COUNTS: Final = (Kind.NUMBER, Tag.COUNT)
_UNITS: Final = (
    Tag.YEAR_WORD,
    Tag.MONTH_WORD,
    Tag.WEEK,
    Tag.DAY,
    Tag.QUARTER,
    Tag.HALF,
)


@dataclass(slots=True)
class Parser:
    """Reads the tokens of one wording from left to right."""

    tokens: list[Token]
    at: int = 0
    items: list[Item] = field(default_factory=list[Item])
    joined: bool = False
    then: bool = False

    def parse(self) -> list[Item]:
        """All items of the wording."""
        rules: tuple[Callable[[], Item | None], ...] = (
            self._term,
            self._repeat,
            self._continuous,
            self._until,
            self._since,
            self._bare,
        )
        while self.at < len(self.tokens):
            start = self.at
            for rule in rules:
                item = rule()
                if item is not None:
                    self._add(item, start)
                    break
                self.at = start
            else:
                self._word()
        return self.items

    def _add(self, item: Item, start: int) -> None:
        tokens = tuple(self.tokens[start : self.at])
        self.items.append(
            replace(item, tokens=tokens, joined=self.joined, then=self.then)
        )
        self.joined = self.then = False

    def _word(self) -> None:
        token = self.tokens[self.at]
        self.at += 1
        if token.text == "/":
            token = Token(Tag.OR, token.text)
        # A capital І between two expressions is the conjunction, not the numeral.
        middle = self.items and not self._is(Kind.WORD)
        if token.kind in (*_JOINTS, Tag.THEN) or (token.text == "І" and middle):
            self.joined = True
            self.then = self.then or token.kind is not Kind.SEPARATOR
        elif token.kind is not Kind.DASH:
            self.items.append(Item(What.WORD, (token,)))

    # looking and taking

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

    # the plan's term

    def _term(self) -> Item | None:
        until = self._take(Tag.UNTIL) is not None
        if not until:
            self._skip(Tag.DURING, Tag.IN)
        end = self._take(Tag.END) is not None or self._take_finish() is not None
        whole = self._take(Tag.WHOLE) is not None
        term = self._take(Tag.TERM) is not None
        validity = self._take(Tag.VALIDITY) is not None
        self._skip(Tag.THIS)
        plan = self._take(Tag.PLAN) is not None
        if plan and self._look() is not None:
            self._take_this_plan()
        named = plan and (validity or term)
        if not named and not (whole and term and self._ends()):
            return None
        if until and not end:
            return None
        return Item(What.BY_TERM if end else What.TERM, (), bounded=True)

    def _ends(self) -> bool:
        """Whether no noun follows that says whose term is meant."""
        follows = (None, *_JOINTS, Tag.REPEAT, Tag.CONTINUOUS)
        token = self._look()
        return (token.kind if token else None) in follows

    def _take_finish(self) -> Token | None:
        token = self._look()
        if token is not None and token.lower in ("завершення", "закінчення"):
            return self._take(Tag.VAGUE)
        return None

    def _take_this_plan(self) -> None:
        token = self._look()
        if token is not None and token.lower in ("дій", "заходів"):
            self.at += 1

    # recurring

    def _repeat(self) -> Item | None:
        self._skip(Tag.NOT, Tag.LESS)
        if self._is(Kind.SEPARATOR) and self._is(Tag.LESS, ahead=1):
            self.at += 1
            self._skip(Tag.LESS)
        adverb = self._take(Tag.REPEAT)
        if adverb is not None:
            return Item(What.REPEAT, (), repeat_of(adverb.value))
        if self._is(Tag.IN) and self._is(Tag.EVERY, ahead=1):
            self.at += 1
        if self._take(Tag.EVERY):
            return self._every()
        return self._times()

    def _every(self) -> Item | None:
        """Each year; every two months."""
        count = self._take(*_COUNTS)
        unit = self._take(*_UNITS)
        if unit is None:
            return None
        return divided(1, count.value if count else 1, unit)

    def _times(self) -> Item | None:
        """Twice a year; one time in three months."""
        twice = self._take(Tag.TWICE)
        count = twice or self._take(*_COUNTS)
        if count and not twice and self._is(Kind.DASH, Tag.OR, Tag.UNTIL):
            return None
        if not twice and not self._take(Tag.TIMES):
            return None
        if not self._skip(Tag.IN, Tag.DURING) and not self._slash():
            return None
        every = self._take(Tag.EVERY)
        length = self._take(*_COUNTS)
        unit = self._take(*_UNITS)
        if unit is None or (every and length):
            return None
        # “Once in 2025” is a date, “once a year” a rule: a number of the year decides.
        return divided(count.value if count else 1, length.value if length else 1, unit)

    def _slash(self) -> bool:
        token = self._look()
        slash = token is not None and token.text == "/"
        self.at += slash
        return slash

    # continuous

    def _continuous(self) -> Item | None:
        self._skip(Tag.IN)
        if not self._take(Tag.CONTINUOUS):
            return None
        return Item(What.CONTINUOUS, (), Span(None, None))

    # until, since, during

    def _until(self) -> Item | None:
        later = self._not_later()
        until = self._take(Tag.UNTIL) is not None
        end = self._take(Tag.END) is not None
        if not (later or until):
            return None
        if end:
            self._skip(Tag.IN)
        spans = self._units()
        if not isinstance(spans, list):
            return spans
        last = self._take(Tag.INCLUSIVE) is not None
        days = all(span.start == span.end for span in spans)
        if not days and spans[1:]:
            return Item(What.FAULT, (), reason="deadline_ambiguous")
        for span in spans[:-1]:
            self.items.append(by_or_span(span, bounded=False, joined=self.joined))
        span = spans[-1]
        # “Until March” leaves open whether March itself counts.
        if span.start != span.end and not (end or last or later):
            return Item(What.FAULT, (), reason="deadline_ambiguous")
        return Item(What.BY, (), Span(None, span.end))

    def _not_later(self) -> bool:
        if self._is(Tag.NOT) and self._is(Tag.LATER, ahead=1):
            self.at += 2
            self._skip(Tag.LESS)
            return True
        return False

    def _since(self) -> Item | None:
        since = self._take(Tag.SINCE) is not None
        word = self._take(Tag.FROM)
        if not (word or since):
            return None
        first = self._unit(later=True)
        if first is None or isinstance(first, Item):
            return first
        if self._is(Kind.SEPARATOR) and self._is(Tag.UP_TO, ahead=1):
            self.at += 1
        if self._is(Tag.UNTIL, Tag.UP_TO):
            return self._range(first)
        spans = resolve([first], [])
        if isinstance(spans, Item):
            return spans
        if word is not None and word.lower == "від":
            # “Of 1 May” is the date of an act as often as a beginning.
            return Item(What.FAULT, (), reason="deadline_ambiguous")
        return Item(What.SINCE, (), Span(spans[0].start, None))

    def _range(self, first: Unit) -> Item | None:
        """From one day until another; the end of a period named last counts."""
        exact = self._take(Tag.UNTIL) is not None
        self._skip(Tag.UP_TO)
        end = self._take(Tag.END) is not None
        second = self._unit(later=True)
        if second is None or isinstance(second, Item):
            return second
        last = self._take(Tag.INCLUSIVE) is not None
        if exact and second.kind not in ("day", "date") and not (end or last):
            return Item(What.FAULT, (), reason="deadline_ambiguous")
        spans = resolve([first, second], [True])
        return spans if isinstance(spans, Item) else Item(What.SPAN, (), spans[0])

    def _bare(self) -> Item | None:
        start = self.at
        bounded = self._skip(Tag.DURING, Tag.IN) > 0
        about = any(token.lower == "за" for token in self.tokens[start : self.at])
        if bounded and self._length():
            return Item(What.LENGTH, (), reason="deadline_relative")
        spans = self._units()
        if not isinstance(spans, list):
            return spans
        self._take(Tag.INCLUSIVE)
        if about:
            # “For 2025” says what a report is about, not when it is due.
            return Item(What.FAULT, (), reason="deadline_ambiguous")
        for span in spans[:-1]:
            self.items.append(by_or_span(span, bounded, self.joined))
            self.joined = True
        return by_or_span(spans[-1], bounded, self.joined)

    def _length(self) -> bool:
        """Whether a length such as “30 days” follows, counted from somewhere."""
        start = self.at
        counted = self._take(*_COUNTS) is not None and self._take(*_UNITS) is not None
        if counted and not self._is(Kind.YEAR):
            return True
        self.at = start
        return False

    # days, months, quarters, halves, years

    def _units(self) -> list[Span] | Item | None:
        """A list or range of units; parts left out are named by a neighbor."""
        units: list[Unit] = []
        dashes: list[bool] = []
        while True:
            unit = self._unit(bool(units))
            if isinstance(unit, Item):
                return unit
            if unit is None:
                break
            units.append(unit)
            link = self._link()
            if link is None:
                break
            dashes.append(link)
        if not units:
            return None
        if len(dashes) == len(units):
            self.at -= 1
            dashes.pop()
        return resolve(units, dashes)

    def _link(self) -> bool | None:
        """Take what joins two units: True for a dash, False for a comma or “and”."""
        start, token = self.at, self._look()
        if token is not None and token.text == "/":
            return None
        dash = self._take(Kind.DASH) is not None
        joint = dash or self._take(*_JOINTS) is not None or self._take_capital_and()
        if joint and self._starts_unit():
            return dash
        self.at = start
        return None

    def _take_capital_and(self) -> bool:
        token, after = self._look(), self._look(1)
        if token and token.text == "І" and after and after.kind in _ORDINALS:
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
        token = self._take(Kind.DATE)
        if token is not None:
            self._skip(Tag.YEAR_WORD)
            return Unit("day", day=token.day)
        if self._take(Kind.DAY_MONTH):
            self._skip(Tag.YEAR_WORD)
            return Item(What.PART, (), reason="deadline_incomplete")
        if self._is(Kind.YEAR):
            return Unit("year", year=self._year())
        return self._numbered(later) or self._named()

    def _year(self) -> int:
        token = self._take(Kind.YEAR)
        self._skip(Tag.YEAR_WORD)
        return token.value if token else 0

    def _numbered(self, later: bool) -> Unit | Item | None:
        start = self.at
        token = self._take(*_ORDINALS)
        if token is None:
            return None
        if self._take(Tag.QUARTER):
            return Unit("quarter", (token.value,), year=self._year_after())
        if self._take(Tag.HALF) or self._take(Tag.HALVED):
            return Unit("half", (token.value,), year=self._year_after())
        month = self._take(Tag.MONTH) if token.kind is Kind.NUMBER else None
        if month is not None:
            return Unit("date", (token.value,), month.value, self._year_after())
        if self._take(Tag.DATE_OF_MONTH):
            self._skip(Tag.EVERY) if not self._is(*_UNITS, ahead=1) else 0
            return Item(What.PART, (), reason="deadline_incomplete")
        # A number alone is a part of a list: “I, III quarter”.
        if later or self._is(Kind.DASH, Tag.UP_TO, *_JOINTS):
            return Unit("open", (token.value,))
        self.at = start
        return None

    def _year_after(self) -> int:
        self._skip(Tag.IN)
        brackets = self._is(Kind.SEPARATOR) and self._is(Kind.YEAR, ahead=1)
        if brackets and (token := self._look()) and token.text == "(":
            self.at += 1
        return self._year() if self._is(Kind.YEAR) else 0

    def _named(self) -> Unit | Item | None:
        month = self._take(Tag.MONTH)
        if month is not None:
            self._skip(Tag.MONTH_WORD)
            return Unit("month", (month.value,), month.value, self._year_after())
        start = self.at
        if self._take(Tag.QUARTER):
            number = self._take(Kind.ROMAN, Kind.NUMBER)
            if number is not None:
                return Unit("quarter", (number.value,), year=self._year_after())
        self.at = start
        return None
