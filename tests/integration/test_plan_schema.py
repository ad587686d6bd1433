"""The dataset type: what is stored, what is refused, and in which words."""

from __future__ import annotations

from datetime import date

import pytest

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.tests.helpers import call_action, call_auth

from ckanext.actionplan.logic import amending

pytestmark = pytest.mark.usefixtures("non_clean_db")

TASK = {
    "number": "2.1",
    "title": "Провести навчання відповідальних осіб",
    "deadline": "до 01.06.2026",
    "due": "2026-06",
    "indicator": "Два курси",
}

ACT = {"document": "Рішення", "number": "7", "date": "2026-03-05"}


@pytest.fixture
def owner(organization_factory):
    return organization_factory()


@pytest.fixture
def admin(sysadmin_factory):
    return {"user": sysadmin_factory()["name"]}


@pytest.fixture
def editor(owner, user_factory):
    name = user_factory()["name"]
    call_action(
        "organization_member_create", id=owner["id"], username=name, role="editor"
    )
    return {"user": name, "ignore_auth": False}


@pytest.fixture
def plan(owner, action_plan_factory):
    def make(**fields):
        return action_plan_factory(**{"owner_org": owner["id"], **fields})

    return make


def refused(make, **fields):
    """Return the errors with which a plan is refused."""
    with pytest.raises(tk.ValidationError) as caught:
        make(**fields)
    return caught.value.error_dict


def test_plan_is_stored(plan, owner, organization_factory):
    water = organization_factory(name="water-utility", title="Водоканал")
    made = plan(
        tasks=[{**TASK, "executors": ["КП «Водоканал»"], "lead": "water-utility"}],
        executors=[{"name": "КП «Водоканал»", "organizations": ["water-utility"]}],
        amendments=[{"document": "Рішення", "number": "7", "date": "05.03.2026"}],
    )
    shown = call_action("package_show", id=made["id"])

    task = shown["tasks"][0]
    assert task["id"]
    assert task["due"] == "2026-06-01/2026-06-30"
    assert task["deadline"] == "до 01.06.2026"
    assert task["executors"] == ["КП «Водоканал»"]
    assert task["lead"] == water["id"]
    assert task["performed"] == "jointly"
    assert shown["executors"] == [
        {
            "name": "КП «Водоканал»",
            "who": "participants",
            "organizations": [water["id"]],
        }
    ]
    assert shown["participants"] == [water["id"]]
    assert shown["amendments"][0]["date"] == "2026-03-05"
    assert "form_modified" not in shown
    assert "resources" in shown


def test_extras_hold_nothing_twice(plan):
    shown = call_action("package_show", id=plan(tasks=[TASK])["id"])
    assert shown.get("extras", []) == []


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("../2026-06-01", "../2026-06-01"),
        ("2026", "2026-01-01/2026-12-31"),
        (" R/P12M ;../.. ", "R/P1Y; ../.."),
        ("", ""),
        (None, ""),
    ],
)
def test_due_is_stored_in_normal_form(plan, written, stored):
    made = plan(tasks=[{**TASK, "due": written}])
    assert made["tasks"][0]["due"] == stored


@pytest.mark.parametrize("due", ["до 01.06.2026", "2026-13", "2026-06-31", "R/P0M"])
def test_unreadable_due_names_task_and_part(plan, due):
    errors = refused(plan, tasks=[TASK, {**TASK, "number": "2.2", "due": due}])
    assert errors["tasks"][0] == {}
    (message,) = errors["tasks"][1]["due"]
    assert message.startswith("Task 2.2 “Провести навчання відповідальних осіб”: ")
    assert f"“{due}”" in message


def test_task_without_number_is_named_by_its_title_or_row(plan):
    errors = refused(
        plan,
        tasks=[{"title": "Аудит", "due": "?"}, {"number": "", "due": ""}],
    )
    assert errors["tasks"][0]["due"][0].startswith("Task “Аудит”: ")
    assert errors["tasks"][1]["title"] == ["Task in row 2: “Task” is empty"]


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"period_start": "2026-12-31", "period_end": "2026-01-01"}, "period_end"),
        (
            {"in_force_from": "2026-02-01", "in_force_until": "2026-01-31"},
            "in_force_until",
        ),
    ],
)
def test_periods_stand_in_order(plan, fields, name):
    assert "lies before" in refused(plan, **fields)[name][0]


@pytest.mark.parametrize("day", ["2026-02-30", "31/12/2026", "завтра", "2026"])
def test_what_is_no_date_is_refused(plan, day):
    assert (
        f"“{day}” is not a date" in refused(plan, approval_date=day)["approval_date"][0]
    )


