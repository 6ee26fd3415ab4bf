"""What narrows a search besides its words: OR within one filter, AND across them."""

from dataclasses import dataclass
from typing import Any

from index.records import Place

YearRange = tuple[int, int]


@dataclass(frozen=True)
class Filters:
    """Filters with canonical names; years are [first, last] ranges. An empty one admits all.

    A ministry admits what the facet counts for it, its bureaus' passages included: `Place` has been
    rolled up by then. A plan's name admits the plan and the series.
    """

    ministry: tuple[str, ...] = ()
    plan: tuple[str, ...] = ()
    year: tuple[YearRange, ...] = ()
    fiscal_year: tuple[YearRange, ...] = ()
    kind: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    document: tuple[str, ...] = ()

    def admits(self, place: Place) -> bool:
        """Tell whether a passage in this place passes all filters."""
        return (
            (not self.kind or place.kind in self.kind)
            and (not self.status or place.status in self.status)
            and (not self.document or place.document in self.document)
            and (not self.plan or place.plan in self.plan or place.plan_series in self.plan)
            and _within(place.year, self.year)
            and _within(place.fiscal_year, self.fiscal_year)
            and (not self.ministry or not frozenset(self.ministry).isdisjoint(place.ministries))
        )

    def to_json(self) -> dict[str, Any]:
        """Give the filters that were asked for, by their option's name."""
        asked: dict[str, Any] = {
            "ministry": list(self.ministry),
            "plan": list(self.plan),
            "year": [_range(span) for span in self.year],
            "fiscal_year": [_range(span) for span in self.fiscal_year],
            "kind": list(self.kind),
            "status": list(self.status),
            "document": list(self.document),
        }
        return {name: values for name, values in asked.items() if values}


def _within(year: int | None, ranges: tuple[YearRange, ...]) -> bool:
    if not ranges:
        return True
    return year is not None and any(first <= year <= last for first, last in ranges)


def _range(span: YearRange) -> str:
    first, last = span
    return str(first) if first == last else f"{first}..{last}"
