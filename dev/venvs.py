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

FOR_WHEEL: Final = ("pyproject.toml", "setup.py", "README.md", "LICENSE")


def _install(
    folder: Path, arguments: Sequence[str | Path], log: str, *, force: bool = False
) -> bool:
    """Install into an environment unless that was done with the same inputs.

    :param arguments: for ``pip install``
    :param force: install what is named last again even then, without dependencies
    :returns: whether everything had to be installed
    """
    stamp = folder / "installed"
    project = (paths.ROOT / "pyproject.toml").read_text(encoding="utf-8")
    # The settings of our tools, which come last, change nothing that is installed.
    inputs = [sys.version, *map(str, arguments), project.partition("[tool.pytest")[0]]
    wanted = hashlib.sha256("\n".join(inputs).encode())
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
    _install(folder, [ckan, f"{build(version.tag)}[test]"], folder.name, force=True)
    return folder


def build(name: str) -> Path:
    """Build the wheel of the source folder and return its path.

    :param name: of the folder below ``.run/dist`` and of the log: builds may run side
        by side, and from a copy they leave nothing in the source folder
    """
    target = paths.RUN / "dist" / name
    shutil.rmtree(target, ignore_errors=True)
    source = target / "source"
    unwanted = shutil.ignore_patterns("__pycache__", "*.pyc", "*.egg-info")
    shutil.copytree(paths.ROOT / "ckanext", source / "ckanext", ignore=unwanted)
    for each in FOR_WHEEL:
        shutil.copy(paths.ROOT / each, source)
    pip = [sys.executable, "-m", "pip", "wheel", "--disable-pip-version-check"]
    log = f"build-{name}"
    shell.run([*pip, "--no-deps", "-w", target, source], log, advice=ADVICE)
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
