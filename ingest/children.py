"""Worker processes: how one is started, speaks over its pipes, and ends with its parent.

Both sides of parsed/ use them: what reads raw files and what writes the index. They are plain
children that speak over pipes: killing one breaks no shared queue, and when the parent dies in
whatever way they see the end of their input, and on Linux are killed, too.

`$SHISAKU_PING_URL`, passwords of proxies and whatever else the caller's environment holds are none
of a worker's business, so variables are handed on by a list of names.
"""

import contextlib
import ctypes
import os
import signal
import struct
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO

import msgspec

from shisaku.ingest.disk.files import opened_to_write
from shisaku.ingest.errors import ShisakuError

START_SECONDS = 120.0
"""How long a process may take to come up on a busy machine."""

_LENGTH = struct.Struct(">I")
_SCRIPT = "import sys; from {module} import {name}; {name}(sys.argv[1:])"


class WorkerError(ShisakuError):
    """No process could be started: nothing to do with any file."""

    remedy = "See the logs under runs/ in the data directory, and reinstall shisaku if it stays so."


NAMES = frozenset(
    {
        "PATH", "HOME", "TMPDIR", "TZ", "LANG", "LANGUAGE", "MECABRC", "VIRTUAL_ENV", "SYSTEMROOT",
    }
)  # fmt: skip
"""Where programs and temporary files are, in which language the system speaks, MeCab's settings."""
PREFIXES = ("LC_", "PYTHON", "LD_", "DYLD_", "MALLOC_")
"""Of the locale, of Python (hash seed, warnings), of shared libraries, of the allocator."""


# --- the parent's side -------------------------------------------------------------------------


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
        # Ctrl-C in a terminal is for the parent, which ends this process; a traceback of a process
        # that was just starting would help nobody.
        process_group=0,
    )


@contextlib.contextmanager
def log_of(path: Path) -> Iterator[IO[bytes] | int]:
    """Open the file that takes what workers print; where that is impossible nothing is kept."""
    try:
        file = opened_to_write(path)
    except OSError:
        yield subprocess.DEVNULL
        return
    with file:
        yield file


def end(process: subprocess.Popen[bytes]) -> int:
    """Kill a process and return its exit status."""
    process.kill()
    status = process.wait()
    for pipe in (process.stdin, process.stdout):
        assert pipe is not None
        pipe.close()
    return status


def status_name(status: int) -> str:
    """Return how an exit status reads: the signal that ended a process, or the number."""
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


# --- both sides --------------------------------------------------------------------------------


def frame(message: msgspec.Struct) -> bytes:
    """Return a message as it goes through a pipe: its length in four bytes, then its bytes."""
    data = msgspec.msgpack.encode(message)
    return _LENGTH.pack(len(data)) + data


def unframe(buffer: bytearray) -> bytes | None:
    """Take the first whole message out of `buffer`; None where there is none yet."""
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
    """Make this process a worker of `parent` and return the stream of its answers.

    What libraries print goes to standard error, so that nothing gets between the messages. SIGINT
    is left to the parent: Ctrl-C reaches every process of a terminal at once.
    """
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        pr_set_pdeathsig = 1  # <linux/prctl.h>
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit(1)  # it died before we could ask
    return answers
