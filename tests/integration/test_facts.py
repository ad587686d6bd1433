"""Facts of datasets: written with the dataset, read from its rows."""

from __future__ import annotations

import pytest

import ckan.plugins.toolkit as tk
from ckan.tests.helpers import call_action


@pytest.mark.usefixtures("clean_db", "clean_index")
def test_smoke(organization_factory, package_factory, action_plan_factory):
    org = organization_factory()
    package_factory(owner_org=org["id"])
    action_plan_factory(owner_org=org["id"], participants=[org["id"]])
    import json

    print(
        json.dumps(
            call_action("actionplan_publisher_show", id=org["name"]),
            indent=1,
            default=repr,
        )
    )
    print(json.dumps(call_action("actionplan_publisher_list"), indent=1, default=repr))
    tk.get_action("actionplan_standing_refresh")({"ignore_auth": True}, {})
    print(
        json.dumps(
            call_action(
                "actionplan_publisher_list", sort="total desc", q="t", state="overdue"
            ),
            indent=1,
            default=repr,
        )
    )
