"""Publishers: live, and from their stored sums; both tell the same."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.cli.cli import ckan
from ckan.tests.helpers import call_action, call_auth

from ckanext.actionplan import clock
from ckanext.actionplan.core.facts import Fact
from ckanext.actionplan.interfaces import IActionPlan
from ckanext.actionplan.logic import facts, scope, standing
from ckanext.actionplan.model import Participant, Snapshot, Standing
from ckanext.actionplan.model.publishers import SUMS
from ckanext.actionplan.rules.base import Criterion
from ckanext.actionplan.rules.criteria import criteria
from ckanext.actionplan.rules.criteria.datasets import Quality

TODAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 10, tzinfo=timezone.utc)
URL = "http://national.example"

pytestmark = pytest.mark.usefixtures("clean_db", "clean_index")


@pytest.fixture(autouse=True)
def frozen(monkeypatch):
    monkeypatch.setattr(clock, "today", lambda: TODAY)
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def editor(user_factory):
    return user_factory()


@pytest.fixture
def world(organization_factory, editor):
    users = [{"name": editor["name"], "capacity": "editor"}]
    return {
        "council": organization_factory(title="Рада", name="rada"),
        "water": organization_factory(title="Водоканал", name="voda", users=users),
        "heat": organization_factory(title="Тепломережа", name="teplo"),
        "lonely": organization_factory(title="Самотня громада", name="samotnia"),
        "empty": organization_factory(title="Порожня", name="porozhnia"),
    }


@pytest.fixture
def plan(world, action_plan_factory):
    """Seven obligations on 21 November 2026."""

    def make(owner="council", members=("water", "heat"), **more):
        ids = {name: each["id"] for name, each in world.items()}
        tasks = [
            ("overdue", "../2026-09-30", ["Вода"]),
            ("open", "../2026-12-31", ["Вода"]),
            ("later", "../2027-06-30", ["Вода"]),
            ("unresolved", "", ["Вода"]),
            ("shared", "../2026-10-01", ["Вода", "Тепло"]),
            ("nobody", "../2026-12-31", ["Хтось"]),
        ]
        first, last = ids[members[0]], ids[members[-1]]
        return action_plan_factory(
            **{
                "owner_org": ids[owner],
                "participants": [ids[each] for each in members],
                "executors": [
                    {"name": "Вода", "who": "participants", "organizations": [first]},
                    {"name": "Тепло", "who": "participants", "organizations": [last]},
                    {"name": "Хтось", "who": "", "organizations": []},
                ],
                "tasks": [
                    {
                        "number": str(number),
                        "title": title,
                        "deadline": "x",
                        "due": due,
                        "executors": names,
                        "performed": "jointly",
                    }
                    for number, (title, due, names) in enumerate(tasks, 1)
                ],
                **more,
            }
        )

    return make


@pytest.fixture
def make(package_factory, world):
    """A dataset that was updated so many days ago."""

    def make_one(owner="water", days=10, every="once a month", **more):
        extras = [
            {"key": "update_frequency", "value": every},
            {"key": "language", "value": "ua"},
            {"key": "purpose_of_collecting_information", "value": "Облік"},
        ]
        dataset = package_factory(
            **{
                "owner_org": world[owner]["id"],
                "license_id": "cc-by",
                "maintainer": "Олена",
                "maintainer_email": "o@example.org",
                "tags": [{"name": "облік"}],
                "resources": [{"url": "http://e.org/a.csv", "format": "CSV"}],
                "extras": extras,
                **more,
            }
        )
        changed = (NOW - timedelta(days=days)).replace(tzinfo=None)
        for table, column, values in (
            (model.package_table, "id", ("metadata_created", "metadata_modified")),
            (
                model.resource_table,
                "package_id",
                ("metadata_modified", "last_modified"),
            ),
        ):
            model.Session.execute(
                sa.update(table)
                .where(table.c[column] == dataset["id"])
                .values(dict.fromkeys(values, changed))
            )
        facts.write([dataset["id"]])
        standing.touch([world[owner]["id"]])
        model.Session.commit()
        return dataset

    return make_one


@pytest.fixture
def upstream(monkeypatch):
    """A whole snapshot of yesterday with copies of the datasets given."""

    def take(*datasets):
        monkeypatch.setitem(tk.config, "ckanext.actionplan.upstream_url", URL)
        day = NOW - timedelta(days=1)
        model.Session.add(
            Snapshot(id="s", url=URL, started_at=day, finished_at=day, state="whole")
        )
        copies = [
            Fact(
                each["id"],
                each["name"],
                "",
                "",
                "",
                "",
                None,
                day,
                day,
                0,
                (),
                False,
                (),
            )
            for each in datasets
        ]
        facts.save("upstream", copies)
        standing.refresh()
        model.Session.commit()

    return take


def show(name, user=None):
    context = {"ignore_auth": False, "user": user} if user is not None else None
    return call_action("actionplan_publisher_show", context=context, id=name)


def by_id(card):
    return {each["id"]: each for each in card["criteria"]}


def pairs(card):
    return {
        each["id"]: (each["numerator"], each["denominator"])
        for each in card["criteria"]
        if each["measured"]
    }


def test_card(plan, make, upstream):
    plan()
    good = make()
    make(days=60)
    make(every="Позапланово", maintainer="")
    make(every="колись", resources=[], days=200)
    upstream(good)
    found = show("voda")
    assert found["organization"]["title"] == "Водоканал"
    assert [each["name"] for each in found["councils"]] == ["rada"]
    assert (found["is_council"], found["without_plan"]) == (False, False)
    assert len(found["tasks"]) == 5
    card = found["card"]
    assert pairs(card) == {
        # overdue, unresolved, and the joint one that it leads.
        "plan": (0, 3),
        "timeliness": (1, 2),
        "quality": (2, 4),
        "harvest": (1, 4),
        "openness": (3, 4),
    }
    # 15/2 + 10/2 + 10/4 + 15/4 of 75 measured: 18.75 / 75.
    assert (card["total"], card["measured_weight"]) == (25.0, 75)
    assert by_id(card)["publication"]["why_not"] == "no_catalogue"
    assert [each["title"] for each in by_id(card)["plan"]["rows"]] == [
        "overdue",
        "shared",
        "unresolved",
    ]
    # 35 of 75 over three obligations.
    assert card["do_first"][0]["gain"] == 15.5
    assert len(card["do_first"]) == 5
    late = found["datasets"][0]
    assert (late["late_days"], late["on_time"], late["days_since"]) == (29, False, 60)
    assert {each["presence"] for each in found["datasets"]} == {"present", "missing"}


def test_joint_task_counts_for_who_leads(plan):
    plan()
    found = show("teplo")
    assert [task["title"] for task in found["tasks"]] == ["shared"]
    assert pairs(found["card"]) == {}
    assert by_id(found["card"])["plan"]["why_not"] == "no_tasks"
    assert found["card"]["total"] is None
    assert found["card"]["do_first"] == []


def test_unmatched_executor_counts_against_the_owner(plan):
    plan()
    found = show("rada")
    assert found["is_council"]
    assert found["councils"] == []
    assert pairs(found["card"]) == {"plan": (0, 1)}


def test_report_counts(plan, editor):
    plan()
    overdue = next(task for task in show("voda")["tasks"] if task["title"] == "overdue")
    call_action(
        "actionplan_report_submit",
        context={"user": editor["name"]},
        obligation_id=overdue["id"],
        done_on="2026-09-29",
        note="Зроблено",
    )
    assert pairs(show("voda")["card"])["plan"] == (1, 3)
    row = model.Session.get(Standing, (overdue["organization_id"], "2026-Q4"))
    assert (row.tasks_done, row.tasks_overdue) == (1, 1)


def test_without_plan(make):
    make("lonely")
    found = show("samotnia")
    assert found["without_plan"]
    assert by_id(found["card"])["plan"]["why_not"] == "no_plan"
    assert found["card"]["total"] is None


def test_nothing_at_all(world):
    card = show("porozhnia")["card"]
    assert {each["id"]: each["why_not"] for each in card["criteria"]} == {
        "plan": "no_plan",
        "publication": "no_catalogue",
        "timeliness": "no_datasets",
        "quality": "no_datasets",
        "harvest": "no_upstream",
        "openness": "no_datasets",
    }


def test_reasons_when_nothing_can_be_judged(make, upstream):
    make(every="Позапланово", days=2)
    upstream()
    found = by_id(show("voda")["card"])
    assert found["timeliness"]["why_not"] == "nothing_judged"
    assert found["harvest"]["why_not"] == "too_new"


def test_counts_are_the_rows_behind_them(plan, make, upstream):
    plan()
    upstream(make(), make("heat", days=99))
    make(maintainer_email="")
    make("lonely", title="")
    current = scope.current()
    for criterion in criteria().values():
        select = criterion.rows(current)
        if select is None:
            continue
        judged: dict[str, list[bool]] = {}
        for row in model.Session.execute(select).mappings():
            judged.setdefault(row["organization_id"], []).append(row["counted"])
        counts = criterion.counts(current)
        assert counts is not None
        counted = {
            row.organization_id: (row.numerator, row.denominator)
            for row in model.Session.execute(counts)
        }
        assert counted == {
            key: (sum(values), len(values)) for key, values in judged.items()
        }
        assert counted


def test_standing_equals_the_live_card(plan, make, upstream, world):
    plan()
    upstream(make(), make(days=99), make("heat"), make("lonely", resources=[]))

    def compare():
        model.Session.expire_all()
        for each in world.values():
            row = model.Session.get(Standing, (each["id"], "2026-Q4"))
            card = show(each["name"])["card"]
            if row is None:
                assert pairs(card) == {}
                continue
            stored = {key: tuple(value) for key, value in row.counts.items()}
            assert stored == pairs(card)
            total = None if row.total is None else float(row.total)
            assert total == card["total"]

    compare()
    before = sums()
    standing.refresh()
    model.Session.commit()
    compare()
    assert sums() == before


def sums():
    model.Session.expire_all()
    return {
        row.organization_id: [getattr(row, name) for name in SUMS]
        for row in model.Session.query(Standing)
        if any(getattr(row, name) for name in SUMS)
    }


def test_refresh_removes_what_is_no_more(make, world):
    make()
    model.Session.add_all(
        Standing(organization_id=key, period=period, refreshed_at=NOW)
        for key, period in (("gone", "2026-Q4"), (world["water"]["id"], "2026-Q3"))
    )
    model.Session.commit()
    assert call_action("actionplan_standing_refresh") == {"publishers": 1}
    rows = model.Session.query(Standing).all()
    assert [(row.organization_id, row.period) for row in rows] == [
        (world["water"]["id"], "2026-Q4")
    ]


def test_refresh_with_nothing(cli):
    result = cli.invoke(ckan, ["actionplan", "standing", "refresh"])
    assert "Sums of 0 publishers" in result.output


# All publishers


def listed(**query):
    return call_action("actionplan_publisher_list", **query)


def names(rows):
    return [row["organization"]["name"] for row in rows]


def test_councils_and_their_participants(plan, make):
    plan()
    make()
    make("lonely")
    found = listed()
    assert found["period"] == "2026-Q4"
    assert names(found["councils"]) == ["rada"]
    assert names(found["publishers"]) == ["samotnia"]
    council = found["councils"][0]
    assert names(council["participants"]) == ["voda", "teplo"]
    # Due: two overdue, one open; the council's own unmatched one.
    assert (council["tasks_due"], council["own"]["tasks_due"]) == (4, 1)
    assert (council["tasks_overdue"], council["tasks_unresolved"]) == (2, 1)
    assert (council["tasks_upcoming"], council["datasets"]) == (1, 1)
    assert council["plans"] == 1
    # plan 0 of 4 (35), timeliness 15, quality 10, openness 5 whole: 30 of 65.
    assert (council["total"], council["measured_weight"]) == (46.1, 65)
    assert found["publishers"][0]["without_plan"]
    assert (found["count"], found["page"], found["pages"]) == (2, 1, 1)
    totals = found["totals"]
    assert (totals["publishers"], totals["councils"], totals["plans"]) == (4, 1, 1)
    assert (totals["datasets"], totals["tasks_due"]) == (2, 4)


def test_publisher_in_two_councils_is_counted_once(plan, make):
    plan()
    plan("lonely", ("heat", "water"))
    make("water")
    found = listed()
    assert names(found["councils"]) == ["rada", "samotnia"]
    for council in found["councils"]:
        assert sorted(names(council["participants"])) == ["teplo", "voda"]
        assert council["datasets"] == 1
    assert found["totals"]["datasets"] == 1
    assert found["totals"]["publishers"] == 4
    assert found["totals"]["plans"] == 2


def test_private_plan_makes_no_council(plan, make):
    plan(private=True)
    make()
    found = listed()
    assert found["councils"] == []
    assert names(found["publishers"]) == ["voda"]
    assert found["totals"]["tasks_due"] == 0


def test_deleted_organization_is_out(plan, make, world):
    plan()
    make()
    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    context = {"user": user}
    call_action("organization_delete", context=context, id=world["water"]["id"])
    found = listed()
    assert names(found["councils"][0]["participants"]) == ["teplo"]
    assert found["councils"][0]["tasks_due"] == 1
    assert found["totals"]["publishers"] == 2
    with pytest.raises(tk.ObjectNotFound):
        show("voda")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"q": "водо"}, ["rada"]),
        ({"q": "samot"}, ["samotnia"]),
        ({"q": "100%"}, []),
        ({"state": "overdue"}, ["rada"]),
        ({"state": "late"}, ["samotnia"]),
        ({"state": "missing"}, []),
        ({"sort": "datasets desc"}, ["rada", "samotnia"]),
        ({"sort": "total desc"}, ["rada", "samotnia"]),
        ({"sort": "total", "page": 9}, ["rada", "samotnia"]),
    ],
)
def test_filters_and_sorts(plan, make, query, expected):
    plan()
    make()
    make("lonely", days=100)
    found = listed(**query)
    assert names(found["councils"]) + names(found["publishers"]) == expected
    assert found["count"] == len(expected)


@pytest.mark.parametrize(
    "query", [{"sort": "password"}, {"state": "x"}, {"page": -1}, {"page": "x"}]
)
def test_refused_queries(query):
    with pytest.raises(tk.ValidationError):
        listed(**query)


def test_pages(make, monkeypatch):
    monkeypatch.setitem(tk.config, "ckanext.actionplan.rows_count", 2)
    for owner, count in (("water", 1), ("heat", 3), ("lonely", 2)):
        for _ in range(count):
            make(owner)
    for sort in ("datasets desc", "datasets asc", "title asc"):
        pages = [listed(sort=sort, page=page) for page in (1, 2)]
        assert [len(found["publishers"]) for found in pages] == [2, 1]
        assert pages[0]["pages"] == 2
    found = listed(sort="datasets desc")
    assert names(found["publishers"]) == ["teplo", "samotnia"]


def test_last_known_sums_on_the_first_day_of_a_quarter(make, monkeypatch):
    make()
    monkeypatch.setattr(clock, "today", lambda: date(2027, 1, 1))
    found = listed()
    assert found["period"] == "2027-Q1"
    assert names(found["publishers"]) == ["voda"]


@pytest.fixture
def grow(world, plan, make, organization_factory):
    """Three more councils with plans and datasets."""

    def grow_once():
        for number in range(3):
            world[f"more-{number}"] = organization_factory()
            plan(f"more-{number}")
            make(f"more-{number}")
            make()

    return grow_once


def test_statements_do_not_grow(plan, make, grow, count_queries, editor):
    plan()
    make()
    make("lonely")

    def count():
        numbers: list[int] = []
        for call in (
            listed,
            lambda: listed(sort="total desc", q="а", state="overdue"),
            lambda: show("voda", ""),
            lambda: show("voda", editor["name"]),
            standing.refresh,
        ):
            call()
            model.Session.rollback()
            with count_queries() as statements:
                call()
            model.Session.rollback()
            numbers.append(len(statements))
        return numbers

    few = count()
    grow()
    assert count() == few
    assert max(few) <= 15


# Who sees what


def test_private_rows(plan, make, editor, user_factory):
    plan(private=True)
    make(title="Таємний", private=True)
    make()
    anonymous = show("voda", "")
    assert anonymous["tasks"] == []
    assert len(anonymous["datasets"]) == 1
    assert anonymous["without_plan"]
    stranger = show("voda", user_factory()["name"])
    assert (stranger["tasks"], len(stranger["datasets"])) == ([], 1)
    insider = show("voda", editor["name"])
    assert [each["private"] for each in insider["datasets"]].count(True) == 1
    # The plan belongs to the council, of which the editor is no member.
    assert insider["tasks"] == []
    assert (insider["may_edit"], stranger["may_edit"]) == (True, False)
    assert insider["card"] == anonymous["card"]
    everything = call_action("actionplan_publisher_show", id="voda")
    assert len(everything["tasks"]) == 5
    assert everything["card"] == anonymous["card"]


def test_json_can_carry_it(plan, make, app):
    plan()
    make()
    for action in ("publisher_show?id=voda", "publisher_list", "upstream_show"):
        response = app.get(f"/api/action/actionplan_{action}")
        assert response.json["success"]


@pytest.mark.parametrize("name", ["nowhere", "", "gruppe"])
def test_unknown_publisher(world, group_factory, name):
    group_factory(name="gruppe")
    with pytest.raises(tk.ObjectNotFound):
        show(name)


@pytest.mark.parametrize(
    ("period", "error"),
    [
        ("2026-Q4", None),
        ("", None),
        ("2026-Q3", tk.ObjectNotFound),
        ("2027-Q1", tk.ObjectNotFound),
        ("2026", tk.ValidationError),
        ("Q4", tk.ValidationError),
    ],
)
def test_period(world, period, error):
    if error:
        with pytest.raises(error):
            call_action("actionplan_publisher_show", id="voda", period=period)
    else:
        found = call_action("actionplan_publisher_show", id="voda", period=period)
        assert found["period"] == "2026-Q4"


ROLES = ("anonymous", "member", "editor", "admin", "other", "reviewer", "sysadmin")
READS = (
    "actionplan_publisher_show",
    "actionplan_publisher_list",
    "actionplan_upstream_show",
)
WRITES = (
    "actionplan_dataset_rebuild",
    "actionplan_upstream_refresh",
    "actionplan_standing_refresh",
)


def test_seven_roles(world, user_factory, sysadmin_factory, monkeypatch):
    users = {role: user_factory()["name"] for role in ROLES[1:-1]}
    users["sysadmin"] = sysadmin_factory()["name"]
    users["anonymous"] = ""
    places = {"other": ("heat", "editor"), "reviewer": ("council", "editor")}
    for role in ROLES[1:-1]:
        place, capacity = places.get(role, ("water", role))
        call_action(
            "organization_member_create",
            id=world[place]["id"],
            username=users[role],
            role=capacity,
        )
    monkeypatch.setitem(tk.config, "ckanext.actionplan.reviewers_organization", "rada")
    for role in ROLES:
        context = {"user": users[role], "model": model}
        for action in READS:
            assert call_auth(action, context=dict(context), id="voda")
        for action in WRITES:
            if role == "sysadmin":
                assert call_auth(action, context=dict(context))
            else:
                with pytest.raises(tk.NotAuthorized):
                    call_auth(action, context=dict(context))


# Other plugins


class Everything(Criterion):
    id = "publication"

    def rows(self, scope):
        return Quality().rows(scope)


def test_criterion_of_another_plugin(make, monkeypatch):
    make()

    class Other:
        def get_criteria(self):
            return [Everything()]

    def implementations(interface):
        assert interface is IActionPlan
        return [Other()]

    others = SimpleNamespace(PluginImplementations=implementations)
    monkeypatch.setattr("ckanext.actionplan.rules.criteria.p", others)
    found = criteria()["publication"].counts(scope.current())
    assert found is not None
    assert model.Session.execute(found).first().denominator == 1


def test_who_has_not_confirmed_is_in_no_council(plan, make, world):
    """Nobody binds a stranger: it is neither under the council nor in its sums."""
    made = plan()
    make("heat")
    table = Participant.__table__
    model.Session.execute(
        sa.update(table)
        .where(
            table.c.plan_id == made["id"],
            table.c.organization_id == world["heat"]["id"],
        )
        .values(confirmed_at=None)
    )
    model.Session.commit()
    found = call_action("actionplan_publisher_list")
    (council,) = found["councils"]
    titles = [row["organization"]["title"] for row in council["participants"]]
    assert titles == ["Водоканал"]
    assert council["datasets"] == 0
    assert [row["organization"]["title"] for row in found["publishers"]] == [
        "Тепломережа"
    ]
    assert call_action("actionplan_publisher_show", id="teplo")["councils"] == []


def test_council_in_another_council_counts_its_own_sums_once(plan, make):
    """Under the other one it stands as a participant, with its own sums only."""
    plan()
    plan(owner="lonely", members=("council", "heat"))
    make("water")
    make("council")
    found = call_action("actionplan_publisher_list")
    councils = {row["organization"]["name"]: row for row in found["councils"]}
    assert councils["rada"]["datasets"] == 2
    (nested,) = [
        row
        for row in councils["samotnia"]["participants"]
        if row["organization"]["name"] == "rada"
    ]
    assert nested["datasets"] == 1
    assert councils["samotnia"]["datasets"] == 1
    assert found["totals"]["datasets"] == 2
    assert found["totals"]["publishers"] == 4


def test_participants_of_a_deleted_council_stand_without_one(plan, make, world):
    """They do not vanish, and totals agree with the rows."""
    plan()
    make("water")
    group = model.Group.get(world["council"]["id"])
    group.state = "deleted"
    model.Session.commit()
    found = call_action("actionplan_publisher_list")
    assert found["councils"] == []
    assert "Водоканал" in [row["organization"]["title"] for row in found["publishers"]]
    assert found["totals"]["councils"] == found["totals"]["plans"] == 0
    assert found["totals"]["publishers"] == len(found["publishers"])
    assert found["totals"]["datasets"] == 1
