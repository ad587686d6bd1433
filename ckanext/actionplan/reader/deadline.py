"""A printed deadline into its normal form, or the reason why it stays open.

Never a guess: what can be understood in two ways, lacks a year, counts from an event or
takes its date from a cited act is left to a person.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ..core.due import Part, Repeat, Span, render
from .grammar import Item, Parser, What
from .vocabulary import YEARLY, Tag
from .wording import Kind, Token, tokens_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

_LENGTH: Final = 1000
#: A school or budget year: 2025/2026.
_SPLIT_YEAR: Final = re.compile(r"(?<![\d./])20\d\d\s*/\s*(?:20)?\d\d(?![\d./])")
_START_AFTER: Final = (What.CONTINUOUS, What.SINCE)
_TERMS: Final = (What.TERM, What.BY_TERM)
_VALUED: Final = (What.BY, What.SPAN, What.SINCE, What.CONTINUOUS, What.REPEAT)
_NUMERIC: Final = (
    Kind.NUMBER, Kind.ROMAN, Kind.YEAR, Tag.ORDINAL, Tag.COUNT, Tag.TWICE, Tag.NUMERAL,
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
_UNSAID: Final = (Tag.FILLER, Kind.OTHER)
_LEADING: Final = (Tag.TERM, Tag.VALIDITY, Tag.IN, Tag.UNTIL, Tag.NOT, Tag.LESS)
_UNFINISHED: Final = (Tag.QUARTER, Tag.HALF, Tag.YEAR_WORD, Tag.MONTH, Tag.MONTH_WORD)
_RELATIVE: Final = (Tag.TERM, Tag.DAY, Tag.WEEK, Tag.DURING, Tag.VALIDITY)
#: “Until” before such a noun waits for an event: до прийняття, до завершення.
_EVENT_ENDINGS: Final = ("ння", "ття", "тку", "ції")
_COUNTED: Final = (Kind.NUMBER, Tag.COUNT, Tag.TWICE)
_LIMITS: Final = ("більше", "більш", "максимум", "частіше")
_REFERENCES: Final = ("відповідно", "згідно", "зміни", "змін", "доступ", "доступу")


@dataclass(frozen=True, slots=True)
class Term:
    """The validity of a plan.

    :param start: its first day, None when not known.
    :param end: its last day, None when not known.
    """

    start: date | None = None
    end: date | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read from a deadline.

    :param due: normal form, None when it stays open.
    :param reason: code of the reason why it stays open, else None.
    :param confidence: from 0 to 1.
    :param qualifier: words that were left over.
    """

    due: str | None
    reason: str | None
    confidence: float
    qualifier: str = ""


def read_deadline(wording: str, plan: Term) -> Reading:
    """Read a deadline as it is printed.

    :param wording: the printed text.
    :param plan: validity of its plan.
    :returns: the due in normal form, or a reason code of `messages.MESSAGES`.
    """
    if not wording.strip(" .-–—_\t\r\n"):
        return Reading(None, "deadline_missing", 0.0)
    if len(wording) > _LENGTH:
        return Reading(None, "deadline_unknown", 0.0)
    if _SPLIT_YEAR.search(wording):
        return Reading(None, "deadline_ambiguous", 0.0)
    tokens, cited = _without_acts(tokens_of(wording))
    items = _with_term(_absorbed(Parser(tokens).parse()), plan)
    reason = _fault(items, cited)
    if reason is None:
        kept = _kept(items, plan)
        if isinstance(kept, str):
            reason = kept
        else:
            left = _qualifier(items)
            return Reading(render(kept), None, _confidence(tokens, left), left)
    return Reading(None, reason, 0.0, " ".join(_left_over(items)))


def _without_acts(tokens: list[Token]) -> tuple[list[Token], bool]:
    """Turn the date and number of a cited act into plain words."""
    out: list[Token] = []
    cited, act = False, False
    for at, token in enumerate(tokens):
        before = tokens[at - 1] if at else None
        if token.kind is Tag.ACT:
            act = True
        elif token.kind in (Kind.SEPARATOR, Tag.REPEAT, Tag.CONTINUOUS):
            act = False
        number = before is not None and before.text in ("№", "N")
        dated = act and before is not None and before.lower == "від"
        if number or (dated and token.kind in (Kind.DATE, Kind.NO_DATE, Kind.NUMBER)):
            cited = True
            out.append(Token(Kind.WORD, token.text))
        else:
            out.append(token)
    return (_act_dates_as_words(out) if cited else out), cited


def _act_dates_as_words(tokens: list[Token]) -> list[Token]:
    """The month and year after the day of a cited act belong to it as well."""
    out: list[Token] = []
    inside = False
    for token in tokens:
        if token.kind is Kind.WORD and token.text[:1].isdigit():
            inside = True
        inside = inside and (
            token.kind in (Tag.MONTH, Kind.YEAR, Tag.YEAR_WORD)
            or token.text[:1].isdigit()
        )
        out.append(Token(Kind.WORD, token.text) if inside else token)
    return out


def _absorbed(items: list[Item]) -> list[Item]:
    """Join a start with the “continuously” beside it: one expression, not two."""
    out: list[Item] = []
    for item in items:
        last = out[-1] if out else None
        if (
            last is not None
            and item.what is What.CONTINUOUS
            and last.what is What.SINCE
        ):
            continue
        if last is not None and (last.what, item.what) == _START_AFTER:
            out.pop()
        if last is not None and item.what is What.CONTINUOUS and _bare_day(last):
            day = last.value.end if isinstance(last.value, Span) else None
            out[-1] = Item(What.SINCE, last.tokens, Span(day, None))
            continue
        out.append(item)
    return out


