"""Words and signs of states; every text is translated when it is asked for.

The signs are those of the interface everywhere: never colour alone, always a word
beside the sign or as its accessible name.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

import ckan.plugins.toolkit as tk

from .core.status import Status

if TYPE_CHECKING:
    from collections.abc import Mapping

Text: TypeAlias = Callable[[], str]
#: Sign, tone and word of a state.
Entry: TypeAlias = "tuple[str, str, Text]"


@dataclass(frozen=True, slots=True)
class Label:
    """How a state is shown.

    :param sign: one character, hidden from screen readers.
    :param word: the state in a word or two, translated.
    :param tone: part of a CSS class: bad, warn, now, wait, good or mute.
    """

    sign: str
    word: str
    tone: str


_STATUSES: Final[Mapping[str, Entry]] = {
    Status.OVERDUE.value: ("▲", "bad", lambda: tk._("overdue")),
    Status.RETURNED.value: ("↩", "bad", lambda: tk._("returned")),
    Status.REPORTING.value: ("◔", "warn", lambda: tk._("reporting")),
    Status.DUE.value: ("●", "now", lambda: tk._("due")),
    Status.TO_CONFIRM.value: ("?", "warn", lambda: tk._("to confirm")),
    Status.UNRESOLVED.value: ("?", "warn", lambda: tk._("unresolved")),
    Status.SUBMITTED.value: ("⧗", "wait", lambda: tk._("submitted")),
    Status.UPCOMING.value: ("…", "mute", lambda: tk._("upcoming")),
    Status.DONE_LATE.value: ("✓", "good", lambda: tk._("done late")),
    Status.DONE_ON_TIME.value: ("✓", "good", lambda: tk._("done on time")),
    Status.NOT_APPLICABLE.value: ("–", "mute", lambda: tk._("not applicable")),
    Status.BEFORE_TRACKING.value: ("‹", "mute", lambda: tk._("before tracking")),
    Status.WITHDRAWN.value: ("⊘", "mute", lambda: tk._("withdrawn")),
}

_PRESENCES: Final[Mapping[str, Entry]] = {
    "present": ("✓", "good", lambda: tk._("on the national portal")),
    "outdated": ("▲", "bad", lambda: tk._("outdated on the national portal")),
    "partial": ("▲", "warn", lambda: tk._("in part on the national portal")),
    "missing": ("✗", "bad", lambda: tk._("not on the national portal")),
    "orphaned": ("▲", "warn", lambda: tk._("only on the national portal")),
    "duplicate": ("▲", "warn", lambda: tk._("twice on the national portal")),
    "not_measured": ("∅", "mute", lambda: tk._("presence not measured")),
}

_FRESHNESSES: Final[Mapping[str, Entry]] = {
    "on_time": ("✓", "good", lambda: tk._("on time")),
    "late": ("▲", "bad", lambda: tk._("late")),
    "not_measured": ("∅", "mute", lambda: tk._("not measured")),
}

_CHECKS: Final[Mapping[str, Entry]] = {
    "error": ("✗", "bad", lambda: tk._("does not work")),
    "warning": ("▲", "warn", lambda: tk._("could be better")),
    "ok": ("✓", "good", lambda: tk._("in order")),
}

_NIGHTS: Final[Mapping[str, Entry]] = {
    "none": ("∅", "bad", lambda: tk._("never started")),
    "waiting": ("…", "mute", lambda: tk._("not begun")),
    "running": ("◔", "now", lambda: tk._("under way")),
    "interrupted": ("▲", "bad", lambda: tk._("cut short")),
    "failed": ("✗", "bad", lambda: tk._("failed")),
    "skipped": ("–", "mute", lambda: tk._("nothing to do")),
    "done": ("✓", "good", lambda: tk._("done")),
}

_REASONS: Final[Mapping[str, Text]] = {
    "no_date": lambda: tk._("The deadline names no date. Give one in the plan."),
    "before_approval": lambda: tk._(
        "The printed date lies before the plan was approved. Give a date in the plan."
    ),
    "no_start": lambda: tk._("The plan has no first day. Give its period."),
    "quotient": lambda: tk._(
        "The year cannot be divided into such periods. Give dates in the plan."
    ),
}

_MARKS: Final[Mapping[str, Text]] = {
    "outside": lambda: tk._(
        "The executor is outside this portal, so the plan's owner answers for it."
    ),
    "unmapped": lambda: tk._(
        "The executor is not matched with an organization yet, "
        "so the plan's owner answers for it."
    ),
    "pending": lambda: tk._(
        "The executor has not confirmed yet that the plan binds it, "
        "so the plan's owner answers for it."
    ),
}

_TOPICS: Final[Mapping[str, Text]] = {
    "regulation": lambda: tk._("Regulation"),
    "responsible_persons": lambda: tk._("Responsible persons"),
    "training": lambda: tk._("Training"),
    "rating": lambda: tk._("Rating"),
    "audit": lambda: tk._("Information audit"),
    "register": lambda: tk._("Register of datasets"),
    "publication": lambda: tk._("Publication"),
    "harvest": lambda: tk._("National portal"),
    "portal": lambda: tk._("Portal"),
    "quality": lambda: tk._("Data quality"),
    "monitoring": lambda: tk._("Monitoring"),
    "score_card": lambda: tk._("Score card"),
    "news": lambda: tk._("News"),
    "feedback": lambda: tk._("Feedback"),
    "analytics": lambda: tk._("Analytics"),
    "projects": lambda: tk._("Projects"),
    "cooperation": lambda: tk._("Cooperation"),
    "finance": lambda: tk._("Finance"),
}

#: The criteria of the score card that a task on this topic speaks of.
TOPIC_CRITERIA: Final[Mapping[str, tuple[str, ...]]] = {
    "responsible_persons": ("openness",),
    "audit": ("publication",),
    "register": ("publication",),
    "publication": ("publication", "timeliness"),
    "harvest": ("harvest",),
    "portal": ("harvest",),
    "quality": ("quality", "openness", "timeliness"),
    "monitoring": ("timeliness", "harvest"),
    "score_card": ("publication", "timeliness", "quality", "harvest", "openness"),
}

#: What is said of a council on a topic, and its sentence with a number.
_VERDICTS: Final[Mapping[str, tuple[str, str, Callable[[int], str]]]] = {
    "done": (
        "✓",
        "good",
        lambda n: tk.ungettext("{count} has done it", "{count} have done it", n),
    ),
    "overdue": (
        "▲",
        "bad",
        lambda n: tk.ungettext("{count} overdue", "{count} overdue", n),
    ),
    "open": (
        "◔",
        "warn",
        lambda n: tk.ungettext("{count} still has to", "{count} still have to", n),
    ),
    "unresolved": (
        "?",
        "warn",
        lambda n: tk.ungettext("{count} without a day", "{count} without a day", n),
    ),
    "reported": (
        "⧗",
        "wait",
        lambda n: tk.ungettext(
            "{count} waits for review", "{count} wait for review", n
        ),
    ),
    "later": (
        "…",
        "mute",
        lambda n: tk.ungettext("{count} not due yet", "{count} not due yet", n),
    ),
    "aside": (
        "–",
        "mute",
        lambda n: tk.ungettext("{count} not judged", "{count} not judged", n),
    ),
    "another_year": (
        "…",
        "mute",
        lambda n: tk.ungettext(
            "{count} has it in another year", "{count} have it in another year", n
        ),
    ),
    "none": (
        "○",
        "mute",
        lambda n: tk.ungettext(
            "{count} has no such task", "{count} have no such task", n
        ),
    ),
}

_WHY_NOT: Final[Mapping[str, Text]] = {
    "no_plan": lambda: tk._("No plan binds this publisher."),
    "no_tasks": lambda: tk._("No task of the plan is due yet."),
    "no_datasets": lambda: tk._("No datasets are published here."),
    "no_catalogue": lambda: tk._(
        "The mandatory list is not matched with datasets on this portal yet."
    ),
    "no_upstream": lambda: tk._(
        "This portal names no national portal to compare with."
    ),
    "no_snapshot": lambda: tk._("The national portal has not been read yet."),
    "snapshot_old": lambda: tk._("The last reading of the national portal is too old."),
    "too_new": lambda: tk._(
        "The national portal has not had time yet to take these datasets."
    ),
    "nothing_judged": lambda: tk._(
        "No dataset has an update frequency that can be judged."
    ),
}

_FREQUENCIES: Final[Mapping[str, Text]] = {
    "more than once a day": lambda: tk._("more than once a day"),
    "once a day": lambda: tk._("daily"),
    "once a week": lambda: tk._("weekly"),
    "once a month": lambda: tk._("monthly"),
    "once a quarter": lambda: tk._("quarterly"),
    "once a half year": lambda: tk._("every half-year"),
    "once a year": lambda: tk._("yearly"),
    "immediately after making changes": lambda: tk._("after every change"),
    "no longer updated": lambda: tk._("no longer updated"),
}

_GAPS: Final[Mapping[str, Text]] = {
    "title": lambda: tk._("title"),
    "notes": lambda: tk._("description"),
    "language": lambda: tk._("language"),
    "frequency": lambda: tk._("update frequency"),
    "purpose": lambda: tk._("basis and purpose"),
    "tags": lambda: tk._("keywords"),
    "license": lambda: tk._("license"),
    "maintainer": lambda: tk._("responsible person"),
    "maintainer_email": lambda: tk._("e-mail of the responsible person"),
}

#: States of a report and of its rounds.
_REPORTS: Final[Mapping[str, Text]] = {
    "draft": lambda: tk._("draft"),
    "submitted": lambda: tk._("submitted"),
    "accepted": lambda: tk._("accepted"),
    "returned": lambda: tk._("returned"),
    "not_applicable": lambda: tk._("not applicable"),
}

_CHANGES: Final[Mapping[str, Text]] = {
    "amendment": lambda: tk._("amendment"),
    "correction": lambda: tk._("correction of the reading"),
    "edit": lambda: tk._("before the plan was in force"),
}

_TEXTS: Final[Mapping[str, Mapping[str, Text]]] = {
    "reason": _REASONS,
    "mark": _MARKS,
    "topic": _TOPICS,
    "why_not": _WHY_NOT,
    "frequency": _FREQUENCIES,
    "gap": _GAPS,
    "report": _REPORTS,
    "change": _CHANGES,
}


def _label(entries: Mapping[str, Entry], key: str) -> Label:
    sign, tone, word = entries.get(key) or ("∅", "mute", lambda: key)
    return Label(sign, word(), tone)


def status(key: str) -> Label:
    """The sign and word of an obligation's state.

    :param key: a value of `Status`
    """
    return _label(_STATUSES, key)


def presence(key: str) -> Label:
    """The sign and word of a dataset's presence on the upstream."""
    return _label(_PRESENCES, key)


