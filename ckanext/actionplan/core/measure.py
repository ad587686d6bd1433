"""What a task is measured by, and the value that is to be reached."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Final

from .errors import TargetError

ALL: Final = "all"
_ALL_WORDS: Final = frozenset((ALL, "усі", "всі", "кожен", "кожна", "кожний", "кожне"))
_AT_LEAST: Final = re.compile(
    r"(?:≥|>=|не менше(?: ніж)?|щонайменше|at least)\s*", re.I
)
_NUMBER: Final = re.compile(r"(\d{1,9}(?:[.,]\d{1,4})?)\s*(%?)")
_WHOLE: Final = 100  # percent


class Measure(str, Enum):
    """Kinds of what plans promise in numbers or by yes and no."""

    CONFORMITY = "conformity"
    MANDATORY_SETS = "mandatory_sets"
    ADDITIONAL_SETS = "additional_sets"
    NEWS = "news"
    AUDIT = "audit"
    COURSES = "courses"
    TRAINED = "trained"
    HARVESTED = "harvested"
    REGISTER = "register"
    SCORE_CARD = "score_card"
    DASHBOARDS = "dashboards"


class Scale(str, Enum):
    """How a target counts."""

    COUNT = "count"
    SHARE = "share"
    ALL = "all"


#: How the targets of each measure count; those of none are done or not done.
SCALES: Final[dict[Measure, frozenset[Scale]]] = {
    Measure.CONFORMITY: frozenset((Scale.SHARE, Scale.ALL)),
    Measure.MANDATORY_SETS: frozenset(Scale),
    Measure.ADDITIONAL_SETS: frozenset((Scale.COUNT,)),
    Measure.NEWS: frozenset((Scale.COUNT,)),
    Measure.AUDIT: frozenset((Scale.COUNT,)),
    Measure.COURSES: frozenset((Scale.COUNT,)),
    Measure.TRAINED: frozenset(Scale),
    Measure.HARVESTED: frozenset((Scale.SHARE, Scale.ALL)),
    Measure.REGISTER: frozenset(),
    Measure.SCORE_CARD: frozenset(),
    Measure.DASHBOARDS: frozenset((Scale.COUNT,)),
}


@dataclass(frozen=True, slots=True)
class Target:
    """The least that is to be reached: a count, a share in percent, or all.

    :param scale: how it counts.
    :param amount: the count or the percentage; 100 for all.
    """

    scale: Scale
    amount: Decimal

    def __str__(self) -> str:
        if self.scale is Scale.ALL:
            return ALL
        # A Decimal of 100 normalizes to 1E+2.
        number = f"{self.amount.normalize():f}"
        return f"{number}%" if self.scale is Scale.SHARE else number


def parse(text: str) -> Target | None:
    """Read a target.

    :param text: `85%`, `3` or `all`; “≥ 85 %” and “усі” are understood as well.
    :returns: None for empty text.
    :raises TargetError: when it is no target.
    """
    words = " ".join(text.split()).casefold()
    if not words:
        return None
    if words in _ALL_WORDS:
        return Target(Scale.ALL, Decimal(_WHOLE))
    start = _AT_LEAST.match(words)
    match = _NUMBER.fullmatch(words, start.end() if start else 0)
    if match is None:
        raise TargetError(text)
    target = Target(
        Scale.SHARE if match[2] else Scale.COUNT, Decimal(match[1].replace(",", "."))
    )
    if not _possible(target):
        raise TargetError(text)
    return target


def _possible(target: Target) -> bool:
    if target.scale is Scale.SHARE:
        return 0 < target.amount <= _WHOLE
    return target.amount > 0 and target.amount == target.amount.to_integral_value()


def fits(measure: Measure, target: Target) -> bool:
    """Whether a measure can have such a target."""
    return target.scale in SCALES[measure]
