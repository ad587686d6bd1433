"""Councils, their participants and publishers without a council, with their sums."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from ckan.model.group import group_table

from ..core.status import DONE, Status
from .facts import of_organizations, package, public
from .obligation import ObligationRow
from .plan import Participant, PlanRow
from .standing import Standing
from .status import obligations

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from .status import Window

_standing = Standing.__table__
_group = group_table
_plan = PlanRow.__table__

TASK_SUMS: Final = (
    "tasks_due",
    "tasks_done",
    "tasks_overdue",
    "tasks_unresolved",
    "tasks_to_confirm",
    "tasks_upcoming",
)
DATASET_SUMS: Final = (
    "datasets",
    "datasets_on_time",
    "datasets_judged",
    "upstream_present",
    "upstream_judged",
)
SUMS: Final = (*TASK_SUMS, *DATASET_SUMS)

_DONE: Final = tuple(status.value for status in DONE)
#: What a publisher had to have done by the end of the quarter.
_DUE: Final = (
    *_DONE,
    Status.RETURNED.value,
    Status.DUE.value,
    Status.REPORTING.value,
    Status.OVERDUE.value,
    Status.TO_CONFIRM.value,
)
_STATES: Final = {
    "tasks_due": _DUE,
    "tasks_done": _DONE,
    "tasks_overdue": (Status.OVERDUE.value,),
    "tasks_unresolved": (Status.UNRESOLVED.value,),
    "tasks_to_confirm": (Status.TO_CONFIRM.value,),
    "tasks_upcoming": (Status.UPCOMING.value,),
}


def task_sums(
    as_of: date, window: Window, organization_ids: Sequence[str] | None
) -> sa.Select[Any]:
    """Public obligations of publishers by state; joint ones count for who leads.

    :param as_of: the day to judge by, in the portal's zone.
    :param organization_ids: only these organizations; None: all.
    :returns: columns `organization_id` and `TASK_SUMS`.
    """
    owes = ObligationRow.__table__.c.organization_id
    owed = (
        obligations(as_of, window)
        .where(of_organizations(organization_ids, owes))
        .subquery("owed")
    )
    return sa.select(owed.c.organization_id, *state_sums(owed.c.status)).group_by(
        owed.c.organization_id
    )


def state_sums(status: Any) -> list[Any]:
    """Columns `TASK_SUMS` that count the obligations of a group by their state.

    :param status: the column with the state.
    """
    return [
        sa.func.count().filter(status.in_(states)).label(name)
        for name, states in _STATES.items()
    ]


def _plans() -> Any:
    """Plans that owe, with their owners (decision 14); a deleted one owns nothing."""
    owner = _group.alias("plan_owner")
    return (
        sa.select(_plan.c.id, package.c.owner_org.label("owner_id"))
        .select_from(
            _plan.join(package, package.c.id == _plan.c.id).join(
                owner, owner.c.id == package.c.owner_org
            )
        )
        .where(public(), _alive(owner))
    )


def members(name: str = "members") -> Any:
    """Who belongs to a council: itself, and the participants of its plans.

    Who is named and has not confirmed is no member: nobody binds a stranger.

    :param name: of the CTE, one of its own for each in a statement.
    :returns: a CTE of distinct `council_id`, `organization_id`.
    """
    plans = _plans().subquery("plans")
    participant = Participant.__table__
    own = sa.select(
        plans.c.owner_id.label("council_id"), plans.c.owner_id.label("organization_id")
    )
    bound = (
        sa.select(plans.c.owner_id, participant.c.organization_id)
        .select_from(plans.join(participant, participant.c.plan_id == plans.c.id))
        .where(participant.c.confirmed_at.is_not(None))
    )
    return own.union(bound).cte(name)


def latest(period: str) -> Any:
    """The newest sums of each publisher, up to a period.

    When a quarter has just begun and nothing is refreshed yet, the page still shows
    what was known last, with its day.
    """
    return (
        sa.select(_standing)
        .where(_standing.c.period <= period)
        .distinct(_standing.c.organization_id)
        .order_by(_standing.c.organization_id, _standing.c.period.desc())
        .cte("latest")
    )


def _alive(group: Any) -> Any:
    return sa.and_(group.c.state == "active", group.c.is_organization)


def _busy(sums: Any) -> Any:
    """An organization without tasks and datasets is no publisher."""
    return sa.or_(
        sums.c.datasets > 0,
        sums.c.tasks_due > 0,
        sums.c.tasks_upcoming > 0,
        sums.c.tasks_unresolved > 0,
    )


def _total_counts(sums: Any, criteria: Sequence[str]) -> Any:
    """Sums of what the criteria counted, in the shape of `Standing.counts`."""
    pairs: list[Any] = []
    for criterion in criteria:
        entry = sums.c.counts[criterion]
        parts = (
            sa.func.coalesce(sa.func.sum(sa.cast(entry[place].astext, sa.Integer)), 0)
            for place in (0, 1)
        )
        pairs += [sa.literal(criterion), sa.func.jsonb_build_array(*parts)]
    return sa.func.jsonb_build_object(*pairs)


def _organization(group: Any) -> list[Any]:
    title = sa.func.coalesce(sa.func.nullif(group.c.title, ""), group.c.name)
    return [group.c.id, group.c.name, title.label("title")]


def _councils(member: Any, sums: Any, criteria: Sequence[str]) -> sa.Select[Any]:
    plan = _plans().subquery("owned_plans")
    owned = (
        sa.select(plan.c.owner_id, sa.func.count().label("number"))
        .group_by(plan.c.owner_id)
        .subquery("owned")
    )
    other = _group.alias("member_group")
    return (
        sa.select(
            *_organization(_group),
            sa.true().label("is_council"),
            owned.c.number.label("plans"),
            *(
                sa.func.coalesce(sa.func.sum(sums.c[name]), 0).label(name)
                for name in SUMS
            ),
            _total_counts(sums, criteria).label("counts"),
        )
        .select_from(
            member.join(_group, _group.c.id == member.c.council_id)
            .join(owned, owned.c.owner_id == _group.c.id)
            .join(other, other.c.id == member.c.organization_id)
            .outerjoin(sums, sums.c.organization_id == other.c.id)
        )
        .where(_alive(_group), _alive(other))
        .group_by(_group.c.id, _group.c.name, _group.c.title, owned.c.number)
    )


def _without_council(member: Any, sums: Any) -> sa.Select[Any]:
    bound = sa.select(member.c.organization_id)
    return (
        sa.select(
            *_organization(_group),
            sa.false().label("is_council"),
            sa.literal(0).label("plans"),
            *(sums.c[name] for name in SUMS),
            sums.c.counts,
        )
        .select_from(_group.join(sums, sums.c.organization_id == _group.c.id))
        .where(_alive(_group), _busy(sums), _group.c.id.notin_(bound))
    )


def top_rows(period: str, criteria: Sequence[str]) -> Any:
    """Councils with the sums of their members, and publishers without a council.

    :param period: name of the current period.
    :param criteria: ids of the criteria to sum up.
    :returns: a CTE: id, name, title, is_council, plans, `SUMS`, counts.
    """
    member, sums = members(), latest(period)
    return (
        _councils(member, sums, criteria)
        .union_all(_without_council(member, sums))
        .cte("top")
    )


def matching(top: Any, words: str) -> Any:
    """The condition that a row or one of its participants is called so.

    :param top: what `top_rows` gave.
    :param words: part of a title or name, in lower case.
    """
    member, group = members("asked_members"), _group.alias("named")

    def called(row: Any) -> Any:
        return sa.or_(
            sa.func.lower(row.c.title).contains(words, autoescape=True),
            row.c.name.contains(words, autoescape=True),
        )

    named = (
        sa.select(member.c.council_id)
        .join(group, group.c.id == member.c.organization_id)
        .where(_alive(group), called(group))
    )
    return sa.or_(called(top), top.c.id.in_(named))


def participants(period: str, council_ids: Sequence[str]) -> sa.Select[Any]:
    """Members of councils with their sums, the councils themselves included.

    :returns: columns `council_id`, id, name, title, `SUMS`, counts.
    """
    member, sums = members(), latest(period)
    return (
        sa.select(
            member.c.council_id,
            *_organization(_group),
            *(sa.func.coalesce(sums.c[name], 0).label(name) for name in SUMS),
            sums.c.counts,
        )
        .select_from(
            member.join(_group, _group.c.id == member.c.organization_id).outerjoin(
                sums, sums.c.organization_id == _group.c.id
            )
        )
        .where(_alive(_group), member.c.council_id.in_(list(council_ids)))
        .order_by(sa.text("title"), _group.c.id)
    )


def totals(period: str) -> sa.Select[Any]:
    """Sums over all publishers, each once, in one row.

    :returns: columns `publishers`, `councils`, `plans`, `as_of`, `SUMS`.
    """
    member, sums = members(), latest(period)
    bound = sa.select(member.c.organization_id)
    councils = sa.select(
        sa.func.count(member.c.council_id.distinct())
    ).scalar_subquery()
    plans = _plans().subquery("all_plans")
    number = sa.select(sa.func.count()).select_from(plans).scalar_subquery()
    return (
        sa.select(
            sa.func.count().label("publishers"),
            councils.label("councils"),
            number.label("plans"),
            sa.func.min(sums.c.refreshed_at).label("as_of"),
            *(
                sa.func.coalesce(sa.func.sum(sums.c[name]), 0).label(name)
                for name in SUMS
            ),
        )
        .select_from(_group.outerjoin(sums, sums.c.organization_id == _group.c.id))
        .where(_alive(_group), sa.or_(_busy(sums), _group.c.id.in_(bound)))
    )


def councils_of(organization_id: str) -> sa.Select[Any]:
    """Organizations whose public plans bind an organization, itself if it owns one.

    :returns: columns id, name, title.
    """
    member = members()
    return (
        sa.select(*_organization(_group))
        .select_from(member.join(_group, _group.c.id == member.c.council_id))
        .where(_alive(_group), member.c.organization_id == organization_id)
        .order_by(sa.text("title"), _group.c.id)
    )
