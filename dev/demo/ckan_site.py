"""One CKAN opened in this process: actions, and the dates that actions do not set."""

from __future__ import annotations

import json
import logging
import sys
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.cli import load_config
from ckan.config.middleware import make_app
from ckan.lib import search
from ckan.model.system_info import SystemInfo

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

#: Row of CKAN's own settings that says for which day the demo was filled.
_MARK: Final = "actionplan_demo"
#: Who does everything that no other account is named for.
ADMIN: Final = "admin"


@dataclass(frozen=True, slots=True)
class Age:
    """How old a dataset is to look.

    :param days: days since its last change.
    """

    dataset_id: str
    days: int


def open_site(ini: Path) -> None:
    """Load the CKAN of an ini file; a process holds one CKAN only."""
    app: Any = make_app(load_config(str(ini)))
    # Solr takes half a second for a commit: one at the end is enough.
    tk.config["ckan.search.solr_commit"] = False
    # One line for each dataset put into the index is nothing to read.
    logging.getLogger("ckan.lib.search").setLevel(logging.WARNING)
    # Actions translate texts and build addresses, so they need a request.
    app._wsgi_app.test_request_context().push()


def say(text: str) -> None:
    """Write one line of progress."""
    sys.stdout.write(f"    {text}\n")
    sys.stdout.flush()


def call(action: str, data: Mapping[str, Any], user: str = ADMIN) -> Any:
    """Call an action as a user, with that user's permissions."""
    return tk.get_action(action)({"user": user}, dict(data))


def call_uncommitted(action: str, data: Mapping[str, Any]) -> None:
    """Call an action as the administrator and leave the commit to the caller."""
    context: Any = {"user": ADMIN, "defer_commit": True, "return_id_only": True}
    tk.get_action(action)(context, dict(data))


def ensure_admin(user: Mapping[str, Any]) -> None:
    """Create the administrator, as `ckan sysadmin add` does."""
    found = model.User.get(ADMIN)
    if found is None:
        tk.get_action("user_create")({"ignore_auth": True}, dict(user))
        found = model.User.get(ADMIN)
    if found and not found.sysadmin:
        found.sysadmin = True
        model.Session.commit()


def ensure_passwords(names_of_users: Iterable[str], password: str) -> None:
    """Give users the password that `accounts.json` tells, unless they have it."""
    for name in names_of_users:
        user = model.User.get(name)
        if user and not user.validate_password(password):
            user.password = password
    model.Session.commit()


def names(table: Any, *, packages_of: str = "") -> set[str]:
    """Names that a table of CKAN holds, deleted ones included.

    :param table: `model.User`, `model.Group` or `model.Package`.
    :param packages_of: only packages of that type.
    """
    statement = sa.select(table.name)
    if packages_of:
        statement = statement.where(table.type == packages_of)
    return {name for name in model.Session.scalars(statement) if name}


def filled_for() -> date | None:
    """The day for which this CKAN was filled last, None when it never was."""
    mark = _mark()
    return date.fromisoformat(json.loads(mark.value)["today"]) if mark else None


def make_old(ages: Iterable[Age]) -> None:
    """Give datasets the days of their last change; nothing is committed."""
    # CKAN's session does not flush by itself: the day of the last save would win.
    model.Session.flush()
    now = datetime.now(timezone.utc).replace(tzinfo=None)
    package, resource = _table(model.Package), _table(model.Resource)
    for age in ages:
        changed = now - timedelta(days=age.days)
        model.Session.execute(
            sa.update(package)
            .where(package.c.id == age.dataset_id)
            .values(
                metadata_created=changed - timedelta(days=200),
                metadata_modified=changed,
            )
        )
        model.Session.execute(
            sa.update(resource)
            .where(resource.c.package_id == age.dataset_id)
            .values(
                created=changed - timedelta(days=200),
                metadata_modified=changed,
                last_modified=changed,
            )
        )


def shift(dataset_ids: Iterable[str], days: int) -> None:
    """Move the dates of datasets by some days, never past now; nothing is committed.

    So a dataset stays as late as it was, and one that a visitor changed stays new.
    """
    now = datetime.now(timezone.utc).replace(tzinfo=None)
    ids = list(dataset_ids)
    package, resource = _table(model.Package), _table(model.Resource)
    for table, key, columns in (
        (package, "id", ("metadata_modified",)),
        (resource, "package_id", ("metadata_modified", "last_modified")),
    ):
        values = {
            name: sa.func.least(table.c[name] + timedelta(days=days), now)
            for name in columns
        }
        model.Session.execute(
            sa.update(table).where(table.c[key].in_(ids)).values(values)
        )


def _table(entity: Any) -> sa.Table:
    return sa.inspect(entity).local_table


def finish(dataset_ids: Iterable[str], today: date) -> None:
    """Put datasets into the index and commit them with the day they were filled for.

    CKAN commits at the end of its rebuild, so when the index fails nothing is written
    and the next call does all again.

    :param dataset_ids: those that changed.
    """
    ids = list(dataset_ids)
    if ids:
        mark = _mark() or SystemInfo(_MARK, "")
        mark.value = json.dumps({"today": today.isoformat()})
        model.Session.add(mark)
        model.Session.flush()
        model.Session.expire_all()
        search.rebuild(package_ids=ids, quiet=True)
    model.Session.commit()
    search.commit()


def _mark() -> SystemInfo | None:
    statement = sa.select(SystemInfo).where(_table(SystemInfo).c.key == _MARK)
    return model.Session.scalars(statement).one_or_none()
