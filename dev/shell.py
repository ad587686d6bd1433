"""Running other programs: output to a log, a clean environment, a clear error."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import paths
from report import StepError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def clean_env(
    more: Mapping[str, str] | None = None, venv: Path | None = None
) -> dict[str, str]:
    """Return the environment for CKAN and its tests.

    ``CKAN_*`` variables override every ini file, so a developer's own portal could be
    emptied by a test: they are left out. Loopback addresses bypass any proxy.

    :param more: variables to add
    :param venv: the virtual environment whose programs come first in ``PATH``
    """
    unwanted = ("CKAN_", "PYTEST_", "COVERAGE_", "FLASK_", "PYTHONPATH", "PYTHONHOME")
    env = {k: v for k, v in os.environ.items() if not k.startswith(unwanted)}
    for name in ("NO_PROXY", "no_proxy"):
        env[name] = ",".join(filter(None, [env.get(name), "127.0.0.1,localhost"]))
    env["PYTHONUNBUFFERED"] = "1"
    if venv is not None:
        env["VIRTUAL_ENV"] = str(venv)
        env["PATH"] = f"{venv / 'bin'}{os.pathsep}{env.get('PATH', os.defpath)}"
    env.update(more or {})
    return env


def log_path(name: str) -> Path:
    """Return the log file of a step."""
    return paths.LOG / f"{name}.log"


def run(
    argv: Sequence[str | Path],
    log: str,
    *,
    advice: str = "",
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> None:
    """Run a program to its end with its output appended to a log.

    :raises StepError: when the program is missing or ends with a failure
    """
    path = log_path(log)
    command = [str(part) for part in argv]
    with path.open("a", encoding="utf-8") as out:
        out.write(f"\n$ {' '.join(command)}\n")
        out.flush()
        try:
            code = subprocess.run(
                command,
                stdout=out,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                env=dict(env) if env is not None else None,
                cwd=cwd or paths.ROOT,
                check=False,
            ).returncode
        except OSError as error:
            raise StepError(
                f"cannot run {command[0]}: {error.strerror}", log=path, advice=advice
            ) from error
    if code != 0:
        raise StepError(
            f"{Path(command[0]).name} ended with code {code}",
            log=path,
            advice=advice,
        )


def show(argv: Sequence[str | Path], *, env: Mapping[str, str] | None = None) -> None:
    """Run a program to its end with its output on the terminal.

    :raises StepError: when it is missing or ends with a failure
    """
    command = [str(part) for part in argv]
    name = Path(command[0]).name
    try:
        code = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            env=dict(env) if env is not None else None,
            cwd=paths.ROOT,
            check=False,
        ).returncode
    except OSError as error:
        raise StepError(f"cannot run {name}: {error.strerror}") from error
    if code != 0:
        raise StepError(f"{name} ended with code {code}")


def output(
    argv: Sequence[str | Path], *, env: Mapping[str, str] | None = None
) -> str | None:
    """Return what a program prints, or None when it is missing or fails."""
    try:
        done = subprocess.run(
            [str(part) for part in argv],
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            env=dict(env) if env is not None else None,
            check=False,
        )
    except OSError:
        return None
    return done.stdout + done.stderr if done.returncode == 0 else None
