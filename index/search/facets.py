"""Counts by ministry, plan, year, …: exact, of passages or of larger units, alone or crossed.

A facet's counts ignore that facet's own filter and heed all others, so that one sees what widening
it would bring: the count of a value is the total of the same search with that value as the only
one of its filter. An engine counts units by the values that their passages have (`Combinations`),
bodies by the number of their set; here the sets are rolled up and counted by name. A unit counts
once for a value, however many of its passages have it.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

import msgspec

from shisaku.index.engine.base import Combinations, Facet
from shisaku.index.engine.base import Value as Stored
from shisaku.index.records.filters import Role
from shisaku.index.search.rollup import Roles, RollUp

Value = str | int
Counts = list[dict[str, Any]]

OWN_FILTER = {
    "ministry": "ministry",
    "plan": "plan",
    "plan_series": "plan",
    "year": "year",
    "kind": "kind",
    "status": "status",
    "document": "document",
    "publisher": "publisher",
    "restated": "restated",
}
"""The facets in their order, and the filter whose values each one counts."""


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


def _fields(name: str, roles: Roles) -> tuple[str, ...]:
    """Return the fields by which an engine counts a facet: of ministries those of the roles."""
    if name != "ministry" or "publisher" not in roles:
        return (name,)
    return ("publisher",) if roles == ("publisher",) else ("ministry", "publisher")


def alone(name: str, *ignored: str, roles: Roles = ()) -> Facet:
    """Return what an engine counts for one facet; `ignored` are further filters to lift."""
    return Facet(_fields(name, roles), frozenset({OWN_FILTER[name], *ignored}))


def crossing(rows: str, columns: str, roles: Roles = ()) -> tuple[Facet, Facet, Facet]:
    """Return what an engine counts for a table: rows, columns, both; their filters lifted."""
    lifted = (OWN_FILTER[rows], OWN_FILTER[columns])
    both = Facet((*_fields(rows, roles), *_fields(columns, roles)), frozenset(lifted))
    return alone(rows, *lifted, roles=roles), alone(columns, *lifted, roles=roles), both


def counts_of(name: str, counted: Combinations, rollup: RollUp, roles: Roles = ()) -> Counts:
    """Return the values of one facet with their counts, in order; ministries in these roles."""
    found = {value: n for (value,), n in _rolled_up((name,), counted, rollup, roles).items()}
    return ordered(name, Counter(found))


def with_roles(counts: Counts, apart: Mapping[Role, Counts]) -> Counts:
    """Return the counts of ministries, each with `roles`: the count of each role by itself.

    A ministry that counts as the publisher of measures only has a count of 0.
    """
    held = {role: {e["value"]: e["count"] for e in some} for role, some in apart.items()}
    known = {entry["value"] for entry in counts}
    more = sorted(set().union(*held.values()) - known)
    every = [*counts, *({"value": value, "count": 0} for value in more)]
    return [
        entry | {"roles": {role: found.get(entry["value"], 0) for role, found in held.items()}}
        for entry in every
    ]


def cross_of(
    rows: str, columns: str, counted: Sequence[Combinations], rollup: RollUp, roles: Roles = ()
) -> Cross:
    """Return the table of two facets from the counts of `crossing`."""
    down = counts_of(rows, counted[0], rollup, roles)
    across = counts_of(columns, counted[1], rollup, roles)
    both = _rolled_up((rows, columns), counted[2], rollup, roles)
    return Cross(
        (rows, columns),
        down,
        across,
        [[both[row["value"], column["value"]] for column in across] for row in down],
    )


def _rolled_up(
    by: tuple[str, ...], counted: Combinations, rollup: RollUp, roles: Roles
) -> Counter[tuple[Value, ...]]:
    """Count units by values with names in the place of sets; what has no value is left out."""
    found: Counter[tuple[Value, ...]] = Counter()
    fields = [_fields(name, roles) for name in by]
    for combination, n in counted.items():
        for values in set(_named(by, fields, combination, rollup, roles)):
            found[values] += n
    return found


def _named(
    by: tuple[str, ...],
    fields: Sequence[tuple[str, ...]],
    combination: frozenset[tuple[Stored, ...]],
    rollup: RollUp,
    roles: Roles,
) -> Iterator[tuple[Value, ...]]:
    for values in combination:
        named: list[tuple[Value, ...]] = []
        rest = iter(values)
        for name, held in zip(by, fields, strict=True):
            some = dict(zip(held, rest, strict=False))
            if name == "ministry":
                named.append(_ministries(some, rollup, roles))
            elif name == "publisher":
                publisher = some[name]
                assert not isinstance(publisher, int)
                named.append(rollup.published(publisher))
            else:
                value = some[name]
                named.append(() if value is None else (value,))
        yield from product(*named)


def _ministries(held: Mapping[str, Stored], rollup: RollUp, roles: Roles) -> tuple[str, ...]:
    """Return the ministries for which passages with these values count, each once."""
    number, publisher = held.get("ministry"), held.get("publisher")
    assert not isinstance(number, str) and not isinstance(publisher, int)
    named = () if number is None else rollup.names(number, roles)
    return tuple(dict.fromkeys((*named, *rollup.published(publisher))))


def ordered(name: str, counts: Counter[Any]) -> Counts:
    """Give the years in their order; else the most frequent first, ties in code-point order."""
    if name == "year":
        ranked = sorted(counts.items())
    else:
        ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [{"value": value, "count": count} for value, count in ranked]
