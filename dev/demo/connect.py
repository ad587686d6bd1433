"""Reads the national portal once both are filled, so that presence shows.

python dev/demo/connect.py INI
"""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import ckan_site
from ckan_site import say

from ckanext.actionplan import clock


def connect() -> None:
    """Take a snapshot of the national portal unless there is one of today.

    Reading it also refreshes the standing. Both portals have moved to today before.
    """
    shown = ckan_site.call("actionplan_upstream_show", {})
    if shown["state"] == "whole" and _day(shown) == clock.today():
        say("portal: the national portal was read today already")
        return
    ckan_site.call("actionplan_upstream_refresh", {})
    say("portal: the national portal was read")


def _day(shown: dict[str, Any]) -> date:
    finished = datetime.fromisoformat(shown["finished_at"])
    return finished.astimezone(ZoneInfo(clock.zone_name())).date()


if __name__ == "__main__":
    ckan_site.open_site(Path(sys.argv[1]))
    connect()
