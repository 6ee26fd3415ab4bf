"""Reads the segments of one generation where they are mapped: rows, and the columns of passages.

Nothing is read before it is asked for, and nothing of Whoosh is loaded: `segment_map` says where
each part lies in the files. Passages have the numbers that Whoosh gives them: those of the first
segment first, the deleted counted.
"""

import mmap
import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import msgspec

from shisaku.index.engine.whoosh.codec.block_checksums import Blocks, Stretch
from shisaku.index.engine.whoosh.codec.postings import Rows
from shisaku.index.engine.whoosh.codec.segment_map import Held, check
from shisaku.index.engine.whoosh.codec.whoosh_columns import Column
from shisaku.index.engine.whoosh.token_offsets import decode_bounds
from shisaku.index.errors import broken

PACKED = {"record": True, "aliases": False, "bounds": False}
"""The columns of a passage, and whether their values are compressed (`schema`)."""


class _Segment:
    def __init__(self, folder: Path, held: Held, *, compare: bool) -> None:
        self._folder = folder
        self.count = held.count
        try:
            with (folder / held.file).open("rb") as file:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            check(held, len(self._map))
            whole = memoryview(self._map)
            blocks = Blocks(whole, held.sums, folder / held.file) if compare else None
            self._whole = Stretch(whole, blocks)
            self._columns = {
                name: Column(self._whole.part(*held.parts[name]), held.count, packed=packed)
                for name, packed in PACKED.items()
            }
            self.rows = Rows(self._whole.part(*held.parts["rows"]), held.gone(), folder)
        except (ValueError, LookupError, msgspec.MsgspecError) as error:
            raise broken(folder, error) from error

    def value(self, column: str, number: int) -> bytes:
        """Return what a column has of a passage of the segment."""
        try:
            return self._columns[column][number]
        except zlib.error as error:
            raise broken(self._folder, error) from error

    def close(self) -> None:
        self.rows.close()
        for column in self._columns.values():
            column.close()
        self._whole.release()
        with suppress(BufferError):  # somebody still reads: it is let go of with that
            self._map.close()


class Segments:
    """The segments `held` of the generation in `folder`.

    With `compare` each block is compared with its checksum before anything is read out of it.

    Raises:
        FileNotFoundError: a segment's file is not there.
        BrokenIndexError: it is not what was written.

    """

    def __init__(self, folder: Path, held: Iterable[Held], *, compare: bool = True) -> None:
        self._segments = [_Segment(folder, each, compare=compare) for each in held if each.count]
        self._bases: list[int] = []
        self.size = 0
        """One more than the highest number of a passage."""
        for segment in self._segments:
            self._bases.append(self.size)
            self.size += segment.count
        self.each = [
            (segment.rows, base) for segment, base in zip(self._segments, self._bases, strict=True)
        ]
        """The rows of each segment, with the number of its first passage."""

    def close(self) -> None:
        """Let go of the files."""
        for segment in self._segments:
            segment.close()

    # --- of one passage ------------------------------------------------------------------------

    def _at(self, number: int) -> int:
        return bisect_right(self._bases, number) - 1

    def within(self, number: int) -> tuple[Rows, int]:
        """Return the rows of a passage's segment, and its number there."""
        at = self._at(number)
        return self._segments[at].rows, number - self._bases[at]

    def value(self, column: str, number: int) -> bytes:
        """Return what a column (`PACKED`) has of a passage: b"" where it has nothing."""
        at = self._at(number)
        return self._segments[at].value(column, number - self._bases[at])

    def record(self, number: int) -> bytes:
        """Return the encoded record of a passage."""
        return self.value("record", number)

    def bounds(self, number: int) -> Sequence[int]:
        """Return where the words of a passage's text begin and end; see `decode_bounds`."""
        return decode_bounds(self.value("bounds", number))

    # --- of all --------------------------------------------------------------------------------

    def title(self, document: str) -> str:
        """Return the title of a document that has passages."""
        found = [rows for rows, _ in self.each if document in rows.titles]
        if len(found) > 1:  # its older passages are deleted there
            found = [rows for rows in found if rows.numbers("document", document)]
        title: str = found[0].titles[document]
        return title

    def everything(self) -> Iterator[int]:
        """Yield the numbers of all passages, ascending."""
        for rows, base in self.each:
            numbers = range(base, base + rows.count)
            if rows.deleted:
                yield from (number for number in numbers if number - base not in rows.deleted)
            else:
                yield from numbers

    def numbers(self, field: str, term: str) -> list[int]:
        """Return the passages of a term, ascending."""
        return [base + number for rows, base in self.each for number in rows.numbers(field, term)]

    def weight(self, field: str, term: str) -> int:
        """Return how much there is to read of a term, in bytes."""
        return sum(rows.weight(field, term) for rows, _ in self.each)

    def terms(self, field: str) -> list[str]:
        """Return the terms of a field, each once, in order."""
        return sorted({term for rows, _ in self.each for term in rows.terms(field)})

    @property
    def table(self) -> list[int]:
        """How many tokens the code of a length stands for; one table for all segments."""
        return self.each[0][0].table if self.each else [0]

    def twins(self, numbers: Sequence[int]) -> Iterator[int]:
        """Yield what passages of the same words share, of these passages, which ascend."""
        start = 0
        for rows, base in self.each:
            end = bisect_left(numbers, base + rows.count, start)
            here: Iterable[int] = numbers[start:end]
            yield from map(rows.twins.__getitem__, map((-base).__add__, here) if base else here)
            start = end

    def codes(self, field: str) -> bytes:
        """Return the code of each passage's length in a field; `table` has what it stands for."""
        return b"".join(rows.lengths(field) for rows, _ in self.each)
