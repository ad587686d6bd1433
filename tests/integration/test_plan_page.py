"""The page of a plan: what a reader sees, and what it costs."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from ckan.tests.helpers import call_action

pytestmark = pytest.mark.usefixtures("non_clean_db")


@pytest.fixture
def owner(organization_factory):
    return organization_factory(title="Міська рада")


@pytest.fixture
def make_plan(owner, organization_factory, action_plan_factory):
    publisher = organization_factory(title="Комунальне підприємство")

    def make(tasks=3, **fields):
        return action_plan_factory(
            **{
                "owner_org": owner["id"],
                "title": "План дій",
                "approval_document": "Рішення",
                "approval_number": "140",
                "approval_date": "2025-12-13",
                "executors": [
                    {"name": "Підприємство", "organizations": [publisher["id"]]},
                    {"name": "Область", "who": "outside"},
                ],
                "tasks": tasks
                if isinstance(tasks, list)
                else [
                    {
                        "number": f"{number // 2 + 1}.{number % 2 + 1}",
                        "section": f"Розділ {number // 2 + 1}",
                        "title": f"Завдання {number}",
                        "deadline": "до 01.06.2020",
                        "due": "../2020-06-01" if number % 2 else "R/P3M",
                        "executors": ["Підприємство", "Область"],
                    }
                    for number in range(tasks)
                ],
                **fields,
            }
        )

    return make


def page_of(app, plan, **options):
    answer = app.get(f"/action-plan/{plan['name']}", **options)
    return BeautifulSoup(answer.body, "html.parser")


def words(element):
    return " ".join(element.text.split())


def test_page_reads_like_the_plan(app, make_plan):
    page = page_of(app, make_plan())
    plan = page.select_one(".actionplan-plan")

    assert words(plan.select_one("h1")) == "План дій"
    assert "Рішення № 140 of Dec 13, 2025" in words(plan.select_one("dl"))
    headings = [words(heading) for heading in plan.select(".actionplan-section h2")]
    assert headings == ["Розділ 1", "Розділ 2"]
    row = plan.select("tr[id^=task-]")[1]
    cells = {cell["data-label"]: words(cell) for cell in row.select("td")}
    assert cells["No."] == "1.2"
    assert cells["Task"] == "Завдання 1"
    assert cells["Deadline"] == "до 01.06.2020 → read as: by June 1, 2020"
    assert "Підприємство: Комунальне підприємство" in cells["Executors"]
    assert "Область: outside the portal" in cells["Executors"]
    assert cells["State"]


def test_hand_written_markup_is_shown_as_text(app, make_plan):
    text = "<script>alert(1)</script>"
    task = {"number": "1", "title": text, "indicator": text, "section": text}
    page = page_of(app, make_plan(tasks=[task], title=text))
    assert text in page.select_one("tr[id^=task-]").text
    assert not page.find_all("script", string="alert(1)")


def test_documents_are_offered(app, make_plan, resource_factory):
    plan = make_plan()
    resource_factory(
        package_id=plan["id"], url="https://rada.example/plan.docx", name="Текст плану"
    )
    link = page_of(app, plan).select_one(".actionplan-documents a")
    assert link["href"] == "https://rada.example/plan.docx"
    assert words(link) == "Текст плану"


def test_unmapped_executors_are_shown_to_those_who_can_map_them(
    app, make_plan, sysadmin_factory, api_token_factory
):
    plan = make_plan(
        executors=[{"name": "Підприємство"}, {"name": "Область", "who": "outside"}]
    )
    user = sysadmin_factory()["name"]
    headers = {"Authorization": api_token_factory(user=user)["token"]}
    assert (
        "Підприємство"
        in page_of(app, plan, headers=headers).select_one(".actionplan-banner").text
    )
    assert not page_of(app, plan).select(".actionplan-banner")


def test_private_plan_is_not_shown(app, make_plan):
    plan = make_plan(private=True)
    answer = app.get(f"/action-plan/{plan['name']}", status=404)
    assert "Завдання 1" not in answer.body


def test_plan_is_not_shown_as_a_dataset(app, make_plan):
    plan = make_plan()
    page = BeautifulSoup(app.get(f"/dataset/{plan['name']}").body, "html.parser")
    assert page.select_one(".actionplan-plan")


def test_page_costs_the_same_for_any_number_of_tasks(app, make_plan, count_queries):
    counts = []
    for tasks in (3, 60):
        plan = make_plan(tasks)
        page_of(app, plan)
        with count_queries() as statements:
            assert len(page_of(app, plan).select("tr[id^=task-]")) == tasks
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_form_costs_the_same_for_any_number_of_tasks(
    app, make_plan, count_queries, sysadmin_factory, api_token_factory
):
    user = sysadmin_factory()["name"]
    headers = {"Authorization": api_token_factory(user=user)["token"]}
    counts = []
    for tasks in (3, 60):
        address = f"/action-plan/edit/{make_plan(tasks)['name']}"
        app.get(address, headers=headers)
        with count_queries() as statements:
            app.get(address, headers=headers)
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_list_says_whose_plan_it_is(app, make_plan):
    call_action("package_search")
    make_plan(title="План, якого ще не було", tasks=4)
    page = BeautifulSoup(app.get("/action-plan?q=якого").body, "html.parser")
    text = words(page.select_one(".actionplan-plan-list"))
    assert "Міська рада" in text
    assert "4 tasks" in text


def test_a_replaced_plan_leads_to_the_one_that_did_it(app, make_plan):
    former = make_plan(title="Перший", in_force_from="2020-01-01")
    assert "Replaced by" not in words(page_of(app, former))
    later = make_plan(title="Другий", in_force_from="2025-02-10", replaces=former["id"])
    page = page_of(app, former)
    row = next(each for each in page.select("dt") if words(each) == "Replaced by")
    told = row.find_next("dd")
    assert words(told) == "Другий from Feb 10, 2025"
    assert told.a["href"].endswith(f"/action-plan/{later['name']}")
    hidden = make_plan(title="Третій", replaces=later["id"], private=True)
    assert hidden["private"]
    assert "Replaced by" not in words(page_of(app, later))
