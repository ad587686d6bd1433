"""The other portal that should hold a copy of the datasets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import ckan.plugins.toolkit as tk

from ... import config
from .. import background, snapshot

if TYPE_CHECKING:
    from ckan.types import Context, DataDict

__all__ = ["actionplan_upstream_refresh", "actionplan_upstream_show"]

#: By name: the layers below do not know the jobs.
_JOB: Final = "ckanext.actionplan.jobs.refresh_upstream"
_SPARE_SECONDS: Final = 600


@tk.side_effect_free
def actionplan_upstream_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Show when the other portal was read last and how that went.

    :returns: `state` of the last reading (none, running, whole, failed), its
        `started_at` and `error`; `finished_at` and `datasets` of the last whole one;
        `old`, `url`, and the `reason` why presence is not measured, if any
    """
    tk.check_access("actionplan_upstream_show", context, data_dict)
    return snapshot.show()


def actionplan_upstream_refresh(
    context: Context, data_dict: DataDict
) -> dict[str, Any]:
    """Read the other portal; the last whole reading stays when this one fails.

    :param enqueue: let a worker do it and return at once (optional)
    :returns: as `actionplan_upstream_show`
    """
    tk.check_access("actionplan_upstream_refresh", context, data_dict)
    if tk.asbool(data_dict.get("enqueue", False)):
        timeout = config.upstream_run_seconds() + _SPARE_SECONDS
        background.enqueue(
            _JOB, title="actionplan upstream", seconds=timeout, key="upstream"
        )
    else:
        snapshot.refresh()
    return snapshot.show()
