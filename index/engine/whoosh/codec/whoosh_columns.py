"""Reads a column of a Whoosh segment where it lies in the mapped file, one value at a time.

Whoosh writes the columns; its own reader needs modules that take longer to load than a question
takes to answer, and opens a column by reading the offsets of all values. The format is that of
`whoosh.columns.VarBytesColumn` in the version that pyproject.toml pins: the values, then an array
of their lengths, in a long column one of their offsets, then the arrays' type codes; all numbers
with the most significant byte first.
"""

import sys
from array import array
from collections.abc import Iterator
from functools import cached_property
from itertools import accumulate
from zlib import decompress

from shisaku.index.engine.whoosh.codec.block_checksums import Stretch

_WITH_OFFSETS = ord("X")


class _Numbers:
    """The array of `count` numbers that ends where `end` says; single ones are read from it."""

    def __init__(self, buffer: Stretch, end: int, code: int, count: int) -> None:
        self._code = chr(code)
        self._size = array(self._code).itemsize
        self.start = end - count * self._size
        self._buffer = buffer.part(self.start, end)

    def __getitem__(self, at: int) -> int:
        start = at * self._size
        return int.from_bytes(self._buffer.read(start, start + self._size), "big")

    def close(self) -> None:
        self._buffer.release()

    def all(self) -> "array[int]":
        """Return all numbers."""
        numbers = array(self._code, bytes(self._buffer.all()))
        if sys.byteorder == "little":
            numbers.byteswap()
        return numbers


class Column:
    """The values of a column of `count` passages; those of a packed one are unpacked by zlib."""

    def __init__(self, buffer: Stretch | memoryview, count: int, *, packed: bool) -> None:
        if isinstance(buffer, memoryview):
            buffer = Stretch(buffer)
        self._buffer = buffer
        self._packed = packed
        self._written: _Numbers | None = None
        end = len(buffer)
        last = bytes(buffer.read(max(end - 3, 0), end))
        code = last[-1]
        if code == _WITH_OFFSETS:
            self._written = _Numbers(buffer, end - 3, last[-2], count)
            code, end = last[-3], self._written.start + 1
        self._lengths = _Numbers(buffer, end - 1, code, count)

    @cached_property
    def _added(self) -> "array[int]":
        """The offsets of a column that is too short to have them written."""
        return array("Q", accumulate(self._lengths.all(), initial=0))

    def __getitem__(self, number: int) -> bytes:
        """Return the value of a passage, b"" where it has none."""
        start = (self._written or self._added)[number]
        value = self._buffer.read(start, start + self._lengths[number])
        return decompress(value) if self._packed and value else bytes(value)

    def raws(self) -> Iterator[bytes]:
        """Yield the value of every passage as it lies in the file: packed, if the column is."""
        start = 0
        for length in self._lengths.all():
            yield bytes(self._buffer.read(start, start + length))
            start += length

    def close(self) -> None:
        """Let go of the mapped file."""
        self._lengths.close()
        if self._written:
            self._written.close()
        self._buffer.release()


COLUMNS = ("record", "aliases", "bounds")
"""Columns of bytes: the record as JSON, packed by zlib; the pairs of names that it defines; where
its words begin and end (`token_offsets`)."""


FACETS = ("kind", "plan", "year")
"""Fields whose value stands in the passage's frame; their columns are read from there."""


def year_term(year: int) -> bytes:
    """Return the term of a year: four digits."""
    return b"%04d" % year
