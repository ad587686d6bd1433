"""`ckan actionplan plan`: reading and repairing plans."""

from __future__ import annotations

import click
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.model.package import package_table
from ckan.types import Context

from ..logic import derive as derivation
from .plan_export import export_plan
from .plan_import import import_plan


@click.group(short_help="Action plans.")
def plan() -> None:
    """Read and write plan documents; derive obligations again."""


@plan.command(short_help="Derive obligations again.")
@click.argument("name", required=False)
@click.option("--all", "every", is_flag=True, help="All active plans of the portal.")
def derive(name: str | None, every: bool) -> None:
    """Derive the obligations of the plan NAME (or of all) again.

    Without changes in the plan nothing changes: it can be run at any time. With --all
    what was derived from purged plans is removed too.
    """
    if bool(name) is every:
        tk.error_shout(tk._("Name one plan, or say --all"))
        raise click.exceptions.Exit(1)
    names = _active() if every else [str(name)]
    for each in names:
        try:
            tk.get_action("actionplan_plan_derive")(
                Context(ignore_auth=True), {"id": each}
            )
        except tk.ObjectNotFound as error:
            tk.error_shout(tk._("There is no plan {name}").format(name=each))
            raise click.exceptions.Exit(1) from error
        click.echo(each)
    if every:
        derivation.forget_purged()
        model.Session.commit()


def _active() -> list[str]:
    package = package_table
    statement = sa.select(package.c.name).where(
        package.c.type == derivation.DATASET_TYPE, package.c.state == "active"
    )
    return list(model.Session.scalars(statement.order_by(package.c.name)))


plan.add_command(export_plan)
plan.add_command(import_plan)

__all__ = ["plan"]
