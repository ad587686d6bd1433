"""Organizations that are renamed, merged, deleted and restored."""

from __future__ import annotations

from datetime import date, datetime, timezone
from typing import Any

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.cli.cli import ckan
from ckan.tests.helpers import call_action, call_auth
from ckanext.activity.model import Activity

from ckanext.actionplan import clock
from ckanext.actionplan.logic import choices, importing, names
from ckanext.actionplan.model import (
    Change,
    CouncilMember,
    Draft,
    Merger,
    ObligationRow,
    Participant,
    PublisherName,
    Standing,
)

pytestmark = pytest.mark.usefixtures("clean_db", "clean_index")

TODAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 10, tzinfo=timezone.utc)


@pytest.fixture(autouse=True)
def fixed_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: TODAY)
    monkeypatch.setattr(clock, "now", lambda: NOW)


def by_portal(action: str, **data: Any) -> Any:
    """Call an action as the portal itself, a sysadmin."""
    site_user = call_action("get_site_user")["name"]
    return call_action(action, {"user": site_user}, **data)


def rename(organization: dict[str, Any], name: str) -> None:
    by_portal("organization_patch", id=organization["id"], name=name)


def remembered() -> dict[str, str]:
    table = PublisherName.__table__
    rows = model.Session.execute(sa.select(table.c.name, table.c.organization_id))
    return {row.name: row.organization_id for row in rows}


def merged(old: dict[str, Any], new: dict[str, Any]) -> None:
    values = {
        "old_id": old["id"],
        "new_id": new["id"],
        "merged_from": TODAY,
        "changed_at": NOW,
    }
    model.Session.execute(sa.insert(Merger.__table__), [values])
    model.Session.commit()


class TestNames:
    def test_a_new_organization_is_remembered(self, organization_factory: Any) -> None:
        water = organization_factory(name="voda")
        assert remembered() == {"voda": water["id"]}

    def test_groups_and_datasets_are_not(
        self, group_factory: Any, package_factory: Any
    ) -> None:
        group_factory(name="hrupa")
        package_factory(name="nabir", owner_org=None)
        assert remembered() == {}

    def test_both_names_lead_to_the_living_one(self, organization_factory: Any) -> None:
        water = organization_factory(name="voda")
        rename(water, "vodokanal")
        rename(water, "vodokanal-mista")
        assert {names.current(name) for name in remembered()} == {"vodokanal-mista"}
        assert set(remembered()) == {"voda", "vodokanal", "vodokanal-mista"}

    def test_a_former_name_is_remembered_though_nobody_saw_it(
        self, organization_factory: Any
    ) -> None:
        water = organization_factory(name="voda")
        model.Session.execute(sa.delete(PublisherName.__table__))
        model.Session.commit()
        rename(water, "vodokanal")
        assert names.current("voda") == "vodokanal"

    def test_a_living_organization_of_that_name_goes_first(
        self, organization_factory: Any
    ) -> None:
        water = organization_factory(name="voda")
        rename(water, "vodokanal")
        other = organization_factory(name="voda")
        assert names.current("voda") == "voda"
        assert remembered()["voda"] == other["id"]
        rename(other, "inshi")
        assert names.current("voda") == "inshi"

    def test_a_refused_rename_is_not_remembered(
        self, organization_factory: Any
    ) -> None:
        water, heat = organization_factory(name="voda"), organization_factory()
        with pytest.raises(tk.ValidationError):
            rename(water, heat["name"])
        assert remembered() == {"voda": water["id"], heat["name"]: heat["id"]}

    def test_unknown_names_and_purged_organizations_lead_nowhere(
        self, organization_factory: Any
    ) -> None:
        water = organization_factory(name="voda")
        by_portal("organization_purge", id=water["id"])
        assert names.current("voda") is None
        assert names.current("nikoly") is None
        assert names.known("voda") == water["id"]

    def test_a_deleted_one_leads_to_its_successors_successor(
        self, organization_factory: Any
    ) -> None:
        old, middle, new = (organization_factory(name=f"o-{n}") for n in range(3))
        merged(old, middle)
        merged(middle, new)
        assert names.current("o-0") == "o-0"
        by_portal("organization_delete", id=old["id"])
        assert names.current("o-0") == "o-1"
        by_portal("organization_delete", id=middle["id"])
        assert names.current("o-0") == "o-2"
        by_portal("organization_purge", id=old["id"])
        assert names.current("o-0") == "o-2"

    def test_all_names_are_remembered_by_night_in_one_statement(
        self, organization_factory: Any, group_factory: Any, count_queries: Any
    ) -> None:
        group_factory()
        made = {each["name"]: each["id"] for each in (organization_factory(),)}
        with count_queries() as few:
            assert names.remember_all() == 0
        made |= {e["name"]: e["id"] for e in (organization_factory() for _ in range(5))}
        model.Session.execute(sa.delete(PublisherName.__table__))
        with count_queries() as many:
            assert names.remember_all() == 6
        assert remembered() == made
        assert len(few) == len(many)


