"""Which organization an executor's name may stand for: proposals, never decisions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rapidfuzz import fuzz, process

from ..core.plan import Who

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Similarity from 0 to 100: worth showing, and close enough to be ticked beforehand.
WORTH_SHOWING: Final = 62
CLOSE: Final = 90
_SHOWN: Final = 5
#: A name of its own, as in КП «Джерело»: short titles drop what stands before it.
_QUOTED: Final = re.compile(r"[«“„\"]([^«»“”„\"]+)[»”“\"]")
_WORD: Final = re.compile(r"[^\W_]+(?:['’ʼ-][^\W_]+)*")
#: Words that most bodies of one council share, so they tell nothing apart.
_COMMON: Final = re.compile(
    r"міськ\w*|селищн\w*|сільськ\w*|рад[аиіу]|виконавч\w*|виконком\w*|комітет\w*"
    r"|комунальн\w*|підприємств\w*|кп|ку|кнп"
    r"|та|і|й|з|із|зі|в|у|на|для"
)
#: Whose body it is, in the genitive: the same for all bodies of a plan.
_OF_COUNCIL: Final = re.compile(
    r"\b[\w-]+ої\s+(?:міської|селищної|сільської|територіальної)"
    r"(?:\s+військової)?\s+(?:ради|адміністрації|громади)\b"
)
#: Words that mean every body of the council; a single one is in the singular.
_ALL: Final = re.compile(
    r"\b(?:всі|усі|всіх|усіх|кожен|кожний|кожна)\b"
    r"|^розпорядники\b|^(?:самостійні\s+)?структурні\s+підрозділи\b"
    r"|^виконавчі\s+органи\b|^відповідальні\s+(?:особи|працівники)\b"
    r"|^(?:керівники|начальники)\s+(?:\w+\s+){0,3}(?:підрозділів|органів|відділів)\b"
    r"|^(?:відділи|управління)\s+(?:та|і|й)\s+структурні\b"
)
_WHOLE_COUNCIL: Final = re.compile(
    r"виконавч\w+\s+(?:комітет|орган)\w*|(?:міськ|селищн|сільськ)\w+\s+(?:рада|голова)"
)
#: A person with initials, or an office: somebody in the council itself.
_PERSON: Final = re.compile(r"[А-ЯІЇЄҐ][\w’'-]+\s+[А-ЯІЇЄҐ]\.\s?[А-ЯІЇЄҐ]\.?")


@dataclass(frozen=True, slots=True)
class Organization:
    """An organization that may be meant.

    :param id: its id.
    :param name: its name in addresses.
    :param title: its title as shown.
    """

    id: str
    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the machine proposes for one name.

    :param who: a value of `Who`, empty when it has no idea.
    :param chosen: ids that are close enough to be ticked.
    :param similar: organizations worth showing, the likeliest first.
    """

    who: str = ""
    chosen: tuple[str, ...] = ()
    similar: tuple[Organization, ...] = ()


def _words(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))


def _telling(text: str) -> str:
    text = _OF_COUNCIL.sub("", text).strip() or text
    words = [word for word in text.split() if not _COMMON.fullmatch(word)]
    return " ".join(words) or text


def propose(
    names: Sequence[str], organizations: Sequence[Organization], owner_id: str
) -> dict[str, Proposal]:
    """Propose who is meant by each name of the executor column.

    :param names: as printed.
    :param organizations: those of the portal.
    :param owner_id: the organization that owns the plan.
    """
    whole = [_words(each.title or each.name) for each in organizations]
    telling = [_telling(each) for each in whole]
    quoted = [_words(" ".join(_QUOTED.findall(each.title))) for each in organizations]
    out: dict[str, Proposal] = {}
    for name in names:
        words = _words(name)
        scores = _scores(words, whole, telling)
        alike = [at for at, text in enumerate(quoted) if text == _telling(words)]
        if len(alike) == 1:
            scores[alike[0]] = max(scores.get(alike[0], 0.0), CLOSE)
        likely = sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))[:_SHOWN]
        similar = tuple(organizations[at] for at, _ in likely)
        chosen = tuple(organizations[at].id for at, score in likely if score >= CLOSE)
        out[name] = _decide(name, words, chosen[:1], similar, owner_id)
    return out


def _scores(words: str, whole: list[str], telling: list[str]) -> dict[int, float]:
    """Similarities by place in the list; a name inside a longer title counts."""
    out: dict[int, float] = {}
    own = _telling(words)
    for text, choices in ((words, whole), (own, telling)):
        found = process.extract(
            text,
            choices,
            scorer=fuzz.token_sort_ratio,
            score_cutoff=WORTH_SHOWING,
            limit=_SHOWN,
        )
        for _, score, at in found:
            out[at] = max(out.get(at, 0.0), score)
    return out


def _decide(
    name: str,
    words: str,
    chosen: tuple[str, ...],
    similar: tuple[Organization, ...],
    owner_id: str,
) -> Proposal:
    if chosen == (owner_id,):
        return Proposal(Who.OWNER.value, (), similar)
    if chosen:
        return Proposal(Who.PARTICIPANTS.value, chosen, similar)
    if _ALL.search(words):
        return Proposal(Who.ALL.value, (), similar)
    if _WHOLE_COUNCIL.fullmatch(words) or _PERSON.fullmatch(name.strip()):
        return Proposal(Who.OWNER.value, (), similar)
    return Proposal("", (), similar)


def exact(
    names: Sequence[str], organizations: Sequence[Organization]
) -> dict[str, str]:
    """Ids of the organizations whose whole title, or name, is that name.

    :param names: as printed.
    :param organizations: those of the portal.
    """
    known: dict[str, str] = {}
    for each in organizations:
        for text in (each.name, each.title):
            known.setdefault(_words(text), each.id)
    return {name: known[_words(name)] for name in names if _words(name) in known}


def find(text: str, organizations: Sequence[Organization]) -> list[Organization]:
    """Organizations whose title, or name, has every word that was typed.

    :param text: words or their beginnings, in any order.
    :param organizations: those of the portal.
    """
    sought = _words(text).split()
    if not sought:
        return []
    return [
        each
        for each in organizations
        if all(part in f"{_words(each.title)} {each.name}" for part in sought)
    ]
