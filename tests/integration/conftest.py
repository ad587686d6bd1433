"""Fixtures over CKAN's own: migrated databases, counted queries, our factories."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pysolr
import pytest
import redis
import rq.connections
import sqlalchemy as sa
from factory.declarations import LazyFunction
from pytest_factoryboy import register
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import close_all_sessions

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan import authz, model
from ckan.cli.db import _resolve_alembic_config, current_revision
from ckan.common import config_declaration
from ckan.lib import app_globals
from ckan.tests import factories, helpers

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


@pytest.fixture(scope="session", autouse=True)
def quick_services() -> Generator[None, None, None]:
    """Spare what nobody looks at: hardened passwords, and an index safe on the disk."""
    update = pysolr.Solr._update

    def softly(
        self: pysolr.Solr, message: str, *args: Any, commit: Any = None, **more: Any
    ) -> Any:
        # Searches find a document after either commit; only this one waits for no disk.
        soft = {"softCommit": True} if commit else {}
        return update(self, message, *args, **{**more, **soft})

    once = model.user.pbkdf2_sha512.using(rounds=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pysolr.Solr, "_update", softly)
        patch.setattr(model.user, "pbkdf2_sha512", once)
        yield


class Portal:
    """Plugins and application that all tests share.

    CKAN makes both anew for each test, which takes longer than most tests do. They
    stay until something else loads plugins: a command, or a test with options of its
    own that CKAN reads while it loads.
    """

    def __init__(self) -> None:
        self._plugins: list[Any] = []
        self._application: Any = None
        self._served: list[Any] = []

    def load(self) -> None:
        """Load the plugins of the configuration unless they stand as they were left."""
        if not self._plugins or self._loaded() != self._plugins:
            p.load_all()
            self._remember()

    def application(self) -> Any:
        """Return the application of the plugins that are loaded."""
        if not self._served or self._loaded() != self._served:
            self._application = helpers._get_test_app().app
            # It loads the plugins itself.
            self._remember()
            self._served = self._plugins
        return self._application

    def forget(self) -> None:
        """Let the next test load plugins of its own."""
        self._plugins = self._served = []

    @staticmethod
    def _loaded() -> list[Any]:
        return [p.get_plugin(name) for name in tk.aslist(tk.config["ckan.plugins"])]

    def _remember(self) -> None:
        self._plugins = self._loaded()
        # What a test puts in place of a function is not what later tests call.
        tk.get_action("get_site_user")
        tk.get_validator("not_empty")
        authz.auth_functions_list()


@pytest.fixture(scope="session")
def shared_portal() -> Portal:
    """Return what tests share; through ``with_plugins`` and ``app``."""
    return Portal()


def _marked_options(request: pytest.FixtureRequest) -> dict[str, Any]:
    return dict(mark.args for mark in request.node.iter_markers("ckan_config"))


def _loads_alone(request: pytest.FixtureRequest) -> bool:
    """Tell whether a test has options that CKAN reads while it loads; ours are not."""
    ours = all(
        key.startswith("ckanext.actionplan.") for key in _marked_options(request)
    )
    return not ours or request.node.get_closest_marker("with_plugins") is not None


def _site_user() -> None:
    """Make CKAN's own user, as loading plugins does when there are tables."""
    if model.repo.tables_created_and_initialised:
        tk.get_action("get_site_user")({"ignore_auth": True}, {})


@pytest.fixture
def with_plugins(
    request: pytest.FixtureRequest, ckan_config: Any, shared_portal: Portal
) -> Generator[None, None, None]:
    """Load the plugins, in place of CKAN's fixture that does it for each test."""
    if _loads_alone(request):
        shared_portal.forget()
        request.getfixturevalue("with_plugins")
        yield
        shared_portal.forget()
        return
    shared_portal.load()
    for key, value in _marked_options(request).items():
        ckan_config[key] = config_declaration[key].normalize(value)
    _site_user()
    yield


@pytest.fixture
def app(
    request: pytest.FixtureRequest, with_plugins: None, shared_portal: Portal
) -> Any:
    """Return a browser without cookies, over the application that tests share."""
    if _loads_alone(request):
        return request.getfixturevalue("app")
    app_globals._CONFIG_CACHE.clear()
    _site_user()
    return helpers.CKANTestApp(shared_portal.application())


def _empty(reset_db: Callable[[], None]) -> None:
    """Empty the database, as CKAN does; of full tables only, there are few."""
    close_all_sessions()
    if not model.repo.tables_created_and_initialised:
        reset_db()
        return
    connection = model.Session.connection()
    there = set(sa.inspect(connection).get_table_names()) - {"alembic_version"}
    tables = [t for t in model.repo.metadata.sorted_tables if t.name in there]
    look = [
        sa.select(sa.literal(i)).where(sa.exists(t.select()))
        for i, t in enumerate(tables)
    ]
    full = sorted(connection.execute(sa.union_all(*look)).scalars(), reverse=True)
    for number in full:
        connection.execute(sa.delete(tables[number]))
    model.Session.commit()
    model.Session.remove()


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
    _empty(reset_db)
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
