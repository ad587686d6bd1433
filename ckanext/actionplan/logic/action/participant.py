"""Whom plans bind: lists, confirmation, and a council's approved list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import ckan.plugins.toolkit as tk
from ckan import model

from ... import clock
from .. import council, derive, participants
from ..viewer import Viewer

if TYPE_CHECKING:
    from ckan.types import Context, DataDict

__all__ = [
    "actionplan_council_show",
    "actionplan_council_update",
    "actionplan_participant_confirm",
    "actionplan_participant_list",
]


def _organization(name: str, *, alive: bool = True) -> model.Group:
    group = model.Group.get(name)
    if group is None or not group.is_organization:
        raise tk.ObjectNotFound(tk._("Organization not found"))
    if alive and group.state != model.State.ACTIVE:
        raise tk.ObjectNotFound(tk._("Organization not found"))
    return group


def _plan(name: str) -> model.Package:
    package = model.Package.get(name)
    if package is None or package.type != derive.DATASET_TYPE:
        raise tk.ObjectNotFound(tk._("Plan not found"))
    return package


def _commit(context: Context) -> None:
    if not context.get("defer_commit"):
        model.Session.commit()


@tk.side_effect_free
def actionplan_participant_list(
    context: Context, data_dict: DataDict
) -> list[dict[str, Any]]:
    """List whom a plan binds, or by which plans an organization is bound.

    Private plans are shown to members of their organization and to system
    administrators.

    :param plan_id: id or name of the plan (this or the next one is needed)
    :param organization_id: id or name of the organization
    :param pending: only those that are not confirmed (true) or are (false) (optional)
    :returns: dicts of `plan`, `council` and `organization` (each with `id`, `name`,
        `title`), `pending`, `confirmed_at`, `owes_from` (null: from the plan's first
        day), `private`, `deleted` (of the organization)
    """
    tk.check_access("actionplan_participant_list", context, data_dict)
    data, errors = tk.navl_validate(data_dict, participants.list_schema(), context)
    plan_id, organization_id = data.get("plan_id"), data.get("organization_id")
    if not errors and not (plan_id or organization_id):
        errors["plan_id"] = [tk._("Name a plan or an organization")]
    if errors:
        raise tk.ValidationError(errors)
    group = _organization(organization_id, alive=False) if organization_id else None
    return participants.rows(
        Viewer.of(context),
        plan_id=_plan(plan_id).id if plan_id else None,
        organization_id=group.id if group else None,
        pending=data.get("pending"),
    )


def actionplan_participant_confirm(
    context: Context, data_dict: DataDict
) -> dict[str, Any]:
    """Confirm that a plan binds an organization; it owes from today.

    Administrators of the organization itself and system administrators may; nobody
    binds a stranger. Confirming twice changes nothing.

    :param plan_id: id or name of the plan
    :param organization_id: id or name of the organization that the plan names
    :returns: as a row of `actionplan_participant_list`
    """
    data, errors = tk.navl_validate(data_dict, participants.confirm_schema(), context)
    if errors:
        raise tk.ValidationError(errors)
    plan = _plan(data["plan_id"])
    group = _organization(data["organization_id"])
    tk.check_access(
        "actionplan_participant_confirm",
        context,
        {"plan_id": plan.id, "organization_id": group.id},
    )
    if plan.state != model.State.ACTIVE:
        raise tk.ObjectNotFound(tk._("Plan not found"))
    user = model.User.get(context.get("user"))
    derive.lock(plan.id)
    found = participants.confirm(plan.id, [group.id], user.id if user else "")
    if found:
        derive.derive(plan.id)
        _commit(context)
    listed = participants.rows(
        Viewer(everything=True), plan_id=plan.id, organization_id=group.id
    )
    if not listed:
        message = tk._("The plan “{plan}” does not name the organization “{title}”")
        raise tk.ObjectNotFound(
            message.format(plan=plan.title or plan.name, title=group.display_name)
        )
    return listed[0]


@tk.side_effect_free
def actionplan_council_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Show a council, whom its plans bind, and what is to be mended.

    Private plans count for members of the council and system administrators only.

    :param id: id or name of the organization
    :returns: `organization`, `as_of`, `may_edit`, `may_update`; `plans`;
        `participants` (each with its `organization`, whether it is the `council`
        itself, a `child` or `listed`, the ids of its `plans` and of those `pending`,
        `owes_from`, `may_confirm`, the sums of its tasks in these plans, of all its
        datasets, the `total` of its card, in how many joint tasks it `takes_part`);
        `sums` of these plans; `joint` tasks once with `lead`, `parties` and
        `statuses`; `own` tasks; those where the council `stands_in`, with the `mark`;
        `unresolved` tasks; `unmapped` executors; `listed` organizations
    """
    tk.check_access("actionplan_council_show", context, data_dict)
    group = _organization(tk.get_or_bust(data_dict, "id"))
    organization = {
        "id": group.id,
        "name": group.name,
        "title": group.title or group.name,
    }
    return council.page(
        organization, Viewer.of(context), context.get("user", ""), clock.today()
    )


def actionplan_council_update(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Set the list of organizations that a council may bind without asking.

    Those of them that a plan of the council names and that waited owe from today. Who
    leaves the list stays bound by the plans that name it.

    :param id: id or name of the council
    :param organizations: ids or names of all organizations on the list
    :returns: `id`, the ids of `organizations`, how many were `confirmed`
    """
    group = _organization(tk.get_or_bust(data_dict, "id"))
    tk.check_access("actionplan_council_update", context, {"id": group.id})
    given = cast("Any", data_dict.get("organizations"))
    if given is None:
        message = tk._("Give the list of organizations; it may be empty")
        raise tk.ValidationError({"organizations": [message]})
    names = [given] if isinstance(given, str) else given
    if not isinstance(names, list):
        raise tk.ValidationError({"organizations": [tk._("Must be a list")]})
    user = model.User.get(context.get("user"))
    author = user.id if user else ""
    ids = participants.organization_ids(cast("list[Any]", names))
    participants.write_list(group.id, ids, author)
    confirmed = 0
    # Every plan is derived by itself; a council has few of them.
    for plan_id in sorted(participants.plans_of(group.id)):
        derive.lock(plan_id)
        bound = participants.confirm(plan_id, ids, author)
        if bound:
            derive.derive(plan_id)
        confirmed += bound
    _commit(context)
    return {"id": group.id, "organizations": ids, "confirmed": confirmed}
