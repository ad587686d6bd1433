"""`ckan actionplan nightly`: everything that is due, once a night."""

from __future__ import annotations

from typing import Any

import click

import ckan.plugins.toolkit as tk

from .. import labels

__all__ = ["nightly"]


@click.command(short_help="Do everything that is due; for cron.")
@click.option("--again", is_flag=True, help="Do also what is done since midnight.")
@click.option("--quiet", is_flag=True, help="Print failures only.")
def nightly(again: bool, quiet: bool) -> None:
    """Do everything that is due: roll plans on, repair, read the other portal, count.

    To be run every night. It can be run at any time: what is done since midnight is
    not done again, a run that was cut short goes on, and of two starts one does the
    work. Ends with 1 when a step failed; the steps after it are done all the same.
    """
    result = tk.get_action("actionplan_night_run")(
        {"ignore_auth": True}, {"again": again}
    )
    if not result["started"]:
        if not quiet:
            click.echo(tk._("The nightly run is under way already."))
        return
    failed = [step for step in result["steps"] if step["state"] == "failed"]
    for step in failed if quiet else result["steps"]:
        _say(step)
    if failed:
        raise click.exceptions.Exit(1)


def _say(step: dict[str, Any]) -> None:
    label = labels.night(step["state"])
    words = " ".join(filter(None, (step["words"], step["message"])))
    message = f"{label.sign} {step['title']}: {words or label.word}"
    if step["state"] == "failed":
        tk.error_shout(message)
    else:
        click.echo(message)
