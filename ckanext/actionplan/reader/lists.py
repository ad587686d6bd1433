"""Automatic numbering of an ODT: the labels that are shown but not stored."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from .numbering import CYRILLIC, LATIN, letters, roman

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

LEVELS: Final = 10
_PLACE: Final = re.compile(r"%(\d{1,2})%")
#: A style may be based on another, which is based on another; a loop must end.
_STYLE_DEPTH: Final = 20
_LARGEST: Final = 1_000_000
#: What stands around a number; a longer text is no label.
_LONGEST: Final = 100
_LARGEST_ROMAN: Final = 399


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list style; an empty form shows no number."""

    form: str = ""
    prefix: str = ""
    suffix: str = ""
    pattern: str = ""
    start: int = 1
    display: int = 1
    repeated: bool = False


@dataclass(slots=True)
class Counters:
    """How far a list has counted on each of its levels."""

    style: str = ""
    numbers: list[int | None] = field(default_factory=lambda: [None] * LEVELS)


def whole(text: str | None, default: int) -> int:
    """An attribute as a number from 0, the default when it is none."""
    return int(text) if text and re.fullmatch(r"[0-9]{1,9}", text) else default


def _shown(number: int, level: Level) -> str:
    form = level.form
    if number < 1 or form[:1] == "1":
        return str(number)
    if form in ("i", "I"):
        numeral = roman(min(number, _LARGEST_ROMAN))
        return numeral if form == "I" else numeral.lower()
    if form.startswith("0"):
        return f"{number:02}"
    # The alphabet itself is printed in the name of a form: "А, Б, .., Аа, Аб, ...".
    first = form[:1]
    if first.lower() not in ("a", "а"):
        return str(number)
    alphabet = LATIN if first.lower() == "a" else CYRILLIC
    return letters(
        number, alphabet.upper() if first.isupper() else alphabet, level.repeated
    )


class Lists:
    """Gives each numbered paragraph its label, in document order.

    :param roots: `content.xml` and `styles.xml`, None for a part that is not there.
    """

    def __init__(self, *roots: Element | None) -> None:
        self._styles: dict[str, dict[int, Level]] = {}
        self._outline: dict[int, Level] = {}
        self._paragraphs: dict[str, Element] = {}
        self._by_id: dict[str, Counters] = {}
        self._by_style: dict[str, Counters] = {}
        self._headings = Counters()
        for root in roots:
            if root is not None:
                self._load(root)

    def _load(self, root: Element) -> None:
        for style in root.iter("list-style"):
            self._styles[style.get("name", "")] = dict(_levels(style))
        for style in root.iter("outline-style"):
            self._outline = dict(_levels(style))
        for style in root.iter("style"):
            if style.get("family") == "paragraph":
                self._paragraphs[style.get("name", "")] = style

    def enter(self, element: Element) -> Counters:
        """The counters of an outermost list: fresh ones, or those it goes on with."""
        style = element.get("style-name", "")
        counters = self._by_id.get(element.get("continue-list", ""))
        if counters is None and element.get("continue-numbering") == "true":
            counters = self._by_style.get(style)
        if counters is None:
            counters = Counters(style)
        if name := element.get("id"):
            self._by_id[name] = counters
        self._by_style[style] = counters
        return counters

    def label(
        self, counters: Counters, style: str, index: int, start: str | None
    ) -> str:
        """The label of the next item; counts it.

        :param counters: of its list.
        :param style: name of its list style.
        :param index: its level from 0.
        :param start: the number it is set to, None to count on.
        :returns: such as `1.2.`, or an empty text without a number or for a bullet.
        """
        return _counted(counters, self._styles.get(style, {}), index, start)

    def heading(self, element: Element) -> str:
        """The label of a heading that the outline numbers; counts it."""
        if element.get("is-list-header") == "true":
            return ""
        index = whole(element.get("outline-level"), 1) - 1
        start = element.get("start-value")
        return _counted(self._headings, self._outline, index, start)

    def style_of(self, paragraph: Element) -> str:
        """Name of the list style that a paragraph's style names, or an empty text."""
        name = paragraph.get("style-name", "")
        for _ in range(_STYLE_DEPTH):
            style = self._paragraphs.get(name)
            if style is None:
                break
            listed = style.get("list-style-name")
            if listed is not None:
                return listed
            name = style.get("parent-style-name", "")
        return ""


def _levels(style: Element) -> Iterator[tuple[int, Level]]:
    for element in style:
        number = whole(element.get("level"), 0)
        if not 1 <= number <= LEVELS:
            continue
        # Bullets and pictures have a level as well, but no number.
        form = element.get("num-format", "") if "bullet" not in element.tag else ""
        yield (
            number - 1,
            Level(
                form=form,
                prefix=element.get("num-prefix", "")[:_LONGEST],
                suffix=element.get("num-suffix", "")[:_LONGEST],
                pattern=element.get("num-list-format", "")[:_LONGEST],
                start=whole(element.get("start-value"), 1),
                display=whole(element.get("display-levels"), 1),
                repeated=element.get("num-letter-sync") == "true",
            ),
        )


def _counted(
    counters: Counters, levels: dict[int, Level], index: int, start: str | None
) -> str:
    index = min(max(index, 0), LEVELS - 1)
    level = levels.get(index, Level())
    numbers = counters.numbers
    current = numbers[index]
    following = level.start if current is None else current + 1
    numbers[index] = min(whole(start, following), _LARGEST)
    for above in range(index):
        if numbers[above] is None:
            numbers[above] = levels.get(above, Level()).start
    numbers[index + 1 :] = [None] * (LEVELS - index - 1)
    return _rendered(numbers, levels, index, level) if level.form else ""


def _rendered(
    numbers: list[int | None], levels: dict[int, Level], index: int, level: Level
) -> str:
    def shown(at: int) -> str:
        of = levels.get(at, Level())
        return _shown(numbers[at] or 0, of) if of.form else ""

    if level.pattern:
        return _PLACE.sub(
            lambda match: shown(min(max(int(match[1]), 1), LEVELS) - 1), level.pattern
        ).strip()
    first = max(index + 1 - max(level.display, 1), 0)
    parts = [text for text in map(shown, range(first, index + 1)) if text]
    return f"{level.prefix}{'.'.join(parts)}{level.suffix}".strip()
