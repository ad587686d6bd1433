"""Imports in preparation: read a document, correct it, save it as a plan."""

from __future__ import annotations

import io
import uuid
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from werkzeug.datastructures import FileStorage

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.model.group import group_table

from ... import clock
from ...model import Draft
from .. import (
    carrying,
    corrections,
    drafts,
    duplicates,
    editions,
    fields,
    importing,
    naming,
    own_plan,
    revision,
)

if TYPE_CHECKING:
    from ckan.types import Context, DataDict

__all__ = [
    "actionplan_draft_create",
    "actionplan_draft_delete",
    "actionplan_draft_list",
    "actionplan_draft_show",
    "actionplan_draft_submit",
    "actionplan_draft_update",
]

_DRAFT = Draft.__table__
#: Everything but the document, which may have megabytes.
_SHOWN = [column for column in _DRAFT.c if column.name != "content"]


def actionplan_draft_create(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Read a plan document into a draft that can be corrected; nothing is published.

    :param upload: the document, as a form's file
    :param content: instead of it, the bytes or the text of the document
    :param filename: name of the document (optional with `upload`)
    :param owner_org: name or id of the organization that owns the plan (optional with
        `plan`)
    :param plan: name or id of the plan that the document amends (optional); its tasks
        are found again in the document
    :returns: the draft as in `actionplan_draft_show`
    """
    plan = revision.find(context, data_dict["plan"]) if data_dict.get("plan") else None
    owner = data_dict.get("owner_org") or (plan and plan["owner_org"])
    organization = _organization(owner)
    tk.check_access("actionplan_draft_create", context, {"owner_org": organization.id})
    content, filename = _document(data_dict)
    if plan:
        revision.check_owner(plan, organization.id)
    data, review = importing.read(content, filename, organization.id)
    data["owner_org"] = organization.id
    carrying.remember_ids(data, review)
    if plan:
        data, review = carrying.attach(data, review, plan)
    review["fingerprint"] = duplicates.fingerprint(content)
    now = clock.now()
    drafts.forget_old(now)
    user = model.User.get(context.get("user"))
    draft: dict[str, Any] = {
        "id": str(uuid.uuid4()),
        "user_id": user.id if user else "",
        "organization_id": organization.id,
        "filename": filename,
        "mimetype": importing.kind_of(content).mimetype,
        "content": content,
        "data": data,
        "review": review,
        "created_at": now,
        "changed_at": now,
    }
    model.Session.execute(sa.insert(_DRAFT).values(draft))
    model.Session.commit()
    return _show(draft["id"])


@tk.side_effect_free
def actionplan_draft_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Show an import in preparation.

    :param id: id of the draft
    :returns: `id`, `organization`, `filename`, `data` (the plan as corrected so far,
        each task with a `key` of its own), `review` (by key of the task: the `printed`
        cells, `notes` of the reader, whether a person has `checked` it or `left_out` the
        row), `created_at`, `changed_at`
    """
    tk.check_access("actionplan_draft_show", context, data_dict)
    return _show(tk.get_or_bust(data_dict, "id"))


@tk.side_effect_free
def actionplan_draft_list(
    context: Context, data_dict: DataDict
) -> list[dict[str, Any]]:
    """List one's own imports in preparation, the latest first.

    :returns: dicts with `id`, `organization`, `filename`, `title`, `tasks` (how many),
        `created_at`, `changed_at`
    """
    tk.check_access("actionplan_draft_list", context, data_dict)
    user = model.User.get(context.get("user"))
    group = group_table
    columns = _DRAFT.c
    statement = (
        sa.select(
            columns.id,
            columns.filename,
            columns.created_at,
            columns.changed_at,
            columns.data["title"].astext.label("title"),
            sa.func.jsonb_array_length(columns.data["tasks"]).label("tasks"),
            columns.organization_id,
            group.c.name,
            group.c.title.label("organization_title"),
        )
        .join(group, group.c.id == columns.organization_id)
        .where(columns.user_id == (user.id if user else ""))
        .order_by(columns.changed_at.desc())
    )
    return [
        {
            "id": row.id,
            "filename": row.filename,
            "title": row.title,
            "tasks": row.tasks,
            "created_at": row.created_at.isoformat(),
            "changed_at": row.changed_at.isoformat(),
            "organization": {
                "id": row.organization_id,
                "name": row.name,
                "title": row.organization_title or row.name,
            },
        }
        for row in model.Session.execute(statement)
    ]


def actionplan_draft_update(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Correct an import in preparation; what is not sent stays as it is.

    :param id: id of the draft
    :param title: and the other fields of the plan (optional)
    :param tasks: list of changed tasks, each with its `key` and the fields to change;
        without a `key` a task is added, behind the one whose key is `after`. `left_out`
        takes a row out and brings it back, `checked` says that a person has looked
    :param rows: list of what is done with whole rows, in order, each with the `key` of
        a task and an `act`: `join` (with the row above), `separate` (at the joint before
        its `piece`), `split` (into `parts`, dicts of the fields that differ), `confirm`
        or `decline` (its `proposal` number), `section`, `noise`, `task`, `remove`; with
        the `key` of a line that was read as no task: `task`, `section`, `noise`, `join`
        (`into` a field of the task above it); without a key `undo` and `redo`
    :param executors: list of `name`, `who`, `organizations` (ids)
    :param participants: ids of the organizations that the plan binds
    :param plan: name or id of the plan that the document amends, empty for none
    :param stays: dict of task keys and the ids of the tasks of that plan that they
        stay, empty for a new task
    :param amendment: the amending act: `document`, `number`, `date`, `url`
    :param seen_at: `changed_at` of the draft that the changes were made to (optional);
        when it was changed since, nothing is written
    :returns: the draft as in `actionplan_draft_show`
    """
    tk.check_access("actionplan_draft_update", context, data_dict)
    draft_id = tk.get_or_bust(data_dict, "id")
    row = model.Session.execute(
        sa.select(_DRAFT.c.data, _DRAFT.c.review, _DRAFT.c.changed_at)
        .where(_DRAFT.c.id == draft_id)
        .with_for_update()
    ).one_or_none()
    if row is None:
        raise tk.ObjectNotFound(tk._("Import not found"))
    corrected = corrections.correct(
        row.data, row.review, data_dict, importing.read_wording
    )
    seen = data_dict.get("seen_at")
    if seen and seen != row.changed_at.isoformat():
        corrected.errors["seen_at"] = [drafts.changed_elsewhere()]
    editions.change(context, corrected, data_dict)
    if corrected.errors:
        model.Session.rollback()
        raise tk.ValidationError(corrected.errors)
    if (corrected.data, corrected.review) == (row.data, row.review):
        # Nothing new: a second window need not be told.
        model.Session.rollback()
        return _show(draft_id)
    model.Session.execute(
        sa.update(_DRAFT)
        .where(_DRAFT.c.id == draft_id)
        .values(data=corrected.data, review=corrected.review, changed_at=clock.now())
    )
    model.Session.commit()
    return _show(draft_id)


def actionplan_draft_delete(context: Context, data_dict: DataDict) -> None:
    """Forget an import in preparation.

    :param id: id of the draft
    :returns: nothing
    """
    tk.check_access("actionplan_draft_delete", context, data_dict)
    draft_id = tk.get_or_bust(data_dict, "id")
    gone = sa.delete(_DRAFT).where(_DRAFT.c.id == draft_id).returning(_DRAFT.c.id)
    found = model.Session.execute(gone).scalar()
    model.Session.commit()
    if found is None:
        raise tk.ObjectNotFound(tk._("Import not found"))


def actionplan_draft_submit(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Save an import with its document attached; the draft is gone then.

    It becomes a plan, or amends the one that the draft names: tasks that stay keep
    their ids, reports and links, those that are gone are withdrawn by the act.

    :param id: id of the draft
    :param name: name of a new plan in its address (optional, made from its title)
    :param private: whether only members of the organization see a new plan (default: no)
    :param amendment: the amending act: `document`, `number`, `date`, `url` (optional;
        that of the draft otherwise)
    :param plan_modified: `metadata_modified` of the plan that it was compared with
        (optional); when it was saved since, nothing is saved
    :param attach: attach the document to the plan and change nothing in it
    :param seen_at: `changed_at` of the draft that was looked at (optional); when it was
        changed since, nothing is saved
    :returns: the plan, as `package_show` has it
    """
    tk.check_access("actionplan_draft_submit", context, data_dict)
    # Locked, so that a second click finds the draft gone and makes no second plan.
    draft = model.Session.get(
        Draft, tk.get_or_bust(data_dict, "id"), with_for_update=True
    )
    if draft is None:
        raise tk.ObjectNotFound(tk._("Import not found"))
    seen = data_dict.get("seen_at")
    if seen and seen != draft.changed_at.isoformat():
        model.Session.rollback()
        raise tk.ValidationError({"seen_at": [drafts.changed_elsewhere()]})
    document = _attachment(draft)
    if draft.data.get("plan_id"):
        plan_id = editions.submit(context, draft, document, data_dict)
    else:
        plan = _new_plan(context, draft, data_dict)
        plan_id = _create(context, plan, document, draft.id)
    return tk.get_action("package_show")(tk.fresh_context(context), {"id": plan_id})


def _new_plan(context: Context, draft: Draft, data_dict: DataDict) -> dict[str, Any]:
    plan = importing.plan_of(draft.data, draft.review)
    plan["owner_org"] = draft.organization_id
    plan["private"] = tk.asbool(data_dict.get("private", False))
    # An exported plan that is not here any more comes back under its own name.
    kept = own_plan.identity(draft.review, trusted=fields.trusted(context))
    plan |= kept
    if "id" not in kept:
        # Tasks of a plan that is still here keep their ids for themselves.
        given = {task["id"] for task in plan["tasks"] if "id" in task}
        used = fields.task_ids_in_use(given)
        for task in plan["tasks"]:
            if task.get("id") in used:
                del task["id"]
    if data_dict.get("name") or "name" not in kept:
        plan["name"] = data_dict.get("name") or naming.free_name(plan["title"])
    return plan


def _attachment(draft: Draft) -> dict[str, Any]:
    """The document of a draft, for `resource_create`."""
    kind = importing.kind_of(draft.content)
    return {
        "name": draft.filename,
        "hash": duplicates.fingerprint(draft.content),
        "format": importing.format_of(kind),
        "mimetype": draft.mimetype,
        "upload": FileStorage(
            io.BytesIO(draft.content),
            importing.attachment_name(draft.filename, kind),
            content_type=draft.mimetype,
        ),
    }


def _create(
    context: Context, plan: dict[str, Any], document: dict[str, Any], draft_id: str
) -> str:
    """Plan, document and the end of the draft in one transaction.

    CKAN's `resource_create` is what commits; when it fails nothing has happened.
    """
    waiting = tk.fresh_context(context)
    waiting["defer_commit"] = True
    waiting["return_id_only"] = True
    try:
        plan_id: str = tk.get_action("package_create")(waiting, plan)
        model.Session.execute(sa.delete(_DRAFT).where(_DRAFT.c.id == draft_id))
        if importing.storage_available():
            document["package_id"] = plan_id
            tk.get_action("resource_create")(tk.fresh_context(context), document)
        model.repo.commit()
    except Exception:
        # Not only errors of validation: a full disk must leave no half-made plan.
        model.Session.rollback()
        raise
    return plan_id


def _organization(name: Any) -> model.Group:
    group = model.Group.get(str(name)) if name else None
    if group is None or not group.is_organization or group.state != "active":
        raise tk.ValidationError({"owner_org": [tk._("Choose an organization")]})
    return group


def _document(data_dict: DataDict) -> tuple[bytes, str]:
    """The document's bytes and name, whichever way it came."""
    upload, content = data_dict.get("upload"), data_dict.get("content")
    if isinstance(upload, FileStorage) and upload.filename:
        content = importing.bytes_of(upload.stream)
        filename = data_dict.get("filename") or upload.filename
    elif isinstance(content, (bytes, str)):
        content = content.encode() if isinstance(content, str) else content
        filename = data_dict.get("filename") or "plan.txt"
    else:
        raise tk.ValidationError({"upload": [tk._("Choose a document")]})
    if len(content) > importing.document_bytes():
        raise tk.ValidationError({"upload": [importing.too_large()]})
    # A path is no part of a name; some browsers used to send it.
    return content, str(filename).replace("\\", "/").rpartition("/")[2][:200]


def _show(draft_id: str) -> dict[str, Any]:
    group = group_table
    row = model.Session.execute(
        sa.select(
            *_SHOWN,
            sa.func.length(_DRAFT.c.content).label("size"),
            group.c.name.label("organization_name"),
            group.c.title.label("organization_title"),
        )
        .join(group, group.c.id == _DRAFT.c.organization_id)
        .where(_DRAFT.c.id == draft_id)
    ).one_or_none()
    if row is None:
        raise tk.ObjectNotFound(tk._("Import not found"))
    return {
        "id": row.id,
        "user_id": row.user_id,
        "organization": {
            "id": row.organization_id,
            "name": row.organization_name,
            "title": row.organization_title or row.organization_name,
        },
        "filename": row.filename,
        "mimetype": row.mimetype,
        "size": row.size,
        "data": row.data,
        "review": row.review,
        "created_at": row.created_at.isoformat(),
        "changed_at": row.changed_at.isoformat(),
    }
