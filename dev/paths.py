"""Where things lie: the clone, and one ignored folder for all that the tools make."""

from __future__ import annotations

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
RUN: Final = ROOT / ".run"
LOG: Final = RUN / "log"
PID: Final = RUN / "pid"
LOCK: Final = RUN / "lock"
DEMO: Final = RUN / "demo"


def make_folders() -> None:
    """Create the ignored folder and those every step writes to."""
    for folder in (RUN, LOG, PID, LOCK):
        folder.mkdir(parents=True, exist_ok=True)
