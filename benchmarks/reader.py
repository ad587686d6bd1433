"""Seconds and peak memory of reading a DOCX of 40 tasks and a PDF of 30 pages.

    python benchmarks/reader.py [--times 3]

Needs no portal, but what the tests need: the documents are written on the spot, as
`tests/fuzz/corpus.py` writes them. Each is read in a process of its own; of several
times the slowest counts. The first reading of a process compiles the patterns.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from ckanext.actionplan import reader

ROOT: Final = Path(__file__).parents[1]
TASKS: Final = 40
#: So many tasks of two sentences fill 30 pages.
ROWS: Final = 145
WORDS: Final = "оприлюднити на порталі перелік наборів і описати їх поля "
KILOBYTE: Final = 1024


def documents(folder: Path) -> list[tuple[str, Path]]:
    sys.path.insert(0, str(ROOT / "tests" / "fuzz"))
    from corpus import as_docx, as_pdf, sample

    word, printed = folder / "plan.docx", folder / "plan.pdf"
    word.write_bytes(as_docx(sample(1, TASKS)))
    plan = sample(1, ROWS)
    rows = [
        (*row[:1], row[1] + ": " + WORDS * 2, *row[2:]) if row[1:] else row
        for row in plan.rows[2:]
    ]
    printed.write_bytes(as_pdf(replace(plan, rows=(plan.rows[0], *rows)), True))
    return [(f"DOCX, {TASKS} tasks", word), ("PDF", printed)]


def measured(path: Path) -> dict[str, Any]:
    """What one reading took, in this process."""
    data = path.read_bytes()
    started = time.perf_counter()
    draft = reader.read(data, path.name)
    took = time.perf_counter() - started
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    memory = [resource.getrusage(kind).ru_maxrss / KILOBYTE for kind in kinds]
    pages = max(task.origin.page for task in draft.tasks)
    return {"seconds": took, "memory": memory, "tasks": len(draft.tasks), "page": pages}


def apart(path: Path) -> dict[str, Any]:
    command = [sys.executable, __file__, "--only", str(path)]
    return json.loads(subprocess.run(command, capture_output=True, check=True).stdout)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--only", type=Path, help="read this file in this process")
    options = parser.parse_args()
    if options.only:
        print(json.dumps(measured(options.only)))
        return
    print("| document | KB | tasks | last page | s | MB | MB of the child |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    with tempfile.TemporaryDirectory() as folder:
        for name, path in documents(Path(folder)):
            runs = [apart(path) for _ in range(options.times)]
            worst = max(runs, key=lambda run: run["seconds"])
            own, child = (max(run["memory"][at] for run in runs) for at in (0, 1))
            cells = [name, path.stat().st_size // KILOBYTE, worst["tasks"]]
            cells += [worst["page"], f"{worst['seconds']:.2f}"]
            print(f"| {' | '.join(map(str, cells))} | {own:.0f} | {child:.0f} |")


if __name__ == "__main__":
    main()
