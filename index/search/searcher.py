"""Answers from the index: ranked hits, facets, exports; of passages or of whole measures.

query → tree → plan → engine → hits, counts, records. Totals and facet counts are exact: they are
counted over all matches.
"""

import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from shisaku.index.analysis.folding import search_key
from shisaku.index.engine.aliases import AliasEntry, entries_for, list_aliases
from shisaku.index.engine.base import Sort, UnitName
from shisaku.index.engine.expansion import Expander
from shisaku.index.engine.planning import PLAIN, Planner
from shisaku.index.engine.whoosh.codec.segment_map import CONTENTS, read_contents
from shisaku.index.engine.whoosh.engine import WhooshEngine
from shisaku.index.errors import FilterError, damaged
from shisaku.index.generations.manifest import Manifest, check_version, current, read_manifest
from shisaku.index.query.highlight import finds
from shisaku.index.query.parser import parse_query
from shisaku.index.query.plan import MatchOptions, Restriction
from shisaku.index.query.syntax import Field, Leaf, Node, Parsed
from shisaku.index.records.filters import Filters
from shisaku.index.search.facets import OWN_FILTER
from shisaku.index.search.names import NOBODY, Registry, resolve_field
from shisaku.index.search.rollup import CountedAs, itself
from shisaku.index.search.selection import Facets, Request, Results, Selection, Wider
from shisaku.index.search.session import Closing, OpenEngine, OpenIndex, Record, open_current
from shisaku.index.search.shown import Sought, shown

WIDER_BELOW = 10
"""Total below which sections and documents are looked at as well, whatever the limit."""
WIDER_SHOWN = 5
"""Hits of each width that are shown at most."""
SUGGESTED = 5
"""Most suggestions where nothing is found."""
WIDER: tuple[UnitName, ...] = ("section", "document")
"""The widths beyond a passage, the narrower first."""


def open_embedded(data: Path, generation: Path) -> WhooshEngine:
    """Open the embedded engine over a generation of `data`.

    Raises:
        FileNotFoundError: one of its files is gone.
        IndexVersionError: another version of the program made it.
        BrokenIndexError: it cannot be read, or holds other than it says.

    """
    try:
        contents = read_contents(generation)
    except FileNotFoundError:
        # Another version's generation has other files.
        check_version(data, read_manifest(generation).version)
        raise
    except (ValueError, RecursionError) as error:
        # That of another version is not sealed.
        check_version(data, read_manifest(generation).version)
        raise damaged(generation / CONTENTS, str(error)) from error
    check_version(data, contents.version)
    return WhooshEngine(generation, contents, finds)


class _Open(NamedTuple):
    """One generation with what plans queries over it."""

    session: OpenIndex
    planner: Planner


