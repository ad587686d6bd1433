"""From tasks to obligations: who owes what, once, in which occurrence."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from enum import Enum
from hashlib import sha1
from typing import TYPE_CHECKING, Final, NamedTuple

from .errors import TooManyObligationsError
from .occurrence import (
    ONCE,
    STANDING,
    Kind,
    Occurrence,
    Reason,
    asked_from,
    occurrences,
)
from .plan import Performed, Who

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from .plan import Former, Plan, Task

__all__ = [
    "NAMESPACE",
    "ONCE",
    "Debtors",
    "Kind",
    "Mark",
    "Obligation",
    "Occurrence",
    "Reason",
    "debtors",
    "derive",
    "obligation_id",
    "occurrences",
    "performers",
]

#: Names obligations by plan, task, share and occurrence (decision 15).
NAMESPACE: Final = uuid.UUID("5b0f2a0e-5f5c-5c0e-9a57-6c6f7a1d9b11")


class Mark(str, Enum):
    """Why the plan's owner owes what others were to do."""

    OUTSIDE = "outside"
    UNMAPPED = "unmapped"
    PENDING = "pending"


@dataclass(frozen=True, slots=True)
class Debtors:
    """Who performs a task.

    :param organizations: ids in the order of the executors, each once; the owner's
        alone when nobody inside the portal performs it.
    :param mark: why the owner stands in, None when it does not.
    """

    organizations: tuple[str, ...]
    mark: Mark | None


class Share(NamedTuple):
    """What of an occurrence one organization owes, alone or with others."""

    name: str
    organization: str
    parties: tuple[str, ...]
    owes_from: date | None = None


@dataclass(frozen=True, slots=True)
class Obligation:
    """One promise: task, occurrence, who owes it.

    :param id: uuid5 of plan, task, share and occurrence.
    :param share: the organization for "by each", empty for "jointly".
    :param organization: id of the organization that owes it (the lead when jointly).
    :param parties: ids of the co-executors of a joint task.
    :param before_tracking: its last day lies before the plan was in force or tracked.
    :param owes_from: the day from which this share is owed, None: from the start.
    """

    id: str
    task: str
    share: str
    organization: str
    parties: tuple[str, ...]
    occurrence: Occurrence
    mark: Mark | None
    before_tracking: bool
    owes_from: date | None = None


def obligation_id(plan: str, task: str, share: str, occurrence: str) -> str:
    """The id of an obligation; the same four give the same id for ever.

    It is `uuid.uuid5`, written out: a large plan asks for hundreds of thousands.
    """
    name = "\n".join((plan, task, share, occurrence)).encode()
    code = sha1(NAMESPACE.bytes + name, usedforsecurity=False).hexdigest()
    variant = "89ab"[int(code[16], 16) & 3]
    groups = (code[:8], code[8:12], f"5{code[13:16]}", f"{variant}{code[17:20]}")
    return "-".join((*groups, code[20:32]))


def debtors(plan: Plan, task: Task) -> Debtors:
    """Who performs a task, by the plan's mapping of executor names.

    Organizations that are not confirmed owe nothing (decision 11).
    """
    mapping = {executor.name: executor for executor in plan.executors}
    found: dict[str, None] = {}
    unmapped = not task.executors
    for name in task.executors:
        executor = mapping.get(name)
        if executor is None or executor.who is Who.UNMAPPED:
            unmapped = True
        elif executor.who is Who.ALL:
            found.update(dict.fromkeys(plan.participants))
        elif executor.who is Who.OWNER:
            found[plan.owner] = None
        elif executor.who is Who.PARTICIPANTS:
            found.update(dict.fromkeys(executor.organizations))
    confirmed = tuple(each for each in found if each not in plan.pending)
    if confirmed:
        return Debtors(confirmed, None)
    if found:
        return Debtors((plan.owner,), Mark.PENDING)
    return Debtors((plan.owner,), Mark.UNMAPPED if unmapped else Mark.OUTSIDE)


def performers(plan: Plan, task: Task, who: Debtors, last: date | None) -> Debtors:
    """Who of a task's debtors owes it in an occurrence.

    :param who: what `debtors` gave.
    :param last: last day of the occurrence, None: it has none, so all of them.
    :returns: the owner when nobody was confirmed by then; nobody for "by each" when
        all of them joined later.
    """
    if last is None:
        return who
    found = _by(plan, task, who.organizations, last)
    if found or who.mark:
        return Debtors(found or who.organizations, who.mark)
    confirmed = tuple(each for each in who.organizations if _since(plan, each, last))
    if not confirmed:
        return Debtors((plan.owner,), Mark.PENDING)
    return Debtors(() if by_each(task) else confirmed, None)


