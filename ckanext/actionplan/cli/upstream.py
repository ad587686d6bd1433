"""`ckan actionplan upstream`: the other portal."""

from __future__ import annotations

from typing import Any

import click

import ckan.plugins.toolkit as tk

from .. import wording

__all__ = ["upstream"]


@click.group(short_help="The other portal that should hold copies.")
def upstream() -> None:
    """Read the other portal and say when it was read."""


@upstream.command(short_help="Read the other portal.")
@click.option("--enqueue", is_flag=True, help="Let a worker do it; return at once.")
def refresh(enqueue: bool) -> None:
    """Read all datasets of the other portal.

    When something goes wrong, what was read last stays.
    """
    try:
        result = tk.get_action("actionplan_upstream_refresh")(
            {"ignore_auth": True}, {"enqueue": enqueue}
        )
    except tk.ValidationError as error:
        tk.error_shout(" ".join(error.error_summary.values()))
        raise click.exceptions.Exit(1) from error
    if enqueue:
        click.echo(tk._("A worker will read the other portal"))
    else:
        _say(result)


@upstream.command(short_help="Say when the other portal was read.")
def show() -> None:
    """Say when the other portal was read last, and how that went."""
    _say(tk.get_action("actionplan_upstream_show")({"ignore_auth": True}, {}))


def _say(result: dict[str, Any]) -> None:
    if result["finished_at"]:
        message = tk._("{datasets} datasets, read {finished_at}")
        read = wording.moment(result["finished_at"])
        click.echo(message.format(datasets=result["datasets"], finished_at=read))
    else:
        click.echo(tk._("The other portal was never read as a whole"))
    if result["error"]:
        tk.error_shout(result["error"])