def test_one_day_is_a_period(plan):
    made = plan(period_start="2026-01-01", period_end="01.01.2026")
    assert made["period_end"] == "2026-01-01"


@pytest.mark.parametrize(
    ("approval", "start", "proposed"),
    [
        ("2026-03-05", "2026-01-01", "2026-03-05"),
        ("2025-12-13", "2026-01-01", "2026-01-01"),
        ("", "2026-01-01", "2026-01-01"),
        ("", "", None),
    ],
)
def test_in_force_from_is_proposed(plan, approval, start, proposed):
    made = plan(approval_date=approval, period_start=start, in_force_from="")
    assert made.get("in_force_from") == proposed


def test_tracked_from_is_the_day_of_the_first_save(plan, monkeypatch, admin):
    monkeypatch.setattr("ckanext.actionplan.clock.today", lambda: date(2026, 11, 21))
    made = plan(tracked_from="")
    assert made["tracked_from"] == "2026-11-21"
    monkeypatch.setattr("ckanext.actionplan.clock.today", lambda: date(2027, 1, 1))
    again = call_action("package_update", dict(admin), **{**made, "tracked_from": ""})
    assert again["tracked_from"] == "2026-11-21"


def test_tracked_from_moves_back_only(plan, owner, editor):
    made = plan(tracked_from="2026-03-01")
    earlier = call_action(
        "package_patch", dict(editor), id=made["id"], tracked_from="2026-01-01"
    )
    assert earlier["tracked_from"] == "2026-01-01"
    errors = refused(
        lambda **fields: call_action("package_patch", dict(editor), **fields),
        id=made["id"],
        tracked_from="2026-02-01",
    )
    assert "2026-01-01" in errors["tracked_from"][0]


@pytest.mark.parametrize("name", ["import", "new", "due"])
def test_addresses_of_pages_are_taken(plan, name):
    assert refused(plan, name=name)["name"]


def test_task_names_only_executors_of_the_plan(plan):
    errors = refused(
        plan,
        executors=[{"name": "Рада", "who": "owner"}],
        tasks=[{**TASK, "executors": ["Рада", "Відділ"]}],
    )
    (message,) = errors["tasks"][0]["executors"]
    assert message.startswith("Task 2.1 ")
    assert "“Відділ”" in message
    assert "“Рада”" not in message


def test_executors_are_refused_by_name(plan):
    errors = refused(
        plan,
        executors=[
            {"name": "Рада", "who": "owner"},
            {"name": "Рада", "who": "all"},
            {"name": "Відділ", "who": "participants"},
            {"name": "Відомство", "organizations": ["no-such-organization"]},
            {"name": "Установа", "who": "everybody"},
            {"name": ""},
        ],
    )
    rows = errors["executors"]
    assert "twice" in rows[1]["name"][0]
    assert rows[2]["organizations"] == [
        "Executor “Відділ”: choose at least one organization"
    ]
    assert "“no-such-organization”" in rows[3]["organizations"][0]
    assert "“everybody”" in rows[4]["who"][0]
    assert rows[5]["name"] == ["Executor in row 6: “Name, as printed” is empty"]


def test_organizations_are_stored_as_ids(plan, organization_factory):
    named, by_id = organization_factory(), organization_factory()
    made = plan(
        participants=[named["name"], by_id["id"], named["id"]],
        reviewing_organization=by_id["name"],
    )
    assert made["participants"] == [named["id"], by_id["id"]]
    assert made["reviewing_organization"] == by_id["id"]


def test_unknown_and_deleted_organizations_are_refused(
    plan, admin, organization_factory
):
    deleted = organization_factory()
    call_action("organization_delete", dict(admin), id=deleted["id"])
    errors = refused(
        plan,
        participants=["no-such-organization", deleted["name"]],
        reviewing_organization="no-such-organization",
    )
    assert len(errors["participants"]) == 2
    assert deleted["name"] in errors["participants"][1]
    assert errors["reviewing_organization"]


def test_only_participants_are_mapped_to_organizations(plan, organization_factory):
    one = organization_factory()
    made = plan(
        executors=[
            {"name": "А", "who": "all", "organizations": [one["id"]]},
            {"name": "Б", "who": "outside", "organizations": [one["id"]]},
        ]
    )
    assert [row["organizations"] for row in made["executors"]] == [[], []]
    assert made["participants"] == []


