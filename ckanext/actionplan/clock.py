"""Today and now, in the zone that the portal shows (decision 8)."""

from __future__ import annotations

from datetime import date, datetime, timezone
from zoneinfo import ZoneInfo

import ckan.plugins.toolkit as tk


def zone_name() -> str:
    """Name of the portal's zone, `UTC` unless it is configured."""
    name = tk.config["ckan.display_timezone"]
    if name == "server":
        local = datetime.now().astimezone().tzinfo
        return str(getattr(local, "key", "UTC"))
    return name or "UTC"


def now() -> datetime:
    """The moment, aware, in UTC."""
    return datetime.now(timezone.utc)


def today() -> date:
    """The date in the portal's zone."""
    return now().astimezone(ZoneInfo(zone_name())).date()
