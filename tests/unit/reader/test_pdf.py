"""Plans as PDF in several layouts, drawn line by line as a printer driver would."""

from __future__ import annotations

import io
import random
import sys
import time
import zlib
from contextlib import suppress

import font_roboto
import pypdfium2
import pytest
from fpdf import FPDF
from fpdf.enums import MethodReturnValue
from PIL import Image

from ckanext.actionplan import reader
from ckanext.actionplan.reader import Limits

IT = "Відділ цифрового розвитку"
HR = "Відділ кадрів"
TITLE = (
    "ПЛАН ДІЙ",
    "з розвитку відкритих даних у Джерельненській міській раді",
    "на 2025–2026 роки",
)
HEADER = ("Завдання", "Строк виконання", "Показник", "Виконавець")
LEADING = 5.0
PAD = 1.5


class Paper:
    """Pages in millimetres.

    :param borders: "all", "rows" (no vertical lines), "bands" (shaded rows) or "none".
    :param repeat: whether the first row of a table is printed on each page.
    :param footer: text at the foot of each page, with the page's number.
    """

    def __init__(self, orientation="L", borders="all", repeat=False, footer="{page}"):
        self.pdf = FPDF(orientation, "mm", "A4")
        self.pdf.set_auto_page_break(False)
        self.pdf.add_font("R", "", font_roboto.Roboto)
        self.pdf.add_font("R", "B", font_roboto.RobotoBold)
        self.pdf.c_margin = PAD
        self.borders, self.repeat, self.footer = borders, repeat, footer
        self.gap = PAD
        self.left, self.top, self.bottom = 20.0, 20.0, 22.0
        self.page()

    def page(self):
        self.pdf.add_page()
        self.pdf.set_font("R", "", 9)
        text = self.footer.format(page=self.pdf.page)
        self.pdf.text(self.pdf.w / 2, self.pdf.h - 9, text)
        self.pdf.set_font("R", "", 11)
        self.y = self.top

    @property
    def width(self):
        return self.pdf.w - 2 * self.left

    def lines(self, *texts, align="C", left=0.0, style=""):
        for text in texts:
            self.pdf.set_font("R", style, 11)
            self.pdf.set_xy(self.left + left, self.y)
            self.pdf.multi_cell(self.width - left, LEADING, text, align=align)
            self.y = self.pdf.get_y() + 2
        self.pdf.set_font("R", "", 11)
        return self

    def table(self, widths, *rows):
        """A row of one text is merged; None is the lower part of the cell above."""
        scale = self.width / sum(widths)
        widths = [width * scale for width in widths]
        for at, row in enumerate(rows):
            below = rows[at + 1] if at + 1 < len(rows) else ()
            open_ = [at for at, text in enumerate(below) if text is None]
            self._row(widths, row, rows[0] if self.repeat else None, open_)
        self.y += 4
        return self

    def _row(self, widths, row, head, open_):
        if len(row) == 1:
            widths = [sum(widths)]
        texts = [self._wrapped(w, t or "") for w, t in zip(widths, row, strict=True)]
        while True:
            room = int((self.pdf.h - self.bottom - self.y - self.gap) / LEADING)
            if room < 1:
                self._turn_over(widths, head)
                continue
            now = [lines[:room] for lines in texts]
            texts = [lines[room:] for lines in texts]
            more = any(texts)
            self._draw(widths, now, row, [] if more else open_)
            if not more:
                return
            self._turn_over(widths, head)

    def _turn_over(self, widths, head):
        self.page()
        if head:
            texts = [self._wrapped(w, t) for w, t in zip(widths, head, strict=False)]
            self._draw(widths, texts, head, [])

    def _wrapped(self, width, text):
        if not text:
            return []
        return self.pdf.multi_cell(
            width,
            LEADING,
            text,
            dry_run=True,
            output=MethodReturnValue.LINES,
            align="L",
        )

    def _draw(self, widths, texts, row, open_):
        height = max(map(len, texts)) * LEADING + self.gap
        if self.borders == "bands" and self.pdf.page_no() and self._even():
            self.pdf.set_fill_color(220)
            self.pdf.rect(self.left, self.y, sum(widths), height, "F")
        x = self.left
        for at, (width, lines) in enumerate(zip(widths, texts, strict=False)):
            for number, line in enumerate(lines):
                y = self.y + LEADING * (number + 0.8)
                self.pdf.text(x + PAD, y, line)
            if self.borders == "all":
                for edge in (x, x + width):
                    self.pdf.line(edge, self.y, edge, self.y + height)
            if self.borders in ("all", "rows"):
                if row[at] is not None:
                    self.pdf.line(x, self.y, x + width, self.y)
                if at not in open_:
                    self.pdf.line(x, self.y + height, x + width, self.y + height)
            x += width
        self.y += height

    def _even(self):
        self.count = getattr(self, "count", 0) + 1
        return self.count % 2

    @property
    def data(self):
        return bytes(self.pdf.output())

    def read(self):
        return reader.read(self.data, "plan.pdf").as_dict()


