"""Plans of invented councils, each as DOCX, ODT, HTML and text of three kinds."""

from __future__ import annotations

import pytest
from plan_paper import FORMATS
from plans_annex import PLANS as ANNEXES
from plans_charter import PLANS as CHARTER
from plans_roadmap import PLANS as ROADMAPS
from plans_stages import PLANS as STAGES
from plans_table import PLANS as TABLES
from plans_wide import PLANS as WIDE
from plans_years import PLANS as YEARS
from scoring import score

from ckanext.actionplan import reader

PLANS = ANNEXES | CHARTER | ROADMAPS | STAGES | TABLES | WIDE | YEARS
ACCEPTED = 0.97
#: Text does not tell that a cell is shared by several rows.
UNTOLD = {("shared", "tabs"), ("shared", "pipes"), ("shared", "weak")}
CASES = [(n, f) for n in PLANS for f in FORMATS if (n, f) not in UNTOLD]


@pytest.mark.parametrize(("name", "form"), CASES)
def test_plan_is_read_right(name, form):
    truth, blocks = PLANS[name]()
    draft = reader.read(FORMATS[form](blocks)).as_dict()
    result = score(truth.as_json(), draft)
    assert result.value >= ACCEPTED, "\n".join(result.misses)
    assert draft["authority"] == truth.authority
    assert draft["approval_document"].casefold() == truth.document.casefold()
    if truth.signatory:
        assert draft["approval_signatory"] == truth.signatory
