"""Is the extension put in whole: plugins, schema, tables, zone."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import sqlalchemy as sa
import yaml
from alembic.script import ScriptDirectory

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan import model

from ... import clock
from ..derive import DATASET_TYPE
from .base import Check, Finding, command, error, ok, running, setting, warning

_ROOT: Final = Path(__file__).parents[2]
_SCHEMA: Final = "ckanext.actionplan:schemas/action_plan.yaml"
_VERSIONS: Final = "actionplan_alembic_version"


def _plugins() -> list[str]:
    return list(tk.aslist(tk.config["ckan.plugins"]))


class Plugins(Check):
    """The plugins that plans need."""

    id = "plugins"

    def title(self) -> str:
        """See the base class."""
        return tk._("Plugins")

    def examine(self) -> Finding:
        """See the base class."""
        if not p.plugin_loaded("scheming_datasets"):
            names = " ".join([*_plugins(), "scheming_datasets"])
            return error(
                tk._(
                    "The plugin scheming_datasets is not loaded: plans have no fields "
                    "and no form."
                ),
                tk._("Install ckanext-scheming. {setting}").format(setting=setting()),
                f"ckan.plugins = {names}",
            )
        if not p.plugin_loaded("activity"):
            names = " ".join([*_plugins(), "activity"])
            return warning(
                tk._(
                    "The plugin activity is not loaded: nobody can see who changed a "
                    "plan or a dataset, and when."
                ),
                setting(),
                f"ckan.plugins = {names}",
            )
        return ok(tk._("Everything that plans need is loaded; the order is free."))


class Schema(Check):
    """The fields of plans, as ckanext-scheming has them."""

    id = "schema"

    def title(self) -> str:
        """See the base class."""
        return tk._("Schema of plans")

    def examine(self) -> Finding:
        """See the base class."""
        schema = _loaded()
        if schema is None:
            named = tk.aslist(tk.config.get("scheming.dataset_schemas"))
            return error(
                tk._("CKAN does not know the dataset type of plans."),
                setting(),
                f"scheming.dataset_schemas = {' '.join([*named, _SCHEMA])}",
            )
        ours = _ROOT / "schemas" / "action_plan.yaml"
        missing = sorted(
            _fields(yaml.safe_load(ours.read_text("utf-8"))) - _fields(schema)
        )
        if missing:
            return error(
                tk._("The schema of plans lacks fields: {fields}.").format(
                    fields=", ".join(missing)
                ),
                tk._(
                    "Name the schema that comes with this version, or add these fields "
                    "to your own copy. {setting}"
                ).format(setting=setting()),
                f"scheming.dataset_schemas = {_SCHEMA}",
            )
        return ok(tk._("The schema of plans is complete."))


def _loaded() -> dict[str, Any] | None:
    if not p.plugin_loaded("scheming_datasets"):
        return None
    return tk.h.scheming_get_dataset_schema(DATASET_TYPE)


def _fields(schema: dict[str, Any]) -> set[str]:
    found: set[str] = set()
    for field in schema.get("dataset_fields") or ():
        name = field["field_name"]
        found.add(name)
        parts = field.get("repeating_subfields") or ()
        found.update(f"{name}.{part['field_name']}" for part in parts)
    return found


class Migrations(Check):
    """The tables are those of this version."""

    id = "migrations"

    def title(self) -> str:
        """See the base class."""
        return tk._("Database tables")

    def examine(self) -> Finding:
        """See the base class."""
        folder = _ROOT / "migration" / "actionplan"
        newest = ScriptDirectory(str(folder)).get_current_head()
        found = _revision()
        upgrade = command("db upgrade -p actionplan")
        if found is None:
            return error(
                tk._("The tables of the extension are not there."), running(), upgrade
            )
        if found != newest:
            return error(
                tk._(
                    "The tables are at revision {found}, this version needs {newest}."
                ).format(found=found, newest=newest),
                tk._("Stop the portal, run this, and start it again:"),
                upgrade,
            )
        return ok(tk._("The tables are at revision {found}.").format(found=found))


def _revision() -> str | None:
    connection: Any = model.Session.connection()
    if not sa.inspect(connection).has_table(_VERSIONS):
        return None
    number = sa.column("version_num", sa.Text)
    return model.Session.scalar(sa.select(number).select_from(sa.table(_VERSIONS)))


class Zone(Check):
    """The zone that decides what "today" is (decision 8)."""

    id = "zone"

    def title(self) -> str:
        """See the base class."""
        return tk._("Time zone")

    def examine(self) -> Finding:
        """See the base class."""
        line = "ckan.display_timezone = Europe/Kyiv"
        name = clock.zone_name()
        if name.upper() in ("UTC", "GMT", "ETC/UTC"):
            return warning(
                tk._(
                    "The portal counts days in {zone}: in Ukraine a task is overdue two "
                    "or three hours too late, and a report after midnight is dated the "
                    "day before."
                ).format(zone=name),
                setting(),
                line,
            )
        now = clock.now().astimezone(ZoneInfo(name))
        return ok(
            tk._("Days are counted in {zone}, where it is {time} now.").format(
                zone=name, time=now.strftime("%H:%M")
            )
        )
