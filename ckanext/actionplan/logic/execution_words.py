"""The report on a plan's execution in words: «Стан виконання», headings, periods."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

import ckan.plugins.toolkit as tk

from .. import wording, words
from ..core.execution import WHOLE
from ..core.period import QUARTER, YEAR, Period, PeriodError
from ..core.status import DONE, ReportState, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

#: Order of a summary: what was done, what is under way, what is missing, the rest.
_ORDER: Final = tuple(
    state.value
    for state in (
        Status.DONE_ON_TIME,
        Status.DONE_LATE,
        Status.SUBMITTED,
        Status.RETURNED,
        Status.OVERDUE,
        Status.REPORTING,
        Status.TO_CONFIRM,
        Status.DUE,
        Status.UPCOMING,
        Status.UNRESOLVED,
        Status.NOT_APPLICABLE,
        Status.BEFORE_TRACKING,
        Status.WITHDRAWN,
    )
)
_COUNTED: Final = _ORDER[: _ORDER.index(Status.UNRESOLVED.value)]
_ACCEPTED: Final = tuple(state.value for state in DONE if state != Status.SUBMITTED)
#: So many publishers of one occurrence say each what they did; more are summed up.
_DETAILED: Final = 10
#: So many co-executors are named beside the one who leads.
_NAMED: Final = 3
_HALF: Final = 6
_ROMAN: Final = ("I", "II", "III", "IV")
#: First words of plans in the case that Ukrainian asks for after «виконання».
_GENITIVE: Final = {
    "План": "Плану",
    "ПЛАН": "ПЛАНУ",
    "Програма": "Програми",
    "ПРОГРАМА": "ПРОГРАМИ",
}
_ENDS: Final = (".", "!", "?", "…", ":", ";")
_ADDRESS_AT_END: Final = re.compile(r"https?://\S+$")


def day(value: date | str | None) -> str:
    """A date as papers have it: `30.09.2026` in Ukrainian."""
    found = wording.as_day(value)
    if found and words.language() == "uk":
        return f"{found:%d.%m.%Y}"
    return wording.day(found)


def period(name: str) -> str:
    """A period in the words of papers: “quarter III of 2026”.

    :returns: empty for what is no calendar period.
    """
    try:
        found = Period.parse(name)
    except PeriodError:
        return ""
    sentences: dict[int, Callable[[], str]] = {
        QUARTER: lambda: tk._("quarter {roman} of {year}"),
        _HALF: lambda: tk._("half-year {roman} of {year}"),
        YEAR: lambda: tk._("the year {year}"),
    }
    sentence = sentences.get(found.months)
    if sentence is None:
        return wording.period(name)
    roman = _ROMAN[found.number - 1]
    return sentence().format(roman=roman, year=found.start.year)


def heading(shown: Mapping[str, Any]) -> list[str]:
    """The title of a report, line by line.

    :param shown: what `execution.show` gave.
    """
    title = shown["plan"]["title"] or shown["plan"]["name"]
    if shown["period"] == WHOLE:
        sentence = tk._("from {start} to {end}")
        span = sentence.format(start=day(shown["start"]), end=day(shown["end"]))
    else:
        span = tk._("for {period}").format(period=period(shown["period"]))
    return [tk._("REPORT"), _about(title), span]


def _about(title: str) -> str:
    first, space, rest = title.partition(" ")
    if words.language() == "uk" and space and first in _GENITIVE:
        plan = f"{_GENITIVE[first]} {rest}"
        return tk._("on the execution of {plan}").format(plan=plan)
    return tk._("on the execution of “{title}”").format(title=title)


def act(document: str, number: str, date_of: str | date | None) -> str:
    """An act as papers cite it: document, day, number; empty for none."""
    pieces = [document] if document else []
    if date_of:
        pieces.append(tk._("of {day}").format(day=day(date_of)))
    if number:
        pieces.append(f"№ {number}")
    return " ".join(pieces)


def lead(shown: Mapping[str, Any]) -> list[str]:
    """What stands between the title of a report and its table."""
    plan, organization = shown["plan"], shown["organization"]
    found: list[str] = []
    approval = act(
        plan["approval_document"] or "",
        plan["approval_number"] or "",
        plan["approval_date"],
    )
    if approval:
        found.append(tk._("Approved by: {act}").format(act=approval))
    if organization:
        sentence = tk._("Tasks of: {organization}")
        found.append(sentence.format(organization=organization["title"]))
    found.append(tk._("As of {day}").format(day=day(shown["as_of"])))
    if shown["unaccepted"]:
        found.append(
            tk._(
                "This report holds what is not accepted yet, marked as such; only those "
                "who make and judge reports see it."
            )
        )
    return found


def empty(shown: Mapping[str, Any]) -> str:
    """Why a report has no rows."""
    if not shown["begun"]:
        return tk._("This period has not begun yet, so there is nothing to report.")
    if shown["organization"]:
        return tk._("By this plan nothing was due from this publisher in the period.")
    return tk._("By this plan nothing was due in the period.")


def evidence(report: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """What proves a report: acts and links, as far as the reader may see them.

    :param report: as `obligations.report_seen` gave it.
    :returns: dicts with `kind`, `title`, `number`, `date` and `link`.
    """
    link = report.get("link") if report else None
    if not link:
        return []
    return [{"kind": "link", "title": "", "number": "", "date": None, "link": link}]


def evidence_words(each: Mapping[str, Any]) -> str:
    """One piece of evidence: “order of 05.02.2026 № 12, https://…”."""
    named = act(each["title"], each["number"], each["date"])
    return ", ".join(text for text in (named, each["link"]) if text)


