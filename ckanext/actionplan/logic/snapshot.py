"""Snapshots of the upstream: read page by page, taken over only when whole."""

from __future__ import annotations

import logging
import time
import uuid
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from .. import clock, config
from ..model import DatasetFact, Snapshot
from ..model.facts import UPSTREAM
from ..upstream import Client, Limits, Problem, UpstreamError
from . import facts, locks, scope, standing

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from .scope import Snapshots

log = logging.getLogger(__name__)

NONE: Final = "none"
RUNNING: Final = "running"
WHOLE: Final = "whole"
FAILED: Final = "failed"

#: Why a run ended when it was not the other portal's doing.
_INTERRUPTED: Final = "interrupted"
_STAGE: Final = "snapshot:"
#: Names the advisory lock that makes two runs one; any number, but always this one.
_LOCK: Final = 4_702_957_612


def refresh(sleep: Callable[[float], None] = time.sleep) -> None:
    """Read the upstream; what was read before stays until all of it is there.

    Commits page by page, so that no transaction stays open while the other portal
    answers. Pages are kept under a source of their own until the run is whole.

    :param sleep: pauses between retries; a test brings its own.
    :raises ckan.logic.ValidationError: with a sentence under `upstream`.
    """
    url = config.upstream_url()
    if not url:
        raise _refusal(tk._("This portal names no other portal to read"))
    with _only_run() as alone:
        if not alone:
            raise _refusal(tk._("The other portal is being read already"))
        run_id = _begin(url)
        try:
            count = _stage(run_id, url, sleep)
            _take_over(run_id, url, count)
        except UpstreamError as error:
            _fail(run_id, error.problem.value, error.detail)
            log.warning("Snapshot %s of %s failed: %s", run_id, url, error)
            raise _refusal(sentence(error.problem.value, error.detail)) from error
        except BaseException:
            _fail(run_id, _INTERRUPTED)
            raise
    standing.refresh()
    model.Session.commit()


def _refusal(message: str) -> tk.ValidationError:
    return tk.ValidationError({"upstream": [message]})


def _only_run() -> AbstractContextManager[bool]:
    return locks.alone(_LOCK)


def _begin(url: str) -> str:
    """Note the run, after clearing away what killed runs have left."""
    table, fact = Snapshot.__table__, DatasetFact.__table__
    now = clock.now()
    run_id = str(uuid.uuid4())
    model.Session.execute(
        sa.update(table)
        .where(table.c.state == RUNNING)
        .values(state=FAILED, finished_at=now, error=_INTERRUPTED)
    )
    model.Session.execute(sa.delete(fact).where(fact.c.source.startswith(_STAGE)))
    model.Session.execute(
        sa.insert(table).values(id=run_id, url=url, started_at=now, state=RUNNING)
    )
    model.Session.commit()
    return run_id


def _limits() -> Limits:
    return Limits(
        request_seconds=config.upstream_timeout_seconds(),
        run_seconds=config.upstream_run_seconds(),
        datasets=config.upstream_datasets_count(),
        private_allowed=config.upstream_private_allowed(),
    )


def _stage(run_id: str, url: str, sleep: Callable[[float], None]) -> int:
    """Keep all pages beside the last whole snapshot.

    :returns: how many datasets there are.
    """
    client = Client(url, _limits(), facts.passport_fields(), sleep=sleep)
    count = 0
    for page in client.pages():
        facts.save(f"{_STAGE}{run_id}", page)
        count += len(page)
        model.Session.commit()
    return count


def _take_over(run_id: str, url: str, count: int) -> None:
    """Put the run in the place of the last whole one, in one transaction."""
    table, fact = Snapshot.__table__, DatasetFact.__table__
    had = model.Session.scalar(
        sa.select(sa.func.count()).where(
            table.c.url == url, table.c.state == WHOLE, table.c.datasets > 0
        )
    )
    if had and not count:
        # An index that was emptied there would make everything missing here.
        raise UpstreamError(Problem.EMPTY)
    model.Session.execute(sa.delete(fact).where(fact.c.source == UPSTREAM))
    model.Session.execute(
        sa.update(fact)
        .where(fact.c.source == f"{_STAGE}{run_id}")
        .values(source=UPSTREAM)
    )
    model.Session.execute(
        sa.update(table)
        .where(table.c.id == run_id)
        .values(state=WHOLE, finished_at=clock.now(), datasets=count)
    )
    facts.analyze()
    model.Session.commit()


