"""`/compliance/topic/<topic>`: the same topic across councils."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint

import ckan.plugins.toolkit as tk

from .. import clock, labels
from ..model.topics import VERDICTS
from . import addresses, export, problems, shaping, tables

if TYPE_CHECKING:
    from flask import Response
    from flask.typing import ResponseReturnValue

__all__ = ["actionplan_topic"]

actionplan_topic = Blueprint(
    "actionplan_topic", __name__, url_prefix="/compliance/topic"
)
problems.register(actionplan_topic)

#: Rows of a file: all that there are.
_ALL: Final = 1_000_000
_YEAR: Final = re.compile("20[0-9]{2}")


def _query() -> dict[str, str]:
    """Filters of the address; what is no year or state filters nothing."""
    args = tk.request.args
    year, state = args.get("year", ""), args.get("state", "")
    return {
        "year": year if _YEAR.fullmatch(year) else "",
        "state": state if state in VERDICTS else "",
        "q": args.get("q", "").strip()[:200],
    }


def _shown(topic: str, **more: int) -> dict[str, Any]:
    return tk.get_action("actionplan_topic_show")(
        {}, {"topic": topic, **_query(), **more}
    )


def choose() -> ResponseReturnValue:
    """Lead from a chosen topic to its page."""
    topic = tk.request.args.get("topic", "")
    if not topic:
        return tk.h.redirect_to("compliance.index")
    kept = {name: value for name, value in _query().items() if value}
    return tk.h.redirect_to("actionplan_topic.read", topic=topic, **kept)


def read(topic: str) -> ResponseReturnValue:
    """A topic: how councils stand, what they owe that year, who has no such task."""
    page = shaping.page_number(tk.request.args.get("page"))
    shown = _shown(topic, page=page)
    query = _query()
    address = addresses.builder("actionplan_topic.read", query, topic=topic)
    extra_vars = {
        "shown": shown,
        "title": labels.text("topic", topic),
        "topics": labels.topics(),
        "query": query,
        "verdicts": {
            key: labels.verdict(key, count) for key, count in shown["counts"].items()
        },
        "this_year": clock.today().year,
        "address": address,
    }
    return tk.render("compliance/topic.html", extra_vars), addresses.pushed(address)


def read_export(topic: str, ending: str) -> Response:
    """The table of a topic as a file; JSON is the whole page."""
    shown = _shown(topic, rows=_ALL)
    name = f"{topic}-{shown['year']}"
    if ending == "json":
        del shown["page"], shown["pages"], shown["rows"]
        return export.json_response(name, shown)
    return export.table_response(
        ending,
        name,
        *tables.topic(shown["tasks"]),
        title=labels.text("topic", topic),
    )


_add = actionplan_topic.add_url_rule
_add("", view_func=choose)
_add("/<topic>", view_func=read)
_add(f"/<topic>.{export.ENDINGS}", view_func=read_export)
