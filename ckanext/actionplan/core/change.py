"""What differs between a plan as it stood and as it is saved (decision 13)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Final, NamedTuple

from .plan import TASK_TEXTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

#: The field of a task that holds its deadline as printed.
WORDING: Final = "deadline"
WITHDRAWN_BY: Final = "withdrawn_by"
#: Texts of a task that are compared; names of executors are joined to one text.
COMPARED: Final = (*TASK_TEXTS, "executors", WITHDRAWN_BY)
#: What stands in place of a field when a whole task came or went.
ADDED: Final = "added"
REMOVED: Final = "removed"
PARTICIPANTS: Final = "participants"
#: Of a task the names of its executors, of the plan whom they stand for.
EXECUTORS: Final = "executors"
#: Between the name of an executor and what it stands for.
STANDS_FOR: Final = " → "


class Kind(str, Enum):
    """What a change is by its nature."""

    #: The printed text of a plan in force changed, by an act.
    AMENDMENT = "amendment"
    #: Only its reading by this portal changed.
    CORRECTION = "correction"
    #: The plan was not in force yet.
    EDIT = "edit"


@dataclass(frozen=True, slots=True)
class Change:
    """One field that got another value.

    :param task: id of the task, empty for the plan itself.
    :param field: name of the field, `added`, `removed`, `participants` or, of the plan
        itself, `executors`: a name and what, or whom, it stands for.
    :param before: its former value, of a removed task its title.
    :param after: its new value, of an added task its title.
    :param act: the amending act in words, empty when none was needed or named.
    """

    task: str
    kind: Kind
    field: str
    before: str
    after: str
    act: str = ""


@dataclass(frozen=True, slots=True)
class TaskState:
    """A task as it stood or stands.

    :param texts: values of the fields of `COMPARED`; None: not known.
    """

    texts: Mapping[str, str | None]

    @property
    def title(self) -> str:
        """What a log calls the task."""
        return self.texts.get("title") or ""


class Mapped(NamedTuple):
    """What the name of an executor stands for.

    :param who: value of `core.plan.Who`.
    :param organizations: ids of the organizations that it is mapped to.
    """

    who: str
    organizations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanState:
    """A plan as it stood or stands.

    :param tasks: by id, those that stand in the plan.
    :param executors: by name; None: not known.
    :param bound: whether it was ever seen public and in force.
    """

    period_start: date | None = None
    period_end: date | None = None
    in_force_from: date | None = None
    in_force_until: date | None = None
    tracked_from: date | None = None
    participants: tuple[str, ...] = ()
    tasks: Mapping[str, TaskState] = field(default_factory=dict[str, TaskState])
    executors: Mapping[str, Mapped] | None = None
    bound: bool = False

    def in_force(self, today: date) -> bool:
        """Whether the plan binds on a day, as far as it is known since when.

        What bound somebody once is changed by acts only, whatever became of its term.
        """
        if self.bound:
            return True
        if self.in_force_from is None or today < self.in_force_from:
            return False
        return self.in_force_until is None or today <= self.in_force_until


def changes(before: PlanState, after: PlanState, today: date, act: str) -> list[Change]:
    """Everything that differs between two states of a plan.

    :param before: judges whether the plan was in force when it was changed.
    :param act: the amending act in words, empty when none is named.
    """
    in_force = before.in_force(today)
    found = list(_plan_changes(before, after, in_force))
    whole, act_of_whole = _kind(in_force, printed=True), act if in_force else ""
    for task, state in after.tasks.items():
        stood = before.tasks.get(task)
        if stood is None:
            found.append(Change(task, whole, ADDED, "", state.title, act_of_whole))
        else:
            found.extend(_task_changes(task, stood, state, in_force, act))
    for task, state in before.tasks.items():
        if task not in after.tasks:
            found.append(Change(task, whole, REMOVED, state.title, "", act_of_whole))
    return found


def amended(found: Iterable[Change]) -> frozenset[str]:
    """Ids of the tasks whose wording an amendment changed."""
    return frozenset(
        each.task
        for each in found
        if each.kind is Kind.AMENDMENT and each.field == WORDING
    )


def _kind(in_force: bool, printed: bool) -> Kind:
    if not in_force:
        return Kind.EDIT
    return Kind.AMENDMENT if printed else Kind.CORRECTION


def _task_changes(
    task: str, before: TaskState, after: TaskState, in_force: bool, act: str
) -> Iterator[Change]:
    differing = [
        name
        for name in COMPARED
        if before.texts.get(name) is not None
        and before.texts.get(name) != after.texts.get(name)
    ]
    for name in differing:
        printed = WORDING in differing or name == WITHDRAWN_BY
        named = act
        if name == WITHDRAWN_BY:
            named = after.texts.get(name) or act
        yield Change(
            task=task,
            kind=_kind(in_force, printed),
            field=name,
            before=before.texts.get(name) or "",
            after=after.texts.get(name) or "",
            act=named if in_force and printed else "",
        )


def _plan_changes(
    before: PlanState, after: PlanState, in_force: bool
) -> Iterator[Change]:
    kind = _kind(in_force, printed=False)
    days = (
        ("period_start", before.period_start, after.period_start),
        ("period_end", before.period_end, after.period_end),
        ("in_force_from", before.in_force_from, after.in_force_from),
        ("in_force_until", before.in_force_until, after.in_force_until),
        ("tracked_from", before.tracked_from, after.tracked_from),
    )
    for name, stood, stands in days:
        if stood != stands:
            yield Change("", kind, name, _text(stood), _text(stands))
    stood_for, stand_for = set(before.participants), set(after.participants)
    for each in before.participants:
        if each not in stand_for:
            yield Change("", kind, PARTICIPANTS, each, "")
    for each in after.participants:
        if each not in stood_for:
            yield Change("", kind, PARTICIPANTS, "", each)
    if before.executors is not None and after.executors is not None:
        yield from _mapping_changes(before.executors, after.executors, kind)


def _mapping_changes(
    before: Mapping[str, Mapped], after: Mapping[str, Mapped], kind: Kind
) -> Iterator[Change]:
    """What names stand for, and organization by organization whom."""
    for name in dict.fromkeys((*after, *before)):
        stood, stands = before.get(name), after.get(name)
        texts = [_standing(name, each.who) if each else "" for each in (stood, stands)]
        if texts[0] != texts[1]:
            yield Change("", kind, EXECUTORS, *texts)
        lost = dict.fromkeys(stood.organizations if stood else ())
        came = dict.fromkeys(stands.organizations if stands else ())
        for each in lost:
            if each not in came:
                yield Change("", kind, EXECUTORS, _standing(name, each), "")
        for each in came:
            if each not in lost:
                yield Change("", kind, EXECUTORS, "", _standing(name, each))


def _standing(name: str, value: str) -> str:
    return f"{name}{STANDS_FOR}{value}" if value else name


def _text(day: date | None) -> str:
    return day.isoformat() if day else ""
