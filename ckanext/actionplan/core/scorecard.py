"""Score cards: weighing counts by a formula. Counting is done elsewhere.

"Not measured" is not zero: its weight leaves the denominator, and with less than half
of the weight measured there is no total (decision 22).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from .errors import ActionPlanError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FULL: Final = 100


class FormulaError(ActionPlanError):
    """A formula is not complete or does not add up.

    :param problem: what is wrong, in English, for the log.
    """

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Weight:
    """One criterion of a formula.

    :param criterion: id of the criterion that counts.
    :param group: id of the group it belongs to.
    :param weight: points of 100, more than 0.
    :param label: short name by language.
    :param explanation: what is counted, by language.
    """

    criterion: str
    group: str
    weight: int
    label: Mapping[str, str]
    explanation: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Formula:
    """A versioned list of weighted criteria; the weights sum up to 100.

    :param version: its name, quoted by every card.
    :param valid_from: period from which it is used.
    :param provisional: it may still change.
    """

    version: str
    valid_from: str
    provisional: bool
    weights: tuple[Weight, ...]

    @property
    def criteria(self) -> tuple[str, ...]:
        """Ids of its criteria in order."""
        return tuple(weight.criterion for weight in self.weights)


@dataclass(frozen=True, slots=True)
class Count:
    """What a criterion counted.

    :param numerator: how many meet it.
    :param denominator: how many are judged; 0: not measured.
    """

    numerator: int
    denominator: int


@dataclass(frozen=True, slots=True)
class Result:
    """One criterion on a card.

    :param count: None when it is not measured.
    :param value: share from 0 to 1, None when not measured.
    :param points: share of the weight, None when not measured.
    """

    weight: Weight
    count: Count | None
    value: Fraction | None
    points: Fraction | None


@dataclass(frozen=True, slots=True)
class Card:
    """A weighed card.

    :param measured_weight: sum of the weights that were measured.
    :param total: points of 100; None with less than half of the weight measured.
    """

    formula: Formula
    results: tuple[Result, ...]
    measured_weight: int
    total: Fraction | None


@dataclass(frozen=True, slots=True)
class Row:
    """Something behind a number that does not meet the criterion yet.

    :param kind: `obligation`, `dataset` or `item`.
    """

    criterion: str
    kind: str
    id: str
    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Step:
    """What to do and how many points of the total it gains."""

    row: Row
    gain: Fraction


def formula(data: Mapping[str, Any]) -> Formula:
    """Make a formula of what its file says.

    :param data: version, valid_from, provisional, criteria[{id, group, weight, label,
        explanation}].
    :raises FormulaError: when something is missing or the weights do not sum up.
    """
    try:
        weights = tuple(
            Weight(
                criterion=row["id"],
                group=row["group"],
                weight=row["weight"],
                label=row["label"],
                explanation=row["explanation"],
            )
            for row in data["criteria"]
        )
        found = Formula(
            version=str(data["version"]),
            valid_from=data["valid_from"],
            provisional=data["provisional"],
            weights=weights,
        )
    except KeyError as error:
        raise FormulaError(f"missing: {error.args[0]}") from error
    if len(set(found.criteria)) < len(weights):
        raise FormulaError("a criterion stands twice")
    if any(weight.weight <= 0 for weight in weights):
        raise FormulaError("a weight is not above zero")
    total = sum(weight.weight for weight in weights)
    if total != FULL:
        raise FormulaError(f"the weights sum up to {total}")
    return found


def weigh(formula: Formula, counts: Mapping[str, Count]) -> Card:
    """Weigh what was counted.

    :param counts: by id of the criterion; absent or without anything judged is not
        measured.
    """
    results = tuple(
        _result(weight, counts.get(weight.criterion)) for weight in formula.weights
    )
    measured = sum(result.weight.weight for result in results if result.count)
    points = sum(
        (result.points for result in results if result.points is not None), Fraction()
    )
    enough = measured and 2 * measured >= FULL
    return Card(
        formula=formula,
        results=results,
        measured_weight=measured,
        total=points * FULL / measured if enough else None,
    )


def _result(weight: Weight, count: Count | None) -> Result:
    if count is None or not count.denominator:
        return Result(weight, None, None, None)
    value = Fraction(count.numerator, count.denominator)
    return Result(weight, count, value, value * weight.weight)


def tenths(value: Fraction) -> float:
    """One digit after the point, rounded down: what is short stays short."""
    return (value * 10).__floor__() / 10


def do_first(card: Card, rows: Iterable[Row], limit: int) -> list[Step]:
    """What gains most, by points of the total.

    :param rows: what does not meet a criterion, in the order of urgency.
    :param limit: how many at most.
    :returns: nothing for a card without a total: no gain can be promised.
    """
    if card.total is None:
        return []
    gains = {
        result.weight.criterion: Fraction(
            result.weight.weight * FULL,
            result.count.denominator * card.measured_weight,
        )
        for result in card.results
        if result.count
    }
    steps = [Step(row, gains[row.criterion]) for row in rows if row.criterion in gains]
    steps.sort(key=lambda step: -step.gain)
    return steps[:limit]
