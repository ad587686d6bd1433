"""What an export says, an import reads: random plans, to the letter."""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ckanext.actionplan import reader
from ckanext.actionplan.core.plan import Continuity, Performed, Who
from ckanext.actionplan.logic import plan_files
from ckanext.actionplan.reader.own import (
    AMENDMENT_TEXTS,
    PLAN_DAYS,
    PLAN_TEXTS,
    TASK_TEXTS,
    named_of,
    named_text,
    texts_of,
    texts_text,
)
from ckanext.actionplan.reader.own_table import guarded, unguarded
from ckanext.actionplan.views.plan_paper import docx_file

HOSTILE = (
    "=1+1",
    "'=1+1",
    "''@SUM(A1)",
    " =1",
    "-5",
    "+38 (044)",
    "@here",
    "#N/A",
    "1.10",
    "31.12.2026",
    "_x0041_",
    "a_x000D_b",
    "рядок\nдругий рядок",
    "рядок\r\nдругий\rтретій",
    "\tвідступ",
    "a\u200bb\ufeffc\u2060d\u00ad",
    "👩‍💻 й́",
    "«лапки» \"дві\" ''",
    "a;b,c\td|e",
    "tasks.title",
    "'tasks.id",
    "plan.printed",
    '["a", "b"]',
    "[не JSON",
    "Рада | rada | 1",
    "<b>&amp;</b>",
    "%PDF-1.7 <html>",
    '{ "format"',
    "Завдання",
    "Строк виконання",
    "\x01\x0b\x1f\u2028\u0085",
    "ЗАТВЕРДЖЕНО",
    "1.",
    "x" * 40_000,
)
LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")
TEXTS = st.one_of(st.sampled_from(HOSTILE), st.text(LETTERS, max_size=30))
SHORT = st.one_of(
    st.sampled_from([text for text in HOSTILE if len(text) < 100]),
    st.text(LETTERS, max_size=20),
)
DAYS = st.one_of(st.just(""), st.dates().map(lambda day: day.isoformat()))
DUES = st.sampled_from(
    (
        "",
        "../2026-06-01",
        "2026-09-01/..",
        "../..",
        "R/P3M",
        "2026-01-01/2026-03-31; R/P1Y",
        "2026",
    )
)
IDS = st.uuids(version=4).map(str)
NAMED = st.builds(
    lambda key, name, title: {"id": key, "name": name, "title": title},
    IDS,
    st.from_regex(r"[a-z0-9_-]{2,12}", fullmatch=True),
    SHORT,
)
AMENDMENTS = st.builds(
    lambda texts, day: {**dict(zip(AMENDMENT_TEXTS, texts, strict=True)), "date": day},
    st.lists(SHORT.filter(str.strip), min_size=5, max_size=5),
    DAYS,
)


@st.composite
def plans(draw, size=4):
    """A plan with every field of an export."""
    names = draw(
        st.lists(SHORT.filter(lambda text: text.strip()), max_size=4, unique=True)
    )
    executors = [
        {
            "name": name,
            "who": draw(st.sampled_from([each.value for each in Who])),
            "organizations": draw(
                st.lists(NAMED, max_size=3, unique_by=lambda each: each["id"])
            ),
        }
        for name in names
    ]
    count = draw(st.integers(1, size))
    ids = draw(st.lists(IDS, min_size=count, max_size=count, unique=True))
    tasks = [
        {
            **{name: draw(SHORT) for name in TASK_TEXTS},
            "id": task_id,
            "title": draw(TEXTS.filter(lambda text: text.strip())),
            "indicator": draw(TEXTS),
            "due": draw(DUES),
            "performed": draw(st.sampled_from([each.value for each in Performed])),
            "continuity": draw(
                st.sampled_from(["", *(each.value for each in Continuity)])
            ),
            "executors": draw(
                st.lists(st.sampled_from(names), unique=True) if names else st.just([])
            ),
            "lead": draw(st.none() | NAMED),
        }
        for task_id in ids
    ]
    return {
        **{name: draw(SHORT) for name in PLAN_TEXTS},
        **{name: draw(DAYS) for name in PLAN_DAYS},
        "notes": draw(TEXTS),
        "id": draw(IDS),
        "name": "plan-2026",
        **{
            name: draw(st.none() | NAMED)
            for name in ("owner_org", "reviewing_organization", "replaces")
        },
        "participants": draw(st.lists(NAMED, max_size=3)),
        "executors": executors,
        "amendments": draw(st.lists(AMENDMENTS, max_size=3)),
        "tasks": tasks,
    }


LABELS = {
    "en": {"tasks": "Tasks", "plan": "Plan", "executors": "Executors"},
    "uk": {
        "tasks": "Завдання",
        "plan": "План",
        "tasks.title": "Завдання",
        "tasks.deadline": "Строк, як надруковано",
        "tasks.executors": "Виконавці",
        "executors": "Виконавці",
        "amendments": "Зміни",
    },
}


def lines_of(plan):
    return ["ЗАТВЕРДЖЕНО", *plan["title"].splitlines()]


def files(plan, language="uk"):
    """Every file of a plan, by its ending."""
    labels, lines = LABELS[language], lines_of(plan)
    yield "json", plan_files.json_file(plan)
    for separator in ",;\t":
        yield "csv", plan_files.csv_file(plan, lines, labels, separator)
    yield "xlsx", plan_files.xlsx_file(plan, lines, labels)
    yield "docx", docx_file(plan)


def back(data):
    """The plan of a file in the form of an export."""
    draft = reader.read(data).as_dict()
    own = draft["own"]
    tasks = [
        {
            **{name: task[name] for name in TASK_TEXTS},
            "executors": task["executors"],
            "lead": named_of(task["lead"]),
        }
        for task in draft["tasks"]
    ]
    return {
        **{name: draft.get(name, own.get(name)) for name in PLAN_TEXTS},
        **{
            name: own[name]
            for name in (
                "name",
                "owner_org",
                "reviewing_organization",
                "replaces",
                "participants",
                "executors",
                "amendments",
            )
        },
        "id": own["plan_id"],
        "tasks": tasks,
    }


@settings(
    max_examples=25,
    deadline=None,
    # A plan has hundreds of texts: making it smaller takes minutes.
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(plans(), st.sampled_from(["en", "uk"]))
def test_random_plans_come_back(plan, language):
    for _, data in files(plan, language):
        assert back(data) == plan


@settings(deadline=None)
@given(SHORT, st.booleans())
def test_a_guard_is_undone(text, formulas):
    assert unguarded(guarded(text, formulas=formulas), formulas=formulas) == text


@settings(deadline=None)
@given(st.lists(SHORT.filter(bool)))
def test_texts_share_a_cell(texts):
    assert texts_of(texts_text(texts)) == texts


@settings(deadline=None)
@given(NAMED)
def test_an_organization_fits_into_a_cell(named):
    assert named_of(named_text(named)) == named
