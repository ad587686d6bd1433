"""Fuzzes the readers: damaged files are read or refused with a sentence, nothing else.

    python tests/fuzz/run.py --format odt --cases 20000 --seed 1 [--keep FOLDER]

A worker reads one case after the other in at most 512 MB of address space; this process
watches that none takes more than 10 seconds and starts another worker where one fell. A
case is told by its format, seed and number: `--only NUMBER` reads that one alone and shows
the traceback. Exit code 1 when a case fell.
"""

from __future__ import annotations

import argparse
import gc
import json
import multiprocessing
import random
import resource
import sys
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from corpus import FORMATS, sample
from mutation import mutated

from ckanext.actionplan import reader

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

MEMORY: Final = 512 * 1024 * 1024
SECONDS: Final = 10.0
#: Different documents that are damaged.
_SAMPLES: Final = 8
_KILOBYTE: Final = 1024


@dataclass(slots=True)
class Result:
    """What came of the cases of a format.

    :param codes: how often each outcome was met: "read" or the code of an error.
    :param fallen: number, kind (crash, hang, memory) and the last lines of each failure.
    :param slowest: seconds and number of the slowest case.
    :param memory: most memory of a worker, bytes.
    """

    codes: Counter[str] = field(default_factory=Counter)
    fallen: list[tuple[int, str, str]] = field(default_factory=list)
    slowest: tuple[float, int] = (0.0, -1)
    memory: int = 0


class Cases:
    """The damaged files of one format.

    :param name: key of `corpus.FORMATS`.
    :param seed: the same number gives the same files.
    """

    def __init__(self, name: str, seed: int) -> None:
        self.name, self.seed = name, seed
        write = FORMATS[name]
        self._whole = [write(sample(number)) for number in range(_SAMPLES)]

    def __getitem__(self, number: int) -> bytes:
        key = f"{self.name} {self.seed} {number}"
        chance = random.Random(key)  # noqa: S311 - a seeded damage, no secret
        return mutated(chance.choice(self._whole), chance)


def outcome(data: bytes) -> str:
    """Read a file.

    :returns: "read" or the code of the error of the reader.
    """
    try:
        draft = reader.read(data, "plan").as_dict()
    except reader.ReaderError as error:
        text = str(error)
        # A name from the file, quoted in the sentence, may hold any sign itself.
        quoted = any("{" in str(value) for value in error.params.values())
        if not text or ("{" in text and not quoted):
            raise AssertionError(f"no sentence for {error.code}") from error
        return error.code
    # What was read is stored as JSON in UTF-8, and the database takes no zero bytes.
    if "\\u0000" in json.dumps(draft):
        raise AssertionError("letters that cannot be stored")
    json.dumps(draft, ensure_ascii=False).encode()
    return "read"


def _work(pipe: Connection, cases: Cases, first: int, last: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for number in range(first, last):
        data = cases[number]
        pipe.send((number, "start", ""))
        try:
            pipe.send((number, "done", outcome(data)))
        except MemoryError:
            gc.collect()
            pipe.send((number, "memory", "MemoryError"))
        except BaseException:  # noqa: BLE001 - whatever falls is the finding
            pipe.send((number, "crash", traceback.format_exc(limit=-6)))
    usage = [resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN]
    most = max(resource.getrusage(who).ru_maxrss for who in usage)
    pipe.send((last, "end", str(most * _KILOBYTE)))


def run(cases: Cases, count: int) -> Result:
    """Read the first `count` cases, one worker at a time."""
    result, first = Result(), 0
    while first < count:
        first = _watch(cases, first, count, result)
    return result


def _watch(cases: Cases, first: int, last: int, result: Result) -> int:
    """Run a worker until it ends or falls; returns the case to go on with."""
    here, there = multiprocessing.get_context("fork").Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(
        target=_work, args=(there, cases, first, last)
    )
    process.start()
    there.close()
    number, started = first, time.monotonic()
    try:
        while True:
            # Twice the time, so that a slow case is measured before it counts as a hang.
            if not here.poll(SECONDS * 2):
                result.fallen.append((number, "hang", "stopped"))
                return number + 1
            number, state, text = here.recv()
            if state == "end":
                result.memory = max(result.memory, int(text))
                return last
            if state == "start":
                started = time.monotonic()
            else:
                _count(result, number, state, text, time.monotonic() - started)
    except EOFError:
        result.fallen.append((number, "crash", "the worker was killed"))
        return number + 1
    finally:
        process.kill()
        process.join()
        here.close()


def _count(result: Result, number: int, state: str, text: str, took: float) -> None:
    result.slowest = max(result.slowest, (took, number))
    if state == "done":
        result.codes[text] += 1
    else:
        result.fallen.append((number, state, text))
    if took > SECONDS:
        result.fallen.append((number, "hang", f"{took:.1f} s"))


def _report(
    name: str, result: Result, took: float, keep: Path | None
) -> dict[str, Any]:
    for number, kind, text in result.fallen:
        sys.stderr.write(f"{name} case {number}: {kind}\n{text}\n")
    return {
        "format": name,
        "cases": sum(result.codes.values()) + len(result.fallen),
        "fallen": len(result.fallen),
        "seconds": round(took, 1),
        "slowest_seconds": round(result.slowest[0], 2),
        "slowest_case": result.slowest[1],
        "memory_megabytes": round(result.memory / _KILOBYTE / _KILOBYTE),
        "kept": str(keep) if keep and result.fallen else "",
        "outcomes": dict(result.codes.most_common()),
    }


def _kept(cases: Cases, result: Result, keep: Path) -> None:
    keep.mkdir(parents=True, exist_ok=True)
    for number, kind, _ in result.fallen:
        path = keep / f"{cases.name}-{cases.seed}-{number}-{kind}"
        path.write_bytes(cases[number])


def main() -> int:
    """Print one JSON line for each format."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--format", choices=[*FORMATS, "all"], default="all")
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, help="read this case alone")
    parser.add_argument("--keep", type=Path, help="folder for the files that fell")
    options = parser.parse_args()
    names = list(FORMATS) if options.format == "all" else [options.format]
    fallen = 0
    for name in names:
        cases = Cases(name, options.seed)
        if options.only is not None:
            sys.stdout.write(f"{outcome(cases[options.only])}\n")
            continue
        started = time.monotonic()
        result = run(cases, options.cases)
        if options.keep:
            _kept(cases, result, options.keep)
        took = time.monotonic() - started
        line = json.dumps(_report(name, result, took, options.keep))
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
        fallen += len(result.fallen)
    return 1 if fallen else 0


if __name__ == "__main__":
    sys.exit(main())
