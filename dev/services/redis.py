"""A Redis of this clone's own: loopback, a password."""

from __future__ import annotations

import socket
from typing import Final

import background
import paths
import shell
import state

NAME: Final = "redis"
HOME: Final = paths.RUN / "redis"
DATABASES: Final = 64


def start() -> None:
    """Start Redis if it is not running."""
    if background.pid_of(NAME) is not None:
        return
    HOME.mkdir(exist_ok=True)
    port = state.port_to_start(NAME)
    conf = HOME / "redis.conf"
    conf.touch(mode=0o600)
    # Jobs in the queue are executed by the worker: nobody else may put one there.
    conf.write_text(
        f"port {port}\nbind 127.0.0.1\nrequirepass {state.secret(NAME)}\n"
        f'dir "{HOME}"\ndatabases {DATABASES}\nsave 300 1\nappendonly no\n'
    )
    background.start(NAME, ["redis-server", conf], _answers, env=shell.clean_env())


def _answers() -> bool:
    try:
        with socket.create_connection(("127.0.0.1", state.port(NAME)), 1) as peer:
            peer.sendall(f"AUTH {state.secret(NAME)}\r\nPING\r\nQUIT\r\n".encode())
            with peer.makefile("rb") as replies:
                return b"+PONG" in replies.read()
    except OSError:
        return False


def url(database: int) -> str:
    """Return the address of one of its numbered databases."""
    return f"redis://:{state.secret(NAME)}@127.0.0.1:{state.port(NAME)}/{database}"
