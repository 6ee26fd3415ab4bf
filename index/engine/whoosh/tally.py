"""Counts over the units that match a plan: how many have which values among their passages.

Everything works on *groups*: the places that the passages of a unit stand in. What decides is
looked at by frame and by set of bodies, of which there are few, and not by place.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import repeat
from operator import and_, not_
from typing import Any

from shisaku.index.engine.base import Combinations, Facet, Value
from shisaku.index.engine.whoosh.arrays import picked
from shisaku.index.engine.whoosh.facet_columns import Groups, Places
from shisaku.index.query.plan import Restriction

_MINISTRY = "ministry"
_OUT = frozenset({_MINISTRY})


class Tally:
    """Counts units; `groups` are all that the plan matches, whatever the restriction says.

    `places` has the place of each number in them.
    """

    def __init__(self, groups: Groups, places: Places, restriction: Restriction) -> None:
        self._groups = groups
        self._places = places
        self._frames, self._sets = places.parts(groups.places)
        filters = restriction.filters
        none = restriction == Restriction()
        bars = [() if none else restriction.barred_by(frame) for frame in places.frames]
        ministry = bool(filters.ministry)
        self._mixed: list[bool] = []
        """Whether the publisher of a frame passes where sets pass as well; else empty."""
        if ministry and restriction.published:
            passes = [frame.publisher in restriction.published for frame in places.frames]
            if restriction.sets:
                self._mixed = passes
            else:  # the publisher alone decides
                ministry = False
                barred = zip(bars, passes, strict=True)
                bars = [(*held, *(() if passed else _OUT)) for held, passed in barred]
        self._bars: list[frozenset[str]] = list(map(frozenset, bars))
        """The filters that bar a place with this frame, whatever its bodies."""
        self._out = [
            ministry and number not in restriction.sets
            for number in range(len(places.sets) if ministry else 0)
        ]
        """Whether the filter of ministries bars a place with this set; empty without a filter."""

    @property
    def size(self) -> int:
        """About how many bytes it takes: columns of places, what bars each frame and each set."""
        return 1000 + 24 * len(self._frames) + 200 * len(self._bars) + 8 * len(self._out)

    def admitted(self) -> Iterable[bool]:
        """Tell of each unit whether one of its places passes all filters."""
        free = [not bars for bars in self._bars]
        passed: Iterable[bool] = picked(free, self._frames)
        if self._out:
            passed = map(and_, passed, map(not_, self._outside))
        return map(any, self._groups.parted(list(passed))) if self._groups.ends else passed

    @cached_property
    def _outside(self) -> Sequence[bool]:
        """Whether the filter of ministries bars each place."""
        outside: Sequence[bool] = picked(self._out, self._sets)
        if self._mixed:
            inside = picked(self._mixed, self._frames)
            return [out and not held for out, held in zip(outside, inside, strict=True)]
        return outside

    def _alike(self, keys: Iterable[Hashable]) -> Iterable[tuple[Iterable[Any], int]]:
        """Return the different keys of units with the number of units; `keys` are of places."""
        if not self._groups.ends:
            return [((key,), n) for key, n in Counter(keys).items()]
        return Counter(map(frozenset, self._groups.parted(list(keys)))).items()

    @cached_property
    def _framed(self) -> list[tuple[list[tuple[int, bool]], int]]:
        """The frames of units, each with whether its place's bodies are out; how many units."""
        if not any(self._out):
            alike = self._alike(self._frames)
            return [([(frame, False) for frame in frames], n) for frames, n in alike]
        pairs = zip(self._frames, self._outside, strict=True)
        return [(list(some), n) for some, n in self._alike(pairs)]

    @cached_property
    def _named(self) -> list[tuple[list[tuple[int, frozenset[str]]], int]]:
        """The sets of bodies of units, each with what bars its place; how many."""
        if not any(self._bars) and not any(self._out):
            alike = self._alike(self._sets)
            return [([(number, frozenset()) for number in some], n) for some, n in alike]
        bars: Sequence[frozenset[str]] = picked(self._bars, self._frames)
        if any(self._out):
            wider = [held | _OUT for held in self._bars]
            chosen = zip(bars, picked(wider, self._frames), self._outside, strict=True)
            bars = [more if out else held for held, more, out in chosen]
        pairs = zip(self._sets, bars, strict=True)
        return [(list(some), n) for some, n in self._alike(pairs)]

    def counts(self, facet: Facet) -> Combinations:
        """Count units by the values of a facet."""
        if facet.by == (_MINISTRY,):
            return self._by_set(facet.lifted)
        if len(facet.by) < 2:
            return self._by_frame(facet.by, facet.lifted)
        return self._by_both(facet.by, facet.lifted)

    def _by_set(self, lifted: frozenset[str]) -> Combinations:
        found: Combinations = {}
        for some, n in self._named:
            key = frozenset((number,) for number, bars in some if bars <= lifted)
            if key:
                found[key] = found.get(key, 0) + n
        return found

    def _by_frame(self, by: tuple[str, ...], lifted: frozenset[str]) -> Combinations:
        """Count by one field of frames, or by none."""
        values = list(self._values(by, len(self._bars)))
        passed = [bars <= lifted for bars in self._bars]
        shut = _MINISTRY not in lifted
        single: Counter[tuple[Value, ...]] = Counter()
        found: Combinations = {}
        for some, n in self._framed:
            if len(some) == 1:
                [(frame, out)] = some
                if passed[frame] and not (out and shut):
                    single[values[frame]] += n
                continue
            key = frozenset(
                values[frame] for frame, out in some if passed[frame] and not (out and shut)
            )
            if key:
                found[key] = found.get(key, 0) + n
        for value, n in single.items():
            key = frozenset((value,))
            found[key] = found.get(key, 0) + n
        return found

    def _values(self, by: tuple[str, ...], count: int) -> Iterator[tuple[Value, ...]]:
        """Yield the values of the first frames, `count` of them."""
        for frame in self._places.frames[:count]:
            yield tuple(getattr(frame, name) for name in by)

    def _by_both(self, by: tuple[str, ...], lifted: frozenset[str]) -> Combinations:
        """Count by several fields, ministries among them or not."""
        framed = tuple(name for name in by if name != _MINISTRY)
        values = [
            dict(zip(framed, each, strict=True)) for each in self._values(framed, len(self._bars))
        ]
        shut = _MINISTRY not in lifted
        outside = self._outside if self._out and shut else repeat(False)
        found: Combinations = {}
        for some, n in self._alike(zip(self._frames, self._sets, outside, strict=False)):
            key = frozenset(
                tuple(number if name == _MINISTRY else values[frame][name] for name in by)
                for frame, number, out in some
                if self._bars[frame] <= lifted and not out
            )
            if key:
                found[key] = found.get(key, 0) + n
        return found
