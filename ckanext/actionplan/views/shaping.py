"""Rows of the actions arranged as the compliance pages show them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from .. import labels
from ..core.alphabet import alphabetical
from ..core.status import ATTENTION
from ..logic.obligations import GROUPS, states_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_CONTACT: Final = frozenset(("maintainer", "maintainer_email"))
_PAGE: Final = re.compile("[1-9][0-9]{0,5}")

Row: TypeAlias = "dict[str, Any]"

_Test: TypeAlias = Callable[[Row], bool]

#: What tasks can be filtered by, as named in the address, and the column to compare.
TASK_FILTERS: Final[Mapping[str, str]] = {
    "status": "",
    "topic": "topic",
    "section": "section",
    "plan": "plan_name",
}

#: What datasets can be filtered by; the keys stand in the address.
DATASET_TESTS: Final[Mapping[str, _Test]] = {
    "late": lambda row: row["on_time"] is False,
    "on_time": lambda row: row["on_time"] is True,
    "not_judged": lambda row: row["on_time"] is None,
    "passport": lambda row: bool(row["passport_gaps"]),
    "formats": lambda row: not row["machine_readable"],
    "missing": lambda row: row["presence"] == "missing",
    "outdated": lambda row: row["presence"] == "outdated",
    "present": lambda row: row["presence"] == "present",
    "presence_not_measured": lambda row: row["presence"] == "not_measured",
}

#: So many occurrences of one publisher stand on a task's page without folding.
_FEW: Final = 4
_LATER: Final = frozenset(state.value for state in GROUPS["later"])
_QUIET: Final = _LATER | {state.value for state in GROUPS["aside"]}

#: The criterion in which a dataset falls short, by what is wrong with it.
_FAILS: Final[tuple[tuple[str, _Test], ...]] = (
    ("timeliness", DATASET_TESTS["late"]),
    ("quality", DATASET_TESTS["passport"]),
    ("quality", DATASET_TESTS["formats"]),
    ("openness", lambda row: not _CONTACT.isdisjoint(row["passport_gaps"])),
    ("harvest", DATASET_TESTS["missing"]),
    ("harvest", DATASET_TESTS["outdated"]),
)


@dataclass(frozen=True, slots=True)
class Slice:
    """One page of a list.

    :param number: number of the page, from 1
    :param pages: how many pages there are, at least 1
    :param count: rows on all pages together
    """

    rows: list[Row]
    number: int
    pages: int
    count: int


@dataclass(frozen=True, slots=True)
class Group:
    """Tasks that stand together on a publisher's page.

    :param key: a key of `GROUPS`
    :param rows: the first of them
    :param count: how many there are
    """

    key: str
    rows: list[Row]
    count: int


def page_number(text: str | None) -> int:
    """The number of a page from an address, 1 for anything else."""
    match = _PAGE.fullmatch(text or "")
    return int(match[0]) if match else 1


def cut(rows: Sequence[Row], number: int, size: int) -> Slice:
    """One page of rows; a number too high gives the last page.

    :param size: rows on a page
    """
    pages = max(1, -(-len(rows) // size))
    number = min(number, pages)
    start = (number - 1) * size
    return Slice(list(rows[start : start + size]), number, pages, len(rows))


def counts(tasks: Iterable[Row]) -> dict[str, int]:
    """How many tasks stand in each state that occurs, in the order of attention."""
    found: dict[str, int] = {}
    for task in tasks:
        found[task["status"]] = found.get(task["status"], 0) + 1
    return {
        state.value: found[state.value] for state in ATTENTION if state.value in found
    }


def groups(tasks: Iterable[Row], size: int) -> list[Group]:
    """Tasks in groups; empty groups are left out.

    :param size: the most rows to show of a group
    """
    rows = list(tasks)
    found: list[Group] = []
    for key, states in GROUPS.items():
        values = {state.value for state in states}
        members = [row for row in rows if row["status"] in values]
        if members:
            found.append(Group(key, members[:size], len(members)))
    return found


def dataset_counts(datasets: Iterable[Row]) -> dict[str, int]:
    """How many datasets each filter finds, empty ones left out."""
    rows = list(datasets)
    found = {key: sum(map(test, rows)) for key, test in DATASET_TESTS.items()}
    return {key: count for key, count in found.items() if count}


def tasks(rows: Iterable[Row], chosen: Mapping[str, str]) -> list[Row]:
    """Obligations that the filters of the address find; an unknown value finds none.

    :param chosen: by `TASK_FILTERS`; an empty value filters nothing
    """
    found = list(rows)
    if chosen.get("status"):
        wanted = states_of(chosen["status"])
        found = [row for row in found if row["status"] in wanted]
    for name, column in TASK_FILTERS.items():
        value = chosen.get(name)
        if value and column:
            found = [row for row in found if row[column] == value]
    return found


def fold(publishers: Iterable[Row], *, whole: bool) -> list[Row]:
    """Give each publisher of a task the rows to show and the counts of the rest.

    Of many occurrences those wait folded that ask nothing now: what lies before
    tracking or later than the next one.

    :param whole: fold nothing
    :returns: the publishers with `shown` rows and `folded` counts by state
    """
    found: list[Row] = []
    for publisher in publishers:
        rows = publisher["obligations"]
        shown = rows
        if not whole and len(rows) > _FEW:
            later = [row for row in rows if row["status"] in _LATER]
            shown = [
                row
                for row in rows
                if row["status"] not in _QUIET or row in later[:1] or row["report"]
            ] or rows[-1:]
        hidden = [row for row in rows if row not in shown]
        found.append({**publisher, "shown": shown, "folded": counts(hidden)})
    return found


def datasets(rows: Iterable[Row], key: str) -> list[Row]:
    """Datasets that a key of `DATASET_TESTS` finds; all for none, an unknown finds none."""
    if not key:
        return list(rows)
    test = DATASET_TESTS.get(key)
    return [row for row in rows if test and test(row)]


def task_choices(rows: Iterable[Row]) -> dict[str, list[tuple[str, str]]]:
    """What tasks can be filtered by besides their state: values with their words.

    Sections stand in the order of their plans, topics and plans in the alphabet's;
    a filter that would not part the rows is left out.
    """
    listed = list(rows)
    plans = {row["plan_name"]: row["plan_title"] or row["plan_name"] for row in listed}
    topics = {row["topic"]: labels.text("topic", row["topic"]) for row in listed}
    ordered = sorted(
        listed, key=lambda row: (alphabetical(plans[row["plan_name"]]), row["position"])
    )
    sections = {row["section"]: row["section"] for row in ordered}
    by_words = {
        "plan": _by_words(plans),
        "topic": _by_words(topics),
        "section": list(sections.items()),
    }
    return {
        name: [(key, words) for key, words in choices if key]
        for name, choices in by_words.items()
        if len(choices) > 1
    }


def _by_words(choices: Mapping[str, str]) -> list[tuple[str, str]]:
    return sorted(choices.items(), key=lambda choice: alphabetical(choice[1]))


def dataset_concerns(dataset: Row) -> list[str]:
    """Ids of the criteria in which a dataset falls short."""
    return list(dict.fromkeys(key for key, fails in _FAILS if fails(dataset)))


def concern(tasks: Iterable[Row], datasets: Iterable[Row]) -> set[str]:
    """Write to each row, as `concerns`, the criteria that it speaks of.

    :returns: the criteria in which some dataset falls short
    """
    found: set[str] = set()
    for dataset in datasets:
        dataset["concerns"] = dataset_concerns(dataset)
        found.update(dataset["concerns"])
    for task in tasks:
        task["concerns"] = list(labels.TOPIC_CRITERIA.get(task["topic"], ()))
    return found
