"""`/action-plan/<name>/plan.docx`: a plan as a file that can be imported again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, Response

import ckan.plugins.toolkit as tk

from ..logic import plan_files, plan_record
from ..reader.kind import Kind
from . import problems
from .plan_paper import docx_file

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flask.typing import ResponseReturnValue

__all__ = ["actionplan_export"]

actionplan_export = Blueprint("actionplan_export", __name__, url_prefix="/action-plan")
problems.register(actionplan_export)

_SEPARATORS: Final = {"semicolon": ";", "tab": "\t"}


@actionplan_export.errorhandler(tk.NotAuthorized)
def hidden(error: tk.NotAuthorized) -> ResponseReturnValue:
    """Answer as for a plan that does not exist: its being is not to be known."""
    return problems.not_found(tk.ObjectNotFound(tk._("Plan not found")))


def plan(name: str, ending: str) -> Response:
    """The plan as DOCX, XLSX, CSV or JSON; CSV takes a `separator`."""
    pkg_dict = tk.get_action("package_show")({}, {"id": name})
    if pkg_dict["type"] != "action-plan":
        raise tk.ObjectNotFound(tk._("Plan not found"))
    response = Response(
        _FILES[ending](plan_record.plan_of(pkg_dict)),
        mimetype=Kind(ending).mimetype,
    )
    response.headers.set(
        "Content-Disposition", "attachment", filename=f"{pkg_dict['name']}.{ending}"
    )
    return response


def _csv(plan: Mapping[str, Any]) -> bytes:
    separator = _SEPARATORS.get(tk.request.args.get("separator", ""), ",")
    return plan_files.csv_file(plan, _lines(plan), plan_record.labels(), separator)


def _xlsx(plan: Mapping[str, Any]) -> bytes:
    return plan_files.xlsx_file(plan, _lines(plan), plan_record.labels())


def _lines(plan: Mapping[str, Any]) -> list[str]:
    return [*plan_record.approval_lines(plan), *plan_record.title_lines(plan)]


_FILES: Final[dict[str, Callable[[Mapping[str, Any]], bytes]]] = {
    "docx": docx_file,
    "xlsx": _xlsx,
    "csv": _csv,
    "json": plan_files.json_file,
}
actionplan_export.add_url_rule(
    f"/<name>/plan.<any({', '.join(_FILES)}):ending>", view_func=plan
)
