"""Texts that data files carry in several languages (decision 34)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def pick(texts: Mapping[str, str], language: str) -> str:
    """The text in a language, in English where it has none.

    :param texts: by language code.
    :param language: code such as `uk` or `uk_UA`.
    """
    return texts.get(language) or texts.get(language.partition("_")[0]) or texts["en"]
