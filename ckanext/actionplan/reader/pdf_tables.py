"""Tables by their ruling lines: which cells there are and what they cover."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from .pdf_page import SNAP, Page, Rule, Word, clusters

if TYPE_CHECKING:
    from collections.abc import Sequence

#: A border may stop that short of another one and still meet it, in points.
_REACH: Final = 3.5
#: Lines that go on so far beyond the last border end at an edge that is not drawn.
_OPEN: Final = 6.0
#: Share of a side that a border must cover to part two cells.
_COVER: Final = 0.5
#: A single box over that share of the page is a frame around it.
_FRAME: Final = 0.35
#: A table of so few cells around another one only sets it out on the page.
_SETTING: Final = 3


@dataclass(frozen=True, slots=True)
class Box:
    """A cell: bands and columns it covers, from the first to before the last."""

    top: int
    bottom: int
    left: int
    right: int


@dataclass(slots=True)
class Area:
    """A table on a page.

    :param xs: borders of its columns from left to right.
    :param ys: borders of its bands from the top down.
    """

    page: int
    xs: list[float]
    ys: list[float]
    boxes: list[Box]
    words: dict[Box, list[Word]] = field(default_factory=dict["Box", "list[Word]"])
    _places: dict[tuple[int, int], Box] = field(
        default_factory=dict[tuple[int, int], "Box"]
    )
    _padding: float | None = None

    @property
    def padding(self) -> float:
        """How far text keeps from the borders."""
        if self._padding is None:
            gaps = [
                word.x0 - self.xs[box.left]
                for box, words in self.words.items()
                for word in words
                if not word.turn
            ]
            self._padding = max(min(gaps, default=0.0), 0.0)
        return self._padding

    @property
    def size(self) -> float:
        """What it covers, in square points."""
        return (self.xs[-1] - self.xs[0]) * (self.ys[-1] - self.ys[0])

    def covers(self, x: float, y: float) -> bool:
        """Whether a point lies in it."""
        return self.xs[0] <= x <= self.xs[-1] and self.ys[0] <= y <= self.ys[-1]

    def box_at(self, x: float, y: float) -> Box | None:
        """The cell at a point."""
        column = min(max(bisect_right(self.xs, x) - 1, 0), len(self.xs) - 2)
        band = min(max(bisect_right(self.ys, y) - 1, 0), len(self.ys) - 2)
        if not self._places:
            self._places = {
                (each, at): box
                for box in self.boxes
                for each in range(box.top, box.bottom)
                for at in range(box.left, box.right)
            }
        return self._places.get((band, column))


def find_tables(page: Page, most_columns: int) -> tuple[list[Area], list[Word]]:
    """The tables with ruling lines on a page, and the words outside them.

    :param page: an upright page.
    :param most_columns: a drawing with more columns than that is no table.
    """
    areas = [
        area
        for across, down in _connected(page)
        if (area := _area(page, across, down, most_columns)) is not None
    ]
    areas = _outermost(areas, page)
    loose: list[Word] = []
    for word in page.words:
        area = next((a for a in areas if a.covers(word.x, word.y)), None)
        box = area.box_at(word.x, word.y) if area else None
        if area is None or box is None:
            loose.append(word)
        else:
            area.words.setdefault(box, []).append(word)
    kept = [area for area in areas if area.words]
    return sorted(kept, key=lambda area: area.ys[0]), loose


def _connected(page: Page) -> list[tuple[list[Rule], list[Rule]]]:
    """Lines that cross or meet, together."""
    parent = list(range(len(page.across) + len(page.down)))

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    for at, flat in enumerate(page.across):
        for other, steep in enumerate(page.down, start=len(page.across)):
            if _meet(flat, steep):
                parent[root(at)] = root(other)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for at, rule in enumerate((*page.across, *page.down)):
        group = groups.setdefault(root(at), ([], []))
        group[at >= len(page.across)].append(rule)
    return [group for group in groups.values() if group[1]]


def _meet(flat: Rule, steep: Rule) -> bool:
    return (
        flat.start - _REACH <= steep.at <= flat.end + _REACH
        and steep.start - _REACH <= flat.at <= steep.end + _REACH
    )


def _area(
    page: Page, across: list[Rule], down: list[Rule], most_columns: int
) -> Area | None:
    xs = _borders(down, across)
    ys = _borders(across, down)
    if len(xs) < 2 or len(ys) < 2 or len(xs) > most_columns + 1:  # noqa: PLR2004
        return None
    return Area(page.number, xs, ys, _boxes(xs, ys, across, down))


def _borders(own: list[Rule], crossing: list[Rule]) -> list[float]:
    """Where borders stand; an end that is left open is a border as well."""
    groups = clusters(own, lambda rule: rule.at, SNAP)
    out = [sum(rule.at for rule in group) / len(group) for group in groups]
    if not crossing:
        return out
    first = min(rule.start for rule in crossing)
    last = max(rule.end for rule in crossing)
    if not out or first < out[0] - _OPEN:
        out.insert(0, first)
    if last > out[-1] + _OPEN:
        out.append(last)
    return out


def _boxes(
    xs: Sequence[float], ys: Sequence[float], across: list[Rule], down: list[Rule]
) -> list[Box]:
    """Neighbours that no border parts are one cell."""
    columns, bands = len(xs) - 1, len(ys) - 1
    parent = list(range(columns * bands))

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    steep = [[rule for rule in down if abs(rule.at - x) <= SNAP] for x in xs]
    flat = [[rule for rule in across if abs(rule.at - y) <= SNAP] for y in ys]
    for band in range(bands):
        for column in range(columns):
            at = band * columns + column
            sides = (ys[band], ys[band + 1]), (xs[column], xs[column + 1])
            if column + 1 < columns and not _parts(steep[column + 1], *sides[0]):
                parent[root(at)] = root(at + 1)
            if band + 1 < bands and not _parts(flat[band + 1], *sides[1]):
                parent[root(at)] = root(at + columns)
    groups: dict[int, list[tuple[int, int]]] = {}
    for at in range(columns * bands):
        groups.setdefault(root(at), []).append(divmod(at, columns))
    return [
        Box(
            min(b for b, _ in group),
            max(b for b, _ in group) + 1,
            min(c for _, c in group),
            max(c for _, c in group) + 1,
        )
        for group in groups.values()
    ]


def _parts(rules: list[Rule], start: float, end: float) -> bool:
    covered = sum(
        max(0.0, min(rule.end, end) - max(rule.start, start)) for rule in rules
    )
    return covered >= (end - start) * _COVER


def _outermost(areas: list[Area], page: Page) -> list[Area]:
    """Without frames around tables and tables inside cells."""

    def inside(one: Area, other: Area) -> bool:
        middle = (one.xs[0] + one.xs[-1]) / 2, (one.ys[0] + one.ys[-1]) / 2
        return other.size > one.size and other.covers(*middle)

    def is_frame(area: Area) -> bool:
        inner = [a for a in areas if a is not area and inside(a, area)]
        if any(len(a.boxes) > len(area.boxes) for a in inner):
            return len(area.boxes) <= _SETTING
        return len(area.boxes) == 1 and area.size > page.width * page.height * _FRAME

    kept = [area for area in areas if not is_frame(area)]
    return [
        area
        for area in kept
        if not any(other is not area and inside(area, other) for other in kept)
    ]
