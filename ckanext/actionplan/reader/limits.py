"""Limits for documents from strangers, and the budget that keeps to them."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Final

from .errors import LimitError

MEGABYTE: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What a document may cost at most.

    :param file_bytes: size of the file.
    :param unpacked_bytes: size of all entries of an archive when unpacked.
    :param part_bytes: size of one entry that is read.
    :param ratio: unpacked size divided by file size.
    :param entries: entries of an archive.
    :param depth: nesting of XML elements.
    :param elements: XML elements of one part.
    :param sheets: sheets of a workbook.
    :param rows: rows and paragraphs of the document.
    :param cells: cells of a row.
    :param characters: text of one cell or paragraph.
    :param pages: pages of a PDF.
    :param marks: characters and strokes of a PDF.
    :param memory_bytes: memory of the process that opens a PDF.
    :param opening_seconds: time for opening a PDF, a part of `seconds`.
    :param seconds: time for reading.
    """

    file_bytes: int = 20 * MEGABYTE
    unpacked_bytes: int = 200 * MEGABYTE
    part_bytes: int = 32 * MEGABYTE
    ratio: int = 200
    entries: int = 2000
    depth: int = 200
    elements: int = 1_000_000
    sheets: int = 100
    rows: int = 20_000
    cells: int = 64
    characters: int = 100_000
    pages: int = 100
    marks: int = 500_000
    memory_bytes: int = 384 * MEGABYTE
    opening_seconds: float = 8.0
    seconds: float = 9.0


@dataclass(slots=True)
class Budget:
    """Counts what one reading has used and stops it at a limit."""

    limits: Limits
    rows: int = 0
    started: float = field(default_factory=time.monotonic)

    def tick(self) -> None:
        """Stop when the time is used up.

        :raises LimitError: code `too_slow`.
        """
        if time.monotonic() - self.started > self.limits.seconds:
            raise LimitError("too_slow", limit=int(self.limits.seconds))

    def block(self, cells: int = 1) -> None:
        """Count one row or paragraph.

        :param cells: cells of the row.
        :raises LimitError: when there are too many rows or cells, or no time is left.
        """
        self.rows += 1
        if self.rows > self.limits.rows:
            raise LimitError("too_many_rows", limit=self.limits.rows)
        if cells > self.limits.cells:
            raise LimitError("too_many_cells", limit=self.limits.cells)
        self.tick()
