"""Finding organizations on the page that says who is who, as one types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import ckan.plugins.toolkit as tk

from ..logic import matching
from . import plan_import_rows as shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ..logic.matching import Organization

PARTICIPANTS: Final = "participants"
#: More than this nobody reads; whoever writes on sees fewer.
_FOUND: Final = 20


def picked(
    draft: dict[str, Any],
    field: str,
    text: str,
    chosen: Sequence[str],
    organizations: Sequence[Organization],
) -> dict[str, Any]:
    """What the list of one field shows: what is ticked, and what was looked for.

    :param draft: the draft.
    :param field: `participants` or `executor-N`.
    :param text: what was typed; empty shows what was offered at first.
    :param chosen: ids that are ticked.
    :param organizations: those of the portal.
    :raises ObjectNotFound: for a field that the page does not have.
    """
    first = _offered(draft, field, organizations)
    kept = [each for each in organizations if each.id in set(chosen)]
    if text:
        found = matching.find(text, organizations)
        more = found[:_FOUND]
    else:
        found, more = [], first
    offered = list(dict.fromkeys([*kept, *more]))
    return {
        "field": field,
        "offered": shown.ticked(offered, chosen),
        "searched": text,
        "found": _found(len(found)) if text else "",
    }


def _offered(
    draft: dict[str, Any], field: str, organizations: Sequence[Organization]
) -> Iterable[Organization]:
    """What the field offered before anything was looked for."""
    if field == PARTICIPANTS:
        return shown.few(organizations)
    name, _, number = field.partition("-")
    executors: list[dict[str, Any]] = draft["data"]["executors"]
    if name != "executor" or not number.isdecimal() or int(number) >= len(executors):
        raise tk.ObjectNotFound(tk._("The page has no such field"))
    printed = executors[int(number)]["name"]
    owner = draft["organization"]["id"]
    return matching.propose([printed], organizations, owner)[printed].similar


def _found(count: int) -> str:
    if count > _FOUND:
        message = tk._("{count} organizations found; write more of the name")
        return message.format(count=count)
    if not count:
        return tk._("No organization has this in its name")
    message = tk.ungettext(
        "{count} organization found", "{count} organizations found", count
    )
    return message.format(count=count)
