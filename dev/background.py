"""Processes that outlive the command: started, recognised again, stopped."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

import paths
import shell
from report import StepError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

POLL = 0.1


def _identity(pid: int) -> list[str] | None:
    """Return what tells a process from a later one with the same number."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    fields = stat.rpartition(")")[2].split()
    if fields[0] == "Z":
        return None
    boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    return [str(pid), fields[19], boot]


def _file(name: str) -> Path:
    return paths.PID / f"{name}.json"


def pid_of(name: str) -> int | None:
    """Return the number of the running process we started under a name."""
    try:
        recorded = json.loads(_file(name).read_text())["identity"]
    except (OSError, ValueError, KeyError):
        return None
    pid = int(recorded[0])
    return pid if _identity(pid) == recorded else None


def names() -> list[str]:
    """Return the names of all processes that were started and not yet stopped."""
    return sorted(path.stem for path in paths.PID.glob("*.json"))


def start(
    name: str,
    argv: Sequence[str | Path],
    ready: Callable[[], bool],
    *,
    env: Mapping[str, str] | None = None,
    seconds: float = 60,
    stop_with: signal.Signals = signal.SIGTERM,
) -> None:
    """Start a process in the background and wait until it answers.

    :param ready: tells whether the process answers already
    :param seconds: how long to wait for that
    :param stop_with: the signal that ends this program in good order
    :raises StepError: when it ends or does not answer in time
    """
    log = shell.log_path(name)
    with log.open("a", encoding="utf-8") as out:
        process = subprocess.Popen(
            [str(part) for part in argv],
            stdout=out,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            env=dict(env) if env is not None else None,
            cwd=paths.RUN,
            start_new_session=True,
        )
    _file(name).write_text(
        json.dumps({"identity": _identity(process.pid), "signal": stop_with.value})
    )
    deadline = time.monotonic() + seconds
    while not ready():
        if process.poll() is not None:
            _file(name).unlink()
            raise StepError(f"{name} ended with code {process.returncode}", log=log)
        if time.monotonic() > deadline:
            stop(name)
            raise StepError(f"{name} does not answer after {seconds:.0f} s", log=log)
        time.sleep(POLL)


def stop(name: str, seconds: float = 20) -> bool:
    """Stop a process if it is the one we started; return whether it was running."""
    pid = pid_of(name)
    if pid is not None:
        number = json.loads(_file(name).read_text()).get("signal", signal.SIGTERM)
        os.kill(pid, number)
        deadline = time.monotonic() + seconds
        while pid_of(name) is not None:
            if time.monotonic() > deadline:
                os.killpg(pid, signal.SIGKILL)
                break
            _reap(pid)
            time.sleep(POLL)
    _file(name).unlink(missing_ok=True)
    return pid is not None


def _reap(pid: int) -> None:
    try:
        os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return  # started by an earlier command: not our child any more
