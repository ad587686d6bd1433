"""For system administrators: what the doctor says, and the last nights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint

import ckan.plugins.toolkit as tk

from . import problems

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from flask.typing import ResponseReturnValue

__all__ = ["actionplan_admin"]

actionplan_admin = Blueprint(
    "actionplan_admin", __name__, url_prefix="/ckan-admin/actionplan"
)
problems.register(actionplan_admin)


@actionplan_admin.route("")
def index() -> str:
    """What is wrong and what to do about it; the last nightly run, step by step."""
    doctor = tk.get_action("actionplan_doctor_show")({}, {})
    groups = _by_state(doctor["findings"])
    # Without its tables the page has to say so all the more.
    tables = any(finding["id"] == "migrations" for finding in groups["ok"])
    extra_vars = {
        "groups": groups,
        "night": tk.get_action("actionplan_night_show")({}, {}) if tables else None,
    }
    return tk.render("admin/actionplan_doctor.html", extra_vars)


@actionplan_admin.route("/night", methods=["POST"])
def night() -> ResponseReturnValue:
    """Let a worker start the nightly run."""
    try:
        tk.get_action("actionplan_night_run")({}, {"enqueue": True})
    except tk.ValidationError as error:
        tk.h.flash_error(" ".join(error.error_summary.values()))
    else:
        tk.h.flash_success(
            tk._("A worker starts the nightly run; look here again in a minute.")
        )
    return tk.h.redirect_to("actionplan_admin.index")


def _by_state(findings: Iterable[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """Findings by their state."""
    groups: dict[str, list[Any]] = {"error": [], "warning": [], "ok": []}
    for finding in findings:
        groups[finding["state"]].append(finding)
    return groups
