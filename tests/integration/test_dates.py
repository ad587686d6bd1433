"""Portal-wide dates: what they make due, who sets them, the pages."""

from __future__ import annotations

import csv
import io
import json
import uuid
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from openpyxl import load_workbook
from redis.exceptions import RedisError

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.actionplan import clock, jobs
from ckanext.actionplan.logic import derive, spread
from ckanext.actionplan.model import ObligationRow, PortalDate, Report

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.usefixtures("non_clean_db")

TODAY = date(2026, 11, 21)
DAY = "2026-12-01"


@pytest.fixture(autouse=True)
def fixed_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: TODAY)


class World:
    """Reviewers, a council with plans of tasks that name no day, and readers."""

    def __init__(self, organization: Any, plan: Any) -> None:
        self.make_plan = plan
        self.reviewer, self.editor = (
            factories.UserWithToken(),
            factories.UserWithToken(),
        )
        self.stranger = factories.UserWithToken()
        self.reviewers = organization(
            users=[{"name": self.reviewer["name"], "capacity": "editor"}]
        )
        self.council = organization(
            users=[{"name": self.editor["name"], "capacity": "editor"}]
        )
        #: One word that no task of another test holds.
        self.word = f"захід{uuid.uuid4().hex[:10]}"

    def as_reviewer(self) -> dict[str, Any]:
        return {"user": self.reviewer["name"], "ignore_auth": False}

    def plan(self, *tasks: dict[str, Any], **more: Any) -> dict[str, Any]:
        filled = [
            {
                "number": f"5.{number}",
                "title": "Подати картку",
                "deadline": f"У строк, на який {self.word}",
                "due": "",
                "topic": "score_card",
                **task,
            }
            for number, task in enumerate(tasks or ({},), 1)
        ]
        return self.make_plan(
            **{"owner_org": self.council["id"], "tasks": filled, **more}
        )

    def set(self, **values: Any) -> dict[str, Any]:
        return call_action(
            "actionplan_portal_date_create",
            self.as_reviewer(),
            **{"title": "Картка", "words": self.word, "due_on": DAY, **values},
        )

    def update(self, saved: dict[str, Any], **values: Any) -> dict[str, Any]:
        kept = {name: saved[name] for name in ("id", "title", "topic", "words")}
        return call_action(
            "actionplan_portal_date_update",
            self.as_reviewer(),
            **{**kept, "due_on": saved["due_on"], **values},
        )

    def delete(self, saved: dict[str, Any]) -> dict[str, Any]:
        return call_action(
            "actionplan_portal_date_delete", self.as_reviewer(), id=saved["id"]
        )


@pytest.fixture
def world(
    monkeypatch: pytest.MonkeyPatch, organization_factory: Any, action_plan_factory: Any
) -> World:
    made = World(organization_factory, action_plan_factory)
    key = "ckanext.actionplan.reviewers_organization"
    monkeypatch.setitem(tk.config, key, made.reviewers["name"])
    return made


def owed(plan: dict[str, Any]) -> dict[str, Any]:
    """Obligations of a plan by occurrence, withdrawn ones too."""
    table = ObligationRow.__table__
    rows = model.Session.execute(sa.select(table).where(table.c.plan_id == plan["id"]))
    return {row.occurrence: row for row in rows}


