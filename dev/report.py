"""What the developer's tools say: each step with its reason, each failure with its log."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path


class StepError(Exception):
    """A step failed.

    :param message: what went wrong, one sentence
    :param log: the file with the details, if there is one
    :param advice: what the developer can do about it
    """

    def __init__(
        self, message: str, *, log: Path | None = None, advice: str = ""
    ) -> None:
        super().__init__(message)
        self.log = log
        self.advice = advice
        self.step = ""


def say(text: str = "") -> None:
    """Write one line at once, so that logs of a pipe stay in order."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


@contextmanager
def step(title: str) -> Generator[None, None, None]:
    """Name the step, then its duration; remember its title when it fails."""
    say(f"==> {title}")
    started = time.monotonic()
    try:
        yield
    except StepError as error:
        error.step = error.step or title
        raise
    seconds = time.monotonic() - started
    if seconds >= 1:
        say(f"    done in {seconds:.0f} s")


def explain(error: StepError) -> None:
    """Print which step failed, the end of its log and what to do."""
    say()
    say(f"FAILED: {error.step or 'preparation'}")
    say(f"  {error}")
    if error.log is not None:
        say(f"  log: {error.log}")
        for line in tail(error.log):
            say(f"  | {line}")
    if error.advice:
        say(f"  what to do: {error.advice}")


def tail(path: Path, lines: int = 15) -> list[str]:
    """Return the last lines of a text file, none when it is not there."""
    if not path.is_file():
        return []
    return path.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:]