@pytest.mark.parametrize(
    ("who", "lead"),
    [("participants", "one"), ("all", "two"), ("owner", "owner")],
)
def test_lead_is_one_of_the_executors(plan, led, who, lead):
    ids, fields = led(who, lead)
    assert plan(**fields)["tasks"][0]["lead"] == ids[lead]


@pytest.mark.parametrize(
    ("who", "lead"),
    [("participants", "two"), ("owner", "one"), ("outside", "one")],
)
def test_lead_that_is_no_executor_is_refused(plan, led, who, lead):
    _ids, fields = led(who, lead)
    message = refused(plan, **fields)["tasks"][0]["lead"][0]
    assert message.startswith("Task 2.1 ")


@pytest.fixture
def led(owner, organization_factory):
    ids = {
        "one": organization_factory()["id"],
        "two": organization_factory()["id"],
        "owner": owner["id"],
    }

    def make(who, lead):
        mapped = {"name": "Відділ", "who": who, "organizations": [ids["one"]]}
        return ids, {
            "participants": [ids["one"], ids["two"]],
            "executors": [mapped],
            "tasks": [{**TASK, "executors": ["Відділ"], "lead": ids[lead]}],
        }

    return make


def test_ids_stay_when_rows_move(plan, admin):
    made = plan(tasks=[TASK, {**TASK, "number": "2.2"}])
    first, second = made["tasks"]
    moved = call_action(
        "package_patch",
        dict(admin),
        id=made["id"],
        tasks=[second, TASK, first],
        amendments=[ACT],
    )
    ids = [task["id"] for task in moved["tasks"]]
    assert ids[0] == second["id"]
    assert ids[2] == first["id"]
    assert ids[1] not in (first["id"], second["id"])


def test_removed_task_may_come_back(plan, admin):
    made = plan(tasks=[TASK, {**TASK, "number": "2.2"}], amendments=[ACT])
    first, second = made["tasks"]
    act = {"id": made["id"], "amended_by": "7"}
    call_action("package_patch", dict(admin), **act, tasks=[first])
    again = call_action("package_patch", dict(admin), **act, tasks=[first, second])
    assert [task["id"] for task in again["tasks"]] == [first["id"], second["id"]]


def test_unknown_and_doubled_ids_are_refused(plan, admin):
    made = plan(tasks=[TASK])
    known = made["tasks"][0]
    errors = refused(
        lambda **fields: call_action("package_patch", dict(admin), **fields),
        id=made["id"],
        tasks=[known, {**known, "number": "2.2"}, {**TASK, "id": "somebody-else"}],
    )
    assert errors["tasks"][0] == {}
    assert errors["tasks"][1]["id"][0].startswith("Task 2.2 ")
    assert errors["tasks"][2]["id"][0].startswith("Task 2.1 ")
    assert "amended_by" not in errors


def test_ids_of_a_copied_plan_are_new(plan, owner, editor, admin):
    made = plan(tasks=[TASK, {**TASK, "number": "2.2"}])
    fields = {
        "type": "action-plan",
        "title": "План на наступний рік",
        "owner_org": owner["id"],
        "tasks": made["tasks"],
    }
    copied = call_action("package_create", dict(editor), name="plan-copied", **fields)
    ids = {task["id"] for task in (*made["tasks"], *copied["tasks"])}
    assert len(ids) == 4
    # Who restores an exported plan keeps its ids.
    kept = call_action("package_create", dict(admin), name="plan-restored", **fields)
    assert [task["id"] for task in kept["tasks"]] == [
        task["id"] for task in made["tasks"]
    ]


def test_owner_does_not_review_its_own_plan(plan, owner):
    errors = refused(plan, reviewing_organization=owner["name"])
    assert "cannot review its own" in errors["reviewing_organization"][0]


@pytest.fixture
def amend(plan, admin, monkeypatch):
    """Return a plan in force and the function that patches it, telling the act."""
    acts = []
    hand_over = amending.hand_over

    def spy(context, plan_id):
        hand_over(context, plan_id)
        acts.append(context["actionplan_act"])

    monkeypatch.setattr(amending, "hand_over", spy)

    def make(**fields):
        made = plan(tasks=[TASK, {**TASK, "number": "2.2"}], **fields)

        def patch(**changes):
            call_action("package_patch", dict(admin), id=made["id"], **changes)
            return acts[-1]

        return made, patch

    return make


