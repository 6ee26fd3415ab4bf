"""Passages, and the larger units that they make, of one generation by their numbers.

Units have numbers that rise in the order of Whoosh's numbers of their (first) passages, so that
all kinds are put into document order in one way.
"""

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate, chain, compress, groupby, pairwise, repeat
from operator import itemgetter, rshift
from typing import Protocol

from shisaku.index.engine.whoosh.arrays import picked
from shisaku.index.engine.whoosh.codec.row_format import SHIFT
from shisaku.index.engine.whoosh.codec.segment_reader import Segments
from shisaku.index.engine.whoosh.facet_columns import Groups, Places
from shisaku.index.engine.whoosh.hits import Match, Matches, Merits, merits_of, numbers_of


class Unit(Protocol):
    """Passages, measures, sections or documents, each by its number."""

    def everything(self) -> "array[int]":
        """Return all numbers, ascending."""

    def members(self, number: int) -> Sequence[int]:
        """Return the numbers of its passages in their order."""

    def first(self, number: int) -> int:
        """Return the number of its first passage."""

    def groups(self, numbers: Sequence[int]) -> Groups:
        """Return for each of these units the places in which its passages stand."""


class Larger(Unit, Protocol):
    """Units of several passages."""

    def of(self, passages: Sequence[int]) -> Sequence[int]:
        """Return the number of each passage's unit, `NONE` for one without."""


class Passages:
    """Each passage is a unit of its own."""

    def __init__(self, rows: Segments, places: Places) -> None:
        self._rows = rows
        self._places = places

    def everything(self) -> "array[int]":
        """Return the numbers of all passages, ascending."""
        return numbers_of(self._rows.everything())

    def members(self, number: int) -> Sequence[int]:
        """Return the number itself."""
        return (number,)

    def first(self, number: int) -> int:
        """Return the number itself."""
        return number

    def groups(self, numbers: Sequence[int]) -> Groups:
        """Return the number of each one's place."""
        return Groups(self._places.numbers(numbers))


NONE = (1 << 32) - 1
"""No unit's number."""


class _Made:
    """What units of several passages have in common; 4 bytes a passage in `_of` and in `_members`.

    `_members` are the passages of one unit after the other, `_starts` where each unit's begin.
    """

    def __init__(self, rows: Segments, places: Places) -> None:
        self._places = places
        self._members = array("I")
        self._starts = array("I", [0])
        self._of = array("I", [NONE]) * rows.size

    def everything(self) -> "array[int]":
        """Return the numbers of all units."""
        return numbers_of(range(len(self._starts) - 1))

    def members(self, number: int) -> Sequence[int]:
        """Return the numbers of its passages in their order."""
        return self._members[self._starts[number] : self._starts[number + 1]]

    def first(self, number: int) -> int:
        """Return the number of its first passage."""
        return self._members[self._starts[number]]

    def groups(self, numbers: Sequence[int]) -> Groups:
        """Return the numbers of the places of each one's passages."""
        members = list(map(self.members, numbers))
        passages = sorted(chain.from_iterable(members))
        place = dict(zip(passages, self._places.numbers(passages), strict=True))
        places = list(map(place.__getitem__, chain.from_iterable(members)))
        return Groups(places, list(accumulate(map(len, members))))

    def of(self, passages: Sequence[int]) -> Sequence[int]:
        """Return the number of each passage's unit, `NONE` for one without."""
        return picked(self._of, passages)


class Runs(_Made):
    """Each section or document (`begins` with its first passage) is a unit."""

    def __init__(self, rows: Segments, places: Places, begins: str) -> None:
        super().__init__(rows, places)
        for segment, base in rows.each:
            starts = segment.numbers("begins", begins)
            at, held = len(self._starts) - 1, len(self._members)
            lengths = [end - start for start, end in pairwise([*starts, segment.count])]
            of = chain.from_iterable(map(repeat, range(at, at + len(starts)), lengths))
            first = base + (starts[0] if starts else segment.count)
            self._of[first : base + segment.count] = array("I", of)
            numbers: Iterable[int] = range(first, base + segment.count)
            if gone := segment.deleted:  # documents that stood between two that live
                numbers = [number for number in numbers if number - base not in gone]
                lengths = [
                    sum(number not in gone for number in range(start, end))
                    for start, end in pairwise([*starts, segment.count])
                ]
            self._members.extend(numbers)
            self._starts.extend(accumulate(lengths, initial=held))
            del self._starts[at]  # which ended what was before


