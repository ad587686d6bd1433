"""Snapshots of the other portal: whole or not taken over."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.cli.cli import ckan
from ckan.lib import jobs as queue
from ckan.tests.helpers import call_action

from ckanext.actionplan.logic import snapshot
from ckanext.actionplan.model import DatasetFact, Snapshot, Standing

pytestmark = pytest.mark.usefixtures("clean_db", "clean_index")


class Portal(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.datasets = [
            {"id": f"id-{i:04}", "name": f"name-{i:04}"} for i in range(250)
        ]
        self.fails_from = 10_000
        self.meanwhile = lambda: None


class Handler(BaseHTTPRequestHandler):
    server: Portal  # pyright: ignore[reportIncompatibleVariableOverride]

    def do_GET(self):
        query = parse_qs(urlsplit(self.path).query)
        start, rows = int(query["start"][0]), int(query["rows"][0])
        self.server.meanwhile()
        failed = start >= self.server.fails_from
        page = self.server.datasets[start : start + rows]
        content = json.dumps(
            {
                "success": not failed,
                "result": {"count": len(self.server.datasets), "results": page},
            }
        ).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format, *args):
        """Say nothing."""


@pytest.fixture
def portal(monkeypatch):
    server = Portal()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    monkeypatch.setitem(tk.config, "ckanext.actionplan.upstream_url", server.url)
    monkeypatch.setitem(tk.config, "ckanext.actionplan.upstream_private_allowed", True)
    # Retries pause; tests do not.
    monkeypatch.setattr(snapshot.refresh, "__defaults__", (lambda _seconds: None,))
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def refresh():
    return call_action("actionplan_upstream_refresh")


def sentence():
    with pytest.raises(tk.ValidationError) as caught:
        refresh()
    model.Session.expire_all()
    return caught.value.error_dict["upstream"]


def kept():
    rows = model.Session.execute(
        sa.select(DatasetFact.source, sa.func.count()).group_by(DatasetFact.source)
    )
    return {row[0]: row[1] for row in rows}


def test_whole(portal):
    found = refresh()
    assert found["state"] == "whole"
    assert found["datasets"] == 250
    assert found["finished_at"]
    assert found["error"] == found["reason"] == ""
    assert kept() == {"upstream": 250}


def test_next_one_takes_its_place(portal):
    refresh()
    portal.datasets = portal.datasets[100:]
    refresh()
    assert kept() == {"upstream": 150}
    assert model.Session.query(Snapshot).count() == 2


def test_half_never_replaces_a_whole_one(portal):
    first = refresh()
    portal.fails_from = 100
    portal.datasets = portal.datasets[1:]
    assert sentence() == ["The other portal refused the request."]
    assert kept() == {"upstream": 250}
    found = call_action("actionplan_upstream_show")
    assert found["state"] == "failed"
    assert found["error"] == "The other portal refused the request."
    assert found["finished_at"] == first["finished_at"]
    assert found["reason"] == ""


def test_first_one_fails(portal):
    portal.fails_from = 0
    sentence()
    found = call_action("actionplan_upstream_show")
    assert (found["state"], found["finished_at"]) == ("failed", None)
    assert found["reason"] == "no_snapshot"
    assert kept() == {}


def test_emptied_index_is_no_snapshot(portal):
    refresh()
    portal.datasets = []
    assert "suddenly has no datasets" in sentence()[0]
    assert kept() == {"upstream": 250}


def test_empty_portal_is_one(portal):
    portal.datasets = []
    assert refresh()["state"] == "whole"


def test_private_address(portal, monkeypatch):
    monkeypatch.setitem(tk.config, "ckanext.actionplan.upstream_private_allowed", False)
    assert "private address" in sentence()[0]


def test_no_address(portal, monkeypatch):
    monkeypatch.setitem(tk.config, "ckanext.actionplan.upstream_url", "")
    assert sentence() == ["This portal names no other portal to read"]
    assert model.Session.query(Snapshot).count() == 0


def test_two_runs_are_one(portal):
    refused: list[list[str]] = []

    def meanwhile():
        portal.meanwhile = lambda: None
        with snapshot._only_run() as alone:
            refused.append(["alone"] if alone else [])

    portal.meanwhile = meanwhile
    assert refresh()["state"] == "whole"
    assert refused == [[]]


def test_second_run_is_refused(portal):
    with snapshot._only_run():
        assert sentence() == ["The other portal is being read already"]
    assert refresh()["state"] == "whole"


def test_killed_run_leaves_nothing(portal, monkeypatch):
    run_id = snapshot._begin(portal.url)
    snapshot._stage(run_id, portal.url, lambda _seconds: None)
    assert kept() == {f"snapshot:{run_id}": 250}
    assert call_action("actionplan_upstream_show")["state"] == "running"
    refresh()
    assert kept() == {"upstream": 250}
    model.Session.expire_all()
    assert model.Session.get(Snapshot, run_id).state == "failed"


def test_interrupted_run_is_noted(portal, monkeypatch):
    def interrupt(*_args):
        raise KeyboardInterrupt

    monkeypatch.setattr(snapshot, "_take_over", interrupt)
    with pytest.raises(KeyboardInterrupt):
        refresh()
    found = call_action("actionplan_upstream_show")
    assert found["error"] == "The reading of the other portal was interrupted."
    assert kept() == {}


def test_readers_see_the_old_one_until_the_new_one_is_whole(portal):
    refresh()
    seen: list[dict[str, int]] = []
    portal.meanwhile = lambda: seen.append(committed())
    portal.datasets = portal.datasets[200:]
    refresh()
    assert {each["upstream"] for each in seen} == {250}
    assert kept() == {"upstream": 50}


def committed():
    """What another connection sees."""
    with model.Session.get_bind().connect() as connection:
        rows = connection.execute(
            sa.text("select source, count(*) from actionplan_dataset group by source")
        )
        return {row[0]: row[1] for row in rows}


def test_sums_follow(portal, package_factory, organization_factory):
    organization = organization_factory()
    dataset = package_factory(owner_org=organization["id"])
    package = model.Package.__table__
    model.Session.execute(
        sa.update(package).values(metadata_created=sa.text("now() - interval '1 year'"))
    )
    model.Session.commit()
    refresh()
    row = model.Session.query(Standing).one()
    assert (row.upstream_present, row.upstream_judged) == (0, 1)
    portal.datasets.append({"id": dataset["id"], "name": "x"})
    refresh()
    model.Session.expire_all()
    row = model.Session.query(Standing).one()
    assert (row.upstream_present, row.upstream_judged) == (1, 1)


def test_enqueue(portal, monkeypatch):
    asked: list[str] = []
    monkeypatch.setattr(
        tk, "enqueue_job", lambda function, **_more: asked.append(function)
    )
    found = call_action("actionplan_upstream_refresh", enqueue=True)
    assert found["state"] == "none"
    assert asked == ["ckanext.actionplan.jobs.refresh_upstream"]


def test_job(portal, with_test_worker):
    call_action("actionplan_upstream_refresh", enqueue=True)
    queue.Worker().work(burst=True)
    assert call_action("actionplan_upstream_show")["state"] == "whole"


def test_queue_is_down(portal, redis_is_down):
    with pytest.raises(tk.ValidationError, match="does not answer"):
        call_action("actionplan_upstream_refresh", enqueue=True)


def test_command(portal, cli):
    result = cli.invoke(ckan, ["actionplan", "upstream", "show"])
    assert "never read" in result.output
    result = cli.invoke(ckan, ["actionplan", "upstream", "refresh"])
    assert result.exit_code == 0
    assert "250 datasets" in result.output
    assert "+00:00" not in result.output
    portal.fails_from = 0
    result = cli.invoke(ckan, ["actionplan", "upstream", "refresh"])
    assert result.exit_code == 1
    assert "refused" in result.output


@pytest.mark.parametrize("problem", snapshot._SENTENCES)
def test_every_problem_has_a_sentence(problem):
    text = snapshot.sentence(problem, "7")
    assert text.endswith(".")
    assert "{" not in text


def test_every_problem_is_known():
    assert set(snapshot._SENTENCES) == {each.value for each in snapshot.Problem}
