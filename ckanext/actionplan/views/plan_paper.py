"""A plan as DOCX in the usual form of councils, ready to be signed.

The paper is in Ukrainian on every portal: it is an act, not a page.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from ..logic.plan_record import approval_lines, title_lines
from ..reader.own import mark_of, printable
from ..reader.own_docx import annex_of
from ..reader.own_paper import printed_cells, printed_section
from . import paper

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: Headings of the columns as councils print them, and how wide they are.
HEADER: Final = (
    "Завдання",
    "Строк виконання",
    "Ключові показники виконання",
    "Виконавець",
)
_WIDTHS: Final = (9.0, 4.0, 6.0, 6.0)
#: Where nobody is named, what belongs there.
_SIGNATURE: Final = ("(посада)", "(власне ім’я та прізвище)")
_NAME: Final = re.compile(
    r"(?:[А-ЯІЇЄҐ][\w'’ʼ-]*|[А-ЯІЇЄҐ]\.\s?(?:[А-ЯІЇЄҐ]\.)?)\s+[А-ЯІЇЄҐ][\w'’ʼ-]+$"
)


def docx_file(plan: Mapping[str, Any]) -> bytes:
    """A plan as DOCX: approval, title, table and signature, with its data inside.

    :param plan: the record of `plan_record.plan_of`
    """
    above = [printable(line) for line in approval_lines(plan)]
    title = [printable(line) for line in title_lines(plan)]
    signatory = printable(plan["approval_signatory"]).strip()
    owner = plan["owner_org"]
    return paper.document(
        title=title,
        approval=above,
        header=HEADER,
        widths=_WIDTHS,
        sections=list(_sections(plan)),
        signature=[_signature(signatory)],
        subject=printable(owner["title"] if owner else ""),
        annex=annex_of(plan, [*above, *title], " ".join(_signature(signatory))),
    )


def _sections(plan: Mapping[str, Any]) -> Iterator[paper.Section]:
    marks: set[str] = set()
    for section, tasks in groupby(plan["tasks"], key=printed_section):
        rows: list[paper.Row] = []
        for task in tasks:
            mark = mark_of(task["id"]) if task["id"] else ""
            # A name stands once in a paper, whatever ids a plan has.
            rows.append(paper.Row(printed_cells(task), "" if mark in marks else mark))
            marks.add(mark)
        yield paper.Section(section, rows)


def _signature(signatory: str) -> tuple[str, str]:
    """Post and name of who signs."""
    text = " ".join(signatory.split())
    if not text:
        return _SIGNATURE
    name = _NAME.search(text)
    if name is None:
        return text, ""
    return text[: name.start()].strip(), name[0]
