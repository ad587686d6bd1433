"""Running the tests: services and databases of their own, the wheel or the source."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
import zlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import halves
import paths
import shell
import state
import venvs
from report import StepError, say, step
from services import postgres, redis, solr

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Sequence
    from pathlib import Path

    from versions import Version

TIERS: Final = ("unit", "packaging", "docs", "integration", "e2e")
# These look at the project's files; the others run against the installed wheel.
OF_SOURCE: Final = ("packaging", "docs")
# pytest's own code for "no tests were collected".
NOTHING: Final = 5
# CKAN connects to its services when pytest starts; these tests need none.
PURE: Final = (
    *("-p", "no:ckan", "-p", "no:ckan_fixtures"),
    *("-o", "addopts=", "--strict-markers", "-ra"),
)
# These talk to nothing, to files, or to a server of their own: no CKAN inside pytest.
WITHOUT_CKAN: Final = ("unit", "packaging", "docs", "e2e")
# A name for the databases of the process that runs the other half of a tier.
OTHER: Final = "_other"


def _redis_number(name: str) -> int:
    # The first databases belong to the portals; each suite has a fixed one of its own.
    numbers = {"212": 2, "211": 3, f"212_{OTHER}": 4, f"211_{OTHER}": 5}
    return numbers.get(name) or 6 + zlib.crc32(name.encode()) % (redis.DATABASES - 6)


def _refuse_real(url: str) -> None:
    if "test" not in urlsplit(url).path:
        raise StepError(
            "the database of the tests has no `test` in its name, and they empty it",
            advice="name another one in ACTIONPLAN_TEST_DATABASE_URL",
        )


def _services(version: Version, venv: Path, slot: str) -> dict[str, str]:
    """Start what the tests need and return the variables that point CKAN at it."""
    name = f"{version.tag}_{slot}" if slot else version.tag
    database = os.environ.get("ACTIONPLAN_TEST_DATABASE_URL")
    index = os.environ.get("ACTIONPLAN_TEST_SOLR_URL")
    queue = os.environ.get("ACTIONPLAN_TEST_REDIS_URL")
    if not database:
        postgres.start()
        database = postgres.create(f"actionplan_test_{name}")
    _refuse_real(database)
    if not queue:
        redis.start()
        queue = redis.url(_redis_number(name))
    if not index:
        core = f"test_{version.tag}"
        solr.build()
        solr.lay_out(core, venvs.schema(venv))
        solr.start()
        index = solr.url(core)
    return {
        "CKAN_SQLALCHEMY_URL": database,
        "CKAN_REDIS_URL": queue,
        "CKAN_SOLR_URL": index,
        "CKAN_SITE_ID": f"test_{name}",
        # The tests with a slot find a free port themselves.
        "ACTIONPLAN_TEST_PORT": ""
        if slot
        else str(state.port_to_start(f"e2e_{version.tag}")),
    }


@contextmanager
def _alone(name: str) -> Generator[None, None, None]:
    """Wait for another run of the same suite: both would empty one database."""
    with (paths.LOCK / name).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            say(f"    another run of {name} is under way: waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _copy_tests(version: Version) -> Path:
    """Copy the tests to a folder without our source, which would hide the wheel."""
    target = paths.RUN / f"tests-{version.name}"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    shutil.copytree(paths.ROOT / "tests", target / "tests")
    for name in ("test.ini", "pyproject.toml"):
        shutil.copy(paths.ROOT / name, target)
    return target


def _pytest(
    tier: str,
    venv: Path,
    folder: Path,
    env: dict[str, str],
    more: Sequence[str],
    *,
    show: Callable[[str], object] = say,
) -> tuple[int, str]:
    """Run one tier, showing its output; return pytest's code and its last line."""
    # The script and not `python -m`: that would put the current folder first.
    argv = [str(venv / "bin" / "pytest")]
    if tier in WITHOUT_CKAN:
        argv += PURE
    paths_given = any(each.startswith("tests/") for each in more)
    argv += [*more] if paths_given else [f"tests/{tier}", *more]
    last = ""
    with subprocess.Popen(
        argv,
        cwd=folder,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        for line in process.stdout or ():
            show(line.rstrip("\n"))
            last = line.strip("= \n") or last
    return process.returncode, re.sub(r"\x1b\[[0-9;]*m", "", last)


def _side_by_side(
    venv: Path,
    folder: Path,
    envs: tuple[dict[str, str], dict[str, str]],
    more: Sequence[str],
) -> tuple[int, str]:
    """Run the integration tests in two processes; show the other's output at its end.

    :param envs: variables of each process, which name databases of its own
    """
    other: list[str] = []
    with ThreadPoolExecutor(max_workers=2) as pool:
        runs = [
            pool.submit(
                _pytest, "integration", venv, folder, env, [*half, *more], show=show
            )
            for env, half, show in zip(
                envs, halves.part(folder), (say, other.append), strict=True
            )
        ]
    say("\n".join(other))
    codes, lines = zip(*(run.result() for run in runs), strict=True)
    failed = [code for code in codes if code not in (0, NOTHING)]
    return max(failed, default=min(codes)), halves.together(lines)


def _integration(
    version: Version, venv: Path, folder: Path, more: Sequence[str], *, slot: str = ""
) -> tuple[int, str]:
    """Run the longest tier, in two processes where that is possible."""
    env = shell.clean_env(_services(version, venv, slot), venv)
    given = any(each.startswith("tests/") for each in more)
    # What is named from outside is there once; both would empty it.
    shared = any(
        os.environ.get(f"ACTIONPLAN_TEST_{name}_URL") for name in ("DATABASE", "REDIS")
    )
    if given or shared or os.cpu_count() == 1:
        return _pytest("integration", venv, folder, env, more)
    other = shell.clean_env(_services(version, venv, f"{slot}{OTHER}"), venv)
    return _side_by_side(venv, folder, (env, other), more)


def run_tier(
    version: Version, tier: str, more: Sequence[str], *, slot: str = ""
) -> None:
    """Run one tier against the source folder, for the developer.

    :param slot: a name for a database, Redis database and site of one's own, so that
        several people or programs can test in one clone at once
    """
    with step(f"{tier} tests on CKAN {version.name}, source folder"):
        venv = venvs.develop(version)
        needed = {} if tier == "unit" else _services(version, venv, slot)
        env = shell.clean_env(needed, venv)
        with _alone(f"test-{version.tag}-{slot}" if needed else f"unit-{os.getpid()}"):
            if tier == "integration":
                code, _ = _integration(version, venv, paths.ROOT, more, slot=slot)
            else:
                code, _ = _pytest(tier, venv, paths.ROOT, env, more)
    if code not in (0, NOTHING):
        with step(f"the result of the {tier} tests"):
            raise StepError(f"pytest ended with code {code}")


def run_all(version: Version, venv: Path, more: Sequence[str]) -> None:
    """Run every tier on the installed wheel and print one line for each at the end.

    :param venv: the environment with the wheel
    :raises StepError: when a tier failed
    """
    _summary(version).unlink(missing_ok=True)
    folder = _copy_tests(version)
    with step("services of the tests: PostgreSQL, Redis, Solr"):
        env = shell.clean_env(_services(version, venv, ""), venv)
    results: list[tuple[str, int, str]] = []
    with _alone(f"test-{version.tag}-"):
        for tier in TIERS:
            if not any((paths.ROOT / "tests" / tier).glob("**/test_*.py")):
                continue
            where = paths.ROOT if tier in OF_SOURCE else folder
            smoke = ["-m", "smoke"] if tier == "e2e" and version.name == "2.11" else []
            say(f"==> {tier} tests on CKAN {version.release}")
            if tier == "integration":
                code, last = _integration(version, venv, where, more)
            else:
                code, last = _pytest(tier, venv, where, env, [*smoke, *more])
            results.append((tier, code, last))
    lines = [f"CKAN {version.release:7} {tier:12} {last}" for tier, _, last in results]
    _summary(version).write_text("\n".join(lines) + "\n", encoding="utf-8")
    say("\n" + "\n".join(lines))
    failed = [tier for tier, code, _ in results if code not in (0, NOTHING)]
    if failed:
        with step(f"the results of CKAN {version.release}"):
            raise StepError(f"failing tests: {', '.join(failed)}")


def _summary(version: Version) -> Path:
    return paths.RUN / f"summary-{version.name}.txt"


def print_summaries(versions: Iterable[Version]) -> None:
    """Print the last lines of the last whole run on each version."""
    for version in versions:
        path = _summary(version)
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        say(text.rstrip() or f"CKAN {version.release:7} was not tested")


def coverage(version: Version, *, slot: str) -> None:
    """Measure branch coverage of unit and integration tests on the source folder."""
    venv = venvs.develop(version)
    env = shell.clean_env(_services(version, venv, slot), venv)
    with _alone(f"test-{version.tag}-{slot}"):
        for tier, report in (
            ("unit", ""),
            ("integration", "term-missing:skip-covered"),
        ):
            cov = ["--cov=ckanext.actionplan", "--cov-branch", f"--cov-report={report}"]
            more = ["-q", *cov, *(["--cov-append"] if tier != "unit" else [])]
            code, _ = _pytest(tier, venv, paths.ROOT, env, more)
            if code not in (0, NOTHING):
                raise StepError(f"pytest ended with code {code}")