def listed(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return call_action("actionplan_obligation_list", plan_id=plan["id"])


def groups(world: World, user: str = "") -> list[dict[str, Any]]:
    context = {"user": user, "ignore_auth": False}
    found = call_action("actionplan_wording_list", context, rows=10_000)
    return [each for each in found["groups"] if world.word in each["wording"].lower()]


def test_a_date_makes_tasks_without_a_day_due(world: World) -> None:
    plan = world.plan({}, {"due": "../2026-12-31"}, {"deadline": "Колись"})
    saved = world.set()
    tied, dated, other = plan["tasks"]
    assert (saved["tasks"], saved["plans"], saved["derived"]) == (1, 1, 1)
    by_task = {row["task_id"]: row for row in listed(plan)}
    row = by_task[tied["id"]]
    assert (row["occurrence"], row["due_on"]) == (
        f"event-{saved['id']}",
        date(2026, 12, 1),
    )
    assert (row["status"], row["reason"]) == ("due", "")
    assert by_task[dated["id"]]["occurrence"] == "once"
    assert by_task[other["id"]]["status"] == "unresolved"


def test_the_days_count_from_the_date(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "today", lambda: date(2025, 4, 20))
    plan = world.plan(
        {"number": "5.4", "due": "R/P3M", "deadline": "щокварталу"},
        {"number": "5.4"},
        period_start="2024-01-01",
        period_end="2025-12-31",
        in_force_from="2024-01-01",
        tracked_from="2025-01-01",
    )
    world.set(title="Картка за 2024 рік", due_on="2025-03-01")
    rows = [row for row in listed(plan) if row["occurrence"].startswith("event-")]
    assert [(row["status"], row["days"]) for row in rows] == [("overdue", 50)]


def test_a_plan_saved_later_is_tied_within_its_term(world: World) -> None:
    saved = world.set()
    inside = world.plan()
    outside = world.plan(
        period_start="2024-01-01", period_end="2025-12-31", in_force_from="2024-01-01"
    )
    assert list(owed(inside)) == [f"event-{saved['id']}"]
    assert list(owed(outside)) == ["once"]


def test_a_moved_date_keeps_obligation_and_report(world: World) -> None:
    plan = world.plan()
    saved = world.set(due_on="2026-11-01")
    before = owed(plan)[f"event-{saved['id']}"]
    call_action(
        "actionplan_report_submit",
        {"user": world.editor["name"]},
        obligation_id=before.id,
        done_on="2026-11-10",
        note="Подано",
    )
    world.update(saved, due_on="2026-12-15")
    after = owed(plan)[f"event-{saved['id']}"]
    assert (after.id, after.due_on) == (before.id, date(2026, 12, 15))
    assert model.Session.get(Report, after.id).note == "Подано"


def test_other_words_let_some_tasks_go_and_take_others(world: World) -> None:
    first, second = world.plan(), world.plan({"deadline": "коли оголосять"})
    saved = world.set()
    other = f"оголосять{world.word}"
    third = world.plan({"deadline": other})
    world.update(saved, words=other)
    name = f"event-{saved['id']}"
    assert owed(first)[name].withdrawn
    assert not owed(first)["once"].withdrawn
    assert list(owed(second)) == ["once"]
    assert not owed(third)[name].withdrawn


def test_a_removed_date_withdraws_and_comes_back_with_its_report(world: World) -> None:
    plan = world.plan()
    saved = world.set(due_on="2026-11-01")
    name = f"event-{saved['id']}"
    promise = owed(plan)[name]
    call_action(
        "actionplan_report_submit",
        {"user": world.editor["name"]},
        obligation_id=promise.id,
        done_on="2026-11-01",
        note="Подано",
    )
    shown = call_action("actionplan_portal_date_show", id=saved["id"])
    assert (shown["reports"], shown["rows"][0]["statuses"]) == (1, {"submitted": 1})
    removed = world.delete(saved)
    assert (removed["removed"], removed["tasks"]) == (True, 0)
    assert owed(plan)[name].withdrawn
    assert not owed(plan)["once"].withdrawn
    with pytest.raises(tk.ValidationError, match="removed"):
        world.delete(saved)
    with pytest.raises(tk.ValidationError, match="removed"):
        world.update(saved)
    back = world.update(saved, removed=False)
    assert (back["removed"], back["tasks"]) == (False, 1)
    assert not owed(plan)[name].withdrawn
    assert model.Session.get(Report, promise.id).note == "Подано"
    titles = [each["id"] for each in call_action("actionplan_portal_date_list")]
    assert saved["id"] in titles


def test_the_preview_says_what_setting_does(world: World) -> None:
    world.plan({}, {}, {"due": "../2026-12-31"}, title="План А")
    world.plan(title="План Б")
    world.plan(
        period_start="2024-01-01", period_end="2025-12-31", in_force_from="2024-01-01"
    )
    other = world.set(title="Інша", topic="score_card", words=world.word[:12])
    asked = {"words": world.word, "due_on": DAY}
    found = call_action("actionplan_portal_date_match", **asked)
    assert (found["tasks"], found["plans"], found["outside"]) == (3, 2, 1)
    assert [row["same_day"] for row in found["rows"]] == [["Інша"]] * 3
    assert [row["number"] for row in found["rows"][:2]] == ["5.1", "5.2"]
    world.delete(other)
    found = call_action("actionplan_portal_date_match", **asked)
    assert {name for row in found["rows"] for name in row["same_day"]} == set()
    saved = world.set()
    assert (saved["tasks"], saved["plans"]) == (found["tasks"], found["plans"])
    undated = call_action("actionplan_portal_date_match", words=world.word)
    assert (undated["tasks"], undated["outside"]) == (4, 0)


def test_a_replaced_plan_is_left_out_as_it_is_derived(world: World) -> None:
    old = world.plan()
    world.plan({"deadline": "x"}, replaces=old["id"], in_force_from="2026-10-01")
    found = call_action(
        "actionplan_portal_date_match", words=world.word, due_on="2026-12-01"
    )
    assert (found["tasks"], found["outside"]) == (0, 1)
    assert world.set()["tasks"] == 0


def test_wordings_are_grouped_until_a_date_ties_them(world: World) -> None:
    world.plan({}, {"deadline": f"  у строк,\nна який {world.word}. "})
    world.plan({"topic": "audit"})
    hidden = world.plan(private=True)
    found = groups(world)
    assert [(each["topic"], each["tasks"], each["plans"]) for each in found] == [
        ("score_card", 2, 1),
        ("audit", 1, 1),
    ]
    assert found[0]["words"].lower() == f"у строк на який {world.word}"
    assert len(found[0]["samples"]) == 2
    inside = groups(world, world.editor["name"])
    assert inside[0]["tasks"] == 3
    assert hidden["name"] in {row["plan_name"] for row in inside[0]["samples"]}
    world.set(topic=found[0]["topic"], words=found[0]["words"])
    assert [each["topic"] for each in groups(world)] == ["audit"]
    last = call_action("actionplan_wording_list", rows=1, page=10_000)
    assert last["page"] == last["pages"] == last["count"] >= 1
    assert len(last["groups"]) == 1
    narrowed = call_action("actionplan_wording_list", topic="training", rows=10_000)
    assert {each["topic"] for each in narrowed["groups"]} <= {"training"}


def test_figures_of_private_plans_are_for_members(world: World) -> None:
    private = world.plan(private=True)
    saved = world.set()
    assert f"event-{saved['id']}" in owed(private)
    assert saved["tasks"] == 0
    for user, tasks in ((world.stranger["name"], 0), (world.editor["name"], 1)):
        context = {"user": user, "ignore_auth": False}
        shown = call_action("actionplan_portal_date_show", context, id=saved["id"])
        assert (shown["tasks"], len(shown["rows"])) == (tasks, tasks)


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"words": "", "topic": ""}, "topic", "Choose a topic or give words"),
        ({"words": " — ", "topic": "audit"}, "words", "letters or digits"),
        ({"words": "й" * 501}, "words", "At most 500"),
        ({"topic": "weather"}, "topic", "“weather” is not a topic"),
        ({"title": "  "}, "title", "Say what takes place"),
        ({"due_on": ""}, "due_on", "Give the day of the event"),
        ({"due_on": "2026-02-30"}, "due_on", "YYYY-MM-DD"),
        ({"due_on": "0225-03-01"}, "due_on", "year from 2000 to 2100"),
    ],
)
def test_what_is_refused(
    world: World, values: dict[str, str], field: str, sentence: str
) -> None:
    with pytest.raises(tk.ValidationError) as refused:
        world.set(**values)
    assert list(refused.value.error_dict) == [field]
    assert sentence in refused.value.error_dict[field][0]


