"""`ckan actionplan`: thin commands over the actions."""

from __future__ import annotations

import click

from .dataset import dataset
from .doctor import doctor
from .nightly import nightly
from .plan import plan
from .publisher import publisher
from .standing import standing
from .uninstall import uninstall
from .upstream import upstream


@click.group(short_help="Action plans and compliance.")
@click.pass_context
def actionplan(context: click.Context) -> None:
    """Action plans, obligations and compliance of publishers."""
    # Texts are worded in the portal's language, as for a page.
    context.with_resource(context.meta["flask_app"].test_request_context())


actionplan.add_command(dataset)
actionplan.add_command(doctor)
actionplan.add_command(nightly)
actionplan.add_command(plan)
actionplan.add_command(publisher)
actionplan.add_command(standing)
actionplan.add_command(uninstall)
actionplan.add_command(upstream)

__all__ = ["actionplan"]
