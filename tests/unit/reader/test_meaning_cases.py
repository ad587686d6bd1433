"""Proposals for 230 tasks of invented councils: a floor for each dimension."""

from __future__ import annotations

from pathlib import Path

import pytest
from meaning_score import DIMENSIONS, compare, proposed, table, tasks_of

FILES = sorted(Path(__file__).parent.glob("meaning_cases_*.yaml"))
FLOORS = {
    "topic": 0.97,
    "performed": 0.97,
    "continuity": 0.95,
    "measure": 0.95,
    "target": 0.95,
    "change": 0.95,
}


@pytest.fixture(scope="module")
def scores():
    tasks = [task for path in FILES for task in tasks_of(path)]
    return compare((proposed(task), task) for task in tasks)


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_proposals_are_seldom_wrong(scores, dimension):
    assert scores[dimension].share >= FLOORS[dimension], table(scores)


def test_every_dimension_is_asked_often(scores):
    asked = {name: score.asked for name, score in scores.items()}
    assert min(asked.values()) >= 15
    assert asked["topic"] >= 220
