"""Automatic numbering of a DOCX: the labels that Word shows but does not store."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

_LEVELS: Final = 9
_ROMAN: Final = (
    (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
    (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip
LATIN: Final = "abcdefghijklmnopqrstuvwxyz"
CYRILLIC: Final = "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя"
_PLACE: Final = re.compile(r"%([1-9])")
#: A style may be based on another, which is based on another; a loop must end.
_STYLE_DEPTH: Final = 20


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list definition."""

    start: int = 1
    form: str = "decimal"
    text: str = ""
    restart: int | None = None
    legal: bool = False


@dataclass(slots=True)
class _List:
    """A `w:num`: levels, and the counters it shares with its sisters."""

    counters: list[int | None]
    levels: dict[int, Level]
    starts: dict[int, int] = field(default_factory=dict[int, int])
    begun: bool = False


def value_of(element: Element | None, path: str) -> str | None:
    """The attribute `val` of a descendant, None when it is not there."""
    found = element.find(path) if element is not None else None
    return None if found is None else found.get("val", "")


def _number(text: str | None, default: int) -> int:
    try:
        return int(text) if text is not None else default
    except ValueError:
        return default


def roman(number: int) -> str:
    """A number up to 399 in Roman numerals."""
    out = ""
    for value, letters in _ROMAN:
        while number >= value:
            out += letters
            number -= value
    return out


def letters(number: int, alphabet: str, repeated: bool = True) -> str:
    """A number in letters of an alphabet.

    :param repeated: whether after z come aa, bb as in Word, or aa, ab.
    """
    index, times = (number - 1) % len(alphabet), (number - 1) // len(alphabet) + 1
    if repeated:
        return alphabet[index] * min(times, 3)
    out = ""
    while number > 0:
        number, index = divmod(number - 1, len(alphabet))
        out = alphabet[index] + out
    return out


def _shown(number: int, form: str) -> str:
    if number < 1:
        return str(number)
    forms = {
        "upperRoman": lambda: roman(min(number, 399)),
        "lowerRoman": lambda: roman(min(number, 399)).lower(),
        "upperLetter": lambda: letters(number, LATIN).upper(),
        "lowerLetter": lambda: letters(number, LATIN),
        "russianUpper": lambda: letters(number, CYRILLIC).upper(),
        "russianLower": lambda: letters(number, CYRILLIC),
        "decimalZero": lambda: f"{number:02}",
    }
    return forms.get(form, lambda: str(number))()


def _levels(parent: Element) -> Iterator[tuple[int, Level]]:
    for element in parent.iter("lvl"):
        restart = value_of(element, "lvlRestart")
        yield (
            _number(element.get("ilvl"), 0),
            Level(
                start=_number(value_of(element, "start"), 1),
                form=value_of(element, "numFmt") or "decimal",
                text=value_of(element, "lvlText") or "",
                restart=_number(restart, 0) if restart is not None else None,
                legal=element.find("isLgl") is not None,
            ),
        )


class Numbering:
    """Gives each numbered paragraph its label, in document order.

    :param numbering: root of `numbering.xml`, None when the document has none.
    :param styles: root of `styles.xml`, None when the document has none.
    """

    def __init__(self, numbering: Element | None, styles: Element | None) -> None:
        self._lists: dict[str, _List] = {}
        self._styles: dict[str, Element] = {}
        for style in styles.iter("style") if styles is not None else ():
            self._styles[style.get("styleId", "")] = style
        self._levels_of_style: dict[tuple[str, str], int] = {}
        if numbering is not None:
            self._load(numbering)

    def _load(self, root: Element) -> None:
        abstract: dict[str, tuple[list[int | None], dict[int, Level]]] = {}
        for element in root.iter("abstractNum"):
            key = element.get("abstractNumId", "")
            counters: list[int | None] = [None] * _LEVELS
            abstract[key] = (counters, dict(_levels(element)))
            for level in element.iter("lvl"):
                style = value_of(level, "pStyle")
                if style:
                    index = _number(level.get("ilvl"), 0)
                    self._levels_of_style[key, style] = index
        for element in root.iter("num"):
            key = value_of(element, "abstractNumId") or ""
            if key not in abstract:
                continue
            counters, levels = abstract[key]
            entry = _List(counters, levels | dict(_levels(element)))
            for override in element.iter("lvlOverride"):
                start = value_of(override, "startOverride")
                if start is not None:
                    index = _number(override.get("ilvl"), 0)
                    entry.starts[index] = _number(start, 1)
            self._lists[element.get("numId", "")] = entry

    def label(self, properties: Element | None) -> str:
        """The label of the next paragraph; counts it.

        :param properties: its `w:pPr`, None when it has none.
        :returns: such as `1.2.`, or an empty text without a number or for a bullet.
        """
        reference = self._reference(properties)
        if reference is None or reference[0] not in self._lists:
            return ""
        entry = self._lists[reference[0]]
        index = min(max(reference[1], 0), _LEVELS - 1)
        level = entry.levels.get(index)
        if level is None:
            return ""
        self._count(entry, index, level)
        if level.form in ("bullet", "none"):
            return ""
        return self._render(entry, level)

    def _reference(self, properties: Element | None) -> tuple[str, int] | None:
        if properties is None:
            return None
        own = properties.find("numPr")
        number = value_of(own, "numId")
        level = value_of(own, "ilvl")
        style = value_of(properties, "pStyle")
        for _ in range(_STYLE_DEPTH):
            if number is not None or style is None:
                break
            element = self._styles.get(style)
            inherited = element.find("pPr/numPr") if element is not None else None
            number = value_of(inherited, "numId")
            level = level if level is not None else value_of(inherited, "ilvl")
            style = value_of(element, "basedOn") if number is None else style
        if number is None or number == "0":
            return None
        return number, _number(level, 0)

    @staticmethod
    def _count(entry: _List, index: int, level: Level) -> None:
        counters = entry.counters
        if not entry.begun:
            entry.begun = True
            for at, start in entry.starts.items():
                counters[at] = start - 1
        current = counters[index]
        counters[index] = level.start if current is None else current + 1
        for above in range(index):
            if counters[above] is None:
                counters[above] = entry.levels.get(above, Level()).start
        for below in range(index + 1, _LEVELS):
            restart = entry.levels.get(below, Level()).restart
            if restart is None or index + 1 <= restart:
                counters[below] = None

    @staticmethod
    def _render(entry: _List, level: Level) -> str:
        def shown(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            form = entry.levels.get(at, Level()).form
            return _shown(entry.counters[at] or 0, "decimal" if level.legal else form)

        return _PLACE.sub(shown, level.text).strip()

    def heading(self, properties: Element | None) -> int:
        """The level of a heading paragraph, 0 for others.

        :param properties: its `w:pPr`, None when it has none.
        """
        style = value_of(properties, "pStyle")
        outline = value_of(properties, "outlineLvl")
        for _ in range(_STYLE_DEPTH):
            if outline is not None or style is None:
                break
            element = self._styles.get(style)
            outline = value_of(element, "pPr/outlineLvl")
            style = value_of(element, "basedOn")
        level = _number(outline, _LEVELS)
        return level + 1 if 0 <= level < _LEVELS else 0
