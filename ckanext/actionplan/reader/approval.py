"""The act that approves a plan: its block, the order's heading, a registration stamp.

Acts that are merely cited, certificates and signing times are never taken for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from .deadline import Term, read_deadline
from .lookalike import cyrillic
from .wording import Kind, tokens_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

APPROVED: Final = re.compile(
    r"(?:затвердж(?:ено|ую|ений)|схвал(?:ено|ений|ую)|погоджено|додаток)\b", re.I
)
#: The block of somebody who was asked, beside the block of who approves.
AGREED: Final = re.compile(r"погоджен|погоджую|узгоджен", re.I)
TITLE_OF_ORDER: Final = re.compile(
    r"про\s+(?:затвердження|схвалення)\s+.*?(?:план|дорожн)", re.I
)
_ORDER: Final = re.compile(r"(?:розпорядження|рішення|наказ|постанова)\b", re.I)
_NUMBER: Final = re.compile(
    r"(?:№|(?<!\w)N)\s*([0-9][0-9A-Za-zА-ЯІЇЄҐа-яіїєґ]*(?:[-–/.][0-9A-Za-zА-ЯІЇЄҐа-яіїєґ]+)*)"
)
_ACT: Final = re.compile(
    r"\b(?:розпоряджен|рішен|наказ|постанов|закон|указ)\w*|\bсесі|\bскликан", re.I
)
TIME: Final = re.compile(r"\d{1,2}:\d\d")
#: Lines of an electronic stamp that are about the signature, not about the act.
_STAMP: Final = re.compile(
    r"документ\s+сед|сертифікат|підписувач|підписано|дійсний\s+(?:з|до)|кеп\b|"
    r"еп\b|мітка\s+часу|електронн\w+\s+підпис|аскод|мегаполіс|"
    r"(?:стор(?:інка|\.)?\s*)?[-–—]?\s*\d{1,3}\s*(?:(?:з|із|/)\s*\d{1,3})?\s*[-–—]?$|"
    r"стор(?:інка|\.)\s*\d|продовження\s+(?:додатк|таблиц)",
    re.I,
)
#: Beginnings that are a stamp wherever they stand, also in a cell of the table.
_MARK: Final = re.compile(
    r"документ\s+сед\b|сертифікат[\s:№]+[\dA-F]{8}|мітка\s+часу|дійсний\s+з\s+\d|"
    r"підписувач\s*(?::|(?-i:[А-ЯІЇЄҐ]))",
    re.I,
)
#: Signatures, stamps and headings of orders are short lines.
LINE: Final = 160
#: A longer line is a part of a sentence.
_SENTENCE: Final = 40
#: “Затверджено” is followed by the act in the instrumental, an annex by the genitive.
_OBLIQUE: Final = re.compile(
    r"^((?:розпоряджен|рішен)н|наказ|постанов)(ям|ом|ою|у|и)\b", re.I
)
_ENDINGS: Final = {"ям": "я", "ом": "", "ою": "а", "у": "", "и": "а"}
#: A day in quotes on a stroke, the month in digits behind it: «05» 02 2021.
_DAY_APART: Final = re.compile(
    r"[«\"“]\s?(\d{1,2})\s?[»\"”]\s?[\s.](\d{2})[\s.]\s?(\d{4})(?!\d)"
)
#: A stamp printed on one line, with its number and date in the middle of it.
_STAMP_IN_LINE: Final = re.compile(
    r"документ\s+сед|аскод|мегаполіс|сертифікат[\s:№]+[\dA-F]{8}", re.I
)
_REGISTERED: Final = re.compile(
    _NUMBER.pattern + r"\s*від\s*(\d{1,2}\.\d{1,2}\.\d{4}(?!\d))"
)
_PLACE_WORDS: Final = 1
#: Who issued an order, in the genitive on a line of its own.
_ISSUER: Final = re.compile(
    r"(?:[\w'’-]+(?:ого|ої)\s+){0,4}(?:голови|начальника|комітету|ради|адміністрації)\b"
    r"[^\d№]{0,80}$",
    re.I,
)
#: A proper adjective keeps its capital: Липовецької, but not міської.
_PROPER: Final = re.compile(
    r"^(?!міськ|сільськ|військ|громадськ)[\w'’-]+(?:ськ|цьк|зьк)(?:ої|ого)$", re.I
)
#: The resolutions on open data itself approve no plan.
_CABINET: Final = {("835", date(2015, 10, 21)), ("867", date(2016, 11, 30))}
_SPACED: Final = re.compile(r"(?:[А-ЯІЇЄҐ] ){3,}[А-ЯІЇЄҐ]")
_STROKES: Final = re.compile(r"_+(?=[\d«\"“])|(?<=[\d»\"”.])_+|(?<=\w)_+(?=\s|$)")
_NUMERIC: Final = re.compile(r"_+[«\"“]?\d|\d[»\"”.]?_")
#: What says in a title or under it which act approved the plan.
_UNDER: Final = re.compile(
    r"(?:затвердж\w+|схвален\w+|\()\s*((?:розпоряджен|рішен|наказ|постанов)\w*\s[^()]{5,140})",
    re.I,
)
#: Lines of the title and under it that may name the act.
_TITLE_END: Final = 10
#: A sentence on what becomes of another act.
_PLAIN: Final = re.compile(r"втрат|скас|змін|доповн|викласти|виконан|контрол", re.I)
#: The block of approval ends within so many lines, none longer than that.
_BLOCK_LINES: Final = 24
_BLOCK_LINE: Final = 3 * LINE


@dataclass(frozen=True, slots=True)
class Act:
    """A candidate for the approving act."""

    source: str
    number: str = ""
    day: date | None = None
    document: str = ""


def is_stamp(text: str) -> bool:
    """Whether a line is a page number or belongs to an electronic stamp."""
    text = cyrillic(text)
    return bool(_STAMP.match(text.strip())) or _standalone(text) is not None


def is_stamp_mark(text: str) -> bool:
    """Whether a text can only be the line of an electronic stamp."""
    return bool(_MARK.match(cyrillic(text).strip())) and len(text) < LINE


def cites_act(text: str) -> bool:
    """Whether a text names an act, so that a number and date may belong to it."""
    return bool(_ACT.search(cyrillic(text)))


def find_acts(
    before: Sequence[str], start: int, end: int, after: Sequence[str]
) -> list[Act]:
    """Candidates for the approving act, the likeliest first.

    :param before: lines before the first task.
    :param start: where the title begins among them.
    :param end: where it ends.
    :param after: lines after the first task.
    """
    before, after = [_filled_in(t) for t in before], [_filled_in(t) for t in after]
    outside = [*before[:start], *before[end:], *after]
    stamps = [act for act in _stamps(outside) if act.number and act.day]
    found = [
        *_approval_block(before, start),
        *_order_acts(before, start),
        *_said_under(before[start:]),
        *stamps,
        *filter(None, map(_whole_act, after)),
    ]
    return [act for act in found if (act.number, act.day) not in _CABINET]


def _filled_in(text: str) -> str:
    """Without the strokes on which a number and date were written; letters joined."""
    if len(text) > LINE:
        return text
    if _SPACED.fullmatch(text):
        return text.replace(" ", "")
    return _STROKES.sub(" ", text).strip() if _NUMERIC.search(text) else text


def _said_under(lines: Sequence[str]) -> list[Act]:
    """The act named within the title or under it: (рішення ради від … № …)."""
    text = " ".join(line for line in lines[:_TITLE_END] if line)
    match = _UNDER.search(text[: 2 * _BLOCK_LINE])
    if match is None:
        return []
    act = _whole_act(_OBLIQUE.sub(_nominative, match[1], count=1))
    return [act] if act else []


def _whole_act(text: str) -> Act | None:
    """An act with number and date on a line of its own."""
    if not _ORDER.match(text) or len(text) > LINE:
        return None
    number, days = _first_number(text), _dates(text)
    if not number or len(days) != 1 or TIME.search(text) or _PLAIN.search(text):
        return None
    return Act("order", number, days[0], _document([text]))


def _dates(text: str) -> list[date]:
    """The days named in a line, in digits or with the month's name."""
    text = _DAY_APART.sub(r"\1.\2.\3", text)
    found = [t.day for t in tokens_of(text) if t.kind is Kind.DATE and t.day]
    for match in re.finditer(
        r"[\"«“”]?\s*(\d{1,2})\s*[\"»”“]?\s+([а-яіїєґ]{4,})\s+(\d{4})", text.casefold()
    ):
        reading = read_deadline(" ".join(match.groups()), Term())
        if reading.due and reading.due.startswith("../") and reading.due[3:] != "..":
            found.append(date.fromisoformat(reading.due[3:]))
    return found


