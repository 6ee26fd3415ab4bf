"""Operations on whole columns that run in C, not step by step in a Python loop."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from operator import itemgetter
from typing import Any, Generic, TypeVar

T = TypeVar("T")


def picked(column: Any, numbers: Sequence[int]) -> Sequence[Any]:
    """Return the values of a column (anything that can be indexed) at these numbers."""
    if len(numbers) > 1:
        found: tuple[Any, ...] = itemgetter(*numbers)(column)
        return found
    return [column[number] for number in numbers]


class Numbered(dict[Hashable, int], Generic[T]):
    """Numbers different keys in the order in which they come; `made` has one object for each.

    Looked up with `map`: only a new key costs more than a look into a dict. Not for threads.
    """

    def __init__(self, make: Callable[[Any], T]) -> None:
        super().__init__()
        self._make = make
        self.made: list[T] = []

    def __missing__(self, key: Hashable) -> int:
        """Assign the next number to `key`."""
        self.made.append(self._make(key))
        at = self[key] = len(self.made) - 1
        return at

    def numbers(self, keys: Iterable[Hashable]) -> list[int]:
        """Return the number of each of the keys."""
        return list(map(self.__getitem__, keys))
