"""Who may do what: every action of the extension, asked by people in every role.

An action that is missing here fails the tests. People of two organizations are asked:
the council that owns the plan, and the utility that owes its tasks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pytest
import sqlalchemy as sa

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan import authz, model
from ckan.tests import factories
from ckan.tests.helpers import call_action, call_auth

from ckanext.actionplan.logic.importing import messages
from ckanext.actionplan.model import ObligationRow

if TYPE_CHECKING:
    from collections.abc import Callable

REVIEWERS: Final = "auth-reviewers"

pytestmark = [
    pytest.mark.usefixtures("non_clean_db"),
    pytest.mark.ckan_config("ckanext.actionplan.reviewers_organization", REVIEWERS),
]

#: The seven roles; the middle three are asked in both organizations.
ROLES: Final = (
    "anonymous",
    "council member",
    "council editor",
    "council admin",
    "utility member",
    "utility editor",
    "utility admin",
    "admin elsewhere",
    "reviewer",
    "sysadmin",
)
EVERYBODY: Final = frozenset(ROLES)
SIGNED_IN: Final = EVERYBODY - {"anonymous"}
NOBODY: Final = frozenset({"sysadmin"})
EDITORS: Final = NOBODY | {
    f"{place} {role}"
    for place in ("council", "utility")
    for role in ("editor", "admin")
}
COUNCIL: Final = NOBODY | {"council member", "council editor", "council admin"}
COUNCIL_EDITORS: Final = COUNCIL - {"council member"}
UTILITY_EDITORS: Final = NOBODY | {"utility editor", "utility admin"}
UTILITY_ADMIN: Final = NOBODY | {"utility admin"}
REVIEWER: Final = NOBODY | {"reviewer"}
AUTHOR: Final = NOBODY | {"council editor"}
WHO_EDITS_SOMEWHERE: Final = EDITORS | {"admin elsewhere", "reviewer"}


@dataclass(frozen=True, slots=True)
class Case:
    """What is asked of an action, and who may do it."""

    action: str
    may: frozenset[str]
    data: Callable[[dict[str, Any]], dict[str, Any]] = lambda world: {}
    about: str = ""

    def __str__(self) -> str:
        return f"{self.action} {self.about}".strip()


def of(key: str, name: str = "id") -> Callable[[dict[str, Any]], dict[str, Any]]:
    """The id of something in the world, under a name."""
    return lambda world: {name: world[key]}


CASES: Final = (
    Case("actionplan_obligation_list", EVERYBODY),
    Case("actionplan_obligation_show", EVERYBODY, of("obligation")),
    Case("actionplan_obligation_show", COUNCIL, of("hidden"), "of a private plan"),
    Case(
        "actionplan_report_submit", UTILITY_EDITORS, of("obligation", "obligation_id")
    ),
    Case(
        "actionplan_report_submit",
        UTILITY_EDITORS | COUNCIL_EDITORS,
        of("joint", "obligation_id"),
        "by a co-executor",
    ),
    Case("actionplan_plan_derive", COUNCIL_EDITORS, of("plan")),
    Case("actionplan_task_show", EVERYBODY, of("plan", "plan_id")),
    Case(
        "actionplan_task_show", COUNCIL, of("private", "plan_id"), "of a private plan"
    ),
    Case("actionplan_execution_show", EVERYBODY, of("plan", "plan_id")),
    Case(
        "actionplan_execution_show",
        COUNCIL,
        of("private", "plan_id"),
        "of a private plan",
    ),
    Case("actionplan_change_list", EVERYBODY, of("plan", "plan_id")),
    Case(
        "actionplan_change_list", COUNCIL, of("private", "plan_id"), "of a private one"
    ),
    Case("actionplan_publisher_list", EVERYBODY),
    Case("actionplan_publisher_show", EVERYBODY, of("utility")),
    Case("actionplan_publisher_merge", NOBODY),
    Case("actionplan_standing_refresh", NOBODY),
    Case("actionplan_dataset_rebuild", NOBODY),
    Case("actionplan_topic_show", EVERYBODY, lambda world: {"topic": "audit"}),
    Case("actionplan_upstream_show", EVERYBODY),
    Case("actionplan_upstream_refresh", NOBODY),
    Case("actionplan_draft_create", COUNCIL_EDITORS, of("council", "owner_org")),
    Case("actionplan_draft_create", WHO_EDITS_SOMEWHERE, about="anywhere"),
    Case("actionplan_draft_list", SIGNED_IN),
    Case("actionplan_draft_show", AUTHOR, of("draft")),
    Case("actionplan_draft_update", AUTHOR, of("draft")),
    Case("actionplan_draft_delete", AUTHOR, of("draft")),
    Case("actionplan_draft_submit", AUTHOR, of("draft")),
    Case("actionplan_my_task_list", SIGNED_IN),
    Case("actionplan_portal_date_list", EVERYBODY),
    Case("actionplan_portal_date_show", EVERYBODY),
    Case("actionplan_portal_date_create", REVIEWER),
    Case("actionplan_portal_date_update", REVIEWER),
    Case("actionplan_portal_date_delete", REVIEWER),
    Case("actionplan_portal_date_match", REVIEWER),
    Case("actionplan_wording_list", EVERYBODY),
    Case("actionplan_participant_list", EVERYBODY, of("plan", "plan_id")),
    Case(
        "actionplan_participant_confirm",
        UTILITY_ADMIN,
        lambda world: {"plan_id": world["plan"], "organization_id": world["utility"]},
    ),
    Case(
        "actionplan_participant_confirm",
        NOBODY,
        lambda world: {
            "plan_id": world["private"],
            "organization_id": world["utility"],
        },
        "of a private plan",
    ),
    Case("actionplan_council_show", EVERYBODY, of("council")),
    Case("actionplan_council_update", NOBODY, of("council")),
    Case("actionplan_night_run", NOBODY),
    Case("actionplan_night_show", NOBODY),
    Case("actionplan_doctor_show", NOBODY),
)
#: What only tells: everything else must never happen by following a link.
READING: Final = ("_list", "_show", "_match")

DOCUMENT: Final = """План дій з відкритих даних Калинівської громади на 2026-2027 роки

