"""Why a deadline stays open: what words beside its expressions make of them."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final

from ..core.due import Repeat
from .parts import VALUED
from .units import Item, What
from .vocabulary import YEARLY, Tag
from .wording import Kind, Token

if TYPE_CHECKING:
    from collections.abc import Sequence

_NUMERIC: Final = (
    Kind.NUMBER, Kind.ROMAN, Kind.YEAR, Tag.ORDINAL, Tag.COUNT, Tag.TWICE,
    Tag.DATE_OF_MONTH,
)  # fmt: skip
#: Words that change what a date beside them means.
_BLOCKERS: Final = {
    Tag.AFTER: "deadline_event",
    Tag.OR: "deadline_ambiguous",
    Tag.VAGUE: "deadline_ambiguous",
    Tag.EARLIER: "deadline_ambiguous",
    Tag.LATER: "deadline_ambiguous",
    Tag.END: "deadline_ambiguous",
    Tag.NOT: "deadline_ambiguous",
    Tag.DAY: "deadline_relative",
    Tag.WEEK: "deadline_relative",
    Tag.DURING: "deadline_relative",
    Tag.TIMES: "deadline_unknown",
    Tag.EVERY: "deadline_unknown",
}
_UNFINISHED: Final = (
    Tag.QUARTER,
    Tag.HALF,
    Tag.YEAR_WORD,
    Tag.MONTH,
    Tag.MONTH_WORD,
    Tag.HALVED,
)
_RELATIVE: Final = (Tag.TERM, Tag.DAY, Tag.WEEK, Tag.DURING, Tag.VALIDITY)
#: “Until” before such a noun waits for an event: до прийняття, до завершення.
_EVENT_ENDINGS: Final = ("ння", "ття", "тку", "ції")
_EXCEPT: Final = ("крім", "окрім")
_UNCLEAR: Final = (Tag.VAGUE, Tag.EARLIER, Tag.LATER)
#: Words that leave a date unclear although a last day follows.
_NEVER_CAPPED: Final = {
    Tag.OR,
    Tag.VAGUE,
    Tag.EARLIER,
    Tag.LATER,
    Kind.YEAR,
    Kind.ROMAN,
}
_COUNTED: Final = (Kind.NUMBER, Tag.COUNT, Tag.TWICE)
_LIMITS: Final = ("більше", "більш", "максимум", "частіше", "понад")
_REFERENCES: Final = ("відповідно", "згідно", "зміни", "змін", "доступ", "доступу")


def _has(items: Sequence[Item], *whats: What) -> bool:
    return any(item.what in whats for item in items)


def plain_words(items: Sequence[Item]) -> list[Token]:
    """The tokens that belong to no expression."""
    return [t for item in items if item.what is What.WORD for t in item.tokens]


def fault(items: list[Item], *, cited: bool) -> str | None:
    """The reason why the wording as a whole stays open, None when it does not."""
    repeats = _has(items, What.REPEAT)
    for item in items:
        if item.what is What.FAULT:
            return item.reason
        if item.what is What.TERM and not _has(items, What.REPEAT, What.CONTINUOUS):
            return item.reason
    if _capped(items):
        return None
    parts = [i for i in items if i.what is What.PART]
    lengths = [i for i in items if i.what is What.LENGTH]
    if (parts or lengths) and not repeats:
        return (lengths or parts)[0].reason
    if not _once_each(parts, items):
        return "deadline_ambiguous"
    if not _has(items, *VALUED):
        return _why_nothing(items, cited)
    return _blocked(items, repeats)


def _capped(items: Sequence[Item]) -> bool:
    """Whether a last day follows what counts from an event: but not later than May."""
    valued = [item for item in items if item.what in VALUED]
    kinds = {token.kind for token in plain_words(items)}
    return (
        len(valued) == 1
        and valued[0] is items[-1]
        and valued[0].cap
        and valued[0].joined
        and not kinds & _NEVER_CAPPED
        and not any(item.what is What.PART for item in items)
    )


def _once_each(parts: Sequence[Item], items: Sequence[Item]) -> bool:
    """Whether the days listed are as many as the rule asks for in a year."""
    count = sum(part.count for part in parts)
    rules = [item.value for item in items if isinstance(item.value, Repeat)]
    lengths = [YEARLY if rule.unit == "Y" else rule.months or 0 for rule in rules]
    if any(count * months == YEARLY for months in lengths):
        return True
    if any(part.bounded for part in parts):
        # “Monthly in May and June” is no rule for the year.
        return False
    # Each rule may have a day of its own: monthly (the 5th), quarterly (the 10th).
    return count <= 1 or count == len(parts) <= len(lengths)


def _why_nothing(items: list[Item], cited: bool) -> str:
    words = plain_words(items)
    kinds = {token.kind for token in words}
    if cited:
        return "deadline_cited_act"
    if _until_event(words) or kinds & {Tag.AFTER, Tag.NEED}:
        return "deadline_event"
    if kinds & {Kind.NUMBER, Kind.YEAR, *_UNFINISHED} and not kinds & {Tag.TERM}:
        return "deadline_incomplete"
    if kinds & set(_RELATIVE):
        return "deadline_relative"
    return "deadline_unknown"


def _blocked(items: list[Item], repeats: bool) -> str | None:
    words = plain_words(items)
    if any(token.kind is Tag.OR for token in words):
        return "deadline_ambiguous"
    if any(token.kind in _NUMERIC for token in words):
        return "deadline_incomplete"
    if _alternatives(items):
        return "deadline_ambiguous"
    if repeats and (_at_most(items) or _unclear_beside(items, words)):
        return "deadline_ambiguous"
    if repeats:
        unsaid = _during_some_year(words) or _lonely_unit(items)
        return "deadline_incomplete" if unsaid else None
    return _blocked_date(items, words)


def _blocked_date(items: Sequence[Item], words: Sequence[Token]) -> str | None:
    """The same for what has no rule: words that a date cannot stand beside."""
    if any(token.kind in _UNFINISHED or token.text == "_" for token in words):
        return "deadline_incomplete"
    if _until_event(words):
        return "deadline_event"
    if items[-1].what is What.WORD and items[-1].tokens[0].kind is Tag.THEN:
        return "deadline_ambiguous"
    if _some_period(items) or _from_on(items):
        return "deadline_relative"
    for token in words:
        if token.kind in _BLOCKERS:
            return _BLOCKERS[Tag(token.kind)]
    return None


def _alternatives(items: Sequence[Item]) -> bool:
    """Whether one of several dates holds on a condition only."""
    dated = [item for item in items if item.what in (What.BY, What.SPAN)]
    kinds = {token.kind for token in plain_words(items)}
    return len(dated) > 1 and bool(kinds & {Tag.IF, Tag.NEED})


def _unclear_beside(items: Sequence[Item], words: Sequence[Token]) -> bool:
    """Whether a word makes a date unclear that stands beside a rule."""
    dated = any(item.what in (What.BY, What.SPAN, What.SINCE) for item in items)
    rules = sum(item.what is What.REPEAT for item in items)
    unclear = any(token.kind in _UNCLEAR for token in words)
    return unclear and (dated or rules > 1 or _excepted(items))


def _excepted(items: Sequence[Item]) -> bool:
    """Whether a rule leaves out a part of the year: monthly, except in August."""
    return any(
        one.tokens[-1].lower in _EXCEPT and two.what is What.PART
        for one, two in itertools.pairwise(items)
    )


def _some_period(items: Sequence[Item]) -> bool:
    """Whether it holds for a time that has no dates: на період воєнного стану."""
    kinds = [
        item.tokens[0].kind if item.what is What.WORD else item.what for item in items
    ]
    sought = [Tag.IN, Tag.TERM, Kind.WORD]
    return any(kinds[at : at + len(sought)] == sought for at in range(len(kinds)))


def _from_on(items: Sequence[Item]) -> bool:
    """Whether a length is counted from a day: у місячний строк з 01.06.2025."""
    kinds = [
        item.tokens[0].kind if item.what is What.WORD else item.what for item in items
    ]
    lengths = ((Kind.WORD, Tag.TERM), (Tag.KNOWN, Tag.TERM))
    return What.SINCE in kinds and any(
        pair in lengths for pair in itertools.pairwise(kinds)
    )


def _at_most(items: Sequence[Item]) -> bool:
    """Whether a rule says how often at most, which is no duty to do it so often."""
    if any(token.lower in _LIMITS for token in plain_words(items)):
        return True
    return any(
        one.tokens[-1].kind is Tag.UNTIL and two.tokens[0].kind in _COUNTED
        for one, two in itertools.pairwise(items)
        if two.what is What.REPEAT and one.what is What.WORD
    )


def _lonely_unit(items: Sequence[Item]) -> bool:
    """Whether a unit follows a rule and says nothing: monthly, of a quarter."""
    return any(
        one.what is What.REPEAT
        and two.what is What.WORD
        and two.tokens[0].kind in _UNFINISHED
        for one, two in itertools.pairwise(items)
    )


def _during_some_year(words: Sequence[Token]) -> bool:
    """Whether a rule holds for one year only, and which is not said."""
    return any(
        one.kind is Tag.DURING and two.kind is Tag.YEAR_WORD
        for one, two in itertools.pairwise(words)
    )


def _until_event(words: Sequence[Token]) -> bool:
    for at, token in enumerate(words[:-1]):
        before = words[at - 1].lower if at else ""
        after = words[at + 1].lower
        if token.kind is Tag.UNTIL and before not in _REFERENCES:
            return after.endswith(_EVENT_ENDINGS)
        if token.kind in (Tag.FROM, Tag.SINCE) and words[at + 1].lower in (
            "дня", "дати", "моменту", "часу",
        ):  # fmt: skip
            return True
    return False
