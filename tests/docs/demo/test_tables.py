"""The demo's tables agree with one another and are as large as promised."""

from __future__ import annotations

import datasets
import people
import plans
import publishers

from ckanext.actionplan.core.plan import Continuity

COUNCILS = {"dzherelna-rada", "sosnivka-rada"}


def test_there_are_enough_publishers_and_datasets() -> None:
    owners = {dataset.publisher for dataset in datasets.load()}
    assert len(owners) >= 8
    assert len([dataset for dataset in datasets.load() if not dataset.gone]) >= 60


def test_names_are_unique_and_plain() -> None:
    names = [dataset.name for dataset in datasets.load()]
    assert len(set(names)) == len(names)
    assert all(name.isascii() for name in names)


def test_each_publisher_has_an_editor() -> None:
    editors = {
        person.organization for person in people.load() if person.capacity == "editor"
    }
    assert {dataset.publisher for dataset in datasets.load()} <= editors
    assert {plan.reviewer for plan in plans.load()} <= editors


def test_one_council_has_participants_and_one_has_none() -> None:
    below = {publisher.council for publisher in publishers.load()}
    assert "dzherelna-rada" in below
    assert "sosnivka-rada" not in below
    assert {plan.owner for plan in plans.load()} == COUNCILS


def test_tables_name_known_organizations() -> None:
    known = {publisher.name for publisher in publishers.load()}
    for plan in plans.load():
        assert {plan.owner, plan.reviewer, *plan.participants} <= known
        for meant in plan.executors.values():
            assert isinstance(meant, str) or set(meant) <= set(plan.participants)
        bound = {*plan.participants, *plan.named}
        assert bound <= known
        assert {org for orgs in plan.joined.values() for org in orgs} <= bound
        assert set(plan.joined) <= set(plan.executors)
        assert plan.replaces in {"", *(other.name for other in plans.load())}
        for _, task in plan.tasks():
            assert {report.of for report in task.told()} <= set(plan.participants)
            assert task.confirm in {"", *(kind.value for kind in Continuity)}
    assert {dataset.publisher for dataset in datasets.load()} <= known


def test_the_national_portal_differs_in_every_way() -> None:
    found = {dataset.there for dataset in datasets.load()}
    assert found == {"present", "outdated", "renamed", "missing"}
    gone = [dataset for dataset in datasets.load() if dataset.gone]
    assert [dataset.there for dataset in gone] == ["present"]
    for dataset in datasets.load():
        if dataset.there != "missing":
            assert datasets.owner_there(dataset)
            assert (dataset.id == dataset.id_there) == (dataset.there != "renamed")


def test_passports_are_good_and_bad() -> None:
    flaws = {flaw for dataset in datasets.load() for flaw in dataset.flaws}
    fields = {
        "frequency",
        "purpose",
        "maintainer",
        "email",
        "tags",
        "notes",
        "language",
    }
    assert flaws == fields
    assert any(not dataset.flaws for dataset in datasets.load())


def test_a_flaw_leaves_its_field_out() -> None:
    dataset = next(each for each in datasets.load() if "purpose" in each.flaws)
    keys = {extra["key"] for extra in dataset.package("owner")["extras"]}
    assert "purpose_of_collecting_information" not in keys
    assert "language" in keys


def test_the_password_is_made_once(tmp_path) -> None:
    path = tmp_path / "accounts.json"
    people.write_accounts(path, people.password(path))
    first = people.password(path)
    people.write_accounts(path, first)
    assert people.password(path) == first
    assert len(first) >= 8
    assert path.stat().st_mode & 0o077 == 0


def test_organizations_were_renamed_merged_deleted_and_listed() -> None:
    every = publishers.load()
    known = {publisher.name for publisher in every}
    assert any(each.formerly and each.formerly not in known for each in every)
    merged = [each for each in every if each.merged_into]
    assert merged
    assert all(each.merged_into in known and each.gone for each in merged)
    assert any(each.gone and not each.merged_into for each in every)
    listed = [each for each in every if each.listed_by]
    assert listed
    assert all(each.listed_by in known and not each.council for each in listed)


def test_who_waits_belongs_to_nobody_and_has_an_admin() -> None:
    admins = {
        person.organization for person in people.load() if person.capacity == "admin"
    }
    named = {name for plan in plans.load() for name in plan.named}
    assert named
    assert named <= admins
    for name in named:
        publisher = publishers.by_name()[name]
        assert not publisher.council
        assert not publisher.listed_by


def test_deleted_organizations_hold_no_datasets() -> None:
    gone = {publisher.name for publisher in publishers.load() if publisher.gone}
    assert not gone & {dataset.publisher for dataset in datasets.load()}


def test_one_class_of_executors_was_joined_later() -> None:
    assert any(
        executor in plan.joined and len(meant) > 1
        for plan in plans.load()
        for executor, meant in plan.executors.items()
        if not isinstance(meant, str)
    )


def test_a_merged_organization_is_named_as_its_heir() -> None:
    plan = plans.load()[0].inherited({"kp-svitlo": "dzherelna-zhytlo"})
    assert plan.participants.count("dzherelna-zhytlo") == 1
    assert "kp-svitlo" not in plan.participants
    meant = [each for each in plan.executors.values() if not isinstance(each, str)]
    assert not any("kp-svitlo" in each for each in meant)
    assert plan.executors["Усі розпорядники інформації"] == "all"
