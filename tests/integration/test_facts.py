"""Facts of datasets: written with the dataset, read from its rows."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.cli.cli import ckan
from ckan.tests.helpers import call_action

from ckanext.actionplan.logic import facts
from ckanext.actionplan.model import DatasetFact, Standing

pytestmark = pytest.mark.usefixtures("clean_db", "clean_index")

PASSPORT = [
    {"key": "update_frequency", "value": '"once a quarter"'},
    {"key": "language", "value": "ua"},
    {"key": "purpose_of_collecting_information", "value": "Облік зупинок"},
]


def fact(package_id):
    model.Session.expire_all()
    return model.Session.get(DatasetFact, ("local", package_id))


def sums(organization_id):
    model.Session.expire_all()
    rows = model.Session.scalars(
        sa.select(Standing).where(Standing.organization_id == organization_id)
    ).all()
    return rows[0] if rows else None


def act(action, **data):
    """Act as the site's own user: activities ask for a living one."""
    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    return call_action(action, context={"user": user}, **data)


@pytest.fixture
def organization(organization_factory):
    return organization_factory()


@pytest.fixture
def dataset(package_factory, organization):
    return package_factory(
        owner_org=organization["id"],
        title="Зупинки транспорту",
        maintainer="Олена Приклад",
        maintainer_email="olena@example.org",
        license_id="cc-by",
        tags=[{"name": "зупинки"}],
        extras=PASSPORT,
        resources=[
            {
                "url": "http://example.org/a.csv",
                "format": ".сsv",
                "last_modified": "2026-10-01T10:00:00",
            }
        ],
    )


def test_written_on_save(dataset, organization):
    found = fact(dataset["id"])
    assert found.name == dataset["name"]
    assert found.title == "Зупинки транспорту"
    assert found.frequency == "once a quarter"
    assert found.interval_days == 92
    assert found.updated_at == datetime(2026, 10, 1, 10, tzinfo=timezone.utc)
    assert found.formats == ["CSV"]
    assert found.machine_readable
    assert found.resources == 1
    assert found.passport_gaps == []
    assert sums(organization["id"]).datasets == 1


def test_patch_keeps_what_it_does_not_name(dataset):
    act("package_patch", id=dataset["id"], title="Зупинки", tags=[])
    found = fact(dataset["id"])
    assert (found.title, found.resources, found.formats) == ("Зупинки", 1, ["CSV"])
    assert found.passport_gaps == ["tags"]


def test_update_without_resources(dataset):
    data = {key: value for key, value in dataset.items() if key != "resources"}
    act("package_update", **{**data, "maintainer": ""})
    found = fact(dataset["id"])
    # CKAN 2.12 keeps resources that are not named, 2.11 removes them.
    shown = call_action("package_show", id=dataset["id"])
    assert found.resources == len(shown["resources"])
    assert found.passport_gaps == ["maintainer"]


def test_resources_change(dataset):
    resource = act(
        "resource_create", package_id=dataset["id"], url="http://e.org/a", format="PDF"
    )
    assert fact(dataset["id"]).formats == ["CSV", "PDF"]
    act("resource_delete", id=dataset["resources"][0]["id"])
    found = fact(dataset["id"])
    assert (found.formats, found.machine_readable) == (["PDF"], False)
    act("resource_delete", id=resource["id"])
    found = fact(dataset["id"])
    assert found.resources == 0
    assert found.updated_at == found.metadata_modified


def test_rename(dataset):
    act("package_patch", id=dataset["id"], name="inshyi")
    assert fact(dataset["id"]).name == "inshyi"


def test_delete_and_restore(dataset, organization):
    act("package_delete", id=dataset["name"])
    assert fact(dataset["id"])
    assert sums(organization["id"]).datasets == 0
    act("package_patch", id=dataset["id"], state="active")
    assert sums(organization["id"]).datasets == 1


def test_private_is_not_counted(dataset, organization):
    act("package_patch", id=dataset["id"], private=True)
    assert fact(dataset["id"])
    assert sums(organization["id"]).datasets == 0


def test_moved_by_the_form(dataset, organization, organization_factory):
    other = organization_factory()
    act("package_patch", id=dataset["id"], owner_org=other["id"])
    assert sums(organization["id"]).datasets == 0
    assert sums(other["id"]).datasets == 1


def test_plans_and_other_types_are_no_datasets(
    action_plan_factory, package_factory, organization
):
    plan = action_plan_factory(owner_org=organization["id"])
    other = package_factory(type="harvest")
    assert fact(plan["id"]) is None
    assert fact(other["id"]) is None
    assert call_action("actionplan_dataset_rebuild") == {"written": 0, "removed": 0}


@pytest.mark.ckan_config("ckanext.actionplan.dataset_types", "dataset geodata")
def test_more_types(package_factory):
    other = package_factory(type="geodata")
    assert fact(other["id"])


@pytest.mark.ckan_config("ckanext.actionplan.frequency_field", "periodicity")
def test_own_field_names(package_factory):
    extras = [{"key": "periodicity", "value": "Щотижня"}]
    assert fact(package_factory(extras=extras)["id"]).interval_days == 7


def test_nothing_is_written_when_the_save_fails(dataset, monkeypatch):
    def fail(*_args, **_more):
        raise tk.ValidationError({"title": ["no"]})

    monkeypatch.setattr("ckanext.actionplan.logic.standing.measure", fail)
    with pytest.raises(tk.ValidationError):
        act("package_patch", id=dataset["id"], title="Інша назва")
    model.Session.rollback()
    assert fact(dataset["id"]).title == "Зупинки транспорту"


def test_saving_needs_no_redis(dataset, redis_is_down):
    act("package_patch", id=dataset["id"], title="Без черги")
    assert fact(dataset["id"]).title == "Без черги"


def test_rebuild_on_a_portal_that_had_datasets(dataset, package_factory, monkeypatch):
    others = [package_factory() for _ in range(5)]
    purged = others.pop()
    deleted = others.pop()
    before = fact(dataset["id"]).passport_gaps
    act("package_delete", id=deleted["id"])
    act("dataset_purge", id=purged["id"])
    assert fact(purged["id"])
    kept = DatasetFact.dataset_id == purged["id"]
    model.Session.execute(sa.delete(DatasetFact).where(sa.not_(kept)))
    model.Session.execute(sa.delete(Standing))
    model.Session.commit()
    monkeypatch.setattr(facts, "BATCH", 2)
    assert call_action("actionplan_dataset_rebuild") == {"written": 5, "removed": 1}
    assert fact(purged["id"]) is None
    assert fact(deleted["id"])
    found = fact(dataset["id"])
    assert found.passport_gaps == before
    assert found.formats == ["CSV"]
    assert sums(dataset["owner_org"]).datasets == 1
    assert call_action("actionplan_dataset_rebuild") == {"written": 5, "removed": 0}


def test_rebuild_statements_do_not_grow(package_factory, count_queries):
    def count():
        with count_queries() as statements:
            facts.rebuild()
        return len(statements)

    package_factory()
    few = count()
    for _ in range(4):
        package_factory()
    assert count() == few


def test_command(cli, dataset):
    result = cli.invoke(ckan, ["actionplan", "dataset", "rebuild"])
    assert "1 datasets written, 0 removed" in result.output
