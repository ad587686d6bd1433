"""The form of our own exports: which fields a plan has, and what may stand in them.

The whole plan is one record of JSON. A JSON export is that record, a DOCX carries it
beside the paper, XLSX and CSV spread it over tables. Whoever writes or reads one of
them goes through this module, so what comes from a stranger is checked in one place.
"""

from __future__ import annotations

import hashlib
import json
import re
from datetime import date
from typing import TYPE_CHECKING, Any, Final, TypedDict, cast

from .errors import ReaderError
from .grid import squeeze

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


#: What a record calls itself, and the newest form that is understood.
FORMAT: Final = "ckanext-actionplan/plan"
VERSION: Final = 1

#: Fields of a plan in the order of the form (decision 9).
PLAN_TEXTS: Final = (
    "title",
    "notes",
    "approval_document",
    "approval_number",
    "approval_date",
    "approval_signatory",
    "approval_url",
    "period_start",
    "period_end",
    "in_force_from",
    "in_force_until",
    "tracked_from",
)
PLAN_DAYS: Final = frozenset(
    (
        "approval_date",
        "period_start",
        "period_end",
        "in_force_from",
        "in_force_until",
        "tracked_from",
    )
)
#: What names an organization, or another plan.
PLAN_NAMED: Final = ("owner_org", "reviewing_organization", "replaces")
TASK_TEXTS: Final = (
    "id",
    "number",
    "section",
    "principle",
    "topic",
    "title",
    "deadline",
    "due",
    "indicator",
    "performed",
    "continuity",
    "measure",
    "target",
    "withdrawn_by",
    "note",
)
AMENDMENT_TEXTS: Final = ("document", "number", "date", "url", "note")
_ID: Final = re.compile(r"[0-9A-Za-z_-]{1,100}")
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
#: Title, name and id in one cell; neither of the last two holds a blank.
_IN_CELL: Final = re.compile(r"(.*) \| ([0-9a-z_-]*) \| ([0-9A-Za-z_-]*)", re.S)
#: How a CSV of ours begins, also when a spreadsheet has saved it.
_CSV: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?\"?" + re.escape(FORMAT.encode()) + rb"\"?[,;\t|]"
)
_BLANK_NOT_IN_XML: Final = re.compile("[\x0b\x0c\x1c-\x1f]")
_NOT_IN_XML: Final = re.compile("[\x00-\x08\x0e-\x1b\ufffe\uffff\ud800-\udfff]")
_NO_LETTERS: Final = re.compile("[\x00\ud800-\udfff]")


class Named(TypedDict):
    """An organization or plan as every portal can look for it."""

    id: str
    name: str
    title: str


class OwnError(ReaderError):
    """A record is not what it calls itself; the place is in `params`."""


def is_own_csv(data: bytes) -> bool:
    """Whether a file is a plan that was exported as CSV."""
    return bool(_CSV.match(data))


def named_text(named: Named | None) -> str:
    """An organization as the text of one cell, empty for none."""
    if named is None:
        return ""
    return f"{named['title']} | {named['name']} | {named['id']}"


def named_of(text: str) -> Named | None:
    """The organization that a cell names, however a person typed it."""
    found = _IN_CELL.fullmatch(text)
    if found:
        return Named(title=found[1], name=found[2], id=found[3])
    typed = text.strip()
    return Named(id="", name="", title=typed) if typed else None


def texts_text(texts: Iterable[str]) -> str:
    """Several texts as the text of one cell: one on a line, else as JSON."""
    listed = list(texts)
    simple = all(
        text and text == text.strip() and len(text.splitlines()) == 1 for text in listed
    )
    if simple and not any(text.startswith("[") for text in listed[:1]):
        return "\n".join(listed)
    return json.dumps(listed, ensure_ascii=False)


def texts_of(text: str) -> list[str]:
    """The texts of one cell; undoes `texts_text` and takes what people type."""
    if text.lstrip().startswith("["):
        try:
            found: Any = json.loads(text)
        except (ValueError, RecursionError):
            found = None
        if isinstance(found, list) and all(isinstance(e, str) for e in found):  # pyright: ignore[reportUnknownVariableType]
            return cast("list[str]", found)
    return [line.strip() for line in text.splitlines() if line.strip()]


def printable(text: str) -> str:
    """The text as XML can hold it, its lines ending as everywhere."""
    plain = _NOT_IN_XML.sub("", _BLANK_NOT_IN_XML.sub(" ", text))
    return plain.replace("\r\n", "\n").replace("\r", "\n")


def letters(text: str) -> str:
    """The text without what no database takes: zero signs and halves of letters."""
    return _NO_LETTERS.sub("", text)


def digest(text: str) -> str:
    """A short sign of a text as people see it, by which a change is noticed."""
    return hashlib.sha256(squeeze(printable(text)).encode()).hexdigest()[:8]


def seal(deadline: str, due: str) -> str:
    """The sign of a wording and its reading."""
    return digest(deadline) + digest(due)


def mark_of(task_id: str) -> str:
    """The name of the Word bookmark of a task: 40 letters at most, no hyphens."""
    plain = task_id.replace("-", "")
    if re.fullmatch(r"[0-9a-f]{32}", plain):
        return f"task_{plain}"
    return f"task_x{hashlib.sha256(task_id.encode()).hexdigest()[:31]}"


def record(plan: Mapping[str, Any]) -> dict[str, Any]:
    """A plan with what says whose form it is."""
    return {"format": FORMAT, "version": VERSION, "plan": plan}


def is_id(text: str) -> bool:
    """Whether a text can be the id of a plan or task."""
    return bool(_ID.fullmatch(text))


def day_of(text: str) -> str:
    """A day in normal form when a text is one, else nothing."""
    try:
        return text if _DAY.fullmatch(text) and date.fromisoformat(text) else ""
    except ValueError:
        return ""