def test_a_printed_day_is_understood(world: World) -> None:
    assert world.set(due_on="01.03.2027")["due_on"] == "2027-03-01"


def test_the_same_date_twice_is_refused(world: World) -> None:
    saved = world.set(title="Перша")
    with pytest.raises(tk.ValidationError, match="Перша"):
        world.set(title="Друга")
    other = world.set(due_on="2026-12-02")
    with pytest.raises(tk.ValidationError, match="Перша"):
        world.update(other, due_on=DAY)
    assert world.update(saved, title="Перша, нова")["title"] == "Перша, нова"
    world.delete(saved)
    assert world.update(other, due_on=DAY)["due_on"] == DAY


def test_unknown_dates_are_not_found(world: World) -> None:
    context = world.as_reviewer()
    for action in ("show", "delete", "update"):
        with pytest.raises(tk.ObjectNotFound):
            call_action(f"actionplan_portal_date_{action}", context, id="nothing")


def test_what_is_too_much_for_a_request_is_done_by_workers(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    plans = [world.plan() for _ in range(4)]
    queued: list[list[str]] = []
    monkeypatch.setattr(spread, "_AT_ONCE", 1)
    monkeypatch.setattr(spread, "_BATCH", 2)
    monkeypatch.setattr(
        tk, "enqueue_job", lambda job, args, **more: queued.append(args[0])
    )
    saved = world.set()
    name = f"event-{saved['id']}"
    assert (saved["derived"], saved["queued"], saved["late"]) == (1, 3, 0)
    assert [len(ids) for ids in queued] == [2, 1]
    assert sum(name in owed(plan) for plan in plans) == 1
    for ids in queued:
        jobs.derive_plans(ids)
    assert all(name in owed(plan) for plan in plans)


def test_without_a_queue_the_date_is_set_all_the_same(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*args: Any, **more: Any) -> None:
        raise RedisError

    world.plan()
    world.plan()
    monkeypatch.setattr(spread, "_AT_ONCE", 1)
    monkeypatch.setattr(tk, "enqueue_job", down)
    saved = world.set()
    assert (saved["derived"], saved["queued"], saved["late"]) == (1, 0, 1)
    assert model.Session.get(PortalDate, saved["id"])


def test_nobody_waits_long_for_large_plans(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.plan()
    monkeypatch.setattr(spread, "_SECONDS", -1.0)
    monkeypatch.setattr(tk, "enqueue_job", lambda *args, **more: None)
    saved = world.set()
    assert (saved["derived"], saved["queued"]) == (0, 1)


def test_a_plan_that_fails_does_not_stop_the_others(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = world.plan(title="A"), world.plan(title="B")
    original = derive.derive

    def fails(plan_id: str, context: Any = None) -> None:
        if plan_id == bad["id"]:
            model.Session.rollback()
            raise tk.ValidationError({"tasks": ["too many"]})
        original(plan_id, context)

    monkeypatch.setattr(derive, "derive", fails)
    saved = world.set()
    assert (saved["derived"], saved["failed"]) == (1, 1)
    assert f"event-{saved['id']}" in owed(good)
    assert f"event-{saved['id']}" not in owed(bad)


# Pages


@pytest.fixture
def get(app: Any) -> Callable[..., Any]:
    def ask(path: str, user: dict[str, Any] | None = None, status: int = 200) -> Any:
        headers = {"Authorization": user["token"]} if user else {}
        return app.get(path, headers=headers, status=status, follow_redirects=False)

    return ask


@pytest.fixture
def post(app: Any) -> Callable[..., Any]:
    def send(path: str, user: dict[str, Any] | None = None, **data: str) -> Any:
        headers = {"Authorization": user["token"]} if user else {}
        return app.post(path, headers=headers, data=data, follow_redirects=False)

    return send


def soup(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.body, "html.parser")


def text(node: Any) -> str:
    return " ".join(node.get_text(" ").split())


def waiting(page: BeautifulSoup, world: World) -> Any:
    return next(
        item
        for item in page.select(".actionplan-waiting > li")
        if world.word in text(item).lower()
    )


@pytest.mark.ckan_config("ckanext.actionplan.rows_count", 10_000)
def test_a_group_is_tied_in_two_clicks(world: World, get: Any, post: Any) -> None:
    world.plan({}, {})
    page = soup(get("/compliance/dates", world.reviewer))
    item = waiting(page, world)
    assert "Score card · 2 tasks, 1 plan" in text(item)
    assert len(item.select(".actionplan-samples a[href*='/task/']")) == 2
    link = item.select_one("a.btn")["href"]
    form = soup(get(link, world.reviewer)).select_one(".actionplan-dates-form")
    assert "2 tasks in 1 plan" in text(form.select_one(".actionplan-dates-preview"))
    values = {field["name"]: field.get("value") for field in form.select("input[name]")}
    assert values["title"] == "Score card"
    topic = form.select_one("option[selected]")["value"]
    answer = post(
        "/compliance/dates/new",
        world.reviewer,
        topic=topic,
        words=values["words"],
        title=values["title"],
        due_on=DAY,
        do="save",
    )
    assert answer.status_code == 302
    shown = soup(get(answer.location, world.reviewer))
    assert text(shown.select_one("h1")) == "Score card"
    rows = shown.select("tbody tr")
    assert len(rows) == 2
    assert "● due" in text(rows[0])
    with pytest.raises(StopIteration):
        waiting(soup(get("/compliance/dates", world.reviewer)), world)


@pytest.mark.ckan_config("ckanext.actionplan.rows_count", 10_000)
def test_readers_see_dates_and_wordings_and_set_nothing(
    world: World, get: Any, post: Any
) -> None:
    world.plan()
    saved = world.set(title="Оголошено", words=f"інше{world.word}")
    one = f"/compliance/dates/{saved['id']}"
    for user in (None, world.stranger, world.editor):
        page = soup(get("/compliance/dates", user))
        assert "Оголошено" in text(page)
        assert not waiting(page, world).select("a.btn")
        assert not page.select("a[href*='/compliance/dates/new']")
        assert "Оголошено" in text(soup(get(one, user)).select_one("h1"))
        for path in ("new", "preview", f"{saved['id']}/edit", f"{saved['id']}/delete"):
            get(f"/compliance/dates/{path}", user, status=403)
        for path in ("new", f"{saved['id']}/edit", f"{saved['id']}/delete"):
            data = {"title": "x", "words": "x", "due_on": DAY, "do": "save"}
            assert post(f"/compliance/dates/{path}", user, **data).status_code == 403
            data["do"] = "look"
            assert post(f"/compliance/dates/{path}", user, **data).status_code == 403
        assert post(f"{one}/restore", user).status_code == 403
    assert not model.Session.get(PortalDate, saved["id"]).removed
    get("/compliance/dates/nothing", status=404)
    get("/compliance/dates/nothing/edit", world.reviewer, status=404)


def test_the_form_keeps_what_was_typed_and_shows_its_tasks(
    world: World, post: Any, get: Any
) -> None:
    world.plan()
    typed = {"title": "<b>x</b>", "words": world.word, "topic": "", "due_on": ""}
    answer = post("/compliance/dates/new", world.reviewer, do="look", **typed)
    page = soup(answer)
    assert page.select_one("#actionplan-title")
    assert page.select_one("input[name=title]")["value"] == "<b>x</b>"
    assert not page.select("[role=alert] li")
    assert "1 task in 1 plan" in text(page.select_one(".actionplan-dates-preview"))
    page = soup(post("/compliance/dates/new", world.reviewer, do="save", **typed))
    field = page.select_one("input[name=due_on]")
    assert field["aria-invalid"] == "true"
    assert page.find(id="actionplan-date-due_on-error")
    assert "actionplan-date-due_on-error" in str(field["aria-describedby"])
    part = get(f"/compliance/dates/preview?words={world.word}", world.reviewer)
    assert "<html" not in part.body
    assert "1 task" in text(soup(part))
    part = get("/compliance/dates/preview?words=&topic=", world.reviewer)
    assert "Choose a topic" in text(soup(part))


def test_a_date_is_edited_removed_and_brought_back(
    world: World, get: Any, post: Any
) -> None:
    world.plan()
    saved = world.set(title="Картка за 2025 рік")
    one = f"/compliance/dates/{saved['id']}"
    form = soup(get(f"{one}/edit", world.reviewer))
    assert form.select_one("input[name=due_on]")["value"] == DAY
    follow = soup(get(f"/compliance/dates/new?after={saved['id']}", world.reviewer))
    assert follow.select_one("input[name=due_on]")["value"] == "2027-12-01"
    assert follow.select_one("input[name=title]")["value"] == "Картка за 2026 рік"
    post(
        f"{one}/edit",
        world.reviewer,
        title="Нова назва",
        words=world.word,
        due_on="2026-12-05",
        do="save",
    )
    shown = call_action("actionplan_portal_date_show", id=saved["id"])
    assert (shown["title"], shown["due_on"]) == ("Нова назва", "2026-12-05")
    assert "1 task will have no day again" in text(
        soup(get(f"{one}/delete", world.reviewer))
    )
    assert post(f"{one}/delete", world.reviewer).status_code == 302
    page = soup(get("/compliance/dates", world.reviewer))
    back = page.select_one(f"form[action$='{saved['id']}/restore']")
    assert back
    assert "removed" in text(soup(get(one)).select_one(".actionplan-under"))
    assert post(back["action"], world.reviewer).status_code == 302
    assert not call_action("actionplan_portal_date_show", id=saved["id"])["removed"]


def test_a_date_says_which_tasks_it_made_due(world: World, get: Any) -> None:
    world.plan({"title": "=1+1"})
    saved = world.set(title="=2+2")
    link = f"/compliance/dates.csv?table=dates&x={saved['id']}"
    rows = list(csv.reader(io.StringIO(get(link).data.decode("utf-8-sig"))))
    row = next(row for row in rows if saved["id"] in row[-1])
    assert row[:6] == [DAY, "'=2+2", "", world.word, "1", "1"]
    book = load_workbook(io.BytesIO(get("/compliance/dates.xlsx").data))
    cells = [[cell.value for cell in row] for row in book.active.rows]
    assert any(row[1] == "=2+2" for row in cells)
    found = json.loads(get("/compliance/dates.json").body)
    assert saved["id"] in {row["address"].rpartition("/")[2] for row in found}
    found = json.loads(get("/compliance/dates.json?table=wordings").body)
    assert all({"topic", "wording", "tasks", "plans"} <= set(row) for row in found)


def test_pages_cost_the_same_for_more_plans(
    world: World, get: Any, count_queries: Any
) -> None:
    world.plan({}, {"deadline": f"коли {world.word}", "title": "Аудит"})
    saved = world.set(words=f"{world.word} картку")
    paths = ["/compliance/dates", f"/compliance/dates/{saved['id']}"]
    preview = f"/compliance/dates/preview?words={world.word}&due_on={DAY}"
    for path in (*paths, preview):
        get(path, world.reviewer)

    def cost(path: str) -> int:
        with count_queries() as statements:
            get(path, world.reviewer)
        return len(statements)

    before = [cost(path) for path in (*paths, preview)]
    for number in range(4):
        world.plan({}, {"deadline": f"коли {world.word} {number}", "title": "Аудит"})
    world.set(words=f"{world.word} картку", due_on="2026-12-02")
    assert [cost(path) for path in (*paths, preview)] == before


def test_pages_of_tasks_lead_to_dates(world: World, get: Any) -> None:
    plan = world.plan({}, {"deadline": f"інакше {world.word}х", "title": "Аудит"})
    council = f"/compliance/organization/{world.council['name']}"
    links = "a[href*='/compliance/dates/']"
    found = soup(get(council, world.reviewer)).select(links)
    assert len(found) == 2
    form = soup(get(found[0]["href"], world.reviewer))
    assert "1 task in 1 plan" in text(form.select_one(".actionplan-dates-preview"))
    for user in (None, world.editor):
        assert not soup(get(council, user)).select(links)
    saved = world.set(title="Оголошений день", words=f"строк {world.word}")
    address = f"/compliance/dates/{saved['id']}"
    for user in (None, world.editor):
        named = soup(get(council, user)).select(links)
        assert [(text(each), each["href"]) for each in named] == [
            ("Оголошений день", address)
        ]
    task = f"/action-plan/{plan['name']}/task/{plan['tasks'][0]['id']}"
    page = soup(get(task))
    assert page.select_one(f"a[href='{address}']")
    # "No date yet" beside a task that is due would be a riddle.
    readings = [text(each) for each in page.select(".actionplan-reading")]
    listed = soup(get(f"/action-plan/{plan['name']}")).select(".actionplan-reading")
    assert readings == ["→ read as: A portal-wide date"]
    assert [text(each) for each in listed] == [
        readings[0],
        "→ read as: no date yet",
    ]
    overview = "a[href='/compliance/dates']"
    assert soup(get("/compliance", world.reviewer)).select_one(overview)
    assert not soup(get("/compliance")).select_one(overview)


def test_the_pages_stand_under_compliance(get: Any) -> None:
    page = soup(get("/compliance/dates"))
    active = page.select_one("header li.active > a[href$='/compliance']")
    assert text(active) == "Compliance"
