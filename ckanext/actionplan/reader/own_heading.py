"""What a person changed in the lines above the tasks of an exported plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .grid import squeeze
from .heading import Line, read_heading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .heading import Heading


def amend(plan: dict[str, Any], printed: Sequence[str], now: Sequence[str]) -> None:
    """Take what was changed in title and approval into the plan.

    Both states are read; what reads differently was changed.

    :param plan: changed in place.
    :param printed: the lines as they were exported; the first of the title first.
    :param now: the lines as they stand there now.
    """
    before, after = _lines(printed), _lines(now)
    if not before or before == after:
        return
    then, changed = _values(read_heading(before)), _values(read_heading(after))
    for name, value in changed.items():
        # What the paper never said is not corrected by it.
        if value and value != then[name] and _same(plan[name], then[name]):
            plan[name] = value
    title = squeeze(plan["title"])
    if title and title in {line.text for line in before}:
        _take_title(plan, before, after)


def fill(plan: dict[str, Any], now: Sequence[str]) -> None:
    """Take title and approval from the lines above the tasks, where nothing else is.

    :param plan: changed in place.
    :param now: the lines as they stand there.
    """
    for name, value in _values(read_heading(_lines(now))).items():
        plan[name] = plan[name] or value


def amend_signatory(plan: dict[str, Any], printed: str, below: Sequence[str]) -> None:
    """Take another name under the table into the plan, when it is the only one.

    :param plan: changed in place.
    :param printed: who signs, as exported; empty when nobody was named.
    :param below: the lines under the table.
    """
    filled = [text for text in map(_signed, below) if text]
    if printed and len(filled) == 1 and filled[0] != _signed(printed):
        plan["approval_signatory"] = filled[0]


def _signed(text: str) -> str:
    """A line of signature without the line that is drawn to sign on."""
    return squeeze(text.replace("_", " "))


def _take_title(
    plan: dict[str, Any], before: Sequence[Line], after: Sequence[Line]
) -> None:
    """A title that calls itself no plan is known by its neighbours only."""
    old, new = {line.text for line in before}, {line.text for line in after}
    if squeeze(plan["title"]) in new:
        return
    fresh = [line.text for line in after if line.text not in old]
    if len(fresh) == 1 and len(old - new) == 1:
        plan["title"] = fresh[0]


def _same(value: str, read: str) -> bool:
    return not value or squeeze(value) == read


def _lines(texts: Sequence[str]) -> list[Line]:
    lines = (squeeze(line) for text in texts for line in text.splitlines())
    return [Line(line) for line in lines if line]


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
