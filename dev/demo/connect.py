"""Runs the night once both portals are filled, so that presence shows; asks the doctor.

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
    """Run the night, which reads the national portal too.

    What was done today is done anew when the national portal was read before the
    datasets changed.
    """
    shown = ckan_site.call("actionplan_upstream_show", {})
    changed = ckan_site.changed_at()
    read = shown["state"] == "whole" and changed and _finished(shown) > changed
    night = ckan_site.call("actionplan_night_run", {"again": not read})
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


def _finished(shown: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(shown["finished_at"])


if __name__ == "__main__":
    ckan_site.open_site(Path(sys.argv[1]))
    connect()
    examine()