def freshness(on_time: bool | None) -> Label:
    """The sign and word of a dataset's age.

    :param on_time: None when it is not judged
    """
    key = "not_measured" if on_time is None else "on_time" if on_time else "late"
    return _label(_FRESHNESSES, key)


def check(key: str) -> Label:
    """The sign and word of what the doctor found: ok, warning or error."""
    return _label(_CHECKS, key)


def night(key: str) -> Label:
    """The sign and word of a nightly run or of one of its steps."""
    return _label(_NIGHTS, key)


def text(kind: str, key: str) -> str:
    """The words for a key.

    :param kind: reason, mark, topic, why_not, frequency, gap, report or change
    :returns: the key itself when it has no words, so that nothing is hidden
    """
    words = _TEXTS[kind].get(key)
    return words() if words else key


def statuses() -> dict[str, Label]:
    """All states with their labels, what needs doing first on top."""
    return {key: status(key) for key in _STATUSES}


def topics() -> dict[str, str]:
    """All topics of tasks with their words."""
    return {key: words() for key, words in _TOPICS.items()}


def verdict(key: str, count: int) -> Label:
    """The sign and words of how many councils stand so on a topic.

    :param key: what `actionplan_topic_show` says of a council
    """
    sign, tone, words = _VERDICTS[key]
    return Label(sign, words(count).format(count=count), tone)
