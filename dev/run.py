"""The verbs behind ``make``: standard library only, runs before anything is installed.

python3 dev/run.py demo|test|tier|lint|services|status|stop|clean|...
"""

from __future__ import annotations

import argparse
import shutil
import sys
from typing import TYPE_CHECKING

import background
import paths
import report
import suite
import venvs
import versions
from report import StepError, say, step
from services import postgres, redis, solr

if TYPE_CHECKING:
    from collections.abc import Callable


def services(_: argparse.Namespace) -> None:
    """Start PostgreSQL, Redis and Solr with the cores of all environments at hand."""
    with step("PostgreSQL"):
        postgres.start()
    with step("Redis"):
        redis.start()
    with step("Solr"):
        solr.build()
        for version in versions.VERSIONS.values():
            venv = paths.RUN / f"venv-{version.name}"
            if venv.is_dir():
                solr.lay_out(f"test_{version.tag}", venvs.schema(venv))
        solr.start()
    say(f"    {postgres.url('')}\n    {redis.url(0)}\n    {solr.url('')}")


def tier(options: argparse.Namespace) -> None:
    """Run one tier of tests on the source folder."""
    version = versions.find(options.ckan)
    suite.run_tier(version, options.tier, options.more, slot=options.slot)


def test(options: argparse.Namespace) -> None:
    """Run all tests on the built wheel."""
    suite.run_all(versions.find(options.ckan), options.more)


def stop(_: argparse.Namespace) -> None:
    """Stop what was started here, and nothing else."""
    order = ("solr", "redis", "postgres")
    names = [name for name in background.names() if name not in order]
    for name in (*names, *order):
        if background.stop(name):
            say(f"stopped {name}")


def status(_: argparse.Namespace) -> None:
    """Say what runs."""
    for name in background.names():
        pid = background.pid_of(name)
        say(f"{name:12} {f'process {pid}' if pid else 'not running'}")


def clean(options: argparse.Namespace) -> None:
    """Stop everything and remove the ignored folder."""
    stop(options)
    shutil.rmtree(paths.RUN, ignore_errors=True)
    say(f"removed {paths.RUN}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dev/run.py", description=__doc__)
    verbs = parser.add_subparsers(required=True, metavar="VERB")

    def verb(action: Callable[[argparse.Namespace], None]) -> argparse.ArgumentParser:
        name = action.__name__.replace("_", "-")
        made = verbs.add_parser(name, help=action.__doc__)
        made.set_defaults(action=action)
        return made

    for action in (services, stop, status, clean):
        verb(action)
    for action in (test, tier):
        made = verb(action)
        made.add_argument("--ckan", default=versions.DEFAULT)
        if action is tier:
            made.add_argument("--slot", default="")
            made.add_argument("tier", choices=suite.TIERS)
        made.add_argument("more", nargs=argparse.REMAINDER)
    return parser


def main(argv: list[str]) -> int:
    """Run a verb; return the exit code."""
    options = _parser().parse_args(argv)
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
