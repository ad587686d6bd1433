"""What a due says in words reads as the same due again, in both languages."""

from __future__ import annotations

import calendar
import re
from contextlib import ExitStack, contextmanager
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from babel import Locale
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from ckanext.actionplan import core, wording, words
from ckanext.actionplan.core import due
from ckanext.actionplan.core.due import Repeat, Span
from ckanext.actionplan.core.period import Period
from ckanext.actionplan.reader.deadline import Term, read_deadline

if TYPE_CHECKING:
    from collections.abc import Generator

ROOT = Path(core.__file__).parent.parent
CATALOGUE = ROOT / "i18n" / "uk" / "LC_MESSAGES" / "ckanext-actionplan.po"

days = st.dates(date(2021, 1, 1), date(2099, 12, 31))
lengths = st.sampled_from((1, 2, 3, 4, 6, 12))
periods = st.builds(Period.of, days, lengths).map(lambda p: Span(p.start, p.end))
ranges = st.tuples(days, days).map(lambda pair: Span(min(pair), max(pair)))
years = st.tuples(st.integers(2021, 2099), st.integers(0, 9)).map(
    lambda pair: Span(date(pair[0], 1, 1), date(min(sum(pair), 2099), 12, 31))
)
ends = days.map(lambda day: Span(None, day))
starts = days.map(lambda day: Span(day, None))
repeats = st.builds(Repeat, st.integers(1, 99), st.sampled_from("DWMY"))
anything = st.one_of(
    periods, ranges, years, ends, starts, repeats, st.just(Span(None, None))
)
dues = st.lists(anything, min_size=1, max_size=4).map(
    lambda parts: due.render(due.parse(due.render(tuple(parts))))
)


def _catalogue() -> dict[str, tuple[str, ...]]:
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="uk")
    out: dict[str, tuple[str, ...]] = {}
    for message in catalogue:
        texts = message.string
        if message.id and message.string:
            key = message.id if isinstance(message.id, str) else message.id[0]
            out[key] = (texts,) if isinstance(texts, str) else tuple(texts)
    return out


UKRAINIAN = _catalogue()


def _plural(count: int) -> int:
    if count % 10 == 1 and count % 100 != 11:
        return 0
    return 1 if count % 10 in (2, 3, 4) and count % 100 not in (12, 13, 14) else 2


@contextmanager
def _language(name: str) -> Generator[None, None, None]:
    known = UKRAINIAN if name == "uk" else {}
    tk = SimpleNamespace(
        _=lambda text: known.get(text, (text,))[0],
        ungettext=lambda one, many, n: (
            known[one][_plural(n)] if known else (one if n == 1 else many)
        ),
    )
    with ExitStack() as stack:
        for module in (words, wording):
            stack.enter_context(patch.object(module, "tk", tk))
        stack.enter_context(patch.object(words, "language", lambda: name))
        stack.enter_context(patch.object(wording, "_locale", lambda: Locale(name)))
        yield


def _in_words(text: str, language: str) -> str:
    with _language(language):
        return words.due_words(text)


@given(dues)
def test_ukrainian_words_are_read_again(text: str) -> None:
    said = _in_words(text, "uk")
    assert read_deadline(said, Term()).due == text, said


@given(dues)
def test_english_words_are_read_again(text: str) -> None:
    said = _in_words(text, "en")
    assert due.render(due.parse("; ".join(map(_english, said.split("; "))))) == text


DAY = r"([A-Z][a-z]+ \d{1,2}, \d{4})"
UNITS = {"day": "P1D", "week": "P1W", "month": "P1M", "quarter": "P3M", "year": "P1Y"}
UNITS["half-year"] = "P6M"
ENGLISH = (
    (rf"by {DAY}", "../{0}"),
    (rf"continuously from {DAY}", "{0}/.."),
    (r"continuously", "../.."),
    (rf"from {DAY} to {DAY}", "{0}/{1}"),
    (r"(\d{4}) to (\d{4})", "{0}/{1}"),
    (r"(\d{4})", "{0}"),
    (r"([A-Z][a-z]+ \d{4})", "{0}"),
)


def _iso(text: str) -> str:
    """A day or a month as a due writes it; a year as it is."""
    found = re.fullmatch(r"([A-Z][a-z]+) (?:(\d+), )?(\d{4})", text)
    if not found:
        return text
    month = f"{found[3]}-{list(calendar.month_name).index(found[1]):02}"
    return f"{month}-{int(found[2]):02}" if found[2] else month


def _english(said: str) -> str:
    """The normal form of one English expression, as its words say it."""
    if found := re.fullmatch(r"every (?:(\d+) )?([a-z-]+?)s?", said):
        count, unit = found.groups()
        return f"R/P{count}{unit[0].upper()}" if count else f"R/{UNITS[unit]}"
    if found := re.fullmatch(r"(?:Q(\d)|half (\d) of) (\d{4})", said):
        months = 3 if found[1] else 6
        last = int(found[1] or found[2]) * months
        return f"{found[3]}-{last - months + 1:02}/{found[3]}-{last:02}"
    for pattern, form in ENGLISH:
        if found := re.fullmatch(pattern, said):
            return form.format(*map(_iso, found.groups()))
    raise AssertionError(said)


MONTHS = [
    "січня",
    "лютого",
    "березня",
    "квітня",
    "травня",
    "червня",
    "липня",
    "серпня",
    "вересня",
    "жовтня",
    "листопада",
    "грудня",
]
ROMAN = ("І", "ІІ", "ІІІ", "IV")
ORDINAL = ("перш", "друг", "трет", "четверт")


