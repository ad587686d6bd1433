"""The nightly run: once, resumed, one failure stops nothing else."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.cli.cli import ckan
from ckan.lib import jobs as queue
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.actionplan import clock
from ckanext.actionplan.logic import (
    derive,
    facts,
    locks,
    names,
    night_steps,
    nightly,
    snapshot,
    standing,
)
from ckanext.actionplan.model import (
    DatasetFact,
    Draft,
    Night,
    NightStep,
    ObligationRow,
    Participant,
    PlanRow,
    PublisherName,
    Standing,
)

pytestmark = pytest.mark.usefixtures("clean_db", "clean_index")

STEPS = ["names", "drafts", "facts", "upstream", "plans", "purged", "standings"]


@pytest.fixture
def plan_factory(action_plan_factory, organization_factory):
    """Return the function that makes a plan of an organization of its own."""

    def made(**more):
        return action_plan_factory(owner_org=organization_factory()["id"], **more)

    return made


def run(**more):
    return call_action("actionplan_night_run", **more)


def states():
    model.Session.expire_all()
    return {row.name: row.state for row in model.Session.query(NightStep)}


def make_old(days=3):
    """Plans look as if they were derived some days ago."""
    model.Session.execute(
        sa.update(PlanRow.__table__).values(
            derived_at=clock.now() - timedelta(days=days)
        )
    )
    model.Session.commit()


def record_derived(monkeypatch, broken=(), interrupt=()):
    """Derive as ever, note which plans, and fail for some."""
    derived: list[str] = []
    really = derive.derive

    def noting(plan_id, *args, **kwargs):
        if plan_id in interrupt:
            raise KeyboardInterrupt
        if plan_id in broken:
            raise tk.ValidationError({"tasks": ["Too many tasks."]})
        derived.append(plan_id)
        return really(plan_id, *args, **kwargs)

    monkeypatch.setattr(derive, "derive", noting)
    return derived


def test_every_step_in_order(plan_factory):
    plan = plan_factory()
    make_old()
    found = run()
    assert found["started"]
    assert found["state"] == "done"
    assert [step["id"] for step in found["steps"]] == STEPS
    by_id = {step["id"]: step for step in found["steps"]}
    assert by_id["upstream"]["state"] == "skipped"
    assert "no other portal" in by_id["upstream"]["message"]
    assert by_id["plans"]["words"] == "1 plan was derived."
    assert {by_id[name]["state"] for name in STEPS if name != "upstream"} == {"done"}
    assert model.Session.get(PlanRow, plan["id"]).derived_at.date() == (
        clock.now().date()
    )
    assert found["nights"][0]["night_on"] == clock.today().isoformat()


def test_what_each_step_does(package_factory, organization_factory, user):
    owner = organization_factory(name="ours")
    dataset = package_factory(owner_org=owner["id"])
    for each in (DatasetFact, PublisherName, Standing):
        model.Session.query(each).delete()
    longest = tk.config["ckanext.actionplan.draft_days"]
    for days in (longest - 1, longest + 1):
        moment = clock.now() - timedelta(days=days)
        model.Session.add(
            Draft(
                id=f"draft-{days}",
                user_id=user["id"],
                organization_id=owner["id"],
                filename="plan.txt",
                content=b"",
                data={},
                review={},
                created_at=moment,
                changed_at=moment,
            )
        )
    model.Session.commit()
    words = {step["id"]: step["words"] for step in run()["steps"]}
    assert words["names"] == "1 name is new."
    assert words["drafts"] == "1 import was forgotten."
    assert words["facts"] == "1 dataset was looked through."
    assert words["standings"] == "1 publisher was counted."
    assert model.Session.query(DatasetFact).one().dataset_id == dataset["id"]
    assert model.Session.query(Draft).one().id == f"draft-{longest - 1}"


def test_purged_plans(plan_factory):
    plans = [plan_factory() for _ in range(2)]
    call_action("dataset_purge", id=plans[0]["id"])
    words = {step["id"]: step["words"] for step in run()["steps"]}
    assert words["purged"] == "1 purged plan was cleared away."
    left = {row.plan_id for row in model.Session.query(ObligationRow)}
    assert left == {plans[1]["id"]}


def test_second_start_while_another_process_is_at_it(cli):
    with model.Session.get_bind().connect() as other:
        other.execute(sa.select(sa.func.pg_advisory_lock(nightly.LOCK)))
        try:
            found = run()
            assert not found["started"]
            assert found["state"] == "running"
            result = cli.invoke(ckan, ["actionplan", "nightly"])
            assert (result.exit_code, "under way already" in result.output) == (0, True)
            assert cli.invoke(ckan, ["actionplan", "nightly", "--quiet"]).output == ""
        finally:
            other.execute(sa.select(sa.func.pg_advisory_unlock(nightly.LOCK)))
    assert model.Session.query(Night).count() == 0
    assert run()["started"]


def test_two_starts_at_once_are_one_run(app, monkeypatch):
    entered, leave = threading.Event(), threading.Event()
    runs: list[str] = []

    def slowly():
        runs.append("names")
        entered.set()
        assert leave.wait(30)
        return 0

    monkeypatch.setattr(names, "remember_all", slowly)
    first: list[bool] = []

    def start():
        with app.flask_app.test_request_context():
            first.append(nightly.run())
            model.Session.remove()

    thread = threading.Thread(target=start)
    thread.start()
    try:
        assert entered.wait(30)
        assert nightly.show()["state"] == "running"
        assert nightly.run() is False
    finally:
        leave.set()
        thread.join()
    assert (first, runs) == ([True], ["names"])
    assert nightly.show()["state"] == "done"


def test_nobody_holds_the_lock_afterwards(monkeypatch):
    run()
    assert not locks.held(nightly.LOCK)

    def interrupt():
        raise KeyboardInterrupt

    monkeypatch.setattr(names, "remember_all", interrupt)
    with pytest.raises(KeyboardInterrupt):
        nightly.run(again=True)
    assert not locks.held(nightly.LOCK)


def test_locks_of_others_are_not_ours():
    with locks.alone(nightly.LOCK + 1), locks.alone(nightly.LOCK + (1 << 33)):
        assert not locks.held(nightly.LOCK)
        with locks.alone(nightly.LOCK) as mine:
            assert mine
            assert locks.held(nightly.LOCK)


def test_done_steps_are_not_done_again(plan_factory, monkeypatch):
    plan = plan_factory()
    make_old()
    derived = record_derived(monkeypatch)
    first = run()
    assert derived == [plan["id"]]
    make_old()
    second = run()
    assert derived == [plan["id"]]
    assert second["finished_at"] > first["finished_at"]
    assert second["started_at"] == first["started_at"]
    assert second["steps"][0]["finished_at"] == first["steps"][0]["finished_at"]


def test_again(plan_factory, monkeypatch):
    plan = plan_factory()
    first = run()
    derived = record_derived(monkeypatch)
    again = run(again=True)
    assert derived == [plan["id"]]
    assert again["started_at"] > first["started_at"]
    assert model.Session.query(Night).count() == 1


def test_crash_in_the_middle_goes_on(plan_factory, monkeypatch):
    plans = [plan_factory()["id"] for _ in range(3)]
    make_old()
    order = derive.outdated(clock.today())
    assert sorted(order) == sorted(plans)
    with monkeypatch.context() as patched:
        derived = record_derived(patched, interrupt=[order[1]])
        with pytest.raises(KeyboardInterrupt):
            nightly.run()
        assert derived == [order[0]]
    model.Session.rollback()
    shown = nightly.show()
    assert shown["state"] == "interrupted"
    found = {step["id"]: step["state"] for step in shown["steps"]}
    assert found["facts"] == "done"
    assert found["plans"] == "interrupted"
    assert found["standings"] == "waiting"
    derived = record_derived(monkeypatch)
    looked = monkeypatch_facts(monkeypatch)
    assert run()["state"] == "done"
    assert derived == order[1:]
    assert looked == []


def monkeypatch_facts(monkeypatch):
    looked: list[object] = []
    monkeypatch.setattr(facts, "repair", looked.append)
    return looked


def test_facts_go_on_where_they_were(package_factory, monkeypatch):
    for _ in range(3):
        package_factory()
    monkeypatch.setattr(facts, "BATCH", 1)
    batches: list[str] = []
    really = facts.write

    def twice(ids):
        if len(batches) == 2:
            raise KeyboardInterrupt
        batches.extend(ids)
        return really(ids)

    since = clock.now()
    with monkeypatch.context() as patched:
        patched.setattr(facts, "write", twice)
        with pytest.raises(KeyboardInterrupt):
            facts.repair(since)
    model.Session.rollback()
    assert facts.repair(since)["written"] == 1
    assert facts.repair(since)["written"] == 0
    assert facts.repair(clock.now())["written"] == 3


def test_one_plan_fails_and_the_others_go_on(plan_factory, monkeypatch, cli):
    plans = [plan_factory(name=f"plan-{i}")["id"] for i in range(3)]
    make_old()
    with monkeypatch.context() as patched:
        derived = record_derived(patched, broken=[plans[1]])
        result = cli.invoke(ckan, ["actionplan", "nightly", "--quiet"])
        assert result.exit_code == 1
        assert "plan-1: Too many tasks." in result.output
        assert "Remember names" not in result.output
        assert sorted(derived) == sorted([plans[0], plans[2]])
    assert states()["plans"] == "failed"
    assert states()["standings"] == "done"
    shown = nightly.show()
    assert shown["state"] == "failed"
    step = next(each for each in shown["steps"] if each["id"] == "plans")
    assert step["words"] == "2 plans were derived."
    assert step["message"] == "plan-1: Too many tasks."
    # Mended: only what failed is tried again.
    derived = record_derived(monkeypatch)
    assert run()["state"] == "done"
    assert derived == [plans[1]]


def test_a_failed_plan_leaves_nothing_half_written(plan_factory, monkeypatch):
    plans = [plan_factory()["id"] for _ in range(2)]
    model.Session.query(ObligationRow).delete()
    make_old()
    broken = derive.outdated(clock.today())[0]
    really = standing.touch_plans

    def touch(plan_ids):
        if broken in plan_ids:
            raise sa.exc.OperationalError("INSERT", {}, Exception("disk full\nDETAIL"))
        really(plan_ids)

    monkeypatch.setattr(standing, "touch_plans", touch)
    step = next(each for each in run()["steps"] if each["id"] == "plans")
    assert "disk full" in step["message"]
    assert "DETAIL" not in step["message"]
    kept = {row.plan_id for row in model.Session.query(ObligationRow)}
    assert kept == set(plans) - {broken}


def test_one_step_fails_and_the_others_go_on(monkeypatch):
    def broken():
        raise RuntimeError("no names today")

    with monkeypatch.context() as patched:
        patched.setattr(names, "remember_all", broken)
        found = run()
    assert found["state"] == "failed"
    assert found["finished_at"]
    assert found["steps"][0]["message"] == "RuntimeError: no names today"
    assert states()["standings"] == "done"
    assert run()["state"] == "done"


def test_upstream_fails_and_the_rest_goes_on(monkeypatch):
    monkeypatch.setitem(
        tk.config, "ckanext.actionplan.upstream_url", "http://127.0.0.1:1"
    )
    found = run()
    by_id = {step["id"]: step for step in found["steps"]}
    assert by_id["upstream"]["state"] == "failed"
    assert "private address" in by_id["upstream"]["message"]
    assert by_id["standings"]["state"] == "done"


def test_upstream_is_read(monkeypatch):
    monkeypatch.setitem(
        tk.config, "ckanext.actionplan.upstream_url", "https://data.example.org"
    )
    asked: list[bool] = []
    monkeypatch.setattr(snapshot, "refresh", lambda: asked.append(True))
    found = run()
    assert asked == [True]
    assert found["steps"][3]["state"] == "done"


def test_many_failures_are_counted():
    texts = [str(number) for number in range(25)]
    assert night_steps.shortened(texts)[-1] == "and 5 more"
    assert len(night_steps.shortened(texts)) == 21
    assert night_steps.shortened(texts[:20]) == texts[:20]


def test_old_nights_are_forgotten():
    moment = clock.now() - timedelta(days=500)
    day = moment.date()
    model.Session.add(Night(night_on=day, started_at=moment, finished_at=moment))
    model.Session.add(
        NightStep(
            night_on=day, name="names", state="done", started_at=moment, position=0
        )
    )
    model.Session.commit()
    run()
    assert [row.night_on for row in model.Session.query(Night)] == [clock.today()]
    assert {row.night_on for row in model.Session.query(NightStep)} == {clock.today()}


def test_nights_before_are_told_of():
    moment = clock.now() - timedelta(days=2)
    day = clock.today() - timedelta(days=2)
    model.Session.add(Night(night_on=day, started_at=moment))
    model.Session.commit()
    found = run()
    assert [each["state"] for each in found["nights"]] == ["done", "interrupted"]


@pytest.mark.parametrize("name", ["names", "drafts", "purged", "standings", "facts"])
def test_a_step_costs_the_same_for_more(
    name, package_factory, organization_factory, count_queries
):
    step = next(each for each in night_steps.steps() if each.id == name)

    def cost():
        tonight = night_steps.Tonight(clock.today(), clock.now())
        with count_queries() as statements:
            step.run(tonight)
            model.Session.commit()
        return len(statements)

    package_factory(owner_org=organization_factory()["id"])
    first = cost()
    for _ in range(4):
        package_factory(owner_org=organization_factory()["id"])
    assert cost() == first


def test_showing_costs_the_same_for_more(count_queries):
    def cost():
        with count_queries() as statements:
            nightly.show()
        return len(statements)

    run()
    first = cost()
    for days in range(1, 20):
        moment = clock.now() - timedelta(days=days)
        model.Session.add(Night(night_on=moment.date(), started_at=moment))
    model.Session.commit()
    assert cost() == first
    assert len(nightly.show()["nights"]) == 14


def test_command_tells_each_step(cli):
    assert nightly.show()["state"] == "none"
    result = cli.invoke(ckan, ["actionplan", "nightly"])
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert len(lines) == len(STEPS)
    assert lines[0].startswith("✓ Remember names of organizations: ")
    assert lines[3].startswith("– Read the other portal: This portal names no other")
    result = cli.invoke(ckan, ["actionplan", "nightly", "--quiet", "--again"])
    assert (result.exit_code, result.output) == (0, "")


def test_nobody_is_bound_by_the_night(
    action_plan_factory, organization_factory, user_factory
):
    editor = user_factory()
    owner = organization_factory(users=[{"name": editor["name"], "capacity": "editor"}])
    stranger = organization_factory()
    action_plan_factory(
        user=editor, owner_org=owner["id"], participants=[stranger["id"]]
    )
    run(again=True)
    assert model.Session.query(Participant).one().confirmed_at is None


def test_worker_does_it(with_test_worker):
    found = run(enqueue=True)
    assert (found["started"], found["state"]) == (False, "none")
    queue.Worker().work(burst=True)
    model.Session.expire_all()
    assert call_action("actionplan_night_show")["state"] == "done"


def test_queue_is_down(redis_is_down):
    with pytest.raises(tk.ValidationError, match="does not answer"):
        run(enqueue=True)


def test_page_starts_it(app, monkeypatch):
    asked: list[str] = []
    monkeypatch.setattr(
        tk, "enqueue_job", lambda function, **_more: asked.append(function)
    )
    headers = {"Authorization": factories.SysadminWithToken()["token"]}
    page = app.post("/ckan-admin/actionplan/night", headers=headers)
    assert "A worker starts the nightly run" in page.body
    assert asked == ["ckanext.actionplan.jobs.run_night"]
    other = {"Authorization": factories.UserWithToken()["token"]}
    app.post("/ckan-admin/actionplan/night", headers=other, status=403)
    assert len(asked) == 1
