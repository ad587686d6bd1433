"""Reads all datasets of a CKAN, 2.7 or newer, through its action API."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final, cast

from ..core import facts
from .errors import Problem, UpstreamError
from .transport import Transport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ..core.facts import Fact, Fields
    from .limits import Limits

#: By id: it never changes, so what is saved meanwhile does not move.
_SORT: Final = "id asc"
#: How often a run may step back because datasets came or went meanwhile.
_STEPS_BACK: Final = 100
_KEY_LENGTH: Final = 200
_OVERLAP: Final = 1
#: Pages of fewer datasets than this are not cut smaller.
_FEWEST: Final = 8


class Client:
    """One run over the other portal.

    :param url: its address, without a slash at the end.
    :param fields: where it keeps the passport.
    :param sleep: pauses between retries; a test brings its own.
    :param clock: seconds that only grow.
    """

    def __init__(
        self,
        url: str,
        limits: Limits,
        fields: Fields,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._url = f"{url.rstrip('/')}/api/3/action/package_search"
        self._limits = limits
        self._fields = fields
        self._sleep = sleep
        self._clock = clock
        self._end = clock() + limits.run_seconds
        self._rows = limits.rows

    def pages(self) -> Iterator[list[Fact]]:
        """All public datasets, page by page, each once.

        Pages overlap by one dataset: when that one is not known, others came or went
        meanwhile and the run steps back, so that nothing is passed over.

        :raises UpstreamError: when not all of them could be read; what was given
            until then is half a snapshot.
        """
        transport = Transport(self._limits, self._clock)
        seen, names = set[str](), set[str]()
        start, steps_back, expected = 0, 0, None
        try:
            while True:
                count, datasets = self._page(transport, start)
                expected = count if expected is None else min(count, expected)
                if start and not (datasets and datasets[0].dataset_id in seen):
                    steps_back += 1
                    if steps_back > _STEPS_BACK:
                        raise UpstreamError(Problem.CHANGING)
                    start = max(0, start - self._rows)
                    continue
                if fresh := _fresh(datasets, seen, names):
                    yield fresh
                if len(seen) > self._limits.datasets:
                    raise UpstreamError(Problem.TOO_MANY, str(self._limits.datasets))
                if start + len(datasets) >= count:
                    break
                if len(datasets) < _OVERLAP + 1:
                    raise UpstreamError(Problem.INCOMPLETE)
                start += len(datasets) - _OVERLAP
        finally:
            transport.close()
        if len(seen) < expected:
            raise UpstreamError(Problem.INCOMPLETE)

    def _page(self, transport: Transport, start: int) -> tuple[int, list[Fact]]:
        """One page; a page of very large datasets is cut smaller."""
        while True:
            params = {"rows": self._rows, "start": start, "sort": _SORT}
            try:
                return self._read(self._ask(transport, params))
            except UpstreamError as error:
                if error.problem != Problem.TOO_LARGE or self._rows < _FEWEST:
                    raise
            self._rows //= 2

    def _read(self, result: dict[str, Any]) -> tuple[int, list[Fact]]:
        count, rows = result.get("count"), result.get("results")
        if not isinstance(count, int) or not isinstance(rows, list):
            raise UpstreamError(Problem.SHAPE)
        rows = cast("list[Any]", rows)
        found: list[Fact] = []
        for row in rows[: self._rows]:
            fact = facts.read(row, self._fields) if isinstance(row, dict) else None
            if not fact or not _named(fact):
                raise UpstreamError(Problem.SHAPE)
            found.append(fact)
        return count, found

    def _ask(self, transport: Transport, params: dict[str, Any]) -> dict[str, Any]:
        """One request, tried again with growing pauses when that may help."""
        pause = self._limits.pause_seconds
        left = self._limits.retries
        while True:
            if self._clock() > self._end:
                raise UpstreamError(Problem.RUN_TIMEOUT)
            try:
                return _result(transport.get(self._url, params))
            except UpstreamError as error:
                wait = max(pause, error.pause)
                longest = self._limits.longest_pause_seconds
                if not error.retry or not left or wait > longest:
                    raise
            self._sleep(wait)
            pause *= 2
            left -= 1


def _named(fact: Fact) -> bool:
    return all(0 < len(key) <= _KEY_LENGTH for key in (fact.dataset_id, fact.name))


def _result(answer: Any) -> dict[str, Any]:
    """The result of an action; a failure may come with status 200."""
    if not isinstance(answer, dict):
        raise UpstreamError(Problem.SHAPE)
    answer = cast("dict[str, Any]", answer)
    if answer.get("success") is not True:
        raise UpstreamError(Problem.REFUSED, retry=True)
    result: Any = answer.get("result")
    if not isinstance(result, dict):
        raise UpstreamError(Problem.SHAPE)
    return cast("dict[str, Any]", result)


def _fresh(datasets: list[Fact], seen: set[str], names: set[str]) -> list[Fact]:
    """Datasets not given yet; both keys are unique on every CKAN."""
    found: list[Fact] = []
    for fact in datasets:
        if fact.dataset_id not in seen and fact.name not in names:
            found.append(fact)
        seen.add(fact.dataset_id)
        names.add(fact.name)
    return found
