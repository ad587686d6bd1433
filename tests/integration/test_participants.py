"""Whom a plan binds, who confirms it, and the page on which an owner sees it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.actionplan import clock
from ckanext.actionplan.logic import participants
from ckanext.actionplan.model import CouncilMember, Participant

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.usefixtures("non_clean_db", "clean_index")

PLAN = "plan-of-participants"


@pytest.fixture
def organizations(organization_factory: Any) -> Callable[[int], list[str]]:
    """Return a function that creates organizations and gives their ids."""
    return lambda number: [organization_factory()["id"] for _ in range(number)]


@pytest.fixture(autouse=True)
def no_rows(non_clean_db: None) -> None:
    """Forget the participants of the plan that these tests write."""
    model.Session.execute(
        sa.delete(Participant.__table__).where(Participant.__table__.c.plan_id == PLAN)
    )


def under(child: str, parent: str) -> None:
    """Put an organization below another, as ckanext-hierarchy does."""
    row = model.Member(
        group=model.Group.get(child),
        table_id=parent,
        table_name="group",
        capacity="public",
    )
    model.Session.add(row)
    model.Session.flush()


def listed(council: str, *organization_ids: str) -> None:
    """Put organizations on a council's list."""
    model.Session.add_all(
        CouncilMember(
            council_id=council, organization_id=each, added_by="", added_at=clock.now()
        )
        for each in organization_ids
    )
    model.Session.flush()


def write(
    owner: str, ids: list[str], user: dict[str, Any] | None = None, **context: Any
) -> participants.Bound:
    """Write the plan's participants as a user does."""
    named = {"user": user["name"]} if user else {}
    return participants.write(PLAN, owner, ids, {**named, **context})  # pyright: ignore[reportArgumentType]


class TestWrite:
    def test_a_stranger_waits(
        self, organizations: Callable[[int], list[str]], user: dict[str, Any]
    ) -> None:
        owner, stranger = organizations(2)
        bound = write(owner, [owner, stranger], user)
        assert dict(bound.since) == {owner: None}
        assert bound.pending == {stranger}

    def test_the_owners_children_at_any_depth_and_its_list_are_bound_at_once(
        self, organizations: Callable[[int], list[str]], user: dict[str, Any]
    ) -> None:
        owner, child, grandchild, on_list, other = organizations(5)
        under(child, owner)
        under(grandchild, child)
        under(owner, other)
        listed(owner, on_list)
        bound = write(owner, [child, grandchild, on_list, other], user)
        assert set(bound.since) == {child, grandchild, on_list}
        assert bound.pending == {other}

    def test_a_ring_of_organizations_comes_to_an_end(
        self, organizations: Callable[[int], list[str]], user: dict[str, Any]
    ) -> None:
        owner, child = organizations(2)
        under(child, owner)
        under(owner, child)
        assert set(write(owner, [child], user).since) == {child}

    def test_a_saver_speaks_for_what_it_administers(
        self, organization_factory: Any, user: dict[str, Any]
    ) -> None:
        owner = organization_factory()["id"]
        roles = {
            role: organization_factory(users=[{"name": user["name"], "capacity": role}])
            for role in ("admin", "editor", "member")
        }
        below = organization_factory()["id"]
        under(below, roles["admin"]["id"])
        ids = [*(each["id"] for each in roles.values()), below]
        bound = write(owner, ids, user)
        assert set(bound.since) == {roles["admin"]["id"], below}
        row = model.Session.get(Participant, (PLAN, below))
        assert row is not None
        assert row.confirmed_by == user["id"]
        assert row.owes_from is None

    def test_a_sysadmin_and_the_portal_itself_speak_for_all(
        self, organizations: Callable[[int], list[str]], sysadmin: dict[str, Any]
    ) -> None:
        owner, first, second = organizations(3)
        assert not write(owner, [first], sysadmin).pending
        assert not write(owner, [first, second], None, ignore_auth=True).pending

    @pytest.mark.parametrize("context", [None, {}, {"user": "nobody-of-that-name"}])
    def test_nobody_speaks_for_nobody(
        self, organizations: Callable[[int], list[str]], context: Any
    ) -> None:
        owner, stranger = organizations(2)
        bound = participants.write(PLAN, owner, [stranger], context)
        assert bound.pending == {stranger}

    def test_writing_again_keeps_what_was_confirmed_and_the_order(
        self,
        organizations: Callable[[int], list[str]],
        sysadmin: dict[str, Any],
        user: dict[str, Any],
    ) -> None:
        owner, first, second, third = organizations(4)
        write(owner, [first, second], sysadmin)
        bound = write(owner, [third, second, first], user)
        assert dict(bound.since) == {first: None, second: None}
        assert bound.pending == {third}
        # A sysadmin who mends a word does not speak for those who wait.
        assert write(owner, [third, second, first], sysadmin) == bound
        table = Participant.__table__.c
        rows = model.Session.scalars(
            sa.select(table.organization_id)
            .where(table.plan_id == PLAN)
            .order_by(table.position)
        )
        assert list(rows) == [third, second, first]

    def test_who_is_taken_out_and_named_again_is_asked_again(
        self,
        organizations: Callable[[int], list[str]],
        sysadmin: dict[str, Any],
        user: dict[str, Any],
    ) -> None:
        owner, other = organizations(2)
        write(owner, [other], sysadmin)
        assert not write(owner, [], user).since
        assert write(owner, [other], user).pending == {other}

    def test_who_waited_and_came_below_the_owner_owes_from_today(
        self, organizations: Callable[[int], list[str]], user: dict[str, Any]
    ) -> None:
        owner, child = organizations(2)
        assert write(owner, [child], user).pending == {child}
        under(child, owner)
        assert dict(write(owner, [child], user).since) == {child: clock.today()}
        assert dict(write(owner, [child], user).since) == {child: clock.today()}

    def test_statements_do_not_grow_with_participants(
        self,
        organizations: Callable[[int], list[str]],
        user: dict[str, Any],
        count_queries: Callable[[], Any],
    ) -> None:
        owner = organizations(1)[0]
        with count_queries() as few:
            write(owner, ["some-id"], user)
        write(owner, [], user)
        many = [f"id-{number}" for number in range(10_000)]
        with count_queries() as lots:
            bound = write(owner, many, user)
        assert len(lots) == len(few)
        assert len(bound.pending) == len(many)


