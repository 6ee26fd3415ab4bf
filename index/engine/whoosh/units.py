"""Passages and measures of one generation by their numbers.

Units have numbers that rise in the order of Whoosh's numbers of their (first) passages, so that
both kinds are put into document order in one way.
"""

from array import array
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, chain, compress, groupby, pairwise, repeat
from operator import itemgetter, rshift
from typing import Protocol

from shisaku.index.engine.whoosh.arrays import picked
from shisaku.index.engine.whoosh.codec.row_format import SHIFT
from shisaku.index.engine.whoosh.codec.segment_reader import Segments
from shisaku.index.engine.whoosh.facet_columns import Groups, Places
from shisaku.index.engine.whoosh.hits import Match, Matches, Merits, merits_of, numbers_of


class Unit(Protocol):
    """Passages or measures, each by its number."""

    def everything(self) -> "array[int]":
        """Return all numbers, ascending."""

    def members(self, number: int) -> Sequence[int]:
        """Return the numbers of its passages in their order."""

    def first(self, number: int) -> int:
        """Return the number of its first passage."""

    def groups(self, numbers: Sequence[int]) -> Groups:
        """Return for each of these units the places in which its passages stand."""


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
"""No measure's number."""


class Measures:
    """Each measure is a unit; passages without a measure are left out."""

    def __init__(self, rows: Segments, places: Places) -> None:
        self._places = places
        self._members = array("I")
        self._starts = array("I", [0])
        self._of = array("I", [NONE]) * rows.size
        # An id names the document, whose passages were added in one go: no measure is torn.
        for at, numbers in enumerate(sorted(_measures(rows), key=itemgetter(0))):
            self._members.extend(numbers)
            self._starts.append(len(self._members))
            for number in numbers:
                self._of[number] = at

    def everything(self) -> "array[int]":
        """Return the numbers of all measures."""
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
        """Return the number of each passage's measure, `NONE` for one without."""
        return picked(self._of, passages)


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
    """The measures of the passages that match, each as good as its best passage."""

    def __init__(self, measures: Measures, passages: Matches) -> None:
        numbers = set(measures.of(passages.numbers))
        numbers.discard(NONE)
        super().__init__(numbers_of(sorted(numbers)))
        self._measures = measures
        self._passages = passages

    def merits(self, numbers: Sequence[int]) -> Merits:
        """Join the merits of each one's passages."""
        passages: Sequence[int] = self._passages.numbers
        if len(numbers) < len(self):
            members = chain.from_iterable(map(self._measures.members, numbers))
            passages = self._passages.among(sorted(members))
        of = self._measures.of(passages)
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
    """What the leaves of a plan find among passages, for choosing the best of a unit's."""

    def __init__(self, found: Sequence[Matches]) -> None:
        self._found = found

    def best(self, members: Sequence[int], admits: Callable[[int], bool]) -> int:
        """Return the place of the passage that shows best what was found, the first of equals.

        One that the filters admit goes before one that they do not; then counts how many leaves
        found it, then its score.
        """

        def merit(at: int) -> tuple[bool, int, float]:
            passage = members[at]
            return admits(passage), len(self._of(passage)), self.match(passage).score

        return max(range(len(members)), key=merit)

    def _of(self, passage: int) -> list[Match]:
        return [leaf[passage] for leaf in self._found if passage in leaf]

    def match(self, passage: int) -> Match:
        """Return how well a passage by itself matches those leaves that found it."""
        found = self._of(passage)
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
