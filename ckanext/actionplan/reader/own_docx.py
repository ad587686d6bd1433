"""A plan exported as DOCX: the paper that people edit, and the data it carries.

Rows of the paper are known by their bookmarks, which Word keeps while people edit. A
cell that still reads as it was printed gives the value back to the letter; another one
was changed, and what stands there now is read.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, cast
from xml.etree import ElementTree as ET

from .docx import read_docx
from .errors import LayoutError
from .grid import squeeze
from .own import FORMAT, OwnError, digest, printable, record
from .own_draft import draft_of
from .own_heading import amend, amend_signatory
from .own_paper import COLUMNS, Paper, printed_cells
from .own_record import checked, parsed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .draft import Draft
    from .limits import Budget
    from .package import Package

#: The root of the part with the data, and a sign by which it is found.
_NAMESPACE: Final = f"urn:{FORMAT.replace('/', ':')}"


def annex_of(
    plan: Mapping[str, Any], lines: Sequence[str], signature: str = ""
) -> bytes:
    """The part with the data of a plan, as XML.

    :param plan: with every field, as `own_record.checked` gives it.
    :param lines: the lines printed above the table.
    :param signature: who signs below it, as `approval_signatory` has it.
    """
    data = record(plan)
    data["printed"] = {
        "lines": list(lines),
        "signature": signature,
        "rows": [[digest(cell) for cell in printed_cells(t)] for t in plan["tasks"]],
    }
    root = ET.Element("plan", {"xmlns": _NAMESPACE})
    # ASCII only: JSON can write signs that XML cannot hold.
    root.text = json.dumps(data, ensure_ascii=True, separators=(",", ":"))
    return ET.tostring(root, encoding="utf-8", xml_declaration=True)


def read_own_docx(package: Package, budget: Budget) -> Draft | None:
    """Read a plan from the paper and the data that it carries.

    :param package: the opened archive.
    :param budget: limits and time of this reading.
    :returns: None when it is no export.
    :raises ReaderError: `OwnError` or `DamageError` when the data is damaged.
    """
    part = _part(package)
    if not part:
        return None
    root = package.xml(part)
    data = parsed((root.text or "") if root is not None else "", budget)
    plan = checked(data, budget)
    lines, signature, rows = _printed(data, len(plan["tasks"]))
    _agree(plan, lines, rows)
    grid = read_docx(package, budget)
    merge = Paper(plan, rows, grid, budget)
    amend(plan, lines, merge.above())
    amend_signatory(plan, signature, merge.below())
    tasks = merge.tasks()
    if not tasks:
        raise LayoutError("no_tasks")
    again = checked(record({**plan, "tasks": tasks}), budget)
    return draft_of(
        again,
        origins=merge.origins,
        doubts=merge.doubts,
        task_doubts=merge.task_doubts,
    )


def _part(package: Package) -> str:
    names = sorted(n for n in package.names if n.startswith("customXml/"))
    sign = _NAMESPACE.encode()
    return next(
        (n for n in names if n.endswith(".xml") and sign in package.read(n)[:4096]), ""
    )


def _printed(
    data: dict[str, Any], count: int
) -> tuple[list[str], str, list[list[str]]]:
    """How the plan was printed, as the record says; it may have been tampered with."""
    told: Any = data.get("printed")
    printed = cast("dict[str, Any]", told) if isinstance(told, dict) else {}
    lines, rows = printed.get("lines"), printed.get("rows")
    signature = printed.get("signature", "")
    listed = cast("list[Any]", rows) if isinstance(rows, list) else []
    whole = _texts([signature]) and _texts(lines) and len(listed) == count
    if not whole or not all(_texts(row) and len(row) == COLUMNS for row in listed):
        raise OwnError("own_damaged")
    return cast("list[str]", lines), signature, listed


def _agree(
    plan: Mapping[str, Any], lines: Sequence[str], rows: Sequence[Sequence[str]]
) -> None:
    """Refuse data that never stood on its paper: people would sign what they see.

    :raises OwnError: when title or cells were changed in the data alone.
    """
    cells = [[digest(cell) for cell in printed_cells(t)] for t in plan["tasks"]]
    title = squeeze(printable(plan["title"]))
    if cells != list(rows) or title not in squeeze(" ".join(lines)):
        raise OwnError("own_damaged")


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(each, str) for each in cast("list[Any]", value)
    )
