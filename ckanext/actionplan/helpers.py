"""Template helpers; they run no queries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk

from . import labels, wording, words
from .logic import (
    amending,
    choices,
    dates,
    fields,
    measuring,
    my_tasks,
    participants,
    plan_diff,
    plan_form,
    plan_page,
    term,
)

if TYPE_CHECKING:
    from datetime import date, datetime


def actionplan_status(key: str) -> labels.Label:
    """Sign and word of an obligation's state."""
    return labels.status(key)


def actionplan_presence(key: str) -> labels.Label:
    """Sign and word of a dataset's presence on the upstream."""
    return labels.presence(key)


def actionplan_freshness(on_time: bool | None) -> labels.Label:
    """Sign and word of a dataset's age."""
    return labels.freshness(on_time)


def actionplan_check(key: str) -> labels.Label:
    """Sign and word of what the doctor found."""
    return labels.check(key)


def actionplan_night(key: str) -> labels.Label:
    """Sign and word of a nightly run or of one of its steps."""
    return labels.night(key)


def actionplan_text(kind: str, key: str) -> str:
    """Words for a key: a reason, mark, topic, criterion, frequency and so on."""
    return labels.text(kind, key)


def actionplan_day(value: date | str | None) -> str:
    """A date in the reader's language."""
    return wording.day(value)


def actionplan_moment(value: datetime | str | None) -> str:
    """A date and time of day in the portal's zone and the reader's language."""
    return wording.moment(value)


def actionplan_number(value: float | None, digits: int = 1) -> str:
    """A number in the reader's language."""
    return wording.number(value, digits)


def actionplan_percent(part: float | None, whole: float | None) -> int | None:
    """Percent of a whole, rounded down; None when nothing is measured."""
    return wording.percent(part, whole)


def actionplan_period(name: str) -> str:
    """A period such as `2026-Q3` in words."""
    return wording.period(name)


def actionplan_due(obligation: dict[str, Any]) -> str:
    """When an obligation is due, in words."""
    return wording.due(obligation)


def actionplan_days_past(days: int | None) -> str:
    """How many days have passed since the last day."""
    return wording.days_past(days)


def actionplan_separator() -> str | None:
    """The separator of CSV that spreadsheets in the reader's language expect.

    :returns: None for the comma, which needs no naming
    """
    return "semicolon" if wording.semicolons() else None


# Plan forms and plan pages; lists of choices are read once in a request.


def actionplan_due_words(due: str) -> str:
    """A due in normal form as words."""
    return words.due_words(due)


def actionplan_texts(value: Any) -> list[str]:
    """A list of texts as stored or as a form sent it."""
    return fields.texts(value)


def actionplan_organizations() -> list[choices.Choice]:
    """Organizations that a plan may name, by title."""
    return choices.offered()


def actionplan_departed(named: Any) -> list[choices.Choice]:
    """Deleted organizations that a plan still names; their titles say so.

    :param named: participants as stored or as a form sent them.
    """
    return [
        {**choice, "title": f"{choice['title']} ({tk._('deleted')})"}
        for choice in choices.departed(fields.texts(named))
    ]


def actionplan_organization_titles(named: Any = None) -> dict[str, str]:
    """Titles of all organizations by id, of the deleted ones that a plan names, too."""
    departed = actionplan_departed(named) if named else []
    return {**choices.titles(), **{each["id"]: each["title"] for each in departed}}


def actionplan_plans() -> list[dict[str, Any]]:
    """Plans that the reader may see."""
    return choices.plans()


def actionplan_measures(value: str = "") -> list[tuple[str, str]]:
    """Measures of tasks with their labels, “no measure” first.

    :param value: of a task; one that is no measure stands behind them.
    """
    return measuring.choices(value or "")


def actionplan_form_columns(field: dict[str, Any]) -> list[plan_form.Column]:
    """The subfields of a repeating field, with texts in the reader's language."""
    return plan_form.columns(field)


def actionplan_form_rows(
    field: str, data: dict[str, Any], errors: dict[str, Any]
) -> list[plan_form.Row]:
    """The rows of a repeating field with what was typed and what is wrong."""
    return plan_form.rows(field, data, errors)


def actionplan_form_problems(
    errors: dict[str, Any], schema: dict[str, Any]
) -> list[plan_form.Problem]:
    """Sentences for everything that is wrong in a form."""
    return plan_form.problems(errors, schema)


def actionplan_form_differences(
    saved: dict[str, Any], typed: dict[str, Any], schema: dict[str, Any]
) -> list[plan_diff.Difference]:
    """Where a refused form differs from the plan as somebody else saved it.

    Tasks that the other person added are taken over into the form's data.
    """
    plan_form.take_over(saved, typed)
    return plan_diff.differences(saved, typed, schema)


def actionplan_act_words(row: dict[str, Any]) -> str:
    """An amending act in words."""
    return amending.words(row)


def actionplan_proposed_participants(owner: str | None) -> list[choices.Choice]:
    """Organizations that an owner may bind without asking; one statement."""
    return participants.proposed(owner or "")


def actionplan_last_deadline(data: dict[str, Any]) -> date | None:
    """The last day that a deadline of a form names."""
    rows = plan_form.rows("tasks", data, {})
    return term.last_deadline(fields.text(row["values"].get("due")) for row in rows)


def actionplan_plan_page(pkg_dict: dict[str, Any]) -> dict[str, Any]:
    """What the page of a plan shows."""
    return plan_page.page(pkg_dict)


# The number on the dashboard.


def actionplan_my_tasks_urgent() -> int:
    """How many of the reader's tasks need doing by the end of the month.

    The number of statements is the same for everybody.
    """
    return my_tasks.urgent(tk.current_user.name) if tk.current_user.name else 0


# Portal-wide dates; what they ask for is read once in a request.


def actionplan_statuses() -> dict[str, labels.Label]:
    """All states of obligations, what needs doing first on top."""
    return labels.statuses()


def actionplan_sets_dates() -> bool:
    """Whether the reader may set portal-wide dates."""
    return choices.sets_dates()


def actionplan_date_words(wording: str | None) -> str:
    """The words by which tasks of one wording are found."""
    return dates.proposed_words(wording or "")


@tk.chained_helper
def humanize_entity_type(
    next_helper: Any, entity_type: str, object_type: str, purpose: str
) -> str | None:
    """Call plans by their name: CKAN would write "Action-plan" in every language."""
    if (entity_type, object_type) == ("package", "action-plan"):
        return words.plan_words(purpose)
    return next_helper(entity_type, object_type, purpose)
