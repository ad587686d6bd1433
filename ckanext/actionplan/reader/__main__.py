"""`python -m ckanext.actionplan.reader FILE` prints the draft plan as JSON."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

from . import Limits, ReaderError, Term, read, read_deadline
from .errors import LimitError


def main(arguments: list[str] | None = None) -> int:
    """Print the draft plan of a document, or the readings of a list of wordings.

    :param arguments: of the command line, None for those of the process.
    :returns: exit code: 0, or 1 with a sentence on standard error.
    """
    parser = argparse.ArgumentParser(prog="python -m ckanext.actionplan.reader")
    parser.add_argument(
        "file", type=Path, help="a plan: DOCX, ODT, PDF, XLSX, ODS, CSV, HTML or text"
    )
    parser.add_argument(
        "--wordings",
        action="store_true",
        help="FILE is a JSON list of {wording, plan_start, plan_end, approved}",
    )
    options = parser.parse_args(arguments)
    try:
        data = _load(options.file)
        if options.wordings:
            result: Any = _wordings(data)
        else:
            result = read(data, options.file.name).as_dict()
    except (ReaderError, OSError, TypeError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    text = json.dumps(result, ensure_ascii=False, indent=1)
    sys.stdout.buffer.write(text.encode("utf-8") + b"\n")
    return 0


def _load(path: Path) -> bytes:
    size, limit = path.stat().st_size, Limits().file_bytes
    if size > limit:
        raise LimitError("too_large", size=size, limit=limit)
    return path.read_bytes()


def _wordings(data: bytes) -> list[dict[str, Any]]:
    rows: Any = json.loads(data.decode("utf-8-sig"))
    if not isinstance(rows, list):
        raise TypeError("The file holds no JSON list of wordings.")
    return [_reading(row) for row in rows]  # pyright: ignore[reportUnknownVariableType]


def _reading(row: Any) -> dict[str, Any]:
    if not isinstance(row, dict):
        raise TypeError(f"Not an object with a wording: {row!r}")
    term = Term(_day(row.get("plan_start")), _day(row.get("plan_end")))
    reading = read_deadline(str(row.get("wording") or ""), term)
    return {**row, "due": reading.due, "reason": reading.reason}


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


if __name__ == "__main__":
    sys.exit(main())
