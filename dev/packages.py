"""System packages: what is missing, why it is needed, installed without side effects."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import paths
import shell
from report import StepError, say
from services import postgres, solr

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

POLICY: Final = Path("/usr/sbin/policy-rc.d")
POLICY_ASIDE: Final = Path("/usr/sbin/policy-rc.d.before-actionplan")
NO_CLUSTER: Final = Path("/etc/postgresql-common/createcluster.d/actionplan.conf")


@dataclass(frozen=True, slots=True)
class Need:
    """Something the machine must have.

    :param packages: names of the Debian packages, the first known one is installed
    """

    packages: tuple[str, ...]
    why: str
    there: Callable[[], bool]


def _has(program: str) -> Callable[[], bool]:
    return lambda: shutil.which(program) is not None


def _library(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def _header(path: str) -> bool:
    found = shell.output(["gcc", "-E", "-include", path, "-x", "c", "/dev/null"])
    return found is not None


def is_ubuntu() -> bool:
    """Tell whether this is Ubuntu, where Chromium is a snap and no package."""
    release = Path("/etc/os-release")
    return release.is_file() and "\nID=ubuntu" in f"\n{release.read_text()}"


BUILDING: Final = (
    Need(
        ("python3-venv",),
        "makes virtual environments",
        lambda: importlib.util.find_spec("ensurepip") is not None,
    ),
    Need(("gcc",), "compiles psycopg2", _has("gcc")),
    Need(("libc6-dev",), "compiles psycopg2", lambda: _header("stdio.h")),
    Need(
        ("python3-dev",),
        "compiles psycopg2",
        lambda: Path(sysconfig.get_path("include"), "Python.h").is_file(),
    ),
    Need(("libpq-dev",), "compiles psycopg2", _has("pg_config")),
    Need(
        ("libmagic1",), "CKAN tells file types by it", lambda: _library("libmagic.so.1")
    ),
)
SERVICES: Final = (
    Need(
        ("postgresql",),
        "the database",
        lambda: postgres.program("initdb") is not None,
    ),
    Need(("redis-server",), "queue and sessions", _has("redis-server")),
    Need(
        ("openjdk-17-jdk-headless", "openjdk-21-jdk-headless", "default-jdk-headless"),
        "runs Solr",
        lambda: solr.java_home() is not None,
    ),
    Need(("maven",), "collects the jars of Solr", _has("mvn")),
)
BROWSER: Final = (Need(("chromium",), "browser tests", _has("chromium")),)


def _as_root() -> list[str]:
    """Return the prefix of commands that change the system."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        raise StepError(
            "packages are missing and there is no sudo",
            advice="install the packages named above as root, then try again",
        )
    # Without a terminal nobody can type a password: fail instead of waiting.
    return ["sudo"] if sys.stdin.isatty() else ["sudo", "-n"]


def _root(*argv: str | Path, check: bool = True) -> None:
    command = [*_as_root(), *map(str, argv)]
    with shell.log_path("packages").open("a", encoding="utf-8") as log:
        code = subprocess.run(command, stdout=log, stderr=log, check=False).returncode
    if check and code != 0:
        raise StepError(
            f"{' '.join(command[:4])} ended with code {code}",
            log=shell.log_path("packages"),
            advice="install the packages named above by hand, then try again",
        )


def _write(target: Path, text: str, mode: str) -> None:
    draft = paths.RUN / target.name
    draft.write_text(text)
    _root("install", "-D", "-m", mode, draft, target)
    draft.unlink()


@contextmanager
def _without_services() -> Generator[None, None, None]:
    """Keep packages from making a database cluster or starting servers."""
    if POLICY.exists() and not POLICY_ASIDE.exists():
        _root("mv", POLICY, POLICY_ASIDE)
    try:
        _write(POLICY, "#!/bin/sh\nexit 101\n", "755")
        _write(NO_CLUSTER, "create_main_cluster = false\n", "644")
        yield
    finally:
        _root("rm", "-f", POLICY, NO_CLUSTER)
        if POLICY_ASIDE.exists():
            _root("mv", POLICY_ASIDE, POLICY)


def _known(need: Need) -> str:
    """Return the first package of a need that this distribution has."""
    for name in need.packages:
        found = shell.output(["apt-cache", "policy", name]) or ""
        if "Candidate:" in found and "Candidate: (none)" not in found:
            return name
    return need.packages[0]


def install(needs: tuple[Need, ...]) -> None:
    """Install what is missing, saying what and why.

    :raises StepError: when that is not possible here
    """
    missing = [need for need in needs if not need.there()]
    if not missing:
        return
    for need in missing:
        say(f"    missing: {need.packages[0]} ({need.why})")
    if shutil.which("apt-get") is None:
        raise StepError(
            "this is no Debian or Ubuntu", advice="install the programs named above"
        )
    with _without_services():
        keep_quiet = ("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-y", "-q")
        _root(*keep_quiet, "update")
        names = list(dict.fromkeys(_known(need) for need in missing))
        say(f"    apt-get install {' '.join(names)}")
        _root(*keep_quiet, "install", "--no-install-recommends", *names)
        if "redis-server" in names and shutil.which("systemctl"):
            # Ours is started by `make`; the package's would come up at the next boot.
            _root("systemctl", "disable", "redis-server.service", check=False)
    still = [need.packages[0] for need in missing if not need.there()]
    if still:
        raise StepError(
            f"still missing after the installation: {', '.join(still)}",
            log=shell.log_path("packages"),
            advice="install them by hand, then try again",
        )
