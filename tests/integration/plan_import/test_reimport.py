"""An amended edition of a plan: what changes, what stays, and by which act."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.tests.helpers import call_action

from ckanext.actionplan.logic import editions, revision
from ckanext.actionplan.model import Draft, ObligationRow, Report

if TYPE_CHECKING:
    from collections.abc import Callable

TITLE = "План дій з розвитку відкритих даних Калинівської громади на 2026–2027 роки"
NEW_ROW = (
    "1.2. Затвердити положення про відкриті дані",
    "до 30.06.2026",
    "Положення затверджено",
    "Відділ цифрових рішень",
)
ACT = {"document": "Рішення виконавчого комітету", "number": "12", "date": "2026-03-02"}
Rows = tuple[tuple[str, str, str, str], ...]


class Council:
    """The council's editor, who imports plans of the tests."""

    def __init__(self, world: dict[str, Any], build: Callable[..., bytes]) -> None:
        self.world, self.build = world, build
        self.owner = world["council"]["id"]
        self.editor = world["people"]["editor"]["name"]

    def call(self, action: str, **values: Any) -> Any:
        return call_action(
            action, {"user": self.editor, "ignore_auth": False}, **values
        )

    def draft(self, rows: Rows, plan: str = "", **more: Any) -> dict[str, Any]:
        values = {"filename": "план.docx", "content": self.build(rows, **more)}
        chosen = {"plan": plan} if plan else {"owner_org": self.owner}
        return self.call("actionplan_draft_create", **values, **chosen)

    def mapped(self, draft: dict[str, Any]) -> dict[str, Any]:
        ids = {
            "Відділ цифрових рішень": [self.world["digital"]["id"]],
            "Служба транспорту": [self.world["transport"]["id"]],
        }
        executors = [
            {
                "name": each["name"],
                "who": "participants" if each["name"] in ids else "outside",
                "organizations": ids.get(each["name"], []),
            }
            for each in draft["data"]["executors"]
        ]
        return self.call("actionplan_draft_update", id=draft["id"], executors=executors)

    def submit(self, draft: dict[str, Any], **more: Any) -> dict[str, Any]:
        return self.call("actionplan_draft_submit", id=draft["id"], **more)

    def show(self, plan: dict[str, Any]) -> dict[str, Any]:
        return self.call("package_show", id=plan["id"])


@pytest.fixture
def council(world: dict[str, Any], plan_docx: Callable[..., bytes]) -> Council:
    """Return the council's editor."""
    return Council(world, plan_docx)


@pytest.fixture
def plan(council: Council, plan_rows: Rows) -> dict[str, Any]:
    """Return the usual plan, imported, public and in force."""
    draft = council.mapped(council.draft(plan_rows))
    plan = council.submit(draft)
    tasks = [
        {**plan["tasks"][0], "topic": "register", "note": "Перший"},
        *plan["tasks"][1:],
    ]
    tasks[2]["due"] = "../2026-11-30"
    days = dict.fromkeys(("in_force_from", "tracked_from"), "2026-01-01")
    return council.call("package_patch", id=plan["id"], tasks=tasks, **days)


@pytest.fixture
def amended_rows(plan_rows: Rows) -> Rows:
    """Return the plan with a task added, one reworded and one withdrawn."""
    one, two, _ = plan_rows
    return (
        one,
        NEW_ROW,
        ("1.3" + two[0][3:], "до 30.09.2026", two[2], two[3]),
    )


def _ids(plan: dict[str, Any]) -> list[str]:
    return [task["id"] for task in plan["tasks"]]


def _obligations(plan: dict[str, Any]) -> dict[str, tuple[Any, ...]]:
    row = ObligationRow.__table__.c
    found = model.Session.execute(
        sa.select(row.id, row.task_id, row.due_on, row.withdrawn_by).where(
            row.plan_id == plan["id"]
        )
    )
    return {each.id: tuple(each) for each in found}


def _count(table: Any) -> int:
    return model.Session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


