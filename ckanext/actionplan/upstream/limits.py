"""How much of the other portal is read, and how patiently."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one run.

    :param request_seconds: for one request, from the first byte to the last.
    :param run_seconds: for the whole run.
    :param datasets: the most datasets.
    :param response_bytes: of one answer, unpacked.
    :param run_bytes: of all answers, unpacked.
    :param depth: of nested lists and dicts in an answer.
    :param rows: datasets in one answer.
    :param retries: how often a request that failed is tried again.
    :param pause_seconds: before the first retry; doubled before each further one.
    :param longest_pause_seconds: what the other portal may ask to wait.
    :param private_allowed: it may stand at a loopback or private address.
    """

    request_seconds: float
    run_seconds: float
    datasets: int
    response_bytes: int = 16 * MEGABYTE
    run_bytes: int = 4096 * MEGABYTE
    depth: int = 30
    rows: int = 100
    retries: int = 3
    pause_seconds: float = 1
    longest_pause_seconds: float = 60
    private_allowed: bool = False
