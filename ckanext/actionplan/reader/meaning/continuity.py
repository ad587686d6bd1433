"""The kind of a continuous task: what stands, what is measured, what goes on."""

from __future__ import annotations

import re
from typing import Final

from ...core.due import Repeat, parse
from ...core.measure import Measure
from ...core.plan import Continuity
from .clauses import clauses, said, without_relatives
from .proposal import Proposal

#: The portal answers these by itself.
_MEASURED: Final = frozenset(
    (
        Measure.CONFORMITY.value,
        Measure.MANDATORY_SETS.value,
        Measure.ADDITIONAL_SETS.value,
        Measure.HARVESTED.value,
        Measure.REGISTER.value,
    )
)
#: A result that holds once it is there; participles of completed deeds.
_STANDS: Final = re.compile(
    r"(?:затвердж|ухвал|прийня|визнач|признач|закріпл|розробл|адаптов|сформов|створ"
    r"|встановл|запровадж|впорядков|упорядков|внес|доповн|видан"
    r"|погодж|змін)\w*(?:о|ий|а|і|е)\b"
)
_KEPT: Final = re.compile(r"(?:оприлюдн|опублік|розміщ|зареєстр)\w*н(?:о|ий|а|і|е)\b")
#: What is being done: verbs of the present, and deeds that come to an end.
_GOES_ON: Final = re.compile(
    r"\w+(?:ється|ються|иться|яться)\b|\w{3,}(?:ують|юють|ає|яє|ують|лять|дять)\b"
    r"|бере\b"
    r"|беруть|(?:провед|нада|врахов|здійсн|організ|розгля|пройд|пройш|викона)\w+"
)
_UPDATED: Final = re.compile(r"набор.{0,60}оновл|оновл.{0,60}набор")
_STANDING_TOPICS: Final = ("regulation", "responsible_persons")


def propose_continuity(
    due: str, title: str, indicator: str, topic: str = "", measure: str = ""
) -> Proposal:
    """The kind of a continuous task; empty for tasks that are not continuous.

    :param due: normal form.
    :param topic: the topic that was proposed.
    :param measure: the measure that was proposed.
    """
    if not any(not isinstance(part, Repeat) and part.continuous for part in parse(due)):
        return Proposal("", 0.99)
    if measure in _MEASURED:
        return Proposal(Continuity.MEASURED.value, 0.8)
    if not measure and _stands(indicator):
        sure = 0.85 if topic in _STANDING_TOPICS else 0.65
        return Proposal(Continuity.STANDING.value, sure)
    if topic == "publication" and not measure:
        updated = _UPDATED.search(said(f"{title} {indicator}"))
        return Proposal(Continuity.MEASURED.value, 0.65 if updated else 0.55)
    return Proposal(Continuity.ACTIVITY.value, 0.75)


def _stands(indicator: str) -> bool:
    """Whether every sentence tells of a result that holds, and none of a deed."""
    found = False
    for sentence in clauses(indicator):
        plain = without_relatives(said(sentence))
        if _GOES_ON.search(plain):
            return False
        if _STANDS.search(plain):
            found = True
        elif not _KEPT.search(plain):
            return False
    return found