class TestOldAddresses:
    def test_every_page_of_a_publisher_moves_with_it(
        self, app: Any, organization_factory: Any
    ) -> None:
        water = organization_factory(name="voda")
        rename(water, "vodokanal")
        endings = ("", ".csv", ".json", ".xlsx")
        for path in (*endings, *(f"/participants{each}" for each in endings)):
            old = f"/compliance/organization/voda{path}?status=due&table=tasks"
            answer = app.get(old, follow_redirects=False)
            assert answer.status_code == 301
            assert answer.headers["Location"].endswith(
                f"/compliance/organization/vodokanal{path}?status=due&table=tasks"
            )
            assert "no-cache" in answer.headers["Cache-Control"]

    def test_in_the_readers_language(self, app: Any, organization_factory: Any) -> None:
        rename(organization_factory(name="voda"), "vodokanal")
        path = "/uk/compliance/organization/voda"
        answer = app.get(path, follow_redirects=False)
        assert answer.headers["Location"].endswith(
            "/uk/compliance/organization/vodokanal"
        )

    def test_a_name_that_came_back_shows_the_page(
        self, app: Any, organization_factory: Any
    ) -> None:
        water = organization_factory(name="voda")
        rename(water, "vodokanal")
        rename(water, "voda")
        page = "/compliance/organization/"
        assert app.get(f"{page}voda", follow_redirects=False).status_code == 200
        answer = app.get(f"{page}vodokanal", follow_redirects=False)
        assert answer.headers["Location"].endswith(f"{page}voda")

    def test_nobody_living_is_not_found(
        self, app: Any, organization_factory: Any
    ) -> None:
        water = organization_factory(name="voda")
        by_portal("organization_delete", id=water["id"])
        app.get("/compliance/organization/voda", status=404)
        app.get("/compliance/organization/nikoly", status=404)


@pytest.fixture
def world(organization_factory: Any) -> dict[str, dict[str, Any]]:
    """A council, a utility that ends, the one that goes on, and a third."""
    return {
        "council": organization_factory(name="rada", title="Рада"),
        "old": organization_factory(name="voda", title="Водоканал"),
        "new": organization_factory(name="merezhi", title="Міські мережі"),
        "heat": organization_factory(name="teplo", title="Тепломережа"),
    }


@pytest.fixture
def make_plan(world: dict[str, dict[str, Any]], action_plan_factory: Any) -> Any:
    """A plan of two tasks that the old utility leads and shares."""

    def make(*members: str, **more: Any) -> dict[str, Any]:
        ids = [world[each]["id"] for each in members or ("old", "heat")]
        executors = [
            {"name": "Мережі", "who": "participants", "organizations": ids},
            {"name": "Усі", "who": "all", "organizations": []},
        ]
        tasks = [
            {
                "number": "1",
                "title": "Оприлюднити схему мереж",
                "deadline": "до 31.12.2026",
                "due": "../2026-12-31",
                "executors": ["Мережі"],
                "lead": ids[0],
            },
            {
                "number": "2",
                "title": "Оновлювати перелік аварій",
                "deadline": "щокварталу",
                "due": "R/P3M",
                "executors": ["Усі"],
                "performed": "each",
            },
        ]
        values = {"participants": ids, "executors": executors, "tasks": tasks}
        owner = world["council"]["id"]
        return action_plan_factory(**{"owner_org": owner, **values, **more})

    return make


def merge(old: str = "voda", new: str = "merezhi", **data: Any) -> dict[str, Any]:
    values = {"old": old, "new": new, "merged_from": "2026-10-01", **data}
    return by_portal("actionplan_publisher_merge", **values)


def show(plan: dict[str, Any]) -> dict[str, Any]:
    return by_portal("package_show", id=plan["id"])


def refusal(field: str, **data: Any) -> str:
    with pytest.raises(tk.ValidationError) as caught:
        merge(**data)
    return str(caught.value.error_dict[field][0])


def mergers() -> list[tuple[str, str, date]]:
    table = Merger.__table__.c
    rows = model.Session.execute(
        sa.select(table.old_id, table.new_id, table.merged_from)
    )
    return [tuple(row) for row in rows]


