"""The page of a task: its wording, who owes it, reports, changes, files."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from openpyxl import load_workbook

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.actionplan import clock
from ckanext.actionplan.model import (
    Change,
    ObligationRow,
    Participant,
    PortalDate,
    Report,
    ReportEvent,
)

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.usefixtures("non_clean_db")

TODAY = date(2026, 11, 21)
NOON = datetime(2026, 11, 1, 12, tzinfo=timezone.utc)


@pytest.fixture(autouse=True)
def fixed_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: TODAY)


class Site:
    """A council whose plan binds publishers, each with an editor."""

    def __init__(self, make: dict[str, Any]) -> None:
        self.make = make
        self.stranger = make["user"]()
        self.editors = [make["user"](fullname=f"Редактор {n}") for n in range(2)]
        self.owner = make["user"](fullname="Власник Плану")
        self.council = make["organization"](
            title="Рада Кленова",
            users=[{"name": self.owner["name"], "capacity": "editor"}],
        )
        self.publishers = [
            make["organization"](
                title=title, users=[{"name": editor["name"], "capacity": "editor"}]
            )
            for title, editor in zip(("Водоканал", "Архів"), self.editors, strict=True)
        ]

    def plan(self, publishers: list[Any] | None = None, **values: Any) -> Any:
        ids = [each["id"] for each in publishers or self.publishers]
        task = {
            "number": "3.2",
            "section": "ІІІ. Оприлюднення",
            "title": "Оновити переліки наборів",
            "deadline": "до 30 вересня",
            "due": "../2026-09-30",
            "indicator": "кількість наборів",
            "executors": ["Підприємства"],
            "performed": "each",
            "topic": "publication",
        }
        defaults = {
            "owner_org": self.council["id"],
            "title": "План Кленової громади",
            "approval_document": "Рішення",
            "approval_number": "17",
            "participants": ids,
            "executors": [
                {"name": "Підприємства", "who": "participants", "organizations": ids}
            ],
            "tasks": [task],
        }
        return self.make["plan"](**{**defaults, **values})


@pytest.fixture
def site(organization_factory: Any, action_plan_factory: Any) -> Site:
    return Site(
        {
            "user": factories.UserWithToken,
            "organization": organization_factory,
            "plan": action_plan_factory,
        }
    )


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


def page_of(plan: dict[str, Any], query: str = "", ending: str = "") -> str:
    return f"/action-plan/{plan['name']}/task/{plan['tasks'][0]['id']}{ending}{query}"


def owed(plan: dict[str, Any]) -> dict[str, str]:
    rows = call_action("actionplan_obligation_list", plan_id=plan["id"])
    return {row["organization_title"]: row["id"] for row in rows}


def add_round(
    obligation_id: str, user: dict[str, Any], day: int, **values: Any
) -> None:
    row = {
        "obligation_id": obligation_id,
        "state": "submitted",
        "done_on": date(2026, 9, day),
        "note": f"note {day}",
        "link": "",
        "comment": "",
        "author_id": user["id"],
        "changed_at": NOON + timedelta(days=day),
        **values,
    }
    model.Session.execute(sa.insert(ReportEvent.__table__), [row])
    report = Report.__table__
    model.Session.execute(
        sa.delete(report).where(report.c.obligation_id == obligation_id)
    )
    model.Session.execute(sa.insert(report), [row])
    model.Session.commit()


def add_change(plan: dict[str, Any], **values: Any) -> None:
    row = {
        "plan_id": plan["id"],
        "task_id": plan["tasks"][0]["id"],
        "kind": "amendment",
        "field": "deadline",
        "before": "до 31 березня",
        "after": "до 30 вересня",
        "act": "Рішення № 5 (12.03.2026)",
        "author_id": "",
        "changed_at": NOON,
        **values,
    }
    model.Session.execute(sa.insert(Change.__table__), [row])
    model.Session.commit()


def update(obligation_id: str, **values: Any) -> None:
    table = ObligationRow.__table__
    model.Session.execute(
        sa.update(table).where(table.c.id == obligation_id).values(**values)
    )
    model.Session.commit()


def test_the_page_tells_what_is_printed_and_who_owes_it(site: Site, get: Any) -> None:
    plan = site.plan()
    page = soup(get(page_of(plan)))
    assert [text(h1) for h1 in page.select(".actionplan-main h1")] == [
        "3.2 Оновити переліки наборів"
    ]
    facts = text(page.select_one(".actionplan-facts-list"))
    assert "до 30 вересня" in facts
    assert "read as: by September 30, 2026" in facts
    assert "кількість наборів" in facts
    assert "Рішення № 17" in facts
    assert "each of them on its own" in facts
    rows = page.select("table.actionplan-promises tbody tr")
    assert [text(row.th) for row in rows] == ["Архів", "Водоканал"]
    assert ["overdue" in text(row) for row in rows] == [True, True]
    assert not page.select("a[href*='/compliance/obligation/']")
    mine = soup(get(page_of(plan), site.editors[0]))
    buttons = mine.select("a[href*='/compliance/obligation/']")
    assert [button["href"].split("/")[-2] for button in buttons] == [
        owed(plan)["Водоканал"]
    ]


def test_titles_of_tasks_lead_here(site: Site, get: Any) -> None:
    plan = site.plan()
    for path in (
        f"/action-plan/{plan['name']}",
        f"/compliance/organization/{site.publishers[0]['name']}",
    ):
        assert soup(get(path)).select_one(f"a[href='{page_of(plan)}']"), path


def test_rounds_of_reports_are_for_those_concerned(site: Site, get: Any) -> None:
    plan = site.plan()
    first = owed(plan)["Водоканал"]
    editor = site.editors[0]
    add_round(first, editor, 10)
    add_round(first, editor, 10, state="returned", comment="Назвіть набори")
    add_round(first, editor, 12, state="draft", note="secret draft")
    add_round(first, editor, 14, state="accepted", note="Усе зроблено")
    inside = soup(get(page_of(plan), editor))
    rounds = [text(each) for each in inside.select(".actionplan-rounds li")]
    assert [each.split()[0] for each in rounds] == [
        "submitted",
        "returned",
        "draft",
        "accepted",
    ]
    assert all("Редактор 0" in each for each in rounds)
    assert "Назвіть набори" in rounds[1]
    for reader in (None, site.stranger, site.editors[1]):
        page = soup(get(page_of(plan), reader))
        rounds = [text(each) for each in page.select(".actionplan-rounds li")]
        assert [each.split()[0] for each in rounds] == [
            "submitted",
            "returned",
            "accepted",
        ]
        shown = text(page.select_one(".actionplan-main"))
        assert "Усе зроблено" in shown
        for hidden in ("Назвіть набори", "secret", "note 10", "Редактор 0"):
            assert hidden not in shown
        for ending in (".json", ".csv?table=reports"):
            body = get(page_of(plan, ending=ending), reader).body
            assert "Назвіть набори" not in body
            assert "Редактор 0" not in body


def test_amendments_stand_apart_from_corrections(site: Site, get: Any) -> None:
    plan = site.plan()
    first = owed(plan)["Водоканал"]
    update(first, due_before=date(2026, 3, 31))
    add_change(plan)
    add_change(plan, field="due", before="../2026-03-31", after="../2026-09-30")
    add_change(
        plan,
        kind="correction",
        act="",
        field="topic",
        before="portal",
        after="publication",
        changed_at=NOON + timedelta(days=1),
        author_id=site.owner["id"],
    )
    page = soup(get(page_of(plan)))
    amended = page.select_one("section[aria-labelledby=actionplan-amended]")
    corrected = page.select_one("section[aria-labelledby=actionplan-corrected]")
    assert text(amended.select_one(".actionplan-save strong")) == (
        "Рішення № 5 (12.03.2026)"
    )
    changes = [text(row) for row in amended.select("dl > div")]
    assert len(changes) == 2
    assert "was: до 31 березня → now: до 30 вересня" in changes[0]
    assert "by March 31, 2026" in changes[1]
    assert "Portal" in text(corrected)
    assert "Publication" in text(corrected)
    moved = "was Mar 31, 2026, moved by Рішення № 5 (12.03.2026)"
    assert moved in text(page.select_one(f"#task-{first}"))
    publisher = soup(get(f"/compliance/organization/{site.publishers[0]['name']}"))
    assert moved in text(publisher.select_one(f"#task-{first}"))
    for reader, seen in ((None, False), (site.owner, True)):
        changed = text(
            soup(get(page_of(plan), reader)).select_one(
                "section[aria-labelledby=actionplan-corrected]"
            )
        )
        assert ("Власник Плану" in changed) is seen
    listed = soup(get(f"/action-plan/{plan['name']}"))
    assert "Рішення № 5" in text(
        listed.select_one("section[aria-labelledby=plan-changes]")
    )


def test_an_act_that_moves_a_day_leaves_the_old_one_in_sight(
    site: Site, get: Any
) -> None:
    plan = site.plan()
    act = {"document": "Рішення", "number": "5", "date": "2026-11-20"}
    task = {**plan["tasks"][0], "deadline": "до 15 грудня", "due": "../2026-12-15"}
    user = {"user": site.owner["name"]}
    call_action("package_patch", user, id=plan["id"], tasks=[task], amendments=[act])
    moved = "by Dec 15, 2026 was Sep 30, 2026, moved by Рішення № 5 (20.11.2026)"
    page = soup(get(page_of(plan)))
    assert moved in text(page.select_one(".actionplan-promises"))
    amended = text(page.select_one("section[aria-labelledby=actionplan-amended]"))
    assert "was: до 30 вересня → now: до 15 грудня" in amended
    assert not page.select("section[aria-labelledby=actionplan-corrected]")
    publisher = f"/compliance/organization/{site.publishers[0]['name']}"
    item = soup(get(publisher)).select_one(f"#task-{owed(plan)['Водоканал']}")
    assert "moved by Рішення № 5 (20.11.2026)" in text(item)
    rows = list(
        csv.DictReader(io.StringIO(get(f"{publisher}.csv").data.decode("utf-8-sig")))
    )
    assert rows[0]["Due on"] == "2026-12-15"
    assert rows[0]["Due on before an amendment"] == "2026-09-30"


def test_an_event_is_called_by_its_title(site: Site, get: Any) -> None:
    plan = site.plan()
    first = owed(plan)["Водоканал"]
    event = f"e{first}"
    row = {
        "id": event,
        "title": "Картка за 2025 рік",
        "due_on": date(2026, 9, 30),
        "created_at": NOON,
        "changed_at": NOON,
    }
    model.Session.execute(sa.insert(PortalDate.__table__), [row])
    update(first, occurrence=f"event-{event}")
    page = soup(get(page_of(plan)))
    assert "Картка за 2025 рік, by Sep 30, 2026" in text(page)


def test_what_is_taken_out_of_a_plan_keeps_its_page(site: Site, get: Any) -> None:
    plan = site.plan()
    path = page_of(plan)
    act = {"document": "Рішення", "number": "5", "date": "2026-11-20"}
    user = {"user": site.owner["name"]}
    call_action("package_patch", user, id=plan["id"], tasks=[], amendments=[act])
    page = soup(get(path))
    banner = text(page.select_one(".actionplan-banner"))
    assert "withdrawn by Рішення № 5 (20.11.2026)" in banner
    assert "Підприємства" in text(page.select_one(".actionplan-facts-list"))


def test_unknown_and_private_ones_are_not_found(site: Site, get: Any) -> None:
    plan = site.plan()
    get(f"/action-plan/{plan['name']}/task/nothing", status=404)
    get("/action-plan/nothing/task/nothing", status=404)
    get("/action-plan/nothing/tasks.csv", status=404)
    dataset = factories.Dataset(owner_org=site.council["id"])
    get(f"/action-plan/{dataset['name']}/task/nothing", status=404)
    get(f"/action-plan/{dataset['name']}/tasks.csv", status=404)
    by_id = get(f"/action-plan/{plan['id']}/task/{plan['tasks'][0]['id']}", status=302)
    assert by_id.location.endswith(page_of(plan))
    hidden = site.plan(private=True)
    for reader in (None, site.stranger):
        get(page_of(hidden), reader, status=404)
        get(page_of(hidden, ending=".json"), reader, status=404)
        get(f"/action-plan/{hidden['name']}/tasks.csv", reader, status=404)
    get(page_of(hidden), site.owner)
    with pytest.raises(tk.NotAuthorized):
        call_action(
            "actionplan_change_list",
            {"user": site.stranger["name"], "ignore_auth": False},
            plan_id=hidden["id"],
        )


def test_filters_and_pages_stand_in_the_address(
    site: Site, get: Any, organization_factory: Any, ckan_config: Any, monkeypatch: Any
) -> None:
    more = [organization_factory(title=f"Школа {n}") for n in range(4)]
    plan = site.plan([*site.publishers, *more])
    monkeypatch.setitem(ckan_config, "ckanext.actionplan.rows_count", 3)
    page = soup(get(page_of(plan)))
    assert len(page.select(".actionplan-promises tbody")) == 3
    pager = page.select_one(".actionplan-pager a")
    following = soup(get(pager["href"]))
    titles = [text(row.th) for row in following.select(".actionplan-promises tbody tr")]
    assert titles == ["Школа 1", "Школа 2", "Школа 3"]
    found = soup(get(page_of(plan, "?q=школа 2&status=todo")))
    assert [text(row.th) for row in found.select(".actionplan-promises tbody tr")] == [
        "Школа 2"
    ]
    assert "Nothing is found" in text(soup(get(page_of(plan, "?status=submitted"))))
    answer = get(page_of(plan, "?q=&status="))
    assert answer.headers["HX-Push-Url"] == page_of(plan)
    rows = list(
        csv.reader(
            io.StringIO(get(page_of(plan, "?q=школа", ".csv")).data.decode("utf-8-sig"))
        )
    )
    assert len(rows) == 5


def test_every_table_is_a_file(site: Site, get: Any) -> None:
    plan = site.plan()
    add_round(owed(plan)["Водоканал"], site.editors[0], 10, state="accepted")
    add_change(plan)
    whole = json.loads(get(page_of(plan, ending=".json")).body)
    assert whole["task"]["title"] == "Оновити переліки наборів"
    paths = {
        page_of(plan, "?table=obligations", ".{}"): 2,
        page_of(plan, "?table=reports", ".{}"): 1,
        page_of(plan, "?table=changes", ".{}"): 1,
        f"/action-plan/{plan['name']}/tasks.{{}}?table=tasks": 1,
        f"/action-plan/{plan['name']}/tasks.{{}}?table=obligations": 2,
        f"/action-plan/{plan['name']}/tasks.{{}}?table=obligations&status=done": 1,
        f"/action-plan/{plan['name']}/tasks.{{}}?table=changes": 1,
    }
    for path, count in paths.items():
        book = load_workbook(io.BytesIO(get(path.format("xlsx")).data))
        assert book.worksheets[0].max_row == count + 1, path
        lines = csv.reader(
            io.StringIO(get(path.format("csv")).data.decode("utf-8-sig"))
        )
        assert len(list(lines)) == count + 1, path
        assert len(json.loads(get(path.format("json")).body)) == count, path


def test_who_has_not_confirmed_is_told(site: Site, get: Any) -> None:
    plan = site.plan()
    table = Participant.__table__
    model.Session.execute(
        sa.update(table)
        .where(
            table.c.plan_id == plan["id"],
            table.c.organization_id == site.publishers[1]["id"],
        )
        .values(confirmed_at=None)
    )
    model.Session.commit()
    for path, where in (
        (page_of(plan), ".actionplan-executor li"),
        (f"/action-plan/{plan['name']}", ".actionplan-participants-list li"),
    ):
        listed = [text(each) for each in soup(get(path)).select(where)]
        assert listed == ["Водоканал", "Архів has not confirmed yet"], path


def test_the_number_of_statements_does_not_grow(
    site: Site, get: Any, count_queries: Any, organization_factory: Any
) -> None:
    def cost(plan: dict[str, Any]) -> list[int]:
        counts: list[int] = []
        for path in (page_of(plan), f"/action-plan/{plan['name']}"):
            get(path)
            with count_queries() as statements:
                get(path)
            counts.append(len(statements))
        return counts

    few = site.plan()
    add_round(owed(few)["Водоканал"], site.editors[0], 10)
    add_change(few)
    small = cost(few)
    more = [organization_factory() for _ in range(12)]
    many = site.plan([*site.publishers, *more])
    for place, obligation in enumerate(owed(many).values()):
        add_round(obligation, site.editors[0], 1 + place)
        add_change(many, changed_at=NOON + timedelta(hours=place))
    assert cost(many) == small
