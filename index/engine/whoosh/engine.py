"""The embedded engine: one generation of Whoosh segments behind the protocol of `engine.base`.

Nothing of Whoosh is loaded for it, and nothing of MeCab: plans hold analysed keys. What it keeps
between requests is bounded: some 30 MiB in caches (each limit stands beside its cache), and what
grows with the index: 1 byte a passage and field for lengths, 8 bytes a passage for each of
measures, sections and documents once they were asked for, about 100 bytes for each frame, set of
bodies and title of a document that was looked at.
"""

from array import array
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from functools import cached_property
from itertools import compress, islice
from pathlib import Path
from typing import overload

from shisaku.index.engine.base import (
    SCORE_DIGITS,
    Combinations,
    Facet,
    Hit,
    Page,
    Sort,
    Stored,
    UnitName,
)
from shisaku.index.engine.cache import Cache
from shisaku.index.engine.whoosh.arrays import picked
from shisaku.index.engine.whoosh.codec.segment_map import Contents
from shisaku.index.engine.whoosh.codec.segment_reader import Segments
from shisaku.index.engine.whoosh.evaluator import Evaluator
from shisaku.index.engine.whoosh.facet_columns import Places
from shisaku.index.engine.whoosh.hits import Alike, Matches
from shisaku.index.engine.whoosh.offsets_lookup import Marks
from shisaku.index.engine.whoosh.scoring import Lengths
from shisaku.index.engine.whoosh.tally import Tally
from shisaku.index.engine.whoosh.title_lookup import SharedTexts
from shisaku.index.engine.whoosh.units import (
    Larger,
    Leaves,
    LiftedMatches,
    Measures,
    Passages,
    Runs,
    Unit,
    document_order,
)
from shisaku.index.errors import BrokenIndexError, rebuild
from shisaku.index.query.plan import Finds, Part, Pattern, Plan, Restriction, size_of
from shisaku.index.records.fields import Bodies

_NUMBERS = 2 << 20
"""Bytes of results, as numbers of units, that are kept."""
_TALLIES = 4 << 20
"""Bytes of tallies that are kept (`Tally.size`)."""
NO_RESTRICTION = Restriction()


