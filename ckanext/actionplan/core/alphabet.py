"""The order of the Ukrainian alphabet."""

from __future__ import annotations

from typing import Final

#: Letters whose code points lie beyond the alphabet's end, each behind the one before.
_BEHIND: Final = str.maketrans(
    {"ґ": "г\uffff", "є": "е\uffff", "і": "и\uffff", "ї": "и\uffff\uffff"}
)


def alphabetical(text: str) -> str:
    """What to sort a text by: its letters without case, in the alphabet's order."""
    return text.casefold().translate(_BEHIND)
