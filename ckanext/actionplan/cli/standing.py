"""`ckan actionplan standing`: sums of publishers."""

from __future__ import annotations

import click

import ckan.plugins.toolkit as tk

__all__ = ["standing"]


@click.group(short_help="Sums of publishers.")
def standing() -> None:
    """The sums that the compliance page sorts by."""


@standing.command(short_help="Refresh the sums of all publishers.")
def refresh() -> None:
    """Refresh the sums of all publishers.

    To be run every night, since dates pass without anybody saving anything.
    """
    result = tk.get_action("actionplan_standing_refresh")({"ignore_auth": True}, {})
    message = tk._("Sums of {publishers} publishers are up to date")
    click.echo(message.format(**result))
