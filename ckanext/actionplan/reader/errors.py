"""Errors of the reader: a machine code and its parameters, never a traceback."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..core.errors import ActionPlanError
from .messages import sentence

if TYPE_CHECKING:
    from collections.abc import Mapping


class ReaderError(ActionPlanError):
    """A document cannot be read.

    :param code: key of `messages.MESSAGES`.
    :param params: values for the placeholders of its sentence.
    """

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.params: Mapping[str, str | int] = params

    def __str__(self) -> str:
        return sentence(self.code, self.params)


class LimitError(ReaderError):
    """The document exceeds one of the limits."""


class KindError(ReaderError):
    """The document is of a kind that cannot be read."""


class DamageError(ReaderError):
    """The document is damaged or locked."""


class LayoutError(ReaderError):
    """The document can be opened but holds no action plan."""
