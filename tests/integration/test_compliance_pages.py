"""Compliance pages as visitors, members and strangers get them."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup

from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.actionplan import clock

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.usefixtures("non_clean_db")

TODAY = date(2026, 11, 21)
HOSTILE = '=HYPERLINK("x")<script>alert(1)</script>'


@pytest.fixture(autouse=True)
def fixed_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: TODAY)


class Site:
    """A council with a plan, its participant with datasets, and who may see what."""

    def __init__(self, make: dict[str, Any]) -> None:
        self.make = make
        self.editor, self.stranger = make["user"](), make["user"]()
        self.council = make["organization"](title="Рада Джерельна")
        self.water = make["organization"](
            title="Водоканал",
            users=[{"name": self.editor["name"], "capacity": "editor"}],
        )
        self.empty = make["organization"](title="Архів")

    def plan(self, **values: Any) -> dict[str, Any]:
        water = self.water["id"]
        tasks = [
            {"number": "3.2", "title": "Publish all", "due": "../2026-09-30"},
            {"number": "5.4", "title": "Monitoring", "due": "../2026-12-31"},
            {"number": "7.1", "title": "Later", "due": "../2027-06-30"},
            {"number": "8.1", "title": HOSTILE, "due": ""},
        ]
        defaults = {
            "owner_org": self.council["id"],
            "participants": [water],
            "executors": [
                {"name": "W", "who": "participants", "organizations": [water]}
            ],
            "tasks": [{"deadline": "x", "executors": ["W"], **task} for task in tasks],
        }
        return self.make["plan"](**{**defaults, **values})

    def dataset(self, **values: Any) -> dict[str, Any]:
        extras = [{"key": "update_frequency", "value": "once a month"}]
        return self.make["dataset"](
            **{"owner_org": self.water["id"], "extras": extras, **values}
        )


@pytest.fixture
def site(
    organization_factory: Any,
    package_factory: Any,
    action_plan_factory: Any,
) -> Site:
    return Site(
        {
            "user": factories.UserWithToken,
            "organization": organization_factory,
            "dataset": package_factory,
            "plan": action_plan_factory,
        }
    )


@pytest.fixture(scope="module")
def kept() -> dict[str, Site]:
    return {}


@pytest.fixture
def seen(kept: dict[str, Site], request: pytest.FixtureRequest) -> Site:
    """One site for the tests that only look: nothing empties it in between."""
    if not kept:
        made: Site = request.getfixturevalue("site")
        made.plan()
        made.dataset(title="Зупинки")
        made.dataset(title=HOSTILE)
        kept["site"] = made
    return kept["site"]


@pytest.fixture
def get(app: Any) -> Callable[..., Any]:
    def ask(path: str, user: dict[str, Any] | None = None, status: int = 200) -> Any:
        headers = {"Authorization": user["token"]} if user else {}
        return app.get(path, headers=headers, status=status, follow_redirects=False)

    return ask


def soup(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.body, "html.parser")


def text(node: Any) -> str:
    return " ".join(node.get_text(" ").split())


def page_of(organization: dict[str, Any], ending: str = "", query: str = "") -> str:
    return f"/compliance/organization/{organization['name']}{ending}{query}"


def obligations(organization: dict[str, Any]) -> dict[str, str]:
    rows = call_action("actionplan_obligation_list", organization_id=organization["id"])
    return {row["number"]: row["id"] for row in rows}


def cells(response: Any, delimiter: str = ",") -> list[list[str]]:
    assert response.data.startswith(b"\xef\xbb\xbf")
    text = response.data.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=delimiter))


def test_the_publisher_sees_tasks_datasets_and_card_in_this_order(
    seen: Site, get: Any
) -> None:
    page = soup(get(page_of(seen.water)))
    assert [text(h1) for h1 in page.select(".actionplan-main h1")] == ["Водоканал"]
    heads = [text(h2) for h2 in page.select(".actionplan-column > header > h2")]
    assert heads == ["Tasks of the plan", "Datasets", "Score card, live"]
    tasks = page.select_one("section[aria-labelledby=actionplan-tasks]")
    assert tasks
    first = tasks.select_one(".actionplan-item")
    assert first
    assert text(first.select_one(".actionplan-item-state")) == (
        "▲ overdue 52 days by Sep 30, 2026"
    )
    assert text(first.select_one(".actionplan-item-title")) == "3.2 Publish all"
    shown = next(
        item
        for item in page.select("li[id^=dataset-]")
        if text(item.select_one(".actionplan-item-title")) == "Зупинки"
    )
    assert text(shown.select_one(".actionplan-item-state")).startswith("✓ on time")
    card = page.select_one("section[aria-labelledby=actionplan-card]")
    assert card
    assert "not the official score card" in text(card)
    assert len(card.select(".actionplan-criterion")) == 6
    publication = text(card.select_one("#criterion-publication"))
    assert "∅ not measured" in publication


def test_a_figure_of_the_card_names_what_does_not_count(seen: Site, get: Any) -> None:
    page = soup(get(page_of(seen.water)))
    plan = page.select_one("#criterion-plan")
    assert plan
    named = [text(row) for row in plan.select(".actionplan-list a")]
    assert any("Publish all" in name for name in named)
    target = plan.select_one(".actionplan-list a")["href"].rpartition("#")[2]
    assert page.find(id=target)


def test_hostile_texts_stay_texts(seen: Site, get: Any) -> None:
    response = get(page_of(seen.water))
    assert "<script>alert" not in response.body
    assert HOSTILE in text(soup(response).select_one(".actionplan-columns"))
    tasks = cells(get(page_of(seen.water, ".csv")))
    assert [row[4] for row in tasks if row[2] == "8.1"] == [f"'{HOSTILE}"]
    datasets = cells(get(page_of(seen.water, ".csv", "?table=datasets")))
    assert f"'{HOSTILE}" in [row[0] for row in datasets]


def test_a_step_names_the_criterion_that_gains(seen: Site, get: Any) -> None:
    steps = soup(get(page_of(seen.water))).select(".actionplan-first li")
    named = [text(step.select_one(".actionplan-hint")) for step in steps]
    assert "Plan" in named
    assert "Quality" in named


def test_the_page_speaks_both_languages(seen: Site, get: Any) -> None:
    english = soup(get(f"/en{page_of(seen.water)}"))
    ukrainian = soup(get(f"/uk{page_of(seen.water)}"))
    assert english.html["lang"] == "en"
    assert ukrainian.html["lang"] == "uk"
    assert "30 вер. 2026" in text(ukrainian.select_one(".actionplan-items"))
    csv_link = ukrainian.select_one(".actionplan-exports a[href*='.csv']")["href"]
    assert csv_link.startswith("/uk/compliance/organization/")
    assert "separator=semicolon" in csv_link
    columns = cells(get(csv_link), ";")[0]
    assert columns[0] == "Стан"
    assert len(cells(get(page_of(seen.water, ".csv")))[0]) == len(columns)


def test_filters_stand_in_the_address(seen: Site, get: Any) -> None:
    page = soup(get(page_of(seen.water, query="?status=overdue&dataset=late")))
    tasks = page.select("section[aria-labelledby=actionplan-tasks] .actionplan-item")
    assert [text(t.select_one(".actionplan-number")) for t in tasks] == ["3.2"]
    assert [text(c) for c in page.select(".actionplan-chip[aria-current]")] == [
        "▲ 1 overdue"
    ]
    assert "No dataset is in this state" in text(page)
    exports = page.select(".actionplan-column .actionplan-exports a[href*='.csv']")
    links = [a["href"] for a in exports]
    assert [len(cells(get(link))) for link in links] == [2, 1, 7]
    shown = json.loads(get(page_of(seen.water, ".json", "?status=overdue")).body)
    assert [task["number"] for task in shown["tasks"]] == ["3.2"]
    assert len(shown["datasets"]) == 2


def test_private_rows_are_for_members(site: Site, get: Any) -> None:
    site.plan(title="Secret plan", private=True)
    site.plan(tasks=[{"number": "1.1", "title": "Open", "deadline": "x"}])
    secret = site.dataset(title="Secret dataset", private=True)
    for user in (None, site.stranger):
        for path in (
            page_of(site.water),
            page_of(site.water, ".json"),
            page_of(site.water, ".csv"),
            page_of(site.water, ".csv", "?table=datasets"),
            page_of(site.water, ".csv", "?table=card"),
            page_of(site.council),
            page_of(site.council, ".json"),
        ):
            body = get(path, user).body
            assert "Secret" not in body, path
            assert secret["name"] not in body, path
            assert "Publish all" not in body, path
    inside = soup(get(page_of(site.water), site.editor))
    shown = inside.select_one(f"#dataset-{secret['id']}")
    assert shown
    assert text(shown.select_one(".actionplan-private")) == "private"


def test_only_who_may_report_gets_the_button(seen: Site, get: Any) -> None:
    for user in (None, seen.stranger):
        page = soup(get(page_of(seen.water), user))
        assert not page.select("a[href*='/compliance/obligation/']")
    page = soup(get(page_of(seen.water), seen.editor))
    links = page.select("a[href*='/compliance/obligation/']")
    assert len(links) == 3
    assert text(links[0]) == "Report : 3.2 Publish all"
    form = soup(get(links[0]["href"], seen.editor))
    assert form.select_one("form input[type=date][name=done_on][max='2026-11-21']")


def test_a_report_is_saved_and_leads_back(site: Site, get: Any, app: Any) -> None:
    site.plan()
    obligation = obligations(site.water)["3.2"]
    path = f"/compliance/obligation/{obligation}/report"
    response = app.post(
        path,
        headers={"Authorization": site.editor["token"]},
        data={
            "done_on": "2026-09-12",
            "link": "https://example.org/act",
            "note": "Done",
            "publisher": site.water["name"],
        },
        follow_redirects=False,
    )
    assert response.status_code == 302
    assert response.location.endswith(f"{page_of(site.water)}#task-{obligation}")
    item = soup(get(page_of(site.water), site.editor)).select_one(f"#task-{obligation}")
    assert item
    assert "submitted" in text(item)
    assert item.select_one("a[href='https://example.org/act']")
    form = soup(get(path, site.editor))
    assert form.select_one("[name=done_on]")["value"] == "2026-09-12"
    assert text(form.select_one("textarea[name=note]")) == "Done"


def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_lost(
    seen: Site, app: Any
) -> None:
    response = app.post(
        f"/compliance/obligation/{obligations(seen.water)['3.2']}/report",
        headers={"Authorization": seen.editor["token"]},
        data={"done_on": "2026-12-24", "link": "", "note": "<b>kept</b>"},
        status=200,
    )
    page = soup(response)
    assert text(page.select_one("textarea[name=note]")) == "<b>kept</b>"
    field = page.select_one("#actionplan-done_on")
    assert field
    assert (field["value"], field["aria-invalid"]) == ("2026-12-24", "true")
    error = page.find(id="actionplan-done_on-error")
    assert error
    assert error["id"] in field["aria-describedby"].split()
    summary = page.select_one("[role=alert]")
    assert summary
    assert summary.select_one("a[href='#actionplan-done_on']")


def test_reports_of_others_are_refused(site: Site, get: Any, app: Any) -> None:
    site.plan()
    open_one = obligations(site.water)["3.2"]
    hidden = site.plan(private=True)
    path = f"/compliance/obligation/{open_one}/report"
    get(path, status=403)
    get(path, site.stranger, status=403)
    stranger = {"Authorization": site.stranger["token"]}
    app.post(path, headers=stranger, data={"done_on": "2026-09-12"}, status=403)
    rows = call_action("actionplan_obligation_list", plan_id=hidden["id"])
    secret = f"/compliance/obligation/{rows[0]['id']}/report"
    get(secret, status=404)
    get(secret, site.stranger, status=404)
    get("/compliance/obligation/unknown/report", site.editor, status=404)


def test_a_task_that_takes_no_report_says_so(seen: Site, get: Any) -> None:
    path = f"/compliance/obligation/{obligations(seen.water)['8.1']}/report"
    page = soup(get(path, seen.editor))
    assert not page.select(".actionplan-report form")
    assert "takes no report now: it is unresolved" in text(page)


def test_addresses_of_publishers(
    site: Site, get: Any, organization_factory: Any, group_factory: Any
) -> None:
    get("/compliance/organization/nobody", status=404)
    get("/compliance/organization/nobody.csv", status=404)
    get("/compliance/organization/nobody.json", status=404)
    get(page_of(group_factory()), status=404)
    get(page_of(site.empty, query="?period=nonsense"), status=400)
    get(page_of(site.empty, query="?period=1999-Q1"), status=404)
    get(page_of(site.empty, query="?period=2026-Q4"))
    moved = get(f"/compliance/organization/{site.empty['id']}", status=302)
    assert moved.location.endswith(page_of(site.empty))
    user = {"user": site.editor["name"]}
    call_action("organization_delete", user, id=site.empty["id"])
    get(page_of(site.empty), status=404)


def test_an_organization_may_be_called_review(
    get: Any, organization_factory: Any
) -> None:
    review = organization_factory(name="review", title="Review board")
    page = soup(get(page_of(review)))
    assert text(page.select_one(".actionplan-main h1")) == "Review board"


def test_an_organization_without_plan_and_datasets(seen: Site, get: Any) -> None:
    page = soup(get(page_of(seen.empty)))
    assert "No action plan on this portal binds this publisher" in text(page)
    assert "This publisher has no datasets here" in text(page)
    assert "No total" in text(page.select_one(".actionplan-total"))


def test_doors_from_ckans_pages(seen: Site, get: Any) -> None:
    tab = soup(get(f"/organization/{seen.water['name']}"))
    assert tab.select_one(f".page-header .nav a[href='{page_of(seen.water)}']")
    assert tab.select_one("header.masthead .navbar a[href='/compliance']")
    here = soup(get("/compliance"))
    assert here.select_one("header.masthead .navbar li.active a[href='/compliance']")


def test_councils_unfold_in_the_page(seen: Site, get: Any) -> None:
    name = seen.council["name"]
    page = soup(get(f"/compliance?q={seen.council['title']}"))
    row = page.find("a", href=page_of(seen.council)).find_parent("tbody")
    fold = row.select_one(f"#fold-{name}")
    assert fold["aria-expanded"] == "true"
    inside = row.select("tr.actionplan-participant")
    assert [text(tr.th) for tr in inside] == ["Водоканал"]
    labels = {str(td["data-label"]) for td in inside[0].select("td")}
    assert len(labels) == 5
    assert inside[0].select_one(f"a[href='{page_of(seen.water)}?status=overdue']")


def test_sums_of_a_council_lead_to_the_rows_they_sum(seen: Site, get: Any) -> None:
    page = soup(get(f"/compliance?q={seen.council['title']}"))
    row = page.find("a", href=page_of(seen.council)).find_parent("tr")
    figures = {str(a["href"]) for a in row.select("td a")}
    to = f"/compliance/organization/{seen.council['name']}/participants"
    assert f"{to}?state=overdue#actionplan-participants" in figures
    assert {href.partition("?")[0].partition("#")[0] for href in figures} == {to}
    assert soup(get(to)).select_one("#actionplan-participants")


def test_the_address_says_which_councils_are_open(seen: Site, get: Any) -> None:
    name = seen.council["name"]
    for opened, expanded in (("-", "false"), (name, "true")):
        folds = [
            fold
            for page in range(1, 9)
            for fold in soup(get(f"/compliance?open={opened}&page={page}")).select(
                f"#fold-{name}"
            )
        ]
        assert folds[0]["aria-expanded"] == expanded
        toggled = name in str(folds[0]["href"]).partition("#")[0]
        assert toggled is (expanded == "false")


def test_headings_sort_and_say_so(seen: Site, get: Any) -> None:
    page = soup(get("/compliance?sort=tasks_overdue desc"))
    head = page.select_one("th[aria-sort]")
    assert text(head) == "Overdue"
    assert head["aria-sort"] == "descending"
    assert "sort=tasks_overdue+asc" in head.a["href"]
    assert soup(get("/compliance?sort=password desc")).select_one(
        "th[aria-sort=ascending]"
    )


def test_a_dataset_without_a_frequency_has_a_row(site: Site, get: Any) -> None:
    site.dataset(title="Зупинки")
    site.dataset(title="Перевізники", extras=[])
    rows = cells(get(page_of(site.water, ".csv", "?table=datasets")))
    frequencies = {row[0]: row[4] for row in rows}
    assert frequencies["Зупинки"] == "monthly"
    assert frequencies["Перевізники"] == ""


def test_an_address_with_a_slash_leads_to_the_page(get: Any) -> None:
    answer = get("/compliance/", status=302)
    assert answer.headers["Location"].endswith("/compliance")


def test_all_publishers_as_csv_and_json(seen: Site, get: Any) -> None:
    title = seen.council["title"]
    rows = cells(get(f"/compliance.csv?q={title}"))
    own = [row for row in rows if row[-1].endswith(page_of(seen.water))]
    assert own[0][:2] == [title, "Водоканал"]
    found = json.loads(get(f"/compliance.json?q={title}").body)
    assert {"period", "totals", "councils"} <= set(found)
    names = [council["organization"]["name"] for council in found["councils"]]
    assert seen.council["name"] in names


def test_a_search_that_finds_nothing_says_so(get: Any) -> None:
    page = soup(get("/compliance?q=zzzzzz&state=nonsense"))
    assert "No publisher is found" in text(page)
    assert len(cells(get("/compliance.csv?q=zzzzzz"))) == 1


def _statements(get: Any, count_queries: Any, path: str, user: Any = None) -> int:
    get(path, user)
    with count_queries() as statements:
        get(path, user)
    return len(statements)


def test_the_number_of_statements_does_not_grow_with_publishers(
    site: Site, get: Any, count_queries: Any, organization_factory: Any
) -> None:
    def more(count: int) -> None:
        publishers = [organization_factory()["id"] for _ in range(count)]
        executor = {"name": "W", "who": "participants", "organizations": publishers}
        site.plan(participants=publishers, executors=[executor])

    more(3)
    few = _statements(get, count_queries, "/compliance")
    more(30)
    assert _statements(get, count_queries, "/compliance") == few


def test_the_number_of_statements_does_not_grow_with_rows(
    site: Site, get: Any, count_queries: Any
) -> None:
    site.plan()
    site.dataset()
    path = page_of(site.water)
    users = (None, site.editor)
    few = [_statements(get, count_queries, path, user) for user in users]
    for n in range(9):
        site.dataset(private=n % 2 == 0)
    day = TODAY - timedelta(days=40)
    tasks = [
        {
            "number": f"9.{n}",
            "title": "Task",
            "deadline": "x",
            "executors": ["W"],
            "due": f"../{day + timedelta(days=n)}",
        }
        for n in range(40)
    ]
    site.plan(tasks=tasks)
    assert [_statements(get, count_queries, path, user) for user in users] == few
