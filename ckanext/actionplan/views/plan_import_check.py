"""The second step of the import: rows beside their reading, corrected and kept."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from flask import make_response
from flask.views import MethodView

import ckan.plugins.toolkit as tk

from .. import clock, labels, wording
from ..core import due
from ..core.errors import DueError
from ..logic import corrections, importing
from . import plan_import_forms as forms
from . import plan_import_shown as shown
from .plan_import_request import context, draft, seen_at

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Response
    from flask.typing import ResponseReturnValue

__all__ = ["CheckView", "SplitView", "answer", "keep"]

#: Where a sentence ends and another deed may begin.
_SENTENCE: Final = re.compile(r"(?<=[.;])\s+")


class CheckView(MethodView):
    """Step 2: what was read, row by row."""

    def get(self, draft_id: str) -> ResponseReturnValue:
        """Show the document's rows beside their reading."""
        return _page(draft(draft_id))

    def post(self, draft_id: str) -> ResponseReturnValue:
        """Keep the corrections, and do what a button says."""
        changes = forms.plan_changes(tk.request.form)
        try:
            kept = tk.get_action("actionplan_draft_update")(
                context(), {**changes, "id": draft_id, "seen_at": seen_at()}
            )
        except tk.ValidationError as error:
            return _page(_typed(draft_id, changes, error.error_dict)), 422
        act, _, key = tk.request.form.get("do", "").partition(":")
        if act == "next":
            return tk.redirect_to("actionplan_import.executors", draft_id=draft_id)
        if act == "divide":
            return tk.redirect_to("actionplan_import.split", draft_id=draft_id, key=key)
        if act == "page":
            return tk.redirect_to(
                "actionplan_import.check", draft_id=draft_id, page=key
            )
        if act not in ("add", "stay", ""):
            tk.h.flash_success(_said(kept, act))
        elif act != "add":
            tk.h.flash_success(tk._("The corrections are kept."))
        return tk.redirect_to(_address(kept, act, key))


def _page(found: dict[str, Any]) -> Response:
    errors: dict[str, Any] = found.get("errors") or {}
    data, review = found["data"], found["review"]
    kept = corrections.kept_tasks(data, review)
    key = tk.request.args.get("row", "")
    wrong: list[str] = [*(errors.get("tasks") or {})]
    sheet = shown.sheet(found, _number(), key or (wrong[0] if wrong else ""))
    lines, lines_more = shown.lines(review)
    page = tk.render(
        "action_plan_import/check.html",
        {
            "draft": found,
            "data": data,
            "errors": errors,
            "sheet": sheet,
            "opened": key,
            "above": shown.above(found),
            "tasks_count": len(kept),
            "sections_count": len({task["section"] for task in kept} - {""}),
            "notes": [
                {"text": importing.sentence(note), "printed": importing.printed(note)}
                for note in review.get("notes") or ()
            ],
            "lines": lines,
            "lines_more": lines_more,
            "history": shown.steps(review),
            "topics": labels.topics(),
            "step": 2,
        },
    )
    response = make_response(page)
    # Whoever comes back by the browser's button sees what is kept, not an old copy.
    response.headers["Cache-Control"] = "no-store, private"
    return response


def _number() -> int:
    text = tk.request.form.get("page", tk.request.args.get("page", ""))
    return int(text) if text.isdecimal() else 1


def _typed(
    draft_id: str, changes: Mapping[str, Any], errors: dict[str, Any]
) -> dict[str, Any]:
    """The draft with what was typed, so that nothing has to be typed twice."""
    found = draft(draft_id)
    fields = {name: value for name, value in changes.items() if name != "rows"}
    typed = corrections.correct(
        found["data"], found["review"], fields, importing.read_wording
    )
    wrong: dict[str, dict[str, Any]] = typed.errors.get("tasks") or {}
    tasks = {task["key"]: task for task in typed.data["tasks"]}
    for change in changes["tasks"]:
        for name in wrong.get(change.get("key"), {}):
            task = tasks.get(change["key"], {})
            task[name] = change.get(name, task.get(name))
    return {**found, "data": typed.data, "review": typed.review, "errors": errors}


def _address(kept: dict[str, Any], act: str, key: str) -> str:
    """Where to go on after a step: the row that it was about, or the nearest."""
    tasks: list[dict[str, Any]] = kept["data"]["tasks"]
    keys = [task["key"] for task in tasks]
    if act == "add" or (act == "task" and key.startswith("r")):
        key = max(keys, key=lambda each: int(each[1:]), default="")
    elif act in ("undo", "redo"):
        key = ""
    if key and ":" in key:
        key = key.partition(":")[0]
    if act == "join" and key.startswith("t"):
        key = tk.request.form.get(f"above-{key}", "")
    if key not in keys:
        return tk.url_for(
            "actionplan_import.check", draft_id=kept["id"], page=_number()
        )
    address = tk.url_for("actionplan_import.check", draft_id=kept["id"], row=key)
    return f"{address}#row-{key}"


