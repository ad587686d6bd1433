"""The form of a plan in the browser's words: what it shows, sends and saves."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from werkzeug.datastructures import MultiDict

from ckan import model
from ckan.tests.helpers import call_action

pytestmark = pytest.mark.usefixtures("non_clean_db")

LETTERS = "Забезпечити оприлюднення та оновлення наборів даних відповідно до переліку. "


@pytest.fixture
def admin(sysadmin_factory):
    return sysadmin_factory()["name"]


@pytest.fixture
def headers(admin, api_token_factory):
    return {"Authorization": api_token_factory(user=admin)["token"]}


@pytest.fixture
def owner(organization_factory):
    return organization_factory()


def form_of(response):
    """Return the form and its fields as a browser would send them."""
    form = BeautifulSoup(response.body, "html.parser").select_one("#dataset-edit")
    fields = MultiDict()
    for field in form.select("input[name], textarea[name], select[name]"):
        if field.find_parent("template"):
            continue
        if field.get("type") in ("checkbox", "radio") and not field.has_attr("checked"):
            continue
        if field.name == "textarea":
            value = field.text.removeprefix("\n")
        elif field.name == "select":
            chosen = field.select_one("option[selected]") or field.select_one("option")
            value = chosen.get("value", chosen.text) if chosen else ""
        else:
            value = field.get("value", "")
        fields.add(field["name"], value)
    fields.add("save", "plan")
    return form, fields


def filled(fields, **values):
    """Return the fields with other values; `__` stands for the dash of rows."""
    changed = MultiDict(fields)
    for name, value in values.items():
        changed.setlist(
            name.replace("__", "-"), value if isinstance(value, list) else [value]
        )
    return changed


def test_creating_ends_at_the_plan(app, headers, owner):
    page = app.get("/action-plan/new", headers=headers)
    form, fields = form_of(page)
    assert not form.select("[name=_ckan_phase]")
    fields = filled(
        fields,
        title="План дій",
        name="plan-made-by-hand",
        owner_org=owner["id"],
        private="False",
        period_start="2026-01-01",
        period_end="2026-12-31",
        executors__0000__name="Рада",
        executors__0000__who="owner",
        tasks__0000__number="1.1",
        tasks__0000__title="Оновити положення",
        tasks__0000__due="2026-06-01",
        tasks__0000__executors="Рада\r\nРада\r\n",
    )
    answer = app.post(
        "/action-plan/new", data=fields, headers=headers, follow_redirects=False
    )
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith("/action-plan/plan-made-by-hand")

    plan = call_action("package_show", id="plan-made-by-hand")
    assert plan["state"] == "active"
    assert plan["type"] == "action-plan"
    assert plan["in_force_from"] == "2026-01-01"
    assert plan["tasks"][0]["executors"] == ["Рада"]
    assert plan["tasks"][0]["due"] == "2026-06-01/2026-06-01"


def test_errors_stand_next_to_the_field_and_in_the_summary(app, headers, owner):
    _form, fields = form_of(app.get("/action-plan/new", headers=headers))
    fields = filled(
        fields,
        title="План дій",
        name="plan-with-errors",
        owner_org=owner["id"],
        period_start="2026-12-31",
        period_end="2026-01-01",
        tasks__0000__number="1.1",
        tasks__0000__title="Перше завдання",
        tasks__0001__number="1.2",
        tasks__0001__title="Друге завдання",
        tasks__0001__due="колись",
        tasks__0001__executors="Невідомий відділ",
    )
    answer = app.post("/action-plan/new", data=fields, headers=headers)
    form, again = form_of(answer)

    summary = form.select_one(".actionplan-problems")
    links = {link["href"]: link.text for link in summary.select("a")}
    assert "1.2" in links["#field-tasks-0001-due"]
    assert "колись" in links["#field-tasks-0001-due"]
    assert "Невідомий відділ" in links["#field-tasks-0001-executors"]
    assert "#field-period_end" in links
    for target in links:
        assert form.select_one(target), target
    opened = form.select("details.actionplan-task[open]")
    assert [task.select_one("summary").text.split()[0] for task in opened] == ["1.2"]
    assert "колись" in form.select_one("#field-tasks-0001-due-wrong").text
    # What was typed is still there.
    assert again["tasks-0001-due"] == "колись"
    assert again["tasks-0000-title"] == "Перше завдання"
    assert model.Package.get("plan-with-errors") is None


def test_editing_changes_only_what_was_changed(
    app, headers, owner, organization_factory, action_plan_factory
):
    publisher = organization_factory()
    plan = action_plan_factory(
        owner_org=owner["id"],
        executors=[{"name": "Відділ", "organizations": [publisher["id"]]}],
        tasks=[
            {
                "number": str(number),
                "title": f"Завдання {number}",
                "deadline": "постійно",
                "due": "../..",
                "executors": ["Відділ"],
                "performed": "each",
            }
            for number in range(12)
        ],
        amendments=[{"document": "Рішення", "number": "7", "date": "2026-03-05"}],
    )
    before = call_action("package_show", id=plan["id"])
    address = f"/action-plan/edit/{plan['name']}"
    _form, fields = form_of(app.get(address, headers=headers))
    answer = app.post(
        address,
        data=filled(fields, tasks__0010__title="Інша назва"),
        headers=headers,
        follow_redirects=False,
    )
    assert answer.status_code == 302
    after = call_action("package_show", id=plan["id"])

    assert after["tasks"][10]["title"] == "Інша назва"
    before["tasks"][10]["title"] = "Інша назва"
    for name in ("tasks", "executors", "amendments", "participants", "tracked_from"):
        assert after[name] == before[name]


def test_form_opened_before_another_save_is_refused(
    app, admin, headers, owner, action_plan_factory
):
    plan = action_plan_factory(owner_org=owner["id"], participants=[owner["id"]])
    address = f"/action-plan/edit/{plan['name']}"
    _form, fields = form_of(app.get(address, headers=headers))
    tasks = [{**plan["tasks"][0], "title": "Назва від іншої людини"}]
    call_action("package_patch", {"user": admin}, id=plan["id"], tasks=tasks)

    answer = app.post(address, data=filled(fields, notes="Мій опис"), headers=headers)
    form, _fields = form_of(answer)
    summary = form.select_one(".actionplan-problems").text
    assert "saved by somebody else" in summary
    assert "1.1" in summary
    assert "Description" in summary
    assert "Participants" not in summary
    shown = call_action("package_show", id=plan["id"])
    assert shown["tasks"][0]["title"] == "Назва від іншої людини"
    assert shown["notes"] == plan["notes"]


def test_the_last_deadline_is_offered_while_the_end_is_open(
    app, admin, headers, owner, action_plan_factory
):
    plan = action_plan_factory(owner_org=owner["id"], period_end="")
    address = f"/action-plan/edit/{plan['name']}"
    form, _fields = form_of(app.get(address, headers=headers))
    button = form.select_one("[data-actionplan-take]")
    assert button["data-actionplan-take"] == "2026-12-31"
    assert form.select_one(f"#{button['data-actionplan-into']}")["name"] == "period_end"
    call_action(
        "package_patch", {"user": admin}, id=plan["id"], period_end="2027-12-31"
    )
    form, _fields = form_of(app.get(address, headers=headers))
    assert not form.select("[data-actionplan-take]")


def test_the_act_of_a_change_is_chosen_in_the_form(
    app, headers, owner, action_plan_factory
):
    act = {"document": "Рішення", "number": "7", "date": "2026-03-05"}
    plan = action_plan_factory(owner_org=owner["id"], amendments=[act])
    address = f"/action-plan/edit/{plan['name']}"
    _form, fields = form_of(app.get(address, headers=headers))
    assert fields["amended_by"] == ""
    fields = filled(fields, tasks__0000__deadline="до зими")
    form, again = form_of(app.post(address, data=fields, headers=headers))
    assert "by an act only" in form.select_one(".actionplan-problems").text
    assert form.select_one("#field-amended_by-wrong")
    assert again["tasks-0000-deadline"] == "до зими"
    (option,) = form.select("#field-amended_by option")[1:]
    assert option.text == "Рішення № 7 (05.03.2026)"
    done = app.post(
        address,
        data=filled(again, amended_by=option["value"]),
        headers=headers,
        follow_redirects=False,
    )
    assert done.status_code == 302


def test_an_empty_address_is_made_from_the_title(app, headers, owner):
    _form, fields = form_of(app.get("/action-plan/new", headers=headers))
    fields = filled(fields, title="Дорожня карта 2027", owner_org=owner["id"])
    answer = app.post(
        "/action-plan/new", data=fields, headers=headers, follow_redirects=False
    )
    assert answer.headers["Location"].endswith("/action-plan/dorozhnia-karta-2027")


def _differences(response):
    """Return the rows of the table of differences: field, saved now, yours."""
    page = BeautifulSoup(response.body, "html.parser")
    rows = page.select(".actionplan-differences tbody tr")
    return [[cell.text.strip() for cell in row.select("th, td")] for row in rows]


def test_both_sides_are_shown_and_the_later_person_may_save(
    app, admin, headers, organization_factory, action_plan_factory
):
    owner, publisher = organization_factory(), organization_factory(title="Водоканал")
    second = {"number": "1.2", "title": "Друге", "due": "R/P3M"}
    plan = action_plan_factory(
        owner_org=owner["id"],
        in_force_from="2999-01-01",
        tasks=[{"number": "1.1", "title": "Перше", "deadline": "завтра"}, second],
        executors=[{"name": "Рада", "who": "owner"}],
    )
    address = f"/action-plan/edit/{plan['name']}"
    _form, fields = form_of(app.get(address, headers=headers))
    one, two = plan["tasks"]
    call_action(
        "package_patch",
        {"user": admin},
        id=plan["id"],
        approval_number="12",
        participants=[publisher["id"]],
        tasks=[{**one, "title": "Перше завдання"}, two, {"title": "Третє"}],
    )
    mine = filled(fields, notes="Мій опис", tasks__0001__performed="each")
    answer = app.post(address, data=mine, headers=headers)

    assert _differences(answer) == [
        ["Description", plan["notes"], "Мій опис"],
        ["Number", "12", "–"],
        ["Participants", "Водоканал", "–"],
        ["Task 1.1 “Перше”: Task", "Перше завдання", "Перше"],
        ["Task 1.2 “Друге”: Performed", "Jointly, one report", "By each of them"],
        ["Task “Третє”", "Третє", "taken over into your form"],
    ]
    form, again = form_of(answer)
    assert again["notes"] == "Мій опис"
    assert again["tasks-0001-performed"] == "each"
    for link in form.select(".actionplan-differences tbody a"):
        assert form.select_one(link["href"]), link["href"]
    assert again["tasks-0002-title"] == "Третє"
    # Whoever has looked may save.
    done = app.post(address, data=again, headers=headers, follow_redirects=False)
    assert done.status_code == 302
    shown = call_action("package_show", id=plan["id"])
    assert shown["notes"] == "Мій опис"
    assert [task["title"] for task in shown["tasks"]] == ["Перше", "Друге", "Третє"]


def test_a_task_that_one_removed_is_not_brought_back(
    app, admin, headers, owner, action_plan_factory
):
    tasks = [{"number": "1.1", "title": "Перше"}, {"number": "1.2", "title": "Друге"}]
    plan = action_plan_factory(
        owner_org=owner["id"], in_force_from="2999-01-01", tasks=tasks
    )
    address = f"/action-plan/edit/{plan['name']}"
    _form, fields = form_of(app.get(address, headers=headers))
    call_action("package_patch", {"user": admin}, id=plan["id"], notes="Інший опис")
    for name in [name for name in fields if name.startswith("tasks-0001-")]:
        fields.pop(name)
    answer = app.post(address, data=fields, headers=headers)
    assert _differences(answer)[-1] == ["Task 1.2 “Друге”", "1.2 · Друге", "not there"]
    _form, again = form_of(answer)
    assert "tasks-0001-title" not in again
    app.post(address, data=again, headers=headers)
    shown = call_action("package_show", id=plan["id"])
    assert [task["title"] for task in shown["tasks"]] == ["Перше"]
    assert "form_tasks" not in shown


def test_a_third_save_is_not_overwritten_either(
    app, admin, headers, owner, action_plan_factory
):
    plan = action_plan_factory(owner_org=owner["id"])
    address = f"/action-plan/edit/{plan['name']}"
    _form, fields = form_of(app.get(address, headers=headers))
    for note in ("Перша", "Друга"):
        call_action("package_patch", {"user": admin}, id=plan["id"], notes=note)
        answer = app.post(address, data=filled(fields, notes="Моя"), headers=headers)
        _form, fields = form_of(answer)
        assert _differences(answer) == [["Description", note, "Моя"]]


def test_plan_of_200_long_tasks_opens_and_saves(
    app, headers, owner, action_plan_factory
):
    text = (LETTERS * 8)[:600]
    plan = action_plan_factory(
        owner_org=owner["id"],
        executors=[{"name": "Усі розпорядники", "who": "all"}],
        tasks=[
            {
                "number": f"{number // 10}.{number % 10}",
                "section": f"Розділ {number // 10}",
                "title": text,
                "indicator": text,
                "deadline": "до 01.06.2026",
                "due": "../2026-06-01",
                "executors": ["Усі розпорядники"],
            }
            for number in range(200)
        ],
    )
    address = f"/action-plan/edit/{plan['name']}"
    _form, fields = form_of(app.get(address, headers=headers))
    answer = app.post(
        address,
        data=filled(fields, tasks__0199__title="Останнє завдання"),
        headers=headers,
        follow_redirects=False,
    )
    assert answer.status_code == 302

    tasks = call_action("package_show", id=plan["id"])["tasks"]
    assert len(tasks) == 200
    assert [task["id"] for task in tasks] == [task["id"] for task in plan["tasks"]]
    assert tasks[198]["title"] == text.strip()
    assert tasks[199]["title"] == "Останнє завдання"
    page = app.get(f"/action-plan/{plan['name']}")
    assert len(BeautifulSoup(page.body, "html.parser").select("tr[id^=task-]")) == 200


def test_reading_of_a_due_in_words(app):
    answer = app.get("/action-plan/due/words?due=2026-06-01/..;R/P3M").json
    assert answer["valid"]
    assert answer["due"] == "2026-06-01/..; R/P3M"
    assert answer["words"] == "continuously from June 1, 2026; every quarter"
    assert not app.get("/action-plan/due/words?due=soon").json["valid"]


def test_who_was_deleted_stays_in_the_plan_until_taken_out(
    app, headers, admin, owner, *, organization_factory, action_plan_factory
):
    gone = organization_factory(title="Зникла установа")
    plan = action_plan_factory(
        owner_org=owner["id"],
        participants=[gone["id"]],
        executors=[
            {"name": "Зникла", "who": "participants", "organizations": [gone["id"]]}
        ],
        tasks=[{"title": "Навчання", "due": "2026-12", "executors": ["Зникла"]}],
    )
    by_admin = {"user": admin, "ignore_auth": True}
    call_action("organization_delete", dict(by_admin), id=gone["id"])

    address = f"/action-plan/edit/{plan['id']}"
    form, fields = form_of(app.get(address, headers=headers))
    assert fields.getlist("participants").count(gone["id"]) == 1
    assert "Зникла установа (deleted)" in form.select_one("#field-participants").text
    fields = filled(fields, title="Інша назва")
    app.post(address, data=fields, headers=headers, follow_redirects=False)
    saved = call_action("package_show", dict(by_admin), id=plan["id"])
    assert saved["title"] == "Інша назва"
    assert saved["participants"] == [gone["id"]]
    assert saved["executors"][0]["organizations"] == [gone["id"]]

    fields.setlist("participants", [""])
    fields.setlist("executors-0000-organizations", [])
    fields = filled(fields, executors__0000__who="owner", form_modified="")
    app.post(address, data=fields, headers=headers, follow_redirects=False)
    saved = call_action("package_show", dict(by_admin), id=plan["id"])
    assert saved["participants"] == []
