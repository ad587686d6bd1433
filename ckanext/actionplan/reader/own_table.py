"""A plan as tables: what the sheets of our XLSX and the lines of our CSV hold.

Each table begins with a row of keys (`tasks.title`), which says what its columns are
in any language and any order; a row of labels for people follows. What a person
changes in a cell is the value: nothing is kept twice. Only the wording of a deadline
has a seal beside it, so that a new wording under an old reading is noticed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from .own import (
    AMENDMENT_TEXTS,
    PLAN_NAMED,
    PLAN_TEXTS,
    named_text,
    seal,
    texts_text,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .grid import Origin

PLAN, EXECUTORS, AMENDMENTS, TASKS = "plan", "executors", "amendments", "tasks"
#: Rests of texts that are too long for a cell.
RESTS: Final = "rests"
_NAMES: Final = (PLAN, EXECUTORS, AMENDMENTS, TASKS, RESTS)
#: Columns of the tables; those that people read stand first.
COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    PLAN: ("field", "label", "value"),
    EXECUTORS: ("name", "who", "organizations"),
    AMENDMENTS: AMENDMENT_TEXTS,
    TASKS: (
        "section",
        "number",
        "title",
        "deadline",
        "indicator",
        "executors",
        "due",
        "topic",
        "principle",
        "performed",
        "lead",
        "continuity",
        "measure",
        "target",
        "withdrawn_by",
        "note",
        "id",
        "seal",
    ),
    RESTS: ("place", "text"),
}
#: Rows of the plan's own table, in the order of the form.
PLAN_FIELDS: Final = (
    "title",
    "name",
    "notes",
    "owner_org",
    *PLAN_TEXTS[2:],
    *PLAN_NAMED[1:],
    "participants",
    "id",
    "printed",
)
_KEY: Final = re.compile(rf"(?:{'|'.join(_NAMES)})\.[a-z_]+")
#: What a spreadsheet would take for the start of a formula.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
_LEAST: Final = 2


@dataclass(frozen=True, slots=True)
class Block:
    """One table.

    :param name: `plan`, `executors`, `amendments` or `tasks`
    :param columns: names of its columns
    :param rows: texts of its cells
    """

    name: str
    columns: tuple[str, ...]
    rows: list[list[str]]

    @property
    def keys(self) -> list[str]:
        """The row of keys that it begins with."""
        return [f"{self.name}.{column}" for column in self.columns]


@dataclass(frozen=True, slots=True)
class Line:
    """A row of cells as it was read, texts untouched."""

    cells: Sequence[str]
    origin: Origin


@dataclass(slots=True)
class Found:
    """The tables of a file.

    :param rows: rows of each table, as texts by column
    :param above: texts above the first table of tasks, as people see them
    :param keys: columns that each table has; a deleted one is missing
    """

    rows: dict[str, list[tuple[dict[str, str], Origin]]] = field(
        default_factory=dict[str, "list[tuple[dict[str, str], Origin]]"]
    )
    above: list[str] = field(default_factory=list[str])
    keys: dict[str, frozenset[str]] = field(default_factory=dict[str, "frozenset[str]"])


def blocks(
    plan: Mapping[str, Any], printed: Sequence[str], labels: Mapping[str, str]
) -> list[Block]:
    """The tables of a plan.

    :param plan: with every field, as `own.checked` gives it.
    :param printed: lines above the tasks as people see them.
    :param labels: what fields of the plan are called, by `plan.title` and so on.
    """
    return [
        Block(PLAN, COLUMNS[PLAN], _plan_rows(plan, printed, labels)),
        Block(
            EXECUTORS,
            COLUMNS[EXECUTORS],
            [
                [
                    each["name"],
                    each["who"],
                    texts_text(map(named_text, each["organizations"])),
                ]
                for each in plan["executors"]
            ],
        ),
        Block(
            AMENDMENTS,
            COLUMNS[AMENDMENTS],
            [[row[name] for name in AMENDMENT_TEXTS] for row in plan["amendments"]],
        ),
        Block(TASKS, COLUMNS[TASKS], [_task_row(task) for task in plan["tasks"]]),
    ]


def _plan_rows(
    plan: Mapping[str, Any], printed: Sequence[str], labels: Mapping[str, str]
) -> list[list[str]]:
    values: dict[str, str] = {
        **{name: plan[name] for name in ("id", "name", *PLAN_TEXTS)},
        **{name: named_text(plan[name]) for name in PLAN_NAMED},
        "participants": texts_text(map(named_text, plan["participants"])),
        "printed": texts_text(printed),
    }
    return [
        [name, labels.get(f"{PLAN}.{name}", name), values[name]] for name in PLAN_FIELDS
    ]


def _task_row(task: Mapping[str, Any]) -> list[str]:
    values = {
        **task,
        "executors": texts_text(task["executors"]),
        "lead": named_text(task["lead"]),
        "seal": seal(task["deadline"], task["due"]),
    }
    return [values[name] for name in COLUMNS[TASKS]]


def tables(sheets: Sequence[Sequence[Line]], *, formulas: bool) -> Found | None:
    """Find the tables of a plan.

    :param sheets: rows of each sheet, without empty ones, texts still guarded.
    :param formulas: whether texts were guarded against formulas.
    :returns: None when there is no table of tasks.
    """
    found = Found()
    for lines in sheets:
        name, columns, labels = "", dict[int, str](), False
        above: list[str] = []
        for line in lines:
            keys = _keys(line)
            if keys:
                name, columns = next(iter(keys.values()))[0], _columns(keys)
                found.rows.setdefault(name, [])
                found.keys[name] = frozenset(columns.values())
                labels = True
                if name == TASKS and not found.above:
                    found.above = above
            elif labels:
                labels = False
            elif name:
                row = {
                    column: unguarded(_cell(line, at), formulas=formulas)
                    for at, column in columns.items()
                }
                found.rows[name].append((row, line.origin))
            else:
                texts = (unguarded(text, formulas=formulas) for text in line.cells)
                above += [text for text in texts if text.strip()]
    return found if "title" in found.keys.get(TASKS, ()) else None


def _keys(line: Line) -> dict[int, tuple[str, str]]:
    """Table and column by place when the row is one of keys, else nothing."""
    filled = {at: text.strip() for at, text in enumerate(line.cells) if text.strip()}
    keys = {at: text for at, text in filled.items() if _KEY.fullmatch(text)}
    names = {text.partition(".")[0] for text in keys.values()}
    # People may write into columns that they add.
    if len(keys) < _LEAST or len(names) != 1 or len(keys) * 2 < len(filled):
        return {}
    out: dict[int, tuple[str, str]] = {}
    for at, text in keys.items():
        name, _, column = text.partition(".")
        out[at] = name, column
    return out


def _columns(keys: Mapping[int, tuple[str, str]]) -> dict[int, str]:
    out: dict[int, str] = {}
    for at, (name, column) in keys.items():
        if column in COLUMNS[name] and column not in out.values():
            out[at] = column
    return out


def _cell(line: Line, at: int) -> str:
    return line.cells[at] if at < len(line.cells) else ""


def guarded(text: str, *, formulas: bool) -> str:
    """A text that is neither taken for a key nor, in CSV, for a formula."""
    return f"'{text}" if _meant(text.lstrip("'"), formulas=formulas) else text


def unguarded(text: str, *, formulas: bool) -> str:
    """Undo `guarded`."""
    guards = text.startswith("'") and _meant(text.lstrip("'"), formulas=formulas)
    return text[1:] if guards else text


def _meant(text: str, *, formulas: bool) -> bool:
    # Some programs skip leading blanks before they look for a formula.
    active = formulas and text.lstrip(" ").startswith(_FORMULA)
    return active or bool(_KEY.fullmatch(text.strip()))
