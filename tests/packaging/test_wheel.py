"""The wheel carries everything that an installed portal needs, and nothing else."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from configparser import ConfigParser
from email import message_from_string
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "ckanext" / "actionplan"
SOURCES = ("pyproject.toml", "setup.py", "README.md", "LICENSE")
# Made on the way, or of use to translators only.
NOT_SHIPPED = {".pyc", ".pot"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Build the wheel from a copy: the source folder stays as it is."""
    source = tmp_path_factory.mktemp("source")
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "ckanext", source / "ckanext", ignore=ignored)
    for name in SOURCES:
        shutil.copy(ROOT / name, source)
    # In an environment of its own, as `pip install .`: CKAN 2.11 pins tools too old.
    build = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--wheel-dir"]
    done = subprocess.run(
        [*build, source / "dist", source],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (path,) = (source / "dist").glob("*.whl")
    with zipfile.ZipFile(path) as opened:
        yield opened


def shipped(wheel, ending):
    return [name for name in wheel.namelist() if name.endswith(ending)]


def info(wheel, name):
    (path,) = shipped(wheel, f".dist-info/{name}")
    return wheel.read(path).decode()


def test_every_file_of_the_package_is_in_it(wheel):
    expected = {
        path.relative_to(ROOT).as_posix()
        for path in PACKAGE.rglob("*")
        if path.is_file()
        and path.suffix not in NOT_SHIPPED
        and not any(part.startswith(".") for part in path.relative_to(ROOT).parts)
    }

    assert expected - set(wheel.namelist()) == set()


@pytest.mark.parametrize(
    "part",
    [
        "config_declaration.yaml",
        "schemas/action_plan.yaml",
        "assets/webassets.yml",
        "migration/actionplan/alembic.ini",
        "migration/actionplan/env.py",
        "i18n/uk/LC_MESSAGES/ckanext-actionplan.mo",
    ],
)
def test_what_ckan_reads_at_run_time(wheel, part):
    assert wheel.read(f"ckanext/actionplan/{part}")


@pytest.mark.parametrize(
    "folder", ["templates", "data", "migration/actionplan/versions"]
)
def test_folders_are_not_empty(wheel, folder):
    start = f"ckanext/actionplan/{folder}/"

    assert [name for name in wheel.namelist() if name.startswith(start)]


def test_nothing_else(wheel):
    tops = {name.split("/")[0] for name in wheel.namelist()}

    assert {top for top in tops if not top.endswith(".dist-info")} == {"ckanext"}
    # A file here would hide every other extension: the namespace is PEP 420.
    assert "ckanext/__init__.py" not in wheel.namelist()
    assert shipped(wheel, ".pyc") == []


def test_entry_points(wheel):
    parser = ConfigParser()
    parser.read_string(info(wheel, "entry_points.txt"))

    assert dict(parser["ckan.plugins"]) == {
        "actionplan": "ckanext.actionplan.plugin:ActionPlanPlugin"
    }


def test_metadata(wheel):
    metadata = message_from_string(info(wheel, "METADATA"))
    requires = metadata.get_all("Requires-Dist", [])

    assert metadata["Name"] == "ckanext-actionplan"
    assert metadata["License-Expression"] == "AGPL-3.0-or-later"
    assert any(each.startswith("ckan[requirements]") for each in requires)
    assert any(each.startswith("ckanext-scheming") for each in requires)
    assert "GNU AFFERO GENERAL PUBLIC LICENSE" in info(wheel, "licenses/LICENSE")
