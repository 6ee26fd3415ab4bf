"""How much time and how many bytes a run and each of its sources may take.

Every source gets its share of what the run has left, so that one that hangs, trickles or links on
without an end keeps no other from being fetched. What a source leaves goes to those after it.
"""

from dataclasses import dataclass
from typing import Protocol

MINUTES = 240.0
"""For a whole run: begun at three, it is over before people come to work."""
MEGABYTES = 20_000.0
"""Millions of bytes for a whole run: some hundred times what a usual night brings."""


class _Clock(Protocol):
    def monotonic(self) -> float: ...


class Stopped(Exception):
    """Nothing more is asked, of a host or of the whole source, in this run.

    `code` and `details` make the problem of the source: see ingest/fetch/failures.py.
    """

    def __init__(self, code: str, *details: str, host: str = "", begun: bool = False) -> None:
        super().__init__(code, *details)
        self.code = code
        self.details = details
        self.host = host
        """The host that is left alone; "" where the whole source is over."""
        self.begun = begun
        """Whether the address at hand was being asked for, so that it is its turn last."""


@dataclass
class Budget:
    """What one source may still take; `ends` in seconds of the monotonic clock, `size` in bytes."""

    clock: _Clock
    ends: float = float("inf")
    size: float = float("inf")
    time_words: str = ""
    """Whose time it is and how much: "this source (60 minutes)"."""
    size_words: str = ""

    @property
    def seconds(self) -> float:
        """Return the seconds that are left, at least 0."""
        return max(0.0, self.ends - self.clock.monotonic())

    def check(self) -> None:
        """Raise `Stopped` where nothing is left."""
        if self.seconds <= 0:
            raise self.over()
        if self.size <= 0:
            raise self.full()

    def check_time(self) -> None:
        """Raise `Stopped` where no time is left for an address that was asked for."""
        if self.seconds <= 0:
            raise self.over(begun=True)

    def over(self, *, begun: bool = False) -> Stopped:
        """Return what is to be raised when the time has ended."""
        return Stopped("out_of_time", self.time_words, begun=begun)

    def full(self, *, begun: bool = False) -> Stopped:
        """Return what is to be raised when the bytes have come to an end."""
        return Stopped("out_of_bytes", self.size_words, begun=begun)

    def spend(self, size: int) -> None:
        """Note bytes that were received."""
        self.size -= size


class RunBudget:
    """What a run may take, parted among its sources."""

    def __init__(self, clock: _Clock, sources: int, minutes: float, megabytes: float) -> None:
        self._clock = clock
        self._ends = clock.monotonic() + minutes * 60
        self._size = megabytes * 1e6
        self._sources = sources
        self._words = (f"{minutes:g} minutes", f"{megabytes:g} MB")

    def share(self, minutes: float, megabytes: float) -> Budget:
        """Return the next source its own limit or its even share of what is left, if that is less."""
        now = self._clock.monotonic()
        seconds = max(0.0, self._ends - now) / max(1, self._sources)
        size = max(0.0, self._size) / max(1, self._sources)
        self._sources -= 1
        shared = "its share of the run's {}"
        return Budget(
            self._clock,
            now + min(minutes * 60, seconds),
            min(megabytes * 1e6, size),
            f"{minutes:g} minutes" if minutes * 60 <= seconds else shared.format(self._words[0]),
            f"{megabytes:g} MB" if megabytes * 1e6 <= size else shared.format(self._words[1]),
        )

    def settle(self, given: float, budget: Budget) -> None:
        """Take the bytes off that a source received, of the `given` ones."""
        self._size -= given - budget.size
