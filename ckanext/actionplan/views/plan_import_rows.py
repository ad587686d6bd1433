"""What the page that says who is who shows of a draft; no queries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import ckan.plugins.toolkit as tk

from ..logic import corrections

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from ..logic.matching import Organization, Proposal

#: Up to so many organizations all are offered as participants.
_OFFERED: Final = 60


def executor(
    mapping: dict[str, Any],
    proposal: Proposal,
    organizations: Sequence[Organization],
    mapped: bool | None,
) -> dict[str, Any]:
    """One name of the executor column with what is chosen or proposed.

    :param mapping: name, who, organizations.
    :param proposal: what the machine proposes.
    :param organizations: those of the portal.
    :param mapped: whether a person has chosen already.
    """
    chosen: set[str] = set(mapping["organizations"] if mapped else proposal.chosen)
    others = (each for each in organizations if each.id in chosen)
    offered = list(dict.fromkeys([*proposal.similar, *others]))
    return {
        "name": mapping["name"],
        "who": mapping["who"] if mapped else proposal.who,
        "proposed": not mapped and bool(proposal.who),
        "offered": ticked(offered, chosen),
        "chosen": chosen,
    }


def ticked(
    offered: Iterable[Organization], chosen: Collection[str]
) -> list[dict[str, Any]]:
    """Organizations as boxes to tick."""
    return [{"organization": each, "chosen": each.id in chosen} for each in offered]


def few(organizations: Sequence[Organization]) -> Sequence[Organization]:
    """All organizations when they are few enough to be offered, else none."""
    return organizations if len(organizations) <= _OFFERED else ()


def participants(
    data: dict[str, Any],
    shown: Iterable[dict[str, Any]],
    organizations: Sequence[Organization],
    proposed: Collection[str],
) -> list[dict[str, Any]]:
    """Organizations offered as participants; few enough, and all are offered.

    :param proposed: ids of those to tick beforehand.
    """
    chosen: set[str] = {*(data.get("participants") or ()), *proposed}
    chosen |= {each for row in shown for each in row["chosen"]}
    offered = few(organizations) or [e for e in organizations if e.id in chosen]
    return ticked(offered, chosen)


def shared_tasks(draft: dict[str, Any]) -> list[dict[str, Any]]:
    """Tasks of which several names stand in the executor column."""
    kept = corrections.kept_tasks(draft["data"], draft["review"])
    return [task for task in kept if len(task["executors"]) > 1]


def leads(offered: Iterable[dict[str, Any]]) -> list[tuple[str, str]]:
    """Choices for who leads a joint task."""
    return [
        ("", tk._("the first executor")),
        *(
            (each["organization"].id, each["organization"].title)
            for each in offered
            if each["chosen"]
        ),
    ]
