"""The body whose plan it is, in the nominative, whatever case it is printed in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_WORD: Final = r"[\w'’-]+"
#: Adjectives of a council: міської, районній, військовою.
_KINDS: Final = (
    r"міськ|селищн|сільськ|районн|обласн|військов|державн|цивільн|територіальн"
    r"|об.єднан|міськселищн"
)
_CASES: Final = r"(?:а|ої|ій|ою|у)"
_HEADS: Final = (
    r"(?:рад(?:а|и|і|у|ою)|адміністраці(?:я|ї|ю|єю)|громад(?:а|и|і|у|ою))(?!\w)"
)
_REGION: Final = (
    r"(?:\s+[А-ЯІЇЄҐ][\w'’-]+(?:ського|цького|зького)\s+району)?"
    r"(?:\s+[А-ЯІЇЄҐ][\w'’-]+ої\s+області)?"
)
#: A proper adjective, those of its kind and the noun: Радехівській міській раді.
_COUNCIL: Final = re.compile(
    rf"(?<![\w-])(?P<own>(?-i:[А-ЯІЇЄҐ]){_WORD}{_CASES})\s+"
    rf"(?P<kinds>(?:(?:{_KINDS}){_CASES}\s+){{1,4}})(?P<head>{_HEADS})"
    rf"(?P<region>{_REGION})",
    re.I,
)
#: The council of a place named after it: міська рада міста Вербограда.
_OF_PLACE: Final = re.compile(
    rf"(?<![\w-])(?P<kinds>(?:(?:{_KINDS}){_CASES}\s+){{1,4}})(?P<head>{_HEADS})\s+"
    r"(?P<place>(?:міста|м\.|селища|смт\.?|села|с\.)\s*[А-ЯІЇЄҐ][\w'’-]+)",
)
#: A department of that council, named before it.
_UNIT: Final = re.compile(
    rf"(?<![\w-])(?P<unit>департамент(?:у|і|ом)?|управлін(?:ня|ні|ням|ню))"
    rf"(?P<field>(?:\s+{_WORD},?){{0,8}}?)\s+$",
    re.I,
)
_UNITS: Final = {"д": "Департамент", "у": "Управління"}
_NOMINATIVE: Final = {"рад": "рада", "адм": "адміністрація", "гро": "громада"}
#: What is said of other bodies, whose acts are cited.
_CITED: Final = re.compile(
    r"\b(?:відповідно|керуючись|на виконання|враховуючи)\b", re.I
)


def find_authority(title: str, lines: Iterable[str], document: str = "") -> str:
    """The council, administration or department whose plan it is.

    :param title: title of the plan, which names it in any case.
    :param lines: lines around the tasks; one of its own is the letterhead.
    :param document: the approving act with who issued it.
    :returns: its name in the nominative, empty when there is none.
    """
    lines = list(lines)
    found = _in_title(title)
    if found and not found.endswith("громада"):
        return found
    heads = [name for line in lines if (name := _letterhead(line))]
    first = found.split(" ")[0].casefold()
    own = [name for name in heads if not found or name.casefold().startswith(first)]
    if own:
        return own[0]
    if found:
        return found
    for text in (document, *_said(lines)):
        name = _council(text)
        if name:
            return name
    return ""


def _said(lines: Sequence[str]) -> list[str]:
    return [line for line in lines if not _CITED.search(line)]


def _in_title(title: str) -> str:
    match = _COUNCIL.search(title)
    if match is None:
        return _council(title)
    unit = _UNIT.search(title[: match.start()])
    if unit is None:
        return _named(match)
    field = " ".join(unit["field"].split())
    body = " ".join(match[0].split())
    return f"{_UNITS[unit['unit'][0].lower()]} {field} {body}".replace("  ", " ")


def _letterhead(line: str) -> str:
    """The name of a council that a line of its own gives in the nominative."""
    match = _COUNCIL.fullmatch(line.strip(' .,«»"')) or _OF_PLACE.fullmatch(line)
    if match is None or not re.search(r"[ая]$", match["head"], re.I):
        return ""
    return _named(match)


def _council(text: str) -> str:
    match = _COUNCIL.search(text) or _OF_PLACE.search(text)
    return _named(match) if match else ""


def _named(match: re.Match[str]) -> str:
    groups = match.groupdict()
    words = [groups.get("own") or "", *match["kinds"].split()]
    words = [_adjective(word) for word in words if word]
    if "own" in groups:
        words[0] = _capital(words[0])
        tail = " ".join(
            word if word[:1].islower() else _capital(word)
            for word in (groups.get("region") or "").split()
        )
    else:
        words[0] = words[0].capitalize()
        tail = match["place"]
    head = _NOMINATIVE[match["head"][:3].lower()]
    return f"{' '.join(words)} {head} {tail}".strip()


def _adjective(word: str) -> str:
    word = word.lower() if word.isupper() or word.islower() else word
    return re.sub(_CASES + "$", "а", word)


def _capital(word: str) -> str:
    """The first letter of each part large: Івано-Франківська."""
    if word.isupper() and word.lower() in ("району", "області"):
        return word.lower()
    parts = word.lower().split("-") if word.isupper() or word.islower() else None
    return "-".join(part[:1].upper() + part[1:] for part in parts) if parts else word
