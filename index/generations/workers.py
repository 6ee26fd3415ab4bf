"""Keeps the processes that write an index, and stops those that take too much time.

`Workers.work` hands each order to a process of its own and waits for all of them. A process that
dies, hangs at a document or runs out of memory becomes a `Unfinished` that names the document.
"""

import contextlib
import os
import selectors
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
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
from shisaku.ingest.children import (
    START_SECONDS,
    WorkerError,
    end,
    frame,
    send,
    start,
    status_name,
    unframe,
)

_SECONDS_PER_MB = 1.0
"""What the work that belongs to no document may take for each MB of what is read and written."""


class Unfinished(msgspec.Struct, frozen=True):
    """An order that was not carried out: the document at which it stopped, "" for none, and why."""

    name: str
    why: Failed


@dataclass
class _Worker:
    process: subprocess.Popen[bytes]
    deadline: float
    buffer: bytearray = field(default_factory=bytearray)
    ready: bool = False
    at: int = -1
    """Which order it has, -1 for none."""
    order: Order | None = None
    """What it is told once it is ready."""
    name: str = ""
    """The document that it has begun."""

    @property
    def output(self) -> IO[bytes]:
        assert self.process.stdout is not None
        return self.process.stdout


class Workers:
    """Processes that serve orders; all of them end when the context is left.

    `megabytes` is how much is read and written in all, from which follows how long the work that
    belongs to no document may take. `log` takes what the processes print.
    """

    def __init__(
        self,
        limits: Limits,
        megabytes: float,
        log: IO[bytes] | int = subprocess.DEVNULL,
        worker: str = "shisaku.index.generations.worker:spawn_main",
    ) -> None:
        self._limits = limits
        self._between = limits.seconds + megabytes * _SECONDS_PER_MB
        self._log = log
        self._function = worker
        self._alive: list[_Worker] = []
        self._selector = selectors.DefaultSelector()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in [*self._alive]:
            self._drop(worker)
        self._selector.close()

    def work(
        self,
        orders: Sequence[Order],
        begun: Callable[[str], None] = lambda name: None,
        *,
        fresh: bool = False,
    ) -> list[Written | Closed | Unfinished]:
        """Carry out the orders, each in a process of its own; return what became of each.

        `begun` is called with the name of each document that is begun. With `fresh` none of the
        processes has done anything before.

        Raises:
            WorkerError: no process could be started.

        """
        found: dict[int, Written | Closed | Unfinished] = {}
        for worker in [*self._alive] if fresh else []:
            self._drop(worker)
        while len(self._alive) < len(orders):
            self._start()
        for at, (worker, order) in enumerate(zip(self._alive, orders, strict=False)):
            worker.at, worker.order = at, order
            if worker.ready:
                self._give(worker)
        while len(found) < len(orders):
            self._wait(found, begun)
        return [found[at] for at in range(len(orders))]

    def _start(self) -> None:
        try:
            process = start(self._function, [str(self._limits.memory_mb)], self._log)
        except OSError as error:
            raise self._no_start(error.strerror or str(error)) from error
        worker = _Worker(process, time.monotonic() + START_SECONDS)
        os.set_blocking(worker.output.fileno(), False)
        self._selector.register(worker.output, selectors.EVENT_READ, worker)
        self._alive.append(worker)

    def _give(self, worker: _Worker) -> None:
        assert worker.process.stdin is not None
        assert worker.order is not None
        worker.deadline = time.monotonic() + self._between
        with contextlib.suppress(BrokenPipeError):  # its end is seen at the other pipe
            send(worker.process.stdin, frame(worker.order))
        worker.order = None

    def _drop(self, worker: _Worker) -> int:
        self._alive.remove(worker)
        self._selector.unregister(worker.output)
        return end(worker.process)

    def _wait(
        self, found: dict[int, Written | Closed | Unfinished], begun: Callable[[str], None]
    ) -> None:
        """Wait until something happens, and note in `found` what has ended."""
        busy = [worker for worker in self._alive if worker.at >= 0]
        soonest = min(worker.deadline for worker in busy)
        for key, _ in self._selector.select(max(0.0, soonest - time.monotonic())):
            self._read(key.data, found, begun)
        now = time.monotonic()
        for worker in busy:
            if worker.at >= 0 and now >= worker.deadline and worker in self._alive:
                self._drop(worker)
                if not worker.ready:
                    raise self._no_start("it did not come up in time")
                found[worker.at] = Unfinished(worker.name, Failed("timeout", ""))

    def _read(
        self,
        worker: _Worker,
        found: dict[int, Written | Closed | Unfinished],
        begun: Callable[[str], None],
    ) -> None:
        chunk = worker.output.read(1 << 20)
        if chunk is None:
            return
        if not chunk:
            self._died(worker, found)
            return
        worker.buffer += chunk
        while (message := unframe(worker.buffer)) is not None:
            said: Said = msgspec.msgpack.decode(message, type=Said)
            match said:
                case Ready():
                    worker.ready = True
                    self._give(worker)
                case Begun(name):
                    worker.name = name
                    allowed = self._limits.seconds if name else self._between
                    worker.deadline = time.monotonic() + allowed
                    begun(name)
                case Failed():
                    found[worker.at] = Unfinished(worker.name, said)
                    self._drop(worker)
                    return
                case _:
                    found[worker.at] = said
                    worker.at = -1
                    worker.name = ""

    def _died(self, worker: _Worker, found: dict[int, Written | Closed | Unfinished]) -> None:
        # The pipe ends a moment before the process does; killed at once it would not tell why.
        with contextlib.suppress(subprocess.TimeoutExpired):
            worker.process.wait(5)
        status = self._drop(worker)
        if not worker.ready:
            raise self._no_start(f"it ended with status {status}")
        if worker.at >= 0:
            found[worker.at] = Unfinished(worker.name, Failed("crash", status_name(status)))

    def _no_start(self, why: str) -> WorkerError:
        return WorkerError(
            f"No process to index in could be started: {why}.",
            "See runs/index.log in the data directory, and reinstall shisaku if it stays so.",
        )
