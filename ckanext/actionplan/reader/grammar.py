"""The grammar of deadlines: from tokens to time expressions, in printed order."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from ..core.due import Span
from .dates import COUNTS, JOINTS, UNITS, Dates
from .units import Item, Unit, What, between, by_or_span, divided, repeat_of, resolve
from .vocabulary import Tag
from .wording import Kind, Token

if TYPE_CHECKING:
    from collections.abc import Callable

_PLURAL: Final = ("рази", "разів")
_RARER: Final = ("рідше", "рідш", "менше", "менш")


@dataclass(slots=True)
class Parser(Dates):
    """Reads the tokens of one wording from left to right."""

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
        last = self.at == len(self.tokens) and token.kind is Tag.THEN
        began = bool(self.items) and self.items[-1].what is What.SINCE
        if last and not began:
            # “2025 and further on” ends nowhere.
            self.items.append(Item(What.WORD, (token,)))
        elif token.kind in (*JOINTS, Tag.THEN) or (token.text == "І" and middle):
            self.joined = True
            self.then = self.then or token.kind is not Kind.SEPARATOR
        elif token.kind is not Kind.DASH:
            self.items.append(Item(What.WORD, (token,)))

    # the plan's term

    def _term(self) -> Item | None:
        until = self._take(Tag.UNTIL) is not None
        during = self._is(Tag.DURING)
        if not until:
            self._skip(Tag.DURING, Tag.IN)
        end = self._take(Tag.END) is not None or self._take_finish() is not None
        whole = self._take(Tag.WHOLE) is not None
        term = self._take(Tag.TERM)
        validity = self._take(Tag.VALIDITY) is not None
        self._skip(Tag.THIS)
        if self._reads("дорожньої"):
            self.at += 1
        plan = self._take(Tag.PLAN) is not None
        if plan and self._look() is not None:
            self._take_this_plan()
        named = plan and (validity or term is not None)
        # “During the term of validity” of what, if not of the plan?
        named = named or (during and validity and term is not None and self._ends())
        all_of_it = whole and term is not None and not term.lower.startswith("час")
        if not named and not (all_of_it and self._ends()):
            return None
        if until and not end:
            return None
        if self._is(Tag.IN) and self._is(Kind.YEAR, ahead=1) and not end:
            return self._bare(free=True)
        return Item(What.BY_TERM if end else What.TERM, (), bounded=True)

    def _ends(self) -> bool:
        """Whether no noun follows that says whose term is meant."""
        follows = (None, *JOINTS, Tag.REPEAT, Tag.CONTINUOUS)
        token = self._look()
        return (token.kind if token else None) in follows

    def _take_finish(self) -> Token | None:
        token = self._look()
        if token is not None and token.lower in ("завершення", "закінчення"):
            return self._take(Tag.VAGUE)
        return None

    def _take_this_plan(self) -> None:
        if self._reads("дій", "заходів"):
            self.at += 1

    def _reads(self, *words: str) -> bool:
        """Whether the next word is one of these."""
        token = self._look()
        return token is not None and token.lower in words

    # recurring

    def _repeat(self) -> Item | None:
        start = self.at
        self._skip(Tag.NOT, Tag.LESS)
        rarer = any(token.lower in _RARER for token in self.tokens[start : self.at])
        negated = any(token.kind is Tag.NOT for token in self.tokens[start : self.at])
        item = self._rule()
        less = any(token.kind is Tag.LESS for token in self.tokens[start : self.at])
        if item is not None and ((rarer and not negated) or (negated and not less)):
            # “Less often than yearly”, “not yearly” set no period.
            return Item(What.FAULT, (), reason="deadline_ambiguous")
        return item

    def _rule(self) -> Item | None:
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
        start = self.at - 1
        count = self._take(*COUNTS)
        unit = self._take(*UNITS)
        if unit is None:
            return None
        every = self.tokens[start - 1] if start else None
        if count is None and every is not None and every.lower == "через":
            # “Every other month”, or every month.
            return Item(What.FAULT, (), reason="deadline_ambiguous")
        return divided(1, count.value if count else 1, unit)

    def _times(self) -> Item | None:
        """Twice a year; one time in three months."""
        twice = self._take(Tag.TWICE)
        count = twice or self._take(*COUNTS)
        if count and not twice and self._is(Kind.DASH, Tag.OR, Tag.UNTIL):
            return None
        times = None if twice else self._take(Tag.TIMES)
        if not twice and not times:
            return None
        if not count and times and times.lower in _PLURAL:
            # “__ times a year”: how many times is left blank.
            return Item(What.FAULT, (), reason="deadline_incomplete")
        once = count is None or count.value == 1
        if once and self._is(Tag.IN, Tag.DURING) and self._is(Kind.YEAR, ahead=1):
            return self._bare()
        if not self._skip(Tag.IN, Tag.DURING) and not self._slash():
            return None
        every = self._take(Tag.EVERY)
        length = self._take(*COUNTS)
        unit = self._take(*UNITS)
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
        negated = self._take(Tag.NOT) is not None
        self._skip(Tag.IN)
        if not self._take(Tag.CONTINUOUS):
            return None
        self._skip(Tag.FILLER)
        if negated:
            return Item(What.FAULT, (), reason="deadline_ambiguous")
        return Item(What.CONTINUOUS, (), Span(None, None))

    # until, since, during

    def _until(self) -> Item | None:
        later = self._not_later()
        through = not later and self._take(Tag.UP_TO) is not None
        until = self._take(Tag.UNTIL) is not None
        if not (later or through or until):
            return None
        end = self._take(Tag.END) is not None or self._take_finish() is not None
        if end:
            self._skip(Tag.IN)
        if self._length():
            return Item(What.LENGTH, (), reason="deadline_relative")
        before = self.at
        spans = self._units()
        if not isinstance(spans, list):
            return spans
        ranged = any(t.kind is Kind.DASH for t in self.tokens[before : self.at])
        # “Until March” leaves open whether March itself counts.
        last = self._take(Tag.INCLUSIVE) is not None
        sure = end or through or later or last
        days = all(span.start == span.end for span in spans)
        unsure = not days and (bool(spans[1:]) or ranged or not sure)
        if unsure or self._goes_on():
            return Item(What.FAULT, (), reason="deadline_ambiguous")
        for span in spans[:-1]:
            self.items.append(by_or_span(span, bounded=False, joined=self.joined))
        return Item(What.BY, (), Span(None, spans[-1].end), cap=later)

    def _goes_on(self) -> bool:
        """Whether a second end follows: “until June through July” says two things."""
        start = self.at
        goes_on = self._take(Tag.UP_TO) is not None and self._starts_unit()
        self.at = start
        return goes_on

    def _not_later(self) -> bool:
        if not (self._is(Tag.NOT) and self._is(Tag.LATER, ahead=1)):
            return False
        self.at += 2
        if self._is(Kind.SEPARATOR) and self._is(Tag.LESS, ahead=1):
            self.at += 1
        self._skip(Tag.LESS)
        token = self._look()
        if token is not None and token.lower == "за":
            self.at += 1
        return True

    def _since(self) -> Item | None:
        since = self._take(Tag.SINCE) is not None
        word = self._take(Tag.FROM)
        if not (word or since):
            return None
        first = self._unit(later=True)
        if first is None or isinstance(first, Item):
            return first
        began = self.at
        if self._to_end() and (span := self._range(first)):
            return span
        self.at = began
        spans = resolve([first], [])
        if isinstance(spans, Item):
            return spans
        if word is not None and word.lower == "від" and not since:
            # “Of 1 May” is the date of an act as often as a beginning.
            return Item(What.FAULT, (), reason="deadline_ambiguous")
        return Item(What.SINCE, (), Span(spans[0].start, None))

    def _to_end(self) -> bool:
        """Take what leads to the end of a range: a dash, “inclusive, and until”."""
        if self._take(Kind.DASH):
            return True
        while (token := self._look()) is not None and token.text != ";":
            if not self._take(*JOINTS, Tag.INCLUSIVE):
                break
        return self._is(Tag.UNTIL, Tag.UP_TO)

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
        spans = between(first, second)
        return spans if isinstance(spans, Item) else Item(What.SPAN, (), spans[0])

    def _bare(self, *, free: bool = False) -> Item | None:
        """A date or period without a word before it, or with “during”, “in”.

        :param free: whether it belongs to no word before it.
        """
        start = self.at
        bounded = self._skip(Tag.DURING, Tag.IN) > 0
        own = [token.lower for token in self.tokens[start : self.at]]
        about = "за" in own
        if self._length(working=not bounded):
            return Item(What.LENGTH, (), reason="deadline_relative")
        if bounded:
            self._take(Tag.WHOLE)
        first = self.at
        through = self._through()
        if through is not None:
            return through
        self.at = first
        spans = self._units()
        if not isinstance(spans, list):
            return spans
        self._take(Tag.INCLUSIVE)
        about = about or (own == ["на"] and spans[-1].start == spans[-1].end)
        if about or (self._of_noun(start) and not free) or self._unclear_end():
            # “For 2025”, “as of 1 May”, “budget of 2025” say what it is about, not when it is due.
            return Item(What.FAULT, (), reason="deadline_ambiguous")
        for span in spans[:-1]:
            self.items.append(by_or_span(span, bounded, self.joined))
            self.joined = True
        return by_or_span(spans[-1], bounded, self.joined)

    def _through(self) -> Item | None:
        """A range without “from”: 01.06.2025 по 31.12.2025."""
        first = self._unit(later=False)
        if isinstance(first, Unit) and self._is(Tag.UP_TO):
            return self._range(first)
        return None

    def _unclear_end(self) -> bool:
        """Whether “until” follows a bare date: a range, or two deadlines in one cell."""
        start = self.at
        self._skip(Kind.DASH, Tag.AND)
        unclear = self._take(Tag.UNTIL) is not None and self._starts_unit()
        self.at = start
        return unclear

    def _of_noun(self, start: int) -> bool:
        """Whether the word before has the date as its own: бюджет (на) 2025 рік."""
        before = self.tokens[start - 1] if start else None
        own = [token.lower for token in self.tokens[start : start + 1]]
        if before is None or before.kind not in (Kind.WORD, Tag.PLAN, Tag.ACT):
            return False
        return own == ["на"] or self.tokens[start].kind not in (Tag.IN, Tag.DURING)

    def _length(self, *, working: bool = False) -> bool:
        """Whether a length such as “30 days” follows, counted from somewhere.

        :param working: whether only lengths in working days count.
        """
        start = self.at
        count = self._take(*COUNTS)
        named = self._take(Tag.WORKING) is not None
        unit = self._take(*UNITS) if count else None
        if unit and (named or not working) and not self._is(Kind.YEAR):
            # “2 кварталу” is the second quarter, “2 кварталів” are two of them.
            one = unit.kind in (Tag.QUARTER, Tag.HALF) and self._is_ordinal(count)
            if not one or unit.lower.endswith("ів"):
                return True
        self.at = start
        return False

    @staticmethod
    def _is_ordinal(token: Token | None) -> bool:
        return token is not None and token.kind is Kind.NUMBER
