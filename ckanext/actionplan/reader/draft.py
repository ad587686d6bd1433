"""The draft plan: the dataset dict of the importer and what the preview shows."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from .grid import Origin


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that a person should look at.

    :param code: key of `messages.MESSAGES`.
    :param field: the field of the plan or task it is about.
    :param params: values for the placeholders of its sentence.
    """

    code: str
    field: str
    params: dict[str, str] = dataclasses.field(default_factory=dict[str, str])

    def as_dict(self) -> dict[str, Any]:
        """The doubt as JSON."""
        return {"code": self.code, "field": self.field, "params": dict(self.params)}


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a task that is proposed, for a person to confirm or to decline.

    :param kind: `period`: one part, its due holds a period that the indicator names;
        `split`: the row hides several deeds, a part for each.
    :param text: the printed words that it rests on.
    :param parts: what the row becomes: for each part the values of the dataset dict
        that differ from those of the row. All else stays, the wording too.
    :param confidence: from 0 to 1.
    """

    kind: str
    text: str
    parts: tuple[dict[str, str], ...]
    confidence: float

    def as_dict(self) -> dict[str, Any]:
        """The change as JSON."""
        return {
            "kind": self.kind,
            "text": self.text,
            "parts": [dict(part) for part in self.parts],
            "confidence": self.confidence,
        }


@dataclass(frozen=True, slots=True)
class Piece:
    """One of the printed rows that were joined into a task.

    :param origin: where it stands.
    :param cells: original text of its cells by column.
    :param values: the fields of a task that this row alone gives.
    :param executors: names in its executor cell.
    """

    origin: Origin
    cells: dict[str, str]
    values: dict[str, str]
    executors: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """The piece as JSON."""
        return {
            "origin": self.origin.as_dict(),
            "cells": dict(self.cells),
            "values": {**self.values, "executors": list(self.executors)},
        }


@dataclass(frozen=True, slots=True)
class TaskDraft:
    """One task with where it came from.

    :param values: fields of the dataset dict.
    :param executors: names as printed.
    :param origin: its first row.
    :param cells: original text of the cells by column.
    :param joined: rows that were joined into it.
    :param sources: origins of single values, where they differ from `origin`.
    :param confidence: from 0 to 1, by field.
    :param doubts: what to look at.
    :param proposals: changes that a person may confirm.
    :param pieces: its printed rows, when there are several: each can be given back.
    """

    values: dict[str, str]
    executors: tuple[str, ...]
    origin: Origin
    cells: dict[str, str]
    joined: tuple[Origin, ...] = ()
    sources: dict[str, Origin] = dataclasses.field(default_factory=dict[str, Origin])
    confidence: dict[str, float] = dataclasses.field(default_factory=dict[str, float])
    doubts: tuple[Doubt, ...] = ()
    proposals: tuple[Change, ...] = ()
    pieces: tuple[Piece, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The task of the dataset dict."""
        return {**self.values, "executors": list(self.executors)}

    def review(self) -> dict[str, Any]:
        """What the preview shows beside it."""
        return {
            "origin": self.origin.as_dict(),
            "cells": dict(self.cells),
            "joined": [origin.as_dict() for origin in self.joined],
            "sources": {key: o.as_dict() for key, o in self.sources.items()},
            "confidence": dict(self.confidence),
            "doubts": [doubt.as_dict() for doubt in self.doubts],
            "proposals": [change.as_dict() for change in self.proposals],
            "pieces": [piece.as_dict() for piece in self.pieces],
        }


@dataclass(frozen=True, slots=True)
class RowNote:
    """What a row of the document was taken for.

    :param origin: where it stands.
    :param taken: value of `rows.Taken`.
    :param text: its text.
    :param task: index of the task it belongs to, None for none.
    """

    origin: Origin
    taken: str
    text: str
    task: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """The note as JSON."""
        return {
            "origin": self.origin.as_dict(),
            "taken_for": self.taken,
            "text": self.text,
            "task": self.task,
        }


@dataclass(frozen=True, slots=True)
class Draft:
    """A plan as it was read; a person confirms it.

    :param values: fields of the dataset dict, without tasks and executors.
    :param authority: the council in the nominative, empty when not found.
    :param tasks: its tasks in printed order.
    :param doubts: doubts about the plan as a whole.
    :param rows: what each row of the document was taken for.
    :param sources: for fields of the plan, where they were found.
    :param own: of a plan that was exported, its id and what no printed plan says:
        participants, executors, amendments and so on; None for other documents.
    """

    values: dict[str, str]
    authority: str
    tasks: tuple[TaskDraft, ...]
    doubts: tuple[Doubt, ...] = ()
    rows: tuple[RowNote, ...] = ()
    sources: dict[str, str] = dataclasses.field(default_factory=dict[str, str])
    own: dict[str, Any] | None = None

    @property
    def executors(self) -> tuple[str, ...]:
        """Names of all executors, each once, in order of first appearance.

        Names that differ in the case of their first letter only are the same.
        """
        names: dict[str, str] = {}
        for task in self.tasks:
            for name in task.executors:
                names.setdefault(name.casefold(), name)
        return tuple(names.values())

    def as_dict(self) -> dict[str, Any]:
        """The draft dataset dict with `authority` and `review` beside it."""
        if self.own is not None:
            return self._own_dict(self.own)
        spelled = {name.casefold(): name for name in self.executors}
        tasks = [task.as_dict() for task in self.tasks]
        for task in tasks:
            # A task names its executors exactly as the list of executors does.
            names = [spelled[name.casefold()] for name in task["executors"]]
            task["executors"] = list(dict.fromkeys(names))
        return {
            **self.values,
            "authority": self.authority,
            "executors": [
                {"name": name, "who": "", "organizations": []}
                for name in self.executors
            ],
            "tasks": tasks,
            "review": self._review(),
        }

    def _own_dict(self, own: dict[str, Any]) -> dict[str, Any]:
        """The same for an exported plan, whose names are kept to the letter."""
        listed = {each["name"]: each for each in own["executors"]}
        for task in self.tasks:
            for name in task.executors:
                listed.setdefault(name, {"name": name, "who": "", "organizations": []})
        return {
            **self.values,
            "authority": self.authority,
            "executors": list(listed.values()),
            "tasks": [task.as_dict() for task in self.tasks],
            "review": self._review(),
            "own": {**own, "executors": list(listed.values())},
        }

    def _review(self) -> dict[str, Any]:
        return {
            "tasks": [task.review() for task in self.tasks],
            "doubts": [doubt.as_dict() for doubt in self.doubts],
            "rows": [row.as_dict() for row in self.rows],
            "sources": dict(self.sources),
        }
