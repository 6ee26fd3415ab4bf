"""Answers from one generation: ranked hits, facets, exports, single passages.

A `Searcher` reads the pointer once and keeps to that generation until it is closed, whatever is
swapped in meanwhile. Totals and facet counts are exact: they are counted over all matches, each
passage once per value.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

import msgspec
from whoosh import index as whoosh_index

from index.filters import Filters
from index.generation import (
    BrokenIndexError,
    Manifest,
    NoIndexError,
    check_version,
    current,
    read_manifest,
    rebuild,
)
from index.locate import locate
from index.match import Match, Matcher
from index.query import Node, parse_query
from index.records import Place
from index.terminal import to_type
from ingest.model import ShisakuError

Record = dict[str, Any]
Facets = dict[str, list[dict[str, Any]]]
Sort = Literal["relevance", "date"]

_SCORE_DIGITS = 4
_ATTEMPTS = 5


class UnknownIdError(ShisakuError):
    """No passage, measure or document has this id."""


@dataclass(frozen=True)
class Results:
    """A page of hits, the number of all matches, and the facets over all of them."""

    total: int
    hits: list[Record]
    facets: Facets


class Searcher:
    """Reads one generation of the index of the data directory `data`.

    `counted_as` gives, for a ministry's name, all names under which its passages are counted and
    found: the name itself and, of a bureau, the ministry. Filters and facets take one and the same
    rolled-up list, so that a count is what the filter of that value gives.

    Raises:
        NoIndexError: there is none yet.
        IndexVersionError: it is another version's.
        BrokenIndexError: it cannot be read.

    """

    def __init__(
        self, data: Path, counted_as: Callable[[str], tuple[str, ...]] = lambda name: (name,)
    ) -> None:
        self.data = data
        self._counted_as = counted_as
        for attempt in range(_ATTEMPTS):
            generation = current(data)
            if generation is None:
                raise NoIndexError(
                    f"there is no index in {data} yet", f"type: {to_type('update', data)}"
                )
            try:
                self._open(generation)
                break
            except FileNotFoundError as error:
                # Swapped out and cleared between reading the pointer and opening what it names.
                if current(data) == generation or attempt == _ATTEMPTS - 1:
                    raise BrokenIndexError(
                        f"{generation} is not whole: {error.filename or error} is missing",
                        rebuild(data),
                    ) from error
        self._matcher = Matcher(self._reader, self._lengths(), self.manifest.passages)
        self._places: dict[bytes, Place] = {}

    def _open(self, generation: Path) -> None:
        self.manifest: Manifest = read_manifest(generation)
        check_version(self.data, self.manifest)
        try:
            self._store = whoosh_index.open_dir(str(generation), readonly=True)
            self._reader = self._store.reader()
            self._columns = [
                (base, segment.column_reader("place"))
                for segment, base in self._reader.leaf_readers()
                if segment.doc_count_all()
            ]
        except (FileNotFoundError, PermissionError, MemoryError):
            raise
        except Exception as error:
            # Whoosh answers a missing table of contents or a damaged segment with whatever broke
            # first: EmptyIndexError, struct.error, UnpicklingError, …
            if not any(generation.glob("*.toc")):
                raise FileNotFoundError(2, "no table of contents", str(generation)) from error
            raise BrokenIndexError(
                f"{generation} is damaged ({type(error).__name__}: {error})", rebuild(self.data)
            ) from error
        held = self._reader.doc_count()
        if held != self.manifest.passages:
            self.close()
            raise BrokenIndexError(
                f"{generation} holds {held} passages instead of {self.manifest.passages}",
                rebuild(self.data),
            )

    def _lengths(self) -> Counter[str]:
        total: Counter[str] = Counter()
        for entry in self.manifest.documents.values():
            total.update(entry.lengths)
        return total

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the generation's files."""
        self._reader.close()
        self._store.close()

    # --- what matches --------------------------------------------------------------------------

    def _place(self, number: int) -> Place:
        for base, column in reversed(self._columns):
            if number >= base:
                raw = bytes(column[number - base])
                place = self._places.get(raw)
                if place is None:
                    place = self._places[raw] = self._rolled_up(raw)
                return place
        raise BrokenIndexError(f"there is no passage {number}", rebuild(self.data))

    def _rolled_up(self, raw: bytes) -> Place:
        place = msgspec.json.decode(raw, type=Place)
        names = [above for name in place.ministries for above in self._counted_as(name)]
        return msgspec.structs.replace(place, ministries=tuple(dict.fromkeys(names)))

    def _record(self, number: int) -> Record:
        record: Record = msgspec.json.decode(self._reader.stored_fields(number)["record"])
        return record

    def _admitted(
        self, query: str | None, filters: Filters
    ) -> tuple[Node | None, dict[int, Match]]:
        """Give the tree of the query and the matches that the filters admit."""
        node = None if query is None else parse_query(query).node
        if node is None:
            found = dict.fromkeys(self._matcher.everything(), Match(0.0, True))
        else:
            found = self._matcher.matches(node)
        place, admits = self._place, filters.admits
        if filters != Filters():
            found = {number: match for number, match in found.items() if admits(place(number))}
        return node, found

    def _in_document_order(self, numbers: Iterator[int]) -> list[int]:
        # A document's passages are added in one go, so Whoosh numbers them as they stand in it.
        return sorted(numbers, key=lambda number: (self._place(number).document, number))

    def _ordered(self, found: dict[int, Match], *, ranked: bool, sort: Sort) -> list[int]:
        numbers = self._in_document_order(iter(found))
        if sort == "date":
            # Newest first; what has no date comes last. Stable: document order within a date.
            return sorted(numbers, key=lambda n: self._place(n).date, reverse=True)
        if not ranked:
            return numbers
        return sorted(
            numbers,
            key=lambda n: (not found[n].as_words, -round(found[n].score, _SCORE_DIGITS)),
        )

    def search(
        self,
        query: str | None = None,
        filters: Filters | None = None,
        *,
        limit: int = 10,
        offset: int = 0,
        sort: Sort = "relevance",
    ) -> Results:
        """Give a page of the passages that match; without a query, in document order.

        Raises:
            QueryError: the query cannot be read.

        """
        node, found = self._admitted(query, filters or Filters())
        page = self._ordered(found, ranked=node is not None, sort=sort)[offset : offset + limit]
        sought = self._matcher.patterns(node) if node else ()
        hits = []
        for number in page:
            record = self._record(number)
            highlights, matched = locate(sought, record)
            score = round(found[number].score, _SCORE_DIGITS)
            hits.append(record | {"score": score, "highlights": highlights, "matched": matched})
        return Results(len(found), hits, self._facets(found))

    def facets(
        self, query: str | None = None, filters: Filters | None = None
    ) -> tuple[int, Facets]:
        """Give the number of matches and their counts by ministry, plan, year and kind.

        Raises:
            QueryError: the query cannot be read.

        """
        _, found = self._admitted(query, filters or Filters())
        return len(found), self._facets(found)

    def _facets(self, found: dict[int, Match]) -> Facets:
        ministry: Counter[str] = Counter()
        plan: Counter[str] = Counter()
        year: Counter[int] = Counter()
        kind: Counter[str] = Counter()
        for place, count in Counter(map(self._place, found)).items():
            for name in place.ministries:
                ministry[name] += count
            if place.plan is not None:
                plan[place.plan] += count
            if place.year is not None:
                year[place.year] += count
            kind[place.kind] += count
        return {
            "ministry": _by_count(ministry),
            "plan": _by_count(plan),
            "year": [{"value": value, "count": year[value]} for value in sorted(year)],
            "kind": _by_count(kind),
        }

    def export(
        self, query: str | None = None, filters: Filters | None = None
    ) -> tuple[int, Iterator[Record]]:
        """Give the number of matches and all of them, read one by one, in document order.

        Raises:
            QueryError: the query cannot be read.

        """
        _, found = self._admitted(query, filters or Filters())
        return len(found), map(self._record, self._in_document_order(iter(found)))

    # --- single things -------------------------------------------------------------------------

    def _numbers(self, field: str, value: str) -> list[int]:
        if not value or (field, value) not in self._reader:
            return []
        return sorted(self._reader.postings(field, value).all_ids())

    def passage(self, key: str) -> Record | None:
        """Give the passage with this id."""
        numbers = self._numbers("id", key)
        return self._record(numbers[0]) if numbers else None

    def measure(self, key: str) -> list[Record]:
        """Give the passages of the measure with this id, in document order."""
        return [
            self._record(n) for n in self._in_document_order(iter(self._numbers("measure", key)))
        ]

    def document(self, key: str) -> list[Record]:
        """Give the passages of the document with this id, in their order."""
        return [self._record(number) for number in self._numbers("document", key)]

    def around(self, record: Record, count: int) -> tuple[list[Record], list[Record]]:
        """Give up to `count` passages before and after, under the same heading and measure."""
        numbers = self._numbers("document", record["document"])
        at = numbers.index(self._numbers("id", record["id"])[0])

        def same(neighbours: list[int]) -> Iterator[Record]:
            for number in neighbours[:count]:
                other = self._record(number)
                if other["path"] != record["path"] or other["measure"] != record["measure"]:
                    return
                yield other

        before = list(same(numbers[:at][::-1]))[::-1]
        return before, list(same(numbers[at + 1 :]))

    def ids(self, document: str) -> list[str]:
        """Give the ids of a document's passages and measures, for suggestions."""
        records = self.document(document)
        measures = [record["measure"]["id"] for record in records if record["measure"]]
        return [*(record["id"] for record in records), *dict.fromkeys(measures)]

    def ministries(self) -> list[str]:
        """Give every name that the ministry facet can show."""
        return sorted({n for e in self.manifest.documents.values() for n in e.ministries})

    def plans(self) -> list[str]:
        """Give every plan and series of the index."""
        return sorted({n for e in self.manifest.documents.values() for n in e.plans})


def _by_count(counts: Counter[str]) -> list[dict[str, Any]]:
    """Give the values, most frequent first, those of one count in code-point order."""
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [{"value": value, "count": count} for value, count in ranked]
