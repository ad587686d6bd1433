"""Reads a plan document: bytes → grid → layout → draft plan. No CKAN, no services."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from .assemble import Assembly
from .columns import Role
from .csv import is_csv, read_csv
from .deadline import Reading, Term, read_deadline
from .docx import read_docx
from .draft import Doubt, Draft, RowNote, TaskDraft
from .errors import DamageError, LayoutError, LimitError, ReaderError
from .grid import Paragraph
from .heading import Heading, read_heading
from .html import read_html
from .kind import Kind, kind_of, kind_of_archive
from .layout import Layout, read_layout
from .limits import Budget, Limits
from .messages import MESSAGES, sentence
from .ods import read_ods
from .odt import read_odt
from .own import OwnError
from .own_csv import read_own_csv
from .own_docx import read_own_docx
from .own_json import read_json
from .own_xlsx import read_own_xlsx
from .package import Package
from .pdf import read_pdf
from .text import read_text
from .xlsx import read_xlsx

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
    "kind_of_document",
    "read",
    "read_deadline",
    "read_grid",
    "sentence",
]


#: Byte order marks, zero bytes and white space: a file of these is empty.
_NOTHING: Final = b"\xef\xbb\xbf\xff\xfe\x00\t\r\n\x0b\x0c "
#: Readers of the kinds that are no archives.
_READERS: Final = {
    Kind.PDF: read_pdf,
    Kind.CSV: read_csv,
    Kind.HTML: read_html,
    # Its grid is its text; `read` takes the plan from the record itself.
    Kind.JSON: read_text,
    Kind.TEXT: read_text,
}

#: Readers of the kinds that are archives.
_ARCHIVES: Final = {
    Kind.DOCX: read_docx,
    Kind.ODT: read_odt,
    Kind.XLSX: read_xlsx,
    Kind.ODS: read_ods,
}


def read(data: bytes, filename: str = "", limits: Limits | None = None) -> Draft:
    """Read a plan document.

    :param data: the whole file.
    :param filename: its name; a wrong ending is a doubt, the content decides.
    :param limits: what it may cost at most, None for the defaults.
    :returns: the draft plan with doubts and origins.
    :raises ReaderError: when it cannot be read or holds no plan.
    """
    budget = Budget(limits or Limits())
    kind, package = _known(data, budget)
    exported, damage = _exported(kind, package, data, budget)
    if exported is not None:
        wrong = _wrong_ending(filename, kind)
        return replace(exported, doubts=(*wrong, *exported.doubts))
    grid = _grid(kind, package, data, budget)
    layout = read_layout(grid, budget.tick)
    budget.tick()
    heading = read_heading(layout.lines)
    assembly = Assembly(layout, heading.term, budget.tick)
    tasks = assembly.run()
    if not tasks:
        raise LayoutError("no_tasks")
    return Draft(
        values=_values(heading),
        authority=heading.authority,
        tasks=tasks,
        doubts=(
            *_wrong_ending(filename, kind),
            *damage,
            *(Doubt(remark.code, "file", remark.params) for remark in grid.remarks),
            *_doubts(heading, layout),
            *assembly.doubts,
        ),
        rows=tuple(assembly.notes),
        sources={"approval_number": heading.source} if heading.source else {},
    )


def read_grid(data: bytes, limits: Limits) -> Grid:
    """Turn a document of any kind into the grid.

    :raises ReaderError: when it cannot be read.
    """
    budget = Budget(limits)
    return _grid(*_known(data, budget), data, budget)


def kind_of_document(data: bytes, limits: Limits) -> Kind:
    """Tell what a document is by its content.

    :raises ReaderError: when it is nothing that can be read.
    """
    return _told(data, Budget(limits))[0]


def _told(data: bytes, budget: Budget) -> tuple[Kind, Package | None]:
    """The kind of a document and, when it is an archive, what is in it."""
    told = kind_of(data)
    if told is Kind.TEXT and is_csv(data):
        return Kind.CSV, None
    if told is not None:
        return told, None
    package = Package(data, budget)
    mark = package.read("mimetype") or package.read("META-INF/manifest.xml")
    return kind_of_archive(package.names, mark), package


def _known(data: bytes, budget: Budget) -> tuple[Kind, Package | None]:
    """The kind of a document whose size was checked."""
    limits = budget.limits
    if len(data) > limits.file_bytes:
        raise LimitError("too_large", size=len(data), limit=limits.file_bytes)
    if not data.strip(_NOTHING):
        raise ReaderError("empty_file")
    return _told(data, budget)


def _exported(
    kind: Kind, package: Package | None, data: bytes, budget: Budget
) -> tuple[Draft | None, list[Doubt]]:
    """A plan that was exported from a portal, and whether its data is damaged.

    :raises ReaderError: for JSON, which people cannot read otherwise.
    """
    if kind is Kind.JSON:
        return read_json(data, budget), []
    try:
        if kind in (Kind.CSV, Kind.TEXT):
            return read_own_csv(data, budget), []
        if kind is Kind.XLSX and package is not None:
            return read_own_xlsx(package, budget), []
        if kind is Kind.DOCX and package is not None:
            return read_own_docx(package, budget), []
    except (OwnError, DamageError):
        return None, [Doubt("own_damaged", "file")]
    return None, []


def _grid(kind: Kind, package: Package | None, data: bytes, budget: Budget) -> Grid:
    try:
        if package is None:
            grid = _READERS[kind](data, budget)
        else:
            grid = _ARCHIVES[kind](package, budget)
    except RecursionError as error:
        # A portal may allow more nesting than Python goes through.
        raise LimitError("too_deep", limit=budget.limits.depth) from error
    _check_cells(grid, budget)
    return grid


def _check_cells(grid: Grid, budget: Budget) -> None:
    """Refuse a cell or paragraph that is longer than any plan's.

    :raises LimitError: code `cell_too_long`.
    """
    limit = budget.limits.characters
    for block in grid.blocks:
        budget.tick()
        pieces = [block] if isinstance(block, Paragraph) else block.cells
        if any(sum(map(len, piece.lines)) > limit for piece in pieces):
            raise LimitError("cell_too_long", limit=limit)


def _wrong_ending(filename: str, kind: Kind) -> list[Doubt]:
    ending = PurePath(filename).suffix.lower()
    if not ending or ending in kind.endings:
        return []
    params = {"ending": ending, "kind": kind.value.upper()}
    return [Doubt("wrong_ending", "file", params)]


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
