"""Answers from one generation: ranked hits, facets, exports; of passages or of whole measures.

query → tree → matches → units that the filters admit → hits, counts, records. Totals and facet
counts are exact: they are counted over all matches.
"""

from array import array
from collections.abc import Iterator, Sequence
from functools import cache, partial
from itertools import compress
from pathlib import Path
from typing import Any, Literal

from shisaku.index.analysis.folding import search_key
from shisaku.index.engine.aliases import AliasEntry, entries_for, list_aliases
from shisaku.index.engine.expansion import Expander
from shisaku.index.engine.whoosh.evaluator import Matcher, MatchOptions
from shisaku.index.engine.whoosh.facet_columns import CountedAs
from shisaku.index.engine.whoosh.hits import NO_MERIT, Match
from shisaku.index.engine.whoosh.offsets_lookup import Marks
from shisaku.index.errors import FilterError
from shisaku.index.garbage import uncollected
from shisaku.index.query.highlight import Spoken, Worded, locate
from shisaku.index.query.parser import parse_query
from shisaku.index.query.patterns import Pattern
from shisaku.index.query.syntax import Field, Node, Parsed
from shisaku.index.records.filters import Filters
from shisaku.index.search.facets import Tally
from shisaku.index.search.names import NOBODY, Registry, resolve_field
from shisaku.index.search.selection import SCORE_DIGITS, Facets, Request, Results, Selection
from shisaku.index.search.session import OpenIndex, Record
from shisaku.index.search.units import Lifted, Measures, Passages, Unit, UnitName

Sort = Literal["relevance", "date"]

_PLAIN = MatchOptions()
_NO_FILTERS = Filters()


