"""Events whose day reviewers set once for all plans (design, Obligations 5)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import date

_APOSTROPHES: Final = str.maketrans("", "", "'’ʼ`´‘")
_BETWEEN = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Event:
    """An event and its day: "score card for 2024: 1 March 2025".

    :param id: stable id, part of the names of occurrences.
    :param topic: the topic of the tasks that it ties, empty: any.
    :param words: beginnings of words that such a task holds, empty: any.
    :param due_on: the day by which those tasks are due.
    """

    id: str
    topic: str
    words: str
    due_on: date


def matches(event: Event, topic: str, text: str) -> bool:
    """Whether an event ties a task that has no date of its own.

    Words are compared without regard to case, apostrophes and punctuation; every word
    of the event begins a word of the task, so that "карт" finds "картки".

    :param topic: topic of the task, empty when not said.
    :param text: what the task says: title, wording, indicator.
    :returns: False for an event that names neither topic nor words.
    """
    words = plain(event.words).split()
    if not event.topic and not words:
        return False
    if event.topic and event.topic != topic:
        return False
    said = f" {plain(text)}"
    return all(f" {word}" in said for word in words)


def plain(text: str) -> str:
    """A text as its words alone: lower case, no apostrophes, single spaces."""
    return _BETWEEN.sub(" ", text.casefold().translate(_APOSTROPHES)).strip()
