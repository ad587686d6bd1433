"""Errors of the pure layers; `logic` turns them into CKAN's own."""

from __future__ import annotations


class ActionPlanError(Exception):
    """Base of every error that the pure layers raise on purpose."""


class DueError(ActionPlanError):
    """A text is no due in normal form.

    :param part: the part of the text that could not be read.
    """

    def __init__(self, part: str) -> None:
        super().__init__(f"not a due date in normal form: {part!r}")
        self.part = part


class TooManyObligationsError(ActionPlanError):
    """A plan would derive more obligations than the portal allows.

    :param count: how many the plan would have.
    :param limit: how many are allowed.
    """

    def __init__(self, count: int, limit: int) -> None:
        super().__init__(f"{count} obligations, at most {limit} are allowed")
        self.count = count
        self.limit = limit


class TargetError(ActionPlanError):
    """A text is no target.

    :param text: the text.
    """

    def __init__(self, text: str) -> None:
        super().__init__(f"not a target: {text!r}")
        self.text = text
