"""`ckan actionplan plan import`: a plan document into a plan, without the pages."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ..logic import carrying, duplicates, importing, matching, places, revision
from ..words import due_words
from . import plan_compare

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["import_plan"]

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("import", short_help="Read a plan document.")
@click.argument("file", type=_FILE)
@click.option("--organization", help="Name of the organization that owns the plan.")
@click.option("--dry-run", is_flag=True, help="Read and report, save nothing.")
@click.option(
    "--map",
    "mapping",
    type=_FILE,
    help='JSON: {"name in the executor column": "all" | "owner" | "outside" | '
    '["organization", ...]}.',
)
@click.option("--private", is_flag=True, help="Save a new plan as private.")
@click.option("--user", help="Name of the user who saves it; the site user by default.")
@click.option("--plan", default="", help="Name of the plan that the document amends.")
@click.option("--act-document", default="", help="Kind of the amending act.")
@click.option("--act-number", default="", help="Number of the amending act.")
@click.option("--act-date", default="", help="Date of the amending act, YYYY-MM-DD.")
@click.option("--act-url", default="", help="Address of the amending act on the web.")
@click.option(
    "--attach", is_flag=True, help="With --plan: attach the document, change nothing."
)
def import_plan(**options: Any) -> None:
    """Read the plan in FILE and save it for an organization.

    Doubts are printed with the row of the document. Names of the executor column that
    are no organization's title, and are not in the file given by --map, stay open.

    With --plan the document is an amended edition of that plan: what it adds, changes
    and withdraws is printed, and saved by the act. Without options the act is that of
    the document's heading.
    """
    order = _Order(**options)
    try:
        if not (order.organization or order.plan):
            message = tk._("Name the organization, or the plan that is amended")
            raise tk.ValidationError({"owner_org": [message]})  # noqa: TRY301
        if order.dry_run:
            _look(order)
        else:
            _import(order)
    except tk.ValidationError as error:
        for message in importing.messages(error.error_dict):
            tk.error_shout(message)
        raise click.exceptions.Exit(1) from error
    except (tk.ObjectNotFound, tk.NotAuthorized) as error:
        tk.error_shout(str(error.message or error))
        raise click.exceptions.Exit(1) from error


@dataclass(frozen=True, slots=True)
class _Order:
    """The options of the command."""

    file: Path
    organization: str | None
    dry_run: bool
    mapping: Path | None
    private: bool
    user: str | None
    plan: str
    act_document: str
    act_number: str
    act_date: str
    act_url: str
    attach: bool

    @property
    def act(self) -> dict[str, str]:
        """The amending act as it was typed, empty when it was not."""
        values = (self.act_document, self.act_number, self.act_date, self.act_url)
        return revision.act_of(dict(zip(revision.ACT_FIELDS, values, strict=True)))


def _user(order: _Order) -> str:
    if order.user and not model.User.get(order.user):
        message = tk._("There is no user {name}")
        raise tk.ObjectNotFound(message.format(name=order.user))
    return order.user or _site_user()


def _look(order: _Order) -> None:
    """Read and report, save nothing."""
    plan = revision.find(Context(user=_user(order)), order.plan) if order.plan else None
    organization = order.organization or (plan or {})["owner_org"]
    data, review = _read(order.file, organization)
    carrying.remember_ids(data, review)
    if plan:
        revision.check_owner(plan, data["owner_org"])
        data, review = carrying.attach(data, review, plan)
    _report(data, review)
    changes = _changes(data, order.mapping)
    _report_executors(changes["executors"])
    if plan:
        plan_compare.report({**data, **changes}, review, plan)
    click.echo(tk._("Nothing was saved."))


def _import(order: _Order) -> None:
    """Read, report and save; a draft that cannot be saved is not left behind."""
    name = _user(order)
    with order.file.open("rb") as stream:
        content = importing.bytes_of(stream)
    source = {"content": content, "filename": order.file.name, "plan": order.plan}
    if order.organization:
        source["owner_org"] = order.organization
    draft = tk.get_action("actionplan_draft_create")(Context(user=name), source)
    try:
        plan = _submit(order, name, draft)
    except Exception:
        with contextlib.suppress(tk.ObjectNotFound):
            tk.get_action("actionplan_draft_delete")(
                Context(user=name), {"id": draft["id"]}
            )
        raise
    message = tk._("Saved as {name}: {url}")
    url = tk.url_for(f"{plan['type']}.read", id=plan["name"], _external=True)
    click.echo(message.format(name=plan["name"], url=url))


def _submit(order: _Order, name: str, draft: dict[str, Any]) -> dict[str, Any]:
    """Report what was read, map executors, save."""
    _report(draft["data"], draft["review"])
    if not order.plan:
        _report_duplicates(name, draft)
    changes = _changes(draft["data"], order.mapping)
    _report_executors(changes["executors"])
    draft = tk.get_action("actionplan_draft_update")(
        Context(user=name), {**changes, "id": draft["id"]}
    )
    values: dict[str, Any] = {"id": draft["id"], "private": order.private}
    if order.plan:
        plan = revision.find(Context(user=name), order.plan)
        plan_compare.report(draft["data"], draft["review"], plan)
        values["attach"] = order.attach
        if order.act:
            values["amendment"] = order.act
    return tk.get_action("actionplan_draft_submit")(Context(user=name), values)


def _site_user() -> str:
    return tk.get_action("get_site_user")(Context(ignore_auth=True), {})["name"]


def _read(file: Path, organization: str) -> tuple[dict[str, Any], dict[str, Any]]:
    group = model.Group.get(organization)
    if group is None or not group.is_organization:
        message = tk._("There is no organization {name}")
        raise tk.ValidationError({"owner_org": [message.format(name=organization)]})
    with file.open("rb") as stream:
        content = importing.bytes_of(stream)
    data, review = importing.read(content, file.name, group.id)
    data["owner_org"] = group.id
    return data, review


def _report(data: Mapping[str, Any], review: Mapping[str, Any]) -> None:
    sections = {task["section"] for task in data["tasks"]} - {""}
    click.echo(data["title"] or tk._("No title was found."))
    message = tk._("{tasks} tasks in {sections} sections, {start} to {end}")
    click.echo(
        message.format(
            tasks=len(data["tasks"]),
            sections=len(sections),
            start=data["period_start"] or "?",
            end=data["period_end"] or "?",
        )
    )
    for note in review["notes"]:
        about = importing.printed(note)
        quote = f" “{about}”" if about else ""
        click.echo(f"? {importing.sentence(note)}{quote}")
    for task in data["tasks"]:
        row = review["tasks"][task["key"]]
        open_notes = importing.open_notes(task, row)
        for note in row.get("notes") or ():
            place = places.place(row)
            sign = "?" if note in open_notes else "·"
            click.echo(f"{sign} {place}: {task['number']} {importing.sentence(note)}")
        if not open_notes:
            continue
        click.echo(f"    {task['deadline']} → {due_words(task['due'])}")


def _report_duplicates(user: str, draft: Mapping[str, Any]) -> None:
    """Name plans that are there already; whoever types a command decides."""
    document = draft["review"]["fingerprint"]
    owner = draft["organization"]["name"]
    for each in duplicates.likely(Context(user=user), owner, draft["data"], document):
        message = tk._("The owner has a plan that may be this one: {name} ({reason})")
        click.echo("? " + message.format(name=each["name"], reason=each["reason"]))


def _changes(data: Mapping[str, Any], mapping: Path | None) -> dict[str, Any]:
    """Executors by the file given, then those that are an organization's title."""
    names = [each["name"] for each in data["executors"]]
    known = importing.organizations()
    chosen: dict[str, Any] = {
        name: [organization]
        for name, organization in matching.exact(names, known).items()
    }
    told = _mapped(mapping, known) if mapping else {}
    chosen.update(told)
    # What the amended plan, or our own export, says already.
    stood = {each["name"]: each for each in data["executors"] if each["who"]}
    executors: list[dict[str, Any]] = []
    for name in names:
        value: list[str] | str = chosen.get(name, "")
        known_as = stood.get(name)
        if known_as and name not in told:
            executors.append(known_as)
            continue
        organizations = value if isinstance(value, list) else []
        who = value if isinstance(value, str) else "participants"
        if organizations == [data["owner_org"]]:
            who, organizations = "owner", []
        executors.append({"name": name, "who": who, "organizations": organizations})
    return {"executors": executors}


def _mapped(file: Path, known: list[matching.Organization]) -> dict[str, Any]:
    ids = {text: each.id for each in known for text in (each.title, each.name, each.id)}
    out: dict[str, Any] = {}
    try:
        table: dict[str, Any] = json.loads(file.read_text(encoding="utf-8-sig"))
        for name, value in table.items():
            chosen = cast("list[str]", value) if isinstance(value, list) else None
            out[name] = str(value) if chosen is None else [ids[each] for each in chosen]
    except KeyError as error:
        message = tk._("There is no organization {name}")
        raise tk.ValidationError(
            {"map": [message.format(name=error.args[0])]}
        ) from error
    except (ValueError, AttributeError, TypeError) as error:
        message = tk._("{file} holds no table of names in JSON")
        raise tk.ValidationError({"map": [message.format(file=file.name)]}) from error
    return out


def _report_executors(executors: list[dict[str, Any]]) -> None:
    open_names = [each["name"] for each in executors if not each["who"]]
    if not open_names:
        return
    message = tk.ungettext(
        "{count} executor is left open:",
        "{count} executors are left open:",
        len(open_names),
    )
    click.echo(message.format(count=len(open_names)))
    for name in open_names:
        click.echo(f"    {name}")
