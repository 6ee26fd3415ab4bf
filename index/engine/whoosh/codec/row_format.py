"""How the rows of a segment are laid out: fields, addresses, the packing of a row, the directory.

`postings_writer` writes rows so, `postings` reads them.
"""

import sys
import zlib
from array import array
from collections.abc import Iterable
from itertools import accumulate
from typing import NamedTuple

import msgspec

KEYS = (
    "id", "document", "measure", "defines", "begins", "kind", "plan", "year", "ministry",
)  # fmt: skip
"""Fields whose terms are whole keys and stand in no position."""


TEXTS = (
    "text_words", "text_grams", "head_words", "head_grams", "title_words", "label_words",
    "label_grams", "defined_words", "about_words", "about_grams",
)  # fmt: skip
"""Fields whose terms have positions."""


SHIFT = 28
"""Bits of a position: the longest passage has fewer characters."""


_ROW = b"\0"


_ROW_AS_DIFFERENCES = b"\1"


_LEAST = 48
"""Addresses in a row from which on it is packed by zlib."""


class Part(NamedTuple):
    """Where something lies in the rows, in bytes: its first byte, and one past its last."""

    start: int
    end: int


class Directory(msgspec.Struct):
    """The directory of the rows, JSON at their end."""

    fields: dict[str, tuple[Part, Part, Part, Part]]
    """By field: sorted keys (terms in UTF-8) one after the other, the end of each (32 bits), packed
    rows, the end of each (64 bits)."""
    lengths: dict[str, Part]
    """One byte for each passage: how many tokens its field has, as the table below counts."""
    table: list[int]
    """The number of tokens that each of the 256 codes of a length stands for."""
    count: int
    """Number of passages, the deleted among them."""
    titles: Part
    """The title of each document, by id, JSON."""
    frames: tuple[Part, Part]
    """The different encoded `Frame`s one after the other, and their ends."""
    ministries: tuple[Part, Part]
    """The different encoded `Bodies`, and their ends."""
    places: tuple[Part, Part]
    """The different places, two numbers each (of a frame, of bodies); the place of each passage."""
    twins: Part
    """The `TokenDoc.twin` of each passage, 64 bits each."""


def pack(row: "array[int]") -> bytes:
    """Encode an ascending row; a long one as its packed differences, which are mostly small.

    Raises:
        OverflowError: the row does not ascend.

    """
    if len(row) < _LEAST:
        return _ROW + row.tobytes()
    return _ROW_AS_DIFFERENCES + zlib.compress(_differences(row.tobytes()), 1)


def _differences(row: bytes) -> bytes:
    """Return each number of a row less the one before it.

    The row and the row moved on by one place are subtracted as two numbers: in an ascending row
    no place borrows from the next. Raises `OverflowError` for another.
    """
    one, other = (int.from_bytes(raw, sys.byteorder) for raw in (row, bytes(8) + row[:-8]))
    found = (one - other).to_bytes(len(row), sys.byteorder)
    # What borrows is more than any address.
    if max(memoryview(found).cast("Q"), default=0) >> 63:
        raise OverflowError("addresses that do not ascend")
    return found


def read(raw: memoryview) -> Iterable[int]:
    """Decode a row of `pack`; it can be iterated over once.

    Raises:
        zlib.error, ValueError: it is damaged.

    """
    row = array("Q")
    if raw[0] == _ROW[0]:
        row.frombytes(raw[1:])
        return row
    row.frombytes(zlib.decompress(raw[1:]))
    return accumulate(row)
