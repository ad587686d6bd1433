"""What of a plan goes to the search index, and which searches mean plans."""

from __future__ import annotations

import json

import pytest

from ckanext.actionplan.logic import index


@pytest.mark.parametrize("encode", [lambda rows: rows, json.dumps])
def test_index_document_does_not_depend_on_the_order_of_plugins(encode):
    rows = [{"title": "Навчання", "executors": ["Відділ"], "id": "1"}]
    document = index.document(
        {
            "type": "action-plan",
            "name": "plan",
            "owner_org": "x",
            "tasks": encode(rows),
            "extras_tasks": json.dumps(rows),
        }
    )
    assert document == {
        "type": "action-plan",
        "name": "plan",
        "extras_actionplan_text": "Навчання\nВідділ",
    }


def test_other_types_are_indexed_as_they_are():
    document = {"type": "dataset", "owner_org": "x", "tasks": "own field"}
    assert index.document(dict(document)) == document


def test_rows_that_are_none_are_left_out():
    document = index.document(
        {"type": "action-plan", "tasks": "no JSON", "executors": '"text"'}
    )
    assert document == {"type": "action-plan", "extras_actionplan_text": ""}


@pytest.mark.parametrize(
    "params",
    [
        {"fq": "+dataset_type:action-plan"},
        {"fq": 'dataset_type:"action-plan" owner:x'},
        {"fq": "dataset_type:(dataset OR action-plan)"},
        {"fq": "", "fq_list": ["+site:x", "dataset_type: action-plan"]},
        {"q": "dataset_type:action-plan"},
        {"fq": "-dataset_type:action-plan"},
    ],
)
def test_searches_that_name_the_type_stay_as_they_are(params):
    assert index.search(dict(params)) == params


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"q": "action-plan"},
        {"fq": None, "fq_list": None},
        {"fq": "dataset_type:dataset"},
        {"fq": "dataset_type:(dataset OR harvest) name:action-plan"},
        {"fq": "dataset_type:action-planner"},
        {"fq": "my_dataset_type:action-plan"},
    ],
)
def test_other_searches_leave_plans_out(params):
    assert index.search(dict(params))["fq_list"] == ["-dataset_type:action-plan"]


def test_own_filters_are_kept():
    given = {"fq_list": ["+a:b"], "rows": 5}
    assert index.search(given) == {
        "fq_list": ["+a:b", "-dataset_type:action-plan"],
        "rows": 5,
    }
    assert given["fq_list"] == ["+a:b"]
