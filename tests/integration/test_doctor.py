"""The doctor: each check when all is well and when it is not."""

from __future__ import annotations

import json
import socket
import threading
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan import model
from ckan.cli.cli import ckan
from ckan.lib import jobs, search
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.actionplan import clock
from ckanext.actionplan.logic import checks, doctor, nightly
from ckanext.actionplan.logic.checks import installation, services
from ckanext.actionplan.model import DatasetFact, Night, NightStep, PlanRow, Snapshot

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("non_clean_db", "clean_index")


@pytest.fixture
def empty(clean_db):
    """Nothing is in the database."""


@pytest.fixture
def option(monkeypatch):
    """Return the function that sets an option for one test."""
    return lambda name, value: monkeypatch.setitem(tk.config, name, value)


def look(name):
    check = next(each for each in checks.checks() if each.id == name)
    found = check.examine()
    assert check.title()
    assert found.text
    assert found.state == "ok" or found.advice
    for part in (found.text, found.advice, *found.lines):
        assert "{" not in part
    return found


def state(name):
    return look(name).state


def seen(name, state):
    """The check finds this state, and says so in all that it says."""
    found = look(name)
    assert found.state == state, found
    return " ".join((found.text, found.advice, *found.lines))


def test_all_findings_have_their_parts(empty):
    result = call_action("actionplan_doctor_show")
    assert {each["id"] for each in result["findings"]} == {
        check.id for check in checks.checks()
    }
    order = [doctor.STATES.index(each["state"]) for each in result["findings"]]
    assert order == sorted(order)
    assert result["state"] == result["findings"][0]["state"]


def test_ids_are_unique():
    ids = [check.id for check in checks.checks()]
    assert len(ids) == len(set(ids))


# Installation


def test_plugins(monkeypatch):
    assert state("plugins") == "ok"
    loaded = p.plugin_loaded
    for missing, found in (("activity", "warning"), ("scheming_datasets", "error")):
        monkeypatch.setattr(
            p, "plugin_loaded", lambda name, gone=missing: name != gone and loaded(name)
        )
        said = seen("plugins", found)
        assert f"ckan.plugins = {tk.config['ckan.plugins'][0]}" in said
        assert said.endswith(missing)


def test_schema(monkeypatch, option):
    assert state("schema") == "ok"
    whole = tk.h.scheming_get_dataset_schema("action-plan")
    fields = [
        field for field in whole["dataset_fields"] if field["field_name"] != "replaces"
    ]
    monkeypatch.setattr(
        installation, "_loaded", lambda: {**whole, "dataset_fields": fields}
    )
    assert "lacks fields: replaces." in seen("schema", "error")
    monkeypatch.setattr(installation, "_loaded", lambda: None)
    option("scheming.dataset_schemas", ["ckanext.geo:schema.yaml"])
    assert (
        "scheming.dataset_schemas = ckanext.geo:schema.yaml "
        "ckanext.actionplan:schemas/action_plan.yaml"
    ) in seen("schema", "error")


def test_subfields_are_looked_at(monkeypatch):
    whole = tk.h.scheming_get_dataset_schema("action-plan")
    fields = [dict(field) for field in whole["dataset_fields"]]
    tasks = next(field for field in fields if field["field_name"] == "tasks")
    tasks["repeating_subfields"] = [
        part for part in tasks["repeating_subfields"] if part["field_name"] != "due"
    ]
    monkeypatch.setattr(
        installation, "_loaded", lambda: {**whole, "dataset_fields": fields}
    )
    assert "lacks fields: tasks.due." in seen("schema", "error")


def test_migrations(option):
    assert state("migrations") == "ok"
    option("__file__", "/etc/ckan/our portal.ini")
    versions = sa.table("actionplan_alembic_version", sa.column("version_num"))
    model.Session.execute(sa.update(versions).values(version_num="001"))
    said = seen("migrations", "error")
    assert "revision 001" in said
    assert "-c '/etc/ckan/our portal.ini' db upgrade -p actionplan" in said
    model.Session.execute(sa.text("DROP TABLE actionplan_alembic_version"))
    assert "not there" in seen("migrations", "error")
    model.Session.rollback()
    assert state("migrations") == "ok"


def test_zone(option):
    assert state("zone") == "ok"
    option("ckan.display_timezone", "UTC")
    assert "ckan.display_timezone = Europe/Kyiv" in seen("zone", "warning")


# Services