def lines(
    rows: Sequence[Mapping[str, Any]], as_of: date, *, alone: bool = False
) -> list[str]:
    """The state of a task: lines of «Стан виконання».

    :param rows: its obligations, by their day, those of an occurrence together.
    :param as_of: the day by which they are judged.
    :param alone: only one publisher is reported on, so it is not named.
    """
    groups = [
        list(group)
        for _, group in groupby(rows, lambda row: (row["due_on"], row["occurrence"]))
    ]
    found: list[str] = []
    for group in groups:
        if len(groups) > 1 and group[0]["due_on"]:
            found.append(f"{_upper(_occasion(group[0]))}:")
        found += _summed_up(group, as_of) if len(group) > 1 else []
        found += _each(group, as_of, alone=alone)
    return found


def obligation(row: Mapping[str, Any], as_of: date) -> str:
    """The state of one obligation as sentences, its publisher not named."""
    return _sentences(_upper(what(row, as_of)), *_details(row))


def what(row: Mapping[str, Any], as_of: date) -> str:
    """How an obligation stands, in a few words.

    :param row: with `status`, `due_on`, `due_before`, `moved_by`, `days`, `reason`,
        `withdrawn_by`, `insider` and `report`.
    """
    moved = _moved(row)
    return f"{_WORDS[row['status']](row, as_of)}{f' ({moved})' if moved else ''}"


def _occasion(row: Mapping[str, Any]) -> str:
    named = row.get("event_title") or period(row["occurrence"] or "")
    return named or tk._("by {day}").format(day=day(row["due_on"]))


def _summed_up(group: Sequence[Mapping[str, Any]], as_of: date) -> list[str]:
    counted = [row for row in group if row["status"] in _COUNTED]
    done = sum(row["status"] in _ACCEPTED for row in counted)
    if not counted:
        return []
    return [tk._("Done: {done} of {count}.").format(done=done, count=len(counted))]


def _each(group: Sequence[Mapping[str, Any]], as_of: date, *, alone: bool) -> list[str]:
    """Those with something to tell line by line, those alike in one line."""
    ordered = sorted(group, key=lambda row: _ORDER.index(row["status"]))
    telling = [row for row in ordered if _details(row)]
    apart: set[str] = set()
    if len(telling) <= _DETAILED:
        apart = {row["id"] for row in telling}
    found: list[str] = []
    alike: dict[str, list[Mapping[str, Any]]] = {}
    for row in ordered:
        said = what(row, as_of)
        if row["id"] in apart or len(group) == 1:
            who = "" if alone else _who(row)
            first = f"{who}: {said}" if who else _upper(said)
            found.append(_sentences(first, *_details(row)))
        else:
            alike.setdefault(said, []).append(row)
    for said, rows in alike.items():
        names = "; ".join(sorted(map(_who, rows)))
        found.append(f"{_upper(said)}: {names}.")
    return found


def _who(row: Mapping[str, Any]) -> str:
    """Who answers for an obligation, and with whom."""
    title = row["organization"]["title"] if row["organization"] else ""
    others = [party["title"] for party in row["parties"]]
    if not others:
        return title
    if len(others) > _NAMED:
        sentence = tk.ungettext(
            "{organization} and {count} more",
            "{organization} and {count} more",
            len(others),
        )
        return sentence.format(organization=title, count=len(others))
    sentence = tk._("{organization} (together with {others})")
    return sentence.format(organization=title, others=", ".join(others))


