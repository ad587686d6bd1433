"""Runs the migrations of this plugin's tables and no others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic import context
from sqlalchemy import engine_from_config, pool

import ckan.plugins.toolkit as tk

import ckanext.actionplan.model  # noqa: F401  registers the tables

config = context.config
name = Path(__file__).parent.name


def include_object(
    item: Any, object_name: str, kind: str, reflected: bool, compare_to: Any
) -> bool:
    """Only tables of this plugin, and what belongs to them."""
    table = object_name if kind == "table" else getattr(item, "table", item).name
    return table.startswith(f"{name}_") and not table.endswith("_alembic_version")


def options() -> dict[str, Any]:
    """What both modes share."""
    return {
        # Not `ckan.model.meta.metadata`: emptying a database puts another one there.
        "target_metadata": tk.BaseModel.metadata,
        "version_table": f"{name}_alembic_version",
        "include_object": include_object,
        "compare_server_default": True,
    }


def run_offline() -> None:
    """Print SQL without a database."""
    context.configure(
        url=config.get_main_option("sqlalchemy.url"), literal_binds=True, **options()
    )
    with context.begin_transaction():
        context.run_migrations()


def run_online() -> None:
    """Migrate the database."""
    engine = engine_from_config(
        config.get_section(config.config_ini_section) or {},
        prefix="sqlalchemy.",
        poolclass=pool.NullPool,
    )
    with engine.connect() as connection:
        context.configure(connection=connection, **options())
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    run_offline()
else:
    run_online()