class TestCreate:
    def test_tasks_are_found_again(
        self, council: Council, plan: dict[str, Any], amended_rows: Rows
    ) -> None:
        draft = council.draft(amended_rows, plan=plan["name"])
        data = draft["data"]
        first, second, _ = _ids(plan)
        assert data["plan_id"] == plan["id"]
        assert [task["id"] for task in data["tasks"]] == [first, "", second]
        assert draft["organization"]["id"] == council.owner

    def test_what_no_document_prints_comes_from_the_plan(
        self, council: Council, plan: dict[str, Any], plan_rows: Rows
    ) -> None:
        data = council.draft(plan_rows, plan=plan["id"])["data"]
        assert (data["tasks"][0]["topic"], data["tasks"][0]["note"]) == (
            "register",
            "Перший",
        )
        # A date that somebody gave to a wording without one.
        assert data["tasks"][2]["due"] == "../2026-11-30"
        mapped = {each["name"]: each["who"] for each in data["executors"]}
        assert mapped["Громадська організація «Зірниця»"] == "outside"
        assert data["participants"] == plan["participants"]

    def test_a_wording_that_changed_is_read(
        self, council: Council, plan: dict[str, Any], amended_rows: Rows
    ) -> None:
        data = council.draft(amended_rows, plan=plan["id"])["data"]
        assert data["tasks"][2]["due"] == "../2026-09-30"

    def test_the_approving_act_stays_and_the_heading_is_the_amending_one(
        self, council: Council, plan: dict[str, Any], plan_rows: Rows
    ) -> None:
        same = council.draft(plan_rows, plan=plan["id"])["data"]
        assert not same["amendment"]
        other = council.draft(plan_rows, plan=plan["id"], act="02.03.2026 № 12")
        data = other["data"]
        assert (data["approval_number"], data["approval_date"]) == ("77", "2025-12-15")
        assert (data["amendment"]["number"], data["amendment"]["date"]) == (
            "12",
            "2026-03-02",
        )

    def test_the_plan_must_be_there_and_theirs(
        self,
        council: Council,
        plan: dict[str, Any],
        plan_rows: Rows,
        action_plan_factory: Any,
    ) -> None:
        with pytest.raises(tk.ObjectNotFound):
            council.draft(plan_rows, plan="немає")
        theirs = action_plan_factory(owner_org=council.world["digital"]["id"])
        with pytest.raises(tk.NotAuthorized):
            council.draft(plan_rows, plan=theirs["id"])
        council.editor = council.world["people"]["member"]["name"]
        with pytest.raises(tk.NotAuthorized):
            council.draft(plan_rows, plan=plan["id"])
        assert _count(Draft.__table__) == 0

    def test_a_plan_of_another_organization_is_refused(
        self, council: Council, plan: dict[str, Any], plan_rows: Rows
    ) -> None:
        with pytest.raises(tk.ValidationError) as error:
            call_action(
                "actionplan_draft_create",
                {},
                content=council.build(plan_rows),
                filename="план.docx",
                plan=plan["id"],
                owner_org=council.world["digital"]["id"],
            )
        assert list(error.value.error_dict) == ["plan"]


