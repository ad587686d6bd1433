"""Portal-wide dates, and the wordings that wait for one."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ... import clock, config
from ...core.event import Event
from ...model import PortalDate
from .. import dates, obligations, schema, spread, unresolved
from ..viewer import Viewer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ckan.types import Context, DataDict, Schema

__all__ = [
    "actionplan_portal_date_create",
    "actionplan_portal_date_delete",
    "actionplan_portal_date_list",
    "actionplan_portal_date_match",
    "actionplan_portal_date_show",
    "actionplan_portal_date_update",
    "actionplan_wording_list",
]


@tk.side_effect_free
def actionplan_portal_date_list(
    context: Context, data_dict: DataDict
) -> list[dict[str, Any]]:
    """List portal-wide dates, the latest first.

    :param removed: those that were removed instead of those that hold (optional)
    :returns: dicts with `id`, `title`, `topic`, `words`, `due_on`, `removed`,
        `changed_at`, and how many `tasks` and `plans` it ties
    """
    tk.check_access("actionplan_portal_date_list", context, data_dict)
    removed = tk.asbool(data_dict.get("removed") or False)
    return dates.listed(Viewer.of(context), removed=removed)


@tk.side_effect_free
def actionplan_portal_date_show(
    context: Context, data_dict: DataDict
) -> dict[str, Any]:
    """Show a portal-wide date with the tasks that it ties.

    :param id: id of the date
    :param page: number of the page of tasks, from 1 (optional)
    :param rows: tasks on a page (optional)
    :returns: a dict as in `actionplan_portal_date_list` with `page`, `pages`, the
        number of `reports` on what it made due, and the tasks as `rows`: plan, task
        and its obligations by state
    """
    tk.check_access("actionplan_portal_date_show", context, data_dict)
    date_id = tk.get_or_bust(data_dict, "id")
    asked = _validated(context, data_dict, schema.pages())
    viewer = Viewer.of(context)
    shown = _one(viewer, date_id)
    size = asked.get("rows") or config.rows_count()
    pages = max(1, -(-shown["tasks"] // size))
    page = min(asked.get("page") or 1, pages)
    scope = dates.Judged(clock.today(), obligations.window())
    rows = dates.tied(viewer, date_id, scope, limit=size, offset=(page - 1) * size)
    reports = dates.reports_count(date_id)
    return {**shown, "page": page, "pages": pages, "reports": reports, "rows": rows}


def actionplan_portal_date_create(
    context: Context, data_dict: DataDict
) -> dict[str, Any]:
    """Set a date for all tasks without a day that are about a topic or speak of words.

    :param title: what takes place on that day
    :param topic: topic of the tasks (optional when there are words)
    :param words: words or beginnings of words that task, deadline and indicator hold,
        all of them (optional when there is a topic)
    :param due_on: the day, as 2025-03-01
    :returns: a dict as in `actionplan_portal_date_list` with the number of plans that
        are `derived`, `queued` for a worker, `late` (the nightly run derives them), and
        that `failed`
    """
    tk.check_access("actionplan_portal_date_create", context, data_dict)
    data = _validated(context, data_dict, schema.portal_date())
    dates.lock()
    _refuse_twin(data, "")
    user = model.User.get(context.get("user"))
    row = PortalDate(
        id=str(uuid.uuid4()),
        **_values(data),
        removed=False,
        author_id=user.id if user else "",
        created_at=clock.now(),
        changed_at=clock.now(),
    )
    model.Session.add(row)
    return _spread(context, row.id, [_event(row)])


def actionplan_portal_date_update(
    context: Context, data_dict: DataDict
) -> dict[str, Any]:
    """Change a portal-wide date; reports stay with the promises that it made due.

    :param id: id of the date
    :param title: what takes place on that day
    :param topic: topic of the tasks (optional when there are words)
    :param words: words that the tasks hold (optional when there is a topic)
    :param due_on: the day, as 2025-03-01
    :param removed: `false` brings a removed date back (optional)
    :returns: as `actionplan_portal_date_create`
    """
    tk.check_access("actionplan_portal_date_update", context, data_dict)
    row = _locked(tk.get_or_bust(data_dict, "id"))
    data = _validated(context, data_dict, schema.portal_date())
    if data.get("removed", row.removed):
        raise tk.ValidationError({"removed": [tk._("This date was removed")]})
    _refuse_twin(data, row.id)
    before = [] if row.removed else [_event(row)]
    for name, value in _values(data).items():
        setattr(row, name, value)
    row.removed = False
    row.changed_at = clock.now()
    return _spread(context, row.id, [*before, _event(row)])


def actionplan_portal_date_delete(
    context: Context, data_dict: DataDict
) -> dict[str, Any]:
    """Take a portal-wide date back: what it made due is withdrawn, reports are kept.

    :param id: id of the date
    :returns: as `actionplan_portal_date_create`
    """
    tk.check_access("actionplan_portal_date_delete", context, data_dict)
    row = _locked(tk.get_or_bust(data_dict, "id"))
    if row.removed:
        raise tk.ValidationError({"id": [tk._("This date was removed")]})
    row.removed = True
    row.changed_at = clock.now()
    return _spread(context, row.id, [_event(row)])


@tk.side_effect_free
def actionplan_portal_date_match(
    context: Context, data_dict: DataDict
) -> dict[str, Any]:
    """Show which tasks a date would tie, before it is set.

    :param topic: topic of the tasks (optional when there are words)
    :param words: words that the tasks hold (optional when there is a topic)
    :param due_on: the day, as 2025-03-01; without it terms are not asked (optional)
    :param id: id of the date when it is set already (optional)
    :returns: number of `tasks` and `plans`; `outside`: tasks whose plan is not in force
        on that day; the first tasks as `rows`, each with the titles of other dates of
        the `same_day` that tie it too
    """
    tk.check_access("actionplan_portal_date_match", context, data_dict)
    data = _validated(context, data_dict, schema.portal_date_match())
    day: date | None = data["due_on"]
    event = Event(
        data.get("id") or "", data["topic"], data["words"], day or clock.today()
    )
    return unresolved.matched(
        Viewer.of(context), event, config.rows_count(), dated=day is not None
    )


@tk.side_effect_free
def actionplan_wording_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """List wordings without a day that nothing ties yet, the most frequent first.

    :param topic: only of tasks of this topic (optional)
    :param page: number of the page, from 1 (optional)
    :param rows: wordings on a page (optional)
    :returns: `count`, `page`, `pages` and `groups`: dicts with `topic`, `wording`, the
        `words` by which a date would tie it, the number of `tasks` and `plans`, and
        the first tasks as `samples`
    """
    tk.check_access("actionplan_wording_list", context, data_dict)
    data = _validated(context, data_dict, schema.pages())
    return unresolved.wordings(
        Viewer.of(context),
        topic=data["topic"],
        page=data.get("page") or 1,
        rows=data.get("rows") or config.rows_count(),
    )


def _validated(context: Context, data_dict: DataDict, asked: Schema) -> dict[str, Any]:
    data: dict[str, Any]
    errors: dict[str, Any]
    data, errors = tk.navl_validate(data_dict, asked, context)
    by_either = "words" in asked and not {"topic", "words"} & errors.keys()
    if by_either and not (data["topic"] or data["words"]):
        errors["topic"] = [tk._("Choose a topic or give words")]
    if errors:
        raise tk.ValidationError(errors)
    return data


def _values(data: dict[str, Any]) -> dict[str, Any]:
    return {name: data[name] for name in ("title", "topic", "words", "due_on")}


def _event(row: PortalDate) -> Event:
    return Event(row.id, row.topic, row.words, row.due_on)


def _locked(date_id: str) -> PortalDate:
    dates.lock()
    row = model.Session.get(PortalDate, date_id)
    if row is None:
        raise tk.ObjectNotFound(tk._("Date not found"))
    model.Session.refresh(row)
    return row


def _refuse_twin(data: dict[str, Any], but: str) -> None:
    """The same date twice would make every task due twice."""
    table = PortalDate.__table__.c
    twin = model.Session.execute(
        sa.select(table.title).where(
            table.removed.is_(False),
            table.id != but,
            table.topic == data["topic"],
            table.words == data["words"],
            table.due_on == data["due_on"],
        )
    ).scalar()
    if twin is not None:
        message = tk._("This date is set already: “{title}”").format(title=twin)
        raise tk.ValidationError({"due_on": [message]})


def _one(viewer: Viewer, date_id: str) -> dict[str, Any]:
    found = dates.listed(viewer, removed=None, date_id=date_id)
    if not found:
        raise tk.ObjectNotFound(tk._("Date not found"))
    return found[0]


def _spread(context: Context, date_id: str, changed: Sequence[Event]) -> dict[str, Any]:
    """Commit the change, then bring the plans concerned up to date."""
    model.Session.flush()
    plan_ids = unresolved.concerned(changed)
    model.Session.commit()
    outcome = spread.spread(plan_ids)
    return {
        **_one(Viewer.of(context), date_id),
        "derived": outcome.derived,
        "queued": outcome.queued,
        "late": outcome.late,
        "failed": len(outcome.failed),
    }