def _details(row: Mapping[str, Any]) -> list[str]:
    """What a report says and proves, as far as the reader may see it."""
    report = row["report"]
    if not report:
        return []
    said: list[str] = []
    if report["note"]:
        draft = report["state"] == ReportState.DRAFT.value
        note = report["note"].strip()
        said.append(tk._("Draft: {note}").format(note=note) if draft else note)
    said += [evidence_words(each) for each in row["evidence"]]
    if report["comment"] and report["state"] == ReportState.RETURNED.value:
        said.append(tk._("Reviewer: {comment}").format(comment=report["comment"]))
    return said


def _moved(row: Mapping[str, Any]) -> str:
    if not row["due_before"]:
        return ""
    before = day(row["due_before"])
    if row["moved_by"]:
        sentence = tk._("the last day was {day}, moved by {act}")
        return sentence.format(day=before, act=row["moved_by"])
    return tk._("the last day was {day} before an amendment").format(day=before)


def _sentences(*texts: str) -> str:
    """Texts one after another, each with an end of its own."""
    found: list[str] = []
    for text in texts:
        stripped = text.strip()
        ended = stripped.endswith(_ENDS) or _ADDRESS_AT_END.search(stripped)
        found.append(stripped if ended else f"{stripped}.")
    return " ".join(found)


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _done_on(row: Mapping[str, Any]) -> str:
    report: dict[str, Any] = row["report"] or {}
    return day(report.get("done_on") or report.get("changed_at"))


def _done(row: Mapping[str, Any], as_of: date) -> str:
    return tk._("done on {day}").format(day=_done_on(row))


def _late(row: Mapping[str, Any], as_of: date) -> str:
    sentence = tk._("done late, on {day} instead of {due}")
    return sentence.format(day=_done_on(row), due=day(row["due_on"]))


def _submitted(row: Mapping[str, Any], as_of: date) -> str:
    report: dict[str, Any] = row["report"] or {}
    if row["insider"] and report.get("done_on"):
        sentence = tk._("reported as done on {day}, not accepted yet")
        return sentence.format(day=day(report["done_on"]))
    sentence = tk._("reported on {day}, under review")
    return sentence.format(day=day(report.get("changed_at")))


def _returned(row: Mapping[str, Any], as_of: date) -> str:
    report: dict[str, Any] = row["report"] or {}
    sentence = tk._("the report was returned on {day}")
    return sentence.format(day=day(report.get("changed_at")))


def _withdrawn(row: Mapping[str, Any], as_of: date) -> str:
    if row["withdrawn_by"]:
        return tk._("withdrawn by {act}").format(act=row["withdrawn_by"])
    return tk._("withdrawn")


def _before_tracking(row: Mapping[str, Any], as_of: date) -> str:
    sentence = tk._("was due on {due}, before the portal began to follow the plan")
    return sentence.format(due=day(row["due_on"]))


def _unresolved(row: Mapping[str, Any], as_of: date) -> str:
    reasons: dict[str, Callable[[], str]] = {
        "before_approval": lambda: tk._(
            "not judged: the printed day lies before the plan was approved"
        ),
        "no_start": lambda: tk._("not judged: the plan has no first day"),
        "quotient": lambda: tk._(
            "not judged: the year cannot be divided into such periods"
        ),
    }
    found = reasons.get(row["reason"])
    return found() if found else tk._("not judged: the deadline names no day")


def _overdue(row: Mapping[str, Any], as_of: date) -> str:
    days = row["days"]
    sentence = tk.ungettext(
        "not done, overdue by {days} day as of {day}",
        "not done, overdue by {days} days as of {day}",
        days,
    )
    return sentence.format(days=days, day=day(as_of))


def _to_confirm(row: Mapping[str, Any], as_of: date) -> str:
    sentence = tk._("not confirmed as of {day}, was to be by {due}")
    return sentence.format(day=day(as_of), due=day(row["due_on"]))


def _open(row: Mapping[str, Any], as_of: date) -> str:
    return tk._("not reported yet, due by {due}").format(due=day(row["due_on"]))


_WORDS: Final[dict[str, Callable[[Mapping[str, Any], date], str]]] = {
    Status.DONE_ON_TIME.value: _done,
    Status.DONE_LATE.value: _late,
    Status.SUBMITTED.value: _submitted,
    Status.RETURNED.value: _returned,
    Status.NOT_APPLICABLE.value: lambda row, as_of: tk._("not applicable"),
    Status.WITHDRAWN.value: _withdrawn,
    Status.BEFORE_TRACKING.value: _before_tracking,
    Status.UNRESOLVED.value: _unresolved,
    Status.TO_CONFIRM.value: _to_confirm,
    Status.DUE.value: _open,
    Status.UPCOMING.value: _open,
    Status.REPORTING.value: _overdue,
    Status.OVERDUE.value: _overdue,
}