def test_search(empty, option, action_plan_factory, organization_factory, monkeypatch):
    plan = action_plan_factory(owner_org=organization_factory()["id"])
    assert "1 plan is in the index" in seen("search", "ok")
    search.clear(plan["id"])
    assert "search-index rebuild --only-missing" in seen("search", "warning")
    search.rebuild(plan["id"])
    model.Session.query(model.Package).update({"state": "deleted"})
    model.Session.commit()
    assert "search-index clear-orphans" in seen("search", "warning")

    def refuse():
        raise search.SearchError

    monkeypatch.setattr(search, "make_connection", refuse)
    assert tk.config["solr_url"] in seen("search", "error")


def test_redis_and_worker_are_there():
    assert state("redis") == "ok"
    assert state("worker") == "warning"


def test_redis_and_worker_are_gone(redis_is_down):
    assert "ckan.redis.url" in seen("redis", "error")
    assert state("worker") == "error"


def test_password_of_redis_is_not_told(redis_is_down, option):
    option("ckan.redis.url", "redis://:secret@127.0.0.1:1/0")
    assert "secret" not in seen("redis", "error")


def test_worker(monkeypatch):
    assert "jobs worker" in seen("worker", "warning")
    worker = jobs.Worker()
    worker.register_birth()
    try:
        assert "1 worker" in seen("worker", "ok")
        monkeypatch.setattr(services, "_WAITING", -1)
        assert "jobs list" in seen("worker", "warning")
    finally:
        worker.register_death()


def test_storage(tmp_path, option):
    option("ckan.uploads_enabled", True)
    option("ckan.storage_path", str(tmp_path))
    assert state("storage") == "ok"
    option("ckan.storage_path", str(tmp_path / "new" / "folder"))
    assert state("storage") == "ok"
    (tmp_path / "file").write_text("in the way")
    option("ckan.storage_path", str(tmp_path / "file" / "folder"))
    assert f"mkdir -p {tmp_path}/file/folder" in seen("storage", "error")
    option("ckan.storage_path", None)
    option("ckan.uploads_enabled", False)
    assert "ckan.storage_path = " in seen("storage", "warning")


def test_folder_without_the_right_to_write(tmp_path, monkeypatch):
    asked: list[Path] = []

    def no(path, mode):
        asked.append(path)
        return False

    monkeypatch.setattr(services.os, "access", no)
    assert not services._writable(tmp_path / "folder")
    assert asked == [tmp_path]


def test_sizes(option):
    option("ckan.max_resource_size", 20)
    assert state("sizes") == "ok"
    option("ckan.max_resource_size", 19)
    assert "ckan.max_resource_size = 20" in seen("sizes", "warning")


