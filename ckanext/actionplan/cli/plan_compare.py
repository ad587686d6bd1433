"""Prints what an amended edition changes in a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

import ckan.plugins.toolkit as tk

from ..logic import carrying, comparison_words, revision

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..logic.comparison import Entry, Piece

__all__ = ["report"]


def report(
    data: Mapping[str, Any], review: Mapping[str, Any], plan: Mapping[str, Any]
) -> None:
    """Print what is added, changed and withdrawn.

    :param data: of the draft.
    :param review: of the draft.
    :param plan: as `package_show` gives it.
    """
    data, review = carrying.attach(data, review, plan)
    found = revision.compared(data, review, plan)
    titles = comparison_words.titles_of(found)
    doubts = {task["key"]: task for task in carrying.unsure(data, review)}
    message = tk._(
        "Compared with {name}: {added} added, {changed} changed, {withdrawn} "
        "withdrawn, {same} unchanged"
    )
    click.echo(
        message.format(
            name=plan["name"],
            added=len(found.added),
            changed=len(found.changed),
            withdrawn=len(found.withdrawn),
            same=len(found.same),
        )
    )
    for field in comparison_words.in_words(found.plan, titles):
        _changed(field)
    for sign, entries in (("+", found.added), ("-", found.withdrawn)):
        for entry in entries:
            click.echo(f"{sign} {_called(entry)}")
    for entry in (*found.changed, *found.same):
        unsure = entry.row is not None and entry.row["key"] in doubts
        if unsure or entry.changes:
            click.echo(f"{'?' if unsure else '~'} {_called(entry)}")
        if unsure:
            text = tk._("perhaps {task}: please look")
            task = comparison_words.called(entry.stored or {})
            click.echo("    " + text.format(task=task))
        for field in comparison_words.in_words(entry.changes, titles):
            _changed(field)


def _called(entry: Entry) -> str:
    task = entry.row or entry.stored or {}
    return " ".join(filter(None, (task.get("number"), task.get("title"))))


def _changed(field: Mapping[str, Any]) -> None:
    before, after = (_text(field[side]) for side in ("before", "after"))
    click.echo(f"    {field['label']}: {before or '–'} → {after or '–'}")


def _text(pieces: list[Piece]) -> str:
    return "".join(piece.text for piece in pieces)
