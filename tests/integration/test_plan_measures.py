"""Measure and target of a task: stored, refused, and kept from older versions."""

from __future__ import annotations

import json
from typing import Any

import pytest

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib import search
from ckan.tests import factories
from ckan.tests.helpers import call_action

pytestmark = pytest.mark.usefixtures("non_clean_db")


@pytest.fixture
def plan(organization_factory, action_plan_factory):
    def make(**values):
        task = {"number": "7.2", "title": "Стежити за якістю", **values}
        return action_plan_factory(owner_org=organization_factory()["id"], tasks=[task])

    return make


@pytest.mark.parametrize(
    ("measure", "target", "stored"),
    [
        ("conformity", "≥ 85 %", "85%"),
        ("news", "03", "3"),
        ("trained", "усі", "all"),
        ("register", "", ""),
        ("", "", ""),
    ],
)
def test_stored_in_normal_form(plan, measure, target, stored):
    (task,) = plan(measure=measure, target=target)["tasks"]
    assert (task["measure"], task["target"]) == (measure, stored)


@pytest.mark.parametrize(
    ("measure", "target", "field", "said"),
    [
        ("happiness", "", "measure", "“happiness” is not a measure; possible: confo"),
        ("news", "кілька", "target", "“кілька” is not a target; write 85%, 3 or all"),
        ("", "3", "target", "“3” is a target without a measure"),
        ("news", "85%", "target", "“85%” does not fit this measure; write a number"),
        ("conformity", "3", "target", "“3” does not fit this measure; write all or"),
        ("register", "all", "target", "This measure has no target: it is done or not"),
    ],
)
def test_refused_with_a_sentence_that_names_the_task(
    plan, measure, target, field, said
):
    with pytest.raises(tk.ValidationError) as refused:
        plan(measure=measure, target=target)
    (sentence,) = refused.value.error_dict["tasks"][0][field]
    assert sentence.startswith(f"Task 7.2 “Стежити за якістю”: {said}")


def test_texts_of_older_plans_stay(plan, sysadmin_factory):
    admin = {"user": sysadmin_factory()["name"]}
    made = plan(measure="conformity", target="85%")
    package = model.Package.get(made["id"])
    (task,) = json.loads(package.extras["tasks"])
    task |= {"measure": "частка добрих наборів", "target": "майже всі"}
    package.extras["tasks"] = json.dumps([task])
    model.Session.flush()

    shown = call_action("package_show", {"use_cache": False}, id=made["id"])
    saved = call_action("package_update", dict(admin), **{**shown, "notes": "Опис"})
    (kept,) = saved["tasks"]
    assert (kept["measure"], kept["target"]) == ("частка добрих наборів", "майже всі")

    shown["tasks"][0]["measure"] = "частка гарних наборів"
    with pytest.raises(tk.ValidationError) as refused:
        call_action("package_update", dict(admin), **shown)
    assert set(refused.value.error_dict["tasks"][0]) == {"measure"}


def test_the_form_keeps_a_text_that_is_no_measure(plan, app):
    made = plan(measure="news", target="1")
    package = model.Package.get(made["id"])
    (task,) = json.loads(package.extras["tasks"])
    package.extras["tasks"] = json.dumps([task | {"measure": "частка добрих"}])
    model.Session.commit()
    search.rebuild(made["id"])
    signed_in = {"Authorization": factories.SysadminWithToken()["token"]}
    page = app.get(f"/action-plan/edit/{made['name']}", headers=signed_in).body
    assert '<option value="частка добрих" selected>' in page
    assert '<option value="news">News in each period</option>' in page


DOCUMENT = """План дій з відкритих даних Калинівської громади на 2026-2027 роки

Завдання\tСтрок виконання\tПоказник\tВиконавець
1. Стежити за якістю\tпостійно\tНе менше 85 % наборів відповідають стандартам\tВідділ
2. Провести ревізію даних\tпостійно\tЩонайменше один раз на рік складено акт\tВідділ
"""


@pytest.fixture
def draft(organization_factory, sysadmin_factory):
    context = {"user": sysadmin_factory()["name"], "ignore_auth": False}
    made = call_action(
        "actionplan_draft_create",
        dict(context),
        content=DOCUMENT,
        filename="plan.txt",
        owner_org=organization_factory()["id"],
    )

    def update(**values):
        return call_action(
            "actionplan_draft_update",
            dict(context),
            id=made["id"],
            tasks=[{"key": "t1", **values}],
        )

    return made, update


def test_a_draft_proposes_measures_and_changes(draft):
    made, _ = draft
    quality, audit = made["data"]["tasks"]
    assert (quality["measure"], quality["target"]) == ("conformity", "85%")
    assert quality["continuity"] == "measured"
    assert made["review"]["tasks"]["t1"]["confidence"]["measure"] > 0.5
    (change,) = made["review"]["tasks"]["t2"]["proposals"]
    assert change["parts"] == [{"due": "R/P1Y; ../.."}]
    assert audit["due"] == "../.."


def test_a_draft_refuses_a_target_that_does_not_fit(draft):
    _, update = draft
    kept = update(measure="news", target="≥ 2")["data"]["tasks"][0]
    assert (kept["measure"], kept["target"]) == ("news", "2")
    with pytest.raises(tk.ValidationError) as refused:
        update(measure="news", target="85%")
    errors: Any = refused.value.error_dict
    (sentence,) = errors["tasks"]["t1"]["target"]
    assert sentence == "“85%” does not fit this measure; write a number such as 3"
    with pytest.raises(tk.ValidationError) as refused:
        update(measure="joy", target="")
    assert "“joy” is not a measure" in str(refused.value.error_dict)