class TestChoose:
    def test_a_plan_is_chosen_later_and_given_up(
        self, council: Council, plan: dict[str, Any], plan_rows: Rows
    ) -> None:
        draft = council.draft(plan_rows, act="02.03.2026 № 12")
        chosen = council.call(
            "actionplan_draft_update", id=draft["id"], plan=plan["name"]
        )["data"]
        assert [task["id"] for task in chosen["tasks"]] == _ids(plan)
        assert chosen["approval_number"] == "77"
        back = council.call("actionplan_draft_update", id=draft["id"], plan="")["data"]
        assert back["tasks"] == [
            {**task, "withdrawn_by": ""} for task in draft["data"]["tasks"]
        ]
        assert back["approval_number"] == "12"
        assert back["plan_id"] == ""

    def test_a_person_pairs_rows(
        self, council: Council, plan: dict[str, Any], plan_rows: Rows
    ) -> None:
        draft = council.draft(plan_rows, plan=plan["id"])
        one, two, three = _ids(plan)
        data = council.call(
            "actionplan_draft_update", id=draft["id"], stays={"t1": three, "t3": ""}
        )["data"]
        assert [task["id"] for task in data["tasks"]] == [three, two, ""]
        assert data["tasks"][0]["topic"] == plan["tasks"][2].get("topic", "")
        again = council.call(
            "actionplan_draft_update", id=draft["id"], stays={"t3": three, "t1": one}
        )["data"]
        assert [task["id"] for task in again["tasks"]] == [one, two, three]
        assert again["tasks"][0]["topic"] == "register"

    @pytest.mark.parametrize("stays", [{"t9": ""}, {"t1": "none"}, ["t1"]])
    def test_wrong_pairs_are_refused(
        self, stays: Any, council: Council, plan: dict[str, Any], plan_rows: Rows
    ) -> None:
        draft = council.draft(plan_rows, plan=plan["id"])
        with pytest.raises(tk.ValidationError):
            council.call("actionplan_draft_update", id=draft["id"], stays=stays)

    def test_two_rows_cannot_stay_one_task(
        self, council: Council, plan: dict[str, Any], plan_rows: Rows
    ) -> None:
        draft = council.draft(plan_rows, plan=plan["id"])
        one = _ids(plan)[0]
        with pytest.raises(tk.ValidationError) as error:
            council.call(
                "actionplan_draft_update", id=draft["id"], stays={"t1": one, "t2": one}
            )
        found: Any = error.value.error_dict["tasks"]
        assert sorted(found) == ["t1", "t2"]

    def test_corrections_survive_another_pairing(
        self, council: Council, plan: dict[str, Any], plan_rows: Rows
    ) -> None:
        draft = council.draft(plan_rows, plan=plan["id"])
        council.call(
            "actionplan_draft_update",
            id=draft["id"],
            tasks=[{"key": "t1", "topic": "audit"}],
        )
        data = council.call(
            "actionplan_draft_update", id=draft["id"], stays={"t1": ""}
        )["data"]
        assert data["tasks"][0]["topic"] == "audit"
        # What nobody touched is as the document has it again.
        assert data["tasks"][0]["note"] == ""


