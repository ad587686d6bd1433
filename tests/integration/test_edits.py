"""A plan is edited again and again: ids, reports and history stay with their promise.

Random sequences of edits go through the actions, as a person's would. After each of them
the plan must owe what plain rules written here say, and deriving again must change nothing.
"""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.actionplan import clock
from ckanext.actionplan.core.obligation import obligation_id
from ckanext.actionplan.model import (
    Change,
    ObligationRow,
    Participant,
    Party,
    PlanRow,
    Report,
    ReportEvent,
    TaskRow,
)

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.usefixtures("non_clean_db")

KYIV = ZoneInfo("Europe/Kyiv")
START: Final = date(2026, 11, 21)
BETWEEN: Final = date(2026, 12, 31)

halves = {
    "2026-H1": date(2026, 6, 30),
    "2026-H2": BETWEEN,
    "2027-H1": date(2027, 6, 30),
    "2027-H2": date(2027, 12, 31),
}
quarters = {
    f"{year}-Q{number}": date(year, 3 * number, 30 if number in (2, 3) else 31)
    for year in (2026, 2027)
    for number in (1, 2, 3, 4)
}
#: Occurrences with their last days, worked out by hand for 2026 and 2027.
DUES: Final[dict[str, dict[str, date | None]]] = {
    "../2026-10-01": {"once": date(2026, 10, 1)},
    "../2026-12-01": {"once": date(2026, 12, 1)},
    "../2027-03-01": {"once": date(2027, 3, 1)},
    "../2026-12-01; ../2027-06-01": {
        "once": date(2026, 12, 1),
        "once-2": date(2027, 6, 1),
    },
    "R/P6M": dict(halves),
    "R/P1Y": {"2026": BETWEEN, "2027": date(2027, 12, 31)},
    "../..": dict(quarters),
    "": {"once": None},
}
EXECUTORS: Final = (["Вода"], ["Тепло"], ["Служби"], ["Тепло", "Вода"], ["Ніхто"])


