"""`ckan actionplan`: thin commands over the actions."""

from __future__ import annotations

import click

from .dataset import dataset
from .plan import plan
from .standing import standing
from .uninstall import uninstall
from .upstream import upstream


@click.group(short_help="Action plans and compliance.")
def actionplan() -> None:
    """Action plans, obligations and compliance of publishers."""


actionplan.add_command(dataset)
actionplan.add_command(plan)
actionplan.add_command(standing)
actionplan.add_command(uninstall)
actionplan.add_command(upstream)

__all__ = ["actionplan"]
