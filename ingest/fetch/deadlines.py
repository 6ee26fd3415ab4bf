"""The limits of time (seconds) and size (bytes) of a run and of each of its sources.

`RunBudget.share` gives each source a `Budget`, which raises `Stopped` when it is used up. Every
source gets an even share of what is left, so that one that hangs, sends slowly or has endless links
does not keep the others from being fetched; what it does not use goes to those after it.
"""

from dataclasses import dataclass
from typing import Protocol

MINUTES = 240.0
"""For a whole run: started at 3:00, it is over by 7:00."""
MEGABYTES = 20_000.0
"""MB (10^6 bytes) for a whole run: about a hundred times what a usual run receives."""


class _Clock(Protocol):
    def monotonic(self) -> float: ...


class Stopped(Exception):
    """A host, or the whole source, is asked for nothing more in this run.

    `code` and `details` are those of the problem of the source (`failures.source_problem`).
    """

    def __init__(self, code: str, *details: str, host: str = "", begun: bool = False) -> None:
        super().__init__(code, *details)
        self.code = code
        self.details = details
        self.host = host
        """The host that is stopped; "" where the whole source is."""
        self.begun = begun
        """Whether a request for the present URL had begun, so that it is last in the queue."""


@dataclass
class Budget:
    """What a source may still use: until `ends` (`time.monotonic` seconds), `size` bytes."""

    clock: _Clock
    ends: float = float("inf")
    size: float = float("inf")
    time_words: str = ""
    """Whose limit of time it is, for the message: "this source (60 minutes)"."""
    size_words: str = ""

    @property
    def seconds(self) -> float:
        """Return the seconds left, at least 0."""
        return max(0.0, self.ends - self.clock.monotonic())

    def check(self) -> None:
        """Raise `Stopped` where no time or no bytes are left."""
        if self.seconds <= 0:
            raise self.over()
        if self.size <= 0:
            raise self.full()

    def check_time(self) -> None:
        """Raise `Stopped` where no time is left for a URL that is being asked for."""
        if self.seconds <= 0:
            raise self.over(begun=True)

    def over(self, *, begun: bool = False) -> Stopped:
        """Return the exception for the end of the time."""
        return Stopped("out_of_time", self.time_words, begun=begun)

    def full(self, *, begun: bool = False) -> Stopped:
        """Return the exception for the limit of bytes."""
        return Stopped("out_of_bytes", self.size_words, begun=begun)

    def spend(self, size: int) -> None:
        """Subtract `size` received bytes."""
        self.size -= size


class RunBudget:
    """What a whole run may use, divided among its sources."""

    def __init__(self, clock: _Clock, sources: int, minutes: float, megabytes: float) -> None:
        self._clock = clock
        self._ends = clock.monotonic() + minutes * 60
        self._size = megabytes * 1e6
        self._sources = sources
        self._words = (f"{minutes:g} minutes", f"{megabytes:g} MB")

    def share(self, minutes: float, megabytes: float) -> Budget:
        """Return the budget of the next source: its own limits, or an even share if less."""
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
        """Subtract the bytes that a source used of the `given` ones."""
        self._size -= given - budget.size
