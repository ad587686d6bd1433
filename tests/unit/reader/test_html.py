"""Plans on saved pages of councils' sites, in several layouts and encodings."""

from __future__ import annotations

import base64
import quopri

import pytest

from ckanext.actionplan import reader
from ckanext.actionplan.reader import Limits, ReaderError
from ckanext.actionplan.reader.charset import text_of
from ckanext.actionplan.reader.kind import Kind, kind_of

IT = "Сектор цифрового розвитку"
HR = "Відділ кадрів"
TITLE = (
    "<h1>План дій з відкритих даних у Калинівській сільській раді "
    "на 2025&ndash;2026 роки</h1>"
)
HEAD = (
    "<tr><th>Завдання</th><th>Строк виконання</th><th>Показник</th>"
    "<th>Виконавець</th></tr>"
)


def row(*cells):
    """Cells may bring their own tag."""
    inner = "".join(
        cell if cell.startswith("<td") else f"<td>{cell}</td>" for cell in cells
    )
    return f"<tr>{inner}</tr>"


def table(*rows):
    return f"<table>{HEAD}{''.join(rows)}</table>"


ONE = row("1. Створити реєстр", "постійно", "Реєстр є", IT)


def page(body, head="<meta charset=utf-8>"):
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>"


def read(body, encoding="utf-8", **options):
    return reader.read(page(body, **options).encode(encoding)).as_dict()


def column(draft, name):
    return [task[name] for task in draft["tasks"]]


def texts(body):
    """Texts of all blocks of the grid."""
    grid = reader.read_grid(page(body).encode(), Limits())
    return [block.text for block in grid.blocks if block.text]


def refused(data, limits=None):
    with pytest.raises(ReaderError) as caught:
        reader.read(data, limits=limits)
    assert str(caught.value).endswith(".")
    return caught.value.code


def test_page_of_a_site_with_everything_around():
    draft = read(
        "<script>var t = '<table><tr><td>9. Ні</td></tr></table>';</script>"
        "<header><a href='/'>Калинівська громада</a><nav><ul><li>Новини</ul></nav>"
        "</header><div class='breadcrumbs'>Головна / Документи</div><main><article>"
        f"{TITLE}<div>ЗАТВЕРДЖЕНО<br>рішення виконкому<br>від 12.03.2025 № 15</div>"
        "<table><caption>Заходи</caption><thead>"
        f"{HEAD}</thead><tbody>{row('<td colspan=4><b>1. Правила</b></td>')}"
        + row(
            "<td rowspan=2>1.1. Ухвалити по&shy;рядок</td>",
            "до&nbsp;01.06.2025",
            "<p>Проєкт</p><p>Громадські слухання</p>",
            f"{IT}<br>{HR}",
        )
        + row("до 01.09.2025", "Порядок", HR)
        + "</tbody></table></article></main><aside>План дій на 2019 рік</aside>"
        "<footer>Рішення № 99 від 01.01.2020. Усі права захищено</footer>"
        "<div id='cookie-banner'>Ми вживаємо файли</div>"
    )
    assert column(draft, "number") == ["1.1", "1.1"]
    assert column(draft, "title") == ["Ухвалити порядок"] * 2
    assert column(draft, "due") == ["../2025-06-01", "../2025-09-01"]
    assert column(draft, "indicator") == ["Проєкт Громадські слухання", "Порядок"]
    assert column(draft, "executors") == [[IT, HR], [HR]]
    assert column(draft, "section") == ["1. Правила"] * 2
    assert (draft["approval_number"], draft["approval_date"]) == ("15", "2025-03-12")
    assert draft["authority"] == "Калинівська сільська рада"
    assert (draft["period_start"], draft["period_end"]) == ("2025-01-01", "2026-12-31")


