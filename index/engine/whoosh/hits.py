"""Numbers that match a query, and their scores, which are worked out only for those who ask.

A common word stands in half of all passages: most questions want ten of them, or counts. So what is
kept is the numbers alone, and scores come as *merits*: the few different ones, and which of them
each number has. A score hangs on how often a word stands and how long the text is; of fifty
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
"""To look one number up takes as long as to go past so many."""


class Match(NamedTuple):
    """A passage's score, and whether all that the query asks was found as words."""

    score: float
    as_words: bool


NO_MERIT = Match(0.0, True)
"""What a passage has that was found by no word: by a filter, or by not having one."""


class Merits(NamedTuple):
    """The different merits, and for each of some numbers which of them it has."""

    kinds: Sequence[Match]
    which: Sequence[int]


def merits_of(keys: Iterable[Hashable], make: Callable[..., Match]) -> Merits:
    """Give the merits that `make` makes of keys, of those that are equal once."""
    kinds = Numbered(make)
    which = kinds.numbers(keys)
    return Merits(kinds.made, which)


def numbers_of(numbers: Iterable[int]) -> "array[int]":
    """Give numbers as they are kept."""
    return array("I", numbers)


class Matches(Mapping[int, Match]):
    """What matches: `numbers`, ascending, each with its merit."""

    def __init__(self, numbers: "array[int]") -> None:
        self.numbers = numbers

    @abstractmethod
    def merits(self, numbers: Sequence[int]) -> Merits:
        """Give the merits of some of the numbers, which ascend."""

    def __len__(self) -> int:
        return len(self.numbers)

    def __iter__(self) -> Iterator[int]:
        return iter(self.numbers)

    def __contains__(self, number: object) -> bool:
        assert isinstance(number, int)
        at = bisect_left(self.numbers, number)
        return at < len(self.numbers) and self.numbers[at] == number

    def among(self, numbers: Sequence[int]) -> Sequence[int]:
        """Give those of `numbers`, which ascend, that match."""
        if len(numbers) * _FEW < len(self):
            return [number for number in numbers if number in self]
        return sorted(set(numbers).intersection(self.numbers))

    def __getitem__(self, number: int) -> Match:
        """Give the merit of one number."""
        if number not in self:
            raise KeyError(number)
        kinds, which = self.merits([number])
        return kinds[which[0]]


class Alike(Matches):
    """What was found by no word."""

    def merits(self, numbers: Sequence[int]) -> Merits:
        """Give each the same."""
        return Merits([NO_MERIT], [0] * len(numbers))


class Some(Matches):
    """Some of what matches, with the merits that they have there."""

    def __init__(self, whole: Matches, numbers: "array[int]") -> None:
        super().__init__(numbers)
        self._whole = whole

    def merits(self, numbers: Sequence[int]) -> Merits:
        """Give what the whole gives."""
        return self._whole.merits(numbers)


class AllOf(Matches):
    """What matches all of the parts: the scores are added, and each must be found as words."""

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
    """What matches any of the parts: the scores are added, and one must be found as words."""

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


def without(found: Matches, hidden: Matches) -> Matches:
    """Give what is found and not hidden."""
    gone = set(hidden.numbers)
    return Some(found, numbers_of(filterfalse(gone.__contains__, found.numbers)))
