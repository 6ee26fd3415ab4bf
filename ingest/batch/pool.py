"""Parses files in worker processes, and turns their deaths and delays into problems of those files.

`parse_all` takes jobs (`ingest.batch.worker.Job`) and yields each with its `Result`, as they end.
Apart from `ingest.children`, which keeps the processes: here is which file goes to which process.
The trap: a process may die of what earlier files left in it, so a file at which a process that had
read others dies is tried once more, as the first of a new process.
"""

import math
import subprocess
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import IO

import msgspec

from shisaku.ingest import problems
from shisaku.ingest.batch.worker import Job, Result
from shisaku.ingest.children import Child, Children, Ended, WorkerError, status_name

DOCUMENTS_PER_WORKER = 100
"""Files after which a process is replaced: pdfminer does not free all the memory it takes."""
RSS_LIMIT_MB = 500
"""Peak memory of a process, in MB, above which it is replaced."""
_STARTS = 3
"""Processes in a row that do not come up before the run ends."""
_WORKER = "shisaku.ingest.batch.worker:main"


@dataclass(eq=False)
class _Worker(Child):
    job: Job | None = None
    done: int = 0


def parse_all(
    jobs: Sequence[Job],
    *,
    parse: str,
    workers: int,
    timeout: float,
    memory_mb: int,
    log: IO[bytes] | int = subprocess.DEVNULL,
) -> Generator[tuple[Job, Result], None, None]:
    """Yield each job with its result, in the order in which they end; the largest begin first.

    `parse` names the parse function as "module:name", `workers` is the number of processes,
    `timeout` is in seconds and `memory_mb` in MB, both for one file; `log` takes what the processes
    print. Closing the generator early ends all processes.

    Raises:
        WorkerError: no process comes up.
        OSError: the system starts no process.

    """
    pool = _Pool(parse, timeout, memory_mb, log)
    # A slow file that began last would keep all but one processor idle.
    pool.waiting.extend(sorted(jobs, key=lambda job: (-job.size, job.document_id)))
    try:
        while pool.waiting or pool.busy:
            pool.fill(workers)
            yield from pool.step()
    finally:
        pool.children.close()


class _Pool:
    def __init__(self, parse: str, timeout: float, memory_mb: int, log: IO[bytes] | int) -> None:
        self.timeout = timeout
        self.waiting: deque[Job] = deque()
        self.retried: set[str] = set()
        self.failed_starts = 0
        self.children = Children(_Worker, _WORKER, [parse, str(memory_mb)], log)

    @property
    def busy(self) -> bool:
        """Whether any process has a file."""
        return any(worker.job for worker in self.children.alive)

    def fill(self, workers: int) -> None:
        """Hand files to idle processes, and start as many processes as there is work for."""
        alive = self.children.alive
        for worker in [worker for worker in alive if worker.ready and not worker.job]:
            if not self.waiting:
                break
            if worker.done and self.waiting[0].document_id in self.retried:
                self.children.stop(worker)  # a second attempt must be the first file of a process
            else:
                worker.job = self.waiting.popleft()
                worker.tell(worker.job, self.timeout)
        starting = sum(1 for worker in alive if not worker.ready)
        for _ in range(min(workers - len(alive), len(self.waiting) - starting)):
            self.children.start()

    def step(self) -> Iterator[tuple[Job, Result]]:
        """Wait until something happens, and yield the jobs that have ended."""
        for worker, event in self.children.events():
            if isinstance(event, Ended):
                yield from self._ended(worker, event)
            else:
                yield from self._answered(worker, msgspec.msgpack.decode(event, type=Result))

    def _answered(self, worker: _Worker, result: Result) -> Iterator[tuple[Job, Result]]:
        job, worker.job = worker.job, None
        worker.deadline = math.inf
        if job is None:
            worker.ready = True
            self.failed_starts = 0
            return
        if result.out_of_memory and self._try_again(worker, job):
            self.children.stop(worker)
            return
        worker.done += 1
        used_up = worker.done >= DOCUMENTS_PER_WORKER or result.rss_mb > RSS_LIMIT_MB
        if used_up or result.out_of_memory:
            self.children.stop(worker)
        yield job, result

    def _ended(self, worker: _Worker, event: Ended) -> Iterator[tuple[Job, Result]]:
        job, status = worker.job, event.status
        if job is None:
            if not worker.ready:
                late = "it did not come up in time"
                self._count_failed_start(
                    late if status is None else f"it ended with status {status}"
                )
        elif status is None:
            yield job, Result(problems=(problems.timeout(self.timeout),))
        elif not self._try_again(worker, job):
            yield job, Result(problems=(problems.crashed(status_name(status)),))

    def _try_again(self, worker: _Worker, job: Job) -> bool:
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
