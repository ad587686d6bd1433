"""`ckan actionplan doctor`: what is wrong, and what to do about it."""

from __future__ import annotations

import json
from typing import Any, Final

import click

import ckan.plugins.toolkit as tk

from .. import labels

__all__ = ["doctor"]

_COLORS: Final = {"error": "red", "warning": "yellow", "ok": "green"}


@click.command(short_help="Say what is wrong and what to do about it.")
@click.option("--quiet", is_flag=True, help="Leave out what is in order.")
@click.option("--json", "as_json", is_flag=True, help="Print all findings as JSON.")
def doctor(quiet: bool, as_json: bool) -> None:
    """Look at plugins, tables, services, reviewers, datasets, the nightly run and more.

    Each finding says what is so and, when something is wrong, exactly what to do.
    Nothing is changed. Ends with 1 when something does not work.
    """
    result = tk.get_action("actionplan_doctor_show")({"ignore_auth": True}, {})
    findings = result["findings"]
    if as_json:
        click.echo(json.dumps(result, ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            if not quiet or finding["state"] != "ok":
                _say(finding)
        _sum_up(findings)
    if result["state"] == "error":
        raise click.exceptions.Exit(1)


def _say(finding: dict[str, Any]) -> None:
    label = labels.check(finding["state"])
    head = click.style(f"{label.sign} {finding['title']}", fg=_COLORS[finding["state"]])
    click.echo(f"{head}: {finding['text']}")
    if finding["advice"]:
        click.echo(f"    {finding['advice']}")
    for line in finding["lines"]:
        click.echo(f"        {line}")


def _sum_up(findings: list[dict[str, Any]]) -> None:
    counts = {
        state: sum(finding["state"] == state for finding in findings)
        for state in _COLORS
    }
    message = tk._(
        "Does not work: {error}. Could be better: {warning}. In order: {ok}."
    )
    click.echo(message.format(**counts))
