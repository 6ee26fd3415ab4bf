"""Gathers the addresses of terms while passages are added, and writes them as `postings`.

What has been gathered goes to disk whenever it is more than a run may hold; passages are numbered
as they come, so the rows of later runs go on where those of earlier ones end.
"""

import heapq
import tempfile
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import accumulate, chain, groupby, repeat
from operator import itemgetter
from pathlib import Path
from struct import Struct
from typing import Any, Protocol

import msgspec
from whoosh.util.numeric import byte_to_length, length_to_byte

from shisaku.index.engine.tokens import Tokens
from shisaku.index.engine.whoosh.codec.row_format import KEYS, SHIFT, TEXTS, Directory, Part, pack

_RUN = 12_000_000
"""Addresses of 8 bytes that are held in memory before they go to disk."""
_BLOCK = 1 << 18
"""Bytes of rows that are written at once."""
_HEAD = Struct("<HIQ")
"""Head of a row in a run on disk: number of the field, bytes of the key, length of the row."""
_Rows = defaultdict[str, "array[int]"]
_Row = tuple[int, bytes, "array[int]"]
"""Number of the field, key and row of a term."""
_FieldParts = tuple[Part, Part, Part, Part]
"""Where the keys of a field, their ends, its rows and their ends lie."""


class HeldRows(Protocol):
    """The rows of a segment that is folded into a new one; see `postings.Rows`."""

    count: int
    deleted: frozenset[int]

    @property
    def frames(self) -> Sequence[bytes]:
        """The different encoded frames."""

    @property
    def ministries(self) -> Sequence[bytes]:
        """The different encoded `Bodies`."""

    @property
    def fields(self) -> Sequence[str]:
        """The names of the fields."""

    @property
    def place_of(self) -> Sequence[int]:
        """The number of the place of each passage."""

    @property
    def twins(self) -> Sequence[int]:
        """What passages of the same words share, of each passage."""

    @property
    def titles(self) -> dict[str, str]:
        """The titles of documents, by id."""

    def lengths(self, field: str) -> Sequence[int]:
        """Return the code of the length of each passage's field."""

    def rows(self, field: str) -> "Iterator[tuple[str, array[int]]]":
        """Yield the terms of a field with their living addresses, in order."""

    def pair(self, place: int) -> tuple[int, int]:
        """Return the numbers of a place's frame and ministries."""


