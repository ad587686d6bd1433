"""A council's own page as visitors, its owner, its participants and sysadmins get it."""

from __future__ import annotations

import csv
import io
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup
from openpyxl import load_workbook

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.tests import factories

from ckanext.actionplan import clock, config, wording

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.usefixtures("non_clean_db")

HOSTILE = "=1+1<script>alert(1)</script>"


@pytest.fixture
def site(organization_factory: Any) -> SimpleNamespace:
    """Return a council, two participants (one of them its child), their people."""
    people = {
        name: factories.UserWithToken()
        for name in ("owner", "admin", "editor", "stranger")
    }
    users = [
        {"name": people[role]["name"], "capacity": role} for role in ("admin", "editor")
    ]
    owner = [{"name": people["owner"]["name"], "capacity": "editor"}]
    made = SimpleNamespace(
        **people,
        sysadmin=factories.SysadminWithToken(),
        council=organization_factory(title="Рада", users=owner),
        water=organization_factory(title="Водоканал", users=users),
        child=organization_factory(title="Відділ"),
    )
    row = model.Member(
        group=model.Group.get(made.child["id"]),
        table_id=made.council["id"],
        table_name="group",
        capacity="public",
    )
    model.Session.add(row)
    model.Session.commit()
    return made


@pytest.fixture
def plan(site: SimpleNamespace) -> Callable[..., dict[str, Any]]:
    """Return a function that saves a plan as the council's editor does."""

    def make(**more: Any) -> dict[str, Any]:
        name = f"plan-{site.council['name']}"
        tasks = [
            ("1", "Each by itself", "../2026-09-30", ["усі"], "each"),
            ("2", "All together", "../2099-12-31", ["усі"], "jointly"),
            ("3", HOSTILE, "../2099-12-31", ["хтось"], "jointly"),
            ("4", "Without a day", "", ["усі"], "each"),
        ]
        keys = ("number", "title", "due", "executors", "performed")
        values = {
            "type": "action-plan",
            "name": name,
            "title": "План",
            "owner_org": site.council["id"],
            "period_start": "2026-01-01",
            "period_end": "2099-12-31",
            "in_force_from": "2026-01-01",
            "tracked_from": "2026-01-01",
            "participants": [site.child["id"], site.water["id"]],
            "executors": [
                {"name": "усі", "who": "all", "organizations": []},
                {"name": "хтось", "who": "", "organizations": []},
            ],
            "tasks": [
                {"deadline": "x", **dict(zip(keys, each, strict=True))}
                for each in tasks
            ],
        }
        context: Any = {"user": site.owner["name"], "ignore_auth": False}
        return tk.get_action("package_create")(context, {**values, **more})

    return make


@pytest.fixture
def ask(app: Any, site: SimpleNamespace) -> Callable[..., Any]:
    """Return a function that gets or posts an address of the council's page."""

    def call(
        rest: str = "",
        user: dict[str, Any] | None = None,
        data: dict[str, Any] | None = None,
        status: int = 200,
        name: str = "",
    ) -> Any:
        path = f"/compliance/organization/{name or site.council['name']}{rest}"
        more: dict[str, Any] = {"status": status, "follow_redirects": False}
        if user:
            more["headers"] = {"Authorization": user["token"]}
        return (
            app.get(path, **more) if data is None else app.post(path, data=data, **more)
        )

    return call


def soup(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.body, "html.parser")


def words(found: Any) -> str:
    return " ".join(found.get_text(" ").split())


def rows(page: BeautifulSoup) -> dict[str, str]:
    """Participants of the page: what stands in each row."""
    table = page.select("#actionplan-council-rows tbody tr")
    return {words(row.select_one("th a")): words(row) for row in table}


def test_everybody_sees_who_is_bound_and_what_is_open(
    plan: Callable[..., Any], ask: Callable[..., Any]
) -> None:
    plan()
    page = soup(ask("/participants"))
    found = rows(page)
    assert list(found) == ["Рада", "Водоканал", "Відділ"]
    assert "waits for confirmation" in found["Водоканал"]
    assert "✓ bound" in found["Відділ"]
    assert "owner of the plan" in found["Рада"]
    to_mend = words(page.select_one(".actionplan-open"))
    assert "хтось 1 task" in to_mend
    assert "4 Without a day" in to_mend
    assert "1 participant has not confirmed yet" in to_mend
    # Only who may edit the plan is led to its form, only who may confirm can.
    assert not page.select(".actionplan-open a[href*=edit]")
    assert not page.select(".actionplan-main form[method=post]")
    assert "<script>alert" not in ask("/participants").body