def _fail(run_id: str, problem: str, detail: str = "") -> None:
    table, fact = Snapshot.__table__, DatasetFact.__table__
    model.Session.rollback()
    model.Session.execute(sa.delete(fact).where(fact.c.source == f"{_STAGE}{run_id}"))
    model.Session.execute(
        sa.update(table)
        .where(table.c.id == run_id)
        .values(
            state=FAILED,
            finished_at=clock.now(),
            error=f"{problem} {detail}".strip(),
        )
    )
    model.Session.commit()


def dictize(found: Snapshots) -> dict[str, Any]:
    """What is known of the upstream, as actions give it.

    :returns: `state` of the last run (none, running, whole, failed), `started_at` and
        `error` of it, `finished_at` and `datasets` of the last whole one, `old`,
        `url`, `reason` why presence is not measured.
    """
    last, whole = found.last, found.whole
    problem, _, detail = (last.error if last else "").partition(" ")
    return {
        "state": last.state if last else NONE,
        "started_at": last.started_at.isoformat() if last else None,
        "error": sentence(problem, detail) if problem else "",
        "finished_at": (
            whole.finished_at.isoformat() if whole and whole.finished_at else None
        ),
        "datasets": whole.datasets if whole else 0,
        "old": found.old,
        "url": config.upstream_url(),
        "reason": found.upstream().reason,
    }


def show() -> dict[str, Any]:
    """What is known of the upstream now."""
    return dictize(scope.snapshots(clock.now()))


def sentence(problem: str, detail: str) -> str:
    """What went wrong, for a reader.

    :param problem: a value of `Problem`.
    :param detail: a number that belongs to it.
    """
    text = _SENTENCES.get(problem)
    if text is None:
        return tk._("The reading of the other portal was interrupted.")
    return text().format(detail=detail)


_SENTENCES: Final[dict[str, Callable[[], str]]] = {
    Problem.ADDRESS.value: lambda: tk._(
        "The address of the other portal is not an http or https address."
    ),
    Problem.UNKNOWN_HOST.value: lambda: tk._(
        "The name of the other portal is not known."
    ),
    Problem.PRIVATE_ADDRESS.value: lambda: tk._(
        "The other portal stands at a private address, which is not allowed here."
    ),
    Problem.UNREACHABLE.value: lambda: tk._(
        "The other portal could not be reached, or it broke off its answer."
    ),
    Problem.TIMEOUT.value: lambda: tk._("The other portal did not answer in time."),
    Problem.RUN_TIMEOUT.value: lambda: tk._(
        "Reading the whole other portal took longer than is allowed."
    ),
    Problem.REDIRECT.value: lambda: tk._(
        "The other portal sends readers to another address; set that one instead."
    ),
    Problem.STATUS.value: lambda: tk._(
        "The other portal answered with error {detail}."
    ),
    Problem.TOO_LARGE.value: lambda: tk._(
        "An answer of the other portal was larger than is allowed."
    ),
    Problem.ENCODING.value: lambda: tk._(
        "An answer of the other portal could not be unpacked."
    ),
    Problem.NOT_JSON.value: lambda: tk._(
        "The other portal answered with something other than data."
    ),
    Problem.TOO_DEEP.value: lambda: tk._(
        "An answer of the other portal was nested deeper than is allowed."
    ),
    Problem.REFUSED.value: lambda: tk._("The other portal refused the request."),
    Problem.SHAPE.value: lambda: tk._(
        "An answer of the other portal does not look like that of a CKAN."
    ),
    Problem.TOO_MANY.value: lambda: tk._(
        "The other portal has more than {detail} datasets, which is the limit here."
    ),
    Problem.CHANGING.value: lambda: tk._(
        "The other portal changed too much while it was being read."
    ),
    Problem.INCOMPLETE.value: lambda: tk._(
        "The other portal gave fewer datasets than it announced."
    ),
    Problem.EMPTY.value: lambda: tk._(
        "The other portal suddenly has no datasets at all; the last reading is kept."
    ),
}
