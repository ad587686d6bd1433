"""Time and SQL statements of saving and showing a plan, by its size.

    python benchmarks/plans.py INI [--tasks 40 200] [--runs 5]

Makes an organization and plans in the portal of the ini file and purges them again.
"""

from __future__ import annotations

import argparse
import statistics
import time
import uuid
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ckan.cli import load_config
from ckan.config.middleware import make_app

if TYPE_CHECKING:
    from collections.abc import Callable

LETTERS = "Оприлюднити набори даних у машиночитаному форматі та оновлювати їх. "


def task(number: int) -> dict[str, Any]:
    return {
        "number": f"{number // 10 + 1}.{number % 10 + 1}",
        "section": f"{number // 10 + 1}. Розділ",
        "title": (LETTERS * 10)[:600],
        "deadline": "щоквартально",
        "due": "R/P3M",
        "indicator": (LETTERS * 10)[:600],
        "executors": ["Розпорядники"],
    }


def measure(name: str, runs: int, work: Callable[[], Any]) -> None:
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
        f"{name:<32} median {median:.3f} s  min {min(seconds):.3f} s  "
        f"max {max(seconds):.3f} s  {len(statements)} statements"
    )


def run(tasks: int, runs: int, owner: str) -> None:
    import ckan.plugins.toolkit as tk

    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]

    def call(action: str, **data: Any) -> Any:
        return tk.get_action(action)({"user": user, "ignore_auth": True}, data)

    plan = call(
        "package_create",
        type="action-plan",
        name=f"bench-{uuid.uuid4().hex[:8]}",
        title="План",
        owner_org=owner,
        period_start="2025-01-01",
        period_end="2027-12-31",
        executors=[{"name": "Розпорядники", "who": "owner"}],
        tasks=[task(number) for number in range(tasks)],
    )
    try:
        measure(
            f"save a plan of {tasks} tasks",
            runs,
            lambda: call("package_patch", id=plan["id"], notes=uuid.uuid4().hex),
        )
        measure(
            f"derive a plan of {tasks} tasks",
            runs,
            lambda: call("actionplan_plan_derive", id=plan["id"]),
        )
        measure(
            f"show a plan of {tasks} tasks",
            runs,
            lambda: call("package_show", id=plan["id"]),
        )
        measure(
            f"list its obligations ({tasks})",
            runs,
            lambda: call("actionplan_obligation_list", plan_id=plan["id"]),
        )
    finally:
        call("dataset_purge", id=plan["id"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("ini")
    parser.add_argument("--tasks", type=int, nargs="+", default=[40, 200])
    parser.add_argument("--runs", type=int, default=5)
    args = parser.parse_args()
    app = make_app(load_config(args.ini))
    import ckan.plugins.toolkit as tk

    with app._wsgi_app.test_request_context():
        context: Any = {"ignore_auth": True}
        user = tk.get_action("get_site_user")(context, {})["name"]
        context = {"user": user, "ignore_auth": True}
        name = f"bench-{uuid.uuid4().hex[:8]}"
        owner = tk.get_action("organization_create")(context, {"name": name})["id"]
        try:
            for tasks in args.tasks:
                run(tasks, args.runs, owner)
        finally:
            tk.get_action("organization_purge")(context, {"id": owner})


if __name__ == "__main__":
    main()
