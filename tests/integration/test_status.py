"""Every line of decision 18, judged on one day by the one SQL expression."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from ckan import model

from ckanext.actionplan.core.obligation import Kind
from ckanext.actionplan.model import (
    ObligationRow,
    PlanRow,
    Report,
    ReportEvent,
    TaskRow,
)
from ckanext.actionplan.model.status import Window, obligations

KYIV = ZoneInfo("Europe/Kyiv")
WINDOW = Window(grace_days=15, return_days=7, zone="Europe/Kyiv")
DAY = date(2025, 5, 15)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=KYIV)


def case(
    due_on: str | None, expected: str, report: dict[str, Any] | None = None, **more: Any
) -> dict[str, Any]:
    return {
        "row": {"due_on": date.fromisoformat(due_on) if due_on else None, **more},
        "report": report,
        "expected": expected,
    }


def reported(state: str, done_on: str, changed: date = DAY) -> dict[str, Any]:
    return {
        "state": state,
        "done_on": date.fromisoformat(done_on),
        "changed_at": noon(changed),
    }


OLD = DAY - timedelta(days=40)
CASES = {
    "withdrawn before all": case(
        "2025-01-10",
        "withdrawn",
        reported("accepted", "2025-01-09"),
        withdrawn=True,
        before_tracking=True,
    ),
    "before tracking before a report": case(
        "2025-01-10",
        "before_tracking",
        reported("accepted", "2025-01-09"),
        before_tracking=True,
    ),
    "not applicable": case(
        "2025-01-10", "not_applicable", reported("not_applicable", "2025-01-09")
    ),
    "accepted, done on the last day": case(
        "2025-01-10", "done_on_time", reported("accepted", "2025-01-10")
    ),
    "accepted, done a day late": case(
        "2025-01-10", "done_late", reported("accepted", "2025-01-11")
    ),
    "a confirmation is never late": case(
        "2025-03-31",
        "done_on_time",
        reported("accepted", "2025-04-20"),
        kind=Kind.CONFIRMATION.value,
    ),
    "submitted is never overdue": case(
        "2025-01-10", "submitted", reported("submitted", "2025-01-09", OLD)
    ),
    "returned, seventh day": case(
        "2025-01-10",
        "returned",
        reported("returned", "2025-01-09", DAY - timedelta(days=7)),
    ),
    "returned, eighth day": case(
        "2025-01-10",
        "overdue",
        reported("returned", "2025-01-09", DAY - timedelta(days=8)),
    ),
    "a draft says nothing": case(
        "2025-01-10", "overdue", reported("draft", "2025-01-09")
    ),
    "unresolved": case(None, "unresolved", reason="no_date", kind="unresolved"),
    "before approval waits": case("2024-12-01", "unresolved", reason="before_approval"),
    "to confirm": case("2025-03-31", "to_confirm", kind=Kind.CONFIRMATION.value),
    "a confirmation of this quarter": case(
        "2025-06-30", "due", kind=Kind.CONFIRMATION.value
    ),
    "a confirmation of the next quarter": case(
        "2025-09-30", "upcoming", kind=Kind.CONFIRMATION.value
    ),
    "last day is today": case("2025-05-15", "due"),
    "last day of the quarter": case("2025-06-30", "due"),
    "first day of the next quarter": case("2025-07-01", "upcoming"),
    "a day after": case("2025-05-14", "reporting"),
    "fifteen days after": case("2025-04-30", "reporting"),
    "sixteen days after": case("2025-04-29", "overdue"),
}


@pytest.fixture
def plan_id(non_clean_db: None, package_factory: Any) -> str:
    package = package_factory()
    model.Session.add(PlanRow(id=package["id"]))
    model.Session.add(TaskRow(plan_id=package["id"], id="t"))
    model.Session.flush()
    return package["id"]


def add(plan_id: str, name: str, row: dict[str, Any]) -> str:
    values = {
        "id": f"{plan_id} {name}",
        "plan_id": plan_id,
        "task_id": "t",
        "occurrence": name,
        "organization_id": "o",
        "kind": Kind.DATED.value,
        **row,
    }
    model.Session.execute(sa.insert(ObligationRow.__table__).values(values))
    return values["id"]


def judged(plan_id: str, as_of: date = DAY, **more: Any) -> dict[str, str]:
    owed = obligations(as_of, WINDOW, **more).subquery()
    rows = model.Session.execute(
        sa.select(owed.c.occurrence, owed.c.status).where(owed.c.plan_id == plan_id)
    )
    return {row[0]: row[1] for row in rows}


def test_every_line_of_the_order(plan_id: str) -> None:
    for name, each in CASES.items():
        obligation_id = add(plan_id, name, each["row"])
        if each["report"]:
            report = Report(
                obligation_id=obligation_id, author_id="u", **each["report"]
            )
            model.Session.add(report)
    model.Session.flush()
    assert judged(plan_id) == {name: each["expected"] for name, each in CASES.items()}


def test_as_of_reads_only_events_up_to_it(plan_id: str) -> None:
    obligation_id = add(plan_id, "once", {"due_on": date(2025, 3, 31)})
    rounds = [("submitted", 10), ("returned", 14), ("submitted", 18), ("accepted", 25)]
    for state, day in rounds:
        values = reported(state, "2025-03-30", date(2025, 4, day))
        model.Session.add(
            ReportEvent(obligation_id=obligation_id, author_id="u", **values)
        )
    model.Session.flush()

    def on(day: int) -> str:
        at = date(2025, 4, day)
        moment = noon(at) + timedelta(minutes=1)
        return judged(plan_id, at, moment=moment)["once"]

    assert [on(day) for day in (9, 10, 14, 18, 24, 25)] == [
        "reporting",
        "submitted",
        "returned",
        "submitted",
        "submitted",
        "done_on_time",
    ]


def test_a_moment_becomes_a_date_in_the_portals_zone(plan_id: str) -> None:
    """22:30 UTC on 7 May is 8 May in Kyiv: the answer is due until 15 May."""
    obligation_id = add(plan_id, "once", {"due_on": date(2025, 1, 10)})
    changed = datetime(2025, 5, 7, 22, 30, tzinfo=timezone.utc)
    model.Session.add(
        Report(
            obligation_id=obligation_id,
            author_id="u",
            state="returned",
            done_on=date(2025, 1, 9),
            changed_at=changed,
        )
    )
    model.Session.flush()
    assert judged(plan_id)["once"] == "returned"


@pytest.mark.parametrize(
    ("state", "private", "private_of", "seen"),
    [
        ("active", False, (), True),
        ("active", True, (), False),
        ("active", True, None, True),
        ("deleted", False, None, False),
        ("draft", False, None, False),
    ],
)
def test_a_plan_owes_while_it_is_active_and_public(
    plan_id: str, state: str, private: bool, private_of: Any, seen: bool
) -> None:
    add(plan_id, "once", {"due_on": DAY})
    package = model.Session.get(model.Package, plan_id)
    package.state, package.private = state, private
    model.Session.flush()
    assert bool(judged(plan_id, private_of=private_of)) is seen


def test_members_see_private_plans_of_their_organizations(
    plan_id: str, organization_factory: Any
) -> None:
    add(plan_id, "once", {"due_on": DAY})
    package = model.Session.get(model.Package, plan_id)
    package.private, package.owner_org = True, organization_factory()["id"]
    model.Session.flush()
    assert judged(plan_id, private_of=[package.owner_org])
    assert not judged(plan_id, private_of=["another"])
