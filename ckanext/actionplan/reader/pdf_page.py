"""A page of a PDF turned upright: its words and ruling lines, measured from the top."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

#: Lines nearer than that, in points, are one line.
SNAP: Final = 3.0
#: Collinear pieces with a smaller gap are one line: dotted borders.
_GAP: Final = 3.5
_SHORTEST: Final = 5.0
#: A line may lean so much and still be straight.
_LEAN: Final = 1.0
#: A page with more lines than that is a drawing, not a table.
_MOST_RULES: Final = 1500
#: Share of the letters that must lie in one direction for the page to be turned.
_TURNED: Final = 0.6


@dataclass(frozen=True, slots=True)
class Word:
    """A word and the box it fills; `turn` is 0 for upright text."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    turn: int = 0

    @property
    def x(self) -> float:
        """Its middle from left to right."""
        return (self.x0 + self.x1) / 2

    @property
    def y(self) -> float:
        """Its middle from the top down."""
        return (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class Rule:
    """A ruling line: `at` across, from `start` to `end` along it."""

    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Page:
    """An upright page.

    :param number: from 1.
    :param across: horizontal lines; `at` is measured from the top.
    :param down: vertical lines.
    :param picture: whether it shows an image and no text.
    """

    number: int
    width: float
    height: float
    words: tuple[Word, ...]
    across: tuple[Rule, ...]
    down: tuple[Rule, ...]
    picture: bool = False


def upright(number: int, raw: Mapping[str, Any]) -> Page:
    """Turn what the worker found on a page so that its text can be read.

    :param number: number of the page, from 1.
    :param raw: words and segments in the page's own space.
    """
    if raw.get("damaged"):
        return Page(number, 0.0, 0.0, (), (), ())
    quarter = raw["rotation"] // 90
    turns: Counter[int] = Counter()
    for text, *_, turn in raw["words"]:
        turns[(turn + quarter) % 4] += len(text)
    turn, letters = turns.most_common(1)[0] if turns else (0, 0)
    if letters > turns.total() * _TURNED:
        quarter -= turn
    quarter %= 4
    left, top, width, height = _box(raw["box"], quarter)

    def box(values: Sequence[float]) -> tuple[float, float, float, float]:
        x0, y0 = _turn(values[0], values[1], quarter)
        x1, y1 = _turn(values[2], values[3], quarter)
        xs, ys = sorted((x0 - left, x1 - left)), sorted((top - y0, top - y1))
        return xs[0], ys[0], xs[1], ys[1]

    words = [
        Word(text, *box(values), size, (turn + quarter) % 4)
        for text, *values, size, turn in raw["words"]
    ]
    # What lies beyond the edge is not printed.
    inside = tuple(w for w in words if 0 <= w.x <= width and 0 <= w.y <= height)
    across, down = _rules([box(values) for values in raw["segments"]])
    picture = bool(raw["images"]) and not inside
    return Page(number, width, height, inside, across, down, picture)


def _turn(x: float, y: float, quarter: int) -> tuple[float, float]:
    for _ in range(quarter):
        x, y = y, -x
    return x, y


def _box(box: Sequence[float], quarter: int) -> tuple[float, float, float, float]:
    """Left edge, upper edge, width and height of the turned page."""
    x0, y0 = _turn(box[0], box[1], quarter)
    x1, y1 = _turn(box[2], box[3], quarter)
    return min(x0, x1), max(y0, y1), abs(x1 - x0), abs(y1 - y0)


def _rules(
    boxes: Iterable[tuple[float, float, float, float]],
) -> tuple[tuple[Rule, ...], tuple[Rule, ...]]:
    across: list[Rule] = []
    down: list[Rule] = []
    for x0, top, x1, bottom in boxes:
        if bottom - top <= _LEAN:
            across.append(Rule((top + bottom) / 2, x0, x1))
        elif x1 - x0 <= _LEAN:
            down.append(Rule((x0 + x1) / 2, top, bottom))
    merged = _merged(across), _merged(down)
    return ((), ()) if sum(map(len, merged)) > _MOST_RULES else merged


def _merged(rules: list[Rule]) -> tuple[Rule, ...]:
    """Pieces of one line as one line."""
    out: list[Rule] = []
    for group in clusters(rules, lambda rule: rule.at, SNAP):
        at = sum(rule.at for rule in group) / len(group)
        pieces = sorted(group, key=lambda rule: rule.start)
        start, end = pieces[0].start, pieces[0].end
        for piece in pieces[1:]:
            if piece.start <= end + _GAP:
                end = max(end, piece.end)
                continue
            out.append(Rule(at, start, end))
            start, end = piece.start, piece.end
        out.append(Rule(at, start, end))
    return tuple(rule for rule in out if rule.end - rule.start >= _SHORTEST)


def clusters(
    items: Iterable[Any], key: Callable[[Any], float], reach: float
) -> list[list[Any]]:
    """Group items whose keys lie within `reach` of the group's first one."""
    out: list[list[Any]] = []
    first = 0.0
    for item in sorted(items, key=key):
        if out and key(item) - first <= reach:
            out[-1].append(item)
        else:
            out.append([item])
            first = key(item)
    return out
