"""Printed rows of a task: joined into one text and parted again. Pure."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: Texts of a row that go on in the next one.
TEXTS: Final = ("title", "deadline", "indicator")


def joined(first: str, second: str) -> str:
    """Two pieces of a text with one blank between them (the continuation rule)."""
    return " ".join(text for text in (first.strip(), second.strip()) if text)


def union(first: Sequence[str], second: Sequence[str]) -> list[str]:
    """Names of both, each once."""
    return list(dict.fromkeys([*first, *second]))


def composed(pieces: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The texts that pieces make together.

    :param pieces: at least one piece, each with `values`.
    """
    out: dict[str, Any] = {"number": "", "executors": [], **dict.fromkeys(TEXTS, "")}
    for piece in pieces:
        values = piece["values"]
        out["number"] = out["number"] or values.get("number", "")
        for name in TEXTS:
            text = values.get(name) or ""
            if not (name == "title" and text == out[name]):
                out[name] = joined(out[name], text)
        out["executors"] = union(out["executors"], values.get("executors") or ())
    return out


def pieces_of(task: Mapping[str, Any], row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The pieces of a task; one that a person has rewritten is a single piece.

    :param task: the task as corrected.
    :param row: what is known of its printed row.
    """
    pieces: list[dict[str, Any]] = copy.deepcopy(list(row.get("pieces") or ()))
    if pieces:
        whole = composed(pieces)
        if all(whole[name] == task[name] for name in ("number", *TEXTS)):
            return pieces
    values = {name: value for name, value in task.items() if name != "key"}
    return [
        {
            "origin": row.get("origin"),
            "cells": dict(row.get("cells") or {}),
            "values": copy.deepcopy(values),
            "notes": copy.deepcopy(list(row.get("notes") or ())),
        }
    ]


def parted(text: str, head: str, tail: str) -> tuple[str, str]:
    """A text cut where its second piece begins; what a person wrote stays.

    :param text: the text as it stands now.
    :param head: what the first pieces say.
    :param tail: what the last pieces say.
    """
    if text in (joined(head, tail), head):
        return head, tail
    if tail and text.endswith(tail):
        return text[: -len(tail)].rstrip(), tail
    if head and text.startswith(head):
        return head, text[len(head) :].lstrip()
    return text, tail


def parted_names(
    names: Sequence[str], read: Sequence[str], head: Sequence[str], tail: Sequence[str]
) -> tuple[list[str], list[str]]:
    """Executors of both parts; names that neither printed row has stay with the first.

    :param names: the executors as they stand now.
    :param read: the executors before anybody changed them.
    :param head: names of the first pieces.
    :param tail: names of the last pieces.
    """
    if list(names) == list(read):
        return list(head), list(tail)
    first = [name for name in names if name in head or name not in tail]
    return first, [name for name in tail if name in names]


def origins(pieces: Sequence[Mapping[str, Any]]) -> list[Any]:
    """Where the pieces stand, those that stand nowhere left away."""
    return [piece["origin"] for piece in pieces if piece.get("origin")]
