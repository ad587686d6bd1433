"""Fills the demo: the portal, and the national portal that should hold its datasets.

python dev/demo/fill.py [world|connect] --portal INI --national INI [--today DAY]

`world` fills both portals; `connect` reads the national portal through its web server,
which must answer by then; without a word, both. A second call finds everything in place
and changes only what moves with today.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import people

if TYPE_CHECKING:
    from collections.abc import Sequence

_HERE: Final = Path(__file__).resolve().parent
_ZONE: Final = ZoneInfo("Europe/Kyiv")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the steps asked for.

    :returns: 0 when everything is in place, else 1.
    """
    options = _options(argv)
    try:
        if options.step in ("world", "all"):
            _world(options.portal, options.national, options.today)
        if options.step in ("connect", "all"):
            _run("connect.py", options.portal)
    except subprocess.CalledProcessError as error:
        sys.stderr.write(f"The demo is not filled: {Path(error.cmd[1]).name} failed.\n")
        return 1
    return 0


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    steps = ("all", "world", "connect")
    parser.add_argument("step", nargs="?", choices=steps, default="all")
    parser.add_argument("--portal", type=_ini, required=True)
    parser.add_argument("--national", type=_ini, required=True)
    today = datetime.now(_ZONE).date()
    parser.add_argument("--today", type=date.fromisoformat, default=today)
    return parser.parse_args(argv)


def _ini(text: str) -> Path:
    path = Path(text).resolve()
    if not path.is_file():
        raise argparse.ArgumentTypeError(f"{text} is not there")
    return path


def _world(portal: Path, national: Path, today: date) -> None:
    """Fill both portals side by side: a process holds one CKAN only."""
    accounts = people.accounts_path(portal)
    people.write_accounts(accounts, people.password(accounts))
    steps = (("national.py", national), ("world.py", portal))
    running = [
        subprocess.Popen([*_command(script, ini), accounts, today.isoformat()])
        for script, ini in steps
    ]
    for process in running:
        process.wait()
    for process in running:
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, process.args)
    count = len(json.loads(accounts.read_text("utf-8")))
    sys.stdout.write(f"    {count} accounts in {accounts}\n")


def _run(script: str, ini: Path) -> None:
    subprocess.run(_command(script, ini), check=True)


def _command(script: str, ini: Path) -> list[str | Path]:
    return [sys.executable, _HERE / script, ini]


if __name__ == "__main__":
    sys.exit(main())
