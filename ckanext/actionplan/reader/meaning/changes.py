"""Changes of a row: a period of the indicator's own, deeds that are told apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ...core.due import JOINT, Repeat, parse
from ..draft import Change
from .clauses import said, sentences
from .continuity import propose_continuity
from .measures import propose_measure
from .periods import Period, at_times_unsaid, period_of
from .topics import Sentence, propose_topic, scores

if TYPE_CHECKING:
    from collections.abc import Sequence

PERIOD: Final = "period"
SPLIT: Final = "split"
_CARD: Final = "score_card"
#: So much of a topic in the title means that the title speaks of it.
_SPOKEN: Final = 2.0
#: So little of the row's own topic means that a sentence is about something else.
_MENTIONED: Final = 1.0


@dataclass(frozen=True, slots=True)
class _Deed:
    """A sentence of an indicator.

    :param text: as printed.
    :param topic: what it speaks of alone.
    :param period: the period that it names and the deadline does not.
    :param unsaid: whether it refers to a time that is said elsewhere.
    """

    text: str
    topic: str
    period: Period | None
    unsaid: bool


def own_period(indicator: str, due: str) -> str:
    """A recurring period that the indicator names and the deadline does not.

    :param due: normal form.
    :returns: the words of the indicator, empty when there are none.
    """
    found = (deed.period for deed in _deeds(indicator, due))
    return next((period.words for period in found if period), "")


def propose_changes(
    title: str, indicator: str, due: str, topic: str
) -> tuple[Change, ...]:
    """What the row may become, when a person confirms it.

    :param due: normal form, empty while it is unresolved.
    :param topic: the topic that was proposed for the row.
    """
    if not due:
        return ()
    deeds = _deeds(indicator, due)
    apart = _apart(deeds, title, topic) or _rhythms(deeds, due)
    if apart:
        return (_split(title, deeds, apart, due),)
    new = next((deed for deed in deeds if deed.period), None)
    if new is None or new.period is None or not _goes_on(due):
        return ()
    sure = 0.8 if new is deeds[0] else 0.65
    part = {"due": JOINT.join((new.period.due, due))}
    return (Change(PERIOD, new.period.words, (part,), sure),)


def _deeds(indicator: str, due: str) -> list[_Deed]:
    known = {str(part) for part in parse(due)}
    out: list[_Deed] = []
    for start, end in sentences(indicator):
        text = indicator[start:end].strip()
        period = period_of(text)
        if period and (set(period.due.split(JOINT)) & known or _short(period.due)):
            period = None
        topic = propose_topic("", text).value
        out.append(_Deed(text, topic, period, at_times_unsaid(text)))
    return out


def _short(due: str) -> bool:
    """Days and weeks: nobody reports so often, the task is confirmed each quarter."""
    return all(repeat.shorter_than_month for repeat in _repeats(due))


def _goes_on(due: str) -> bool:
    """Whether a row has no end, and no rhythm either."""
    parts = parse(due)
    return not any(isinstance(part, Repeat) for part in parts) and any(
        not isinstance(part, Repeat) and part.continuous for part in parts
    )


def _apart(deeds: Sequence[_Deed], title: str, topic: str) -> list[list[_Deed]]:
    """A deed of another topic at a time of its own, behind all others."""
    spoken = scores([Sentence(said(title))])
    for deed in deeds if deeds[1:] else ():
        about = scores([Sentence(said(deed.text))])
        other = deed.topic and about.get(topic, 0.0) < _MENTIONED
        named = spoken.get(deed.topic, 0.0) >= _SPOKEN
        timed = deed.unsaid or deed.period or deed.topic == _CARD
        if other and timed and not named:
            return [[each for each in deeds if each is not deed], [deed]]
    return []


def _rhythms(deeds: Sequence[_Deed], due: str) -> list[list[_Deed]]:
    """Deeds by their periods, when they have several."""
    groups: dict[str, list[_Deed]] = {}
    for deed in deeds:
        groups.setdefault(deed.period.due if deed.period else "", []).append(deed)
    rest = groups.get("", [])
    if len(groups) > 1 and rest and not _goes_on(due):
        return list(groups.values()) if any(_repeats(due)) else []
    timed = [group for period, group in groups.items() if period]
    if len(timed) < 2:  # noqa: PLR2004
        return []
    # What names no time belongs to the deed that is told first.
    return [[*rest, *timed[0]], *timed[1:]]


def _repeats(due: str) -> list[Repeat]:
    return [part for part in parse(due) if isinstance(part, Repeat)]


def _split(
    title: str, deeds: Sequence[_Deed], groups: Sequence[Sequence[_Deed]], due: str
) -> Change:
    parts = tuple(
        _part(title, sorted(group, key=deeds.index), due, first=not at)
        for at, group in enumerate(groups)
    )
    other = groups[-1][0]
    sure = 0.8 if other.unsaid or other.period else 0.55
    return Change(SPLIT, other.text, parts, sure)


def _part(
    title: str, group: Sequence[_Deed], due: str, *, first: bool
) -> dict[str, str]:
    """The values of one part; what is told first keeps the deadline of the row."""
    text = " ".join(deed.text for deed in group)
    period = next((deed.period for deed in group if deed.period), None)
    if period:
        due = period.due if _repeats(due) else JOINT.join((period.due, due))
    elif not first and any(deed.unsaid for deed in group):
        due = ""
    topic = propose_topic(title if first else "", text).value
    measured = propose_measure(title if first else "", text, topic)
    kind = propose_continuity(due, title, text, topic, measured.measure.value)
    return {
        "indicator": text,
        "due": due,
        "topic": topic,
        "continuity": kind.value,
        "measure": measured.measure.value,
        "target": measured.target.value,
    }
