"""Plans are found where they are asked for and nowhere else (decision 1)."""

from __future__ import annotations

import os
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from bs4 import BeautifulSoup

from ckan.tests.helpers import call_action

pytestmark = pytest.mark.usefixtures("clean_db", "clean_index")


@pytest.fixture
def owner(organization_factory):
    return organization_factory(name="rada")


@pytest.fixture
def plan(owner, action_plan_factory):
    return action_plan_factory(
        owner_org=owner["id"],
        name="plan-dij",
        executors=[{"name": "Водоканалбуд", "who": "outside"}],
        tasks=[
            {
                "number": "1.1",
                "title": "Інвентаризація світлофорів",
                "indicator": "Перелік перехресть",
                "executors": ["Водоканалбуд"],
            }
        ],
    )


@pytest.fixture
def dataset(owner, package_factory):
    return package_factory(owner_org=owner["id"], name="naselennia", notes="світлофори")


def names(answer):
    """Return the names of what a search found."""
    return [found["name"] for found in answer["results"]]


def shown(page):
    """Return the addresses of plans and datasets that a page links to."""
    body = BeautifulSoup(page.body, "html.parser")
    found = (str(link["href"]) for link in body.select("#content a[href]"))
    return {
        href for href in found if href.startswith(("/dataset/n", "/action-plan/plan"))
    }


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"q": "*:*"},
        {"q": "світлофорів"},
        {"fq": "type:action-plan"},
        {"fq": "-dataset_type:harvest"},
        {"fq": "name:plan-dij"},
        {"fq_list": ["+state:active"]},
        {"fq": "metadata_modified:[2000-01-01T00:00:00Z TO *]"},
        {"include_private": True},
        {"include_drafts": True},
    ],
)
def test_searches_for_datasets_find_no_plan(plan, dataset, query):
    assert plan["name"] not in names(call_action("package_search", **query))


@pytest.mark.parametrize(
    "query",
    [
        {"fq": "dataset_type:action-plan"},
        {"fq": '+dataset_type:"action-plan"'},
        {"fq": "dataset_type:(dataset OR action-plan)"},
        {"fq_list": ["dataset_type:action-plan"]},
        {"q": "dataset_type:action-plan"},
        {"fq": "dataset_type:action-plan", "q": "світлофорів"},
        {"fq": "dataset_type:action-plan", "q": "перехресть"},
        {"fq": "dataset_type:action-plan", "q": "Водоканалбуд"},
        {"fq": "dataset_type:action-plan organization:rada"},
    ],
)
def test_searches_for_plans_find_them(plan, dataset, query):
    assert plan["name"] in names(call_action("package_search", **query))


def test_pages_of_datasets_stay_as_they_were(app, plan, dataset):
    for address in ("/dataset/", "/", "/organization/rada"):
        assert "/action-plan/plan-dij" not in shown(app.get(address)), address
    assert "/dataset/naselennia" in shown(app.get("/organization/rada"))
    page = BeautifulSoup(app.get("/dataset/").body, "html.parser")
    assert page.select_one("#content h1").text.split()[0] == "1"
    assert "/action-plan/plan-dij" in shown(app.get("/action-plan"))
    found = app.get("/action-plan?q=світлофорів")
    assert "/action-plan/plan-dij" in shown(found)
    assert "/action-plan/plan-dij" not in shown(app.get("/action-plan?q=трамвай"))


def test_counts_of_organizations_leave_plans_out(plan, dataset, owner):
    listed = call_action("organization_list", all_fields=True)
    assert [found["package_count"] for found in listed] == [1]
    organization = call_action(
        "organization_show", id=owner["id"], include_datasets=True
    )
    assert organization["package_count"] == 1
    assert [found["name"] for found in organization["packages"]] == ["naselennia"]


def test_lists_of_packages_leave_plans_out(plan, package_factory):
    made = sorted(package_factory(name=f"nabir-{letter}")["name"] for letter in "abcd")
    assert call_action("package_list") == made
    assert call_action("package_list", limit=2, offset=1) == made[1:3]
    listed = call_action("current_package_list_with_resources")
    assert sorted(found["name"] for found in listed) == made


def test_feeds_leave_plans_out(app, plan, dataset):
    feed = app.get("/feeds/dataset.atom").body
    assert "naselennia" in feed
    assert "plan-dij" not in feed


#: Runs in a process of its own: importing the harvester maps tables that this
#: database has not.
HARVEST = """
import sys
from ckanext.harvest.harvesters.ckanharvester import CKANHarvester
harvester = CKANHarvester()
harvester.config = {}
print(*(found["name"] for found in harvester._search_for_datasets(sys.argv[1])))
"""


@pytest.fixture
def address(app):
    """Serve the portal to another process until the test ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            answer = app.get(self.path)
            body = answer.get_data()
            self.send_response(answer.status_code)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format, *args):
            """Keep quiet."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        server.timeout = 0.1
        yield server, f"http://127.0.0.1:{server.server_port}"


def test_foreign_harvester_gets_no_plan(address, plan, dataset):
    server, url = address
    harvester = subprocess.Popen(
        [sys.executable, "-c", HARVEST, url],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"},
    )
    while harvester.poll() is None:
        server.handle_request()
    found, trouble = harvester.communicate()
    assert harvester.returncode == 0, trouble
    assert found.split() == ["naselennia"]


def test_long_plans_fit_the_index(owner, action_plan_factory):
    word = "довгезнийтермін"
    text = "Завдання " * 60 + word
    action_plan_factory(
        owner_org=owner["id"],
        tasks=[
            {"number": str(number), "title": f"{number} {text}", "indicator": text}
            for number in range(60)
        ],
    )
    answer = call_action("package_search", fq="dataset_type:action-plan", q=word)
    assert answer["count"] == 1
    assert len(answer["results"][0]["tasks"]) == 60