class Searcher(Closing):
    """Answers queries over the index of the data directory `data`.

    One searcher may live for days and be shared by threads; every answer is given by one
    generation. `refresh` goes over to the generation that was swapped in meanwhile; answers that
    are still being read (exports, selections) keep theirs, whose files are closed with the last of
    them. Between requests it holds bounded caches (docs/architecture.md states how much) and no
    records.

    Args:
        data: the data directory.
        counted_as: name of a ministry → all names under which its passages are counted and found.
        published_as: the same for the name of a publisher.
        registry: resolves the names in fields of a query (省庁:警察庁); without it those of the
            index.
        rolled: whether records have their ministries rolled up; False saves time where nobody
            looks at them.
        open_engine: which engine reads a generation.

    Raises:
        NoIndexError: there is none yet.
        IndexVersionError: it is another version's.
        BrokenIndexError: it cannot be read.

    """

    def __init__(
        self,
        data: Path,
        counted_as: CountedAs = itself,
        registry: Registry = NOBODY,
        *,
        published_as: CountedAs = itself,
        rolled: bool = True,
        open_engine: OpenEngine = open_embedded,
    ) -> None:
        self.data = data
        self._registry = registry
        self._open_session = partial(
            open_current, data, open_engine, counted_as, published_as, rolled=rolled
        )
        self._lock = threading.Lock()
        self._now = self._opened()

    def _opened(self) -> _Open:
        session = self._open_session()
        return _Open(session, self._planner_of(session))

    def _planner_of(self, session: OpenIndex) -> Planner:
        engine = session.engine
        admit = _Admit(session, self._registry)
        return Planner(engine, expander=Expander(engine), admit=admit)

    def refresh(self) -> bool:
        """Go over to the generation that answers now; return whether it is another one.

        Costs a read of the pointer where nothing changed. Raises as `Searcher` does, and then goes
        on with the generation that it has.
        """
        with self._lock:
            if current(self.data) == self._now.session.folder:
                return False
            self._now = self._opened()
            return True

    def close(self) -> None:
        """Let go of the generation's files; no answer can be read any more."""
        self._now.session.close()

    @property
    def session(self) -> OpenIndex:
        """The generation that answers now."""
        return self._now.session

    # --- what matches --------------------------------------------------------------------------

    def select(self, request: Request) -> Selection:
        """Find what matches the query and passes the filters; without a query all that passes.

        A measure passes the filters if one of its passages passes all of them.

        Raises:
            QueryError: the query cannot be read.
            FilterError: a field of the query names what nobody knows.

        """
        now = self._now
        if request.query is None:
            return self._select(now, request, None)
        return self._select(now, request, parse_query(request.query, self._resolves(now)))

    def _select(self, now: _Open, request: Request, parsed: Parsed | None) -> Selection:
        node, notices = (parsed.node, parsed.notices) if parsed else (None, ())
        plan = now.planner.plan(node, request.options, request.searched)
        restriction = now.session.restriction(request.filters)
        return Selection(now.session, request.searched, plan, restriction, node, notices)

    def _resolves(self, now: _Open) -> "_Resolves":
        return _Resolves(now.session, self._registry)

    def _planner(self, found: Selection) -> Planner:
        """Return a planner for the generation that a selection was made over."""
        now = self._now
        if found.opened is now.session:
            return now.planner
        return self._planner_of(found.opened)

    def expanded(self, found: Selection, options: MatchOptions) -> list[dict[str, Any]]:
        """Return what the words of the query were searched as besides themselves."""
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
            for word, expansions in self._planner(found).expanded(found.node, options)
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
        # Loaded here: most queries find something.
        from shisaku.index.query.rewrites import rewrites
        from shisaku.index.search.suggestions import suggest

        now = _Open(found.opened, self._planner(found))

        def passages(leaf: Leaf, options: MatchOptions) -> int:
            plan = now.planner.words(leaf, options)
            return now.session.engine.search(plan, Restriction(), "passage", limit=0).total

        def count(node: Node) -> int:
            return self._select(now, request, Parsed(node)).total

        matched = found.matched()
        lexicon = now.planner.lexicon
        near = () if matched else suggest(found.node, passages, lexicon, request.options)
        lost = {suggestion.word for suggestion in near}
        read = rewrites(found.node, count, self._resolves(now))
        told = [suggestion.to_json() for suggestion in near]
        told += [entry for entry in read if entry.get("word") not in lost]
        filters = found.without(request.filters) if matched else []
        return [*told, *filters][:SUGGESTED]

    def aliases(self, word: str | None = None) -> Iterator[AliasEntry]:
        """Yield the names that the documents define, or those in which `word` is one of them."""
        engine = self.session.engine
        if word is None:
            return list_aliases(engine)
        return iter(entries_for(engine, search_key(word)))

    # --- answers -------------------------------------------------------------------------------

    def answer(
        self,
        request: Request,
        *,
        limit: int = 10,
        offset: int = 0,
        sort: Sort = "relevance",
        with_facets: bool = True,
        fold: bool = False,
    ) -> Results:
        """Return a page of what matches, the best first; without a query, in document order.

        With `fold` passages of the same words in one family of documents are one hit.

        Raises:
            QueryError: the query cannot be read.
            FilterError: a field of the query names what nobody knows.

        """
        found = self.select(request)
        with found.opened.engine.keeping():
            return self._answer(found, request, limit, offset, sort, with_facets, fold)

    def _answer(
        self,
        found: Selection,
        request: Request,
        limit: int,
        offset: int,
        sort: Sort,
        with_facets: bool,
        fold: bool,
    ) -> Results:
        names = tuple(OWN_FILTER) if with_facets else ()
        page = found.page(limit, offset, sort, found.asked(names), fold=fold)
        planner = self._planner(found)
        sought = Sought.of(found.node, partial(planner.patterns, options=request.options))
        return Results(
            page.total,
            [shown(found.opened, hit, sought, found.unit, request.filters) for hit in page.hits],
            found.named(names, page),
            found.notices,
            self.expanded(found, request.options),
            self.suggestions(found, request),
            _wider(found, request, planner, sought, limit) if page.total < WIDER_BELOW else None,
        )

    def search(
        self,
        query: str | None = None,
        filters: Filters | None = None,
        *,
        limit: int = 10,
        offset: int = 0,
        sort: Sort = "relevance",
        unit: UnitName = "passage",
        options: MatchOptions = PLAIN,
    ) -> Results:
        """Return a page of what matches; see `answer`."""
        request = Request(query, filters or Filters(), unit, options)
        return self.answer(request, limit=limit, offset=offset, sort=sort)

    def facets(
        self,
        query: str | None = None,
        filters: Filters | None = None,
        *,
        unit: UnitName = "passage",
        options: MatchOptions = PLAIN,
    ) -> tuple[int, Facets]:
        """Return the number of matches and their counts by all facets; see `select`."""
        found = self.select(Request(query, filters or Filters(), unit, options))
        counted = found.facets()
        return found.total, counted

    def export(
        self,
        query: str | None = None,
        filters: Filters | None = None,
        *,
        unit: UnitName = "passage",
        options: MatchOptions = PLAIN,
    ) -> tuple[int, Iterator[Record]]:
        """Return the number of matches and all of them, read one by one; see `select`."""
        found = self.select(Request(query, filters or Filters(), unit, options))
        return found.total, found.records()

    # --- by ids and names, of the generation that answers now (`OpenIndex`) ---------------------

    @property
    def manifest(self) -> Manifest:
        """What the generation holds of each document."""
        return self.session.manifest

    def passage(self, key: str) -> Record | None:
        """Return the passage with this id, None where there is none."""
        return self.session.passage(key)

    def measure(self, key: str) -> list[Record]:
        """Return the passages of the measure with this id, in document order."""
        return self.session.measure(key)

    def document(self, key: str) -> list[Record]:
        """Return the passages of the document with this id, in their order."""
        return self.session.document(key)

    def ministries(self) -> list[str]:
        """Return every name of a ministry in the index, as printed, in order."""
        return self.session.ministries()

    def plans(self) -> list[str]:
        """Return every plan and series of the index, in order."""
        return self.session.plans()

    def publishers(self) -> list[str]:
        """Return every publisher of the index, as printed, in order."""
        return self.session.publishers()

    def document_id(self, text: str) -> str | None:
        """Return the id of the document that `text` names."""
        return self.session.document_id(text)

    def documents(self) -> list[str]:
        """Return the ids of the documents of the index."""
        return self.session.documents()


