"""What stands around the table: title, term, council, approving act, signatory."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from .approval import (
    APPROVED,
    TITLE_OF_ORDER,
    Act,
    find_acts,
    is_stamp,
)
from .authority import find_authority
from .deadline import Term
from .lookalike import cyrillic
from .signature import find_signatory, is_name, is_signature
from .validity import find_term, has_years

__all__ = ["Heading", "Line", "is_name", "is_signature", "read_heading", "title_lines"]

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

_TITLE: Final = re.compile(
    r"(?:(?:комплексн|операційн|стратегічн|міськ|місцев|цільов|галузев|річн)\w+\s+)*"
    r"(?:(?:план|програма|стратегія|концепція|комплекс|перелік)\s+(?:дій|заходів|"
    r"розвитку|реалізації|роботи?|завдань|у?впровадження|запровадження|імплементації|"
    r"виконання|підвищення|розширення|оприлюднення|щодо|по|на\s+20|з\s)|"
    r"план[-–\s]+(?:графік|програма)\b|дорожня\s+карта|(?:план|програма|заходи)$)|"
    r"(?:комплексн|стратегічн|операційн)\w+\s+план\b|заходи\s+(?:щодо|з|із|по)\s",
    re.I,
)
#: A word above a table that is the title of a plan only together with its years.
_CAPTION: Final = re.compile(r"(?:заходи|програма)", re.I)
#: A line with such a word and with years is a title as well.
_TITLE_WORD: Final = re.compile(
    r"(?:\w+\s+)?(?:план|програма|стратегія|концепція|заходи|перелік\s+заходів)\s+\w",
    re.I,
)
#: The approving act in brackets under the title.
_ACT_UNDER: Final = re.compile(
    r"\(?\s*(?:(?:затвердж|схвал)\w+\s+)?(?:рішенн|розпоряджен|наказ|постанов)\w*\s.*№",
    re.I,
)
#: Capitals with blanks between them, and the words that they may run together.
_SPACED: Final = re.compile(r"(?:[А-ЯІЇЄҐ]\s){3,}[А-ЯІЇЄҐ](?!\w)")
_SPACED_WORDS: Final = re.compile(r"^(?:ПЛАН|ДОРОЖНЯ|ПРОГРАМА|ПЕРЕЛІК)")
_TITLE_LINES: Final = 8
#: Longer texts are searched for years and names at their beginning only.
_TITLE_LENGTH: Final = 1000


@dataclass(frozen=True, slots=True)
class Line:
    """A line outside the tasks.

    :param text: its text; empty for an empty paragraph.
    :param before: whether it stands before the first task.
    """

    text: str
    before: bool = True


@dataclass(slots=True)
class Heading:
    """What the document says about the plan as a whole."""

    title: str = ""
    term: Term = field(default_factory=Term)
    authority: str = ""
    document: str = ""
    number: str = ""
    day: date | None = None
    signatory: str = ""
    source: str = ""
    doubts: list[tuple[str, str, dict[str, str]]] = field(
        default_factory=list[tuple[str, str, dict[str, str]]]
    )

    def doubt(self, code: str, name: str, **params: str) -> None:
        """Note a doubt about a field."""
        self.doubts.append((code, name, params))


def read_heading(lines: Sequence[Line]) -> Heading:
    """Read title, term and approving act from the lines around the tasks.

    :param lines: all lines outside the tasks, in order.
    """
    out = Heading()
    printed = [closed_up(line.text) for line in lines if line.before]
    before = [cyrillic(text) for text in printed]
    after = [cyrillic(line.text) for line in lines if not line.before]
    start, end = title_lines(before)
    _read_title(out, printed, start, end)
    _read_term(out, before)
    _read_act(out, before, start, end, after)
    out.signatory = find_signatory(before[:start]) or find_signatory(after)
    short = [text for text in (*before, *after) if len(text) <= _TITLE_LENGTH]
    title = cyrillic(out.title[:_TITLE_LENGTH])
    out.authority = find_authority(title, short, out.document)
    return out


# ---------------------------------------------------------------- title and term


def closed_up(text: str) -> str:
    """A text without blanks between the letters of a spaced word: П Л А Н  Д І Й."""
    match = _SPACED.match(text)
    if match is None:
        return text
    words = _SPACED_WORDS.sub(r"\g<0> ", match[0].replace(" ", "")).strip()
    return f"{words}{text[match.end() :]}"


def title_lines(before: Sequence[str]) -> tuple[int, int]:
    """Where the title stands: its first line and the line after its last.

    The last one with years is taken, without any the last one that is no mere word.
    """
    before = [closed_up(cyrillic(text)) for text in before]
    starts = [at for at, text in enumerate(before) if _TITLE.match(text)]
    weak = [at for at, text in enumerate(before) if _TITLE_WORD.match(text)]
    # “План дій” may begin a line inside the title as well: take the first of a block.
    firsts = [at for at in starts if at - 1 not in starts]
    for start in (*reversed(firsts), *reversed(weak)):
        end = _title_end(before, start)
        if has_years(" ".join(before[start:end])):
            return start, end
    for start in reversed(firsts):
        if not _CAPTION.fullmatch(before[start]):
            return start, _title_end(before, start)
    return len(before), len(before)


def _title_end(before: Sequence[str], start: int) -> int:
    end = start + 1
    for at in range(start + 1, min(len(before), start + _TITLE_LINES)):
        text = before[at]
        if not text:
            if has_years(" ".join(before[start:at])):
                break
            continue
        if not _goes_on(text, " ".join(before[start:end])):
            break
        end = at + 1
    return end


def _goes_on(text: str, title: str) -> bool:
    if has_years(title) and not text[:1].islower() and not text.startswith("("):
        return False
    numbered = re.match(r"(?:\d{1,2}|[IVXІХ]{1,4})\.\s", text)
    return not (
        numbered or _ACT_UNDER.match(text) or is_stamp(text) or APPROVED.match(text)
    )


def _read_title(out: Heading, printed: Sequence[str], start: int, end: int) -> None:
    out.title = " ".join(text for text in printed[start:end] if text)
    if out.title:
        return
    for text in printed:
        if TITLE_OF_ORDER.match(cyrillic(text)):
            out.title = text
            out.doubt("title_from_order", "title")
            return
    out.doubt("title_missing", "title")


def _read_term(out: Heading, before: Sequence[str]) -> None:
    order = next((text for text in before if TITLE_OF_ORDER.match(text)), "")
    for text in (out.title, order):
        term = find_term(cyrillic(text[:_TITLE_LENGTH]))
        if term is not None:
            out.term = term
            if term.start is None:
                out.doubt("period_open", "period_start")
            return
    out.doubt("period_missing", "period_start")


# ---------------------------------------------------------------- the approving act


def _read_act(
    out: Heading, before: Sequence[str], start: int, end: int, after: Sequence[str]
) -> None:
    acts = find_acts(before, start, end, after)
    out.document = next((act.document for act in acts if act.document), "")
    whole = next((act for act in acts if act.number and act.day), None)
    if whole is not None:
        out.number, out.day, out.source = whole.number, whole.day, whole.source
    else:
        out.number = next((act.number for act in acts if act.number), "")
        out.day = next((act.day for act in acts if act.day), None)
        out.source = next((a.source for a in acts if a.number or a.day), "")
    _doubt_act(out, acts)


def _doubt_act(out: Heading, acts: Sequence[Act]) -> None:
    if not out.number and not out.day:
        out.doubt("approval_missing", "approval_number")
    elif not out.number or not out.day:
        missing = "approval_date" if out.number else "approval_number"
        out.doubt("approval_partial", missing)
    others = {
        f"№ {act.number} {act.day or ''}".strip()
        for act in acts
        if act.number and (act.number != out.number or act.day not in (None, out.day))
    }
    for other in sorted(others):
        out.doubt("approval_conflict", "approval_number", other=other)
