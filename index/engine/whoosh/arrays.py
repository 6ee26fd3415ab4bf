"""Many at once: what Python does for a whole column in the time of a few steps of a loop."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from operator import itemgetter
from typing import Any, Generic, TypeVar

T = TypeVar("T")


def picked(column: Any, numbers: Sequence[int]) -> Sequence[Any]:
    """Give what a column (anything that is indexed) has at these numbers."""
    if len(numbers) > 1:
        found: tuple[Any, ...] = itemgetter(*numbers)(column)
        return found
    return [column[number] for number in numbers]


class Numbered(dict[Hashable, int], Generic[T]):
    """Numbers what is different as it comes; `made` has what was made of each, once.

    To be looked up by `map`, so that only what is new costs more than a look into a dict.
    """

    def __init__(self, make: Callable[[Any], T]) -> None:
        super().__init__()
        self._make = make
        self.made: list[T] = []

    def __missing__(self, key: Hashable) -> int:
        """Give `key` the next number."""
        self.made.append(self._make(key))
        at = self[key] = len(self.made) - 1
        return at

    def numbers(self, keys: Iterable[Hashable]) -> list[int]:
        """Give the number of each of the keys."""
        return list(map(self.__getitem__, keys))
