"""A draft while it is being corrected, and what its tasks are made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

import ckan.plugins.toolkit as tk

from ..core.plan import TASK_TEXTS, Performed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    #: Reads a wording that was changed: wording, plan -> due, empty when it stays open.
    Reread: TypeAlias = Callable[[str, Mapping[str, Any]], str]

#: A cell of a plan is a paragraph or two; anything longer is no cell.
TEXT_LENGTH: Final = 10_000
#: More tasks no plan has.
TASKS_COUNT: Final = 2_000
#: What a row is called in a sentence when it has no number.
_NAME_LENGTH: Final = 40


@dataclass(slots=True)
class Corrected:
    """A draft after corrections.

    :param data: the plan, tasks with their keys.
    :param review: what the reader said, and which rows a person has looked at.
    :param errors: messages by field; those of tasks under `tasks` by key.
    """

    data: dict[str, Any]
    review: dict[str, Any]
    errors: dict[str, Any] = field(default_factory=dict[str, Any])

    def fail(self, name: str, message: str, key: str = "") -> None:
        """Note that a field cannot be taken as it is."""
        place = (
            self.errors.setdefault("tasks", {}).setdefault(key, {})
            if key
            else self.errors
        )
        place.setdefault(name, []).append(message)

    @property
    def tasks(self) -> list[dict[str, Any]]:
        """The tasks in the order of the plan, those left out too."""
        return self.data["tasks"]

    def at(self, key: str) -> int:
        """The place of a task in the plan, -1 when it has none with that key."""
        found = (at for at, task in enumerate(self.tasks) if task["key"] == key)
        return next(found, -1)

    def row(self, key: str) -> dict[str, Any]:
        """What is known of the printed row of a task."""
        return self.review["tasks"].setdefault(key, {})

    def left_out(self, task: Mapping[str, Any]) -> bool:
        """Whether somebody said that it is no task."""
        return bool(self.review["tasks"].get(task["key"], {}).get("left_out"))

    def refuse(self, task: Mapping[str, Any], message: str) -> None:
        """Note that something cannot be done with a row, which the message names."""
        self.fail("rows", message.format(row=name_of(task)))

    def insert_after(self, task: Mapping[str, Any], new: dict[str, Any]) -> None:
        """Put a task behind another one; lines that stood there stand after it."""
        self.tasks.insert(self.at(task["key"]) + 1, new)
        self.follow(task["key"], new["key"])

    def follow(self, old: str, new: str) -> None:
        """Let the lines after one task stand after another one, both by their keys."""
        for line in self.review.get("rows") or ():
            if line.get("after") == old:
                line["after"] = new

    def blank(self, like: Mapping[str, Any] | None = None) -> dict[str, Any] | None:
        """A task without texts, not in the plan yet.

        :param like: the task whose section and principle it shares.
        :returns: None, with the reason among the errors, when the plan is full.
        """
        if len(self.tasks) >= TASKS_COUNT:
            message = tk._("A plan has at most {limit} tasks")
            self.fail("add", message.format(limit=TASKS_COUNT))
            return None
        number = 1 + max((int(each["key"][1:]) for each in self.tasks), default=0)
        task: dict[str, Any] = {"key": f"t{number}", "executors": []}
        task.update(dict.fromkeys(TASK_TEXTS, ""), performed=Performed.JOINTLY.value)
        if like is not None:
            task |= {name: like[name] for name in ("section", "principle")}
        return task


def copied(value: Any) -> Any:
    """A copy of what a draft keeps, which is JSON: many times faster than `deepcopy`."""
    if isinstance(value, dict):
        items = cast("dict[str, Any]", value).items()
        return {
            name: copied(each) if isinstance(each, (dict, list)) else each
            for name, each in items
        }
    if isinstance(value, list):
        return [copied(each) for each in cast("list[Any]", value)]
    return value


def name_of(task: Mapping[str, Any]) -> str:
    """What a row is called in a sentence: its number, else the beginning of its text."""
    text = str(task.get("number") or task.get("title") or task.get("text") or "")
    return text if len(text) <= _NAME_LENGTH else f"{text[:_NAME_LENGTH].rstrip()}…"
