"""A PostgreSQL cluster of this clone's own: loopback, a password, no fsync."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Final

import background
import paths
import shell
import state
from report import StepError

if TYPE_CHECKING:
    from collections.abc import Sequence

NAME: Final = "postgres"
HOME: Final = paths.RUN / "postgres"
DATA: Final = HOME / "data"
# Owns the databases; the cluster's own superuser is used by this module only.
ROLE: Final = "ckan"
ADMIN: Final = "actionplan"
SETTINGS: Final = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "128MB",
    # Nothing here is worth surviving a power cut, and tests write all the time.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


def program(name: str) -> Path | None:
    """Return the newest installed program of PostgreSQL; Debian keeps them aside."""
    found = list(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    if found:
        return max(found, key=lambda path: int(re.sub(r"\D", "", path.parts[4]) or 0))
    other = shutil.which(name)
    return Path(other) if other else None


def _program(name: str) -> Path:
    found = program(name)
    if found is None:
        raise StepError(f"{name} of PostgreSQL is missing", advice="run `make setup`")
    return found


def _owner() -> pwd.struct_passwd | None:
    """Return the user to run as, None for ourselves: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return None
    users = {user.pw_name: user for user in pwd.getpwall()}
    return users.get("postgres") or users["nobody"]


def _reachable(folder: Path) -> bool:
    """Tell whether any user can enter a folder."""
    return all(each.stat().st_mode & 0o001 for each in (folder, *folder.parents))


def _prefix() -> list[str]:
    owner = _owner()
    if owner is None:
        return []
    argv = [
        "setpriv",
        f"--reuid={owner.pw_uid}",
        f"--regid={owner.pw_gid}",
        "--clear-groups",
    ]
    if not _reachable(HOME):
        # A clone under a private folder shuts the other user out of its own data.
        argv += ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
    return argv


def _psql(sql: str, database: str = "postgres") -> str | None:
    return shell.output(
        [
            _program("psql"),
            "-XqAt",
            "-v",
            "ON_ERROR_STOP=1",
            f"--dbname=postgresql://{ADMIN}@127.0.0.1:{state.port(NAME)}/{database}",
            f"--command={sql}",
        ],
        env=shell.clean_env({"PGPASSWORD": state.secret(ADMIN)}),
    )


def _init() -> None:
    owner = _owner()
    HOME.mkdir(exist_ok=True)
    shutil.rmtree(DATA, ignore_errors=True)
    password = HOME / "password"
    password.touch(mode=0o600)
    password.write_text(state.secret(ADMIN) + "\n")
    if owner is not None:
        os.chown(HOME, owner.pw_uid, owner.pw_gid)
        os.chown(password, owner.pw_uid, owner.pw_gid)
    argv: Sequence[str | Path] = [
        *_prefix(),
        _program("initdb"),
        f"--pgdata={DATA}",
        f"--username={ADMIN}",
        "--auth=scram-sha-256",
        f"--pwfile={password}",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
        "--no-sync",
    ]
    shell.run(argv, NAME, cwd=Path("/"), advice="see the log; `make clean` starts anew")
    password.unlink()


def start() -> None:
    """Make the cluster if it is not there and start it if it is not running."""
    if background.pid_of(NAME) is not None:
        return
    if not (DATA / "PG_VERSION").is_file():
        _init()
    port = state.port_to_start(NAME)
    settings = [f"--{key}={value}" for key, value in SETTINGS.items()]
    background.start(
        NAME,
        [*_prefix(), _program("postgres"), "-D", DATA, "-p", str(port), *settings],
        lambda: _psql("select 1") is not None,
        env=shell.clean_env(),
        stop_with=signal.SIGINT,  # "fast": does not wait for clients to go
    )
    if not _psql(f"select 1 from pg_roles where rolname = '{ROLE}'"):
        _must(f"create role {ROLE} login password '{state.secret(ROLE)}'")


def _must(sql: str) -> None:
    if _psql(sql) is None:
        raise StepError(
            f"PostgreSQL refused: {sql.split(' password', maxsplit=1)[0]}",
            log=shell.log_path(NAME),
        )


def has_table(database: str, table: str) -> bool:
    """Tell whether a database of ours has a table."""
    return _psql(f"select to_regclass('{table}')", database) == f"{table}\n"


def url(database: str) -> str:
    """Return the address of a database for SQLAlchemy."""
    password = state.secret(ROLE)
    return f"postgresql://{ROLE}:{password}@127.0.0.1:{state.port(NAME)}/{database}"


def create(database: str) -> str:
    """Create an empty database unless it exists and return its address."""
    if not _psql(f"select 1 from pg_database where datname = '{database}'"):
        _must(f'create database "{database}" owner {ROLE} template template0')
    return url(database)
