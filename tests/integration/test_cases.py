"""Worked cases: what plans of this structure make of a task on a given day.

The plans are ours; their deadlines, indicators and executors stand as in real ones. All
cases hold with and without a reporting window.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.tests.helpers import call_action

from ckanext.actionplan import clock
from ckanext.actionplan.model import Report

if TYPE_CHECKING:
    from collections.abc import Callable

KYIV = ZoneInfo("Europe/Kyiv")
UNITS = ("Управління даних", "Водоканал", "Теплоцентраль", "Парки", "Школи")
#: A council without an act, twice; an order of the December before; a late order.
TERMS = {
    "two years": {
        "period_start": "2024-01-01",
        "period_end": "2025-12-31",
        "in_force_from": "2024-01-01",
        "tracked_from": "2024-01-01",
    },
    "two years, followed late": {
        "period_start": "2024-01-01",
        "period_end": "2025-12-31",
        "in_force_from": "2024-01-01",
        "tracked_from": "2025-01-01",
    },
    "three years": {
        "period_start": "2025-01-01",
        "period_end": "2027-12-31",
        "approval_document": "Розпорядження",
        "approval_number": "88",
        "approval_date": "2024-12-13",
        "in_force_from": "",
        "tracked_from": "2025-01-01",
    },
    "four years": {
        "period_start": "2024-01-01",
        "period_end": "2027-12-31",
        "approval_document": "Розпорядження",
        "approval_number": "9",
        "approval_date": "2024-03-20",
        "in_force_from": "",
        "tracked_from": "2024-03-20",
    },
}

pytestmark = pytest.mark.usefixtures("non_clean_db")


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    def at(day: str) -> None:
        moment = datetime.combine(date.fromisoformat(day), time(12), KYIV)
        monkeypatch.setattr(clock, "now", lambda: moment)

    return at


@pytest.fixture(scope="module")
def kept() -> dict[str, str]:
    return {}


@pytest.fixture
def units(kept: dict[str, str], organization_factory: Any) -> dict[str, str]:
    """Ids of a council and its units by title; the plans of all cases are theirs."""
    for title in ("Рада", *UNITS):
        if title not in kept:
            kept[title] = organization_factory(title=title)["id"]
    return kept


@pytest.fixture
def made(units: dict[str, str], action_plan_factory: Any) -> Callable[..., Any]:
    """A plan of some tasks; executors are names of units, or a class of them."""

    def make(term: str, *tasks: dict[str, Any], **classes: list[str]) -> dict[str, Any]:
        names = {unit: [unit] for unit in UNITS} | classes
        return action_plan_factory(
            **TERMS[term],
            owner_org=units["Рада"],
            participants=[units[unit] for unit in UNITS],
            executors=[
                {
                    "name": name,
                    "who": "participants",
                    "organizations": [units[each] for each in mapped],
                }
                for name, mapped in names.items()
            ],
            tasks=[{"performed": "jointly", **task} for task in tasks],
        )

    return make


def owed(plan: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
    """What the plan owes today, the same with and without a reporting window."""
    found: list[list[dict[str, Any]]] = []
    with pytest.MonkeyPatch.context() as patch:
        for days in (0, 15):
            patch.setitem(tk.config, "ckanext.actionplan.grace_days", days)
            rows = call_action("actionplan_obligation_list", plan_id=plan["id"], **more)
            found.append(rows)
    assert found[0] == found[1]
    return found[0]


def judged(plan: dict[str, Any], **more: Any) -> dict[str, str]:
    rows = owed(plan, **more)
    found = {row["occurrence"]: row["status"] for row in rows}
    assert len(found) == len(rows), "one obligation for each occurrence"
    return found


def past(row: dict[str, Any]) -> int:
    """Days since the last day, as a person counts them."""
    return (clock.today() - row["due_on"]).days


def test_a_yearly_part_that_was_confirmed_rules(made: Any, on: Any) -> None:
    """An audit "постійно" whose indicator says: at least once a year."""
    on("2025-02-10")
    audit = {
        "number": "5.1",
        "title": "Провести ревізію даних громади",
        "deadline": "постійно",
        "due": "R/P1Y; ../..",
        "indicator": "Щонайменше один раз на рік складено акт ревізії",
        "executors": ["Управління даних"],
        "continuity": "activity",
    }
    plan = made("two years", audit)
    assert judged(plan) == {"2024": "overdue", "2025": "upcoming"}
    by_year = {row["occurrence"]: row for row in owed(plan)}
    assert by_year["2024"]["due_on"] == date(2024, 12, 31)
    assert by_year["2024"]["days"] == 41
    assert {row["deadline"] for row in by_year.values()} == {"постійно"}
    assert {row["kind"] for row in by_year.values()} == {"recurring"}


def test_without_the_yearly_part_the_deadline_rules(made: Any, on: Any) -> None:
    on("2025-02-10")
    audit = {
        "number": "5.1",
        "title": "Провести ревізію даних громади",
        "deadline": "постійно",
        "due": "../..",
        "indicator": "Щонайменше один раз на рік складено акт ревізії",
        "executors": ["Управління даних"],
        "continuity": "activity",
    }
    found = judged(made("two years", audit))
    assert found == {
        "2024-Q1": "to_confirm",
        "2024-Q2": "to_confirm",
        "2024-Q3": "to_confirm",
        "2024-Q4": "to_confirm",
        "2025-Q1": "due",
        "2025-Q2": "upcoming",
        "2025-Q3": "upcoming",
        "2025-Q4": "upcoming",
    }


DOCUMENT = """План дій з відкритих даних Калинівської громади на 2024-2025 роки

