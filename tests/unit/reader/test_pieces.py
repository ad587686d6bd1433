"""A task that was put together from several rows keeps each of them."""

from __future__ import annotations

from ckanext.actionplan import reader

PLAN = """План дій з відкритих даних Вербової громади на 2026-2027 роки
Завдання\tСтрок виконання\tПоказник\tВиконавці
1.1. Скласти перелік наборів\tдо 31.03.2026\tПерелік складено\tВідділ обліку
громади та її установ\t\tі оприлюднено\tВідділ праці
\tдо 30.06.2026\tПерелік оновлено\t
1.2. Провести навчання\tЩоквартально\tПроведено\tВідділ обліку
"""


def test_printed_rows_of_a_joined_task_are_kept() -> None:
    tasks = reader.read(PLAN.encode(), "plan.txt").as_dict()["review"]["tasks"]
    first, rest = tasks[0], tasks[1:]
    assert all(task["pieces"] == [] for task in rest)
    assert [piece["origin"]["row"] for piece in first["pieces"]] == [2, 3, 4]
    values = [piece["values"] for piece in first["pieces"]]
    assert [each["number"] for each in values] == ["1.1", "", ""]
    assert [each["title"] for each in values] == [
        "Скласти перелік наборів",
        "громади та її установ",
        "",
    ]
    assert [each["deadline"] for each in values] == [
        "до 31.03.2026",
        "",
        "до 30.06.2026",
    ]
    assert [each["executors"] for each in values] == [
        ["Відділ обліку"],
        ["Відділ праці"],
        [],
    ]
    assert first["pieces"][1]["cells"]["task"] == "громади та її установ"