class TestMerging:
    def test_plans_name_the_new_one(self, world: Any, make_plan: Any) -> None:
        plan = make_plan()
        done = merge()
        old, new, heat = (world[name]["id"] for name in ("old", "new", "heat"))
        after = show(plan)
        assert after["participants"] == [new, heat]
        assert after["executors"][0]["organizations"] == [new, heat]
        assert [task["lead"] for task in after["tasks"]] == [new, ""]
        assert [t["id"] for t in after["tasks"]] == [t["id"] for t in plan["tasks"]]
        assert mergers() == [(old, new, date(2026, 10, 1))]
        assert [each["id"] for each in done["plans"]] == [plan["id"]]
        assert done["plans"][0]["fields"] == ["participants", "executors", "tasks"]
        assert done["new"]["name"] == "merezhi"
        assert done["dry_run"] is False

    def test_both_named_stand_once(self, world: Any, make_plan: Any) -> None:
        plan = make_plan("heat", "new", "old")
        merge()
        ids = [world["heat"]["id"], world["new"]["id"]]
        assert show(plan)["participants"] == ids
        assert show(plan)["executors"][0]["organizations"] == ids

    def test_the_next_save_does_not_bring_it_back(
        self, world: Any, make_plan: Any
    ) -> None:
        plan = make_plan()
        merge()
        by_portal("package_patch", id=plan["id"], notes="Уточнено")
        assert world["old"]["id"] not in show(plan)["participants"]

    def test_plans_that_do_not_name_it_stay(self, make_plan: Any) -> None:
        other = make_plan("heat", "new")
        before = show(other)
        assert merge()["plans"] == []
        assert show(other) == before

    def test_private_and_deleted_plans_too(self, world: Any, make_plan: Any) -> None:
        private, deleted = make_plan(private=True), make_plan()
        by_portal("package_delete", id=deleted["id"])
        merge()
        for plan, state in ((private, "active"), (deleted, "deleted")):
            after = show(plan)
            assert after["participants"][0] == world["new"]["id"]
            assert (after["state"], after["private"]) == (state, plan["private"])

    def test_the_search_finds_the_plan_as_it_is(
        self, world: Any, make_plan: Any
    ) -> None:
        plan = make_plan(owner_org=world["old"]["id"])
        merge()
        found = by_portal(
            "package_search", fq="+dataset_type:action-plan +organization:merezhi"
        )
        assert [each["id"] for each in found["results"]] == [plan["id"]]

    def test_the_stream_of_activities_tells_it(self, make_plan: Any) -> None:
        plan = make_plan()
        merge()
        table = Activity.__table__.c
        kinds = model.Session.scalars(
            sa.select(table.activity_type)
            .where(table.object_id == plan["id"])
            .order_by(table.timestamp)
        ).all()
        assert kinds == ["new package", "changed package"]

    def test_plans_of_the_old_one_are_the_new_ones(
        self, world: Any, make_plan: Any
    ) -> None:
        first = make_plan(owner_org=world["old"]["id"], name="z-first")
        second = make_plan(
            owner_org=world["old"]["id"], name="a-second", replaces=first["id"]
        )
        done = merge()
        assert {show(each)["owner_org"] for each in (first, second)} == {
            world["new"]["id"]
        }
        assert all("owner_org" in each["fields"] for each in done["plans"])

    def test_reviewers_follow_unless_they_own_the_plan(
        self, world: Any, make_plan: Any
    ) -> None:
        reviewed = make_plan(reviewing_organization=world["old"]["id"])
        own = make_plan(
            "heat",
            owner_org=world["new"]["id"],
            reviewing_organization=world["old"]["id"],
        )
        merge()
        assert show(reviewed)["reviewing_organization"] == world["new"]["id"]
        assert not show(own).get("reviewing_organization")

    def test_a_confirmation_is_not_made_up(self, world: Any, make_plan: Any) -> None:
        plan, both = make_plan(), make_plan("old", "new")
        table = Participant.__table__
        waits = {"confirmed_at": None, "confirmed_by": ""}
        of_plan = table.c.plan_id == plan["id"]
        new_in_both = sa.and_(
            table.c.plan_id == both["id"],
            table.c.organization_id == world["new"]["id"],
        )
        model.Session.execute(sa.update(table).values(confirmed_at=NOW))
        model.Session.execute(
            sa.update(table).where(sa.or_(of_plan, new_in_both)).values(waits)
        )
        model.Session.commit()
        merge()
        rows = model.Session.execute(
            sa.select(table.c.plan_id, table.c.confirmed_at, table.c.owes_from).where(
                table.c.organization_id == world["new"]["id"]
            )
        ).all()
        found = {row.plan_id: row for row in rows}
        assert found[plan["id"]].confirmed_at is None
        assert found[both["id"]].confirmed_at is not None
        assert found[both["id"]].owes_from == date(2026, 10, 1)

    def test_lists_of_councils_follow(self, world: Any) -> None:
        council, old, new, heat = (
            world[name]["id"] for name in ("council", "old", "new", "heat")
        )
        rows = [(council, old), (council, new), (heat, old), (old, heat), (old, new)]
        table = CouncilMember.__table__
        values = [
            {"council_id": one, "organization_id": other, "added_at": NOW}
            for one, other in rows
        ]
        model.Session.execute(sa.insert(table), values)
        model.Session.commit()
        merge()
        left = model.Session.execute(sa.select(table.c[0], table.c[1])).all()
        assert {tuple(row) for row in left} == {
            (council, new),
            (heat, new),
            (new, heat),
        }

    def test_begun_imports_name_the_new_one(self, world: Any) -> None:
        draft = Draft(
            id="d",
            user_id="u",
            organization_id=world["council"]["id"],
            filename="plan.docx",
            content=b"",
            data={
                "owner_org": world["council"]["id"],
                "participants": [world["old"]["id"]],
                "tasks": [{"key": "1", "lead": world["old"]["id"]}],
            },
            review={},
            created_at=NOW,
            changed_at=NOW,
        )
        model.Session.add(draft)
        model.Session.commit()
        merge()
        model.Session.expire_all()
        data = model.Session.get(Draft, "d").data
        assert data["participants"] == [world["new"]["id"]]
        assert data["tasks"] == [{"key": "1", "lead": world["new"]["id"]}]
        assert data["owner_org"] == world["council"]["id"]

    def test_a_dry_run_tells_and_does_nothing(self, world: Any, make_plan: Any) -> None:
        plan = make_plan()
        before = show(plan)
        told = merge(dry_run=True)
        assert show(plan) == before
        assert mergers() == []
        assert {**merge(), "dry_run": True} == told

    def test_again_it_mends_and_changes_nothing_else(
        self, world: Any, make_plan: Any
    ) -> None:
        plan = make_plan()
        merge()
        before = show(plan)
        assert merge()["plans"] == []
        later = make_plan("heat", owner_org=world["old"]["id"])
        assert [each["id"] for each in merge()["plans"]] == [later["id"]]
        assert show(later)["owner_org"] == world["new"]["id"]
        assert show(plan) == before
        assert len(mergers()) == 1

    def test_afterwards_no_plan_names_the_old_one(self, world: Any) -> None:
        merge()
        new = world["new"]["id"]
        assert "voda" not in {each.name for each in importing.organizations()}
        assert "voda" not in {each["name"] for each in choices.offered()}
        assert choices.titles()[world["old"]["id"]] == "Водоканал"
        assert new in choices.titles()

    def test_naming_it_again_is_refused_with_its_heir(
        self, world: Any, make_plan: Any
    ) -> None:
        plan = make_plan()
        merge()
        ids = [world["old"]["id"]]
        with pytest.raises(tk.ValidationError) as caught:
            by_portal("package_patch", id=plan["id"], participants=ids)
        message = str(caught.value.error_dict["participants"][0])
        assert "“Водоканал” was merged into “Міські мережі”" in message

    def test_a_plan_that_cannot_be_saved_stops_all_of_it(
        self, world: Any, make_plan: Any
    ) -> None:
        good = make_plan("old", name="a-good")
        make_plan("old", "heat", name="b-bad", title="План з помилкою")
        by_portal("organization_purge", id=world["heat"]["id"])
        message = refusal("plans")
        assert "План з помилкою" in message
        assert world["heat"]["id"] in message
        assert mergers() == []
        assert show(good)["participants"] == [world["old"]["id"]]

    def test_two_deleted_ones_do_not_wait_for_each_other(
        self, world: Any, make_plan: Any
    ) -> None:
        plan = make_plan()
        for name in ("old", "heat"):
            by_portal("organization_delete", id=world[name]["id"])
        merge()
        merge("teplo")
        assert show(plan)["participants"] == [world["new"]["id"]]

    def test_a_purged_one_is_known_by_its_name(
        self, world: Any, make_plan: Any
    ) -> None:
        plan = make_plan()
        by_portal("organization_purge", id=world["old"]["id"])
        merge()
        assert show(plan)["participants"][0] == world["new"]["id"]
        assert names.current("voda") == "merezhi"

    def test_deleted_afterwards_its_address_leads_on(
        self, app: Any, world: Any, make_plan: Any
    ) -> None:
        make_plan()
        merge()
        address = "/compliance/organization/voda"
        assert app.get(address, follow_redirects=False).status_code == 200
        by_portal("organization_delete", id=world["old"]["id"])
        answer = app.get(address, follow_redirects=False)
        assert answer.status_code == 301
        assert answer.headers["Location"].endswith("/compliance/organization/merezhi")


