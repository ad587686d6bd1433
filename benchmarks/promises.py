"""How many promises a plan makes, and how many forms a year it costs to keep them.

    python benchmarks/promises.py FILE-OR-FOLDER ... [--participants 20]

Needs no portal: it reads the documents as the import does and derives as saving does.
Names of single units and people are given to participants one by one; a class ("all
departments", "municipal enterprises") stands for all of them. Three ways of counting:

naive   every task from every participant in every quarter, as a spreadsheet would
before  the printed deadlines, each executor for itself, every continuous task by hand
after   jointly or by each, standing, measured and activity as the reader proposes them

A form is what a person has to fill in: one for a dated or recurring obligation (the lead
fills in a joint one), one in all for what stands, none for what is measured while the
measure holds, and one a quarter for all activities of a publisher together.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ckanext.actionplan import reader
from ckanext.actionplan.core.obligation import Kind, Obligation, derive
from ckanext.actionplan.core.period import periods
from ckanext.actionplan.core.plan import (
    Continuity,
    Executor,
    Performed,
    Plan,
    Task,
    Who,
)
from ckanext.actionplan.reader.meaning import propose_performed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

LIMIT: Final = 10_000_000
OWNER: Final = "council"
ENDINGS: Final = (".docx", ".txt")


class NoTermError(ValueError):
    """A document prints no term, so nothing can be counted a year."""


@dataclass(frozen=True, slots=True)
class Burden:
    """What a way of counting asks for.

    :param obligations: over the whole term.
    :param unresolved: how many of them wait for a date.
    :param forms: over the whole term.
    :param most: forms of the participant that has most of them.
    """

    obligations: int
    unresolved: int
    forms: int
    most: int


def plan_of(data: bytes, filename: str, participants: Sequence[str]) -> Plan:
    """The plan of a document with its names given to participants.

    :raises ReaderError: when it cannot be read.
    """
    draft = reader.read(data, filename).as_dict()
    start, end, approved = (
        date.fromisoformat(draft[name]) if draft[name] else None
        for name in ("period_start", "period_end", "approval_date")
    )
    known = [day for day in (start, approved) if day]
    in_force = max(known) if known else None
    return Plan(
        id=filename,
        owner=OWNER,
        start=start or in_force,
        end=end,
        in_force_from=in_force,
        tracked_from=in_force,
        participants=tuple(participants),
        executors=tuple(_executors(draft["executors"], participants)),
        tasks=tuple(_task(number, row) for number, row in enumerate(draft["tasks"])),
    )


def _executors(
    rows: Iterable[dict[str, Any]], participants: Sequence[str]
) -> Iterator[Executor]:
    single = 0
    for row in rows:
        name = row["name"]
        if propose_performed([name], "").value == Performed.EACH.value:
            yield Executor(name, Who.ALL)
        else:
            chosen = participants[single % len(participants)]
            yield Executor(name, Who.PARTICIPANTS, (chosen,))
            single += 1


def _task(number: int, row: dict[str, Any]) -> Task:
    continuity = row.get("continuity")
    return Task(
        id=str(number),
        due=row["due"],
        executors=tuple(row["executors"]),
        performed=Performed(row["performed"]),
        continuity=Continuity(continuity) if continuity else None,
    )


def naive(plan: Plan) -> Burden:
    """Every task from every participant in every quarter."""
    quarters = len(list(periods(*_term(plan), months=3)))
    each = len(plan.tasks) * quarters
    total = each * len(plan.participants)
    return Burden(total, 0, total, each)


def before(plan: Plan) -> Burden:
    """The rules on what is printed, with nothing said about how it is performed."""
    tasks = (
        replace(task, performed=Performed.EACH, continuity=None) for task in plan.tasks
    )
    return after(replace(plan, tasks=tuple(tasks)))


def after(plan: Plan) -> Burden:
    """The rules on the plan as it is."""
    kinds = {task.id: task.continuity for task in plan.tasks}
    obligations = list(derive(plan, _term(plan)[0], LIMIT))
    forms: set[tuple[str, str]] = set()
    for obligation in obligations:
        form = _form(obligation, kinds[obligation.task])
        if form:
            forms.add((obligation.organization, form))
    by_organization = [organization for organization, _ in forms]
    return Burden(
        obligations=len(obligations),
        unresolved=sum(o.occurrence.kind is Kind.UNRESOLVED for o in obligations),
        forms=len(forms),
        most=max(map(by_organization.count, set(by_organization)), default=0),
    )


def _form(obligation: Obligation, continuity: Continuity | None) -> str:
    """Which form an obligation is reported on, empty for none."""
    kind = obligation.occurrence.kind
    if obligation.before_tracking or kind is Kind.UNRESOLVED:
        return ""
    if kind is not Kind.CONFIRMATION or continuity in (None, Continuity.STANDING):
        return obligation.id
    if continuity is Continuity.MEASURED:
        return ""
    return f"activities of {obligation.occurrence.name}"


def _term(plan: Plan) -> tuple[date, date]:
    if plan.start is None or plan.end is None:
        raise NoTermError(plan.id)
    return plan.start, plan.end


def _row(plan: Plan) -> str:
    start, end = _term(plan)
    years = len(list(periods(start, end, months=12)))
    cells: list[object] = [plan.id, len(plan.tasks), years]
    for burden in (naive(plan), before(plan), after(plan)):
        cells += [burden.obligations, round(burden.forms / years)]
    last = after(plan)
    cells += [round(last.most / years), last.unresolved]
    return "| " + " | ".join(map(str, cells)) + " |"


def _documents(given: Iterable[Path]) -> Iterator[Path]:
    for path in given:
        if path.is_dir():
            yield from sorted(p for p in path.iterdir() if p.suffix in ENDINGS)
        else:
            yield path


def main() -> None:
    """Print one row for each document."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--participants", type=int, default=20)
    options = parser.parse_args()
    participants = [f"p{number}" for number in range(options.participants)]
    print(
        "| document | tasks | years | naive | forms a year | before | forms a year "
        "| after | forms a year | most of one publisher | unresolved |"
    )
    print("|---|" + "---:|" * 10)
    for path in _documents(options.paths):
        try:
            row = _row(plan_of(path.read_bytes(), path.name, participants))
        except reader.ReaderError as error:
            row = f"| {path.name} | not read: {error.code} |"
        except NoTermError:
            row = f"| {path.name} | no term |"
        print(row)


if __name__ == "__main__":
    main()