class TestProposed:
    def test_children_and_the_list_by_title(self, organization_factory: Any) -> None:
        titles = ("Рада", "Водоканал", "архів", "Чужа", "Закрита")
        found = {title: organization_factory(title=title)["id"] for title in titles}
        under(found["Водоканал"], found["Рада"])
        listed(found["Рада"], found["архів"], found["Закрита"], found["Рада"])
        closed = model.Group.get(found["Закрита"])
        assert closed is not None
        closed.state = "deleted"
        model.Session.flush()
        choices = participants.proposed(found["Рада"])
        assert [choice["title"] for choice in choices] == ["архів", "Водоканал"]
        assert not participants.proposed("")


@pytest.fixture
def world(organization_factory: Any, user_factory: Any) -> SimpleNamespace:
    """Return a council, a child of it, a stranger, and an admin and editor of each."""

    def organization(title: str) -> dict[str, Any]:
        users = {role: user_factory() for role in ("admin", "editor")}
        made = organization_factory(
            title=title,
            users=[
                {"name": each["name"], "capacity": role} for role, each in users.items()
            ],
        )
        return {**made, **users}

    found = SimpleNamespace(
        council=organization("Рада"),
        child=organization("Відділ"),
        stranger=organization("Водоканал"),
    )
    under(found.child["id"], found.council["id"])
    model.Session.commit()
    return found


def task(title: str, due: str, names: list[str], performed: str) -> dict[str, Any]:
    return {
        "title": title,
        "deadline": "x",
        "due": due,
        "executors": names,
        "performed": performed,
    }