def _first_number(text: str) -> str:
    match = _NUMBER.search(text)
    return match[1].rstrip(".-/–") if match else ""


def _standalone(text: str) -> Act | None:
    """The number and date of a registration: a line that holds nothing else."""
    if TIME.search(text) or len(text) > LINE or _ACT.search(text):
        return None
    number, days = _first_number(text), _dates(text)
    if not (number or days):
        return None
    rest = _NUMBER.sub(" ", text)
    rest = re.sub(r"\d{1,2}\s*[./]\s*\d{1,2}\s*[./]\s*\d{4}", " ", rest)
    rest = re.sub(
        r"[\"«“”]?\d{1,2}[\"»”“]?\s+[а-яіїєґ]+\s+\d{4}", " ", rest, flags=re.I
    )
    rest = re.sub(r"\b(?:м|смт|с|місто|селище)\b\.?\s*[А-ЯІЇЄҐ][\w'’-]+", " ", rest)
    rest = re.sub(
        r"\b(?:від|року|р|м|смт|с|на|місто|вих|вх|реєстраційний|номер)\b", " ", rest
    )
    words = re.findall(r"\w+", rest)
    small = [word for word in words if not word[:1].isupper() or word == "України"]
    if small or len(words) > _PLACE_WORDS:
        return None
    return Act("stamp", number, days[0] if days else None)


