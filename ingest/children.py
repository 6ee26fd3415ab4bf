"""Worker processes: start, messages over pipes, deadlines, and the end with their parent.

`Children` keeps the processes of one kind of work: it starts them, yields their messages (bytes),
and kills what passes its deadline. `ingest.batch.pool` (reading files) and
`index.generations.workers` (writing the index) decide on top of it who gets what, and what a death
means; `ingest.words.reader` keeps a single process by the functions below.

Workers are plain children with a pipe each way: killing one breaks no shared queue. When the parent
dies they see the end of their input; on Linux they are killed as well (`prctl`). The environment is
handed on by a list of names, because `$SHISAKU_PING_URL`, passwords of proxies and other secrets of
the caller must not reach a process that reads files of strangers.
"""

import contextlib
import ctypes
import math
import os
import selectors
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Generic, NamedTuple, TypeVar

import msgspec

from shisaku.ingest.disk.files import opened_to_write
from shisaku.ingest.errors import ShisakuError

START_SECONDS = 120.0
"""Seconds that a process may take to come up, on a busy machine."""
_END_SECONDS = 5.0
"""Seconds that a process may take to end once its output has ended."""
_CHUNK = 1 << 20
"""Bytes read from a pipe at a time."""

_LENGTH = struct.Struct(">I")
_SCRIPT = "import sys; from {module} import {name}; {name}(sys.argv[1:])"


class WorkerError(ShisakuError):
    """No process could be started; no file is to blame."""

    remedy = "See the logs under runs/ in the data directory, and reinstall shisaku if it stays so."


NAMES = frozenset(
    {
        "PATH", "HOME", "TMPDIR", "TZ", "LANG", "LANGUAGE", "MECABRC", "VIRTUAL_ENV", "SYSTEMROOT",
    }
)  # fmt: skip
"""Variables handed on: places of programs and temporary files, language, settings of MeCab."""
PREFIXES = ("LC_", "PYTHON", "LD_", "DYLD_", "MALLOC_")
"""Beginnings of variables handed on: locale, Python (hash seed, warnings), shared libraries,
allocator."""


# --- the parent's side: one process ------------------------------------------------------------


