"""A record of JSON from a stranger: parsed within limits, checked place by place."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NoReturn, cast

from ..core import due
from ..core.errors import DueError
from ..core.plan import Continuity, Performed, Who
from .errors import LimitError
from .own import (
    AMENDMENT_TEXTS,
    FORMAT,
    PLAN_DAYS,
    PLAN_NAMED,
    PLAN_TEXTS,
    TASK_TEXTS,
    VERSION,
    Named,
    OwnError,
    day_of,
    is_id,
    letters,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .limits import Budget

_PLAN: Final = frozenset(
    (
        "id",
        "name",
        *PLAN_TEXTS,
        *PLAN_NAMED,
        "participants",
        "executors",
        "amendments",
        "tasks",
    )
)
_TASK: Final = frozenset((*TASK_TEXTS, "executors", "lead"))
_EXECUTOR: Final = frozenset(("name", "who", "organizations"))
_NAMED: Final = ("id", "name", "title")
_CHOICES: Final = {
    "performed": frozenset(("", *(each.value for each in Performed))),
    "continuity": frozenset(("", *(each.value for each in Continuity))),
    "who": frozenset(each.value for each in Who),
}
_SHOWN: Final = 80


def parsed(text: str, budget: Budget) -> Any:
    """Parse JSON from a stranger within the limits.

    :raises ReaderError: when it is damaged, nested too deep or too much.
    """
    elements = sum(text.count(mark) for mark in "{[,")
    if elements > budget.limits.elements:
        raise LimitError("too_many_elements", limit=budget.limits.elements)
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_constant)
    except json.JSONDecodeError as error:
        raise OwnError("json_damaged", line=error.lineno, column=error.colno) from error
    except RecursionError as error:
        raise LimitError("too_deep", limit=budget.limits.depth) from error
    except ValueError as error:
        # A number of thousands of digits.
        raise OwnError("json_damaged", line=1, column=1) from error
    finally:
        budget.tick()


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    out = dict(pairs)
    if len(out) < len(pairs):
        seen: set[str] = set()
        # A name in `seen` is told at once: counting each would take hours.
        twice = next(name for name, _ in pairs if name in seen or seen.add(name))
        raise OwnError("json_name_twice", name=_short(twice))
    return out


def _constant(name: str) -> NoReturn:
    raise OwnError("json_damaged_value", name=name)


def _short(text: str) -> str:
    printable = "".join(letter if letter.isprintable() else "?" for letter in text)
    return printable if len(printable) <= _SHOWN else printable[:_SHOWN] + "…"


def checked(data: Any, budget: Budget) -> dict[str, Any]:
    """Check a record and give its plan with every field present.

    :param data: parsed JSON.
    :raises ReaderError: with a sentence that names the place of the first mistake.
    """
    if not isinstance(data, dict) or data.get("format") != FORMAT:  # pyright: ignore[reportUnknownMemberType]
        raise OwnError("json_foreign", name=FORMAT)
    found = cast("dict[str, Any]", data)
    version = found.get("version")
    if type(version) is not int or version < 1:
        raise OwnError("json_version", version=_short(str(version)))
    if version > VERSION:
        raise OwnError("json_newer", version=version)
    check = _Check(budget)
    check.fields(found, frozenset(("format", "version", "plan", "printed")), "")
    return check.plan(found.get("plan"))


@dataclass(slots=True)
class _Check:
    """One pass through a record; a place is written as `plan.tasks[3].title`."""

    budget: Budget
    ids: dict[str, str] = field(default_factory=dict[str, str])

    def plan(self, value: Any) -> dict[str, Any]:
        plan = self.object(value, "plan", _PLAN)
        out: dict[str, Any] = {
            name: self.text(plan, name, "plan") for name in ("id", "name", *PLAN_TEXTS)
        }
        self._id(out["id"], "plan.id")
        for name in PLAN_DAYS:
            self._day(out[name], f"plan.{name}")
        for name in PLAN_NAMED:
            out[name] = self.named(plan.get(name), f"plan.{name}")
        out["participants"] = [
            self.named(each, place, empty=False)
            for each, place in self.rows(plan, "participants", "plan")
        ]
        for name, make in (
            ("executors", self._executor),
            ("amendments", self._amendment),
            ("tasks", self._task),
        ):
            out[name] = [
                make(each, place) for each, place in self.rows(plan, name, "plan")
            ]
        if not out["tasks"]:
            raise OwnError("json_no_tasks", place="plan.tasks")
        self._names(out)
        return out

    def _task(self, value: Any, place: str) -> dict[str, Any]:
        self.budget.tick()
        task = self.object(value, place, _TASK)
        out: dict[str, Any] = {
            name: self.text(task, name, place) for name in TASK_TEXTS
        }
        self._id(out["id"], f"{place}.id")
        before = self.ids.setdefault(out["id"], place)
        if out["id"] and before != place:
            raise OwnError("json_id_twice", place=f"{place}.id", other=before)
        for name in ("performed", "continuity"):
            self._choice(out[name], name, place)
        try:
            due.parse(out["due"])
        except DueError as error:
            text = _short(out["due"])
            raise OwnError("json_due", place=f"{place}.due", text=text) from error
        out["executors"] = [
            self.string(each, at) for each, at in self.rows(task, "executors", place)
        ]
        out["lead"] = self.named(task.get("lead"), f"{place}.lead")
        return out

    def _executor(self, value: Any, place: str) -> dict[str, Any]:
        executor = self.object(value, place, _EXECUTOR)
        who = self.text(executor, "who", place)
        self._choice(who, "who", place)
        organizations = [
            self.named(each, at, empty=False)
            for each, at in self.rows(executor, "organizations", place)
        ]
        name = self.text(executor, "name", place)
        return {"name": name, "who": who, "organizations": organizations}

    def _amendment(self, value: Any, place: str) -> dict[str, Any]:
        row = self.object(value, place, frozenset(AMENDMENT_TEXTS))
        out = {name: self.text(row, name, place) for name in AMENDMENT_TEXTS}
        self._day(out["date"], f"{place}.date")
        return out

    def _names(self, plan: dict[str, Any]) -> None:
        seen: set[str] = set()
        for at, executor in enumerate(plan["executors"], 1):
            if executor["name"] in seen:
                name = _short(executor["name"])
                place = f"plan.executors[{at}].name"
                raise OwnError("json_executor_twice", place=place, name=name)
            seen.add(executor["name"])

    # values

    def object(self, value: Any, place: str, names: frozenset[str]) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise OwnError("json_object", place=place)
        found = cast("dict[str, Any]", value)
        self.fields(found, names, f"{place}.")
        return found

    def fields(
        self, found: Mapping[str, Any], names: frozenset[str], before: str
    ) -> None:
        for name in found:
            if name not in names:
                raise OwnError("json_unknown", place=_short(f"{before}{name}"))

    def rows(
        self, parent: Mapping[str, Any], name: str, before: str
    ) -> list[tuple[Any, str]]:
        place = f"{before}.{name}"
        value: Any = parent.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise OwnError("json_list", place=place)
        listed = cast("list[Any]", value)
        if len(listed) > self.budget.limits.rows:
            raise LimitError("too_many_rows", limit=self.budget.limits.rows)
        # People count from one.
        return [(each, f"{place}[{at}]") for at, each in enumerate(listed, 1)]

    def text(self, parent: Mapping[str, Any], name: str, before: str) -> str:
        value = parent.get(name)
        return "" if value is None else self.string(value, f"{before}.{name}")

    def string(self, value: Any, place: str) -> str:
        if not isinstance(value, str):
            raise OwnError("json_text", place=place)
        limit = self.budget.limits.characters
        if len(value) > limit:
            raise OwnError("json_long", place=place, limit=limit)
        if letters(value) != value:
            raise OwnError("json_letters", place=place)
        return value

    def named(self, value: Any, place: str, *, empty: bool = True) -> Named | None:
        if value is None and empty:
            return None
        found = self.object(value, place, frozenset(_NAMED))
        texts = {name: self.text(found, name, place) for name in _NAMED}
        if not any(texts.values()):
            raise OwnError("json_nameless", place=place)
        return cast("Named", texts)

    @staticmethod
    def _id(text: str, place: str) -> None:
        if text and not is_id(text):
            raise OwnError("json_id", place=place)

    @staticmethod
    def _choice(text: str, name: str, before: str) -> None:
        if text not in _CHOICES[name]:
            place = f"{before}.{name}"
            raise OwnError("json_choice", place=place, text=_short(text))

    @staticmethod
    def _day(text: str, place: str) -> None:
        if text and not day_of(text):
            raise OwnError("json_day", place=place, text=_short(text))