def test_joint_tasks_stand_once(
    site: SimpleNamespace, plan: Callable[..., Any], ask: Callable[..., Any]
) -> None:
    plan()
    tk.get_action("actionplan_participant_confirm")(
        {"user": site.sysadmin["name"]},
        {
            "plan_id": f"plan-{site.council['name']}",
            "organization_id": site.water["id"],
        },
    )
    page = soup(ask("/participants"))
    (row,) = page.select("section[aria-labelledby=actionplan-joint] tbody tr")
    cells = [words(cell) for cell in row.select("th, td")]
    assert cells[:3] == ["2 All together", "Відділ", "Водоканал"]
    assert "takes part in 1 joint task" in rows(page)["Водоканал"]
    day = wording.day(clock.today())
    assert f"✓ bound since {day}" in rows(page)["Водоканал"]


def test_the_owner_is_led_to_the_places_to_mend(
    site: SimpleNamespace, plan: Callable[..., Any], ask: Callable[..., Any]
) -> None:
    made = plan()
    page = soup(ask("/participants", site.owner))
    links = [a["href"] for a in page.select(".actionplan-open a[href*=edit]")]
    assert [link.rpartition("#")[2] for link in links] == [
        "field-executors",
        "field-tasks",
    ]
    assert all(made["name"] in link for link in links)
    assert not page.select(".actionplan-approved")


def test_its_admin_confirms_on_the_publishers_page(
    site: SimpleNamespace, plan: Callable[..., Any], ask: Callable[..., Any]
) -> None:
    made = plan()
    name = site.water["name"]
    for user in (None, site.editor, site.stranger):
        assert not soup(ask("", user, name=name)).select(".actionplan-asked")
    (form,) = soup(ask("", site.admin, name=name)).select(".actionplan-asked")
    assert "A plan of Рада names you: План" in words(form)
    data = {field["name"]: field["value"] for field in form.select("input")}
    assert data["plan_id"] == made["id"]
    ask("/participants/confirm", site.owner, data, 403, name)
    done = ask("/participants/confirm", site.admin, data, 302, name)
    assert done.location.endswith(f"/compliance/organization/{name}")
    page = soup(ask("", site.admin, name=name))
    assert not page.select(".actionplan-asked")
    assert "participant of Рада" in words(page.select_one(".actionplan-under"))


def test_a_sysadmin_confirms_on_the_councils_page(
    site: SimpleNamespace, plan: Callable[..., Any], ask: Callable[..., Any]
) -> None:
    plan()
    (form,) = soup(ask("/participants", site.sysadmin)).select(
        "#actionplan-council-rows form"
    )
    data = {field["name"]: field["value"] for field in form.select("input")}
    ask("/participants/confirm", site.sysadmin, data, 302)
    assert "✓ bound" in rows(soup(ask("/participants")))["Водоканал"]
    del data["plan_id"]
    ask("/participants/confirm", site.sysadmin, data, 400)


def test_the_approved_list_is_found_ticked_and_saved(
    site: SimpleNamespace, plan: Callable[..., Any], ask: Callable[..., Any]
) -> None:
    plan()

    def ticks(page: BeautifulSoup) -> dict[str, bool]:
        fields = page.select("#actionplan-picked input")
        return {str(field["value"]): field.has_attr("checked") for field in fields}

    sought = {"do": "find", "find": "Водоканал"}
    ask("/participants/list", site.owner, sought, 403)
    page = soup(ask("/participants/list", site.sysadmin, sought))
    assert ticks(page)[site.water["id"]] is False
    data = {"do": "save", "organizations": [site.water["id"]]}
    again = soup(ask("/participants/list", site.sysadmin, {**data, "do": "find"}))
    assert ticks(again) == {site.water["id"]: True}
    ask("/participants/list", site.sysadmin, data, 302)
    shown = soup(ask("/participants"))
    assert "Водоканал" in words(shown.select_one(".actionplan-approved"))
    assert "✓ bound" in rows(shown)["Водоканал"]
    wrong = {"do": "save", "organizations": ["no-such"]}
    refused = soup(ask("/participants/list", site.sysadmin, wrong))
    assert "no-such" in words(refused.select_one("[role=alert].actionplan-wrong"))