class Measures(_Made):
    """Each measure is a unit; passages without a measure are left out."""

    def __init__(self, rows: Segments, places: Places) -> None:
        super().__init__(rows, places)
        # An id names the document, whose passages were added in one go: no measure is torn.
        for at, numbers in enumerate(sorted(_measures(rows), key=itemgetter(0))):
            self._members.extend(numbers)
            self._starts.append(len(self._members))
            for number in numbers:
                self._of[number] = at


def _measures(rows: Segments) -> "Iterator[array[int]]":
    """Yield the numbers of each measure's passages, ascending."""
    for segment, base in rows.each:
        row, ends = segment.joined("measure")
        numbers = array("I", map(rshift, row, repeat(SHIFT)))
        if base:
            numbers = array("I", map(base.__add__, numbers))
        for start, end in pairwise([0, *ends]):
            if start < end:
                yield numbers[start:end]


class LiftedMatches(Matches):
    """The units of the passages that match, each as good as its best passage."""

    def __init__(self, units: Larger, passages: Matches) -> None:
        numbers = set(units.of(passages.numbers))
        numbers.discard(NONE)
        super().__init__(numbers_of(sorted(numbers)))
        self._units = units
        self._passages = passages

    def merits(self, numbers: Sequence[int]) -> Merits:
        """Join the merits of each one's passages."""
        passages: Sequence[int] = self._passages.numbers
        if len(numbers) < len(self):
            members = chain.from_iterable(map(self._units.members, numbers))
            passages = self._passages.among(sorted(members))
        of = self._units.of(passages)
        kinds, which = self._passages.merits(passages)
        worst_first = sorted(range(len(kinds)), key=lambda kind: kinds[kind].score)
        ranks = [0] * len(kinds)
        for rank, kind in enumerate(worst_first):
            ranks[kind] = rank
        best: dict[int, int] = {}
        for number, rank in zip(of, picked(ranks, which), strict=True):
            if rank > best.get(number, -1):
                best[number] = rank
        as_words = [kind.as_words for kind in kinds]
        worded = set(of if all(as_words) else compress(of, picked(as_words, which)))
        return merits_of(
            ((best[number], number in worded) for number in numbers),
            lambda key: Match(kinds[worst_first[key[0]]].score, key[1]),
        )


class Leaves:
    """What the parts of a plan under a `Lifted` find, for choosing the best passage of a unit."""

    def __init__(self, found: Sequence[Matches]) -> None:
        self._found = sorted(found, key=len)

    def best(self, members: Sequence[int], admits: Callable[[int], bool], *, by_score: bool) -> int:
        """Return the place of the passage that shows best what was found, the first of equals.

        One that the filters admit goes before one that they do not; then counts how many parts
        found it, then its score or how rare these are (`Engine.search`).
        """
        sizes: dict[int, list[int]] = {passage: [] for passage in members}
        for leaf in self._found:
            for passage in leaf.among(members):
                sizes[passage].append(len(leaf))
        admitted = list(map(admits, members))
        passed = any(admitted)
        among = [at for at in range(len(members)) if admitted[at] is passed]
        most = max(len(sizes[members[at]]) for at in among)
        among = [at for at in among if len(sizes[members[at]]) == most]
        if by_score:
            return max(among, key=lambda at: self.match(members[at]).score)
        return min(among, key=lambda at: sizes[members[at]])

    def match(self, passage: int) -> Match:
        """Return how well a passage by itself matches those parts that found it."""
        found = [leaf[passage] for leaf in self._found if passage in leaf]
        return Match(sum(match.score for match in found), all(match.as_words for match in found))


def document_order(unit: Unit, numbers: Sequence[int], places: Places) -> Iterator[int]:
    """Yield units in document order: documents by id, then as they stand in it.

    `numbers` ascend. A document's passages are added in one go, so Whoosh numbers them as they
    stand in it: only the documents need sorting, and a million numbers are never copied.
    """
    frames, _ = places.parts(places.numbers([unit.first(number) for number in numbers]))
    documents = [frame.document for frame in places.frames]
    found: list[tuple[str, int, int]] = []
    start = 0
    for document, group in groupby(map(documents.__getitem__, frames)):
        end = start + sum(1 for _ in group)
        found.append((document, start, end))
        start = end
    for _, start, end in sorted(found):
        for at in range(start, end):
            yield numbers[at]
