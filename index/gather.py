"""Gathers the addresses of terms while passages are added, and writes them as `index.addresses`.

What has been gathered goes to disk whenever it is more than a run may hold; passages are numbered
as they come, so the rows of later runs go on where those of earlier ones end.
"""

import heapq
import tempfile
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import accumulate, chain, groupby
from operator import add, itemgetter
from pathlib import Path
from struct import Struct
from typing import Any

import msgspec
from whoosh.util.numeric import byte_to_length, length_to_byte

from index.addresses import SHIFT, Directory, Part, Rows, pack
from index.analyzer import FIELD_BREAK, Word

KEYS = ("id", "document", "measure", "defines")
"""Fields whose terms are whole keys and stand in no position."""
TEXTS = ("text_words", "text_grams", "head_words", "head_grams", "title_words")

_RUN = 12_000_000  # addresses of 8 bytes that are held in memory
_BLOCK = 1 << 18  # bytes of rows that are written at once
_HEAD = Struct("<HIQ")  # number of the field, bytes of the key, length of the row
_Rows = defaultdict[str, "array[int]"]
_Row = tuple[int, bytes, "array[int]"]
"""Number of the field, key and row of a term."""


def _rows() -> _Rows:
    return defaultdict(partial(array, "Q"))


def _table() -> list[int]:
    return [byte_to_length(code) for code in range(256)]


