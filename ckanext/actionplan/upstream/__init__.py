"""The client of the other portal; knows nothing of CKAN's code, only of its API."""

from __future__ import annotations

from .client import Client
from .errors import Problem, UpstreamError
from .limits import Limits

__all__ = ["Client", "Limits", "Problem", "UpstreamError"]
