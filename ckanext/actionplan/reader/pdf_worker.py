"""What stands on the pages of a PDF, told by a process of its own.

PDFium is native code that meets files of strangers: it runs in a child with limits on
memory and time, so that no file can stop or exhaust the portal. The child runs this
file alone: it imports nothing of the extension. The document comes on standard input,
the answer goes to standard output: a line that says it is ready, then JSON.
"""

from __future__ import annotations

import ctypes
import json
import math
import resource
import sys
from typing import Any, Final

READY: Final = b"ready\n"
#: Types of page objects and path segments, as PDFium numbers them.
_PATH, _IMAGE, _FORM = 2, 3, 5
_LINE, _CURVE = 0, 1
_FORM_DEPTH: Final = 8
#: A gap wider than this share of the font size parts words.
_GAP: Final = 0.22
#: Parts of a word may stand that share of the size above or below its line.
_LIFT: Final = 0.45
#: How far a letter reaches below and above its line, as shares of the size.
_DESCENT: Final = 0.2
_ASCENT: Final = 0.75
#: Fills and strokes lighter than this are invisible on paper.
_WHITE: Final = 250
#: Quarter turns, clockwise, of text that runs up the page.
_UPWARD: Final = 3
_IDENTITY: Final = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_UNKNOWN: Final = 0xFFFD
#: PDFium marks a hyphen at a line's end so.
_HYPHENS: Final = frozenset({0x02, 0xFFFE})

Matrix = tuple[float, float, float, float, float, float]


class _TooMuchError(Exception):
    """A limit was exceeded; the argument is the code of its message."""


def _times(one: Matrix, two: Matrix) -> Matrix:
    a, b, c, d, e, f = one
    g, h, i, j, k, m = two
    return (
        a * g + b * i,
        a * h + b * j,
        c * g + d * i,
        c * h + d * j,
        e * g + f * i + k,
        e * h + f * j + m,
    )


