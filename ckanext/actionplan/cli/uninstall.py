"""`ckan actionplan uninstall`: take plans out before the plugin is taken out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

if TYPE_CHECKING:
    from ckan.types import Context


@click.command(short_help="Export and purge all plans.")
@click.option(
    "--export",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write each plan there as JSON before it is purged; made when missing.",
)
@click.option("--yes", is_flag=True, help="Do not ask.")
def uninstall(folder: Path | None, yes: bool) -> None:
    """Export and purge all plans, then say how to remove the tables.

    A portal that meets a plan without this plugin answers with errors. Run it before
    `actionplan` is taken out of `ckan.plugins`. A plan is restored by sending its file
    to `package_create` as a sysadmin: ids of plan and tasks stay the same.
    """
    plans = _plans()
    if not yes:
        _confirm(len(plans), folder)
    # All are written before the first is purged: a full disk loses nothing.
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        for plan_id in plans:
            click.echo(_export(plan_id, folder))
    for plan_id in plans:
        tk.get_action("dataset_purge")(_context(), {"id": plan_id})
    click.secho(
        tk.ungettext(
            "{count} plan was purged.", "{count} plans were purged.", len(plans)
        ).format(count=len(plans)),
        fg="green",
    )
    click.echo(
        tk._("Remove the tables with their reports, which are exported nowhere:")
    )
    click.echo("  ckan db downgrade -p actionplan")
    click.echo(tk._("Then take the plugin and its schema out of the configuration."))


def _context() -> Context:
    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})
    return {"ignore_auth": True, "user": user["name"]}


def _plans() -> list[str]:
    """Ids of all plans, drafts and deleted ones included."""
    table: Any = model.Package
    statement = sa.select(table.id).where(table.type == "action-plan")
    return list(model.Session.scalars(statement.order_by(table.name)))


def _confirm(count: int, folder: Path | None) -> None:
    question = tk.ungettext(
        "Purge {count} plan?", "Purge {count} plans?", count
    ).format(count=count)
    if folder is None:
        question = tk._("{question} Nothing is exported (--export DIR).").format(
            question=question
        )
    click.confirm(question, abort=True)


def _export(plan_id: str, folder: Path) -> Path:
    plan = tk.get_action("package_show")(_context(), {"id": plan_id})
    path = folder / f"{plan['name']}-{plan['id'][:8]}.json"
    text = json.dumps(plan, ensure_ascii=False, indent=2, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8")
    return path
