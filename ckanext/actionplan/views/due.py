"""The reading of a due in words, for forms while somebody types."""

from __future__ import annotations

import flask
from flask import Blueprint

import ckan.plugins.toolkit as tk

from .. import words
from ..core import due
from ..core.errors import DueError

actionplan_due = Blueprint("actionplan_due", __name__)


@actionplan_due.route("/action-plan/due/words", endpoint="words")
def read() -> flask.Response:
    """Say what a due in normal form means, as JSON: `due`, `words`, `valid`."""
    text = tk.request.args.get("due", "")
    try:
        normal = due.render(due.parse(text))
    except DueError:
        message = tk._("not a due date yet")
        return flask.jsonify(due=text, words=message, valid=False)
    return flask.jsonify(due=normal, words=words.due_words(normal), valid=True)
