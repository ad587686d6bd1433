"""Texts in both languages: what `make lint` does not see.

Lint tells whether the Ukrainian catalogue is complete. Here: whether its sentences take
the same values as the English ones, and whether YAML says everything in both languages.
"""

from __future__ import annotations

import re
import string
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
import yaml
from babel.messages.pofile import read_po

from ckanext.actionplan import core

if TYPE_CHECKING:
    from collections.abc import Iterator

    from babel.messages.catalog import Catalog

ROOT: Final = Path(core.__file__).parent.parent
CATALOGUE: Final = ROOT / "i18n" / "uk" / "LC_MESSAGES" / "ckanext-actionplan.po"
YAML: Final = sorted([*ROOT.glob("schemas/**/*.yaml"), *ROOT.glob("data/**/*.yaml")])
LANGUAGES: Final = {"en", "uk"}
#: Keys of YAML whose texts are sentences or words, never an example to type.
WORDS: Final = frozenset(
    (
        "actionplan_section",
        "explanation",
        "help_text",
        "label",
        "repeating_label",
        "upload_label",
    )
)
CYRILLIC: Final = re.compile(r"[А-Яа-яҐґЄєІіЇї]")
MIXED: Final = re.compile(r"[А-Яа-яҐґЄєІіЇї][A-Za-z]|[A-Za-z][А-Яа-яҐґЄєІіЇї]")


def _catalogue() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="uk", abort_invalid=True)


def _texts(value: str | tuple[str, ...] | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _names(text: str) -> set[str]:
    return {
        name for _, name, _, _ in string.Formatter().parse(text) if name is not None
    }


def _values(node: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    """Every value of a YAML document with the key under which it stands."""
    if isinstance(node, dict) and set(node) & LANGUAGES:
        yield key, node
    elif isinstance(node, dict):
        for name, value in node.items():
            yield from _values(value, str(name))
    elif isinstance(node, list):
        for value in node:
            yield from _values(value, key)
    else:
        yield key, node


def test_sentences_take_the_same_values_in_both_languages() -> None:
    differing = [
        (message.id, text)
        for message in _catalogue()
        if message.id
        for text in _texts(message.string)
        if _names(text) != set[str]().union(*map(_names, _texts(message.id)))
    ]
    assert differing == []


def test_no_word_mixes_two_alphabets() -> None:
    mixed = [
        text
        for message in _catalogue()
        if message.id
        for text in _texts(message.string)
        if MIXED.search(text)
    ]
    assert mixed == []


def test_there_is_yaml_to_look_at() -> None:
    assert {path.parent.name for path in YAML} >= {"schemas", "formula"}


@pytest.mark.parametrize("path", YAML, ids=lambda path: path.name)
def test_yaml_says_everything_in_both_languages(path: Path) -> None:
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    wrong = [
        (key, value)
        for key, value in _values(document)
        if (isinstance(value, dict) or key in WORDS) and not _both(key, value)
    ]
    assert wrong == []


def _both(key: str, value: Any) -> bool:
    if not isinstance(value, dict) or set(map(str, value)) != LANGUAGES:
        return False
    english, ukrainian = str(value["en"] or ""), str(value["uk"] or "")
    if not english.strip() or not ukrainian.strip() or CYRILLIC.search(english):
        return False
    return key not in WORDS or bool(CYRILLIC.search(ukrainian))