def _wider(
    found: Selection, request: Request, planner: Planner, sought: Sought, limit: int
) -> dict[str, Wider] | None:
    """Return in which further sections and documents the words of a query stand together.

    None where that is not asked: for measures, at a greater width, without bare words joined by
    AND. Sections and documents in which a passage is a hit by itself are left out; a passage shown
    for its section is not shown for its document again.
    """
    if found.unit != "passage" or found.node is None:
        return None
    answer: dict[str, Wider] = {}
    known: set[str] = set()
    most = min(limit, WIDER_SHOWN)
    for unit in WIDER:
        plan = planner.further(found.node, request.options, unit, found.restriction)
        if plan is None:
            return None
        further = Selection(found.opened, unit, plan, found.restriction, found.node)
        page = further.page(most + len(known))
        hits = [shown(found.opened, hit, sought, unit, request.filters) for hit in page.hits]
        fresh = [hit for hit in hits if hit["id"] not in known]
        answer[unit] = Wider(page.total, fresh[:most])
        known |= {hit["id"] for hit in hits}
    return answer


class _Admit:
    """Field of a query → the restriction that the filter of its name would be."""

    def __init__(self, session: OpenIndex, registry: Registry) -> None:
        self._session = session
        self._registry = registry

    def __call__(self, node: Field) -> Restriction:
        try:
            filters = resolve_field(self._session, self._registry, node.name, node.value)
        except FilterError as error:
            raise FilterError(
                f"{error}, at character {node.at + 1} of the query", error.remedy
            ) from error
        return self._session.restriction(filters)


class _Resolves:
    """Tells whether a field of the query has such a value."""

    def __init__(self, session: OpenIndex, registry: Registry) -> None:
        self._session = session
        self._registry = registry

    def __call__(self, node: Field) -> bool:
        try:
            resolve_field(self._session, self._registry, node.name, node.value)
        except FilterError:
            return False
        return True
