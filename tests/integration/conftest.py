"""Fixtures over CKAN's own: migrated databases, counted queries, our factories."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
import redis
import rq.connections
import sqlalchemy as sa
from factory.declarations import LazyFunction
from pytest_factoryboy import register
from sqlalchemy import event
from sqlalchemy.engine import Engine

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.cli.db import _resolve_alembic_config, current_revision
from ckan.tests import factories

if TYPE_CHECKING:
    from collections.abc import Callable, Generator


class ActionPlanFactory(factories.Dataset):
    """A plan of one task; pass ``tasks`` and the rest as the dataset has them."""

    class Meta:  # pyright: ignore[reportIncompatibleVariableOverride]
        model = model.Package
        action = "package_create"

    type = "action-plan"
    period_start = "2026-01-01"
    period_end = "2027-12-31"
    in_force_from = "2026-01-01"
    tracked_from = "2026-01-01"
    tasks: Any = LazyFunction(
        lambda: [
            {
                "number": "1.1",
                "title": "Publish the register of datasets",
                "deadline": "до 31.12.2026",
                "due": "../2026-12-31",
            }
        ]
    )


register(ActionPlanFactory, "action_plan")


@pytest.fixture(scope="session", autouse=True)
def only_test_database() -> None:
    """Refuse a database that is not for tests: they empty it."""
    name = urlsplit(tk.config["sqlalchemy.url"]).path
    if "test" not in name:
        pytest.exit(f"the database {name!r} has no 'test' in its name", returncode=1)


def _migrate(migrate_db_for: Callable[[str], None], heads: dict[str, str]) -> None:
    """Bring the tables of every loaded plugin to the newest revision.

    :param heads: newest revisions seen in this session, by plugin: CKAN empties tables
        between tests and keeps them, so asking for the number is enough
    """
    inspector = sa.inspect(model.Session.connection())
    for plugin in tk.aslist(tk.config["ckan.plugins"]):
        table = f"{plugin}_alembic_version"
        if plugin in heads and inspector.has_table(table):
            number = sa.column("version_num")
            found = model.Session.scalar(sa.select(number).select_from(sa.table(table)))
            if found == heads[plugin]:
                continue
        if not Path(_resolve_alembic_config(plugin)).is_file():
            continue
        model.Session.remove()
        migrate_db_for(plugin)
        heads[plugin] = (current_revision(plugin) or "").split(" ")[0]
        inspector = sa.inspect(model.Session.connection())
    model.Session.remove()


@pytest.fixture(scope="session")
def migrated_heads() -> dict[str, str]:
    """Return the newest revision of each plugin that was migrated already."""
    return {}


@pytest.fixture
def clean_db(
    with_plugins: None,
    reset_db: Callable[[], None],
    migrate_db_for: Callable[[str], None],
    migrated_heads: dict[str, str],
) -> None:
    """Empty the database and bring the tables of every loaded plugin up to date."""
    reset_db()
    _migrate(migrate_db_for, migrated_heads)


@pytest.fixture
def non_clean_db(
    with_plugins: None,
    reset_db_once: Callable[[], None],
    migrate_db_for: Callable[[str], None],
    migrated_heads: dict[str, str],
) -> None:
    """Bring the database up to date and keep what is in it."""
    model.repo.init_db()
    _migrate(migrate_db_for, migrated_heads)


@pytest.fixture
def count_queries() -> Callable[[], Any]:
    """Return a context manager that yields the list of SQL statements run inside."""

    @contextmanager
    def counter() -> Generator[list[str], None, None]:
        statements: list[str] = []

        def record(*args: Any) -> None:
            statements.append(args[2])

        event.listen(Engine, "before_cursor_execute", record)
        try:
            yield statements
        finally:
            event.remove(Engine, "before_cursor_execute", record)

    return counter


@pytest.fixture
def redis_is_down(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing answer where CKAN looks for Redis."""
    pool = redis.ConnectionPool.from_url("redis://:secret@127.0.0.1:1/0")
    monkeypatch.setattr("ckan.lib.redis._connection_pool", pool)
    monkeypatch.setattr("ckan.lib.jobs._queues", {})
    # CKAN 2.11 leaves each connection on a stack of rq: later tests would take it.
    stack: Any = getattr(rq.connections, "_connection_stack", None)
    if stack is not None:
        monkeypatch.setattr(rq.connections, "_connection_stack", type(stack)())