class Searcher(OpenIndex):
    """Answers queries; see `OpenIndex` for what it reads, and what it raises when it is made.

    `registry` resolves the names in fields of a query (省庁:警察庁); without it those of the index.
    """

    def __init__(
        self,
        data: Path,
        counted_as: CountedAs = lambda name: (name,),
        registry: Registry = NOBODY,
        *,
        rolled: bool = True,
    ) -> None:
        super().__init__(data, counted_as, rolled=rolled)
        self._registry = registry
        self._matcher = Matcher(
            self._rows,
            self.contents.lengths,
            self.contents.passages,
            expander=Expander(self._rows),
            admit=self._admit,
        )
        self._marks = Marks(self._rows)
        self._units: dict[UnitName, Unit] = {}

    def _unit(self, name: UnitName) -> Unit:
        if name not in self._units:
            self._units[name] = Measures(self) if name == "measure" else Passages(self)
        return self._units[name]

    def _admit(self, node: Field) -> list[int]:
        """Give the passages that a field of the query admits, as the filter of its name would."""
        try:
            filters = resolve_field(self, self._registry, node.name, node.value)
        except FilterError as error:
            raise FilterError(
                f"{error}, at character {node.at + 1} of the query", error.remedy
            ) from error
        numbers = array("I", self.everything())
        return list(compress(numbers, self._tally(Passages(self), numbers, filters).admitted()))

    def _resolves(self, node: Field) -> bool:
        """Tell whether a field of the query has such a value."""
        try:
            resolve_field(self, self._registry, node.name, node.value)
        except FilterError:
            return False
        return True

    # --- what matches --------------------------------------------------------------------------

    def select(self, request: Request) -> Selection:
        """Find what matches the query and passes the filters; without a query all that passes.

        A measure passes the filters if one of its passages passes all of them.

        Raises:
            QueryError: the query cannot be read.
            FilterError: a field of the query names what nobody knows.

        """
        query = request.query
        return self._select(request, None if query is None else parse_query(query, self._resolves))

    @uncollected()
    def _select(self, request: Request, parsed: Parsed | None) -> Selection:
        unit, filters = self._unit(request.unit), request.filters
        lifted = Lifted(unit) if isinstance(unit, Measures) else None
        matches = None
        if parsed is not None:
            matches = self._matcher.matches(parsed.node, request.options, lifted)
        numbers = array("I", unit.everything()) if matches is None else matches.numbers
        tally = cache(partial(self._tally, unit, numbers, filters))
        if filters != _NO_FILTERS:
            numbers = array("I", compress(numbers, tally().admitted()))
        node, notices = (parsed.node, parsed.notices) if parsed else (None, ())
        return Selection(self, unit, numbers, tally, node, matches, notices, lifted)

    def _tally(self, unit: Unit, numbers: Sequence[int], filters: Filters) -> Tally:
        return Tally(unit.groups(numbers), self.places, filters)

    def expanded(self, found: Selection, options: MatchOptions) -> list[dict[str, Any]]:
        """Give what the words of the query were searched as besides themselves."""
        if found.node is None:
            return []
        return [
            {
                "word": word,
                "also": [
                    {"text": also.text, "source": also.source, "passage": also.passage}
                    for also in expansions
                ],
            }
            for word, expansions in self._matcher.expanded(found.node, options)
            if expansions
        ]

    def suggestions(self, found: Selection, request: Request) -> list[dict[str, Any]]:
        """Say what would find something where nothing was found.

        Other spellings, other readings of the words, fewer words, fewer filters.
        """
        if found.total:
            return []
        if found.node is None:
            return found.without(request.filters)
        from shisaku.index.search.suggestions import suggest  # most questions are answered

        near = () if found.matches else suggest(found.node, self._matcher, request.options)
        lost = {suggestion.word for suggestion in near}

        def count(node: Node) -> int:
            return self._select(request, Parsed(node)).total

        from shisaku.index.query.rewrites import rewrites

        read = rewrites(found.node, count, self._resolves)
        told = [suggestion.to_json() for suggestion in near]
        told += [entry for entry in read if entry.get("word") not in lost]
        return told if not found.matches else [*told, *found.without(request.filters)]

    def aliases(self, word: str | None = None) -> Iterator[AliasEntry]:
        """Yield the names that the documents define, or those in which `word` is one of them."""
        if word is None:
            return list_aliases(self._rows)
        return iter(entries_for(self._rows, search_key(word)))

    # --- answers -------------------------------------------------------------------------------

    def answer(
        self,
        request: Request,
        *,
        limit: int = 10,
        offset: int = 0,
        sort: Sort = "relevance",
        with_facets: bool = True,
    ) -> Results:
        """Give a page of what matches, the best first; without a query, in document order.

        Raises:
            QueryError: the query cannot be read.
            FilterError: a field of the query names what nobody knows.

        """
        found = self.select(request)
        page = self._page(found, sort, offset + limit)[offset:]
        return Results(
            found.total,
            [self._hit(found, number, request) for number in page],
            found.facets() if with_facets else {},
            found.notices,
            self.expanded(found, request.options),
            self.suggestions(found, request),
        )

    def _page(self, found: Selection, sort: Sort, end: int) -> list[int]:
        """Give the first `end` of what was found, in the order asked for."""
        return found.newest(end) if sort == "date" else found.best(end)

    def _hit(self, found: Selection, number: int, request: Request) -> Record:
        """Give a record with its score and where in it the query was found."""
        match = NO_MERIT if found.matches is None else found.matches[number]
        sought = self._matcher.patterns(found.node, request.options) if found.node else ()
        if found.lifted is None:
            record = found.unit.record(number)
            return _located(record, match, sought, *self._heard(number))
        admits = request.filters.admits
        passage = found.lifted.best(number, lambda n: admits(self.place(n)))
        match_of_best = found.lifted.match(passage)
        best = _located(self.record(passage), match_of_best, sought, *self._heard(passage))
        located = {"matched": best["matched"], "best": best}
        return found.unit.record(number) | _merit(match) | located

    def _heard(self, number: int) -> tuple[Worded, Spoken]:
        """Give what the index knows of the words in a passage."""
        return self._matcher.worded(number), partial(self._marks.spans, number)

    def search(
        self,
        query: str | None = None,
        filters: Filters | None = None,
        *,
        limit: int = 10,
        offset: int = 0,
        sort: Sort = "relevance",
        unit: UnitName = "passage",
        options: MatchOptions = _PLAIN,
    ) -> Results:
        """Give a page of what matches; see `answer`."""
        request = Request(query, filters or Filters(), unit, options)
        return self.answer(request, limit=limit, offset=offset, sort=sort)

    def facets(
        self,
        query: str | None = None,
        filters: Filters | None = None,
        *,
        unit: UnitName = "passage",
        options: MatchOptions = _PLAIN,
    ) -> tuple[int, Facets]:
        """Give the number of matches and their counts by all facets; see `select`."""
        found = self.select(Request(query, filters or Filters(), unit, options))
        return found.total, found.facets()

    def export(
        self,
        query: str | None = None,
        filters: Filters | None = None,
        *,
        unit: UnitName = "passage",
        options: MatchOptions = _PLAIN,
    ) -> tuple[int, Iterator[Record]]:
        """Give the number of matches and all of them, read one by one; see `select`."""
        found = self.select(Request(query, filters or Filters(), unit, options))
        return found.total, found.records()


def _merit(match: Match) -> Record:
    return {"score": round(match.score, SCORE_DIGITS), "literal": not match.as_words}


def _located(
    record: Record, match: Match, sought: Sequence[Pattern], worded: Worded, spoken: Spoken
) -> Record:
    """Give a passage as a hit: with its score and where in it the query was found."""
    highlights, matched = locate(sought, record, worded, spoken)
    return record | _merit(match) | {"highlights": highlights, "matched": matched}
