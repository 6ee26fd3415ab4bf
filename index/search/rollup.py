"""Sets of ministries, by number → the names under which their passages are counted and found.

The index holds ministries as printed. Which ministry a bureau belongs to is the registry's
knowledge, applied here to the few different sets when somebody asks: so a change of the registry
needs no new index, and a passage of two bureaus of one ministry counts once for it.
"""

from collections.abc import Callable, Collection, Sequence
from functools import cache
from itertools import chain
from typing import Protocol

CountedAs = Callable[[str], tuple[str, ...]]
"""Name of a ministry as printed → the names under which its passages count, itself and what it
belongs to."""


class Sets(Protocol):
    """Where sets are read from: an `Engine`."""

    def ministry_sets(self) -> Sequence[tuple[str, ...]]:
        """Return all sets by number."""

    def ministry_set(self, number: int) -> tuple[str, ...]:
        """Return one set."""


class RollUp:
    """Rolls up the sets of one open engine; keeps one tuple of names for each set."""

    def __init__(self, sets: Sets, counted_as: CountedAs) -> None:
        self._sets = sets
        self._counted_as = cache(counted_as)  # one name is in very many sets
        self._rolled: dict[int, tuple[str, ...]] = {}

    def printed(self, number: int) -> tuple[str, ...]:
        """Return the names of a set as printed."""
        return self._sets.ministry_set(number)

    def names(self, number: int) -> tuple[str, ...]:
        """Return the names of a set rolled up, each once."""
        found = self._rolled.get(number)
        if found is None:
            found = self._rolled[number] = self._roll(self._sets.ministry_set(number))
        return found

    def _roll(self, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(chain.from_iterable(map(self._counted_as, names))))

    def admitting(self, names: Collection[str]) -> frozenset[int]:
        """Return the numbers of the sets that have one of these names, rolled up."""
        wanted = set(names)
        count = len(self._sets.ministry_sets())
        return frozenset(n for n in range(count) if not wanted.isdisjoint(self.names(n)))
