"""Reads a plan document: bytes → grid → layout → draft plan. No CKAN, no services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .assemble import Assembly
from .columns import Role
from .deadline import Reading, Term, read_deadline
from .docx import read_docx
from .draft import Doubt, Draft, RowNote, TaskDraft
from .errors import LayoutError, LimitError, ReaderError
from .heading import Heading, read_heading
from .kind import Kind, kind_of, kind_of_archive
from .layout import Layout, read_layout
from .limits import Budget, Limits
from .messages import MESSAGES, sentence
from .package import Package
from .text import read_text

if TYPE_CHECKING:
    from .grid import Grid

__all__ = [
    "MESSAGES",
    "Doubt",
    "Draft",
    "Limits",
    "ReaderError",
    "Reading",
    "RowNote",
    "TaskDraft",
    "Term",
    "read",
    "read_deadline",
    "read_grid",
    "sentence",
]


def read(data: bytes, filename: str = "", limits: Limits | None = None) -> Draft:
    """Read a plan document.

    :param data: the whole file.
    :param filename: its name; shown only, the content decides what it is.
    :param limits: what it may cost at most, None for the defaults.
    :returns: the draft plan with doubts and origins.
    :raises ReaderError: when it cannot be read or holds no plan.
    """
    layout = read_layout(read_grid(data, limits or Limits()))
    heading = read_heading(layout.lines)
    assembly = Assembly(layout, heading.term)
    tasks = assembly.run()
    if not tasks:
        raise LayoutError("no_tasks")
    return Draft(
        values=_values(heading),
        authority=heading.authority,
        tasks=tasks,
        doubts=(*_doubts(heading, layout), *assembly.doubts),
        rows=tuple(assembly.notes),
        sources={"approval_number": heading.source} if heading.source else {},
    )


def read_grid(data: bytes, limits: Limits) -> Grid:
    """Turn a document of any kind into the grid.

    :raises ReaderError: when it cannot be read.
    """
    if len(data) > limits.file_bytes:
        raise LimitError("too_large", size=len(data), limit=limits.file_bytes)
    if not data.strip(b"\xef\xbb\xbf\x00\t\r\n\x0b\x0c "):
        raise ReaderError("empty_file")
    budget = Budget(limits)
    if kind_of(data) is Kind.TEXT:
        return read_text(data, budget)
    package = Package(data, budget)
    kind_of_archive(package.names, package.read("mimetype"))
    return read_docx(package, budget)


def _values(heading: Heading) -> dict[str, str]:
    term = heading.term
    return {
        "title": heading.title,
        "period_start": term.start.isoformat() if term.start else "",
        "period_end": term.end.isoformat() if term.end else "",
        "approval_document": heading.document,
        "approval_number": heading.number,
        "approval_date": heading.day.isoformat() if heading.day else "",
        "approval_signatory": heading.signatory,
    }


def _doubts(heading: Heading, layout: Layout) -> list[Doubt]:
    out = [Doubt(code, name, params) for code, name, params in heading.doubts]
    if layout.columns.guessed:
        out.append(Doubt("columns_guessed", "tasks"))
    out.extend(
        Doubt("column_unread", "tasks", {"name": column.heading})
        for column in layout.columns.columns
        if column.role is Role.OTHER and column.heading
    )
    return out