class Gatherer:
    """Holds the rows of the segment that is being written.

    `folder` takes what is too much to hold; None for the system's folder for temporary files.
    Passages must be added in the order of their numbers, from 0.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._fields = sorted((*KEYS, *TEXTS))
        self._rows: dict[str, _Rows] = {}
        self._lengths = {field: bytearray() for field in TEXTS}
        self._frames: dict[bytes, int] = {}
        self._ministries: dict[bytes, int] = {}
        self._places: dict[tuple[int, int], int] = {}
        self._place_of = array("I")
        self._twins = array("Q")
        self._titles: dict[str, str] = {}
        self._held = 0
        self._runs: list[Any] = []
        self._last: dict[str, Tokens] = {}
        self._ready: dict[str, list[tuple[Callable[[int], None], int]]] = {}
        self._clear()

    def _clear(self) -> None:
        self._rows = {field: defaultdict(partial(array, "Q")) for field in self._fields}
        self._ready.clear()
        self._held = 0

    # --- adding --------------------------------------------------------------------------------

    def add_key(self, field: str, number: int, key: str) -> None:
        """Add a whole key of passage `number`."""
        self._rows[field][key].append(number << SHIFT)

    def add_tokens(self, field: str, number: int, tokens: Tokens) -> None:
        """Add the tokens of a field of passage `number`.

        Tokens that passages share (the same object as that of the passage before) are looked up
        once: their rows are kept at hand until others come.
        """
        base = number << SHIFT
        if self._last.get(field) is tokens:
            if field not in self._ready:
                rows = self._rows[field]
                pairs = zip(tokens.terms, tokens.positions, strict=True)
                self._ready[field] = [(rows[term].append, position) for term, position in pairs]
            for append, position in self._ready[field]:
                append(base + position)
        else:
            self._last[field] = tokens
            self._ready.pop(field, None)
            rows = self._rows[field]
            for term, position in zip(tokens.terms, tokens.positions, strict=True):
                rows[term].append(base + position)
        self.add_length(field, number, len(tokens.terms))

    def add_posting(self, field: str, number: int, term: str, positions: Iterable[int]) -> None:
        """Add a term of passage `number` at these positions, which ascend."""
        self._rows[field][term].extend(map((number << SHIFT).__add__, positions))

    def add_length(self, field: str, number: int, count: int) -> None:
        """Note how many tokens a field of passage `number` has."""
        lengths = self._lengths[field]
        if missing := number - len(lengths):
            lengths.extend(bytes(missing))
        # Whoosh leaves a field without any token at code 0, too.
        lengths.append(length_to_byte(count) if count else 0)
        self._held += count

    def add_place(self, number: int, frame: bytes, ministries: bytes) -> None:
        """Add where passage `number` stands: its frame and ministries, encoded."""
        pair = (
            self._frames.setdefault(frame, len(self._frames)),
            self._ministries.setdefault(ministries, len(self._ministries)),
        )
        if missing := number - len(self._place_of):
            self._place_of.extend(repeat(0, missing))
        self._place_of.append(self._places.setdefault(pair, len(self._places)))

    def add_twin(self, number: int, twin: int) -> None:
        """Add what passages of the same words share, of passage `number`."""
        self._twins.extend(repeat(0, number - len(self._twins)))
        self._twins.append(twin)

    def add_title(self, document: str, title: str) -> None:
        """Add the title of a document, by its id."""
        self._titles[document] = title

    def settle(self) -> None:
        """Write what is held to disk if it is much; to be called between two passages."""
        if self._held > _RUN:
            self._spill()

    def add_segment(self, rows: HeldRows, first: int) -> None:
        """Add the living passages of another segment, which get the numbers from `first` on."""
        living = [number for number in range(rows.count) if number not in rows.deleted]
        self._add_rows(rows, first)
        for field, lengths in self._lengths.items():
            lengths.extend(bytes(first - len(lengths)))
            codes = rows.lengths(field)
            lengths.extend([codes[number] for number in living])
        for document, _ in rows.rows("document"):
            # One that was added in this run is newer.
            self._titles.setdefault(document, rows.titles.get(document, ""))
        chosen = rows.place_of
        for at, number in enumerate(living if len(chosen) else ()):
            frame, ministries = rows.pair(chosen[number])
            self.add_place(first + at, rows.frames[frame], rows.ministries[ministries])
            self.add_twin(first + at, rows.twins[number])

    def _add_rows(self, rows: HeldRows, first: int) -> None:
        """Add the rows of another segment, each address moved to its passage's new number."""
        shifts: list[int] = []
        place = first
        for number in range(rows.count):
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

    # --- writing -------------------------------------------------------------------------------

    def _sorted(self) -> Iterator[_Row]:
        """Yield all that is held, in order; the gatherer is empty then."""
        for at, field in enumerate(self._fields):
            rows = self._rows[field]
            for term in sorted(rows):
                yield at, term.encode("utf-8", "surrogatepass"), rows.pop(term)

    def _spill(self) -> None:
        run = tempfile.TemporaryFile(dir=self._folder)  # noqa: SIM115 - closed by `close`
        for at, key, row in self._sorted():
            run.write(_HEAD.pack(at, len(key), len(row)) + key + row.tobytes())
        self._runs.append(run)
        self._clear()

    def write(self, file: Any, count: int) -> None:
        """Write everything for `count` passages; the gatherer is empty then.

        Raises:
            OverflowError: the addresses of a term do not ascend.

        """
        out = _Output(file)
        merged = heapq.merge(*map(_read, self._runs), self._sorted(), key=itemgetter(0, 1))
        fields = {
            self._fields[at]: _write_field(out, rows) for at, rows in groupby(merged, itemgetter(0))
        }
        directory = Directory(
            fields,
            self._write_lengths(out, count),
            [byte_to_length(code) for code in range(256)],
            count,
            out.write(msgspec.json.encode(self._titles, order="sorted")),
            _write_blobs(out, self._frames),
            _write_blobs(out, self._ministries),
            self._write_places(out),
            self._write_twins(out, count),
        )
        raw = msgspec.json.encode(directory)
        out.write(raw + len(raw).to_bytes(8, "little"))
        self.close()

    def _write_lengths(self, out: "_Output", count: int) -> dict[str, Part]:
        """Write the code of the length of each passage's fields, one byte each."""
        parts = {}
        for field, codes in self._lengths.items():
            codes.extend(bytes(count - len(codes)))
            parts[field] = out.write(codes)
        return parts

    def _write_places(self, out: "_Output") -> tuple[Part, Part]:
        """Write the different pairs of frame and ministries, and which one each passage has."""
        pairs = array("I", chain.from_iterable(self._places))
        return out.write(pairs.tobytes()), out.write(self._place_of.tobytes())

    def _write_twins(self, out: "_Output", count: int) -> Part:
        self._twins.extend(repeat(0, count - len(self._twins)))
        return out.write(self._twins.tobytes())

    def close(self) -> None:
        """Forget what is held, and let go of the runs on disk."""
        for run in self._runs:
            run.close()
        self._runs.clear()
        self._clear()


class _Output:
    """A file that is written from its beginning; it knows where it stands."""

    def __init__(self, file: Any) -> None:
        self._write = file.write
        self.end = 0

    def write(self, raw: bytes | bytearray) -> Part:
        """Write bytes and return where they lie."""
        self._write(raw)
        start, self.end = self.end, self.end + len(raw)
        return Part(start, self.end)


def _write_field(out: _Output, rows: Iterable[_Row]) -> _FieldParts:
    """Write the rows of one field, which are sorted by key; those of one key follow each other."""
    keys, key_ends, row_ends = bytearray(), array("I"), array("Q")
    start, end, waiting = out.end, 0, bytearray()
    for key, same in groupby(rows, itemgetter(1)):
        (_, _, row), *more = same
        for _, _, later in more:
            row += later
        packed = pack(row)
        waiting += packed
        end += len(packed)
        if len(waiting) > _BLOCK:
            out.write(waiting)
            waiting = bytearray()
        keys += key
        key_ends.append(len(keys))
        row_ends.append(end)
    out.write(waiting)
    all_rows = Part(start, out.end)
    key_part, key_end_part = out.write(keys), out.write(key_ends.tobytes())
    return key_part, key_end_part, all_rows, out.write(row_ends.tobytes())


def _write_blobs(out: _Output, found: Iterable[bytes]) -> tuple[Part, Part]:
    """Write strings of bytes one after the other, and their ends."""
    found = list(found)
    ends = array("I", accumulate(map(len, found)))
    return out.write(b"".join(found)), out.write(ends.tobytes())


def _read(run: Any) -> Iterator[_Row]:
    """Yield the rows of a run on disk, in order."""
    run.seek(0)
    while head := run.read(_HEAD.size):
        at, size, count = _HEAD.unpack(head)
        key, row = run.read(size), array("Q")
        row.fromfile(run, count)
        yield at, key, row