class TestRefusals:
    def test_into_itself(self, world: Any) -> None:
        assert "into itself" in refusal("new", new="voda")

    @pytest.mark.parametrize("field", ["old", "new"])
    def test_unknown_ones(self, world: Any, field: str) -> None:
        assert "“nikoly”" in refusal(field, **{field: "nikoly"})

    def test_a_deleted_one_does_not_go_on(self, world: Any) -> None:
        by_portal("organization_delete", id=world["new"]["id"])
        assert "Міські мережі" in refusal("new")

    @pytest.mark.parametrize("day", ["2026-11-22", "торік", ""])
    def test_days(self, world: Any, day: str) -> None:
        assert refusal("merged_from", merged_from=day)

    def test_today_is_a_day(self, world: Any) -> None:
        assert merge(merged_from="21.11.2026")["merged_from"] == "2026-11-21"

    def test_undoing_and_changing(self, world: Any) -> None:
        merge()
        assert "itself was merged" in refusal("new", old="merezhi", new="voda")
        assert "2026-10-01" in refusal("old", merged_from="2026-10-02")
        assert "that stays so" in refusal("old", new="teplo")

    def test_a_chain_goes_forward_in_time(self, world: Any) -> None:
        merge()
        data = {"old": "merezhi", "new": "teplo"}
        assert "2026-10-01" in refusal("merged_from", merged_from="2026-09-30", **data)
        merge(**data)
        assert len(mergers()) == 2
        message = refusal("new", old="teplo", new="voda")
        assert "itself was merged" in message

    def test_only_sysadmins(self, world: Any, user_factory: Any) -> None:
        user = user_factory()
        context = {"user": user["name"], "model": model}
        with pytest.raises(tk.NotAuthorized):
            call_auth("actionplan_publisher_merge", context)