def test_filters_stand_in_the_address_and_hold_for_files(
    site: SimpleNamespace, plan: Callable[..., Any], ask: Callable[..., Any]
) -> None:
    plan()
    assert list(rows(soup(ask("/participants?state=pending")))) == ["Водоканал"]
    text = ask("/participants.csv?state=pending").body
    told = list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))))
    assert [(row["Participant"], row["Bound"]) for row in told] == [
        ("Водоканал", "waits for confirmation")
    ]
    found = ask("/participants.json?state=pending").json
    assert [row["organization"]["title"] for row in found["participants"]] == [
        "Водоканал"
    ]
    assert found["sums"]["tasks_overdue"] == 1
    assert len(rows(soup(ask("/participants?state=nonsense")))) == 3
    none = soup(ask("/participants?state=deleted"))
    assert "No participant is in this state." in words(none)


@pytest.mark.parametrize(
    ("table", "rows_count"), [("participants", 3), ("joint", 0), ("open", 2)]
)
def test_every_table_is_a_workbook(
    plan: Callable[..., Any], ask: Callable[..., Any], table: str, rows_count: int
) -> None:
    plan()
    response = ask(f"/participants.xlsx?table={table}")
    sheet = load_workbook(io.BytesIO(response.data)).active
    assert sheet is not None
    assert sheet.max_row == rows_count + 1
    assert ask(f"/participants.json?table={table}").json is not None


def test_long_lists_have_pages(
    plan: Callable[..., Any], ask: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    plan()
    monkeypatch.setattr(config, "rows_count", lambda: 2)
    assert len(rows(soup(ask("/participants")))) == 2
    second = soup(ask("/participants?page=2"))
    assert list(rows(second)) == ["Відділ"]
    assert second.select_one("a[rel=prev]")


def test_a_task_of_very_many_names_some_and_leads_to_all(
    plan: Callable[..., Any],
    ask: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
    organization_factory: Any,
    site: SimpleNamespace,
) -> None:
    more = [organization_factory()["id"] for _ in range(5)]
    context: Any = {"ignore_auth": True, "user": site.sysadmin["name"]}
    tk.get_action("package_patch")(
        context, {"id": plan()["id"], "participants": [site.child["id"], *more]}
    )
    monkeypatch.setattr(config, "rows_count", lambda: 2)
    page = soup(ask("/participants"))
    listed = page.select("section[aria-labelledby=actionplan-joint] details li")
    assert words(listed[-1]) == "and 3 more"
    assert listed[-1].a["href"].endswith("participants.xlsx?table=joint")
    assert len(listed) == 3
    shown = ask("/participants.json?table=joint").json
    assert len(shown[0]["parties"]) == 5


def test_tabs_lead_from_one_page_to_the_other(
    site: SimpleNamespace, plan: Callable[..., Any], ask: Callable[..., Any]
) -> None:
    plan()
    (tab,) = soup(ask()).select(".actionplan-tabs a:not([aria-current])")
    assert tab["href"].endswith(f"{site.council['name']}/participants")
    assert not soup(ask(name=site.child["name"])).select(".actionplan-tabs")
    assert len(soup(ask("/participants")).select(".actionplan-tabs a")) == 2


def test_an_organization_without_a_plan_and_an_unknown_one(
    site: SimpleNamespace, ask: Callable[..., Any]
) -> None:
    page = soup(ask("/participants", name=site.water["name"]))
    assert "owns no action plan" in words(page)
    by_id = ask("/participants", name=site.water["id"], status=302)
    assert by_id.location.endswith(f"{site.water['name']}/participants")
    ask("/participants", name="there-is-none", status=404)


def test_the_page_speaks_ukrainian(
    plan: Callable[..., Any], app: Any, site: SimpleNamespace
) -> None:
    plan()
    path = f"/uk/compliance/organization/{site.council['name']}/participants"
    page = soup(app.get(path))
    assert page.select_one("html")["lang"] == "uk"
    assert page.select_one("#actionplan-title").get_text() == "Рада"
