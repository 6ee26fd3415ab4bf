"""Counts by ministry, plan, year, …: exact, of passages or of whole measures, alone or crossed.

A facet's counts ignore that facet's own filter and heed all others, so that one sees what widening
it would bring: the count of a value is the total of the same search with that value as the only
one of its filter. Everything here works on *groups*: the different places that the passages of a
unit stand in, with the number of units that stand so. A passage has one place, a measure several;
a unit counts once for a value, however many of its passages have it.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any

from index.fields import Place
from index.filters import Filters

Value = str | int
Group = tuple[int, ...]
"""Numbers of different places, in ascending order."""
Counts = list[dict[str, Any]]
_Alike = tuple[frozenset[str], tuple[Value, ...]]
"""The filters that bar a passage, and its values of a facet."""

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

_VALUES: dict[str, Callable[[Place], tuple[Value | None, ...]]] = {
    "ministry": lambda place: place.ministries,
    "plan": lambda place: (place.plan,),
    "plan_series": lambda place: (place.plan_series,),
    "year": lambda place: (place.year,),
    "kind": lambda place: (place.kind,),
    "status": lambda place: (place.status,),
    "document": lambda place: (place.document,),
}


def values_of(facet: str, place: Place) -> tuple[Value, ...]:
    """Give the values under which a passage in this place is counted; none where it has none."""
    return tuple(value for value in _VALUES[facet](place) if value is not None)


@dataclass(frozen=True)
class Cross:
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

    `groups` are all that the query matches, whatever the filters say; `places` gives the place of
    each number in them.
    """

    def __init__(
        self, groups: Mapping[Group, int], places: Sequence[Place], filters: Filters
    ) -> None:
        self._groups = groups
        self._places = places
        numbers = {number for group in groups for number in group}
        self._barred: dict[int, frozenset[str]] = dict.fromkeys(numbers, frozenset())
        if filters != Filters():
            for number in numbers:
                self._barred[number] = frozenset(filters.barred(places[number]))

    def _open(self, group: Group, ignored: frozenset[str]) -> list[Place]:
        """Give the places of the group that pass all filters but the ignored."""
        return [self._places[number] for number in group if self._barred[number] <= ignored]

    def without(self, *filters: str) -> int:
        """Give the number of units there are when these filters are lifted."""
        ignored = frozenset(filters)
        return sum(
            n
            for group, n in self._groups.items()
            if any(self._barred[number] <= ignored for number in group)
        )

    def facet(self, name: str, *ignored: str) -> Counts:
        """Give the values with their counts; `ignored` are filters that do not count either."""
        lifted = frozenset((OWN_FILTER[name], *ignored))
        counted: Counter[Value] = Counter()
        many, alike = self._alike
        for (barred, values), n in alike[name].items():
            if barred <= lifted:
                for one in values:
                    counted[one] += n
        for group, n in many:
            places = self._open(group, lifted)
            for value in {value for place in places for value in values_of(name, place)}:
                counted[value] += n
        return ordered(name, counted)

    @cached_property
    def _alike(self) -> tuple[list[tuple[Group, int]], dict[str, Counter[_Alike]]]:
        """The groups of several places; those of one, put together where all that counts is equal.

        Passages stand in very many places, which differ in their ministries and dates most of all.
        """
        many: list[tuple[Group, int]] = []
        named: Counter[_Alike] = Counter()
        frames: Counter[tuple[frozenset[str], Place]] = Counter()
        sample: dict[tuple[Any, ...], Place] = {}
        for group, n in self._groups.items():
            if len(group) > 1:
                many.append((group, n))
                continue
            barred, place = self._barred[group[0]], self._places[group[0]]
            named[barred, place.ministries] += n
            key = (place.document, place.kind, place.plan, place.plan_series, place.year,
                   place.status)  # fmt: skip
            frames[barred, sample.setdefault(key, place)] += n
        found: dict[str, Counter[_Alike]] = {"ministry": named}
        for name in OWN_FILTER.keys() - found.keys():
            counted = found[name] = Counter()
            for (barred, place), n in frames.items():
                counted[barred, values_of(name, place)] += n
        return many, found

    def facets(self, *names: str) -> dict[str, Counts]:
        """Give these facets, or all."""
        return {name: self.facet(name) for name in names or OWN_FILTER}

    def cross(self, rows: str, columns: str) -> Cross:
        """Give the counts by two facets; the filters of both are lifted."""
        lifted = (OWN_FILTER[rows], OWN_FILTER[columns])
        counted: Counter[tuple[Value, Value]] = Counter()
        for group, n in self._groups.items():
            pairs = {
                pair
                for place in self._open(group, frozenset(lifted))
                for pair in product(values_of(rows, place), values_of(columns, place))
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
