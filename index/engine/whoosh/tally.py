"""Counts over the units that match a plan: how many have which values among their passages.

Everything works on *groups*: the places that the passages of a unit stand in. What decides is
looked at by frame and by set of bodies, of which there are few, and not by place.
"""

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Iterator
from functools import cached_property
from operator import and_, not_
from typing import Any

from shisaku.index.engine.base import Combinations, Facet, Value
from shisaku.index.engine.whoosh.arrays import picked
from shisaku.index.engine.whoosh.facet_columns import Groups, Places
from shisaku.index.query.plan import Restriction

_BODIES = frozenset({"ministry", "publisher"})
"""Filters and facets that go by the set of bodies."""


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
        self._bars: list[frozenset[str]] = [
            frozenset() if none else frozenset(filters.barred_by(frame)) for frame in places.frames
        ]
        """The filters that bar a place with this frame, whatever its bodies."""
        asked = bool(filters.ministry or filters.publisher)
        self._out = [
            frozenset(restriction.barred_by(number))
            for number in range(len(places.sets) if asked else 0)
        ]
        """The filters of bodies that bar a place with this set; empty without such a filter."""

    @property
    def size(self) -> int:
        """About how many bytes it takes: columns of places, what bars each frame and each set."""
        return 1000 + 24 * len(self._frames) + 200 * len(self._bars) + 8 * len(self._out)

    def admitted(self) -> Iterable[bool]:
        """Tell of each unit whether one of its places passes all filters."""
        free = [not bars for bars in self._bars]
        passed: Iterable[bool] = picked(free, self._frames)
        if self._out:
            inside = list(map(not_, self._out))
            passed = map(and_, passed, picked(inside, self._sets))
        return map(any, self._groups.parted(list(passed))) if self._groups.ends else passed

    def _alike(self, keys: Iterable[Hashable]) -> Iterable[tuple[Iterable[Any], int]]:
        """Return the different keys of units with the number of units; `keys` are of places."""
        if not self._groups.ends:
            return [((key,), n) for key, n in Counter(keys).items()]
        return Counter(map(frozenset, self._groups.parted(list(keys)))).items()

    @cached_property
    def _framed(self) -> list[tuple[list[tuple[int, frozenset[str]]], int]]:
        """The frames of units, each with what bars its place's bodies; how many units."""
        if not any(self._out):
            alike = self._alike(self._frames)
            return [([(frame, frozenset()) for frame in frames], n) for frames, n in alike]
        pairs = zip(self._frames, picked(self._out, self._sets), strict=True)
        return [(list(some), n) for some, n in self._alike(pairs)]

    @cached_property
    def _named(self) -> list[tuple[list[tuple[int, frozenset[str]]], int]]:
        """The sets of bodies of units, each with what bars its place's frame; how many."""
        if not any(self._bars):
            alike = self._alike(self._sets)
            return [([(number, frozenset()) for number in some], n) for some, n in alike]
        pairs = zip(self._sets, picked(self._bars, self._frames), strict=True)
        return [(list(some), n) for some, n in self._alike(pairs)]

    def _barred(self, number: int, lifted: Collection[str]) -> bool:
        """Tell whether a filter that is not lifted bars a set."""
        return bool(self._out) and not self._out[number].issubset(lifted)

    def counts(self, facet: Facet) -> Combinations:
        """Count units by the values of a facet."""
        if len(facet.by) == 1 and facet.by[0] in _BODIES:
            return self._by_set(facet.lifted)
        if len(facet.by) < 2:
            return self._by_frame(facet.by, facet.lifted)
        return self._by_both(facet.by, facet.lifted)

    def _by_set(self, lifted: frozenset[str]) -> Combinations:
        found: Combinations = {}
        for some, n in self._named:
            key = frozenset(
                (number,)
                for number, bars in some
                if bars <= lifted and not self._barred(number, lifted)
            )
            if key:
                found[key] = found.get(key, 0) + n
        return found

    def _by_frame(self, by: tuple[str, ...], lifted: frozenset[str]) -> Combinations:
        """Count by one field of frames, or by none."""
        values = list(self._values(by, len(self._bars)))
        passed = [bars <= lifted for bars in self._bars]
        single: Counter[tuple[Value, ...]] = Counter()
        found: Combinations = {}
        for some, n in self._framed:
            if len(some) == 1:
                [(frame, out)] = some
                if passed[frame] and out <= lifted:
                    single[values[frame]] += n
                continue
            key = frozenset(values[frame] for frame, out in some if passed[frame] and out <= lifted)
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
        """Count by several fields, those of bodies among them or not."""
        framed = tuple(name for name in by if name not in _BODIES)
        values = [
            dict(zip(framed, each, strict=True)) for each in self._values(framed, len(self._bars))
        ]
        found: Combinations = {}
        for some, n in self._alike(zip(self._frames, self._sets, strict=True)):
            key = frozenset(
                tuple(number if name in _BODIES else values[frame][name] for name in by)
                for frame, number in some
                if self._bars[frame] <= lifted and not self._barred(number, lifted)
            )
            if key:
                found[key] = found.get(key, 0) + n
        return found
