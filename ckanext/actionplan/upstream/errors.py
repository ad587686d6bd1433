"""What can go wrong with the other portal; `logic` has the sentences."""

from __future__ import annotations

from enum import Enum

from ..core.errors import ActionPlanError


class Problem(str, Enum):
    """Why the other portal could not be read."""

    ADDRESS = "address"
    UNKNOWN_HOST = "unknown_host"
    PRIVATE_ADDRESS = "private_address"
    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    RUN_TIMEOUT = "run_timeout"
    REDIRECT = "redirect"
    STATUS = "status"
    TOO_LARGE = "too_large"
    ENCODING = "encoding"
    NOT_JSON = "not_json"
    TOO_DEEP = "too_deep"
    REFUSED = "refused"
    SHAPE = "shape"
    TOO_MANY = "too_many"
    CHANGING = "changing"
    INCOMPLETE = "incomplete"
    EMPTY = "empty"


class UpstreamError(ActionPlanError):
    """The other portal could not be read.

    :param problem: what happened.
    :param detail: a number or address that belongs to it, never a text of the other
        portal.
    :param retry: the same request may succeed a little later.
    :param pause: seconds that the other portal asks to wait.
    """

    def __init__(
        self,
        problem: Problem,
        detail: str = "",
        *,
        retry: bool = False,
        pause: float = 0,
    ) -> None:
        super().__init__(f"{problem.value} {detail}".strip())
        self.problem = problem
        self.detail = detail
        self.retry = retry
        self.pause = pause
