"""Counts by ministry, plan, year, …: exact, of passages or of whole measures, alone or crossed.

A facet's counts ignore that facet's own filter and heed all others, so that one sees what widening
it would bring: the count of a value is the total of the same search with that value as the only
one of its filter. Everything here works on *groups*: the places that the passages of a unit stand
in. A passage has one place, a measure several; a unit counts once for a value, however many of its
passages have it.
"""

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise, product
from operator import and_, not_
from typing import Any, NamedTuple, TypeVar

import msgspec

from shisaku.index.engine.whoosh.arrays import picked
from shisaku.index.engine.whoosh.facet_columns import Places
from shisaku.index.records.fields import Frame
from shisaku.index.records.filters import Filters

Value = str | int
Counts = list[dict[str, Any]]
T = TypeVar("T")

OWN_FILTER = {
    "ministry": "ministry",
    "plan": "plan",
    "plan_series": "plan",
    "year": "year",
    "kind": "kind",
    "status": "status",
    "document": "document",
}
"""The facets in their order, and the filter whose values each one counts."""


def values_of(facet: str, frame: Frame) -> tuple[Value, ...]:
    """Give the values of a facet, but that of ministries, under which a frame is counted."""
    value: Value | None = getattr(frame, facet)
    return () if value is None else (value,)


class Groups(NamedTuple):
    """The numbers of the places of units, one unit after the other."""

    places: Sequence[int]
    ends: Sequence[int] = ()
    """Where those of each unit end; without it each unit has one place."""

    def parted(self, column: Sequence[T]) -> Iterator[Sequence[T]]:
        """Give of a column, which has something for each of the places, that of each unit."""
        return (column[start:end] for start, end in pairwise([0, *self.ends]))


class Cross(msgspec.Struct, frozen=True):
    """A table of counts by two facets; `rows` and `columns` are `{"value", "count"}`, in order.

    `counts[r][c]` is the number of units with both values. The count of a row or column is that of
    its value alone: a unit of two ministries stands in two rows, so columns do not add up to it.
    """

    by: tuple[str, str]
    rows: Counts
    columns: Counts
    counts: list[list[int]]

    def to_json(self) -> dict[str, Any]:
        """Give the table as `facets --by … --by … --json` prints it."""
        return {
            "by": list(self.by),
            "rows": self.rows,
            "columns": self.columns,
            "counts": self.counts,
        }


class Tally:
    """Counts over the units that match a query.

    `groups` are all that the query matches, whatever the filters say; `places` has the place of
    each number in them. What decides is looked at by frame and by list of ministries, of which
    there are few, and not by place.
    """

    def __init__(self, groups: Groups, places: Places, filters: Filters) -> None:
        self._groups = groups
        self._places = places
        self._frames, self._names = places.parts(groups.places)
        none = filters == Filters()
        self._bars = [
            frozenset() if none else frozenset(filters.barred_by(frame)) for frame in places.frames
        ]
        """The filters that bar a place with this frame, whoever is responsible."""
        self._out = [
            bool(filters.ministry) and not filters.admits_ministries(names)
            for names in places.ministries
        ]
        """Whether the filter of ministries bars a place with this list of them."""

    def admitted(self) -> Iterable[bool]:
        """Tell of each unit whether one of its places passes all filters."""
        free = [not bars for bars in self._bars]
        inside = list(map(not_, self._out))
        passed = map(and_, picked(free, self._frames), picked(inside, self._names))
        return map(any, self._groups.parted(list(passed))) if self._groups.ends else passed

    def _alike(self, keys: Iterable[Hashable]) -> Iterable[tuple[Iterable[Any], int]]:
        """Give the different keys of units, and how many units have them; `keys` are of places."""
        if not self._groups.ends:
            return (((key,), n) for key, n in Counter(keys).items())
        return Counter(map(frozenset, self._groups.parted(list(keys)))).items()

    @cached_property
    def _framed(self) -> list[tuple[list[tuple[int, bool]], int]]:
        """The frames of units, each with whether its place's ministries are out; how many units."""
        if not any(self._out):
            alike = self._alike(self._frames)
            return [([(frame, False) for frame in frames], n) for frames, n in alike]
        pairs = zip(self._frames, picked(self._out, self._names), strict=True)
        return [(list(some), n) for some, n in self._alike(pairs)]

    @cached_property
    def _named(self) -> list[tuple[list[tuple[int, frozenset[str]]], int]]:
        """The lists of ministries of units, each with what bars its place's frame; how many."""
        if not any(self._bars):
            alike = self._alike(self._names)
            return [([(names, frozenset()) for names in some], n) for some, n in alike]
        pairs = zip(self._names, picked(self._bars, self._frames), strict=True)
        return [(list(some), n) for some, n in self._alike(pairs)]

    def _open(self, frame: int, out: bool, lifted: Collection[str]) -> bool:
        """Tell whether a place passes all filters but the lifted."""
        return (not out or "ministry" in lifted) and self._bars[frame].issubset(lifted)

    def without(self, *filters: str) -> int:
        """Give the number of units there are when these filters are lifted."""
        return sum(
            n
            for frames, n in self._framed
            if any(self._open(frame, out, filters) for frame, out in frames)
        )

    def facet(self, name: str, *ignored: str) -> Counts:
        """Give the values with their counts; `ignored` are filters that do not count either."""
        lifted = {OWN_FILTER[name], *ignored}
        counted: Counter[Value] = Counter()
        if name == "ministry":
            lists = self._places.ministries
            for lots, n in self._named:
                for one in {one for names, bars in lots if bars <= lifted for one in lists[names]}:
                    counted[one] += n
        else:
            values: list[Value | None] = [getattr(one, name) for one in self._places.frames]
            passed = [bars <= lifted for bars in self._bars]
            shut = "ministry" not in lifted
            for some, n in self._framed:
                frames = {frame for frame, out in some if passed[frame] and not (out and shut)}
                for value in {values[frame] for frame in frames}:
                    if value is not None:
                        counted[value] += n
        return ordered(name, counted)

    def facets(self, *names: str) -> dict[str, Counts]:
        """Give these facets, or all."""
        return {name: self.facet(name) for name in names or OWN_FILTER}

    def cross(self, rows: str, columns: str) -> Cross:
        """Give the counts by two facets; the filters of both are lifted."""
        lifted = (OWN_FILTER[rows], OWN_FILTER[columns])
        by_names, by_frame = self._places.ministries, self._places.frames

        def values(facet: str, frame: int, names: int) -> Sequence[Value]:
            return by_names[names] if facet == "ministry" else values_of(facet, by_frame[frame])

        counted: Counter[tuple[Value, Value]] = Counter()
        for places, n in self._alike(zip(self._frames, self._names, strict=True)):
            pairs = {
                pair
                for place in places
                if self._open(place[0], self._out[place[1]], lifted)
                for pair in product(values(rows, *place), values(columns, *place))
            }
            for pair in pairs:
                counted[pair] += n
        down, across = self.facet(rows, *lifted), self.facet(columns, *lifted)
        return Cross(
            (rows, columns),
            down,
            across,
            [[counted[row["value"], column["value"]] for column in across] for row in down],
        )


def ordered(name: str, counts: Counter[Value]) -> Counts:
    """Give the years in their order; else the most frequent first, ties in code-point order."""
    if name == "year":
        ranked = sorted(counts.items())
    else:
        ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [{"value": value, "count": count} for value, count in ranked]
