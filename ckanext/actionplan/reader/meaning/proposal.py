"""A proposed value."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed value with a confidence from 0 to 1."""

    value: str
    confidence: float


#: Nothing speaks for any value.
NOTHING = Proposal("", 0.0)
