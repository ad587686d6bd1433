"""Tables without ruling lines: columns by the white between them, rows by gaps.

Only under a heading that names the columns: text that merely stands side by side, as
in a block of approval, is no table.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Final

from .columns import Role, role_of
from .pdf_tables import Area, Box
from .pdf_text import TextLine, lines_of_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .pdf_page import Rule, Word

#: White wider than that many sizes parts the headings of columns.
_HEADING_GAP: Final = 0.6
#: White narrower than that is a blank between words of one text.
_BLANK: Final = 0.36
#: A heading may take so many lines.
_HEADING_LINES: Final = 4
_HEADING_LENGTH: Final = 60
_HEADING_WORDS: Final = 80
_COLUMNS: Final = 3
_ROLES: Final = 2
#: Rows stand farther apart than lines by so many sizes.
_ROW_GAP: Final = 0.18
#: Lines across the page, between rows, reach over that share of the table.
_WIDE: Final = 0.6
#: One gap in so many may be narrower than lines are apart.
_ODD: Final = 20
#: White between lines of one cell, in sizes, at most.
_LINE_GAP: Final = 0.9
_TIGHT: Final = 2.0
_NUMBERED: Final = re.compile(r"\d{1,3}(?:\.\d{1,3})+[.)]?(?:\s|$)|\d{1,3}[.)]\s*\S")
_NUMBERED_SHARE: Final = 0.5

Span = tuple[float, float]


@dataclass(slots=True)
class Loose:
    """What stands outside ruled tables on a page.

    :param rules: lines across the page.
    """

    page: int
    lines: list[TextLine]
    rules: list[Rule]


def find_columns(pages: Sequence[Loose]) -> dict[int, Area]:
    """Find a table without ruling lines; its lines are taken off the pages.

    :param pages: the whole document in order.
    :returns: the table's part on each page, by number of the page.
    """
    head = _heading(pages)
    if head is None:
        return {}
    first, at, columns = head
    parts = [
        replace(page, lines=page.lines[at if page.page == first else 0 :])
        for page in pages
        if page.page >= first
    ]
    borders = _borders([line for part in parts for line in part.lines], columns)
    out: dict[int, Area] = {}
    last = max(
        (p.page for p in parts if any(_side_by_side(li, borders) for li in p.lines)),
        default=first,
    )
    numbered = _is_numbered(parts, borders)
    usual = _usual_gap(parts, borders)
    for part in parts:
        if part.page > last:
            continue
        if part.page == last:
            _drop_end(part, borders)
        if part.lines:
            taken = set(map(id, part.lines))
            page = next(page for page in pages if page.page == part.page)
            page.lines = [line for line in page.lines if id(line) not in taken]
            out[part.page] = _part(part, borders, usual, numbered=numbered)
    return out


# heading


def _heading(pages: Sequence[Loose]) -> tuple[int, int, list[Span]] | None:
    """Page, first line and columns of the heading."""
    for page in pages:
        for at in range(len(page.lines)):
            _, best = _most_columns(page.lines, at)
            # A line of the title above the heading is no part of it.
            while best:
                _, below = _most_columns(page.lines, at + 1)
                own = len(_chunks(page.lines[at])) >= _COLUMNS
                if own or len(below) < len(best):
                    return page.page, at, best
                at, best = at + 1, below  # noqa: PLW2901 - the last round
    return None


def _most_columns(lines: Sequence[TextLine], at: int) -> tuple[int, list[Span]]:
    """How many lines from one on name most columns, and these."""
    found = {n: _columns_of(lines[at : at + n]) for n in range(1, _HEADING_LINES + 1)}
    best = max(found, key=lambda n: len(found[n]))
    return best, found[best]


def _columns_of(lines: Sequence[TextLine]) -> list[Span]:
    """The columns that lines name, none when they are no heading."""
    if sum(len(line.words) for line in lines) > _HEADING_WORDS:
        return []
    groups: list[list[Word]] = []
    right = 0.0
    for chunk in sorted(
        (c for li in lines for c in _chunks(li)), key=lambda c: c[0].x0
    ):
        if groups and chunk[0].x0 < right:
            groups[-1] += chunk
        else:
            groups.append(list(chunk))
        right = max(right, *(word.x1 for word in chunk))
    printed = [[line.text for line in lines_of_words(group)] for group in groups]
    texts = [" ".join(own) for own in printed]
    # Under a heading that is shared by columns the lower line tells what they hold.
    named = (role_of(" ".join(own)) or role_of(own[-1]) for own in printed)
    roles = {role for role in named if role}
    known = roles - {Role.NUMBER, Role.OTHER}
    if len(groups) < _COLUMNS or Role.DEADLINE not in known or len(known) < _ROLES:
        return []
    if any(len(text) > _HEADING_LENGTH or _NUMBERED.match(text) for text in texts):
        return []
    return [(min(w.x0 for w in group), max(w.x1 for w in group)) for group in groups]


def _chunks(line: TextLine) -> list[list[Word]]:
    out = [[line.words[0]]]
    for left, right in pairwise(line.words):
        if right.x0 - left.x1 > line.size * _HEADING_GAP:
            out.append([])
        out[-1].append(right)
    return out


# columns


def _borders(lines: Sequence[TextLine], columns: list[Span]) -> list[float]:
    """Borders of the columns: in the white that most lines leave between headings."""
    apart = [line for line in lines if len(_chunks(line)) > 1]
    inner: list[float] = []
    for (start, left), (right, end) in pairwise(columns):
        low, high = (start + left) / 2, (right + end) / 2
        inner.append(_white(apart, low, high))
    words = [word for line in lines for word in line.words]
    borders = [min(w.x0 for w in words), *inner, max(w.x1 for w in words)]
    return _refined(lines, borders)


def _white(lines: Sequence[TextLine], low: float, high: float) -> float:
    """The middle of the widest strip that fewest lines cross."""
    points = {low, high}
    spans: list[Span] = []
    for line in lines:
        for left, right in _joined(line):
            if right > low and left < high:
                spans.append((left, right))
                points.update(x for x in (left, right) if low < x < high)
    strips = list(pairwise(sorted(points)))
    if not strips:
        return (low + high) / 2
    crossed = [
        sum(left < (a + b) / 2 < right for left, right in spans) for a, b in strips
    ]
    fewest = min(crossed)
    best: Span = (low, low)
    current: Span | None = None
    for strip, count in zip(strips, crossed, strict=True):
        if count > fewest:
            current = None
            continue
        current = (current[0], strip[1]) if current else strip
        if current[1] - current[0] > best[1] - best[0]:
            best = current
    return sum(best) / 2


def _joined(line: TextLine) -> list[Span]:
    """The stretches of a line that its words fill, blanks included."""
    out = [(line.words[0].x0, line.words[0].x1)]
    for word in line.words[1:]:
        if word.x0 - out[-1][1] <= line.size * _BLANK:
            out[-1] = (out[-1][0], word.x1)
        else:
            out.append((word.x0, word.x1))
    return out


def _refined(lines: Sequence[TextLine], borders: list[float]) -> list[float]:
    """Borders moved into the white between all texts of both columns."""
    out = list(borders)
    for at in range(1, len(borders) - 1):
        border = borders[at]
        words = [word for line in lines for word in line.words]
        right = min(
            (w.x0 for w in words if border <= w.x0 < borders[at + 1]), default=border
        )
        left = max(
            (
                span[1]
                for line in lines
                for span in _joined(line)
                if span[0] < border and span[1] < right
            ),
            default=border,
        )
        out[at] = (left + right) / 2
    return out


def _crosses(line: TextLine, borders: Sequence[float]) -> bool:
    """Whether a text of the line runs over the border of two columns."""
    return any(
        left + 1 < border < right - 1
        for left, right in _joined(line)
        for border in borders[1:-1]
    )


def _side_by_side(line: TextLine, borders: Sequence[float]) -> bool:
    filled = {bisect_right(borders[1:-1], word.x) for word in line.words}
    return len(filled) > 1 and not _crosses(line, borders)


def _drop_end(part: Loose, borders: Sequence[float]) -> None:
    """Leave out running text below the table."""
    while part.lines and _crosses(part.lines[-1], borders):
        part.lines.pop()


# rows


def _is_numbered(parts: Sequence[Loose], borders: Sequence[float]) -> bool:
    """Whether rows begin with a number: other columns begin beside it."""
    numbers = [line for part in parts for line in part.lines if _begins(line, borders)]
    beside = sum(_side_by_side(line, borders) for line in numbers)
    return beside > max(len(numbers) * _NUMBERED_SHARE, 1)


def _begins(line: TextLine, borders: Sequence[float]) -> bool:
    return bool(_NUMBERED.match(_first(line, borders)))


def _first(line: TextLine, borders: Sequence[float]) -> str:
    """The text of a line in the first column."""
    return " ".join(word.text for word in line.words if word.x < borders[1])


def _grouped(lines: Sequence[TextLine], usual: float) -> list[list[TextLine]]:
    """Lines with no more than the usual white between them, together."""
    out: list[list[TextLine]] = []
    low = 0.0
    for line in lines:
        top = min(word.top for word in line.words)
        if out and top - low <= usual + line.size * _ROW_GAP:
            out[-1].append(line)
        else:
            out.append([line])
            low = 0.0
        low = max(low, *(word.bottom for word in line.words))
    return out


def _usual_gap(parts: Sequence[Loose], borders: Sequence[float]) -> float:
    """White between two lines of one cell: the least that is usual."""
    gaps: list[float] = []
    for left, right in pairwise(borders):
        for part in parts:
            own = [w for li in part.lines for w in li.words if left <= w.x < right]
            rows = lines_of_words(own)
            gaps += [b.words[0].top - a.words[0].bottom for a, b in pairwise(rows)]
    if not gaps:
        return 0.0
    size = median(line.size for part in parts for line in part.lines)
    gaps.sort()
    least = gaps[len(gaps) // _ODD]
    if least > size * _LINE_GAP:
        # No cell has two lines: all white parts rows.
        return size * _LINE_GAP - size * _ROW_GAP
    return median([gap for gap in gaps if gap <= least + size * _ROW_GAP])


def _part(part: Loose, borders: list[float], usual: float, *, numbered: bool) -> Area:
    """The part of the table on one page, as if it had ruling lines."""
    groups = _ruled_groups(part, borders) or _grouped(part.lines, usual)
    groups = [piece for group in groups for piece in _at_counts(group, borders)]
    if numbered:
        groups = [piece for group in groups for piece in _at_numbers(group, borders)]
    # A heading may be wider than all that stands in its column.
    heads = [group for group in groups if _columns_of(group)]
    groups = [
        piece
        for group in groups
        for piece in ([group] if group in heads else _at_crossings(group, borders))
    ]
    area = Area(part.page, list(borders), _edges(groups), [])
    last = len(borders) - 1
    for band, group in enumerate(groups):
        if _crosses(group[0], borders) and group not in heads:
            box = Box(band, band + 1, 0, last)
            area.boxes.append(box)
            area.words[box] = [word for line in group for word in line.words]
            continue
        boxes = [Box(band, band + 1, at, at + 1) for at in range(last)]
        area.boxes += boxes
        for word in (word for line in group for word in line.words):
            at = bisect_right(borders[1:-1], word.x)
            area.words.setdefault(boxes[at], []).append(word)
    return area


def _edges(groups: Sequence[Sequence[TextLine]]) -> list[float]:
    """Heights between the groups, and above and below them."""
    tops = [min(w.top for line in group for w in line.words) for group in groups]
    lows = [max(w.bottom for line in group for w in line.words) for group in groups]
    inner = [(low + top) / 2 for low, top in zip(lows, tops[1:], strict=False)]
    return [tops[0] - _TIGHT, *inner, lows[-1] + _TIGHT]


def _ruled_groups(part: Loose, borders: Sequence[float]) -> list[list[TextLine]] | None:
    """Rows between lines across the page, None where these do not part rows."""
    width = borders[-1] - borders[0]
    heights = sorted(
        rule.at for rule in part.rules if rule.end - rule.start >= width * _WIDE
    )
    groups: dict[int, list[TextLine]] = {}
    for line in part.lines:
        groups.setdefault(bisect_right(heights, line.y), []).append(line)
    found = list(groups.values())
    # A line under the heading and one under the table are no rows.
    return found if len(found) > _COLUMNS else None


def _at_numbers(
    group: list[TextLine], borders: Sequence[float]
) -> list[list[TextLine]]:
    """Cut before lines that begin with a task's number.

    A single number may stand in the middle of its row's height; but no row belongs to
    the heading above it.
    """
    several = sum(_begins(line, borders) for line in group) > 1
    if not (several or _most_columns(group, 0)[1]):
        return [group]
    out: list[list[TextLine]] = []
    for line in group:
        if not out or _begins(line, borders):
            out.append([])
        out[-1].append(line)
    return out


def _at_counts(group: list[TextLine], borders: Sequence[float]) -> list[list[TextLine]]:
    """Cut around a line that numbers the columns: 1 2 3 4."""
    numbers = [str(at) for at in range(1, len(borders))]
    out: list[list[TextLine]] = [[]]
    for line in group:
        if [word.text for word in line.words] == numbers:
            out += [[line], []]
        else:
            out[-1].append(line)
    return [piece for piece in out if piece]


def _at_crossings(
    group: list[TextLine], borders: Sequence[float]
) -> list[list[TextLine]]:
    """Cut where running text meets text in columns."""
    out: list[list[TextLine]] = []
    for line in group:
        crosses = _crosses(line, borders)
        if not out or crosses != _crosses(out[-1][0], borders):
            out.append([])
        out[-1].append(line)
    return out
