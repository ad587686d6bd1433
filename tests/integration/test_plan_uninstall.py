"""`ckan actionplan uninstall`: nothing of type action-plan stays, and it can come back."""

from __future__ import annotations

import json

import pytest

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.cli.cli import ckan
from ckan.tests.helpers import call_action

pytestmark = pytest.mark.usefixtures("clean_db", "clean_index")


@pytest.fixture
def make_plan(organization_factory, action_plan_factory):
    owner = organization_factory()["id"]
    return lambda: action_plan_factory(owner_org=owner)


def plans():
    return model.Session.query(model.Package).filter_by(type="action-plan").count()


def test_plans_are_exported_and_purged(cli, tmp_path, make_plan, package, sysadmin):
    kept = package["id"]
    first = make_plan()
    second = make_plan()
    call_action("package_delete", {"user": sysadmin["name"]}, id=second["id"])
    folder = tmp_path / "plans"

    result = cli.invoke(
        ckan, ["actionplan", "uninstall", "--yes", "--export", str(folder)]
    )

    assert not result.exit_code, result.output
    assert "ckan db downgrade -p actionplan" in result.output
    assert plans() == 0
    assert model.Package.get(kept)
    exported = [json.loads(path.read_text()) for path in sorted(folder.iterdir())]
    assert {plan["id"] for plan in exported} == {first["id"], second["id"]}


def test_exported_plan_can_be_restored_with_its_ids(cli, tmp_path, make_plan, sysadmin):
    plan = make_plan()
    cli.invoke(ckan, ["actionplan", "uninstall", "--yes", "--export", str(tmp_path)])
    (path,) = tmp_path.iterdir()

    context = {"user": sysadmin["name"], "ignore_auth": False}
    restored = tk.get_action("package_create")(context, json.loads(path.read_text()))

    assert restored["id"] == plan["id"]
    assert restored["tasks"] == plan["tasks"]


def test_without_yes_it_asks(cli, make_plan):
    make_plan()
    result = cli.invoke(ckan, ["actionplan", "uninstall"], input="n\n")
    assert result.exit_code == 1
    assert plans() == 1