def test_only_the_page_itself_is_text():
    around = (
        "<header><p>гасло</p></header><nav>меню</nav><div role=navigation>ще</div>"
        "<ul class='main-menu'><li>Новини</ul><div class='cookie-notice'>файли</div>"
        "<div id=sidebar>збоку</div><select><option>рік</select><button>друк</button>"
        "<style>p {}</style><noscript>увімкніть</noscript><footer>низ</footer>"
    )
    own = (
        "<header><h1>Заголовок</h1></header><div class='has-sidebar'>лівий</div>"
        f"<div class='menu-page'>{table(ONE)}</div><p class=lead>правий</p>"
    )
    words = texts(around + own)
    assert [words[0], words[1], words[-1]] == ["Заголовок", "лівий", "правий"]
    assert len(words) == 5


def test_merged_cells_end_with_their_part_of_the_table():
    body = (
        f"<table><thead>{HEAD.replace('<th>', '<th rowspan=5>')}</thead><tbody>{ONE}"
        "</tbody></table>"
    )
    assert column(read(TITLE + body), "title") == ["Створити реєстр"]


def test_old_page_of_nested_tables_without_closing_tags():
    """Six columns, ends of rows and cells left out, the menu in a cell beside."""
    menu = "<table><tr><td>Головна<tr><td>Новини<tr><td>Контакти</table>"
    head = "".join(
        f"<td>{name}"
        for name in (
            "Принцип",
            "Зміст принципу",
            "Завдання",
            "Термін",
            "Очікуваний результат",
            "Відповідальні",
        )
    )
    plan = (
        f"<table border=1><tr>{head}"
        "<tr><td rowspan=2>І. Відкритість за замовчуванням<td rowspan=2>Дані відкриті"
        f"<td>1. Скласти реєстр<td>ІІ квартал 2025<td>Реєстр<td>{IT}"
        f"<tr><td>2. Звірити реєстр<td>щомісяця<td>Акт<td>{HR}"
        "<tr><td>ІІ. Оперативність і чіткість<td>Дані вчасні"
        f"<td>1. Оновити набори<td>постійно<td>Оновлено<td>{IT}</table>"
    )
    draft = read(
        "<table width=100%><tr><td colspan=3><font size=5>Калинівська громада</font>"
        f"<tr><td>{menu}<td><center>{TITLE}</center>{plan}<td>реклама"
        "<tr><td colspan=3>тел. 1-23-45</table>",
        encoding="cp1251",
        head='<meta http-equiv=Content-Type content="text/html; charset=windows-1251">',
    )
    assert column(draft, "number") == ["1", "2", "1"]
    assert column(draft, "due") == ["2025-04-01/2025-06-30", "R/P1M", "../.."]
    assert [text[:4] for text in column(draft, "principle")] == ["І. В", "І. В", "ІІ. "]
    assert column(draft, "executors") == [[IT], [HR], [IT]]


def test_roadmap_of_three_columns_under_headings():
    """No numbers, no executors; two deadlines with a result each."""
    title = "Дорожня карта відкритих даних Лугівської міської ради на 2026 рік"
    head = "<tr><td><strong>Завдання</strong><td>Строки<td>Результативність</tr>"
    draft = read(
        f"<div class=site-branding>Лугова</div><div class=site-content><h2>{title}</h2>"
        f"<h3>Розділ 1. Люди</h3><figure><table><tbody>{head}"
        + row("<td rowspan=2>Навчити осіб</td>", "І квартал 2026 року", "Програма")
        + row("ІV квартал 2026", "Навчено всіх")
        + row("Провести зустріч<br/>з громадою", "двічі на рік", "Дві зустрічі")
        + "</table></figure><h3>Розділ 2. Дані</h3><figure><table>"
        + row("Оновити набори", "щомісяця", "Набори оновлено")
        + "</table></figure><p>Секретар ради &nbsp; &nbsp; Ольга ЛУГОВА</p></div>"
        "<div class=sharing>Поділитися</div>"
    )
    assert draft["title"] == title
    assert column(draft, "title") == [
        "Навчити осіб",
        "Провести зустріч з громадою",
        "Оновити набори",
    ]
    assert column(draft, "due") == [
        "2026-01-01/2026-03-31; 2026-10-01/2026-12-31",
        "R/P6M",
        "R/P1M",
    ]
    assert column(draft, "section") == [
        "Розділ 1. Люди",
        "Розділ 1. Люди",
        "Розділ 2. Дані",
    ]
    assert draft["approval_signatory"] == "Ольга ЛУГОВА"


