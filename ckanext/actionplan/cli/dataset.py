"""`ckan actionplan dataset`: facts of datasets."""

from __future__ import annotations

import click

import ckan.plugins.toolkit as tk

__all__ = ["dataset"]


@click.group(short_help="Facts of datasets.")
def dataset() -> None:
    """What is known of each dataset, for compliance pages and cards."""


@dataset.command(short_help="Write the facts of all datasets again.")
def rebuild() -> None:
    """Write the facts of all datasets again, batch by batch.

    Needed once on a portal that had datasets already, and after field names in the
    configuration have changed. It can be run at any time.
    """
    result = tk.get_action("actionplan_dataset_rebuild")({"ignore_auth": True}, {})
    message = tk._("{written} datasets written, {removed} removed")
    click.echo(message.format(**result))
