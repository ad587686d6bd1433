"""`ckan actionplan plan import --plan`: an amended edition without the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from ckan import model
from ckan.cli.cli import ckan
from ckan.tests.helpers import call_action

from ckanext.actionplan.model import Draft

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Rows = tuple[tuple[str, str, str, str], ...]
ACT = ("--act-document", "Рішення", "--act-number", "12", "--act-date", "2026-03-02")


@pytest.fixture
def plan(
    world: dict[str, Any], plan_docx: Callable[..., bytes], plan_rows: Rows
) -> dict[str, Any]:
    """Return the usual plan, public, in force, one executor mapped by hand."""
    context = {"user": world["people"]["editor"]["name"]}
    draft = call_action(
        "actionplan_draft_create",
        context,
        content=plan_docx(plan_rows),
        filename="план.docx",
        owner_org=world["council"]["id"],
    )
    named = [{"name": plan_rows[2][3], "who": "outside"}]
    call_action("actionplan_draft_update", context, id=draft["id"], executors=named)
    plan = call_action("actionplan_draft_submit", context, id=draft["id"])
    return call_action(
        "package_patch", context, id=plan["id"], in_force_from="2026-01-01"
    )


@pytest.fixture
def run(
    cli: Any, tmp_path: Path, plan_docx: Callable[..., bytes], plan_rows: Rows
) -> Callable[..., Any]:
    """Return a caller of the import of the plan with its first task moved."""
    one, two, three = plan_rows
    path = tmp_path / "зміни.docx"
    path.write_bytes(plan_docx(((one[0], "до 30.04.2026", *one[2:]), two, three)))

    def call(*arguments: str) -> Any:
        return cli.invoke(ckan, ["actionplan", "plan", "import", str(path), *arguments])

    return call


def _drafts() -> int:
    table = Draft.__table__
    return model.Session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def test_a_dry_run_compares(run: Callable[..., Any], plan: dict[str, Any]) -> None:
    result = run("--plan", plan["name"], "--dry-run")
    assert result.exit_code == 0, result.output
    assert "0 added, 1 changed, 0 withdrawn, 2 unchanged" in result.output
    assert "до 31.03.2026 → до 30.04.2026" in result.output
    assert call_action("package_show", {}, id=plan["id"])["tasks"] == plan["tasks"]
    assert _drafts() == 0


def test_without_the_act_it_is_refused(
    run: Callable[..., Any], plan: dict[str, Any]
) -> None:
    result = run("--plan", plan["name"])
    assert result.exit_code == 1
    assert "in force" in result.output
    assert _drafts() == 0


def test_the_plan_is_amended(run: Callable[..., Any], plan: dict[str, Any]) -> None:
    result = run("--plan", plan["name"], *ACT)
    assert result.exit_code == 0, result.output
    after = call_action("package_show", {}, id=plan["id"])
    assert [task["id"] for task in after["tasks"]] == [t["id"] for t in plan["tasks"]]
    assert after["tasks"][0]["due"] == "../2026-04-30"
    assert after["amendments"][0]["number"] == "12"
    # Whom a name means is as the plan has it.
    assert [each["who"] for each in after["executors"]][2] == "outside"


@pytest.mark.parametrize("arguments", [(), ("--plan", "немає")])
def test_what_is_missing_is_told(
    arguments: tuple[str, ...], run: Callable[..., Any], plan: dict[str, Any]
) -> None:
    result = run(*arguments)
    assert result.exit_code == 1
    assert "Traceback" not in result.output