class Story:
    """A plan, its people, and what it must owe by the rules of this module."""

    def __init__(self, world: dict[str, Any], today: Callable[[date], None]) -> None:
        self.world, self.set_today = world, today
        self.stranger_bound = False
        self.successor: dict[str, Any] = {}
        self.acts = 0
        #: By task and organization: the day from which it owes the task "by each".
        self.begun: dict[tuple[str, str], date | None] = {}
        self.removed: list[dict[str, Any]] = []
        self.reports: list[Any] = []
        self.seen: dict[str, tuple[str, str, str]] = {}
        self.log: list[Any] = []
        self.today = START
        self.pass_time(0)
        self.plan = self._first()
        self.settle()

    def _first(self) -> dict[str, Any]:
        water, heat = self.world["water"], self.world["heat"]
        return call_action(
            "package_create",
            self._as("sysadmin"),
            type="action-plan",
            name=factories.Dataset.stub().name,
            title="План дій",
            owner_org=self.world["council"],
            period_start="2026-01-01",
            period_end="2027-12-31",
            in_force_from="2026-01-01",
            tracked_from="2026-01-01",
            participants=[water, heat],
            executors=[
                {"name": "Вода", "who": "participants", "organizations": [water]},
                {"name": "Тепло", "who": "participants", "organizations": [heat]},
                {
                    "name": "Служби",
                    "who": "participants",
                    "organizations": [water, heat],
                },
                {"name": "Ніхто", "who": "outside", "organizations": []},
            ],
            tasks=[
                self._task("R/P6M", ["Служби"], "each"),
                self._task("../2026-12-01", ["Тепло", "Вода"], "jointly"),
                self._task("../..", ["Вода"], "each"),
            ],
        )

    def _as(self, who: str) -> dict[str, Any]:
        return {"user": self.world[who], "ignore_auth": False}

    @staticmethod
    def _task(due: str, names: list[str], performed: str) -> dict[str, Any]:
        return {
            "number": "1.1",
            "title": f"Справа {due} {performed}",
            "deadline": f"строк {due}",
            "due": due,
            "executors": names,
            "performed": performed,
        }

    # Edits.

    def pass_time(self, days: int) -> None:
        self.today += timedelta(days=days)
        self.set_today(self.today)

    def save(self, plan: dict[str, Any], *, act: bool = False) -> None:
        if act:
            self.acts += 1
            row = {"document": "Рішення", "number": f"{self.acts}"}
            row["date"] = self.today.isoformat()
            plan["amendments"] = [*(plan.get("amendments") or []), row]
        call_action("package_update", self._as("editor"), **plan)
        self.plan = call_action("package_show", self._as("editor"), id=plan["id"])
        self.settle()

    def act(self) -> str:
        return f"Рішення № {self.acts} ({self.today:%d.%m.%Y})"

    def resave(self, *_: int) -> None:
        before = self.rows()
        self.save(deepcopy(self.plan))
        assert self.rows() == before

    def reimport(self, *_: int) -> None:
        """The plan as it was exported comes back as JSON, keys in another order."""
        before = self.rows()
        exported = json.loads(json.dumps(self.plan, sort_keys=True))
        self.save(exported)
        assert self.rows() == before

    def reorder(self, place: int, *_: int) -> None:
        before, plan = self.rows(), deepcopy(self.plan)
        cut = place % len(plan["tasks"])
        plan["tasks"] = plan["tasks"][cut:] + plan["tasks"][:cut]
        plan["participants"] = plan["participants"][::-1]
        self.save(plan)
        assert self.rows() == before

    def renumber(self, place: int, *_: int) -> None:
        before, plan = self.rows(), deepcopy(self.plan)
        for number, task in enumerate(plan["tasks"]):
            task["number"] = f"{place % 9}.{number}"
        self.save(plan)
        assert self.rows() == before

    def lead(self, place: int, which: int) -> None:
        """A new lead takes the promises over; they stay the same promises."""
        plan = deepcopy(self.plan)
        task = self._pick(plan, place)
        orgs = self._organizations(task)
        before = {row.id for row in self.rows()}
        task["lead"] = orgs[which % len(orgs)] if orgs else ""
        self.save(plan)
        assert {row.id for row in self.rows()} == before

    def move(self, place: int, which: int) -> None:
        """Another reading of the same wording: a correction, no act."""
        plan = deepcopy(self.plan)
        self._pick(plan, place)["due"] = list(DUES)[which % len(DUES)]
        self.save(plan)

    def reword(self, place: int, which: int) -> None:
        """Another deadline by an act: the old day stays to be seen."""
        plan = deepcopy(self.plan)
        task = self._pick(plan, place)
        due = list(DUES)[which % len(DUES)]
        task["deadline"], task["due"] = f"{task['deadline']}, змінено", due
        before = {row.id: row for row in self.standing(task["id"])}
        self.save(plan, act=True)
        for row in self.standing(task["id"]):
            old = before.get(row.id)
            if old and old.due_on and old.due_on != row.due_on:
                assert row.due_before == old.due_on
            elif old:
                assert row.due_before == old.due_before

    def perform(self, place: int, *_: int) -> None:
        plan = deepcopy(self.plan)
        task = self._pick(plan, place)
        each = task.get("performed") == "each"
        task["performed"] = "jointly" if each else "each"
        self.save(plan)

    def executors(self, place: int, which: int) -> None:
        plan = deepcopy(self.plan)
        task = self._pick(plan, place)
        task["executors"], task["lead"] = EXECUTORS[which % len(EXECUTORS)], ""
        self.save(plan)

    def add(self, place: int, which: int) -> None:
        plan = deepcopy(self.plan)
        due = list(DUES)[which % len(DUES)]
        names = EXECUTORS[place % len(EXECUTORS)]
        performed = "each" if which % 2 else "jointly"
        plan["tasks"].insert(0, self._task(due, names, performed))
        self.save(plan, act=True)

    def remove(self, place: int, *_: int) -> None:
        """A removed task goes by its act; what it promised is not forgotten."""
        if len(self.plan["tasks"]) == 1:
            return
        plan = deepcopy(self.plan)
        gone = self._pick(plan, place)
        plan["tasks"].remove(gone)
        self.removed.append(gone)
        before = {row.id for row in self.standing(gone["id"])}
        self.save(plan, act=True)
        rows = {row.id: row for row in self.rows()}
        assert {rows[each].withdrawn_by for each in before} <= {self.act()}
        row = model.Session.get(TaskRow, (self.plan["id"], gone["id"]))
        assert row.removed
        assert row.withdrawn_by == (gone.get("withdrawn_by") or self.act())

    def restore(self, *_: int) -> None:
        """A task that was taken out comes back with the id that it had."""
        if not self.removed:
            return
        plan = deepcopy(self.plan)
        plan["tasks"].append(self.removed.pop())
        self.save(plan, act=True)

    def withdraw(self, place: int, *_: int) -> None:
        """A task that names the act itself stays in the plan and owes nothing."""
        plan = deepcopy(self.plan)
        task = self._pick(plan, place)
        before = {row.id for row in self.standing(task["id"])}
        said = "" if task.get("withdrawn_by") else "Рішення № 70"
        task["withdrawn_by"] = said
        self.save(plan, act=not said)
        rows = {row.id: row for row in self.rows()}
        if said:
            assert {rows[each].withdrawn_by for each in before} <= {said}

    def join(self, *_: int) -> None:
        """An organization that nobody may bind joins a class of executors."""
        plan = deepcopy(self.plan)
        row = next(row for row in plan["executors"] if row["name"] == "Служби")
        water, heat = self.world["water"], self.world["heat"]
        named = len(row["organizations"]) == 3
        others = [] if named else [self.world["stranger"]]
        row["organizations"] = [water, heat, *others]
        plan["participants"] = [water, heat, *others]
        self.stranger_bound = False
        self.save(plan)

    def confirm(self, *_: int) -> None:
        if self.world["stranger"] not in self.plan["participants"]:
            return
        names = {"plan_id": self.plan["id"], "organization_id": self.world["stranger"]}
        call_action(
            "actionplan_participant_confirm", self._as("stranger admin"), **names
        )
        self.stranger_bound = True
        self.settle()

    def report(self, place: int, *_: int) -> None:
        rows = [row for row in self.standing() if row.due_on]
        if not rows:
            return
        row = rows[place % len(rows)]
        call_action(
            "actionplan_report_submit",
            self._as("sysadmin"),
            obligation_id=row.id,
            done_on=self.today.isoformat(),
            note=f"Зроблено {len(self.reports)}",
        )
        before = len(self.reports)
        self.reports = self._reports()
        assert len(self.reports) in (before + 1, before + 2)

    def wait(self, days: int, *_: int) -> None:
        self.pass_time(days % 60)
        call_action("actionplan_plan_derive", self._as("sysadmin"), id=self.plan["id"])
        self.settle()

    def copy(self, *_: int) -> None:
        """A copy makes promises of its own and leaves those of the plan alone."""
        values = deepcopy(self.plan)
        for name in ("id", "name", "metadata_created", "metadata_modified"):
            values.pop(name)
        name = factories.Dataset.stub().name
        copied = call_action("package_create", self._as("editor"), name=name, **values)
        old = {task["id"] for task in self.plan["tasks"]}
        assert not old & {task["id"] for task in copied["tasks"]}
        assert not {row.id for row in self.rows(copied["id"])} & set(self.seen)
        call_action("package_delete", self._as("editor"), id=copied["id"])

    def succeed(self, place: int, *_: int) -> None:
        """Another plan replaces this one from a day on, or leaves it alone again."""
        if self.successor:
            ended = {"state": "deleted"} if place % 2 else {"private": True}
            names = {"id": self.successor["id"], **ended}
            call_action("package_patch", self._as("sysadmin"), **names)
            self.successor = {}
            self.settle()
            return
        before = {row.id for row in self.standing()}
        first_day = date(2027, 1 + 3 * (place % 2), 1)
        self.successor = call_action(
            "package_create",
            self._as("editor"),
            type="action-plan",
            name=factories.Dataset.stub().name,
            title="Наступний план",
            owner_org=self.world["council"],
            period_start=first_day.isoformat(),
            period_end="2028-12-31",
            in_force_from=first_day.isoformat(),
            replaces=self.plan["id"],
            tasks=[self._task("R/P6M", [], "jointly")],
        )
        self.settle()
        gone = [row for row in self.rows() if row.id in before and row.withdrawn]
        assert {row.withdrawn_by for row in gone} <= {"Наступний план"}

    # What must hold.

    def settle(self) -> None:
        """What an edit leaves behind, checked and taken as the next beginning."""
        expected = self.expected()
        standing = {
            (row.task_id, row.share, row.occurrence): row.due_on
            for row in self.standing()
            if row.share != self.world["stranger"]
        }
        assert standing == expected
        for row in self.rows():
            key = (row.task_id, row.share, row.occurrence)
            assert row.id == obligation_id(self.plan["id"], *key)
            assert self.seen.setdefault(row.id, key) == key
        assert set(self.seen) == {row.id for row in self.rows()}
        self._remember(expected)
        self._check_performers()
        assert self._reports() == self.reports
        log = self._log()
        assert log[: len(self.log)] == self.log
        self.log = log
        self._check_again()

    def expected(self) -> dict[tuple[str, str, str], date | None]:
        """By task, share and occurrence: the last day of what the plan owes now."""
        found: dict[tuple[str, str, str], date | None] = {}
        for task in self.plan["tasks"]:
            if task.get("withdrawn_by"):
                continue
            for share, start in self._shares(task).items():
                for name, last in DUES[task.get("due") or ""].items():
                    joined = not (start and last) or start <= last
                    if joined and self._owes(last):
                        found[task["id"], share, name] = last
        return found

    def _owes(self, last: date | None) -> bool:
        """Whether the plan owes something of that last day itself."""
        if not self.successor:
            return True
        return (last or self.today) < date.fromisoformat(
            self.successor["in_force_from"]
        )

    def _shares(self, task: dict[str, Any]) -> dict[str, date | None]:
        """Who owes a task, and from when: who joins others owes from that day."""
        if task.get("performed") != "each":
            return {"": None}
        orgs = self._organizations(task) or [self.world["council"]]
        begun = {org: self.begun.get((task["id"], org), ...) for org in orgs}
        others = any(
            row.share in orgs and not row.mark
            for row in self.before.get(task["id"], [])
        )
        fresh = self.today if others else None
        return {org: fresh if day is ... else day for org, day in begun.items()}

    @property
    def before(self) -> dict[str, list[Any]]:
        """By task: what stood before the last edit."""
        found: dict[str, list[Any]] = {}
        for row in getattr(self, "_stood", []):
            found.setdefault(row.task_id, []).append(row)
        return found

    def _remember(self, expected: dict[tuple[str, str, str], date | None]) -> None:
        days = {task["id"]: self._shares(task) for task in self.plan["tasks"]}
        for task, share, _ in expected:
            self.begun.setdefault((task, share), days[task][share])
        self._stood = self.standing()

    def _check_performers(self) -> None:
        """Joint promises are led by who is named, the others share them."""
        tasks = {task["id"]: task for task in self.plan["tasks"]}
        stranger = self.world["stranger"]
        for row in self.standing():
            involved = {row.organization_id, *self._parties(row.id)} - {stranger}
            orgs = self._organizations(tasks[row.task_id])
            if row.share:
                assert row.organization_id == row.share
            elif orgs:
                assert involved == set(orgs)
                assert row.organization_id == (
                    tasks[row.task_id].get("lead") or orgs[0]
                )
            else:
                assert (involved, row.mark) == ({self.world["council"]}, "outside")
        owing = {row.organization_id for row in self.standing()}
        assert self.stranger_bound or stranger not in owing

    def _check_again(self) -> None:
        """Deriving again changes nothing at all."""
        before = self._everything()
        call_action("actionplan_plan_derive", self._as("sysadmin"), id=self.plan["id"])
        assert self._everything() == before

    # Reading.

    @staticmethod
    def _pick(plan: dict[str, Any], place: int) -> dict[str, Any]:
        return plan["tasks"][place % len(plan["tasks"])]

    def _organizations(self, task: dict[str, Any]) -> list[str]:
        """Those of the task, without the stranger, in the order of its executors."""
        water, heat = self.world["water"], self.world["heat"]
        mapped = {
            "Вода": [water],
            "Тепло": [heat],
            "Служби": [water, heat],
            "Ніхто": [],
        }
        found = [org for name in task["executors"] for org in mapped[name]]
        return list(dict.fromkeys(found))

    def rows(self, plan_id: str = "") -> list[Any]:
        table = ObligationRow.__table__
        statement = sa.select(table).where(
            table.c.plan_id == (plan_id or self.plan["id"])
        )
        return list(model.Session.execute(statement.order_by(table.c.id)))

    def standing(self, task_id: str = "") -> list[Any]:
        return [
            row
            for row in self.rows()
            if not row.withdrawn and task_id in ("", row.task_id)
        ]

    def _parties(self, obligation: str) -> set[str]:
        party = Party.__table__.c
        found = sa.select(party.organization_id).where(
            party.obligation_id == obligation
        )
        return set(model.Session.scalars(found))

    def _reports(self) -> list[Any]:
        ids = list(self.seen)
        found: list[Any] = []
        for table in (Report.__table__, ReportEvent.__table__):
            statement = sa.select(table).where(table.c.obligation_id.in_(ids))
            order = statement.order_by(*table.primary_key.columns)
            found += [tuple(row) for row in model.Session.execute(order)]
        return found

    def _log(self) -> list[Any]:
        table = Change.__table__
        statement = sa.select(table).where(table.c.plan_id == self.plan["id"])
        return [tuple(row) for row in model.Session.execute(statement.order_by("id"))]

    def _everything(self) -> dict[str, list[Any]]:
        """All rows of the plan, but for the moment at which they were derived."""
        found: dict[str, list[Any]] = {"log": self._log(), "reports": self._reports()}
        for entity in (PlanRow, TaskRow, Participant, ObligationRow):
            table = entity.__table__
            key = table.c.id if entity is PlanRow else table.c.plan_id
            columns = [each for each in table.c if each.name != "derived_at"]
            statement = sa.select(*columns).where(key == self.plan["id"])
            rows = model.Session.execute(statement.order_by(*table.primary_key.columns))
            found[table.name] = [tuple(row) for row in rows]
        party = Party.__table__
        shared = sa.select(party).where(party.c.obligation_id.in_(list(self.seen)))
        rows = model.Session.execute(shared.order_by(*party.c))
        found["parties"] = [tuple(row) for row in rows]
        return found


