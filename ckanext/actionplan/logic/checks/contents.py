"""Does the portal count the datasets that it has, and can it judge them."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.model.package import package_table

from ... import config
from ...model import DatasetFact
from ...model.facts import LOCAL
from ..derive import DATASET_TYPE
from .base import Check, Finding, command, error, ok, running, setting, warning

_TOLD: Final = 5
#: What other plugins keep as packages and what never is a dataset.
_NEVER: Final = (DATASET_TYPE, "harvest")


def _counted() -> sa.Select[tuple[int]]:
    """How many active packages count as datasets."""
    package = package_table.c
    return sa.select(sa.func.count()).where(
        package.type.in_(config.dataset_types()), package.state == "active"
    )


class Datasets(Check):
    """The types of packages that count as datasets."""

    id = "dataset_types"

    def title(self) -> str:
        """See the base class."""
        return tk._("What counts as a dataset")

    def examine(self) -> Finding:
        """See the base class."""
        types = config.dataset_types()
        wrong = sorted(set(types) & set(_NEVER))
        line = "ckanext.actionplan.dataset_types = "
        if wrong or not types:
            kept = [name for name in types if name not in _NEVER] or ["dataset"]
            return error(
                tk._("Packages of the type {types} are not datasets.").format(
                    types=", ".join(wrong) or "—"
                ),
                setting(),
                line + " ".join(kept),
            )
        package = package_table.c
        rows = model.Session.execute(
            sa.select(package.type, sa.func.count())
            .where(package.state == "active", package.type.notin_(_NEVER))
            .group_by(package.type)
            .order_by(sa.func.count().desc(), package.type)
        )
        counts = {row[0]: row[1] for row in rows}
        others = {name: n for name, n in counts.items() if name not in types}
        if others and not any(counts.get(name) for name in types):
            return warning(
                tk._(
                    "There are no packages of the type {types}, but there are {others}."
                ).format(types=", ".join(types), others=_told(others)),
                tk._("If these are datasets, name them. {setting}").format(
                    setting=setting()
                ),
                line + " ".join([*types, *others]),
            )
        text = tk._("Counted: {types}.").format(
            types=_told({name: counts.get(name, 0) for name in types})
        )
        if others:
            text += " " + tk._("Not counted: {types}.").format(types=_told(others))
        return ok(text)


def _told(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} ({count})" for name, count in counts.items())


class Facts(Check):
    """What is known of each dataset."""

    id = "facts"

    def title(self) -> str:
        """See the base class."""
        return tk._("Facts of datasets")

    def examine(self) -> Finding:
        """See the base class."""
        fact, package = DatasetFact.__table__.c, package_table.c
        known = sa.exists().where(fact.source == LOCAL, fact.dataset_id == package.id)
        missing = model.Session.scalar(_counted().where(~known)) or 0
        if missing:
            return error(
                tk.ungettext(
                    "{count} dataset was never looked through, so no page counts it.",
                    "{count} datasets were never looked through, so no page counts "
                    "them.",
                    missing,
                ).format(count=missing),
                running(),
                command("actionplan dataset rebuild"),
            )
        return ok(tk._("Every dataset is looked through."))


class Frequencies(Check):
    """The field with the update frequency is the one that this portal uses."""

    id = "frequencies"

    def title(self) -> str:
        """See the base class."""
        return tk._("Update frequencies")

    def examine(self) -> Finding:
        """See the base class."""
        fact, package = DatasetFact.__table__.c, package_table.c
        row = model.Session.execute(
            sa.select(
                sa.func.count(),
                sa.func.count().filter(fact.frequency != ""),
                sa.func.count().filter(fact.interval_days.is_not(None)),
            ).where(
                fact.source == LOCAL,
                package.id == fact.dataset_id,
                package.state == "active",
            )
        ).one()
        datasets, given, judged = row
        field = config.frequency_field()
        if datasets and not given:
            return warning(
                tk._(
                    "No dataset has anything in the field {field}: no update is judged."
                ).format(field=field),
                tk._(
                    "Name the field in which this portal keeps the update frequency. "
                    "{setting} Then run:"
                ).format(setting=setting()),
                "ckanext.actionplan.frequency_field = frequency",
                command("actionplan dataset rebuild"),
            )
        return ok(
            tk._(
                "Of {datasets} datasets the updates of {judged} can be judged."
            ).format(datasets=datasets, judged=judged)
        )


class Licenses(Check):
    """Licenses of datasets are those that the portal knows."""

    id = "licenses"

    def title(self) -> str:
        """See the base class."""
        return tk._("Licenses of datasets")

    def examine(self) -> Finding:
        """See the base class."""
        package = package_table.c
        known = [each.id for each in model.Package.get_license_register().values()]
        unknown = sa.or_(
            sa.func.coalesce(package.license_id, "").in_(["", "notspecified"]),
            package.license_id.notin_(known),
        )
        where = (
            package.type.in_(config.dataset_types()),
            package.state == "active",
            package.private.is_(False),
            unknown,
        )
        names = sa.select(package.name).where(*where).order_by(package.name)
        found = model.Session.scalars(names.limit(_TOLD)).all()
        count = model.Session.scalar(sa.select(sa.func.count()).where(*where)) or 0
        if count:
            return warning(
                tk.ungettext(
                    "{count} public dataset names no license that this portal knows: "
                    "{names}.",
                    "{count} public datasets name no license that this portal knows: "
                    "{names}.",
                    count,
                ).format(
                    count=count,
                    names=", ".join(found) + (" …" if count > len(found) else ""),
                ),
                tk._(
                    "Let their editors choose a license; if the portal has a list of "
                    "its own, name it in the ini file:"
                ),
                "ckan.licenses_group_url = file:///etc/ckan/default/licenses.json",
            )
        return ok(tk._("Every public dataset names a license that the portal knows."))
