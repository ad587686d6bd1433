"""Merged cells of OpenDocument and HTML in the grid."""

from __future__ import annotations

from ckanext.actionplan.reader.spans import Piece, Spans, clipped, is_layout

COVERED = Piece(covered=True)


def placed(cells):
    """Text, column, span; a lower part of a merged cell as an arrow."""
    return [
        ("^" if cell.continued else cell.text, cell.column, cell.span) for cell in cells
    ]


def test_covered_cells_behind_a_wide_one_are_no_cells():
    spans = Spans()
    assert placed(spans.row([Piece(("а",), 3), COVERED, COVERED, Piece(("б",))])) == [
        ("а", 0, 3),
        ("б", 3, 1),
    ]


def test_wide_and_deep_cell_with_printed_places():
    spans = Spans()
    spans.row([Piece(("а",)), Piece(("б",), 2, 3), COVERED, Piece(("в",))])
    second = [Piece(("г",)), COVERED, COVERED, Piece(("ґ",))]
    wanted = [("г", 0, 1), ("^", 1, 2), ("ґ", 3, 1)]
    assert placed(spans.row(second)) == wanted
    assert placed(spans.row(second)) == wanted


def test_wide_and_deep_cell_without_printed_places():
    spans = Spans()
    spans.row([Piece(("а",), 2, 2), Piece(("б",))])
    assert placed(spans.row([Piece(("в",))])) == [("^", 0, 2), ("в", 2, 1)]
    assert placed(spans.row([Piece(("г",))])) == [("г", 0, 1)]


def test_last_column_goes_on_below_a_row_that_is_short():
    spans = Spans()
    spans.row([Piece(("а",)), Piece(("б",), rows=2)])
    assert placed(spans.row([Piece(("в",))])) == [("в", 0, 1), ("^", 1, 1)]


def test_end_of_a_group_ends_its_cells():
    spans = Spans()
    spans.row([Piece(("а",), rows=9), Piece(("б",))])
    spans.close()
    assert placed(spans.row([Piece(("в",)), Piece(("г",))])) == [
        ("в", 0, 1),
        ("г", 1, 1),
    ]


def test_covered_place_without_a_cell_above():
    assert placed(Spans().row([COVERED, Piece(("а",))])) == [("^", 0, 1), ("а", 1, 1)]


def test_merged_rows_are_as_wide_as_the_table():
    spans = Spans()
    rows = [spans.row([Piece(("а",), 100)]), spans.row([Piece(("б",)), Piece(("в",))])]
    assert [placed(row) for row in clipped(rows)] == [
        [("а", 0, 2)],
        [("б", 0, 1), ("в", 1, 1)],
    ]
    assert placed(clipped(rows[:1])[0]) == [("а", 0, 100)]


def test_layout_is_told_from_a_table_within_data():
    assert is_layout(0, [4, 4])
    assert is_layout(1, [4, 4, 1])
    assert not is_layout(5, [3, 3])
    assert not is_layout(0, [2, 2])
    assert not is_layout(0, [4])
