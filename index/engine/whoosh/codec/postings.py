"""The rows of a segment: for each term of a field the sorted addresses at which it stands.

An *address* is the passage's number in the segment shifted left by `SHIFT`, plus the position in
it, in 64 bits. A phrase is then an intersection of rows, each moved back by its place: no posting
is decoded by itself, which in Whoosh takes several times as long as the analysis. The rows are a
part of the segment's file: `postings_writer` writes them; `segment_reader` (without Whoosh) and
`terms_reader` (Whoosh's API) read them.
"""

import zlib
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import repeat
from operator import rshift
from pathlib import Path
from typing import Any

import msgspec

from shisaku.index.engine.whoosh.codec.block_checksums import Numbers, Stretch
from shisaku.index.engine.whoosh.codec.row_format import SHIFT, Directory, Part, read
from shisaku.index.errors import broken

_AT_ONCE = 1024
"""Keys that are read at once where many are asked for."""


class Blobs(Sequence[bytes]):
    """Strings of bytes that lie one after the other, with an array of their ends."""

    def __init__(self, whole: Stretch, ends: Stretch) -> None:
        self._whole = whole
        self._ends = Numbers(ends, "I")

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, at: Any) -> Any:
        """Return one of them; raises `BrokenIndexError` where it is damaged."""
        return bytes(self._whole.read(self._ends[at - 1] if at else 0, self._ends[at]))

    def between(self, start: int, end: int) -> Iterator[bytes]:
        """Yield those from index `start` to before `end`, many read at once."""
        ends = self._ends.all()
        for first in range(start, end, _AT_ONCE):
            last = min(first + _AT_ONCE, end)
            base = ends[first - 1] if first else 0
            raw = bytes(self._whole.read(base, ends[last - 1]))
            places = [place - base for place in ends[first:last]]
            yield from map(raw.__getitem__, map(slice, [0, *places], places))

    def close(self) -> None:
        """Let go of the mapped file."""
        self._whole.release()
        self._ends.release()


class _Field(Blobs):
    """The sorted keys of a field over the mapped file, and their rows."""

    def __init__(self, buffer: Stretch, parts: tuple[Part, Part, Part, Part]) -> None:
        keys, key_ends, rows, row_ends = (buffer.part(*part) for part in parts)
        super().__init__(keys, key_ends)
        self._rows = rows
        self._row_ends = Numbers(row_ends, "Q")

    def find(self, key: bytes) -> int:
        """Return the index of `key` among the keys, -1 where it is none of them."""
        at = bisect_left(self, key)
        return at if at < len(self) and self[at] == key else -1

    def raw(self, at: int) -> memoryview:
        """Return the packed row of the key with this index."""
        return self._rows.read(self._row_ends[at - 1] if at else 0, self._row_ends[at])

    def close(self) -> None:
        """Let go of the mapped file."""
        super().close()
        self._rows.release()
        self._row_ends.release()