def _printed_day(day: date) -> st.SearchStrategy[str]:
    by_name = f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    return st.sampled_from(
        (
            f"{day:%d.%m.%Y}",
            f"{day:%d.%m.%y} р." if day.year < 2060 else f"{day:%d.%m.%Y} р.",
            f"{day.day}.{day.month}.{day.year}",
            f"{day:%d. %m. %Y}",
            f"{day:%d/%m/%Y}",
            f"{day:%d.%m.%Y}року",
            by_name,
            f"{by_name} р.",
            f"«{day:%d}» {MONTHS[day.month - 1]} {day.year} року",
            by_name.upper(),
        )
    )


@st.composite
def _ends(draw: st.DrawFn) -> tuple[str, str]:
    day = draw(days)
    lead = draw(
        st.sampled_from(
            (
                "до",
                "До",
                "по",
                "не пізніше",
                "не пізніше ніж",
                "у термін до",
                "строк: до",
            )
        )
    )
    tail = draw(st.sampled_from(("", " включно", " (включно)", " (за потреби)", "*")))
    return f"{lead} {draw(_printed_day(day))}{tail}", f"../{day}"


@st.composite
def _ranges(draw: st.DrawFn) -> tuple[str, str]:
    start = draw(days)
    end = start + timedelta(days=draw(st.integers(1, 900)))
    if end.year > 2099:
        end = start
    form = draw(
        st.sampled_from(
            ("з {} по {}", "{} - {}", "{}–{}", "у період з {} до {}", "з {} – {}")
        )
    )
    text = form.format(draw(_printed_day(start)), draw(_printed_day(end)))
    if start == end:
        return f"до {start:%d.%m.%Y}", f"../{end}"
    return text, f"{start}/{end}"


@st.composite
def _quarters(draw: st.DrawFn) -> tuple[str, str]:
    number, year = draw(st.integers(1, 4)), draw(st.integers(2021, 2099))
    name = draw(
        st.sampled_from(
            (
                ROMAN[number - 1],
                f"{ROMAN[number - 1]}-й",
                str(number),
                f"{number}-й",
                ORDINAL[number - 1] + ("ій" if number == 3 else "ий"),
            )
        )
    )
    last = Period.of(date(year, 3 * number, 1), 3)
    if draw(st.booleans()):
        text = f"до кінця {name} кварталу {year} року"
        return text, f"../{last.end}"
    form = draw(
        st.sampled_from(
            (
                "{} квартал {} року",
                "{} кв. {}",
                "протягом {} кварталу {} р.",
                "{} КВАРТАЛ {} РОКУ",
            )
        )
    )
    return form.format(name, year), f"{last.start}/{last.end}"


@given(_ends() | _ranges() | _quarters())
def test_however_it_is_printed(case: tuple[str, str]) -> None:
    text, expected = case
    assert read_deadline(text, Term()).due == expected


@given(st.lists(_ends() | _quarters(), min_size=2, max_size=4))
def test_several_in_one_cell(cases: list[tuple[str, str]]) -> None:
    read = read_deadline("; ".join(text for text, _ in cases), Term()).due
    assert read == "; ".join(dict.fromkeys(part for _, part in cases))


CORRECT = {
    "щоквартально": "R/P3M",
    "щокварталу": "R/P3M",
    "щомісяця": "R/P1M",
    "щомісячно": "R/P1M",
    "щорічно": "R/P1Y",
    "щороку": "R/P1Y",
    "щотижня": "R/P1W",
    "щопівроку": "R/P6M",
    "постійно": "../..",
    "І квартал 2025 року": "2025-01-01/2025-03-31",
    "друге півріччя 2025 року": "2025-07-01/2025-12-31",
    "до 1 червня 2025 року": "../2025-06-01",
    "до 15 травня 2025 року": "../2025-05-15",
    "до 15 лютого 2026 року": "../2026-02-15",
    "протягом 2025 року": "2025-01-01/2025-12-31",
    "перший квартал 2025 року": "2025-01-01/2025-03-31",
    "до 5 липня 2025 року": "../2025-07-05",
    "до 7 вересня 2025 року": "../2025-09-07",
    "третій квартал 2025 року": "2025-07-01/2025-09-30",
    "не пізніше 01.06.2025": "../2025-06-01",
    "починаючи з 01.06.2025": "2025-06-01/..",
}
LETTERS = "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя"


@given(st.sampled_from(sorted(CORRECT)), st.data())
def test_a_typing_error_is_understood_or_left_open(right: str, data: st.DataObject):
    words_of = [m for m in re.finditer(r"[а-яіїєґ]{4,}", right) if m[0] != "року"]
    found = data.draw(st.sampled_from(words_of))
    at = data.draw(st.integers(found.start(), found.end() - 1))
    letter = data.draw(st.sampled_from(LETTERS))
    wrong = data.draw(
        st.sampled_from(
            (
                right[:at] + right[at + 1 :],
                right[:at] + letter + right[at + 1 :],
                right[:at] + letter + right[at:],
                right[:at] + right[at + 1 : at + 2] + right[at] + right[at + 2 :],
            )
        )
    )
    assert read_deadline(wrong, Term()).due in (CORRECT[right], None), wrong


@pytest.mark.parametrize("right", sorted(CORRECT))
def test_most_typing_errors_are_understood(right: str) -> None:
    longest = max(re.findall(r"[а-яіїєґ]+", right), key=len)
    start = right.index(longest)
    slips = [
        right[: start + i] + right[start + i + 1 :] for i in range(1, len(longest))
    ]
    read = [read_deadline(slip, Term()).due == CORRECT[right] for slip in slips]
    assert sum(read) >= 0.75 * len(read), dict(zip(slips, read, strict=True))
