"""Writes the plans as the DOCX files that a council would send."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH

if TYPE_CHECKING:
    from docx.document import Document as Paper
    from docx.table import Table
    from docx.table import _Cell as Cell  # pyright: ignore[reportPrivateUsage]
    from moves import Moves
    from plans import Plan

_FOUR: Final = (
    "Завдання",
    "Строк виконання",
    "Ключові показники виконання",
    "Виконавець",
)
_SIX: Final = (
    "Принципи Хартії",
    "Зміст принципу",
    "Завдання",
    "Строк виконання",
    "Очікуваний результат",
    "Відповідальні",
)


def write(plan: Plan, moves: Moves) -> bytes:
    """The document of a plan, with the dates of a day.

    :returns: the bytes of a DOCX file.
    """
    paper = Document()
    _landscape(paper)
    _heading(paper, plan, moves)
    if plan.layout == "four columns":
        _four_columns(paper, plan, moves)
    else:
        _six_columns(paper, plan, moves)
    paper.add_paragraph()
    paper.add_paragraph(plan.approval["signatory"])
    stream = io.BytesIO()
    paper.save(stream)
    return stream.getvalue()


def _landscape(paper: Paper) -> None:
    page = paper.sections[0]
    page.orientation = WD_ORIENT.LANDSCAPE
    page.page_width, page.page_height = page.page_height, page.page_width


def _heading(paper: Paper, plan: Plan, moves: Moves) -> None:
    signed = moves.day(*plan.approval["date"]).strftime("%d.%m.%Y")
    document, number = plan.approval["document"], plan.approval["number"]
    for line in ("ЗАТВЕРДЖЕНО", document, f"{signed} № {number}"):
        paper.add_paragraph(line).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    title = paper.add_paragraph(plan.heading(moves))
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.runs[0].bold = True


def _table(paper: Paper, header: tuple[str, ...]) -> Table:
    table = paper.add_table(rows=1, cols=len(header))
    table.style = "Table Grid"
    _fill(list(table.rows[0].cells), header)
    return table


def _fill(cells: list[Cell], texts: tuple[str, ...]) -> None:
    for cell, text in zip(cells, texts, strict=True):
        cell.text = text


def _executors(cell: Cell, names: list[str]) -> None:
    cell.text = names[0]
    for name in names[1:]:
        cell.add_paragraph(name)


def _four_columns(paper: Paper, plan: Plan, moves: Moves) -> None:
    table = _table(paper, _FOUR)
    numbered = plan.tasks()
    for place, section in enumerate(plan.sections, 1):
        row = list(table.add_row().cells)
        row[0].merge(row[-1]).text = f"{place}. {section.title}"
        for _ in section.tasks:
            number, task = next(numbered)
            cells = list(table.add_row().cells)
            wording = moves.wording(task.deadline)
            _fill(cells[:3], (f"{number}. {task.title}", wording, task.indicator))
            _executors(cells[3], task.executors)


def _six_columns(paper: Paper, plan: Plan, moves: Moves) -> None:
    table = _table(paper, _SIX)
    numbered = plan.tasks()
    shown = ""
    top: Cell | None = None
    for section in plan.sections:
        first: Cell | None = None
        for _ in section.tasks:
            number, task = next(numbered)
            cells = list(table.add_row().cells)
            wording = moves.wording(task.deadline)
            _fill(cells[2:5], (f"{number}. {task.title}", wording, task.indicator))
            _executors(cells[5], task.executors)
            first = _merged(first, cells[1], section.title)
            if section.principle != shown:
                top = None
            top = _merged(top, cells[0], section.principle)
            shown = section.principle


def _merged(above: Cell | None, cell: Cell, text: str) -> Cell:
    """A cell that goes on below, printed once."""
    if above is None:
        cell.text = text
        return cell
    return above.merge(cell)
