"""What was asked for, and what it selects: the numbers of units, in document order, and counts."""

from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import compress, islice
from typing import Any

import msgspec

from shisaku.index.engine.whoosh.arrays import picked
from shisaku.index.engine.whoosh.evaluator import MatchOptions
from shisaku.index.engine.whoosh.hits import Matches
from shisaku.index.garbage import uncollected
from shisaku.index.query.syntax import Node
from shisaku.index.records.filters import Filters
from shisaku.index.search.facets import Counts, Cross, Tally
from shisaku.index.search.names import Registry, resolve_filters
from shisaku.index.search.session import OpenIndex, Record
from shisaku.index.search.units import Lifted, Unit, UnitName, runs

Facets = dict[str, Counts]

SCORE_DIGITS = 4
"""Decimals of a score that are shown, and that decide the order."""


class Request(msgspec.Struct, frozen=True):
    """What is asked for: a query (None: all that the filters admit), and how it is meant."""

    query: str | None = None
    filters: Filters = Filters()
    unit: UnitName = "passage"
    options: MatchOptions = MatchOptions()

    def to_json(self) -> dict[str, Any]:
        """Give the request with canonical names, as the header of an export states it."""
        return {
            "query": self.query,
            "unit": self.unit,
            "options": {
                "exact": self.options.exact,
                "words": self.options.words_only,
                "in": "text" if self.options.text_only else None,
            },
            "filters": self.filters.to_json(),
        }


def asked_for(
    opened: OpenIndex,
    registry: Registry,
    *,
    query: Sequence[str],
    unit: UnitName,
    exact: bool,
    words: bool,
    parts: str | None,
    **filters: Any,
) -> Request:
    """Give the request that the options of a query make (`commands.console.query_options`).

    Raises:
        FilterError: neither the registry nor the index knows a name.

    """
    return Request(
        " ".join(query) if query else None,
        resolve_filters(opened, registry, **filters),
        unit,
        MatchOptions(exact=exact, words_only=words, text_only=parts == "text"),
    )


class Selection(msgspec.Struct, frozen=True):
    """What a request selects, in document order, and the counts over it.

    It holds the numbers of the units, ascending, and nothing of their records: those are read one
    by one. `tally` makes the counts when it is first asked for them. `matches` is None without a
    query; `lifted` is None where the units are passages.
    """

    opened: OpenIndex
    unit: Unit
    numbers: "array[int]"
    tally: Callable[[], Tally]
    node: Node | None = None
    matches: Matches | None = None
    notices: tuple[str, ...] = ()
    lifted: Lifted | None = None

    @property
    def total(self) -> int:
        """Number of units."""
        return len(self.numbers)

    def in_order(self, some: "array[int] | None" = None) -> Iterator[int]:
        """Yield the numbers of the units, or of `some` of them, in document order."""
        numbers = self.numbers if some is None else some
        for start, end in runs(self.unit, numbers, self.opened):
            for at in range(start, end):
                yield numbers[at]

    def best(self, end: int) -> list[int]:
        """Give the numbers of the first `end` by merit, in document order where they are equal.

        What was found as words comes before what stands only inside of others.
        """
        if self.matches is None:
            return list(islice(self.in_order(), end))
        if end < 1:
            return []
        kinds, which = self.matches.merits(self.numbers)
        counts = Counter(which)
        ranks = [(not kind.as_words, -round(kind.score, SCORE_DIGITS)) for kind in kinds]
        # Only what can be among them is put into document order, which costs more than finding it.
        among: set[int] = set()
        enough, last = 0, None
        for kind in sorted(counts, key=ranks.__getitem__):
            if enough >= end and ranks[kind] != last:
                break
            among.add(kind)
            enough, last = enough + counts[kind], ranks[kind]
        chosen = array("I", compress(self.numbers, map(among.__contains__, which)))
        rank = dict(zip(chosen, filter(among.__contains__, which), strict=True))
        return sorted(self.in_order(chosen), key=lambda number: ranks[rank[number]])[:end]

    def newest(self, end: int) -> list[int]:
        """Give the numbers of the first `end` by date, those without one last."""
        places = self.opened.places.numbers([self.unit.first(n) for n in self.numbers])
        frames, _ = self.opened.places.parts(places)
        dates = [frame.date for frame in self.opened.places.frames]
        date = dict(zip(self.numbers, picked(dates, frames), strict=True))
        return sorted(self.in_order(), key=date.__getitem__, reverse=True)[:end]

    def records(self) -> Iterator[Record]:
        """Yield the records in document order, each read when it is asked for."""
        return map(self.unit.record, self.in_order())

    def documents(self) -> list[dict[str, Any]]:
        """Give the documents that have hits: id, title, hash of the file, number of hits."""
        found: list[dict[str, Any]] = []
        for start, end in runs(self.unit, self.numbers, self.opened):
            record = self.opened.record(self.unit.first(self.numbers[start]))
            if found and found[-1]["id"] == record["document"]:
                found[-1]["hits"] += end - start
                continue
            named = {"id": record["document"], "title": record["title"]}
            found.append(named | {"sha256": record["sha256"], "hits": end - start})
        return found

    def facets(self, *names: str) -> Facets:
        """Give the counts by these facets, or by all; a document's with its title."""
        with uncollected():
            counted = self.tally().facets(*names)
        self._name(counted.get("document", []))
        return counted

    def cross(self, rows: str, columns: str) -> Cross:
        """Give the counts by two facets; a document's with its title."""
        made = self.tally().cross(rows, columns)
        for name, values in zip(made.by, (made.rows, made.columns), strict=True):
            if name == "document":
                self._name(values)
        return made

    def _name(self, documents: Counts) -> None:
        for entry in documents:
            entry["title"] = self.opened.title(entry["value"])

    def without(self, filters: Filters) -> list[dict[str, Any]]:
        """Say what would be found without one of the filters, or else without any."""
        asked = list(filters.to_json())
        given = [([name], self.tally().without(name)) for name in asked]
        if not any(total for _, total in given):
            given = [(asked, self.tally().without(*asked))]
        return [
            {"without": " ".join(map(filters.as_typed, names)), "total": total}
            for names, total in given
            if total
        ]


class Results(msgspec.Struct, frozen=True):
    """A page of hits, the number of all matches, and what the user should know about them.

    `notices` say how the query was read, `expanded` what each word was searched as besides
    itself, `suggestions` what would find something where nothing was found.
    """

    total: int
    hits: list[Record]
    facets: Facets
    notices: tuple[str, ...] = ()
    expanded: list[dict[str, Any]] = []
    suggestions: list[dict[str, Any]] = []
