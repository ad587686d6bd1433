"""Plans as ODT in several layouts, written as an office program would save them."""

from __future__ import annotations

import io
import zipfile

import pytest

from ckanext.actionplan import reader
from ckanext.actionplan.reader import Limits, ReaderError

SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "style", "table", "text")
) + (
    ' xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"'
    ' xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"'
    ' xmlns:loext="urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0"'
)
MIMETYPE = "application/vnd.oasis.opendocument.text"
TITLE = (
    "<text:p>План дій з відкритих даних у Вербівській сільській раді</text:p>"
    "<text:p>на 2025<text:s/>–<text:s/>2026 роки</text:p>"
)
HEADER = ("Завдання", "Строк виконання", "Показник", "Виконавець")
IT = "Сектор цифрового розвитку"
HR = "Відділ кадрів"


def p(*texts):
    return "".join(f"<text:p>{text}</text:p>" for text in texts)


def cell(content, **merged):
    """`columns` and `rows` are what the cell covers."""
    spans = "".join(
        f' table:number-{name}-spanned="{count}"' for name, count in merged.items()
    )
    content = content if content.startswith("<") else p(content)
    return f"<table:table-cell{spans}>{content}</table:table-cell>"


COVERED = "<table:covered-table-cell/>"


def row(*cells):
    inner = "".join(
        c if c.startswith(("<table:table-cell", "<table:cov")) else cell(c)
        for c in cells
    )
    return f"<table:table-row>{inner}</table:table-row>"


def section(text, width=4):
    return row(cell(text, columns=width), *[COVERED] * (width - 1))


def table(*rows, columns=4):
    return (
        f'<table:table><table:table-column table:number-columns-repeated="{columns}"/>'
        f"{''.join(rows)}</table:table>"
    )