class TestSubmit:
    def test_ids_reports_and_links_of_tasks_that_stay(
        self, council: Council, plan: dict[str, Any], amended_rows: Rows
    ) -> None:
        before = _obligations(plan)
        first, second, third = _ids(plan)
        reported = next(name for name, row in before.items() if row[1] == first)
        call_action(
            "actionplan_report_submit",
            {"user": council.editor},
            obligation_id=reported,
            done_on="2026-03-01",
            note="Перелік складено",
            link="https://example.org/act",
        )
        report = dict(
            model.Session.execute(sa.select(Report.__table__)).mappings().one()
        )
        draft = council.draft(amended_rows, plan=plan["id"])
        after = council.submit(draft, amendment=ACT)

        assert after["id"] == plan["id"]
        assert after["name"] == plan["name"]
        stay = _ids(after)
        assert (stay[0], stay[2]) == (first, second)
        assert third in stay
        assert stay[1] not in (first, second, third)
        assert [task["number"] for task in after["tasks"]][:3] == ["1.1", "1.2", "1.3"]
        owed = _obligations(plan)
        assert owed[reported] == before[reported]
        assert (
            dict(model.Session.execute(sa.select(Report.__table__)).mappings().one())
            == report
        )
        assert before.keys() <= owed.keys()

    def test_a_task_that_is_gone_is_withdrawn_by_the_act(
        self, council: Council, plan: dict[str, Any], amended_rows: Rows
    ) -> None:
        draft = council.draft(amended_rows, plan=plan["id"])
        after = council.submit(draft, amendment=ACT)
        gone = next(t for t in after["tasks"] if t["id"] == _ids(plan)[2])
        assert gone["withdrawn_by"] == "Рішення виконавчого комітету № 12 (02.03.2026)"
        assert gone["title"] == plan["tasks"][2]["title"]
        (act,) = after["amendments"]
        assert (act["number"], act["date"]) == ("12", "2026-03-02")
        # Withdrawn once, it stays so when a later edition does not print it either.
        again = council.draft(amended_rows[:2], plan=plan["id"])
        last = council.submit(again, amendment={**ACT, "number": "13"})
        kept = next(t for t in last["tasks"] if t["id"] == gone["id"])
        assert kept["withdrawn_by"] == gone["withdrawn_by"]

    def test_by_a_system_administrator(
        self, council: Council, plan: dict[str, Any], amended_rows: Rows, sysadmin: Any
    ) -> None:
        council.editor = sysadmin["name"]
        draft = council.draft(amended_rows, plan=plan["id"])
        after = council.submit(draft, amendment=ACT)
        assert len(after["tasks"]) == 4
        assert len(after["resources"]) == 2
        assert after["metadata_modified"] > plan["metadata_modified"]

    def test_the_former_date_stays_visible(
        self, council: Council, plan: dict[str, Any], plan_rows: Rows
    ) -> None:
        one, *others = plan_rows
        later = (one[0], "до 31.10.2026", one[2], one[3])
        draft = council.draft((later, *others), plan=plan["id"])
        council.submit(draft, amendment=ACT)
        row = ObligationRow.__table__.c
        found = model.Session.execute(
            sa.select(row.due_on, row.due_before).where(row.task_id == _ids(plan)[0])
        ).one()
        assert [day.isoformat() for day in found] == ["2026-10-31", "2026-03-31"]
        changes = call_action("actionplan_change_list", {}, plan_id=plan["id"])
        (change,) = [each for each in changes if each["field"] == "deadline"]
        assert "12" in change["act"]

    def test_documents_of_all_editions_are_kept(
        self, council: Council, plan: dict[str, Any], amended_rows: Rows
    ) -> None:
        draft = council.draft(amended_rows, plan=plan["id"])
        after = council.submit(draft, amendment=ACT)
        hashes = [each["hash"] for each in after["resources"]]
        assert len(set(hashes)) == 2
        assert after["resources"][0]["id"] == plan["resources"][0]["id"]
        assert after["resources"][0]["url"] == plan["resources"][0]["url"]
        assert _count(Draft.__table__) == 0

    def test_without_the_act_nothing_is_saved(
        self, council: Council, plan: dict[str, Any], amended_rows: Rows
    ) -> None:
        draft = council.draft(amended_rows, plan=plan["id"])
        before = council.show(plan)
        with pytest.raises(tk.ValidationError) as error:
            council.submit(draft)
        found: Any = error.value.error_dict["act_document"]
        (message,) = found
        assert "1.2" in message
        assert council.show(plan) == before
        assert _count(Draft.__table__) == 1
        assert council.submit(draft, amendment=ACT)["amendments"]

    @pytest.mark.parametrize(
        ("act", "field"),
        [
            ({**ACT, "document": ""}, "act_document"),
            ({"document": "Рішення"}, "act_number"),
            ({**ACT, "date": "2 березня"}, "act_date"),
            ({**ACT, "url": "javascript:alert(1)"}, "act_url"),
            ({**ACT, "number": "77", "date": "2025-12-15"}, "act_number"),
        ],
    )
    def test_an_act_that_is_wrong_is_told_beside_its_field(
        self,
        act: dict[str, str],
        field: str,
        council: Council,
        plan: dict[str, Any],
        amended_rows: Rows,
    ) -> None:
        draft = council.draft(amended_rows, plan=plan["id"])
        with pytest.raises(tk.ValidationError) as error:
            council.submit(draft, amendment=act)
        assert list(error.value.error_dict) == [field]
        assert len(council.show(plan)["tasks"]) == 3

    def test_a_plan_in_preparation_needs_no_act(
        self, council: Council, plan_rows: Rows, amended_rows: Rows
    ) -> None:
        plan = council.submit(council.mapped(council.draft(plan_rows)), private=True)
        after = council.submit(council.draft(amended_rows, plan=plan["id"]))
        assert [task["number"] for task in after["tasks"]] == ["1.1", "1.2", "1.3"]
        assert after["private"]

    def test_the_same_document_again_changes_nothing(
        self, council: Council, plan: dict[str, Any], plan_rows: Rows
    ) -> None:
        # Other bytes that say the same.
        draft = council.draft(plan_rows, plan=plan["id"], act="15.12.2025  № 77")
        before = council.show(plan)
        with pytest.raises(tk.ValidationError) as error:
            council.submit(draft, amendment=ACT)
        assert list(error.value.error_dict) == ["unchanged"]
        assert council.show(plan) == before
        after = council.submit(draft, attach=True)
        assert after["tasks"] == before["tasks"]
        assert "amendments" not in after
        assert len(after["resources"]) == 2
        assert _count(Draft.__table__) == 0

    def test_a_plan_saved_meanwhile_is_compared_anew(
        self, council: Council, plan: dict[str, Any], amended_rows: Rows
    ) -> None:
        draft = council.draft(amended_rows, plan=plan["id"])
        tasks = [*plan["tasks"], {**plan["tasks"][0], "id": "", "title": "Ще одне"}]
        tasks[0] = {**tasks[0], "topic": "audit"}
        added = call_action(
            "package_patch",
            {"user": council.editor},
            id=plan["id"],
            tasks=tasks,
            amendments=[{**ACT, "number": "11"}],
        )
        with pytest.raises(tk.ValidationError) as error:
            council.submit(draft, amendment=ACT)
        assert list(error.value.error_dict) == ["plan_modified"]
        assert council.show(plan)["tasks"] == added["tasks"]
        # What was changed meanwhile is not set back.
        after = council.submit(draft, amendment=ACT)
        assert after["tasks"][0]["topic"] == "audit"
        assert {_ids(added)[3]} <= {
            t["id"] for t in after["tasks"] if t["withdrawn_by"]
        }
        assert len(after["amendments"]) == 2

    def test_a_failure_on_the_way_leaves_everything(
        self,
        council: Council,
        plan: dict[str, Any],
        amended_rows: Rows,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        draft = council.draft(amended_rows, plan=plan["id"])
        before = council.show(plan)

        def full(*_: Any) -> None:
            raise OSError("no space left")

        with monkeypatch.context() as context:
            context.setattr(editions, "_finish", full)
            with pytest.raises(OSError, match="no space"):
                council.submit(draft, amendment=ACT)
        assert council.show(plan) == before
        assert _count(Draft.__table__) == 1

    def test_a_deleted_plan_is_not_brought_back(
        self, council: Council, plan: dict[str, Any], amended_rows: Rows
    ) -> None:
        draft = council.draft(amended_rows, plan=plan["id"])
        call_action("package_delete", {"user": council.editor}, id=plan["id"])
        with pytest.raises(tk.ObjectNotFound):
            council.submit(draft, amendment=ACT)

    def test_whoever_lost_the_right_changes_nothing(
        self, council: Council, plan: dict[str, Any], amended_rows: Rows
    ) -> None:
        draft = council.draft(amended_rows, plan=plan["id"])
        call_action(
            "organization_member_create",
            {},
            id=council.owner,
            username=council.editor,
            role="member",
        )
        with pytest.raises(tk.NotAuthorized):
            council.submit(draft, amendment=ACT)

    def test_a_section_that_was_renamed_takes_its_withdrawn_tasks_along(
        self, council: Council, plan: dict[str, Any], amended_rows: Rows
    ) -> None:
        draft = council.draft(amended_rows, plan=plan["id"])
        keys = [task["key"] for task in draft["data"]["tasks"]]
        council.call(
            "actionplan_draft_update",
            id=draft["id"],
            tasks=[{"key": key, "section": "1. Дані громади"} for key in keys],
        )
        after = council.submit(draft, amendment=ACT)
        assert {task["section"] for task in after["tasks"]} == {"1. Дані громади"}


def _many(count: int) -> Rows:
    return tuple(
        (f"1.{at}. Оприлюднити набір {at * 7919}", "до 31.12.2026", "Так", "Архів")
        for at in range(1, count + 1)
    )


def test_the_number_of_statements_does_not_grow(
    council: Council, count_queries: Callable[[], Any]
) -> None:
    counts: list[int] = []
    for size in (10, 60):
        rows = _many(size)
        plan = council.submit(council.draft(rows, title=f"{TITLE} {size}"))
        draft = council.draft(rows[1:], plan=plan["id"], title=f"{TITLE} {size}")
        data, review = draft["data"], draft["review"]
        with count_queries() as statements:
            found = revision.find({"user": council.editor}, plan["id"])
            assert len(revision.compared(data, review, found).withdrawn) == 1
            council.submit(draft, amendment=ACT)
        counts.append(len(statements))
    assert counts[0] == counts[1]
