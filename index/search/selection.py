"""What was asked for, and what it selects: totals, counts and records of one open generation."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, Literal

import msgspec

from shisaku.index.engine.base import Facet, Page, Sort, Stored, UnitName
from shisaku.index.errors import FilterError
from shisaku.index.query.plan import MatchOptions, Plan, Restriction
from shisaku.index.query.syntax import Node
from shisaku.index.records.filters import Filters
from shisaku.index.search.facets import (
    OWN_FILTER,
    Counts,
    Cross,
    alone,
    counts_of,
    cross_of,
    crossing,
    with_roles,
)
from shisaku.index.search.names import Names, Registry, resolve_filters
from shisaku.index.search.rollup import ROLES, Roles
from shisaku.index.search.session import OpenIndex, Record
from shisaku.index.search.units import measure_record

Facets = dict[str, Counts]
Width = Literal["passage", "section", "document"]


class Request(msgspec.Struct, frozen=True):
    """What is asked for: a query (None: all that the filters admit), and how it is meant."""

    query: str | None = None
    filters: Filters = Filters()
    unit: UnitName = "passage"
    options: MatchOptions = MatchOptions()
    within: Width = "passage"
    """Over what bare words joined by AND must stand together; `total` and counts are of these."""

    @property
    def searched(self) -> UnitName:
        """What is counted and given.

        Raises:
            FilterError: a measure is a width of its own.

        """
        if self.within == "passage":
            return self.unit
        if self.unit != "passage":
            raise FilterError(
                f"--within {self.within} does not go with --unit {self.unit}",
                "leave one of the two out: a measure is searched as a whole anyhow",
            )
        return self.within

    def to_json(self) -> dict[str, Any]:
        """Return the request with canonical names, as the header of an export states it."""
        return {
            "query": self.query,
            "unit": self.unit,
            "options": {
                "exact": self.options.exact,
                "words": self.options.words_only,
                "in": "text" if self.options.text_only else None,
            }
            | ({} if self.within == "passage" else {"within": self.within}),
            "filters": self.filters.to_json(),
        }


def asked_for(
    opened: Names,
    registry: Registry,
    *,
    query: Sequence[str],
    unit: UnitName,
    exact: bool,
    words: bool,
    parts: str | None,
    within: Width = "passage",
    **filters: Any,
) -> Request:
    """Return the request that the options of a query make (`commands.console.query_options`).

    Raises:
        FilterError: neither the registry nor the index knows a name.

    """
    return Request(
        " ".join(query) if query else None,
        resolve_filters(opened, registry, **filters),
        unit,
        MatchOptions(exact=exact, words_only=words, text_only=parts == "text"),
        within,
    )


class Selection:
    """What a request selects, and the counts over it, worked out when they are asked for.

    It holds the generation open that it was made over, and nothing of its records: those are read
    one by one. `node` is None without a query; `notices` say how the query was read.
    """

    def __init__(
        self,
        opened: OpenIndex,
        unit: UnitName,
        plan: Plan,
        restriction: Restriction,
        node: Node | None = None,
        notices: tuple[str, ...] = (),
    ) -> None:
        self.opened = opened
        self.unit = unit
        self.plan = plan
        self.restriction = restriction
        self.node = node
        self.notices = notices

    def page(
        self,
        limit: int,
        offset: int = 0,
        sort: Sort = "relevance",
        facets: Sequence[Facet] = (),
        *,
        fold: bool = False,
    ) -> Page:
        """Return some hits as the engine gives them, and counts."""
        found = self.opened.engine.search(
            self.plan,
            self.restriction,
            self.unit,
            sort=sort,
            limit=limit,
            offset=offset,
            facets=facets,
            fold=fold,
        )
        self.__dict__.setdefault("total", found.total)
        return found

    def count(self, *facets: Facet) -> Page:
        """Return the total and counts, without hits."""
        return self.page(0, facets=facets)

    @cached_property
    def total(self) -> int:
        """Number of units."""
        return self.count().total

    def matched(self) -> bool:
        """Tell whether the query finds anything at all, whatever the filters say."""
        engine = self.opened.engine
        return engine.search(self.plan, Restriction(), self.unit, limit=0).total > 0

    def record(self, passages: Sequence[Stored]) -> Record:
        """Return the public record of a unit that has these passages."""
        records = [self.opened.record(stored) for stored in passages]
        return measure_record(records) if self.unit == "measure" else records[0]

    def records(self) -> Iterator[Record]:
        """Yield the records in document order, each read when it is asked for."""
        return map(self.record, self.opened.engine.scan(self.plan, self.restriction, self.unit))

    def documents(self) -> list[dict[str, Any]]:
        """Return the documents that have hits: id, title, hash of the file, number of hits."""
        [counted] = self.count(Facet(("document",))).counts
        found = []
        for key, hits in sorted((str(value), n) for [(value,)], n in counted.items()):
            stored = self.opened.engine.get("document", key)[0]
            head = msgspec.json.decode(stored.record, type=_Head)
            found.append({"id": key, "title": head.title, "sha256": head.sha256, "hits": hits})
        return found

    def facets(self, *names: str) -> Facets:
        """Return the counts by these facets, or by all; a document's with its title."""
        asked = names or tuple(OWN_FILTER)
        return self.named(asked, self.count(*self.asked(asked)))

    def asked(self, names: Sequence[str]) -> list[Facet]:
        """Return what an engine counts for these facets."""
        return [alone(name, roles=self._roles) for name in names]

    def named(self, names: Sequence[str], page: Page) -> Facets:
        """Return the counts of a page, which was asked for the facets `names`, by name."""
        pairs = zip(names, page.counts, strict=True)
        rollup, roles = self.opened.rollup, self._roles
        counted = {name: counts_of(name, held, rollup, roles) for name, held in pairs}
        self._name(counted.get("document", []))
        return counted

    def cross(self, rows: str, columns: str) -> Cross:
        """Return the counts by two facets; a document's with its title."""
        page = self.count(*crossing(rows, columns, self._roles))
        made = cross_of(rows, columns, page.counts, self.opened.rollup, self._roles)
        for name, values in zip(made.by, (made.rows, made.columns), strict=True):
            if name == "document":
                self._name(values)
        return made

    def by_role(self) -> Counts:
        """Return the counts by ministry, each with those of each role (`with_roles`)."""
        each: list[Roles] = [self._roles, *((role,) for role in ROLES)]
        page = self.count(*(alone("ministry", roles=roles) for roles in each))
        counts, *apart = (
            counts_of("ministry", counted, self.opened.rollup, roles)
            for counted, roles in zip(page.counts, each, strict=True)
        )
        return with_roles(counts, dict(zip(ROLES, apart, strict=True)))

    @property
    def _roles(self) -> Roles:
        return self.restriction.filters.role

    def _name(self, documents: Counts) -> None:
        titles = self.opened.engine.titles([entry["value"] for entry in documents])
        for entry in documents:
            entry["title"] = titles[entry["value"]]

    def without(self, filters: Filters) -> list[dict[str, Any]]:
        """Say what would be found without one of the filters, or else without any."""
        asked = list(filters.to_json())
        given = self._lifting([[name] for name in asked])
        if not any(total for _, total in given):
            given = self._lifting([asked])
        return [
            {"without": " ".join(map(filters.as_typed, names)), "total": total}
            for names, total in given
            if total
        ]

    def _lifting(self, lists: list[list[str]]) -> list[tuple[list[str], int]]:
        """Return for each list of filters the total without them."""
        page = self.count(*(Facet((), frozenset(names)) for names in lists))
        totals = (sum(counted.values()) for counted in page.counts)
        return list(zip(lists, totals, strict=True))


class _Head(msgspec.Struct):
    """The fields of a record that describe its document."""

    title: str
    sha256: str


class Wider(msgspec.Struct, frozen=True):
    """Sections or documents in which the words stand, and the passage of each that shows best."""

    total: int
    hits: list[Record]


class Results(msgspec.Struct, frozen=True):
    """A page of hits, the number of all matches, and what the user should know about them.

    `notices` say how the query was read, `expanded` what each word was searched as besides
    itself, `suggestions` what would find something where nothing was found. `wider` has where few
    passages match the further sections and documents that do, by width.
    """

    total: int
    hits: list[Record]
    facets: Facets
    notices: tuple[str, ...] = ()
    expanded: list[dict[str, Any]] = []
    suggestions: list[dict[str, Any]] = []
    wider: dict[str, Wider] | None = None
