"""Rows of an amended plan find the tasks that they stay."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.actionplan.logic.assignment import assign
from ckanext.actionplan.logic.pairing import pairs

if TYPE_CHECKING:
    import random

SECTION = "1. Підготовка даних"


def _task(number: str, title: str, deadline: str = "", **more: Any) -> dict[str, Any]:
    return {
        "number": number,
        "title": title,
        "deadline": deadline,
        "section": SECTION,
        "indicator": "",
        "executors": [],
        **more,
    }


def _stored(*tasks: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"id": f"id-{at}", **task} for at, task in enumerate(tasks, 1)]


def _rows(*tasks: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"id": "", "key": f"t{at}", **task} for at, task in enumerate(tasks, 1)]


def _ids(rows: list[Any], stored: list[Any], **chosen: str) -> list[str]:
    found = pairs(rows, stored, chosen)
    return [found[row["key"]].id if row["key"] in found else "" for row in rows]


REGISTER = _task("1.1", "Скласти перелік наборів даних громади", "до 31.03.2026")
TRAINING = _task("1.2", "Провести навчання відповідальних працівників", "щоквартально")
PORTAL = _task("1.3", "Оновити сторінку порталу для мешканців", "до 30.06.2026")


def test_the_same_document_finds_every_task_for_sure() -> None:
    stored = _stored(REGISTER, TRAINING, PORTAL)
    found = pairs(_rows(REGISTER, TRAINING, PORTAL), stored, {})
    assert [pair.id for pair in found.values()] == ["id-1", "id-2", "id-3"]
    assert all(pair.sure and pair.confidence == 1 for pair in found.values())


def test_renumbered_and_moved() -> None:
    rows = _rows(
        {**PORTAL, "number": "1.1"},
        {**REGISTER, "number": "1.2", "section": "2. Публікація"},
        {**TRAINING, "number": "1.3"},
    )
    stored = _stored(REGISTER, TRAINING, PORTAL)
    assert _ids(rows, stored) == ["id-3", "id-1", "id-2"]
    assert all(pair.sure for pair in pairs(rows, stored, {}).values())


def test_a_task_inserted_before_the_others() -> None:
    new = _task("1.1", "Затвердити положення про відкриті дані", "до 31.01.2026")
    rows = _rows(
        new,
        {**REGISTER, "number": "1.2"},
        {**TRAINING, "number": "1.3"},
        {**PORTAL, "number": "1.4"},
    )
    stored = _stored(REGISTER, TRAINING, PORTAL)
    assert _ids(rows, stored) == ["", "id-1", "id-2", "id-3"]


def test_a_typing_error_that_was_corrected() -> None:
    slip = {**TRAINING, "title": "Провсти навчання відповідальних працвників"}
    found = pairs(_rows(REGISTER, TRAINING), _stored(REGISTER, slip), {})
    assert (found["t2"].id, found["t2"].sure) == ("id-2", True)
    assert found["t2"].confidence < 1


def test_two_deadlines_of_one_task_keep_their_ids() -> None:
    first = _task("2.1", "Оприлюднити реєстр", "до 31.03.2026", executors=["Архів"])
    second = _task("2.1", "Оприлюднити реєстр", "щомісяця", executors=["Архів"])
    stored = _stored(first, second)
    assert _ids(_rows(second, first), stored) == ["id-2", "id-1"]
    later = {**first, "deadline": "до 30.04.2026"}
    assert _ids(_rows(second, later), stored) == ["id-2", "id-1"]


def test_rows_that_are_equal_in_everything_keep_their_order() -> None:
    stored = _stored(REGISTER, REGISTER, REGISTER)
    found = pairs(_rows(REGISTER, REGISTER, REGISTER), stored, {})
    assert [pair.id for pair in found.values()] == ["id-1", "id-2", "id-3"]
    assert all(pair.sure for pair in found.values())


def test_a_task_split_in_two_stays_one_of_them_and_is_not_sure() -> None:
    whole = _task("1.4", "Описати та оприлюднити набори даних закладів культури")
    rows = _rows(
        _task("1.4", "Описати набори даних закладів культури"),
        _task("1.5", "Запровадити щорічну премію за найкращий застосунок"),
    )
    found = pairs(rows, _stored(whole), {})
    assert list(found) == ["t1"]
    rows = _rows(
        _task("1.4", "Описати набори даних закладів культури"),
        _task("1.5", "Оприлюднити набори даних закладів культури"),
    )
    (pair,) = pairs(rows, _stored(whole), {}).values()
    assert not pair.sure


def test_tasks_that_were_merged_withdraw_one_of_them() -> None:
    one = _task("1.4", "Описати набори даних закладів культури")
    two = _task("1.5", "Перевірити якість наборів даних закладів культури")
    merged = _task(
        "1.4", "Описати набори даних закладів культури та перевірити їх якість"
    )
    found = pairs(_rows(merged), _stored(one, two), {})
    assert found["t1"].id == "id-1"
    assert not found["t1"].sure


def test_usual_words_do_not_make_tasks_alike() -> None:
    things = ("перелік укриттів", "розклад потягів", "бюджет школи", "реєстр дерев")
    stored = _stored(
        *(
            _task(f"3.{at}", f"Оприлюднити набір даних «{thing}» на порталі")
            for at, thing in enumerate(things, 1)
        )
    )
    other = _task("4.7", "Оприлюднити набір даних «графік прийому громадян» на порталі")
    assert _ids(_rows(other), stored) == [""]


def test_ids_of_our_own_exports_win() -> None:
    rows = _rows({**TRAINING, "id": "id-1"}, {**REGISTER, "id": "unknown"})
    assert _ids(rows, _stored(REGISTER, TRAINING)) == ["id-1", ""]


def test_a_person_decides() -> None:
    stored = _stored(REGISTER, TRAINING)
    rows = _rows(REGISTER, TRAINING)
    assert _ids(rows, stored, t1="id-2") == ["id-2", ""]
    assert _ids(rows, stored, t1="") == ["", "id-2"]


def test_a_withdrawn_task_comes_back_under_its_title_only_and_never_for_sure() -> None:
    stored = _stored(REGISTER, {**TRAINING, "withdrawn_by": "Рішення № 3"})
    found = pairs(_rows(REGISTER, TRAINING), stored, {})
    assert (found["t2"].id, found["t2"].sure) == ("id-2", False)
    like = {**TRAINING, "title": TRAINING["title"] + " громади"}
    assert "t2" not in pairs(_rows(REGISTER, like), stored, {})


def test_a_living_task_is_preferred_to_a_withdrawn_one() -> None:
    stored = _stored({**REGISTER, "withdrawn_by": "Рішення № 3"}, REGISTER)
    assert _ids(_rows(REGISTER), stored) == ["id-2"]


def test_empty_sides() -> None:
    assert pairs([], _stored(REGISTER), {}) == {}
    assert pairs(_rows(REGISTER), [], {}) == {}


WORDS = st.sampled_from(
    [
        "дані",
        "портал",
        "реєстр",
        "набір",
        "школа",
        "архів",
        "транспорт",
        "звіт",
        "навчання",
        "бюджет",
        "оприлюднити",
        "оновити",
        "скласти",
        "перевірити",
        "щорічний",
        "перелік",
        "громада",
        "рада",
    ]
)


@st.composite
def _plans(draw: st.DrawFn) -> list[dict[str, Any]]:
    titles = draw(
        st.lists(
            st.lists(WORDS, min_size=1, max_size=7).map(" ".join),
            min_size=1,
            max_size=25,
            unique=True,
        )
    )
    deadline = st.sampled_from(["до 31.03.2026", "щомісяця", "постійно", ""])
    names = st.lists(st.sampled_from(["Архів", "Школа", "Рада"]), max_size=2)
    return [
        _task(
            draw(st.sampled_from(["1", "1.1", "2", ""])),
            title,
            draw(deadline),
            section=draw(st.sampled_from(["", "1. Перший", "2. Другий"])),
            executors=draw(names),
        )
        for title in titles
    ]


@given(_plans(), st.randoms(use_true_random=False))
@settings(max_examples=120, deadline=None)
def test_shuffled_and_renumbered_every_task_stays_itself(
    plan: list[dict[str, Any]], chance: random.Random
) -> None:
    stored = _stored(*plan)
    order = list(range(len(stored)))
    chance.shuffle(order)
    rows = [
        {**stored[at], "id": "", "key": f"t{place}", "number": f"{place}."}
        for place, at in enumerate(order, 1)
    ]
    found = pairs(rows, stored, {})
    assert [found[row["key"]].id for row in rows] == [stored[at]["id"] for at in order]


@given(
    st.dictionaries(
        st.tuples(st.integers(0, 4), st.integers(0, 4)),
        st.floats(0.01, 1),
        max_size=14,
    )
)
@settings(max_examples=80, deadline=None)
def test_no_other_assignment_is_worth_more(
    worth: dict[tuple[int, int], float],
) -> None:
    chosen = assign(worth)
    assert len({i for i, _ in chosen}) == len({j for _, j in chosen}) == len(chosen)
    best = max(
        sum(worth.get(pair, 0.0) for pair in enumerate(columns))
        for columns in itertools.permutations(range(5))
    )
    assert sum(worth[pair] for pair in chosen) == pytest.approx(best)


def test_a_crowd_is_served_too() -> None:
    worth = {(i, j): 1.0 + (i == j) for i in range(160) for j in range(160)}
    assert assign(worth) == [(at, at) for at in range(160)]
