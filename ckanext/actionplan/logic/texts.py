"""Texts that data files carry in several languages (decision 34)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import has_request_context

import ckan.plugins.toolkit as tk
from ckan.lib.i18n import get_lang

if TYPE_CHECKING:
    from collections.abc import Mapping


def pick(texts: Mapping[str, str], language: str) -> str:
    """The text in a language, in English where it has none.

    :param texts: by language code.
    :param language: code such as `uk` or `uk_UA`.
    """
    return texts.get(language) or texts.get(language.partition("_")[0]) or texts["en"]


def language() -> str:
    """Code of the reader's language, the portal's outside of requests."""
    return get_lang() if has_request_context() else tk.config["ckan.locale_default"]
