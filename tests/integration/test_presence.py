"""Datasets here beside their copies there, by id and by name."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.tests.helpers import call_action

from ckanext.actionplan import clock
from ckanext.actionplan.core.facts import Fact
from ckanext.actionplan.logic import facts, publishers, scope
from ckanext.actionplan.logic.viewer import Viewer
from ckanext.actionplan.model import DatasetFact, Snapshot
from ckanext.actionplan.rules.criteria import criteria

NOW = datetime(2026, 11, 21, 10, tzinfo=timezone.utc)
URL = "http://national.example"

pytestmark = [
    pytest.mark.usefixtures("clean_db", "clean_index"),
    pytest.mark.ckan_config("ckanext.actionplan.upstream_url", URL),
]


def ago(days):
    return NOW - timedelta(days=days)


@pytest.fixture(autouse=True)
def frozen(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


def snapshot(days=1, state="whole", url=URL):
    model.Session.add(
        Snapshot(
            id=f"{state}-{days}",
            url=url,
            started_at=ago(days),
            finished_at=ago(days),
            state=state,
        )
    )
    model.Session.commit()


def copy(key, name, modified):
    fact = Fact(
        dataset_id=key,
        name=name,
        title=f"Copy of {name}",
        organization_id="",
        organization_name="",
        frequency="",
        interval_days=None,
        metadata_modified=modified,
        updated_at=modified,
        resources=0,
        formats=(),
        machine_readable=False,
        passport_gaps=(),
    )
    facts.save("upstream", [fact])
    model.Session.commit()


@pytest.fixture
def organization(organization_factory):
    return organization_factory()


@pytest.fixture
def make(package_factory, organization):
    """A dataset that was made and changed so many days ago."""

    def make_one(name, created=100, modified=50, **more):
        dataset = package_factory(name=name, owner_org=organization["id"], **more)
        times = {
            "metadata_created": ago(created).replace(tzinfo=None),
            "metadata_modified": ago(modified).replace(tzinfo=None),
        }
        package = model.Package.__table__
        model.Session.execute(
            sa.update(package).where(package.c.id == dataset["id"]).values(times)
        )
        model.Session.commit()
        return dataset["id"]

    return make_one


def states(organization, viewer=None):
    rows = publishers.datasets(
        scope.current([organization["id"]]), viewer or Viewer(), organization["id"]
    )
    return {row["name"]: (row["presence"], row["upstream_name"]) for row in rows}


def test_every_case(make, organization):
    snapshot()
    copy(make("same-id"), "other-name", ago(10))
    make("same-name")
    copy("foreign-id", "same-name", ago(10))
    copy(make("changed-since", modified=20), "changed-since", ago(30))
    # Changed two days before the snapshot: three are given.
    copy(make("changed-just-now", modified=3), "changed-just-now", ago(30))
    make("never-arrived")
    make("too-young", created=3, modified=3)
    make("unknown-age", modified=20)
    copy("unknown", "unknown-age", None)
    assert states(organization) == {
        "same-id": ("present", "other-name"),
        "same-name": ("present", "same-name"),
        "changed-since": ("outdated", "changed-since"),
        "changed-just-now": ("present", "changed-just-now"),
        "never-arrived": ("missing", None),
        "too-young": ("not_measured", None),
        "unknown-age": ("present", "unknown-age"),
    }


def test_copy_of_a_renamed_dataset_is_not_taken_for_its_successor(make, organization):
    """Renamed here, another took the old name: the copy belongs to the first."""
    snapshot()
    renamed = make("new-name")
    make("old-name")
    copy(renamed, "old-name", ago(10))
    assert states(organization) == {
        "new-name": ("present", "old-name"),
        "old-name": ("missing", None),
    }


def test_id_goes_before_name(make, organization):
    snapshot()
    copy(make("aa"), "elsewhere", ago(60))
    copy("hand-made", "aa", ago(10))
    assert states(organization) == {"aa": ("outdated", "elsewhere")}


def test_orphans(make, organization):
    snapshot()
    user = model.User.get("admin") or model.Session.query(model.User).first()
    for name in ("deleted", "gone"):
        key = make(name)
        call_action("package_delete", context={"user": user.name}, id=key)
        if name == "deleted":
            copy(key, "deleted-there", ago(10))
    copy(make("hidden", private=True), "hidden", ago(10))
    make("hidden-and-absent", private=True)
    assert states(organization) == {"deleted": ("orphaned", "deleted-there")}
    member = Viewer(member_of=frozenset([organization["id"]]))
    assert states(organization, member) == {
        "deleted": ("orphaned", "deleted-there"),
        "hidden": ("orphaned", "hidden"),
        "hidden-and-absent": ("not_measured", None),
    }
    assert states(organization, Viewer(everything=True)) == states(organization, member)
    assert states(organization, Viewer(member_of=frozenset(["x"]))) == states(
        organization
    )


def test_plans_are_never_missing(action_plan_factory, organization):
    snapshot()
    action_plan_factory(owner_org=organization["id"])
    assert states(organization) == {}


@pytest.mark.parametrize(
    ("run", "reason"),
    [
        ((7, "whole", URL), ""),
        ((8, "whole", URL), "snapshot_old"),
        ((1, "failed", URL), "no_snapshot"),
        ((1, "running", URL), "no_snapshot"),
        ((1, "whole", "http://another.example"), "no_snapshot"),
    ],
)
def test_not_the_publishers_fault(make, organization, run, reason):
    make("never-arrived")
    snapshot(*run)
    found = scope.snapshots(NOW).upstream()
    assert found.reason == reason
    expected = "not_measured" if reason else "missing"
    assert states(organization) == {"never-arrived": (expected, None)}


def test_failed_run_keeps_the_whole_one(make, organization):
    make("never-arrived")
    snapshot(3)
    snapshot(1, "failed")
    found = scope.snapshots(NOW)
    assert found.whole
    assert (found.last.state, found.whole.state) == ("failed", "whole")
    assert states(organization) == {"never-arrived": ("missing", None)}


def test_no_upstream(make, organization, monkeypatch):
    monkeypatch.setitem(tk.config, "ckanext.actionplan.upstream_url", "")
    make("aa")
    assert scope.snapshots(NOW).upstream().reason == "no_upstream"
    assert states(organization) == {"aa": ("not_measured", None)}


def rows_touched(node):
    """The most rows that one step of a query plan has handled."""
    handled = node["Actual Rows"] + node.get("Rows Removed by Join Filter", 0)
    below = [rows_touched(each) for each in node.get("Plans", ())]
    return max([handled * node["Actual Loops"], *below])


def test_work_grows_with_the_number_of_datasets_only(organization):
    """Two joins by equality, no `or`: nothing is compared with everything."""
    snapshot()
    number = 2000
    model.Session.execute(
        sa.text(
            """
            insert into package (id, name, title, type, state, private, owner_org,
                metadata_created, metadata_modified)
            select 'p-' || n, 'name-' || n, '', 'dataset', 'active', false, :owner,
                now() - interval '1 year', now() - interval '1 year'
            from generate_series(1, :number) n
            """
        ),
        {"owner": organization["id"], "number": number},
    )
    model.Session.execute(
        sa.text(
            """
            insert into actionplan_dataset (source, dataset_id, name, checked_at)
            select 'local', 'p-' || n, 'name-' || n, now()
            from generate_series(1, :number) n
            union all
            select 'upstream', case when n % 2 = 0 then 'p-' else 'there-' end || n,
                'name-' || n, now()
            from generate_series(1, :number) n where n % 10 > 0
            """
        ),
        {"number": number},
    )
    model.Session.execute(sa.text("ANALYZE package"))
    model.Session.execute(sa.text("ANALYZE actionplan_dataset"))
    counts = criteria()["harvest"].counts(scope.current())
    assert counts is not None
    found = model.Session.execute(counts).one()
    assert (found.numerator, found.denominator) == (1800, 2000)
    statement = counts.compile(
        model.Session.get_bind(), compile_kwargs={"render_postcompile": True}
    )
    plan = model.Session.connection().exec_driver_sql(
        f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", statement.params
    )
    assert rows_touched(plan.scalar()[0]["Plan"]) <= 4 * number


def test_facts_of_the_copy_are_kept_apart(make):
    key = make("aa")
    copy(key, "aa", ago(10))
    rows = model.Session.scalars(sa.select(DatasetFact.source)).all()
    assert sorted(rows) == ["local", "upstream"]
