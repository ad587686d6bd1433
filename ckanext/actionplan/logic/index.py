"""Plans in the search index: whole words, not rows; only where they are asked for."""

from __future__ import annotations

import json
import re
from typing import Any, Final, cast

DATASET_TYPE: Final = "action-plan"

#: A query that names the type of plans means them (decision 1).
_ASKED = re.compile(r"""\bdataset_type\s*:\s*(?:\([^)]*\b|["']?)action-plan\b""")
_WITHOUT: Final = f"-dataset_type:{DATASET_TYPE}"

#: Rows of a plan and the subfields whose words can be searched.
_ROWS: Final = {
    "tasks": (
        "number",
        "section",
        "principle",
        "title",
        "deadline",
        "indicator",
        "executors",
        "note",
        "withdrawn_by",
    ),
    "executors": ("name",),
    "amendments": ("document", "number", "note"),
}
#: A text field of CKAN's own Solr schema (`extras_*`), searched as all text.
_TEXT: Final = "extras_actionplan_text"


def document(pkg_dict: dict[str, Any]) -> dict[str, Any]:
    """The document to index, with the words of tasks instead of their rows.

    Works whether the rows arrive as lists or as the JSON that another plugin, such as
    scheming's `scheming_nerf_index`, made of them.
    """
    if pkg_dict.get("type", pkg_dict.get("dataset_type")) != DATASET_TYPE:
        return pkg_dict
    words: list[str] = []
    for field, names in _ROWS.items():
        for key in (field, f"extras_{field}"):
            for row in _rows(pkg_dict.pop(key, None)):
                words.extend(_words(row, names))
    # CKAN 2.11 counts an organization's datasets by these, whatever their type;
    # `organization` stays, so that the list of plans can be filtered.
    for key in ("owner_org", "groups", "participants", "extras_participants"):
        pkg_dict.pop(key, None)
    pkg_dict[_TEXT] = "\n".join(dict.fromkeys(words))
    return pkg_dict


def _rows(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            value = None
    rows = cast("list[Any]", value) if isinstance(value, list) else []
    return [row for row in rows if isinstance(row, dict)]


def _words(row: dict[str, Any], names: tuple[str, ...]) -> list[str]:
    found: list[str] = []
    for name in names:
        value: str | list[str] = row.get(name) or []
        found.extend([value] if isinstance(value, str) else value)
    return [text for text in found if text]


def search(search_params: dict[str, Any]) -> dict[str, Any]:
    """The search to run: without plans unless it names their type."""
    if _asks_for_plans(search_params):
        return search_params
    fq = search_params.get("fq_list")
    fq_list = [fq] if isinstance(fq, str) else list(fq or [])
    return {**search_params, "fq_list": [*fq_list, _WITHOUT]}


def _asks_for_plans(search_params: dict[str, Any]) -> bool:
    """Whether `q`, `fq` or `fq_list` speaks of the type, also to leave it out."""
    for name in ("q", "fq", "fq_list"):
        value = search_params.get(name) or ""
        text = value if isinstance(value, str) else " ".join(value)
        if _ASKED.search(text):
            return True
    return False
