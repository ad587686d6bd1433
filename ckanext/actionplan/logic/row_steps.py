"""Steps of correcting a draft, each of which can be taken back and made again. Pure.

A step keeps a patch: what has to be put back. Putting it back gives the patch of the
opposite step, so nothing is lost by going back either.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

from .corrected import copied

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .corrected import Corrected

    #: The tasks, their rows and the lines of a draft, each by key.
    _Items: TypeAlias = Mapping[str, Mapping[str, Any]]

#: More steps than that nobody takes back; each costs room in the database.
STEPS: Final = 50
#: The act of a step that changed fields only.
EDIT: Final = "edit"


def snapshot(out: Corrected) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a step may change, as it is now."""
    data: dict[str, Any] = {n: out.data.get(n) for n in ("tasks", "executors")}
    review: dict[str, Any] = {n: out.review.get(n) for n in ("tasks", "rows")}
    return copied(data), copied(review)


def keep(
    out: Corrected,
    before: tuple[Mapping[str, Any], Mapping[str, Any]],
    act: str,
    name: str,
) -> None:
    """Remember a step, when it changed anything.

    :param out: the draft after it.
    :param before: plan and review before it.
    :param act: what was done.
    :param name: what the row was called.
    """
    patch = _patch(before, (out.data, out.review))
    if not patch:
        return
    history = _history(out)
    history["undone"] = []
    step = {"act": act, "name": name, "patch": patch}
    last = history["steps"][-1] if history["steps"] else None
    if act == EDIT and last is not None and _same_fields(last, step):
        # Typing on in the same field is one step; its older text is what comes back.
        return
    history["steps"] = [*history["steps"], step][-STEPS:]


def undo(out: Corrected) -> bool:
    """Take the last step back.

    :returns: whether there was one.
    """
    return _swap(out, "steps", "undone")


def redo(out: Corrected) -> bool:
    """Make the step again that was taken back last.

    :returns: whether there was one.
    """
    return _swap(out, "undone", "steps")


def _history(out: Corrected) -> dict[str, list[dict[str, Any]]]:
    return out.review.setdefault("history", {"steps": [], "undone": []})


def _swap(out: Corrected, source: str, target: str) -> bool:
    history = _history(out)
    if not history[source]:
        return False
    step = history[source].pop()
    before = snapshot(out)
    _apply(out, step["patch"])
    # The patch of the way back leads from what is to what was.
    patch = _patch(before, (out.data, out.review))
    history[target] = [*history[target], {**step, "patch": patch}][-STEPS:]
    return True


def _same_fields(last: Mapping[str, Any], step: Mapping[str, Any]) -> bool:
    if last["act"] != EDIT:
        return False
    return _touched(last["patch"]) == _touched(step["patch"])


def _touched(patch: Mapping[str, Any]) -> set[tuple[str, ...]]:
    """Which fields of which tasks a patch puts back; the row's own marks aside."""
    # A due that was read again belongs to the wording that was typed.
    aliases = {"due": "deadline"}
    tasks = {
        (key, aliases.get(name, name)) for key, name in _fields(patch.get("tasks", {}))
    }
    rows = {(key, "row", name) for key, name in _fields(patch.get("rows", {}))}
    return {*tasks, *(each for each in rows if each[2] != "mended")}


def _fields(changes: Mapping[str, Any]) -> set[tuple[str, str]]:
    whole: dict[str, Any] = {"": None}
    return {
        (key, name)
        for key, change in changes.items()
        for name in cast("dict[str, Any]", (change or {}).get("fields", whole))
    }


def _patch(
    older: tuple[Mapping[str, Any], Mapping[str, Any]],
    newer: tuple[Mapping[str, Any], Mapping[str, Any]],
) -> dict[str, Any]:
    """What turns the newer state into the older one, empty when they are equal."""
    (data, review), (data_now, review_now) = older, newer
    pairs = {
        "tasks": (_by_key(data["tasks"]), _by_key(data_now["tasks"])),
        "rows": (review["tasks"], review_now["tasks"]),
        "lines": (
            _by_key(review.get("rows") or ()),
            _by_key(review_now.get("rows") or ()),
        ),
    }
    patch: dict[str, Any] = {
        name: changes
        for name, (was, now) in pairs.items()
        if (changes := _changes(was, now))
    }
    if patch and data.get("executors") != data_now.get("executors"):
        patch["executors"] = copied(data.get("executors") or [])
    return patch


def _by_key(items: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    # Imports begun with an older edition have lines without keys.
    return {item["key"]: item for item in items if "key" in item}


def _changes(was: _Items, now: _Items) -> dict[str, Any]:
    out: dict[str, Any] = {key: None for key in now if key not in was}
    for at, (key, item) in enumerate(was.items()):
        current = now.get(key)
        if current is None:
            out[key] = {"at": at, "item": copied(dict(item))}
        elif current != item:
            fields: dict[str, Any] = {
                name: copied(item.get(name))
                for name in (*item, *(n for n in current if n not in item))
                if item.get(name) != current.get(name)
            }
            if fields:
                out[key] = {"fields": fields}
    return out


def _apply(out: Corrected, patch: Mapping[str, Any]) -> None:
    out.data["tasks"] = _put_back(out.data["tasks"], patch.get("tasks", {}))
    lines: list[dict[str, Any]] = out.review.get("rows") or []
    out.review["rows"] = _put_back(lines, patch.get("lines", {}))
    rows = out.review["tasks"]
    for key, change in patch.get("rows", {}).items():
        if change is None:
            rows.pop(key, None)
        elif "item" in change:
            rows[key] = change["item"]
        elif key in rows:
            _set(rows[key], change["fields"])
    known = {each["name"] for each in out.data.get("executors") or ()}
    # Who was mapped since stays mapped.
    lost = [each for each in patch.get("executors", ()) if each["name"] not in known]
    out.data["executors"] = [*(out.data.get("executors") or ()), *lost]


def _put_back(
    items: list[dict[str, Any]], changes: Mapping[str, Any]
) -> list[dict[str, Any]]:
    gone = {key for key, change in changes.items() if change is None}
    kept = [item for item in items if item.get("key") not in gone]
    back = [change for change in changes.values() if change and "item" in change]
    for change in sorted(back, key=lambda each: each["at"]):
        kept.insert(change["at"], change["item"])
    for item in kept:
        change = changes.get(item.get("key", ""))
        if change and "fields" in change:
            _set(item, change["fields"])
    return kept


def _set(item: dict[str, Any], fields: Mapping[str, Any]) -> None:
    for name, value in fields.items():
        if value is None:
            item.pop(name, None)
        else:
            item[name] = value
