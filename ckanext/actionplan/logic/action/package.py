"""CKAN's own actions where they would show plans as datasets (decision 1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.logic.schema import default_package_list_schema

if TYPE_CHECKING:
    from collections.abc import Callable

    from ckan.types import Context, DataDict

#: The version of CKAN's API that lists ids instead of names.
_BY_ID: Final = 2


@tk.chained_action
@tk.side_effect_free
def package_list(
    original_action: Callable[[Context, DataDict], list[str]],
    context: Context,
    data_dict: DataDict,
) -> list[str]:
    """List datasets without plans: whoever reads the list would import them as such.

    :param limit: as in CKAN
    :param offset: as in CKAN
    """
    data: dict[str, Any]
    data, errors = tk.navl_validate(data_dict, default_package_list_schema(), context)
    if errors:
        raise tk.ValidationError(errors)
    rest = {
        name: value
        for name, value in data_dict.items()
        if name not in ("limit", "offset")
    }
    table: Any = model.Package
    key = table.id if context.get("api_version") == _BY_ID else table.name
    plans = set(
        model.Session.scalars(
            sa.select(key).where(table.type == "action-plan", table.state == "active")
        )
    )
    found = [name for name in original_action(context, rest) if name not in plans]
    first = int(data.get("offset") or 0)
    limit = data.get("limit")
    return found[first : first + int(limit)] if limit else found[first:]
