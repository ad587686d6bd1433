"""Sentences of a cell, each in one spelling and without what only cites or repeats."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from ..lookalike import SMALL

_SIGNS: Final = str.maketrans(
    {**dict.fromkeys("‐‑‒–—―−", "-"), **dict.fromkeys("’ʼ`´", "'"), "\u00ad": None}
)
_MIXED: Final = re.compile(r"\b(?=[a-z]*[а-яіїєґ])(?=[а-яіїєґ]*[a-z])[a-zа-яіїєґ]+\b")
_SPACES: Final = re.compile(r"\s+")
_ENDS: Final = re.compile(r"\.\s+(?=[^\W\d_a-zа-яіїєґ]|\d{1,2}[.)]\s)|[;•▪●!?\n]\s*")
#: What a cell says further is one sentence more: nobody writes so many.
_MOST: Final = 30
#: Longer ones are no words, and slow to look through.
_NO_WORD: Final = re.compile(r"\w{50,}")
_LONGEST: Final = 6  # letters of an abbreviation and what stands before it
#: A dot after these ends no sentence.
_ABBREVIATED: Final = re.compile(
    r"(?:^|[\s.(])(?:р|рр|м|с|смт|п|пп|ч|ст|ін|ім|вул|пл|буд|обл|див|тис|млн|грн|зв|др"
    r"|[^\W\d_])$",
    re.I,
)
#: What the titles of acts and the law's own formulas say is not what a task says.
_FORMULAS: Final = re.compile(
    r"[\"«„“]\s*про [^\"»”“]*[\"»”“]"
    r"|,? ?(?:що|як(?:ий|а|е|і|их)) (?:підляга|підпада)\w+ оприлюдненню"
    r"|(?:у|в) формі відкритих даних|(?:у|в) (?:сфері|галузі) відкритих даних"
    r"|оприлюдненн\w публічної інформації"
    r"|\(зі змінами[^)]*\)|https?://\S+"
)
#: What follows depends on what stands before: of what, why, how, whose, money for what.
_DEPENDENT: Final = re.compile(
    r"(?P<lead>\bвідповідальн\w+ (?:ос\w+ |працівник\w* )?(?=за\b)"
    r"|\b(?:кошт|видатк|грош|асигнув)\w* (?=на\b))?"
    r"(?P<tail>(?:(?(lead)(?:за|на)|\b(?:щодо|стосовно|з метою|задля|відповідно до|згідно"
    r"|на тему|про|після|за (?:результатами|наслідками|підсумками)|під час|шляхом|через"
    r"|у разі|з питань))\b|,\s*(?:що|як(?:ий|а|е|і|их|им|ими|ому|у))\b)[^,;.]*)"
)
_RELATIVE: Final = re.compile(r",\s*(?:що|як(?:ий|а|е|і|их|им|ими|ому|у))\b[^,;.]*")


def clauses(text: str) -> list[str]:
    """The sentences of a cell as they are printed."""
    return [text[start:end].strip() for start, end in sentences(text)]


def sentences(text: str) -> list[tuple[int, int]]:
    """Where the sentences of a cell begin and end, with their full stops."""
    starts = [0]
    for match in _ENDS.finditer(text):
        if len(starts) == _MOST:
            break
        before = text[max(0, match.start() - _LONGEST) : match.start()]
        if match[0][0] != "." or not _ABBREVIATED.search(before):
            starts.append(match.end())
    spans = zip(starts, [*starts[1:], len(text)], strict=True)
    return [(start, end) for start, end in spans if text[start:end].strip(" .;")]


def said(text: str) -> str:
    """A sentence in small letters, one spelling, without formulas of the law."""
    plain = unicodedata.normalize("NFC", text).casefold().translate(_SIGNS)
    plain = _NO_WORD.sub(" ", plain.replace("\u0301", ""))
    plain = _MIXED.sub(lambda match: match[0].translate(SMALL), plain)
    return _SPACES.sub(" ", _FORMULAS.sub(" ", _SPACES.sub(" ", plain))).strip()


def without_relatives(plain: str) -> str:
    """A sentence without its relative clauses: their verbs tell of other deeds."""
    return _RELATIVE.sub(" ", plain)


def dependents(plain: str) -> list[tuple[int, int]]:
    """The stretches of a sentence that depend on another part of it."""
    return [match.span("tail") for match in _DEPENDENT.finditer(plain)]
