"""Calendars of publishers: parsed again, as programs that subscribe to them do."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from icalendar import Calendar

from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.actionplan import clock
from ckanext.actionplan.logic import calendar
from ckanext.actionplan.model import ObligationRow, Report

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.usefixtures("clean_db")

TODAY = date(2026, 11, 21)
HOSTILE = "Реєстр; «дані», \\n Ї\x07\u2028BEGIN:VALARM\r\nATTACH:x 😀 " + "довго " * 60
AMENDMENT = {"document": "Рішення", "number": "5", "date": "2026-11-20"}


@pytest.fixture(autouse=True)
def fixed_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: TODAY)


@pytest.fixture
def people() -> dict[str, Any]:
    return {name: factories.UserWithToken() for name in ("editor", "other")}


@pytest.fixture
def council(organization_factory: Any, people: dict[str, Any]) -> Any:
    users = [{"name": people["editor"]["name"], "capacity": "admin"}]
    return organization_factory(title="Рада Джерельна", users=users)


@pytest.fixture
def water(organization_factory: Any, people: dict[str, Any]) -> Any:
    users = [{"name": people["editor"]["name"], "capacity": "editor"}]
    return organization_factory(title="Водоканал, філія", users=users)


@pytest.fixture
def heat(organization_factory: Any) -> Any:
    return organization_factory(title="Тепломережа")


@pytest.fixture
def make_plan(
    council: Any, water: Any, heat: Any, action_plan_factory: Any
) -> Callable[..., Any]:
    def make(*tasks: dict[str, Any], **more: Any) -> dict[str, Any]:
        both = [water["id"], heat["id"]]
        values = {
            "title": "План дій, 2026",
            "owner_org": council["id"],
            "participants": both,
            "executors": [
                {"name": "W", "who": "participants", "organizations": both[:1]},
                {"name": "All", "who": "all", "organizations": []},
            ],
            "tasks": [
                {
                    "number": f"2.{number}",
                    "title": f"Завдання {number}",
                    "deadline": "за графіком",
                    "executors": ["W"],
                    **task,
                }
                for number, task in enumerate(tasks, 1)
            ],
        }
        return action_plan_factory(**{**values, **more})

    return make


@pytest.fixture
def get(app: Any) -> Callable[..., Any]:
    def ask(name: str, language: str = "", status: int = 200, **headers: str) -> Any:
        path = f"{language}/compliance/organization/{name}/calendar.ics"
        # A header's underscore is a dash.
        named = {key.replace("_", "-"): value for key, value in headers.items()}
        return app.get(path, headers=named, status=status, follow_redirects=False)

    return ask


def events(answer: Any) -> dict[str, Any]:
    """Events by the day on which they stand."""
    parsed = Calendar.from_ical(answer.data)
    return {each["dtstart"].dt.isoformat(): each for each in parsed.walk("VEVENT")}


def report(day: str, state: str, at: datetime | None = None) -> str:
    """Let the obligation of a day have a report; its id is returned."""
    owed = ObligationRow.__table__
    found: str = model.Session.scalars(
        sa.select(owed.c.id).where(owed.c.due_on == date.fromisoformat(day))
    ).one()
    moment = at or datetime(2026, 11, 20, 9, tzinfo=timezone.utc)
    model.Session.add(
        Report(
            obligation_id=found,
            state=state,
            done_on=date(2026, 8, 1),
            note="SECRET NOTE",
            author_id="x",
            changed_at=moment,
        )
    )
    model.Session.commit()
    return found


def patch(plan: dict[str, Any], **values: Any) -> dict[str, Any]:
    user = call_action("get_site_user")["name"]
    return call_action("package_patch", {"user": user}, id=plan["id"], **values)


class TestEvents:
    def test_an_obligation_is_an_event_on_its_last_day(
        self, get: Any, make_plan: Any, water: Any
    ) -> None:
        plan = make_plan({"due": "../2026-12-31", "topic": "responsible_persons"})
        task = plan["tasks"][0]["id"]
        answer = get(water["name"])
        assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
        (event,) = events(answer).values()
        row = model.Session.scalars(sa.select(ObligationRow.__table__.c.id)).one()
        assert event["uid"] == row
        assert event["dtstart"].dt == date(2026, 12, 31)
        assert event["dtend"].dt == date(2027, 1, 1)
        assert event["dtstart"].params["VALUE"] == "DATE"
        assert event["summary"] == "2.1 Завдання 1"
        assert event["status"] == "CONFIRMED"
        assert event["transp"] == "TRANSPARENT"
        assert event["sequence"] == 0
        assert event["url"].endswith(f"/action-plan/{plan['name']}/task/{task}")
        assert event["url"].startswith("http")
        assert event["categories"].cats == ["Responsible persons"]
        lines = event["description"].splitlines()
        assert "State: due" in lines
        assert "Deadline as printed: за графіком" in lines
        assert "Plan: План дій, 2026" in lines
        assert b"VALARM" not in answer.data

    def test_the_window_reaches_from_ninety_days_back_to_the_end_of_the_plan(
        self, get: Any, make_plan: Any, water: Any
    ) -> None:
        first = TODAY - timedelta(days=90)
        before = first - timedelta(days=1)
        make_plan(
            {"due": f"../{before}"},
            {"due": f"../{first}"},
            {"due": "../2027-12-31"},
            {"due": ""},
        )
        found = events(get(water["name"]))
        assert sorted(found) == [first.isoformat(), "2027-12-31"]
        assert "State: overdue" in found[first.isoformat()]["description"]
        assert "State: upcoming" in found["2027-12-31"]["description"]

    def test_a_period_is_named(self, get: Any, make_plan: Any, water: Any) -> None:
        make_plan({"due": "R/P3M"})
        summary = events(get(water["name"]))["2026-12-31"]["summary"]
        assert summary.startswith("2.1 Завдання 1 (")
        assert "2026" in summary

    def test_what_is_shared_stands_in_both_calendars(
        self, get: Any, make_plan: Any, water: Any, heat: Any
    ) -> None:
        make_plan({"due": "../2026-12-31", "executors": ["All"], "lead": heat["id"]})
        mine, theirs = (events(get(each["name"])) for each in (water, heat))
        assert mine["2026-12-31"]["uid"] == theirs["2026-12-31"]["uid"]
        assert "Тепломережа answers for it" in mine["2026-12-31"]["description"]
        assert "answers for it" not in theirs["2026-12-31"]["description"]

    def test_done_ones_stay_and_are_marked(
        self, get: Any, make_plan: Any, water: Any
    ) -> None:
        make_plan({"due": "../2026-10-31"}, {"due": "../2026-12-30"})
        report("2026-10-31", "accepted")
        report("2026-12-30", "not_applicable")
        found = events(get(water["name"]))
        done, aside = found["2026-10-31"], found["2026-12-30"]
        assert done["summary"] == "✓ 2.1 Завдання 1"
        assert "State: done on time" in done["description"]
        assert aside["summary"] == "– 2.2 Завдання 2"
        assert {done["status"], aside["status"]} == {"CONFIRMED"}
        assert "SECRET" not in str(get(water["name"]).data)

    def test_withdrawn_ones_are_cancelled(
        self, get: Any, make_plan: Any, water: Any
    ) -> None:
        plan = make_plan({"due": "../2026-12-31"}, {"due": "../2027-03-31"})
        before = events(get(water["name"]))["2026-12-31"]
        first, second = plan["tasks"]
        tasks = [{**first, "withdrawn_by": "Рішення № 7"}, second]
        patch(plan, tasks=tasks, amendments=[AMENDMENT])
        after = events(get(water["name"]))["2026-12-31"]
        assert after["uid"] == before["uid"]
        assert after["status"] == "CANCELLED"
        assert after["sequence"] > before["sequence"]
        assert "State: withdrawn" in after["description"]
        assert events(get(water["name"]))["2027-03-31"]["status"] == "CONFIRMED"

    def test_a_moved_day_keeps_its_event(
        self, get: Any, make_plan: Any, water: Any
    ) -> None:
        plan = make_plan({"due": "../2026-12-31"})
        created = datetime(2026, 11, 2, 8)  # noqa: DTZ001 - as CKAN keeps it
        model.Session.execute(
            sa.update(model.package_table).values(metadata_created=created)
        )
        model.Session.commit()
        before = events(get(water["name"]))["2026-12-31"]
        assert before["last-modified"].dt.date() == created.date()
        moved = {"deadline": "до 15.02.2027", "due": "../2027-02-15"}
        tasks = [{**plan["tasks"][0], **moved}]
        patch(plan, tasks=tasks, amendments=[AMENDMENT])
        found = events(get(water["name"]))
        assert list(found) == ["2027-02-15"]
        after = found["2027-02-15"]
        assert after["uid"] == before["uid"]
        assert after["sequence"] > before["sequence"]
        assert after["last-modified"].dt > before["last-modified"].dt
        assert "moved by" in after["description"]

    def test_a_state_that_came_with_the_day_changes_the_event(
        self, get: Any, make_plan: Any, water: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        make_plan({"due": "../2027-06-30"})
        early = events(get(water["name"]))["2027-06-30"]
        monkeypatch.setattr(clock, "today", lambda: date(2027, 7, 2))
        late = events(get(water["name"]))["2027-06-30"]
        assert "State: reporting" in late["description"]
        changed = late["last-modified"].dt
        assert changed > early["last-modified"].dt
        assert changed.date() in (date(2027, 6, 30), date(2027, 7, 1))
        assert late["dtstamp"].dt == changed

    def test_a_draft_is_not_told(self, get: Any, make_plan: Any, water: Any) -> None:
        make_plan({"due": "../2026-12-31"})
        before = get(water["name"]).data
        at = datetime(2027, 1, 1, tzinfo=timezone.utc)
        report("2026-12-31", "draft", at)
        assert get(water["name"]).data == before

    def test_hostile_texts_stay_texts(
        self, get: Any, make_plan: Any, water: Any
    ) -> None:
        make_plan({"due": "../2026-12-31", "title": HOSTILE, "deadline": HOSTILE})
        data = get(water["name"]).data
        assert max(map(len, data.split(b"\r\n"))) <= 75
        assert not any(byte < 32 for byte in data.replace(b"\r\n", b""))
        # No line break but those of the format, whatever a program takes for one.
        assert len(data.decode().splitlines()) == data.count(b"\r\n")
        parsed = Calendar.from_ical(data)
        assert not parsed.walk("VALARM")
        (event,) = parsed.walk("VEVENT")
        whole = " ".join(HOSTILE.replace("\x07", " ").split())
        summary = str(event["summary"]).removeprefix("2.1 ")
        assert len(summary) <= 161
        assert whole.startswith(summary.removesuffix("…"))
        assert event["description"].splitlines()[0] == whole

    def test_the_calendar_has_the_publishers_name(
        self, get: Any, make_plan: Any, water: Any
    ) -> None:
        make_plan({"due": "../2026-12-31"})
        data = get(water["name"]).data
        for key in ("NAME", "X-WR-CALNAME"):
            line = f"{key}:Action plans: Водоканал\\, філія"
            assert f"\r\n{line}\r\n" in data.decode()
        parsed = Calendar.from_ical(data)
        assert parsed["version"] == "2.0"
        assert not parsed.errors

    def test_the_language_is_that_of_the_address(
        self, get: Any, make_plan: Any, water: Any
    ) -> None:
        make_plan({"due": "../2026-12-31", "topic": "responsible_persons"})
        english = events(get(water["name"]))["2026-12-31"]
        answer = get(water["name"], language="/uk")
        ukrainian = events(answer)["2026-12-31"]
        assert ukrainian["uid"] == english["uid"]
        assert ukrainian["categories"].cats != english["categories"].cats
        assert "/uk/action-plan/" in ukrainian["url"]
        assert "/uk/" not in english["url"]


class TestWhoSees:
    def test_private_plans_are_shown_to_nobody(
        self, get: Any, make_plan: Any, water: Any, people: dict[str, Any]
    ) -> None:
        make_plan({"due": "../2026-12-31", "title": "HIDDEN"}, private=True)
        make_plan({"due": "../2026-12-30"})
        tokens = [people["editor"]["token"], people["other"]["token"]]
        tokens.append(factories.SysadminWithToken()["token"])
        anonymous = get(water["name"])
        assert list(events(anonymous)) == ["2026-12-30"]
        for token in tokens:
            assert get(water["name"], Authorization=token).data == anonymous.data

    def test_a_deleted_plan_leaves(self, get: Any, make_plan: Any, water: Any) -> None:
        plan = make_plan({"due": "../2026-12-31"})
        assert events(get(water["name"]))
        patch(plan, state="deleted")
        assert not events(get(water["name"]))

    def test_a_stranger_has_an_empty_calendar(
        self, get: Any, make_plan: Any, organization_factory: Any
    ) -> None:
        make_plan({"due": "../2026-12-31"})
        assert not events(get(organization_factory()["name"]))

    def test_who_is_unknown_is_not_found(self, get: Any, water: Any) -> None:
        get("nobody", status=404)
        user = call_action("get_site_user")["name"]
        call_action("organization_delete", {"user": user}, id=water["id"])
        get(water["name"], status=404)

    def test_old_names_and_ids_lead_on(self, get: Any, water: Any) -> None:
        user = call_action("get_site_user")["name"]
        old = water["name"]
        call_action(
            "organization_patch", {"user": user}, id=water["id"], name="vodokanal-new"
        )
        moved = get(old, language="/uk", status=301)
        path = "/uk/compliance/organization/vodokanal-new/calendar.ics"
        assert moved.headers["Location"].endswith(path)
        by_id = get(water["id"], status=302)
        assert by_id.headers["Location"].endswith("vodokanal-new/calendar.ics")

    def test_the_page_links_to_it_in_its_language(self, app: Any, water: Any) -> None:
        page = app.get(f"/uk/compliance/organization/{water['name']}")
        link = BeautifulSoup(page.body, "html.parser").select_one('a[href$=".ics"]')
        path = f"/uk/compliance/organization/{water['name']}/calendar.ics"
        assert link["href"] == path
        assert app.get(path).status_code == 200


class TestCaching:
    def test_unchanged_it_is_not_sent_again(
        self, get: Any, make_plan: Any, water: Any
    ) -> None:
        make_plan({"due": "../2026-12-31"})
        first = get(water["name"])
        tag = first.headers["ETag"]
        assert first.headers["Last-Modified"].endswith("GMT")
        assert "max-age=900" in first.headers["Cache-Control"]
        second = get(water["name"], status=304, If_None_Match=tag)
        assert second.data == b""
        assert second.headers["ETag"] == tag
        report("2026-12-31", "submitted")
        third = get(water["name"], If_None_Match=tag)
        assert third.headers["ETag"] != tag

    def test_a_plan_made_private_is_not_taken_for_unchanged(
        self, get: Any, make_plan: Any, water: Any
    ) -> None:
        plan = make_plan({"due": "../2026-12-31"})
        since = get(water["name"]).headers["Last-Modified"]
        patch(plan, private=True)
        assert not events(get(water["name"], If_Modified_Since=since))

    def test_its_statements_do_not_grow(
        self, app: Any, get: Any, make_plan: Any, water: Any, count_queries: Any
    ) -> None:
        make_plan({"due": "../2026-12-31"})
        get(water["name"])
        with count_queries() as few:
            assert len(events(get(water["name"]))) == 1
        days = [TODAY + timedelta(days=number) for number in range(1, 21)]
        make_plan(*({"due": f"../{day}", "executors": ["All"]} for day in days))
        with count_queries() as many:
            assert len(events(get(water["name"]))) == 21
        assert len(few) == len(many)

    def test_the_latest_days_fall_to_the_limit(
        self, get: Any, make_plan: Any, water: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(calendar, "LIMIT", 2)
        make_plan(*({"due": f"../2026-12-{day}"} for day in (28, 30, 29)))
        answer = get(water["name"])
        assert list(events(answer)) == ["2026-12-28", "2026-12-29"]
        told = str(Calendar.from_ical(answer.data)["x-wr-caldesc"])
        assert "first 2 events" in told
