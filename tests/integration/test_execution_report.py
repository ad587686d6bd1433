"""The report on a plan's execution: what it names, for whom, as page and as files."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, datetime, timezone
from typing import TYPE_CHECKING, Any

import docx
import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from openpyxl import load_workbook

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.actionplan import clock
from ckanext.actionplan.model import ObligationRow, Report, ReportEvent

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.usefixtures("non_clean_db")

TODAY = date(2026, 11, 21)
SECRET = "цього ще ніхто не прийняв"


@pytest.fixture(autouse=True)
def fixed_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: TODAY)


def task(number: str, due: str, **values: Any) -> dict[str, Any]:
    return {
        "number": number,
        "section": "І. Оприлюднення",
        "title": f"Завдання {number}",
        "deadline": f"строк {number}",
        "due": due,
        "indicator": f"показник {number}",
        "executors": ["Підприємства"],
        "performed": "each",
        **values,
    }


class Site:
    """A council whose plan binds two publishers, each with an editor."""

    def __init__(self, make: dict[str, Any]) -> None:
        self.make = make
        user = make["user"]
        self.stranger, self.member, self.reviewer = user(), user(), user()
        self.editor, self.other, self.owner = user(), user(), user()

        def organization(title: str, *members: tuple[Any, str]) -> Any:
            users = [{"name": u["name"], "capacity": role} for u, role in members]
            return make["organization"](title=title, users=users)

        self.council = organization("Рада Кленова", (self.owner, "editor"))
        self.water = organization(
            "Водоканал", (self.editor, "editor"), (self.member, "member")
        )
        self.archive = organization("Архів", (self.other, "admin"))
        self.judges = organization("Рецензенти", (self.reviewer, "editor"))

    def plan(self, tasks: list[Any], publishers: Any = None, **values: Any) -> Any:
        ids = [each["id"] for each in publishers or (self.water, self.archive)]
        defaults = {
            "owner_org": self.council["id"],
            "title": "План дій Кленової громади",
            "approval_document": "Рішення ради",
            "approval_number": "17",
            "approval_date": "2025-12-15",
            "reviewing_organization": self.judges["id"],
            "participants": ids,
            "executors": [
                {"name": "Підприємства", "who": "participants", "organizations": ids}
            ],
            "tasks": tasks,
        }
        return self.make["plan"](**{**defaults, **values})


@pytest.fixture(scope="module")
def kept() -> dict[str, Site]:
    """Return what tests share: people and organizations, which none of them changes."""
    return {}


@pytest.fixture
def site(
    kept: dict[str, Site], organization_factory: Any, action_plan_factory: Any
) -> Site:
    if not kept:
        kept["site"] = Site(
            {
                "user": factories.UserWithToken,
                "organization": organization_factory,
                "plan": action_plan_factory,
            }
        )
    return kept["site"]


@pytest.fixture
def get(app: Any) -> Callable[..., Any]:
    def ask(path: str, user: dict[str, Any] | None = None, status: int = 200) -> Any:
        headers = {"Authorization": user["token"]} if user else {}
        return app.get(path, headers=headers, status=status, follow_redirects=False)

    return ask


def address(plan: dict[str, Any], query: str = "", ending: str = "") -> str:
    return f"/action-plan/{plan['name']}/execution{ending}?{query}"


def text(node: Any) -> str:
    return " ".join(node.get_text(" ").split())


def soup(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.body, "html.parser")


def owed(plan: dict[str, Any]) -> dict[tuple[str, str, str], str]:
    """Ids by number of the task, publisher and occurrence."""
    rows = call_action("actionplan_obligation_list", plan_id=plan["id"])
    return {
        (row["number"], row["organization_title"], row["occurrence"]): row["id"]
        for row in rows
    }


def report(obligation_id: str, state: str, **values: Any) -> None:
    row = {
        "obligation_id": obligation_id,
        "state": state,
        "done_on": date(2026, 9, 12),
        "note": "Набори оновлено",
        "link": "",
        "comment": "",
        "author_id": "",
        "changed_at": datetime(2026, 9, 20, 12, tzinfo=timezone.utc),
        **values,
    }
    model.Session.execute(sa.insert(ReportEvent.__table__), [row])
    table = Report.__table__
    model.Session.execute(
        sa.delete(table).where(table.c.obligation_id == obligation_id)
    )
    model.Session.execute(sa.insert(table), [row])
    model.Session.commit()


def update(obligation_id: str, **values: Any) -> None:
    table = ObligationRow.__table__
    model.Session.execute(
        sa.update(table).where(table.c.id == obligation_id).values(**values)
    )
    model.Session.commit()


def shown(plan: dict[str, Any], **query: Any) -> dict[str, Any]:
    return call_action("actionplan_execution_show", plan_id=plan["id"], **query)


def numbers(plan: dict[str, Any], **query: Any) -> list[str]:
    found = shown(plan, **query)["sections"]
    return [each["number"] for section in found for each in section["tasks"]]


def states(plan: dict[str, Any], **query: Any) -> dict[str, str]:
    found = shown(plan, **query)["sections"]
    return {
        each["number"]: " ".join(each["state"])
        for section in found
        for each in section["tasks"]
    }


def test_the_usual_period_is_the_last_complete_quarter(site: Site) -> None:
    found = shown(site.plan([task("1", "../2026-09-30")]))
    assert (found["period"], found["start"], found["end"]) == (
        "2026-Q3",
        "2026-07-01",
        "2026-09-30",
    )
    assert found["as_of"] == "2026-10-15"
    assert found["complete"]


def test_a_zero_sign_names_no_organization(site: Site, get: Any) -> None:
    plan = site.plan([task("1", "../2026-09-30")])
    get(address(plan, "organization=%00"), status=404)


def test_periods_to_choose_from_are_those_of_the_plan_that_have_begun(
    site: Site,
) -> None:
    found = shown(site.plan([task("1", "../2026-09-30")]))["periods"]
    assert list(found[3]) == ["2026-Q4", "2026-Q3", "2026-Q2", "2026-Q1"]
    assert list(found[6]) == ["2026-H2", "2026-H1"]
    assert list(found[12]) == ["2026"]


def test_a_report_names_what_concerns_its_period(site: Site) -> None:
    plan = site.plan(
        [
            task("1", "../2026-08-31"),
            task("2", "../2026-05-31"),
            task("3", "../2026-05-31"),
            task("4", "../2026-12-15"),
            task("5", "../2026-12-15"),
            task("6", ""),
            task("7", "R/P3M"),
        ],
        [site.water],
    )
    ids = owed(plan)
    # Done before the period; done ahead of its day.
    report(ids["3", "Водоканал", "once"], "accepted", done_on=date(2026, 5, 20))
    report(ids["5", "Водоканал", "once"], "accepted", done_on=date(2026, 8, 2))
    assert numbers(plan, period="2026-Q3") == ["1", "2", "5", "6", "7"]
    assert numbers(plan, period="2026-Q4") == ["1", "2", "4", "5", "6", "7"]
    assert numbers(plan, period="2026-Q2") == ["2", "3", "6", "7"]


def test_the_whole_term_reaches_to_today(site: Site) -> None:
    plan = site.plan([task("1", "../2026-03-31"), task("2", "../2026-12-31")])
    found = shown(plan, period="whole")
    assert (found["start"], found["end"]) == ("2026-01-01", "2026-11-21")
    assert found["as_of"] == "2026-11-21"
    assert numbers(plan, period="whole") == ["1"]


def test_words_for_each_state(site: Site) -> None:
    plan = site.plan(
        [task(str(number), "../2026-08-31") for number in range(1, 7)], [site.water]
    )
    ids = {number: key for (number, _, _), key in owed(plan).items()}
    report(ids["1"], "accepted", done_on=date(2026, 8, 20), link="https://a.example/1")
    report(ids["2"], "accepted", note="")
    report(ids["3"], "not_applicable")
    update(ids["4"], withdrawn=True, withdrawn_by="Рішення № 5")
    update(ids["5"], due_before=date(2026, 6, 30))
    found = states(plan)
    assert found["1"] == (
        "Водоканал: done on Aug 20, 2026. Набори оновлено. https://a.example/1"
    )
    assert found["2"] == (
        "Водоканал: done late, on Sep 12, 2026 instead of Aug 31, 2026."
    )
    assert found["3"].startswith("Водоканал: not applicable.")
    assert found["4"] == "Водоканал: withdrawn by Рішення № 5."
    assert found["5"] == (
        "Водоканал: not done, overdue by 45 days as of Oct 15, 2026 "
        "(the last day was Jun 30, 2026 before an amendment)."
    )
    assert found["6"].startswith("Водоканал: not done, overdue by 45 days")


def test_reports_after_the_day_of_judging_are_not_seen(site: Site, get: Any) -> None:
    plan = site.plan([task("1", "../2026-08-31")], [site.water])
    obligation = owed(plan)["1", "Водоканал", "once"]
    report(
        obligation,
        "accepted",
        changed_at=datetime(2026, 11, 2, 12, tzinfo=timezone.utc),
    )
    assert "not done, overdue by 45 days" in states(plan)["1"]
    assert (shown(plan)["newer"], shown(plan, as_of="2026-11-03")["newer"]) == (1, 0)
    page = soup(get(address(plan)))
    link = page.select_one(".actionplan-banner a")
    assert link["href"].endswith("?as_of=2026-11-21")
    assert "not done, overdue by 10 days" in states(plan, as_of="2026-09-10")["1"]
    assert "done late, on Sep 12, 2026" in states(plan, as_of="2026-11-03")["1"]
    assert "done late, on Sep 12, 2026" in states(plan, as_of="2026-11-21")["1"]


def test_a_report_of_the_last_evening_counts(site: Site) -> None:
    plan = site.plan([task("1", "../2026-08-31")], [site.water])
    evening = datetime(2026, 10, 15, 20, 59, tzinfo=timezone.utc)
    report(owed(plan)["1", "Водоканал", "once"], "accepted", changed_at=evening)
    assert "done late" in states(plan)["1"]


def test_a_publisher_reports_on_its_own_part(site: Site) -> None:
    joint = task("2", "../2026-08-31", performed="jointly")
    plan = site.plan([task("1", "../2026-08-31"), joint])
    found = shown(plan, organization=site.archive["name"])
    assert found["organization"]["title"] == "Архів"
    rows = [
        row
        for section in found["sections"]
        for each in section["tasks"]
        for row in each["obligations"]
    ]
    assert [row["organization"]["title"] for row in rows] == ["Архів", "Водоканал"]
    assert [each["title"] for each in rows[1]["parties"]] == ["Архів"]
    assert states(plan, organization=site.archive["name"])["1"].startswith("Not done")
    titles = [each["title"] for each in found["organizations"]]
    assert sorted(titles) == ["Архів", "Водоканал"]


def test_many_participants_are_summed_up(site: Site, organization_factory: Any) -> None:
    many = [organization_factory(title=f"Заклад {n:02}") for n in range(20)]
    plan = site.plan([task("1", "../2026-08-31")], many)
    ids = owed(plan)
    for number in range(14):
        title = f"Заклад {number:02}"
        report(ids["1", title, "once"], "accepted", done_on=date(2026, 8, 20))
    lines = shown(plan)["sections"][0]["tasks"][0]["state"]
    assert lines[0] == "Done: 14 of 20."
    assert lines[1].startswith("Done on Aug 20, 2026: Заклад 00; Заклад 01;")
    assert lines[2].startswith("Not done, overdue by 45 days as of Oct 15, 2026: ")
    assert lines[2].endswith("Заклад 18; Заклад 19.")
    assert len(lines) == 3


@pytest.mark.parametrize("state", ["draft", "submitted", "returned"])
def test_what_is_not_accepted_is_for_those_who_make_and_judge_it(
    site: Site, get: Any, state: str
) -> None:
    plan = site.plan([task("1", "../2026-08-31")], [site.water])
    report(
        owed(plan)["1", "Водоканал", "once"],
        state,
        note=SECRET,
        link="https://secret.example/",
        comment="secret remark",
        changed_at=datetime(2026, 10, 12, 12, tzinfo=timezone.utc),
    )
    admin = factories.SysadminWithToken()
    for user, seen in (
        (None, False),
        (site.stranger, False),
        (site.member, False),
        (site.other, False),
        (site.owner, False),
        (site.editor, True),
        (site.reviewer, True),
        (admin, True),
    ):
        page = get(address(plan), user).body
        data = get(address(plan, ending=".json"), user).body
        table = get(address(plan, ending=".csv"), user).body
        paper = docx.Document(io.BytesIO(get(address(plan, ending=".docx"), user).data))
        cells = " ".join(c.text for row in paper.tables[0].rows for c in row.cells)
        for body in (page, data, table, cells):
            assert (SECRET in body) is seen
            assert ("https://secret.example/" in body) is seen
            if not seen:
                assert "2026-09-12" not in body
                assert "Sep 12, 2026" not in body
                assert "secret remark" not in body
        assert json.loads(data)["unaccepted"] is seen
        mark = "This report holds what is not accepted yet"
        assert any(mark in p.text for p in paper.paragraphs) is seen


def test_public_knows_that_a_report_waits(site: Site) -> None:
    plan = site.plan([task("1", "../2026-08-31")], [site.water])
    obligation = owed(plan)["1", "Водоканал", "once"]
    report(obligation, "submitted", note=SECRET)
    user = {"ignore_auth": False, "user": ""}
    found = call_action("actionplan_execution_show", user, plan_id=plan["id"])
    line = found["sections"][0]["tasks"][0]["state"]
    assert line == ["Водоканал: reported on Sep 20, 2026, under review."]


def test_a_private_plan_is_nobody_elses(site: Site, get: Any) -> None:
    plan = site.plan([task("1", "../2026-08-31")], private=True)
    for ending in ("", ".docx", ".xlsx", ".csv", ".json"):
        get(address(plan, ending=ending), status=404)
        get(address(plan, ending=ending), site.editor, status=404)
        get(address(plan, ending=ending), site.owner)


@pytest.mark.parametrize(
    "query",
    [
        "period=2026-Q5",
        "period=2026-03",
        "period=soon",
        "as_of=tomorrow",
        "as_of=2026-11-22",
        "as_of=2026-06-30&period=2026-Q3",
    ],
)
def test_what_makes_no_report(site: Site, get: Any, query: str) -> None:
    get(address(site.plan([task("1", "../2026-08-31")]), query), status=400)


def test_unknown_plans_and_publishers(
    site: Site, get: Any, package_factory: Any
) -> None:
    get("/action-plan/there-is-none/execution", status=404)
    get(f"/action-plan/{package_factory()['name']}/execution", status=404)
    plan = site.plan([task("1", "../2026-08-31")])
    get(address(plan, "organization=there-is-none"), status=404)


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("period=2026-Q2", "nothing was due in the period"),
        ("period=2027-Q1", "has not begun yet"),
    ],
)
def test_a_report_that_is_not_possible_says_so(
    site: Site, get: Any, query: str, reason: str
) -> None:
    plan = site.plan([task("1", "../2026-08-31")])
    assert reason in text(
        soup(get(address(plan, query))).select_one(".actionplan-main")
    )
    paper = docx.Document(io.BytesIO(get(address(plan, query, ".docx")).data))
    assert not paper.tables
    assert any(reason in paragraph.text for paragraph in paper.paragraphs)


def test_page_shows_what_the_paper_says(site: Site, get: Any) -> None:
    plan = site.plan(
        [task("1", "../2026-08-31"), task("2", "R/P3M", section="ІІ. Інше")],
        [site.water],
    )
    link = "https://a.example/act?number=7&year=2026"
    report(
        owed(plan)["1", "Водоканал", "once"],
        "accepted",
        note="<b>Оновлено</b>",
        link=link,
    )
    page = soup(get(address(plan)))
    main = page.select_one(".actionplan-main")
    assert [text(each) for each in main.select("h3")] == ["І. Оприлюднення", "ІІ. Інше"]
    cell = main.select("tbody tr")[0].select("td")[5]
    assert "<b>Оновлено</b>" in cell.text
    assert [each["href"] for each in cell.select("a")] == [link]
    assert page.select_one("#actionplan-period option[selected]")["value"] == "2026-Q3"
    heading = text(main.select_one("h2"))
    assert "on the execution of “План дій Кленової громади”" in heading
    paper = docx.Document(io.BytesIO(get(address(plan, ending=".docx")).data))
    state = paper.tables[0].rows[2].cells[5]
    assert [p.text for p in state.paragraphs] == [text(p) for p in cell.select("p")]
    assert [row.cells[0].text for row in paper.tables[0].rows] == [
        "No.",
        "І. Оприлюднення",
        "1",
        "ІІ. Інше",
        "2",
    ]


def test_paper_is_the_same_each_time_and_has_room_to_sign(site: Site, get: Any) -> None:
    plan = site.plan([task("1", "../2026-08-31")])
    first = get(address(plan, ending=".docx"))
    assert first.data == get(address(plan, ending=".docx")).data
    assert (
        f"{plan['name']}-execution-2026-Q3.docx" in first.headers["Content-Disposition"]
    )
    paper = docx.Document(io.BytesIO(first.data))
    texts = [paragraph.text for paragraph in paper.paragraphs]
    assert texts[0] == "REPORT"
    assert "Approved by: Рішення ради of Dec 15, 2025 № 17" in texts
    assert "As of Oct 15, 2026" in texts
    assert "Post: ___" in texts[-1]
    assert paper.core_properties.author == "Рада Кленова"


def test_ukrainian_page_gives_a_ukrainian_paper(site: Site, get: Any) -> None:
    plan = site.plan([task("1", "../2026-08-31")])
    path = "/uk" + address(plan, ending=".docx")
    paper = docx.Document(io.BytesIO(get(path).data))
    assert paper.core_properties.language == "uk-UA"
    assert any("15.12.2025" in paragraph.text for paragraph in paper.paragraphs)


def test_days_of_the_table_are_days(site: Site, get: Any) -> None:
    plan = site.plan([task("1", "../2026-08-31")])
    report(owed(plan)["1", "Архів", "once"], "accepted", link="=cmd|' /c calc'!A0")
    body = get(address(plan, ending=".xlsx")).data
    sheet = load_workbook(io.BytesIO(body)).worksheets[0]
    header, *rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    row = dict(zip(header, rows[0], strict=True))
    found = {each[header.index("Answers for it")]: each for each in rows}
    assert set(found) == {"Архів", "Водоканал"}
    row = dict(zip(header, found["Архів"], strict=True))
    assert row["Due on"] == datetime(2026, 8, 31)  # noqa: DTZ001 - a sheet has no zone
    assert row["Done on"] == datetime(2026, 9, 12)  # noqa: DTZ001 - the same
    assert row["What was done"] == "Набори оновлено"
    cells = [cell for line in sheet.iter_rows() for cell in line]
    assert all(cell.data_type != "f" for cell in cells)
    table = list(csv.DictReader(io.StringIO(get(address(plan, ending=".csv")).body)))
    assert {line["Due on"] for line in table} == {"2026-08-31"}
    assert any("'=cmd" in line["Link to the evidence"] for line in table)


def test_plan_page_and_publisher_page_lead_to_the_report(site: Site, get: Any) -> None:
    plan = site.plan([task("1", "../2026-08-31")])
    path = f"/action-plan/{plan['name']}/execution"
    links = [
        each["href"] for each in soup(get(f"/action-plan/{plan['name']}")).select("a")
    ]
    assert path in links
    page = soup(get(f"/compliance/organization/{site.water['name']}"))
    links = [each["href"] for each in page.select(".actionplan-main a")]
    assert f"{path}?organization={site.water['name']}" in links


def test_renamed_plan_leads_to_its_address(site: Site, get: Any) -> None:
    plan = site.plan([task("1", "../2026-08-31")])
    answer = get(f"/action-plan/{plan['id']}/execution?period=2026-Q2", status=302)
    assert answer.headers["Location"].endswith(
        f"/action-plan/{plan['name']}/execution?period=2026-Q2"
    )


def test_cost_does_not_depend_on_tasks_and_publishers(
    site: Site, get: Any, count_queries: Any, organization_factory: Any
) -> None:
    def cost(plan: dict[str, Any]) -> list[int]:
        found: list[int] = []
        for ending in ("", ".docx", ".json"):
            get(address(plan, ending=ending), site.editor)
            with count_queries() as statements:
                get(address(plan, ending=ending), site.editor)
            found.append(len(statements))
        return found

    few = site.plan([task("1", "../2026-08-31")], [site.water])
    report(owed(few)["1", "Водоканал", "once"], "accepted")
    more = [site.water, *(organization_factory() for _ in range(8))]
    many = site.plan([task(str(n), "R/P3M") for n in range(12)], more)
    for place, obligation in enumerate(owed(many).values()):
        report(obligation, "accepted" if place % 2 else "submitted")
    assert cost(many) == cost(few)


def test_removed_tasks_keep_what_was_reported(site: Site) -> None:
    plan = site.plan([task("1", "../2026-08-31"), task("2", "../2026-08-31")])
    update(owed(plan)["1", "Архів", "once"], withdrawn=True, withdrawn_by="Рішення № 5")
    table = tk.get_action("package_show")({"ignore_auth": True}, {"id": plan["id"]})
    call_action(
        "package_patch",
        {"user": factories.Sysadmin()["name"]},
        id=plan["id"],
        amendments=[{"document": "Рішення", "number": "5", "date": "2026-09-01"}],
        tasks=[table["tasks"][1]],
    )
    found = shown(plan)["sections"]
    tasks = [each for section in found for each in section["tasks"]]
    assert [each["number"] for each in tasks] == ["2", "1"]
    assert tasks[1]["executors"] == ["Підприємства"]
