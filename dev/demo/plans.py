"""The plans of the demo: tables, and the dataset dicts made of them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

import tables
from moves import first_of_quarter
from publishers import publisher_id

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from moves import Moves

#: Names of the tables; a plan that was replaced stands before the one that did it.
NAMES: Final = ("plan-dzherelna", "plan-sosnivka-former", "plan-sosnivka")
#: Fields of a plan that move with today.
MOVING: Final = (
    "title",
    "approval_date",
    "period_start",
    "period_end",
    "in_force_from",
    "tracked_from",
)
_WHO: Final = ("all", "owner", "outside", "")


@dataclass(frozen=True, slots=True)
class Report:
    """What an editor says about one obligation of a task.

    :param of: name of the organization.
    :param when: `once`; of the periods that are over the `last`, or all `earlier` ones.
    :param late: days after the last day; before it when negative.
    :param judged: `accepted`, `returned`, or empty while it waits.
    """

    of: str
    note: str
    when: str = "once"
    late: int = 0
    judged: str = ""
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """One row of a plan.

    :param amended: the deadline that the plan's act gave it later, None: the same.
    :param withdrawn: the act took it out of the plan.
    :param read_as: what a person says the deadline means: a day as `date` has it.
    """

    title: str
    deadline: dict[str, Any]
    indicator: str
    executors: list[str]
    topic: str
    each: bool = False
    confirm: str = ""
    amended: dict[str, Any] | None = None
    withdrawn: bool = False
    read_as: list[int] | None = None
    reports: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    def told(self) -> list[Report]:
        """The reports on it."""
        return [Report(**row) for row in self.reports]


@dataclass(frozen=True, slots=True)
class Section:
    """Some tasks under a heading."""

    title: str
    tasks: list[Task]
    principle: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan as its table tells it.

    :param executors: name as printed to a list of organizations, or who it is.
    :param tracked_quarters: quarters before the current one that the portal follows.
    :param term: its first and last year, counted from this one.
    :param tracked: the first day that the portal follows, in place of the quarters.
    :param replaces: name of the plan that it replaced, empty for none.
    :param act: the act that amended it: document, number, note, and days from the anchor.
    :param named: participants that the coordinator named later.
    :param joined: executors to organizations that were mapped to them later.
    """

    name: str
    layout: str
    owner: str
    title: str
    notes: str
    approval: dict[str, Any]
    reviewer: str
    participants: list[str]
    executors: dict[str, list[str] | str]
    sections: list[Section]
    tracked_quarters: int = 0
    term: tuple[int, int] = (-1, 1)
    tracked: tuple[int, int, int] | None = None
    replaces: str = ""
    act: dict[str, Any] = field(default_factory=dict[str, Any])
    named: tuple[str, ...] = ()
    joined: dict[str, list[str]] = field(default_factory=dict[str, list[str]])

    @property
    def filename(self) -> str:
        """The name of its document."""
        return f"{self.name}.docx"

    def tasks(self) -> Iterator[tuple[str, Task]]:
        """Its tasks with their printed numbers, in order.

        In four columns a number tells section and task; in six columns numbers start
        again in every direction.
        """
        for place, section in enumerate(self.sections, 1):
            for number, task in enumerate(section.tasks, 1):
                six = self.layout == "six columns"
                yield (f"{number}" if six else f"{place}.{number}"), task

    def heading(self, moves: Moves) -> str:
        """Its title with the years of its term."""
        first, last = self.term
        return self.title.format(first=moves.year(first), last=moves.year(last))

    def as_amended(self) -> Plan:
        """It as it reads since the act that gave some of its tasks other deadlines."""
        sections = [
            replace(
                section,
                tasks=[
                    replace(task, deadline=task.amended or task.deadline)
                    for task in section.tasks
                ],
            )
            for section in self.sections
        ]
        return replace(self, sections=sections)

    def inherited(self, heirs: Mapping[str, str]) -> Plan:
        """It with organizations that were merged replaced by those that go on."""

        def living(names: list[str]) -> list[str]:
            return list(dict.fromkeys(heirs.get(name, name) for name in names))

        executors: dict[str, list[str] | str] = {
            name: meant if isinstance(meant, str) else living(meant)
            for name, meant in self.executors.items()
        }
        return replace(
            self, participants=living(self.participants), executors=executors
        )

    def _tracked(self, moves: Moves) -> date:
        if self.tracked:
            return moves.day(*self.tracked)
        return first_of_quarter(moves.today, -self.tracked_quarters)

    def moving_fields(self, moves: Moves) -> dict[str, str]:
        """The fields that depend on the day."""
        first, last = self.term
        approved = moves.day(*self.approval["date"]).isoformat()
        return {
            "title": self.heading(moves),
            "approval_date": approved,
            "period_start": moves.day(first, 1, 1).isoformat(),
            "period_end": moves.day(last, 12, 31).isoformat(),
            "in_force_from": approved,
            "tracked_from": self._tracked(moves).isoformat(),
        }

    def mapping(self, names: list[str]) -> list[dict[str, Any]]:
        """Who the executors are.

        :param names: executors as the reader found them.
        :raises LookupError: when the table does not name one of them.
        """
        return [self._executor(name) for name in names]

    def _executor(self, name: str) -> dict[str, Any]:
        meant = self.executors[name]
        if isinstance(meant, str):
            if meant not in _WHO:
                raise LookupError(meant)
            return {"name": name, "who": meant, "organizations": []}
        ids = [publisher_id(one) for one in meant]
        return {"name": name, "who": "participants", "organizations": ids}

    def corrections(self, data: dict[str, Any], moves: Moves) -> dict[str, Any]:
        """What a person would correct after the reader, as `actionplan_draft_update`.

        :param data: the draft, as the reader read the document.
        :raises LookupError: when the reader found other tasks or executors.
        """
        pairs = zip(data["tasks"], self.tasks(), strict=True)
        tasks = [_confirmed(read, task) for read, (_, task) in pairs]
        names = dict.fromkeys(
            name for row in data["tasks"] for name in row["executors"]
        )
        return {
            **self.moving_fields(moves),
            "approval_document": self.approval["document"],
            "approval_number": self.approval["number"],
            "approval_signatory": self.approval["signatory"],
            "notes": self.notes,
            "participants": [publisher_id(name) for name in self.participants],
            "reviewing_organization": publisher_id(self.reviewer),
            "executors": self.mapping(list(names)),
            "tasks": tasks,
        }