OPERATIONS: Final = (
    "resave",
    "reimport",
    "reorder",
    "renumber",
    "lead",
    "move",
    "reword",
    "perform",
    "executors",
    "add",
    "remove",
    "restore",
    "withdraw",
    "join",
    "confirm",
    "report",
    "report",
    "wait",
    "copy",
    "succeed",
)
#: An act moves a day twice and others perform it; it goes and comes back.
MOVED: Final = [
    ("reword", 1, 2),
    ("report", 0, 0),
    ("reword", 1, 0),
    ("perform", 1, 0),
    ("executors", 1, 0),
    ("perform", 1, 0),
    ("remove", 1, 0),
    ("restore", 0, 0),
]
number = st.integers(0, 59)
edits = st.lists(
    st.tuples(st.sampled_from(OPERATIONS), number, number), min_size=8, max_size=12
)


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> Callable[[date], None]:
    def at(day: date) -> None:
        moment = datetime.combine(day, time(12), KYIV)
        monkeypatch.setattr(clock, "now", lambda: moment)

    return at


@pytest.fixture
def world(
    organization_factory: Any, user_factory: Any, sysadmin_factory: Any
) -> dict[str, Any]:
    editor, admin = user_factory()["name"], user_factory()["name"]
    users = [{"name": editor, "capacity": "editor"}]
    stranger = organization_factory(users=[{"name": admin, "capacity": "admin"}])
    return {
        "council": organization_factory(users=users)["id"],
        "water": organization_factory()["id"],
        "heat": organization_factory()["id"],
        "stranger": stranger["id"],
        "editor": editor,
        "stranger admin": admin,
        "sysadmin": sysadmin_factory()["name"],
    }


