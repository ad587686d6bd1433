"""Plans of invented councils, built with python-docx as an office program would."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import Any

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from ckanext.actionplan import reader

TITLE = (
    "ПЛАН ДІЙ",
    "з розвитку відкритих даних у Джерельненській міській раді",
    "на 2025–2026 роки",
)
HEADER = ("Завдання", "Строк виконання", "Показник", "Виконавець")


@dataclass
class Plan:
    """A document under construction."""

    document: Any = field(default_factory=docx.Document)

    def lines(self, *texts: str) -> Plan:
        for text in texts:
            self.document.add_paragraph(text)
        return self

    def heading(self, text: str, level: int = 2) -> Plan:
        self.document.add_heading(text, level)
        return self

    def table(self, *rows: tuple[str | None, ...]) -> Any:
        """None is the lower part of a cell merged with the one above."""
        width = max(len(row) for row in rows)
        table = self.document.add_table(rows=len(rows), cols=width)
        for at, row in enumerate(rows):
            if len(row) == 1:
                merged = table.cell(at, 0).merge(table.cell(at, width - 1))
                fill(merged, row[0] or "")
                continue
            for column, text in enumerate(row):
                if text is not None:
                    fill(table.cell(at, column), text)
                    below = at + 1
                    while below < len(rows) and (
                        len(rows[below]) == width and rows[below][column] is None
                    ):
                        table.cell(at, column).merge(table.cell(below, column))
                        below += 1
        self.document.add_paragraph("")
        return table

    @property
    def data(self) -> bytes:
        stream = io.BytesIO()
        self.document.save(stream)
        return stream.getvalue()

    def read(self) -> dict[str, Any]:
        return reader.read(self.data).as_dict()


def fill(cell: Any, text: str) -> None:
    """Lines of the text become paragraphs of the cell."""
    first, *rest = text.split("\n")
    cell.paragraphs[0].text = first
    for line in rest:
        cell.add_paragraph(line)


def number(paragraph: Any, level: int, num_id: int) -> None:
    """Give a paragraph a place in an automatic list."""
    properties = paragraph._p.get_or_add_pPr()
    num = OxmlElement("w:numPr")
    for tag, value in (("w:ilvl", level), ("w:numId", num_id)):
        element = OxmlElement(tag)
        element.set(qn("w:val"), str(value))
        num.append(element)
    properties.append(num)


def list_definition(document: Any, *levels: tuple[str, str]) -> int:
    """Add a list with levels of (format, text); returns its number."""
    root = document.part.numbering_part.element
    abstract = OxmlElement("w:abstractNum")
    abstract.set(qn("w:abstractNumId"), "77")
    for index, (form, text) in enumerate(levels):
        level = OxmlElement("w:lvl")
        level.set(qn("w:ilvl"), str(index))
        for tag, value in (("start", "1"), ("numFmt", form), ("lvlText", text)):
            element = OxmlElement(f"w:{tag}")
            element.set(qn("w:val"), value)
            level.append(element)
        abstract.append(level)
    root.insert(0, abstract)
    num = OxmlElement("w:num")
    num.set(qn("w:numId"), "77")
    reference = OxmlElement("w:abstractNumId")
    reference.set(qn("w:val"), "77")
    num.append(reference)
    root.append(num)
    return 77


@pytest.fixture
def plan() -> Plan:
    """An empty document."""
    return Plan()


@pytest.fixture
def titled() -> Plan:
    """A document with the title of a plan."""
    return Plan().lines(*TITLE)


@pytest.fixture
def header() -> tuple[str, ...]:
    """The usual four columns."""
    return HEADER


@pytest.fixture
def numbered() -> Any:
    """Puts a paragraph into an automatic list."""
    return number


@pytest.fixture
def define_list() -> Any:
    """Adds a list definition to a document."""
    return list_definition
