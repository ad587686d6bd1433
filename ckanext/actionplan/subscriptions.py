"""Receivers of CKAN's signals."""

from __future__ import annotations

from typing import Any, Final

import flask

import ckan.plugins.toolkit as tk

from . import config
from .logic import importing

#: Where forms with hundreds of tasks arrive.
_BLUEPRINTS: Final = ("action-plan", "actionplan_import")
#: Fields of a form: a thousand tasks of twenty fields each.
_FORM_PARTS: Final = 20_000


def get_subscriptions() -> dict[Any, Any]:
    """Signals and their receivers."""
    return {tk.signals.request_started: [allow_large_forms, limit_uploads]}


def allow_large_forms(sender: Any, **extra: Any) -> None:
    """Let forms of plans be larger than Flask's 500,000 bytes and 1,000 parts.

    A Ukrainian letter takes six bytes in a form, so a plan of 120 tasks is refused
    otherwise. A view is too late: the check of the CSRF token reads the form before.
    """
    request = flask.request
    if request.method == "POST" and request.blueprint in _BLUEPRINTS:
        request.max_form_memory_size = config.form_bytes()
        request.max_form_parts = _FORM_PARTS


def limit_uploads(sender: Any, **extra: Any) -> None:
    """Refuse a document that is too large before it is read from the network."""
    importing.limit_request(flask.request)
