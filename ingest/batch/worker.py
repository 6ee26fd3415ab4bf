"""Parses files in processes of their own, so that no file can take the others with it.

A file at which the parser crashes, runs out of memory or out of time is a `Problem` of that file.
The processes are plain children that speak over pipes: killing one breaks no shared queue, and
when the parent dies in whatever way they see the end of their input and die too.
"""

import contextlib
import hashlib
import importlib
import os
import resource
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import IO

import msgspec
from msgspec.structs import replace

from shisaku.ingest import problems
from shisaku.ingest.children import frame, receive, serve_quietly
from shisaku.ingest.garbage import seldom_collected
from shisaku.ingest.model import Document, Origin, Problem, Source
from shisaku.ingest.parsed import store
from shisaku.ingest.parsed.origin import with_origin

ParseFunction = Callable[[Path, str, tuple[Source, ...], str], Document]


class Job(msgspec.Struct, frozen=True):
    """A file to parse; `parser` is what the document will bear as its versions."""

    path: bytes
    """As the system has it: above DIR a directory may have a name that is no UTF-8."""
    document_id: str
    sources: tuple[Source, ...]
    sha256: str
    parser: dict[str, str]
    size: int = 0
    origin: Origin | None = None


class Result(msgspec.Struct, frozen=True):
    """What became of a job: the document's JSON, or the problems that kept it from being read."""

    data: bytes = b""
    problems: tuple[Problem, ...] = ()
    rss_mb: int = 0
    out_of_memory: bool = False

    @property
    def failed(self) -> bool:
        """Whether the file could not be read."""
        return any(problem.failed for problem in self.problems)


def load(spec: str) -> ParseFunction:
    """Return the function that "module:name" names."""
    module, _, name = spec.partition(":")
    function: ParseFunction = getattr(importlib.import_module(module), name)
    return function


@seldom_collected()
def handle(job: Job, parse: ParseFunction, memory_mb: int) -> Result:
    """Parse one file; whatever happens becomes a problem of it."""
    try:
        problem = None
        path = Path(os.fsdecode(job.path))
        if _sha256(path) != job.sha256:
            problem = problems.changed_meanwhile()
        else:
            document = parse(path, job.document_id, job.sources, job.sha256)
            document = with_origin(document, job.origin)
            failed = tuple(item for item in document.problems if item.failed)
            data = b"" if failed else store.encode(replace(document, parser=job.parser))
            return Result(data, document.problems, _rss_mb())
    except problems.UnreadableError as error:
        problem = error.problem
    except MemoryError:
        return Result(problems=(problems.out_of_memory(memory_mb),), out_of_memory=True)
    except OSError as error:
        problem = problems.unreadable_file(error.strerror or str(error))
    except Exception as error:
        print(f"--- {job.document_id}", file=sys.stderr)
        traceback.print_exc()
        problem = problems.internal(error)
    return Result(problems=(problem,), rss_mb=_rss_mb())


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _rss_mb() -> int:
    """Return the most memory that this process has held, in MB.

    The trap: `ru_maxrss` of a new process begins at what its parent held when it was started.
    """
    with contextlib.suppress(OSError, ValueError, StopIteration):
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
        peak = next(line for line in lines if line.startswith("VmHWM:"))
        return int(peak.split()[1]) >> 10
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most // (1 << 20 if sys.platform == "darwin" else 1 << 10)


def main(arguments: list[str]) -> None:
    """Serve jobs from standard input until it ends; the life of a worker process."""
    spec, memory, parent = arguments
    answers = serve_quietly(int(parent))
    parse = load(spec)
    memory_mb = int(memory)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(ValueError, OSError):  # macOS refuses; there the system decides
        resource.setrlimit(resource.RLIMIT_AS, (memory_mb << 20, memory_mb << 20))
    _send(answers, Result())  # ready
    while (message := receive(sys.stdin.buffer)) is not None:
        result = handle(msgspec.msgpack.decode(message, type=Job), parse, memory_mb)
        _send(answers, result)
        if result.out_of_memory:
            return  # whatever was half allocated is no ground to build on


def _send(stream: IO[bytes], result: Result) -> None:
    stream.write(frame(result))
    stream.flush()