@pytest.fixture
def mail_greets():
    """Return the address of a server that greets as mail servers do."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def greet():
            connection, _ = server.accept()
            with connection:
                connection.sendall(b"220 mail.example.org\r\n")
                connection.recv(1024)
                connection.sendall(b"221 bye\r\n")

        thread = threading.Thread(target=greet, daemon=True)
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        thread.join(10)


def test_mail(mail_greets, option):
    option("smtp.server", mail_greets)
    option("smtp.mail_from", "portal@example.org")
    assert "portal@example.org" in seen("mail", "ok")


@pytest.mark.parametrize("server", ["127.0.0.1:1", "", "host:port"])
def test_mail_server_is_gone(server, option):
    option("smtp.server", server)
    assert "smtp.server = " in seen("mail", "warning")


def test_mail_without_a_sender(option):
    option("smtp.mail_from", None)
    assert "smtp.mail_from = " in seen("mail", "warning")


# People


def without_members(name):
    members = model.Member.__table__
    group = model.Group.get(name)
    model.Session.execute(
        sa.delete(members).where(
            members.c.group_id == group.id, members.c.table_name == "user"
        )
    )
    model.Session.commit()


def join(organization, user, role):
    call_action("organization_member_create", id=organization, username=user, role=role)


def test_reviewers(empty, option, organization_factory, user_factory):
    key = "ckanext.actionplan.reviewers_organization"
    assert key in seen("reviewers", "warning")
    option(key, "ministry")
    assert f"{key} = ministry" in seen("reviewers", "error")
    ministry = organization_factory(name="ministry", title="Our ministry")
    without_members("ministry")
    assert "/organization/members/ministry" in seen("reviewers", "error")
    clerk = user_factory()
    join("ministry", clerk["name"], "member")
    assert state("reviewers") == "error"
    join("ministry", clerk["name"], "editor")
    assert "Our ministry" in seen("reviewers", "ok")
    option(key, ministry["id"])
    assert state("reviewers") == "ok"
    call_action("user_delete", id=clerk["id"])
    assert state("reviewers") == "error"


def test_plan_reviewers(empty, action_plan_factory, organization_factory, user_factory):
    assert state("plan_reviewers") == "ok"
    owner, reviewing = organization_factory(), organization_factory()
    join(reviewing["name"], user_factory()["name"], "editor")
    for number in range(6):
        action_plan_factory(
            name=f"plan-{number}",
            owner_org=owner["id"],
            reviewing_organization=reviewing["id"],
        )
    assert state("plan_reviewers") == "ok"
    without_members(reviewing["name"])
    said = seen("plan_reviewers", "warning")
    assert "6 plans" in said
    assert "plan-4 …" in said


def test_a_plan_reviewed_by_its_owner(
    empty, action_plan_factory, organization_factory, user_factory
):
    owner = organization_factory()
    join(owner["name"], user_factory()["name"], "editor")
    plan = action_plan_factory(owner_org=owner["id"])
    # As a portal may have it from before this was refused.
    model.Session.query(PlanRow).update({"reviewing_organization_id": owner["id"]})
    model.Session.commit()
    assert plan["name"] in seen("plan_reviewers", "warning")


# Datasets


def test_dataset_types(empty, option, package_factory):
    key = "ckanext.actionplan.dataset_types"
    assert state("dataset_types") == "ok"
    option(key, ["dataset", "action-plan", "harvest"])
    said = seen("dataset_types", "error")
    assert "action-plan, harvest" in said
    assert said.endswith(f"{key} = dataset")
    option(key, [])
    assert seen("dataset_types", "error").endswith(f"{key} = dataset")
    package = package_factory()
    model.Session.query(model.Package).update({"type": "geodata"})
    model.Session.commit()
    option(key, ["dataset"])
    said = seen("dataset_types", "warning")
    assert "geodata (1)" in said
    assert said.endswith(f"{key} = dataset geodata")
    model.Session.add(model.Package(name="other", type="dataset"))
    model.Session.commit()
    said = seen("dataset_types", "ok")
    assert "Counted: dataset (1). Not counted: geodata (1)." in said
    assert package


def test_facts(empty, package_factory, cli):
    package_factory()
    assert state("facts") == "ok"
    model.Session.query(DatasetFact).delete()
    model.Session.commit()
    assert "actionplan dataset rebuild" in seen("facts", "error")
    cli.invoke(ckan, ["actionplan", "dataset", "rebuild"])
    assert state("facts") == "ok"


def test_frequencies(empty, option, package_factory):
    assert state("frequencies") == "ok"
    extras = [{"key": "how_often", "value": "once a month"}]
    package_factory(extras=extras)
    key = "ckanext.actionplan.frequency_field"
    assert key in seen("frequencies", "warning")
    option(key, "how_often")
    call_action("actionplan_dataset_rebuild")
    assert "Of 1 datasets the updates of 1" in seen("frequencies", "ok")


def test_licenses(empty, package_factory):
    package_factory(license_id="cc-by")
    assert state("licenses") == "ok"
    wrong = [
        package_factory(name=f"set-{number}", license_id=name)["name"]
        for number, name in enumerate(["", "notspecified", "own-terms"])
    ]
    said = seen("licenses", "warning")
    assert (
        f"3 public datasets name no license that this portal knows: {', '.join(wrong)}."
        in said
    )


# The other portal and the nights


def read(days, **more):
    moment = clock.now() - timedelta(days=days)
    values = {
        "id": f"{days}-{more}",
        "url": tk.config["ckanext.actionplan.upstream_url"],
        "started_at": moment,
        "finished_at": moment,
        "state": "whole",
        "datasets": 7,
        **more,
    }
    model.Session.add(Snapshot(**values))
    model.Session.commit()


def test_upstream(empty, option):
    url = "ckanext.actionplan.upstream_url"
    assert url in seen("upstream", "ok")
    option(url, "ftp://data.example.org")
    assert "not an http or https address" in seen("upstream", "error")
    option(url, "http://127.0.0.1:9")
    assert "private address" in seen("upstream", "error")
    option("ckanext.actionplan.upstream_private_allowed", True)
    assert "actionplan upstream refresh" in seen("upstream", "error")
    read(30)
    assert "too long ago" in seen("upstream", "error")
    read(2)
    assert "7 datasets" in seen("upstream", "ok")
    read(1, state="failed", error="timeout")
    assert "did not answer in time" in seen("upstream", "warning")


def test_night(empty, monkeypatch):
    assert "actionplan nightly --quiet" in seen("night", "error")
    call_action("actionplan_night_run")
    assert state("night") == "ok"
    step = model.Session.query(NightStep).filter_by(name="names").one()
    step.state, step.message = "failed", "no names today"
    model.Session.commit()
    said = seen("night", "error")
    assert "Remember names of organizations: no names today" in said
    assert "actionplan nightly" in said
    night = model.Session.query(Night).one()
    night.finished_at = None
    model.Session.commit()
    assert "cut short" in seen("night", "error")
    with model.Session.get_bind().connect() as other:
        other.execute(sa.select(sa.func.pg_advisory_lock(nightly.LOCK)))
        try:
            assert "under way" in seen("night", "ok")
        finally:
            other.execute(sa.select(sa.func.pg_advisory_unlock(nightly.LOCK)))
    night.started_at = clock.now() - timedelta(days=3)
    model.Session.commit()
    assert "do not roll on" in seen("night", "error")


def test_derived(empty, action_plan_factory, organization_factory):
    action_plan_factory(owner_org=organization_factory()["id"])
    assert state("derived") == "ok"
    model.Session.query(PlanRow).update({"derived_at": clock.now() - timedelta(days=3)})
    model.Session.commit()
    assert "of 1 plan are older" in seen("derived", "error")


# All together


class Broken(checks.Check):
    id = "broken"

    def title(self):
        return "Broken"

    def examine(self):
        if self.id:
            raise ValueError("on purpose")
        return checks.Finding("ok", "never")


class Missing(Broken):
    id = "missing"

    def examine(self):
        model.Session.execute(sa.text("SELECT * FROM nothing_of_the_kind"))
        return checks.Finding("ok", "never")


def test_a_check_that_breaks_hides_no_other(monkeypatch):
    known = checks.checks
    monkeypatch.setattr(doctor, "checks", lambda: (Broken(), Missing(), *known()))
    found = {each["id"]: each for each in doctor.examine()}
    assert "ValueError: on purpose" in found["broken"]["text"]
    assert "db upgrade -p actionplan" in found["missing"]["lines"][0]
    assert found["plugins"]["state"] == "ok"
    assert len(found) == len(known()) + 2


def test_command(monkeypatch, cli):
    result = cli.invoke(ckan, ["actionplan", "doctor"])
    assert "✓ Plugins: " in result.output
    assert "Could be better: " in result.output
    quiet = cli.invoke(ckan, ["actionplan", "doctor", "--quiet"])
    assert "✓" not in quiet.output
    monkeypatch.setattr(doctor, "checks", lambda: (Broken(),))
    result = cli.invoke(ckan, ["actionplan", "doctor"])
    assert result.exit_code == 1
    assert result.output.startswith("✗ Broken: ")
    monkeypatch.setattr(doctor, "checks", lambda: (installation.Schema(),))
    result = cli.invoke(ckan, ["actionplan", "doctor", "--json"])
    assert result.exit_code == 0
    assert json.loads(result.output)["state"] == "ok"


def test_examining_costs_the_same_for_more(
    empty, count_queries, package_factory, action_plan_factory, organization_factory
):
    def cost():
        with count_queries() as statements:
            doctor.examine()
        return len(statements)

    def more():
        owner = organization_factory()["id"]
        package_factory(owner_org=owner)
        action_plan_factory(owner_org=owner)

    more()
    first = cost()
    for _ in range(4):
        more()
    assert cost() == first


def test_page_is_for_administrators(empty, app):
    call_action("actionplan_night_run")
    sysadmin = factories.SysadminWithToken()
    headers = {"Authorization": sysadmin["token"]}
    page = BeautifulSoup(
        app.get("/ckan-admin/actionplan", headers=headers).body, "html.parser"
    )
    tab = page.select_one(".page-header .active a, .nav-tabs .active a")
    assert tab["href"] == "/ckan-admin/actionplan"
    assert page.select_one("#actionplan-check-worker pre").text.endswith("jobs worker")
    assert len(page.select(".actionplan-night tbody tr")) == 7
    other = {"Authorization": factories.UserWithToken()["token"]}
    app.get("/ckan-admin/actionplan", headers=other, status=403)
    app.get("/ckan-admin/actionplan", status=403)
    page = BeautifulSoup(app.get("/ckan-admin/", headers=headers).body, "html.parser")
    assert page.select_one('a[href="/ckan-admin/actionplan"]')


def test_page_without_tables(empty, app, monkeypatch):
    monkeypatch.setattr(installation, "_revision", lambda: None)
    headers = {"Authorization": factories.SysadminWithToken()["token"]}
    page = app.get("/ckan-admin/actionplan", headers=headers)
    page = BeautifulSoup(page.body, "html.parser")
    finding = page.select_one("#actionplan-error #actionplan-check-migrations")
    assert finding.select_one("pre").text.endswith("db upgrade -p actionplan")
    assert not page.select(".actionplan-night")
