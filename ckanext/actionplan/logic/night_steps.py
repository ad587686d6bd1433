"""What is done every night, step by step; the order is that of `steps`."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar, Final, cast

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.model.package import package_table

from .. import clock, config
from ..model import PlanRow
from . import derive, drafts, facts, names, snapshot, standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

log = logging.getLogger(__name__)

#: Failures that are told by name; more are only counted.
_TOLD: Final = 20
#: The longest text of an error that was not written for readers.
_LONGEST: Final = 300


@dataclass(frozen=True, slots=True)
class Tonight:
    """The night that a step works for.

    :param night_on: its date in the portal's zone.
    :param started_at: when it began; what was done since is not done again.
    :param again: everything is to be done anew.
    """

    night_on: date
    started_at: datetime
    again: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a step did.

    :param done: how many things were brought in order.
    :param failures: sentences, one for each thing that could not be.
    """

    done: int = 0
    failures: Sequence[str] = ()


class Step(ABC):
    """One part of the night; it may be started again at any point of its work."""

    id: ClassVar[str]

    @abstractmethod
    def title(self) -> str:
        """What the step does, in a few words."""

    @abstractmethod
    def words(self, done: int) -> str:
        """What was done, as a sentence.

        :param done: as in `Outcome`.
        """

    def why_skipped(self) -> str:
        """A sentence that says why there is nothing to do on this portal, or empty."""
        return ""

    @abstractmethod
    def run(self, tonight: Tonight) -> Outcome:
        """Do it. What is not committed at the end is committed with the record.

        Anything raised is recorded and does not stop the steps after this one.
        """


class Names(Step):
    """Names of organizations, so that old addresses lead on (decision 7)."""

    id = "names"

    def title(self) -> str:
        """See the base class."""
        return tk._("Remember names of organizations")

    def words(self, done: int) -> str:
        """See the base class."""
        return tk.ungettext(
            "{count} name is new.", "{count} names are new.", done
        ).format(count=done)

    def run(self, tonight: Tonight) -> Outcome:
        """See the base class."""
        return Outcome(names.remember_all())


class Drafts(Step):
    """Imports that nobody went on with (decision 28)."""

    id = "drafts"

    def title(self) -> str:
        """See the base class."""
        return tk._("Forget imports that were begun and not saved")

    def words(self, done: int) -> str:
        """See the base class."""
        return tk.ungettext(
            "{count} import was forgotten.", "{count} imports were forgotten.", done
        ).format(count=done)

    def run(self, tonight: Tonight) -> Outcome:
        """See the base class."""
        return Outcome(drafts.forget_old(clock.now()))


class Facts(Step):
    """What is known of each dataset, also of those changed past CKAN's hooks."""

    id = "facts"

    def title(self) -> str:
        """See the base class."""
        return tk._("Look through all datasets")

    def words(self, done: int) -> str:
        """See the base class."""
        return tk.ungettext(
            "{count} dataset was looked through.",
            "{count} datasets were looked through.",
            done,
        ).format(count=done)

    def run(self, tonight: Tonight) -> Outcome:
        """Batch by batch: those looked through since the night began are passed over."""
        return Outcome(facts.repair(tonight.started_at)["written"])


class Upstream(Step):
    """The other portal, where one is named; when it fails the last reading stays."""

    id = "upstream"

    def title(self) -> str:
        """See the base class."""
        return tk._("Read the other portal")

    def words(self, done: int) -> str:
        """See the base class."""
        return tk.ungettext(
            "{count} dataset was read.", "{count} datasets were read.", done
        ).format(count=done)

    def why_skipped(self) -> str:
        """See the base class."""
        if config.upstream_url():
            return ""
        return tk._("This portal names no other portal to read.")

    def run(self, tonight: Tonight) -> Outcome:
        """See the base class."""
        snapshot.refresh()
        return Outcome(snapshot.show()["datasets"])


