"""What a task means: proposals by stems and grammar; a person confirms each.

Topic, performed, continuity, measure and target are proposed as values of the task, with
a confidence each in `TaskDraft.confidence`. Changes of the row as a whole stand in
`TaskDraft.proposals`, in JSON under `review["proposals"]`:

    {"kind": "period", "text": "не рідше одного разу на рік", "confidence": 0.8,
     "parts": [{"due": "R/P1Y; ../.."}]}
    {"kind": "split", "text": "…words of the second deed…", "confidence": 0.7,
     "parts": [{"indicator": "…", "topic": "monitoring"},
               {"indicator": "…", "topic": "score_card", "due": ""}]}

Who confirms one gets a row for each part, `{**task, **part}`: the first part stays the
task that it was (its key and id), the others are new and follow it with the same number.
Who declines it keeps the row. Several proposals of a row exclude each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from .changes import SPLIT, own_period, propose_changes
from .continuity import propose_continuity
from .measures import propose_measure
from .performed import propose_performed
from .proposal import Proposal
from .topics import propose_topic

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..draft import Change

__all__ = [
    "Meaning",
    "Proposal",
    "meaning_of",
    "own_period",
    "propose_changes",
    "propose_continuity",
    "propose_measure",
    "propose_performed",
    "propose_topic",
]

#: Letters of a cell that are read: what a task means stands at its beginning.
_READ: Final = 4000


@dataclass(frozen=True, slots=True)
class Meaning:
    """What is proposed for a task.

    :param proposals: by field of the task.
    :param changes: changes of the row as a whole.
    :param second: words of a period or deed that the deadline does not know.
    """

    proposals: dict[str, Proposal]
    changes: tuple[Change, ...]
    second: str

    @property
    def values(self) -> dict[str, str]:
        """The proposed values by field."""
        return {name: each.value for name, each in self.proposals.items()}

    @property
    def confidence(self) -> dict[str, float]:
        """How sure each of them is."""
        return {name: each.confidence for name, each in self.proposals.items()}


def meaning_of(
    title: str, indicator: str, due: str, executors: Sequence[str]
) -> Meaning:
    """What a task means.

    :param due: normal form, empty while it is unresolved.
    :param executors: names as printed.
    """
    whole = len(indicator) <= _READ
    title, indicator = title[:_READ], indicator[:_READ]
    topic = propose_topic(title, indicator)
    # A part must not lose what was not read.
    changes = propose_changes(title, indicator, due, topic.value) if whole else ()
    split = next((change for change in changes if change.kind == SPLIT), None)
    # What belongs to the other part is no measure of this one.
    own = split.parts[0]["indicator"] if split else indicator
    measured = propose_measure(title, own, topic.value)
    measure = measured.measure.value
    return Meaning(
        {
            "topic": topic,
            "performed": propose_performed(executors, own, topic.value, measure),
            "continuity": propose_continuity(due, title, own, topic.value, measure),
            "measure": measured.measure,
            "target": measured.target,
        },
        changes,
        own_period(indicator, due) if due else "",
    )
