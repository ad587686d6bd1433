"""Work for the workers; arguments are ids only."""

from __future__ import annotations

import logging

import ckan.plugins.toolkit as tk

log = logging.getLogger(__name__)


def refresh_upstream() -> None:
    """Read the other portal; how it went stands in its snapshot."""
    try:
        tk.get_action("actionplan_upstream_refresh")({"ignore_auth": True}, {})
    except tk.ValidationError as error:
        log.error("The other portal was not read: %s", error.error_dict)  # noqa: TRY400
        raise
