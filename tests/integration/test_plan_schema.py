"""The dataset type: what is stored, what is refused, and in which words."""

from __future__ import annotations

import pytest

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.tests.helpers import call_action

pytestmark = pytest.mark.usefixtures("non_clean_db")

TASK = {
    "number": "2.1",
    "title": "Провести навчання відповідальних осіб",
    "deadline": "до 01.06.2026",
    "due": "2026-06",
    "indicator": "Два курси",
}


@pytest.fixture
def owner(organization_factory):
    return organization_factory()


@pytest.fixture
def plan(owner, action_plan_factory):
    def make(**fields):
        return action_plan_factory(owner_org=owner["id"], **fields)

    return make


def refused(make, **fields):
    """Return the errors with which a plan is refused."""
    with pytest.raises(tk.ValidationError) as caught:
        make(**fields)
    return caught.value.error_dict


def test_plan_is_stored(plan, owner, organization_factory):
    water = organization_factory(name="water-utility", title="Водоканал")
    made = plan(
        tasks=[{**TASK, "executors": ["КП «Водоканал»"], "lead": "water-utility"}],
        executors=[{"name": "КП «Водоканал»", "organizations": ["water-utility"]}],
        amendments=[{"document": "Рішення", "number": "7", "date": "05.03.2026"}],
    )
    shown = call_action("package_show", id=made["id"])

    task = shown["tasks"][0]
    assert task["id"]
    assert task["due"] == "2026-06-01/2026-06-30"
    assert task["deadline"] == "до 01.06.2026"
    assert task["executors"] == ["КП «Водоканал»"]
    assert task["lead"] == water["id"]
    assert task["performed"] == "jointly"
    assert shown["executors"] == [
        {
            "name": "КП «Водоканал»",
            "who": "participants",
            "organizations": [water["id"]],
        }
    ]
    assert shown["participants"] == [water["id"]]
    assert shown["amendments"][0]["date"] == "2026-03-05"
    assert "form_modified" not in shown
    assert "resources" in shown
