"""Virtual environments: one per CKAN for work, one per CKAN for the built wheel."""

from __future__ import annotations

import hashlib
import shutil
import sys
from typing import TYPE_CHECKING, Final

import paths
import shell
from report import StepError, say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from versions import Version

ADVICE: Final = "check the network and pip's settings; `make clean` starts anew"


def _install(
    folder: Path, arguments: Sequence[str | Path], log: str, *, force: bool = False
) -> bool:
    """Install into an environment unless that was done with the same inputs.

    :param arguments: for ``pip install``
    :param force: install what is named last again even then, without dependencies
    :returns: whether everything had to be installed
    """
    stamp = folder / "installed"
    files = (paths.ROOT / "pyproject.toml", paths.ROOT / "setup.py")
    inputs = "\n".join([sys.version, *map(str, arguments)]).encode()
    wanted = hashlib.sha256(b"".join([inputs, *(f.read_bytes() for f in files)]))
    python = folder / "bin" / "python"
    pip = [python, "-m", "pip", "install", "--disable-pip-version-check"]
    env = shell.clean_env(venv=folder)
    if stamp.is_file() and stamp.read_text() == wanted.hexdigest():
        if force:
            again = [*pip, "--no-deps", "--force-reinstall", arguments[-1]]
            shell.run(again, log, advice=ADVICE, env=env)
        return False
    say(f"    pip install into {folder.name} (once, half a minute or more)")
    stamp.unlink(missing_ok=True)
    if shell.output([python, "-m", "pip", "--version"]) is None:
        shutil.rmtree(folder, ignore_errors=True)
        shell.run([sys.executable, "-m", "venv", folder], log, advice=ADVICE)
    shell.run([*pip, *arguments], log, advice=ADVICE, env=env)
    stamp.write_text(wanted.hexdigest())
    return True


def develop(version: Version) -> Path:
    """Return the environment for work: that CKAN, our source editable, all tools."""
    folder = paths.RUN / f"venv-{version.name}"
    ckan = f"ckan[requirements]=={version.release}"
    _install(folder, [ckan, "-e", f"{paths.ROOT}[dev]"], folder.name)
    return folder


def for_wheel(version: Version) -> Path:
    """Return the environment for tests: that CKAN and our wheel, built just now.

    What it needs comes from the wheel's own metadata, as an administrator gets it.
    """
    folder = paths.RUN / f"venv-test-{version.name}"
    ckan = f"ckan[requirements]=={version.release}"
    _install(folder, [ckan, f"{build(folder.name)}[test]"], folder.name, force=True)
    return folder


def build(log: str) -> Path:
    """Build the wheel from the source folder and return its path."""
    target = paths.RUN / "dist" / log
    shutil.rmtree(target, ignore_errors=True)
    # Left over from an earlier build, these would bring deleted files into the wheel.
    shutil.rmtree(paths.ROOT / "build", ignore_errors=True)
    pip = [sys.executable, "-m", "pip", "wheel", "--disable-pip-version-check"]
    shell.run([*pip, "--no-deps", "-w", target, paths.ROOT], log, advice=ADVICE)
    found = list(target.glob("ckanext_actionplan-*.whl"))
    if len(found) != 1:
        raise StepError("no wheel was built", log=shell.log_path(log))
    return found[0]


def schema(venv: Path) -> Path:
    """Return the Solr schema of the CKAN in an environment."""
    found = list(venv.glob("lib/python*/site-packages/ckan/config/solr/schema.xml"))
    if len(found) != 1:
        raise StepError(f"no CKAN in {venv}", advice="`make clean`, then try again")
    return found[0]