def column(draft, name):
    return [task[name] for task in draft["tasks"]]


TASKS = (
    ("1.1. Ухвалити порядок оприлюднення наборів даних у формі відкритих даних",
     "до 01.06.2025", "Порядок ухвалено та оприлюднено на сайті ради", IT),
    ("1.2. Призначити осіб, які відповідають за набори даних у кожному відділі",
     "І квартал 2025 року", "Особи призначені, їхні посадові інструкції змінено", HR),
    ("1.3. Перевірити повноту переліку наборів даних",
     "щокварталу", "Складено звіт; виявлені прогалини усунуто", f"{IT}, {HR}"),
    ("1.4. Навчити фахівців роботи з таблицями та з порталом",
     "постійно", "Не менше двох курсів на рік пройшла кожна особа", HR),
)  # fmt: skip


def expected(tasks):
    return {
        "number": [task[0].split(" ")[0].rstrip(".") for task in tasks],
        "title": [task[0].split(" ", 1)[1] for task in tasks],
        "deadline": [task[1] for task in tasks],
        "indicator": [task[2] for task in tasks],
    }


def same(draft, tasks):
    for name, values in expected(tasks).items():
        assert column(draft, name) == values


@pytest.mark.parametrize("borders", ["all", "rows", "bands", "none"])
@pytest.mark.parametrize("orientation", ["L", "P"])
def test_with_and_without_lines(borders, orientation):
    paper = Paper(orientation, borders).lines(*TITLE)
    paper.table((5, 3, 5, 4), HEADER, ("1. Правила та люди",), *TASKS)
    draft = paper.read()
    same(draft, TASKS)
    assert set(column(draft, "section")) == {"1. Правила та люди"}
    assert column(draft, "executors") == [[IT], [HR], [IT, HR], [HR]]
    assert draft["period_start"] == "2025-01-01"


MANY = tuple(
    (
        f"{number}. Оприлюднити набір «Паркомати {number}» разом з описом структури, "
        "прикладами запитів та поясненням, звідки походять відомості",
        f"до {number:02}.06.2025",
        f"Набір «Паркомати {number}» оприлюднено, опис структури перевірено; "
        "помилки виправлено протягом тижня",
        HR if number % 2 else f"{IT}, {HR}",
    )
    for number in range(1, 25)
)


@pytest.mark.parametrize("borders", ["all", "rows", "none"])
@pytest.mark.parametrize("repeat", [True, False])
@pytest.mark.parametrize("bottom", [18, 22, 27])
def test_rows_cut_by_pages(borders, repeat, bottom):
    paper = Paper("L", borders, repeat)
    paper.bottom = bottom
    paper.lines(*TITLE).table((5, 3, 4, 3), HEADER, *MANY)
    assert paper.pdf.page > 3
    draft = paper.read()
    same(draft, MANY)
    assert column(draft, "executors")[:2] == [[HR], [IT, HR]]
    pages = [task["origin"]["page"] for task in draft["review"]["tasks"]]
    assert pages == sorted(pages)
    assert {pages[0], pages[-1]} == {1, paper.pdf.page}


def test_rows_without_white_between_them():
    paper = Paper("L", "none")
    paper.gap = 0
    paper.lines(*TITLE).table((5, 3, 5, 4), HEADER, *TASKS)
    same(paper.read(), TASKS)