class Rows:
    """Reads the rows of one segment; addresses in `deleted` passages are left out of each.

    `generation` is what an error names. `buffer` holds the rows as `postings_writer` wrote them.
    Reading bytes that are not as they were written raises BrokenIndexError; reading after `close`
    raises ValueError.
    """

    def __init__(
        self, buffer: Stretch | memoryview, deleted: frozenset[int], generation: Path
    ) -> None:
        if isinstance(buffer, memoryview):
            buffer = Stretch(buffer)
        self.generation = generation
        end = len(buffer)
        size = int.from_bytes(buffer.read(end - 8, end), "little")
        directory = msgspec.json.decode(buffer.read(end - 8 - size, end - 8), type=Directory)
        self.deleted = deleted
        self._buffer = buffer
        self._parts = directory.fields
        self._fields: dict[str, _Field] = {}
        self._lengths = directory.lengths
        self.table = directory.table
        self._titles = directory.titles
        self.count = directory.count
        """Number of passages, the deleted among them."""
        self.frames, self.ministries = (
            Blobs(*(buffer.part(*part) for part in parts))
            for parts in (directory.frames, directory.ministries)
        )
        self._pairs, self._place_of = (
            Numbers(buffer.part(*part), "I") for part in directory.places
        )
        self._twins = Numbers(buffer.part(*directory.twins), "Q")

    @property
    def pairs(self) -> memoryview:
        """The numbers of the frame and of the list of ministries of each place, in turn."""
        return self._pairs.all()

    @property
    def place_of(self) -> memoryview:
        """The number of each passage's place."""
        return self._place_of.all()

    @property
    def twins(self) -> memoryview:
        """What passages of the same words in one family share, of each passage."""
        return self._twins.all()

    def _field(self, name: str) -> _Field | None:
        if name not in self._fields and name in self._parts:
            self._fields[name] = _Field(self._buffer, self._parts[name])
        return self._fields.get(name)

    def _raw(self, field: str, term: str) -> memoryview | None:
        """Return the packed row of a term, None where the field has no such term."""
        found = self._field(field)
        at = found.find(_encoded(term)) if found else -1
        return found.raw(at) if found and at >= 0 else None

    def _living(self, raw: memoryview) -> Iterable[int]:
        """Return the addresses of a packed row in living passages, once."""
        try:
            addresses = read(raw)
        except (zlib.error, ValueError) as error:
            raise broken(self.generation, error) from error
        deleted = self.deleted
        return (at for at in addresses if at >> SHIFT not in deleted) if deleted else addresses

    def addresses(self, field: str, term: str) -> Iterable[int]:
        """Return the addresses of a term once, ascending; none where it does not stand."""
        raw = self._raw(field, term)
        return self._living(raw) if raw else ()

    def row(self, field: str, term: str) -> "array[int]":
        """Return the addresses of a term, ascending."""
        return array("Q", self.addresses(field, term))

    def weight(self, field: str, term: str) -> int:
        """Return the size of a term's packed row in bytes, 0 where there is no such term."""
        return len(self._raw(field, term) or b"")

    def numbers(self, field: str, term: str) -> list[int]:
        """Return the numbers of the passages that hold a term, ascending."""
        return list(dict.fromkeys(map(rshift, self.addresses(field, term), repeat(SHIFT))))

    def keys(self, field: str) -> Sequence[bytes]:
        """Return the terms of a field in UTF-8, in the order of their bytes.

        They are read as they are asked for; those of deleted passages alone are among them.
        """
        return self._field(field) or ()

    def beginning(self, field: str, prefix: str) -> Iterator[str]:
        """Yield the terms that begin with `prefix`, in order."""
        found = self._field(field)
        if found is None:
            return
        start = _encoded(prefix)
        # No byte of UTF-8 is 255, so that this comes after all that begin so.
        end = bisect_left(found, start + b"\xff") if prefix else len(found)
        yield from map(_decoded, found.between(bisect_left(found, start), end))

    def terms(self, field: str) -> Iterator[str]:
        """Yield all terms of a field, in order."""
        return self.beginning(field, "")

    def rows(self, field: str) -> Iterator[tuple[str, "array[int]"]]:
        """Yield all terms of a field with their rows, in order; none that is empty."""
        found = self._field(field)
        for at in range(len(found)) if found else ():
            assert found
            if row := array("Q", self._living(found.raw(at))):
                yield _decoded(found[at]), row

    def joined(self, field: str) -> "tuple[array[int], list[int]]":
        """Return the rows of all terms of a field one after the other, and where each ends."""
        found = self._field(field)
        row, ends = array("Q"), []
        for at in range(len(found)) if found else ():
            assert found
            row.extend(self._living(found.raw(at)))
            ends.append(len(row))
        return row, ends

    @property
    def fields(self) -> Sequence[str]:
        """The names of the fields."""
        return tuple(self._parts)

    @cached_property
    def titles(self) -> dict[str, str]:
        """The title of each document, by id."""
        try:
            raw = self._buffer.read(*self._titles)
            return msgspec.json.decode(raw, type=dict[str, str])
        except msgspec.MsgspecError as error:
            raise broken(self.generation, error) from error

    @property
    def place_count(self) -> int:
        """Number of different places."""
        return len(self._pairs) // 2

    def pair(self, place: int) -> tuple[int, int]:
        """Return the numbers of a place's frame and ministries."""
        return self._pairs[2 * place], self._pairs[2 * place + 1]

    def close(self) -> None:
        """Let go of the mapped file, so that its segment can be closed."""
        for blobs in (*self._fields.values(), self.frames, self.ministries):
            blobs.close()
        self._fields.clear()
        for part in (self._buffer, self._pairs, self._place_of, self._twins):
            part.release()

    def lengths(self, field: str) -> memoryview:
        """Return the code of each passage's length in a field; `table` decodes it."""
        return self._buffer.read(*self._lengths[field])


def _encoded(term: str) -> bytes:
    # Lone surrogates, which only a query can hold, are found nowhere and break nothing.
    return term.encode("utf-8", "surrogatepass")


def _decoded(key: bytes) -> str:
    return key.decode("utf-8", "surrogatepass")
