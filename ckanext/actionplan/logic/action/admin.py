"""What system administrators run and look at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import ckan.plugins.toolkit as tk

from .. import background, doctor, nightly

if TYPE_CHECKING:
    from ckan.types import Context, DataDict

__all__ = ["actionplan_doctor_show", "actionplan_night_run", "actionplan_night_show"]

_JOB: Final = "ckanext.actionplan.jobs.run_night"
#: A night of a large portal; the reading of the other one has a limit of its own.
_JOB_SECONDS: Final = 6 * 3600


def actionplan_night_run(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Do everything that is due: roll plans on, repair, count.

    What is done since midnight is not done again; a run that was cut short goes on.
    Of two starts one does the work, the other comes back at once.

    :param again: do also what is done since midnight (optional)
    :param enqueue: let a worker do it and return at once (optional)
    :returns: as `actionplan_night_show`, and `started`: False when another process is
        at it, or will be
    """
    tk.check_access("actionplan_night_run", context, data_dict)
    if tk.asbool(data_dict.get("enqueue", False)):
        background.enqueue(
            _JOB, title="actionplan nightly", seconds=_JOB_SECONDS, key="night"
        )
        return {**nightly.show(), "started": False}
    started = nightly.run(again=tk.asbool(data_dict.get("again", False)))
    return {**nightly.show(), "started": started}


@tk.side_effect_free
def actionplan_night_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Show the last nightly run with its steps, and those before.

    :returns: `state` (none, running, interrupted, failed, done), `night_on`,
        `started_at`, `finished_at`, `steps` (each with `id`, `title`, `state`, `done`,
        `words`, `message`, `started_at`, `finished_at`) and `nights`, the newest first
    """
    tk.check_access("actionplan_night_show", context, data_dict)
    return nightly.show()


@tk.side_effect_free
def actionplan_doctor_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Look at the portal and say what is wrong and what to do about it.

    :returns: `state`, the worst of all, and `findings`, the worst first, each with
        `id`, `title`, `state` (ok, warning, error), `text`, `advice` and `lines`
        (settings and commands as they are typed)
    """
    tk.check_access("actionplan_doctor_show", context, data_dict)
    findings = doctor.examine()
    return {"state": findings[0]["state"], "findings": findings}
