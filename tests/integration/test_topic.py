"""One topic across councils: the sentence, the rows, who sees what, files."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, datetime, timezone
from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup
from openpyxl import load_workbook

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.actionplan import clock
from ckanext.actionplan.model import Report

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.usefixtures("clean_db")

TODAY = date(2026, 11, 21)
PAGE = "/compliance/topic/audit"


@pytest.fixture(autouse=True)
def fixed_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: TODAY)


class World:
    """Councils with plans of their own; an editor where a test needs one."""

    def __init__(self, organization: Any, plan: Any) -> None:
        self._organization, self._plan = organization, plan

    def council(self, title: str, *dues: str, **values: Any) -> dict[str, Any]:
        """Make a council whose plan has an audit for each due."""
        editor = factories.UserWithToken()
        council = self._organization(
            title=title, users=[{"name": editor["name"], "capacity": "editor"}]
        )
        topic = values.pop("topic", "audit")
        tasks = [
            {
                "number": f"4.{number}",
                "title": f"Перевірити інформацію, {title}",
                "deadline": "як у рішенні",
                "due": due,
                "topic": topic,
            }
            for number, due in enumerate(dues, 1)
        ]
        made = self._plan(owner_org=council["id"], **{"tasks": tasks, **values})
        return {**council, "plan": made, "editor": editor}

    @staticmethod
    def report(council: dict[str, Any], state: str, **values: Any) -> None:
        """Write a report on all that a council's plan asks for."""
        for row in call_action(
            "actionplan_obligation_list", plan_id=council["plan"]["id"]
        ):
            fields = {
                "obligation_id": row["id"],
                "state": state,
                "done_on": date(2026, 6, 20),
                "note": "",
                "link": f"https://example.org/{state}",
                "comment": "",
                "author_id": "",
                "changed_at": datetime(2026, 6, 21, tzinfo=timezone.utc),
                **values,
            }
            model.Session.add(Report(**fields))
        model.Session.commit()


@pytest.fixture
def world(organization_factory: Any, action_plan_factory: Any) -> World:
    return World(organization_factory, action_plan_factory)


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


def sentence(response: Any) -> str:
    (node,) = soup(response).select("#actionplan-topic-sum")
    for sign in node.select("[aria-hidden]"):
        sign.decompose()
    return text(node).replace(" ,", ",").replace(" :", ":")


def lines(response: Any) -> list[str]:
    return [
        text(row) for row in soup(response).select(".actionplan-topic-table tbody tr")
    ]


def shown(**data: Any) -> dict[str, Any]:
    return call_action("actionplan_topic_show", topic="audit", **data)


def test_the_sentence_counts_councils_and_each_number_opens_its_rows(
    world: World, get: Callable[..., Any]
) -> None:
    for title in ("Рада Перша", "Рада Друга"):
        world.report(world.council(title, "../2026-06-30"), "accepted")
    world.council("Рада Третя", "../2026-06-30")
    world.council("Рада Четверта", "../2026-06-30", topic="news")
    world.council("Рада П’ята", "../2027-06-30")

    page = get(PAGE)

    assert sentence(page) == (
        "5 councils: 2 have done it, 1 overdue, 1 has it in another year, "
        "1 has no such task"
    )
    assert len(lines(page)) == 3
    assert lines(page)[0].startswith("Рада Третя")
    (done,) = soup(page).select("#actionplan-topic-done")
    found = lines(get(str(done["href"])))
    assert [row[:10] for row in found] == ["Рада Друга", "Рада Перша"]
    assert all("20 Jun 2026" in row or "Jun 20, 2026" in row for row in found)
    apart = text(soup(page).select("#actionplan-without")[0])
    assert "Рада Четверта" in apart
    assert "Рада П’ята" in apart
    assert "Рада Третя" not in apart


