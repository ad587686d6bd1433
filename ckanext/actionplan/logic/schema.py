"""Validation schemas of the actions."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

import ckan.plugins.toolkit as tk

from .. import clock, labels
from ..core.status import Status
from ..model.topics import VERDICTS
from . import fields, my_tasks
from .obligations import GROUPS

if TYPE_CHECKING:
    from ckan.types import Schema, Validator, ValidatorFactory

_NOTE_LENGTH: Final = 10_000
_LINK_LENGTH: Final = 2_000
_TITLE_LENGTH: Final = 200
_WORDS_LENGTH: Final = 500
#: Years in which a portal-wide date may lie; another one is a slip of the pen.
_YEARS: Final = (2000, 2100)


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


def _any_day(value: Any) -> date:
    """A day of which somebody else knows whether it fits."""
    try:
        day = value if isinstance(value, date) else fields.day(value)
    except ValueError:
        day = None
    if day is None:
        raise tk.Invalid(tk._("Give the day as YYYY-MM-DD"))
    return day


def _event_day(value: Any) -> date:
    """The day of an event, past or future."""
    if value is tk.missing or not value:
        raise tk.Invalid(tk._("Give the day of the event"))
    try:
        day = value if isinstance(value, date) else fields.day(value)
    except ValueError:
        day = None
    if day is None:
        raise tk.Invalid(tk._("Give the day as YYYY-MM-DD"))
    if not _YEARS[0] <= day.year <= _YEARS[1]:
        message = tk._("Give a year from {first} to {last}")
        raise tk.Invalid(message.format(first=_YEARS[0], last=_YEARS[1]))
    return day


def _no_day_yet(value: Any) -> date | None:
    return None if value is tk.missing or not value else _event_day(value)


def _title(value: Any) -> str:
    text = " ".join(fields.text(value).split())
    if not text:
        raise tk.Invalid(tk._("Say what takes place on that day"))
    return _at_most(_TITLE_LENGTH)(text)


def _topic(value: Any) -> str:
    text = fields.text(value)
    if text and text not in labels.topics():
        raise tk.Invalid(tk._("“{topic}” is not a topic").format(topic=text))
    return text


def _words(value: Any) -> str:
    text = " ".join(fields.text(value).split())
    if text and not any(map(str.isalnum, text)):
        raise tk.Invalid(tk._("Words need letters or digits"))
    return _at_most(_WORDS_LENGTH)(text)


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
        "topic": [*text],
        "section": [*text],
        "status": [*text, one_of([*(status.value for status in Status), *GROUPS])],
    }


@tk.validator_args
def my_task_list(
    ignore_empty: Validator, unicode_safe: Validator, one_of: ValidatorFactory
) -> Schema:
    """Filters of `actionplan_my_task_list`."""
    text = [ignore_empty, unicode_safe]
    return {
        "organization": [*text],
        "plan": [*text],
        "group": [*text, one_of([*my_tasks.GROUPS])],
        "q": [*text],
    }


@tk.validator_args
def task_show(
    not_empty: Validator,
    ignore_empty: Validator,
    unicode_safe: Validator,
    natural_number_validator: Validator,
    one_of: ValidatorFactory,
) -> Schema:
    """Filters of `actionplan_task_show`."""
    optional = [ignore_empty]
    known = [*(status.value for status in Status), *GROUPS]
    return {
        "plan_id": [not_empty, unicode_safe],
        "id": [not_empty, unicode_safe],
        "q": [*optional, unicode_safe],
        "status": [*optional, unicode_safe, one_of(known)],
        "page": [*optional, natural_number_validator],
        "rows": [*optional, natural_number_validator],
    }


def _year(value: Any) -> int:
    """A year in which a plan may be in force."""
    text = str(value)
    if not text.isascii() or not text.isdigit() or len(text) != len(str(_YEARS[0])):
        raise tk.Invalid(tk._("Give the year as YYYY"))
    if not _YEARS[0] <= int(text) <= _YEARS[1]:
        message = tk._("Give a year between {first} and {last}")
        raise tk.Invalid(message.format(first=_YEARS[0], last=_YEARS[1]))
    return int(text)


@tk.validator_args
def topic_show(
    not_empty: Validator,
    ignore_empty: Validator,
    unicode_safe: Validator,
    natural_number_validator: Validator,
    one_of: ValidatorFactory,
) -> Schema:
    """What `actionplan_topic_show` takes."""
    return {
        "topic": [not_empty, unicode_safe],
        "year": [ignore_empty, _year],
        "state": [ignore_empty, unicode_safe, one_of(VERDICTS)],
        "q": [ignore_empty, unicode_safe],
        "page": [ignore_empty, natural_number_validator],
        "rows": [ignore_empty, natural_number_validator],
    }


@tk.validator_args
def execution_show(
    not_empty: Validator, ignore_empty: Validator, unicode_safe: Validator
) -> Schema:
    """What `actionplan_execution_show` takes."""
    return {
        "plan_id": [not_empty, unicode_safe],
        "period": [ignore_empty, unicode_safe],
        "as_of": [ignore_empty, _any_day],
        "organization": [ignore_empty, unicode_safe],
    }


@tk.validator_args
def change_list(
    not_empty: Validator,
    ignore_missing: Validator,
    ignore_empty: Validator,
    unicode_safe: Validator,
    natural_number_validator: Validator,
) -> Schema:
    """Filters of `actionplan_change_list`."""
    return {
        "plan_id": [not_empty, unicode_safe],
        "task_id": [ignore_missing, unicode_safe],
        "limit": [ignore_missing, ignore_empty, natural_number_validator],
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


@tk.validator_args
def portal_date_match(
    ignore_missing: Validator, ignore_empty: Validator, unicode_safe: Validator
) -> Schema:
    """What `actionplan_portal_date_match` looks for."""
    return {
        "id": [ignore_missing, ignore_empty, unicode_safe],
        "topic": [_topic],
        "words": [_words],
        "due_on": [_no_day_yet],
    }


@tk.validator_args
def portal_date(ignore_missing: Validator, boolean_validator: Validator) -> Schema:
    """A portal-wide date as reviewers set it."""
    return {
        "title": [_title],
        "topic": [_topic],
        "words": [_words],
        "due_on": [_event_day],
        "removed": [ignore_missing, boolean_validator],
    }


@tk.validator_args
def pages(
    ignore_missing: Validator,
    ignore_empty: Validator,
    natural_number_validator: Validator,
    is_positive_integer: Validator,
) -> Schema:
    """A page of a list, and a topic to narrow it."""
    number = [
        ignore_missing,
        ignore_empty,
        natural_number_validator,
        is_positive_integer,
    ]
    return {"topic": [_topic], "page": [*number], "rows": [*number]}
