"""Pages that say what went wrong: the same for every blueprint of ours."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, cast

import ckan.plugins.toolkit as tk

if TYPE_CHECKING:
    from flask import Blueprint
    from flask.typing import ResponseReturnValue

__all__ = ["not_authorized", "not_found", "not_valid", "problem", "register"]


def problem(code: int, name: str, content: str) -> ResponseReturnValue:
    """CKAN's own page of errors, with the reason and the way to sign in.

    :param code: HTTP status
    :param name: the heading, translated
    :param content: a sentence that says why, translated
    """
    # Whoever signs in comes back to the page, unless it is none to look at.
    rule = tk.request.url_rule
    back = rule is not None and "GET" in (rule.methods or ())
    extra_vars = {
        "code": code,
        "name": name,
        "content": content,
        "came_from": tk.h.full_current_url() if back else "",
        "show_login_redirect_link": (
            code == HTTPStatus.FORBIDDEN and tk.current_user.is_anonymous
        ),
    }
    return tk.render("actionplan_problem.html", extra_vars), code


def not_found(error: tk.ObjectNotFound) -> ResponseReturnValue:
    """Answer 404 with what could not be found."""
    reason = error.message or tk._("Not found")
    return problem(HTTPStatus.NOT_FOUND, tk._("Not found"), str(reason))


def not_authorized(error: tk.NotAuthorized) -> ResponseReturnValue:
    """Answer 403 with the reason."""
    reason = error.message or tk._("You may not see this page")
    return problem(HTTPStatus.FORBIDDEN, tk._("Not authorized"), str(reason))


def not_valid(error: tk.ValidationError) -> ResponseReturnValue:
    """Answer 400 with the sentences of all fields."""
    errors = cast("dict[str, str | list[str]]", error.error_dict)
    sentences: list[str] = []
    for texts in errors.values():
        sentences += [texts] if isinstance(texts, str) else map(str, texts)
    return problem(HTTPStatus.BAD_REQUEST, tk._("Bad request"), "; ".join(sentences))


def register(blueprint: Blueprint) -> None:
    """Let a blueprint answer what actions raise with these pages.

    A handler that the blueprint registers afterwards for the same error takes its place.
    """
    blueprint.register_error_handler(tk.ObjectNotFound, not_found)
    blueprint.register_error_handler(tk.NotAuthorized, not_authorized)
    blueprint.register_error_handler(tk.ValidationError, not_valid)
