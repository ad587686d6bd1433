"""Old addresses of organizations lead to the living ones (decision 7)."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, TypeVar

import flask

import ckan.plugins.toolkit as tk

from ..logic import names

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

    View = TypeVar("View", bound=Callable[..., ResponseReturnValue])


def leads_on(view: View) -> View:
    """Let a page of an organization follow it to its name of today.

    :param view: takes the organization's `name`; when it raises
        `ObjectNotFound` and the name is known to be another's now, the answer is a
        redirect to the same page, file ending and query of that one.
    """

    @functools.wraps(view)
    def wrapped(name: str, **values: str) -> ResponseReturnValue:
        try:
            return view(name=name, **values)
        except tk.ObjectNotFound:
            living = names.current(name)
            if living is None or living == name:
                raise
            return _redirect({**values, "name": living})

    return wrapped  # pyright: ignore[reportReturnType] - the same signature


def _redirect(values: dict[str, str]) -> ResponseReturnValue:
    request = tk.request
    address = tk.h.url_for(str(request.endpoint), **values)
    query = request.query_string.decode("ascii", "replace")
    response = flask.redirect(f"{address}?{query}" if query else address, 301)
    # A name may come back: a browser that never asked again would go in circles.
    response.headers["Cache-Control"] = "no-cache"
    return response
