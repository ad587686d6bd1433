"""What the organizations of a signed-in person owe: the page, its files, the number."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, datetime, timezone
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup
from openpyxl import load_workbook

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.actionplan import clock, config
from ckanext.actionplan.logic import my_tasks
from ckanext.actionplan.model import ObligationRow, Report

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.usefixtures("non_clean_db")

TODAY = date(2026, 11, 21)
MOMENT = datetime(2026, 11, 19, 12, tzinfo=timezone.utc)
PAGE = "/compliance/my"
#: A task for each group: its due, and the state of its report.
TASKS = {
    "overdue": ("../2026-09-30", None),
    "returned": ("../2026-10-15", "returned"),
    "now": ("../2026-11-15", None),
    "month": ("../2026-11-30", None),
    "quarter": ("../2026-12-31", None),
    "later": ("../2027-03-31", None),
    "waiting": ("../2026-10-20", "submitted"),
    "unresolved": ("", None),
    "done": ("../2026-10-25", "accepted"),
}
OPEN = [group for group in TASKS if group != "done"]


@pytest.fixture(autouse=True)
def fixed_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: TODAY)


class Site:
    """A council whose plans bind publishers."""

    def __init__(self, organization: Any, plan: Any) -> None:
        self.organization, self.make = organization, plan
        self.council = organization(title="Рада Вишнева")
        self.editor = factories.UserWithToken()
        self.water = self.publisher("Водоканал", self.editor)

    def publisher(
        self, title: str, user: dict[str, Any], capacity: str = "editor"
    ) -> dict[str, Any]:
        users = [{"name": user["name"], "capacity": capacity}]
        return self.organization(title=title, users=users)

    def plan(
        self, *publishers: dict[str, Any], dues: dict[str, Any] = TASKS, **values: Any
    ) -> dict[str, Any]:
        ids = [each["id"] for each in publishers or (self.water,)]
        tasks = [
            {
                "number": f"{place}.",
                "title": f"Завдання {group}",
                "deadline": "як надруковано",
                "due": due,
                "executors": ["Підприємства"],
                "performed": "each",
            }
            for place, (group, (due, _state)) in enumerate(dues.items(), start=1)
        ]
        executor = {"name": "Підприємства", "who": "participants", "organizations": ids}
        defaults = {
            "owner_org": self.council["id"],
            "title": "План Вишневої громади",
            "participants": ids,
            "executors": [executor],
            "tasks": tasks,
        }
        plan = self.make(**{**defaults, **values})
        for task, (_due, state) in zip(plan["tasks"], dues.values(), strict=True):
            if state:
                report(plan["id"], task["id"], state)
        return plan


def report(plan_id: str, task_id: str, state: str) -> None:
    found = model.Session.query(ObligationRow).filter_by(
        plan_id=plan_id, task_id=task_id
    )
    for row in found.all():
        model.Session.add(
            Report(
                obligation_id=row.id,
                state=state,
                done_on=date(2026, 10, 14),
                note="зроблено",
                link="",
                comment="додайте акт",
                author_id="",
                changed_at=MOMENT,
            )
        )
    model.Session.commit()


@pytest.fixture
def site(organization_factory: Any, action_plan_factory: Any) -> Site:
    return Site(organization_factory, action_plan_factory)


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


def listed(user: dict[str, Any], **query: str) -> dict[str, Any]:
    context = {"user": user["name"], "ignore_auth": False}
    return call_action("actionplan_my_task_list", context, **query)


def titles(user: dict[str, Any], **query: str) -> list[str]:
    return [row["title"] for row in listed(user, **query)["tasks"]]


def test_every_open_task_stands_in_its_group_in_their_order(site: Site) -> None:
    site.plan()
    found = listed(site.editor)
    assert [(row["group"], row["title"]) for row in found["tasks"]] == [
        (group, f"Завдання {group}") for group in my_tasks.GROUPS
    ]
    assert sorted(my_tasks.GROUPS) == sorted(OPEN)
    assert found["counts"] == dict.fromkeys(my_tasks.GROUPS, 1)
    assert found["urgent"] == len(my_tasks.URGENT)
    assert found["count"] == len(OPEN)


def test_within_a_group_the_earlier_day_comes_first(site: Site) -> None:
    dues = {"b": ("../2026-08-15", None), "a": ("../2026-03-31", None)}
    site.plan(dues=dues)
    assert titles(site.editor) == ["Завдання a", "Завдання b"]


def test_activities_of_a_past_quarter_are_to_be_reported_now(site: Site) -> None:
    site.plan(
        dues={"activity": ("", None)},
        tasks=[
            {
                "number": "1.",
                "title": "Оновлювати набори",
                "deadline": "постійно",
                "due": "../..",
                "continuity": "activity",
                "executors": ["Підприємства"],
                "performed": "each",
            }
        ],
    )
    states = {(row["status"], row["group"]) for row in listed(site.editor)["tasks"]}
    assert ("to_confirm", "now") in states


@pytest.mark.parametrize(
    ("day", "group"),
    [(date(2026, 11, 30), "month"), (date(2026, 12, 1), "quarter")],
)
def test_a_month_ends_with_its_last_day(day: date, group: str) -> None:
    assert my_tasks.group_of("due", day, TODAY) == group


def test_members_see_the_tasks_but_only_editors_may_report(site: Site) -> None:
    member = factories.UserWithToken()
    both = factories.UserWithToken()
    archive = site.publisher("Архів", member, "member")
    call_action(
        "organization_member_create",
        id=archive["id"],
        username=both["name"],
        role="admin",
    )
    site.plan(archive, dues={"overdue": TASKS["overdue"]})
    assert [row["may_report"] for row in listed(member)["tasks"]] == [False]
    assert [row["may_report"] for row in listed(both)["tasks"]] == [True]


def test_only_own_living_organizations_count(site: Site) -> None:
    other = factories.UserWithToken()
    archive = site.publisher("Архів", other)
    site.plan(site.water, archive, dues={"overdue": TASKS["overdue"]})
    rows = listed(other)["tasks"]
    assert [row["organization_id"] for row in rows] == [archive["id"]]
    call_action("organization_delete", {"user": _admin()}, id=archive["id"])
    assert listed(other)["organizations"] == []
    assert listed(other)["tasks"] == []
    assert my_tasks.urgent(other["name"]) == 0


def _admin() -> str:
    return factories.Sysadmin()["name"]


def test_a_system_administrator_sees_the_own_organizations_only(site: Site) -> None:
    sysadmin = factories.SysadminWithToken()
    site.plan()
    assert listed(sysadmin)["tasks"] == []
    archive = site.publisher("Архів", sysadmin, "member")
    site.plan(archive, dues={"overdue": TASKS["overdue"]})
    assert titles(sysadmin) == ["Завдання overdue"]


def test_what_an_organization_shares_is_its_task_too(site: Site) -> None:
    other = factories.UserWithToken()
    archive = site.publisher("Архів", other)
    ids = [site.water["id"], archive["id"]]
    task = {
        "number": "1.",
        "title": "Спільне",
        "deadline": "до 30 вересня",
        "due": "../2026-09-30",
        "executors": ["Підприємства"],
        "performed": "jointly",
        "lead": site.water["id"],
    }
    site.plan(site.water, archive, dues={"x": ("", None)}, tasks=[task])
    for user, own, lead in ((site.editor, ids[0], True), (other, ids[1], False)):
        rows = listed(user)["tasks"]
        assert [[each["id"] for each in row["mine"]] for row in rows] == [[own]]
        assert [(row["lead"], row["may_report"]) for row in rows] == [(lead, True)]


def test_private_plans_are_for_members_of_their_owner(site: Site) -> None:
    insider = factories.UserWithToken()
    archive = site.publisher("Архів", insider)
    call_action(
        "organization_member_create",
        id=site.council["id"],
        username=insider["name"],
        role="member",
    )
    dues = {"overdue": TASKS["overdue"]}
    site.plan(site.water, archive, dues=dues, private=True)
    assert titles(site.editor) == []
    assert my_tasks.urgent(site.editor["name"]) == 0
    assert titles(insider) == ["Завдання overdue"]
    assert my_tasks.urgent(insider["name"]) == 1


def test_filters_narrow_and_the_choices_stay(site: Site) -> None:
    archive = site.publisher("Архів", site.editor)
    first = site.plan(site.water)
    second = site.plan(archive, title="Інший план", dues={"особливе": TASKS["overdue"]})
    assert titles(site.editor, organization=archive["name"]) == ["Завдання особливе"]
    assert titles(site.editor, organization=archive["id"]) == ["Завдання особливе"]
    assert titles(site.editor, plan=second["name"]) == ["Завдання особливе"]
    assert len(titles(site.editor, plan=first["id"])) == len(OPEN)
    assert titles(site.editor, q="ОСОБЛИВЕ завдання") == ["Завдання особливе"]
    assert titles(site.editor, q="особливе відсутнє") == []
    found = listed(site.editor, group="overdue", plan=first["name"])
    assert [row["title"] for row in found["tasks"]] == ["Завдання overdue"]
    assert found["counts"] == dict.fromkeys(my_tasks.GROUPS, 1)
    assert [plan["name"] for plan in found["plans"]] == [second["name"], first["name"]]
    assert [each["title"] for each in found["organizations"]] == ["Архів", "Водоканал"]


def test_a_group_that_does_not_exist_is_refused(site: Site, get: Any) -> None:
    with pytest.raises(tk.ValidationError):
        listed(site.editor, group="yesterday")
    site.plan()
    page = soup(get(f"{PAGE}?group=yesterday", site.editor))
    assert len(page.select(".actionplan-item")) == len(OPEN)


def test_whoever_is_not_signed_in_is_led_to_the_form_and_back(get: Any) -> None:
    for path in (f"{PAGE}?group=overdue&q=a", f"{PAGE}.csv"):
        answer = get(path, status=302)
        target = urlsplit(answer.headers["Location"])
        assert target.path == "/user/login"
        assert parse_qs(target.query)["came_from"][0].endswith(path)


def test_the_page_shows_groups_with_their_tasks(site: Site, get: Any) -> None:
    plan = site.plan()
    page = soup(get(PAGE, site.editor))
    assert text(page.h1) == "My tasks"
    assert [text(chip) for chip in page.select(".actionplan-chips li")] == [
        "1 Overdue",
        "1 Returned",
        "1 To report now",
        "1 This month",
        "1 This quarter",
        "1 Later",
        "1 Waiting for review",
        "1 Without a day",
    ]
    first = page.select_one(".actionplan-item")
    assert first is not None
    assert "Завдання overdue" in text(first)
    assert "Водоканал" in text(first)
    assert "План Вишневої громади" in text(first)
    links = [link["href"] for link in first.select("a")]
    assert any(f"/{plan['name']}/task/" in link for link in links)
    assert any(
        link.endswith(f"report?publisher={site.water['name']}") for link in links
    )
    assert "додайте акт" in text(page.select(".actionplan-item")[1])


def test_members_find_no_link_to_report(site: Site, get: Any) -> None:
    member = factories.UserWithToken()
    archive = site.publisher("Архів", member, "member")
    site.plan(archive)
    page = soup(get(PAGE, member))
    assert len(page.select(".actionplan-item")) == len(OPEN)
    assert not [link for link in page.select("a") if "/report" in link["href"]]
    # What is not accepted is for those who make and judge reports.
    assert "додайте акт" not in text(page)


def test_one_group_goes_page_by_page(
    site: Site, get: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(config, "rows_count", lambda: 2)
    site.plan(dues={f"номер {n}": ("../2026-09-30", None) for n in range(5)})
    page = soup(get(PAGE, site.editor))
    assert len(page.select(".actionplan-item")) == 2
    more = page.select_one(".actionplan-more a")
    assert more is not None
    assert text(more) == "All 5 tasks"
    last = soup(get(f"{more['href']}&page=3", site.editor))
    assert len(last.select(".actionplan-item")) == 1
    previous = last.select_one(".actionplan-pager a[rel=prev]")
    assert previous is not None
    assert "group=overdue" in previous["href"]
    assert "page=2" in previous["href"]


def test_empty_pages_say_why(site: Site, get: Any) -> None:
    stranger = factories.UserWithToken()
    page = soup(get(PAGE, stranger))
    assert "not a member of any organization" in text(page)
    assert "Nothing waits to be done." in text(soup(get(PAGE, site.editor)))
    narrowed = soup(get(f"{PAGE}?q=відсутнє", site.editor))
    assert "No task is found." in text(narrowed)


def test_files_hold_what_the_address_finds(site: Site, get: Any) -> None:
    site.plan()
    query = "?group=overdue"
    rows = list(
        csv.DictReader(
            io.StringIO(get(f"{PAGE}.csv{query}", site.editor).body.lstrip("\ufeff"))
        )
    )
    assert [(row["Group"], row["My organization"], row["Task"]) for row in rows] == [
        ("Overdue", "Водоканал", "Завдання overdue")
    ]
    content = get(f"{PAGE}.xlsx{query}", site.editor).data
    sheet = load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    assert sheet.max_row == 2
    assert sheet["A2"].value == "Overdue"
    data = json.loads(get(f"{PAGE}.json{query}", site.editor).body)
    assert [row["title"] for row in data["tasks"]] == ["Завдання overdue"]
    assert data["counts"]["later"] == 1


def test_the_dashboard_shows_the_number_that_the_list_has(site: Site, get: Any) -> None:
    archive = site.publisher("Архів", site.editor, "member")
    site.plan(site.water, archive)
    number = listed(site.editor)["urgent"]
    assert my_tasks.urgent(site.editor["name"]) == number
    assert number == 2 * len(my_tasks.URGENT)
    page = soup(get("/dashboard/datasets", site.editor))
    link = page.select_one(f".nav-tabs a[href$='{PAGE}']")
    assert link is not None
    assert text(link) == f"My tasks {number} to do by the end of the month"


def test_the_dashboard_shows_no_number_where_nothing_is_due(
    site: Site, get: Any
) -> None:
    page = soup(get("/dashboard/datasets", site.editor))
    link = page.select_one(f".nav-tabs a[href$='{PAGE}']")
    assert link is not None
    assert text(link) == "My tasks"


def test_statements_depend_neither_on_tasks_nor_on_organizations(
    site: Site, get: Any, count_queries: Any
) -> None:
    site.plan(dues={"overdue": TASKS["overdue"]})
    numbers: list[tuple[int, int]] = []
    for size in (1, 4):
        if size > 1:
            more = [site.publisher(f"Школа {n}", site.editor) for n in range(size)]
            site.plan(*more)
        get(PAGE, site.editor)
        with count_queries() as page:
            get(PAGE, site.editor)
        with count_queries() as number:
            my_tasks.urgent(site.editor["name"])
        numbers.append((len(page), len(number)))
    assert numbers[0] == numbers[1]
