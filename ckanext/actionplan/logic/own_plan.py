"""A plan that was exported comes back: its organizations are found on this portal."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from ckan import model
from ckan.model.package import package_table

from ..core.plan import Who
from ..model import Merger
from ..reader.own import AMENDMENT_TEXTS, named_of
from . import naming
from .derive import DATASET_TYPE
from .fields import is_uuid

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ..reader.own import Named
    from .matching import Organization

#: What CKAN takes for the name of a dataset.
_NAME: Final = re.compile(r"[a-z0-9_-]{2,100}")
#: Fields of the plan that are taken as they stand in the file.
_TEXTS: Final = (
    "notes",
    "approval_url",
    "in_force_from",
    "in_force_until",
    "tracked_from",
)


def settle(
    data: dict[str, Any],
    review: dict[str, Any],
    own: Mapping[str, Any],
    organizations: Sequence[Organization],
    owner: str,
) -> None:
    """Take what an exported plan says beyond its paper into a draft.

    :param data: the plan as a draft has it; changed in place. `plan_id` is set when the
        plan is on this portal, `replaces` when the plan that it replaced is.
    :param review: likewise; names that this portal does not know become notes.
    :param own: what the reader found: organizations by id, name and title.
    :param organizations: those of the portal.
    :param owner: id of the organization that will own the plan: private plans of
        others are as if they were not there.
    """
    here = _Here(organizations, _heirs())
    for name in _TEXTS:
        data[name] = own[name]
    data["reviewing_organization"] = here.one(own["reviewing_organization"])
    data["participants"] = here.all(own["participants"])
    data["executors"] = [_executor(each, here) for each in own["executors"]]
    data["amendments"] = [
        {name: row[name] for name in AMENDMENT_TEXTS} for row in own["amendments"]
    ]
    for task in data["tasks"]:
        task["lead"] = here.one(named_of(task.get("lead") or ""))
    _plans(data, review, own, owner)
    if here.unknown:
        names = ", ".join(f"“{name}”" for name in here.unknown)
        _note(review, "own_unknown", names)
    review["missing"] = list(own.get("missing") or ())
    # The file has said who stands behind the names; nothing is proposed instead.
    review["mapped"] = True
    used = {name for task in data["tasks"] for name in task["executors"]}
    names = [each["name"] for each in data["executors"]]
    review["listed"] = {
        "names": names,
        "idle": [name for name in names if name not in used],
    }


def identity(review: Mapping[str, Any], *, trusted: bool) -> dict[str, str]:
    """Id and name that a new plan keeps from its file, when nothing here has them.

    :param review: of a draft; knows the plan of an export.
    :param trusted: whether a sysadmin saves it: nobody else chooses ids.
    """
    kept: dict[str, str] = dict(review.get("file_plan") or {})
    if not (trusted and is_uuid(kept.get("id", ""))):
        kept.pop("id", None)
    name = kept.get("name", "")
    if not _NAME.fullmatch(name) or naming.is_page(name):
        kept.pop("name", None)
    if not kept:
        return {}
    table = package_table.c
    values = list(kept.values())
    statement = sa.select(table.id, table.name).where(
        sa.or_(table.id.in_(values), table.name.in_(values))
    )
    taken = {key for row in model.Session.execute(statement) for key in row}
    return {field: value for field, value in kept.items() if value not in taken}


def in_order(names: Iterable[str], review: Mapping[str, Any]) -> list[str]:
    """Executors' names in the order of the file, those that no task names included.

    :param names: names of the tasks, in order.
    :param review: of a draft; says what an exported plan had listed.
    """
    found = list(dict.fromkeys(names))
    listed = review.get("listed")
    if not listed:
        return found
    kept = {*found, *listed["idle"]}
    first = [name for name in listed["names"] if name in kept]
    return list(dict.fromkeys([*first, *found]))


def _executor(executor: Mapping[str, Any], here: _Here) -> dict[str, Any]:
    who = executor["who"]
    organizations = here.all(executor["organizations"])
    if who == Who.PARTICIPANTS.value and not organizations:
        # A person says who it is on this portal.
        who = Who.UNMAPPED.value
    return {"name": executor["name"], "who": who, "organizations": organizations}


def _plans(
    data: dict[str, Any], review: dict[str, Any], own: Mapping[str, Any], owner: str
) -> None:
    """The plan itself and the one that it replaces, when they are on this portal."""
    replaced: Named | None = own["replaces"]
    table = package_table.c
    sought = [own["plan_id"], *((replaced["id"], replaced["name"]) if replaced else ())]
    keys = [key for key in sought if key]
    rows = model.Session.execute(
        sa.select(table.id, table.name).where(
            table.type == DATASET_TYPE,
            table.state != "deleted",
            sa.or_(table.private.is_(False), table.owner_org == owner),
            sa.or_(table.id.in_(keys), table.name.in_(keys)),
        )
    )
    ids: dict[str, str] = {}
    for row in rows:
        ids[row.id] = row.id
        ids.setdefault(row.name, row.id)
    plan_id = own["plan_id"]
    data["plan_id"] = plan_id if ids.get(plan_id) == plan_id else ""
    review["file_plan"] = {"id": plan_id, "name": own["name"]}
    data["replaces"] = ""
    if replaced:
        found = ids.get(replaced["id"]) or ids.get(replaced["name"], "")
        data["replaces"] = found
        if not found:
            name = replaced["title"] or replaced["name"] or replaced["id"]
            _note(review, "own_replaces", name)


def _note(review: dict[str, Any], code: str, name: str) -> None:
    note = {"code": code, "field": "file", "params": {"name": name[:2000]}}
    review["notes"] = [*review["notes"], note]


def _heirs() -> dict[str, str]:
    """Ids of organizations that were merged away, and of the one each is now."""
    merger = Merger.__table__.c
    rows = model.Session.execute(sa.select(merger.old_id, merger.new_id))
    found: dict[str, str] = {row.old_id: row.new_id for row in rows}
    # A chain is no longer than there are mergers, whatever the rows say.
    for _ in found:
        further = {old: found.get(new, new) for old, new in found.items()}
        if further == found:
            break
        found = further
    return found


@dataclass(slots=True)
class _Here:
    """Looks organizations up: by id, by name in addresses, by a title of only one.

    One that was merged into another since the export is that other one.
    """

    organizations: Sequence[Organization]
    heirs: Mapping[str, str]
    unknown: dict[str, None] = field(default_factory=dict[str, None])
    _ids: dict[str, str] = field(default_factory=dict[str, str])

    def __post_init__(self) -> None:
        titles = Counter(each.title for each in self.organizations)
        for each in self.organizations:
            if titles[each.title] == 1:
                self._ids[each.title] = each.id
        # A title may be what another one is called in addresses.
        self._ids |= {each.name: each.id for each in self.organizations}
        self._ids |= {each.id: each.id for each in self.organizations}
        self._ids |= {
            old: new for old, new in self.heirs.items() if self._ids.get(new) == new
        }

    def one(self, named: Named | None) -> str:
        """The id of an organization, empty when there is none."""
        if named is None:
            return ""
        for key in (named["id"], named["name"], named["title"].strip()):
            if key and key in self._ids:
                return self._ids[key]
        self.unknown[named["title"] or named["name"] or named["id"]] = None
        return ""

    def all(self, listed: Iterable[Named]) -> list[str]:
        """The ids of those that are found, each once."""
        found = map(self.one, listed)
        return list(dict.fromkeys(key for key in found if key))