def test_plain_pages_of_an_order_before_the_plan():
    paper = Paper("P", "none")
    paper.lines("ДЖЕРЕЛЬНЕНСЬКА МІСЬКА РАДА", "РІШЕННЯ", style="B")
    paper.lines("від 12 грудня 2024 року № 57/3", align="L")
    paper.lines(
        "Відповідно до постанови Кабінету Міністрів України від 21 жовтня 2015 року "
        "№ 835, щоб громада мала свіжі відомості, міська рада вирішила:",
        "1. Затвердити План дій з розвитку відкритих даних у Джерельненській міській "
        "раді на 2025–2026 роки, що додається.",
        align="J",
    )
    paper.lines("Міський голова                Петро КРИНИЦЯ", align="L")
    paper.page()
    section = "2. Підготовка людей до роботи з відкритими даними в кожному відділі ради"
    paper.lines(*TITLE).table(
        (5, 3, 5, 4), HEADER, ("1. Правила",), *TASKS[:2], (section,), *TASKS[2:]
    )
    paper.lines("Секретар міської ради                Олена СТЕПОВА", align="L")
    draft = paper.read()
    same(draft, TASKS)
    assert column(draft, "section") == ["1. Правила"] * 2 + [section] * 2
    assert draft["approval_number"] == "57/3"
    assert draft["approval_date"] == "2024-12-12"
    assert draft["approval_signatory"] == "Петро КРИНИЦЯ"
    assert [task["origin"]["page"] for task in draft["review"]["tasks"]] == [2] * 4


@pytest.mark.parametrize("bottom", [104, 108, 112, 116])
def test_a_deadline_cut_by_a_page_is_one_deadline(bottom):
    paper = Paper("P", repeat=True)
    paper.bottom = bottom
    short = [(f"{n}. Перевірити набір", "щороку", "Є звіт", HR) for n in range(1, 19)]
    last = (
        "19. Описати набори",
        "щороку до завершення оновлення порталу та його довідників для мешканців міста",
        "Опис готовий, його перевірено разом з мешканцями та оприлюднено на порталі",
        HR,
    )
    paper.lines(*TITLE).table((5, 2, 4, 3), HEADER, *short, last)
    assert paper.pdf.page == 2
    same(paper.read(), (*short, last))


def test_a_small_table_with_lines_before_a_plan_without():
    paper = Paper("P")
    paper.table((1, 1, 1), ("Розробник", "Погоджено", "Аркуш"), ("А.", "Б.", "1"))
    paper.borders = "none"
    paper.lines(*TITLE).table((5, 3, 5, 4), HEADER, *TASKS)
    same(paper.read(), TASKS)


class Shaded(Paper):
    """The heading's cells are shaded, each by itself."""

    def _draw(self, widths, texts, row, open_):
        if row == HEADER:
            x, height = self.left, max(map(len, texts)) * LEADING + self.gap
            self.pdf.set_fill_color(200)
            for width in widths:
                self.pdf.rect(x + 0.2, self.y + 0.2, width - 0.4, height - 0.4, "F")
                x += width
        super()._draw(widths, texts, row, open_)


class Framed(Paper):
    """Each page has a frame."""

    def page(self):
        super().page()
        self.pdf.rect(10, 10, self.pdf.w - 20, self.pdf.h - 20)


class Dashed(Paper):
    """Borders are dashed."""

    def page(self):
        super().page()
        self.pdf.set_dash_pattern(0.5, 0.5)


class Boxed(Paper):
    """Borders are thin boxes, as some programs draw them."""

    def page(self):
        super().page()
        self.pdf.line = self.thin

    def thin(self, x0, y0, x1, y1):
        self.pdf.set_fill_color(0)
        self.pdf.rect(x0 - 0.08, y0 - 0.08, x1 - x0 + 0.16, y1 - y0 + 0.16, "F")


@pytest.mark.parametrize("kind", [Shaded, Framed, Dashed, Boxed])
@pytest.mark.parametrize("borders", ["all", "none"])
def test_ornaments(kind, borders):
    paper = kind("L", borders, repeat=True).lines(*TITLE)
    draft = paper.table((5, 3, 4, 3), HEADER, ("1. Правила",), *MANY[:12]).read()
    same(draft, MANY[:12])
    assert set(column(draft, "section")) == {"1. Правила"}


