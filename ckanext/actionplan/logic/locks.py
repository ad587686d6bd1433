"""Advisory locks: of several starts of one work, one does it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, cast

import sqlalchemy as sa

from ckan import model

if TYPE_CHECKING:
    from collections.abc import Generator

    from sqlalchemy.engine import Engine

_HALF: Final = 32


@contextmanager
def alone(number: int) -> Generator[bool, None, None]:
    """A lock that is held across commits and lost with the process.

    It lives on a connection of its own, so what is done inside may commit and roll
    back as it likes. Nobody waits for it.

    :param number: names the lock; any number, but always the same for one work.
    :returns: whether this process has it; False when another one does.
    """
    engine = cast("Engine", model.Session.get_bind())
    with engine.connect() as connection:
        held_by = connection.execution_options(isolation_level="AUTOCOMMIT")
        mine = bool(held_by.scalar(sa.select(sa.func.pg_try_advisory_lock(number))))
        try:
            yield mine
        finally:
            if mine:
                held_by.execute(sa.select(sa.func.pg_advisory_unlock(number)))


def held(number: int) -> bool:
    """Whether some process has a lock now; one statement, which takes nothing.

    :param number: of the lock, as in `alone`.
    """
    lock: sa.TableClause = sa.table(
        "pg_locks",
        *(
            sa.column(name)
            for name in ("locktype", "database", "classid", "objid", "granted")
        ),
    )
    database: sa.TableClause = sa.table(
        "pg_database", sa.column("oid"), sa.column("datname")
    )
    here = (
        sa.select(database.c.oid)
        .where(database.c.datname == sa.func.current_database())
        .scalar_subquery()
    )
    found = sa.exists().where(
        lock.c.locktype == "advisory",
        lock.c.granted,
        lock.c.database == here,
        sa.cast(lock.c.classid, sa.BigInteger) == number >> _HALF,
        sa.cast(lock.c.objid, sa.BigInteger) == number & (1 << _HALF) - 1,
    )
    return bool(model.Session.scalar(sa.select(found)))
