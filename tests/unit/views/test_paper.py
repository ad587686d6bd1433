"""Papers as DOCX: what Word and people who read them find."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime, timezone

import docx
import pytest
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_LEADER
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from ckanext.actionplan.reader import read
from ckanext.actionplan.views import paper
from ckanext.actionplan.views.paper import Row, Section

HEADER = ("№ з/п", "Завдання", "Строк виконання", "Показник", "Виконавець")


def written(**changes):
    given = {
        "title": ("ПЛАН ДІЙ", "щодо відкритих даних на 2026 рік"),
        "approval": ("ЗАТВЕРДЖЕНО", "Рішення міської ради", "12.02.2026 № 7/3"),
        "header": HEADER,
        "widths": (1, 6, 3, 5, 4),
        "sections": (
            Section(
                "",
                (Row(("1", "Оновити портал", "до 01.03.2026", "оновлено", "Відділ")),),
            ),
            Section(
                "II. Навчання",
                (
                    Row(("2", "Навчити двох осіб", "ІІ квартал", "2 особи", "Центр")),
                    Row(("3", "Провести захід", "постійно", "звіт", "Центр"), "task_3"),
                ),
            ),
        ),
        "signature": (("Секретар міської ради", "Ольга ЗРАЗКОВА"),),
        "subject": "План дій громади",
    }
    return paper.document(**{**given, **changes})


def opened(**changes):
    return docx.Document(io.BytesIO(written(**changes)))


def elements(document, tag):
    return list(document.element.body.iter(qn(tag)))


def test_landscape_page_with_the_margins_of_official_papers():
    section = opened().sections[0]
    assert section.orientation == WD_ORIENT.LANDSCAPE
    sizes = (section.page_width, section.page_height)
    margins = (section.left_margin, section.right_margin)
    edges = (section.top_margin, section.bottom_margin)
    for given, wanted in zip(
        (*sizes, *margins, *edges), (297, 210, 30, 10, 20, 20), strict=True
    ):
        assert abs(int(given or 0) - Mm(wanted)) < Mm(0.1)


def test_letters_and_language_are_those_of_offices():
    document = opened()
    assert document.styles["Normal"].font.name == "Times New Roman"
    assert document.styles["Normal"].font.size == Pt(14)
    assert document.styles["Title"].font.name == "Times New Roman"
    cell = document.tables[0].rows[1].cells[1].paragraphs[0].runs[0]
    assert cell.font.size in {Pt(10), Pt(11), Pt(12)}
    languages = {
        element.get(qn("w:val"))
        for element in document.styles.element.iter(qn("w:lang"))
    }
    assert languages == {"uk-UA"}
    assert not list(document.settings.element.iter(qn("w:proofState")))


def test_another_language():
    document = opened(language="en-GB")
    assert document.core_properties.language == "en-GB"
    assert (
        document.styles.element.find(f".//{qn('w:lang')}").get(qn("w:val")) == "en-GB"
    )


def test_all_rows_are_there_in_order():
    rows = [[cell.text for cell in row.cells] for row in opened().tables[0].rows]
    assert rows[0] == list(HEADER)
    assert rows[1][1] == "Оновити портал"
    assert rows[2] == ["II. Навчання"] * 5
    assert [row[0] for row in rows[3:]] == ["2", "3"]


def test_section_goes_across_the_table_in_bold_and_stays_with_its_rows():
    row = opened().tables[0].rows[2]
    cells = row._tr.tc_lst
    assert [cell.grid_span for cell in cells] == [len(HEADER)]
    paragraph = row.cells[0].paragraphs[0]
    assert all(run.bold for run in paragraph.runs)
    assert paragraph.paragraph_format.keep_with_next
    assert paragraph.alignment == WD_ALIGN_PARAGRAPH.CENTER


def test_header_returns_on_every_page_and_is_one_for_screen_readers():
    table = opened().tables[0]
    assert [bool(row._tr.findall(f".//{qn('w:tblHeader')}")) for row in table.rows] == [
        True,
        *[False] * 4,
    ]
    look = table._tbl.tblPr
    assert look.find(qn("w:tblLook")).get(qn("w:firstRow")) == "1"
    caption = look.find(qn("w:tblCaption")).get(qn("w:val"))
    assert caption == "ПЛАН ДІЙ щодо відкритих даних на 2026 рік"


def test_widths_are_shares_of_the_text_width():
    grid = [int(each.get(qn("w:w"))) for each in elements(opened(), "w:gridCol")]
    assert abs(sum(grid) - Mm(257) / 635) < 5
    assert abs(grid[1] / grid[0] - 6) < 0.05


def test_rows_stay_whole_unless_they_are_longer_than_a_page():
    long = "Дуже довгий опис виконання завдання. " * 200
    rows = (
        Row(("1", "Коротке", "до 01.03.2026", "є", "Відділ")),
        Row(("2", "Довге", "до 01.03.2026", long, "Відділ")),
        Row(("3", "\n".join("рядок" for _ in range(60)), "", "", "")),
    )
    table = opened(sections=(Section("", rows),)).tables[0]
    whole = [bool(row._tr.findall(f".//{qn('w:cantSplit')}")) for row in table.rows]
    assert whole == [True, True, False, False]
    assert table.rows[2].cells[3].text == long


def test_pages_but_the_first_are_numbered():
    section = opened().sections[0]
    assert section.different_first_page_header_footer
    assert "PAGE" in section.header._element.xpath("string(.//w:instrText)")
    assert "PAGE" not in section.first_page_header._element.xpath(
        "string(.//w:instrText)"
    )


def test_approval_stands_on_the_right_half_and_the_title_in_the_middle():
    document = opened()
    approval, title = document.paragraphs[0], document.paragraphs[3]
    assert approval.text == "ЗАТВЕРДЖЕНО"
    indent = int(approval.paragraph_format.left_indent or 0)
    assert abs(indent - Mm(257 / 2)) < Mm(1)
    assert title.text == "ПЛАН ДІЙ"
    assert title.style.name == "Title"
    assert title.style.font.bold
    assert title.style.element.pPr.find(qn("w:jc")).get(qn("w:val")) == "center"


def test_signature_with_a_line_never_stands_alone_on_a_page():
    document = opened()
    last = document.paragraphs[-1]
    assert last.text == "Секретар міської ради\t\t\tОльга ЗРАЗКОВА"
    leaders = [stop.leader for stop in last.paragraph_format.tab_stops]
    assert leaders[1] == WD_TAB_LEADER.LINES
    kept = document.tables[0].rows[-1].cells
    assert all(cell.paragraphs[0].paragraph_format.keep_with_next for cell in kept)
    before = document.tables[0].rows[-2].cells[0].paragraphs[0]
    assert not before.paragraph_format.keep_with_next


def test_bookmark_is_around_the_first_cell():
    document = opened()
    start, end = (
        elements(document, "w:bookmarkStart"),
        elements(document, "w:bookmarkEnd"),
    )
    assert [each.get(qn("w:name")) for each in start] == ["task_3"]
    assert [each.get(qn("w:id")) for each in start] == [
        each.get(qn("w:id")) for each in end
    ]
    paragraph = start[0].getparent()
    assert paragraph is end[0].getparent()
    places = [child.tag for child in paragraph]
    inside = places[
        places.index(qn("w:bookmarkStart")) : places.index(qn("w:bookmarkEnd"))
    ]
    assert qn("w:r") in inside


@pytest.mark.parametrize("name", ["a b", "1a", "a" * 41, "x-y"])
def test_names_that_word_refuses(name):
    with pytest.raises(ValueError, match="bookmark"):
        written(sections=(Section("", (Row(("",) * 5, name),)),))


def test_a_bookmark_comes_once():
    rows = (Row(("1",) * 5, "same"), Row(("2",) * 5, "same"))
    with pytest.raises(ValueError, match="used before"):
        written(sections=(Section("", rows),))


@pytest.mark.parametrize(
    "changes",
    [
        {"sections": (Section("", (Row(("1", "2")),)),)},
        {"widths": (1, 2)},
        {"annex": b"{}"},
    ],
)
def test_what_makes_no_paper(changes):
    with pytest.raises(ValueError):  # noqa: PT011 - each has its own words
        written(**changes)


def test_annex_is_a_part_that_word_keeps():
    annex = '<plan xmlns="urn:example"><task id="1">Їжак</task></plan>'.encode()
    with zipfile.ZipFile(io.BytesIO(written(annex=annex))) as file:
        assert file.read("customXml/item1.xml") == annex
        assert b"itemProps1.xml" in file.read("customXml/_rels/item1.xml.rels")
        assert b"datastoreItem" in file.read("customXml/itemProps1.xml")
        relations = file.read("word/_rels/document.xml.rels").decode()
    assert "customXml/item1.xml" in relations


def test_no_annex_no_part():
    with zipfile.ZipFile(io.BytesIO(written())) as file:
        assert not [name for name in file.namelist() if name.startswith("customXml")]


def test_same_input_same_bytes():
    annex = b"<plan/>"
    made = written(annex=annex)
    assert made == written(annex=annex)
    assert made != written(annex=b"<plan a='1'/>")
    with zipfile.ZipFile(io.BytesIO(made)) as file:
        assert {entry.date_time for entry in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_properties_say_what_the_paper_is():
    about = opened(author="Портал громади").core_properties
    assert about.title == "ПЛАН ДІЙ щодо відкритих даних на 2026 рік"
    assert (about.subject, about.author) == ("План дій громади", "Портал громади")
    assert about.language == "uk-UA"
    assert about.comments == about.last_modified_by == ""
    assert about.created.replace(tzinfo=timezone.utc) < datetime.now(timezone.utc)


def test_long_titles_fit_into_the_properties():
    about = opened(title=("Слово " * 100,), subject="Слово " * 100).core_properties
    assert len(about.title) <= 255
    assert len(about.subject) <= 255


def test_what_xml_cannot_hold_is_left_out():
    nasty = "a\x00\x0b\x1f\ud800\uffffb\r\nc\td & <e>"
    document = opened(
        title=(nasty,),
        approval=(nasty,),
        subject=nasty,
        header=(nasty, *HEADER[1:]),
        sections=(Section(nasty, (Row((nasty,) * 5),)),),
        signature=((nasty, nasty),),
    )
    cell = document.tables[0].rows[2].cells[0]
    assert cell.text == "ab\nc\td & <e>"
    assert len(cell.paragraphs) == 2
    assert document.core_properties.subject == "ab\nc\td & <e>"


@pytest.mark.parametrize(
    "broken", ["https://[дані", "https://", "http://?a=1", "https://a.ua/" + "x" * 2000]
)
def test_broken_addresses_are_text(broken):
    text = f"див. {broken} і https://data.gov.ua/a"
    pieces = list(paper.addresses(text))
    assert "".join(piece for piece, _ in pieces) == text
    assert [piece for piece, address in pieces if address] == ["https://data.gov.ua/a"]


def test_addresses_can_be_clicked_without_the_mark_after_them():
    text = (
        "Наказ, https://council.example/acts/7?a=1&b=2, і (https://council.example/x)."
    )
    document = opened(sections=(Section("", (Row((text, text, "", "", "")),)),))
    paragraph = document.tables[0].rows[1].cells[0].paragraphs[0]
    assert paragraph.text == text
    assert [link.address for link in paragraph.hyperlinks] == [
        "https://council.example/acts/7?a=1&b=2",
        "https://council.example/x",
    ]
    external = [rel for rel in document.part.rels.values() if rel.is_external]
    assert len(external) == 2


def test_a_paper_without_a_table():
    document = opened(header=(), widths=(), sections=(), lead=("Немає завдань.",))
    assert not document.tables
    assert "Немає завдань." in [paragraph.text for paragraph in document.paragraphs]


def test_a_paper_without_a_signature_ends_with_a_paragraph():
    document = opened(signature=())
    assert document.element.body[-2].tag == qn("w:p")


def test_no_style_that_is_not_there():
    document = opened()
    styles = document.styles.element
    known = {each.get(qn("w:styleId")) for each in styles.iter(qn("w:style"))}
    used = {
        each.get(qn("w:val"))
        for root in (document.element, styles)
        for tag in (
            "w:pStyle",
            "w:rStyle",
            "w:tblStyle",
            "w:basedOn",
            "w:next",
            "w:link",
        )
        for each in root.iter(qn(tag))
    }
    assert used <= known


def test_our_own_reader_reads_it():
    draft = read(written(), "plan.docx")
    assert [task.values["title"] for task in draft.tasks] == [
        "Оновити портал",
        "Навчити двох осіб",
        "Провести захід",
    ]
    assert draft.tasks[2].values["section"] == "II. Навчання"
