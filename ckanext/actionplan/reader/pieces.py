"""The printed rows of a task: what each alone says, so that they can be parted again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .columns import Role
from .draft import Piece
from .executors import split_executors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .layout import PlanRow


def pieces(rows: Sequence[PlanRow]) -> tuple[Piece, ...]:
    """The rows of a task that was put together from several, none for a single one.

    :param rows: the rows in printed order.
    """
    return tuple(map(_piece, rows)) if rows[1:] else ()


def cells(row: PlanRow) -> dict[str, str]:
    """The texts of a row's cells by column.

    :param row: a row of the plan.
    """
    return {role.value: row.text(role) for role in row.values if row.text(role)}


def _piece(row: PlanRow) -> Piece:
    return Piece(
        row.block.origin,
        cells(row),
        {
            "number": row.number.number,
            "title": row.number.text or row.text(Role.TASK),
            "deadline": row.text(Role.DEADLINE),
            "indicator": row.text(Role.INDICATOR),
        },
        split_executors([row.lines(Role.EXECUTOR)]).names,
    )