def derive(plan: Plan, today: date, limit: int) -> Iterator[Obligation]:
    """All obligations of a plan, those of a task one after another.

    :param today: for plans without an end.
    :param limit: the most obligations that a plan may have.
    :raises TooManyObligationsError: before the first one is given out.
    """
    shares = [
        (task, occurrence, owing)
        for task in plan.tasks
        if not task.withdrawn_by
        for occurrence, owing in _shares(plan, task, today)
    ]
    count = sum(
        len(owing.organizations) if by_each(task) else 1 for task, _, owing in shares
    )
    if count > limit:
        raise TooManyObligationsError(count, limit)
    return (
        obligation
        for task, occurrence, owing in shares
        for obligation in _obligations(plan, task, owing, occurrence)
    )


def by_each(task: Task) -> bool:
    """Whether each performer owes the task by itself."""
    return task.performed is Performed.EACH


def _shares(
    plan: Plan, task: Task, today: date
) -> Iterator[tuple[Occurrence, Debtors]]:
    """Occurrences of a task and who owes them."""
    who = debtors(plan, task)
    always = task.id not in plan.formers and not any(
        plan.owes_from(task.id, each) for each in who.organizations
    )
    for occurrence in occurrences(plan, task, today):
        if always:
            yield occurrence, who
            continue
        owing = performers(plan, task, who, occurrence.due_on)
        if occurrence.name == STANDING:
            # It holds on, so whoever performs the task now owes it too.
            kept = owing.organizations if by_each(task) and not owing.mark else ()
            found = dict.fromkeys((*kept, *who.organizations))
            owing = Debtors(tuple(found), who.mark)
        yield occurrence, owing


def _since(plan: Plan, organization: str, last: date) -> bool:
    day = plan.since.get(organization)
    return day is None or day <= last


def _by(
    plan: Plan, task: Task, organizations: tuple[str, ...], last: date
) -> tuple[str, ...]:
    """Those who owed a task by a day, former organizations in their heirs' places."""
    formers = plan.formers.get(task.id, ())
    found: dict[str, None] = {}
    for organization in organizations:
        for former in formers:
            if former.heir == organization and _performed(former, last):
                found[former.organization] = None
        day = plan.owes_from(task.id, organization)
        if day is None or day <= last:
            found[organization] = None
    return tuple(found)


def _performed(former: Former, last: date) -> bool:
    return (former.since is None or former.since <= last) and last < former.until


def _lead(plan: Plan, task: Task, owing: Debtors) -> str:
    """Who leads a joint task: the one named, or who led it before a merger."""
    for former in plan.formers.get(task.id, ()):
        replaced = former.led and task.lead in ("", former.heir)
        if replaced and former.organization in owing.organizations:
            return former.organization
    if task.lead in owing.organizations:
        return task.lead
    return owing.organizations[0]


def _obligations(
    plan: Plan, task: Task, owing: Debtors, occurrence: Occurrence
) -> Iterator[Obligation]:
    if not by_each(task):
        lead = _lead(plan, task, owing)
        parties = tuple(each for each in owing.organizations if each != lead)
        days = [plan.owes_from(task.id, each) for each in owing.organizations]
        first = None if None in days else min(day for day in days if day)
        at = asked_from(plan, occurrence, first)
        yield _obligation(plan, task, at, owing.mark, Share("", lead, parties))
        return
    starts = {former.organization: former for former in plan.formers.get(task.id, ())}
    for each in owing.organizations:
        former = starts.get(each)
        day = former.since if former else plan.owes_from(task.id, each)
        at = asked_from(plan, occurrence, day)
        yield _obligation(plan, task, at, owing.mark, Share(each, each, (), day))


def _obligation(
    plan: Plan, task: Task, occurrence: Occurrence, mark: Mark | None, share: Share
) -> Obligation:
    return Obligation(
        id=obligation_id(plan.id, task.id, share.name, occurrence.name),
        task=task.id,
        share=share.name,
        organization=share.organization,
        parties=share.parties,
        occurrence=occurrence,
        mark=mark,
        before_tracking=_before_tracking(plan, occurrence),
        owes_from=share.owes_from,
    )


def _before_tracking(plan: Plan, occurrence: Occurrence) -> bool:
    if occurrence.due_on is None or occurrence.reason:
        return False
    starts = [day for day in (plan.in_force_from, plan.tracked_from) if day]
    return bool(starts) and occurrence.due_on < max(starts)
