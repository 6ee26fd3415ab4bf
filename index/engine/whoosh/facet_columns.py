"""What filters and facets need of each passage: its frame and its set of bodies, by number.

Passages stand in *places*: pairs of a frame (document, dates, plan, status) and a set of bodies
(ministries, publisher). There are few of each, and very many pairs, so frames and sets are numbered
apart. Each segment numbers its own; here equal ones of all segments get one number, when somebody
asks for them. Nothing is decoded before.
"""

import threading
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import msgspec

from shisaku.index.engine.whoosh.arrays import picked
from shisaku.index.engine.whoosh.codec.postings import Blobs, Rows
from shisaku.index.errors import broken
from shisaku.index.records.fields import Bodies, Frame

T = TypeVar("T")


class _Interned:
    """Values that the segments hold encoded, each decoded when it is first asked for.

    `held` are those of each segment; a value's *own* number counts them through all segments.
    Equal values have one number in `values`. `values` only grows, and under a lock: a number that
    one thread was given would otherwise come to stand for the value of another.
    """

    def __init__(self, rows: Sequence[Rows], held: Sequence[Blobs], kind: Any) -> None:
        self._generation = rows[0].generation if rows else Path()
        self._held = held
        self._decode = msgspec.json.Decoder(kind).decode
        self._known: dict[bytes, int] = {}
        self._lock = threading.Lock()
        *self.bases, count = accumulate(map(len, held), initial=0)
        self._numbers = array("i", [-1]) * count
        self.values: list[Any] = []

    def numbers(self, own: Sequence[int]) -> Sequence[int]:
        """Return the number, in `values`, of each of these own numbers."""
        found = picked(self._numbers, own)
        if -1 in found:
            with self._lock:
                for at in set(own):
                    if self._numbers[at] < 0:
                        self._numbers[at] = self._read(at)
            found = picked(self._numbers, own)
        return found

    def all(self) -> Sequence[Any]:
        """Return all values, by their numbers."""
        if len(self._numbers):
            self.numbers(range(len(self._numbers)))
        return self.values

    def _read(self, at: int) -> int:
        segment = bisect_right(self.bases, at) - 1
        raw = self._held[segment][at - self.bases[segment]]
        number = self._known.get(raw, len(self.values))
        if number == len(self.values):
            try:
                self.values.append(self._decode(raw))
            except msgspec.MsgspecError as error:
                raise broken(self._generation, error) from error
            self._known[raw] = number
        return number


class Places:
    """The places of all passages of a generation; `segments` are rows and their first passage.

    Two segments can have the same place under two numbers; frames and sets have one number each.
    """

    def __init__(self, segments: Sequence[tuple[Rows, int]]) -> None:
        self._segments = segments
        rows = [rows for rows, _ in segments]
        self._bases = [0]
        for each in rows:
            self._bases.append(self._bases[-1] + each.place_count)
        self._frames = _Interned(rows, [each.frames for each in rows], Frame)
        self._sets = _Interned(rows, [each.ministries for each in rows], Bodies)

    def numbers(self, passages: Sequence[int]) -> Sequence[int]:
        """Return the numbers of the places of these passages, which ascend."""
        if len(self._segments) == 1:
            return picked(self._segments[0][0].place_of, passages)
        found: list[int] = []
        for (rows, base), first in zip(self._segments, self._bases, strict=False):
            start = bisect_left(passages, base)
            end = bisect_left(passages, base + rows.count, start)
            here = [passage - base for passage in passages[start:end]]
            found += map(first.__add__, picked(rows.place_of, here))
        return found

    @property
    def frames(self) -> Sequence[Frame]:
        """The frames that were asked for, by number; it grows."""
        return self._frames.values

    @property
    def sets(self) -> Sequence[Bodies]:
        """All sets of bodies by number."""
        return self._sets.all()

    @property
    def known_sets(self) -> Sequence[Bodies]:
        """The sets that were asked for, by number; it grows."""
        return self._sets.values

    @cached_property
    def _pairs(self) -> "tuple[array[int], array[int]]":
        """The own numbers of frames and of sets by place, those of all segments."""
        frames, sets = array("I"), array("I")
        for at, (rows, _) in enumerate(self._segments):
            pairs = array("I")
            pairs.frombytes(rows.pairs.cast("B"))
            for into, interned, own in (
                (frames, self._frames, pairs[::2]),
                (sets, self._sets, pairs[1::2]),
            ):
                base = interned.bases[at]
                into.extend(array("I", map(base.__add__, own)) if base else own)
        return frames, sets

    def parts(self, places: Sequence[int]) -> tuple[Sequence[int], Sequence[int]]:
        """Return for each of these places the number of its frame and that of its set."""
        frames, sets = self._pairs
        return (
            self._frames.numbers(picked(frames, places)),
            self._sets.numbers(picked(sets, places)),
        )

    def pair(self, passage: int) -> tuple[Frame, int]:
        """Return the frame of one passage and the number of its set."""
        # For a page of hits the columns of all places are not worth making.
        place = self.numbers([passage])[0]
        at = bisect_right(self._bases, place) - 1
        own, names = self._segments[at][0].pair(place - self._bases[at])
        [frame] = self._frames.numbers([self._frames.bases[at] + own])
        [ministries] = self._sets.numbers([self._sets.bases[at] + names])
        return self._frames.values[frame], ministries


class Groups(NamedTuple):
    """The numbers of the places of units' passages, one unit after the other."""

    places: Sequence[int]
    ends: Sequence[int] = ()
    """Where those of each unit end; without it each unit has one place."""

    def parted(self, column: Sequence[T]) -> Iterator[Sequence[T]]:
        """Yield of a column, which has a value for each of `places`, the values of each unit."""
        return (column[start:end] for start, end in pairwise([0, *self.ends]))
