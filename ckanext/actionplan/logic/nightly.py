"""The nightly run: under one lock, step by step, each recorded (decision 28).

A run that was cut short, or in which steps failed, goes on at its next start: what is
done under the same date is not done again.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from ckan import model

from .. import clock
from ..model import Night, NightStep
from . import locks
from .night_steps import Step, Tonight, sentence, steps

log = logging.getLogger(__name__)

#: States of a night and of its steps; a night has no `skipped`, a record no `waiting`.
NONE: Final = "none"
WAITING: Final = "waiting"
RUNNING: Final = "running"
INTERRUPTED: Final = "interrupted"
SKIPPED: Final = "skipped"
FAILED: Final = "failed"
DONE: Final = "done"

#: Names the advisory lock that makes two starts one run.
LOCK: Final = 4_702_957_613
#: Nights that are told of, and how long they are kept.
_SHOWN: Final = 14
_KEPT: Final = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class _Record:
    """How a step ended."""

    state: str
    done: int = 0
    message: str = ""


def run(*, again: bool = False) -> bool:
    """Do everything that is due.

    :param again: do also what was done since midnight already.
    :returns: False when another process does it at this moment: nothing was done.
    """
    with locks.alone(LOCK) as mine:
        if not mine:
            log.info("The nightly run is under way already")
            return False
        _run(again=again)
    return True


def _run(*, again: bool) -> None:
    now = clock.now()
    night_on = clock.today()
    started_at, done = _begin(night_on, now, again=again)
    tonight = Tonight(night_on, started_at, again=again)
    for position, step in enumerate(steps()):
        if step.id not in done:
            _do(step, position, tonight)
    table = Night.__table__
    model.Session.execute(
        sa.update(table)
        .where(table.c.night_on == night_on, table.c.finished_at.is_(None))
        .values(finished_at=clock.now())
    )
    model.Session.commit()


def _begin(night_on: Any, now: Any, *, again: bool) -> tuple[Any, set[str]]:
    """Note the run.

    :returns: when this night began first, and the ids of the steps that are done.
    """
    night, step = Night.__table__, NightStep.__table__
    for table in (night, step):
        old = table.c.night_on < night_on - _KEPT
        model.Session.execute(sa.delete(table).where(old))
    if again:
        model.Session.execute(sa.delete(step).where(step.c.night_on == night_on))
        model.Session.execute(sa.delete(night).where(night.c.night_on == night_on))
    done = set(
        model.Session.scalars(
            sa.select(step.c.name).where(
                step.c.night_on == night_on, step.c.state == DONE
            )
        )
    )
    begun = pg.insert(night).values(night_on=night_on, started_at=now)
    if any(each.id not in done for each in steps()):
        begun = begun.on_conflict_do_update(
            index_elements=["night_on"], set_={"finished_at": None}
        )
    else:
        begun = begun.on_conflict_do_nothing()
    model.Session.execute(begun)
    started_at = model.Session.scalar(
        sa.select(night.c.started_at).where(night.c.night_on == night_on)
    )
    model.Session.commit()
    return started_at, done


def _do(step: Step, position: int, tonight: Tonight) -> None:
    """One step with its record; the work is committed together with the record."""
    started_at = clock.now()
    _write(step, position, tonight, _Record(RUNNING), started_at)
    log.info("Nightly run, step %s", step.id)
    try:
        record = _work(step, tonight)
    except Exception as error:  # the steps after this one are due all the same
        model.Session.rollback()
        log.exception("Nightly run, step %s failed", step.id)
        record = _Record(FAILED, message=sentence(error))
    _write(step, position, tonight, record, started_at)


def _work(step: Step, tonight: Tonight) -> _Record:
    reason = step.why_skipped()
    if reason:
        return _Record(SKIPPED, message=reason)
    outcome = step.run(tonight)
    state = FAILED if outcome.failures else DONE
    return _Record(state, outcome.done, "\n".join(outcome.failures))


def _write(
    step: Step, position: int, tonight: Tonight, record: _Record, started_at: Any
) -> None:
    ended = record.state != RUNNING
    values = {
        "position": position,
        "state": record.state,
        "done": record.done,
        "message": record.message,
        "started_at": started_at,
        "finished_at": clock.now() if ended else None,
    }
    statement = pg.insert(NightStep.__table__).values(
        night_on=tonight.night_on, name=step.id, **values
    )
    model.Session.execute(
        statement.on_conflict_do_update(
            index_elements=["night_on", "name"], set_=values
        )
    )
    model.Session.commit()


def show() -> dict[str, Any]:
    """The last night with its steps, and the nights before; three statements.

    :returns: `state` (none, running, interrupted, failed, done), `night_on`,
        `started_at`, `finished_at`, `steps` (each `id`, `title`, `state`, `done`,
        `words`, `message`, `started_at`, `finished_at`) and `nights` (each
        `night_on`, `state`, `started_at`, `finished_at`), the newest first.
    """
    nights = _nights()
    if not nights:
        return {
            "state": RUNNING if locks.held(LOCK) else NONE,
            "night_on": None,
            "started_at": None,
            "finished_at": None,
            "steps": [],
            "nights": [],
        }
    last = nights[0]
    return {**last, "steps": _steps(last), "nights": nights}


def _nights() -> list[dict[str, Any]]:
    night, step = Night.__table__, NightStep.__table__
    failed = (
        sa.select(sa.func.count())
        .where(step.c.night_on == night.c.night_on, step.c.state == FAILED)
        .scalar_subquery()
    )
    rows = model.Session.execute(
        sa.select(night, failed.label("failed"))
        .order_by(night.c.night_on.desc())
        .limit(_SHOWN)
    ).all()
    now_running = bool(rows) and locks.held(LOCK)
    return [
        {
            "night_on": row.night_on.isoformat(),
            "state": _state(row, running=now_running and not place),
            "started_at": row.started_at.isoformat(),
            "finished_at": row.finished_at.isoformat() if row.finished_at else None,
        }
        for place, row in enumerate(rows)
    ]


def _state(row: Any, *, running: bool) -> str:
    if row.finished_at is None:
        return RUNNING if running else INTERRUPTED
    return FAILED if row.failed else DONE


def _steps(night: dict[str, Any]) -> list[dict[str, Any]]:
    """All steps of a night, also those that were not reached."""
    table = NightStep.__table__
    rows = model.Session.execute(
        sa.select(table).where(table.c.night_on == night["night_on"])
    )
    found = {row.name: row for row in rows}
    return [_step(step, found.get(step.id), night) for step in steps()]


def _step(step: Step, row: Any, night: dict[str, Any]) -> dict[str, Any]:
    told = {"id": step.id, "title": step.title(), "state": WAITING, "done": 0}
    if row is None:
        return {
            **told,
            **dict.fromkeys(("words", "message"), ""),
            **dict.fromkeys(("started_at", "finished_at")),
        }
    state = row.state
    if state == RUNNING and night["state"] != RUNNING:
        state = INTERRUPTED
    counted = state == DONE or row.done
    # Worded for whoever reads it now; a failure stays as it was written down.
    message = (step.why_skipped() if state == SKIPPED else "") or row.message
    return {
        **told,
        "state": state,
        "done": row.done,
        "words": step.words(row.done) if counted else "",
        "message": message,
        "started_at": row.started_at.isoformat(),
        "finished_at": row.finished_at.isoformat() if row.finished_at else None,
    }