def changed(data, change):
    """The document after PDFium changed each page."""
    document = pypdfium2.PdfDocument(data)
    for page in document:
        change(page)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


@pytest.fixture(scope="module")
def simple():
    return Paper().lines(*TITLE).table((5, 3, 5, 4), HEADER, *TASKS).data


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_turned_pages(simple, turn):
    data = changed(simple, lambda page: page.set_rotation(turn))
    same(reader.read(data).as_dict(), TASKS)


def test_what_lies_beyond_the_edge_is_not_printed(simple):
    data = changed(simple, lambda page: page.set_cropbox(0, 0, 842, 530))
    draft = reader.read(data).as_dict()
    same(draft, TASKS)
    assert "ПЛАН ДІЙ" not in draft["title"]


def test_charter_with_merged_cells_over_pages():
    head = ("Принципи", "Зміст принципу", "Завдання", "Строк виконання", "Результат",
            "Відповідальні")  # fmt: skip
    rows = [head, ("1", "2", "3", "4", "5", "6")]
    names = ("I. Відкритість за замовчуванням", "II. Оперативність і чіткість")
    for name in names:
        for number in range(1, 7):
            first = number == 1
            rows.append((
                name if first else None,
                "Дані відкриваються без запиту" if first else None,
                f"{number}. Оновити довідник {number} та перевірити його разом з людьми, "
                "які ним користуються щодня",
                f"до {number:02}.03.2026",
                f"Довідник {number} оновлено, зауваження людей враховано",
                HR,
            ))  # fmt: skip
    paper = Paper("P", repeat=True).lines(*TITLE)
    draft = paper.table((3, 3, 4, 3, 4, 3), *rows).read()
    assert paper.pdf.page == 2
    assert column(draft, "number") == [str(n) for n in range(1, 7)] * 2
    assert column(draft, "principle") == [names[0]] * 6 + [names[1]] * 6
    same_end = "які ним користуються щодня"
    assert all(title.endswith(same_end) for title in column(draft, "title"))
    assert len(set(column(draft, "indicator"))) == 6


def test_hyphens_at_line_ends():
    title = (
        "Скласти перелік некомерцій\u00adних підприємств для розділу веб-порталу, "
        "разом з інформаційно-аналітичними довідками на 2025-2026 роки"
    )
    for first in range(7, 16):
        draft = (
            Paper("P").lines(*TITLE).table(
                (first, 5, 5, 5), HEADER, (f"1. {title}", "щороку", "Перелік складено", HR)
            ).read()
        )  # fmt: skip
        assert column(draft, "title") == [title.replace("\u00ad", "")]


def test_running_titles_and_footers_are_no_part_of_the_plan():
    footer = "План дій з розвитку відкритих даних       Сторінка {page} з 9"
    paper = Paper("L", footer=footer)
    paper.lines(*TITLE).table((5, 3, 4, 3), HEADER, *MANY)
    draft = paper.read()
    same(draft, MANY)
    assert set(column(draft, "section")) == {""}
    texts = [row["text"] for row in draft["review"]["rows"]]
    assert sum("Сторінка" in text for text in texts) <= 1


def test_stamp_in_a_box_above_the_plan():
    paper = Paper().lines("Джерельненська міська рада")
    paper.pdf.rect(paper.left + 120, paper.y, 70, 16)
    paper.pdf.text(paper.left + 122, paper.y + 6, "Джерельненська міська рада")
    paper.pdf.text(paper.left + 122, paper.y + 12, "№ 71-р від 03.02.2025")
    paper.y += 20
    draft = paper.lines(*TITLE).table((5, 3, 5, 4), HEADER, *TASKS).read()
    same(draft, TASKS)
    assert draft["approval_number"] == "71-р"
    assert draft["approval_date"] == "2025-02-03"


def test_text_that_runs_up_a_narrow_column():
    paper = Paper().lines(*TITLE)
    paper.table((2, 5, 3, 4, 4), ("Напрям", *HEADER), *(("", *task) for task in TASKS))
    with paper.pdf.rotation(90, paper.left + 6, paper.y - 30):
        paper.pdf.text(paper.left + 6, paper.y - 30, "Правила")
    draft = paper.read()
    same(draft, TASKS)
    texts = [row["text"] for row in draft["review"]["rows"]]
    assert any("Правила" in text for text in texts)


