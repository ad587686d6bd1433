"""Deriving many plans after something changed that concerns them all."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from redis.exceptions import RedisError
from sqlalchemy.exc import DBAPIError

import ckan.plugins.toolkit as tk
from ckan import model

from . import derive

if TYPE_CHECKING:
    from collections.abc import Sequence

log = logging.getLogger(__name__)

#: Plans derived while somebody waits, and how long that person waits at most.
_AT_ONCE: Final = 20
_SECONDS: Final = 10.0
#: Plans of one background job.
_BATCH: Final = 50
#: By name: the layers below do not know the jobs.
_JOB: Final = "ckanext.actionplan.jobs.derive_plans"
_JOB_SECONDS: Final = 3600


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of some plans.

    :param derived: how many are up to date.
    :param queued: how many a worker brings up to date.
    :param late: how many the nightly run brings up to date: no queue took them.
    :param failed: ids of those that could not be derived.
    """

    derived: int
    queued: int
    late: int
    failed: tuple[str, ...]


def spread(plan_ids: Sequence[str]) -> Outcome:
    """Derive the first plans now and let workers derive the others.

    Each plan is committed on its own: call this after the commit of what changed.
    """
    started = time.monotonic()
    derived, failed, done = 0, list[str](), 0
    for plan_id in plan_ids[:_AT_ONCE]:
        if time.monotonic() - started > _SECONDS:
            break
        done += 1
        if derive_one(plan_id):
            derived += 1
        else:
            failed.append(plan_id)
    rest = plan_ids[done:]
    queued = len(rest) if _enqueue(rest) else 0
    return Outcome(derived, queued, len(rest) - queued, tuple(failed))


def derive_one(plan_id: str) -> bool:
    """Derive one plan and commit.

    :returns: whether that went well; what went wrong is in the log.
    """
    try:
        derive.lock(plan_id)
        # Nobody saves the plan, so nobody's rights count in it.
        derive.derive(plan_id, {"user": ""})
        model.Session.commit()
    except (tk.ValidationError, tk.ObjectNotFound, DBAPIError):
        model.Session.rollback()
        log.exception("The plan %s could not be derived", plan_id)
        return False
    return True


def _enqueue(plan_ids: Sequence[str]) -> bool:
    """At best effort: the nightly run does what no worker did (decision 5)."""
    function: Any = _JOB
    try:
        for start in range(0, len(plan_ids), _BATCH):
            tk.enqueue_job(
                function,
                [list(plan_ids[start : start + _BATCH])],
                title="actionplan plans",
                rq_kwargs={"timeout": _JOB_SECONDS},
            )
    except RedisError:
        log.warning("No queue took %s plans; the nightly run will", len(plan_ids))
        return False
    return True
