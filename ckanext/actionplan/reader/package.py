"""Zip archives and their XML parts, opened as if they came from an enemy."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

from .errors import DamageError, LimitError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .limits import Budget, Limits

_STEP = 1 << 16
_NONE: Final[frozenset[str]] = frozenset()


def _megabytes(size: int) -> int:
    return max(1, size >> 20)


class Package:
    """A zip archive whose sizes were checked before anything is unpacked.

    :param data: the file.
    :param budget: limits and time of this reading.
    :raises LimitError: when it has too many entries or unpacks to too much.
    :raises DamageError: when it is damaged or locked.
    """

    def __init__(self, data: bytes, budget: Budget) -> None:
        self._budget = budget
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise DamageError("damaged_archive") from error
        entries = self._zip.infolist()
        self._check(entries, len(data), budget.limits)
        self.names = frozenset(entry.filename for entry in entries)

    @staticmethod
    def _check(entries: list[zipfile.ZipInfo], size: int, limits: Limits) -> None:
        if len(entries) > limits.entries:
            raise LimitError(
                "too_many_entries", count=len(entries), limit=limits.entries
            )
        total = sum(entry.file_size for entry in entries)
        if total > limits.unpacked_bytes:
            raise LimitError(
                "unpacked_too_large", limit=_megabytes(limits.unpacked_bytes)
            )
        if total > size * limits.ratio:
            raise LimitError("ratio_too_high", limit=limits.ratio)
        if any(entry.flag_bits & 1 for entry in entries):
            raise DamageError("encrypted")

    def read(self, name: str) -> bytes:
        """Unpack one entry; an entry that is not there is empty.

        :raises LimitError: when it is larger than declared or allowed.
        :raises DamageError: when it cannot be unpacked.
        """
        if name not in self.names:
            return b""
        limit = self._budget.limits.part_bytes
        chunks: list[bytes] = []
        left = limit
        try:
            with self._zip.open(name) as stream:
                while chunk := stream.read(_STEP):
                    left -= len(chunk)
                    if left < 0:
                        raise LimitError("unpacked_too_large", limit=_megabytes(limit))
                    chunks.append(chunk)
                    self._budget.tick()
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
            raise DamageError("damaged_archive") from error
        except (NotImplementedError, RuntimeError, ValueError) as error:
            raise DamageError("damaged_archive") from error
        return b"".join(chunks)

    def xml(self, name: str) -> ET.Element | None:
        """Parse one entry; tags and attributes come without their namespaces.

        :returns: its root, or None when the entry is not there.
        :raises LimitError: when it is nested too deep or too large.
        :raises DamageError: when it is no well-formed XML or declares a DTD.
        """
        data = self.read(name)
        if not data:
            return None
        # No DTD is let in, so no entity of a stranger is ever expanded.
        parser = ET.XMLParser(target=_Guard(name, self._budget))  # noqa: S314
        try:
            for start in range(0, len(data), _STEP):
                parser.feed(data[start : start + _STEP])
            return parser.close()
        except (ET.ParseError, ValueError, LookupError) as error:
            raise DamageError("damaged_xml", part=name) from error

    def walk(
        self, name: str, *, starts: frozenset[str] = _NONE, ends: frozenset[str]
    ) -> Iterator[tuple[str, ET.Element]]:
        """Parse one entry piece by piece, for large parts: no tree is kept.

        :param name: the entry; none are yielded when it is not there.
        :param starts: tags whose elements are yielded as `start`, with attributes only.
        :param ends: tags whose elements are yielded as `end` when they are complete;
            they are emptied after that.
        :raises LimitError: when it is nested too deep or too large.
        :raises DamageError: when it is no well-formed XML or declares a DTD.
        """
        data = self.read(name)
        guard = _Watch(name, self._budget, starts, ends)
        parser = ET.XMLParser(target=guard)  # noqa: S314 - no DTD, as above
        try:
            for start in range(0, len(data), _STEP):
                parser.feed(data[start : start + _STEP])
                for event, element in guard.taken():
                    yield event, element
                    if event == "end":
                        element.clear()
            if data:
                parser.close()
        except (ET.ParseError, ValueError, LookupError) as error:
            raise DamageError("damaged_xml", part=name) from error


def _local(name: str) -> str:
    return name.rpartition("}")[2]


class _Guard(ET.TreeBuilder):
    """Builds a tree without namespaces; refuses document types, depth and mass."""

    def __init__(self, part: str, budget: Budget) -> None:
        super().__init__()
        self._part = part
        self._budget = budget
        self._depth = 0
        self._count = 0

    def start(self, tag: str, attrs: dict[str, str], /) -> ET.Element:
        limits = self._budget.limits
        self._depth += 1
        self._count += 1
        if self._depth > limits.depth:
            raise LimitError("too_deep", limit=limits.depth)
        if self._count > limits.elements:
            raise LimitError("too_many_elements", limit=limits.elements)
        if self._count % 1024 == 0:
            self._budget.tick()
        return super().start(
            _local(tag), {_local(key): value for key, value in attrs.items()}
        )

    def end(self, tag: str, /) -> ET.Element:
        self._depth -= 1
        return super().end(_local(tag))

    def doctype(self, _name: str, _pubid: str | None, _system: str | None) -> None:
        """Refuse a document type: it is the way in for entities."""
        raise DamageError("doctype", part=self._part)


class _Watch(_Guard):
    """Collects elements with certain tags as they begin and end."""

    def __init__(
        self, part: str, budget: Budget, starts: frozenset[str], ends: frozenset[str]
    ) -> None:
        super().__init__(part, budget)
        self._starts = starts
        self._ends = ends
        self._found: list[tuple[str, ET.Element]] = []

    def taken(self) -> list[tuple[str, ET.Element]]:
        """What was found since the last call."""
        found, self._found = self._found, []
        return found

    def start(self, tag: str, attrs: dict[str, str], /) -> ET.Element:
        element = super().start(tag, attrs)
        if element.tag in self._starts:
            self._found.append(("start", element))
        return element

    def end(self, tag: str, /) -> ET.Element:
        element = super().end(tag)
        if element.tag in self._ends:
            self._found.append(("end", element))
        return element
