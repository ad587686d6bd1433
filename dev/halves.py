"""One tier of tests in two processes: who runs what, and the sum of what they say."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

WORDS: Final = (
    *("failed", "passed", "skipped", "deselected", "xfailed", "xpassed"),
    *("warning", "error"),
)
COUNTED: Final = re.compile(rf"(\d+) ({'|'.join(WORDS)})s?\b")


def part(folder: Path) -> tuple[list[str], list[str]]:
    """Part the integration tests into two lists of files that take about as long.

    :param folder: where ``tests`` lies; a file stays whole, for its fixtures
    """
    files = [
        (path.stat().st_size, str(path.relative_to(folder)))
        for path in folder.glob("tests/integration/**/test_*.py")
    ]
    parts: tuple[list[str], list[str]] = ([], [])
    sizes = [0, 0]
    for size, name in sorted(files, reverse=True):
        shorter = sizes.index(min(sizes))
        parts[shorter].append(name)
        sizes[shorter] += size
    return parts


def together(lines: Sequence[str]) -> str:
    """Add up the last lines of runs of pytest; a line without numbers stays as it is."""
    counts: Counter[str] = Counter()
    seconds = 0.0
    for line in lines:
        found = COUNTED.findall(line)
        took = re.search(r" in ([\d.]+)s", line)
        if not took or not (found or "no tests ran" in line):
            return "; ".join(lines)
        seconds = max(seconds, float(took[1]))
        for number, word in found:
            counts[word] += int(number)
    said = [
        f"{counts[word]} {word}{'s' * (word[-1] in 'gr' and counts[word] > 1)}"
        for word in WORDS
        if counts[word]
    ]
    return f"{', '.join(said) or 'no tests ran'} in {seconds:.2f}s"
