"""Every line of decision 18, judged on one day by the one SQL expression."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta, timezone
from itertools import product
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from ckan import model
from ckan.tests.helpers import call_action

from ckanext.actionplan import clock
from ckanext.actionplan.core.obligation import Kind
from ckanext.actionplan.core.period import Period
from ckanext.actionplan.model import (
    ObligationRow,
    PlanRow,
    Report,
    ReportEvent,
    TaskRow,
)
from ckanext.actionplan.model.status import Window, obligations
from ckanext.actionplan.rules.base import Scope, Upstream
from ckanext.actionplan.rules.criteria.plan import Plan

if TYPE_CHECKING:
    from collections.abc import Iterator

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
ACT = {"withdrawn": True, "withdrawn_by": "Рішення № 5"}
CASES = {
    "withdrawn before all": case(
        "2025-01-10",
        "withdrawn",
        reported("accepted", "2025-01-09"),
        before_tracking=True,
        **ACT,
    ),
    "withdrawn without a date": case(None, "withdrawn", reason="no_date", **ACT),
    "before tracking before a report": case(
        "2025-01-10",
        "before_tracking",
        reported("accepted", "2025-01-09"),
        before_tracking=True,
    ),
    "before tracking before not applicable": case(
        "2025-01-10",
        "before_tracking",
        reported("not_applicable", "2025-01-09"),
        before_tracking=True,
    ),
    "not applicable": case(
        "2025-01-10", "not_applicable", reported("not_applicable", "2025-01-09")
    ),
    "not applicable before unresolved": case(
        None,
        "not_applicable",
        reported("not_applicable", "2025-01-09"),
        reason="no_date",
    ),
    "accepted, done long before": case(
        "2025-12-31", "done_on_time", reported("accepted", "2025-01-10")
    ),
    "accepted, done on the last day, reported late": case(
        "2025-01-10", "done_on_time", reported("accepted", "2025-01-10")
    ),
    "accepted, done a day late": case(
        "2025-01-10", "done_late", reported("accepted", "2025-01-11")
    ),
    "accepted before unresolved": case(
        None, "done_on_time", reported("accepted", "2025-01-11"), reason="no_date"
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
    "submitted late is not overdue either": case(
        "2025-01-10", "submitted", reported("submitted", "2025-05-14", DAY)
    ),
    "submitted before its date became unresolved": case(
        None, "submitted", reported("submitted", "2025-01-09"), reason="no_date"
    ),
    "a submitted confirmation": case(
        "2025-03-31",
        "submitted",
        reported("submitted", "2025-04-09", OLD),
        kind=Kind.CONFIRMATION.value,
    ),
    "returned today": case(
        "2025-01-10", "returned", reported("returned", "2025-01-09", DAY)
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
    "returned long ago, not yet due": case(
        "2025-06-10",
        "due",
        reported("returned", "2025-01-09", DAY - timedelta(days=8)),
    ),
    "returned before unresolved": case(
        None, "returned", reported("returned", "2025-01-09", DAY), reason="no_date"
    ),
    "a draft says nothing": case(
        "2025-01-10", "overdue", reported("draft", "2025-01-09")
    ),
    "unresolved": case(None, "unresolved", reason="no_date", kind="unresolved"),
    "before approval waits": case("2024-12-01", "unresolved", reason="before_approval"),
    "unresolved before to confirm": case(
        None, "unresolved", reason="no_start", kind=Kind.CONFIRMATION.value
    ),
    "to confirm": case("2025-03-31", "to_confirm", kind=Kind.CONFIRMATION.value),
    "to confirm for years": case(
        "2020-03-31", "to_confirm", kind=Kind.CONFIRMATION.value
    ),
    "to confirm from the day after": case(
        "2025-05-14", "to_confirm", kind=Kind.CONFIRMATION.value
    ),
    "a confirmation whose last day is today": case(
        "2025-05-15", "due", kind=Kind.CONFIRMATION.value
    ),
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


def row_of(plan_id: str, name: str, row: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": f"{plan_id} {name}",
        "plan_id": plan_id,
        "task_id": "t",
        "occurrence": name,
        "organization_id": "o",
        "kind": Kind.DATED.value,
        "reason": "",
        "before_tracking": False,
        "withdrawn": False,
        "withdrawn_by": "",
        **row,
    }


def add(plan_id: str, name: str, row: dict[str, Any]) -> str:
    values = row_of(plan_id, name, row)
    model.Session.execute(sa.insert(ObligationRow.__table__).values(values))
    return values["id"]


def say(obligation_id: str, report: dict[str, Any]) -> None:
    model.Session.add(Report(obligation_id=obligation_id, author_id="u", **report))


def judged(
    plan_id: str, as_of: date = DAY, window: Window = WINDOW, **more: Any
) -> dict[str, str]:
    owed = obligations(as_of, window, **more).subquery()
    rows = model.Session.execute(
        sa.select(owed.c.occurrence, owed.c.status).where(owed.c.plan_id == plan_id)
    )
    return {row[0]: row[1] for row in rows}


def test_every_line_of_the_order(plan_id: str) -> None:
    for name, each in CASES.items():
        obligation_id = add(plan_id, name, each["row"])
        if each["report"]:
            say(obligation_id, each["report"])
    model.Session.flush()
    assert judged(plan_id) == {name: each["expected"] for name, each in CASES.items()}


def test_what_never_was_promised_is_not_listed(plan_id: str) -> None:
    """A reading that was mended leaves no trace; an act and a report do."""
    gone = {"due_on": DAY, "withdrawn": True}
    add(plan_id, "misread", gone)
    add(plan_id, "by an act", {**gone, "withdrawn_by": "Рішення № 5"})
    said = add(plan_id, "reported", gone)
    say(said, reported("submitted", "2025-01-09"))
    model.Session.flush()
    expected = {"by an act": "withdrawn", "reported": "withdrawn"}
    assert judged(plan_id) == expected


def ladder(
    row: dict[str, Any], report: dict[str, Any] | None, as_of: date, window: Window
) -> str:
    """Decision 18 line by line, in plain Python."""
    due_on, confirmation = row["due_on"], row["kind"] == Kind.CONFIRMATION.value
    state = report["state"] if report else ""
    if row["withdrawn"]:
        return "withdrawn"
    if row["before_tracking"]:
        return "before_tracking"
    if report and state in ("not_applicable", "submitted"):
        return state
    if report and state == "accepted":
        late = due_on and not confirmation and report["done_on"] > due_on
        return "done_late" if late else "done_on_time"
    if report and state == "returned":
        returned_on = report["changed_at"].astimezone(KYIV).date()
        if (as_of - returned_on).days <= window.return_days:
            return "returned"
    if row["reason"]:
        return "unresolved"
    return by_date(due_on, as_of, window, confirmation=confirmation)


def by_date(due_on: date, as_of: date, window: Window, *, confirmation: bool) -> str:
    past = (as_of - due_on).days
    if past > 0:
        if confirmation:
            return "to_confirm"
        return "reporting" if past <= window.grace_days else "overdue"
    this = (as_of.year, (as_of.month - 1) // 3)
    return "due" if (due_on.year, (due_on.month - 1) // 3) == this else "upcoming"


def every_combination(
    as_of: date, window: Window
) -> Iterator[tuple[dict[str, Any], dict[str, Any] | None]]:
    """Rows and reports that stand on each side of each boundary of the order."""
    quarter = Period.of(as_of).end
    days = [as_of - timedelta(days=n) for n in (-1, 0, 1, 15, 16, 400)]
    days += [quarter, quarter + timedelta(days=1)]
    reports: list[dict[str, Any] | None] = [None]
    reports += [
        reported(state, done.isoformat(), as_of)
        for state in ("draft", "not_applicable", "accepted", "submitted")
        for done in (as_of, quarter + timedelta(days=3))
    ]
    reports += [
        reported("returned", as_of.isoformat(), as_of - timedelta(days=ago))
        for ago in (0, window.return_days, window.return_days + 1)
    ]
    kinds = (Kind.DATED.value, Kind.RECURRING.value, Kind.CONFIRMATION.value)
    flags = (False, True)
    for withdrawn, before, report, reason, kind, day in product(
        flags, flags, reports, ("", "no_date"), kinds, days
    ):
        row = {"kind": kind, "reason": reason, "due_on": None if reason else day}
        row |= {"withdrawn": withdrawn, "withdrawn_by": "x" if withdrawn else ""}
        yield {**row, "before_tracking": before}, report


@pytest.mark.parametrize(
    ("as_of", "window"),
    [
        (DAY, WINDOW),
        # The edges of a quarter, and of a year.
        (date(2025, 6, 30), WINDOW),
        (date(2025, 7, 1), WINDOW),
        (date(2024, 12, 31), WINDOW),
        # A portal without a reporting window, and one that is patient.
        (DAY, Window(grace_days=0, return_days=0, zone="Europe/Kyiv")),
        (DAY, Window(grace_days=30, return_days=14, zone="Europe/Kyiv")),
    ],
)
def test_the_order_holds_for_every_combination(
    plan_id: str, as_of: date, window: Window
) -> None:
    expected: dict[str, str] = {}
    rows: list[dict[str, Any]] = []
    reports: list[dict[str, Any]] = []
    for number, (row, report) in enumerate(every_combination(as_of, window)):
        name = f"{number} {row} {report}"
        rows.append(row_of(plan_id, name, row))
        expected[name] = ladder(rows[-1], report, as_of, window)
        if report:
            key = {"obligation_id": rows[-1]["id"], "author_id": "u"}
            reports.append({**key, **report})
    model.Session.execute(sa.insert(ObligationRow.__table__), rows)
    model.Session.execute(sa.insert(Report.__table__), reports)
    found = judged(plan_id, as_of, window)
    assert found == expected


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


def rounds_of(seed: int) -> list[dict[str, Any]]:
    """Some rounds of a report in the order in which they were made."""
    dice = random.Random(seed)  # noqa: S311 - not a secret, the same in every run
    states = ("draft", "submitted", "returned", "accepted", "not_applicable")
    days = sorted(dice.randrange(60) for _ in range(dice.randrange(1, 6)))
    return [
        reported(dice.choice(states), "2025-05-10", OLD + timedelta(days=day))
        for day in days
    ]


def test_a_later_round_does_not_change_what_was_judged_before(plan_id: str) -> None:
    """Judging late gives what judging on that day gave, for the latest report then."""
    histories = {f"{seed}": rounds_of(seed) for seed in range(40)}
    events = [
        {"obligation_id": f"{plan_id} {name}", "author_id": "u", **each}
        for name, rounds in histories.items()
        for each in rounds
    ]
    rows = [row_of(plan_id, name, {"due_on": DAY}) for name in histories]
    model.Session.execute(sa.insert(ObligationRow.__table__), rows)
    model.Session.execute(sa.insert(ReportEvent.__table__), events)
    for day in (OLD, OLD + timedelta(days=20), DAY, DAY + timedelta(days=30)):
        closing = datetime.combine(day + timedelta(days=1), time(), KYIV)
        expected: dict[str, str] = {}
        for row in rows:
            made = histories[row["occurrence"]]
            then = [each for each in made if each["changed_at"] < closing]
            last = then[-1] if then else None
            expected[row["occurrence"]] = ladder(row, last, day, WINDOW)
        moment = closing - timedelta(microseconds=1)
        assert judged(plan_id, day, moment=moment) == expected


def test_a_moment_becomes_a_date_in_the_portals_zone(plan_id: str) -> None:
    """22:30 UTC on 7 May is 8 May in Kyiv: the answer is due until 15 May."""
    obligation_id = add(plan_id, "once", {"due_on": date(2025, 1, 10)})
    changed = datetime(2025, 5, 7, 22, 30, tzinfo=timezone.utc)
    report = {"state": "returned", "done_on": date(2025, 1, 9), "changed_at": changed}
    say(obligation_id, report)
    model.Session.flush()
    assert judged(plan_id)["once"] == "returned"
    in_utc = Window(grace_days=15, return_days=7, zone="UTC")
    assert judged(plan_id, window=in_utc)["once"] == "overdue"


#: 22:30 UTC on the last day of September: in Kyiv the next quarter has begun.
BETWEEN = datetime(2026, 9, 30, 22, 30, tzinfo=timezone.utc)


@pytest.fixture
def between_quarters(
    non_clean_db: None,
    organization_factory: Any,
    action_plan_factory: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> str:
    """A plan, at a moment when it is September in London and October in Kyiv."""
    monkeypatch.setattr(clock, "now", lambda: BETWEEN)
    plan = action_plan_factory(
        owner_org=organization_factory()["id"],
        period_start="2026-07-01",
        period_end="2026-12-31",
        in_force_from="2026-07-01",
        tracked_from="2026-07-01",
        executors=[{"name": "Рада", "who": "owner"}],
        tasks=[
            {"title": "Дати", "due": "../2026-09-30; ../2026-10-01"},
            {"title": "Постійне", "due": "../.."},
        ],
    )
    return plan["id"]


def statuses_now(plan_id: str) -> dict[str, tuple[str, int | None]]:
    rows = call_action("actionplan_obligation_list", plan_id=plan_id)
    return {row["occurrence"]: (row["status"], row["days"]) for row in rows}


@pytest.mark.ckan_config("ckan.display_timezone", "Europe/Kyiv")
def test_in_kyiv_the_next_quarter_has_begun(between_quarters: str) -> None:
    assert clock.today() == date(2026, 10, 1)
    assert statuses_now(between_quarters) == {
        "once": ("reporting", 1),
        "once-2": ("due", None),
        "2026-Q3": ("to_confirm", None),
        "2026-Q4": ("due", None),
    }


@pytest.mark.ckan_config("ckan.display_timezone", "UTC")
def test_in_utc_the_quarter_still_lasts(between_quarters: str) -> None:
    assert clock.today() == date(2026, 9, 30)
    assert statuses_now(between_quarters) == {
        "once": ("due", None),
        "once-2": ("upcoming", None),
        "2026-Q3": ("due", None),
        "2026-Q4": ("upcoming", None),
    }


def counted(plan_id: str, as_of: date) -> list[Any]:
    scope = Scope(
        as_of=as_of,
        period=Period.of(as_of),
        window=WINDOW,
        dataset_types=("dataset",),
        upstream=Upstream(reason="no_upstream"),
        organization_ids=(f"o {plan_id}",),
    )
    rows = Plan().counts(scope)
    assert rows is not None
    return [tuple(row)[1:] for row in model.Session.execute(rows)]


@pytest.mark.ckan_config("ckanext.actionplan.reviewers_organization", "")
def test_without_reviewers_submitted_counts_as_done_and_is_marked(
    plan_id: str,
) -> None:
    owed = {"due_on": date(2025, 1, 10), "organization_id": f"o {plan_id}"}
    obligation_id = add(plan_id, "once", owed)
    add(plan_id, "once-2", owed)
    assert counted(plan_id, DAY) == [(0, 2)]
    say(obligation_id, reported("submitted", "2025-01-09", OLD))
    model.Session.flush()
    # The mark is the state itself: it does not read "done", however long it waits.
    years_later = date(2028, 1, 1)
    assert judged(plan_id)["once"] == judged(plan_id, years_later)["once"]
    assert judged(plan_id)["once"] == "submitted"
    assert counted(plan_id, DAY) == counted(plan_id, years_later) == [(1, 2)]


def test_a_returned_report_counts_against_once_the_answer_is_late(
    plan_id: str,
) -> None:
    owed = {"due_on": date(2025, 1, 10), "organization_id": f"o {plan_id}"}
    obligation_id = add(plan_id, "once", owed)
    say(obligation_id, reported("returned", "2025-01-09", DAY))
    model.Session.flush()
    assert counted(plan_id, DAY + timedelta(days=7)) == []
    assert counted(plan_id, DAY + timedelta(days=8)) == [(0, 1)]


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
