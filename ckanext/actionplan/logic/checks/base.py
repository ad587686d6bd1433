"""The shape that checks share: one finding each, with what to do about it."""

from __future__ import annotations

import shlex
import sys
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

import ckan.plugins.toolkit as tk

OK: Final = "ok"
WARNING: Final = "warning"
ERROR: Final = "error"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found.

    :param state: ok, warning (something is worse than it could be) or error
        (something does not work).
    :param text: what is so, as a sentence.
    :param advice: what to do about it, as a sentence; empty when all is well.
    :param lines: what to put into the ini file, or commands to run, as they stand.
    """

    state: str
    text: str
    advice: str = ""
    lines: tuple[str, ...] = ()


class Check(ABC):
    """One thing that the doctor looks at; reads only, and a few statements at most."""

    id: ClassVar[str]

    @abstractmethod
    def title(self) -> str:
        """What is looked at, in a word or two."""

    @abstractmethod
    def examine(self) -> Finding:
        """Look; what is raised becomes an error that could not be looked at."""


def ok(text: str) -> Finding:
    """All is well."""
    return Finding(OK, text)


def warning(text: str, advice: str, *lines: str) -> Finding:
    """Something is worse than it could be."""
    return Finding(WARNING, text, advice, lines)


def error(text: str, advice: str, *lines: str) -> Finding:
    """Something does not work."""
    return Finding(ERROR, text, advice, lines)


def command(words: str) -> str:
    """A command of CKAN as it is typed on this machine.

    :param words: what follows `ckan -c INI`.
    """
    program = Path(sys.prefix, "bin", "ckan")
    name = str(program) if program.is_file() else "ckan"
    ini = tk.config.get("__file__") or "/etc/ckan/default/ckan.ini"
    return f"{shlex.quote(name)} -c {shlex.quote(str(ini))} {words}"


def setting() -> str:
    """The sentence above lines for the ini file."""
    return tk._("Put this into the portal's ini file and restart the portal:")


def running() -> str:
    """The sentence above a command."""
    return tk._("Run:")
