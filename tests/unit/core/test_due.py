from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.actionplan.core import due
from ckanext.actionplan.core.due import Repeat, Span
from ckanext.actionplan.core.errors import DueError


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", ()),
        ("../2024-06-01", (Span(None, date(2024, 6, 1)),)),
        ("2024-09-01/..", (Span(date(2024, 9, 1), None),)),
        ("../..", (Span(None, None),)),
        ("2024-01-01/2024-03-31", (Span(date(2024, 1, 1), date(2024, 3, 31)),)),
        ("2024-02", (Span(date(2024, 2, 1), date(2024, 2, 29)),)),
        ("2024/2025", (Span(date(2024, 1, 1), date(2025, 12, 31)),)),
        ("2024-05-07", (Span(date(2024, 5, 7), date(2024, 5, 7)),)),
        ("R/P3M", (Repeat(3, "M"),)),
        ("R/P12M", (Repeat(1, "Y"),)),
        ("R/P24M", (Repeat(2, "Y"),)),
        ("2024-33", (Span(date(2024, 1, 1), date(2024, 3, 31)),)),
        ("../2024-36", (Span(None, date(2024, 12, 31)),)),
        ("2024-38", (Span(date(2024, 5, 1), date(2024, 8, 31)),)),
        ("2024-40/2025-41", (Span(date(2024, 1, 1), date(2025, 12, 31)),)),
        ("R/P1Y;  ../..", (Repeat(1, "Y"), Span(None, None))),
        ("R/P1M; R/P1M", (Repeat(1, "M"),)),
    ],
)
def test_normal_forms_are_read(text: str, parts: tuple[due.Part, ...]) -> None:
    assert due.parse(text) == parts


@pytest.mark.parametrize(
    "text",
    [
        "soon",
        "2024-13-01",
        "../2024-02-30",
        "2024-06-01/2024-05-01",
        "R/P0M",
        "R/P1H",
        "2024-32",
        "2024-42",
        "2024-33-01",
        "2024-06-01?",
        "2024-0X",
        "R3/P1M",
        "24-06-01",
        "../2024-06-01 року",
        "/2024-06-01",
    ],
)
def test_other_texts_are_refused_with_the_part(text: str) -> None:
    with pytest.raises(DueError) as error:
        due.parse(f"../..; {text}")
    assert error.value.part == text


@pytest.mark.parametrize(
    ("repeat", "months", "short"),
    [
        (Repeat(1, "M"), 1, False),
        (Repeat(2, "Y"), None, False),
        (Repeat(5, "M"), None, False),
        (Repeat(2, "W"), None, True),
        (Repeat(30, "D"), None, False),
        (Repeat(1, "D"), None, True),
    ],
)
def test_repetitions_know_their_length(
    repeat: Repeat, months: int | None, short: bool
) -> None:
    assert (repeat.months, repeat.shorter_than_month) == (months, short)


spans = st.tuples(st.none() | st.dates(), st.none() | st.dates()).filter(
    lambda pair: not (pair[0] and pair[1] and pair[0] > pair[1])
)
parts = st.builds(lambda pair: Span(*pair), spans.filter(lambda p: True)) | st.builds(
    Repeat, st.integers(1, 11), st.sampled_from("DWMY")
)


@given(st.lists(parts, max_size=4, unique=True))
def test_rendering_and_reading_give_the_same(found: list[due.Part]) -> None:
    assert due.parse(due.render(tuple(found))) == tuple(found)