class TestCommand:
    def run(self, cli: Any, *arguments: str) -> Any:
        command = ["actionplan", "publisher", "merge", *arguments]
        return cli.invoke(ckan, command, catch_exceptions=False)

    def test_it_says_what_it_did(
        self, cli: Any, world: Any, make_plan: Any, package_factory: Any
    ) -> None:
        plan = make_plan()
        package_factory(owner_org=world["old"]["id"])
        result = self.run(cli, "voda", "merezhi", "--from", "2026-10-01", "--dry-run")
        assert "Nothing was saved." in result.output
        assert mergers() == []
        result = self.run(cli, "voda", "merezhi", "--from", "2026-10-01")
        assert result.exit_code == 0
        assert "“Водоканал” (voda) goes on as “Міські мережі”" in result.output
        assert f"({plan['name']}): participants, executors" in result.output
        assert "1 datasets" in result.output
        assert len(mergers()) == 1

    def test_a_refusal_is_a_sentence(self, cli: Any, world: Any) -> None:
        result = self.run(cli, "voda", "voda", "--from", "2026-10-01")
        assert result.exit_code == 1
        assert "cannot be merged into itself" in result.output


def derived(plan: dict[str, Any]) -> list[dict[str, Any]]:
    """Obligations of a plan, all columns, the earliest first."""
    table = ObligationRow.__table__
    rows = model.Session.execute(
        sa.select(table)
        .where(table.c.plan_id == plan["id"])
        .order_by(table.c.due_on, table.c.id)
    )
    return [dict(row) for row in rows.mappings()]


def totals() -> dict[str, Any]:
    found = by_portal("actionplan_publisher_list")
    names_of = [
        row["organization"]["name"]
        for council in found["councils"]
        for row in (council, *council["participants"])
    ]
    return {
        **found["totals"],
        "names": sorted(
            names_of + [r["organization"]["name"] for r in found["publishers"]]
        ),
    }


