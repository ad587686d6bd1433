"""PDF with a text layer into the grid: tables, paragraphs, rows cut by pages."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from . import pdf_worker
from .errors import DamageError, KindError, LimitError, ReaderError
from .pdf_blocks import blocks_of
from .pdf_page import Page, upright

if TYPE_CHECKING:
    from .grid import Grid
    from .limits import Budget, Limits

#: Fewer letters than that on all pages are no text layer.
_LETTERS: Final = 40
#: Share of letters that a font does not name above which the text is unreadable.
_STRANGE: Final = 0.2
#: Share of accented Latin letters that no Ukrainian or English text has.
_ACCENTED: Final = 0.3
#: Runs the worker's file alone: the folder it stands in must not be searched for
#: modules, and the extension with all that it brings need not be imported. PDFium's
#: folder comes last: whatever else lies there hides nothing of Python's own.
_START: Final = (
    "import sys, runpy; file = sys.argv.pop(1); sys.path.append(sys.argv.pop(1));"
    " runpy.run_path(file, run_name='__main__')"
)


def read_pdf(data: bytes, budget: Budget) -> Grid:
    """Turn a PDF into the grid.

    :param data: the file.
    :param budget: limits and time of this reading.
    :raises DamageError: when it is damaged or locked.
    :raises KindError: when it has no text layer, or one that cannot be read.
    :raises LimitError: when it is too long or takes too much to open.
    """
    raw = _ask(data, budget)
    pages: list[Page] = []
    for number, page in enumerate(raw, start=1):
        pages.append(upright(number, page))
        budget.tick()
    _check(raw, pages)
    return blocks_of(_repaired(pages), budget)


def _ask(data: bytes, budget: Budget) -> list[dict[str, Any]]:
    """What the worker finds on the pages."""
    limits = budget.limits
    seconds = max(1, int(min(limits.opening_seconds, limits.seconds)))
    numbers = (limits.memory_bytes, seconds, limits.pages, limits.marks)
    command = [_interpreter(), "-I", "-c", _START, pdf_worker.__file__, _library()]
    try:
        done = subprocess.run(  # noqa: S603 - our own file, numbers as arguments
            [*command, *map(str, numbers)],
            input=data,
            capture_output=True,
            timeout=seconds + 1,
            check=False,
            cwd="/",
        )
    except subprocess.TimeoutExpired as error:
        raise LimitError("too_slow", limit=seconds) from error
    except OSError as error:
        raise ReaderError("pdf_unavailable") from error
    if not done.stdout.startswith(pdf_worker.READY):
        raise ReaderError("pdf_unavailable")
    answer = _answer(done.stdout.removeprefix(pdf_worker.READY))
    if "error" in answer:
        raise _error(answer["error"], limits)
    return answer["pages"]


def _interpreter() -> str:
    """The Python that runs this; inside some web servers that is not the program."""
    program = Path(sys.executable or "")
    if program.name.startswith(("python", "pypy")):
        return str(program)
    return str(Path(sys.prefix) / "bin" / "python3")


def _library() -> str:
    """The folder in which PDFium's package stands.

    :raises ReaderError: when it is not installed.
    """
    found = find_spec("pypdfium2")
    if found is None or not found.origin:
        raise ReaderError("pdf_unavailable")
    return str(Path(found.origin).parent.parent)


def _answer(output: bytes) -> dict[str, Any]:
    try:
        return json.loads(output)
    except ValueError:
        # A child that was stopped or fell left its answer unfinished.
        return {"error": "pdf_too_hard"}


def _error(code: str, limits: Limits) -> ReaderError:
    if code == "too_many_pages":
        return LimitError(code, limit=limits.pages)
    if code == "too_many_elements":
        return LimitError(code, limit=limits.marks)
    return DamageError(code)


def _check(raw: list[dict[str, Any]], pages: list[Page]) -> None:
    """Refuse a document whose text cannot be read."""
    words = [word.text for page in pages for word in page.words]
    letters = sum(map(len, words))
    if letters < _LETTERS and any(page.get("damaged") for page in raw):
        raise DamageError("damaged_pdf")
    if letters < _LETTERS or sum(page.picture for page in pages) * 2 > len(pages):
        code = "pdf_scan" if any(page.picture for page in pages) else "pdf_no_text"
        raise KindError(code)
    if sum(page.get("strange", 0) for page in raw) > letters * _STRANGE:
        raise KindError("pdf_letters")


def _repaired(pages: list[Page]) -> list[Page]:
    """Fonts of old programs call Cyrillic letters by the Latin ones of their codes."""
    text = "".join(word.text for page in pages for word in page.words)
    cyrillic = sum("\u0400" <= char <= "\u052f" for char in text)
    accented = sum("\u00c0" <= char <= "\u00ff" for char in text)
    if accented < len(text) * _ACCENTED or cyrillic > accented:
        return pages
    return [
        replace(
            page,
            words=tuple(
                replace(word, text=_as_cyrillic(word.text)) for word in page.words
            ),
        )
        for page in pages
    ]


def _as_cyrillic(text: str) -> str:
    try:
        return text.encode("cp1252").decode("cp1251")
    except UnicodeError:
        return text
