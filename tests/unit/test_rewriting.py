"""Plans in which one organization stands for another."""

from __future__ import annotations

from typing import Any

from ckanext.actionplan.logic.rewriting import replaced_first, rewritten


def plan(**values: Any) -> dict[str, Any]:
    return {
        "owner_org": "council",
        "reviewing_organization": "judge",
        "participants": ["old", "heat"],
        "executors": [
            {"name": "Мережі", "who": "participants", "organizations": ["heat", "old"]},
            {"name": "Область", "who": "outside", "organizations": []},
        ],
        "tasks": [{"id": "1", "lead": "old"}, {"id": "2", "lead": ""}],
        **values,
    }


def test_every_place_is_rewritten_and_the_rest_is_kept() -> None:
    assert rewritten(plan(), "old", "new") == {
        "participants": ["new", "heat"],
        "executors": [
            {"name": "Мережі", "who": "participants", "organizations": ["heat", "new"]},
            {"name": "Область", "who": "outside", "organizations": []},
        ],
        "tasks": [{"id": "1", "lead": "new"}, {"id": "2", "lead": ""}],
    }


def test_both_stand_once_in_the_place_of_the_first() -> None:
    found = rewritten(plan(participants=["old", "heat", "new"]), "old", "new")
    assert found["participants"] == ["new", "heat"]


def test_nothing_to_rewrite_is_nothing() -> None:
    assert rewritten(plan(), "stranger", "new") == {}
    assert rewritten({}, "old", "new") == {}


def test_an_owner_does_not_review_its_own_plan() -> None:
    own = plan(owner_org="new", reviewing_organization="old")
    assert rewritten(own, "old", "new")["reviewing_organization"] == ""
    moved = plan(owner_org="old", reviewing_organization="new")
    found = rewritten(moved, "old", "new")
    assert (found["owner_org"], found["reviewing_organization"]) == ("new", "")
    assert (
        rewritten(plan(reviewing_organization="old"), "old", "new")[
            "reviewing_organization"
        ]
        == "new"
    )


def test_a_replaced_plan_goes_first() -> None:
    plans = [
        {"id": "c", "replaces": "b"},
        {"id": "b", "replaces": "a"},
        {"id": "a", "replaces": "elsewhere"},
    ]
    assert [each["id"] for each in replaced_first(plans)] == ["a", "b", "c"]


def test_a_ring_of_plans_comes_to_an_end() -> None:
    ring = [{"id": "a", "replaces": "b"}, {"id": "b", "replaces": "a"}, {"id": "c"}]
    assert [each["id"] for each in replaced_first(ring)] == ["c", "a", "b"]