class TestDeletedAndRestored:
    def restore(self, organization: dict[str, Any]) -> None:
        by_portal("organization_patch", id=organization["id"], state="active")

    def test_out_of_totals_and_back(
        self, world: Any, make_plan: Any, package_factory: Any
    ) -> None:
        make_plan()
        package_factory(owner_org=world["heat"]["id"])
        before = totals()
        assert "voda" in before["names"]
        by_portal("organization_delete", id=world["old"]["id"])
        without = totals()
        assert "voda" not in without["names"]
        assert without["publishers"] == before["publishers"] - 1
        assert without["tasks_upcoming"] < before["tasks_upcoming"]
        self.restore(world["old"])
        after = totals()
        assert after == before

    def test_what_it_did_not_see_meanwhile_is_counted(
        self, world: Any, make_plan: Any
    ) -> None:
        plan = make_plan()
        by_portal("organization_delete", id=world["old"]["id"])
        model.Session.execute(sa.delete(Standing.__table__))
        model.Session.commit()
        self.restore(world["old"])
        table = Standing.__table__.c
        counted = model.Session.execute(
            sa.select(table.tasks_upcoming).where(
                table.organization_id == world["old"]["id"]
            )
        ).scalar()
        assert counted
        assert plan["participants"][0] == world["old"]["id"]

    def test_its_pages_are_gone_and_back(
        self, app: Any, world: Any, make_plan: Any
    ) -> None:
        make_plan()
        page = "/compliance/organization/voda"
        by_portal("organization_delete", id=world["old"]["id"])
        app.get(page, status=404)
        self.restore(world["old"])
        assert "Водоканал" in app.get(page, status=200).body

    def test_obligations_and_reports_wait_for_it(
        self, world: Any, make_plan: Any
    ) -> None:
        plan = make_plan()
        before = derived(plan)
        by_portal("organization_delete", id=world["old"]["id"])
        by_portal("actionplan_plan_derive", id=plan["id"])
        self.restore(world["old"])
        by_portal("actionplan_plan_derive", id=plan["id"])
        assert derived(plan) == before

    @pytest.mark.parametrize("verb", ["delete", "purge"])
    def test_an_owner_of_plans_is_not_taken_from_under_them(
        self, world: Any, make_plan: Any, package_factory: Any, verb: str
    ) -> None:
        plan = make_plan(title="План ради", private=True)
        dataset = package_factory(owner_org=world["council"]["id"])
        with pytest.raises(tk.ValidationError) as caught:
            by_portal(f"organization_{verb}", id="rada")
        assert "“План ради”" in str(caught.value.error_dict["message"])
        for each in (plan, dataset):
            assert show(each)["owner_org"] == world["council"]["id"]
        by_portal("package_delete", id=plan["id"])
        by_portal(f"organization_{verb}", id="rada")
        package = model.Package.get(dataset["id"])
        assert package
        assert package.owner_org is None

    @pytest.mark.parametrize(
        ("action", "values"),
        [
            ("organization_patch", {"state": "deleted"}),
            ("organization_update", {"name": "rada", "state": "deleted"}),
            ("group_update", {"name": "rada", "state": "deleted"}),
            ("group_delete", {}),
            ("group_purge", {}),
        ],
    )
    def test_an_owner_of_plans_is_not_deleted_by_another_way(
        self, world: Any, make_plan: Any, action: str, values: dict[str, str]
    ) -> None:
        plan = make_plan(title="План ради")
        with pytest.raises(tk.ValidationError) as caught:
            by_portal(action, id="rada", **values)
        assert "“План ради”" in str(caught.value.error_dict["message"])
        group = model.Group.get("rada")
        assert group
        assert group.state == "active"
        by_portal("package_delete", id=plan["id"])
        by_portal("organization_patch", id="rada", state="deleted")

    def test_strangers_are_not_told_of_private_plans(
        self, world: Any, make_plan: Any, user_factory: Any
    ) -> None:
        make_plan(title="План ради", private=True)
        user = user_factory()
        with pytest.raises(tk.NotAuthorized):
            call_action(
                "organization_delete",
                {"user": user["name"], "ignore_auth": False},
                id="rada",
            )

    def test_the_page_says_why(
        self, app: Any, world: Any, make_plan: Any, sysadmin_factory: Any
    ) -> None:
        make_plan(title="План ради")
        user = sysadmin_factory()["name"]
        token = call_action("api_token_create", {"user": user}, user=user, name="t")
        headers = {"Authorization": token["token"]}
        answer = app.post("/organization/delete/rada", headers=headers, status=403)
        assert "План ради" in answer.body


DAY = "2026-10-01"


def standing_rows(plan: dict[str, Any]) -> dict[str, dict[str, dict[str, Any]]]:
    """What is owed under a plan: by name of the debtor, by number and occurrence."""
    numbers = {task["id"]: task["number"] for task in plan["tasks"]}
    group = model.group_table.c
    pairs = model.Session.execute(sa.select(group.id, group.name))
    names_of = {row.id: row.name for row in pairs}
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for row in derived(plan):
        if not row["withdrawn"]:
            name = names_of.get(row["organization_id"], row["organization_id"])
            key = f"{numbers[row['task_id']]} {row['occurrence']}"
            found.setdefault(name, {})[key] = row
    return found


