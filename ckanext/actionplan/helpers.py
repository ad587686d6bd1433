"""Template helpers; they run no queries."""

from __future__ import annotations