def _bare_day(item: Item) -> bool:
    """Whether it is a date without “until”: 01.07.2024 і постійно."""
    return (
        item.what is What.BY
        and bool(item.tokens)
        and item.tokens[0].kind in (Kind.DATE, Kind.NUMBER)
    )


def _with_term(items: list[Item], plan: Term) -> list[Item]:
    """Put the plan's own dates in for its term."""
    return [_dated(i, plan) if i.what in _TERMS else i for i in items]


def _dated(item: Item, plan: Term) -> Item:
    if plan.start is None or plan.end is None:
        return Item(What.TERM, item.tokens, reason="deadline_no_term")
    if item.what is What.TERM:
        return Item(What.SPAN, item.tokens, Span(plan.start, plan.end), bounded=True)
    return Item(What.BY, item.tokens, Span(None, plan.end), bounded=True)


def _has(items: Sequence[Item], *whats: What) -> bool:
    return any(item.what in whats for item in items)


def _words(items: Sequence[Item]) -> list[Token]:
    return [t for item in items if item.what is What.WORD for t in item.tokens]


def _fault(items: list[Item], cited: bool) -> str | None:
    """The reason why the wording as a whole stays open, None when it does not."""
    repeats = _has(items, What.REPEAT)
    for item in items:
        if item.what is What.FAULT:
            return item.reason
        if item.what is What.TERM and not _has(items, What.REPEAT, What.CONTINUOUS):
            return item.reason
    parts = [i for i in items if i.what is What.PART]
    lengths = [i for i in items if i.what is What.LENGTH]
    if (parts or lengths) and not repeats:
        return (lengths or parts)[0].reason
    if not _once_each(parts, items):
        return "deadline_ambiguous"
    if not _has(items, *_VALUED):
        return _why_nothing(items, cited)
    return _blocked(items, repeats)


def _once_each(parts: Sequence[Item], items: Sequence[Item]) -> bool:
    """Whether the days listed are as many as the rule asks for in a year."""
    count = sum(part.count for part in parts)
    lengths = [i.value.months for i in items if isinstance(i.value, Repeat)]
    return count <= 1 or any(count * (months or 0) == YEARLY for months in lengths)


def _why_nothing(items: list[Item], cited: bool) -> str:
    words = _words(items)
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
    words = _words(items)
    if any(token.kind is Tag.OR for token in words):
        return "deadline_ambiguous"
    if any(token.kind in _NUMERIC for token in words):
        return "deadline_incomplete"
    if repeats and _at_most(items):
        return "deadline_ambiguous"
    if repeats:
        return "deadline_incomplete" if _during_some_year(words) else None
    if any(token.kind in _UNFINISHED or token.text == "_" for token in words):
        return "deadline_incomplete"
    if _until_event(words):
        return "deadline_event"
    for token in words:
        if token.kind in _BLOCKERS:
            return _BLOCKERS[Tag(token.kind)]
    return None


def _at_most(items: Sequence[Item]) -> bool:
    """Whether a rule says how often at most, which is no duty to do it so often."""
    if any(token.lower in _LIMITS for token in _words(items)):
        return True
    return any(
        one.tokens[-1].kind is Tag.UNTIL and two.tokens[0].kind in _COUNTED
        for one, two in itertools.pairwise(items)
        if two.what is What.REPEAT and one.what is What.WORD
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


def _kept(items: list[Item], plan: Term) -> tuple[Part, ...] | str:
    """The parts of the due, or the reason why they do not fit together."""
    valued = [item for item in items if item.what in _VALUED]
    bases = (What.REPEAT, What.CONTINUOUS)
    out: list[Part] = []
    for at, item in enumerate(valued):
        if item.value is None:
            continue
        if item.what not in bases and _has(valued, *bases):
            base = next(i for i, other in enumerate(valued) if other.what in bases)
            if _bounds(item, at, valued[base], base):
                if _whole_term(item, plan):
                    continue
                return "deadline_bounded"
        out.append(item.value)
    return tuple(dict.fromkeys(out))


def _bounds(item: Item, at: int, base: Item, base_at: int) -> bool:
    """Whether a date limits a rule beside it instead of standing for itself."""
    if item.bounded or item.what is What.SINCE or at > base_at:
        # “Until May, then yearly” is two; “yearly until May” is one rule with an end.
        return not (item.joined and item.what is What.BY and at > base_at)
    if item.what is What.SPAN:
        return not base.then
    # Two deadlines side by side; in small letters and without a comma it is one.
    return not (base.joined or base.tokens[0].text[:2].istitle())


def _whole_term(item: Item, plan: Term) -> bool:
    """Whether a limit is the plan's own, so that it limits nothing."""
    value = item.value
    if isinstance(value, Repeat) or value is None or plan.end is None:
        return False
    if value.end is not None and value.end < plan.end:
        return False
    late = value.start is not None and (plan.start is None or value.start > plan.start)
    return not late


def _qualifier(items: Sequence[Item]) -> str:
    """The words left over, unless they only lead up to the date: “term: by May”."""
    words = [token for token in _words(items) if token.kind not in _UNSAID]
    others = any(item.what in (What.PART, What.LENGTH) for item in items)
    if not others and all(token.kind in _LEADING for token in words):
        return ""
    return " ".join(_left_over(items))


def _left_over(items: Sequence[Item]) -> list[str]:
    out: list[str] = []
    for item in items:
        if item.what in (What.WORD, What.PART, What.LENGTH):
            out += [t.text for t in item.tokens if t.kind not in _UNSAID]
    return out


def _confidence(tokens: Sequence[Token], left: str) -> float:
    typos = sum(token.typo for token in tokens)
    return round(max(0.99 - 0.15 * typos - (0.15 if left else 0.0), 0.3), 2)