QUARTERS = [f"2 {year}-Q{n}" for year in (2026, 2027) for n in (1, 2, 3, 4)]


class TestWhoOwesAfterAMerger:
    def test_the_old_one_until_the_day_the_new_one_from_then(
        self, make_plan: Any
    ) -> None:
        plan = make_plan()
        before = standing_rows(plan)
        assert set(before["voda"]) == {"1 once", *QUARTERS}
        merge(merged_from=DAY)
        after = standing_rows(plan)
        assert set(after["voda"]) == set(QUARTERS[:3])
        assert all(row == before["voda"][key] for key, row in after["voda"].items())
        assert set(after["merezhi"]) == {"1 once", *QUARTERS[3:]}
        shares = [row for key, row in after["merezhi"].items() if key != "1 once"]
        assert {row["owes_from"] for row in shares} == {date(2026, 10, 1)}
        assert after["merezhi"]["1 once"]["id"] == before["voda"]["1 once"]["id"]
        assert after["teplo"] == before["teplo"]

    def test_the_numbers_told_are_those(self, make_plan: Any) -> None:
        make_plan()
        done = merge(merged_from=DAY)
        assert (done["kept"], done["passed"], done["reported"]) == (3, 6, 0)

    def test_deriving_and_saving_again_changes_nothing(self, make_plan: Any) -> None:
        plan = make_plan()
        merge(merged_from=DAY)
        after = derived(plan)
        by_portal("actionplan_plan_derive", id=plan["id"])
        assert derived(plan) == after
        by_portal("package_patch", id=plan["id"], notes="Уточнено")
        assert derived(plan) == after
        merge(merged_from=DAY)
        assert derived(plan) == after

    def test_a_joint_task_of_the_past_stays_with_who_led_it(
        self, world: Any, make_plan: Any
    ) -> None:
        tasks = [
            {
                "number": str(number),
                "title": "Спільне завдання",
                "deadline": due,
                "due": due,
                "executors": ["Мережі"],
                "lead": world["old"]["id"],
            }
            for number, due in (("1", "../2026-09-30"), ("2", f"../{DAY}"))
        ]
        plan = make_plan(tasks=tasks)
        ids = [row["id"] for row in derived(plan)]
        merge(merged_from=DAY)
        after = standing_rows(plan)
        assert set(after["voda"]) == {"1 once"}
        assert set(after["merezhi"]) == {"2 once"}
        assert [row["id"] for row in derived(plan)] == ids
        by_portal("actionplan_plan_derive", id=plan["id"])
        assert standing_rows(plan) == after

    def test_who_owed_before_too_owes_its_own_share(self, make_plan: Any) -> None:
        plan = make_plan("old", "new")
        own = standing_rows(plan)["merezhi"]
        merge(merged_from=DAY)
        after = standing_rows(plan)
        assert set(after["voda"]) == set(QUARTERS[:3])
        assert {key: after["merezhi"][key] for key in own} == own
        assert set(after["merezhi"]) == {"1 once", *own}

    def test_reports_stay_with_their_promise(self, world: Any, make_plan: Any) -> None:
        plan = make_plan()
        rows = standing_rows(plan)["voda"]
        for key in ("2 2026-Q1", "2 2026-Q4"):
            by_portal(
                "actionplan_report_submit",
                obligation_id=rows[key]["id"],
                done_on="2026-11-20",
                note="Виконано",
            )
        done = merge(merged_from=DAY)
        assert done["reported"] == 1
        for key, status in (("2 2026-Q1", "submitted"), ("2 2026-Q4", "withdrawn")):
            shown = by_portal("actionplan_obligation_show", id=rows[key]["id"])
            assert shown["status"] == status
            assert shown["report"]["note"] == "Виконано"
            assert shown["organization_id"] == world["old"]["id"]

    def test_a_chain_of_mergers(self, world: Any, make_plan: Any) -> None:
        plan = make_plan()
        merge(merged_from="2026-07-01")
        merge("merezhi", "teplo", merged_from=DAY)
        after = standing_rows(plan)
        assert set(after["voda"]) == set(QUARTERS[:2])
        assert set(after["merezhi"]) == {QUARTERS[2]}
        assert set(after["teplo"]) == {"1 once", *QUARTERS}
        by_portal("actionplan_plan_derive", id=plan["id"])
        assert standing_rows(plan) == after

    def test_a_chain_to_one_that_owed_nothing(
        self, organization_factory: Any, make_plan: Any
    ) -> None:
        organization_factory(name="tretia")
        plan = make_plan("old")
        merge(merged_from="2026-07-01")
        merge("merezhi", "tretia", merged_from=DAY)
        after = standing_rows(plan)
        assert {name: set(rows) for name, rows in after.items()} == {
            "voda": set(QUARTERS[:2]),
            "merezhi": {QUARTERS[2]},
            "tretia": {"1 once", *QUARTERS[3:]},
        }

    def test_an_owner_that_stands_in(self, world: Any, make_plan: Any) -> None:
        tasks = [
            {
                "number": str(number),
                "title": "Завдання сторонніх",
                "deadline": due,
                "due": due,
                "executors": ["Область"],
            }
            for number, due in (("1", "../2026-06-30"), ("2", "../2026-12-31"))
        ]
        executors = [{"name": "Область", "who": "outside", "organizations": []}]
        plan = make_plan(
            owner_org=world["old"]["id"],
            participants=[],
            executors=executors,
            tasks=tasks,
        )
        merge(merged_from=DAY)
        after = standing_rows(plan)
        assert {name: set(rows) for name, rows in after.items()} == {
            "voda": {"1 once"},
            "merezhi": {"2 once"},
        }

    def test_one_purged_before_its_merger(self, world: Any, make_plan: Any) -> None:
        plan = make_plan()
        by_portal("organization_purge", id=world["old"]["id"])
        merge(merged_from=DAY)
        after = standing_rows(plan)
        assert set(after[world["old"]["id"]]) == set(QUARTERS[:3])
        assert set(after["merezhi"]) == {"1 once", *QUARTERS[3:]}

    def test_one_that_was_not_confirmed_passes_nothing_on(
        self, world: Any, make_plan: Any
    ) -> None:
        plan = make_plan()
        table = Participant.__table__
        model.Session.execute(
            sa.update(table)
            .where(table.c.organization_id == world["old"]["id"])
            .values(confirmed_at=None, confirmed_by="")
        )
        model.Session.commit()
        by_portal("actionplan_plan_derive", id=plan["id"])
        assert "voda" not in standing_rows(plan)
        merge(merged_from=DAY)
        assert "merezhi" not in standing_rows(plan)

    def test_sums_and_pages_follow(self, app: Any, world: Any, make_plan: Any) -> None:
        make_plan()
        by_portal("actionplan_standing_refresh")
        before = totals()
        merge(merged_from=DAY)
        after = totals()
        kept = ("tasks_due", "tasks_overdue", "tasks_upcoming", "tasks_unresolved")
        assert {name: after[name] for name in kept} == {
            name: before[name] for name in kept
        }
        assert "merezhi" in after["names"]
        shown = by_portal("actionplan_publisher_show", id="merezhi")
        assert {task["occurrence"] for task in shown["tasks"]} >= {"once", "2026-Q4"}
        page = app.get("/compliance/organization/merezhi")
        assert "Оприлюднити схему мереж" in page.body

    def test_both_pages_tell_of_it(self, app: Any, world: Any, make_plan: Any) -> None:
        make_plan()
        merge(merged_from=DAY)
        shown = by_portal("actionplan_publisher_show", id="voda")
        assert shown["heir"]["name"] == "merezhi"
        assert shown["heir"]["merged_from"] == DAY
        assert shown["formers"] == []
        page = app.get("/compliance/organization/voda").body
        assert "merged into" in page
        assert 'href="/compliance/organization/merezhi"' in page
        page = app.get("/compliance/organization/merezhi").body
        assert "took over" in page
        assert 'href="/compliance/organization/voda"' in page
        by_portal("organization_delete", id=world["old"]["id"])
        page = app.get("/compliance/organization/merezhi").body
        assert "took over Водоканал" in page

    def test_the_change_is_logged_with_its_author(
        self, world: Any, make_plan: Any
    ) -> None:
        plan = make_plan()
        merge(merged_from=DAY)
        table = Change.__table__.c
        rows = model.Session.execute(
            sa.select(table.field, table.before, table.after, table.author_id)
            .where(table.plan_id == plan["id"], table.field != "lead")
            .order_by(table.id)
        ).all()
        author = model.User.get(call_action("get_site_user")["name"])
        assert author
        old, new = world["old"]["id"], world["new"]["id"]
        assert [tuple(row) for row in rows] == [
            ("participants", old, "", author.id),
            ("participants", "", new, author.id),
            ("executors", f"Мережі → {old}", "", author.id),
            ("executors", "", f"Мережі → {new}", author.id),
        ]
