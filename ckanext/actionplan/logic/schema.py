"""Validation schemas of the actions."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

import ckan.plugins.toolkit as tk

from .. import clock
from ..core.status import Status

if TYPE_CHECKING:
    from ckan.types import Schema, Validator, ValidatorFactory

_NOTE_LENGTH: Final = 10_000
_LINK_LENGTH: Final = 2_000


def _past_day(value: Any) -> date:
    """One validator, since CKAN runs the next one on a value that was refused."""
    if value is tk.missing or not value:
        raise tk.Invalid(tk._("Say on which day it was done"))
    try:
        day = value if isinstance(value, date) else date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise tk.Invalid(tk._("Give the day as YYYY-MM-DD")) from error
    if day > clock.today():
        raise tk.Invalid(tk._("The day lies in the future"))
    return day


def _at_most(length: int) -> Any:
    def validate(value: str) -> str:
        if len(value) > length:
            message = tk._("At most {length} characters are allowed")
            raise tk.Invalid(message.format(length=length))
        return value

    return validate


@tk.validator_args
def obligation_list(
    ignore_missing: Validator,
    ignore_empty: Validator,
    unicode_safe: Validator,
    one_of: ValidatorFactory,
) -> Schema:
    """Filters of `actionplan_obligation_list`."""
    text = [ignore_missing, ignore_empty, unicode_safe]
    return {
        "organization_id": [*text],
        "plan_id": [*text],
        "task_id": [*text],
        "status": [*text, one_of([status.value for status in Status])],
    }


@tk.validator_args
def report_submit(
    not_empty: Validator,
    default: ValidatorFactory,
    unicode_safe: Validator,
    ignore_empty: Validator,
    url_validator: Validator,
) -> Schema:
    """What an editor reports about an obligation."""
    return {
        "obligation_id": [not_empty, unicode_safe],
        "done_on": [_past_day],
        "note": [default(""), unicode_safe, _at_most(_NOTE_LENGTH)],
        "link": [
            default(""),
            unicode_safe,
            _at_most(_LINK_LENGTH),
            ignore_empty,
            url_validator,
        ],
    }