def test_page_that_word_saved():
    """Labels printed by Word, its own elements, fields, notes, deletions."""

    def paragraph(text, label=""):
        mark = (
            "<![if !supportLists]><span style='mso-list:Ignore'>"
            f"{label}<span style='font:7.0pt'>&nbsp;&nbsp;&nbsp; </span></span><![endif]>"
        )
        return f"<p class=MsoListParagraph>{mark if label else ''}{text}<o:p></o:p></p>"

    draft = read(
        "<!--[if gte mso 9]><xml><w:View>Normal</w:View></xml><![endif]-->"
        "<xml><w:Data>План дій</w:Data></xml>"
        f"<div class=WordSection1><p class=MsoNormal align=center>{TITLE}</p>"
        + table(
            row(f"<td colspan=4>{paragraph('Правила', '1.')}</td>"),
            row(
                paragraph("Ухвалити\r\n  порядок", "1.1."),
                "<p>до <del>01.05.2025</del><ins>01.06.2025</ins></p>",
                paragraph("Порядок", "·") + paragraph("оприлюднено", "o"),
                f"<p>{IT}<a style='mso-footnote-id:ftn1'>[1]</a><o:p>&nbsp;</o:p></p>",
            ),
        )
        + "</div><div style='mso-element:footnote-list'><div style='mso-element:footnote'>"
        "<p>[1] примітка</p></div></div>"
    )
    assert column(draft, "number") == ["1.1"]
    assert column(draft, "title") == ["Ухвалити порядок"]
    assert column(draft, "section") == ["1. Правила"]
    assert column(draft, "deadline") == ["до 01.06.2025"]
    assert column(draft, "indicator") == ["Порядок оприлюднено"]
    assert column(draft, "executors") == [[IT]]


def test_numbers_that_the_browser_shows():
    lists = (
        "<ol><li>один<li><p>два</p><p>далі</p><li value=7>сім<li>8. вісім</ol>"
        "<ol start=3 type=I><li>три</ol><ol type=a reversed><li>а</ol>"
        "<ol style='list-style:none'><li>без</ol><ul><li>крапка</ul>"
        "<ol><li>зовні<ol><li>усередині</ol></ol>"
    )
    assert texts(lists) == [
        "1. один",
        "2. два",
        "далі",
        "7. сім",
        "8. вісім",
        "III. три",
        "a. а",
        "без",
        "крапка",
        "1. зовні",
        "1. усередині",
    ]
    draft = read(
        TITLE
        + table(
            row("<ol><li>Створити реєстр</ol>", "постійно", "Є", IT),
            row("<ol start=2><li>Навчити людей</ol>", "щороку", "Є", HR),
        )
    )
    assert column(draft, "number") == ["1", "2"]


