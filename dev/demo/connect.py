"""Reads the national portal once both are filled, so that presence shows.

python dev/demo/connect.py INI
"""

from __future__ import annotations

import sys
from pathlib import Path

import ckan_site
from ckan_site import say


def connect() -> None:
    """Take a snapshot of the national portal and refresh the standing."""
    ckan_site.call("actionplan_upstream_refresh", {})
    say("portal: the national portal was read")


if __name__ == "__main__":
    ckan_site.open_site(Path(sys.argv[1]))
    connect()
