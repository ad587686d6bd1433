"""What is found or drawn once for a clone: free ports and passwords."""

from __future__ import annotations

import json
import random
import secrets
import socket
from typing import Final

import paths

PORTS: Final = (
    "portal",
    "national",
    "postgres",
    "redis",
    "solr",
    "e2e_212",
    "e2e_211",
)
# Below the range from which Linux takes the ports of outgoing connections.
FIRST, LAST, BLOCK = 21000, 31000, 10


def is_free(port: int) -> bool:
    """Tell whether nobody listens on a loopback port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _read(name: str) -> dict[str, int | str]:
    path = paths.RUN / name
    return json.loads(path.read_text()) if path.is_file() else {}


def _write(name: str, values: dict[str, int | str]) -> None:
    path = paths.RUN / name
    path.touch(mode=0o600)
    path.write_text(json.dumps(values, indent=2) + "\n")


def _free_block() -> int:
    blocks = list(range(FIRST, LAST, BLOCK))
    random.shuffle(blocks)
    for start in blocks:
        if all(is_free(start + n) for n in range(BLOCK)):
            return start
    return FIRST


def port(name: str) -> int:
    """Return the port recorded for a service, finding all of them at the first call."""
    known = _read("ports.json")
    if name not in known:
        start = _free_block()
        for offset, each in enumerate(PORTS):
            known.setdefault(each, start + offset)
        _write("ports.json", known)
    return int(known[name])


def port_to_start(name: str) -> int:
    """Return a port to listen on: the recorded one, or a new one if it was taken."""
    number = port(name)
    if not is_free(number):
        number = _free_block()
        _write("ports.json", {**_read("ports.json"), name: number})
    return number


def secret(name: str) -> str:
    """Return a random secret, the same one at each later call."""
    known = _read("secrets.json")
    if name not in known:
        known[name] = secrets.token_urlsafe(24)
        _write("secrets.json", known)
    return str(known[name])
