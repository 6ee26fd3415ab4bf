"""The worker process that parses files: `Job`s on standard input, `Result`s on standard output.

Parsing runs in a separate process under a limit of memory (RLIMIT_AS), so that a file at which the
parser crashes or runs out of memory fails alone. `ingest.batch.pool` starts, feeds and replaces
these processes; `ingest.children` has the pipes.
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
from shisaku.ingest.model import Document, Origin, Problem, Source
from shisaku.ingest.parsed import store
from shisaku.ingest.parsed.origin import with_origin

ParseFunction = Callable[[Path, str, tuple[Source, ...], str], Document]


class Job(msgspec.Struct, frozen=True):
    """A file to parse; `parser` are the versions that are stored in the document."""

    path: bytes
    """Bytes, because a directory may have a name that is not UTF-8."""
    document_id: str
    sources: tuple[Source, ...]
    sha256: str
    parser: dict[str, str]
    size: int = 0
    origin: Origin | None = None


class Result(msgspec.Struct, frozen=True):
    """The result of a job: the JSON of the document, or problems; peak memory in MB."""

    data: bytes = b""
    problems: tuple[Problem, ...] = ()
    rss_mb: int = 0
    out_of_memory: bool = False

    @property
    def failed(self) -> bool:
        """Whether the file could not be read."""
        return any(problem.failed for problem in self.problems)


def load(spec: str) -> ParseFunction:
    """Return the function named by "module:name"."""
    module, _, name = spec.partition(":")
    function: ParseFunction = getattr(importlib.import_module(module), name)
    return function


def handle(job: Job, parse: ParseFunction, memory_mb: int) -> Result:
    """Parse one file and return the result; every exception becomes a problem of the file."""
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
    """Return the peak memory of this process in MB.

    The trap: `ru_maxrss` of a new process begins with the memory of its parent at the start.
    """
    with contextlib.suppress(OSError, ValueError, StopIteration):
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
        peak = next(line for line in lines if line.startswith("VmHWM:"))
        return int(peak.split()[1]) >> 10
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most // (1 << 20 if sys.platform == "darwin" else 1 << 10)


def main(arguments: list[str]) -> None:
    """Serve jobs until standard input ends; `arguments`: parse function, MB, id of the parent."""
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
            return  # the state of the process is undefined


def _send(stream: IO[bytes], result: Result) -> None:
    stream.write(frame(result))
    stream.flush()
