"""Targets: normal form, what is understood, what is refused, what fits a measure."""

from __future__ import annotations

import pytest

from ckanext.actionplan.core.errors import TargetError
from ckanext.actionplan.core.measure import SCALES, Measure, Scale, fits, parse


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("85%", "85%"),
        (" 85 % ", "85%"),
        ("84,50%", "84.5%"),
        ("100%", "100%"),
        ("≥ 85 %", "85%"),
        ("не менше 85%", "85%"),
        ("щонайменше 3", "3"),
        ("at least 10", "10"),
        ("3", "3"),
        ("100", "100"),
        ("03", "3"),
        ("3.0", "3"),
        ("all", "all"),
        ("ALL", "all"),
        ("усі", "all"),
        ("Кожна", "all"),
    ],
)
def test_normal_form(written, normal):
    target = parse(written)
    assert str(target) == normal
    assert parse(str(target)) == target


def test_empty_text_is_no_target():
    assert parse(" ") is None


@pytest.mark.parametrize(
    "text",
    [
        "0",
        "0%",
        "101%",
        "2.5",
        "-3",
        "кілька",
        "3 набори",
        "85%%",
        "1e3",
        "%",
        "≥",
        "²",
    ],
)
def test_what_is_no_target_is_refused(text):
    with pytest.raises(TargetError) as refused:
        parse(text)
    assert refused.value.text == text


@pytest.mark.parametrize(
    ("measure", "text", "fitting"),
    [
        (Measure.CONFORMITY, "85%", True),
        (Measure.CONFORMITY, "85", False),
        (Measure.MANDATORY_SETS, "all", True),
        (Measure.MANDATORY_SETS, "16", True),
        (Measure.ADDITIONAL_SETS, "3", True),
        (Measure.ADDITIONAL_SETS, "all", False),
        (Measure.TRAINED, "all", True),
        (Measure.REGISTER, "1", False),
        (Measure.SCORE_CARD, "all", False),
    ],
)
def test_a_target_fits_its_measure(measure, text, fitting):
    target = parse(text)
    assert target is not None
    assert fits(measure, target) is fitting


def test_every_measure_says_how_its_targets_count():
    assert SCALES.keys() == set(Measure)
    assert SCALES[Measure.MANDATORY_SETS] == set(Scale)
