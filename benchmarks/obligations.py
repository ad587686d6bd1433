"""Time, memory and SQL statements of deriving obligations, small and large.

    python benchmarks/obligations.py INI [--participants 10000] [--tasks 25]

Saves a plan of 40 tasks with 20 participants with and without derivation, then derives
a plan with many participants in which every task is performed by each. Everything is
made in the portal of the ini file, the limit of obligations raised, and purged again.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import time
import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from unittest import mock

import sqlalchemy as sa

from ckan.cli import load_config
from ckan.config.middleware import make_app

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

WORDING = "Оприлюднити набори даних у машиночитаному форматі та оновлювати їх. "
EXECUTORS = [{"name": "Розпорядники", "who": "all", "organizations": []}]


def task(number: int, due: str, performed: str) -> dict[str, Any]:
    return {
        "number": f"{number // 10 + 1}.{number % 10 + 1}",
        "section": f"{number // 10 + 1}. Розділ",
        "title": (WORDING * 10)[:600],
        "deadline": "до кінця року",
        "due": due,
        "indicator": (WORDING * 10)[:600],
        "executors": ["Розпорядники"],
        "performed": performed,
    }


def measure(name: str, runs: int, work: Callable[[], Any]) -> float:
    statements: list[str] = []

    def record(*args: Any) -> None:
        statements.append(args[2])

    seconds: list[float] = []
    sa.event.listen(sa.engine.Engine, "before_cursor_execute", record)
    for _ in range(runs):
        statements.clear()
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    sa.event.remove(sa.engine.Engine, "before_cursor_execute", record)
    median = statistics.median(seconds)
    print(
        f"{name:<44} median {median:.3f} s  min {min(seconds):.3f} s  "
        f"max {max(seconds):.3f} s  {len(statements)} statements"
    )
    return median


def memory() -> int:
    """The most memory that the process has taken so far, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


@contextmanager
def organizations(count: int) -> Generator[list[str], None, None]:
    """Ids of bare organizations: 10,000 through the action would take an hour."""
    from ckan import model

    ids = [str(uuid.uuid4()) for _ in range(count)]
    rows = [
        {
            "id": each,
            "name": f"bench-{each}",
            "title": f"Розпорядник {number}",
            "type": "organization",
            "is_organization": True,
            "state": "active",
            "approval_status": "approved",
        }
        for number, each in enumerate(ids)
    ]
    model.Session.execute(sa.insert(model.group_table), rows)
    model.Session.commit()
    try:
        yield ids
    finally:
        from ckanext.actionplan.model import Standing

        standing = Standing.__table__
        model.Session.execute(
            sa.delete(standing).where(standing.c.organization_id.in_(ids))
        )
        group = model.group_table
        model.Session.execute(sa.delete(group).where(group.c.id.in_(ids)))
        model.Session.commit()


def caller() -> Callable[..., Any]:
    import ckan.plugins.toolkit as tk

    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]

    def call(action: str, **data: Any) -> Any:
        return tk.get_action(action)({"user": user, "ignore_auth": True}, data)

    return call


@contextmanager
def plan(owner: str, participants: list[str], **values: Any) -> Generator[str]:
    from ckan import model

    from ckanext.actionplan.logic import derive

    call = caller()
    made = call(
        "package_create",
        type="action-plan",
        name=f"bench-{uuid.uuid4().hex[:8]}",
        title="План",
        owner_org=owner,
        period_start="2025-01-01",
        period_end="2027-12-31",
        participants=participants,
        executors=EXECUTORS,
        **values,
    )
    try:
        yield made["id"]
    finally:
        call("dataset_purge", id=made["id"])
        derive.forget_purged()
        model.Session.commit()


def ordinary(owner: str, runs: int) -> None:
    """A plan of 40 tasks with 20 participants, half of the tasks by each."""
    from ckanext.actionplan.logic import derive

    call = caller()
    tasks = [
        task(number, "R/P3M", "each" if number % 2 else "jointly")
        for number in range(40)
    ]
    with organizations(20) as members, plan(owner, members, tasks=tasks) as plan_id:

        def save() -> None:
            call("package_patch", id=plan_id, notes=uuid.uuid4().hex)

        with mock.patch.object(derive, "derive"):
            bare = measure("save 40 tasks x 20, nothing derived", runs, save)
        whole = measure("save 40 tasks x 20", runs, save)
        print(f"{'derivation costs':<44} {whole - bare:+.3f} s")


def large(owner: str, participants: int, tasks: int) -> None:
    """A plan of dated tasks that each of many participants owes."""
    import ckan.plugins.toolkit as tk
    from ckan import model

    from ckanext.actionplan.logic import derive

    title = f"{participants} x {tasks}"
    rows = [task(number, "../2026-12-31", "jointly") for number in range(tasks)]
    with (
        organizations(participants) as members,
        plan(owner, members[:1], tasks=rows) as plan_id,
    ):
        each = [{**row, "performed": "each"} for row in _tasks(plan_id)]
        with mock.patch.object(derive, "derive"):
            start = time.perf_counter()
            caller()("package_patch", id=plan_id, participants=members, tasks=each)
            print(f"{'CKAN saves the fields of ' + title:<44} {_since(start)}")

        def again() -> None:
            derive.derive(plan_id, {"ignore_auth": True})
            model.Session.commit()

        before = memory()
        measure(f"derive {title}", 1, again)
        measure(f"derive {title} again, nothing changed", 1, again)
        print(f"{'memory':<44} {before} MB before, {memory()} MB at most")
        limit = participants * tasks - 1
        with mock.patch.dict(
            tk.config, {"ckanext.actionplan.obligations_count": limit}
        ):
            measure(f"refuse {title} (limit {limit})", 1, lambda: _refused(plan_id))


def _tasks(plan_id: str) -> list[dict[str, Any]]:
    return caller()("package_show", id=plan_id)["tasks"]


def _since(start: float) -> str:
    return f"{time.perf_counter() - start:.3f} s"


def _refused(plan_id: str) -> None:
    import ckan.plugins.toolkit as tk

    from ckanext.actionplan.logic import derive

    try:
        derive.derive(plan_id)
    except tk.ValidationError:
        return
    raise SystemExit("a plan over the limit was not refused")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("ini")
    parser.add_argument("--participants", type=int, default=10_000)
    parser.add_argument("--tasks", type=int, default=25)
    parser.add_argument("--runs", type=int, default=5)
    args = parser.parse_args()
    app = make_app(load_config(args.ini))
    import ckan.plugins.toolkit as tk

    raised = {"ckanext.actionplan.obligations_count": 10_000_000}
    with (
        app._wsgi_app.test_request_context(),
        mock.patch.dict(tk.config, raised),
        organizations(1) as (owner,),
    ):
        ordinary(owner, args.runs)
        large(owner, args.participants, args.tasks)


if __name__ == "__main__":
    main()