@pytest.mark.parametrize(
    "encoding", ["cp1251", "koi8_u", "cp1125", "iso8859_5", "utf-8"]
)
@pytest.mark.parametrize("declared", ["", "utf-8", "iso-8859-1", "no-such"])
def test_encoding_is_guessed_when_the_page_tells_none_or_a_wrong_one(
    encoding, declared
):
    # These encodings lack some of the letters and signs.
    body = TITLE.replace("&ndash;", "-") + table(ONE)
    head = f"<meta charset={declared}>" if declared else ""
    assert column(read(body, encoding, head=head), "title") == ["Створити реєстр"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_marks_and_wide_letters(encoding):
    draft = read(TITLE + table(ONE), encoding, head="<meta charset=windows-1251>")
    assert column(draft, "title") == ["Створити реєстр"]


def test_a_few_damaged_letters_leave_a_page_readable():
    text = "Перелік наборів, що оприлюднюються громадою. " * 20
    assert text_of(text.encode() + b"\xd0").startswith(text)
    assert text_of(b"\xff" + text.encode("cp1251"), "base64").endswith(text)


def test_letters_behind_a_long_program_are_found():
    text = "var a = 1;" * 40_000 + "Перелік наборів даних громади"
    assert text_of(text.encode("koi8_u")) == text


def test_declared_encoding_wins_among_those_that_fit():
    assert text_of("Їжак і ґедзь".encode("koi8_u"), "koi8-u") == "Їжак і ґедзь"


@pytest.mark.parametrize("transfer", ["quoted-printable", "base64", "8bit"])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1251"])
def test_page_saved_as_one_file(transfer, encoding):
    body = page(TITLE + table(ONE), head="").encode(encoding, "xmlcharrefreplace")
    if transfer == "base64":
        body = base64.encodebytes(body)
    elif transfer == "quoted-printable":
        body = quopri.encodestring(body)
    data = (
        b"From: <Saved by Blink>\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/related;\r\n\ttype="text/html";\r\n'
        b'\tboundary="--Mark--7"\r\n\r\n\r\n----Mark--7\r\nContent-Type: text/css\r\n'
        b"\r\np {}\r\n----Mark--7\r\nContent-Type: text/html; charset="
        + encoding.encode()
        + b"\r\nContent-Transfer-Encoding: "
        + transfer.encode()
        + b"\r\n\r\n"
        + body
        + b"\r\n----Mark--7--\r\n"
    )
    assert kind_of(data) is Kind.HTML
    assert column(reader.read(data).as_dict(), "title") == ["Створити реєстр"]
    assert refused(data.replace(b"text/html;", b"text/plain;")) == "damaged_page"


@pytest.mark.parametrize(
    "data",
    [
        f"<?xml version='1.0'?>\n<!-- saved from url -->\n<html><body>{TITLE}",
        f"<p>{TITLE}</p>",
        f"<!-- StartFragment -->\n<div>{TITLE}",
        f"Warning: include() failed\n<html><body>{TITLE}",
        "<meta charset=utf-8><title>План</title>",
    ],
)
def test_kinds_of_pages(data):
    assert kind_of((data + table(ONE)).encode()) is Kind.HTML


def test_text_with_a_few_tags_is_no_page():
    text = "<p>План дій на 2025 рік</p>\nЗавдання\tСтрок<br>виконання\n1. Один\t2025\n"
    assert kind_of(text.encode()) is not Kind.HTML


def test_hidden_parts_are_left_out_but_a_folded_plan_is_read():
    draft = read(
        f"{TITLE}<p hidden>примітка</p><div style='display: none'>"
        + table(
            "<tr style='display:none'><td>9. Ні<td>2025<td>х<td>х</tr>",
            row(
                "1. Створити<span style='display:none'> ні</span>", "постійно", "Є", IT
            ),
        )
        + "</div>"
    )
    assert column(draft, "title") == ["Створити"]


def test_table_made_of_other_elements():
    def cells(role, *names):
        return "".join(f"<div role={role}>{name}</div>" for name in names)

    draft = read(
        f"{TITLE}<div role=table><div role=rowgroup><div role=row>"
        + cells("columnheader", "Завдання", "Строк", "Показник", "Виконавець")
        + "</div></div><div role=row>"
        + cells("cell", "1. Створити", "2025", "Є", IT)
        + "</div></div>"
    )
    assert column(draft, "title") == ["Створити"]


def test_merged_row_declared_wider_than_the_table():
    body = table(
        row("<td colspan=100>Правила</td>"),
        row("<td rowspan=0>Створити</td>", "до 01.06.2025", "Є", IT),
        row("до 01.09.2025", "Далі", HR),
    )
    draft = read(TITLE + body)
    assert column(draft, "section") == ["Правила"] * 2
    assert column(draft, "due") == ["../2025-06-01", "../2025-09-01"]


def test_what_stands_in_a_table_but_in_no_cell_is_kept():
    body = (
        "<table>зверху<tr><td>а</td>між<td>б</td></tr><p>абзац</p>знизу"
        "<table><tr><td>г</td><td>ґ</td></tr></table>"
        "<tfoot><tr><td>підсумок</td></tr></tfoot><tbody><tr><td>в</td></tr></tbody>"
        "</table>після<tr><td>рядок</td><td>без таблиці</td></tr>"
    )
    assert texts(body) == [
        "зверху",
        "між",
        "абзац",
        "знизу",
        "г ґ",
        "а б",
        "в",
        "підсумок",
        "після",
        "рядок без таблиці",
    ]


def test_table_inside_a_cell_of_the_plan_is_text_of_the_cell():
    small = "<table><tr><td>курсів<td>2<td>рік<tr><td>новин<td>4<td>рік</table>"
    rows = [row(f"{n}. Завдання", "постійно", small, IT) for n in range(1, 4)]
    draft = read(TITLE + table(*rows))
    assert column(draft, "indicator") == ["курсів 2 рік новин 4 рік"] * 3


def test_line_ends_of_the_source_are_blanks_unless_the_page_keeps_them():
    assert texts("<p>один\nдва<br/>три<wbr>надцять") == ["один два тринадцять"]
    body = table(row("1. Створити", "2025", "Є", f"<pre>{IT}\n{HR}</pre>"))
    assert column(read(TITLE + body), "executors") == [[IT, HR]]
    body = body.replace("<pre>", "<div style='white-space: pre-line'>")
    assert column(read(TITLE + body), "executors") == [[IT, HR]]


def test_what_follows_the_end_of_the_page_is_read():
    draft = read(f"{TITLE}</body></html>{table(ONE)}</div></html><p>кінець</p>")
    assert column(draft, "title") == ["Створити реєстр"]


def test_limits():
    assert refused(("<html>" + "<div>" * 500).encode()) == "too_deep"
    assert refused(("<html>" + "<font>" * 5000).encode()) == "too_deep"
    many = page("<p>а" * 3000).encode()
    assert refused(many, Limits(rows=2000)) == "too_many_rows"
    assert refused(many, Limits(elements=2000)) == "too_many_elements"
    wide = page("<table><tr>" + "<td>а" * 100).encode()
    assert refused(wide) == "too_many_cells"
    assert refused(many, Limits(seconds=-1)) == "too_slow"


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<table>" * 60 + "х",
        "<table><tr><td rowspan=999999 colspan=999999>а" + "<tr><td>б" * 500,
        "<ol start=999999999999><li value=-5>а",
        "<td>" * 190,
        "<!-- ніколи не закрито " + "<p>" * 100,
        "&#0;&#1114112;&#xD800;&nosuch;",
        "<p a=" * 20_000,
        "<div class='" + "menu-" * 20_000 + "'>х</div>",
        "<div style='" + "display " * 20_000 + "'>х</div>",
        "<script>" * 1000,
    ],
)
def test_hostile_pages_end_in_a_sentence(body):
    assert refused(page(body).encode()) in ("no_plan", "too_deep", "too_many_cells")


def test_patterns_do_not_run_away():
    for junk in (
        "<!-- а -->" * 5000,
        "<!--" * 20_000,
        "<meta " * 20_000,
        "<?xml>" * 9000,
    ):
        assert kind_of(f"{junk} план".encode()) is not None
    name = "menu_" * 50_000
    assert texts(f"<div class={name}!>а</div><p>б")[-1] == "б"


def test_declarations_of_entities_and_links_are_not_followed():
    data = (
        '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/hostname">]><html><body>'
        f"{TITLE}<p>[&x;]</p><iframe src='http://127.0.0.1:1/'></iframe>{table(ONE)}"
    )
    grid = reader.read_grid(data.encode(), Limits())
    assert "[&x;]" in {block.text for block in grid.blocks}
