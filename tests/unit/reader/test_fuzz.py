"""A few damaged files of each format; `tests/fuzz/run.py` reads many more."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "fuzz" / "run.py"
CASES = {
    "docx": 20,
    "odt": 100,
    "pdf": 10,
    "xlsx": 60,
    "ods": 100,
    "csv": 25,
    "html": 25,
    "text": 12,
    "json": 200,
    "export-csv": 20,
    "export-xlsx": 60,
}


def fuzz(*arguments):
    return subprocess.run(
        [sys.executable, str(SCRIPT), *arguments],
        capture_output=True,
        check=False,
        text=True,
    )


@pytest.mark.parametrize("name", CASES)
def test_damaged_files_are_read_or_refused(name):
    done = fuzz("--format", name, "--cases", str(CASES[name]), "--seed", "7")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert sum(said["outcomes"].values()) == said["cases"] == CASES[name]
    assert said["outcomes"]["read"]
    assert said["slowest_seconds"] < 10
    assert said["memory_megabytes"] < 512
