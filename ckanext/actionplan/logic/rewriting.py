"""Plans in which one organization stands for another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: Fields of a plan that name organizations, in the order in which they are told.
FIELDS: Final = (
    "owner_org",
    "reviewing_organization",
    "participants",
    "executors",
    "tasks",
)


def replaced_first(plans: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A plan may replace one of the same owner only, so that one moves before it."""
    waiting = {plan["id"]: plan for plan in plans}
    ordered: list[dict[str, Any]] = []
    while waiting:
        free = [p for p in waiting.values() if p.get("replaces") not in waiting]
        for plan in free or list(waiting.values()):
            del waiting[plan["id"]]
            ordered += [plan]
    return ordered


def rewritten(plan: Mapping[str, Any], old: str, new: str) -> dict[str, Any]:
    """Fields of a plan (or of an import) that change when one id stands for another.

    A plan is not reviewed by its owner: when both become one, the portal's reviewers
    judge.

    :returns: only fields that differ, each as a whole.
    """

    def one(value: Any) -> Any:
        return new if value == old else value

    def many(values: Iterable[str] | None) -> list[str]:
        return list(dict.fromkeys(map(one, values or ())))

    owner = one(plan.get("owner_org"))
    reviewing = one(plan.get("reviewing_organization") or "")
    out: dict[str, Any] = {
        "owner_org": owner,
        "reviewing_organization": "" if reviewing == owner == new else reviewing,
        "participants": many(plan.get("participants")),
        "executors": [
            {**row, "organizations": many(row.get("organizations"))}
            for row in plan.get("executors") or ()
        ],
        "tasks": [
            {**row, "lead": one(row.get("lead") or "")}
            for row in plan.get("tasks") or ()
        ],
    }
    return {name: value for name, value in out.items() if _differs(plan, name, value)}


def _differs(plan: Mapping[str, Any], name: str, value: Any) -> bool:
    before = plan.get(name)
    if name == "tasks":
        return [row.get("lead") or "" for row in before or ()] != [
            row["lead"] for row in value
        ]
    if name == "executors":
        return [list(row.get("organizations") or ()) for row in before or ()] != [
            row["organizations"] for row in value
        ]
    return (before or type(value)()) != value
