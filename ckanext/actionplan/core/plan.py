"""A plan as the rules see it: term, executors, tasks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


class Who(str, Enum):
    """What a name in the executor column stands for."""

    PARTICIPANTS = "participants"
    ALL = "all"
    OWNER = "owner"
    OUTSIDE = "outside"
    UNMAPPED = ""


class Performed(str, Enum):
    """How several executors perform one task."""

    JOINTLY = "jointly"
    EACH = "each"


class Continuity(str, Enum):
    """The kinds of a continuous task (design, Obligations 4)."""

    STANDING = "standing"
    MEASURED = "measured"
    ACTIVITY = "activity"


@dataclass(frozen=True, slots=True)
class Executor:
    """A name of the executor column, mapped once for the plan.

    :param name: as printed.
    :param who: what it stands for.
    :param organizations: ids of the organizations it is mapped to.
    """

    name: str
    who: Who = Who.UNMAPPED
    organizations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Task:
    """One row of a plan.

    :param id: stable id, unique in the plan.
    :param due: due in normal form; empty when unresolved.
    :param executors: names as printed.
    :param performed: jointly or by each.
    :param lead: id of the organization that leads, empty: the first executor.
    :param continuity: kind of a continuous task, None: not said.
    :param withdrawn_by: the act that withdrew it, empty while it stands.
    """

    id: str
    due: str = ""
    executors: tuple[str, ...] = ()
    performed: Performed = Performed.JOINTLY
    lead: str = ""
    continuity: Continuity | None = None
    withdrawn_by: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What obligations are derived from.

    :param owner: id of the organization that owns the plan.
    :param start: first day of its term, None when not known.
    :param end: last day on which occurrences exist, None when open.
    :param in_force_from: the later of approval and start, None when not known.
    :param tracked_from: day on which this portal began to follow it.
    :param participants: ids of the organizations that it binds, in order.
    """

    id: str
    owner: str
    start: date | None
    end: date | None
    in_force_from: date | None
    tracked_from: date | None
    participants: tuple[str, ...] = ()
    executors: tuple[Executor, ...] = ()
    tasks: tuple[Task, ...] = ()