# files that cannot be read


def refused(data, limits=None):
    with pytest.raises(reader.ReaderError) as caught:
        reader.read(data, "plan.pdf", limits)
    assert str(caught.value).endswith(".")
    return caught.value.code


def test_pictures_of_pages_are_a_scan():
    pdf = FPDF()
    for _ in range(2):
        pdf.add_page()
        pdf.image(Image.new("L", (300, 400), 200), 0, 0, 210)
    assert refused(bytes(pdf.output())) == "pdf_scan"


def test_empty_pages_hold_no_text():
    pdf = FPDF()
    pdf.add_page()
    assert refused(bytes(pdf.output())) == "pdf_no_text"


def test_a_page_that_is_a_picture_is_told():
    paper = Paper().lines(*TITLE).table((5, 3, 5, 4), HEADER, *TASKS)
    paper.pdf.add_page()
    paper.pdf.image(Image.new("L", (300, 400), 200), 0, 0, 200)
    draft = paper.read()
    doubts = {d["code"]: d["params"] for d in draft["review"]["doubts"]}
    assert doubts["page_picture"] == {"page": "2"}


@pytest.mark.parametrize(("password", "code"), [("key", "encrypted"), (None, None)])
def test_protected_by_a_password(password, code):
    paper = Paper()
    paper.pdf.set_encryption(owner_password="owner", user_password=password)
    data = paper.lines(*TITLE).table((5, 3, 5, 4), HEADER, *TASKS).data
    if code:
        assert refused(data) == code
    else:
        # Only copying and printing are forbidden; it opens without a password.
        same(reader.read(data).as_dict(), TASKS)


def test_limits(simple):
    assert refused(simple, Limits(pages=0)) == "too_many_pages"
    assert refused(simple, Limits(marks=100)) == "too_many_elements"
    assert refused(simple, Limits(seconds=0)) == "too_slow"


def test_too_little_memory_or_time_is_told(simple):
    bomb = zlib.compress(b" " * 200_000_000, 1)
    assert refused(with_content(bomb)) in ("pdf_too_hard", "pdf_no_text")
    form = zlib.compress(b"0 0 m 9 9 l S\n" * 3_000_000, 1)
    limits = Limits(memory_bytes=160 << 20, opening_seconds=2)
    assert refused(with_content(form), limits) == "pdf_too_hard"


def with_content(packed):
    """A document of one page with a content stream."""
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R>>",
        b"<</Length %d/Filter/FlateDecode>>\nstream\n" % len(packed)
        + packed
        + b"\nendstream",
    )
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(out)
    return out + b"xref\n0 5\n0000000000 65535 f \n" + table + end


def test_damaged_files_end_in_an_error_of_the_reader(simple):
    chance = random.Random(7)  # noqa: S311 - the same files each time
    for _ in range(25):
        data = bytearray(simple)
        if chance.random() < 0.5:
            for _ in range(chance.choice((3, 30, 300))):
                data[chance.randrange(9, len(data))] = chance.randrange(256)
        else:
            del data[chance.randrange(9, len(data)) :]
        # Anything but an error of the reader fails here.
        with suppress(reader.ReaderError):
            reader.read(bytes(data), "plan.pdf")


def test_a_long_plan_is_read_in_time():
    rows = [(f"{n}. {MANY[n % 24][0][4:]}", *MANY[n % 24][1:]) for n in range(1, 140)]
    paper = Paper("L", repeat=True).lines(*TITLE).table((5, 3, 4, 3), HEADER, *rows)
    assert paper.pdf.page >= 20
    started = time.monotonic()
    draft = paper.read()
    assert time.monotonic() - started < 15
    assert len(draft["tasks"]) == 139


def test_a_server_that_cannot_start_another_process(simple, monkeypatch):
    monkeypatch.setattr(sys, "executable", "")
    monkeypatch.setattr(sys, "prefix", "/nonexistent")
    assert refused(simple) == "pdf_unavailable"


def test_inside_a_web_server_that_is_no_python(simple, monkeypatch):
    monkeypatch.setattr(sys, "executable", "/usr/sbin/uwsgi")
    same(reader.read(simple).as_dict(), TASKS)
