"""Numbers that match a plan, and their scores, which are worked out only for those who ask.

A common word stands in half of all passages, and most requests want ten of them, or counts. So a
result is its numbers alone, and scores come as *merits*: the few different ones, and which of them
each number has. A score depends on how often a word stands and how long the text is; of fifty
thousand passages some hundred have different ones.
"""

from abc import abstractmethod
from array import array
from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import filterfalse, repeat
from typing import NamedTuple

from shisaku.index.engine.whoosh.arrays import Numbered

_FEW = 16
"""Numbers that a loop passes in the time of one binary search."""

Frequencies = dict[int, int]
"""How often something stands in a passage, by the passage's number, in ascending order of these."""


class Match(NamedTuple):
    """A passage's score, and whether all that the query asks was found as words."""

    score: float
    as_words: bool


NO_MERIT = Match(0.0, True)
"""Of a passage that was found by no word: by a filter, or by the absence of a word."""


class Merits(NamedTuple):
    """The different merits, and for each of some numbers which of them it has."""

    kinds: Sequence[Match]
    which: Sequence[int]


def merits_of(keys: Iterable[Hashable], make: Callable[..., Match]) -> Merits:
    """Return the merits of keys; `make` is called once for each different key."""
    kinds = Numbered(make)
    which = kinds.numbers(keys)
    return Merits(kinds.made, which)


def numbers_of(numbers: Iterable[int]) -> "array[int]":
    """Return numbers as an array of 32-bit integers."""
    return array("I", numbers)


class Matches(Mapping[int, Match]):
    """A mapping of the `numbers` that match, ascending, to their merits."""

    def __init__(self, numbers: "array[int]") -> None:
        self.numbers = numbers

    @abstractmethod
    def merits(self, numbers: Sequence[int]) -> Merits:
        """Return the merits of some of the numbers, which ascend."""

    def __len__(self) -> int:
        return len(self.numbers)

    def __iter__(self) -> Iterator[int]:
        return iter(self.numbers)

    def __contains__(self, number: object) -> bool:
        assert isinstance(number, int)
        at = bisect_left(self.numbers, number)
        return at < len(self.numbers) and self.numbers[at] == number

    def among(self, numbers: Sequence[int]) -> Sequence[int]:
        """Return those of `numbers`, which ascend, that match."""
        if len(numbers) * _FEW < len(self):
            return [number for number in numbers if number in self]
        return sorted(set(numbers).intersection(self.numbers))

    def __getitem__(self, number: int) -> Match:
        """Return the merit of one number; raises `KeyError` for one that does not match."""
        if number not in self:
            raise KeyError(number)
        kinds, which = self.merits([number])
        return kinds[which[0]]


class Alike(Matches):
    """Numbers that were found by no word: all have `NO_MERIT`."""

    def merits(self, numbers: Sequence[int]) -> Merits:
        """Return the same for each."""
        return Merits([NO_MERIT], [0] * len(numbers))


class Some(Matches):
    """A part of what matches, with the merits of the whole."""

    def __init__(self, whole: Matches, numbers: "array[int]") -> None:
        super().__init__(numbers)
        self._whole = whole

    def merits(self, numbers: Sequence[int]) -> Merits:
        """Return the merits of the whole."""
        return self._whole.merits(numbers)


class AllOf(Matches):
    """Numbers that all parts have: the scores are added, and each must be found as words."""

    def __init__(self, parts: Sequence[Matches]) -> None:
        fewest, *others = sorted(parts, key=len)
        found = set(fewest.numbers).intersection(*(part.numbers for part in others))
        super().__init__(numbers_of(sorted(found)))
        self._parts = parts

    def merits(self, numbers: Sequence[int]) -> Merits:
        """Join the merits of all parts."""
        each = [part.merits(numbers) for part in self._parts]
        kinds = [merits.kinds for merits in each]

        def joined(key: tuple[int, ...]) -> Match:
            found = [kinds[at][kind] for at, kind in enumerate(key)]
            return Match(sum(m.score for m in found), all(m.as_words for m in found))

        return merits_of(zip(*(merits.which for merits in each), strict=True), joined)


class AnyOf(Matches):
    """Numbers that any part has: the scores are added, and one must be found as words."""

    def __init__(self, parts: Sequence[Matches]) -> None:
        super().__init__(numbers_of(sorted(set[int]().union(*(part.numbers for part in parts)))))
        self._parts = parts

    def merits(self, numbers: Sequence[int]) -> Merits:
        """Join the merits of the parts in which each number is."""
        kinds: list[Sequence[Match]] = []
        columns = []
        for part in self._parts:
            here = part.among(numbers)
            merits = part.merits(here)
            held = dict(zip(here, merits.which, strict=True))
            kinds.append(merits.kinds)
            columns.append(map(held.get, numbers, repeat(-1)))

        def joined(key: tuple[int, ...]) -> Match:
            found = [kinds[at][kind] for at, kind in enumerate(key) if kind >= 0]
            return Match(sum(m.score for m in found), any(m.as_words for m in found))

        return merits_of(zip(*columns, strict=True), joined)


def only(found: Matches, among: Iterable[Matches]) -> Matches:
    """Return what is found and in one of `among` as well."""
    left: Sequence[int] = found.numbers
    kept: list[int] = []
    for each in among:
        if not left:
            break
        here = set(each.among(left))
        kept += here
        left = [number for number in left if number not in here]
    return found if not left else Some(found, numbers_of(sorted(kept)))


def without(found: Matches, hidden: Matches) -> Matches:
    """Return what is found and not hidden."""
    gone = set(hidden.numbers)
    return Some(found, numbers_of(filterfalse(gone.__contains__, found.numbers)))
