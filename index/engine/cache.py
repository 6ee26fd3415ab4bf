"""A cache that is bounded by cost, for objects that threads share."""

import threading
from collections.abc import Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Cache(Generic[K, V]):
    """Keeps the values used last while their costs add up to at most `most`.

    What a cost counts (entries, bytes) is the caller's choice. A value that alone costs more than
    `most` is not kept. Values must not be changed once they are in.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._held: dict[K, tuple[V, int]] = {}
        self._cost = 0

    def __len__(self) -> int:
        return len(self._held)

    @property
    def cost(self) -> int:
        """The costs of all values together."""
        return self._cost

    def get(self, key: K) -> V | None:
        """Return the value of `key`, which becomes the one used last; None where there is none."""
        with self._lock:
            found = self._held.pop(key, None)
            if found is None:
                return None
            self._held[key] = found
            return found[0]

    def put(self, key: K, value: V, cost: int = 1) -> V:
        """Keep a value and return it; those used longest ago go if there is no room."""
        with self._lock:
            _, before = self._held.pop(key, (None, 0))
            self._cost -= before
            if cost <= self._most:
                self._held[key] = (value, cost)
                self._cost += cost
            while self._cost > self._most:
                _, gone = self._held.pop(next(iter(self._held)))
                self._cost -= gone
        return value
