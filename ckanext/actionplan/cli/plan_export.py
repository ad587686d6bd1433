"""`ckan actionplan plan export`: a plan into a file that can be imported again."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import click
import flask

import ckan.plugins.toolkit as tk
from ckan.types import Context

__all__ = ["export_plan"]

_FILE = click.Path(dir_okay=False, path_type=Path)
_ENDINGS: Final = (".docx", ".xlsx", ".csv", ".json")


@click.command("export", short_help="Write a plan as DOCX, XLSX, CSV or JSON.")
@click.argument("name")
@click.argument("file", type=_FILE)
def export_plan(name: str, file: Path) -> None:
    """Write the plan NAME into FILE, whose ending says in which format.

    It is the file that the plan's page offers; private plans are written too.
    """
    ending = file.suffix.lower()
    if ending not in _ENDINGS:
        message = tk._("The file's name ends in none of these: {endings}")
        tk.error_shout(message.format(endings=", ".join(_ENDINGS)))
        raise click.exceptions.Exit(1)
    site_user = tk.get_action("get_site_user")(Context(ignore_auth=True), {})["name"]
    # The page writes the file; nobody is signed in to a command.
    tk.g.user = site_user
    view: Any = flask.current_app.view_functions["actionplan_export.plan"]
    try:
        file.write_bytes(view(name=name, ending=ending[1:]).get_data())
    except tk.ObjectNotFound as error:
        tk.error_shout(tk._("There is no plan {name}").format(name=name))
        raise click.exceptions.Exit(1) from error
    except OSError as error:
        message = tk._("{file} cannot be written: {reason}")
        tk.error_shout(message.format(file=file, reason=error.strerror))
        raise click.exceptions.Exit(1) from error
    click.echo(str(file))
