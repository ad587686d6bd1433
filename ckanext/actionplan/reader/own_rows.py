"""From the tables of an export to its plan, whatever people typed into them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from ..core import due
from ..core.errors import DueError
from ..core.plan import Continuity, Performed, Who
from .deadline import Term, read_deadline
from .draft import Doubt
from .errors import LayoutError
from .own import (
    AMENDMENT_TEXTS,
    PLAN_DAYS,
    PLAN_NAMED,
    PLAN_TEXTS,
    TASK_TEXTS,
    day_of,
    digest,
    is_id,
    named_of,
    record,
    texts_of,
)
from .own_draft import draft_of
from .own_heading import amend, fill
from .own_record import checked
from .own_table import (
    AMENDMENTS,
    COLUMNS,
    EXECUTORS,
    PLAN,
    PLAN_FIELDS,
    RESTS,
    TASKS,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .draft import Draft
    from .grid import Origin
    from .limits import Budget
    from .own_table import Found

_DOTTED: Final = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_CHOICES: Final = {
    "performed": frozenset(("", *(each.value for each in Performed))),
    "continuity": frozenset(("", *(each.value for each in Continuity))),
}
#: What makes a row of the table a task.
_SAID: Final = ("title", "deadline", "indicator")
#: Columns for programs: nobody misses what they say.
_SIGNS: Final = ("id", "seal")
_SHOWN: Final = 80


def draft_of_tables(found: Found, budget: Budget) -> Draft:
    """The draft of a plan whose tables were found.

    :raises ReaderError: when it has no tasks or more than the limits allow.
    """
    return _Reading(found, budget).draft()


@dataclass(slots=True)
class _Reading:
    """One pass through the tables; what cannot be taken is a doubt, never a stop."""

    found: Found
    budget: Budget
    doubts: list[Doubt] = field(default_factory=list[Doubt])
    task_doubts: dict[int, list[Doubt]] = field(
        default_factory=dict[int, "list[Doubt]"]
    )
    ids: set[str] = field(default_factory=set[str])

    def draft(self) -> Draft:
        plan = self._plan()
        term = Term(_day(plan["period_start"]), _day(plan["period_end"]))
        origins: list[Origin] = []
        for row, origin in self._rows(TASKS):
            self.budget.tick()
            if not any(row.get(name, "").strip() for name in _SAID):
                self._left_out(row)
                continue
            plan["tasks"].append(self._task(row, len(origins), term))
            origins.append(origin)
        if not plan["tasks"]:
            raise LayoutError("no_tasks")
        return draft_of(
            checked(record(plan), self.budget),
            origins=origins,
            doubts=self.doubts,
            task_doubts=self.task_doubts,
            missing=self._missing(),
        )

    def _missing(self) -> list[str]:
        """Columns, rows and sheets that were taken out: they say nothing."""
        columns = self.found.keys.get(TASKS, frozenset())
        lost = [n for n in COLUMNS[TASKS] if n not in columns and n not in _SIGNS]
        self.doubts += [Doubt("column_unread", "tasks", {"name": n}) for n in lost]
        told = {row.get("field", "").strip() for row, _ in self._rows(PLAN)}
        fields = [name for name in PLAN_FIELDS if name not in told]
        sheets = [EXECUTORS] if EXECUTORS not in self.found.keys else []
        return [
            *(f"{TASKS}.{name}" for name in lost),
            *(f"{PLAN}.{name}" for name in fields),
            *sheets,
        ]

    def _rows(self, name: str) -> list[tuple[dict[str, str], Origin]]:
        """Rows of a table, rests of long texts put back to where they belong."""
        rests: dict[str, str] = {}
        for row, _ in self.found.rows.get(RESTS, ()):
            place = row.get("place", "")
            rests[place] = rests.get(place, "") + row.get("text", "")
        rows = self.found.rows.get(name, [])
        for at, (row, _) in enumerate(rows, 1):
            key = row.get("id") or row.get("field") or str(at)
            for column in row:
                row[column] += rests.get(f"{name}.{key}.{column}", "")
        return rows

    def _left_out(self, row: Mapping[str, str]) -> None:
        text = " ".join(text for text in row.values() if text.strip())
        if text:
            self.doubts.append(Doubt("text_unread", "tasks", {"text": text[:200]}))

    def _doubt(self, name: str, text: str, task: int | None = None) -> None:
        doubt = Doubt("own_value", name, {"name": name, "text": text[:_SHOWN]})
        if task is None:
            self.doubts.append(doubt)
        else:
            self.task_doubts.setdefault(task, []).append(doubt)

    # the plan

    def _plan(self) -> dict[str, Any]:
        values = {
            row.get("field", "").strip(): row.get("value", "")
            for row, _ in self._rows(PLAN)
        }
        plan: dict[str, Any] = {name: values.get(name, "") for name in PLAN_TEXTS}
        for name in PLAN_DAYS:
            plan[name] = self._plan_day(name, plan[name])
        for name in ("id", "name"):
            plan[name] = values.get(name, "").strip()
        if not is_id(plan["id"]):
            plan["id"] = ""
        for name in PLAN_NAMED:
            plan[name] = named_of(values.get(name, ""))
        listed = map(named_of, texts_of(values.get("participants", "")))
        plan["participants"] = [each for each in listed if each]
        plan["executors"] = self._executors()
        plan["amendments"] = [
            self._amendment(row)
            for row, _ in self._rows(AMENDMENTS)
            if any(row.values())
        ]
        plan["tasks"] = []
        if values:
            amend(plan, texts_of(values.get("printed", "")), self.found.above)
        else:
            fill(plan, self.found.above)
        return plan

    def _plan_day(self, name: str, text: str) -> str:
        day = _day_typed(text)
        if text.strip() and not day:
            self._doubt(name, text)
        return day

    def _executors(self) -> list[dict[str, Any]]:
        out: dict[str, dict[str, Any]] = {}
        for row, _ in self._rows(EXECUTORS):
            name, who = row.get("name", ""), row.get("who", "").strip()
            if not name.strip():
                continue
            if who not in {each.value for each in Who}:
                self._doubt("who", who)
                who = ""
            listed = map(named_of, texts_of(row.get("organizations", "")))
            organizations = [each for each in listed if each]
            known = out.setdefault(
                name, {"name": name, "who": who, "organizations": []}
            )
            known["organizations"] += [
                each for each in organizations if each not in known["organizations"]
            ]
        return list(out.values())

    def _amendment(self, row: Mapping[str, str]) -> dict[str, str]:
        out = {name: row.get(name, "") for name in AMENDMENT_TEXTS}
        out["date"] = self._plan_day("date", out["date"])
        return out

    # a task

    def _task(self, row: Mapping[str, str], at: int, term: Term) -> dict[str, Any]:
        task: dict[str, Any] = {name: row.get(name, "") for name in TASK_TEXTS}
        task["id"] = self._id(task["id"].strip())
        task["executors"] = texts_of(row.get("executors", ""))
        task["lead"] = named_of(row.get("lead", ""))
        for name, choices in _CHOICES.items():
            task[name] = task[name].strip()
            if task[name] not in choices:
                self._doubt(name, task[name], at)
                task[name] = ""
        task["due"] = self._due(row, task, at, term)
        return task

    def _id(self, text: str) -> str:
        # A row that was copied is a new task.
        if not is_id(text) or text in self.ids:
            return ""
        self.ids.add(text)
        return text

    def _due(
        self, row: Mapping[str, str], task: Mapping[str, Any], at: int, term: Term
    ) -> str:
        """The due as typed; a new wording under an old reading is read again."""
        typed, sealed = task["due"].strip(), row.get("seal", "").strip()
        wording, reading = sealed[:8], sealed[8:]
        # A column that was taken out says nothing; its seal tells an open deadline.
        lost = "due" not in row and reading != digest("")
        unread = not typed and (not sealed or lost)
        stale = (
            "deadline" in row
            and wording != digest(task["deadline"])
            and reading == digest(typed)
        )
        if unread or (sealed and stale):
            found = read_deadline(" ".join(task["deadline"].split()), term)
            if found.reason:
                self.task_doubts.setdefault(at, []).append(
                    Doubt(found.reason, "deadline")
                )
            return found.due or ""
        try:
            due.parse(typed)
        except DueError:
            self._doubt("due", typed, at)
            return ""
        # What nobody touched stays as it was written.
        return typed


def _day_typed(text: str) -> str:
    """A day as ISO however it was typed, empty when it is none."""
    typed = text.strip()
    dotted = _DOTTED.fullmatch(typed)
    if dotted:
        typed = f"{dotted[3]}-{int(dotted[2]):02}-{int(dotted[1]):02}"
    return day_of(typed)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