class _Page:
    """Reads one page.

    :param raw: the functions of PDFium.
    :param page: a page of pypdfium2.
    :param left: how many more characters and lines may be read.
    """

    def __init__(self, raw: Any, page: Any, left: int) -> None:
        self._raw = raw
        self._page = page
        self.left = left
        self._segments: list[tuple[float, float, float, float]] = []
        self._images = 0
        self._strange = 0

    def read(self) -> dict[str, Any]:
        words = self._words()
        for index in range(self._raw.FPDFPage_CountObjects(self._page)):
            self._object(self._raw.FPDFPage_GetObject(self._page, index), _IDENTITY, 0)
        return {
            "box": self._page.get_bbox(),
            "rotation": self._page.get_rotation(),
            "words": words,
            "segments": self._segments,
            "images": self._images,
            "strange": self._strange,
        }

    def _spend(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise _TooMuchError("too_many_elements")

    # text

    def _words(self) -> list[list[Any]]:
        text = self._page.get_textpage()
        words: list[list[Any]] = []
        open_ = False
        for index in range(text.count_chars()):
            self._spend()
            char = self._character(text, index)
            if char is None:
                open_ = False
                continue
            if open_ and _joins(words[-1], char):
                _append(words[-1], char)
            else:
                words.append(list(char))
                open_ = True
        text.close()
        return [[word[0], *(round(v, 2) for v in word[1:6]), word[6]] for word in words]

    def _character(self, text: Any, index: int) -> tuple[Any, ...] | None:
        raw = self._raw
        code = raw.FPDFText_GetUnicode(text, index)
        char = "-" if code in _HYPHENS else chr(code)
        if raw.FPDFText_IsGenerated(text, index) == 1 or char.isspace() or not code:
            return None
        if raw.FPDFText_HasUnicodeMapError(text, index) == 1 or code == _UNKNOWN:
            self._strange += 1
        turn = round(raw.FPDFText_GetCharAngle(text, index) / (math.pi / 2)) % 4
        box = self._box(text, index, turn)
        return None if box is None else (char, *box, turn)

    def _box(self, text: Any, index: int, turn: int) -> tuple[float, ...] | None:
        """Box and size; as high as the font, so that letters of a line are level."""
        raw = self._raw
        loose, matrix = raw.FS_RECTF(), raw.FS_MATRIX()
        x, y = ctypes.c_double(), ctypes.c_double()
        if not (
            raw.FPDFText_GetLooseCharBox(text, index, ctypes.byref(loose))
            and raw.FPDFText_GetCharOrigin(
                text, index, ctypes.byref(x), ctypes.byref(y)
            )
            and raw.FPDFText_GetMatrix(text, index, ctypes.byref(matrix))
        ):
            return None
        size = raw.FPDFText_GetFontSize(text, index) * math.hypot(matrix.c, matrix.d)
        x0, x1 = sorted((loose.left, loose.right))
        y0, y1 = sorted((loose.bottom, loose.top))
        below, above = size * _DESCENT, size * _ASCENT
        if turn % 2:
            base, up = x.value, -1 if turn == _UPWARD else 1
            x0, x1 = sorted((base - up * below, base + up * above))
        else:
            base, up = y.value, 1 if turn == 0 else -1
            y0, y1 = sorted((base - up * below, base + up * above))
        values = (x0, y0, x1, y1, size)
        return values if all(map(math.isfinite, values)) else None

    # lines

    def _object(self, item: Any, matrix: Matrix, depth: int) -> None:
        self._spend()
        kind = self._raw.FPDFPageObj_GetType(item)
        if kind == _IMAGE:
            self._images += 1
        elif kind == _FORM and depth < _FORM_DEPTH:
            inner = _times(self._matrix(item), matrix)
            for index in range(self._raw.FPDFFormObj_CountObjects(item)):
                child = self._raw.FPDFFormObj_GetObject(item, index)
                self._object(child, inner, depth + 1)
        elif kind == _PATH and self._visible(item):
            self._path(item, _times(self._matrix(item), matrix))

    def _matrix(self, item: Any) -> Matrix:
        found = self._raw.FS_MATRIX()
        if not self._raw.FPDFPageObj_GetMatrix(item, ctypes.byref(found)):
            return _IDENTITY
        return (found.a, found.b, found.c, found.d, found.e, found.f)

    def _visible(self, item: Any) -> bool:
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        self._raw.FPDFPath_GetDrawMode(item, ctypes.byref(fill), ctypes.byref(stroke))
        raw = self._raw
        return bool(
            (stroke.value and self._dark(item, raw.FPDFPageObj_GetStrokeColor))
            or (fill.value and self._dark(item, raw.FPDFPageObj_GetFillColor))
        )

    @staticmethod
    def _dark(item: Any, ask: Any) -> bool:
        parts = [ctypes.c_uint() for _ in range(4)]
        if not ask(item, *map(ctypes.byref, parts)):
            return True
        *color, alpha = (part.value for part in parts)
        return bool(alpha) and min(color) < _WHITE

    def _path(self, item: Any, matrix: Matrix) -> None:
        raw = self._raw
        first = at = (0.0, 0.0)
        a, b, c, d, e, f = matrix
        x, y = ctypes.c_float(), ctypes.c_float()
        for index in range(raw.FPDFPath_CountSegments(item)):
            self._spend()
            segment = raw.FPDFPath_GetPathSegment(item, index)
            raw.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
            to = (a * x.value + c * y.value + e, b * x.value + d * y.value + f)
            kind = raw.FPDFPathSegment_GetType(segment)
            if kind == _LINE:
                self._segment(at, to)
            elif kind != _CURVE:
                first = to
            at = to
            if raw.FPDFPathSegment_GetClose(segment):
                self._segment(at, first)
                at = first

    def _segment(self, one: tuple[float, float], two: tuple[float, float]) -> None:
        values = (*one, *two)
        if all(map(math.isfinite, values)) and one != two:
            x0, y0, x1, y1 = (round(value, 2) for value in values)
            self._segments.append((x0, y0, x1, y1))


def _joins(word: list[Any], char: tuple[Any, ...]) -> bool:
    """Whether a character goes on with the word: same direction, line and no gap."""
    _, x0, y0, x1, y1, size, turn = word
    _, left, bottom, right, top, height, other = char
    if turn != other:
        return False
    if turn % 2:
        lift = abs((left + right) - (x0 + x1)) / 2
        gap = bottom - y1 if turn == _UPWARD else y0 - top
    else:
        lift = abs((bottom + top) - (y0 + y1)) / 2
        gap = left - x1 if turn == 0 else x0 - right
    largest = max(size, height)
    return lift <= largest * _LIFT and -largest * 2 < gap <= largest * _GAP


def _append(word: list[Any], char: tuple[Any, ...]) -> None:
    word[0] += char[0]
    word[1] = min(word[1], char[1])
    word[2] = min(word[2], char[2])
    word[3] = max(word[3], char[3])
    word[4] = max(word[4], char[4])
    word[5] = max(word[5], char[5])


def pages_of(data: bytes, most_pages: int, elements: int) -> dict[str, Any]:
    """Words and lines of all pages, or the code of what is wrong.

    :param data: the file.
    :param most_pages: how many pages it may have.
    :param elements: how many characters and lines it may have.
    """
    import pypdfium2
    from pypdfium2 import raw

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError:
        locked = (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)
        code = "encrypted" if raw.FPDF_GetLastError() in locked else "damaged_pdf"
        return {"error": code}
    if len(document) > most_pages:
        return {"error": "too_many_pages"}
    pages: list[dict[str, Any]] = []
    for index in range(len(document)):
        try:
            page = document[index]
        except pypdfium2.PdfiumError:
            pages.append({"damaged": True})
            continue
        reading = _Page(raw, page, elements)
        try:
            pages.append(reading.read())
        except _TooMuchError as error:
            return {"error": str(error)}
        except pypdfium2.PdfiumError:
            pages.append({"damaged": True})
        elements = reading.left
        page.close()
    return {"pages": pages}


def main(arguments: list[str]) -> None:
    """Read the document on standard input.

    :param arguments: bytes of memory, seconds, pages and elements at most.
    """
    memory, seconds, pages, elements = map(int, arguments)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    import pypdfium2 as _  # pyright: ignore[reportUnusedImport] # noqa: F401

    sys.stdout.buffer.write(READY)
    sys.stdout.buffer.flush()
    try:
        answer = pages_of(sys.stdin.buffer.read(), pages, elements)
    except MemoryError:
        answer = {"error": "pdf_too_hard"}
    text = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
    # A lone surrogate from a broken font must not lose the other letters.
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))


if __name__ == "__main__":
    main(sys.argv[1:])
