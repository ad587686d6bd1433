"""How near a reading is to the right one: eight measures, the score is their mean.

A right reading ("truth") is a dict with `authority`, `title`, `period_start`,
`period_end`, `approved_by` (`document_type`, `number`, `date`, `signatory`), `sections`
(`number`, `title`, `principle`) and `tasks` (`section_index`, `number`, `title`,
`deadline_text`, `due`: one reading or several that are right, `indicator_text`,
`executors`).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

_YEARS = re.compile(
    r"[\s,(]*(?:на )?\d{4}(?:\s*[-‐-―−]\s*\d{4})?(?: роки| рік| рр?\.?)?[).]*$"
)
_SECTION = re.compile(r"^(?:розділ\s+)?\d+(?:\.\d+)*\.?\s+", re.I)
_SAME_TITLE = 0.95
_ALIKE = 0.6


@dataclass
class Score:
    """The score of one reading.

    :param measures: value of each measure.
    :param misses: what differs.
    :param notes: what differs but is not counted.
    """

    measures: dict[str, float] = field(default_factory=dict)
    misses: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def value(self) -> float:
        """The mean of all measures."""
        return sum(self.measures.values()) / len(self.measures)


def norm(value: Any) -> str:
    """The text with each run of white space as one blank."""
    if value is None:
        return ""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", str(value))).strip()


def score(truth: dict[str, Any], parsed: dict[str, Any]) -> Score:
    """Compare a reading with the right one.

    :param truth: the right reading.
    :param parsed: `Draft.as_dict()`.
    """
    out = Score()
    out.measures["header"] = _header(truth, parsed, out)
    tasks = parsed.get("tasks") or []
    pairs = _pairs(truth, tasks)
    total = len(truth["tasks"])
    out.measures["tasks"] = 2 * len(pairs) / (total + len(tasks))
    extra = set(range(len(tasks))) - set(pairs.values())
    out.misses += [f"extra task: {tasks[at]['title']!r}" for at in sorted(extra)]
    sums = dict.fromkeys(
        ("title", "deadline", "due", "indicator", "executors", "section"), 0.0
    )
    for at, want in enumerate(truth["tasks"]):
        where = f"{want['section_index']}/{want['number']} {want['title'][:20]}"
        if at not in pairs:
            out.misses.append(f"{where}: missed")
            continue
        section = truth["sections"][want["section_index"]]
        for name, share, right, got in _task(want, section, tasks[pairs[at]]):
            if name in sums:
                sums[name] += share
            if share < 1:
                notes = out.misses if name in sums else out.notes
                notes.append(f"{where} {name}: expected {right!r}, got {got!r}")
    out.measures |= {name: value / total for name, value in sums.items()}
    return out


def _header(truth: dict[str, Any], parsed: dict[str, Any], out: Score) -> float:
    act = truth["approved_by"]
    want, got = _words(truth["title"]), _words(parsed.get("title"))
    facts = {"title": _ratio(want, got) >= _SAME_TITLE}
    for name in ("period_start", "period_end"):
        facts[name] = norm(truth[name]) == norm(parsed.get(name))
    number = re.sub(r"[\s№]", "", norm(parsed.get("approval_number"))).casefold()
    facts["approval_number"] = norm(act["number"]).casefold() == number
    facts["approval_date"] = norm(act["date"]) == norm(parsed.get("approval_date"))
    for name, right in facts.items():
        if not right:
            out.misses.append(f"{name}: got {parsed.get(name)!r}")
    beside = {
        "approval_document": act["document_type"],
        "approval_signatory": act["signatory"],
        "authority": truth["authority"],
    }
    for name, right in beside.items():
        if norm(right).casefold() != norm(parsed.get(name)).casefold():
            out.notes.append(f"{name}: expected {right!r}, got {parsed.get(name)!r}")
    return sum(facts.values()) / len(facts)


def _task(
    want: dict[str, Any], section: dict[str, Any], got: dict[str, Any]
) -> list[tuple[str, float, Any, Any]]:
    """For each field: name, share that is right, right value, value read."""
    dues = want["due"] if isinstance(want["due"], (list, tuple)) else [want["due"]]
    texts = [
        ("title", want["title"], got["title"]),
        ("deadline", want["deadline_text"], got["deadline"]),
        ("indicator", want["indicator_text"], got["indicator"]),
        ("section", _bare(section["title"]), _bare(got["section"])),
        ("number", want["number"], got["number"]),
        ("principle", section["principle"], got["principle"]),
    ]
    out: list[tuple[str, float, Any, Any]] = []
    for name, right, text in texts:
        read = norm(text)
        if name == "deadline" and len(_due(dues[0])) > 1:
            read = read if norm(right) == read else norm(read.replace(";", " "))
        out.append((name, float(norm(right) == read), right, text))
    due = _due(got["due"]) in [_due(one) for one in dues]
    out.append(("due", float(due), want["due"], got["due"]))
    one, other = _names(want["executors"]), _names(got["executors"])
    both = len(one) + len(other)
    share = 2 * len(one & other) / both if both else 1.0
    out.append(("executors", share, want["executors"], got["executors"]))
    return out


def _due(text: str) -> frozenset[str]:
    return frozenset(part for part in re.split(r"[;\s]+", norm(text)) if part)


def _names(names: list[str]) -> set[str]:
    return {norm(name).casefold().rstrip(".,; ") for name in names}


def _bare(title: Any) -> str:
    return _SECTION.sub("", norm(title))


def _words(title: Any) -> list[str]:
    text = re.sub(r"^про затвердження плану\b", "план", norm(title).casefold())
    return re.findall(r"\w+", _YEARS.sub("", text))


def _ratio(one: Any, other: Any) -> float:
    if not one and not other:
        return 1.0
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _pairs(truth: dict[str, Any], tasks: list[dict[str, Any]]) -> dict[int, int]:
    """Places of the tasks in truth and reading that are the same, in order."""
    want = [(task["number"], norm(task["title"])) for task in truth["tasks"]]
    got = [(norm(task["number"]), norm(task["title"])) for task in tasks]
    best = [[0.0] * (len(got) + 1) for _ in range(len(want) + 1)]
    gains = [[_gain(one, other) for other in got] for one in want]
    for i in reversed(range(len(want))):
        for j in reversed(range(len(got))):
            taken = best[i + 1][j + 1] + gains[i][j] if gains[i][j] else 0.0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], taken)
    out: dict[int, int] = {}
    i = j = 0
    while i < len(want) and j < len(got):
        if gains[i][j] and best[i][j] == best[i + 1][j + 1] + gains[i][j]:
            out[i] = j
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return out


def _gain(want: tuple[str, str], got: tuple[str, str]) -> float:
    alike = _ratio(want[1], got[1])
    number = want[0] == got[0]
    return 0.01 + 0.5 * number + alike if alike >= _ALIKE else 0.0
