"""What stands on the paper of an exported plan, beside what was exported."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any, Final

from .columns import Role, find_columns
from .deadline import Term, read_deadline
from .draft import Doubt
from .executors import split_executors
from .grid import Origin, Paragraph, Row, squeeze
from .own import TASK_TEXTS, digest, mark_of, printable
from .rows import split_number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .columns import Columns
    from .grid import Cell, Grid
    from .limits import Budget

_ROLES: Final = (Role.TASK, Role.DEADLINE, Role.INDICATOR, Role.EXECUTOR)
#: How many columns the paper has.
COLUMNS: Final = len(_ROLES)
#: Titles are the same task when so much of them is.
_ALIKE: Final = 0.7
_COMPARED: Final = 400
#: Among more tasks nobody could say which one a changed title is.
_CANDIDATES: Final = 200
_TITLE, _DEADLINE, _INDICATOR, _EXECUTOR = range(COLUMNS)
_WITHDRAWN: Final = "Вилучено: "


def printed_cells(task: Mapping[str, Any]) -> list[str]:
    """The cells of a task on paper: task, deadline, indicator, executors.

    :param task: with every field of `own.TASK_TEXTS`.
    """
    number, title = task["number"], task["title"]
    if number:
        dot = "" if number[-1:] in ".)" else "."
        title = f"{number}{dot} {title}"
    if task["withdrawn_by"]:
        title = f"{title}\n{_WITHDRAWN}{task['withdrawn_by']}"
    texts = [title, task["deadline"], task["indicator"], "\n".join(task["executors"])]
    return [printable(text) for text in texts]


def printed_section(task: Mapping[str, Any]) -> str:
    """The heading that a task stands under on paper, empty for none."""
    return squeeze(printable(task["section"]))


@dataclass(slots=True)
class _Shown:
    """A row of the paper that holds a task.

    :param cells: lines of the four columns; None where a column was taken out.
    :param section: the heading above it as people see it.
    :param known: the place of its task in the data, None for a new one.
    """

    row: Row
    cells: list[tuple[str, ...] | None]
    section: str
    known: int | None = None

    def text(self, at: int) -> str:
        return " ".join(self.cells[at] or ())


@dataclass(slots=True)
class Paper:
    """Puts what stands on the paper and what was exported together."""

    plan: dict[str, Any]
    printed: list[list[str]]
    grid: Grid
    budget: Budget
    doubts: list[Doubt] = field(default_factory=list[Doubt])
    task_doubts: dict[int, list[Doubt]] = field(
        default_factory=dict[int, "list[Doubt]"]
    )
    origins: list[Origin] = field(default_factory=list[Origin])

    def above(self) -> list[str]:
        """The lines above the first table with tasks."""
        tables = self._tables()
        out: list[str] = []
        for block in self.grid.blocks:
            if isinstance(block, Row) and block.origin.table in tables:
                break
            lines = block.lines if isinstance(block, Paragraph) else (block.text,)
            out.extend(line for line in lines if line)
        return out

    def below(self) -> list[str]:
        """The lines under the last table with tasks."""
        tables = self._tables()
        out: list[str] = []
        for block in reversed(self.grid.blocks):
            if isinstance(block, Row) and block.origin.table in tables:
                break
            out.append(block.text)
        return out

    def tasks(self) -> list[dict[str, Any]]:
        """The tasks as they stand on the paper."""
        shown = self._shown()
        self._recognize(shown)
        before = self._sections()
        out: list[dict[str, Any]] = []
        for row in shown:
            self.budget.tick()
            known = row.known
            task = _new() if known is None else dict(self.plan["tasks"][known])
            at = len(out)
            self._take_section(task, row, before)
            self._take_texts(task, row, at)
            self.origins.append(row.row.origin)
            out.append(task)
        return out

    # the rows of the paper

    def _tables(self) -> set[int]:
        """Numbers of the tables with tasks."""
        marks = {mark_of(task["id"]) for task in self.plan["tasks"]}
        rows = [block for block in self.grid.blocks if isinstance(block, Row)]
        marked = {row.origin.table for row in rows if marks & set(row.marks)}
        if marked:
            return marked
        return {
            row.origin.table
            for row, below in zip(rows, [*rows[1:], None], strict=True)
            if find_columns(row, below)
        }

    def _shown(self) -> list[_Shown]:
        tables = self._tables()
        rows = [
            block
            for block in self.grid.blocks
            if isinstance(block, Row) and block.origin.table in tables
        ]
        width = Counter(row.width for row in rows).most_common(1)[0][0] if rows else 0
        columns: Columns | None = None
        section, out = "", list[_Shown]()
        marks = {mark_of(task["id"]) for task in self.plan["tasks"]}
        for row in rows:
            marked = bool(marks & set(row.marks))
            found = None if marked else find_columns(row, None)
            if found is not None:
                columns = found[0]
            elif not row.text or (columns is not None and columns.repeats(row)):
                continue
            elif not marked and _across(row, width):
                section = row.text
            else:
                above = out[-1].cells if out else []
                out.append(_Shown(row, _cells(row, columns, above), section))
            self.budget.tick()
        return out

    def _recognize(self, shown: Sequence[_Shown]) -> None:
        """Say which task each row is: by its bookmark, else by what it says."""
        by_mark = {mark_of(t["id"]): at for at, t in enumerate(self.plan["tasks"])}
        left = set(range(len(self.plan["tasks"])))
        for row in shown:
            found = next((by_mark[m] for m in row.row.marks if m in by_mark), None)
            if found is not None and found in left:
                row.known = found
                left.discard(found)
        # Who writes a cell anew takes its bookmark away.
        for of_row, of_tasks in (
            (_title_of, [cells[_TITLE] for cells in self.printed]),
            (_rest_of, ["".join(cells[_DEADLINE:]) for cells in self.printed]),
            (_number_of, [task["number"] for task in self.plan["tasks"]]),
        ):
            keys: dict[str, list[int]] = {}
            for at in sorted(left):
                keys.setdefault(of_tasks[at], []).append(at)
            # Two rows without a number have nothing in common.
            keys.pop("", None)
            for row in shown:
                self.budget.tick()
                self._take_only(row, keys.get(of_row(row), []), left)
        for row in shown:
            if row.known is None and len(left) <= _CANDIDATES:
                self._take_only(row, [at for at in left if self._like(row, at)], left)

    @staticmethod
    def _take_only(row: _Shown, found: Sequence[int], left: set[int]) -> None:
        """Take the task that alone can be meant."""
        free = [at for at in found if at in left]
        if row.known is None and len(free) == 1:
            row.known = free[0]
            left.discard(free[0])

    def _unchanged(self, row: _Shown, at: int, column: int) -> bool:
        lines = row.cells[column]
        return lines is None or digest(" ".join(lines)) == self.printed[at][column]

    def _like(self, row: _Shown, at: int) -> bool:
        self.budget.tick()
        one = row.text(_TITLE)[:_COMPARED]
        other = squeeze(printed_cells(self.plan["tasks"][at])[_TITLE])[:_COMPARED]
        matcher = SequenceMatcher(None, one, other, autojunk=False)
        return (
            matcher.real_quick_ratio() > _ALIKE
            and matcher.quick_ratio() > _ALIKE
            and matcher.ratio() > _ALIKE
        )

    # values

    def _sections(self) -> list[str]:
        """The heading above each task as it was printed."""
        out: list[str] = []
        section = ""
        for task in self.plan["tasks"]:
            section = printed_section(task) or section
            out.append(section)
        return out

    def _take_section(
        self, task: dict[str, Any], row: _Shown, before: Sequence[str]
    ) -> None:
        if row.known is not None and row.section == before[row.known]:
            return
        known = (each["section"] for each in self.plan["tasks"])
        same = (text for text in known if squeeze(printable(text)) == row.section)
        task["section"] = next(same, row.section)

    def _take_texts(self, task: dict[str, Any], row: _Shown, at: int) -> None:
        def changed(column: int) -> bool:
            if row.cells[column] is None:
                return False
            return row.known is None or not self._unchanged(row, row.known, column)

        if changed(_TITLE):
            _take_title(task, row.text(_TITLE))
        if changed(_INDICATOR):
            task["indicator"] = row.text(_INDICATOR)
        if changed(_EXECUTOR):
            task["executors"] = self._names(row.cells[_EXECUTOR] or (), at)
        if changed(_DEADLINE):
            task["deadline"] = row.text(_DEADLINE)
            self._read(task, at)

    def _read(self, task: dict[str, Any], at: int) -> None:
        term = Term(_day(self.plan["period_start"]), _day(self.plan["period_end"]))
        reading = read_deadline(task["deadline"], term)
        task["due"] = reading.due or ""
        if reading.reason:
            self._doubt(at, reading.reason, "deadline")

    def _names(self, lines: Sequence[str], at: int) -> list[str]:
        """Executors of a cell that was changed; names of the plan stay to the letter."""
        known = {squeeze(each["name"]): each["name"] for each in self.plan["executors"]}
        out: list[str] = []
        rest: list[str] = []
        for line in (*lines, ""):
            name = known.get(line) or known.get(line.rstrip(" ,;."))
            if (name or not line) and rest:
                found = split_executors([rest])
                out += [known.get(each, each) for each in found.names]
                rest = []
                if found.confidence < 1:
                    self._doubt(at, "executor_uncertain", "executors")
            if name:
                out.append(name)
            elif line:
                rest.append(line)
        return list(dict.fromkeys(out))

    def _doubt(self, at: int, code: str, name: str) -> None:
        self.task_doubts.setdefault(at, []).append(Doubt(code, name))


def _title_of(row: _Shown) -> str:
    return digest(row.text(_TITLE)) if row.text(_TITLE) else ""


def _rest_of(row: _Shown) -> str:
    """What stands beside a title; nothing when too little does."""
    if not row.text(_INDICATOR):
        return ""
    return "".join(digest(row.text(at)) for at in range(_DEADLINE, COLUMNS))


def _number_of(row: _Shown) -> str:
    return split_number(row.text(_TITLE)).number


def _across(row: Row, width: int) -> bool:
    """Whether one cell takes the whole row: a heading of tasks."""
    return len(row.cells) == 1 and width > 1


def _cells(
    row: Row, columns: Columns | None, above: list[tuple[str, ...] | None]
) -> list[tuple[str, ...] | None]:
    """Lines of the four columns; a table without a heading has them in their order.

    :param above: the same of the row above, for cells merged with it.
    """
    out: list[tuple[str, ...] | None] = []
    for at, role in enumerate(_ROLES):
        cells = _of_role(row, columns, at, role)
        if cells and all(cell.continued for cell in cells) and above:
            out.append(above[at])
        elif cells is None:
            out.append(None)
        else:
            out.append(tuple(line for cell in cells for line in cell.lines))
    return out


def _of_role(
    row: Row, columns: Columns | None, at: int, role: Role
) -> Sequence[Cell] | None:
    if columns is None:
        return row.cells[at : at + 1] or None
    if not columns.has(role):
        return None
    if len(row.cells) == len(columns.columns):
        pairs = zip(row.cells, columns.columns, strict=True)
        return [cell for cell, column in pairs if column.role is role]
    ranges = [(c.start, c.end) for c in columns.columns if c.role is role]
    return [
        cell
        for cell in row.cells
        if any(start <= cell.column < end for start, end in ranges)
    ]


def _new() -> dict[str, Any]:
    return {**dict.fromkeys(TASK_TEXTS, ""), "executors": [], "lead": None}


def _take_title(task: dict[str, Any], text: str) -> None:
    """Number and title of a first cell that was changed."""
    ending = squeeze(f"{_WITHDRAWN}{task['withdrawn_by']}")
    if task["withdrawn_by"]:
        text = text.removesuffix(ending).strip()
    number = squeeze(task["number"])
    dot = "" if number[-1:] in ".)" else "."
    if number and text.startswith(f"{number}{dot} "):
        task["title"] = text[len(number) + len(dot) :].strip()
        return
    split = split_number(text)
    task["number"], task["title"] = split.number, split.text
    if not split.text:
        task["number"], task["title"] = "", text


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
