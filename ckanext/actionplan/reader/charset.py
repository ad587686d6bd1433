"""In which letters a file is written: marks, declarations and, failing these, a guess."""

from __future__ import annotations

import codecs
import re
from typing import Final

#: What Ukrainian texts of the last decades were saved in, the likeliest first.
_LIKELY: Final = ("cp1251", "koi8_u", "cp1125", "iso8859_5", "mac_cyrillic")
#: A word as it is written: small letters, at most the first one large, or all large.
_WORD: Final = re.compile(r"\b(?:[А-ЯІЇЄҐ]?[а-яіїєґ’']+|[А-ЯІЇЄҐ]+)\b")
_ODD: Final = re.compile(r"[^\w\s!-~«»“”„’‘–—…№§°·•×±©®€₴]|[ЃѓЉЊЌЏЪЫЭЁъыэёђљњќўџ]")
#: Encodings of one byte a letter; the others show by themselves.
_LETTERS: Final = re.compile(r"cp\d|koi8|iso8859|mac|ptcp")
_SAMPLE: Final = 200_000
#: A text of UTF-8 with that share of damaged letters is still taken for one.
_DAMAGED_SHARE: Final = 0.02
_HEAD: Final = 400
_ASCII: Final = bytes(range(128))
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def text_of(data: bytes, declared: str = "") -> str:
    """The text of a file.

    A mark at its beginning decides, then whether it is sound UTF-8: other text hardly
    ever is by chance, while declarations are often left over from another program.

    :param data: the file.
    :param declared: the name of an encoding that it claims, empty for none.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data.decode(name, errors="replace")
    wide = _without_mark(data)
    if wide:
        return data.decode(wide, errors="replace")
    text = data.decode("utf-8", errors="replace")
    damaged = text.count("\ufffd")
    # Most letters beyond ASCII have two bytes.
    letters = len(data.translate(None, _ASCII)) / 2
    if damaged <= letters * _DAMAGED_SHARE:
        return text
    del text
    # Programs and styles may fill the beginning: they tell nothing.
    start = len(data) - len(data.lstrip(_ASCII))
    name = _likeliest(data[start : start + _SAMPLE], declared)
    return data.decode(name, errors="replace")


def _without_mark(data: bytes) -> str:
    """UTF-16 without a mark shows by the zeros of its blanks and signs."""
    head = data[:_HEAD]
    for name, zeros, others in (
        ("utf-16-le", head[1::2], head[::2]),
        ("utf-16-be", head[::2], head[1::2]),
    ):
        if zeros.count(0) > len(zeros) // 4 and not others.count(0):
            return name
    return ""


def _likeliest(data: bytes, declared: str) -> str:
    names = [name for name in (_known(declared), *_LIKELY) if name]
    return max(names, key=lambda name: _score(data.decode(name, errors="replace")))


def _known(declared: str) -> str:
    try:
        name = codecs.lookup(declared.strip()).name
    except (LookupError, ValueError):
        return ""
    return name if _LETTERS.match(name) else ""


def _score(text: str) -> int:
    words = sum(len(word) for word in _WORD.findall(text))
    return words - len(_ODD.findall(text))
