"""What an administrator can set or run stands in the documentation."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
import yaml

import ckanext.actionplan
from ckanext.actionplan.cli import actionplan
from ckanext.actionplan.logic import action, auth

ROOT = Path(__file__).parents[2]
DOCS = "\n".join(
    path.read_text(encoding="utf-8")
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
)


def options() -> list[str]:
    folder = Path(next(iter(ckanext.actionplan.__path__)))
    declared = yaml.safe_load((folder / "config_declaration.yaml").read_text("utf-8"))
    return [
        option["key"] for group in declared["groups"] for option in group["options"]
    ]


def commands(command: click.Command, path: str = "ckan actionplan") -> list[str]:
    if not isinstance(command, click.Group):
        return [path]
    return [
        name
        for child, sub in sorted(command.commands.items())
        for name in commands(sub, f"{path} {child}")
    ]


@pytest.mark.parametrize("key", options())
def test_every_option_is_documented(key: str) -> None:
    assert f"`{key}`" in DOCS


@pytest.mark.parametrize("command", commands(actionplan))
def test_every_command_is_documented(command: str) -> None:
    assert f"`{command}" in DOCS


OWN = [name for name in action.__all__ if name.startswith("actionplan_")]


@pytest.mark.parametrize("name", OWN)
def test_every_action_has_its_permission_and_says_what_it_takes(name: str) -> None:
    assert callable(getattr(auth, name))
    text = getattr(action, name).__doc__ or ""
    assert ":returns:" in text or ":rtype:" in text


def test_options_are_named_by_a_noun_of_the_plugin() -> None:
    assert all(key.startswith("ckanext.actionplan.") for key in options())
    assert len(options()) == len(set(options()))
