"""What an amended edition adds, changes and withdraws."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ckanext.actionplan.logic.comparison import compare, pieces


def _task(name: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "title": f"Завдання {name}", "deadline": "постійно", **more}


def _plan(*tasks: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"title": "План", "tasks": list(tasks), **more}


def test_each_task_stands_in_one_list() -> None:
    plan = _plan(_task("a"), _task("b"), _task("c"), _task("d", withdrawn_by="Акт"))
    rows = [_task("b", deadline="щомісяця"), _task(""), _task("a")]
    found = compare(rows, plan, {})
    assert [entry.row["title"] for entry in found.added if entry.row] == ["Завдання "]
    (changed,) = found.changed
    assert [(c.field, c.before, c.after) for c in changed.changes] == [
        ("deadline", "постійно", "щомісяця")
    ]
    assert [entry.stored["id"] for entry in found.same if entry.stored] == ["a"]
    assert [entry.stored["id"] for entry in found.withdrawn if entry.stored] == ["c"]
    assert [entry.stored["id"] for entry in found.gone if entry.stored] == ["d"]
    assert found.moved
    assert len(found.protected) == 3
    assert not found.empty


def test_spaces_and_defaults_are_no_change() -> None:
    plan = _plan(_task("a", performed="jointly", title="Перше  завдання"))
    row = _task("a", performed="", title="Перше\nзавдання")
    found = compare([row], plan, {"title": "План "})
    assert found.empty
    assert found.protected == ()


def test_a_correction_of_a_reading_needs_no_act() -> None:
    found = compare(
        [_task("a", due="../.."), _task("b")], _plan(_task("a"), _task("b")), {}
    )
    assert not found.empty
    assert found.protected == ()


def test_fields_of_the_plan() -> None:
    plan = _plan(
        _task("a"),
        period_end="2026-12-31",
        participants=["x", "y"],
        executors=[{"name": "Архів", "who": "outside", "organizations": []}],
    )
    data = {
        "period_end": "2027-12-31",
        "participants": ["y", "z"],
        "executors": [{"name": "Архів", "who": "participants", "organizations": ["z"]}],
    }
    found = compare([_task("a")], plan, data)
    assert [(c.field, c.before, c.after) for c in found.plan] == [
        ("period_end", "2026-12-31", "2027-12-31"),
        ("participants", "x", "z"),
        ("executors", "Архів\toutside", "Архів\tparticipants\tz"),
    ]


def test_words_that_differ() -> None:
    before, after = pieces(
        "Скласти перелік наборів, до травня", "Скласти перелік, до червня"
    )
    assert [piece.text for piece in before if piece.differs] == [" наборів", "травня"]
    assert [piece.text for piece in after if piece.differs] == ["червня"]


def test_a_date_differs_as_a_whole() -> None:
    before, after = pieces("до 31.03.2026", "до 30.04.2026")
    assert [piece.text for piece in before if piece.differs] == ["31.03.2026"]
    assert [piece.text for piece in after if piece.differs] == ["30.04.2026"]


def test_texts_with_little_in_common_are_shown_whole() -> None:
    before, after = pieces("Скласти перелік наборів", "Навчити всіх працівників архіву")
    assert [piece.differs for piece in (*before, *after)] == [True, True]
    assert pieces("", "Слово")[0] == []


@given(st.text("аб, \n.", max_size=30), st.text("аб, \n.", max_size=30))
def test_pieces_give_the_texts_again(before: str, after: str) -> None:
    for text, found in zip((before, after), pieces(before, after), strict=True):
        assert "".join(piece.text for piece in found) == text