DOCUMENT: Final = """План дій з відкритих даних Калинівської громади на 2026-2027 роки

Завдання\tСтрок виконання\tВиконавець
1. Дані\t\t
1.1. Скласти перелік наборів\tдо 31.12.2026\tВода
1.2. Оновлювати набори\tщоквартально\tВода
"""


def imported(world: dict[str, Any]) -> dict[str, Any]:
    """A plan read from the document, with its executor mapped by a person."""
    context = {"user": world["editor"], "ignore_auth": False}
    draft = call_action(
        "actionplan_draft_create",
        dict(context),
        content=DOCUMENT,
        filename="plan.txt",
        owner_org=world["council"],
    )
    executor = {"name": "Вода", "who": "owner", "organizations": []}
    call_action(
        "actionplan_draft_update", dict(context), id=draft["id"], executors=[executor]
    )
    return call_action("actionplan_draft_submit", dict(context), id=draft["id"])


def test_a_document_that_is_imported_again_is_a_plan_of_its_own(
    world: dict[str, Any], today: Callable[[date], None]
) -> None:
    today(START)
    table, context = ObligationRow.__table__, {"user": world["editor"]}

    def owed(plan: dict[str, Any]) -> list[Any]:
        statement = sa.select(table).where(table.c.plan_id == plan["id"])
        return list(model.Session.execute(statement.order_by(table.c.due_on)))

    first = imported(world)
    before = owed(first)
    late = next(row for row in before if not row.before_tracking)
    said = {"obligation_id": late.id, "done_on": "2026-11-20", "note": "Зроблено"}
    call_action("actionplan_report_submit", dict(context, ignore_auth=False), **said)
    again = imported(world)
    assert owed(first) == before
    assert len(owed(again)) == len(before) == 9
    assert not {row.id for row in owed(again)} & {row.id for row in before}
    assert model.Session.get(Report, late.id).note == "Зроблено"


@settings(
    max_examples=3,
    deadline=None,
    derandomize=True,
    database=None,
    # A dozen edits are read as they are; to make them fewer would take minutes.
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(story=edits)
@example(story=MOVED)
@example(story=[(name, 3 * n, 5 * n) for n, name in enumerate(OPERATIONS)])
def test_any_sequence_of_edits(
    world: dict[str, Any],
    today: Callable[[date], None],
    story: list[tuple[str, int, int]],
) -> None:
    plan = Story(world, today)
    for name, place, which in story:
        getattr(plan, name)(place, which)
