"""Plans of an owner that an import may repeat."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final, TypedDict

import ckan.plugins.toolkit as tk

from . import fields
from .derive import DATASET_TYPE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ckan.types import Context

#: More plans than any council has.
_PLANS: Final = 1000
_TERM: Final = ("period_start", "period_end")


class Duplicate(TypedDict):
    """A plan that may be the same one, and by what."""

    name: str
    title: str
    reason: str


def fingerprint(content: bytes) -> str:
    """What the same document always has and another one never.

    :param content: the document.
    """
    return hashlib.sha256(content).hexdigest()


def likely(
    context: Context, owner: str, data: Mapping[str, Any], document: str
) -> list[Duplicate]:
    """Plans of the owner that the reader may see and that look like this one.

    :param owner: name of the organization.
    :param data: the plan to be saved.
    :param document: fingerprint of its document, empty when it is not known.
    """
    found = tk.get_action("package_search")(
        context,
        {
            "fq": f'+dataset_type:{DATASET_TYPE} +organization:"{owner}"',
            "include_private": True,
            "rows": _PLANS,
            "sort": "metadata_created desc",
        },
    )
    reasons = ((plan, _reason(plan, data, document)) for plan in found["results"])
    return [
        Duplicate(name=plan["name"], title=plan["title"], reason=reason)
        for plan, reason in reasons
        if reason
    ]


def _reason(plan: Mapping[str, Any], data: Mapping[str, Any], document: str) -> str:
    resources: list[dict[str, Any]] = plan.get("resources") or []
    if document and any(resource.get("hash") == document for resource in resources):
        return tk._("the same document")
    act, its_act = _act(data), _act(plan)
    if all(act) and act == its_act:
        return tk._("the same approving act")
    if _titled(data) == _titled(plan):
        return tk._("the same title and term")
    return ""


def _act(plan: Mapping[str, Any]) -> tuple[str, str]:
    number = fields.text(plan.get("approval_number")).removeprefix("№").strip()
    return number.casefold(), fields.text(plan.get("approval_date"))


def _titled(plan: Mapping[str, Any]) -> tuple[str, ...]:
    title = " ".join(fields.text(plan.get("title")).casefold().split())
    return title, *(fields.text(plan.get(name)) for name in _TERM)
