"""Columns of a table without a heading, guessed from what its cells hold."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from .columns import NUMBER_CELL, Column, Columns, Role
from .deadline import Term, read_deadline
from .rows import is_rule

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .grid import Row

#: How much of a column must read as deadlines before it is guessed to hold them.
_GUESS_SHARE: Final = 0.5
_GUESS_ROWS: Final = 2
_GUESS_COLUMNS: Final = 3
#: How names of bodies and posts begin, after their adjectives.
_BODY: Final = re.compile(
    r"(?:[\w'’-]+(?:ий|а|е|і)\s+){0,2}(?:відділ|управління|департамент|сектор|служб|центр|"
    r"к[пу]\b|комунальн|структурн|виконавч|секретар|голова|начальник|керівник|керуюч|"
    r"спеціаліст|заступник|директор|завідувач|пресслужб|прес-служб|апарат|агенці|комітет|"
    r"комісі|бібліотек|бухгалтер|розпорядник|відповідальн|усі\b|всі\b|юрисконсульт|"
    r"адміністратор|діловод|староста|виконком|рада\b)"
)


def guess_columns(
    rows: Sequence[Row], tick: Callable[[], None] = lambda: None
) -> Columns | None:
    """Guess the columns of a table without a heading from what its cells hold.

    :param rows: the rows of one table.
    :param tick: called for each cell; stops the reading when time is up.
    :returns: the columns, or None when no column reads as deadlines.
    """
    width = max((len(row.cells) for row in rows), default=0)
    if width < _GUESS_COLUMNS or len(rows) < _GUESS_ROWS:
        return None
    texts = [
        [
            row.cells[at].text
            for row in rows
            if at < len(row.cells) and row.cells[at].text and not is_rule(row.text)
        ]
        for at in range(width)
    ]
    shares = [_deadline_share(column, tick) for column in texts]
    deadline = max(range(width), key=shares.__getitem__)
    if shares[deadline] < _GUESS_SHARE:
        return None
    roles = _guess_roles(texts, deadline)
    if Role.TASK not in roles:
        return None
    columns = tuple(Column(role, at, at + 1) for at, role in enumerate(roles))
    return Columns(columns, width, guessed=True)


def _deadline_share(texts: Sequence[str], tick: Callable[[], None]) -> float:
    if len(texts) < _GUESS_ROWS:
        return 0.0
    read = 0
    for text in texts:
        tick()
        read += bool(read_deadline(text[:200], Term()).due)
    return read / len(texts)


def _guess_roles(texts: Sequence[Sequence[str]], deadline: int) -> list[Role]:
    roles = [Role.OTHER] * len(texts)
    roles[deadline] = Role.DEADLINE
    left = [at for at in range(deadline) if texts[at]]
    numbers = [at for at in left if all(map(NUMBER_CELL.fullmatch, texts[at]))]
    for at in numbers[:1]:
        roles[at] = Role.NUMBER
    wordy = [at for at in left if at not in numbers]
    bodies = [at for at in wordy if _bodies(texts[at]) >= _GUESS_SHARE]
    tasks = [at for at in wordy if at not in bodies] or wordy
    if tasks:
        roles[tasks[-1]] = Role.TASK
    right = [at for at in range(deadline + 1, len(texts)) if texts[at]]
    if bodies and tasks != wordy:
        roles[bodies[0]] = Role.EXECUTOR
    elif right:
        last = max(right, key=lambda at: (_bodies(texts[at]), at))
        # A column alone may hold either; results are longer than deadlines.
        long = _length(texts[last]) >= _length(texts[deadline]) * 3
        if right[1:] or _bodies(texts[last]) or not long:
            roles[last] = Role.EXECUTOR
            right.remove(last)
    if right:
        roles[right[0]] = Role.INDICATOR
    return roles


def _length(texts: Sequence[str]) -> float:
    return sum(map(len, texts)) / max(len(texts), 1)


def _bodies(texts: Sequence[str]) -> float:
    """Which share of texts begin as the names of bodies and posts do."""
    named = sum(1 for text in texts if _BODY.match(text.casefold()))
    return named / max(len(texts), 1)