@pytest.fixture
def plan(world: SimpleNamespace) -> Callable[..., Any]:
    """Return a function that saves a plan as the council's editor does."""
    ids = {name: each["id"] for name, each in vars(world).items()}

    def make(
        owner: str = "council", user: dict[str, Any] | None = None, **more: Any
    ) -> dict[str, Any]:
        tasks = [
            task("each", "../2026-09-30", ["усі"], "each"),
            task("joint", "../2099-12-31", ["усі"], "jointly"),
            task("own", "../2099-12-31", ["власник"], "jointly"),
            task("nobody", "../2099-12-31", ["хтось"], "jointly"),
            task("open", "", ["усі"], "each"),
        ]
        for number, each in enumerate(tasks, 1):
            each["number"] = str(number)
        name = f"plan-{uuid4()}"
        values: dict[str, Any] = {
            "type": "action-plan",
            "name": name,
            "title": name,
            "owner_org": ids[owner],
            "period_start": "2026-01-01",
            "period_end": "2099-12-31",
            "in_force_from": "2026-01-01",
            "tracked_from": "2026-01-01",
            "participants": [ids["child"], ids["stranger"]],
            "executors": [
                {"name": "усі", "who": "all", "organizations": []},
                {"name": "власник", "who": "owner", "organizations": []},
                {"name": "хтось", "who": "", "organizations": []},
            ],
            "tasks": tasks,
        }
        saver = user or getattr(world, owner)["editor"]
        return as_user("package_create", saver, **{**values, **more})

    return make


def as_user(name: str, user: dict[str, Any] | None = None, /, **data: Any) -> Any:
    """Call an action with the permissions of a user, None: anonymous."""
    context: Any = {"user": user["name"] if user else "", "ignore_auth": False}
    return tk.get_action(name)(context, data)


class TestActions:
    def test_a_list_of_a_plan_and_of_an_organization(
        self, world: SimpleNamespace, plan: Callable[..., Any]
    ) -> None:
        made = plan()
        rows = as_user("actionplan_participant_list", plan_id=made["name"])
        told = [(row["organization"]["title"], row["pending"]) for row in rows]
        assert told == [("Відділ", False), ("Водоканал", True)]
        (row,) = as_user(
            "actionplan_participant_list", organization_id=world.stranger["id"]
        )
        assert row["council"]["title"] == "Рада"
        assert row["plan"]["id"] == made["id"]
        pending = as_user(
            "actionplan_participant_list", plan_id=made["id"], pending="false"
        )
        assert [row["organization"]["title"] for row in pending] == ["Відділ"]
        with pytest.raises(tk.ValidationError, match="Name a plan or an organization"):
            as_user("actionplan_participant_list")

    def test_private_plans_are_left_out(
        self, world: SimpleNamespace, plan: Callable[..., Any]
    ) -> None:
        made = plan(private=True)
        query = {"plan_id": made["id"]}
        assert as_user("actionplan_participant_list", **query) == []
        member = world.council["editor"]
        assert len(as_user("actionplan_participant_list", member, **query)) == 2

    def test_its_own_admin_confirms_and_owes_from_today(
        self, world: SimpleNamespace, plan: Callable[..., Any]
    ) -> None:
        made = plan()
        data = {"plan_id": made["name"], "organization_id": world.stranger["name"]}
        with pytest.raises(tk.NotAuthorized, match="nobody else can bind it"):
            as_user("actionplan_participant_confirm", world.council["admin"], **data)
        with pytest.raises(tk.NotAuthorized):
            as_user("actionplan_participant_confirm", world.stranger["editor"], **data)
        admin = world.stranger["admin"]
        row = as_user("actionplan_participant_confirm", admin, **data)
        assert row["owes_from"] == clock.today().isoformat()
        stored = model.Session.get(Participant, (made["id"], world.stranger["id"]))
        assert stored is not None
        assert stored.confirmed_by == admin["id"]
        assert as_user("actionplan_participant_confirm", admin, **data) == row
        owed = as_user(
            "actionplan_obligation_list", organization_id=world.stranger["id"]
        )
        assert {row["title"] for row in owed if row["plan_id"] == made["id"]} == {
            "joint",
            "open",
        }

    def test_who_is_not_named_and_what_is_not_seen(
        self, world: SimpleNamespace, plan: Callable[..., Any]
    ) -> None:
        admin = world.stranger["admin"]
        data = {"organization_id": world.stranger["id"]}
        public = plan(participants=[world.child["id"]])
        with pytest.raises(tk.ObjectNotFound, match="does not name"):
            as_user(
                "actionplan_participant_confirm", admin, plan_id=public["id"], **data
            )
        with pytest.raises(tk.ObjectNotFound):
            as_user("actionplan_participant_confirm", admin, plan_id="none", **data)
        hidden = plan(private=True)
        with pytest.raises(tk.NotAuthorized):
            as_user(
                "actionplan_participant_confirm", admin, plan_id=hidden["id"], **data
            )

    def test_the_approved_list_is_a_sysadmins_and_confirms_who_waits(
        self, world: SimpleNamespace, plan: Callable[..., Any], sysadmin: dict[str, Any]
    ) -> None:
        made = plan()
        data: dict[str, Any] = {
            "id": world.council["name"],
            "organizations": [world.stranger["name"]],
        }
        with pytest.raises(tk.NotAuthorized):
            as_user("actionplan_council_update", world.council["admin"], **data)
        saved = as_user("actionplan_council_update", sysadmin, **data)
        assert saved["organizations"] == [world.stranger["id"]]
        assert saved["confirmed"] == 1
        query = {"plan_id": made["id"], "pending": True}
        assert as_user("actionplan_participant_list", **query) == []
        shown = as_user("actionplan_council_show", id=world.council["id"])
        assert [each["title"] for each in shown["listed"]] == ["Водоканал"]
        emptied = {**data, "organizations": []}
        assert (
            as_user("actionplan_council_update", sysadmin, **emptied)["confirmed"] == 0
        )
        # Who was bound stays bound.
        assert as_user("actionplan_participant_list", **query) == []

    @pytest.mark.parametrize("given", [None, {"a": 1}, ["no-such-organization"]])
    def test_a_wrong_list_is_refused_with_a_sentence(
        self, world: SimpleNamespace, sysadmin: dict[str, Any], given: Any
    ) -> None:
        data = {"id": world.council["id"], "organizations": given}
        with pytest.raises(tk.ValidationError) as refused:
            as_user("actionplan_council_update", sysadmin, **data)
        assert refused.value.error_dict["organizations"]


