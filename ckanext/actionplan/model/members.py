"""Who belongs to a council by right: its children in the tree, and its list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from ckan.model.group import group_table, member_table

from .organization import CouncilMember

if TYPE_CHECKING:
    from collections.abc import Sequence

_member = member_table


def among(column: Any, ids: Sequence[str]) -> Any:
    """The condition that a column is one of many ids: one parameter for all."""
    return column == sa.any_(sa.literal(list(ids), pg.ARRAY(sa.UnicodeText)))


def beside(column: Any, ids: Sequence[str]) -> Any:
    """The condition that a column is none of many ids.

    Not written as a negation of `among`: SQLAlchemy 1.4 makes `!= ANY` of that, which
    holds for nearly everything.
    """
    return column != sa.all_(sa.literal(list(ids), pg.ARRAY(sa.UnicodeText)))


def below(parents: Any, name: str) -> Any:
    """All organizations under some others, as ckanext-hierarchy keeps its tree.

    A child holds a row of `member` that names its parent, so only those who may edit
    the child make it one.

    :param parents: a select of ids.
    :param name: of the CTE, one of its own for each in a statement.
    :returns: a CTE with the column `id`; rings of organizations come to an end.
    """

    def children(of: Any) -> sa.Select[Any]:
        return (
            sa.select(group_table.c.id)
            .join(_member, _member.c.group_id == group_table.c.id)
            .where(
                _member.c.table_name == "group",
                _member.c.state == "active",
                group_table.c.is_organization,
                group_table.c.state == "active",
                of,
            )
        )

    tree = children(_member.c.table_id.in_(parents)).cte(name, recursive=True)
    return tree.union(children(_member.c.table_id == tree.c.id))


def by_right(council_id: str) -> sa.Select[Any]:
    """Ids of the organizations that a council may bind without asking (decision 11).

    The council itself, those below it in the tree, those on the list that sysadmins
    keep for it.
    """
    listed = CouncilMember.__table__.c
    tree = below(sa.select(sa.literal(council_id)), "council_tree")
    found = sa.union(
        sa.select(sa.literal(council_id).label("id")),
        sa.select(tree.c.id),
        sa.select(listed.organization_id).where(listed.council_id == council_id),
    ).subquery("by_right")
    return sa.select(found.c.id)


def administered(user_id: str, *, cascades: bool) -> sa.Select[Any]:
    """Ids of the organizations that a user administers.

    :param user_id: id of the user.
    :param cascades: an admin is an admin of everything below, as CKAN is told by
        `ckan.auth.roles_that_cascade_to_sub_groups`.
    """
    own = sa.select(_member.c.group_id).where(
        _member.c.table_name == "user",
        _member.c.table_id == user_id,
        _member.c.capacity == "admin",
        _member.c.state == "active",
    )
    if not cascades:
        return own
    tree = below(own, "user_tree")
    found = sa.union(own, sa.select(tree.c.id)).subquery("administered")
    return sa.select(found.c[0])
