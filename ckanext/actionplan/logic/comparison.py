"""What an amended edition changes in a plan: pure, nothing is read or saved here."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ..core.plan import TASK_TEXTS, Performed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

#: Fields of a task in the order in which their changes are shown.
TASK_FIELDS: Final = (
    "number",
    "section",
    "title",
    "deadline",
    "due",
    "indicator",
    "executors",
    *(
        name
        for name in TASK_TEXTS
        if name not in ("number", "section", "title", "deadline", "due", "indicator")
    ),
    "withdrawn_by",
)
#: Fields of the plan that a document or a person may change.
PLAN_FIELDS: Final = (
    "title",
    "period_start",
    "period_end",
    "approval_document",
    "approval_number",
    "approval_date",
    "approval_signatory",
    "approval_url",
    "in_force_from",
    "in_force_until",
    "tracked_from",
    "reviewing_organization",
    "replaces",
    "notes",
)
#: Between the names of executors, as one text.
JOINT: Final = "; "
#: Texts with less in common are shown whole: single words would only confuse.
_LEAST_COMMON: Final = 0.35
#: Dates and words with a hyphen or an apostrophe are one piece.
_PIECES: Final = re.compile(r"\s+|\w+(?:[.\-’']\w+)*|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text, and whether the other text lacks it."""

    text: str
    differs: bool


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field with two values.

    :param field: its name.
    :param before: the stored value as text.
    :param after: the value of the document.
    """

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the comparison.

    :param row: the row of the document, None when it has none.
    :param stored: the task of the plan, None when it is new.
    :param changes: what differs, of a task that stays.
    """

    row: Mapping[str, Any] | None
    stored: Mapping[str, Any] | None
    changes: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """An amended edition beside the plan that it amends.

    :param added: rows that are new tasks.
    :param changed: tasks that stay and differ.
    :param same: tasks that stay as they are.
    :param withdrawn: tasks that the document has no more.
    :param gone: tasks that were withdrawn before and are not in the document.
    :param plan: changed fields of the plan itself.
    :param moved: whether tasks that stay stand in another order.
    """

    added: tuple[Entry, ...]
    changed: tuple[Entry, ...]
    same: tuple[Entry, ...]
    withdrawn: tuple[Entry, ...]
    gone: tuple[Entry, ...]
    plan: tuple[FieldChange, ...]
    moved: bool

    @property
    def empty(self) -> bool:
        """Whether the document says what the plan says."""
        return not (
            self.added or self.changed or self.withdrawn or self.plan or self.moved
        )

    @property
    def protected(self) -> tuple[Entry, ...]:
        """Changes that only an act may make in a plan in force (decision 13)."""
        reworded = (
            entry
            for entry in self.changed
            if any(change.field == "deadline" for change in entry.changes)
        )
        return (*self.added, *self.withdrawn, *reworded)


def compare(
    rows: Sequence[Mapping[str, Any]],
    plan: Mapping[str, Any],
    data: Mapping[str, Any],
) -> Comparison:
    """Compare an edition with the plan.

    :param rows: of the document, in its order; `id` is that of the task they stay.
    :param plan: as `package_show` gives it.
    :param data: fields of the plan as the document, or a person, has them.
    """
    stored: dict[str, Mapping[str, Any]] = {
        task["id"]: task for task in plan.get("tasks") or ()
    }
    entries = [_entry(row, stored.get(row.get("id") or "")) for row in rows]
    stay = [entry.stored["id"] for entry in entries if entry.stored is not None]
    left = [Entry(None, task) for name, task in stored.items() if name not in set(stay)]
    return Comparison(
        added=tuple(entry for entry in entries if entry.stored is None),
        changed=tuple(entry for entry in entries if entry.stored and entry.changes),
        same=tuple(entry for entry in entries if entry.stored and not entry.changes),
        withdrawn=tuple(each for each in left if not _withdrawn(each)),
        gone=tuple(each for each in left if _withdrawn(each)),
        plan=(*_plan_changes(plan, data), *_lists(plan, data)),
        moved=stay != [name for name in stored if name in set(stay)],
    )


def _withdrawn(entry: Entry) -> bool:
    return bool(entry.stored and entry.stored.get("withdrawn_by"))


def _entry(row: Mapping[str, Any], stored: Mapping[str, Any] | None) -> Entry:
    if stored is None:
        return Entry(row, None)
    found = (
        FieldChange(name, value(stored, name), value(row, name))
        for name in TASK_FIELDS
        if name in row
    )
    changes = (each for each in found if not same(each.before, each.after))
    return Entry(row, stored, tuple(changes))


def value(task: Mapping[str, Any], name: str) -> str:
    """A field of a task as one text.

    :param task: a row of the document or a task of the plan.
    """
    if name == "executors":
        return JOINT.join(task.get(name) or ())
    text = str(task.get(name) or "").strip()
    return text or (Performed.JOINTLY.value if name == "performed" else "")


def same(one: str, other: str) -> bool:
    """Whether texts are equal but for the spaces between words."""
    return one.split() == other.split()


def _plan_changes(
    plan: Mapping[str, Any], data: Mapping[str, Any]
) -> Iterator[FieldChange]:
    for name in PLAN_FIELDS:
        if name in data:
            before, after = (str(each.get(name) or "") for each in (plan, data))
            if not same(before, after):
                yield FieldChange(name, before, after)


def _lists(plan: Mapping[str, Any], data: Mapping[str, Any]) -> Iterator[FieldChange]:
    """Participants that came and went, and whom names of executors stand for."""
    name = "participants"
    if name in data:
        yield from _came_and_went(name, plan.get(name) or (), data[name])
    name = "executors"
    if name in data:
        stay = {row["name"] for row in data[name]}
        # Names that no task has any more are told by their tasks.
        before = [row for row in plan.get(name) or () if row["name"] in stay]
        yield from _came_and_went(name, map(mapping, before), map(mapping, data[name]))


def _came_and_went(
    name: str, before: Iterable[str], after: Iterable[str]
) -> Iterator[FieldChange]:
    stood, stand = list(before), list(after)
    lost = [each for each in stood if each not in stand]
    came = [each for each in stand if each not in stood]
    if lost or came:
        yield FieldChange(name, "\n".join(lost), "\n".join(came))


def mapping(executor: Mapping[str, Any]) -> str:
    """An executor and whom it stands for, as one text of name, kind and ids."""
    ids = sorted(executor.get("organizations") or ())
    return "\t".join([executor["name"], executor.get("who") or "", *ids])


def pieces(before: str, after: str) -> tuple[list[Piece], list[Piece]]:
    """Two texts in pieces, those that differ marked.

    :returns: pieces of the former text and of the latter.
    """
    one, other = _PIECES.findall(before), _PIECES.findall(after)
    matcher = difflib.SequenceMatcher(None, one, other, autojunk=False)
    if not before or not after or matcher.ratio() < _LEAST_COMMON:
        return _whole(before), _whole(after)
    sides: tuple[list[Piece], list[Piece]] = ([], [])
    for kind, start, end, to_start, to_end in matcher.get_opcodes():
        for side, tokens in zip(
            sides, (one[start:end], other[to_start:to_end]), strict=True
        ):
            if tokens:
                side.append(Piece("".join(tokens), kind != "equal"))
    return sides


def _whole(text: str) -> list[Piece]:
    return [Piece(text, differs=True)] if text else []
