"""`ckan actionplan plan import` and `derive`."""

from __future__ import annotations

import json
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


@pytest.fixture
def file(plan_docx: Callable[..., bytes], tmp_path: Path) -> Path:
    """Return the usual plan on disk."""
    path = tmp_path / "план.docx"
    path.write_bytes(plan_docx())
    return path


@pytest.fixture
def run(cli: Any, world: dict[str, Any]) -> Callable[..., Any]:
    """Return a caller of the import for the council."""

    def call(*arguments: object) -> Any:
        command = ["actionplan", "plan", "import", *map(str, arguments)]
        return cli.invoke(ckan, [*command, "--organization", world["council"]["name"]])

    return call


def _count(table: Any) -> int:
    return model.Session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def _plan() -> dict[str, Any]:
    (name,) = model.Session.scalars(
        sa.select(model.Package.name).where(model.Package.type == "action-plan")
    )
    return call_action("package_show", {}, id=name)


def test_dry_run_prints_doubts_with_their_rows(
    run: Callable[..., Any], file: Path
) -> None:
    result = run(file, "--dry-run")
    assert result.exit_code == 0, result.output
    assert "3 tasks in 1 sections, 2026-01-01 to 2027-12-31" in result.output
    assert "? table 1, row 5: 1.3" in result.output
    assert "Громадська організація «Зірниця»" in result.output
    assert _count(Draft.__table__) == _count(model.Package.__table__) == 0


def test_a_plan_that_is_there_already_is_named(
    run: Callable[..., Any], file: Path
) -> None:
    assert "may be this one" not in run(file, "--private").output
    name = _plan()["name"]
    result = run(file, "--private")
    assert result.exit_code == 0, result.output
    assert f"may be this one: {name} (the same document)" in result.output


def test_saves_and_maps_equal_titles(
    run: Callable[..., Any], file: Path, world: dict[str, Any]
) -> None:
    result = run(file)
    assert result.exit_code == 0, result.output
    plan = _plan()
    assert plan["name"] in result.output
    assert [each["who"] for each in plan["executors"]] == [
        "participants",
        "participants",
        "",
    ]
    assert plan["executors"][0]["organizations"] == [world["digital"]["id"]]
    assert plan["resources"][0]["name"] == "план.docx"
    assert _count(Draft.__table__) == 0


def test_takes_a_mapping(
    run: Callable[..., Any], file: Path, world: dict[str, Any], tmp_path: Path
) -> None:
    mapping = tmp_path / "map.json"
    table = {
        "Відділ цифрових рішень": [world["transport"]["name"]],
        "Служба транспорту": "all",
        "Громадська організація «Зірниця»": "outside",
    }
    mapping.write_text(json.dumps(table), encoding="utf-8")
    result = run(file, "--map", mapping, "--private")
    assert result.exit_code == 0, result.output
    plan = _plan()
    assert plan["private"] is True
    assert [each["who"] for each in plan["executors"]] == [
        "participants",
        "all",
        "outside",
    ]
    assert plan["executors"][0]["organizations"] == [world["transport"]["id"]]


@pytest.mark.parametrize(
    "table", ['{"Служба транспорту": ["nobody"]}', "[]", "not json", '{"Служба": 5}']
)
def test_a_wrong_mapping_is_a_sentence_and_saves_nothing(
    run: Callable[..., Any], file: Path, tmp_path: Path, table: str
) -> None:
    mapping = tmp_path / "map.json"
    mapping.write_text(table, encoding="utf-8")
    result = run(file, "--map", mapping)
    if "Служба" in table and "nobody" not in table:
        # A name that the plan does not hold changes nothing.
        assert result.exit_code == 0
        return
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    assert _count(Draft.__table__) == _count(model.Package.__table__) == 0


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n", "Просто лист.".encode()])
def test_a_bad_file_is_a_sentence(
    run: Callable[..., Any], tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "bad.docx"
    path.write_bytes(content)
    for more in ((), ("--dry-run",)):
        result = run(path, *more)
        assert result.exit_code == 1
        assert "Traceback" not in result.output
    assert _count(Draft.__table__) == _count(model.Package.__table__) == 0


def test_an_unknown_user_is_a_sentence(run: Callable[..., Any], file: Path) -> None:
    result = run(file, "--user", "nobody-of-that-name")
    assert result.exit_code == 1
    assert "There is no user nobody-of-that-name" in result.output
    assert _count(Draft) == 0


def test_an_unknown_organization_is_a_sentence(
    cli: Any, file: Path, world: Any
) -> None:
    for more in ((), ("--dry-run",)):
        command = ["actionplan", "plan", "import", str(file), *more]
        result = cli.invoke(ckan, [*command, "--organization", "nowhere"])
        assert result.exit_code == 1
        assert len(result.output.strip().splitlines()[-1].split()) > 2


def test_derive(cli: Any, run: Callable[..., Any], file: Path) -> None:
    run(file)
    name = _plan()["name"]
    for arguments in ([name], ["--all"]):
        result = cli.invoke(ckan, ["actionplan", "plan", "derive", *arguments])
        assert result.exit_code == 0, result.output
        assert name in result.output
    assert cli.invoke(ckan, ["actionplan", "plan", "derive"]).exit_code == 1
    assert cli.invoke(ckan, ["actionplan", "plan", "derive", "none"]).exit_code == 1
