"""Work for the workers; arguments are ids only."""

from __future__ import annotations

import logging

import ckan.plugins.toolkit as tk

from .logic import spread

log = logging.getLogger(__name__)


def refresh_upstream() -> None:
    """Read the other portal; how it went stands in its snapshot."""
    try:
        tk.get_action("actionplan_upstream_refresh")({"ignore_auth": True}, {})
    except tk.ValidationError as error:
        log.error("The other portal was not read: %s", error.error_dict)  # noqa: TRY400
        raise


def run_night() -> None:
    """Do everything that is due; how it went stands in the record of the night."""
    tk.get_action("actionplan_night_run")({"ignore_auth": True}, {})


def derive_plans(plan_ids: list[str]) -> None:
    """Derive plans after something changed that concerns them all.

    A plan that cannot be derived is logged by its id and does not stop the others.
    """
    for plan_id in plan_ids:
        spread.derive_one(plan_id)
