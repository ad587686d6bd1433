"""Obligations through amendments, joiners, mergers, replaced plans and set dates."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from ckan import model
from ckan.tests.helpers import call_action

from ckanext.actionplan import clock
from ckanext.actionplan.core.obligation import obligation_id
from ckanext.actionplan.logic import derive, history
from ckanext.actionplan.logic.viewer import Viewer
from ckanext.actionplan.model import (
    Change,
    Merger,
    ObligationRow,
    Participant,
    Party,
    PlanRow,
    PortalDate,
    TaskRow,
)

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.usefixtures("non_clean_db")

TODAY = date(2026, 11, 21)
MOMENT = datetime(2026, 11, 21, 9, tzinfo=timezone.utc)
AMENDMENT = {"document": "Рішення", "number": "5", "date": "2026-11-20"}
ACT = "Рішення № 5 (20.11.2026)"


@pytest.fixture(autouse=True)
def on_day(monkeypatch: pytest.MonkeyPatch) -> Callable[[date], None]:
    def on(day: date) -> None:
        monkeypatch.setattr(clock, "today", lambda: day)

    on(TODAY)
    return on


@pytest.fixture
def world(organization_factory: Any) -> dict[str, str]:
    """Ids of a council and three publishers."""
    return {
        name: organization_factory()["id"]
        for name in ("council", "water", "heat", "roads")
    }


@pytest.fixture
def make_plan(world: dict[str, str], action_plan_factory: Any) -> Callable[..., Any]:
    def make(*tasks: dict[str, Any], **more: Any) -> dict[str, Any]:
        filled = [
            {"number": f"1.{n}", "title": f"Task {n}", "deadline": "x", **task}
            for n, task in enumerate(tasks, 1)
        ]
        values = {
            "owner_org": world["council"],
            "participants": [world["water"], world["heat"]],
            "executors": [
                mapped("Water", world["water"]),
                mapped("Heat", world["heat"]),
                {"name": "All", "who": "all", "organizations": []},
            ],
            "tasks": filled,
        }
        return action_plan_factory(**{**values, **more})

    return make


def mapped(name: str, *organizations: str) -> dict[str, Any]:
    return {"name": name, "who": "participants", "organizations": [*organizations]}


EACH = {"due": "R/P3M", "executors": ["All"], "performed": "each"}


def rows(plan: dict[str, Any], table: Any = ObligationRow) -> list[Any]:
    columns = table.__table__.c
    key = columns["plan_id" if "plan_id" in columns else "id"]
    statement = sa.select(table.__table__).where(key == plan["id"])
    return list(model.Session.execute(statement.order_by(*table.__table__.primary_key)))


def owed(plan: dict[str, Any], occurrence: str) -> dict[str, Any]:
    """What is owed in an occurrence, by share."""
    return {
        row.share: row
        for row in rows(plan)
        if row.occurrence == occurrence and not row.withdrawn
    }


def patch(plan: dict[str, Any], user: str = "", **values: Any) -> dict[str, Any]:
    user = user or call_action("get_site_user")["name"]
    return call_action("package_patch", {"user": user}, id=plan["id"], **values)


def listed(plan: dict[str, Any]) -> list[str]:
    return [
        row["status"]
        for row in call_action("actionplan_obligation_list", plan_id=plan["id"])
    ]


def everything(plan: dict[str, Any]) -> list[Any]:
    found: list[Any] = [
        row
        for table in (ObligationRow, TaskRow, Participant, Change)
        for row in rows(plan, table)
    ]
    party = Party.__table__
    ids = [row.id for row in rows(plan)]
    found += model.Session.execute(
        sa.select(party).where(party.c.obligation_id.in_(ids)).order_by(*party.c)
    ).all()
    (row,) = rows(plan, PlanRow)
    return [*found, {**row._mapping, "derived_at": None}]


# Amendments and corrections


def test_an_amendment_leaves_the_former_day_and_a_correction_does_not(
    make_plan: Any, sysadmin: dict[str, Any]
) -> None:
    plan = make_plan(
        {"deadline": "by March", "due": "../2026-12-01", "executors": ["Water"]},
        {"deadline": "by May", "due": "../2026-12-02", "executors": ["Water"]},
    )
    first, second = plan["tasks"]
    patch(
        plan,
        sysadmin["name"],
        tasks=[
            {**first, "deadline": "by April", "due": "../2027-03-01"},
            {**second, "due": "../2027-05-01"},
        ],
        amendments=[AMENDMENT],
    )
    days = {row.task_id: (row.due_on, row.due_before) for row in rows(plan)}
    assert days == {
        first["id"]: (date(2027, 3, 1), date(2026, 12, 1)),
        second["id"]: (date(2027, 5, 1), None),
    }
    log = {(row.task_id, row.field): row for row in rows(plan, Change)}
    moved = log[first["id"], "due"]
    assert (moved.kind, moved.act) == ("amendment", ACT)
    assert (moved.before, moved.after) == ("../2026-12-01", "../2027-03-01")
    assert moved.author_id == sysadmin["id"]
    mended = log[second["id"], "due"]
    assert (mended.kind, mended.act) == ("correction", "")
    before = everything(plan)
    call_action("actionplan_plan_derive", id=plan["id"])
    assert everything(plan) == before


def test_a_removed_task_is_withdrawn_by_its_act(make_plan: Any) -> None:
    plan = make_plan(
        {"due": "../2026-12-01", "executors": ["Water"]},
        {"due": "R/P1Y", "executors": ["Water"]},
    )
    first, second = plan["tasks"]
    patch(plan, tasks=[first], amendments=[AMENDMENT])
    call_action("actionplan_plan_derive", id=plan["id"])
    assert model.Session.get(TaskRow, (plan["id"], second["id"])).withdrawn_by == ACT
    gone = [row for row in rows(plan) if row.task_id == second["id"]]
    assert [(row.withdrawn, row.withdrawn_by) for row in gone] == [(True, ACT)] * 2
    assert listed(plan) == ["due", "withdrawn", "withdrawn"]
    patch(
        plan,
        tasks=[first, second],
        amendments=[AMENDMENT, {**AMENDMENT, "number": "6"}],
    )
    assert not any(row.withdrawn or row.withdrawn_by for row in rows(plan))
    kinds = [(row.field, row.act) for row in rows(plan, Change)]
    assert kinds == [("removed", ACT), ("added", ACT.replace("5", "6", 1))]


def test_the_act_of_a_withdrawn_task_may_be_written_better(make_plan: Any) -> None:
    plan = make_plan({"due": "R/P1Y", "executors": ["Water"]})
    (task,) = plan["tasks"]
    for act in ("Order 7", "Order 7 of 1 May", ""):
        patch(plan, tasks=[{**task, "withdrawn_by": act}], amendments=[AMENDMENT])
        found = {(row.withdrawn, row.withdrawn_by) for row in rows(plan)}
        assert found == {(bool(act), act)}


def test_a_mended_reading_leaves_nothing_in_the_lists(make_plan: Any) -> None:
    plan = make_plan({"due": "R/P3M", "executors": ["Water"]})
    (task,) = plan["tasks"]
    assert len(listed(plan)) == 8
    patch(plan, tasks=[{**task, "due": "R/P1Y"}])
    assert len(rows(plan)) == 10
    assert len(listed(plan)) == 2


def test_before_a_plan_is_in_force_its_changes_are_edits(make_plan: Any) -> None:
    plan = make_plan({"due": "R/P1Y"}, in_force_from="2027-01-01")
    (task,) = plan["tasks"]
    patch(plan, tasks=[{**task, "deadline": "y"}], tracked_from="2025-12-01")
    found = {(row.field, row.kind) for row in rows(plan, Change)}
    assert found == {("deadline", "edit"), ("tracked_from", "edit")}


def test_participants_are_logged_one_by_one(
    make_plan: Any, world: dict[str, str]
) -> None:
    plan = make_plan({"due": "R/P1Y"}, executors=[])
    patch(plan, participants=[world["heat"], world["roads"]])
    found = [(row.before, row.after) for row in rows(plan, Change)]
    assert found == [(world["water"], ""), ("", world["roads"])]


def test_whom_executors_stand_for_is_logged(
    make_plan: Any, world: dict[str, str]
) -> None:
    plan = make_plan({"due": "R/P1Y", "executors": ["Water"]})
    water, roads = world["water"], world["roads"]
    others = [row for row in plan["executors"] if row["name"] not in ("Water", "Heat")]
    abroad = {"name": "Heat", "who": "outside", "organizations": []}
    executors = [mapped("Water", roads), abroad, *others]
    patch(plan, executors=executors, participants=[water, world["heat"], roads])
    found = [r for r in rows(plan, Change) if r.field == "executors"]
    assert {(row.task_id, row.kind) for row in found} == {("", "correction")}
    assert [(row.before, row.after) for row in found] == [
        (f"Water → {water}", ""),
        ("", f"Water → {roads}"),
        ("Heat → participants", "Heat → outside"),
        (f"Heat → {world['heat']}", ""),
    ]
    told = history.in_words(
        call_action("actionplan_change_list", plan_id=plan["id"]),
        {water: "Вода", roads: "Дороги", world["heat"]: "Тепло"},
    )
    (save,) = history.saves(told)
    (change,) = [each for each in save["changes"] if each["field"] == "executors"]
    assert "Water → Вода" in change["before_words"]
    assert "Water → Дороги" in change["after_words"]
    assert "outside" not in change["after_words"]
    patch(plan, executors=executors)
    assert len(rows(plan, Change)) == len(found) + 1


# Who owes from when


def test_who_joins_owes_from_that_day_and_keeps_it(
    make_plan: Any, world: dict[str, str], on_day: Callable[[date], None]
) -> None:
    plan = make_plan(EACH)
    water, heat, roads = world["water"], world["heat"], world["roads"]
    patch(plan, participants=[water, heat, roads])
    assert set(owed(plan, "2026-Q3")) == {water, heat}
    found = owed(plan, "2026-Q4")
    assert {share: row.owes_from for share, row in found.items()} == {
        water: None,
        heat: None,
        roads: TODAY,
    }
    before = everything(plan)
    on_day(TODAY + timedelta(days=60))
    derive.derive(plan["id"])
    assert everything(plan) == before
    patch(plan, participants=[water, heat])
    assert set(owed(plan, "2026-Q4")) == {water, heat}
    patch(plan, participants=[water, heat, roads])
    assert owed(plan, "2027-Q1")[roads].owes_from == TODAY
    assert roads in owed(plan, "2026-Q4")


def test_leaving_and_being_named_again_is_no_way_out(
    make_plan: Any, world: dict[str, str], user_factory: Any
) -> None:
    everybody = {"name": "All", "who": "all", "organizations": []}
    plan = make_plan(EACH, executors=[everybody])
    water, heat = world["water"], world["heat"]
    before = {share: row.id for share, row in owed(plan, "2026-Q1").items()}
    editor = user_factory()["name"]
    patch(plan, participants=[heat])
    patch(plan, editor, participants=[water, heat])
    assert set(owed(plan, "2026-Q1")) == {heat}
    call_action(
        "actionplan_participant_confirm", plan_id=plan["id"], organization_id=water
    )
    after = {share: row.id for share, row in owed(plan, "2026-Q1").items()}
    assert after == before


def test_what_somebody_saved_meanwhile_is_derived(make_plan: Any) -> None:
    plan = make_plan({"due": "../2026-12-01", "executors": ["Water"]})
    package = model.Package.get(plan["id"])
    assert package
    title = package.title
    with model.meta.engine.begin() as other:
        table = model.package_table
        other.execute(
            sa.update(table).where(table.c.id == package.id).values(title="Later")
        )
    assert package.title == title
    derive.lock(package.id)
    assert package.title == "Later"


def test_nobody_joins_a_new_task_or_one_that_nobody_performed(
    make_plan: Any, world: dict[str, str]
) -> None:
    plan = make_plan({**EACH, "executors": ["Staff"]}, executors=[{"name": "Staff"}])
    council = world["council"]
    assert owed(plan, "2026-Q1")[council].mark == "unmapped"
    patch(plan, executors=[mapped("Staff", world["water"], world["heat"])])
    found = owed(plan, "2026-Q1")
    assert {share: row.owes_from for share, row in found.items()} == {
        world["water"]: None,
        world["heat"]: None,
    }


def test_who_is_not_confirmed_owes_nothing(
    make_plan: Any, world: dict[str, str], user_factory: Any
) -> None:
    user = user_factory()["name"]
    call_action(
        "organization_member_create", id=world["council"], username=user, role="admin"
    )
    plan = make_plan(EACH)
    context = {"user": user, "ignore_auth": False}
    call_action(
        "package_patch",
        context,
        id=plan["id"],
        participants=[world["water"], world["heat"], world["roads"]],
        executors=[*plan["executors"], mapped("Roads", world["roads"])],
        tasks=[*plan["tasks"], {**plan["tasks"][0], "id": "", "executors": ["Roads"]}],
        amendments=[AMENDMENT],
    )
    found = [row for row in rows(plan) if row.occurrence == "2026-Q4"]
    assert sorted((row.organization_id, row.mark) for row in found) == sorted(
        [(world["water"], ""), (world["heat"], ""), (world["council"], "pending")]
    )
    participant = model.Session.get(Participant, (plan["id"], world["roads"]))
    participant.confirmed_at, participant.owes_from = MOMENT, date(2026, 10, 5)
    derive.derive(plan["id"])
    assert world["roads"] not in owed(plan, "2026-Q3")
    found = [row for row in rows(plan) if row.occurrence == "2026-Q3"]
    assert (world["council"], "pending") in {
        (row.organization_id, row.mark) for row in found if not row.withdrawn
    }
    assert owed(plan, "2026-Q4")[world["roads"]].mark == ""


# Mergers


@pytest.fixture
def merge(world: dict[str, str]) -> Callable[..., None]:
    def to_roads(plan: dict[str, Any], day: date, **values: Any) -> None:
        row = {"old_id": world["heat"], "new_id": world["roads"], "merged_from": day}
        model.Session.add(Merger(**row, author_id="", changed_at=MOMENT))
        model.Session.flush()
        executors = [
            mapped("Water", world["water"]),
            mapped("Heat", world["roads"]),
            {"name": "All", "who": "all", "organizations": []},
        ]
        patch(
            plan,
            participants=[world["water"], world["roads"]],
            executors=executors,
            **values,
        )

    return to_roads


DAY = date(2026, 7, 1)


def test_a_merged_organization_keeps_what_was_due_before(
    make_plan: Any, world: dict[str, str], merge: Any, on_day: Callable[[date], None]
) -> None:
    plan = make_plan(EACH)
    before = {row.id: row for row in rows(plan)}
    merge(plan, DAY)
    assert set(owed(plan, "2026-Q2")) == {world["water"], world["heat"]}
    assert before[owed(plan, "2026-Q2")[world["heat"]].id] in rows(plan)
    found = owed(plan, "2026-Q3")
    assert set(found) == {world["water"], world["roads"]}
    assert found[world["roads"]].owes_from == DAY
    state = everything(plan)
    on_day(TODAY + timedelta(days=300))
    derive.derive(plan["id"])
    assert everything(plan) == state


def test_a_merged_lead_keeps_what_was_due_before(
    make_plan: Any, world: dict[str, str], merge: Any
) -> None:
    plan = make_plan(
        {"due": "R/P3M", "executors": ["All"], "lead": world["heat"]},
        {"due": "R/P3M", "executors": ["All"], "lead": world["water"]},
    )
    first, second = plan["tasks"]
    merge(plan, DAY, tasks=[{**first, "lead": world["roads"]}, second])

    def who(task: dict[str, Any], occurrence: str) -> tuple[str, list[str]]:
        key = obligation_id(plan["id"], task["id"], "", occurrence)
        party = Party.__table__.c
        shared = model.Session.scalars(
            sa.select(party.organization_id).where(party.obligation_id == key)
        )
        return model.Session.get(ObligationRow, key).organization_id, list(shared)

    for _ in range(2):
        assert who(first, "2026-Q2") == (world["heat"], [world["water"]])
        assert who(first, "2026-Q3") == (world["roads"], [world["water"]])
        assert who(second, "2026-Q2") == (world["water"], [world["heat"]])
        assert who(second, "2026-Q3") == (world["water"], [world["roads"]])
        derive.derive(plan["id"])
        model.Session.expire_all()


def test_who_took_over_twice_owes_each_in_its_time(
    make_plan: Any, world: dict[str, str], merge: Any, organization_factory: Any
) -> None:
    plan = make_plan(EACH, {"due": "R/P3M", "executors": ["Heat"]})
    merge(plan, date(2026, 4, 1))
    last = organization_factory()["id"]
    row = {"old_id": world["roads"], "new_id": last, "merged_from": date(2026, 10, 1)}
    model.Session.add(Merger(**row, author_id="", changed_at=MOMENT))
    executors = [
        mapped("Water", world["water"]),
        mapped("Heat", last),
        {"name": "All", "who": "all", "organizations": []},
    ]
    patch(plan, participants=[world["water"], last], executors=executors)
    for _ in range(2):
        found = {
            name: {row.organization_id for row in owed(plan, f"2026-{name}").values()}
            for name in ("Q1", "Q2", "Q3", "Q4")
        }
        water = world["water"]
        assert found == {
            "Q1": {water, world["heat"]},
            "Q2": {water, world["roads"]},
            "Q3": {water, world["roads"]},
            "Q4": {water, last},
        }
        derive.derive(plan["id"])


# Plans that follow one another


def test_a_plan_owes_until_another_replaces_it(make_plan: Any) -> None:
    old = make_plan({"due": "R/P3M", "executors": ["Water"]}, {"due": ""})
    assert len(owed(old, "2027-Q1")) == 1
    new = make_plan(
        {"due": "R/P3M", "executors": ["Water"]},
        title="Наступний план",
        replaces=old["id"],
        in_force_from="2027-01-01",
        period_start="2027-01-01",
    )
    assert owed(old, "2026-Q4")
    (later,) = [row for row in rows(old) if row.occurrence == "2027-Q1"]
    assert (later.withdrawn, later.withdrawn_by) == (True, "Наступний план")
    patch(new, private=True)
    assert owed(old, "2027-Q1")
    patch(new, private=False)
    assert not owed(old, "2027-Q1")
    patch(new, replaces="")
    assert owed(old, "2027-Q1")
    patch(new, replaces=old["id"], in_force_from="2027-04-01")
    assert owed(old, "2027-Q1")
    assert not owed(old, "2027-Q2")
    site_user = call_action("get_site_user")["name"]
    call_action("package_delete", {"user": site_user}, id=new["id"])
    assert owed(old, "2027-Q2")


def test_plans_that_replace_one_another_do_not_run_in_a_ring(make_plan: Any) -> None:
    first = make_plan({"due": "R/P1Y", "executors": ["Water"]})
    second = make_plan({"due": "R/P1Y", "executors": ["Water"]}, replaces=first["id"])
    model.Session.execute(
        sa.update(PlanRow.__table__)
        .where(PlanRow.__table__.c.id == first["id"])
        .values(replaces=second["id"])
    )
    derive.derive(second["id"])
    derive.derive(first["id"])
    assert not owed(first, "2026")


def test_a_plan_that_ended_early_owes_nothing_later(make_plan: Any) -> None:
    plan = make_plan({"due": "R/P3M", "executors": ["Water"]})
    patch(plan, in_force_until="2026-12-30")
    assert owed(plan, "2026-Q3")
    (row,) = [row for row in rows(plan) if row.occurrence == "2026-Q4"]
    assert (row.withdrawn, row.withdrawn_by) == (True, "")


# Portal-wide dates, days, costs


def test_a_portal_wide_date_makes_a_task_due(make_plan: Any) -> None:
    plan = make_plan({"due": "", "title": "Картка", "executors": ["Water"]})
    event = PortalDate(
        id="card-2026",
        title="Картка",
        words="картк",
        due_on=date(2026, 12, 1),
        created_at=MOMENT,
        changed_at=MOMENT,
    )
    model.Session.add(event)
    derive.derive(plan["id"])
    assert owed(plan, "event-card-2026")[""].due_on == date(2026, 12, 1)
    assert listed(plan) == ["due"]
    event.removed = True
    derive.derive(plan["id"])
    assert listed(plan) == ["unresolved"]
    model.Session.rollback()


def test_plans_not_derived_today_are_named(
    make_plan: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = make_plan({"due": "R/P3M", "executors": ["Water"]}, period_end="")
    tomorrow = clock.now().date() + timedelta(days=1)
    assert plan["id"] not in derive.outdated(tomorrow - timedelta(days=1))
    assert plan["id"] in derive.outdated(tomorrow)
    monkeypatch.setattr(clock, "now", lambda: datetime.now(timezone.utc) + timedelta(1))
    derive.derive(plan["id"])
    assert plan["id"] not in derive.outdated(tomorrow)


def test_an_open_plan_rolls_on(make_plan: Any, on_day: Callable[[date], None]) -> None:
    plan = make_plan(
        {"due": "R/P3M", "executors": ["Water"]},
        period_end="",
        tracked_from="2026-10-01",
    )
    before = rows(plan)
    assert len(before) == 5
    on_day(date(2027, 1, 1))
    derive.derive(plan["id"])
    after = rows(plan)
    assert len(after) == 6
    assert set(before) < set(after)


def test_deriving_takes_a_constant_number_of_statements(
    make_plan: Any, count_queries: Any, organization_factory: Any
) -> None:
    def cost(tasks: int, members: int) -> int:
        participants = [organization_factory()["id"] for _ in range(members)]
        plan = make_plan(
            *[EACH, {"due": "R/P3M", "executors": ["All"]}] * tasks,
            participants=participants,
            executors=[{"name": "All", "who": "all", "organizations": []}],
        )
        with count_queries() as statements:
            derive.derive(plan["id"])
        return len(statements)

    assert cost(1, 2) == cost(10, 12)


def test_owners_do_not_judge_their_own_plans() -> None:
    viewer = Viewer(
        member_of=frozenset({"council", "ministry"}),
        edits=frozenset({"ministry"}),
        portal_reviewer=True,
    )
    assert viewer.may_review("ministry", "other")
    assert viewer.may_review("", "other")
    assert not viewer.may_review("ministry", "council")
    assert Viewer(everything=True).may_review("", "council")
