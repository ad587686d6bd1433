"""Plans of invented councils, each as DOCX, ODT, HTML and text of three kinds."""

from __future__ import annotations

import pytest
from plan_paper import FORMATS
from plans_a import PLANS
from scoring import score

from ckanext.actionplan import reader

ACCEPTED = 0.97


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", PLANS)
def test_plan_is_read_right(name, form):
    truth, blocks = PLANS[name]()
    draft = reader.read(FORMATS[form](blocks)).as_dict()
    result = score(truth.as_json(), draft)
    assert result.value >= ACCEPTED, "\n".join(result.misses)
    assert draft["authority"] == truth.authority
