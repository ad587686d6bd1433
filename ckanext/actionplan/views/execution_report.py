"""`/action-plan/<name>/execution`: the report that an official hands in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint
from markupsafe import Markup

import ckan.plugins.toolkit as tk

from .. import clock, wording, words
from ..core.execution import WHOLE
from ..core.status import Status
from ..logic import execution_words
from . import addresses, export, paper, problems, tables

if TYPE_CHECKING:
    from flask import Response
    from flask.typing import ResponseReturnValue

__all__ = ["actionplan_execution"]

actionplan_execution = Blueprint(
    "actionplan_execution", __name__, url_prefix="/action-plan"
)
problems.register(actionplan_execution)

_DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
#: Shares of the paper's width: number, task, deadline, indicator, executor, state.
_WIDTHS: Final = (3, 17, 9, 12, 11, 24)
#: Languages of papers, so that their spelling is checked.
_LANGUAGES: Final = {"uk": "uk-UA", "en": "en-GB"}
#: What stands where the official who reports writes post and name by hand.
_BLANK: Final = "_" * 26
_ENDINGS: Final = "<any(docx, csv, xlsx, json):ending>"


@actionplan_execution.errorhandler(tk.NotAuthorized)
def hidden(error: tk.NotAuthorized) -> ResponseReturnValue:
    """Answer as for a plan that does not exist: its being is not to be known."""
    return problems.not_found(tk.ObjectNotFound(tk._("Plan not found")))


def _query() -> dict[str, str]:
    names = ("period", "as_of", "organization")
    return {name: tk.request.args.get(name, "").strip() for name in names}


def _shown(name: str) -> dict[str, Any]:
    return tk.get_action("actionplan_execution_show")({}, {"plan_id": name, **_query()})


def read(name: str) -> ResponseReturnValue:
    """What the paper will say, to be looked through before it is printed."""
    shown = _shown(name)
    query = _query()
    canonical = shown["plan"]["name"]
    address = addresses.builder("actionplan_execution.read", query, name=canonical)
    if canonical != name:
        return tk.redirect_to(address())
    extra_vars = {
        "shown": shown,
        "plan": shown["plan"],
        "query": query,
        "address": address,
        "heading": execution_words.heading(shown),
        "lead": execution_words.lead(shown),
        "empty": execution_words.empty(shown),
        "periods": _periods(shown),
        "linked": linked,
        "today": clock.today().isoformat(),
    }
    page = tk.render("action_plan/execution.html", extra_vars)
    return page, addresses.pushed(address)


def linked(text: str) -> Markup:
    """A line of the state, its addresses as links."""
    pieces = [
        Markup('<a href="{0}" rel="nofollow">{0}</a>').format(piece)
        if address
        else Markup.escape(piece)
        for piece, address in paper.addresses(text)
    ]
    return Markup().join(pieces)


def _periods(shown: dict[str, Any]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Periods to choose from under their headings; the chosen one is among them."""
    labels = (tk._("Quarters"), tk._("Half-years"), tk._("Years"))
    groups = [
        (label, [(name, execution_words.period(name)) for name in names])
        for label, names in zip(labels, shown["periods"].values(), strict=False)
    ]
    known = {name for _, choices in groups for name, _ in choices}
    whole = [(WHOLE, tk._("the whole term up to today"))]
    chosen = shown["period"]
    if chosen not in known | {WHOLE}:
        whole.append((chosen, execution_words.period(chosen)))
    return [*groups, (tk._("Others"), whole)]


def report_export(name: str, ending: str) -> Response:
    """The report as a paper, as a table, or as data."""
    shown = _shown(name)
    file = f"{shown['plan']['name']}-execution-{shown['period']}"
    if shown["organization"]:
        file = f"{file}-{shown['organization']['name']}"
    if ending == "json":
        return export.json_response(file, shown)
    if ending == "docx":
        return export.attachment(_paper(shown), _DOCX, f"{file}.docx")
    title = " ".join(execution_words.heading(shown))
    return export.table_response(ending, file, *_table(shown), title=title)


