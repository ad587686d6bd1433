"""Which section tasks stand in, when a heading is found or was none. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .corrected import Corrected


def heading_of(task: Mapping[str, Any]) -> str:
    """The text of a row as a heading, with its number."""
    number, title = task["number"], task["title"]
    return f"{number}. {title}" if number and title else number or title


def start_section(out: Corrected, at: int, title: str) -> None:
    """Put the tasks from a place on into a section, till the next one begins.

    :param at: index of the first task after the heading.
    """
    if at < len(out.tasks):
        _rename(out, at, out.tasks[at]["section"], title)


def end_section(out: Corrected, at: int, title: str, before: str) -> None:
    """Give the tasks under a heading that is none back to the section before it.

    :param at: index of the first task after it.
    """
    _rename(out, at, title, before)


def _rename(out: Corrected, at: int, old: str, new: str) -> None:
    for task in out.tasks[at:]:
        row = out.review["tasks"].get(task["key"], {})
        if task["section"] != old or row.get("section"):
            return
        task["section"] = new
