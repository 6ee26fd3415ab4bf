"""Where passages stand among the filters: places, as the segments hold them and as they count.

A place is a frame (document, dates, plan, status) and the ministries: there are few of each, and
very many pairs. So they are kept apart, and decoded when somebody looks at them.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec

from index.addresses import Blobs
from index.fields import Frame, Place
from index.store import Segments

CountedAs = Callable[[str], tuple[str, ...]]


class _Shared:
    """What the places of all segments share: each different one has a number."""

    def __init__(self, held: list[Blobs], kind: Any) -> None:
        self._held = held
        self._decode = msgspec.json.Decoder(kind).decode
        self._known: dict[bytes, int] = {}
        self._numbers = [array("i", [-1]) * len(blobs) for blobs in held]
        self.values: list[Any] = []

    def number(self, segment: int, local: int) -> int:
        """Give the number of what has the number `local` in a segment."""
        number = self._numbers[segment][local]
        if number < 0:
            raw = self._held[segment][local]
            number = self._known.setdefault(raw, len(self.values))
            if number == len(self.values):
                self.values.append(self._decode(raw))
            self._numbers[segment][local] = number
        return number


class Places(Sequence[Place]):
    """The places of all passages of a generation by their numbers, their ministries rolled up.

    Two segments can have the same place under two numbers. Rolled up when they are looked at: who
    only reads hits never asks whose bureau a bureau is.
    """

    def __init__(self, segments: Segments, counted_as: CountedAs) -> None:
        self._segments = segments.each
        self._counted_as = counted_as
        rows = [rows for rows, _ in segments.each]
        self._bases = [0]
        for each in rows:
            self._bases.append(self._bases[-1] + each.places)
        self._frames = _Shared([each.frames for each in rows], Frame)
        self._ministries = _Shared([each.ministries for each in rows], tuple[str, ...])
        self._rolled: dict[int, tuple[str, ...]] = {}

    def __len__(self) -> int:
        return self._bases[-1]

    def numbers(self, passages: Sequence[int]) -> list[int]:
        """Give the numbers of where these passages stand; they ascend."""
        found: list[int] = []
        for (rows, base), first in zip(self._segments, self._bases, strict=False):
            start = bisect_left(passages, base)
            end = bisect_left(passages, base + rows.count, start)
            here = passages[start:end]
            local = map(rows.place_of.__getitem__, [n - base for n in here] if base else here)
            found += map(first.__add__, local) if first else local
        return found

    def pair(self, number: int) -> tuple[int, int]:
        """Give the numbers of a place's frame and ministries: the same where these are the same."""
        segment = bisect_right(self._bases, number) - 1
        frame, ministries = self._segments[segment][0].pair(number - self._bases[segment])
        return (
            self._frames.number(segment, frame),
            self._ministries.number(segment, ministries),
        )

    def frame(self, number: int) -> Frame:
        """Give the frame of this number; see `pair`."""
        found: Frame = self._frames.values[number]
        return found

    def ministries(self, number: int) -> tuple[str, ...]:
        """Give the ministries of this number, rolled up; see `pair`."""
        rolled = self._rolled.get(number)
        if rolled is None:
            names = self._ministries.values[number]
            above = (one for name in names for one in self._counted_as(name))
            rolled = self._rolled[number] = tuple(dict.fromkeys(above))
        return rolled

    def plain(self, number: int) -> Place:
        """Give a place, its ministries as printed."""
        frame, ministries = self.pair(number)
        return Place.of(self.frame(frame), self._ministries.values[ministries])

    def __getitem__(self, number: Any) -> Any:
        """Give a place, its ministries rolled up."""
        frame, ministries = self.pair(number)
        return Place.of(self.frame(frame), self.ministries(ministries))

    def __iter__(self) -> Iterator[Place]:
        return map(self.__getitem__, range(len(self)))
