"""Zip archives and their XML parts, opened as if they came from an enemy."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from .errors import DamageError, LimitError

if TYPE_CHECKING:
    from .limits import Budget, Limits

_STEP = 1 << 16


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
