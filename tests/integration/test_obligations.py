"""Plans derive obligations when saved; editors report on them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.cli.cli import ckan
from ckan.tests.helpers import call_action, call_auth

from ckanext.actionplan import clock
from ckanext.actionplan.core.obligation import obligation_id
from ckanext.actionplan.model import (
    ObligationRow,
    Participant,
    Party,
    PlanRow,
    ReportEvent,
    TaskRow,
)

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.usefixtures("non_clean_db")

TODAY = date(2026, 11, 21)
AMENDMENT = {"document": "Рішення", "number": "5", "date": "2026-11-20"}


@pytest.fixture(autouse=True)
def fixed_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: TODAY)


@pytest.fixture
def world(organization_factory: Any, user_factory: Any) -> dict[str, Any]:
    """A council, two utilities with an editor each, and a stranger."""
    editor, other, stranger = user_factory(), user_factory(), user_factory()
    return {
        "council": organization_factory(),
        "water": organization_factory(
            users=[{"name": editor["name"], "capacity": "editor"}]
        ),
        "heat": organization_factory(
            users=[{"name": other["name"], "capacity": "editor"}]
        ),
        "editor": editor["name"],
        "other": other["name"],
        "stranger": stranger["name"],
    }


@pytest.fixture
def make_plan(world: dict[str, Any], action_plan_factory: Any) -> Callable[..., Any]:
    def make(*tasks: dict[str, Any], **more: Any) -> dict[str, Any]:
        water, heat = world["water"]["id"], world["heat"]["id"]
        filled = [
            {"number": f"1.{n}", "title": f"Task {n}", "deadline": "x", **task}
            for n, task in enumerate(tasks, 1)
        ]
        values = {
            "owner_org": world["council"]["id"],
            "participants": [water, heat],
            "executors": [
                {"name": "Water", "who": "participants", "organizations": [water]},
                {"name": "All", "who": "all", "organizations": []},
                {"name": "Abroad", "who": "outside", "organizations": []},
            ],
            "tasks": filled,
        }
        return action_plan_factory(**{**values, **more})

    return make


def derived(plan: dict[str, Any]) -> list[Any]:
    table = ObligationRow.__table__
    statement = sa.select(table).where(table.c.plan_id == plan["id"])
    return list(model.Session.execute(statement.order_by(table.c.id)))


def by_occurrence(plan: dict[str, Any]) -> dict[str, Any]:
    return {row.occurrence: row for row in derived(plan)}


def patch(plan: dict[str, Any], **values: Any) -> dict[str, Any]:
    site_user = call_action("get_site_user")["name"]
    return call_action("package_patch", {"user": site_user}, id=plan["id"], **values)


def test_saving_derives_in_the_same_transaction(
    make_plan: Any, world: dict[str, Any]
) -> None:
    plan = make_plan(
        {"due": "../2026-12-01", "executors": ["Water"]},
        {"due": "R/P6M", "executors": ["All"], "performed": "each"},
        {"due": "R/P1Y", "executors": ["All"], "lead": world["heat"]["id"]},
        {"due": "", "executors": ["Abroad"]},
    )
    tasks = {task["number"]: task["id"] for task in plan["tasks"]}
    rows = derived(plan)
    count = {
        number: sum(row.task_id == task for row in rows)
        for number, task in tasks.items()
    }
    assert count == {"1.1": 1, "1.2": 8, "1.3": 2, "1.4": 1}
    joint = next(row for row in rows if row.task_id == tasks["1.3"])
    assert joint.organization_id == world["heat"]["id"]
    party = Party.__table__.c
    shared = model.Session.execute(
        sa.select(party.organization_id).where(party.obligation_id == joint.id)
    ).scalar()
    assert shared == world["water"]["id"]
    open_one = next(row for row in rows if row.task_id == tasks["1.4"])
    assert (open_one.reason, open_one.mark) == ("no_date", "outside")
    assert open_one.organization_id == world["council"]["id"]


def test_the_term_and_the_participants_are_rows(
    make_plan: Any, world: dict[str, Any]
) -> None:
    plan = make_plan(
        {"due": "R/P1Y", "executors": ["Nobody"]}, executors=[{"name": "Nobody"}]
    )
    row = model.Session.get(PlanRow, plan["id"])
    assert row.period_end == date(2027, 12, 31)
    assert (row.tasks, row.unmapped_executors) == (1, 1)
    participant = Participant.__table__.c
    found = model.Session.execute(
        sa.select(participant.organization_id)
        .where(participant.plan_id == plan["id"])
        .order_by(participant.position)
    ).scalars()
    assert list(found) == [world["water"]["id"], world["heat"]["id"]]


def test_deriving_twice_changes_nothing(make_plan: Any) -> None:
    plan = make_plan({"due": "R/P3M", "executors": ["All"], "performed": "each"})
    before = derived(plan)
    call_action("actionplan_plan_derive", id=plan["id"])
    assert derived(plan) == before


def test_a_moved_date_keeps_the_id(make_plan: Any) -> None:
    plan = make_plan({"due": "../2026-12-01", "executors": ["Water"]})
    (task,) = plan["tasks"]
    patch(plan, tasks=[{**task, "due": "../2027-03-01"}])
    (row,) = derived(plan)
    assert row.id == obligation_id(plan["id"], task["id"], "", "once")
    assert row.due_on == date(2027, 3, 1)


def test_what_is_no_longer_derived_is_withdrawn_and_comes_back(make_plan: Any) -> None:
    plan = make_plan(
        {"due": "../2026-12-01", "executors": ["Water"]},
        {"due": "R/P1Y", "executors": ["Water"]},
    )
    first, second = plan["tasks"]
    patch(plan, tasks=[first], amendments=[AMENDMENT])
    gone = [row for row in derived(plan) if row.task_id == second["id"]]
    assert len(gone) == 2
    assert all(row.withdrawn for row in gone)
    assert model.Session.get(TaskRow, (plan["id"], second["id"])).removed
    assert not by_occurrence(plan)["once"].withdrawn


def test_deriving_all_forgets_purged_plans(
    make_plan: Any, world: dict[str, Any], cli: Any
) -> None:
    kept = make_plan({"due": "../2026-12-01", "executors": ["Water"]})
    plan = make_plan({"due": "R/P1Y", "executors": ["All"]})
    report(world["editor"], by_occurrence(plan)["2026"].id)
    site_user = call_action("get_site_user")["name"]
    call_action("dataset_purge", {"user": site_user}, id=plan["id"])
    assert derived(plan)
    result = cli.invoke(ckan, ["actionplan", "plan", "derive", "--all"])
    assert not result.exit_code, result.output
    assert plan["name"] not in result.output
    assert not derived(plan)
    assert model.Session.get(PlanRow, plan["id"]) is None
    assert len(derived(kept)) == 1


def test_a_withdrawn_task_names_its_act(make_plan: Any) -> None:
    plan = make_plan({"due": "../2026-12-01", "executors": ["Water"]})
    (task,) = plan["tasks"]
    patch(plan, tasks=[{**task, "withdrawn_by": "Order 7 of 1 May"}])
    (row,) = derived(plan)
    assert (row.withdrawn, row.withdrawn_by) == (True, "Order 7 of 1 May")


@pytest.mark.ckan_config("ckanext.actionplan.obligations_count", 3)
def test_too_many_obligations_are_refused_and_nothing_is_left(
    make_plan: Any,
) -> None:
    with pytest.raises(tk.ValidationError) as error:
        make_plan({"due": "R/P3M", "executors": ["Water"]}, name="too-long")
    assert "8" in error.value.error_dict["tasks"][0]
    assert model.Package.get("too-long") is None


def test_the_list_shows_what_needs_doing_first(
    make_plan: Any, world: dict[str, Any]
) -> None:
    make_plan(
        {"due": "../2027-05-01", "executors": ["Water"]},
        {"due": "../2026-12-01", "executors": ["Water"]},
        {"due": "../2026-10-01", "executors": ["Water"]},
        {"due": "../2026-11-15", "executors": ["Water"]},
        {"due": "", "executors": ["Water"]},
    )
    rows = call_action(
        "actionplan_obligation_list", organization_id=world["water"]["id"]
    )
    assert [(row["number"], row["status"], row["days"]) for row in rows] == [
        ("1.3", "overdue", 51),
        ("1.4", "reporting", 6),
        ("1.2", "due", None),
        ("1.5", "unresolved", None),
        ("1.1", "upcoming", None),
    ]


def test_the_list_takes_a_constant_number_of_statements(
    make_plan: Any, count_queries: Any
) -> None:
    def cost(tasks: int) -> int:
        plan = make_plan(*[{"due": "R/P1M", "executors": ["All"]}] * tasks)
        with count_queries() as statements:
            rows = call_action("actionplan_obligation_list", plan_id=plan["id"])
        assert len(rows) == 24 * tasks
        return len(statements)

    assert cost(2) == cost(20)


def test_saving_a_plan_takes_a_constant_number_of_statements(
    make_plan: Any, count_queries: Any
) -> None:
    def cost(tasks: int) -> int:
        plan = make_plan(*[{"due": "R/P3M", "executors": ["All"]}] * tasks)
        with count_queries() as statements:
            call_action("actionplan_plan_derive", id=plan["id"])
        return len(statements)

    assert cost(2) == cost(30)


def report(user: str, obligation: str, **values: Any) -> dict[str, Any]:
    context = {"user": user, "ignore_auth": False}
    data = {"done_on": "2026-11-20", "note": "Done", "link": "https://example.org/1"}
    return call_action(
        "actionplan_report_submit",
        context,
        obligation_id=obligation,
        **{**data, **values},
    )


def test_reviewers_see_what_is_not_accepted(
    make_plan: Any,
    world: dict[str, Any],
    roles: dict[str, str],
    ckan_config: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plan = make_plan({"due": "../2026-12-01", "executors": ["Water"]})
    (row,) = derived(plan)
    report(world["editor"], row.id)

    def note(role: str) -> str | None:
        context = {"user": roles[role], "ignore_auth": False}
        return call_action("actionplan_obligation_show", context, id=row.id)["report"][
            "note"
        ]

    assert {role for role in ROLES if note(role)} == {"editor", "admin", "sysadmin"}
    user = model.User.get(roles["reviewer"])
    (reviewers,) = user.get_groups("organization")
    monkeypatch.setitem(
        ckan_config, "ckanext.actionplan.reviewers_organization", reviewers.name
    )
    assert note("reviewer") == "Done"
    patch(plan, reviewing_organization=world["heat"]["id"])
    assert note("reviewer") is None
    assert note("other") == "Done"


def test_a_report_is_kept_with_its_rounds(
    make_plan: Any, world: dict[str, Any]
) -> None:
    plan = make_plan({"due": "../2026-12-01", "executors": ["Water"]})
    (row,) = derived(plan)
    assert report(world["editor"], row.id)["status"] == "submitted"
    shown = report(world["editor"], row.id, note="Done well")
    assert shown["report"]["note"] == "Done well"
    event = ReportEvent.__table__.c
    notes = model.Session.execute(
        sa.select(event.note).where(event.obligation_id == row.id).order_by(event.id)
    ).scalars()
    assert list(notes) == ["Done", "Done well"]


def test_the_public_does_not_see_what_is_not_accepted(
    make_plan: Any, world: dict[str, Any]
) -> None:
    plan = make_plan({"due": "../2026-12-01", "executors": ["Water"]})
    (row,) = derived(plan)
    report(world["editor"], row.id)
    context = {"user": "", "ignore_auth": False}
    shown = call_action("actionplan_obligation_show", context, id=row.id)
    assert shown["status"] == "submitted"
    assert shown["report"]["done_on"] == date(2026, 11, 20)
    assert shown["report"]["note"] is None
    assert shown["report"]["link"] is None
    assert "author_id" not in shown["report"]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"done_on": ""}, "done_on"),
        ({"done_on": "2026-11-22"}, "done_on"),
        ({"done_on": "yesterday"}, "done_on"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"note": "", "link": ""}, "note"),
        ({"note": "x" * 10_001}, "note"),
    ],
)
def test_a_bad_report_names_its_field(
    make_plan: Any, world: dict[str, Any], values: dict[str, str], field: str
) -> None:
    (row,) = derived(make_plan({"due": "../2026-12-01", "executors": ["Water"]}))
    with pytest.raises(tk.ValidationError) as error:
        report(world["editor"], row.id, **values)
    assert list(error.value.error_dict) == [field]
    assert by_occurrence({"id": row.plan_id})["once"]
    event = ReportEvent.__table__.c
    assert not model.Session.execute(
        sa.select(event.id).where(event.obligation_id == row.id)
    ).all()


def test_a_link_counts_once_for_a_task(make_plan: Any, world: dict[str, Any]) -> None:
    rows = by_occurrence(make_plan({"due": "R/P3M", "executors": ["Water"]}))
    report(world["editor"], rows["2026-Q2"].id)
    with pytest.raises(tk.ValidationError) as error:
        report(world["editor"], rows["2026-Q3"].id)
    assert "Q2 2026" in error.value.error_dict["link"][0]
    report(world["editor"], rows["2026-Q3"].id, link="https://example.org/2")


@pytest.mark.parametrize(
    ("task", "more"),
    [
        ({"due": ""}, {}),
        ({"due": "../2026-03-01"}, {"tracked_from": "2026-06-01"}),
        ({"due": "../2026-12-01", "withdrawn_by": "Order 7"}, {}),
    ],
)
def test_what_owes_nothing_takes_no_report(
    make_plan: Any, world: dict[str, Any], task: dict[str, Any], more: dict[str, Any]
) -> None:
    withdrawn = task.pop("withdrawn_by", "")
    plan = make_plan({**task, "executors": ["Water"]}, **more)
    if withdrawn:
        patch(plan, tasks=[{**plan["tasks"][0], "withdrawn_by": withdrawn}])
    (row,) = derived(plan)
    with pytest.raises(tk.ValidationError) as error:
        report(world["editor"], row.id)
    assert error.value.error_dict["obligation_id"]


ROLES = ("anonymous", "member", "editor", "admin", "other", "reviewer", "sysadmin")


@pytest.fixture
def roles(
    world: dict[str, Any],
    user_factory: Any,
    sysadmin_factory: Any,
    organization_factory: Any,
) -> dict[str, str]:
    """Names of users by their part towards the water utility."""
    reviewer = user_factory()["name"]
    organization_factory(users=[{"name": reviewer, "capacity": "admin"}])
    found = {"anonymous": "", "editor": world["editor"], "other": world["other"]}
    for capacity in ("member", "admin"):
        found[capacity] = user_factory()["name"]
        call_action(
            "organization_member_create",
            id=world["water"]["id"],
            username=found[capacity],
            role=capacity,
        )
    return {**found, "reviewer": reviewer, "sysadmin": sysadmin_factory()["name"]}


def allowed(action: str, user: str, **data: Any) -> bool:
    try:
        return call_auth(action, {"user": user, "model": model}, **data)
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return False


@pytest.mark.parametrize(
    ("action", "key", "who"),
    [
        ("actionplan_report_submit", "obligation_id", {"editor", "admin", "sysadmin"}),
        ("actionplan_obligation_show", "id", set(ROLES)),
        ("actionplan_obligation_list", "plan_id", set(ROLES)),
        ("actionplan_plan_derive", "plan", {"sysadmin"}),
    ],
)
def test_who_may(
    make_plan: Any, roles: dict[str, str], action: str, key: str, who: set[str]
) -> None:
    plan = make_plan({"due": "../2026-12-01", "executors": ["Water"]})
    (row,) = derived(plan)
    data = {"id": plan["id"]} if key == "plan" else {key: row.id}
    assert {role for role in ROLES if allowed(action, roles[role], **data)} == who


def test_private_plans_are_seen_by_members_of_their_owner(
    make_plan: Any, world: dict[str, Any], roles: dict[str, str]
) -> None:
    plan = make_plan({"due": "../2026-12-01", "executors": ["Water"]}, private=True)
    (row,) = derived(plan)
    call_action(
        "organization_member_create",
        id=world["council"]["id"],
        username=roles["member"],
        role="member",
    )

    def seen(role: str) -> bool:
        context = {"user": roles[role], "ignore_auth": False}
        return bool(
            call_action("actionplan_obligation_list", context, plan_id=plan["id"])
        )

    assert {role for role in ROLES if seen(role)} == {"member", "sysadmin"}
    shown = {
        role
        for role in ROLES
        if allowed("actionplan_obligation_show", roles[role], id=row.id)
    }
    assert shown == {"member", "sysadmin"}
    reporting = {
        role
        for role in ROLES
        if allowed("actionplan_report_submit", roles[role], obligation_id=row.id)
    }
    assert reporting == {"sysadmin"}


@pytest.mark.parametrize(
    "action", ["actionplan_obligation_show", "actionplan_report_submit"]
)
def test_an_unknown_obligation_is_not_found(action: str) -> None:
    with pytest.raises(tk.ObjectNotFound):
        call_action(
            action, id="none", obligation_id="none", done_on="2026-11-20", note="Done"
        )
