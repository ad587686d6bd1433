"""Plans as PDF in several layouts, drawn line by line as a printer driver would."""

from __future__ import annotations

import font_roboto
import pytest
from fpdf import FPDF
from fpdf.enums import MethodReturnValue

from ckanext.actionplan import reader

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
@pytest.mark.parametrize("bottom", range(18, 30, 2))
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
