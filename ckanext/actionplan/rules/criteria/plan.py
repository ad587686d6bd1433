"""The plan: what was promised and is done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from ...core.obligation import Mark
from ...core.status import DONE, Status
from ...model import ObligationRow, TaskRow
from ...model.facts import of_organizations
from ...model.status import obligations
from ..base import Criterion, row

if TYPE_CHECKING:
    from ..base import Scope

_DONE: Final = tuple(status.value for status in DONE)
_AGAINST: Final = (Status.OVERDUE.value, Status.UNRESOLVED.value)
#: States in which an obligation of an unmatched executor already counts against.
_OPEN: Final = (
    Status.DUE.value,
    Status.REPORTING.value,
    Status.RETURNED.value,
    Status.TO_CONFIRM.value,
)


class Plan(Criterion):
    """Done among done, overdue and unresolved; joint ones count for who leads."""

    id = "plan"
    nothing = "no_tasks"

    def rows(self, scope: Scope) -> sa.Select[Any]:
        """Obligations that are judged: see the base class."""
        owes = ObligationRow.__table__.c.organization_id
        owed = (
            obligations(scope.as_of, scope.window)
            .where(of_organizations(scope.organization_ids, owes))
            .subquery("owed")
        )
        task = TaskRow.__table__
        unmapped = sa.and_(owed.c.mark == Mark.UNMAPPED.value, owed.c.status.in_(_OPEN))
        return (
            sa.select(
                *row(
                    owed.c.organization_id,
                    "obligation",
                    (owed.c.id, task.c.number, task.c.title),
                    counted=owed.c.status.in_(_DONE),
                    urgency=sa.func.coalesce(
                        owed.c.due_on - sa.literal(scope.as_of, sa.Date), 0
                    ),
                )
            )
            .select_from(
                owed.join(
                    task,
                    sa.and_(
                        task.c.plan_id == owed.c.plan_id, task.c.id == owed.c.task_id
                    ),
                )
            )
            .where(sa.or_(owed.c.status.in_((*_DONE, *_AGAINST)), unmapped))
        )
