"""Whom a plan binds, who confirms it, and the page on which an owner sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from ckan import model

from ckanext.actionplan import clock
from ckanext.actionplan.logic import participants
from ckanext.actionplan.model import CouncilMember, Participant

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.usefixtures("non_clean_db")

PLAN = "plan-of-participants"


@pytest.fixture
def organizations(organization_factory: Any) -> Callable[[int], list[str]]:
    """Return a function that creates organizations and gives their ids."""
    return lambda number: [organization_factory()["id"] for _ in range(number)]


@pytest.fixture(autouse=True)
def no_rows(non_clean_db: None) -> None:
    """Forget the participants of the plan that these tests write."""
    model.Session.execute(
        sa.delete(Participant).where(Participant.__table__.c.plan_id == PLAN)
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
