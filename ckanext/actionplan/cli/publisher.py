"""`ckan actionplan publisher`: organizations that plans bind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

import ckan.plugins.toolkit as tk
from ckan.types import Context

from .. import config
from ..logic.importing import messages

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["publisher"]


@click.group(short_help="Organizations that plans bind.")
def publisher() -> None:
    """Organizations that plans bind."""


@publisher.command(short_help="Let one organization go on as another.")
@click.argument("old")
@click.argument("new")
@click.option(
    "--from",
    "day",
    required=True,
    metavar="DATE",
    help="First day on which NEW owes, as 2026-06-01; today at the latest.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be done, do nothing.")
def merge(old: str, new: str, day: str, dry_run: bool) -> None:
    """Let NEW owe from a day on what OLD owed (names or ids of organizations).

    Plans that name OLD name NEW afterwards, plans that OLD owns are NEW's. What was
    due before the day stays with OLD, with its reports. A merger is not undone.
    Datasets and members are moved in CKAN; then OLD can be deleted, and its old
    address leads to NEW.
    """
    user = tk.get_action("get_site_user")(Context(ignore_auth=True), {})
    data = {"old": old, "new": new, "merged_from": day, "dry_run": dry_run}
    try:
        done = tk.get_action("actionplan_publisher_merge")(
            Context(user=user["name"], ignore_auth=True), data
        )
    except tk.ValidationError as error:
        for message in messages(error.error_dict):
            tk.error_shout(message)
        raise click.exceptions.Exit(1) from error
    _say(done)


def _say(done: Mapping[str, Any]) -> None:
    old, new = done["old"], done["new"]
    message = tk._("“{old}” ({old_name}) goes on as “{new}” ({new_name}) from {day}.")
    click.echo(
        message.format(
            old=old["title"],
            old_name=old["name"],
            new=new["title"],
            new_name=new["name"],
            day=done["merged_from"],
        )
    )
    _say_plans(done["plans"])
    _say_obligations(done)
    if done["dry_run"]:
        click.echo(tk._("Nothing was saved."))
    else:
        _say_left(done)


def _say_plans(plans: list[dict[str, Any]]) -> None:
    labels = {
        "owner_org": tk._("owner"),
        "reviewing_organization": tk._("reviewers"),
        "participants": tk._("participants"),
        "executors": tk._("executors"),
        "tasks": tk._("leads of tasks"),
    }
    if not plans:
        click.echo(tk._("No plan names the old organization."))
    for plan in plans:
        fields = ", ".join(labels[name] for name in plan["fields"])
        click.echo(f"    {plan['title']} ({plan['name']}): {fields}")


def _say_obligations(done: Mapping[str, Any]) -> None:
    kept = tk.ungettext(
        "{count} obligation due before that day stays with the old organization.",
        "{count} obligations due before that day stay with the old organization.",
        done["kept"],
    )
    passed = tk.ungettext(
        "{count} later one passes to the new organization.",
        "{count} later ones pass to the new organization.",
        done["passed"],
    )
    click.echo(kept.format(count=done["kept"]))
    click.echo(passed.format(count=done["passed"]))
    if done["reported"]:
        reported = tk.ungettext(
            "There is a report on {count} of them already; look at it.",
            "There are reports on {count} of them already; look at them.",
            done["reported"],
        )
        click.echo(reported.format(count=done["reported"]))


def _say_left(done: Mapping[str, Any]) -> None:
    """What is to be done by hand."""
    old = done["old"]
    if done["datasets"] or done["members"]:
        message = tk._(
            "Left with “{old}”: {datasets} datasets, {members} members. Move them in "
            "CKAN; then delete the organization."
        )
        click.echo(
            message.format(
                old=old["title"], datasets=done["datasets"], members=done["members"]
            )
        )
    elif old["state"] == "active":
        message = tk._("“{old}” can be deleted; its address will lead to “{new}”.")
        click.echo(message.format(old=old["title"], new=done["new"]["title"]))
    if config.reviewers_organization() in (old["name"], old["id"]):
        message = tk._("Set the option {option} to {name}: reviewers changed too.")
        option = "ckanext.actionplan.reviewers_organization"
        click.echo(message.format(option=option, name=done["new"]["name"]))