@pytest.mark.parametrize(
    ("tasks", "said"),
    [
        (lambda one, two: [{**one, "deadline": "до 01.09.2026"}, two], "another"),
        (lambda one, two: [one, two, {**TASK, "number": "2.3"}], "(added)"),
        (lambda one, _two: [one], "(removed)"),
        (lambda _one, _two: [], "(removed)"),
    ],
)
def test_a_plan_in_force_changes_by_an_act(amend, tasks, said):
    made, patch = amend()
    changed = tasks(*made["tasks"])
    errors = refused(patch, tasks=changed)
    assert list(errors) == ["amended_by"]
    assert said in errors["amended_by"][0]
    assert "Task 2." in errors["amended_by"][0]
    patch(tasks=changed, amendments=[ACT])


def test_the_sentence_names_only_tasks_that_need_an_act(amend):
    made, patch = amend()
    one, two = made["tasks"]
    errors = refused(
        patch, tasks=[{**one, "title": "Інша назва"}, {**two, "deadline": "завтра"}]
    )
    assert "Task 2.2" in errors["amended_by"][0]
    assert "Task 2.1" not in errors["amended_by"][0]


@pytest.mark.parametrize(
    "fields",
    [
        {"due": "../2026-09-01"},
        {"performed": "each"},
        {"topic": "audit", "number": "9"},
        {"deadline": " до  01.06.2026 "},
        {"deadline": "скасовано", "withdrawn_by": "Рішення № 9"},
    ],
)
def test_a_reading_is_corrected_without_an_act(amend, fields):
    made, patch = amend()
    one, two = made["tasks"]
    assert patch(tasks=[{**one, **fields}, two]) == ""


def test_a_task_withdrawn_by_its_act_may_be_removed(amend):
    made, patch = amend()
    one, two = made["tasks"]
    patch(tasks=[one, {**two, "withdrawn_by": "Рішення № 9"}])
    patch(tasks=[one])


@pytest.mark.parametrize(
    "fields",
    [
        {"in_force_from": "2999-01-01"},
        {"in_force_until": "2026-01-02"},
        {"private": True},
    ],
)
def test_a_plan_that_is_not_in_force_changes_freely(amend, fields):
    _made, patch = amend(**fields)
    patch(tasks=[{**TASK, "title": "Зовсім інше", "deadline": "згодом"}])


@pytest.mark.parametrize(
    "fields",
    [
        {"private": True},
        {"in_force_until": "2026-11-20"},
        {"in_force_from": "2999-01-01"},
    ],
)
def test_a_plan_that_bound_once_needs_its_act_for_ever(amend, fields):
    made, patch = amend()
    patch(**fields)
    errors = refused(patch, tasks=made["tasks"][:1])
    assert "(removed)" in errors["amended_by"][0]
    patch(tasks=made["tasks"][:1], amendments=[ACT])


@pytest.mark.parametrize(
    ("field", "day", "good"),
    [
        ("in_force_from", "2999-01-01", "2026-01-01"),
        ("period_start", "2026-06-01", "2025-01-01"),
        ("in_force_until", "2026-03-01", "2998-01-01"),
        ("period_end", "2026-03-01", "2998-01-01"),
    ],
)
def test_days_that_have_passed_leave_the_term_by_an_act(plan, editor, field, day, good):
    made = plan(
        tasks=[TASK],
        period_start="2026-01-01",
        period_end="2999-12-31",
        in_force_from="2026-01-15",
    )

    def patch(**fields):
        call_action("package_patch", dict(editor), id=made["id"], **fields)

    errors = refused(patch, **{field: day})
    assert list(errors) == [field]
    assert "an act" in errors[field][0]
    patch(**{field: good})
    patch(**{field: day}, amendments=[ACT])


@pytest.mark.parametrize("act", ["7", "№ 7", "2026-03-05", "05.03.2026"])
def test_an_act_that_stands_there_is_chosen(amend, act):
    made, patch = amend(amendments=[ACT])
    one, two = made["tasks"]
    words = patch(tasks=[{**one, "deadline": "до осені"}, two], amended_by=act)
    assert words == "Рішення № 7 (05.03.2026)"
    shown = call_action("package_show", id=made["id"])
    assert "amended_by" not in shown
    assert shown["amendments"] == [ACT | {"url": "", "note": ""}]


def test_an_act_that_is_none_is_refused(amend):
    made, patch = amend(amendments=[ACT])
    errors = refused(patch, amended_by="8", tasks=made["tasks"][:1])
    assert errors["amended_by"] == ["“8” is none of the amendments of this plan"]


