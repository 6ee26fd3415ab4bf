"""Has orders carried out by worker processes, under limits of time and memory.

`Workers.work` takes orders (`Write`, `Close` of `generations.messages`), hands each to a process of
its own and returns what became of each, in the same order. A process that dies, runs out of memory
or exceeds its time gives an `Unfinished` that names the document it had begun. The processes are
kept by `ingest.children`, as those that read files are; what differs is here: an order has many
documents, each with its own deadline, and `generations.quarantine` decides what is tried again.
"""

import math
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import IO, Self

import msgspec

from shisaku.index.generations.messages import (
    Begun,
    Closed,
    Failed,
    Limits,
    Order,
    Ready,
    Said,
    Written,
)
from shisaku.ingest.children import Child, Children, Ended, WorkerError, status_name

_SECONDS_PER_MB = 1.0
"""Seconds for each MB that is read and written, for the work that belongs to no one document."""


class Unfinished(msgspec.Struct, frozen=True):
    """An order that was not carried out: the document at which it stopped, "" for none, and why."""

    name: str
    why: Failed


Outcome = Written | Closed | Unfinished


@dataclass(eq=False)
class _Worker(Child):
    at: int = -1
    """Index of the order that it has, -1 for none."""
    order: Order | None = None
    """The order to send once it is ready."""
    name: str = ""
    """The document that it has begun."""


class Workers:
    """Processes that carry out orders; all of them are killed when the context is left.

    `megabytes` is how much is read and written in all, which gives the time for the work that
    belongs to no one document. `log` takes what the processes print.
    """

    def __init__(
        self,
        limits: Limits,
        megabytes: float,
        log: IO[bytes] | int = subprocess.DEVNULL,
        worker: str = "shisaku.index.generations.worker:spawn_main",
    ) -> None:
        self._seconds = limits.seconds
        self._between = limits.seconds + megabytes * _SECONDS_PER_MB
        self._children = Children(_Worker, worker, [str(limits.memory_mb)], log)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._children.close()

    def work(
        self,
        orders: Sequence[Order],
        begun: Callable[[str], None] = lambda name: None,
        *,
        fresh: bool = False,
    ) -> list[Outcome]:
        """Carry out the orders, each in a process of its own; return what became of each.

        `begun` is called with the name of each document that is begun. With `fresh` each order is
        the first of its process.

        Raises:
            WorkerError: no process could be started.

        """
        found: dict[int, Outcome] = {}
        alive = self._children.alive
        for worker in [*alive] if fresh else []:
            self._children.stop(worker)
        while len(alive) < len(orders):
            self._start()
        for at, (worker, order) in enumerate(zip(alive, orders, strict=False)):
            worker.at, worker.order = at, order
            if worker.ready:
                self._give(worker)
        while len(found) < len(orders):
            for worker, event in self._children.events():
                if isinstance(event, Ended):
                    self._ended(worker, event, found)
                else:
                    said: Said = msgspec.msgpack.decode(event, type=Said)
                    self._answered(worker, said, found, begun)
        return [found[at] for at in range(len(orders))]

    def _start(self) -> None:
        try:
            self._children.start()
        except OSError as error:
            raise _no_start(error.strerror or str(error)) from error

    def _give(self, worker: _Worker) -> None:
        if worker.order is None:
            worker.deadline = math.inf
            return
        worker.tell(worker.order, self._between)
        worker.order = None

    def _answered(
        self,
        worker: _Worker,
        said: Said,
        found: dict[int, Outcome],
        begun: Callable[[str], None],
    ) -> None:
        match said:
            case Ready():
                worker.ready = True
                self._give(worker)
            case Begun(name):
                worker.name = name
                worker.expect_within(self._seconds if name else self._between)
                begun(name)
            case Failed():
                found[worker.at] = Unfinished(worker.name, said)
                self._children.stop(worker)
            case _:
                found[worker.at] = said
                worker.at = -1
                worker.name = ""
                worker.deadline = math.inf

    def _ended(self, worker: _Worker, event: Ended, found: dict[int, Outcome]) -> None:
        status = event.status
        if not worker.ready:
            late = "it did not come up in time"
            raise _no_start(late if status is None else f"it ended with status {status}")
        if worker.at >= 0:
            why = Failed("timeout", "") if status is None else Failed("crash", status_name(status))
            found[worker.at] = Unfinished(worker.name, why)


def _no_start(why: str) -> WorkerError:
    return WorkerError(
        f"No process to index in could be started: {why}.",
        "See runs/index.log in the data directory, and reinstall shisaku if it stays so.",
    )
