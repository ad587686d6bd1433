"""Does what should happen by itself happen: the other portal, the nights."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import ckan.plugins.toolkit as tk

from ... import clock, config, wording
from ...upstream import UpstreamError
from ...upstream.address import check as check_address
from .. import derive, nightly, snapshot
from .base import Check, Finding, command, error, ok, running, setting, warning

if TYPE_CHECKING:
    from collections.abc import Mapping

#: A night that was missed is no reason to worry; two are.
_NIGHTS: Final = timedelta(days=2)


def _cron() -> str:
    return f"15 2 * * *  {command('actionplan nightly --quiet')}"


class OtherPortal(Check):
    """The other portal may be asked and was read lately."""

    id = "upstream"

    def title(self) -> str:
        """See the base class."""
        return tk._("The other portal")

    def examine(self) -> Finding:
        """See the base class."""
        url = config.upstream_url()
        if not url:
            return ok(
                tk._(
                    "No other portal is named, so presence is not measured. To compare "
                    "with the national one, set ckanext.actionplan.upstream_url."
                )
            )
        try:
            check_address(url, private_allowed=config.upstream_private_allowed())
        except UpstreamError as problem:
            return error(
                f"{url}: {snapshot.sentence(problem.problem.value, problem.detail)}",
                tk._("Name the right address. {setting}").format(setting=setting()),
                "ckanext.actionplan.upstream_url = https://data.example.org",
            )
        return _snapshot(url, snapshot.show())


def _snapshot(url: str, shown: Mapping[str, Any]) -> Finding:
    read = wording.moment(shown["finished_at"])
    refresh = command("actionplan upstream refresh")
    if not shown["finished_at"]:
        text = tk._("{url} was never read as a whole.").format(url=url)
        return error(f"{text} {shown['error']}".strip(), running(), refresh)
    if shown["old"]:
        text = tk._(
            "{url} was last read on {moment}, which is too long ago to judge by."
        ).format(url=url, moment=read)
        return error(f"{text} {shown['error']}".strip(), running(), refresh)
    if shown["error"]:
        text = tk._(
            "The last reading of {url} failed; that of {moment} is used."
        ).format(url=url, moment=read)
        return warning(f"{text} {shown['error']}", running(), refresh)
    return ok(
        tk.ungettext(
            "{url} was read on {moment}: {count} dataset.",
            "{url} was read on {moment}: {count} datasets.",
            shown["datasets"],
        ).format(url=url, moment=read, count=shown["datasets"])
    )


class LastNight(Check):
    """The nightly run happens and ends well."""

    id = "night"

    def title(self) -> str:
        """See the base class."""
        return tk._("Nightly run")

    def examine(self) -> Finding:
        """See the base class."""
        last = nightly.show()
        state = last["state"]
        if state == nightly.NONE:
            return error(
                tk._("The nightly run has never been started."),
                _put_into_cron(),
                _cron(),
            )
        if state == nightly.RUNNING:
            return ok(tk._("The nightly run is under way."))
        began = wording.moment(last["started_at"])
        if clock.now() - datetime.fromisoformat(last["started_at"]) > _NIGHTS:
            return error(
                tk._(
                    "The last nightly run was on {moment}: plans do not roll on, and "
                    "sums grow old."
                ).format(moment=began),
                _put_into_cron(),
                _cron(),
            )
        return _ended(last, began)


def _put_into_cron() -> str:
    return tk._(
        "Put this into the crontab of the user under which the portal runs (crontab "
        "-e); the zone is the machine's:"
    )


def _ended(last: Mapping[str, Any], began: str) -> Finding:
    """How the last run ended."""
    start = command("actionplan nightly")
    if last["state"] == nightly.INTERRUPTED:
        return error(
            tk._("The nightly run of {moment} was cut short.").format(moment=began),
            tk._("Start it again: it goes on where it was."),
            start,
        )
    failed = [step for step in last["steps"] if step["state"] == nightly.FAILED]
    if failed:
        told = "; ".join(f"{each['title']}: {each['message']}" for each in failed)
        return error(
            tk._("Steps of the nightly run of {moment} failed. {steps}").format(
                moment=began, steps=told
            ),
            tk._("Mend what is said, then start it again: only these are done anew."),
            start,
        )
    return ok(tk._("The nightly run of {moment} did everything.").format(moment=began))


class Derived(Check):
    """No plan is left behind by the nights."""

    id = "derived"

    def title(self) -> str:
        """See the base class."""
        return tk._("Obligations of plans")

    def examine(self) -> Finding:
        """See the base class."""
        count = len(derive.outdated(clock.today() - timedelta(days=1)))
        if count:
            return error(
                tk.ungettext(
                    "The obligations of {count} plan are older than a day.",
                    "The obligations of {count} plans are older than a day.",
                    count,
                ).format(count=count),
                tk._("Run this; it says which plan cannot be derived, and why:"),
                command("actionplan nightly --again"),
            )
        return ok(tk._("The obligations of all plans are of today or yesterday."))
