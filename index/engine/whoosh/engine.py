"""The embedded engine: one generation of Whoosh segments behind the protocol of `engine.base`.

Nothing of Whoosh is loaded for it, and nothing of MeCab: plans hold analysed keys. What it keeps
between requests is bounded: some 30 MiB in caches (each limit stands beside its cache), and what
grows with the index: 1 byte a passage and field for lengths, 4 bytes a passage for measures, about
100 bytes for each frame, set of ministries and title of a document that was looked at.
"""

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
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
    Leaves,
    LiftedMatches,
    Measures,
    Passages,
    Unit,
    document_order,
)
from shisaku.index.errors import BrokenIndexError, rebuild
from shisaku.index.query.plan import Finds, Part, Pattern, Plan, Restriction, size_of

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
        self._evaluator = Evaluator(self._rows, lengths, shared, admit)
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

    # --- searching -----------------------------------------------------------------------------

    @cached_property
    def _passages(self) -> Passages:
        return Passages(self._rows, self._places)

    @cached_property
    def _measures(self) -> Measures:
        return Measures(self._rows, self._places)

    def _unit(self, name: UnitName) -> Unit:
        return self._passages if name == "passage" else self._measures

    def _lift(self, found: Matches) -> Matches:
        return LiftedMatches(self._measures, found)

    def _found(self, plan: Plan, unit: UnitName, leaves: list[Matches] | None = None) -> Matches:
        """Return the units that match, whatever the filters say, with their merits."""
        found = self._evaluator.matches(plan, self._lift, leaves)
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
            chosen = self._page(self._unit(unit), matches, numbers, sort, offset + limit)
            hits = (
                self._hit(matches, unit, number, restriction, leaves) for number in chosen[offset:]
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
    ) -> Iterator[tuple[Stored, ...]]:
        """Yield the passages of each such unit, in document order; see `Engine.scan`."""
        which = self._unit(unit)
        numbers = self._admitted(plan, unit, self._every(plan, unit), restriction)
        for number in document_order(which, numbers, self._places):
            yield tuple(map(self._stored, which.members(number)))

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
    ) -> Hit:
        match = matches[number]
        members = self._unit(unit).members(number)
        passages = tuple(map(self._stored, members))
        if unit == "passage":
            return Hit(match.score, match.as_words, passages, 0, match.score, match.as_words)
        found = Leaves(leaves)
        best = found.best(members, lambda passage: self._passes(passage, restriction))
        of_best = found.match(members[best])
        return Hit(match.score, match.as_words, passages, best, of_best.score, of_best.as_words)

    def _passes(self, passage: int, restriction: Restriction) -> bool:
        filters = restriction.filters
        frame, ministries = self._places.pair(passage)
        own = not filters.ministry or ministries in restriction.sets
        return own and not filters.barred_by(frame)

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
        return Stored(found.number, found.record, found.ministries, pairs)

    def around(self, number: int, count: int) -> tuple[Sequence[Stored], Sequence[Stored]]:
        """Return the neighbours of a passage in its document; see `Engine.around`."""
        document = self._places.pair(number)[0].document
        numbers = self._rows.numbers("document", document)
        at = numbers.index(number)
        before = numbers[max(at - count, 0) : at]
        return _Lazy(before, self._stored), _Lazy(numbers[at + 1 : at + 1 + count], self._stored)

    def terms(self, field: str, prefix: str = "") -> Iterator[str]:
        """Yield the values of a field that begin with `prefix`, in order; see `Engine.terms`."""
        named = {"ministry": self.contents.ministries, "plan": self.contents.plans}
        if field in named:
            return (name for name in named[field] if name.startswith(prefix))
        segments = [rows for rows, _ in self._rows.each]
        if len(segments) == 1:
            return segments[0].beginning(field, prefix)
        return iter(sorted({term for rows in segments for term in rows.beginning(field, prefix)}))

    def titles(self, documents: Iterable[str]) -> dict[str, str]:
        """Return the titles of documents that have passages, by id."""
        return {document: self._rows.title(document) for document in documents}

    def ministry_sets(self) -> Sequence[tuple[str, ...]]:
        """Return the sets of ministries of passages, as printed, by number."""
        return self._places.sets

    def ministry_set(self, number: int) -> tuple[str, ...]:
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
