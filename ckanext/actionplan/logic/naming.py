"""A plan's name in addresses, made from its Ukrainian title."""

from __future__ import annotations

import re
from typing import Final

import sqlalchemy as sa

from ckan import model
from ckan.model.package import package_table

from .derive import DATASET_TYPE

_LENGTH: Final = 60
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
#: Addresses under the dataset type that are pages of their own.
_TAKEN: Final = frozenset(("import", "new", "edit", "due"))
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
    spelled = re.sub(r"[\s.:/]+", "-", title.casefold().translate(_LATIN))
    stem = _short(re.sub(r"-+", "-", re.sub(r"[^a-z0-9_-]", "", spelled)).strip("-"))
    if not stem[1:] or stem in _TAKEN:
        stem = f"{DATASET_TYPE}-{stem}".strip("-")
    taken: set[str] = set(
        model.Session.scalars(
            sa.select(package_table.c.name).where(package_table.c.name.startswith(stem))
        )
    )
    number, name = 2, stem
    while name in taken:
        name, number = f"{stem}-{number}", number + 1
    return name


def is_page(name: str) -> bool:
    """Whether a name is the address of a page of our own."""
    return name in _TAKEN


def _short(latin: str) -> str:
    """Whole words from the beginning and the years that tell plans apart."""
    words = latin.split("-")
    years = [word for word in words if _YEAR.fullmatch(word)]
    kept = ""
    for word in words:
        if len(kept) + len(word) >= _LENGTH:
            return "-".join([kept or word[:_LENGTH], *years[:2]])
        kept = f"{kept}-{word}".strip("-")
    return kept.strip("-_")
