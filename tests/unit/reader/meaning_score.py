"""Compares what is proposed for tasks with what a careful reader made of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import yaml

from ckanext.actionplan.reader.deadline import Term, read_deadline
from ckanext.actionplan.reader.meaning import meaning_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

DIMENSIONS: Final = ("topic", "performed", "continuity", "measure", "target", "change")
TERM: Final = Term(date(2026, 1, 1), date(2027, 12, 31))
#: What a truth that is left out stands for.
DEFAULTS: Final = {"performed": "jointly"}
Pair = tuple[str, str]


@dataclass
class Score:
    """How often one dimension was right, and what was taken for what.

    :param asked: tasks for which it is proposed or true.
    :param right: of those.
    :param wrong: (proposed, true) of the others.
    """

    asked: int = 0
    right: int = 0
    wrong: Counter[Pair] = field(default_factory=Counter[Pair])

    @property
    def share(self) -> float:
        """Of those asked, how many were right."""
        return self.right / self.asked if self.asked else 1.0


def tasks_of(path: Path) -> Iterator[dict[str, Any]]:
    """The tasks of a file of groups."""
    for group in yaml.safe_load(path.read_text(encoding="utf-8")):
        yield from group["tasks"]


def proposed(task: Mapping[str, Any]) -> dict[str, str]:
    """What is proposed for a task of such a file."""
    due = read_deadline(task["deadline"], TERM).due or ""
    found = meaning_of(task["title"], task["indicator"], due, task["executors"])
    return {**found.values, "change": found.changes[0].kind if found.changes else ""}


def compare(
    pairs: Iterable[tuple[Mapping[str, Any], Mapping[str, Any]]],
) -> dict[str, Score]:
    """Scores by dimension.

    :param pairs: proposed and true values; what neither names is not counted.
    """
    scores = {name: Score() for name in DIMENSIONS}
    for found, truth in pairs:
        for name, score in scores.items():
            got = str(found.get(name) or "")
            right = str(truth.get(name) or DEFAULTS.get(name, ""))
            if not got and not right:
                continue
            score.asked += 1
            score.right += got == right
            if got != right:
                score.wrong[got or "–", right or "–"] += 1
    return scores


def table(scores: Mapping[str, Score]) -> str:
    """Scores and confusions as text."""
    lines: list[str] = []
    for name, score in scores.items():
        lines.append(
            f"{name:<12} {score.right:>3} of {score.asked:<3} {score.share:6.1%}"
        )
        for (got, right), count in score.wrong.most_common():
            lines.append(f"    {got} for {right}: {count}")
    return "\n".join(lines)
