"""One topic across councils."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk

from ... import clock, labels
from .. import schema, topics
from ..viewer import Viewer

if TYPE_CHECKING:
    from ckan.types import Context, DataDict

__all__ = ["actionplan_topic_show"]


@tk.side_effect_free
def actionplan_topic_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Show what councils owe on one topic in a year.

    Councils are the owners of public plans in force on a day of that year; they are
    judged by what their public plans oblige to. What is not accepted of reports is for
    those who make and judge them.

    :param topic: key of the topic
    :param year: the year in which the last day lies (optional, this one by default)
    :param state: only councils of which this is said: `done`, `overdue`, `open`,
        `unresolved`, `reported`, `later`, `aside` (optional)
    :param q: part of the title or name of a council (optional)
    :param page: number of the page, from 1 (optional)
    :param rows: rows on a page (optional)
    :returns: `topic`, `year`, `years` to choose from, `as_of`, the number of
        `councils` and their `counts` by what is said of them; `tasks`, one for each
        task and last day: `council`, `state` of the council, the task and its plan,
        `due_on`, `days` past it, `states` with how many obligations are in each,
        `done_on`, `evidence`; `count`, `page`, `pages`, `rows`; `without`: councils
        that owe nothing on the topic that year, `another_year` or `none`
    :raises ckan.logic.NotFound: when there is no such topic
    """
    tk.check_access("actionplan_topic_show", context, data_dict)
    data, errors = tk.navl_validate(data_dict, schema.topic_show(), context)
    if errors:
        raise tk.ValidationError(errors)
    if data["topic"] not in labels.topics():
        raise tk.ObjectNotFound(tk._("There is no such topic"))
    query = topics.Query(
        topic=data["topic"],
        year=data.get("year") or clock.today().year,
        state=data.get("state") or "",
        words=data.get("q") or "",
        page=data.get("page") or 1,
        rows=data.get("rows") or 0,
    )
    return topics.show(Viewer.of(context), query)
