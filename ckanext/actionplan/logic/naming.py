"""A plan's name in addresses, made from its Ukrainian title."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from ckan import model
from ckan.lib import munge

from .derive import DATASET_TYPE

_LENGTH: Final = 80
#: Addresses under the dataset type that are pages of their own.
_TAKEN: Final = frozenset(("import", "new", "edit"))
#: Ukrainian letters as Resolution 55 of 27.01.2010 writes them inside a word.
_LATIN: Final = str.maketrans(
    dict(zip("абвгґдезиіїйклмнопрстуф", "abvhgdezyiiiklmnoprstuf", strict=True))
    | {"є": "ie", "ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch"}
    | {"ю": "iu", "я": "ia", "ь": "", "’": "", "'": "", "–": "-"}
)


def free_name(title: str) -> str:
    """A name for the address of a plan that no package has yet.

    :param title: title of the plan.
    """
    latin = munge.munge_title_to_name(title.casefold().translate(_LATIN))
    stem = latin[:_LENGTH].strip("-_")
    if not stem[1:] or stem in _TAKEN:
        stem = f"{DATASET_TYPE}-{stem}".strip("-")
    package = model.Package.__table__
    taken = set(
        model.Session.scalars(
            sa.select(package.c.name).where(package.c.name.startswith(stem))
        )
    )
    number, name = 2, stem
    while name in taken:
        name, number = f"{stem}-{number}", number + 1
    return name
