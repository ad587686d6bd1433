"""What was done of a plan in a period: the data of the report on its execution."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.model.group import group_table
from ckan.model.package import package_table

from .. import clock
from ..core import execution
from ..core.period import YEAR, Period, PeriodError
from ..core.status import ReportState, Status
from ..model import ObligationRow, Party, PlanRow, PortalDate, Report, TaskRow
from ..model import status as states
from ..model.members import among
from . import execution_words, fields, obligations
from .derive import DATASET_TYPE
from .viewer import Viewer

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from ckan.types import Context

    from ..core.execution import Term

_TASK: Final = ("number", "section", "title", "deadline", "indicator", "executors")
_REPORT: Final = ("state", "done_on", "note", "link", "comment", "changed_at")
_PLAN: Final = (
    "id",
    "name",
    "title",
    "private",
    "approval_document",
    "approval_number",
    "approval_date",
    "approval_url",
)
#: States of reports after which nothing is left to do.
_SETTLED: Final = (
    ReportState.ACCEPTED.value,
    ReportState.SUBMITTED.value,
    ReportState.NOT_APPLICABLE.value,
)
_JUDGED: Final = (ReportState.ACCEPTED.value, ReportState.NOT_APPLICABLE.value)
#: States of obligations that are not counted as something to be done.
_ASIDE: Final = frozenset(
    (
        Status.WITHDRAWN.value,
        Status.NOT_APPLICABLE.value,
        Status.BEFORE_TRACKING.value,
        Status.UNRESOLVED.value,
    )
)


@dataclass(frozen=True, slots=True)
class Query:
    """What is reported on.

    :param plan: id or name of the plan.
    :param period: see `core.execution.term`; empty: the usual one.
    :param as_of: the day to judge by; None: the end of the reporting window.
    :param organization: id or name of the only publisher to report on; empty: all.
    """

    plan: str
    period: str = ""
    as_of: date | None = None
    organization: str = ""


def show(context: Context, query: Query) -> dict[str, Any]:
    """A report as the action `actionplan_execution_show` documents it.

    The number of statements does not depend on tasks, publishers or reports.

    :raises ckan.logic.NotFound: for no plan, or no such organization.
    :raises ckan.logic.ValidationError: for no period, or a day outside of it.
    """
    pkg = tk.get_action("package_show")(tk.fresh_context(context), {"id": query.plan})
    if pkg.get("type") != DATASET_TYPE:
        raise tk.ObjectNotFound(tk._("Plan not found"))
    viewer, today = Viewer.of(context), clock.today()
    organization = _organization(query.organization)
    start, end = _span(pkg, today)
    term = _term(query.period or execution.usual(start, end, today), start, end, today)
    as_of = _as_of(query.as_of, term, today)
    begun = term.start <= today
    found = _rows(viewer, pkg["id"], term, as_of, organization) if begun else []
    named = _titles({*_concerned(found), pkg["owner_org"]})
    printed = {row["id"]: row for row in pkg.get("tasks") or ()}
    owed = [_dictize(dict(row), viewer, named, as_of) for row in found]
    return {
        "plan": {name: pkg.get(name) for name in _PLAN},
        "owner": named.get(pkg["owner_org"]),
        "organization": organization,
        "organizations": _debtors(pkg["id"]),
        "period": term.name,
        "start": term.start.isoformat(),
        "end": term.end.isoformat(),
        "as_of": as_of.isoformat(),
        "begun": begun,
        "complete": term.end < today,
        "periods": execution.names(start, end, today),
        "sections": _sections(owed, printed, as_of, alone=organization is not None),
        "counts": _counts(owed),
        "newer": sum(row["newer"] for row in owed),
        "unaccepted": any(row["unaccepted"] and row["insider"] for row in owed),
    }


def _organization(name: str) -> dict[str, Any] | None:
    if not name:
        return None
    # No name holds a zero sign, and no database takes one.
    group = None if "\0" in name else model.Group.get(name)
    if group is None or not group.is_organization:
        raise tk.ObjectNotFound(tk._("Organization not found"))
    return {"id": group.id, "name": group.name, "title": group.title or group.name}


def _span(pkg: dict[str, Any], today: date) -> tuple[date, date | None]:
    """First and last day of a plan, as far as they are known."""
    first = ("period_start", "in_force_from", "approval_date", "tracked_from")
    starts = [day for name in first if (day := fields.day(pkg.get(name)))]
    last = ("period_end", "in_force_until")
    ends = [day for name in last if (day := fields.day(pkg.get(name)))]
    start = starts[0] if starts else Period.of(today, YEAR).start
    return start, min(ends) if ends else None


def _term(name: str, start: date, end: date | None, today: date) -> Term:
    try:
        return execution.term(name, start, end, today)
    except PeriodError as error:
        message = tk._("“{period}” is no quarter, half-year or year")
        problem = message.format(period=name)
        raise tk.ValidationError({"period": [problem]}) from error


def _as_of(wanted: date | None, term: Term, today: date) -> date:
    if wanted is None:
        return term.judged_on(today, obligations.window().grace_days)
    if wanted > today:
        raise tk.ValidationError({"as_of": [tk._("The day lies in the future")]})
    if wanted < term.start:
        message = tk._("The day lies before the period")
        raise tk.ValidationError({"as_of": [message]})
    return wanted


def _rows(
    viewer: Viewer,
    plan_id: str,
    term: Term,
    as_of: date,
    organization: Mapping[str, Any] | None,
) -> list[Any]:
    """Obligations that a report names, in the order of the plan; one statement."""
    window = obligations.window()
    moment = None
    if as_of < clock.today():
        zone = ZoneInfo(window.zone)
        moment = datetime.combine(as_of + timedelta(days=1), time(), zone)
    base = states.obligations(
        as_of, window, moment=moment, private_of=viewer.private_of, plan_id=plan_id
    )
    if organization:
        base = base.where(states.owed_by(organization["id"]))
    owed = base.subquery("owed")
    report = states.report_as_of(moment, plan_id)
    latest = Report.__table__.alias("latest")
    task, event, plan = TaskRow.__table__, PortalDate.__table__, PlanRow.__table__
    statement = (
        sa.select(
            owed,
            *(task.c[name] for name in _TASK),
            package_table.c.name.label("plan_name"),
            plan.c.reviewing_organization_id,
            obligations.parties(owed).label("parties"),
            event.c.title.label("event_title"),
            obligations.moved_by(owed).label("moved_by"),
            *(report.c[name].label(f"report_{name}") for name in _REPORT),
            _newer(latest.c, moment).label("newer"),
        )
        .select_from(
            owed.join(
                task,
                sa.and_(task.c.plan_id == owed.c.plan_id, task.c.id == owed.c.task_id),
            )
            .join(plan, plan.c.id == owed.c.plan_id)
            .join(package_table, package_table.c.id == owed.c.plan_id)
            .outerjoin(report, report.c.obligation_id == owed.c.id)
            .outerjoin(latest, latest.c.obligation_id == owed.c.id)
            .outerjoin(
                event, owed.c.occurrence == sa.literal(obligations.EVENT) + event.c.id
            )
        )
        .where(_reported(owed.c, report.c, term, window.zone))
        .order_by(
            task.c.removed,
            task.c.position,
            task.c.id,
            owed.c.due_on.nulls_last(),
            owed.c.occurrence,
            owed.c.id,
        )
    )
    return list(model.Session.execute(statement).mappings())


def _newer(latest: Any, moment: datetime | None) -> Any:
    """Whether a report went on after the moment by which it is judged."""
    if moment is None:
        return sa.false()
    went_on = sa.and_(
        latest.changed_at > moment, latest.state != ReportState.DRAFT.value
    )
    return sa.func.coalesce(went_on, sa.false())


def _reported(owed: Any, report: Any, term: Term, zone: str) -> Any:
    """The condition that a report on a term names an obligation.

    It names what was due in the term, what was left over from before it, what was
    done ahead of its day, and what has no day.
    """
    changed_on = sa.cast(sa.func.timezone(zone, report.changed_at), sa.Date)
    done_on = sa.func.coalesce(report.done_on, changed_on)
    settled = sa.func.coalesce(report.state.in_(_SETTLED), sa.false())
    before = sa.and_(settled, done_on < term.start)
    standing = sa.and_(owed.withdrawn.is_(False), owed.before_tracking.is_(False))
    ahead = sa.and_(settled, done_on.between(term.start, term.end))
    return sa.or_(
        owed.due_on.between(term.start, term.end),
        sa.and_(owed.due_on < term.start, standing, sa.not_(before)),
        sa.and_(owed.due_on > term.end, standing, ahead),
        sa.and_(owed.due_on.is_(None), standing, sa.not_(before)),
    )


def _concerned(rows: Iterable[Mapping[str, Any]]) -> set[str]:
    return {
        each
        for row in rows
        for each in (row["organization_id"], *(row["parties"] or ()))
        if each
    }


def _titles(ids: Collection[str]) -> dict[str, dict[str, Any]]:
    """Organizations by id, deleted ones too: a report keeps their names."""
    table = group_table.c
    rows = model.Session.execute(
        sa.select(table.id, table.name, table.title).where(among(table.id, list(ids)))
    )
    return {
        row.id: {"id": row.id, "name": row.name, "title": row.title or row.name}
        for row in rows
    }


def _debtors(plan_id: str) -> list[dict[str, Any]]:
    """Organizations that owe something by a plan, by title; one statement."""
    owed, party, table = ObligationRow.__table__.c, Party.__table__.c, group_table.c
    leads = sa.select(owed.organization_id).where(
        owed.plan_id == plan_id, owed.withdrawn.is_(False)
    )
    shared = (
        sa.select(party.organization_id)
        .join(ObligationRow.__table__, owed.id == party.obligation_id)
        .where(owed.plan_id == plan_id, owed.withdrawn.is_(False))
    )
    ids = sa.union(leads, shared).subquery("debtors")
    title = sa.func.coalesce(sa.func.nullif(table.title, ""), table.name)
    found = model.Session.execute(
        sa.select(table.id, table.name, title.label("title"))
        .where(table.id.in_(sa.select(ids.c[0])))
        .order_by(title, table.id)
    )
    return [dict(row) for row in found.mappings()]


def _dictize(
    row: dict[str, Any],
    viewer: Viewer,
    named: Mapping[str, dict[str, Any]],
    as_of: date,
) -> dict[str, Any]:
    parties = list(row["parties"] or ())
    concerned = [row["organization_id"], *parties]
    insider = viewer.may_edit(concerned) or viewer.may_review(
        row.pop("reviewing_organization_id"), row["owner_id"]
    )
    report = obligations.report_seen(
        {name: row.pop(f"report_{name}") for name in _REPORT}, insider=insider
    )
    state = report["state"] if report else None
    unaccepted = state is not None and state not in _JUDGED
    if report and unaccepted and not insider:
        # What it says is known to those who make and judge reports.
        report["done_on"] = None
    due_on = row["due_on"]
    return {
        **row,
        "organization": named.get(row["organization_id"]),
        "parties": [named[each] for each in parties if each in named],
        "report": report,
        "insider": insider,
        "unaccepted": unaccepted,
        "days": max(0, (as_of - due_on).days) if due_on else 0,
        "evidence": execution_words.evidence(report),
    }


def _sections(
    owed: Iterable[dict[str, Any]],
    printed: Mapping[str, dict[str, Any]],
    as_of: date,
    *,
    alone: bool,
) -> list[dict[str, Any]]:
    """Tasks under their headings, each with its obligations and state in words."""
    tasks: list[dict[str, Any]] = []
    for task_id, group in groupby(owed, key=lambda row: row["task_id"]):
        rows = list(group)
        first = {name: rows[0][name] for name in _TASK}
        kept = [_obligation(row, as_of) for row in rows]
        tasks.append(
            {
                **first,
                "id": task_id,
                "executors": _executors(printed.get(task_id), first["executors"]),
                "state": execution_words.lines(rows, as_of, alone=alone),
                "obligations": kept,
            }
        )
    return [
        {"title": title, "tasks": list(group)}
        for title, group in groupby(tasks, key=lambda task: task["section"])
    ]


def _executors(task: Mapping[str, Any] | None, kept: str) -> list[str]:
    """Executors of a task as printed; what is kept of one that is no longer in it."""
    if task is not None:
        return fields.texts(task.get("executors"))
    return [name for name in kept.split("; ") if name]


_OBLIGATION: Final = (
    "id",
    "occurrence",
    "event_title",
    "kind",
    "due_on",
    "due_before",
    "moved_by",
    "reason",
    "withdrawn_by",
    "status",
    "days",
    "organization",
    "parties",
    "report",
    "insider",
    "unaccepted",
    "evidence",
)


def _obligation(row: dict[str, Any], as_of: date) -> dict[str, Any]:
    kept = {name: row[name] for name in _OBLIGATION}
    return {**kept, "state": execution_words.obligation(row, as_of)}


def _counts(owed: Iterable[dict[str, Any]]) -> dict[str, int]:
    """How many obligations are to be done, and where they stand."""
    found = Counter(row["status"] for row in owed)
    done = found[Status.DONE_ON_TIME.value] + found[Status.DONE_LATE.value]
    return {
        "obligations": sum(found[key] for key in found if key not in _ASIDE),
        "done": done,
        "late": found[Status.DONE_LATE.value],
        "submitted": found[Status.SUBMITTED.value],
        "overdue": found[Status.OVERDUE.value] + found[Status.REPORTING.value],
        "aside": sum(found[key] for key in found if key in _ASIDE),
    }
