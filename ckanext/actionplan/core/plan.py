"""A plan as the rules see it: term, executors, tasks."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from .event import Event

#: What a task says in text, by its names in dataset and draft (decision 9).
TASK_TEXTS: Final = (
    "number",
    "section",
    "principle",
    "topic",
    "title",
    "deadline",
    "due",
    "indicator",
    "performed",
    "lead",
    "continuity",
    "measure",
    "target",
    "note",
)


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
    :param topic: what it is about, empty when not said.
    :param text: its title, wording and indicator, for portal-wide dates.
    """

    id: str
    due: str = ""
    executors: tuple[str, ...] = ()
    performed: Performed = Performed.JOINTLY
    lead: str = ""
    continuity: Continuity | None = None
    withdrawn_by: str = ""
    topic: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Former:
    """An organization that performed a task until another one took it over.

    :param organization: id of the organization that was merged away.
    :param heir: id of the one that the plan names now.
    :param since: day from which the former one owed, None: the plan's first day.
    :param until: first day on which the heir owes in its place.
    :param led: whether it led a task performed jointly.
    """

    organization: str
    heir: str
    since: date | None
    until: date
    led: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What obligations are derived from.

    :param owner: id of the organization that owns the plan.
    :param start: first day of its term, None when not known.
    :param end: last day on which occurrences exist, None when open.
    :param in_force_from: the later of approval and start, None when not known.
    :param tracked_from: day on which this portal began to follow it.
    :param participants: ids of the organizations that it binds, in order.
    :param until: last day on which the plan owes, None: to its end. What is due later
        is owed by the plan that replaces it, or by nobody.
    :param since: confirmed organizations and the day from which they owe, None: from
        the start. One that is neither here nor pending owes from the start.
    :param pending: organizations that are named and not confirmed: they owe nothing.
    :param events: portal-wide dates for tasks without a date.
    :param joined: by task and organization: the day on which the organization joined
        a task that others performed already.
    :param formers: by task: organizations that were merged into performers of it.
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
    until: date | None = None
    since: Mapping[str, date | None] = field(default_factory=dict[str, "date | None"])
    pending: frozenset[str] = frozenset()
    events: tuple[Event, ...] = ()
    joined: Mapping[tuple[str, str], date] = field(
        default_factory=dict[tuple[str, str], "date"]
    )
    formers: Mapping[str, tuple[Former, ...]] = field(
        default_factory=dict[str, tuple[Former, ...]]
    )

    def owes_from(self, task: str, organization: str) -> date | None:
        """The day from which an organization owes a task, None: from the start.

        :param task: id of a task.
        :param organization: id of an organization that performs it.
        """
        days = (self.since.get(organization), self.joined.get((task, organization)))
        return max((day for day in days if day), default=None)