class Gatherer:
    """Holds the rows of the segment that is being written; `folder` takes what is too much."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._fields = sorted((*KEYS, *TEXTS))
        self._rows: dict[str, _Rows] = {}
        self._lengths = {field: bytearray() for field in TEXTS}
        self._frames: dict[bytes, int] = {}
        self._ministries: dict[bytes, int] = {}
        self._places: dict[tuple[int, int], int] = {}
        self._place_of = array("I")
        self._titles: dict[str, str] = {}
        self._held = 0
        self._runs: list[Any] = []
        self._clear()

    def _clear(self) -> None:
        self._rows = {field: _rows() for field in self._fields}
        self._held = 0

    # --- adding --------------------------------------------------------------------------------

    def add_key(self, field: str, number: int, key: str) -> None:
        """Add a whole key of a passage."""
        self._rows[field][key].append(number << SHIFT)

    def add_words(
        self, field: str, number: int, found: Iterable[Word], passages: int = 1
    ) -> int:
        """Add the words of a passage, or of so many that share them; gives how many terms."""
        rows, base, count = self._rows_for(field, passages), number << SHIFT, 0
        for word in found:
            address = base + word.position
            for term in word.terms:
                rows[term].append(address)
            count += len(word.terms)
        return self._finish(field, number, count, rows, passages)

    def add_pairs(self, field: str, number: int, keys: Iterable[str], passages: int = 1) -> int:
        """Add the pairs of neighbouring characters of folded parts in the same way; see `grams`."""
        rows, address = self._rows_for(field, passages), number << SHIFT
        for key in keys:
            for pair in map(add, key, key[1:] + FIELD_BREAK):
                rows[pair].append(address)
                address += 1
        return self._finish(field, number, address - (number << SHIFT), rows, passages)

    def _rows_for(self, field: str, passages: int) -> _Rows:
        """Give the rows that take a passage, those of the field unless others share its terms."""
        return self._rows[field] if passages == 1 else _rows()

    def _finish(self, field: str, number: int, count: int, rows: _Rows, passages: int) -> int:
        """Note how many terms a passage has, and that others have them, too."""
        held = self._rows[field]
        if rows is not held:
            for term, row in rows.items():
                held[term].extend(_repeated(row, passages))
        lengths = self._lengths[field]
        lengths.extend(bytes(number - len(lengths)))
        # Whoosh leaves a field without any token at code 0, too.
        lengths.extend(bytes([length_to_byte(count) if count else 0]) * passages)
        self._held += count * passages
        return count * passages

    def add_place(self, number: int, frame: bytes, ministries: bytes) -> None:
        """Add where a passage stands: its frame and ministries, encoded."""
        pair = (
            self._frames.setdefault(frame, len(self._frames)),
            self._ministries.setdefault(ministries, len(self._ministries)),
        )
        self._place_of.extend(array("I", bytes(4 * (number - len(self._place_of)))))
        self._place_of.append(self._places.setdefault(pair, len(self._places)))

    def add_title(self, document: str, title: str) -> None:
        """Add the title of a document, by its id."""
        self._titles[document] = title

    def settle(self) -> None:
        """Write what is held to disk if it is much; to be called between two passages."""
        if self._held > _RUN:
            self._spill()

    def add_segment(self, rows: Rows, count: int, first: int) -> None:
        """Add the living passages of another segment, `count` with the deleted, from `first` on."""
        shifts: list[int] = []
        place = first
        for number in range(count):
            shifts.append((place - number) << SHIFT)
            place += number not in rows.deleted
        one = shifts[0] if shifts and not rows.deleted else None
        for field in rows.fields:
            held = self._rows[field]
            for term, row in rows.rows(field):
                if one is not None:
                    held[term].extend([at + one for at in row])
                else:
                    held[term].extend([at + shifts[at >> SHIFT] for at in row])
                self._held += len(row)
            self.settle()
        living = [number for number in range(count) if number not in rows.deleted]
        for field, lengths in self._lengths.items():
            lengths.extend(bytes(first - len(lengths)))
            codes = rows.lengths(field)
            lengths.extend([codes[n] for n in living])
        for document, _ in rows.rows("document"):
            # One that was added in this run is newer.
            self._titles.setdefault(document, rows.titles.get(document, ""))
        chosen = rows.place_of
        for at, number in enumerate(living if len(chosen) else ()):
            frame, ministries = rows.pair(chosen[number])
            self.add_place(first + at, rows.frames[frame], rows.ministries[ministries])

    # --- writing -------------------------------------------------------------------------------

    def _sorted(self) -> Iterator[_Row]:
        """Yield all that is held, in order; the gatherer is empty then."""
        for at, field in enumerate(self._fields):
            for term, row in sorted(self._rows.pop(field).items(), key=itemgetter(0)):
                yield at, term.encode("utf-8", "surrogatepass"), row

    def _spill(self) -> None:
        run = tempfile.TemporaryFile(dir=self._folder)  # noqa: SIM115 - closed by `write`
        for at, key, row in self._sorted():
            run.write(_HEAD.pack(at, len(key), len(row)) + key + row.tobytes())
        self._runs.append(run)
        self._clear()

    def write(self, file: Any, count: int) -> None:
        """Write everything for `count` passages; the gatherer is empty then."""
        runs = [_read(run) for run in self._runs]
        merged = heapq.merge(*runs, self._sorted(), key=itemgetter(0, 1))
        fields: dict[str, tuple[Part, Part, Part, Part]] = {}
        end = 0
        for at, group in groupby(merged, itemgetter(0)):
            keys, key_ends, row_ends = bytearray(), array("I"), array("Q")
            start, waiting = end, bytearray()
            for key, same in groupby(group, itemgetter(1)):
                (_, _, row), *more = same
                for _, _, later in more:
                    row += later
                packed = pack(row)
                waiting += packed
                if len(waiting) > _BLOCK:
                    file.write(waiting)
                    waiting = bytearray()
                end += len(packed)
                row_ends.append(end - start)
                keys += key
                key_ends.append(len(keys))
            file.write(waiting)
            parts = [Part(start, end)]
            for raw in (bytes(keys), key_ends.tobytes(), row_ends.tobytes()):
                file.write(raw)
                parts.append(Part(end, end := end + len(raw)))
            rows, key_part, key_end_part, row_end_part = parts
            fields[self._fields[at]] = (key_part, key_end_part, rows, row_end_part)
        lengths = {}
        for field, codes in self._lengths.items():
            codes.extend(bytes(count - len(codes)))
            file.write(bytes(codes))
            lengths[field] = Part(end, end := end + len(codes))
        raws = (
            msgspec.json.encode(self._titles, order="sorted"),
            *_blobs(self._frames), *_blobs(self._ministries),
            array("I", chain.from_iterable(self._places)).tobytes(), self._place_of.tobytes(),
        )  # fmt: skip
        parts = []
        for raw in raws:
            file.write(raw)
            parts.append(Part(end, end := end + len(raw)))
        titles, frames, frame_ends, names, name_ends, pairs, chosen = parts
        found = Directory(
            fields, lengths, _table(), count, titles,
            (frames, frame_ends), (names, name_ends), (pairs, chosen),
        )  # fmt: skip
        directory = msgspec.json.encode(found)
        file.write(directory + len(directory).to_bytes(8, "little"))
        self.close()

    def close(self) -> None:
        """Let go of the runs on disk."""
        for run in self._runs:
            run.close()
        self._runs.clear()
        self._clear()


def _repeated(row: Iterable[int], passages: int) -> Iterable[int]:
    """Give the addresses of a term in a passage, and as many in each that follows, ascending."""
    length = passages << SHIFT
    ranges = [range(at, at + length, 1 << SHIFT) for at in row]
    return ranges[0] if len(ranges) == 1 else chain.from_iterable(zip(*ranges, strict=True))


def _blobs(found: Iterable[bytes]) -> tuple[bytes, bytes]:
    """Give strings of bytes one after the other, and their ends."""
    found = list(found)
    return b"".join(found), array("I", accumulate(map(len, found))).tobytes()


def _read(run: Any) -> Iterator[_Row]:
    run.seek(0)
    while head := run.read(_HEAD.size):
        at, size, count = _HEAD.unpack(head)
        key, row = run.read(size), array("Q")
        row.fromfile(run, count)
        yield at, key, row
