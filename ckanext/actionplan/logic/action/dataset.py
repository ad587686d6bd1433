"""Facts of datasets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ckan.plugins.toolkit as tk

from .. import facts

if TYPE_CHECKING:
    from ckan.types import Context, DataDict

__all__ = ["actionplan_dataset_rebuild"]


def actionplan_dataset_rebuild(context: Context, data_dict: DataDict) -> dict[str, int]:
    """Write the facts of all datasets again and remove those of purged ones.

    :returns: `{"written": …, "removed": …}`
    """
    tk.check_access("actionplan_dataset_rebuild", context, data_dict)
    return facts.rebuild()
