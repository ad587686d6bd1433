"""Is somebody there to review what is reported."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.model.group import group_table, member_table
from ckan.model.package import package_table
from ckan.model.user import user_table

from ... import config
from ...model import PlanRow
from .base import Check, Finding, error, ok, setting, warning

_TOLD: Final = 5


def _has_reviewers(organization_id: Any) -> Any:
    """The condition that an organization has an editor or admin who can sign in."""
    member, user = member_table.c, user_table.c
    return sa.exists().where(
        member.group_id == organization_id,
        member.table_name == "user",
        member.state == "active",
        member.capacity.in_(["admin", "editor"]),
        user.id == member.table_id,
        user.state == "active",
    )


class Reviewers(Check):
    """The organization that reviews where a plan names none."""

    id = "reviewers"

    def title(self) -> str:
        """See the base class."""
        return tk._("Reviewers of the portal")

    def examine(self) -> Finding:
        """See the base class."""
        name, key = config.reviewers_organization(), "reviewers_organization"
        line = f"ckanext.actionplan.{key} = {name or 'ministry'}"
        if not name:
            return warning(
                tk._(
                    "No organization reviews reports of plans that name none: such "
                    "reports stay as reported, and nobody but system administrators "
                    "sets dates for the whole portal."
                ),
                tk._("Name an organization. {setting}").format(setting=setting()),
                line,
            )
        group = group_table.c
        found = model.Session.execute(
            sa.select(group.id, group.title, _has_reviewers(group.id)).where(
                sa.or_(group.id == name, group.name == name),
                group.is_organization,
                group.state == "active",
            )
        ).first()
        if found is None:
            return error(
                tk._("The reviewing organization {name} does not exist.").format(
                    name=name
                ),
                tk._("Create it, or name another. {setting}").format(setting=setting()),
                line,
            )
        if not found[2]:
            return error(
                tk._("The reviewing organization {name} has no editors.").format(
                    name=name
                ),
                tk._(
                    "Add editors to it at {address}: they review reports and set dates "
                    "for the whole portal."
                ).format(address=_members(name)),
            )
        return ok(tk._("{name} reviews.").format(name=found[1] or name))


def _members(name: str) -> str:
    return tk.url_for("organization.members", id=name, _external=True)


class PlanReviewers(Check):
    """The organizations that plans name as their reviewers."""

    id = "plan_reviewers"

    def title(self) -> str:
        """See the base class."""
        return tk._("Reviewers of plans")

    def examine(self) -> Finding:
        """See the base class."""
        plan, package, group = PlanRow.__table__.c, package_table.c, group_table.c
        reviewing = plan.reviewing_organization_id
        able = sa.exists().where(
            group.id == reviewing,
            group.state == "active",
            group.is_organization,
            _has_reviewers(reviewing),
        )
        names = model.Session.scalars(
            sa.select(package.name)
            .where(
                package.id == plan.id,
                package.state == "active",
                reviewing != "",
                sa.or_(~able, reviewing == package.owner_org),
            )
            .order_by(package.name)
        ).all()
        if not names:
            return ok(
                tk._("Every reviewing organization that a plan names can review.")
            )
        told = ", ".join(names[:_TOLD]) + (" …" if len(names) > _TOLD else "")
        return warning(
            tk.ungettext(
                "The reviewing organization of {count} plan is deleted, has no "
                "editors, or owns the plan itself: {names}.",
                "The reviewing organizations of {count} plans are deleted, have no "
                "editors, or own the plan themselves: {names}.",
                len(names),
            ).format(count=len(names), names=told),
            tk._(
                "Name another reviewing organization in the plan, or add editors to it."
            ),
        )
