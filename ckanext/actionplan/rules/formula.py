"""Versions of the formula: data files beside the code."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Final

import yaml

from ..core import scorecard

#: The version that live cards use.
CURRENT: Final = "1"


@cache
def load(version: str) -> scorecard.Formula:
    """Read a version of the formula.

    :raises FileNotFoundError: when there is no such version.
    :raises ckanext.actionplan.core.scorecard.FormulaError: when it is not complete.
    """
    folder = resources.files("ckanext.actionplan") / "data" / "formula"
    text = (folder / f"{version}.yaml").read_text(encoding="utf-8")
    return scorecard.formula(yaml.safe_load(text))


def current() -> scorecard.Formula:
    """The formula of live cards."""
    return load(CURRENT)
