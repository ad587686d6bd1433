"""From classified rows to tasks: values joined, carried down and read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from .columns import Role
from .deadline import Reading, Term, read_deadline
from .draft import Doubt, RowNote, TaskDraft
from .executors import split_executors
from .layout import LABELS
from .meaning import meaning_of
from .pieces import cells, pieces
from .rows import Taken, is_roman, names_principle, names_section, section_title

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .grid import Origin
    from .layout import Layout, PlanRow

#: Below that confidence a person is asked to look.
_SURE: Final = 0.8
#: A deadline that ends so has its date on the next page.
_UNFINISHED: Final = re.compile(
    r"(?:^|\s)(?:з|із|до|від|по|за|на|і|та|у|в|не пізніше)$"
)
_TEXTS: Final = (Role.DEADLINE, Role.INDICATOR, Role.EXECUTOR)


@dataclass(slots=True)
class _Label:
    """A section or principle that tasks share; a page break may add to its text."""

    text: str = ""
    origin: Origin | None = None


@dataclass(slots=True)
class _Task:
    """A task while its rows are collected."""

    number: str
    title: list[str]
    row: PlanRow
    section: _Label
    principle: _Label
    pieces: dict[Role, list[tuple[str, ...]]]
    #: Deadlines of further rows that were joined, each read on its own.
    deadlines: list[list[tuple[str, ...]]]
    joined: list[PlanRow] = field(default_factory=list["PlanRow"])
    doubts: list[Doubt] = field(default_factory=list[Doubt])
    sources: dict[str, Origin] = field(default_factory=dict[str, "Origin"])

    @property
    def whole_title(self) -> str:
        """The pieces of its title joined with blanks."""
        return " ".join(piece for piece in self.title if piece)

    def text(self, role: Role) -> str:
        """All pieces of a column joined with blanks."""
        return " ".join(line for lines in self.pieces[role] for line in lines)


@dataclass(slots=True)
class Assembly:
    """Collects tasks from the rows of a layout.

    :param layout: the classified rows.
    :param term: validity of the plan.
    :param tick: called for each row; stops the reading when time is up.
    """

    layout: Layout
    term: Term
    tick: Callable[[], None]
    tasks: list[_Task] = field(default_factory=list[_Task])
    notes: list[RowNote] = field(default_factory=list[RowNote])
    doubts: list[Doubt] = field(default_factory=list[Doubt])
    _section: _Label = field(default_factory=_Label)
    _content: _Label = field(default_factory=_Label)
    _direction: _Label = field(default_factory=_Label)
    _principle: _Label = field(default_factory=_Label)
    _open: bool = False

    def run(self) -> tuple[TaskDraft, ...]:
        """The tasks in printed order."""
        for row in self.layout.rows:
            self.tick()
            taken = self._take(row)
            index = None
            if taken in (Taken.TASK, Taken.CONTINUATION, Taken.DEADLINE):
                index = len(self.tasks) - 1 if self.tasks else None
            if row.block.text:
                note = RowNote(row.block.origin, taken.value, row.block.text, index)
                self.notes.append(note)
        self._doubt_repeated_numbers()
        return tuple(self._finish(task) for task in self.tasks)

    def _take(self, row: PlanRow) -> Taken:
        if row.taken is Taken.SECTION:
            self._take_section(row)
            return Taken.SECTION
        if row.taken is Taken.OUTSIDE and not row.sure:
            self._leave_out(row)
            return Taken.OUTSIDE
        if row.taken not in (Taken.TASK, Taken.CONTINUATION, Taken.DEADLINE):
            return row.taken
        self._take_labels(row)
        if not any(row.lines(role) for role in (Role.NUMBER, Role.TASK, *_TEXTS)):
            return Taken.SECTION
        if row.taken is Taken.TASK:
            return self._take_task(row)
        if not self._open:
            self._leave_out(row)
            return Taken.OUTSIDE
        if row.taken is Taken.DEADLINE:
            return self._take_deadline(row)
        self._join(row)
        return Taken.CONTINUATION

    def _leave_out(self, row: PlanRow) -> None:
        text = row.block.text[:200]
        self.doubts.append(Doubt("text_unread", "tasks", {"text": text}))

    # sections and principles

    def _take_section(self, row: PlanRow) -> None:
        printed = row.block.text
        if any(map(row.lines, (Role.TASK, *_TEXTS))) and any(map(row.lines, LABELS)):
            # The principle stands beside the first heading under it.
            self._take_labels(row)
            printed = " ".join(map(row.text, (Role.NUMBER, Role.TASK, *_TEXTS))).strip()
        if is_roman(numeral := row.text(Role.NUMBER)) and printed.startswith(numeral):
            printed = f"{numeral.rstrip(' .')}. {printed[len(numeral) :].strip()}"
        text = section_title(printed)
        label = _Label(text, row.block.origin)
        if names_principle(printed):
            self._principle = label
            self._section, self._content = _Label(), _Label()
        else:
            self._section = label
        if not row.sure:
            params = {"text": text[:200]}
            self.doubts.append(Doubt("section_uncertain", "tasks", params))
        self._open = False

    def _take_labels(self, row: PlanRow) -> None:
        """Carry principle, its content and the direction down to later rows."""
        before = self._principle
        self._principle = self._carried(row, Role.PRINCIPLE, before)
        if self._principle is not before:
            self._section = _Label()
            if not row.lines(Role.CONTENT):
                self._content = _Label()
            if not row.lines(Role.DIRECTION):
                self._direction = _Label()
        self._content = self._carried(row, Role.CONTENT, self._content)
        self._direction = self._carried(row, Role.DIRECTION, self._direction)

    @staticmethod
    def _carried(row: PlanRow, role: Role, current: _Label) -> _Label:
        text = section_title(row.text(role))
        if not text or text == current.text:
            return current
        fresh = text[0].isdigit() or names_section(text) or names_principle(text)
        broken = text[0].islower() or (row.taken is Taken.CONTINUATION and not fresh)
        if current.text and broken:
            current.text = f"{current.text} {text}"
            return current
        return _Label(text, row.block.origin)

    def _place(self) -> _Label:
        labels = (self._direction, self._section, self._content, self._principle)
        return next((label for label in labels if label.text), self._section)

    # tasks

    def _take_task(self, row: PlanRow) -> Taken:
        last = self.tasks[-1] if self.tasks and self._open else None
        if last is not None:
            again = (row.number.number, [row.number.text]) == (last.number, last.title)
            if again and row.lines(Role.DEADLINE):
                return self._take_deadline(row)
            if not row.number.number and self._goes_on(last, row):
                return self._take_tail(last, row)
        task = self._new(row, row.number.number, [row.number.text])
        if row.number.printed:
            params = {"number": row.number.number, "printed": row.number.printed}
            task.doubts.append(Doubt("number_corrected", "number", params))
        if self.layout.numbered and not row.number.number:
            task.doubts.append(Doubt("number_missing", "number"))
        self._open = True
        return Taken.TASK

    def _goes_on(self, last: _Task, row: PlanRow) -> bool:
        """Whether a row with a deadline begins with the tail of the title above."""
        small = row.number.text[:1].islower() and not last.title[0][:1].islower()
        return small or (self.layout.numbered and self._completes_deadline(last, row))

    def _take_tail(self, last: _Task, row: PlanRow) -> Taken:
        last.title.append(row.number.text)
        last.doubts.append(Doubt("continuation_uncertain", "title"))
        return self._take_deadline(row, title=False)

    def _new(self, row: PlanRow, number: str, title: list[str]) -> _Task:
        last = self.tasks[-1] if self.tasks else None
        task = _Task(
            number=number,
            title=title,
            row=row,
            section=self._place(),
            principle=self._principle,
            pieces={role: [row.lines(role)] for role in _TEXTS},
            deadlines=[],
        )
        for role in _TEXTS:
            if row.continued(role) and last is not None:
                task.pieces[role] = list(last.pieces[role])
                task.sources[role.value] = last.row.block.origin
                task.doubts.append(Doubt("value_carried", role.value))
        task.deadlines.append(list(task.pieces[Role.DEADLINE]))
        self.tasks.append(task)
        return task

    def _take_deadline(self, row: PlanRow, *, title: bool = True) -> Taken:
        """A row with a deadline only: cut by a page, or another deadline."""
        last = self.tasks[-1]
        if self._completes_deadline(last, row):
            self._join(row, title=title)
            return Taken.CONTINUATION
        executor = row.text(Role.EXECUTOR)
        if executor and executor.casefold() != last.text(Role.EXECUTOR).casefold():
            task = self._new(row, last.number, last.title)
            task.doubts.append(Doubt("deadline_row", "deadline"))
            return Taken.DEADLINE
        self._join(row, further=True)
        last.doubts.append(Doubt("deadlines_joined", "deadline"))
        return Taken.DEADLINE

    def _completes_deadline(self, last: _Task, row: PlanRow) -> bool:
        """Whether the deadline only makes sense together with the row above."""
        above = " ".join(" ".join(lines) for lines in last.deadlines[-1])
        here = row.text(Role.DEADLINE)
        if not above or not here:
            return False
        if above.rstrip()[-1:] in "-–—" or here.lstrip()[:1] in "-–—":
            return True
        if _UNFINISHED.search(above):
            return True
        if not read_deadline(f"{above} {here}", self.term).due:
            return False
        alone = read_deadline(above, self.term).due, read_deadline(here, self.term).due
        return not all(alone)

    def _join(self, row: PlanRow, *, further: bool = False, title: bool = True) -> None:
        last = self.tasks[-1]
        tail = row.number.text or row.text(Role.TASK)
        if tail and title and not further:
            last.title.append(tail)
        for role in _TEXTS:
            lines = row.lines(role)
            repeated = further and lines and lines in last.pieces[role]
            if lines and not (repeated and role is Role.EXECUTOR):
                last.pieces[role].append(lines)
        if further:
            last.deadlines.append([row.lines(Role.DEADLINE)])
        elif (
            row.lines(Role.DEADLINE)
            and last.deadlines[-1] is not (last.pieces[Role.DEADLINE])
        ):
            last.deadlines[-1].append(row.lines(Role.DEADLINE))
        last.joined.append(row)
        if not further:
            last.doubts.append(Doubt("rows_joined", "title"))

    def _doubt_repeated_numbers(self) -> None:
        seen: dict[tuple[int, str], _Task] = {}
        for task in self.tasks:
            key = (id(task.section), task.number)
            twin = seen.setdefault(key, task)
            if task.number and twin is not task and twin.title != task.title:
                task.doubts.append(Doubt("number_repeated", "number"))

    # reading the values

    def _finish(self, task: _Task) -> TaskDraft:
        self.tick()
        reading = self._reading(task)
        executors = split_executors(task.pieces[Role.EXECUTOR])
        indicator = task.text(Role.INDICATOR)
        meaning = meaning_of(
            task.whole_title, indicator, reading.due or "", executors.names
        )
        for label, name in ((task.section, "section"), (task.principle, "principle")):
            if label.origin is not None:
                task.sources[name] = label.origin
        self._doubt_values(task, reading, executors.names, executors.confidence)
        if meaning.second:
            params = {"text": meaning.second}
            task.doubts.append(Doubt("second_duty", "indicator", params))
        return TaskDraft(
            values={
                "number": task.number,
                "section": task.section.text,
                "principle": task.principle.text,
                "title": task.whole_title,
                "deadline": task.text(Role.DEADLINE),
                "due": reading.due or "",
                "indicator": indicator,
                **meaning.values,
            },
            executors=executors.names,
            origin=task.row.block.origin,
            cells=cells(task.row),
            joined=tuple(row.block.origin for row in task.joined),
            pieces=pieces((task.row, *task.joined)),
            sources=task.sources,
            confidence={
                "title": 0.85 if task.joined else 0.99,
                "due": reading.confidence,
                "executors": executors.confidence,
                **meaning.confidence,
            },
            doubts=_once(task.doubts),
            proposals=meaning.changes,
        )

    def _reading(self, task: _Task) -> Reading:
        """Read the deadlines of all rows; one that stays open leaves all open."""
        readings = [
            self._read_cell([line for lines in rows for line in lines])
            for rows in task.deadlines
        ]
        if len(readings) == 1:
            return readings[0]
        unresolved = next((r for r in readings if r.due is None), None)
        if unresolved is not None:
            return unresolved
        parts = [part for r in readings for part in (r.due or "").split("; ")]
        return Reading(
            "; ".join(dict.fromkeys(parts)),
            None,
            min(r.confidence for r in readings),
            " ".join(r.qualifier for r in readings if r.qualifier),
        )

    def _read_cell(self, lines: Sequence[str]) -> Reading:
        """Read a cell as a whole, and line by line when that fails."""
        self.tick()
        whole = read_deadline(" ".join(lines), self.term)
        if whole.due or not lines[1:]:
            return whole
        single: list[Reading] = []
        for line in lines:
            self.tick()
            single.append(read_deadline(line, self.term))
            if not single[-1].due:
                return whole
        parts = [part for r in single for part in (r.due or "").split("; ")]
        confidence = min(reading.confidence for reading in single)
        return Reading("; ".join(dict.fromkeys(parts)), None, confidence)

    def _doubt_values(
        self, task: _Task, reading: Reading, names: Sequence[str], sure: float
    ) -> None:
        if reading.reason:
            task.doubts.append(Doubt(reading.reason, "deadline"))
        elif reading.qualifier:
            params = {"text": reading.qualifier}
            task.doubts.append(Doubt("deadline_qualified", "deadline", params))
        if self.layout.columns.has(Role.EXECUTOR):
            if not names:
                task.doubts.append(Doubt("executor_missing", "executors"))
            elif sure < _SURE:
                task.doubts.append(Doubt("executor_uncertain", "executors"))


def _once(doubts: Sequence[Doubt]) -> tuple[Doubt, ...]:
    seen = {(d.code, d.field, tuple(d.params.items())): d for d in doubts}
    return tuple(seen.values())