@pytest.mark.parametrize(
    ("state", "due", "verdict"),
    [
        ("accepted", "../2026-06-30", "done"),
        ("submitted", "../2026-06-30", "reported"),
        ("returned", "../2026-06-30", "overdue"),
        ("not_applicable", "../2026-06-30", "aside"),
        ("", "../2026-06-30", "overdue"),
        ("", "../2026-11-15", "open"),
        ("", "../2026-12-20", "later"),
        ("", "", "unresolved"),
        ("", "../2027-03-01", "another_year"),
    ],
)
def test_what_is_said_of_a_council(
    world: World, state: str, due: str, verdict: str
) -> None:
    council = world.council("Рада", due)
    if state:
        world.report(council, state)
    assert shown()["counts"] == {verdict: 1}


def test_a_council_has_done_it_when_all_that_is_due_is_done(world: World) -> None:
    council = world.council("Рада", "../2026-06-30", "../2026-12-20")
    assert shown()["counts"] == {"overdue": 1}
    rows = call_action("actionplan_obligation_list", plan_id=council["plan"]["id"])
    (late,) = [row["id"] for row in rows if row["status"] == "overdue"]
    model.Session.add(
        Report(
            obligation_id=late,
            state="accepted",
            done_on=date(2026, 8, 1),
            note="",
            link="",
            comment="",
            author_id="",
            changed_at=datetime(2026, 8, 1, tzinfo=timezone.utc),
        )
    )
    model.Session.commit()
    found = shown()
    assert found["counts"] == {"done": 1}
    assert [row["states"] for row in found["tasks"]] == [{"done_late": 1}, {"due": 1}]


def test_a_year_counts_the_plans_in_force_in_it(world: World) -> None:
    world.council("Рада Давня", "../2026-06-30", period_end="2026-12-31")
    world.council("Рада Нова", "../2027-06-30")
    assert shown()["councils"] == 2
    later = shown(year=2027)
    assert later["counts"] == {"later": 1}
    assert later["councils"] == 1
    assert later["years"] == [2027, 2026]
    assert shown(year=2031)["councils"] == 0


def test_participants_of_one_task_stand_in_one_row(
    world: World, organization_factory: Any, get: Callable[..., Any]
) -> None:
    ids = [organization_factory()["id"] for _ in range(3)]
    task = {
        "number": "1",
        "title": "Інвентаризація",
        "due": "../2026-06-30",
        "deadline": "червень",
        "topic": "audit",
        "executors": ["Відділи"],
        "performed": "each",
    }
    council = world.council(
        "Рада Спільна",
        participants=ids,
        executors=[{"name": "Відділи", "who": "participants", "organizations": ids}],
        tasks=[task],
    )
    for organization_id in ids:
        call_action(
            "actionplan_participant_confirm",
            plan_id=council["plan"]["id"],
            organization_id=organization_id,
        )
    (row,) = shown()["tasks"]
    assert sum(row["states"].values()) == 3
    assert lines(get(PAGE))[0].count("3 of 3") == 1


def test_private_plans_are_for_members_and_never_count(
    world: World, get: Callable[..., Any]
) -> None:
    hidden = world.council("Рада Таємна", "../2026-06-30", private=True)
    world.council("Рада Відкрита", "../2026-06-30")
    assert sentence(get(PAGE)) == "1 council: 1 overdue"
    assert "Таємна" not in get(PAGE).body
    own = get(PAGE, hidden["editor"])
    assert sentence(own) == "1 council: 1 overdue"
    assert [("private" in row) for row in lines(own)] == [False, True]


@pytest.mark.parametrize("state", ["submitted", "draft", "returned"])
def test_evidence_that_is_not_accepted_is_for_those_who_make_and_judge_it(
    world: World, get: Callable[..., Any], state: str
) -> None:
    council = world.council("Рада", "../2026-06-30")
    other = world.council("Рада Інша", "../2026-06-30")
    world.report(council, state)
    link = f"https://example.org/{state}"
    assert link not in get(PAGE).body
    assert link not in get(PAGE, other["editor"]).body
    assert link in get(PAGE, council["editor"]).body
    for ending in ("csv", "json"):
        assert link not in get(f"{PAGE}.{ending}").body


