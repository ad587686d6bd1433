"""The CKAN releases that are developed and tested against: the only place of pins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from report import StepError


@dataclass(frozen=True, slots=True)
class Version:
    """A CKAN release."""

    name: str
    release: str

    @property
    def tag(self) -> str:
        """Return the version as databases, cores and ports are named after it."""
        return self.name.replace(".", "")


DEFAULT: Final = "2.12"
VERSIONS: Final = {
    each.name: each for each in (Version("2.12", "2.12.0"), Version("2.11", "2.11.6"))
}


def find(name: str) -> Version:
    """Return a version by its name.

    :raises StepError: when it is not supported
    """
    if name not in VERSIONS:
        raise StepError(
            f"CKAN {name} is not supported",
            advice=f"choose one of {', '.join(VERSIONS)}: make test CKAN={DEFAULT}",
        )
    return VERSIONS[name]
