"""Imports that amend a plan: choosing it, and saving what the document changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from .. import compat
from ..model import Draft
from . import amending, carrying, derive, fields, importing, revision

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ckan.types import Context

    from .corrections import Corrected

_DRAFT: Final = Draft.__table__


def change(context: Context, corrected: Corrected, changes: Mapping[str, Any]) -> None:
    """Apply what a person says of a draft as an edition of a plan.

    :param corrected: the draft after other corrections; errors are added to it.
    :param changes: `plan`, `stays` and `amendment`, each optional.
    """
    if corrected.errors or not {"plan", "stays", "amendment"} & changes.keys():
        return
    if "plan" in changes and not changes["plan"]:
        corrected.data, corrected.review = carrying.detach(
            corrected.data, corrected.review
        )
        return
    name = changes.get("plan") or corrected.data.get("plan_id")
    if not name:
        corrected.fail("plan", tk._("Choose the plan that the document amends"))
        return
    plan = revision.find(context, fields.text(name))
    revision.check_owner(plan, corrected.data["owner_org"])
    _keep_chosen(corrected, changes.get("stays"), plan)
    if corrected.errors:
        return
    corrected.data, corrected.review = carrying.attach(
        corrected.data, corrected.review, plan
    )
    if "amendment" in changes:
        corrected.data["amendment"] = revision.act_of(changes["amendment"])


def _keep_chosen(corrected: Corrected, stays: Any, plan: Mapping[str, Any]) -> None:
    if not stays:
        return
    if not isinstance(stays, dict):
        corrected.fail("stays", tk._("This is not the list that was expected"))
        return
    chosen = {str(k): fields.text(v) for k, v in cast("dict[Any, Any]", stays).items()}
    keys = {task["key"] for task in corrected.data["tasks"]}
    ids = {task["id"] for task in plan.get("tasks") or ()} | {""}
    taken = [task_id for task_id in chosen.values() if task_id]
    for key, task_id in chosen.items():
        if key not in keys:
            corrected.fail("stays", tk._("This row is not part of the import any more"))
        elif task_id not in ids:
            corrected.fail("stays", tk._("The plan has no such task any more"), key)
        elif taken.count(task_id) > 1:
            message = tk._("Two rows cannot stay one task; choose one of them as new")
            corrected.fail("stays", message, key)
    if not corrected.errors:
        carrying.choose(corrected.review, chosen)


def submit(
    context: Context,
    draft: Draft,
    document: dict[str, Any],
    data_dict: Mapping[str, Any],
) -> str:
    """Save what a draft changes in its plan, in one transaction.

    :param draft: locked by the caller.
    :param document: for `resource_create`.
    :param data_dict: `amendment`, `plan_modified` and `attach`, each optional.
    :returns: id of the plan.
    :raises ValidationError: with messages by field; nothing is saved then.
    """
    try:
        return _submit(context, draft, document, data_dict)
    except Exception:
        # Not only errors of validation: a full disk must leave no half-changed plan.
        model.Session.rollback()
        raise


def _submit(
    context: Context,
    draft: Draft,
    document: dict[str, Any],
    data_dict: Mapping[str, Any],
) -> str:
    draft_id, organization_id = draft.id, draft.organization_id
    stored, review = draft.data, draft.review
    plan_id: str = stored["plan_id"]
    # Whoever saves the plan now is waited for, and waits for this.
    derive.lock(plan_id)
    plan = revision.find(context, plan_id)
    revision.check_owner(plan, organization_id)
    data, review = carrying.attach(stored, review, plan)
    _check_seen(draft_id, data, review, plan, data_dict, draft.review)
    if any(each.get("hash") == document["hash"] for each in plan["resources"]):
        document = {}
    if not tk.asbool(data_dict.get("attach", False)):
        written = data_dict.get("amendment", stored.get("amendment"))
        act = revision.act_of(cast("Mapping[str, Any] | None", written))
        _save(context, revised(data, review, plan, act), act)
    _finish(context, draft_id, plan_id, document)
    return plan_id


def _check_seen(  # noqa: PLR0917 - both states of the draft
    draft_id: str,
    data: Mapping[str, Any],
    review: Mapping[str, Any],
    plan: Mapping[str, Any],
    data_dict: Mapping[str, Any],
    before: Mapping[str, Any],
) -> None:
    """Refuse to save over a plan that is not the one that was looked at."""
    seen = data_dict.get("plan_modified") or before["plan"].get("modified")
    if seen == plan["metadata_modified"]:
        return
    model.Session.rollback()
    # The comparison is made anew, so that it can be saved after a look.
    model.Session.execute(
        sa.update(_DRAFT)
        .where(_DRAFT.c.id == draft_id)
        .values(data=data, review=review)
    )
    model.Session.commit()
    raise tk.ValidationError({"plan_modified": [revision.changed_since()]})


def revised(
    data: Mapping[str, Any],
    review: Mapping[str, Any],
    plan: Mapping[str, Any],
    act: Mapping[str, str],
) -> dict[str, Any]:
    """The amended plan, when there is something to save and nothing against it.

    :raises ValidationError: with messages by field.
    """
    found = revision.compared(data, review, plan)
    if found.empty:
        raise tk.ValidationError({"unchanged": [revision.unchanged()]})
    errors = revision.check_act(act, plan)
    if not act:
        tasks = revision.act_needed(found, in_force=amending.in_force(plan["id"]))
        if tasks:
            errors["act_document"] = [revision.refusal(tasks)]
    if errors:
        raise tk.ValidationError(errors)
    return revision.amended(data, review, plan, act)


def _save(context: Context, plan: dict[str, Any], act: Mapping[str, str]) -> None:
    waiting = tk.fresh_context(context)
    waiting["defer_commit"] = True
    waiting["return_id_only"] = True
    try:
        tk.get_action("package_update")(waiting, plan)
    except tk.ValidationError as error:
        raise tk.ValidationError(revision.told(error.error_dict, act)) from error


def _finish(
    context: Context, draft_id: str, plan_id: str, document: dict[str, Any]
) -> None:
    """Attach the document and forget the draft; CKAN commits, else we do."""
    model.Session.execute(sa.delete(_DRAFT).where(_DRAFT.c.id == draft_id))
    if document and importing.storage_available():
        document["package_id"] = plan_id
        tk.get_action("resource_create")(tk.fresh_context(context), document)
        model.repo.commit()
        return
    model.repo.commit()
    compat.index_packages([plan_id])
