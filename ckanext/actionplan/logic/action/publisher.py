"""Compliance of publishers."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, cast

import ckan.plugins.toolkit as tk
from ckan import authz, model

from ... import clock
from ...core.period import QUARTER, Period, PeriodError
from ...model.publishers import councils_of
from .. import (
    names,
    obligations,
    overview,
    participants,
    publishers,
    snapshot,
    standing,
)
from .. import scope as scopes
from ..viewer import Viewer

if TYPE_CHECKING:
    from ckan.types import Context, DataDict

__all__ = [
    "actionplan_publisher_list",
    "actionplan_publisher_show",
    "actionplan_standing_refresh",
]


@tk.side_effect_free
def actionplan_publisher_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Show the tasks, the datasets and the live score card of a publisher.

    Private plans and datasets are shown to members of their organization and to
    system administrators; the card counts public ones only, for everybody.

    :param id: name or id of the organization
    :param period: the current quarter, as `2026-Q4` (optional)
    :returns: `organization`, `councils`, `is_council`, `without_plan`, `period`,
        `as_of`, `may_edit`, `tasks`, `datasets`, `orphaned`, `card`, `snapshot`;
        `asked`: for its administrators the plans that name it and wait for its word,
        as `actionplan_participant_list` gives them; `heir` and `formers`: whom it was
        merged into, and whom it took over
    """
    tk.check_access("actionplan_publisher_show", context, data_dict)
    organization = publishers.organization(tk.get_or_bust(data_dict, "id"))
    found = scopes.snapshots(clock.now())
    scope = scopes.current([organization["id"]], found)
    _check_period(data_dict.get("period") or "", scope.period)
    viewer = Viewer.of(context)
    councils = scopes.mappings(councils_of(organization["id"]))
    tasks = obligations.rows(viewer, scope.as_of, organization_id=organization["id"])
    without_plan = not councils and all(task["private"] for task in tasks)
    datasets, orphaned = publishers.split(
        publishers.datasets(scope, viewer, organization["id"])
    )
    ids = [council["id"] for council in councils]
    return {
        "organization": organization,
        "councils": [row for row in councils if row["id"] != organization["id"]],
        "is_council": organization["id"] in ids,
        "without_plan": without_plan,
        "period": scope.period.name,
        "as_of": clock.now().isoformat(),
        "may_edit": viewer.may_edit([organization["id"]]),
        "tasks": [_plain(task) for task in tasks],
        "datasets": datasets,
        "orphaned": orphaned,
        "card": publishers.card(scope, organization["id"], without_plan=without_plan),
        "snapshot": snapshot.dictize(found),
        "asked": _asked(context, viewer, organization["id"]),
        **_plain(names.succession(organization["id"])),
    }


def _asked(
    context: Context, viewer: Viewer, organization_id: str
) -> list[dict[str, Any]]:
    """Plans that wait for the word of a user who may give it."""
    user = context.get("user", "")
    if not user and not viewer.everything:
        return []
    found = participants.rows(viewer, organization_id=organization_id, pending=True)
    # Most are asked by no plan: permissions are looked up for the others only.
    if found and (viewer.everything or _administers(user, organization_id)):
        return found
    return []


def _administers(user: str, organization_id: str) -> bool:
    return authz.has_user_permission_for_group_or_org(organization_id, user, "update")


def _check_period(name: str, current: Period) -> None:
    """A card lives in the current quarter; no other is kept yet."""
    if not name:
        return
    try:
        period = Period.parse(name)
    except PeriodError as error:
        message = tk._("Write a quarter as {example}").format(example=current.name)
        raise tk.ValidationError({"period": [message]}) from error
    if period.months != QUARTER:
        message = tk._("Write a quarter as {example}").format(example=current.name)
        raise tk.ValidationError({"period": [message]})
    if period != current:
        raise tk.ObjectNotFound(tk._("No score card was kept for this period"))


def _plain(value: Any) -> Any:
    """What JSON can carry: dates and moments as ISO 8601."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        parts = cast("dict[str, Any]", value)
        return {key: _plain(part) for key, part in parts.items()}
    if isinstance(value, list):
        return [_plain(part) for part in cast("list[Any]", value)]
    return value


@tk.side_effect_free
def actionplan_publisher_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """List councils with their participants, then publishers without a council.

    Sums are those of public rows, refreshed when something changes and nightly.

    :param q: part of the title or name of a publisher or participant (optional)
    :param sort: `title`, `total` or a sum such as `tasks_overdue`, then ` asc` or
        ` desc` (optional)
    :param state: `overdue`, `unresolved`, `to_confirm`, `late` or `missing`: only
        publishers that have such tasks or datasets (optional)
    :param page: number of the page, from 1 (optional)
    :param rows: councils and lone publishers on a page (optional)
    :returns: `period`, `as_of`, `count`, `page`, `pages`, `rows`, `totals`,
        `councils`, `publishers`, `snapshot`
    """
    tk.check_access("actionplan_publisher_list", context, data_dict)
    data, errors = tk.navl_validate(data_dict, overview.schema(), context)
    if errors:
        raise tk.ValidationError(errors)
    period = Period.of(clock.today())
    sort, _, direction = (data.get("sort") or "title asc").partition(" ")
    query = overview.Query(
        words=data.get("q") or "",
        sort=sort,
        descending=direction == "desc",
        state=data.get("state") or "",
        page=data.get("page") or 1,
        rows=data.get("rows") or 0,
    )
    return {
        "period": period.name,
        **overview.overview(period.name, query),
        "snapshot": snapshot.dictize(scopes.snapshots(clock.now())),
    }


def actionplan_standing_refresh(
    context: Context, data_dict: DataDict
) -> dict[str, int]:
    """Refresh the sums of all publishers, as the nightly run does.

    :returns: `{"publishers": …}`
    """
    tk.check_access("actionplan_standing_refresh", context, data_dict)
    count = standing.refresh()
    model.Session.commit()
    return {"publishers": count}
