"""What the portal stands on: search, queue, worker, files, mail."""

from __future__ import annotations

import os
import smtplib
from pathlib import Path
from typing import Any, Final

import rq
import sqlalchemy as sa
from redis.exceptions import RedisError

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib import jobs, search
from ckan.lib import redis as ckan_redis
from ckan.model.package import package_table

from ... import compat, config
from ..derive import DATASET_TYPE
from .base import Check, Finding, command, error, ok, running, setting, warning

_MAIL_SECONDS: Final = 3
#: Jobs that wait without anybody being slow.
_WAITING: Final = 100


class Search(Check):
    """Solr answers and holds the plans."""

    id = "search"

    def title(self) -> str:
        """See the base class."""
        return tk._("Search (Solr)")

    def examine(self) -> Finding:
        """See the base class."""
        address = tk.config["solr_url"]
        indexed = _indexed()
        if indexed is None:
            return error(
                tk._("Solr does not answer at {address}.").format(address=address),
                tk._("Start Solr, or name its right address in the ini file:"),
                f"solr_url = {address}",
            )
        package = package_table.c
        plans = model.Session.scalar(
            sa.select(sa.func.count()).where(
                package.type == DATASET_TYPE, package.state == "active"
            )
        )
        if indexed != plans:
            missing = indexed < (plans or 0)
            return warning(
                tk._(
                    "The search knows {indexed} plans, the portal has {plans}: some are "
                    "not found at /action-plan, or are found though they are gone."
                ).format(indexed=indexed, plans=plans),
                running(),
                command(
                    "search-index rebuild --only-missing"
                    if missing
                    else "search-index clear-orphans"
                ),
            )
        return ok(
            tk.ungettext(
                "Solr answers; {count} plan is in the index.",
                "Solr answers; {count} plans are in the index.",
                indexed,
            ).format(count=indexed)
        )


def _indexed() -> int | None:
    """How many plans are in the index; None when it does not answer."""
    query = {
        "q": f"+site_id:{tk.config['ckan.site_id']}",
        "fq": [f'+dataset_type:"{DATASET_TYPE}"', "+state:active"],
        "rows": 0,
    }
    try:
        found: Any = search.make_connection().search(**query)
    except Exception:  # noqa: BLE001 - whatever the client raises, there is no answer
        return None
    return int(found.hits)


class Redis(Check):
    """Redis answers."""

    id = "redis"

    def title(self) -> str:
        """See the base class."""
        return tk._("Queue (Redis)")

    def examine(self) -> Finding:
        """See the base class."""
        address = tk.config["ckan.redis.url"].rpartition("@")[2]
        if not ckan_redis.is_redis_available():
            return error(
                tk._(
                    "Redis does not answer at {address}. Saving works, background work "
                    "waits for the nightly run."
                ).format(address=address),
                tk._("Start Redis, or name its right address in the ini file:"),
                "ckan.redis.url = redis://127.0.0.1:6379/0",
            )
        return ok(tk._("Redis answers."))


class Worker(Check):
    """Somebody takes jobs from the queue."""

    id = "worker"

    def title(self) -> str:
        """See the base class."""
        return tk._("Worker for background work")

    def examine(self) -> Finding:
        """See the base class."""
        try:
            queue = jobs.get_queue()
            workers, waiting = len(rq.Worker.all(queue=queue)), queue.count
        except RedisError:
            return error(
                tk._("Without Redis nobody can tell whether a worker is there."),
                tk._("Mend the queue (Redis) first."),
            )
        if not workers:
            return warning(
                tk.ungettext(
                    "No worker takes jobs from the queue; {count} job waits. What is "
                    "put there is done by the nightly run instead.",
                    "No worker takes jobs from the queue; {count} jobs wait. What is "
                    "put there is done by the nightly run instead.",
                    waiting,
                ).format(count=waiting),
                tk._(
                    "Keep this running, for example by systemd or supervisor, and "
                    "restart it after each upgrade:"
                ),
                command("jobs worker"),
            )
        if waiting > _WAITING:
            return warning(
                tk._("{count} jobs wait: the worker is stuck or too slow.").format(
                    count=waiting
                ),
                tk._("Look at what waits, then restart the worker:"),
                command("jobs list"),
            )
        return ok(
            tk.ungettext(
                "{count} worker is there.", "{count} workers are there.", workers
            ).format(count=workers)
        )


class Storage(Check):
    """Documents of plans can be kept."""

    id = "storage"

    def title(self) -> str:
        """See the base class."""
        return tk._("Files")

    def examine(self) -> Finding:
        """See the base class."""
        path = tk.config.get("ckan.storage_path")
        if not compat.uploads_enabled():
            return warning(
                tk._(
                    "The portal keeps no files: the document of an imported plan is "
                    "not attached to it."
                ),
                setting(),
                "ckan.uploads_enabled = true",
                f"ckan.storage_path = {path or '/var/lib/ckan/default'}",
            )
        if path and not _writable(Path(path)):
            return error(
                tk._("The portal cannot write files to {path}.").format(path=path),
                tk._(
                    "Make the folder and give it to the user under which the portal "
                    "runs, www-data for example:"
                ),
                f"mkdir -p {path}",
                f"chown -R www-data {path}",
            )
        return ok(tk._("Documents of plans can be kept."))


def _writable(folder: Path) -> bool:
    """Whether files can be made in a folder, or the folder itself can be made."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)


class Sizes(Check):
    """What may be imported may be attached."""

    id = "sizes"

    def title(self) -> str:
        """See the base class."""
        return tk._("Size of documents")

    def examine(self) -> Finding:
        """See the base class."""
        ours = config.document_bytes() // 1024 // 1024
        core = int(tk.config["ckan.max_resource_size"])
        if core < ours:
            return warning(
                tk._(
                    "A plan document may have {ours} MB, a file of a dataset only "
                    "{core} MB: a document between them is read and not attached."
                ).format(ours=ours, core=core),
                setting(),
                f"ckan.max_resource_size = {ours}",
            )
        return ok(
            tk._("Documents of up to {ours} MB are read and attached.").format(
                ours=ours
            )
        )


class Mail(Check):
    """Mail can be sent."""

    id = "mail"

    def title(self) -> str:
        """See the base class."""
        return tk._("Mail")

    def examine(self) -> Finding:
        """See the base class."""
        if not tk.config.get("smtp.mail_from"):
            return warning(
                tk._("Mail has no sender: nobody can be reminded of anything."),
                setting(),
                "smtp.server = smtp.example.org:587",
                "smtp.starttls = true",
                "smtp.mail_from = portal@example.org",
            )
        server = tk.config.get("smtp.server") or ""
        problem = _mail_problem(server)
        if problem:
            return warning(
                tk._("The mail server {server} does not answer: {problem}.").format(
                    server=server, problem=problem
                ),
                tk._("Start it, or name the right one in the ini file:"),
                "smtp.server = smtp.example.org:587",
            )
        return ok(
            tk._("The mail server {server} answers; mail comes from {sender}.").format(
                server=server, sender=tk.config["smtp.mail_from"]
            )
        )


def _mail_problem(server: str) -> str:
    """Why a server takes no mail, empty when it greets; nothing is sent."""
    host, _, port = server.rpartition(":")
    if not host:
        host, port = server, ""
    if not host or (port and not port.isdecimal()):
        return tk._("this is not an address")
    try:
        with smtplib.SMTP(host, int(port or 0), timeout=_MAIL_SECONDS):
            return ""
    except (OSError, smtplib.SMTPException) as problem:
        return getattr(problem, "strerror", None) or str(problem) or host
