"""Damages files: bytes, tokens, numbers, elements, and parts inside archives."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

#: Numbers at the edges of what programs count with.
_NUMBERS: Final = (
    b"0",
    b"-1",
    b"1",
    b"255",
    b"65536",
    b"2147483648",
    b"99999999999999999999",
    b"1e308",
    b"0.0000001",
    b"NaN",
    b"",
)
#: What grammars of the formats and of the plans trip over.
_TOKENS: Final = tuple(
    text.encode()
    for text in (
        "<",
        ">",
        "&",
        "&#0;",
        "&#x10FFFF;",
        "&x;",
        "]]>",
        "<!--",
        "<!DOCTYPE x>",
        "<?xml?>",
        '"',
        "'",
        ";",
        ",",
        "\t",
        "\n",
        "\r",
        "\0",
        "\u200b",
        "\ufeff",
        "\u00ad",
        "\ud7ff",
        "І",
        "кв.",
        "до ",
        "29.02.2025",
        "99.99.9999",
        "№",
        "(",
        ")",
        "«",
        "%",
        "=1/0",
        "R/P0D",
        "у разі",
        "XIX",
        "⅓",
        "٣",
        "²",
        "endobj",
        "stream",
        ">>",
        "BT",
        " 0 R",
        "#VALUE!",
    )
)
_LONG: Final = 4000
_NUMBER: Final = re.compile(rb"-?\d+(?:\.\d+)?")
_TAG: Final = re.compile(rb"<[^<>]{1,200}>")
_ATTRIBUTE: Final = re.compile(rb'="([^"]{0,80})"')
_TEXT: Final = re.compile(rb">([^<>]+)<")
_MOST_BYTES: Final = 2 * 1024 * 1024


def _bits(data: bytearray, chance: random.Random) -> None:
    for _ in range(chance.randrange(1, 20)):
        data[chance.randrange(len(data))] = chance.randrange(256)


def _cut(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(data))
    del data[at : at + chance.choice((1, 4, 40, 400, len(data)))]


def _again(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(data))
    piece = bytes(data[at : at + chance.choice((1, 10, 100, 1000))])
    times = chance.choice((1, 2, 20, 300))
    to = chance.randrange(len(data))
    data[to:to] = piece * times


def _move(data: bytearray, chance: random.Random) -> None:
    at, to = chance.randrange(len(data)), chance.randrange(len(data))
    length = chance.choice((4, 40, 400))
    piece = bytes(data[at : at + length])
    data[to : to + length] = piece


def _token(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(data))
    times = _LONG if chance.random() < 0.05 else chance.choice((1, 1, 2, 30))
    data[at:at] = chance.choice(_TOKENS) * times


def _replace(
    data: bytearray, chance: random.Random, pattern: re.Pattern[bytes], new: bytes
) -> None:
    start = chance.randrange(len(data))
    found = pattern.search(data, start) or pattern.search(data)
    if found:
        group = found.re.groups
        data[found.start(group) : found.end(group)] = new


def _number(data: bytearray, chance: random.Random) -> None:
    _replace(data, chance, _NUMBER, chance.choice(_NUMBERS))


def _attribute(data: bytearray, chance: random.Random) -> None:
    _replace(data, chance, _ATTRIBUTE, chance.choice((*_NUMBERS, *_TOKENS)))


def _tag(data: bytearray, chance: random.Random) -> None:
    """Put a tag of the document where another one stood, or in many times."""
    found = _TAG.search(data, chance.randrange(len(data)))
    if found is None:
        return
    times = chance.choice((0, 1, 2, 50, 1000))
    _replace(data, chance, _TAG, found.group() * times)


def _element(data: bytearray, chance: random.Random) -> None:
    """Repeat or drop all from one opening tag to the end of its element."""
    found = re.compile(rb"<([\w:.-]+)[^<>]*(?<!/)>").search(
        data, chance.randrange(len(data))
    )
    if found is None:
        return
    closing = b"</" + found.group(1) + b">"
    end = data.find(closing, found.end())
    if end < 0:
        return
    piece = bytes(data[found.start() : end + len(closing)])
    data[found.start() : end + len(closing)] = piece * chance.choice((0, 2, 60))


def _shaped_attribute(data: bytearray, chance: random.Random) -> None:
    new = chance.choice((*_NUMBERS, *map(_escaped, _TOKENS)))
    _replace(data, chance, _ATTRIBUTE, new)


def _word(data: bytearray, chance: random.Random) -> None:
    """Put letters of a grammar into the text between tags."""
    times = _LONG if chance.random() < 0.05 else chance.choice((1, 1, 2, 30))
    tokens = _escaped(chance.choice(_TOKENS)) * times
    found = _TEXT.search(data, chance.randrange(len(data)))
    if found:
        at = chance.randint(found.start(1), found.end(1))
        while 0x80 <= data[at] < 0xC0:
            at -= 1
        data[at:at] = tokens


def _escaped(text: bytes) -> bytes:
    """Letters as XML can hold them."""
    for letter, entity in ((b"&", b"&amp;"), (b"<", b"&lt;"), (b'"', b"&quot;")):
        text = text.replace(letter, entity)
    return text.replace(b"\0", b"&#9;")


_PLAIN: Final = (_bits, _cut, _again, _move, _token, _number)
#: Leave the XML of a part well-formed, so that what it says is read.
_SHAPED: Final = (_shaped_attribute, _word, _element)
_MARKUP: Final = (*_PLAIN, _attribute, _attribute, _tag, _element, _element)


def _apply(
    data: bytes,
    chance: random.Random,
    changes: tuple[Callable[[bytearray, random.Random], None], ...],
) -> bytes:
    out = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 4, 10))):
        if not out or len(out) > _MOST_BYTES:
            break
        chance.choice(changes)(out, chance)
    return bytes(out)


def _parts(data: bytes, chance: random.Random) -> bytes:
    """Damage one or two parts of an archive and pack it again."""
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    changes = _MARKUP if chance.random() < 0.3 else _SHAPED
    for _ in range(chance.choice((1, 1, 2))):
        # The large parts are those with the text.
        name = max(chance.sample(sorted(parts), min(3, len(parts))), key=_size(parts))
        if chance.random() < 0.03:
            del parts[name]
        else:
            parts[name] = _apply(parts[name], chance, changes)
        if not parts:
            break
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            target.writestr(name, content)
    return stream.getvalue()


def _size(parts: dict[str, bytes]) -> Callable[[str], int]:
    return lambda name: len(parts[name])


def mutated(data: bytes, chance: random.Random) -> bytes:
    """A damaged copy.

    :param data: a whole file of any format.
    :param chance: where all choices come from.
    """
    archive = data.startswith(b"PK")
    if archive and chance.random() < 0.8:
        return _parts(data, chance)
    return _apply(data, chance, _PLAIN if archive else _MARKUP)
