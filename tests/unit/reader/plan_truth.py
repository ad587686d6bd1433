"""The right reading of a plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

_KINDS = {
    "R/P1M": "monthly",
    "R/P3M": "quarterly",
    "R/P6M": "half_yearly",
    "R/P1Y": "yearly",
}


@dataclass(frozen=True)
class Task:
    """A task as it should be read; further rows of it are joined with a blank."""

    number: str
    title: str
    deadline: str
    due: str
    indicator: str = ""
    executors: Sequence[str] = ()


@dataclass(frozen=True)
class Section:
    """A section with its tasks, in printed order."""

    title: str
    tasks: Sequence[Task]
    number: str = ""
    principle: str = ""


@dataclass(frozen=True)
class Truth:
    """The right reading of a plan."""

    authority: str
    title: str
    start: str
    end: str
    sections: Sequence[Section]
    document: str = ""
    number: str = ""
    day: str = ""
    signatory: str = ""

    def as_json(self) -> dict[str, Any]:
        """The reading in the form in which plans are exchanged for comparison."""
        return {
            "authority": self.authority,
            "title": self.title,
            "period_start": self.start or None,
            "period_end": self.end or None,
            "approved_by": {
                "document_type": self.document or None,
                "number": self.number or None,
                "date": self.day or None,
                "signatory": self.signatory or None,
            },
            "sections": [
                {
                    "number": s.number or None,
                    "title": s.title,
                    "principle": s.principle or None,
                }
                for s in self.sections
            ],
            "tasks": [
                {
                    "section_index": at,
                    "number": task.number,
                    "title": task.title,
                    "deadline_text": task.deadline,
                    "deadlines": [_deadline(d) for d in task.due.split("; ") if d],
                    "due": task.due,
                    "indicators": [task.indicator],
                    "indicator_text": task.indicator,
                    "executors": list(task.executors),
                    "executor_text": ", ".join(task.executors),
                }
                for at, section in enumerate(self.sections)
                for task in section.tasks
            ],
        }


def _deadline(due: str) -> dict[str, str]:
    if due == "../..":
        return {"kind": "continuous"}
    if due.startswith("R/"):
        return {"kind": "recurring", "frequency": _KINDS[due]}
    start, end = due.split("/")
    if start == "..":
        return {"kind": "by_date", "date": end}
    if end == "..":
        return {"kind": "continuous_from", "start": start}
    return {"kind": "period", "start": start, "end": end}