Завдання\tСтрок виконання\tВиконавець
1.1. Скласти перелік наборів\tдо 31.12.2026\tВодоканал
"""


def registered() -> set[str]:
    actions = p.get_plugin("actionplan").get_actions()
    return {name for name in actions if name.startswith("actionplan_")}


@pytest.fixture(scope="module")
def kept() -> dict[str, Any]:
    return {}


@pytest.fixture
def world(kept: dict[str, Any]) -> dict[str, Any]:
    """Organizations, people and what they ask about; made once for all cases."""
    if not kept:
        kept.update(build())
    return kept


def build() -> dict[str, Any]:
    people = {"sysadmin": factories.Sysadmin()["name"], "anonymous": ""}
    council = organization("council", people)
    utility = organization("utility", people)
    for role, name in (("admin elsewhere", None), ("reviewer", REVIEWERS)):
        people[role] = factories.User()["name"]
        capacity = "admin" if name is None else "editor"
        users = [{"name": people[role], "capacity": capacity}]
        factories.Organization(users=users, **({"name": name} if name else {}))
    plan = make_plan(council, utility, people, tasks=("Water", "Both"))
    private = make_plan(council, utility, people, tasks=("Water",), private=True)
    draft = call_action(
        "actionplan_draft_create",
        {"user": people["council editor"], "ignore_auth": False},
        content=DOCUMENT,
        filename="plan.txt",
        owner_org=council,
    )
    return {
        "people": people,
        "council": council,
        "utility": utility,
        "plan": plan["id"],
        "private": private["id"],
        "draft": draft["id"],
        "obligation": obligation_of(plan, 0),
        "joint": obligation_of(plan, 1),
        "hidden": obligation_of(private, 0),
    }


def organization(place: str, people: dict[str, str]) -> str:
    users: list[dict[str, str]] = []
    for capacity in ("member", "editor", "admin"):
        name = people[f"{place} {capacity}"] = factories.User()["name"]
        users.append({"name": name, "capacity": capacity})
    return factories.Organization(users=users)["id"]


def make_plan(
    council: str,
    utility: str,
    people: dict[str, str],
    *,
    tasks: tuple[str, ...],
    **more: Any,
) -> dict[str, Any]:
    context = {"user": people["sysadmin"], "ignore_auth": False}
    both = {"organizations": [utility, council], "who": "participants"}
    return call_action(
        "package_create",
        context,
        type="action-plan",
        name=factories.Dataset.stub().name,
        title="План",
        owner_org=council,
        period_start="2026-01-01",
        period_end="2027-12-31",
        tracked_from="2026-01-01",
        participants=[utility],
        executors=[
            {"name": "Water", "who": "participants", "organizations": [utility]},
            {"name": "Both", **both},
        ],
        tasks=[
            {"title": name, "due": "../2027-06-30", "executors": [name]}
            for name in tasks
        ],
        **more,
    )


def obligation_of(plan: dict[str, Any], task: int) -> str:
    table = ObligationRow.__table__.c
    task_id = plan["tasks"][task]["id"]
    found = sa.select(table.id).where(table.plan_id == plan["id"])
    return model.Session.scalars(found.where(table.task_id == task_id)).one()


def ask(case: Case, world: dict[str, Any], role: str) -> str:
    """The sentence with which somebody is refused, empty when they may."""
    context: dict[str, Any] = {"user": world["people"][role], "model": model}
    try:
        allowed = call_auth(case.action, context, **case.data(world))
    except tk.NotAuthorized as error:
        return str(error) or "refused without a word"
    return "" if allowed else "refused without a word"


def test_every_action_stands_in_the_matrix() -> None:
    assert {case.action for case in CASES} == registered()


def test_every_action_has_an_authorization_of_its_name() -> None:
    assert registered() <= set(authz.auth_functions_list())


def test_what_changes_something_is_never_a_link() -> None:
    by_link = {
        name
        for name in registered()
        if getattr(tk.get_action(name), "side_effect_free", False)
    }
    assert by_link == {name for name in registered() if name.endswith(READING)}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_who_may(case: Case, world: dict[str, Any]) -> None:
    answers = {role: ask(case, world, role) for role in ROLES}
    assert {role for role, refusal in answers.items() if not refusal} == case.may
    refused = {role for role, refusal in answers.items() if refusal}
    # CKAN itself speaks to who has not signed in.
    for role in refused - {"anonymous"}:
        assert " " in answers[role]
        assert "without a word" not in answers[role]
        assert case.action not in answers[role]


@pytest.fixture
def stored(world: dict[str, Any]) -> dict[str, Any]:
    return call_action("package_show", id=world["plan"])


def strange_id(plan: dict[str, Any]) -> dict[str, Any]:
    first, *others = plan["tasks"]
    return {"tasks": [{**first, "id": "of-another-plan"}, *others]}


def own_review(plan: dict[str, Any]) -> dict[str, Any]:
    return {"reviewing_organization": plan["owner_org"]}


def stale_form(plan: dict[str, Any]) -> dict[str, Any]:
    return {"form_modified": "2026-01-01T00:00:00", "notes": "Інше"}


def no_act(plan: dict[str, Any]) -> dict[str, Any]:
    first, *others = plan["tasks"]
    return {"tasks": [{**first, "deadline": "колись"}, *others]}


@pytest.mark.parametrize("change", [strange_id, own_review, stale_form, no_act])
@pytest.mark.parametrize("role", ["council editor", "council admin"])
def test_what_even_the_owner_may_not_is_refused_with_a_sentence(
    world: dict[str, Any],
    stored: dict[str, Any],
    change: Callable[[dict[str, Any]], dict[str, Any]],
    role: str,
) -> None:
    context = {"user": world["people"][role], "ignore_auth": False}
    with pytest.raises(tk.ValidationError) as refused:
        call_action("package_update", context, **{**stored, **change(stored)})
    model.Session.rollback()
    sentences = messages(refused.value.error_dict)
    assert sentences
    assert all(len(each.split()) > 5 for each in sentences)
    assert call_action("package_show", id=stored["id"]) == stored


def test_nobody_binds_a_stranger(world: dict[str, Any], stored: dict[str, Any]) -> None:
    """An owner may name one; it owes nothing, whatever the owner does."""
    stranger = factories.Organization()["id"]
    context = {"user": world["people"]["council admin"], "ignore_auth": False}
    executors = [*stored["executors"]]
    executors.append(
        {"name": "Чужі", "who": "participants", "organizations": [stranger]}
    )
    task = {"title": "Чужа справа", "due": "../2027-06-30", "executors": ["Чужі"]}
    plan = call_action(
        "package_create",
        dict(context),
        type="action-plan",
        name=factories.Dataset.stub().name,
        title="Ще один план",
        owner_org=world["council"],
        period_start="2026-01-01",
        period_end="2027-12-31",
        executors=executors,
        tasks=[{**task, "performed": "each"}, task],
    )
    owed = call_action("actionplan_obligation_list", plan_id=plan["id"])
    assert {row["organization_id"] for row in owed} == {world["council"]}
    assert {row["mark"] for row in owed} == {"pending"}
    assert not [row for row in owed if row["parties"]]
    names = {"plan_id": plan["id"], "organization_id": stranger}
    with pytest.raises(tk.NotAuthorized) as refused:
        call_action("actionplan_participant_confirm", dict(context), **names)
    assert "nobody else can bind it" in str(refused.value)