def _registered(text: str) -> Act | None:
    """The number and date of a stamp whose lines were joined."""
    if len(text) > _BLOCK_LINE or not _STAMP_IN_LINE.search(text):
        return None
    match = _REGISTERED.search(text)
    days = _dates(match[2]) if match else []
    return Act("stamp", match[1], days[0]) if match and days else None


def _stamps(lines: Sequence[str]) -> Iterator[Act]:
    """Registrations; a wrapped line of a sentence that cites an act is none."""
    above = ""
    for text in lines:
        act = (_standalone(text) or _registered(text)) if text else None
        sentence = (
            len(above) > _SENTENCE and cites_act(above) and above[-1:] not in ".:"
        )
        if act is not None and not sentence:
            yield act
        above = text or above


def _approval_block(before: Sequence[str], title: int) -> list[Act]:
    """The act named under “ЗАТВЕРДЖЕНО”, between that word and the title."""
    starts = [at for at in range(min(title, len(before))) if APPROVED.match(before[at])]
    starts.sort(key=lambda at: bool(AGREED.match(before[at])))
    out: list[Act] = []
    for start in starts:
        words: list[str] = []
        for text in before[start : min(title, start + _BLOCK_LINES)]:
            if (
                len(text) > _BLOCK_LINE
                or _STAMP.match(text)
                or (APPROVED.match(text) and text != before[start])
            ):
                break
            words.append(text)
            if text and (_first_number(text) or "№" in text) and len(words) > 1:
                break
        block = " ".join(word for word in words if word)
        days = _dates(block)
        document = _document(words)
        number = _first_number(_after_approval(block))
        if number or days or document:
            day = days[0] if days else None
            out.append(Act("block", number, day, document))
    return out


def _after_approval(block: str) -> str:
    """Without the number of the annex: Додаток № 1 до рішення № 25."""
    return re.sub(r"^додаток\s*(?:№\s*)?\d*", "", block, flags=re.I)


def _document(words: Sequence[str]) -> str:
    """The kind of act and who issued it, without date, number and blanks."""
    text = " ".join(word for word in words if word)
    text = APPROVED.sub("", text, count=1)
    match = _ACT.search(text)
    if not match or re.match(r"сесі|скликан", match[0], re.I):
        return ""
    text = text[match.start() :]
    text = re.split(
        r"\s+від\s+[\"«“_\d]|\s*№|\s*[\"«“]\s*[_\d]|\s*_{2,}"
        r"|\s+\d{1,2}(?:\.\d|\s+[а-яіїєґ]{4,9}\s+20\d)",
        text,
        maxsplit=1,
    )[0]
    return _OBLIQUE.sub(_nominative, text.strip(' ,."«»“”'), count=1)


def _nominative(match: re.Match[str]) -> str:
    """“Рішенням ради” approves what “рішення ради” is."""
    whole = match[1] + _ENDINGS[match[2].casefold()]
    return whole.upper() if match[0].isupper() else whole


def _order_acts(before: Sequence[str], title: int) -> list[Act]:
    """Date and number under the heading of the order itself, one or two lines."""
    for at in range(min(title, len(before))):
        if not _ORDER.match(before[at]) or len(before[at]) > LINE:
            continue
        whole = _whole_act(before[at])
        if whole is not None:
            return [whole]
        number, day = "", None
        for text in before[at : at + 10]:
            if TITLE_OF_ORDER.match(text) or re.match(
                r"\s*керуючись|відповідно", text, re.I
            ):
                break
            act = _standalone(text) or (Act("order") if text else None)
            number = number or (act.number if act else "")
            day = day or (act.day if act else None)
        if number or day:
            return [Act("order", number, day, _order_name(before[at : at + 2]))]
    return []


def _order_name(lines: Sequence[str]) -> str:
    """The heading of an order, with who issued it on the next line."""
    name = _small(lines[0].strip())
    name = name[:1].upper() + name[1:]
    if lines[1:] and _ISSUER.match(lines[1]):
        name = f"{name} {_small(lines[1].strip())}"
    return name


def _small(name: str) -> str:
    """What is printed in capitals as it would be written."""
    if not name.isupper():
        return name
    return " ".join(
        word.capitalize() if _PROPER.search(word) else word.lower()
        for word in name.split()
    )