Завдання\tСтрок виконання\tКлючові показники виконання\tВиконавець
5. Якість даних\t\t\t
5.1. Провести ревізію даних\tпостійно\tЩонайменше один раз на рік складено акт\tВідділ
"""


def test_the_contradiction_is_shown_when_the_plan_is_read(
    units: dict[str, str], sysadmin_factory: Any
) -> None:
    context = {"user": sysadmin_factory()["name"], "ignore_auth": False}
    draft = call_action(
        "actionplan_draft_create",
        context,
        content=DOCUMENT,
        filename="plan.txt",
        owner_org=units["Рада"],
    )
    (task,) = draft["data"]["tasks"]
    assert (task["deadline"], task["due"]) == ("постійно", "../..")
    notes = draft["review"]["tasks"][task["key"]]["notes"]
    (second,) = [note for note in notes if note["code"] == "second_duty"]
    assert second["params"]["text"] == "Щонайменше один раз на рік"


def test_a_row_of_two_duties_waits_for_a_portal_wide_date(
    made: Any, on: Any, sysadmin_factory: Any
) -> None:
    """Monitoring each quarter, and a card "at the prescribed times": two tasks."""
    on("2025-04-20")
    row = {"number": "5.4", "deadline": "щоквартально", "executors": [UNITS[0]]}
    second = {"title": "Надсилати зведення до обласного центру", "due": ""}
    plan = made(
        "two years, followed late",
        {**row, "title": "Стежити за оприлюдненням", "due": "R/P3M"},
        {**row, **second, "topic": "score_card"},
    )
    monitoring, card = (task["id"] for task in plan["tasks"])
    assert [task["number"] for task in plan["tasks"]] == ["5.4", "5.4"]
    followed = {
        "2024-Q1": "before_tracking",
        "2024-Q2": "before_tracking",
        "2024-Q3": "before_tracking",
        "2024-Q4": "before_tracking",
        "2025-Q1": "overdue",
        "2025-Q2": "due",
        "2025-Q3": "upcoming",
        "2025-Q4": "upcoming",
    }
    assert judged(plan, task_id=monitoring) == followed
    (late,) = [row for row in owed(plan) if row["status"] == "overdue"]
    assert late["days"] == 20
    assert judged(plan, task_id=card) == {"once": "unresolved"}
    context = {"user": sysadmin_factory()["name"], "ignore_auth": False}
    event = call_action(
        "actionplan_portal_date_create",
        context,
        title="Зведення за 2024 рік",
        topic="score_card",
        words="зведення обласного центру",
        due_on="2025-03-01",
    )
    (tied,) = owed(plan, task_id=card)
    assert tied["occurrence"] == f"event-{event['id']}"
    assert (tied["status"], tied["days"]) == ("overdue", 50)
    assert judged(plan, task_id=monitoring) == followed
    call_action("actionplan_portal_date_delete", dict(context), id=event["id"])
    assert judged(plan, task_id=card) == {"once": "unresolved"}


@pytest.fixture
def news(made: Any, on: Any) -> dict[str, Any]:
    """A news item each quarter by a lead and five classes of co-executors."""
    on("2025-01-15")
    classes = {"Підрозділи ради": [*UNITS[:3]], "Комунальні служби": [*UNITS[1:]]}
    return made(
        "three years",
        {
            "number": "6.5",
            "title": "Розповідати про нові набори даних",
            "deadline": "Щоквартально",
            "due": "R/P3M",
            "indicator": "Щонайменше одна новина",
            "executors": [UNITS[0], *classes],
        },
        **classes,
    )


def test_a_joint_task_is_owed_once(
    news: dict[str, Any], units: dict[str, str], on: Any
) -> None:
    on("2025-07-20")
    rows = owed(news)
    assert len(rows) == 12
    assert {row["organization_id"] for row in rows} == {units[UNITS[0]]}
    others = sorted(units[unit] for unit in UNITS[1:])
    assert all(sorted(row["parties"]) == others for row in rows)
    # A co-executor sees the same twelve, not twelve of its own.
    seen = owed(news, organization_id=units["Парки"])
    assert {row["id"] for row in seen} == {row["id"] for row in rows}


def test_the_day_of_the_deed_counts_and_a_link_only_once(
    news: dict[str, Any], on: Any, sysadmin_factory: Any
) -> None:
    context = {"user": sysadmin_factory()["name"], "ignore_auth": False}
    quarters = {row["occurrence"]: row["id"] for row in owed(news)}
    said = {"done_on": "2025-03-12", "link": "https://kalynivka.example/news/31"}
    on("2025-04-03")
    call_action(
        "actionplan_report_submit",
        dict(context),
        obligation_id=quarters["2025-Q1"],
        **said,
    )
    report = model.Session.get(Report, quarters["2025-Q1"])
    report.state = "accepted"
    model.Session.flush()
    on("2025-07-20")
    with pytest.raises(tk.ValidationError) as refused:
        call_action(
            "actionplan_report_submit",
            dict(context),
            obligation_id=quarters["2025-Q2"],
            **said,
        )
    assert refused.value.error_dict["link"]
    found = judged(news)
    assert found["2025-Q1"] == "done_on_time"
    assert (found["2025-Q2"], found["2025-Q3"]) == ("overdue", "due")
    assert Counter(found.values())["upcoming"] == 9
    (late,) = [row for row in owed(news) if row["status"] == "overdue"]
    assert late["days"] == 20


def test_a_joint_measured_task_is_confirmed_each_quarter(made: Any, on: Any) -> None:
    """Three additional sets: the measure comes later, the promise stands."""
    on("2025-05-15")
    classes = {"Підрозділи ради": [*UNITS]}
    found = judged(
        made(
            "three years",
            {
                "number": "6.3",
                "title": "Дізнаватися, яких даних бракує",
                "deadline": "Постійно",
                "due": "../..",
                "indicator": "Оприлюднено щонайменше три додаткові набори",
                "executors": ["Підрозділи ради"],
                "continuity": "measured",
            },
            **classes,
        )
    )
    assert len(found) == 12
    assert (found["2025-Q1"], found["2025-Q2"]) == ("to_confirm", "due")
    assert Counter(found.values())["upcoming"] == 10


def test_two_rows_of_one_number_owe_their_own_dates(
    made: Any, units: dict[str, str], on: Any
) -> None:
    on("2024-04-20")
    heads = {"Керівники підрозділів": [*UNITS[1:4]]}
    row = {"number": "1.2", "title": "Назвати людей, які дбають про дані"}
    plan = made(
        "four years",
        {
            **row,
            "deadline": "До 01.04.2024",
            "due": "../2024-04-01",
            "executors": [UNITS[0]],
        },
        {
            **row,
            "deadline": "До 01.05.2024",
            "due": "../2024-05-01",
            "executors": [*heads],
            "performed": "each",
        },
        **heads,
    )
    rows = owed(plan)
    assert len(rows) == 4
    assert {row["number"] for row in rows} == {"1.2"}
    (late,) = [row for row in rows if row["status"] == "overdue"]
    assert (late["organization_id"], late["days"]) == (units[UNITS[0]], 19)
    assert {
        (row["organization_id"], row["due_on"], row["status"])
        for row in rows
        if row is not late
    } == {(units[unit], date(2024, 5, 1), "due") for unit in UNITS[1:4]}


def test_two_names_for_one_organization_owe_once(
    made: Any, units: dict[str, str], on: Any
) -> None:
    """A council without a portal of its own publishes upstream: sixteen quarters."""
    on("2025-04-20")
    names = {"Начальник управління": [UNITS[0]], "Відповідальні особи": [UNITS[0]]}
    plan = made(
        "four years",
        {
            "number": "3.2",
            "title": "Дбати про сторінку громади на національному порталі",
            "deadline": "Постійно",
            "due": "../..",
            "executors": [*names],
            "continuity": "measured",
        },
        **names,
    )
    found = judged(plan)
    assert len(found) == 16
    counts = Counter(found.values())
    assert counts == {"to_confirm": 5, "due": 1, "upcoming": 10}
    assert found["2025-Q2"] == "due"
    assert all(row["parties"] == [] for row in owed(plan))


def test_continuous_from_a_day_begins_there(made: Any, on: Any) -> None:
    """ "01.07.2024 і постійно", read either way."""
    on("2025-02-10")
    task = {"deadline": "01.07.2024 і постійно", "executors": [UNITS[0]]}
    plan = made(
        "two years",
        {**task, "title": "Дотримуватися порад", "due": "2024-07-01/.."},
        {**task, "title": "Дотримуватися вимог", "due": "../2024-07-01; ../.."},
    )
    first, second = (task["id"] for task in plan["tasks"])
    quarters = ["2024-Q3", "2024-Q4", "2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4"]
    assert sorted(judged(plan, task_id=first)) == quarters
    after = owed(plan, task_id=second)
    assert sorted(row["occurrence"] for row in after) == [*quarters, "once"]
    starts = {row["occurrence"]: row["starts_on"] for row in after}
    assert starts["2024-Q3"] == date(2024, 7, 2)


def test_a_recurring_part_suppresses_confirmations(made: Any, on: Any) -> None:
    """ "Щороку" and "Постійно" in one cell."""
    on("2025-04-20")
    task = {"title": "Втілювати поради ревізії", "deadline": "Щороку Постійно"}
    found = judged(
        made("four years", {**task, "due": "R/P1Y; ../..", "executors": [UNITS[0]]})
    )
    assert found == {
        "2024": "overdue",
        "2025": "upcoming",
        "2026": "upcoming",
        "2027": "upcoming",
    }


def test_a_year_is_due_on_its_last_day(made: Any, on: Any) -> None:
    on("2025-10-01")
    task = {"title": "Втілити поради", "deadline": "2025р.", "due": "2025"}
    (row,) = owed(made("four years", {**task, "executors": [UNITS[0]]}))
    assert (row["due_on"], row["status"]) == (date(2025, 12, 31), "due")


def test_a_task_without_executors_is_the_owners(
    made: Any, units: dict[str, str], on: Any
) -> None:
    on("2024-08-20")
    task = {"number": "2.3", "title": "Скласти рейтинг", "due": "../2024-09-01"}
    (row,) = owed(made("two years", task))
    assert (row["organization_id"], row["mark"]) == (units["Рада"], "unmapped")
    assert row["status"] == "due"


def test_a_date_before_approval_waits_for_a_person(made: Any, on: Any) -> None:
    on("2024-04-20")
    task = {"title": "Затвердити порядок", "due": "../2024-03-01"}
    (row,) = owed(made("four years", {**task, "executors": [UNITS[0]]}))
    assert (row["status"], row["reason"]) == ("unresolved", "before_approval")


def test_what_stands_is_asked_once(made: Any, on: Any) -> None:
    on("2026-04-20")
    task = {"title": "Затвердити положення", "deadline": "Постійно", "due": "../.."}
    rule = {**task, "executors": [UNITS[0]], "continuity": "standing"}
    plan = made("three years", rule)
    (row,) = owed(plan)
    assert (row["status"], past(row)) == ("to_confirm", 385)
    values = {"state": "accepted", "done_on": date(2026, 4, 1), "author_id": "u"}
    changed = {"obligation_id": row["id"], "changed_at": clock.now()}
    model.Session.execute(sa.insert(Report.__table__).values(**values, **changed))
    # Accepted once, it holds until the end of the plan.
    for day in ("2026-04-20", "2027-12-31"):
        on(day)
        assert judged(plan) == {row["occurrence"]: "done_on_time"}
