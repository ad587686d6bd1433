"""Who may do what; every function is named as its action."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ckan.plugins.toolkit as tk
from ckan import authz, model

from .. import config
from ..model import Draft, ObligationRow, Party

if TYPE_CHECKING:
    from ckan.types import AuthResult, Context, DataDict


def _allowed() -> AuthResult:
    return {"success": True}


def _refused(message: str) -> AuthResult:
    return {"success": False, "msg": message}


def _may_edit(context: Context, organization_id: str) -> bool:
    return authz.has_user_permission_for_group_or_org(
        organization_id, context.get("user"), "create_dataset"
    )


@tk.auth_allow_anonymous_access
def actionplan_obligation_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Anybody; rows of private plans are left out for those who may not see them."""
    return _allowed()


@tk.auth_allow_anonymous_access
def actionplan_obligation_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may see the plan."""
    row = model.Session.get(ObligationRow, tk.get_or_bust(data_dict, "id"))
    if row is None:
        raise tk.ObjectNotFound(tk._("Obligation not found"))
    return tk.check_access("package_show", context, {"id": row.plan_id}) and _allowed()


def actionplan_my_task_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Signed-in users see what their own organizations owe."""
    return _allowed() if context.get("user") else _refused(tk._("Please sign in"))


def actionplan_report_submit(context: Context, data_dict: DataDict) -> AuthResult:
    """Editors and admins of an organization that owes the obligation or shares it."""
    row = model.Session.get(ObligationRow, tk.get_or_bust(data_dict, "obligation_id"))
    if row is None:
        raise tk.ObjectNotFound(tk._("Obligation not found"))
    # A private plan owes nothing, and is nobody else's to know of.
    tk.check_access("package_show", context, {"id": row.plan_id})
    if _may_edit(context, row.organization_id) or any(
        _may_edit(context, party.organization_id)
        for party in model.Session.query(Party).filter_by(obligation_id=row.id)
    ):
        return _allowed()
    return _refused(
        tk._("Only editors of the organization that owes this task may report on it")
    )


