"""Columns of the plan's table, known by their headings or guessed from content."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, Final

from .deadline import Term, read_deadline
from .lookalike import cyrillic

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .grid import Cell, Row


class Role(str, Enum):
    """What a column holds."""

    NUMBER = "number"
    PRINCIPLE = "principle"
    CONTENT = "content"
    DIRECTION = "direction"
    TASK = "task"
    DEADLINE = "deadline"
    INDICATOR = "indicator"
    EXECUTOR = "executor"
    OTHER = "other"


_HEADINGS: Final[tuple[tuple[Role, re.Pattern[str]], ...]] = tuple(
    (role, re.compile(pattern))
    for role, pattern in (
        (Role.CONTENT, r"(?:зміст|суть|опис|положення)\s+принцип"),
        (Role.PRINCIPLE, r"(?:назва\s+)?принцип"),
        (
            Role.DEADLINE,
            r"(?:(?:граничн|кінцев|орієнтовн|планов|запланован)\w*\s+)*"
            r"(?:(?:строк|термін|період)\w*\b(?!\s+(?:дії|чинності|оновлення))|дат[аи](?:$|\s+(?:викон|завер|реал|поч|зак))|"
            r"дедлайн|коли$|(?:час|рік|роки|місяць)\s+(?:виконання|реалізації))|"
            r"(?:виконання|реалізація)\s*\((?:строк|термін)|"
            r"(?:завершення|закінчення|кінець)(?:\s+(?:строку|терміну|виконання|реалізації))?$",
        ),
        (
            Role.INDICATOR,
            r"(?:(?:ключов|основн|очікуван|кількісн|якісн|цільов|запланован|кінцев|"
            r"вимірюван)\w*\s+(?:(?:та|і|й)\s+\w+\s+)?)*"
            r"(?:показник|індикатор|результат|критері|kpi\b)|форма\s+завершення|"
            r"(?:підтвердження|ознака)\s+виконання",
        ),
        (
            Role.EXECUTOR,
            r"(?:(?:головн|основн|безпосередн)\w*\s+)?(?:спів)?викон(?:авц|авець)|"
            r"(?:спів)?відповідальн|хто\s+викону|структурн\w+\s+підрозділ\w*(?:$|,?\s+відповід)|"
            r"(?:посадов\w+\s+)?особ[аи](?:$|,?\s+відповідальн)|розпорядник(?:и)?(?:\s+інформації)?$|"
            r"суб.єкт\w*\s+(?:виконання|реалізації)|"
            r"(?:піб|прізвищ)\b.*(?:викон|відповід)|прізвищ.*(?:викон|відповід)",
        ),
        (
            Role.DIRECTION,
            r"(?:(?:назва|найменування|зміст)\s+)?(?:стратегічн\w+\s+|основн\w+\s+|"
            r"пріоритетн\w+\s+|операційн\w+\s+)*"
            r"(?:напрям|розділ|ціл[ьі]\b|блок\b|сфера\b|пріоритет(?:и)?$|мета$)",
        ),
        (
            Role.TASK,
            r"(?:(?:зміст|назва|найменування|перелік|опис)\s+)?"
            r"(?:(?:основн|запланован|ключов|пріоритетн|конкретн)\w*\s+)*"
            r"(?:завдан|захід|заход|дія\b|дії\b|крок(?:и)?\b|зобов.язан)|"
            r"(?:зміст|назва)$|(?:зміст|вид|види|перелік)\s+робо?і?т|пункт\w*\s+плану|"
            r"що\s+(?:потрібно|треба|слід|необхідно)\s+зробити",
        ),
        (Role.NUMBER, r"(?:№|n\b|no\b|номер|порядков)|(?:з|п)/п"),
    )
)
_BEGINNING: Final = re.compile(r"\bпочат(?:ок|ку)\b|(?:^|\s)з$|\bвід$", re.I)
#: Columns of measures; tasks in a column before them are the measures' aims.
_MEASURES: Final = re.compile(
    r"(?:(?:перелік|зміст|назва|найменування)\s+)?(?:захід|заход|дії\b|крок)"
)
#: So many cells of a heading tell that it returns although one of them is shorter.
_REPEATED: Final = 4
_HEADING_LENGTH: Final = 90
_NUMBERED_TEXT: Final = re.compile(r"\d{1,2}(?:\.\d{1,2})*[.)]?\s+\w")
NUMBER_CELL: Final = re.compile(r"\d{1,3}(?:\.\d{1,3})*\.?")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the plan.

    :param role: what it holds.
    :param start: first grid column.
    :param end: grid column after the last.
    :param heading: its heading as printed.
    """

    role: Role
    start: int
    end: int
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table with a plan.

    :param columns: from left to right.
    :param width: number of grid columns.
    :param guessed: whether there was no heading.
    :param printed: texts of all cells of the heading, in small letters.
    :param named: whether a heading names the tasks.
    """

    columns: tuple[Column, ...]
    width: int
    guessed: bool = False
    printed: frozenset[str] = frozenset()
    named: bool = True

    def has(self, role: Role) -> bool:
        """Whether there is a column with that role."""
        return any(column.role is role for column in self.columns)

    def start(self, role: Role) -> int:
        """First grid column with that role, -1 when there is none."""
        return next((c.start for c in self.columns if c.role is role), -1)

    def repeats(self, row: Row) -> bool:
        """Whether a row is the heading again, printed at the top of a page."""
        texts = [_plain(cell.text) for cell in row.filled]
        same = sum(text in self.printed for text in texts)
        if len(texts) < _REPEATED or same == len(texts):
            return same == len(texts) > 1
        # The upper row of a heading in two may return by itself.
        rest = (text for text in texts if text not in self.printed)
        return same == len(texts) - 1 and all(
            any(whole.startswith(f"{text} ") for whole in self.printed) for text in rest
        )

    def assign(self, row: Row) -> dict[Role, list[Cell]]:
        """Sort the cells of a row by the roles of their columns.

        :param row: a row of this table, or of one that goes on without a heading.
        :returns: non-empty and continued cells by role.
        """
        cells = row.cells
        ordinal = row.width != self.width and len(cells) == len(self.columns)
        shift = self._number_apart(row)
        out: dict[Role, list[Cell]] = {}
        for at, cell in enumerate(cells):
            if not cell.lines and not cell.continued:
                continue
            if shift:
                role = Role.NUMBER if not at else self._role(cell.column - 1, cell.span)
            elif ordinal:
                role = self.columns[at].role
            else:
                role = self._role(cell.column, cell.span)
            out.setdefault(role, []).append(cell)
        return out

    def _number_apart(self, row: Row) -> bool:
        """Whether a tab after the number made a cell of its own."""
        if self.has(Role.NUMBER) or not row.cells[1:]:
            return False
        first, second = row.cells[0].text, row.cells[1].text
        return bool(
            NUMBER_CELL.fullmatch(first)
            and second[:1].isalpha()
            and self.start(Role.TASK) == 0
            and (row.width > self.width or "." in first)
        )

    def _role(self, start: int, span: int) -> Role:
        best, overlap = Role.OTHER, 0
        for column in self.columns:
            shared = min(start + span, column.end) - max(start, column.start)
            if shared > overlap:
                best, overlap = column.role, shared
        return best


def _plain(text: str) -> str:
    return cyrillic(text).casefold()


def role_of(heading: str) -> Role | None:
    """What a column with that heading holds, None when it is not known."""
    text = _plain(heading).strip(' .:*"«»()')
    text = re.sub(r"^(?:№\s*)?(?:з|п)/п\.?[\s,]+(?:(?:та|і)\s+)?(?=\w{4})", "", text)
    # A narrow column parts its words: “Відпові-дальні”.
    text = re.sub(r"(?<=[^\W\d_])[-‐]\s?(?=[а-яіїєґ]{2})(?!п/п)", "", text)
    if not text or len(text) > _HEADING_LENGTH:
        return None
    return next((role for role, form in _HEADINGS if form.match(text)), None)


def _cut_role(cell: Cell, heading: str) -> Role | None:
    """The same by the last line under a shared heading, or with a cut word mended."""
    last = role_of(cell.lines[-1]) if cell.lines[1:] else None
    if last is not None:
        return last
    parts = heading.split(" ")
    if len(heading) > _HEADING_LENGTH:
        return None
    joined = (
        " ".join([*parts[:at], parts[at] + parts[at + 1], *parts[at + 2 :]])
        for at in range(len(parts) - 1)
        if parts[at + 1][:1].islower()
    )
    return next((role for text in joined if (role := role_of(text))), None)


def find_columns(row: Row, below: Row | None) -> tuple[Columns, bool] | None:
    """Read a heading, printed in one row or split over two.

    :param row: the row that may be a heading.
    :param below: the row under it.
    :returns: the columns and whether the row below belongs to it, or None.
    """
    single = _columns_of([(c, "", c.text) for c in row.filled], row.width)
    if below is None or below.origin.table != row.origin.table:
        return (single, False) if single else None
    if single and not _is_second_heading(row, below):
        return single, False
    own = [(c, "", c.text) for c in below.filled]
    if len(row.filled) == 1 and _columns_of(own, below.width):
        # A section or title above a heading is no part of it.
        return None
    joined: list[tuple[Cell, str, str]] = []
    for cell in below.cells:
        above = " ".join(c.text for c in row.filled if _share(c, cell))
        if above or cell.lines:
            joined.append((cell, above, cell.text))
    double = _columns_of(joined, max(row.width, below.width))
    if double and (not single or len(double.columns) >= len(single.columns)):
        return double, True
    return (single, False) if single else None


def _share(one: Cell, other: Cell) -> bool:
    return (
        one.column < other.column + other.span and other.column < one.column + one.span
    )


def _is_second_heading(row: Row, below: Row) -> bool:
    """Whether the row below goes on with a heading that takes two rows."""
    filled = below.filled
    if any(len(c.text) > _HEADING_LENGTH or NUMBER_CELL.match(c.text) for c in filled):
        return False
    if any(cell.continued for cell in below.cells):
        return len(below.cells) > len(row.cells)
    first = below.cells[0].lines if below.cells else ()
    return bool(filled) and not first and all(c.text[:1].islower() for c in filled)


def _columns_of(cells: Sequence[tuple[Cell, str, str]], width: int) -> Columns | None:
    """Columns by their headings, each a cell with the texts above and in it."""
    found: list[Column] = []
    taken: set[Role] = set()
    for cell, above, own in cells:
        text = f"{above} {own}".strip()
        # “Виконання” over “строк” and “показник”: the lower heading tells more.
        role = role_of(text) or role_of(own) or _cut_role(cell, text) or Role.OTHER
        if role is Role.DEADLINE and role in taken:
            found = _without_beginnings(found)
            taken = {column.role for column in found}
        if role is Role.TASK and role in taken and _MEASURES.match(text.casefold()):
            found = _with_aims(found)
        # A second column of the same kind is no part of the plan's own.
        elif role in taken and role not in (Role.OTHER, Role.EXECUTOR, Role.INDICATOR):
            role = Role.OTHER
        taken.add(role)
        found.append(Column(role, cell.column, cell.column + cell.span, text))
    known = taken - {Role.OTHER, Role.NUMBER}
    enough = Role.DEADLINE in known and len(known) > 1
    if not enough or any(_is_data(column.heading) for column in found):
        return None
    named = Role.TASK in known
    if not named:
        found = _promote_task(found)
    printed = {_plain(text) for _, *texts in cells for text in texts}
    printed |= {_plain(column.heading) for column in found}
    return Columns(tuple(found), width, False, frozenset(printed - {""}), named)


def _with_aims(found: list[Column]) -> list[Column]:
    """Tasks beside which measures stand are aims; a direction above them is coarser."""
    lower = {Role.TASK: Role.DIRECTION, Role.DIRECTION: Role.CONTENT}
    return [replace(c, role=lower.get(c.role, c.role)) for c in found]


def _without_beginnings(found: list[Column]) -> list[Column]:
    """Of two columns for beginning and end, the beginning is no deadline."""
    return [
        replace(column, role=Role.OTHER)
        if column.role is Role.DEADLINE and _BEGINNING.search(column.heading)
        else column
        for column in found
    ]


def _is_data(text: str) -> bool:
    """Whether a cell cannot be a heading: long, numbered or a deadline itself."""
    if len(text) > _HEADING_LENGTH or _NUMBERED_TEXT.match(text):
        return True
    reading = read_deadline(text, Term())
    return bool(reading.due) and not reading.qualifier


def _promote_task(found: list[Column]) -> list[Column]:
    """Without a column “task” a direction or an unknown first column holds tasks."""
    for wanted in (Role.DIRECTION, Role.OTHER):
        for at, column in enumerate(found):
            if column.role is wanted:
                task = Column(Role.TASK, column.start, column.end, column.heading)
                return [*found[:at], task, *found[at + 1 :]]
    return found
