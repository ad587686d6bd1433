"""Plans: repairing what is derived from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan import model

from .. import derive

if TYPE_CHECKING:
    from ckan.types import Context, DataDict

__all__ = ["actionplan_plan_derive"]


def actionplan_plan_derive(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Derive the obligations of a plan again; without changes nothing changes.

    :param id: id or name of the plan
    :returns: `{"id": …}`
    """
    package = model.Package.get(tk.get_or_bust(data_dict, "id"))
    if package is None or package.type != derive.DATASET_TYPE:
        raise tk.ObjectNotFound(tk._("Plan not found"))
    tk.check_access("actionplan_plan_derive", context, {"id": package.id})
    derive.lock(package.id)
    derive.derive(package.id, context)
    model.Session.commit()
    return {"id": package.id}