def package(body, automatic="", styles="", **entries):
    content = (
        f"<office:document-content {SPACES}><office:automatic-styles>{automatic}"
        f"</office:automatic-styles><office:body><office:text>{body}</office:text>"
        "</office:body></office:document-content>"
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("mimetype", MIMETYPE, zipfile.ZIP_STORED)
        target.writestr("content.xml", content)
        if styles:
            root = f"<office:document-styles {SPACES}>{styles}</office:document-styles>"
            target.writestr("styles.xml", root)
        for name, data in entries.items():
            target.writestr(name, data)
    return stream.getvalue()


def read(body, automatic="", styles=""):
    return reader.read(package(body, automatic, styles)).as_dict()


def column(draft, name):
    return [task[name] for task in draft["tasks"]]


def blocks(body, automatic="", styles=""):
    grid = reader.read_grid(package(body, automatic, styles), Limits())
    return [block.text for block in grid.blocks]


def refused(data, limits=None):
    with pytest.raises(ReaderError) as caught:
        reader.read(data, limits=limits)
    assert str(caught.value).endswith(".")
    return caught.value.code


def test_plan_with_merged_rows_and_a_second_deadline():
    draft = read(
        TITLE
        + table(
            f"<table:table-header-rows>{row(*HEADER)}</table:table-header-rows>",
            section("1. Правила"),
            row(cell("1.1. Ухвалити порядок", rows=2), "до 01.06.2025", "Проєкт", IT),
            "<text:soft-page-break/>",
            row(COVERED, "до 01.09.2025", "Порядок", HR),
            section("2. Люди"),
            row("2.1.Провести<text:s text:c='3'/>навчання", "щороку", "Є", HR),
        )
    )
    assert column(draft, "number") == ["1.1", "1.1", "2.1"]
    assert column(draft, "title")[2] == "Провести навчання"
    assert column(draft, "section") == ["1. Правила", "1. Правила", "2. Люди"]
    assert column(draft, "due") == ["../2025-06-01", "../2025-09-01", "R/P1Y"]
    assert column(draft, "executors") == [[IT], [HR], [HR]]
    assert draft["authority"] == "Вербівська сільська рада"
    assert (draft["period_start"], draft["period_end"]) == ("2025-01-01", "2026-12-31")


def test_six_columns_with_principles_printed_once():
    """The layout of the Charter: principle, its content, four columns of the task."""
    head = (
        "Принципи Хартії",
        "Зміст принципу",
        "Завдання",
        "Термін",
        "Очікуваний результат",
        "Відповідальні",
    )
    draft = read(
        TITLE
        + table(
            row(*head),
            row(*"123456"),
            row(
                cell("І. Відкритість за замовчуванням", rows=2),
                cell("Дані відкриті всім", rows=2),
                "1. Скласти реєстр",
                "ІІ квартал 2025",
                "Реєстр оприлюднено",
                p(IT, HR),
            ),
            row(COVERED, COVERED, "2. Звірити реєстр", "щомісяця", "Акт", IT),
            row(
                "ІІ. Оперативність і чіткість",
                "Дані вчасні",
                "1. Оновити набори",
                "постійно",
                "Набори оновлено",
                IT,
            ),
            columns=6,
        )
    )
    assert column(draft, "number") == ["1", "2", "1"]
    assert [text[:10] for text in column(draft, "principle")] == [
        "І. Відкрит",
        "І. Відкрит",
        "ІІ. Операт",
    ]
    assert column(draft, "due") == ["2025-04-01/2025-06-30", "R/P1M", "../.."]
    assert column(draft, "executors")[0] == [IT, HR]


LEVELS = (
    '<text:list-level-style-number text:level="1" style:num-suffix="." '
    'style:num-format="1"/>'
    '<text:list-level-style-number text:level="2" style:num-suffix="." '
    'style:num-format="1" text:display-levels="2"/>'
)
STYLE = f'<text:list-style style:name="L1">{LEVELS}</text:list-style>'


def first(text, going_on=True, attributes=""):
    more = ' text:continue-numbering="true"' if going_on else ""
    return (
        f'<text:list text:style-name="L1"{more}><text:list-item{attributes}>'
        f"<text:p>{text}</text:p></text:list-item></text:list>"
    )


def second(text, attributes=""):
    return (
        '<text:list text:style-name="L1" text:continue-numbering="true">'
        f"<text:list-item><text:list><text:list-item{attributes}><text:p>{text}</text:p>"
        "<text:p>продовження</text:p></text:list-item></text:list></text:list-item>"
        "</text:list>"
    )


def test_automatic_numbers_go_on_from_cell_to_cell():
    draft = read(
        TITLE
        + table(
            row(*HEADER),
            section(first("Правила", going_on=False)),
            row(second("Ухвалити"), "постійно", "Є", IT),
            row(second("Змінити"), "щороку", "Є", IT),
            section(first("Люди")),
            row(second("Навчити"), "щороку", "Є", HR),
        ),
        STYLE,
    )
    assert column(draft, "number") == ["1.1", "1.2", "2.1"]
    assert column(draft, "title")[1] == "Змінити продовження"
    assert column(draft, "section") == ["1. Правила", "1. Правила", "2. Люди"]


def test_lists_that_start_anew_go_on_by_name_or_are_set():
    body = (
        '<text:list xml:id="a" text:style-name="L1">'
        "<text:list-header><text:p>вступ</text:p></text:list-header>"
        "<text:list-item><text:p>один</text:p></text:list-item></text:list>"
        + first("знову один", going_on=False)
        + '<text:list text:continue-list="a" text:style-name="L1">'
        "<text:list-item><text:p>два</text:p></text:list-item></text:list>"
        + first("вісім", attributes=' text:start-value="8"')
        + second("вісім-один")
        + first("дев'ять")
    )
    assert blocks(body, STYLE) == [
        "вступ",
        "1. один",
        "1. знову один",
        "2. два",
        "8. вісім",
        "8.1. вісім-один",
        "продовження",
        "9. дев'ять",
    ]


@pytest.mark.parametrize(
    ("attributes", "labels"),
    [
        ('style:num-format="I" style:num-suffix=")"', ["I)", "II)", "III)"]),
        ('style:num-format="a" style:num-prefix="("', ["(a", "(b", "(c"]),
        ('style:num-format="А, Б, .., Аа, Аб, ... (uk)"', ["А", "Б", "В"]),
        ('style:num-format="01, 02, 03, ..."', ["01", "02", "03"]),
        ('style:num-format="1" loext:num-list-format="п. %1%:"', ["п. 1:", "п. 2:", "п. 3:"]),
        ('style:num-format="1" text:start-value="5"', ["5", "6", "7"]),
        ('style:num-format=""', ["", "", ""]),
        ('style:num-format="A" text:start-value="26"', ["Z", "AA", "AB"]),
        (
            'style:num-format="a" style:num-letter-sync="true" text:start-value="26"',
            ["z", "aa", "bb"],
        ),
    ],
)  # fmt: skip
def test_forms_of_numbers(attributes, labels):
    style = (
        f'<text:list-style style:name="L1"><text:list-level-style-number text:level="1" '
        f"{attributes}/></text:list-style>"
    )
    body = first("х", going_on=False) + first("х") + first("х")
    assert blocks(body, styles=style) == [f"{label} х".strip() for label in labels]


def test_bullets_have_no_number_and_paragraph_styles_name_lists():
    bullets = (
        '<text:list-style style:name="B"><text:list-level-style-bullet text:level="1" '
        'text:bullet-char="•" style:num-format="1"/></text:list-style>'
    )
    named = (
        '<style:style style:name="P1" style:family="paragraph" '
        'style:parent-style-name="P0"/><style:style style:name="P0" '
        'style:family="paragraph" style:list-style-name="L1"/>'
    )
    body = (
        '<text:list text:style-name="B"><text:list-item><text:p>крапка</text:p>'
        "</text:list-item></text:list><text:list><text:list-item>"
        '<text:p text:style-name="P1">один</text:p></text:list-item></text:list>'
    )
    assert blocks(body, STYLE + bullets + named) == ["крапка", "1. один"]


def test_headings_are_numbered_by_the_outline():
    outline = (
        '<text:outline-style style:name="Outline"><text:outline-level-style '
        'text:level="1" style:num-format="I" style:num-suffix="."/>'
        '<text:outline-level-style text:level="2" style:num-format=""/>'
        "</text:outline-style>"
    )
    body = (
        '<text:h text:outline-level="1">Один</text:h>'
        '<text:h text:outline-level="2">Без номера</text:h>'
        '<text:h text:outline-level="1" text:is-list-header="true">Вступ</text:h>'
        '<text:h text:outline-level="1">Два</text:h>'
        '<text:h text:outline-level="1"><text:number>7.</text:number>Сім</text:h>'
    )
    data = package(body, styles=outline)
    grid = reader.read_grid(data, Limits())
    assert [block.text for block in grid.blocks] == [
        "I. Один",
        "Без номера",
        "Вступ",
        "II. Два",
        "7. Сім",
    ]
    assert [block.heading for block in grid.blocks] == [1, 2, 1, 1, 1]


def test_only_what_is_seen_is_text():
    """Deletions, notes, comments, hidden text, contents are not; insertions are."""
    hidden = (
        '<style:style style:name="T9" style:family="text"><style:text-properties '
        'text:display="none"/></style:style>'
    )
    body = (
        '<text:tracked-changes><text:changed-region text:id="c1"><text:deletion>'
        "<text:p>старе</text:p></text:deletion></text:changed-region>"
        "</text:tracked-changes><text:table-of-content><text:index-body>"
        "<text:p>Зміст</text:p></text:index-body></text:table-of-content>"
        '<text:p>Скласти<text:change text:change-id="c1"/> '
        '<text:change-start text:change-id="c2"/>новий<text:change-end '
        'text:change-id="c2"/> ре\u00adєстр<text:note><text:note-citation>1'
        "</text:note-citation><text:note-body><text:p>примітка</text:p>"
        "</text:note-body></text:note><office:annotation><text:p>зауваження</text:p>"
        '</office:annotation><text:span text:style-name="T9"> таємно</text:span>\n'
        " наборів<text:tab/>даних<text:line-break/>громади</text:p>"
        '<text:section text:display="none"><text:p>сховано</text:p></text:section>'
        "<text:section><text:p>видно</text:p></text:section>"
    )
    assert blocks(body, hidden) == [
        "Скласти новий реєстр наборів даних громади",
        "видно",
    ]


def test_text_boxes_and_shapes_follow_their_paragraph():
    box = (
        "<draw:frame><draw:text-box><text:p>ЗАТВЕРДЖЕНО</text:p>"
        "<text:p>рішення виконкому</text:p><text:p>від 12.03.2025 № 15</text:p>"
        "</draw:text-box><svg:title>рамка</svg:title></draw:frame>"
    )
    shape = "<draw:custom-shape><text:p>у фігурі</text:p></draw:custom-shape>"
    body = f"<text:p>Рада<text:span>{box}</text:span></text:p>{TITLE}" + table(
        row(*HEADER),
        row(f"<text:p>1. Створити{shape}</text:p>", "постійно", "Є", IT),
    )
    draft = read(body)
    assert (draft["approval_number"], draft["approval_date"]) == ("15", "2025-03-12")
    assert column(draft, "title") == ["Створити у фігурі"]


def test_plan_inside_a_table_that_lays_out_the_page():
    inner = table(row(*HEADER), row("1. Створити", "постійно", "Є", IT))
    draft = read(table(row(cell(TITLE), ""), row(cell(inner), ""), columns=2))
    assert column(draft, "title") == ["Створити"]
    assert draft["period_start"] == "2025-01-01"


def test_table_inside_a_cell_is_text_of_the_cell():
    small = table(row("курсів", "2"), row("новин", "4"), columns=2)
    draft = read(TITLE + table(row(*HEADER), row("1. Створити", "постійно", small, IT)))
    assert column(draft, "indicator") == ["курсів 2 новин 4"]


def test_cell_split_into_rows():
    def split(*rows):
        inner = table(*rows, columns=1).replace(
            "<table:table>", '<table:table table:is-sub-table="true">'
        )
        return cell(inner)

    draft = read(
        TITLE
        + table(
            row(*HEADER),
            row(
                "1. Скласти",
                split(row("до 01.06.2025"), row("до 01.09.2025")),
                split(row("Проєкт"), row("Реєстр")),
                IT,
            ),
            row("2. Далі", "щороку", "Є", HR),
        )
    )
    assert column(draft, "number") == ["1", "2"]
    assert column(draft, "due") == ["../2025-06-01; ../2025-09-01", "R/P1Y"]
    assert column(draft, "indicator") == ["Проєкт Реєстр", "Є"]
    assert column(draft, "executors") == [[IT], [HR]]


def test_repeated_cells_and_rows():
    blank = '<table:table-cell table:number-columns-repeated="3"/>'
    gap = (
        '<table:table-row table:number-rows-repeated="900000"><table:table-cell '
        'table:number-columns-repeated="4"/></table:table-row>'
    )
    draft = read(
        TITLE
        + table(
            row(*HEADER),
            f"<table:table-row>{cell('1. Правила')}{blank}</table:table-row>",
            row("1.1. Створити", "постійно", "Є", IT),
            gap,
        )
    )
    assert column(draft, "section") == ["1. Правила"]


def test_merged_cell_whose_covered_cells_are_missing():
    draft = read(
        TITLE
        + table(
            row(*HEADER),
            f"<table:table-row>{cell('1. Правила', columns=4)}</table:table-row>",
            row(cell("1.1. Створити", rows=2), "до 01.06.2025", "Є", IT),
            row("до 01.09.2025", "Далі", HR),
        )
    )
    assert column(draft, "due") == ["../2025-06-01", "../2025-09-01"]
    assert column(draft, "section") == ["1. Правила"] * 2


def test_locked_and_damaged_documents_say_so():
    manifest = {"META-INF/manifest.xml": "<m><manifest:encryption-data/></m>"}
    assert refused(package("", **manifest)) == "encrypted"
    assert refused(package("", **{"encrypted-package": "x"})) == "encrypted"
    assert refused(package("<text:p>")) == "damaged_xml"
    assert refused(package(p("Лист"))) == "no_plan"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as target:
        target.writestr("mimetype", MIMETYPE)
        target.writestr("content.xml", '<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>')
    assert refused(stream.getvalue()) == "doctype"


def test_limits():
    many = table(
        '<table:table-row table:number-rows-repeated="999999999">'
        f"{cell('х')}</table:table-row>"
    )
    assert refused(package(many)) == "too_many_rows"
    wide = table(
        '<table:table-row><table:table-cell table:number-columns-repeated="999999999">'
        "<text:p>х</text:p></table:table-cell></table:table-row>"
    )
    assert refused(package(wide)) == "too_many_cells"
    deep = "<text:section>" * 300 + "</text:section>" * 300
    assert refused(package(deep)) == "too_deep"
    nested = "<text:list><text:list-item>" * 90 + "</text:list-item></text:list>" * 90
    assert refused(package(nested)) == "no_plan"


def test_ending():
    data = package(TITLE + table(row(*HEADER), row("1. Створити", "2025", "Є", IT)))
    for name, codes in (("план.odt", []), ("план.docx", ["wrong_ending"])):
        doubts = reader.read(data, name).as_dict()["review"]["doubts"]
        assert [d["code"] for d in doubts if d["code"] == "wrong_ending"] == codes
