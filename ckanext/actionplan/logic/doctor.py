"""What is wrong with the portal, and what to do about it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy.exc import ProgrammingError

import ckan.plugins.toolkit as tk
from ckan import model

from .checks import ERROR, OK, WARNING, Finding, checks
from .checks.base import command, running
from .night_steps import sentence

if TYPE_CHECKING:
    from .checks import Check

log = logging.getLogger(__name__)

#: The worst first.
STATES: Final = (ERROR, WARNING, OK)


def examine() -> list[dict[str, Any]]:
    """Look at everything; nothing is changed.

    :returns: for each check `id`, `title`, `state` (ok, warning, error), `text`,
        `advice` and `lines` (settings or commands), the worst first.
    """
    found = [_examined(check) for check in checks()]
    return sorted(found, key=lambda each: STATES.index(each["state"]))


def _examined(check: Check) -> dict[str, Any]:
    try:
        finding = check.examine()
    except ProgrammingError as problem:
        # Tables or columns are missing: no news when the migrations are behind.
        model.Session.rollback()
        log.info("The check %s needs newer tables: %s", check.id, problem.orig)
        finding = _too_old()
    except Exception as problem:  # a broken part must not hide the others
        model.Session.rollback()
        log.exception("The check %s broke down", check.id)
        finding = _broken(problem)
    return {
        "id": check.id,
        "title": check.title(),
        "state": finding.state,
        "text": finding.text,
        "advice": finding.advice,
        "lines": list(finding.lines),
    }


def _too_old() -> Finding:
    return Finding(
        ERROR,
        tk._(
            "This cannot be looked at: tables are missing or older than this version."
        ),
        running(),
        (command("db upgrade -p actionplan"),),
    )


def _broken(problem: Exception) -> Finding:
    return Finding(
        ERROR,
        tk._("This could not be looked at. {problem}").format(
            problem=sentence(problem)
        ),
        tk._("Mend the other findings first; the portal's log has the details."),
    )
