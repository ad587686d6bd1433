"""Addresses of a page with some of its parameters changed: filters can be shared."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

import ckan.plugins.toolkit as tk

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Address", "builder", "pushed"]

Address: TypeAlias = Callable[..., str]


def builder(endpoint: str, params: Mapping[str, Any], **values: Any) -> Address:
    """A function that gives the page's address with some parameters changed.

    Empty values leave the address. Its first argument is another endpoint, if any.

    :param params: what stands in the query of the page.
    :param values: what stands in its path.
    """

    def address(_endpoint: str = endpoint, **changes: Any) -> str:
        merged = {**params, **changes}
        kept = {key: value for key, value in merged.items() if value not in (None, "")}
        return tk.h.url_for(_endpoint, **values, **kept)

    return address


def pushed(address: Address) -> dict[str, str]:
    """Headers that let the browser show the page's address without empty parameters.

    A form sends its empty fields too.
    """
    if "" in tk.request.args.values():
        return {"HX-Push-Url": address()}
    return {}
