"""Who goes with whom when everybody is chosen at once; pure numbers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    At: TypeAlias = tuple[int, int]

#: Larger crowds of rows that are all alike are served one by one: the best first.
_CROWD: Final = 150
#: What is left without a partner may be the other half: it must be much worse.
_FREE: Final = 1 / 6


def assign(worth: Mapping[At, float]) -> list[At]:
    """The pairs of rows and columns whose worth together is largest.

    :param worth: by row and column; what is not there, or worth nothing, is no pair.
    :returns: pairs in order; each row and each column stands in one at most.
    """
    chosen: list[At] = []
    for cells in _parts([at for at, value in worth.items() if value > 0]):
        rows = sorted({i for i, _ in cells})
        columns = sorted({j for _, j in cells})
        if max(len(rows), len(columns)) > _CROWD:
            chosen.extend(_greedy(cells, worth))
            continue
        turned = len(rows) > len(columns)
        first, second = (columns, rows) if turned else (rows, columns)
        costs = [
            [-max(worth.get((j, i) if turned else (i, j), 0.0), 0.0) for j in second]
            for i in first
        ]
        for at, place in enumerate(_cheapest(costs)):
            pair = (second[place], first[at]) if turned else (first[at], second[place])
            if worth.get(pair, 0.0) > 0:
                chosen.append(pair)
    return sorted(chosen)


def margins(
    scores: Mapping[At, float],
    chosen: Sequence[At],
    rows: Sequence[Any],
    columns: Sequence[Any],
    least: float,
) -> dict[At, float]:
    """How much worse the next best choice for each pair would be.

    :param scores: by row and column; what is not there counts `least`.
    :param chosen: the pairs.
    :param rows: what rows are; those that are equal are no other choice.
    :param columns: what columns are, likewise.
    """
    column_of = dict(chosen)
    row_of = {j: i for i, j in chosen}
    rivals: dict[int, list[int]] = {}
    for i, j in scores:
        rivals.setdefault(i, []).append(j)
    seekers: dict[int, list[int]] = {}
    for i, j in scores:
        seekers.setdefault(j, []).append(i)

    def score(i: int, j: int) -> float:
        return scores.get((i, j), least)

    out: dict[At, float] = {}
    for i, j in chosen:
        losses = [1.0]
        for other in rivals[i]:
            rival = row_of.get(other)
            if columns[other] != columns[j] and rival is None:
                losses.append((score(i, j) - score(i, other)) * _FREE)
            elif columns[other] != columns[j] and rival is not None and rival != i:
                swapped = score(i, other) + score(rival, j)
                losses.append(score(i, j) + score(rival, other) - swapped)
        losses.extend(
            (score(i, j) - score(other, j)) * _FREE
            for other in seekers[j]
            if rows[other] != rows[i] and other not in column_of
        )
        out[i, j] = min(losses)
    return out


def _parts(cells: Sequence[At]) -> list[list[At]]:
    """Cells that share rows or columns, however far, together."""
    parent: dict[At, At] = {}

    def root(node: At) -> At:
        while parent.setdefault(node, node) != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for i, j in cells:
        parent[root((0, i))] = root((1, j))
    parts: dict[At, list[At]] = {}
    for i, j in cells:
        parts.setdefault(root((0, i)), []).append((i, j))
    return list(parts.values())


def _greedy(cells: Iterable[At], worth: Mapping[At, float]) -> list[At]:
    rows: set[int] = set()
    columns: set[int] = set()
    chosen: list[At] = []
    for i, j in sorted(cells, key=lambda at: (-worth[at], at)):
        if i not in rows and j not in columns:
            rows.add(i)
            columns.add(j)
            chosen.append((i, j))
    return chosen


def _cheapest(costs: Sequence[Sequence[float]]) -> list[int]:
    """The column of each row at the least cost together (Kuhn and Munkres).

    :param costs: rows of costs; not more rows than columns.
    """
    rows, columns = len(costs), len(costs[0])
    row_price, column_price = [0.0] * (rows + 1), [0.0] * (columns + 1)
    row_at = [0] * (columns + 1)
    for row in range(1, rows + 1):
        row_at[0] = row
        way = _way(costs, row_at, row_price, column_price)
        at = way.pop()
        for before in reversed(way):
            row_at[at] = row_at[before]
            at = before
    out = [0] * rows
    for column in range(1, columns + 1):
        if row_at[column]:
            out[row_at[column] - 1] = column - 1
    return out


def _way(
    costs: Sequence[Sequence[float]],
    row_at: list[int],
    row_price: list[float],
    column_price: list[float],
) -> list[int]:
    """The columns from the start to a free one, prices raised on the way."""
    columns = len(column_price)
    least, came_from = [math.inf] * columns, [0] * columns
    seen = [False] * columns
    at = 0
    while row_at[at]:
        seen[at] = True
        row = row_at[at]
        for column in range(1, columns):
            if not seen[column]:
                cost = (
                    costs[row - 1][column - 1] - row_price[row] - column_price[column]
                )
                if cost < least[column]:
                    least[column], came_from[column] = cost, at
        nearest = min(
            (column for column in range(1, columns) if not seen[column]),
            key=least.__getitem__,
        )
        step = least[nearest]
        for column in range(columns):
            if seen[column]:
                row_price[row_at[column]] += step
                column_price[column] -= step
            else:
                least[column] -= step
        at = nearest
    way = [at]
    while at:
        at = came_from[at]
        way.append(at)
    return way[::-1]
