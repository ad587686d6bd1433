"""What a person wrote as measure and target of a task: normal form, or a sentence.

Plans of older versions may hold any text there. It stays with them; nothing else is
refused because of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import ckan.plugins.toolkit as tk

from ..core import measure
from ..core.errors import TargetError
from ..core.measure import SCALES, Measure, Scale
from . import fields
from .derive import DATASET_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable

MEASURES: Final = frozenset(each.value for each in Measure)
_SHOWN: Final = 80  # letters


def choices(value: str = "") -> list[tuple[str, str]]:
    """Measures with their labels in the reader's language, by the plans' schema.

    :param value: what an older plan holds; it stands behind the measures.
    """
    schema: dict[str, Any] = tk.h.scheming_get_dataset_schema(DATASET_TYPE) or {}
    tasks = _named(schema.get("dataset_fields", ()), "tasks")
    field = _named(tasks.get("repeating_subfields", ()), "measure")
    found = [(each["value"], fields.label(each)) for each in field.get("choices", ())]
    return found if measure_fault(value) == "" else [*found, (value, value)]


def _named(listed: Iterable[dict[str, Any]], name: str) -> dict[str, Any]:
    return next((field for field in listed if field["field_name"] == name), {})


def measure_fault(value: str) -> str:
    """Why a text is no measure; empty when it is one or nothing."""
    if not value or value in MEASURES:
        return ""
    message = tk._("“{value}” is not a measure; possible: {choices}")
    choices = ", ".join(each.value for each in Measure)
    return message.format(value=value[:_SHOWN], choices=choices)


def read_target(value: str, chosen: str) -> tuple[str, str]:
    """The normal form of a target, and what is wrong with it.

    :param value: what was written.
    :param chosen: the measure of the task.
    :returns: the target, as written when it cannot be read; a sentence or nothing.
    """
    try:
        target = measure.parse(value)
    except TargetError:
        message = tk._("“{value}” is not a target; write 85%, 3 or all")
        return value, message.format(value=value[:_SHOWN])
    if target is None:
        return "", ""
    if not chosen:
        message = tk._(
            "“{value}” is a target without a measure; choose one or empty the target"
        )
        return str(target), message.format(value=target)
    if chosen in MEASURES and not measure.fits(Measure(chosen), target):
        return str(target), _misfit(Measure(chosen), str(target))
    return str(target), ""


def _misfit(chosen: Measure, target: str) -> str:
    """What the target of a measure looks like instead."""
    scales = SCALES[chosen]
    if not scales:
        message = tk._("This measure has no target: it is done or not; empty “{value}”")
    elif Scale.SHARE not in scales:
        message = tk._("“{value}” does not fit this measure; write a number such as 3")
    elif Scale.COUNT not in scales:
        message = tk._("“{value}” does not fit this measure; write all or 85%")
    else:
        message = tk._("“{value}” does not fit this measure; write 85%, 3 or all")
    return message.format(value=target)
