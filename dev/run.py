"""The verbs behind ``make``: standard library only, runs before anything is installed.

python3 dev/run.py VERB [options] [-- arguments for pytest]
"""

from __future__ import annotations

import argparse
import shutil
import signal
import sys
from typing import TYPE_CHECKING, Final

import background
import lint
import packages
import paths
import portal
import report
import shell
import state
import suite
import venvs
import versions
from report import StepError, say, step
from services import postgres, redis, solr

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def setup(options: argparse.Namespace) -> None:
    """Install what is missing and make the environment for work."""
    with step("system packages"):
        packages.install(packages.BUILDING + packages.SERVICES)
    version = versions.find(options.ckan)
    with step(f"environment with CKAN {version.release} and this project"):
        venvs.develop(version)


def services(options: argparse.Namespace) -> None:
    """Start PostgreSQL, Redis and Solr with the cores of all environments at hand."""
    setup(options)
    with step("services: PostgreSQL, Redis, Solr of this clone's own"):
        postgres.start()
        redis.start()
        solr.build()
        for version in versions.VERSIONS.values():
            venv = paths.RUN / f"venv-{version.name}"
            if venv.is_dir():
                solr.lay_out(f"test_{version.tag}", venvs.schema(venv))
        solr.start()
    say(f"    {postgres.url('')}\n    {redis.url(0)}\n    {solr.url('')}")


def demo(options: argparse.Namespace) -> None:
    """Bring up the demo: two portals, filled."""
    setup(options)
    portal.run(venvs.develop(versions.find(options.ckan)))


def tier(options: argparse.Namespace) -> None:
    """Run one tier of tests on the source folder."""
    setup(options)
    version = versions.find(options.ckan)
    if options.tier == "e2e":
        browser(venvs.develop(version))
    suite.run_tier(version, options.tier, options.more, slot=options.slot)


def test(options: argparse.Namespace) -> None:
    """Run all tests on the built wheel."""
    with step("system packages"):
        packages.install(packages.BUILDING + packages.SERVICES)
    version = versions.find(options.ckan)
    with step(f"the built wheel and CKAN {version.release} in an environment"):
        venv = venvs.for_wheel(version)
    browser(venv)
    suite.run_all(version, venv, options.more)


def browser(venv: Path) -> None:
    """Make sure that there is a Chromium for the browser tests."""
    with step("the browser of the tests"):
        if not packages.is_ubuntu():
            packages.install(packages.BROWSER)
            return
        install = [venv / "bin" / "playwright", "install", "--with-deps", "chromium"]
        shell.run(install, "browser", env=shell.clean_env(venv=venv))


def check(options: argparse.Namespace) -> None:
    """Check format, rules, types, layers and translations."""
    setup(options)
    lint.lint(venvs.develop(versions.find(options.ckan)))


def format_code(options: argparse.Namespace) -> None:
    """Put the code in order."""
    lint.format_code(venvs.develop(versions.find(options.ckan)))


def translate(options: argparse.Namespace) -> None:
    """Collect texts, update and compile the Ukrainian catalogue."""
    lint.translate(venvs.develop(versions.find(options.ckan)))


def build(_: argparse.Namespace) -> None:
    """Build the wheel and put it into ``dist/``."""
    wheel = venvs.build("wheel")
    target = paths.ROOT / "dist"
    target.mkdir(exist_ok=True)
    say(f"    {shutil.copy(wheel, target)}")


def summary(_: argparse.Namespace) -> None:
    """Print the results of the last whole run on each CKAN."""
    suite.print_summaries(versions.VERSIONS.values())


def coverage(options: argparse.Namespace) -> None:
    """Run unit and integration tests with branch coverage."""
    setup(options)
    suite.coverage(versions.find(options.ckan), slot=options.slot)


def stop(_: argparse.Namespace) -> None:
    """Stop what was started here, and nothing else."""
    order = ("solr", "redis", "postgres")
    names = [name for name in background.names() if name not in order]
    for name in (*names, *order):
        if background.stop(name):
            say(f"stopped {name}")


def status(_: argparse.Namespace) -> None:
    """Say what runs, and on which port."""
    for name in background.names():
        pid = background.pid_of(name)
        where = f"port {state.port(name)}" if name in state.PORTS else ""
        say(f"{name:10} {f'process {pid}' if pid else 'not running':16} {where}")


def logs(_: argparse.Namespace) -> None:
    """Print the end of each log."""
    for path in sorted(paths.LOG.glob("*.log")):
        say(f"== {path}")
        for line in report.tail(path):
            say(f"   {line}")


def clean(options: argparse.Namespace) -> None:
    """Stop everything and remove the ignored folder."""
    stop(options)
    shutil.rmtree(paths.RUN, ignore_errors=True)
    say(f"removed {paths.RUN}")


VERBS: Final[dict[str, Callable[[argparse.Namespace], None]]] = {
    "setup": setup,
    "services": services,
    "demo": demo,
    "tier": tier,
    "test": test,
    "coverage": coverage,
    "summary": summary,
    "lint": check,
    "format": format_code,
    "i18n": translate,
    "build": build,
    "status": status,
    "logs": logs,
    "stop": stop,
    "clean": clean,
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dev/run.py", description=__doc__)
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    for name, action in VERBS.items():
        verb = verbs.add_parser(name, help=action.__doc__)
        verb.set_defaults(action=action)
        verb.add_argument("--ckan", default=versions.DEFAULT, help="CKAN's version")
        verb.add_argument("--slot", default="", help="databases of one's own")
        if name == "tier":
            verb.add_argument("tier", choices=suite.TIERS)
    return parser


def _ended(number: int, _: object) -> None:
    """Turn SIGTERM into an exit that lets every ``finally`` run."""
    sys.exit(128 + number)


def main(argv: list[str]) -> int:
    """Run a verb; return the exit code."""
    signal.signal(signal.SIGTERM, _ended)
    # What follows `--` is pytest's.
    at = argv.index("--") if "--" in argv else len(argv)
    options = _parser().parse_args(argv[:at])
    options.more = argv[at + 1 :]
    paths.make_folders()
    try:
        options.action(options)
    except StepError as error:
        report.explain(error)
        return 1
    except KeyboardInterrupt:
        say("interrupted; what was started keeps running, `make stop` ends it")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
