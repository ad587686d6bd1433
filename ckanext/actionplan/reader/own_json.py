"""A plan exported as JSON: the record itself, from somebody who may have changed it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from .errors import KindError
from .own_draft import draft_of
from .own_record import checked, parsed

if TYPE_CHECKING:
    from .draft import Draft
    from .limits import Budget

#: An object with a name in it: no plain text begins so.
_OBJECT: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*\{\s*(?:\"|\})")


def is_json(data: bytes) -> bool:
    """Whether a file is an object of JSON."""
    return bool(_OBJECT.match(data))


def read_json(data: bytes, budget: Budget) -> Draft:
    """Read a plan from its JSON.

    :param data: the file, UTF-8.
    :param budget: limits and time of this reading.
    :raises ReaderError: with a sentence that names the place of the mistake.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise KindError("unreadable_text") from error
    return draft_of(checked(parsed(text, budget), budget))
