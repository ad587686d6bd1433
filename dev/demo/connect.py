"""Runs the night once both portals are filled, so that presence shows; asks the doctor.

python dev/demo/connect.py INI
"""

from __future__ import annotations

import sys
from pathlib import Path

import ckan_site
from ckan_site import say


def connect() -> None:
    """Run the night: it reads the national portal too.

    All of it anew, since the tables or the rules may have changed since the last fill.
    """
    night = ckan_site.call("actionplan_night_run", {"again": True})
    for step in night["steps"]:
        say(f"night: {step['title']}: {step['words'] or step['message']}")
    if night["state"] != "done":
        sys.exit(f"The nightly run ended as {night['state']!r}.")


def examine() -> None:
    """Ask the doctor; what does not work fails the demo, as it would a portal."""
    doctor = ckan_site.call("actionplan_doctor_show", {})
    for finding in doctor["findings"]:
        if finding["state"] != "ok":
            say(f"doctor: {finding['state']}: {finding['title']}: {finding['text']}")
    if doctor["state"] == "error":
        sys.exit("The doctor says what does not work, above.")


if __name__ == "__main__":
    ckan_site.open_site(Path(sys.argv[1]))
    connect()
    examine()