def _paper(shown: dict[str, Any]) -> bytes:
    """The report as DOCX.

    It speaks the language of the page from which it was taken: an address without a
    language gives the portal's own, and that is the language of its offices.
    """
    sections = [
        paper.Section(section["title"], [_row(task) for task in section["tasks"]])
        for section in shown["sections"]
    ]
    header = (
        tk._("No."),
        tk._("Task"),
        tk._("Deadline"),
        tk._("Indicator"),
        tk._("Executor"),
        tk._("State of execution"),
    )
    lead = execution_words.lead(shown)
    post = tk._("Post: {blank}").format(blank=_BLANK)
    name = tk._("Name: {blank}").format(blank=_BLANK)
    language = words.language()
    return paper.document(
        title=execution_words.heading(shown),
        approval=(),
        header=header if sections else (),
        widths=_WIDTHS if sections else (),
        sections=sections,
        signature=((post, name),),
        subject=shown["plan"]["title"] or shown["plan"]["name"],
        language=_LANGUAGES.get(language, language),
        lead=lead if sections else (*lead, execution_words.empty(shown)),
        author=shown["owner"]["title"] if shown["owner"] else "",
    )


def _row(task: dict[str, Any]) -> paper.Row:
    cells = (
        task["number"],
        task["title"],
        task["deadline"],
        task["indicator"],
        "\n".join(task["executors"]),
        "\n".join(task["state"]),
    )
    return paper.Row(cells)


def _table(shown: dict[str, Any]) -> tables.Table:
    """A row for each obligation, so that days are days and can be sorted by."""
    columns = [
        export.Column("number", tk._("Number")),
        export.Column("section", tk._("Section")),
        export.Column("title", tk._("Task")),
        export.Column("deadline", tk._("Deadline as printed")),
        export.Column("indicator", tk._("Indicator")),
        export.Column("executors", tk._("Executors")),
        export.Column("organization", tk._("Answers for it")),
        export.Column("parties", tk._("Together with")),
        export.Column("occurrence", tk._("Period")),
        export.Column("due_on", tk._("Due on")),
        export.Column("state", tk._("State of execution")),
        export.Column("done_on", tk._("Done on")),
        export.Column("note", tk._("What was done")),
        export.Column("act", tk._("Act")),
        export.Column("act_number", tk._("Number of the act")),
        export.Column("act_date", tk._("Date of the act")),
        export.Column("link", tk._("Link to the evidence")),
        export.Column("days", tk._("Days overdue")),
    ]
    rows = [
        _cells(section["title"], task, obligation)
        for section in shown["sections"]
        for task in section["tasks"]
        for obligation in task["obligations"]
    ]
    return columns, rows


def _cells(section: str, task: dict[str, Any], row: dict[str, Any]) -> list[Any]:
    report: dict[str, Any] = row["report"] or {}
    evidence: list[dict[str, Any]] = row["evidence"]
    acts = [each for each in evidence if each["title"] or each["number"]]
    # A cell holds one day; further acts stand whole in the state.
    act: dict[str, Any] = acts[0] if acts else {}
    late = row["status"] in (Status.OVERDUE.value, Status.REPORTING.value)
    return [
        task["number"],
        section,
        task["title"],
        task["deadline"],
        task["indicator"],
        "; ".join(task["executors"]),
        row["organization"]["title"] if row["organization"] else "",
        "; ".join(party["title"] for party in row["parties"]),
        row["event_title"] or execution_words.period(row["occurrence"]),
        row["due_on"],
        row["state"],
        wording.as_day(report.get("done_on")),
        report.get("note"),
        act.get("title"),
        act.get("number"),
        wording.as_day(act.get("date")),
        " ".join(each["link"] for each in evidence if each["link"]),
        row["days"] if late else None,
    ]


_add = actionplan_execution.add_url_rule
_add("/<name>/execution", view_func=read)
_add(f"/<name>/execution.{_ENDINGS}", view_func=report_export)
