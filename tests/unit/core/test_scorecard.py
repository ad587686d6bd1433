"""Weighing: what is not measured leaves the denominator."""

from __future__ import annotations

from fractions import Fraction

import pytest

from ckanext.actionplan.core import scorecard
from ckanext.actionplan.core.scorecard import Count, FormulaError, Row

WEIGHTS = {
    "plan": 35,
    "publication": 25,
    "timeliness": 15,
    "quality": 10,
    "harvest": 10,
    "openness": 5,
}


def data(weights=None, **more):
    criteria = [
        {
            "id": name,
            "group": name,
            "weight": weight,
            "label": {"en": name},
            "explanation": {"en": name},
        }
        for name, weight in (weights or WEIGHTS).items()
    ]
    return {
        "version": 1,
        "valid_from": "2026-Q1",
        "provisional": True,
        "criteria": criteria,
        **more,
    }


@pytest.fixture
def formula():
    return scorecard.formula(data())


def test_formula(formula):
    assert formula.version == "1"
    assert formula.provisional
    assert formula.criteria == tuple(WEIGHTS)


@pytest.mark.parametrize(
    ("broken", "problem"),
    [
        (data({"plan": 60, "quality": 30}), "sum up to 90"),
        (data({"plan": 110, "quality": -10}), "not above zero"),
        ({"version": 1}, "missing: criteria"),
        (data(criteria=[{"id": "plan"}]), "missing: group"),
        (data(criteria=data({"plan": 50})["criteria"] * 2), "stands twice"),
    ],
)
def test_broken_formula(broken, problem):
    with pytest.raises(FormulaError, match=problem):
        scorecard.formula(broken)


def test_all_measured(formula):
    counts = {name: Count(1, 2) for name in WEIGHTS}
    card = scorecard.weigh(formula, counts)
    assert card.total == 50
    assert card.measured_weight == 100
    assert [result.points for result in card.results] == [
        Fraction(weight, 2) for weight in WEIGHTS.values()
    ]


def test_not_measured_leaves_the_denominator(formula):
    # 35 of plan at 3/4, 15 of timeliness whole: (26.25 + 15) / 50.
    counts = {
        "plan": Count(3, 4),
        "timeliness": Count(7, 7),
        "quality": Count(0, 0),
        "unknown": Count(1, 1),
    }
    card = scorecard.weigh(formula, counts)
    assert card.measured_weight == 50
    assert card.total == Fraction(165, 2)
    quality = card.results[3]
    assert (quality.count, quality.value, quality.points) == (None, None, None)


def test_nothing_done_is_zero_not_unmeasured(formula):
    card = scorecard.weigh(formula, {name: Count(0, 3) for name in WEIGHTS})
    assert card.total == 0
    assert card.results[0].value == 0


@pytest.mark.parametrize(
    ("measured", "has_total"),
    [
        ((), False),
        (("timeliness", "quality", "harvest", "openness"), False),
        (("plan", "timeliness"), True),
    ],
)
def test_half_of_the_weight_is_needed(formula, measured, has_total):
    card = scorecard.weigh(formula, {name: Count(1, 1) for name in measured})
    assert (card.total is not None) is has_total


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Fraction(9996, 100), 99.9),
        (Fraction(100), 100.0),
        (Fraction(0), 0.0),
        (Fraction(200, 3), 66.6),
    ],
)
def test_what_is_short_stays_short(value, expected):
    assert scorecard.tenths(value) == expected


def row(criterion, key):
    return Row(criterion, "dataset", key, key, key)


def test_do_first_gains_what_it_says(formula):
    counts = {"plan": Count(8, 10), "timeliness": Count(1, 2), "quality": Count(0, 2)}
    card = scorecard.weigh(formula, counts)
    rows = [row("plan", "p"), row("quality", "q"), row("timeliness", "t")]
    steps = scorecard.do_first(card, [*rows, row("harvest", "h")], 3)
    assert [step.row.id for step in steps] == ["t", "q", "p"]
    assert card.total is not None
    for step in steps:
        name = step.row.criterion
        more = Count(counts[name].numerator + 1, counts[name].denominator)
        better = scorecard.weigh(formula, {**counts, name: more})
        assert better.total == card.total + step.gain


def test_do_first_keeps_urgency_among_equals_and_its_limit(formula):
    card = scorecard.weigh(
        formula,
        {"plan": Count(0, 3), "quality": Count(1, 1), "timeliness": Count(1, 1)},
    )
    rows = [row("plan", key) for key in "cab"]
    steps = scorecard.do_first(card, rows, 2)
    assert [step.row.id for step in steps] == ["c", "a"]


def test_nothing_is_promised_without_a_total(formula):
    card = scorecard.weigh(formula, {"plan": Count(0, 3)})
    assert scorecard.do_first(card, [row("plan", "a")], 5) == []