class TestCouncil:
    def test_what_its_page_tells(
        self, world: SimpleNamespace, plan: Callable[..., Any]
    ) -> None:
        made = plan()
        shown = as_user(
            "actionplan_council_show", world.council["editor"], id=world.council["name"]
        )
        rows = {row["organization"]["title"]: row for row in shown["participants"]}
        assert list(rows) == ["Рада", "Водоканал", "Відділ"]
        assert rows["Рада"]["council"]
        assert rows["Водоканал"]["pending"] == [made["id"]]
        assert not rows["Водоканал"]["may_confirm"]
        assert rows["Відділ"]["child"]
        assert rows["Відділ"]["tasks_overdue"] == 1
        assert rows["Відділ"]["tasks_unresolved"] == 1
        assert shown["unmapped"] == [
            {"plan_id": made["id"], "name": "хтось", "tasks": 1}
        ]
        assert [row["title"] for row in shown["unresolved"]] == ["open"]
        assert [row["title"] for row in shown["own"]] == ["own"]
        stands_in = [(row["title"], row["mark"]) for row in shown["stands_in"]]
        assert stands_in == [("nobody", "unmapped")]
        assert shown["may_edit"]
        assert not shown["may_update"]

    def test_joint_tasks_stand_once_with_lead_and_parties(
        self, world: SimpleNamespace, plan: Callable[..., Any], sysadmin: dict[str, Any]
    ) -> None:
        tasks = [task("joint", "R/P1Y", ["усі"], "jointly")]
        made = plan(tasks=tasks, user=sysadmin, period_end="2027-12-31")
        shown = as_user("actionplan_council_show", id=world.council["id"])
        (joint,) = shown["joint"]
        assert joint["plan_id"] == made["id"]
        assert joint["lead"]["title"] == "Відділ"
        assert [each["title"] for each in joint["parties"]] == ["Водоканал"]
        assert sum(joint["statuses"].values()) == 2
        rows = {row["organization"]["title"]: row for row in shown["participants"]}
        assert rows["Водоканал"]["takes_part"] == 1
        assert rows["Відділ"]["takes_part"] == 0

    def test_tasks_of_another_council_are_not_summed_here(
        self, world: SimpleNamespace, plan: Callable[..., Any], sysadmin: dict[str, Any]
    ) -> None:
        plan(user=sysadmin)
        plan("stranger", user=sysadmin, participants=[world.child["id"]])
        shown = as_user("actionplan_council_show", id=world.council["id"])
        rows = {row["organization"]["title"]: row for row in shown["participants"]}
        assert rows["Відділ"]["tasks_overdue"] == 1
        assert shown["sums"]["tasks_overdue"] == 2

    def test_a_deleted_participant_stands_on_top_to_be_mapped_anew(
        self, world: SimpleNamespace, plan: Callable[..., Any], sysadmin: dict[str, Any]
    ) -> None:
        plan(user=sysadmin)
        tk.get_action("organization_delete")(
            {"ignore_auth": True, "user": sysadmin["name"]}, {"id": world.child["id"]}
        )
        shown = as_user("actionplan_council_show", id=world.council["id"])
        titles = [row["organization"]["title"] for row in shown["participants"]]
        assert titles == ["Рада", "Відділ", "Водоканал"]
        deleted = shown["participants"][1]
        assert deleted["organization"]["deleted"]
        assert deleted["tasks_overdue"] == 1
        # As on the page of all councils, what it owed is in no total.
        assert shown["sums"]["tasks_overdue"] == 1

    def test_a_merged_and_deleted_one_needs_no_mending(
        self,
        world: SimpleNamespace,
        plan: Callable[..., Any],
        sysadmin: dict[str, Any],
        organization_factory: Any,
    ) -> None:
        plan(user=sysadmin)
        heir = organization_factory(title="Архів")
        context = {"ignore_auth": True, "user": sysadmin["name"]}
        old = world.child["id"]
        tk.get_action("actionplan_publisher_merge")(
            dict(context), {"old": old, "new": heir["id"], "merged_from": "2026-11-01"}
        )
        tk.get_action("organization_delete")(dict(context), {"id": old})
        shown = as_user("actionplan_council_show", id=world.council["id"])
        last = shown["participants"][1:]
        titles = [row["organization"]["title"] for row in last]
        # The old one has its place by title, not on top.
        assert titles[0] == "Архів"
        assert set(titles[1:]) == {"Відділ", "Водоканал"}
        former = next(row for row in last if row["organization"]["id"] == old)
        assert former["plans"] == []
        assert former["tasks_overdue"] == 1

    def test_private_plans_count_for_members_only(
        self, world: SimpleNamespace, plan: Callable[..., Any]
    ) -> None:
        plan(private=True)
        data = {"id": world.council["id"]}
        assert as_user("actionplan_council_show", **data)["plans"] == []
        assert as_user("actionplan_council_show", **data)["participants"] == []
        member = world.council["editor"]
        assert len(as_user("actionplan_council_show", member, **data)["plans"]) == 1

    def test_statements_do_not_grow_with_participants_and_tasks(
        self,
        world: SimpleNamespace,
        plan: Callable[..., Any],
        organizations: Callable[[int], list[str]],
        sysadmin: dict[str, Any],
        count_queries: Callable[[], Any],
    ) -> None:
        made = plan(user=sysadmin)
        data = {"id": world.council["id"]}
        as_user("actionplan_council_show", **data)
        with count_queries() as few:
            as_user("actionplan_council_show", **data)
        grown = [
            *made["tasks"],
            *(task(f"t{number}", "R/P3M", ["усі"], "each") for number in range(5)),
        ]
        tk.get_action("package_patch")(
            {"ignore_auth": True, "user": sysadmin["name"]},
            {
                "id": made["id"],
                "participants": [*made["participants"], *organizations(8)],
                "tasks": grown,
                "amendments": [
                    {"document": "рішення", "number": "5", "date": "2026-11-01"}
                ],
            },
        )
        with count_queries() as lots:
            shown = as_user("actionplan_council_show", **data)
        assert len(shown["participants"]) == 11
        assert len(lots) == len(few)

    def test_statements_do_not_grow_with_plans(
        self,
        world: SimpleNamespace,
        plan: Callable[..., Any],
        count_queries: Callable[[], Any],
    ) -> None:
        first = plan()["id"]
        data = {"id": world.council["id"]}
        as_user("actionplan_council_show", **data)
        with count_queries() as few:
            as_user("actionplan_council_show", **data)
        made = {first, *(plan()["id"] for _ in range(3))}
        with count_queries() as lots:
            shown = as_user("actionplan_council_show", **data)
        assert {row["plan_id"] for row in shown["unmapped"]} == made
        assert {(row["name"], row["tasks"]) for row in shown["unmapped"]} == {
            ("хтось", 1)
        }
        assert len(lots) == len(few)
