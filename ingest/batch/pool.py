"""Keeps worker processes busy with files and turns their deaths into problems of those files."""

import contextlib
import os
import selectors
import subprocess
import time
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from typing import IO

import msgspec

from shisaku.ingest import problems
from shisaku.ingest.batch.worker import Job, Result
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

DOCUMENTS_PER_WORKER = 100
"""pdfminer never gives back some of what it took: a fresh process is cheaper now and then."""
RSS_LIMIT_MB = 500
_STARTS = 3


@dataclass
class _Worker:
    process: subprocess.Popen[bytes]
    deadline: float
    buffer: bytearray = field(default_factory=bytearray)
    ready: bool = False
    job: Job | None = None
    done: int = 0

    @property
    def output(self) -> IO[bytes]:
        assert self.process.stdout is not None
        return self.process.stdout

    def give(self, job: Job, timeout: float) -> None:
        """Hand over a file."""
        assert self.process.stdin is not None
        self.job = job
        self.deadline = time.monotonic() + timeout
        with contextlib.suppress(BrokenPipeError):  # its end is seen at the other pipe
            send(self.process.stdin, frame(job))


def parse_all(
    jobs: Sequence[Job],
    *,
    parse: str,
    workers: int,
    timeout: float,
    memory_mb: int,
    log: IO[bytes] | int = subprocess.DEVNULL,
) -> Generator[tuple[Job, Result], None, None]:
    """Yield what became of each job, in the order in which they end; the largest begin first.

    `parse` names the parse function as "module:name", `timeout` is in seconds for one file, and
    `log` takes what the processes print. Leaving the iterator early ends all processes.
    """
    pool = _Pool(parse, timeout, memory_mb, log)
    # One slow file that begins last would keep all but one processor idle.
    pool.waiting.extend(sorted(jobs, key=lambda job: (-job.size, job.document_id)))
    try:
        while pool.waiting or pool.busy:
            pool.fill(workers)
            yield from pool.step()
    finally:
        pool.close()


@dataclass
class _Pool:
    parse: str
    timeout: float
    memory_mb: int
    log: IO[bytes] | int
    waiting: deque[Job] = field(default_factory=deque)
    alive: list[_Worker] = field(default_factory=list)
    retried: set[str] = field(default_factory=set)
    failed_starts: int = 0
    selector: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)

    @property
    def busy(self) -> bool:
        """Whether any process has a file."""
        return any(worker.job for worker in self.alive)

    def fill(self, workers: int) -> None:
        """Give files to idle processes, and start as many as there is work for."""
        for worker in [worker for worker in self.alive if worker.ready and not worker.job]:
            if not self.waiting:
                break
            if worker.done and self.waiting[0].document_id in self.retried:
                self._drop(worker)  # a second chance is only one in a process of its own
            else:
                worker.give(self.waiting.popleft(), self.timeout)
        starting = sum(1 for worker in self.alive if not worker.ready)
        for _ in range(min(workers - len(self.alive), len(self.waiting) - starting)):
            self._start()

    def step(self) -> Iterator[tuple[Job, Result]]:
        """Wait until something happens, and yield what has ended."""
        soonest = min(
            (worker.deadline for worker in self.alive if worker.job or not worker.ready),
            default=time.monotonic(),
        )
        events = self.selector.select(max(0.0, soonest - time.monotonic()))
        for key, _ in events:
            yield from self._read(key.data)
        now = time.monotonic()
        for worker in [*self.alive]:
            if now >= worker.deadline and (worker.job or not worker.ready):
                job = worker.job
                self._drop(worker)
                if job is None:
                    self._count_failed_start("it did not come up in time")
                else:
                    yield job, Result(problems=(problems.timeout(self.timeout),))

    def close(self) -> None:
        """End all processes."""
        for worker in [*self.alive]:
            self._drop(worker)
        self.selector.close()

    def _start(self) -> None:
        process = start(
            "shisaku.ingest.batch.worker:main", [self.parse, str(self.memory_mb)], self.log
        )
        worker = _Worker(process, time.monotonic() + START_SECONDS)
        os.set_blocking(worker.output.fileno(), False)
        self.selector.register(worker.output, selectors.EVENT_READ, worker)
        self.alive.append(worker)

    def _drop(self, worker: _Worker) -> int:
        self.alive.remove(worker)
        self.selector.unregister(worker.output)
        return end(worker.process)

    def _read(self, worker: _Worker) -> Iterator[tuple[Job, Result]]:
        chunk = worker.output.read(1 << 20)
        if chunk is None:
            return
        if not chunk:
            yield from self._died(worker)
            return
        worker.buffer += chunk
        while (message := unframe(worker.buffer)) is not None:
            result = msgspec.msgpack.decode(message, type=Result)
            job, worker.job = worker.job, None
            if job is None:
                worker.ready = True
                self.failed_starts = 0
                continue
            if result.out_of_memory and self._again(worker, job):
                self._drop(worker)
                return
            worker.done += 1
            tired = worker.done >= DOCUMENTS_PER_WORKER or result.rss_mb > RSS_LIMIT_MB
            if tired or result.out_of_memory:
                self._drop(worker)
            yield job, result

    def _died(self, worker: _Worker) -> Iterator[tuple[Job, Result]]:
        # The pipe ends a moment before the process does; killed at once it would not tell why.
        with contextlib.suppress(subprocess.TimeoutExpired):
            worker.process.wait(5)
        status = self._drop(worker)
        if worker.job is None:
            if not worker.ready:
                self._count_failed_start(f"it ended with status {status}")
        elif not self._again(worker, worker.job):
            yield worker.job, Result(problems=(problems.crashed(status_name(status)),))

    def _again(self, worker: _Worker, job: Job) -> bool:
        """Queue a file once more if what earlier files left in the process may be to blame."""
        if worker.done == 0 or job.document_id in self.retried:
            return False
        self.retried.add(job.document_id)
        self.waiting.appendleft(job)
        return True

    def _count_failed_start(self, detail: str) -> None:
        self.failed_starts += 1
        if self.failed_starts >= _STARTS:
            raise WorkerError(f"No process to read files in could be started: {detail}.")
