"""The portal-wide date that the demo's reviewer has set; other wordings still wait."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

import ckan_site
from moves import Moves

if TYPE_CHECKING:
    from datetime import date

_TITLE: Final = "Місяць після громадських слухань області"
_WORDS: Final = "громадських слухань"
_DAYS: Final = 26  # after the day that deadlines are counted from


def ensure(today: date) -> None:
    """Set the date, or move it with today."""
    due_on = (Moves(today).anchor + timedelta(days=_DAYS)).isoformat()
    wanted = {"title": _TITLE, "topic": "", "words": _WORDS, "due_on": due_on}
    listed = ckan_site.call("actionplan_portal_date_list", {})
    found = next((each for each in listed if each["title"] == _TITLE), None)
    if found is None:
        ckan_site.call("actionplan_portal_date_create", wanted)
    elif found["due_on"] != due_on:
        ckan_site.call("actionplan_portal_date_update", {**wanted, "id": found["id"]})
    ckan_site.say(f"portal: a date for all plans on {due_on}")
