"""Which rows of an amended plan are tasks that stand already; pure, no queries."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from rapidfuzz import fuzz

from .assignment import assign, margins

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    Row: TypeAlias = Mapping[str, Any]
    Scores: TypeAlias = dict[tuple[int, int], float]

#: Below this two tasks are two tasks.
_LEAST: Final = 0.6
#: From this on a pair needs no second look, unless another one is as near.
_SURE: Final = 0.8
#: Titles with less in common are not one task, whatever stands beside them.
_LEAST_TITLE: Final = 0.4
#: How much better than the next best a pair must be.
_MARGIN: Final = 0.04
#: Titles that differ at all are never quite equal.
_NEARLY: Final = 0.97
#: How much of the likeness of titles is that of their rare words.
_RARE: Final = 0.65
#: Likeness of words that are one word with a slip in it, of 100.
_SPELLED: Final = 72
#: Likeness of titles from which on slips are looked for.
_SLIPS: Final = 0.75
#: What a title and the rest of a row count for.
_WEIGHTS: Final = {
    "title": 0.66,
    "number": 0.12,
    "deadline": 0.07,
    "section": 0.05,
    "indicator": 0.05,
    "executors": 0.05,
}
#: The same among rows with one title.
_DETAILS: Final = {
    "number": 0.3,
    "deadline": 0.3,
    "section": 0.15,
    "indicator": 0.15,
    "executors": 0.1,
}
#: What standing at the same place counts for when nothing else tells rows apart.
_PLACE: Final = 0.02
#: Of more pairs than any council's plan has only those with one number are looked at.
_MANY: Final = 200_000
#: Letters of a word that endings do not change.
_STEM: Final = 6
_MARKS: Final = re.compile(r"[^\w\s]+")


@dataclass(frozen=True, slots=True)
class Pair:
    """A row and the task that it is.

    :param key: key of the row.
    :param id: id of the stored task.
    :param confidence: from 0 to 1.
    :param sure: whether a person need not look.
    """

    key: str
    id: str
    confidence: float
    sure: bool


@dataclass(frozen=True, slots=True)
class _Card:
    """What is compared of a row, in one spelling."""

    name: str
    task_id: str
    number: str
    section: str
    title: str
    deadline: str
    indicator: str
    executors: frozenset[str]
    words: frozenset[str]
    place: float

    @property
    def printed(self) -> tuple[str, str, str]:
        return self.number, self.section, self.title

    @property
    def texts(self) -> tuple[Any, ...]:
        return (*self.printed, self.deadline, self.indicator, self.executors)


def plain(value: Any) -> str:
    """A text without case, marks and spaces that do not tell texts apart."""
    text = _MARKS.sub(
        " ", str(value or "").casefold().replace("’", "").replace("'", "")
    )
    return " ".join(text.split())


def pairs(
    rows: Sequence[Row], stored: Sequence[Row], chosen: Mapping[str, str]
) -> dict[str, Pair]:
    """Find the task that each row stays; what is not found is new.

    By id, then by number, section and title, by title, and at last by likeness: of all
    rows at once, so that a task goes where it fits best. Withdrawn tasks come back
    under the very same title only, and never for sure.

    :param rows: of the document, each with its `key`; ids count where they are known.
    :param stored: tasks of the plan.
    :param chosen: by key: id that a person chose, empty for a new task.
    :returns: pairs by key, chosen ones too.
    """
    known = {task["id"] for task in stored}
    found = {
        key: Pair(key, task_id, 1.0, sure=True)
        for key, task_id in chosen.items()
        if task_id in known
    }
    taken = {pair.id for pair in found.values()}
    new = [
        _card(row, row["key"], at / len(rows))
        for at, row in enumerate(rows)
        if row["key"] not in chosen
    ]
    cards = [
        _card(task, task["id"], at / len(stored)) for at, task in enumerate(stored)
    ]
    gone = {task["id"] for task in stored if task.get("withdrawn_by")}
    search = _Search(new, [card for card in cards if card.name not in taken])
    search.by_id()
    withdrawn = search.put_aside(gone)
    search.by_printed()
    search.by_title()
    search.by_likeness()
    search.old = withdrawn
    search.by_title(sure=False)
    return found | search.found


class _Search:
    """Rows and tasks that have not found each other yet."""

    def __init__(self, new: list[_Card], old: list[_Card]) -> None:
        self.new, self.old = new, old
        self.found: dict[str, Pair] = {}
        self.rarity = _rarity([*new, *old])

    def put_aside(self, ids: set[str]) -> list[_Card]:
        """Take tasks out of the search; they are returned."""
        aside = [card for card in self.old if card.name in ids]
        self.old = [card for card in self.old if card.name not in ids]
        return aside

    def by_id(self) -> None:
        """Rows of our own exports bring their ids."""
        known = {card.name: card for card in self.old}
        for row in list(self.new):
            task = known.pop(row.task_id, None)
            if task:
                self._pair(row, task, 1.0, sure=True)

    def by_printed(self) -> None:
        """Rows with a number, section and title that occur once on both sides."""
        for rows, tasks in self._groups(lambda card: card.printed):
            if len(rows) == len(tasks) == 1 and rows[0].title:
                self._pair(rows[0], tasks[0], 1.0, sure=True)

    def by_title(self, *, sure: bool = True) -> None:
        """Rows with one title, told apart by what stands beside it."""
        for rows, tasks in self._groups(lambda card: card.title):
            if not rows[0].title:
                continue
            scores: Scores = {
                (i, j): _details(row, task, _DETAILS)
                for i, row in enumerate(rows)
                for j, task in enumerate(tasks)
            }
            self._assigned(rows, tasks, scores, lambda _, margin: sure and margin)

    def by_likeness(self) -> None:
        """What is left, by likeness of title and the rest."""
        rows, tasks = list(self.new), list(self.old)
        many = len(rows) * len(tasks) > _MANY
        scores: Scores = {}
        for i, row in enumerate(rows):
            for j, task in enumerate(tasks):
                if many and row.number != task.number:
                    continue
                score = self._score(row, task)
                if score > _LEAST:
                    scores[i, j] = score
        self._assigned(
            rows, tasks, scores, lambda score, margin: margin and score >= _SURE, _LEAST
        )

    def _assigned(
        self,
        rows: list[_Card],
        tasks: list[_Card],
        scores: Scores,
        sure: Callable[[float, bool], bool],
        least: float = 0.0,
    ) -> None:
        places = {
            (i, j): _PLACE * (1 - abs(rows[i].place - tasks[j].place))
            for i, j in scores
        }
        chosen = assign(
            {at: score - least + places[at] for at, score in scores.items()}
        )
        apart = margins(
            scores,
            chosen,
            [card.texts for card in rows],
            [card.texts for card in tasks],
            least,
        )
        for i, j in chosen:
            score = scores[i, j]
            confident = sure(score, apart[i, j] >= _MARGIN)
            # Of one title the likeness is that of the whole row.
            confidence = (
                score if least else _WEIGHTS["title"] + (1 - _WEIGHTS["title"]) * score
            )
            self._pair(rows[i], tasks[j], confidence, sure=confident)

    def _pair(self, row: _Card, task: _Card, confidence: float, *, sure: bool) -> None:
        self.new.remove(row)
        self.old.remove(task)
        confidence = round(min(confidence, 1.0), 2)
        self.found[row.name] = Pair(row.name, task.name, confidence, sure=sure)

    def _groups(
        self, key: Callable[[_Card], Any]
    ) -> list[tuple[list[_Card], list[_Card]]]:
        sides = [_grouped(cards, key) for cards in (self.new, self.old)]
        return [
            (rows, sides[1][name])
            for name, rows in sides[0].items()
            if name in sides[1]
        ]

    def _score(self, row: _Card, task: _Card) -> float:
        title = self._likeness(row, task)
        if title < _LEAST_TITLE:
            return 0.0
        return _WEIGHTS["title"] * title + _details(row, task, _WEIGHTS)

    def _likeness(self, row: _Card, task: _Card) -> float:
        """How alike titles are: by letters, and by the words that are rare in plans."""
        letters = fuzz.ratio(row.title, task.title) / 100
        if letters < _LEAST_TITLE / 2:
            return 0.0
        rarity = self.rarity
        whole = sum(rarity[word] for word in row.words)
        whole += sum(rarity[word] for word in task.words)
        common = 2 * sum(rarity[word] for word in row.words & task.words)
        if letters >= _SLIPS:
            left = row.words - task.words, task.words - row.words
            common += sum(rarity[a] + rarity[b] for a, b in _misspelled(*left))
        words = common / whole if whole else letters
        return min(_NEARLY, letters + (words - letters) * _RARE)


def _misspelled(
    one: frozenset[str], other: frozenset[str]
) -> Iterator[tuple[str, str]]:
    """Words that are the same but for a letter or two."""
    left = sorted(word for word in other if not word.isdigit())
    for word in sorted(one):
        like = next((each for each in left if fuzz.ratio(word, each) >= _SPELLED), None)
        if like and not word.isdigit():
            left.remove(like)
            yield word, like


def _card(row: Row, name: str, place: float) -> _Card:
    title = plain(row.get("title"))
    return _Card(
        name=name,
        task_id=str(row.get("id") or ""),
        number=str(row.get("number") or "").strip(" .").casefold(),
        section=plain(row.get("section")),
        title=title,
        deadline=plain(row.get("deadline")),
        indicator=plain(row.get("indicator")),
        executors=frozenset(map(plain, row.get("executors") or ())),
        words=frozenset(word[:_STEM] for word in title.split()),
        place=place,
    )


def _grouped(
    cards: Iterable[_Card], key: Callable[[_Card], Any]
) -> dict[Any, list[_Card]]:
    groups: dict[Any, list[_Card]] = {}
    for card in cards:
        groups.setdefault(key(card), []).append(card)
    return groups


def _rarity(cards: Sequence[_Card]) -> dict[str, float]:
    """What a word says: one that stands in every title says nothing of a task."""
    counts = Counter(word for card in cards for word in card.words)
    return {word: math.log1p(len(cards) / count) for word, count in counts.items()}


def _details(row: _Card, task: _Card, weights: Mapping[str, float]) -> float:
    """How alike two rows are in all but their titles."""
    names = len(row.executors) + len(task.executors)
    shared = 2 * len(row.executors & task.executors) / names if names else 1.0
    alike = {
        "number": float(row.number == task.number),
        "section": float(row.section == task.section),
        "executors": shared,
        "deadline": _text_likeness(row.deadline, task.deadline),
        "indicator": _text_likeness(row.indicator, task.indicator),
    }
    return sum(weights[name] * value for name, value in alike.items())


def _text_likeness(one: str, other: str) -> float:
    return 1.0 if one == other else fuzz.ratio(one, other) / 200
