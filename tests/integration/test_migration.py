"""Models and migrations say the same, in both directions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from alembic import command

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.cli.db import _repo_for_plugin

import ckanext.actionplan.model as tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic.config import Config

OWN = {getattr(tables, name).__table__.name for name in tables.__all__}


@pytest.fixture
def alembic(non_clean_db: None) -> Iterator[Config]:
    model.Session.remove()
    with _repo_for_plugin("actionplan") as repo:
        repo.setup_migration_version_control()
        yield repo.alembic_config


def existing() -> set[str]:
    names = sa.inspect(model.meta.engine).get_table_names()
    return {name for name in names if name.startswith("actionplan_")}


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection")
def test_models_and_migrations_agree(alembic: Config) -> None:
    command.check(alembic)


def test_down_and_up_again(alembic: Config) -> None:
    assert existing() >= OWN
    command.downgrade(alembic, "base")
    assert not existing() & OWN
    command.upgrade(alembic, "head")
    assert existing() >= OWN


def test_every_table_is_named_after_the_plugin() -> None:
    assert all(name.startswith("actionplan_") for name in OWN)
    assert "actionplan" in tk.config["ckan.plugins"]
