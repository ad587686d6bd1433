"""Where the plan's tables are: under a heading, going on without one, or guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

from .columns import Columns, Role, find_columns, role_of
from .deadline import Term, read_deadline
from .grid import Block, Origin, Paragraph, Row
from .guess import guess_columns
from .heading import is_signature
from .rows import is_rule, split_number

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

#: Headings of tables that stand beside a plan: rosters, money, approvals, data sets.
_OTHER_HEADING: Final = re.compile(
    r"(?:№|п\.?\s?і\.?\s?б|прізвищ|ім.я|посад|підпис|дата|телефон|e-?mail|адрес|примітк|"
    r"назва|найменування|рік|сума|обсяг|вартість|джерел|формат|код|одиниц|кількість|"
    r"всього|разом|погоджен|організаці|установ)",
    re.I,
)
_KNOWN_HEADINGS: Final = 2
#: A heading stands among the first rows under a text or a gap.
_FIRST_ROWS: Final = 4
#: So many rows tell whether a table holds deadlines.
_ASKED_ROWS: Final = 30


@dataclass(frozen=True, slots=True)
class Placed:
    """A block and, for a row of the plan, its columns."""

    block: Block
    columns: Columns | None = None
    header: bool = False


def place(blocks: Sequence[Block], tick: Callable[[], None]) -> list[Placed]:
    """Tell for each block whether it belongs to the plan's tables, and its columns.

    :param blocks: the document in reading order.
    :param tick: called for each row; stops the reading when time is up.
    """
    tables: dict[int, list[Row]] = {}
    for block in blocks:
        if isinstance(block, Row):
            tables.setdefault(block.origin.table, []).append(block)
    out = _with_headings(blocks, tables, tick)
    found = [p.columns for p in out if p.columns]
    if len({columns.named for columns in found}) > 1:
        # Beside a plan that names its tasks other tables hold something else.
        return _with_headings(blocks, tables, tick, named=True)
    if found:
        return out
    for number, rows in tables.items():
        guessed = guess_columns(rows, tick)
        if guessed is not None:
            return _with_guess(blocks, tables, number, guessed)
    return out


#: A table, and how many texts and gaps stand above its row: sheets are one table.
_Part: TypeAlias = "tuple[int, int]"


def _parts(blocks: Sequence[Block]) -> tuple[list[_Part], dict[_Part, list[Row]]]:
    """For each block the part of a table it stands in, and the rows of each."""
    texts, keys = 0, list[_Part]()
    rows: dict[_Part, list[Row]] = {}
    before = Origin(0, 0)
    for block in blocks:
        gap = block.origin.row - before.row > 1 and block.origin.table == before.table
        texts += gap or (isinstance(block, Paragraph) and bool(block.text))
        keys.append((block.origin.table, texts))
        if isinstance(block, Row):
            before = block.origin
            rows.setdefault(keys[-1], []).append(block)
            texts += len(block.filled) == 1
    return keys, rows


@dataclass(slots=True)
class _Plan:
    """The columns last seen, and which parts of tables go on with them."""

    tables: dict[int, list[Row]]
    rows: dict[_Part, list[Row]]
    columns: Columns | None = None
    part: _Part = (0, 0)
    # Every row of a large table asks the same about it.
    _known: dict[tuple[_Part, _Part], bool] = field(
        default_factory=dict[tuple[_Part, _Part], bool]
    )

    def repeats(self, row: Row) -> bool:
        """Whether a row is the heading again."""
        return self.columns is not None and self.columns.repeats(row)

    def may_begin(self, row: Row, here: _Part) -> bool:
        """Whether a row may be another heading."""
        early = self.columns is None or row in self.rows[here][:_FIRST_ROWS]
        return here != self.part and early and not is_rule(row.text)

    def leave(self, here: _Part) -> None:
        """Note that a part is none of the plan."""
        self._known[here, self.part] = False

    def holds(self, here: _Part) -> bool:
        """Whether a part goes on with the columns."""
        if (here, self.part) not in self._known:
            columns = self.columns
            self._known[here, self.part] = columns is not None and (
                here == self.part
                or (
                    _belongs(self.tables[here[0]], columns, self.part)
                    and not _has_other_heading(self.rows[here], columns)
                )
            )
        return self._known[here, self.part]


def _with_headings(
    blocks: Sequence[Block],
    tables: dict[int, list[Row]],
    tick: Callable[[], None],
    *,
    named: bool = False,
) -> list[Placed]:
    keys, rows = _parts(blocks)
    plan, second = _Plan(tables, rows), False
    out: list[Placed] = []
    for at, (block, here) in enumerate(zip(blocks, keys, strict=True)):
        tick()
        if isinstance(block, Paragraph):
            out.append(Placed(block))
            continue
        again = plan.repeats(block)
        if second or again:
            # Markdown rules a line between the two rows of a heading.
            second = second and (not block.text or is_rule(block.text))
            plan.part = here if again else plan.part
            out.append(Placed(block, plan.columns, header=True))
            continue
        found = None
        if plan.may_begin(block, here):
            found = find_columns(block, _row_below(blocks, at))
        if found is not None and _is_beside(found[0], plan.columns, named=named):
            plan.leave(here)
        elif found is not None:
            plan.columns, plan.part, second = found[0], here, found[1]
            out.append(Placed(block, plan.columns, header=True))
            continue
        out.append(Placed(block, plan.columns if plan.holds(here) else None))
    return out


def _has_other_heading(rows: Sequence[Row], columns: Columns) -> bool:
    """Whether a table begins with a heading of its own and holds no deadlines."""
    filled = [row for row in rows if row.filled]
    if not filled[1:] or len(filled[0].filled) < len(columns.columns):
        return False
    texts = [cell.text for cell in filled[0].filled]
    known = [text for text in texts if _OTHER_HEADING.match(text) or role_of(text)]
    if len(known) < _KNOWN_HEADINGS or any(re.search(r"\d", text) for text in texts):
        return False
    deadlines = [
        " ".join(c.text for c in columns.assign(row).get(Role.DEADLINE, []))
        for row in filled[:_ASKED_ROWS]
    ]
    return not any(read_deadline(text[:200], Term()).due for text in deadlines if text)


def _with_guess(
    blocks: Sequence[Block], tables: dict[int, list[Row]], first: int, columns: Columns
) -> list[Placed]:
    taken = {
        number
        for number, rows in tables.items()
        if number == first or (number > first and _belongs(rows, columns, (first, 0)))
    }
    return [
        Placed(block, columns)
        if isinstance(block, Row) and block.origin.table in taken
        else Placed(block)
        for block in blocks
    ]


def _is_beside(found: Columns, plan: Columns | None, *, named: bool) -> bool:
    """Whether a heading begins no plan, but a table of money or data sets beside it."""
    if named and not found.named:
        return True
    both = (Role.INDICATOR, Role.EXECUTOR)
    return plan is not None and any(map(plan.has, both)) > any(map(found.has, both))


def _row_below(blocks: Sequence[Block], at: int) -> Row | None:
    """The row under a row; a rule between them does not count."""
    for below in blocks[at + 1 : at + 3]:
        if not isinstance(below, Row):
            return None
        if below.text and not is_rule(below.text):
            return below
    return None


def _belongs(rows: Sequence[Row], columns: Columns, part: _Part) -> bool:
    """Whether a table without a heading goes on with the plan's columns.

    :param part: the one under their heading.
    """
    if rows[0].origin.table == part[0]:
        return True
    expected = len(columns.columns)
    widest = max(len(row.cells) for row in rows)
    if all(is_signature(row.text) or not row.filled for row in rows):
        return False
    if widest in (expected, columns.width):
        return True
    if abs(widest - expected) > 1:
        return False
    return any(split_number(row.cells[0].text).number for row in rows if row.cells)
