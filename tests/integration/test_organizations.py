"""Organizations that are renamed, merged, deleted and restored."""

from __future__ import annotations

from datetime import date, datetime, timezone
from typing import Any

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.tests.helpers import call_action

from ckanext.actionplan import clock
from ckanext.actionplan.logic import names
from ckanext.actionplan.model import Merger, PublisherName

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
        for path in ("", ".csv", ".json", ".xlsx"):
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
