"""The accounts of the demo, and the file that tells them."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import tables

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Person:
    """Who can sign in to the portal.

    :param role: what the account is for, in words.
    :param organization: name of the organization it belongs to, empty for none.
    :param capacity: what it may do there.
    """

    name: str
    fullname: str
    role: str
    organization: str = ""
    capacity: str = ""
    sysadmin: bool = False

    @property
    def id(self) -> str:
        """Its id on the portal."""
        return tables.stable_id("user", self.name)

    def user(self, password: str) -> dict[str, Any]:
        """What `user_create` takes."""
        return {
            "id": self.id,
            "name": self.name,
            "fullname": self.fullname,
            "email": f"{self.name}@dzherelna.example",
            "password": password,
        }


def load() -> list[Person]:
    """All accounts, the administrator first."""
    return [Person(**row) for row in tables.read("people")]


def accounts_path(ini: Path) -> Path:
    """Where the accounts of a portal stand: beside its ini file."""
    return ini.with_name("accounts.json")


def password(accounts: Path) -> str:
    """The password of all accounts: the one written down, else a new one.

    :param accounts: path of `accounts.json`.
    """
    if accounts.is_file():
        return str(json.loads(accounts.read_text("utf-8"))[0]["password"])
    return secrets.token_urlsafe(9)


def accounts(secret: str) -> list[dict[str, str | None]]:
    """The accounts of both portals as rows of `accounts.json`."""
    rows: list[dict[str, str | None]] = [
        {
            "name": person.name,
            "password": secret,
            "role": person.role,
            "portal": "portal",
            "organization": person.organization or None,
        }
        for person in load()
    ]
    rows.append(
        {
            "name": "admin",
            "password": secret,
            "role": "administrator of the national portal",
            "portal": "national",
            "organization": None,
        }
    )
    return rows


def write_accounts(path: Path, secret: str) -> None:
    """Write `accounts.json`, readable by its owner only."""
    path.touch(mode=0o600)
    text = json.dumps(accounts(secret), ensure_ascii=False, indent=2)
    path.write_text(text + "\n", "utf-8")
