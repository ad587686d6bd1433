"""Who looks at a page: what they may see besides what is public."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ckan import authz, model

from .. import config

if TYPE_CHECKING:
    from collections.abc import Collection

    from ckan.types import Context


@dataclass(frozen=True, slots=True)
class Viewer:
    """A reader of compliance figures.

    :param everything: a sysadmin, or code that does not ask for permission.
    :param member_of: ids of the organizations of which the user is a member.
    :param edits: ids of those in which the user is editor or admin.
    :param portal_reviewer: whether the portal's reviewing organization is one of those.
    """

    everything: bool = False
    member_of: frozenset[str] = frozenset()
    edits: frozenset[str] = frozenset()
    portal_reviewer: bool = False

    @classmethod
    def of(cls, context: Context) -> Viewer:
        """The viewer of an action's context; one statement for a signed-in user."""
        if context.get("ignore_auth"):
            return cls(everything=True)
        name = context.get("user")
        if not name:
            return cls()
        if authz.is_sysadmin(name):
            return cls(everything=True)
        rows = (
            model.Session.query(
                model.Member.group_id, model.Member.capacity, model.Group.name
            )
            .join(model.User, model.User.id == model.Member.table_id)
            .join(model.Group, model.Group.id == model.Member.group_id)
            .filter(model.User.name == name, model.User.state == "active")
            .filter(model.Member.table_name == "user", model.Member.state == "active")
            .all()
        )
        edited = [row for row in rows if row[1] in ("admin", "editor")]
        reviewers = config.reviewers_organization()
        return cls(
            member_of=frozenset(row[0] for row in rows),
            edits=frozenset(row[0] for row in edited),
            portal_reviewer=any(reviewers in (row[0], row[2]) for row in edited),
        )

    @property
    def private_of(self) -> Collection[str] | None:
        """What `model.status.visible_plans` takes."""
        return None if self.everything else self.member_of

    def may_edit(self, organization_ids: Collection[str]) -> bool:
        """Whether the user is editor or admin of one of the organizations."""
        return self.everything or not self.edits.isdisjoint(organization_ids)

    def may_review(self, reviewing_organization_id: str, owner_id: str = "") -> bool:
        """Whether the user is a reviewer of a plan that names this organization.

        :param owner_id: id of the plan's owner, whose members do not judge what it
            has promised itself (decision 11).
        """
        if self.everything:
            return True
        if owner_id in self.member_of:
            return False
        if not reviewing_organization_id:
            return self.portal_reviewer
        return reviewing_organization_id in self.edits