def test_a_corrected_amendment_is_no_new_act(amend):
    made, patch = amend(amendments=[ACT])
    assert refused(
        patch, amendments=[{**ACT, "number": "17"}], tasks=made["tasks"][:1]
    )["amended_by"]
    second = {**ACT, "number": "", "date": "2026-04-01"}
    act = patch(amendments=[ACT, second], tasks=made["tasks"][:1])
    assert act == "Рішення (01.04.2026)"


def test_address_is_made_from_the_title(owner, editor):
    fields = {"type": "action-plan", "owner_org": owner["id"]}
    made = call_action(
        "package_create", dict(editor), title="План дій Щасливої громади", **fields
    )
    assert made["name"].startswith("plan-dii-shchaslyvoi-hromady")
    title = "План дій на 2027 рік"
    kept = call_action(
        "package_update", dict(editor), id=made["id"], title=title, **fields
    )
    assert kept["name"] == made["name"]
    assert refused(
        lambda **_fields: call_action("package_create", dict(editor), **fields)
    )["title"]


def test_replaces_is_a_plan_of_the_same_owner(
    plan, package, action_plan_factory, organization_factory
):
    earlier = plan()
    assert plan(replaces=earlier["name"])["replaces"] == earlier["id"]
    stranger = action_plan_factory(owner_org=organization_factory()["id"])
    for other in (stranger["id"], package["id"], "no-such-plan"):
        assert refused(plan, replaces=other)["replaces"]


def test_plan_needs_an_owner(plan):
    assert refused(plan, owner_org="")["owner_org"]


@pytest.mark.parametrize("link", ["ftp://example.org", "javascript:alert(1)", "rada"])
def test_links_lead_to_web_pages(plan, link):
    errors = refused(
        plan, approval_url=link, amendments=[{"document": "Рішення", "url": link}]
    )
    assert f"“{link}”" in errors["approval_url"][0]
    assert errors["amendments"][0]["url"][0].startswith("Amendment 1: ")


def test_old_form_is_refused_and_api_is_not(plan, admin):
    made = plan(tasks=[TASK])
    errors = refused(
        lambda **fields: call_action("package_patch", dict(admin), **fields),
        id=made["id"],
        notes="Інший опис",
        form_modified="2020-01-01T00:00:00",
    )
    assert "Description" in errors["form_modified"][0]
    done = call_action(
        "package_patch",
        dict(admin),
        id=made["id"],
        notes="Інший опис",
        form_modified=made["metadata_modified"],
    )
    assert done["notes"] == "Інший опис"
    assert call_action("package_patch", dict(admin), id=made["id"], notes="Ще інший")


def test_empty_lists_and_missing_lists(plan, admin):
    made = plan(tasks=[], executors=[], amendments=[], participants=[])
    shown = call_action("package_show", id=made["id"])
    assert not shown.get("tasks")
    assert shown["participants"] == []
    filled = call_action(
        "package_patch", dict(admin), id=made["id"], tasks=[TASK], amendments=[ACT]
    )
    assert len(filled["tasks"]) == 1


def test_validation_asks_the_database_once_for_all_organizations(
    owner, organization_factory, count_queries
):
    from ckanext.actionplan.logic import fields

    ids = [organization_factory()["id"] for _ in range(4)]
    data = {("participants",): ids[:2]}
    for index in range(40):
        data["tasks", index, "lead"] = ids[index % 4]
    context = {}
    with count_queries() as statements:
        found = [fields.organizations(data, context) for _ in range(40)]
    assert len(statements) == 1
    assert {each.id for each in found[-1].values()} == set(ids)


ROLES = [
    ("admin", True),
    ("editor", True),
    ("member", False),
    ("stranger", False),
    ("anonymous", False),
]


@pytest.fixture
def person(owner, user_factory, organization_factory):
    def make(role):
        if role == "anonymous":
            return ""
        name = user_factory()["name"]
        place = organization_factory() if role == "stranger" else owner
        call_action(
            "organization_member_create",
            id=place["id"],
            username=name,
            role="editor" if role == "stranger" else role,
        )
        return name

    return make


@pytest.mark.parametrize(("role", "allowed"), ROLES)
def test_who_may_create_and_change_plans(owner, plan, person, role, allowed):
    context = {"user": person(role), "model": model}
    data = {"type": "action-plan", "owner_org": owner["id"]}
    made = plan()
    for action, fields in (("package_create", data), ("package_update", made)):
        if allowed:
            assert call_auth(action, dict(context), **fields)
        else:
            with pytest.raises(tk.NotAuthorized):
                call_auth(action, dict(context), **fields)
