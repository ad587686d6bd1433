"""Validation schemas of the actions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import ckan.plugins.toolkit as tk

from .. import clock
from ..core.status import Status

if TYPE_CHECKING:
    from datetime import datetime

    from ckan.types import Schema, Validator, ValidatorFactory

_NOTE_LENGTH: Final = 10_000
_LINK_LENGTH: Final = 2_000


def _not_in_future(value: datetime) -> datetime:
    if value.date() > clock.today():
        raise tk.Invalid(tk._("The day lies in the future"))
    return value


def _at_most(length: int) -> Any:
    def validate(value: str) -> str:
        if len(value) > length:
            message = tk._("At most {length} letters, please")
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
def report_submit(  # noqa: PLR0917  CKAN fills them in by name
    not_empty: Validator,
    default: ValidatorFactory,
    unicode_safe: Validator,
    isodate: Validator,
    ignore_empty: Validator,
    url_validator: Validator,
) -> Schema:
    """What an editor reports about an obligation."""
    return {
        "obligation_id": [not_empty, unicode_safe],
        "done_on": [not_empty, isodate, _not_in_future],
        "note": [default(""), unicode_safe, _at_most(_NOTE_LENGTH)],
        "link": [
            default(""),
            unicode_safe,
            _at_most(_LINK_LENGTH),
            ignore_empty,
            url_validator,
        ],
    }
