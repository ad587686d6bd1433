"""Executors of a cell: cut at commas and lines, never inside a name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from .vocabulary import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

#: Nouns in the nominative that begin the name of a body or a post.
_HEADS: Final = words(
    "управління департамент департаменти відділ відділи сектор сектори служба "
    "служби центр центри комітет комітети комісія комісії інспекція інспекції архів "
    "архіви агенція агенції агентство агентства апарат канцелярія секретаріат бюро "
    "інститут рада ради адміністрація адміністрації виконком громада громади "
    "міністерство підприємство підприємства установа установи організація "
    "організації заклад заклади орган органи підрозділ підрозділи школа школи ліцей "
    "ліцеї бібліотека бібліотеки лікарня лікарні музей музеї фонд фонди асоціація "
    "асоціації начальник начальники керівник керівники директор директори голова "
    "голови заступник заступники секретар секретарі керуючий керуюча завідувач "
    "завідувачі завідувачка спеціаліст спеціалісти староста старости члени член "
    "представник представники працівник працівники особа особи відповідальний "
    "відповідальна відповідальні адміністратор адміністратори розпорядник "
    "розпорядники робоча група групи координатор юрисконсульт програміст бухгалтер "
    "бухгалтерія фахівець фахівці виконавець виконавці радник радники координаційна "
    "держатель держателі"
)
#: Kinds of bodies that share an adjective: комунальні підприємства, установи.
_KINDS: Final = words(
    "підприємства установи організації заклади підрозділи органи служби"
)
#: Plural posts whose list in the genitive is one executor.
_CLASS: Final = re.compile(
    r"(?:усі |всі |інші )?(?:відповідальн\w+ (?:особи|працівники|посадові)|начальники|"
    r"керівники|члени|представники|заступники|працівники|посадові особи|директори|"
    r"спеціалісти|завідувачі|фахівці)\b"
)
#: A unit's field of work goes on after a comma: відділ освіти, культури та спорту.
_UNIT: Final = re.compile(
    r"(?:[\w'-]+(?:ий|е|а) )*(?:управління|департамент|відділ|сектор|служба|центр|"
    r"комітет|комісія|міністерство|начальник|завідувач|директор|заступник|спеціаліст)\b"
)
_GENITIVE: Final = re.compile(
    r"[\w'/-]*(?:их|іх|ого|ього|ої|ьої|ів|їв|ств|нь|ій|ей|ій)$"
    r"|(?:установ|організацій|закладів|рад|служб|шкіл|громад|комісій|комітетів|осіб"
    r"|лікарень|бібліотек)$"
)
_DEPENDENT: Final = re.compile(
    r"(?:що|які|яка|який|яке|яких|якими|якому|якій|в|у|за|з|із|зі|до|на|при|від|для|"
    r"крім|окрім|зокрема|включно|включаючи|тощо|спільно|разом|щодо|та ін|інше|інших)\b"
)
_ADJECTIVE: Final = re.compile(
    r"[\w'/-]*(?:ськ|цьк|зьк|н|ов|ев|єв|ич|юч|ч|ш|ськов)(?:ий|ій|а|я|е|є|і|ї)$"
)
_PERSON: Final = re.compile(
    r"(?:[А-ЯІЇЄҐ][а-яіїєґ'’-]+ [А-ЯІЇЄҐ]\. ?(?:[А-ЯІЇЄҐ]\.)?"
    r"|[А-ЯІЇЄҐ]\. ?(?:[А-ЯІЇЄҐ]\. ?)?[А-ЯІЇЄҐ][а-яіїєґ'’-]+)(?![а-яіїєґ])"
)
_FULL_NAME: Final = re.compile(
    r"[А-ЯІЇЄҐ][а-яіїєґ'’]+ (?:[А-ЯІЇЄҐ][а-яіїєґ'’]+ )?[А-ЯІЇЄҐ'’-]{3,}"
)
_ABBREVIATION: Final = re.compile(r"[А-ЯІЇЄҐA-Z]{2,}\b|[«\"“„]")
#: After a blank only such a capital noun begins a new executor: its nominative is
#: like no other case, so it cannot depend on the words before it.
_CAPITAL_HEAD: Final = re.compile(
    r"(?<=[а-яіїєґ)»\".])(?<!\bта)(?<!\bі)(?<!\bй)(?<!\bабо) (?=(?:Відділи?|Департаменти?|Сектори?|Начальники?|Керівники|"
    r"Комітет|Центр|Виконавчі органи|Комунальні|Структурні підрозділи|Відповідальні"
    r" особи|Усі|Всі|Юридичний|Загальний|Фінансовий|Секретар|Апарат|Пресслужба|"
    r"Керуюч(?:ий|а) справами|(?:Міський|Селищний|Сільський) голова|"
    r"(?:Головний|Провідний) спеціаліст|"
    r"[А-ЯІЇЄҐ][а-яіїєґ'’-]+(?:ий|е) (?:відділ|управління|департамент|сектор))\b)"
    r"|(?<=[»”\"]) (?=(?:КП|КНП|КУ|КЗ|ТОВ) )"
)
_POST: Final = re.compile(
    r"(?:начальник|керівник|завідувач|спеціаліст|голова)\w*$", re.I
)
#: How much of a name's end is looked at for its last word.
_TAIL: Final = 60
_COUNTED: Final = re.compile(r"(?<!\S)(\d{1,2})[.)]\s(?=[«\"“]?[^\W\d_])")
_SEVERAL: Final = 2
_ENUMERATION: Final = re.compile(r"^(?:[-–—•*·▪]+|\d{1,2}[.)](?!\d))\s*")


@dataclass(frozen=True, slots=True)
class Executors:
    """The executors of one cell.

    :param names: as printed, in order.
    :param confidence: from 0 to 1.
    """

    names: tuple[str, ...]
    confidence: float


def split_executors(pieces: Sequence[Sequence[str]]) -> Executors:
    """Cut the text of a cell into executors.

    :param pieces: for each row that the cell takes, its lines.
    :returns: names in printed order, each once.
    """
    lines = _joined_rows(pieces)
    names: list[str] = []
    confidence = 0.99
    for line in _whole_lines(lines):
        for part in _at_semicolons(line):
            cut, sure = _at_commas(part)
            confidence = min(confidence, sure)
            for name in cut:
                more = _at_capitals(name)
                confidence = min(confidence, 0.7 if len(more) > 1 else 0.99)
                names += more
    cleaned = (name.strip(" ,;\t") for name in names)
    return Executors(tuple(dict.fromkeys(n for n in cleaned if n)), confidence)


def _joined_rows(pieces: Sequence[Sequence[str]]) -> list[str]:
    """Join the lines of rows that a page break parted: the break is inside a name."""
    out: list[str] = []
    for lines in pieces:
        fresh = [
            _ENUMERATION.sub("", part) for line in lines for part in _counted(line)
        ]
        if out and fresh and not _whole_name(fresh[0], out[-1]):
            out[-1] = f"{out[-1]} {fresh[0]}"
            fresh = fresh[1:]
        out += fresh
    return out


def _counted(line: str) -> list[str]:
    """The names of a list that stands on one line: “1. … 2. … 3. …”."""
    marks = list(_COUNTED.finditer(line))
    numbers = [int(mark[1]) for mark in marks]
    if (
        len(marks) < _SEVERAL
        or marks[0].start()
        or numbers != [*range(1, len(marks) + 1)]
    ):
        return [line]
    ends = [*(mark.start() for mark in marks[1:]), len(line)]
    return [
        line[mark.start() : end].strip() for mark, end in zip(marks, ends, strict=True)
    ]


def _whole_name(line: str, before: str) -> bool:
    """Whether a row under a page break begins another name, not the rest of one."""
    if _PERSON.match(line):
        return True
    last = re.findall(r"[\w'’-]+", before[-_TAIL:].casefold())[-1:]
    finished = not before.endswith((",", "-", "(", "«")) and not any(
        _ADJECTIVE.match(word)
        or _DEPENDENT.fullmatch(word)
        or _POST.match(word)
        or word in ("та", "і", "й", "або")
        for word in last
    )
    return line[:1].isupper() and finished and _head(line) is not None


def _whole_lines(lines: Iterable[str]) -> list[str]:
    """Undo line breaks inside a name: the next line goes on in small letters."""
    out: list[str] = []
    for line in lines:
        if out and (out[-1].endswith((",", "-")) or not _begins(line, out[-1])):
            out[-1] = f"{out[-1]} {line}"
        else:
            out.append(line)
    return out


def _begins(line: str, before: str) -> bool:
    """Whether a line begins an executor of its own."""
    if line[:1].isupper() or not line[:1].isalpha():
        return not re.search(r"\b(?:та|і|й|в|у|з|щодо|із)$", before)
    return _head(line) is not None and not _DEPENDENT.match(line)


def _at_semicolons(line: str) -> Iterator[str]:
    yield from (part.strip() for part in _cut(line, ";") if part.strip())


def _cut(text: str, mark: str) -> Iterator[str]:
    """Cut at a mark outside brackets and quotation marks."""
    depth, quoted, start = 0, False, 0
    for at, letter in enumerate(text):
        if letter in "(«“„":
            depth += 1
        elif letter in ")»”" and depth:
            depth -= 1
        elif letter == '"':
            quoted = not quoted
        elif letter == mark and not depth and not quoted:
            yield text[start:at]
            start = at + 1
    yield text[start:]


def _at_commas(text: str) -> tuple[list[str], float]:
    out: list[str] = []
    confidence = 0.99
    for raw in _cut(text, ","):
        piece = raw.strip()
        if not piece:
            continue
        fresh, sure = _is_new(piece, out[-1]) if out else (True, 0.99)
        confidence = min(confidence, sure)
        if fresh:
            out.append(piece)
        else:
            out[-1] = f"{out[-1]}, {piece}"
    return out, confidence


def _head(text: str) -> str | None:
    """The noun in the nominative that a name begins with, after its adjectives."""
    for word in re.findall(r"[\w'’/-]+", text.casefold())[:4]:
        if word in _HEADS or word.rpartition("-")[2] in _HEADS:
            return word
        if not _ADJECTIVE.match(word) and word not in ("усі", "всі", "у", "в", "місті"):
            return None
    return None


def _is_new(piece: str, before: str) -> tuple[bool, float]:
    """Whether a piece after a comma begins a new executor, and how sure that is."""
    low, previous = piece.casefold(), before.casefold()
    if _DEPENDENT.match(low):
        return False, 0.9
    if _PERSON.match(piece) or _FULL_NAME.match(piece) or _ABBREVIATION.match(piece):
        return True, 0.99
    parts = re.findall(r"[\w'’/-]+", low)
    first = parts[0] if parts else ""
    if ":" in previous and _head(piece) is None:
        # Under a shared noun: відділи: освіти, культури.
        return False, 0.8
    if first in _KINDS and _goes_on(parts, previous):
        return False, 0.9
    if first and _GENITIVE.match(first) and first not in _HEADS:
        return False, 0.95 if _CLASS.match(previous) else 0.8
    if _head(piece) is not None:
        return True, 0.99
    if _ADJECTIVE.match(first) and not _UNIT.match(previous):
        return True, 0.85
    # A field of work goes on in small letters.
    small = piece[:1].islower()
    if (small and _UNIT.match(previous)) or _CLASS.match(previous):
        return False, 0.75
    return True, 0.75


def _goes_on(parts: Sequence[str], previous: str) -> bool:
    """Whether a kind of bodies stands under the adjective of the kind before it."""
    shared = re.search(
        r"(?:комунальн|підпорядкован|державн|бюджетн|міськ|некомерційн)\w*[ії]\b"
        r"[^,]*\b(?:підприємства|установи|заклади|організації)\b",
        previous,
    )
    bare = not parts[1:] or (parts[1] in ("та", "і", "й") and bool(parts[2:]))
    alone = previous.rpartition(",")[2].strip() in _KINDS
    return bool((shared and bare) or alone)


def _at_capitals(text: str) -> list[str]:
    """Executors that follow one another with only a blank."""
    persons = _PERSON.findall(text)
    if len(persons) > 1 and "".join(persons).replace(" ", "") == text.replace(" ", ""):
        return [person.strip() for person in persons]
    out: list[str] = []
    for piece in _CAPITAL_HEAD.split(text):
        if out and _POST.search(out[-1]):
            out[-1] = f"{out[-1]} {piece}"
        else:
            out.append(piece)
    return out
