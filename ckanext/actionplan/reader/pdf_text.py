"""From words on a page to paragraphs: lines, wraps and hyphens at line ends."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Final

from .grid import squeeze
from .pdf_page import Word, clusters
from .pdf_words import (
    COMPLETE,
    DATE_START,
    ENDING_PIECE,
    FREQUENT,
    HALF_ENDING,
    HALF_YEAR,
    PREFIXES,
    SMALL_WORDS,
    SUFFIXES,
    YEAR_END,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

#: Words whose middles differ by less than that share of the size share a line.
_SAME_LINE: Final = 0.45
_BLANK: Final = 0.25
#: A word that would have fitted by less than so many sizes may have been wrapped.
_UNSURE: Final = 1.2
#: Room for no letter more.
_NO_ROOM: Final = 0.75
_SURE: Final = 0.15
#: Lines that much farther apart than usual are paragraphs.
_APART: Final = 1.45
_INDENT: Final = 8.0
_CENTERED: Final = 6.0
_SIZES: Final = 1.0
_STEM: Final = 6
_ENDING: Final = 3

_TOKEN: Final = re.compile(r"[^\W_]+(?:['’ʼ-][^\W_]+)*")
_LAST: Final = re.compile(r"([^\W_]+(?:['’ʼ-][^\W_]+)*)-$")
_END: Final = re.compile(r"[^\W_]+(?:['’ʼ-][^\W_]+)*$")
_FIRST: Final = re.compile(r"[^\W_]+(?:['’ʼ-][^\W_]+)*")
#: Shorter parts of a word are no words.
_SCRAP: Final = 5
_NUMBERING: Final = re.compile(r"(?:[\d.]+|[IVXІХ]+)[.)]?")
_ADDRESS: Final = re.compile(r"(?:https?://|www\.)\S*$", re.I)
_ADDRESS_TAIL: Final = re.compile(r"[a-z0-9/?#=&%._~-]+", re.I)


@dataclass(frozen=True, slots=True)
class TextLine:
    """Words that stand beside each other."""

    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        """Its words with blanks between them."""
        text = squeeze(" ".join(word.text for word in self.words))
        # Some programs have a sign of its own for the hyphen at a line's end.
        return f"{text[:-1]}-" if text.endswith("\u2010") else text

    @property
    def x0(self) -> float:
        """Its left end."""
        return self.words[0].x0

    @property
    def x1(self) -> float:
        """Its right end."""
        return max(word.x1 for word in self.words)

    @property
    def y(self) -> float:
        """Its height on the page."""
        return self.words[0].y

    @property
    def size(self) -> float:
        """Size of its letters."""
        return median(word.size for word in self.words)


def lines_of_words(words: Iterable[Word]) -> list[TextLine]:
    """Words as lines from the top down, each from left to right.

    Text that runs up or down the page is turned first.
    """
    words = list(words)
    if not words:
        return []
    turn = max(
        (0, 1, 2, 3), key=lambda t: sum(len(w.text) for w in words if w.turn == t)
    )
    if turn:
        words = [_turned(word, turn) for word in words]
    reach = median(word.size for word in words) * _SAME_LINE
    return [
        TextLine(tuple(sorted(group, key=lambda word: word.x0)))
        for group in clusters(words, lambda word: word.y, reach)
    ]


def _turned(word: Word, turn: int) -> Word:
    x0, top, x1, bottom = word.x0, word.top, word.x1, word.bottom
    if turn == 1:
        x0, top, x1, bottom = top, -x1, bottom, -x0
    elif turn == 3:  # noqa: PLR2004
        x0, top, x1, bottom = -bottom, x0, -top, x1
    else:
        x0, top, x1, bottom = -x1, -bottom, -x0, -top
    return Word(word.text, x0, top, x1, bottom, word.size)


@dataclass(frozen=True, slots=True)
class Measure:
    """The space that lines may fill.

    :param left: where they begin.
    :param right: where they must end.
    :param pitch: usual distance of two lines, 0 when not known.
    """

    left: float
    right: float
    pitch: float = 0.0


class Writing:
    """Joins lines into paragraphs; learns the words of the document first.

    :param lines: all lines of the document.
    """

    def __init__(self, lines: Iterable[TextLine]) -> None:
        self._words: set[str] = set()
        self._whole: set[str] = set()
        followed: dict[str, set[str]] = {}
        for line in lines:
            text = line.text.casefold()
            tokens = _TOKEN.findall(text.removesuffix("-"))
            for token, after in zip(tokens, (*tokens[1:], ""), strict=False):
                followed.setdefault(token, set()).add(after)
            # What stands at the end of a line may be a part of a word only.
            self._whole.update(_TOKEN.findall(" ".join(text.split(" ")[1:-1])))
        self._words.update(followed)
        # A part of a word stands before the same words each time.
        self._whole.update(
            word for word, after in followed.items() if after - {""} and len(after) > 1
        )
        self._stems = {stem for word in self._words for stem in _stems(word)}

    def paragraphs(
        self, lines: Sequence[TextLine], measure: Measure
    ) -> tuple[str, ...]:
        """Lines as paragraphs.

        :param lines: lines of one cell, or between two tables.
        :param measure: the space that they may fill.
        """
        out: list[str] = []
        for at, line in enumerate(lines):
            text = line.text
            if out and _wrapped(lines[at - 1], line, measure):
                broken = self._is_broken(lines[at - 1], line, measure)
                out[-1] = out[-1] + text if broken else self.join(out[-1], text)
            else:
                out.append(text)
        return tuple(text for text in out if text)

    def _is_broken(self, above: TextLine, below: TextLine, measure: Measure) -> bool:
        """Whether a word was too long for its cell and broken without a hyphen."""
        if HALF_YEAR.search(f"{above.text}|{below.text[:4]}"):
            return measure.right - above.x1 <= above.size * _NO_ROOM
        head = [word.text for word in above.words[:-1]]
        if not all(map(_NUMBERING.fullmatch, head)) or not below.text[:1].islower():
            return False
        if measure.right - above.x1 > above.size * _NO_ROOM:
            return False
        last, first = _END.search(above.text), _FIRST.match(below.text)
        if last is None or first is None:
            return False
        left, right = last[0].casefold(), first[0].casefold()
        whole = left + right
        if whole in self._words or whole in FREQUENT or ENDING_PIECE.fullmatch(right):
            return True
        if HALF_ENDING.search(f"{left}|{right}"):
            return True
        if (
            COMPLETE.search(left)
            or right in SMALL_WORDS
            or right in self._whole
            or left in self._whole
        ):
            return False
        return min(len(left.rpartition("-")[2]), len(right)) < _SCRAP

    def join(self, above: str, below: str) -> str:
        """Two lines of one paragraph as one text."""
        if not above or not below:
            return above or below
        if below[0] in "»)”" and not above.endswith(("«", "(", "“")):
            # A name was so long that its closing mark alone found no room.
            return above + below
        last, first = _LAST.search(above), _FIRST.match(below)
        if last and first:
            if self._is_true_hyphen(last[1].casefold(), first[0]):
                return above + below
            return above.removesuffix("-") + below
        if above.endswith("/") and not above.endswith(" /"):
            return above + below
        if _ADDRESS.search(above) and _is_address_tail(above, below):
            return above + below
        return f"{above} {below}"

    def _is_true_hyphen(self, left: str, right: str) -> bool:
        if right[0].isupper() or right[0].isdigit() or left[-1].isdigit():
            return True
        right = right.casefold()
        part = left.rpartition("-")[2]
        plain, hyphened = left + right, f"{left}-{right}"
        known = left in PREFIXES or part in PREFIXES or right in SUFFIXES
        if plain in self._words or hyphened in self._words:
            return hyphened in self._words and (known or plain not in self._words)
        if known:
            return True
        return not self._stems.isdisjoint(_stems(hyphened)) and (
            self._stems.isdisjoint(_stems(plain))
        )


def _stems(word: str) -> set[str]:
    """A word without endings of one, two and three letters."""
    return {word[:-cut] for cut in range(1, _ENDING + 1) if len(word) - cut >= _STEM}


def _is_address_tail(above: str, below: str) -> bool:
    first = below.split(maxsplit=1)[0]
    cut = above[-1] in "/?=&_-." or any(char in first for char in "/?=_")
    return cut and bool(_ADDRESS_TAIL.fullmatch(first.rstrip(".,;)")))


def _wrapped(above: TextLine, below: TextLine, measure: Measure) -> bool:
    """Whether a line goes on in the next one because it was full."""
    distance = below.y - above.y
    if measure.pitch and distance > max(measure.pitch, above.size) * _APART:
        return False
    if abs(above.size - below.size) > _SIZES:
        return False
    if _LAST.search(above.text) and below.text[:1].islower():
        return True
    width = measure.right - measure.left
    middle = (measure.left + measure.right) / 2
    lines = (above, below)
    centered = all(abs((line.x0 + line.x1) / 2 - middle) < _CENTERED for line in lines)
    if not centered and below.x0 > above.x0 + _INDENT:
        return False
    room = width - (above.x1 - above.x0) if centered else measure.right - above.x1
    word, size = below.words[0], above.size
    room -= size * _BLANK
    if room - _unbroken(word) < size * _SURE:
        return True
    # Not every program breaks a line at a hyphen.
    spare = room - (word.x1 - word.x0)
    return spare < size * _UNSURE and _goes_on(above.text, below.text)


def _unbroken(word: Word) -> float:
    """Room for the part of a word that cannot be broken."""
    head, hyphen, _ = word.text.partition("-")
    return (word.x1 - word.x0) * (len(head) + len(hyphen)) / max(len(word.text), 1)


def _goes_on(above: str, below: str) -> bool:
    if YEAR_END.search(above) and DATE_START.match(below):
        return False
    return below[:1].islower() or above[-1:] in ",-–(«" or below[:1] in ")»"


def pitch_of(groups: Iterable[Sequence[TextLine]]) -> float:
    """The usual distance of two lines, 0 when there are no two.

    :param groups: the lines of several cells.
    """
    distances = [
        below.y - above.y for lines in groups for above, below in pairwise(lines)
    ]
    return median(distances) if distances else 0.0