def _said(kept: Mapping[str, Any], act: str) -> str:
    """What has been done, in words."""
    steps = shown.steps(kept["review"])
    if act == "undo":
        return tk._("Taken back: {step}").format(step=steps["redo"])
    return tk._("Done: {step}").format(step=steps["undo"])


def keep(draft_id: str) -> str:
    """Keep what was typed into one row, or into the fields of the plan, as one goes.

    What cannot be kept as it is (a due that is none) is told beside its field; the other
    fields of the row are kept.
    """
    changes = forms.plan_changes(tk.request.form)
    update = tk.get_action("actionplan_draft_update")
    errors: dict[str, Any] = {}
    for _attempt in range(2):
        values = {**changes, "id": draft_id, "seen_at": seen_at()}
        try:
            found = update(context(), values)
            break
        except tk.ValidationError as error:
            errors = error.error_dict
            changes = _without(changes, errors)
    else:
        found = draft(draft_id)
    rows = _kept_rows(found, forms.plan_changes(tk.request.form)["tasks"])
    return answer(found, errors, rows)


def answer(
    found: Mapping[str, Any],
    errors: Mapping[str, Any],
    rows: list[dict[str, Any]] | None,
) -> str:
    """What the page hears when something was typed: whether it is kept, and since when.

    :param found: the draft as it is kept now.
    :param errors: what could not be kept.
    :param rows: the rows to show again; None on a page without rows.
    """
    # Changed in another window: nothing is kept, and the page still says what it saw.
    refused = "seen_at" in errors
    return tk.render(
        "action_plan_import/snippets/kept.html",
        {
            "refused": refused,
            "seen_at": seen_at() if refused else found["changed_at"],
            "time": wording.time(clock.now()),
            "messages": importing.messages(errors),
            "rows": rows,
            "history": shown.steps(found["review"]),
        },
    )


def _without(changes: dict[str, Any], errors: dict[str, Any]) -> dict[str, Any]:
    """The changes that can be kept."""
    wrong: dict[str, dict[str, Any]] = errors.get("tasks") or {}
    tasks = [
        {n: v for n, v in change.items() if n not in wrong.get(change.get("key"), {})}
        for change in changes["tasks"]
    ]
    kept = {name: value for name, value in changes.items() if name not in errors}
    return {**kept, "tasks": tasks}


def _kept_rows(
    found: dict[str, Any], typed: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """The rows that were sent, with the reading of what stands in their fields."""
    tasks = {task["key"]: task for task in found["data"]["tasks"]}
    reviews = found["review"]["tasks"]
    return [
        {
            **shown.row_of(task, reviews.get(task["key"], {})),
            "reading": _reading(task, change),
        }
        for change in typed
        if (task := tasks.get(change.get("key", "")))
    ]


def _reading(task: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """The due of a row: what is typed, or what its new wording was read as."""
    text = str(change.get("due", task["due"]))
    try:
        normal = due.render(due.parse(text))
    except DueError as error:
        return {"due": text, "same": True, "errors": [corrections.due_message(error)]}
    read = task["due"] if task["deadline"] == change.get("deadline") else normal
    return {"due": read, "same": read == normal, "errors": []}


class SplitView(MethodView):
    """Two tasks from one: a person says what belongs to each."""

    def get(self, draft_id: str, key: str) -> str:
        """Show the texts of the task twice."""
        found = draft(draft_id)
        task = self._task(found, key)
        pieces = _SENTENCE.split(task["indicator"], maxsplit=1)
        second = pieces[1] if pieces[1:] else task["indicator"]
        parts = [{**task, "indicator": pieces[0]}, {**task, "indicator": second}]
        return self._page(found, task, parts, {})

    def post(self, draft_id: str, key: str) -> ResponseReturnValue:
        """Divide the task."""
        parts = forms.parts(tk.request.form)
        change = {"key": key, "act": "split", "parts": parts}
        try:
            kept = tk.get_action("actionplan_draft_update")(
                context(), {"id": draft_id, "rows": [change], "seen_at": seen_at()}
            )
        except tk.ValidationError as error:
            found = draft(draft_id)
            task = self._task(found, key)
            typed = [{**task, **part} for part in parts]
            return self._page(found, task, typed, error.error_dict), 422
        tk.h.flash_success(_said(kept, "split"))
        return tk.redirect_to(_address(kept, "split", key))

    @staticmethod
    def _task(found: Mapping[str, Any], key: str) -> dict[str, Any]:
        tasks = found["data"]["tasks"]
        task = next((each for each in tasks if each["key"] == key), None)
        if task is None:
            raise tk.ObjectNotFound(tk._("This row is not part of the import any more"))
        return task

    @staticmethod
    def _page(
        found: dict[str, Any],
        task: Mapping[str, Any],
        parts: list[dict[str, Any]],
        errors: dict[str, Any],
    ) -> str:
        return tk.render(
            "action_plan_import/split.html",
            {
                "draft": found,
                "task": task,
                "parts": parts,
                "messages": importing.messages(errors),
                "step": 2,
            },
        )