def environment(of: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the environment of a worker process, which imports from where this process does."""
    found = {
        name: value for name, value in of.items() if name in NAMES or name.startswith(PREFIXES)
    }
    path = [os.path.abspath(entry) for entry in sys.path]  # noqa: PTH100 - zip files, too
    return found | {"PYTHONPATH": os.pathsep.join(path)}


def start(function: str, arguments: list[str], log: IO[bytes] | int) -> subprocess.Popen[bytes]:
    """Start a process that calls `function` ("module:name") with `arguments` and its parent's id.

    `log` takes what it prints on standard error.

    Raises:
        OSError: the system starts no process.

    """
    module, _, name = function.partition(":")
    script = _SCRIPT.format(module=module, name=name)
    return subprocess.Popen(
        # -P: a directory called "ingest" where the user happens to be must not win.
        [sys.executable, "-P", "-c", script, *arguments, str(os.getpid())],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log,
        bufsize=0,
        env=environment(),
        # Ctrl-C in a terminal is for the parent, which ends this process; a process that is just
        # starting would print a traceback.
        process_group=0,
    )


@contextlib.contextmanager
def log_of(path: Path) -> Iterator[IO[bytes] | int]:
    """Open the file that takes what workers print; `subprocess.DEVNULL` where it cannot be."""
    try:
        file = opened_to_write(path)
    except OSError:
        yield subprocess.DEVNULL
        return
    with file:
        yield file


def end(process: subprocess.Popen[bytes]) -> int:
    """Kill a process and return its exit status (negative: the signal that ended it)."""
    process.kill()
    status = process.wait()
    for pipe in (process.stdin, process.stdout):
        assert pipe is not None
        pipe.close()
    return status


def status_name(status: int) -> str:
    """Return an exit status as text: "exit status 7", "SIGSEGV"."""
    if status >= 0:
        return f"exit status {status}"
    try:
        return signal.Signals(-status).name
    except ValueError:
        return f"signal {-status}"


def send(stream: IO[bytes], message: bytes) -> None:
    """Write a whole message: an unbuffered pipe may take a part of it at a time."""
    left = memoryview(message)
    while left:
        left = left[stream.write(left) or 0 :]


# --- the parent's side: several processes ------------------------------------------------------


class Ended(NamedTuple):
    """The end of a process: its exit status, None where it was killed at its deadline."""

    status: int | None


@dataclass(eq=False)
class Child:
    """A worker process; it is killed when `time.monotonic()` reaches `deadline`.

    `deadline` is infinite while nothing is expected of it. `ready` is set by the owner once it has
    come up.
    """

    process: subprocess.Popen[bytes]
    deadline: float
    ready: bool = False
    buffer: bytearray = field(default_factory=bytearray)

    @property
    def output(self) -> IO[bytes]:
        """The pipe of its messages."""
        assert self.process.stdout is not None
        return self.process.stdout

    def expect_within(self, seconds: float) -> None:
        """Set the deadline of what is expected next to `seconds` from now."""
        self.deadline = time.monotonic() + seconds

    def tell(self, message: msgspec.Struct, seconds: float) -> None:
        """Send a message; it is to answer within `seconds`.

        Nothing is raised where the process has died: `Children.events` yields its end.
        """
        assert self.process.stdin is not None
        self.expect_within(seconds)
        with contextlib.suppress(BrokenPipeError):
            send(self.process.stdin, frame(message))


C = TypeVar("C", bound=Child)


class Children(Generic[C]):
    """The running processes of one kind; `alive` holds them in the order of their starts.

    `function` ("module:name") is called in each with `arguments`; `log` takes what they print;
    `make` builds the record that the owner keeps of each, from the process and its deadline.
    """

    def __init__(
        self,
        make: Callable[[subprocess.Popen[bytes], float], C],
        function: str,
        arguments: list[str],
        log: IO[bytes] | int,
    ) -> None:
        self.alive: list[C] = []
        self._make = make
        self._function = function
        self._arguments = arguments
        self._log = log
        self._selector = selectors.DefaultSelector()

    def start(self) -> C:
        """Start a process, which has `START_SECONDS` to say that it is ready.

        Raises:
            OSError: the system starts no process.

        """
        process = start(self._function, self._arguments, self._log)
        child = self._make(process, time.monotonic() + START_SECONDS)
        os.set_blocking(child.output.fileno(), False)
        self._selector.register(child.output, selectors.EVENT_READ, child)
        self.alive.append(child)
        return child

    def stop(self, child: C) -> int:
        """Kill a process and return its exit status."""
        self.alive.remove(child)
        self._selector.unregister(child.output)
        return end(child.process)

    def close(self) -> None:
        """Kill all processes."""
        for child in [*self.alive]:
            self.stop(child)
        self._selector.close()

    def events(self) -> Iterator[tuple[C, bytes | Ended]]:
        """Wait until something happens; yield messages, and the ends of processes.

        A process whose end is yielded is no longer in `alive`. The caller may stop a process while
        it handles one of its messages; what it said after that is dropped.
        """
        soonest = min((child.deadline for child in self.alive), default=0.0)
        left = None if math.isinf(soonest) else max(0.0, soonest - time.monotonic())
        for key, _ in self._selector.select(left):
            yield from self._read(key.data)
        now = time.monotonic()
        for child in [*self.alive]:
            if now >= child.deadline and child in self.alive:
                self.stop(child)
                yield child, Ended(None)

    def _read(self, child: C) -> Iterator[tuple[C, bytes | Ended]]:
        chunk = child.output.read(_CHUNK)
        if chunk is None:
            return
        if not chunk:
            # The pipe ends a moment before the process does; killed at once it would have the
            # status of the kill in place of its own.
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.process.wait(_END_SECONDS)
            yield child, Ended(self.stop(child))
            return
        child.buffer += chunk
        while child in self.alive and (message := unframe(child.buffer)) is not None:
            yield child, message


# --- both sides --------------------------------------------------------------------------------


def frame(message: msgspec.Struct) -> bytes:
    """Return a message for a pipe: its length (4 bytes, big-endian), then MessagePack."""
    data = msgspec.msgpack.encode(message)
    return _LENGTH.pack(len(data)) + data


def unframe(buffer: bytearray) -> bytes | None:
    """Remove the first whole message from `buffer` and return it; None where there is none yet."""
    if len(buffer) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack_from(buffer)
    end_of_it = _LENGTH.size + length
    if len(buffer) < end_of_it:
        return None
    message = bytes(buffer[_LENGTH.size : end_of_it])
    del buffer[:end_of_it]
    return message


# --- the child's side --------------------------------------------------------------------------


def receive(stream: IO[bytes]) -> bytes | None:
    """Return the next message of `stream`; None at its end."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    return stream.read(_LENGTH.unpack(head)[0])


def serve_quietly(parent: int) -> IO[bytes]:
    """Make this process a worker of `parent` (process id) and return the stream of its answers.

    What libraries print goes to standard error, so that nothing gets between the messages. SIGINT
    is ignored: Ctrl-C reaches every process of a terminal at once, and the parent handles it.
    """
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        pr_set_pdeathsig = 1  # <linux/prctl.h>
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit(1)  # the parent died before prctl took effect
    return answers