class Plans(Step):
    """Obligations roll on; each plan is committed by itself and fails by itself."""

    id = "plans"

    def title(self) -> str:
        """See the base class."""
        return tk._("Derive the obligations of plans")

    def words(self, done: int) -> str:
        """See the base class."""
        return tk.ungettext(
            "{count} plan was derived.", "{count} plans were derived.", done
        ).format(count=done)

    def run(self, tonight: Tonight) -> Outcome:
        """Plans derived since midnight, by a save or before a crash, are passed over."""
        later = timedelta(days=1) if tonight.again else timedelta()
        done, failed = 0, dict[str, str]()
        for plan_id in derive.outdated(tonight.night_on + later):
            problem = _derived(plan_id)
            if problem:
                failed[plan_id] = problem
            else:
                done += 1
        return Outcome(done, _named(failed))


class Purged(Step):
    """What was derived from plans that exist no more."""

    id = "purged"

    def title(self) -> str:
        """See the base class."""
        return tk._("Remove what is left of purged plans")

    def words(self, done: int) -> str:
        """See the base class."""
        return tk.ungettext(
            "{count} purged plan was cleared away.",
            "{count} purged plans were cleared away.",
            done,
        ).format(count=done)

    def run(self, tonight: Tonight) -> Outcome:
        """See the base class."""
        plan = PlanRow.__table__
        gone = model.Session.scalar(
            sa.select(sa.func.count())
            .select_from(plan)
            .where(~sa.exists().where(package_table.c.id == plan.c.id))
        )
        derive.forget_purged()
        return Outcome(gone or 0)


class Standings(Step):
    """The sums that `/compliance` sorts by; dates pass without anybody saving."""

    id = "standings"

    def title(self) -> str:
        """See the base class."""
        return tk._("Count the sums of publishers")

    def words(self, done: int) -> str:
        """See the base class."""
        return tk.ungettext(
            "{count} publisher was counted.", "{count} publishers were counted.", done
        ).format(count=done)

    def run(self, tonight: Tonight) -> Outcome:
        """See the base class."""
        return Outcome(standing.refresh())


_STEPS: Final[tuple[type[Step], ...]] = (
    Names,
    Drafts,
    Facts,
    Upstream,
    Plans,
    Purged,
    Standings,
)


def steps() -> tuple[Step, ...]:
    """All steps, in the order in which they are done."""
    return tuple(step() for step in _STEPS)


def sentence(error: Exception) -> str:
    """What an error says, for an administrator."""
    if isinstance(error, tk.ValidationError):
        errors = cast("dict[str, str | list[str]]", error.error_dict)
        found: list[str] = []
        for texts in errors.values():
            found += [texts] if isinstance(texts, str) else map(str, texts)
        return " ".join(found)
    # The first line only: a database adds the whole statement with its values.
    first = next(iter(str(error).splitlines()), "")[:_LONGEST]
    return f"{type(error).__name__}: {first}".removesuffix(": ")


def _derived(plan_id: str) -> str:
    """Derive one plan and commit it; what went wrong, or empty."""
    try:
        derive.lock(plan_id)
        derive.derive(plan_id)
        model.Session.commit()
    except Exception as error:  # one plan must not stop all others
        model.Session.rollback()
        log.exception("Plan %s was not derived", plan_id)
        return sentence(error)
    return ""


def _named(failed: dict[str, str]) -> list[str]:
    """Failures of plans with the names of the plans; one statement."""
    if not failed:
        return []
    package = package_table.c
    rows = model.Session.execute(
        sa.select(package.id, package.name)
        .where(package.id.in_(list(failed)))
        .order_by(package.name)
    )
    found = [f"{name}: {failed[plan_id]}" for plan_id, name in rows]
    return shortened(found)


def shortened(texts: Iterable[str]) -> list[str]:
    """The first of many texts, and how many more there are."""
    found = list(texts)
    more = len(found) - _TOLD
    if more <= 0:
        return found
    last = tk.ungettext("and {count} more", "and {count} more", more)
    return [*found[:_TOLD], last.format(count=more)]
