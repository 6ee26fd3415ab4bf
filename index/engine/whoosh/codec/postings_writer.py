"""Gathers the addresses of terms while passages are added, and writes them as `postings`.

What has been gathered goes to disk whenever it is more than a run may hold; passages are numbered
as they come, so the rows of later runs go on where those of earlier ones end.
"""

import heapq
import tempfile
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import accumulate, chain, groupby, repeat
from operator import add, itemgetter
from pathlib import Path
from struct import Struct
from typing import Any

import msgspec
from whoosh.util.numeric import byte_to_length, length_to_byte

from shisaku.index.analysis.analyzer import FIELD_BREAK, Word
from shisaku.index.engine.whoosh.codec.postings import SHIFT, Directory, Part, Rows, pack

KEYS = ("id", "document", "measure", "defines")
"""Fields whose terms are whole keys and stand in no position."""
TEXTS = ("text_words", "text_grams", "head_words", "head_grams", "title_words")

_RUN = 12_000_000  # addresses of 8 bytes that are held in memory
_BLOCK = 1 << 18  # bytes of rows that are written at once
_HEAD = Struct("<HIQ")  # number of the field, bytes of the key, length of the row
_Rows = defaultdict[str, "array[int]"]
_Row = tuple[int, bytes, "array[int]"]
"""Number of the field, key and row of a term."""


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
        self._rows = {field: defaultdict(partial(array, "Q")) for field in self._fields}
        self._held = 0

    # --- adding --------------------------------------------------------------------------------

    def add_key(self, field: str, number: int, key: str) -> None:
        """Add a whole key of a passage."""
        self._rows[field][key].append(number << SHIFT)

    def add_words(self, field: str, number: int, found: Iterable[Word], passages: int = 1) -> int:
        """Add the words of a passage, or of so many that share them; gives how many terms."""
        rows = self._rows[field]
        stands = [(rows[term], word.position) for word in found for term in word.terms]
        for base in _bases(number, passages):
            for row, position in stands:
                row.append(base + position)
        return self._count(field, number, len(stands), passages)

    def add_pairs(self, field: str, number: int, keys: Sequence[str], passages: int = 1) -> int:
        """Add the pairs of neighbouring characters of folded parts in the same way; see `grams`."""
        rows = self._rows[field]
        if passages == 1:  # so stand nearly all pairs: they need no list
            address = number << SHIFT
            for key in keys:
                for pair in _pairs(key):
                    rows[pair].append(address)
                    address += 1
        else:
            stands = [rows[pair] for key in keys for pair in _pairs(key)]
            for base in _bases(number, passages):
                for address, row in enumerate(stands, base):
                    row.append(address)
        return self._count(field, number, sum(map(len, keys)), passages)

    def _count(self, field: str, number: int, count: int, passages: int) -> int:
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
        if missing := number - len(self._place_of):
            self._place_of.extend(repeat(0, missing))
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
            rows = self._rows[field]
            for term in sorted(rows):
                yield at, term.encode("utf-8", "surrogatepass"), rows.pop(term)

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


def _bases(number: int, passages: int) -> range:
    """Give the address at which each passage begins, of so many from `number` on."""
    return range(number << SHIFT, (number + passages) << SHIFT, 1 << SHIFT)


def _pairs(key: str) -> Iterator[str]:
    return map(add, key, key[1:] + FIELD_BREAK)


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
