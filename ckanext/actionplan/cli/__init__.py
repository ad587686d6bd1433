"""`ckan actionplan`: thin commands over the actions."""

from __future__ import annotations

import click

from .plan import plan


@click.group(short_help="Action plans and compliance.")
def actionplan() -> None:
    """Action plans, obligations and compliance of publishers."""


actionplan.add_command(plan)

__all__ = ["actionplan"]