class WhooshEngine:
    """Reads one generation; an `Engine` that threads may share.

    State that grows is kept in caches with locks, or interned under a lock (`facet_columns`); all
    else is made once and never changed, so that two threads that make it at a time make the same.

    Args:
        generation: the folder of the segments.
        contents: what `segment_map.read_contents` has read of it.
        finds: tells whether a text holds a pattern (`index.query.highlight.finds`).

    Raises:
        FileNotFoundError: a segment's file is not there.
        BrokenIndexError: it is not what was written, or holds other than it says.

    """

    def __init__(self, generation: Path, contents: Contents, finds: Finds) -> None:
        self.contents = contents
        self._rows = Segments(generation, contents.segments)
        held = sum(segment.living for segment in contents.segments)
        if held != contents.passages:
            self._rows.close()
            raise BrokenIndexError(
                f"{generation} holds {held} passages instead of {contents.passages}",
                rebuild(generation.parent.parent),
            )
        self._places = Places(self._rows.each)
        lengths = Lengths(self._rows, contents.lengths, contents.passages)
        shared = SharedTexts(self._rows, finds)
        admit = _Admitted(self._rows, self._places)
        self._evaluator = Evaluator(self._rows, lengths, shared, admit, self._spread)
        self._marks = Marks(self._rows)
        self._numbers: Cache[tuple[Plan, str], array[int]] = Cache(_NUMBERS)
        self._tallies: Cache[tuple[Plan, str, Restriction], Tally] = Cache(_TALLIES)

    def close(self) -> None:
        """Let go of the generation's files."""
        self._rows.close()

    @property
    def size(self) -> int:
        """Number of passages that can be found."""
        return self.contents.passages

    def keeping(self) -> AbstractContextManager[None]:
        """Keep what this thread works out until the block ends; see `Engine.keeping`."""
        return self._evaluator.keeping()

    # --- searching -----------------------------------------------------------------------------

    @cached_property
    def _passages(self) -> Passages:
        return Passages(self._rows, self._places)

    @cached_property
    def _measures(self) -> Measures:
        return Measures(self._rows, self._places)

    @cached_property
    def _sections(self) -> Runs:
        return Runs(self._rows, self._places, "section")

    @cached_property
    def _documents(self) -> Runs:
        return Runs(self._rows, self._places, "document")

    def _larger(self, name: UnitName) -> Larger:
        if name == "section":
            return self._sections
        return self._documents if name == "document" else self._measures

    def _unit(self, name: UnitName) -> Unit:
        return self._passages if name == "passage" else self._larger(name)

    def _spread(self, passages: Collection[int]) -> Sequence[int]:
        documents = sorted(set(self._documents.of(sorted(passages))))
        return [number for each in documents for number in self._documents.members(each)]

    def _found(self, plan: Plan, unit: UnitName, leaves: list[Matches] | None = None) -> Matches:
        """Return the units that match, whatever the filters say, with their merits."""

        def lift(passages: Matches) -> Matches:
            return LiftedMatches(self._larger(unit), passages)

        found = self._evaluator.matches(plan, lift, leaves)
        self._numbers.put((plan, unit), found.numbers, size_of(plan) + 4 * len(found))
        return found

    def _tally(
        self, plan: Plan, unit: UnitName, numbers: "array[int]", restriction: Restriction
    ) -> Tally:
        key = (plan, unit, restriction)
        tally = self._tallies.get(key)
        if tally is None:
            tally = Tally(self._unit(unit).groups(numbers), self._places, restriction)
            self._tallies.put(key, tally, size_of(plan) + tally.size)
        return tally

    def _admitted(
        self, plan: Plan, unit: UnitName, numbers: "array[int]", restriction: Restriction
    ) -> "array[int]":
        if restriction == NO_RESTRICTION:
            return numbers
        tally = self._tally(plan, unit, numbers, restriction)
        return array("I", compress(numbers, tally.admitted()))

    def search(
        self,
        plan: Plan,
        restriction: Restriction,
        unit: UnitName,
        *,
        sort: Sort = "relevance",
        limit: int = 10,
        offset: int = 0,
        facets: Sequence[Facet] = (),
        fold: bool = False,
    ) -> Page:
        """Return a page of the units that match and pass, and counts; see `Engine.search`."""
        matches: Matches | None = None
        leaves: list[Matches] = []
        if limit > 0:
            matches = self._found(plan, unit, leaves)
            every = matches.numbers
        else:
            every = self._every(plan, unit)
        numbers = self._admitted(plan, unit, every, restriction)
        hits: Iterable[Hit] = ()
        if matches is not None:
            end = offset + limit
            if fold and unit == "passage":
                chosen, more = self._folded(matches, numbers, sort, end)
            else:
                chosen = self._page(self._unit(unit), matches, numbers, sort, end)
                more = [0] * len(chosen)
            hits = (
                self._hit(matches, unit, number, restriction, leaves, others)
                for number, others in islice(zip(chosen, more, strict=True), offset, None)
            )
        counts: tuple[Combinations, ...] = ()
        if facets:
            tally = self._tally(plan, unit, every, restriction)
            counts = tuple(map(tally.counts, facets))
        return Page(len(numbers), tuple(hits), counts)

    def _every(self, plan: Plan, unit: UnitName) -> "array[int]":
        kept = self._numbers.get((plan, unit))
        return self._found(plan, unit).numbers if kept is None else kept

    def scan(
        self, plan: Plan, restriction: Restriction, unit: UnitName
    ) -> Iterator[Sequence[Stored]]:
        """Yield the passages of each such unit, in document order; see `Engine.scan`."""
        which = self._unit(unit)
        found: list[Matches] = []
        one = unit in ("section", "document")
        every = self._found(plan, unit, found).numbers if one else self._every(plan, unit)
        numbers = self._admitted(plan, unit, every, restriction)
        leaves = Leaves(found)
        for number in document_order(which, numbers, self._places):
            members = which.members(number)
            if one:
                members = [members[self._best_of(leaves, members, unit, restriction)]]
            yield tuple(map(self._stored, members))

    # --- a page of hits ------------------------------------------------------------------------

    def _page(
        self, unit: Unit, matches: Matches, numbers: "array[int]", sort: Sort, end: int
    ) -> list[int]:
        """Return the first `end` of `numbers`, which are among the matches, in the order."""
        if end < 1 or not numbers:
            return []
        if sort == "date":
            return self._newest(unit, numbers, end)
        if isinstance(matches, Alike):
            return list(islice(document_order(unit, numbers, self._places), end))
        return self._best(unit, matches, numbers, end)

    def _best(self, unit: Unit, matches: Matches, numbers: "array[int]", end: int) -> list[int]:
        kinds, which = matches.merits(numbers)
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
        chosen = array("I", compress(numbers, map(among.__contains__, which)))
        rank = dict(zip(chosen, filter(among.__contains__, which), strict=True))
        ordered = document_order(unit, chosen, self._places)
        return sorted(ordered, key=lambda number: ranks[rank[number]])[:end]

    def _folded(
        self, matches: Matches, numbers: "array[int]", sort: Sort, end: int
    ) -> tuple[list[int], list[int]]:
        """Return the first `end` passages without twins before them, and how many each has."""
        wanted = end
        while True:
            page = self._page(self._passages, matches, numbers, sort, wanted)
            ascending = sorted(page)
            twin = dict(zip(ascending, self._rows.twins(ascending), strict=True))
            first: dict[int, int] = {}
            for number in page:
                first.setdefault(twin[number], number)
            if len(first) >= end or len(page) < wanted:
                break
            wanted = 2 * wanted
        chosen = dict(islice(first.items(), end))
        counts = Counter(filter(chosen.__contains__, self._rows.twins(numbers)))
        return list(chosen.values()), [counts[each] - 1 for each in chosen]

    def _newest(self, unit: Unit, numbers: "array[int]", end: int) -> list[int]:
        frames, _ = self._places.parts(self._places.numbers([unit.first(n) for n in numbers]))
        dates = [frame.date for frame in self._places.frames]
        date = dict(zip(numbers, picked(dates, frames), strict=True))
        ordered = document_order(unit, numbers, self._places)
        return sorted(ordered, key=date.__getitem__, reverse=True)[:end]

    def _hit(
        self,
        matches: Matches,
        unit: UnitName,
        number: int,
        restriction: Restriction,
        leaves: Sequence[Matches],
        more: int,
    ) -> Hit:
        score, as_words = matches[number]
        members = self._unit(unit).members(number)
        passages = _Lazy(members, self._stored)
        if unit == "passage":
            return Hit(score, as_words, tuple(passages), 0, score, as_words, more)
        found = Leaves(leaves)
        best = self._best_of(found, members, unit, restriction)
        of_best = found.match(members[best])
        return Hit(score, as_words, passages, best, of_best.score, of_best.as_words)

    def _best_of(
        self, leaves: Leaves, members: Sequence[int], unit: UnitName, restriction: Restriction
    ) -> int:
        def passes(passage: int) -> bool:
            return restriction == NO_RESTRICTION or self._passes(passage, restriction)

        return leaves.best(members, passes, by_score=unit == "measure")

    def _passes(self, passage: int, restriction: Restriction) -> bool:
        frame, bodies = self._places.pair(passage)
        return not restriction.barred_by(frame) and restriction.admits(frame, bodies)

    # --- passages, terms, titles ---------------------------------------------------------------

    def _stored(self, number: int) -> Stored:
        return Stored(number, self._rows.record(number), self._places.pair(number)[1])

    def get(self, field: str, value: str) -> Sequence[Stored]:
        """Return the passages with a value of a field, read one by one; see `Engine.get`."""
        numbers = self.numbers(field, value)
        return _Lazy(numbers, self._defining if field == "defines" else self._stored)

    def numbers(self, field: str, value: str) -> Sequence[int]:
        """Return the numbers of the passages with a value of a field."""
        return self._rows.numbers(field, value) if value else []

    def _defining(self, number: int) -> Stored:
        found = self._stored(number)
        pairs = self._rows.value("aliases", number)
        return Stored(found.number, found.record, found.bodies, pairs)

    def around(self, number: int, count: int) -> tuple[Sequence[Stored], Sequence[Stored]]:
        """Return the neighbours of a passage in its document; see `Engine.around`."""
        document = self._places.pair(number)[0].document
        numbers = self._rows.numbers("document", document)
        at = numbers.index(number)
        before = numbers[max(at - count, 0) : at]
        return _Lazy(before, self._stored), _Lazy(numbers[at + 1 : at + 1 + count], self._stored)

    def terms(self, field: str, prefix: str = "") -> Iterator[str]:
        """Yield the values of a field that begin with `prefix`, in order; see `Engine.terms`."""
        named = {
            "ministry": self.contents.ministries,
            "plan": self.contents.plans,
            "publisher": self.contents.publishers,
        }
        if field in named:
            return (name for name in named[field] if name.startswith(prefix))
        segments = [rows for rows, _ in self._rows.each]
        if len(segments) == 1:
            return segments[0].beginning(field, prefix)
        return iter(sorted({term for rows in segments for term in rows.beginning(field, prefix)}))

    def titles(self, documents: Iterable[str]) -> dict[str, str]:
        """Return the titles of documents that have passages, by id."""
        return {document: self._rows.title(document) for document in documents}

    def body_sets(self) -> Sequence[Bodies]:
        """Return the sets of bodies of passages by number."""
        return self._places.sets

    def body_set(self, number: int) -> Bodies:
        """Return one set that a passage or a count has named."""
        return self._places.known_sets[number]

    # --- where words stand ---------------------------------------------------------------------

    def offsets(self, number: int, sought: Pattern) -> Iterable[tuple[int, int]]:
        """Return where in the text of a passage the words of a pattern stand in sequence."""
        return self._marks.spans(number, sought)

    def holds(self, number: int, sought: Pattern, part: Part) -> bool:
        """Tell whether a part of a passage holds the words; of titles this is not known."""
        return part == "title" or any(
            number in self._evaluator.phrase(f"{part}_words", phrase) for phrase in sought.phrases
        )


class _Admitted:
    """Restriction → the passages that pass it, ascending."""

    def __init__(self, rows: Segments, places: Places) -> None:
        self._passages = Passages(rows, places)
        self._places = places

    def __call__(self, restriction: Restriction) -> "array[int]":
        numbers = self._passages.everything()
        tally = Tally(self._passages.groups(numbers), self._places, restriction)
        return array("I", compress(numbers, tally.admitted()))


class _Lazy(Sequence[Stored]):
    """Passages by their numbers, each read when it is looked at."""

    def __init__(self, numbers: Sequence[int], read: Callable[[int], Stored]) -> None:
        self._of = numbers
        self._read = read

    def __len__(self) -> int:
        return len(self._of)

    @overload
    def __getitem__(self, at: int) -> Stored: ...
    @overload
    def __getitem__(self, at: slice) -> "_Lazy": ...
    def __getitem__(self, at: int | slice) -> "Stored | _Lazy":
        """Read one passage, or take a part of them."""
        if isinstance(at, slice):
            return _Lazy(self._of[at], self._read)
        return self._read(self._of[at])