def actionplan_plan_derive(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may edit the plan."""
    tk.check_access("package_update", context, {"id": tk.get_or_bust(data_dict, "id")})
    return _allowed()


@tk.auth_allow_anonymous_access
def actionplan_task_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may see the plan."""
    plan_id = tk.get_or_bust(data_dict, "plan_id")
    tk.check_access("package_show", context, {"id": plan_id})
    return _allowed()


@tk.auth_allow_anonymous_access
def actionplan_change_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may see the plan."""
    return actionplan_task_show(context, data_dict)


@tk.auth_allow_anonymous_access
def actionplan_execution_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may see the plan; what is not accepted is for those who judge it."""
    return actionplan_task_show(context, data_dict)


@tk.auth_allow_anonymous_access
def actionplan_publisher_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Anybody: public sums."""
    return _allowed()


@tk.auth_allow_anonymous_access
def actionplan_publisher_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Anybody; private rows are left out for those who may not see them."""
    return _allowed()


@tk.auth_allow_anonymous_access
def actionplan_topic_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Anybody; rows of private plans are left out for those who may not see them."""
    return _allowed()


@tk.auth_allow_anonymous_access
def actionplan_upstream_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Anybody: when the other portal was read last."""
    return _allowed()


def actionplan_upstream_refresh(context: Context, data_dict: DataDict) -> AuthResult:
    """Sysadmins."""
    return _refused(tk._("Only system administrators may refresh the snapshot"))


def actionplan_dataset_rebuild(context: Context, data_dict: DataDict) -> AuthResult:
    """Sysadmins."""
    return _refused(tk._("Only system administrators may rebuild the facts"))


def actionplan_standing_refresh(context: Context, data_dict: DataDict) -> AuthResult:
    """Sysadmins."""
    return _refused(tk._("Only system administrators may refresh the standings"))


def actionplan_publisher_merge(context: Context, data_dict: DataDict) -> AuthResult:
    """Sysadmins."""
    return _refused(tk._("Only system administrators may merge organizations"))


def actionplan_draft_create(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may create datasets in the organization."""
    organization = data_dict.get("owner_org")
    if not organization:
        # The page itself: anybody who may create datasets somewhere.
        if authz.has_user_permission_for_some_org(
            context.get("user"), "create_dataset"
        ):
            return _allowed()
        return _refused(tk._("You may not create plans in any organization"))
    if _may_edit(context, organization):
        return _allowed()
    return _refused(tk._("You may not create plans in this organization"))


def actionplan_draft_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Signed-in users see their own."""
    return _allowed() if context.get("user") else _refused(tk._("Please sign in"))


def actionplan_draft_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Its author, while they may create datasets in its organization."""
    draft = model.Session.get(Draft, tk.get_or_bust(data_dict, "id"))
    if draft is None:
        raise tk.ObjectNotFound(tk._("Import not found"))
    user = model.User.get(context.get("user"))
    if user and user.id == draft.user_id and _may_edit(context, draft.organization_id):
        return _allowed()
    return _refused(tk._("Only the person who began this import may continue it"))


def actionplan_draft_update(context: Context, data_dict: DataDict) -> AuthResult:
    """As `actionplan_draft_show`."""
    return actionplan_draft_show(context, data_dict)


def actionplan_draft_delete(context: Context, data_dict: DataDict) -> AuthResult:
    """As `actionplan_draft_show`."""
    return actionplan_draft_show(context, data_dict)


def actionplan_draft_submit(context: Context, data_dict: DataDict) -> AuthResult:
    """As `actionplan_draft_show`."""
    return actionplan_draft_show(context, data_dict)


def _sets_dates(context: Context) -> AuthResult:
    name = config.reviewers_organization()
    group = model.Group.get(name) if name else None
    if group and group.state == "active" and _may_edit(context, group.id):
        return _allowed()
    return _refused(tk._("Only the portal’s reviewers may set portal-wide dates"))


@tk.auth_allow_anonymous_access
def actionplan_portal_date_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Anybody: what is due by which date is public."""
    return _allowed()


@tk.auth_allow_anonymous_access
def actionplan_portal_date_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Anybody; tasks of private plans are left out for those who may not see them."""
    return _allowed()


@tk.auth_allow_anonymous_access
def actionplan_wording_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Anybody; tasks of private plans are left out for those who may not see them."""
    return _allowed()


def actionplan_portal_date_create(context: Context, data_dict: DataDict) -> AuthResult:
    """Editors and admins of the portal's reviewing organization."""
    return _sets_dates(context)


def actionplan_portal_date_update(context: Context, data_dict: DataDict) -> AuthResult:
    """As `actionplan_portal_date_create`."""
    return _sets_dates(context)


def actionplan_portal_date_delete(context: Context, data_dict: DataDict) -> AuthResult:
    """As `actionplan_portal_date_create`."""
    return _sets_dates(context)


def actionplan_portal_date_match(context: Context, data_dict: DataDict) -> AuthResult:
    """As `actionplan_portal_date_create`."""
    return _sets_dates(context)


def actionplan_night_run(context: Context, data_dict: DataDict) -> AuthResult:
    """Sysadmins."""
    return _refused(tk._("Only system administrators may start the nightly run"))


def actionplan_night_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Sysadmins: failures name plans, private ones too."""
    return _refused(tk._("Only system administrators may see the nightly run"))


def actionplan_doctor_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Sysadmins: findings name settings of the portal."""
    return _refused(
        tk._("Only system administrators may check the state of the portal")
    )


@tk.auth_allow_anonymous_access
def actionplan_participant_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Anybody; rows of private plans are left out for those who may not see them."""
    return _allowed()


def actionplan_participant_confirm(context: Context, data_dict: DataDict) -> AuthResult:
    """Administrators of the organization that a plan names, if they see the plan."""
    tk.check_access(
        "package_show", context, {"id": tk.get_or_bust(data_dict, "plan_id")}
    )
    if authz.has_user_permission_for_group_or_org(
        tk.get_or_bust(data_dict, "organization_id"), context.get("user"), "update"
    ):
        return _allowed()
    return _refused(
        tk._(
            "Only administrators of the organization itself may confirm that a plan "
            "binds it: nobody else can bind it"
        )
    )


@tk.auth_allow_anonymous_access
def actionplan_council_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Anybody; private plans are left out for those who may not see them."""
    return _allowed()


def actionplan_council_update(context: Context, data_dict: DataDict) -> AuthResult:
    """Sysadmins."""
    return _refused(
        tk._("Only system administrators may say whom a council binds without asking")
    )
