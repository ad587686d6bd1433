"""Reports that editors send and the reviewer judges, so that the demo shows them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from typing import TYPE_CHECKING, Any, Final

import ckan_site
import people
import sqlalchemy as sa
from publishers import publisher_id

from ckan import model

from ckanext.actionplan import model as own

if TYPE_CHECKING:
    from plans import Plan, Report

#: Nobody reports on these.
_CLOSED: Final = ("before_tracking", "withdrawn")
_REVIEWER: Final = "rezenzentka"


def tell(plan: Plan, today: date) -> int:
    """Report what the plan's table says; what was reported on stays.

    :returns: how many reports are new.
    """
    package = ckan_site.call("package_show", {"id": plan.name})
    listed: list[dict[str, Any]] = ckan_site.call(
        "actionplan_obligation_list", {"plan_id": package["id"]}
    )
    new = 0
    for number, task in plan.tasks():
        same = [
            row
            for row in listed
            if row["title"] == task.title and row["number"].rstrip(".") == number
        ]
        for report in task.told():
            for obligation in _meant(same, report, today):
                if not obligation["report"]:
                    _submit(obligation, report, today)
                    new += 1
    return new


def _meant(
    rows: list[dict[str, Any]], report: Report, today: date
) -> list[dict[str, Any]]:
    """The obligations that a report is about; none when they are not there yet."""
    organization = publisher_id(report.of)
    owed = [
        row
        for row in rows
        if organization in (row["organization_id"], *row["parties"])
        and row["due_on"]
        and row["status"] not in _CLOSED
    ]
    if report.when == "once":
        return owed[:1]
    over = [row for row in owed if row["due_on"] < today]
    over.sort(key=lambda row: row["due_on"], reverse=True)
    return over[:1] if report.when == "last" else over[1:]


def _submit(obligation: dict[str, Any], report: Report, today: date) -> None:
    done: date = obligation["due_on"] + timedelta(days=report.late)
    data = {
        "obligation_id": obligation["id"],
        "done_on": min(done, today).isoformat(),
        "note": report.note,
    }
    ckan_site.call("actionplan_report_submit", data, _editor(report.of))
    if report.judged:
        _judge(obligation["id"], report, min(done, today))


def _editor(organization: str) -> str:
    return next(
        person.name
        for person in people.load()
        if person.organization == organization and person.capacity == "editor"
    )


def _moment(done: date, days: int) -> datetime:
    """Noon some days after something was done, or now when that is yet to come."""
    noon = datetime.combine(done + timedelta(days=days), time(12), timezone.utc)
    return min(noon, datetime.now(timezone.utc))


def _judge(obligation_id: str, report: Report, done: date) -> None:
    """Write the reviewer's word into the tables.

    What was accepted was told and judged soon after it was done, so that the report on
    an earlier quarter finds it; what was returned waits for its answer today.
    """
    accepted = report.judged == "accepted"
    reviewer = model.User.get(_REVIEWER)
    judged = {
        "state": report.judged,
        "comment": report.comment,
        "author_id": reviewer.id if reviewer else "",
        "changed_at": _moment(done, 5) if accepted else datetime.now(timezone.utc),
    }
    table, event = own.Report.__table__, own.ReportEvent.__table__
    if accepted:
        model.Session.execute(
            sa.update(event)
            .where(event.c.obligation_id == obligation_id)
            .values(changed_at=_moment(done, 2))
        )
    row = model.Session.execute(
        sa.select(table.c.done_on, table.c.note, table.c.link).where(
            table.c.obligation_id == obligation_id
        )
    ).one()
    kept = {"done_on": row.done_on, "note": row.note, "link": row.link}
    model.Session.execute(
        sa.update(table).where(table.c.obligation_id == obligation_id).values(judged)
    )
    model.Session.execute(
        sa.insert(event).values(obligation_id=obligation_id, **judged, **kept)
    )
    model.Session.commit()
