"""A printed deadline into its normal form, or the reason why it stays open.

Never a guess: what can be understood in two ways, lacks a year, counts from an event or
takes its date from a cited act is left to a person.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ..core.due import JOINT, render
from .cited import without_citations
from .grammar import Parser
from .judge import fault, plain_words
from .parts import Term, absorbed, kept_parts, with_term
from .units import What
from .vocabulary import Tag
from .wording import Kind, tokens_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .units import Item
    from .wording import Token

__all__ = ["Reading", "Term", "read_deadline"]

_UNSAID: Final = (Tag.FILLER, Kind.OTHER)
_LEADING: Final = (Tag.TERM, Tag.VALIDITY, Tag.IN, Tag.UNTIL, Tag.NOT, Tag.LESS)
_LENGTH: Final = 1000
_APART: Final = re.compile(r"[;•▪●]")
#: A school or budget year: 2025/2026.
_SPLIT_YEAR: Final = re.compile(r"(?<![\d./])20\d\d\s*/\s*(?:20)?\d\d(?![\d./])")


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
    apart = [_read(piece, plan) for piece in _APART.split(wording) if piece.strip()]
    if apart[1:] and all(reading.due for reading in apart):
        return _together(wording, apart, plan)
    return _read(wording, plan)


def _together(wording: str, apart: Sequence[Reading], plan: Term) -> Reading:
    """Expressions with a semicolon between them stand each for itself."""
    whole = _read(wording, plan)
    said = sum(token.kind is Tag.CONTINUOUS for token in tokens_of(wording))
    started = any(r.due and r.due[0] != "." and r.due.endswith("..") for r in apart)
    if started and not said:
        # “From May; until June” is one as well.
        return whole
    if said == 1 and whole.due and whole.due in [reading.due for reading in apart]:
        # “From 1 May; continuously” is one: “continuously” adds nothing to a start.
        return whole
    parts = [part for reading in apart for part in (reading.due or "").split(JOINT)]
    return Reading(
        JOINT.join(dict.fromkeys(parts)),
        None,
        min(reading.confidence for reading in apart),
        " ".join(reading.qualifier for reading in apart if reading.qualifier),
    )


def _read(wording: str, plan: Term) -> Reading:
    tokens, cited = without_citations(tokens_of(wording))
    items = with_term(absorbed(Parser(tokens).parse()), plan)
    reason = fault(items, cited=cited)
    if reason is None:
        kept = kept_parts(items, plan)
        if isinstance(kept, str):
            reason = kept
        else:
            left = _qualifier(items)
            return Reading(render(kept), None, _confidence(tokens, left), left)
    return Reading(None, reason, 0.0, " ".join(_left_over(items)))


def _qualifier(items: Sequence[Item]) -> str:
    """The words left over, unless they only lead up to the date: “term: by May”."""
    words = [token for token in plain_words(items) if token.kind not in _UNSAID]
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
