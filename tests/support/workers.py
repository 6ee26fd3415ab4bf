"""Stand-ins for worker processes, whose start costs more processor time than most tests.

A worker takes 0.2 to 0.3 s of processor time to import what it needs, and some 700 tests would
start one or more. Messages are encoded and decoded as on their way through a pipe. What only a
process can do (crash, hang, take all memory) is tested with real ones: a test or module with the
mark `workers` gets these, and so does one that parses with a function of its own.
"""

import subprocess
import threading
from collections.abc import Callable, Generator, Sequence
from typing import Any

import msgspec

from shisaku.index.generations import worker as index_worker
from shisaku.index.generations.messages import Failed, Order, Said
from shisaku.index.generations.workers import Unfinished
from shisaku.ingest.batch import pool
from shisaku.ingest.batch.worker import Job, Result, handle, load
from shisaku.ingest.children import end
from shisaku.ingest.words.reader import Reader


class InThisProcess:
    """Stands in for `generations.workers.Workers`; what a test patches reaches it, too."""

    def __init__(self, *_: Any) -> None:
        pass

    def __enter__(self) -> "InThisProcess":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def work(
        self,
        orders: Sequence[Order],
        begun: Callable[[str], None] = lambda name: None,
        *,
        fresh: bool = False,
    ) -> list[Any]:
        """Carry the orders out one after the other."""
        found = []
        for order in orders:
            last = ""

            def tell(name: str) -> None:
                nonlocal last
                last = name
                begun(name)

            told = msgspec.msgpack.decode(msgspec.msgpack.encode(order), type=Order)
            said = index_worker.obey(told, tell)
            said = msgspec.msgpack.decode(msgspec.msgpack.encode(said), type=Said)
            found.append(Unfinished(last, said) if isinstance(said, Failed) else said)
        return found


def parse_all(
    jobs: Sequence[Job], *, parse: str, memory_mb: int, **options: Any
) -> Generator[tuple[Job, Result], None, None]:
    """Stand in for `pool.parse_all` where the project's own parser is asked for."""
    if not parse.startswith("shisaku."):
        yield from pool.parse_all(jobs, parse=parse, memory_mb=memory_mb, **options)
        return
    function = load(parse)
    for job in sorted(jobs, key=lambda job: (-job.size, job.document_id)):
        told = msgspec.msgpack.decode(msgspec.msgpack.encode(job), type=Job)
        result = handle(told, function, memory_mb)
        yield job, msgspec.msgpack.decode(msgspec.msgpack.encode(result), type=Result)


class KeptReader(Reader):
    """A `words.reader.Reader` whose process serves the fetches of all tests, one after the other.

    A process that failed to answer is ended, as by `Reader` itself.
    """

    kept: "subprocess.Popen[bytes] | None" = None

    def _start(self) -> "subprocess.Popen[bytes]":
        if threading.current_thread() is not threading.main_thread():
            return super()._start()  # such a process ends with the thread that started it
        process = KeptReader.kept
        if process is None or process.poll() is not None:
            KeptReader.end_kept()
            KeptReader.kept = process = super()._start()
        self._process = process
        return process

    def _talk(
        self, process: "subprocess.Popen[bytes]", message: bytes, deadline: float
    ) -> bytes | None:
        found = None
        try:
            found = super()._talk(process, message, deadline)
        finally:
            if found is None and process is KeptReader.kept:
                self._process = None
                KeptReader.end_kept()
        return found

    def close(self) -> None:
        if self._process is KeptReader.kept:
            self._process = None
        super().close()

    @staticmethod
    def end_kept() -> None:
        """End the process."""
        process, KeptReader.kept = KeptReader.kept, None
        if process:
            end(process)
