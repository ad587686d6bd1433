"""The demo: a portal with our plugin, a national portal without, and what runs them."""

from __future__ import annotations

import hashlib
import json
import os
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Final

import background
import paths
import shell
import state
import venvs
from report import StepError, say, step
from services import postgres, redis, solr

if TYPE_CHECKING:
    from collections.abc import Callable

HERE: Final = Path(__file__).parent
FILLER: Final = HERE / "demo" / "fill.py"
ACCOUNTS: Final = paths.DEMO / "accounts.json"
SCHEMAS: Final = ("action_plan.yaml", "dataset_passport.yaml")


@dataclass(frozen=True, slots=True)
class Portal:
    """One CKAN of the demo.

    :param name: names its process, port, core, database and ini file
    :param prefix: of the variables that name existing services for it
    :param redis_database: number of its database in our own Redis
    """

    name: str
    title: str
    prefix: str
    redis_database: int

    @property
    def ini(self) -> Path:
        """Return the path of its configuration."""
        return paths.DEMO / f"{self.name}.ini"

    @property
    def url(self) -> str:
        """Return its address."""
        return f"http://127.0.0.1:{state.port(self.name)}"

    def variable(self, service: str) -> str | None:
        """Return the address of an existing service that the developer named."""
        return os.environ.get(f"{self.prefix}_{service}_URL")


LOCAL: Final = Portal(
    "portal", "Портал відкритих даних Джерельної громади", "ACTIONPLAN", 0
)
NATIONAL: Final = Portal(
    "national", "Національний портал (демонстрація)", "ACTIONPLAN_NATIONAL", 1
)
BOTH: Final = (LOCAL, NATIONAL)


def start_services(venv: Path) -> None:
    """Start what the two portals need, except where existing services are named."""
    if not all(portal.variable("DATABASE") for portal in BOTH):
        postgres.start()
    if not all(portal.variable("REDIS") for portal in BOTH):
        redis.start()
    if not all(portal.variable("SOLR") for portal in BOTH):
        solr.build()
        for portal in BOTH:
            solr.lay_out(portal.name, venvs.schema(venv))
        solr.start()


def _plugins(portal: Portal) -> str:
    if portal is NATIONAL:
        return "ckan.plugins = activity"
    folder = paths.ROOT / "ckanext" / "actionplan" / "schemas"
    schemas = [name for name in SCHEMAS if (folder / name).is_file()]
    named = " ".join(f"ckanext.actionplan:schemas/{name}" for name in schemas)
    return (
        "ckan.plugins = actionplan scheming_datasets activity\n"
        f"scheming.dataset_schemas = {named}\n"
        f"ckanext.actionplan.upstream_url = {NATIONAL.url}\n"
        "ckanext.actionplan.upstream_private_allowed = true\n"
        "ckanext.actionplan.reviewers_organization = zaozerna-ova-digital\n"
        "ckan.max_resource_size = 20"
    )


def configure(portal: Portal) -> None:
    """Write the configuration of a portal; the port may be a new one."""
    storage = paths.DEMO / f"{portal.name}-files"
    storage.mkdir(parents=True, exist_ok=True)
    if background.pid_of(portal.name) is None:
        state.port_to_start(portal.name)
    text = (HERE / "portal.ini.in").read_text(encoding="utf-8")
    portal.ini.touch(mode=0o600)
    database = portal.variable("DATABASE")
    portal.ini.write_text(
        text.format(
            secret=state.secret(f"{portal.name}-session"),
            site=portal.name,
            port=state.port(portal.name),
            title=portal.title,
            database=database or postgres.create(f"actionplan_{portal.name}"),
            solr=portal.variable("SOLR") or solr.url(portal.name),
            redis=portal.variable("REDIS") or redis.url(portal.redis_database),
            storage=storage,
            plugins=_plugins(portal),
        ),
        encoding="utf-8",
    )


def _prepared(portal: Portal) -> bool:
    """Tell whether our own database of a portal has tables; unknown for others."""
    if portal.variable("DATABASE"):
        return False
    return postgres.has_table(f"actionplan_{portal.name}", "package")


def _inputs(venv: Path) -> str:
    """Return what makes the tables or the demo's contents out of date."""
    # The demo's dates move with today.
    inputs = [datetime.now(tz=timezone.utc).date().isoformat(), *map(_settings, BOTH)]
    files = [venv / "installed", *(paths.ROOT / "ckanext").rglob("migration/**/*.py")]
    files += FILLER.parent.rglob("*.*")
    inputs += [
        f"{path} {path.stat().st_mtime_ns}"
        for path in sorted(files)
        if path.suffix != ".pyc"
    ]
    return hashlib.sha256("\n".join(inputs).encode()).hexdigest()


def _settings(portal: Portal) -> str:
    return portal.ini.read_text(encoding="utf-8")