def test_accepted_evidence_is_public_and_what_is_left_out_is_counted(
    world: World, get: Callable[..., Any]
) -> None:
    council = world.council("Рада", "../2026-06-30")
    world.report(council, "accepted")
    (row,) = shown()["tasks"]
    assert row["evidence"] == [
        {"link": "https://example.org/accepted", "state": "accepted"}
    ]
    assert row["evidence_count"] == 1
    assert "https://example.org/accepted" in get(PAGE).body
    task = council["plan"]["tasks"][0]["id"]
    (link,) = soup(get(PAGE)).select(f"a[href$='/task/{task}']")
    assert "Перевірити" in text(link)


def test_filters_stand_in_the_address_and_hold_for_files(
    world: World, get: Callable[..., Any]
) -> None:
    world.council("Рада Лісова", "../2026-06-30")
    world.council("Рада Степова", "../2026-06-30")
    query = "?q=лісова&year=2026&state=overdue"
    assert len(lines(get(PAGE + query))) == 1
    rows = list(
        csv.reader(io.StringIO(get(f"{PAGE}.csv{query}").body.lstrip("\ufeff")))
    )
    assert [row[0] for row in rows[1:]] == ["Рада Лісова"]
    book = load_workbook(io.BytesIO(get(f"{PAGE}.xlsx{query}").data))
    assert book.active is not None
    assert book.active.max_row == 2
    data = json.loads(get(f"{PAGE}.json{query}").body)
    assert data["councils"] == 2
    assert [row["council"]["title"] for row in data["tasks"]] == ["Рада Лісова"]
    assert lines(get(f"{PAGE}?state=done")) == []
    assert len(lines(get(f"{PAGE}?state=nonsense&year=soon&page=0"))) == 2


def test_an_unknown_topic_is_not_found(get: Callable[..., Any]) -> None:
    page = get("/compliance/topic/nonsense", status=404)
    assert "There is no such topic" in page.body
    get("/compliance/topic/nonsense.csv", status=404)
    with pytest.raises(tk.ObjectNotFound):
        call_action("actionplan_topic_show", topic="nonsense")
    for year in ("soon", "1800"):
        with pytest.raises(tk.ValidationError):
            shown(year=year)


def test_a_chosen_topic_leads_to_its_page(get: Callable[..., Any]) -> None:
    reply = get("/compliance/topic?topic=audit&year=2027&q=&state=", status=302)
    assert reply.headers["location"].endswith("/compliance/topic/audit?year=2027")
    reply = get("/compliance/topic", status=302)
    assert reply.headers["location"].endswith("/compliance")
    choice = soup(get("/compliance")).select("#actionplan-by-topic option")
    assert "audit" in [option["value"] for option in choice]


def test_topics_of_tasks_lead_there(world: World, get: Callable[..., Any]) -> None:
    plan = world.council("Рада", "../2026-06-30")["plan"]
    for path in (
        f"/action-plan/{plan['name']}",
        f"/action-plan/{plan['name']}/task/{plan['tasks'][0]['id']}",
    ):
        (link,) = soup(get(path)).select(f"a[href$='{PAGE}']")
        assert "Information audit" in text(link)


def test_the_number_of_statements_does_not_depend_on_councils(
    world: World, count_queries: Callable[[], Any]
) -> None:
    def cost() -> int:
        with count_queries() as statements:
            assert shown()["tasks"]
        return len(statements)

    world.report(world.council("Рада 0", "../2026-06-30"), "accepted")
    few = cost()
    for number in range(1, 7):
        council = world.council(f"Рада {number}", "../2026-06-30", "../2026-12-20")
        world.report(council, "accepted" if number % 2 else "submitted")
    assert cost() == few
