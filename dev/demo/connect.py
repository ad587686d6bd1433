"""Reads the national portal once both are filled, so that presence shows.

python dev/demo/connect.py INI
"""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import ckan_site
from ckan_site import say


def connect() -> None:
    """Take a snapshot of the national portal unless one is newer than the datasets.

    Reading it also refreshes the standing.
    """
    shown = ckan_site.call("actionplan_upstream_show", {})
    changed = ckan_site.changed_at()
    if shown["state"] == "whole" and changed and _finished(shown) > changed:
        say("portal: the national portal was read already")
        return
    ckan_site.call("actionplan_upstream_refresh", {})
    say("portal: the national portal was read")


def _finished(shown: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(shown["finished_at"])


if __name__ == "__main__":
    ckan_site.open_site(Path(sys.argv[1]))
    connect()
