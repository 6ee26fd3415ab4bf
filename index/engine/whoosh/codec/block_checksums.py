"""A mapped file whose blocks are compared with their checksums before anything is read out of them.

A search reads a few pages of a segment of hundreds of megabytes. Hashing the whole file first would
cost more than the search, so a CRC-32 is kept for each block of 32 kB (in contents.json, which is
sealed) and compared once, when the block is first touched: a flipped bit on the disk then ends in
a `BrokenIndexError` and never in a wrong answer. CRC-32 finds every error of up to 32 neighbouring
bits.
"""

import sys
import zlib
from array import array
from pathlib import Path
from typing import Final

from shisaku.index.errors import damaged

_BITS: Final = 15
BLOCK: Final = 1 << _BITS
"""Bytes of a block."""


def checksums(whole: memoryview | bytes) -> bytes:
    """Return the CRC-32 of each block, four bytes each, the least significant first."""
    found = bytearray()
    for start in range(0, len(whole), BLOCK):
        found += zlib.crc32(whole[start : start + BLOCK]).to_bytes(4, "little")
    return bytes(found)


class Blocks:
    """The blocks of the mapped file at `path`, `whole`, with what their checksums must be.

    Raises:
        BrokenIndexError: there are not as many checksums as blocks.

    """

    def __init__(self, whole: memoryview, sums: bytes, path: Path) -> None:
        count = (len(whole) + BLOCK - 1) >> _BITS
        if len(sums) != 4 * count:
            raise damaged(path, f"it has {count} blocks and {len(sums) // 4} checksums")
        self._path = path
        self._whole = whole
        self._sums = array("I", sums)
        if sys.byteorder == "big":
            self._sums.byteswap()
        self._unread = bytearray(b"\1") * count

    def compare(self, start: int, end: int) -> None:
        """Compare the blocks that hold the bytes from `start` to `end`, each once.

        Raises:
            BrokenIndexError: one of them is not as it was written.

        """
        if start >= end:
            return
        unread = self._unread
        for block in range(start >> _BITS, min(((end - 1) >> _BITS) + 1, len(unread))):
            if unread[block]:
                at = block << _BITS
                if zlib.crc32(self._whole[at : at + BLOCK]) != self._sums[block]:
                    raise damaged(self._path, f"its bytes from {at} on are not what was written")
                unread[block] = 0


class Stretch:
    """Part of a file, `raw`, that begins at byte `start` of its blocks.

    Without blocks nothing is compared: for bytes that were just made, or compared as a whole.
    """

    __slots__ = ("_blocks", "_start", "raw")

    def __init__(self, raw: memoryview, blocks: Blocks | None = None, start: int = 0) -> None:
        self.raw = raw
        self._blocks = blocks
        self._start = start

    def __len__(self) -> int:
        return len(self.raw)

    def part(self, start: int, end: int) -> "Stretch":
        """Return a part of it, from byte `start` to `end`, which is not read yet."""
        return Stretch(self.raw[start:end], self._blocks, self._start + start)

    def compare(self, start: int, end: int) -> None:
        """Compare the bytes from `start` to `end` with their checksums.

        Raises:
            BrokenIndexError: they are not as they were written.

        """
        if self._blocks is not None:
            self._blocks.compare(self._start + start, self._start + end)

    def read(self, start: int, end: int) -> memoryview:
        """Return the bytes from `start` to `end`, once they have been compared."""
        self.compare(start, end)
        return self.raw[start:end]

    def all(self) -> memoryview:
        """Return all its bytes, once they have been compared."""
        return self.read(0, len(self.raw))

    def release(self) -> None:
        """Let go of the mapped file."""
        self.raw.release()


class Numbers:
    """Unsigned numbers of `size` bytes each in a stretch; single ones are compared when read."""

    __slots__ = ("_size", "_stretch", "_values")

    def __init__(self, stretch: Stretch, code: str) -> None:
        self._stretch = stretch
        self._values = stretch.raw.cast(code)  # type: ignore[call-overload]
        self._size: int = self._values.itemsize

    def __len__(self) -> int:
        return len(self._values)

    def __getitem__(self, at: int) -> int:
        """Return one of them."""
        start = at * self._size
        self._stretch.compare(start, start + self._size)
        value: int = self._values[at]
        return value

    def all(self) -> memoryview:
        """Return all of them, once they have been compared."""
        self._stretch.compare(0, len(self._stretch))
        values: memoryview = self._values
        return values

    def release(self) -> None:
        """Let go of the mapped file."""
        self._values.release()
        self._stretch.release()