def migrate(portal: Portal, venv: Path) -> None:
    """Bring the tables of CKAN and of all plugins up to date."""
    argv = [venv / "bin" / "ckan", "-c", portal.ini, "db", "upgrade"]
    advice = "see the log; `make clean` starts with an empty database"
    env = shell.clean_env(venv=venv)
    shell.run(argv, f"{portal.name}-migrate", env=env, advice=advice)


def fill(venv: Path) -> None:
    """Fill both portals with the demo's world; what is there stays."""
    argv = [venv / "bin" / "python", FILLER]
    argv += ["--portal", LOCAL.ini, "--national", NATIONAL.ini]
    env = shell.clean_env(venv=venv)
    shell.run(
        argv, "demo-fill", env=env, advice="see the log; `make clean` starts anew"
    )


def _fingerprint(portal: Portal) -> str:
    """Return what makes a running server out of date when it changes."""
    digest = hashlib.sha256(portal.ini.read_bytes())
    if portal is LOCAL:
        for path in sorted((paths.ROOT / "ckanext").rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(f"{path} {path.stat().st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _answers(portal: Portal) -> bool:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{portal.url}/api/3/action/status_show", timeout=10) as reply:
            return bool(json.load(reply)["success"])
    except (urllib.error.URLError, OSError, ValueError):
        return False


def serve(portal: Portal, venv: Path) -> None:
    """Start the web server of a portal, or again if what it runs has changed."""
    argv = [venv / "bin" / "python", HERE / "serve.py", portal.ini]
    _keep(
        portal.name,
        [*argv, str(state.port(portal.name))],
        portal,
        venv,
    )


def work(venv: Path) -> None:
    """Start the worker of background jobs, or again if what it runs has changed."""
    argv = [venv / "bin" / "ckan", "-c", LOCAL.ini, "jobs", "worker"]
    _keep("worker", argv, LOCAL, venv)


def _keep(name: str, argv: list[str | Path], portal: Portal, venv: Path) -> None:
    inputs = paths.DEMO / f"{name}.running"
    wanted = _fingerprint(portal)
    if background.pid_of(name) is not None:
        if inputs.is_file() and inputs.read_text() == wanted:
            return
        background.stop(name)
    log = shell.log_path(name)
    before = log.stat().st_size if log.is_file() else 0

    def listens() -> bool:
        # The worker has no address: it says that it listens.
        return "Listening on" in log.read_bytes()[before:].decode(errors="replace")

    ready = listens if name == "worker" else lambda: _answers(portal)
    # The folder of serve.py holds modules of ours that the portal must not meet.
    env = shell.clean_env({"PYTHONSAFEPATH": "1"}, venv)
    background.start(name, argv, ready, env=env, seconds=90)
    inputs.write_text(wanted)


def run(venv: Path) -> None:
    """Bring up both portals and the worker, filled, and print how to get in."""
    with step("services: PostgreSQL, Redis, Solr of this clone's own"):
        start_services(venv)
    with step("configuration of both portals"):
        paths.DEMO.mkdir(exist_ok=True)
        for portal in reversed(BOTH):
            configure(portal)
    stamp = paths.DEMO / "filled"
    inputs = _inputs(venv)
    filled = (
        stamp.is_file() and stamp.read_text() == inputs and all(map(_prepared, BOTH))
    )
    if not filled:
        stamp.unlink(missing_ok=True)
        _fill_anew(venv)
        stamp.write_text(inputs)
    with step("web servers and worker"):
        _together(
            lambda: serve(NATIONAL, venv),
            lambda: serve(LOCAL, venv),
            lambda: work(venv),
        )
    say()
    say(f"The portal:          {LOCAL.url}")
    say(f"The national portal: {NATIONAL.url}")
    print_accounts()


def _fill_anew(venv: Path) -> None:
    with step("tables of both portals"):
        _together(lambda: migrate(LOCAL, venv), lambda: migrate(NATIONAL, venv))
    with step("the national portal's web server"):
        serve(NATIONAL, venv)
    with step("the demo's councils, publishers, datasets and plans"):
        fill(venv)


def _together(*tasks: Callable[[], None]) -> None:
    """Run tasks that mostly wait for another program side by side."""
    with ThreadPoolExecutor(len(tasks)) as pool:
        for future in [pool.submit(task) for task in tasks]:
            future.result()


def print_accounts() -> None:
    """Print the accounts that the filler made."""
    if not ACCOUNTS.is_file():
        raise StepError("the demo has no accounts", log=shell.log_path("demo-fill"))
    accounts = json.loads(ACCOUNTS.read_text(encoding="utf-8"))
    rows = [[str(value or "") for value in account.values()] for account in accounts]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (f"{word:{width}}" for word, width in zip(row, widths, strict=True))
        say(("  " + "  ".join(cells)).rstrip())
