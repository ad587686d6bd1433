"""What the rows of a plan look like: numbers, sections, rules, column numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from .lookalike import cyrillic

if TYPE_CHECKING:
    from .grid import Row


class Taken(str, Enum):
    """What a row or paragraph of the document was taken for."""

    TASK = "task"
    CONTINUATION = "continuation"
    DEADLINE = "deadline"
    SECTION = "section"
    HEADER = "header"
    COLUMN_NUMBERS = "column numbers"
    SIGNATURE = "signature"
    STAMP = "stamp"
    NOISE = "noise"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Numbered:
    """A text whose leading number was taken off.

    :param number: without a final dot, empty when there is none.
    :param text: the rest.
    :param printed: the number as printed, when letters in it were read as digits.
    """

    number: str
    text: str
    printed: str = ""

    @property
    def depth(self) -> int:
        """How many parts the number has, 0 without a number."""
        return self.number.count(".") + 1 if self.number else 0


_DEEP: Final = re.compile(
    r"(\d{1,3}(?:\s?\.\s?\d{1,3}){1,3})(?:\s?[.)]\s+|\s?[.)]?\s*(?=[^\W\d_]|[\"«“„(]))"
)
_FLAT: Final = re.compile(
    r"(\d{1,3})(?:\s?[.)]\s+|[.)](?=[^\W\d_]|[\"«“„(])|\s+(?=[А-ЯІЇЄҐ]))"
)
_TASK_WORD: Final = re.compile(
    r"(?:завдання|захід|крок|дія|пункт|п\.)\s*№?\s*(?=\d{1,3}(?:\.\d{1,3})*\s?[.:)])",
    re.I,
)
_ALONE: Final = re.compile(r"(\d{1,3}(?:\s?\.\s?\d{1,3}){0,3})\s?[.)]?$")
_MISREAD: Final = re.compile(r"([\dЗО]{1,2}(?:\.[\dЗО]{1,2})+)(?=[.)]?\s)")
_MISREAD_DIGITS: Final = str.maketrans("ЗО", "30")
_ROMAN: Final = re.compile(r"[IVXІХ]{1,5}(?:\s?[.)]|\s)\s*(?=[^\W\d_]|[\"«“])")
_SECTION_WORD: Final = re.compile(
    r"(?:розділ|напрям(?:ок)?|принцип|блок|пріоритет|(?:стратегічна |операційна )?ціль)\b"
    r"(?=[\s.:№]*(?:\d|[IVXІХ]{1,5}\b|[«\"“:]))",
    re.I,
)
_PRINCIPLE: Final = re.compile(
    r"(?:[IVXІХ]{1,3}|\d)?[\s.)]*(?:принцип\b|відкрит\w+ за замовч\w+"
    r"|оперативн\w+ (?:і|та|й) (?:чітк|повн|вичерпн)|доступн\w+ (?:і|та|й) "
    r"(?:можлив\w+ )?використ|порівн\w+ (?:і|та|й) (?:інтероп|сумісн)"
    r"|(?:покращ|поліпш)\w+ (?:урядуванн|врядуванн|управлінн)\w+"
    r"|інклюзивн\w+ розвит)",
    re.I,
)
#: The first column may hold the number itself and stay unnumbered.
_FIRST_COLUMN: Final = 2
_TOTAL: Final = re.compile(
    r"(?:усього|всього|разом|підсумок|загалом|ітого)(?:\s+(?:за|по)\s[^:]{1,60})?\s*[:–—-]?\s*"
    r"(?:\d[\d\s.,]{0,15}(?:[^\W\d_]+\.?\s?){0,3})?",
    re.I,
)
_RULE: Final = re.compile(r"[-–—_=.…\s|:*+~]+")


def split_number(text: str) -> Numbered:
    """Take the number off a task's or section's text.

    The final dot or the blank after the number may be missing; dates, years and
    percentages are no numbers.
    """
    misread = _MISREAD.match(text)
    printed = misread[1] if misread and re.search("[ЗО]", misread[1]) else ""
    if printed and re.search(r"\d", printed):
        text = text.replace(printed, printed.translate(_MISREAD_DIGITS), 1)
    match = _DEEP.match(text) or _FLAT.match(text) or _ALONE.match(text)
    if not match:
        return Numbered("", text)
    number = re.sub(r"\s", "", match[1])
    return Numbered(number, text[match.end() :].strip(), printed)


def split_task_number(text: str) -> Numbered:
    """Take the number off a task's text, also one with a word before it: Захід 1.1."""
    worded = _TASK_WORD.match(text)
    if worded:
        split = split_number(text[worded.end() :])
        if split.number and split.text:
            return split
    return split_number(text)


def restarts(before: str, after: str) -> bool:
    """Whether numbers of tasks begin anew: 1 after 3, 2.1 after 1.4."""
    above, _, last = after.rpartition(".")
    return bool(before) and last == "1" and (not above or above != _above(before))


def _above(number: str) -> str:
    return number.rpartition(".")[0]


def section_title(text: str) -> str:
    """A section's title with its number, dot and one blank between them."""
    split = split_number(text)
    if split.number and split.text:
        return f"{split.number}. {split.text}"
    return text


def is_rule(text: str) -> bool:
    """Whether a row or line is made of dashes and the like."""
    return bool(_RULE.fullmatch(text))


def is_total(text: str) -> bool:
    """Whether a row counts the rows above: “Усього: 5 заходів”."""
    return bool(_TOTAL.fullmatch(cyrillic(text)))


def is_column_numbers(row: Row) -> bool:
    """Whether a row numbers the columns: 1 2 3 4."""
    texts = [cell.text.strip(" .") for cell in row.filled]
    if not texts[1:] or not all(re.fullmatch(r"\d{1,2}", text) for text in texts):
        return False
    numbers = [int(text) for text in texts]
    return numbers == list(range(numbers[0], numbers[0] + len(numbers))) and (
        numbers[0] <= _FIRST_COLUMN
    )


def names_section(text: str) -> bool:
    """Whether a text calls itself a section or begins with a Roman numeral."""
    text = cyrillic(text)
    return bool(_SECTION_WORD.match(text) or _ROMAN.match(text))


def is_roman(text: str) -> bool:
    """Whether a text is a Roman numeral and nothing else."""
    return bool(re.fullmatch(r"[IVXІХ]{1,5}\s?\.?", text))


def names_principle(text: str) -> bool:
    """Whether a text is one of the principles of the Open Data Charter."""
    return bool(_PRINCIPLE.match(cyrillic(text)))
