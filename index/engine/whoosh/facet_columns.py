"""Where passages stand among the filters: places, as the segments hold them and as they count.

A place is a frame (document, dates, plan, status) and the ministries: there are few of each, and
very many pairs. So they are kept apart, and decoded when somebody looks at them.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import cache, cached_property
from itertools import accumulate, chain
from pathlib import Path
from typing import Any

import msgspec

from shisaku.index.engine.whoosh.arrays import picked
from shisaku.index.engine.whoosh.codec.postings import Blobs, Rows
from shisaku.index.errors import broken
from shisaku.index.records.fields import Frame, Place

CountedAs = Callable[[str], tuple[str, ...]]


class _Shared:
    """What the places of all segments share, read when it is looked at; what is equal, once.

    `held` are the segments' own, which are numbered one after the other.
    """

    def __init__(self, rows: Sequence[Rows], held: Sequence[Blobs], kind: Any) -> None:
        self._generation = rows[0].generation if rows else Path()
        self._held = held
        self._decode = msgspec.json.Decoder(kind).decode
        self._known: dict[bytes, int] = {}
        *self.bases, count = accumulate(map(len, held), initial=0)
        self._numbers = array("i", [-1]) * count
        self.values: list[Any] = []

    def numbers(self, own: Sequence[int]) -> Sequence[int]:
        """Give the number, in `values`, of each of these."""
        found = picked(self._numbers, own)
        if -1 in found:
            for at in set(own):
                if self._numbers[at] < 0:
                    self._numbers[at] = self._read(at)
            found = picked(self._numbers, own)
        return found

    def _read(self, at: int) -> int:
        segment = bisect_right(self.bases, at) - 1
        raw = self._held[segment][at - self.bases[segment]]
        number = self._known.setdefault(raw, len(self.values))
        if number == len(self.values):
            try:
                self.values.append(self._decode(raw))
            except msgspec.MsgspecError as error:
                raise broken(self._generation, error) from error
        return number


class Places(Sequence[Place]):
    """The places of all passages of a generation by their numbers, their ministries rolled up.

    `segments` are the rows of each, with the number of its first passage.
    Two segments can have the same place under two numbers. Rolled up when they are looked at: who
    only reads hits never asks whose bureau a bureau is.
    """

    def __init__(self, segments: Sequence[tuple[Rows, int]], counted_as: CountedAs) -> None:
        self._segments = segments
        self._counted_as = cache(counted_as)  # one name is in very many lists
        rows = [rows for rows, _ in segments]
        self._bases = [0]
        for each in rows:
            self._bases.append(self._bases[-1] + each.place_count)
        self._frames = _Shared(rows, [each.frames for each in rows], Frame)
        lists = [each.ministries for each in rows]
        self._ministries = _Shared(rows, lists, tuple[str, ...])
        self._lists: list[tuple[str, ...]] = []
        self._rolled: dict[tuple[str, ...], tuple[str, ...]] = {}

    def __len__(self) -> int:
        return self._bases[-1]

    def numbers(self, passages: Sequence[int]) -> Sequence[int]:
        """Give the numbers of where these passages stand; they ascend."""
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
        """The frames that were looked at."""
        return self._frames.values

    @property
    def ministries(self) -> Sequence[tuple[str, ...]]:
        """The lists of ministries that were looked at, rolled up."""
        new = self._ministries.values[len(self._lists) :]
        self._lists += map(self._roll, new)
        return self._lists

    def _roll(self, names: tuple[str, ...]) -> tuple[str, ...]:
        if names not in self._rolled:
            above = chain.from_iterable(map(self._counted_as, names))
            self._rolled[names] = tuple(dict.fromkeys(above))
        return self._rolled[names]

    @cached_property
    def _pairs(self) -> "tuple[array[int], array[int]]":
        """The numbers of frames and of ministries by place, those of all segments."""
        frames, ministries = array("I"), array("I")
        for at, (rows, _) in enumerate(self._segments):
            pairs = array("I")
            pairs.frombytes(rows.pairs.cast("B"))
            for into, shared, own in (
                (frames, self._frames, pairs[::2]),
                (ministries, self._ministries, pairs[1::2]),
            ):
                base = shared.bases[at]
                into.extend(array("I", map(base.__add__, own)) if base else own)
        return frames, ministries

    def parts(self, numbers: Sequence[int]) -> tuple[Sequence[int], Sequence[int]]:
        """Give for each of these places the numbers of its frame and of its ministries.

        They are the same where these are the same; see `frames` and `ministries`.
        """
        frames, ministries = self._pairs
        return (
            self._frames.numbers(picked(frames, numbers)),
            self._ministries.numbers(picked(ministries, numbers)),
        )

    def _pair(self, number: int) -> tuple[Frame, tuple[str, ...]]:
        # For a page of hits the columns of all places are not worth making.
        at = bisect_right(self._bases, number) - 1
        own, names = self._segments[at][0].pair(number - self._bases[at])
        [frame] = self._frames.numbers([self._frames.bases[at] + own])
        [ministries] = self._ministries.numbers([self._ministries.bases[at] + names])
        return self._frames.values[frame], self._ministries.values[ministries]

    def plain(self, number: int) -> Place:
        """Give a place, its ministries as printed."""
        return Place.of(*self._pair(number))

    def __getitem__(self, number: Any) -> Any:
        """Give a place, its ministries rolled up."""
        frame, names = self._pair(number)
        return Place.of(frame, self._roll(names))

    def __iter__(self) -> Iterator[Place]:
        return map(self.__getitem__, range(len(self)))