def _confirmed(read: dict[str, Any], task: Task) -> dict[str, Any]:
    """What a person says of a task.

    :raises LookupError: when the reader found another one.
    """
    if read["title"] != task.title or read["executors"] != task.executors:
        message = f"the reader found {read!r} in place of {task!r}"
        raise LookupError(message)
    return {
        "key": read["key"],
        "topic": task.topic,
        "performed": "each" if task.each else "jointly",
        "continuity": task.confirm,
        "checked": True,
    }


def moved(
    tasks: list[dict[str, Any]],
    before: list[dict[str, Any]],
    after: list[dict[str, Any]],
) -> list[dict[str, Any]]:
    """The tasks of the portal with the deadlines of a later day; ids stay.

    A task whose wording a person changed, or that a person added, stays as it is, and
    so does a reading that a person corrected.

    :param tasks: as the portal has them.
    :param before: as the reader reads the document of the day they were made for.
    :param after: as it reads the document of the later day.
    """
    then = {_key(task): task for task in before}
    now = {_key(task): task for task in after}
    return [_later(task, then.get(_key(task)), now.get(_key(task))) for task in tasks]


def _later(
    task: dict[str, Any], before: dict[str, Any] | None, after: dict[str, Any] | None
) -> dict[str, Any]:
    if before is None or after is None or task["deadline"] != before["deadline"]:
        return task
    due = after["due"] if task["due"] == before["due"] else task["due"]
    return {**task, "deadline": after["deadline"], "due": due}


def _key(task: dict[str, Any]) -> tuple[str, str]:
    return task.get("number") or "", task["title"]


def load() -> list[Plan]:
    """All plans."""
    return [_plan(tables.read(name)) for name in NAMES]


def _plan(row: dict[str, Any]) -> Plan:
    sections = [
        Section(
            title=section["title"],
            principle=section.get("principle", ""),
            tasks=[Task(**task) for task in section["tasks"]],
        )
        for section in row.pop("sections")
    ]
    return Plan(**row, sections=sections)
