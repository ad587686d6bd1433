"""From a checked plan of our own to a draft: nothing is guessed, ids are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from .draft import Draft, RowNote, TaskDraft
from .grid import Origin
from .own import TASK_TEXTS, named_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .draft import Doubt

#: Fields that a draft of any document has.
_VALUES: Final = (
    "title",
    "period_start",
    "period_end",
    "approval_document",
    "approval_number",
    "approval_date",
    "approval_signatory",
)
#: What is the plan's own besides.
_MORE: Final = (
    "notes",
    "approval_url",
    "in_force_from",
    "in_force_until",
    "tracked_from",
    "owner_org",
    "reviewing_organization",
    "replaces",
    "participants",
    "executors",
    "amendments",
)
#: Columns that the preview shows beside a task.
_CELLS: Final = {"task": "title", "deadline": "deadline", "indicator": "indicator"}


def draft_of(
    plan: Mapping[str, Any],
    *,
    origins: Sequence[Origin] = (),
    doubts: Sequence[Doubt] = (),
    task_doubts: Mapping[int, Sequence[Doubt]] | None = None,
    missing: Sequence[str] = (),
) -> Draft:
    """The draft of a plan that was exported here or on another portal.

    :param plan: checked by `own.checked`.
    :param origins: where each task stands in the document.
    :param doubts: about the plan as a whole.
    :param task_doubts: about tasks, by their place in the plan.
    :param missing: what the file does not speak of: `tasks.topic`, `executors`.
    """
    tasks = tuple(
        _task(
            task,
            origins[at] if origins else Origin(0, at + 1),
            tuple((task_doubts or {}).get(at, ())),
        )
        for at, task in enumerate(plan["tasks"])
    )
    owner = plan["owner_org"]
    return Draft(
        values={name: plan[name] for name in _VALUES},
        authority=owner["title"] if owner else "",
        tasks=tasks,
        doubts=tuple(doubts),
        rows=tuple(
            RowNote(task.origin, "task", task.cells["task"], at)
            for at, task in enumerate(tasks)
        ),
        own={
            "plan_id": plan["id"],
            "name": plan["name"],
            **{name: plan[name] for name in _MORE},
            "missing": list(missing),
        },
    )


def _task(task: Mapping[str, Any], origin: Origin, doubts: tuple[Doubt, ...]) -> Any:
    return TaskDraft(
        values={
            **{name: task[name] for name in TASK_TEXTS},
            "lead": named_text(task["lead"]),
        },
        executors=tuple(task["executors"]),
        origin=origin,
        cells={
            "number": task["number"],
            **{role: task[name] for role, name in _CELLS.items()},
            "executor": "\n".join(task["executors"]),
        },
        doubts=doubts,
    )
